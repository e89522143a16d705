/** The outlines of nodes as canvas paths. */
import { GEOMETRY } from "../generated/schema";
import type { Outline } from "./borders";
import type { Point } from "./geometry";

const SOFTENED = 8;

/** Begins a path along the outline, `by` further out. */
export function tracePath(context: CanvasRenderingContext2D, outline: Outline, by = 0): void {
  const { rect, shape } = outline;
  const x = rect.x - by;
  const y = rect.y - by;
  const width = rect.width + 2 * by;
  const height = rect.height + 2 * by;
  context.beginPath();
  if (shape === "diamond") {
    for (const { before, corner, after } of diamondCorners(x, y, width, height)) {
      context.lineTo(before.x, before.y);
      context.quadraticCurveTo(corner.x, corner.y, after.x, after.y);
    }
    context.closePath();
  } else {
    context.roundRect(x, y, width, height, shape === "pill" ? height / 2 : GEOMETRY.card_radius + by);
  }
}

/** A diamond for SVG. */
export function diamondPath(x: number, y: number, width: number, height: number): string {
  const text = (point: Point): string => `${point.x.toFixed(2)} ${point.y.toFixed(2)}`;
  const parts = diamondCorners(x, y, width, height).map(
    ({ before, corner, after }, i) => `${i === 0 ? "M" : "L"}${text(before)}Q${text(corner)} ${text(after)}`,
  );
  return `${parts.join("")}Z`;
}

interface Corner {
  readonly before: Point;
  readonly corner: Point;
  readonly after: Point;
}

/** Top, right, bottom and left, each with the points where its rounding begins and ends. */
function diamondCorners(x: number, y: number, width: number, height: number): Corner[] {
  const cx = x + width / 2;
  const cy = y + height / 2;
  const side = Math.hypot(width / 2, height / 2);
  const ux = (width / 2 / side) * SOFTENED;
  const uy = (height / 2 / side) * SOFTENED;
  return [
    { before: { x: cx - ux, y: y + uy }, corner: { x: cx, y }, after: { x: cx + ux, y: y + uy } },
    {
      before: { x: x + width - ux, y: cy - uy },
      corner: { x: x + width, y: cy },
      after: { x: x + width - ux, y: cy + uy },
    },
    {
      before: { x: cx + ux, y: y + height - uy },
      corner: { x: cx, y: y + height },
      after: { x: cx - ux, y: y + height - uy },
    },
    { before: { x: x + ux, y: cy + uy }, corner: { x, y: cy }, after: { x: x + ux, y: cy - uy } },
  ];
}
