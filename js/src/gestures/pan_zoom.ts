/**
 * Moves the camera: drag on the empty canvas, wheel at the pointer, pinch with two fingers.
 *
 * Written here and not taken from d3-zoom, which brings 40 kB of selections and transitions for what the camera's own
 * arithmetic already does.
 */
import { type Camera, zoomAt } from "../drawing/camera";
import { listen } from "../drawing/dom";
import { centreOf, clamp, distance, type Point, spanning } from "../drawing/geometry";
import type { Surface } from "../drawing/surface";

/** How much one pixel of wheel zooms, and how much more the fine steps of a pinch on a touchpad. */
const WHEEL = 0.002;
const PINCH = 5;
const LINE_PX = 16;
const PAGE_PX = 400;

export interface PanZoom {
  /** While the space bar is down, a drag pans wherever it starts. */
  spaceHeld: boolean;
  zoomBy(factor: number): void;
  zoomTo(k: number): void;
  /** Ends what fingers have under way: what they do from now on is another thing. */
  letGo(): void;
  destroy(): void;
}

interface Pan {
  readonly camera: Camera;
  readonly from: Point;
}

interface Pinch {
  readonly camera: Camera;
  readonly centre: Point;
  readonly span: number;
}

export interface PanWishes {
  /** Whether the map is being worked on: if not, wheel and finger are the page's. */
  isInUse(): boolean;
  /** Whether nothing can be dragged: then the whole map is the empty canvas. */
  isReadOnly(): boolean;
  /** Whether a tool is in the hand that draws on the empty canvas. */
  isDrawing(): boolean;
}

export function panZoom(surface: Surface, { isInUse, isReadOnly, isDrawing }: PanWishes): PanZoom {
  const { element } = surface;
  const fingers = new Map<number, Point>();
  let pan: Pan | null = null;
  let pinch: Pinch | null = null;

  const inside = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = (): Point => ({ x: element.clientWidth / 2, y: element.clientHeight / 2 });
  const wants = (event: PointerEvent): boolean => {
    if (event.button === 1 || (event.button === 0 && api.spaceHeld)) return true;
    if (event.pointerType === "touch" && !isInUse()) return false;
    const isPlain = event.button === 0 && !event.shiftKey && !isDrawing();
    return isPlain && (isReadOnly() || surface.hit({ x: event.clientX, y: event.clientY }).type === "empty");
  };

  const spread = (): { centre: Point; span: number } | null => {
    const [a, b] = [...fingers.values()];
    if (!a || !b) return null;
    return { centre: centreOf(spanning(a, b)), span: Math.max(distance(a, b), 1) };
  };
  /** Where the fingers are now is where the next move counts from. */
  const grip = () => {
    const both = spread();
    const [one] = fingers.values();
    pinch = both && { camera: surface.camera, ...both };
    pan = pan && !both && one ? { camera: surface.camera, from: one } : null;
  };

  const onDown = (event: PointerEvent) => {
    const isTouch = event.pointerType === "touch";
    if (fingers.size > 0 && !isTouch) return;
    const starts = wants(event);
    if (!starts && !isTouch) return;
    fingers.set(event.pointerId, inside(event));
    if (starts) pan = { camera: surface.camera, from: inside(event) };
    if (event.button === 1) event.preventDefault(); // no scrolling by the middle button
    if (starts || fingers.size > 1) element.setPointerCapture(event.pointerId);
    grip();
  };
  const onMove = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    const at = inside(event);
    fingers.set(event.pointerId, at);
    const both = spread();
    if (pinch && both) {
      const { camera, centre, span } = pinch;
      const zoomed = zoomAt(camera, (camera.k * both.span) / span, centre);
      surface.setCamera({ ...zoomed, x: zoomed.x + both.centre.x - centre.x, y: zoomed.y + both.centre.y - centre.y });
    } else if (pan) {
      const { camera, from } = pan;
      surface.setCamera({ ...camera, x: camera.x + at.x - from.x, y: camera.y + at.y - from.y });
    }
  };
  const onEnd = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    if (!fingers.size) pan = null;
    grip();
  };

  /** A wheel over a map that is not being worked on scrolls the notebook. */
  const onWheel = (event: WheelEvent) => {
    if (!(event.ctrlKey || event.metaKey || isInUse())) return;
    event.preventDefault();
    event.stopPropagation();
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? PAGE_PX : 1;
    const pixels = clamp(event.deltaY * unit, -PAGE_PX, PAGE_PX);
    const isPinch = event.ctrlKey && Math.abs(event.deltaY) < 50;
    const k = surface.camera.k * 2 ** (-pixels * WHEEL * (isPinch ? PINCH : 1));
    surface.setCamera(zoomAt(surface.camera, k, inside(event)));
  };

  /** Two fingers are always the map's, also where the page would scroll or zoom by them. */
  const onTouch = (event: TouchEvent) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };

  const handlers = { pointerdown: onDown, pointermove: onMove, pointerup: onEnd, pointercancel: onEnd, wheel: onWheel };
  const unlisten = listen(element, { ...handlers, touchstart: onTouch, touchmove: onTouch }, { passive: false });

  const api: PanZoom = {
    spaceHeld: false,
    zoomBy: (factor) => api.zoomTo(surface.camera.k * factor),
    zoomTo: (k) => surface.setCamera(zoomAt(surface.camera, k, middle()), { animate: true }),
    letGo() {
      fingers.clear();
      pan = null;
      pinch = null;
    },
    destroy: unlisten,
  };
  return api;
}
