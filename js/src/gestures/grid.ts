/** The grid that cards meet. */
import { GEOMETRY } from "../generated/schema";

export function snap(value: number): number {
  return Math.round(value / GEOMETRY.grid) * GEOMETRY.grid;
}
