/** Where a flow meets the outline of a node: a point on a side, for each shape. */
import type { Shape } from "../generated/schema";
import { centreOf, clamp, NORMALS, type Point, type Rect, type Side } from "./geometry";

export interface Outline {
  readonly rect: Rect;
  readonly shape: Shape;
}

export const isUpright = (side: Side): boolean => side === "left" || side === "right";

/** How far along a side, from its middle, a flow may end. */
export function reachOf({ rect, shape }: Outline, side: Side): number {
  const half = (isUpright(side) ? rect.height : rect.width) / 2;
  if (shape === "diamond") return half * 0.4;
  if (shape !== "pill") return Math.max(half - 14, 0);
  return isUpright(side) ? half * 0.6 : Math.max(half - rect.height / 2, 0);
}

/** The point of the outline that lies `offset` along a side from its middle. */
export function borderPoint(outline: Outline, side: Side, offset: number): Point {
  const { rect, shape } = outline;
  const reach = reachOf(outline, side);
  const along = clamp(offset, -reach, reach);
  const upright = isUpright(side);
  const { x: cx, y: cy } = centreOf(rect);
  const [half, depth] = upright ? [rect.height / 2, rect.width / 2] : [rect.width / 2, rect.height / 2];
  let out = depth;
  if (shape === "diamond") out = depth * (1 - Math.abs(along) / half);
  else if (shape === "pill" && upright) out = depth - half + Math.sqrt(half * half - along * along);
  const { x, y } = NORMALS[side];
  return upright ? { x: cx + x * out, y: cy + along } : { x: cx + along, y: cy + y * out };
}
