/**
 * Turns pointer events on the surface into one gesture at a time, and into clicks where nothing moved.
 *
 * A finger that swipes over a map that is not in use scrolls the page, as a wheel does: a map must never be a trap on the
 * way through a notebook. A tap takes it into use, two fingers always pinch; in use one finger pans and drags until
 * something else is touched. This is how maps in pages behave ("cooperative" gestures), without their overlay that asks
 * for a second finger: here the first tap, which selects, is what one would do anyway. The toolbar and the panels scroll
 * the page at any time. The stylesheet says the same by `touch-action`, which the browser reads before any event.
 */
import { listen } from "../drawing/dom";
import { distance, type Point } from "../drawing/geometry";
import type { Hit } from "../drawing/state";
import { nameNewNode } from "./add";
import type { Bench, Gesture, Pointer } from "./bench";
import { openMenu } from "./context_menu";
import { dragNodes } from "./drag_nodes";
import { drawFlow } from "./draw_flow";
import { drawGhost } from "./ghosts";
import { moveLane, renameLane, resizeLane } from "./lanes";
import { lasso } from "./lasso";
import { longPress } from "./long_press";
import { reconnect } from "./reconnect";
import { renameFlow, renameNode } from "./rename";
import { resizeFrame } from "./resize";
import { boxSelect, clickSelect } from "./select";
import { taps } from "./taps";

/** A press that moves less is a click; a finger never rests quite still. */
const CLICK_PX = 3;
const TAP_PX = 10;
const CURSORS: Record<Hit["type"], string> = {
  node: "grab",
  port: "crosshair",
  flow: "pointer",
  ghost: "pointer",
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
  readonly isTouch: boolean;
  /** A finger on a map that is not in use only taps: else it scrolls the page. */
  readonly onlyTaps: boolean;
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
  if (bench.session.tool === "lasso" || (from.shift && from.alt)) return lasso(bench, from);
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

/** What a double click, or a double tap, is for. */
function again(bench: Bench, { world, client }: Pointer): void {
  if (bench.isReadOnly) return;
  const hit = bench.surface.hit(client);
  if (hit.type === "node" || hit.type === "port") renameNode(bench, hit.id);
  else if (hit.type === "lane") renameLane(bench, hit.name);
  else if (hit.type === "flow" || hit.type === "end") renameFlow(bench, hit.key);
  else if (hit.type === "ghost") drawGhost(bench);
  else if (hit.type === "empty") nameNewNode(bench, world);
}

export function pointerGestures(bench: Bench, isInUse: () => boolean): PointerGestures {
  const { surface, session, pan } = bench;
  const { element } = surface;
  const isPanning = () => pan.spaceHeld;
  const double = taps();
  let press: Press | null = null;
  let waiting: PointerEvent | null = null;
  let frame = 0;

  const pointer = (event: MouseEvent): Pointer => {
    const client = { x: event.clientX, y: event.clientY };
    const toggle = event.ctrlKey || event.metaKey;
    return { client, world: surface.toWorld(client), shift: event.shiftKey, toggle, alt: event.altKey };
  };

  const point = (event: PointerEvent): void => {
    const hit = event.pointerType === "touch" || session.tool ? null : surface.hit(pointer(event).client);
    surface.setState({ hover: hit?.type === "empty" ? null : hit });
    const cursor = bench.isReadOnly && hit?.type === "node" ? "pointer" : CURSORS[hit?.type ?? "empty"];
    element.style.cursor = isPanning() ? "grab" : session.tool ? "crosshair" : cursor;
  };

  const advance = (event: PointerEvent): void => {
    if (!press) {
      point(event);
      return;
    }
    const at = pointer(event);
    if (!press.moved) {
      if (distance(at.client, press.from.client) < (press.isTouch ? TAP_PX : CLICK_PX)) return;
      press.moved = true;
      rest.stop();
      press.gesture = press.onlyTaps ? null : begin(bench, press.hit, press.from);
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
    const isTouch = event.pointerType === "touch";
    surface.setState({ isCoarse: isTouch });
    // A finger takes the focus when it taps; the mouse events that would follow it would take it at once.
    if (isTouch) event.preventDefault();
    else element.focus({ preventScroll: true });
    if (event.button !== 0 || isPanning()) return;
    const from = pointer(event);
    const onlyTaps = isTouch && !isInUse();
    press = {
      id: event.pointerId,
      hit: surface.hit(from.client),
      from,
      isTouch,
      onlyTaps,
      gesture: null,
      moved: false,
    };
    if (isTouch) rest.start(from.client);
    const isMine = press.hit.type !== "empty" || from.shift || session.tool !== null;
    if (isMine && !onlyTaps) element.setPointerCapture(event.pointerId);
  };

  const onUp = (event: PointerEvent): void => {
    if (event.pointerId !== press?.id) return;
    flush();
    rest.stop();
    const { gesture, hit, moved, isTouch } = press;
    press = null;
    if (gesture) gesture.end(pointer(event));
    else if (!moved) click(event, hit, isTouch);
    if (!isTouch) onMove(event);
  };

  const click = (event: PointerEvent, hit: Hit, isTouch: boolean): void => {
    const at = pointer(event);
    if (isTouch) element.focus({ preventScroll: true });
    if (isTouch && double.isSecond(at.client, event.timeStamp)) again(bench, at);
    else clickSelect(bench, hit, at);
  };

  const rest = longPress(bench.layer, (client: Point) => {
    const hit = press?.hit ?? { type: "empty" };
    cancel();
    pan.letGo();
    element.focus({ preventScroll: true });
    openMenu(bench, client, hit);
  });

  const cancel = (): boolean => {
    const gesture = press?.gesture;
    press = null;
    waiting = null;
    rest.stop();
    gesture?.cancel();
    return Boolean(gesture);
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
    dblclick(event) {
      if (isPanning() || surface.state.isCoarse) return; // of taps we have told ourselves
      event.preventDefault();
      again(bench, pointer(event));
    },
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
