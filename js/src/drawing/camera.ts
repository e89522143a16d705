/** Where the view looks from: an immutable transform, screen = world · k + (x, y). */
import { centreOf, clamp, distance, type Insets, overlaps, type Point, type Rect } from "./geometry";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export const IDENTITY: Camera = { x: 0, y: 0, k: 1 };
export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 4;
export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

/** The map keeps this far from what stands in a corner. */
const CLEAR = 12;

export function toWorld(camera: Camera, screen: Point): Point {
  return { x: (screen.x - camera.x) / camera.k, y: (screen.y - camera.y) / camera.k };
}

export function toScreen(camera: Camera, world: Point): Point {
  return { x: world.x * camera.k + camera.x, y: world.y * camera.k + camera.y };
}

export function rectToScreen(camera: Camera, world: Rect): Rect {
  const { x, y } = toScreen(camera, world);
  return { x, y, width: world.width * camera.k, height: world.height * camera.k };
}

/** The part of the world that a viewport of this size shows, `margin` pixels more on every side. */
export function seen(camera: Camera, width: number, height: number, margin = 0): Rect {
  const { x, y } = toWorld(camera, { x: -margin, y: -margin });
  return { x, y, width: (width + 2 * margin) / camera.k, height: (height + 2 * margin) / camera.k };
}

export function sameCamera(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.k === b.k;
}

/** The camera with another zoom that keeps the world under `screen` where it is. */
export function zoomAt(camera: Camera, k: number, screen: Point): Camera {
  const to = clamp(k, MIN_ZOOM, MAX_ZOOM);
  const world = toWorld(camera, screen);
  return { x: screen.x - world.x * to, y: screen.y - world.y * to, k: to };
}

/** What panels leave free of the view. */
export interface Room {
  /** Clear of all that stands at an edge. */
  readonly insets: Insets;
  /** Clear of what takes a whole edge; the corners may be taken by these, in pixels of the view. */
  readonly open: Insets;
  readonly corners: readonly Rect[];
}

export const WHOLE_ROOM: Room = { insets: NO_INSETS, open: NO_INSETS, corners: [] };

/** What `fitCamera` heeds beside the size of the view. */
export interface Fit {
  readonly insets?: Insets;
  /** No smaller than this: what does not fit then is cut off, but for `first`, which stays in sight. */
  readonly least?: number;
  readonly first?: Rect | undefined;
}

/** The camera that shows all of `world` in the middle of what the insets leave free, never magnified. */
export function fitCamera(world: Rect, width: number, height: number, fit: Fit = {}): Camera {
  const { insets = NO_INSETS, least = MIN_ZOOM, first = world } = fit;
  const room = {
    width: Math.max(width - insets.left - insets.right, 40),
    height: Math.max(height - insets.top - insets.bottom, 40),
  };
  // A narrow view spends less of itself on padding.
  const pad = Math.min(28, room.width * 0.05, room.height * 0.05);
  const fitting = Math.min(
    (room.width - 2 * pad) / Math.max(world.width, 1),
    (room.height - 2 * pad) / Math.max(world.height, 1),
  );
  const k = clamp(fitting, least, 1);
  const shift = (from: number, size: number, low: number, whole: number, middle: number): number =>
    whole * k <= size
      ? from + (size - whole * k) / 2 - low * k
      : clamp(from + size / 2 - middle * k, from + size - pad - (low + whole) * k, from + pad - low * k);
  const { x, y } = centreOf(first);
  return {
    x: shift(insets.left, room.width, world.x, world.width, x),
    y: shift(insets.top, room.height, world.y, world.height, y),
    k,
  };
}

/**
 * The camera that shows all of `world` as large as it can be without lying under what stands in a corner: over it, or beside
 * it, or past it where the map is not that high or wide.
 */
export function fitBesideCorners(
  world: Rect,
  width: number,
  height: number,
  room: Room,
  fit: Omit<Fit, "insets"> = {},
): Camera {
  let rooms: readonly Insets[] = [room.open];
  for (const corner of room.corners) {
    const isLeft = corner.x + corner.width / 2 < width / 2;
    rooms = rooms.flatMap((insets) => [
      insets,
      { ...insets, bottom: Math.max(insets.bottom, height - corner.y + CLEAR) },
      isLeft
        ? { ...insets, left: Math.max(insets.left, corner.x + corner.width + CLEAR) }
        : { ...insets, right: Math.max(insets.right, width - corner.x + CLEAR) },
    ]);
  }
  const [first, ...others] = rooms
    .map((insets) => fitCamera(world, width, height, { ...fit, insets }))
    .filter((camera) => !room.corners.some((corner) => overlaps(rectToScreen(camera, world), corner)));
  if (!first) return fitCamera(world, width, height, { ...fit, insets: room.insets });
  // It leaves the middle only for a map that is really larger.
  return others.reduce((best, camera) => (camera.k > 1.02 * best.k ? camera : best), first);
}

/** The least move of the camera that brings `world` into the free part of the view; the same camera if it is there. */
export function revealCamera(
  camera: Camera,
  world: Rect,
  width: number,
  height: number,
  insets: Insets = NO_INSETS,
): Camera {
  const pad = 24;
  const box = rectToScreen(camera, world);
  const shift = (low: number, size: number, from: number, to: number): number => {
    if (size > to - from) return (from + to) / 2 - (low + size / 2);
    if (low < from) return from - low;
    return low + size > to ? to - low - size : 0;
  };
  const dx = shift(box.x, box.width, insets.left + pad, width - insets.right - pad);
  const dy = shift(box.y, box.height, insets.top + pad, height - insets.bottom - pad);
  return dx === 0 && dy === 0 ? camera : { x: camera.x + dx, y: camera.y + dy, k: camera.k };
}

/**
 * A smooth flight between two cameras, as a function of 0 to 1, and how long it should take: out as far, on, and in again
 * as it takes for the ground to pass at one speed (van Wijk and Nuij, "Smooth and efficient zooming and panning", 2003).
 */
export function flight(
  from: Camera,
  to: Camera,
  width: number,
  height: number,
): { at: (t: number) => Camera; duration: number } {
  const middle = { x: width / 2, y: height / 2 };
  const [a, b] = [toWorld(from, middle), toWorld(to, middle)];
  const [w0, w1] = [width / from.k, width / to.k];
  const d = Math.max(distance(a, b), w0 / 1000); // on one spot the formula would divide by nothing
  const bend = (w: number, sign: number): number => -Math.asinh((w1 * w1 - w0 * w0 + sign * 4 * d * d) / (4 * w * d));
  const r0 = bend(w0, 1);
  const length = (bend(w1, -1) - r0) / Math.SQRT2;
  const at = (t: number): Camera => {
    if (t >= 1) return to;
    const r = r0 + t * length * Math.SQRT2;
    const share = (w0 / (2 * d)) * (Math.cosh(r0) * Math.tanh(r) - Math.sinh(r0));
    const k = (width / w0) * (Math.cosh(r) / Math.cosh(r0));
    return { x: middle.x - (a.x + share * (b.x - a.x)) * k, y: middle.y - (a.y + share * (b.y - a.y)) * k, k };
  };
  return { at, duration: clamp(length * 600, 160, 700) };
}

/** The camera moved by less than a pixel so that text at rest lies on whole device pixels. */
export function snapped(camera: Camera, dpr: number): Camera {
  return { x: Math.round(camera.x * dpr) / dpr, y: Math.round(camera.y * dpr) / dpr, k: camera.k };
}
