/** What the pointer can take hold of: ports of a card, handles on a flow's ends; with the selection's box and the lines that a drag meets. */
import { laneOf } from "../model/nesting";
import { borderPoint } from "./borders";
import { type Camera, rectToScreen, toScreen } from "./camera";
import { div, place, svg } from "./dom";
import { CORNERS, type Corner, cornerOf } from "./frames";
import { NORMALS, type Point, type Rect, SIDES, type Side, spanning } from "./geometry";
import { pathOf } from "./polygon";
import type { Scene } from "./scene";
import { type Guide, hoveredNode, type SurfaceState } from "./state";

/** Ports of a card smaller than this on the screen would cover it. */
const SMALLEST_CARD = 34;
const MOST_HANDLES = 12;
/** How far ports stand off a card for a finger, in pixels. */
const FINGER_OFF = 20;

export class Tools {
  readonly element = div("tools");
  #isEmpty = true;

  constructor(readonly scene: Scene) {
    this.element.ariaHidden = "true";
  }

  place(camera: Camera, state: SurfaceState): void {
    const marks: (HTMLElement | SVGElement)[] = [];
    const mark = (name: string, at: Point): void => {
      const element = div(name);
      const { x, y } = toScreen(camera, at);
      element.style.transform = `translate(${x}px,${y}px)`;
      marks.push(element);
    };
    const active = state.hover?.type === "port" ? state.hover : null;
    for (const { id, side, at } of ports(this.scene, camera, state))
      mark(active?.id === id && active.side === side ? "port active" : "port", at);
    for (const { at } of handles(this.scene, state)) mark("end", at);
    for (const { at, corner } of corners(this.scene, state)) mark(`corner ${corner}`, at);
    if (state.box) {
      const box = div("box");
      place(box, rectToScreen(camera, state.box));
      marks.push(box);
    }
    if (state.lasso) marks.push(svg("lasso", 1, 1, pathOf(state.lasso.map((corner) => toScreen(camera, corner)))));
    for (const guide of state.guides) marks.push(guideElement(camera, guide));
    if (this.#isEmpty && marks.length === 0) return;
    this.#isEmpty = marks.length === 0;
    this.element.classList.toggle("coarse", state.isCoarse);
    this.element.replaceChildren(...marks);
  }
}

/** A hair's breadth on a whole pixel; a gap has its two ends marked. */
function guideElement(camera: Camera, { type, from, to }: Guide): HTMLElement {
  const isUpright = from.x === to.x;
  const { x, y, width, height } = rectToScreen(camera, spanning(from, to));
  const element = div(`guide ${type} ${isUpright ? "upright" : "level"}`);
  element.style.transform = `translate(${Math.round(x)}px,${Math.round(y)}px)`;
  element.style[isUpright ? "height" : "width"] = `${Math.round(isUpright ? height : width)}px`;
  return element;
}

/** The ports that show: those of the card that is pointed at, and of a single selected one. */
export function ports(
  scene: Scene,
  camera: Camera,
  state: SurfaceState,
): { id: string; side: Side; at: Point; rect: Rect }[] {
  if (state.isReadOnly || state.dragging.size > 0 || state.draft || state.box || state.editing !== null) return [];
  const ids = new Set(state.selectedNodes.size === 1 ? state.selectedNodes : []).add(hoveredNode(state) ?? "");
  return [...ids].flatMap((id) => {
    const outline = scene.items.node(id)?.outline;
    // What stands for a folded lane is no node that a flow could lead to.
    if (laneOf(id) !== null) return [];
    if (!outline || Math.min(outline.rect.width, outline.rect.height * 1.6) * camera.k < SMALLEST_CARD) return [];
    // Under a finger they stand off the card, so that it can still be taken hold of itself.
    const off = state.isCoarse ? FINGER_OFF / camera.k : 0;
    return SIDES.map((side) => {
      const { x, y } = borderPoint(outline, side, 0);
      const at = { x: x + NORMALS[side].x * off, y: y + NORMALS[side].y * off };
      return { id, side, at, rect: outline.rect };
    });
  });
}

/** The corners of a frame that is selected alone. */
export function corners(scene: Scene, state: SurfaceState): { id: string; corner: Corner; at: Point }[] {
  if (state.dragging.size > 0 || state.draft || state.selectedNodes.size !== 1) return [];
  const [id = ""] = state.selectedNodes;
  const frame = scene.items.frames.get(id);
  return frame ? CORNERS.map((corner) => ({ id, corner, at: cornerOf(frame.outline.rect, corner) })) : [];
}

/** Both ends of the selected flows, as long as they are few. */
export function handles(scene: Scene, state: SurfaceState): { at: Point; key: string; end: "source" | "target" }[] {
  if (state.isReadOnly || state.dragging.size > 0 || state.draft || state.selectedFlows.size > MOST_HANDLES) return [];
  const found: { at: Point; key: string; end: "source" | "target" }[] = [];
  for (const key of state.selectedFlows) {
    const item = scene.items.flow(key);
    const route = item && scene.ways.route(item);
    if (!route) continue;
    // A little into the card, so that the head stays in sight.
    const tip = { x: route.tip.x + route.direction.x * 5, y: route.tip.y + route.direction.y * 5 };
    found.push({ at: route.start, key, end: "source" }, { at: tip, key, end: "target" });
  }
  return found;
}
