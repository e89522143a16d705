/** Heat from 0 to 1 as a colour on the design's sequential scale. */
import { clamp } from "./geometry";

/** More steps than an eye tells apart, and few enough to keep a drawn halo of each. */
const STEPS = 16;
const ramps = new Map<readonly string[], readonly string[]>();

export function heatColour(heat: number, scale: readonly string[]): string {
  let ramp = ramps.get(scale);
  if (!ramp) {
    ramp = Array.from({ length: STEPS + 1 }, (_, i) => along(scale, (i / STEPS) * (scale.length - 1)));
    ramps.set(scale, ramp);
  }
  return ramp[Math.round(clamp(heat, 0, 1) * STEPS)] ?? "";
}

/** The colour at a place between two of the scale, all written as #rrggbb. */
function along(scale: readonly string[], place: number): string {
  const i = Math.floor(place);
  const from = scale[i] ?? "";
  const to = scale[i + 1] ?? from;
  const mixed = [1, 3, 5].map((at) => {
    const [a = 0, b = 0] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * (place - i));
  });
  return `rgb(${mixed.join(" ")})`;
}

/** How strongly a halo shows: a little heat is a breath, much of it cannot be missed. */
export function haloStrength(heat: number): number {
  return 0.3 + 0.6 * clamp(heat, 0, 1);
}
