/** Heat from 0 to 1 as a colour on the design's sequential scale. */
import { interpolateRgb, piecewise } from "d3-interpolate";
import { clamp } from "./geometry";

export function heatColour(heat: number, scale: readonly string[]): string {
  return ramp(scale)(clamp(heat, 0, 1));
}

const ramps = new Map<readonly string[], (t: number) => string>();

function ramp(scale: readonly string[]): (t: number) => string {
  let found = ramps.get(scale);
  if (!found) {
    const through = piecewise(interpolateRgb, [...scale]);
    // Sixteen steps are more than an eye tells apart, and few enough to keep a drawn halo of each.
    const steps = Array.from({ length: 17 }, (_, i) => through(i / 16));
    found = (t) => steps[Math.round(t * 16)] ?? through(t);
    ramps.set(scale, found);
  }
  return found;
}

/** How strongly a halo shows: a little heat is a breath, much of it cannot be missed. */
export function haloStrength(heat: number): number {
  return 0.3 + 0.6 * clamp(heat, 0, 1);
}
