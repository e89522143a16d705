/** The outlines of nodes as canvas paths. */
import { GEOMETRY } from "../generated/schema";
import type { Outline } from "./borders";
import { grow, type Point } from "./geometry";

const SOFTENED = 8;
const FRAME_RADIUS = 14;

/** Begins a path along the outline, `by` further out. */
export function tracePath(context: CanvasRenderingContext2D, outline: Outline, by = 0): void {
  context.beginPath();
  addOutline(context, outline, by);
}

/** Adds the outline, `by` further out, to a path. */
export function addOutline(
  context: CanvasRenderingContext2D,
  { rect, shape }: Outline,
  by: number,
  radius: number = (shape === "frame" ? FRAME_RADIUS : GEOMETRY.card_radius) + by,
): void {
  const { x, y, width, height } = grow(rect, by);
  if (shape !== "diamond") {
    context.roundRect(x, y, width, height, shape === "pill" ? height / 2 : radius);
    return;
  }
  for (const [i, [before, corner, after]] of diamondCorners(x, y, width, height).entries()) {
    if (i === 0) context.moveTo(before.x, before.y);
    else context.lineTo(before.x, before.y);
    context.quadraticCurveTo(corner.x, corner.y, after.x, after.y);
  }
  context.closePath();
}

/** A diamond for SVG. */
export function diamondPath(x: number, y: number, width: number, height: number): string {
  const text = (point: Point): string => `${point.x.toFixed(2)} ${point.y.toFixed(2)}`;
  const parts = diamondCorners(x, y, width, height).map(
    ([before, corner, after], i) => `${i === 0 ? "M" : "L"}${text(before)}Q${text(corner)} ${text(after)}`,
  );
  return `${parts.join("")}Z`;
}

/** Top, right, bottom and left, each between the points where its rounding begins and ends. */
function diamondCorners(x: number, y: number, width: number, height: number): [Point, Point, Point][] {
  const [cx, cy] = [x + width / 2, y + height / 2];
  const corners = [
    { x: cx, y },
    { x: x + width, y: cy },
    { x: cx, y: y + height },
    { x, y: cy },
  ];
  const share = SOFTENED / Math.hypot(width / 2, height / 2);
  const towards = (from: Point, to: Point): Point => ({
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  });
  return corners.map((corner, i) => {
    const [last, next] = [corners[(i + 3) % 4] ?? corner, corners[(i + 1) % 4] ?? corner];
    return [towards(corner, last), corner, towards(corner, next)];
  });
}
