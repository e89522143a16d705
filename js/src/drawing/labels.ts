/** Where the label of a flow goes: along its curve, then beside it, wherever nothing else is. */
import { type Cubic, lengthOf, pointAt, tangentAt } from "./bezier";
import { around, type Point, type Rect } from "./geometry";

const ALONG = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];
const BESIDE = [0.5, 0.36, 0.64, 0.24, 0.76];

/** The box for a label of this size on a curve, or undefined when no place is free. `preferred` is the centre to try first. */
export function placeLabel(
  curve: Cubic,
  width: number,
  height: number,
  isFree: (box: Rect) => boolean,
  preferred?: Point,
): Rect | undefined {
  for (const at of [...(preferred ? [preferred] : []), ...ALONG.map((t) => pointAt(curve, t))]) {
    const place = around(at, width, height);
    if (isFree(place)) return place;
  }
  if (lengthOf(curve) < 24) return undefined;
  for (const t of BESIDE) {
    const at = pointAt(curve, t);
    const along = tangentAt(curve, t);
    // Just far enough that the box touches the line with its edge.
    const off = (Math.abs(along.y) * width + Math.abs(along.x) * height) / 2 + 3;
    for (const side of [-1, 1]) {
      const place = around({ x: at.x - along.y * off * side, y: at.y + along.x * off * side }, width, height);
      if (isFree(place)) return place;
    }
  }
  return undefined;
}
