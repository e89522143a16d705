/** Where a flow meets the outline of a node: a point on a side, for each shape. */
import type { Shape } from "../generated/schema";
import { clamp, type Point, type Rect, type Side } from "./geometry";

export interface Outline {
  readonly rect: Rect;
  readonly shape: Shape;
}

/** How far along a side, from its middle, a flow may end. */
export function reachOf(outline: Outline, side: Side): number {
  const { rect, shape } = outline;
  const half = (side === "left" || side === "right" ? rect.height : rect.width) / 2;
  if (shape === "diamond") return half * 0.4;
  if (shape === "pill") return side === "left" || side === "right" ? half * 0.6 : Math.max(half - rect.height / 2, 0);
  return Math.max(half - 14, 0);
}

/** The point of the outline that lies `offset` along a side from its middle. */
export function borderPoint(outline: Outline, side: Side, offset: number): Point {
  const { rect, shape } = outline;
  const reach = reachOf(outline, side);
  const along = clamp(offset, -reach, reach);
  const cx = rect.x + rect.width / 2;
  const cy = rect.y + rect.height / 2;
  const upright = side === "left" || side === "right";
  let inset = 0;
  if (shape === "diamond") {
    inset = upright
      ? (Math.abs(along) / (rect.height / 2)) * (rect.width / 2)
      : (Math.abs(along) / (rect.width / 2)) * (rect.height / 2);
  } else if (shape === "pill" && upright) {
    const radius = rect.height / 2;
    inset = radius - Math.sqrt(Math.max(radius * radius - along * along, 0));
  }
  if (side === "left") return { x: rect.x + inset, y: cy + along };
  if (side === "right") return { x: rect.x + rect.width - inset, y: cy + along };
  if (side === "top") return { x: cx + along, y: rect.y + inset };
  return { x: cx + along, y: rect.y + rect.height - inset };
}
