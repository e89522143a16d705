/** Tells two taps of a finger in one place from two that have nothing to do with each other. */
import { distance, type Point } from "../drawing/geometry";

const TWICE_MS = 350;
const TWICE_PX = 28;

export interface Taps {
  /** Whether this tap is the second one. */
  isSecond(at: Point, time: number): boolean;
}

export function taps(): Taps {
  let last: { readonly at: Point; readonly time: number } | null = null;
  return {
    isSecond(at, time) {
      const is = last !== null && time - last.time < TWICE_MS && distance(at, last.at) < TWICE_PX;
      last = is ? null : { at, time };
      return is;
    },
  };
}
