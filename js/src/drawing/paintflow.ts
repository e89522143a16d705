/** Flows on canvas: line, head, label; thin straight lines when the map is far. */
import { dashOf, type FittedLabel, type FlowStyle } from "./flowstyle";
import type { Rect } from "./geometry";
import { paintText } from "./paintcard";
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
  paintHead(context, route, style.width, colour, wider);
}

function paintHead(
  context: CanvasRenderingContext2D,
  route: Route,
  width: number,
  colour: string,
  wider: number,
): void {
  const { tip, direction } = route;
  const length = headLength(width);
  const half = (headWidth(width) + wider) / 2;
  const baseX = tip.x - direction.x * length;
  const baseY = tip.y - direction.y * length;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  context.lineTo(baseX - direction.y * half, baseY + direction.x * half);
  context.lineTo(baseX + direction.y * half, baseY - direction.x * half);
  context.closePath();
  context.fill();
}

export function paintLabel(
  context: CanvasRenderingContext2D,
  rect: Rect,
  fitted: FittedLabel,
  theme: Theme,
  border: string = theme.tokens.line,
): void {
  const { tokens } = theme;
  const scale = fitted.height / 20;
  context.fillStyle = tokens.pill;
  context.strokeStyle = border;
  context.lineWidth = scale;
  context.beginPath();
  context.roundRect(rect.x + scale / 2, rect.y + scale / 2, rect.width - scale, rect.height - scale, rect.height / 2);
  context.fill();
  context.stroke();
  const padding = 8 * scale;
  paintText(context, fitted.strong, rect.x + padding, rect.y, fitted.size, 650, rect.height, tokens.text);
  const soft = fitted.strong === "" ? tokens.text : tokens.soft;
  paintText(context, fitted.soft, rect.x + fitted.softX, rect.y, fitted.size, 400, rect.height, soft);
}
