/** Cubic Bézier curves: points, tangents, length, bounds, nearness. */
import { distance, type Point, type Rect } from "./geometry";

/** Start, two controls, end: x and y of each in turn. */
export type Cubic = readonly [number, number, number, number, number, number, number, number];

export function pointAt(curve: Cubic, t: number): Point {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const s = 1 - t;
  const a = s * s * s;
  const b = 3 * s * s * t;
  const c = 3 * s * t * t;
  const d = t * t * t;
  return { x: a * x0 + b * x1 + c * x2 + d * x3, y: a * y0 + b * y1 + c * y2 + d * y3 };
}

/** The direction of travel, of length 1. */
export function tangentAt(curve: Cubic, t: number): Point {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const s = 1 - t;
  const a = 3 * s * s;
  const b = 6 * s * t;
  const c = 3 * t * t;
  const x = a * (x1 - x0) + b * (x2 - x1) + c * (x3 - x2);
  const y = a * (y1 - y0) + b * (y2 - y1) + c * (y3 - y2);
  const size = Math.hypot(x, y);
  if (size > 1e-9) return { x: x / size, y: y / size };
  const whole = Math.hypot(x3 - x0, y3 - y0);
  return whole > 1e-9 ? { x: (x3 - x0) / whole, y: (y3 - y0) / whole } : { x: 1, y: 0 };
}

/** Close to the arc length: the mean of chord and control polygon, exact for a straight line. */
export function lengthOf(curve: Cubic): number {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const polygon = Math.hypot(x1 - x0, y1 - y0) + Math.hypot(x2 - x1, y2 - y1) + Math.hypot(x3 - x2, y3 - y2);
  return (polygon + Math.hypot(x3 - x0, y3 - y0)) / 2;
}

/** The box of the control points: the curve never leaves it. */
export function hullOf(curve: Cubic): Rect {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const x = Math.min(x0, x1, x2, x3);
  const y = Math.min(y0, y1, y2, y3);
  return { x, y, width: Math.max(x0, x1, x2, x3) - x, height: Math.max(y0, y1, y2, y3) - y };
}

/** `count` - 1 points between start and end, at even steps of t. */
export function samples(curve: Cubic, count: number): Point[] {
  const points: Point[] = [];
  for (let i = 1; i < count; i++) points.push(pointAt(curve, i / count));
  return points;
}

/** How near a point comes to the curve. */
export function distanceTo(curve: Cubic, point: Point): number {
  let nearest = 0;
  let least = Infinity;
  const steps = 24;
  for (let i = 0; i <= steps; i++) {
    const d = distance(pointAt(curve, i / steps), point);
    if (d < least) {
      least = d;
      nearest = i / steps;
    }
  }
  for (let step = 0.5 / steps; step > 1e-4; step /= 2) {
    for (const t of [nearest - step, nearest + step]) {
      if (t < 0 || t > 1) continue;
      const d = distance(pointAt(curve, t), point);
      if (d < least) {
        least = d;
        nearest = t;
      }
    }
  }
  return least;
}
