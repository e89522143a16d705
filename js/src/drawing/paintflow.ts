/** Flows on canvas: line, head, label; thin straight lines when the map is far. */
import { GEOMETRY } from "../generated/schema";
import { isGhost } from "../model/ghosts";
import { dashOf, type FlowStyle } from "./flowstyle";
import type { PlacedLabel } from "./labelbook";
import { fillRound, paintText } from "./paintcard";
import { headLength, headWidth, type Route } from "./routes";
import type { Theme } from "./theme";

export function paintFlow(
  context: CanvasRenderingContext2D,
  route: Route,
  style: FlowStyle,
  colour = style.colour,
  wider = 0,
): void {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = route.curve;
  const dash = dashOf(style, route.returns);
  context.strokeStyle = colour;
  context.lineWidth = style.width + wider;
  context.setLineDash(dash as number[]);
  // Short steps are dots.
  context.lineCap = (dash[0] ?? 9) <= 2 ? "round" : "butt";
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(x1, y1, x2, y2, x3, y3);
  // Into the head by a pixel, so that no seam shows between them.
  context.lineTo(x3 + route.direction.x, y3 + route.direction.y);
  context.stroke();
  context.setLineDash([]);
  context.lineCap = "butt";
  paintHead(context, route, style, wider, colour);
}

function paintHead(
  context: CanvasRenderingContext2D,
  { tip, direction }: Route,
  { width, hollow }: FlowStyle,
  wider: number,
  colour: string,
): void {
  const length = headLength(width);
  const half = (headWidth(width) + wider) / 2;
  const baseX = tip.x - direction.x * length;
  const baseY = tip.y - direction.y * length;
  context.fillStyle = hollow || colour;
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  context.lineTo(baseX - direction.y * half, baseY + direction.x * half);
  context.lineTo(baseX + direction.y * half, baseY - direction.x * half);
  context.closePath();
  context.fill();
  if (hollow === "") return;
  context.lineWidth = 1.6;
  context.stroke();
}

export function paintLabel(
  context: CanvasRenderingContext2D,
  { key, rect, fitted }: PlacedLabel,
  { tokens }: Theme,
  border: string = isGhost(key) ? tokens.line_strong : tokens.line,
): void {
  const { x, y, width, height } = rect;
  const { strong, soft, softX, strongX, size } = fitted;
  const line = height / GEOMETRY.label_height;
  context.fillStyle = tokens.pill;
  context.strokeStyle = border;
  context.lineWidth = line;
  fillRound(context, x + line / 2, y + line / 2, width - line, height - line, height / 2);
  if (isGhost(key)) context.setLineDash([3 * line, 2.5 * line]);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = tokens.text;
  paintText(context, strong, x + strongX, y, size, 650, height);
  if (strong !== "") context.fillStyle = tokens.soft;
  paintText(context, soft, x + softX, y, size, 400, height);
}
