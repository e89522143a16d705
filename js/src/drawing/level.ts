/** How much is shown at a zoom: far (blocks), middle (names), near (whole cards), and how type grows meanwhile. */
import { GEOMETRY } from "../generated/schema";

/** Names below this zoom are less than seven pixels high, in the largest type. */
export const READABLE_ZOOM = 0.24;

/** Labels below this zoom would be too small to read even in larger type. */
export const LABEL_ZOOM = 0.3;

export type Level = "far" | "middle" | "near";

export function levelAt(k: number): Level {
  if (k >= GEOMETRY.near_zoom) return "near";
  return k >= GEOMETRY.far_zoom ? "middle" : "far";
}

const STEPS: readonly (readonly [above: number, scale: number])[] = [
  [0.8, 1],
  [0.66, 1.15],
  [0.5, 1.3],
  [0.42, 1.45],
  [0.34, 1.65],
  [0.27, 1.9],
  [0, 2.2],
];

/** A whole card, with all that it says, is set in type up to this; in larger type there is room for its name and figure. */
export const LARGEST_WHOLE = 1.3;

/**
 * How much larger type is set than at zoom 1, so that a map that is fitted into a small room can still be read.
 * In steps, because what is wrapped and placed at one size is kept; and the same around the near threshold, where nothing
 * may jump.
 */
export function typeScale(k: number): number {
  for (const [above, scale] of STEPS) if (k >= above) return scale;
  return 1;
}
