/** The nearest place where something lies clear of all else. */
import type { Point, Rect } from "../drawing/geometry";
import { GEOMETRY } from "../generated/schema";

const STEP = GEOMETRY.grid * 4;
const RINGS = 24;
/** Room that stays between what is put down and what lies there. */
const MARGIN = GEOMETRY.grid * 2;

/** How far to shift these boxes so that each is free; no shift where all within reach is taken. */
export function clearShift(boxes: readonly Rect[], isFree: (box: Rect) => boolean): Point {
  const isClear = (shift: Point): boolean =>
    boxes.every(({ x, y, width, height }) =>
      isFree({
        x: x + shift.x - MARGIN,
        y: y + shift.y - MARGIN,
        width: width + 2 * MARGIN,
        height: height + 2 * MARGIN,
      }),
    );
  return SHIFTS.find(isClear) ?? { x: STEP, y: STEP };
}

/** Nearest first; of two that are as near the one to the right and below, where copies are looked for. */
const SHIFTS: readonly Point[] = (() => {
  const shifts: Point[] = [];
  for (let i = -RINGS; i <= RINGS; i++) for (let j = -RINGS; j <= RINGS; j++) shifts.push({ x: i * STEP, y: j * STEP });
  const away = ({ x, y }: Point): number => Math.hypot(x, y) - (x + y) / 1000;
  return shifts.sort((a, b) => away(a) - away(b));
})();
