/** What the pointer can take hold of: ports of a card, handles on a flow's ends, and the selection box; always of one size. */
import { borderPoint } from "./borders";
import { type Camera, rectToScreen, toScreen } from "./camera";
import { type Point, SIDES, type Side } from "./geometry";
import type { Scene } from "./scene";
import type { SurfaceState } from "./state";

/** Ports of a card smaller than this on the screen would cover it. */
const SMALLEST_CARD = 34;
const MOST_HANDLES = 12;

export class Tools {
  readonly element: HTMLElement;
  readonly #scene: Scene;
  readonly #marks: HTMLElement[] = [];
  readonly #box: HTMLElement;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.element = document.createElement("div");
    this.element.className = "tools";
    this.element.setAttribute("aria-hidden", "true");
    this.#box = document.createElement("div");
    this.#box.className = "box";
    this.#box.style.display = "none";
    this.element.append(this.#box);
  }

  place(camera: Camera, state: SurfaceState): void {
    const marks: { at: Point; name: string }[] = [];
    const active = state.hover?.type === "port" ? state.hover : null;
    for (const id of portOwners(this.#scene, camera, state)) {
      for (const side of SIDES) {
        const at = portPoint(this.#scene, id, side);
        if (at) marks.push({ at, name: active?.id === id && active.side === side ? "port active" : "port" });
      }
    }
    for (const { at } of handles(this.#scene, state)) marks.push({ at, name: "end" });
    while (this.#marks.length < marks.length) {
      const mark = document.createElement("div");
      this.#marks.push(mark);
      this.element.append(mark);
    }
    for (const [i, mark] of this.#marks.entries()) {
      const wanted = marks[i];
      mark.style.display = wanted ? "" : "none";
      if (!wanted) continue;
      const { x, y } = toScreen(camera, wanted.at);
      mark.className = wanted.name;
      mark.style.transform = `translate(${x}px,${y}px)`;
    }
    this.#box.style.display = state.box ? "" : "none";
    if (state.box) {
      const { x, y, width, height } = rectToScreen(camera, state.box);
      this.#box.style.transform = `translate(${x}px,${y}px)`;
      this.#box.style.width = `${width}px`;
      this.#box.style.height = `${height}px`;
    }
  }
}

/** The cards whose ports show: the one pointed at, and a single selected one. */
export function portOwners(scene: Scene, camera: Camera, state: SurfaceState): string[] {
  if (state.dragging.size > 0 || state.draft || state.box || state.editing !== null) return [];
  const ids = new Set<string>();
  if (state.hover?.type === "node" || state.hover?.type === "port") ids.add(state.hover.id);
  if (state.selectedNodes.size === 1) for (const id of state.selectedNodes) ids.add(id);
  return [...ids].filter((id) => {
    const rect = scene.items.node(id)?.outline.rect;
    return rect !== undefined && Math.min(rect.width, rect.height * 1.6) * camera.k >= SMALLEST_CARD;
  });
}

export function portPoint(scene: Scene, id: string, side: Side): Point | undefined {
  const item = scene.items.node(id);
  return item && borderPoint(item.outline, side, 0);
}

/** Both ends of the selected flows, as long as they are few. */
export function handles(scene: Scene, state: SurfaceState): { at: Point; key: string; end: "source" | "target" }[] {
  if (state.dragging.size > 0 || state.draft || state.selectedFlows.size > MOST_HANDLES) return [];
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
