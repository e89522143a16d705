/** Where the view looks from: an immutable transform, screen = world · k + (x, y). */
import { interpolateZoom } from "d3-interpolate";
import { clamp, type Insets, type Point, type Rect } from "./geometry";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export const IDENTITY: Camera = { x: 0, y: 0, k: 1 };
export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 4;
export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

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

/** The camera that shows all of `world` in the middle of what the insets leave free, at most at zoom `most`. */
export function fitCamera(
  world: Rect,
  width: number,
  height: number,
  insets: Insets = NO_INSETS,
  padding = 28,
  most = 1,
): Camera {
  const room = {
    width: Math.max(width - insets.left - insets.right, 40),
    height: Math.max(height - insets.top - insets.bottom, 40),
  };
  // A narrow view spends less of itself on padding.
  const pad = Math.min(padding, room.width * 0.05, room.height * 0.05);
  const k = clamp(
    Math.min((room.width - 2 * pad) / Math.max(world.width, 1), (room.height - 2 * pad) / Math.max(world.height, 1)),
    MIN_ZOOM,
    most,
  );
  return {
    x: insets.left + (room.width - world.width * k) / 2 - world.x * k,
    y: insets.top + (room.height - world.height * k) / 2 - world.y * k,
    k,
  };
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

/** A smooth flight between two cameras (van Wijk and Nuij), as a function of 0 to 1, and how long it should take. */
export function flight(
  from: Camera,
  to: Camera,
  width: number,
  height: number,
): { at: (t: number) => Camera; duration: number } {
  const view = (camera: Camera): [number, number, number] => {
    const centre = toWorld(camera, { x: width / 2, y: height / 2 });
    return [centre.x, centre.y, width / camera.k];
  };
  const path = interpolateZoom(view(from), view(to));
  const at = (t: number): Camera => {
    if (t >= 1) return to;
    const [x, y, span] = path(t);
    const k = width / span;
    return { x: width / 2 - x * k, y: height / 2 - y * k, k };
  };
  return { at, duration: clamp(path.duration * 0.6, 160, 700) };
}

/** The camera moved by less than a pixel so that text at rest lies on whole device pixels. */
export function snapped(camera: Camera, dpr: number): Camera {
  return { x: Math.round(camera.x * dpr) / dpr, y: Math.round(camera.y * dpr) / dpr, k: camera.k };
}
