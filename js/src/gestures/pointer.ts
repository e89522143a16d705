/** Turns pointer events on the surface into one gesture at a time, and into clicks where nothing moved. */
import { listen } from "../drawing/dom";
import { distance } from "../drawing/geometry";
import type { Hit } from "../drawing/state";
import { nameNewNode } from "./add";
import type { Bench, Gesture, Pointer } from "./bench";
import { dragNodes } from "./drag_nodes";
import { drawFlow } from "./draw_flow";
import { moveLane, renameLane, resizeLane } from "./lanes";
import { reconnect } from "./reconnect";
import { renameFlow, renameNode } from "./rename";
import { resizeFrame } from "./resize";
import { boxSelect, clickSelect } from "./select";

const CLICK_PX = 3;
const CURSORS: Record<Hit["type"], string> = {
  node: "grab",
  port: "crosshair",
  flow: "pointer",
  end: "grab",
  inside: "pointer",
  corner: "nwse-resize",
  lane: "grab",
  lane_fold: "pointer",
  lane_edge: "ns-resize",
  empty: "default",
};

interface Press {
  readonly id: number;
  readonly hit: Hit;
  readonly from: Pointer;
  gesture: Gesture | null;
  moved: boolean;
}

export interface PointerGestures {
  /** Takes back what is under way; says whether anything was. */
  cancel(): boolean;
  readonly busy: boolean;
  destroy(): void;
}

function begin(bench: Bench, hit: Hit, from: Pointer): Gesture | null {
  if (bench.isReadOnly) return from.shift ? boxSelect(bench, from) : null;
  if (hit.type === "corner") return resizeFrame(bench, hit.id, hit.corner);
  if (hit.type === "lane") return moveLane(bench, hit.name, from);
  if (hit.type === "lane_edge") return resizeLane(bench, hit.name, from);
  if (hit.type === "inside") return dragNodes(bench, hit.id, from);
  if (hit.type === "node") return dragNodes(bench, hit.id, from);
  if (hit.type === "port") return drawFlow(bench, hit.id);
  if (hit.type === "end") return reconnect(bench, hit.key, hit.end);
  return hit.type === "empty" && from.shift ? boxSelect(bench, from) : null; // without shift the map is panned
}

export function pointerGestures(bench: Bench, isPanning: () => boolean): PointerGestures {
  const { surface } = bench;
  const { element } = surface;
  let press: Press | null = null;
  let waiting: PointerEvent | null = null;
  let frame = 0;

  const pointer = (event: MouseEvent): Pointer => {
    const client = { x: event.clientX, y: event.clientY };
    const toggle = event.ctrlKey || event.metaKey;
    return { client, world: surface.toWorld(client), shift: event.shiftKey, toggle, alt: event.altKey };
  };

  const advance = (event: PointerEvent): void => {
    if (!press) {
      const hit = event.pointerType === "touch" ? null : surface.hit({ x: event.clientX, y: event.clientY });
      surface.setState({ hover: hit?.type === "empty" ? null : hit });
      const cursor = bench.isReadOnly && hit?.type === "node" ? "pointer" : CURSORS[hit?.type ?? "empty"];
      element.style.cursor = isPanning() ? "grab" : cursor;
      return;
    }
    const at = pointer(event);
    if (!press.moved) {
      if (distance(at.client, press.from.client) < CLICK_PX) return;
      press.moved = true;
      press.gesture = begin(bench, press.hit, press.from);
      if (press.gesture) element.style.cursor = press.hit.type === "port" ? "crosshair" : "grabbing";
    }
    press.gesture?.move(at);
  };

  /** Moves are taken once a frame: a fast mouse sends many more. */
  const onMove = (event: PointerEvent): void => {
    if (press && event.pointerId !== press.id) return;
    waiting = event;
    frame ||= requestAnimationFrame(flush);
  };
  const flush = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    const event = waiting;
    waiting = null;
    if (event) advance(event);
  };

  const onDown = (event: PointerEvent): void => {
    if (press) {
      cancel(); // a second finger: this is a pinch
      return;
    }
    element.focus({ preventScroll: true });
    if (event.button !== 0 || isPanning()) return;
    const from = pointer(event);
    press = { id: event.pointerId, hit: surface.hit(from.client), from, gesture: null, moved: false };
    if (press.hit.type !== "empty" || from.shift) element.setPointerCapture(event.pointerId);
  };

  const onUp = (event: PointerEvent): void => {
    if (event.pointerId !== press?.id) return;
    flush();
    const { gesture, hit, moved } = press;
    press = null;
    if (gesture) gesture.end(pointer(event));
    else if (!moved) clickSelect(bench, hit, pointer(event));
    onMove(event);
  };

  const cancel = (): boolean => {
    const gesture = press?.gesture;
    press = null;
    waiting = null;
    gesture?.cancel();
    return Boolean(gesture);
  };
  const onDoubleClick = (event: MouseEvent): void => {
    if (isPanning() || bench.isReadOnly) return;
    event.preventDefault();
    const at = pointer(event);
    const hit = surface.hit(at.client);
    if (hit.type === "node" || hit.type === "port") renameNode(bench, hit.id);
    else if (hit.type === "lane") renameLane(bench, hit.name);
    else if (hit.type === "flow" || hit.type === "end") renameFlow(bench, hit.key);
    else if (hit.type === "empty") nameNewNode(bench, at.world);
  };

  const unlisten = listen(element, {
    pointerdown: onDown,
    pointermove: onMove,
    pointerup: onUp,
    pointercancel(event) {
      if (event.pointerId === press?.id) cancel();
    },
    pointerleave() {
      if (!press) surface.setState({ hover: null });
    },
    dblclick: onDoubleClick,
  });

  return {
    cancel,
    get busy() {
      return press?.gesture != null;
    },
    destroy() {
      cancel();
      cancelAnimationFrame(frame);
      unlisten();
    },
  };
}
