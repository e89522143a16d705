/** A card on canvas, piece by piece as its plan says: the same picture as the HTML card. */
import { GEOMETRY } from "../generated/schema";
import type { Outline } from "./borders";
import { type Block, type CardPlan, sparkPath } from "./cardplan";
import { type CardContent, trendToken } from "./content";
import { stampHalo, stampShadow } from "./glow";
import { drawIcon } from "./icons";
import { tracePath } from "./shapes";
import { FAMILY } from "./text";
import type { Theme } from "./theme";

export interface CardLook {
  readonly outline: Outline;
  readonly content: CardContent;
  readonly plan: CardPlan;
  readonly colour: string;
  readonly hideTitle: boolean;
  /** Badges and other small print, which only a near card has. */
  readonly isWhole: boolean;
}

/** What lies below a card: its halo and its shadow. */
export function paintGlow(context: CanvasRenderingContext2D, look: CardLook, theme: Theme): void {
  const { heat } = look.content;
  if (heat !== null) stampHalo(context, look.outline, heat, theme);
  stampShadow(context, look.outline, theme.name);
}

export function paintCard(context: CanvasRenderingContext2D, look: CardLook, theme: Theme): void {
  const { outline, content, plan, colour } = look;
  const { rect, shape } = outline;
  const { tokens } = theme;
  context.fillStyle = tokens.card;
  tracePath(context, outline);
  context.fill();
  const accent = content.outcome === "won" ? tokens.good : content.outcome === "lost" ? tokens.bad : colour;
  const border = borderWidth(content);
  context.strokeStyle = shape === "card" ? tokens.line : accent;
  context.lineWidth = border;
  tracePath(context, outline, -border / 2);
  context.stroke();
  context.save();
  context.translate(rect.x, rect.y);
  if (shape === "card") {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(0, GEOMETRY.card_radius, 4, rect.height - 2 * GEOMETRY.card_radius, [0, 3, 3, 0]);
    context.fill();
  }
  paintPieces(context, look, plan, theme);
  context.restore();
}

/** An end is drawn firmer than a start, as process maps do. */
export function borderWidth(content: CardContent): number {
  if (content.shape === "card") return 1;
  return content.kind === "end" ? 3 : 1.5;
}

function paintPieces(context: CanvasRenderingContext2D, look: CardLook, plan: CardPlan, theme: Theme): void {
  const { content, colour } = look;
  const { tokens } = theme;
  if (!look.hideTitle) paintBlock(context, plan.title, tokens.text, plan.centred);
  if (plan.strong) paintBlock(context, plan.strong, tokens.text);
  if (plan.soft) paintBlock(context, plan.soft, tokens.soft);
  if (plan.value) paintBlock(context, plan.value, tokens.text);
  if (plan.unit) paintBlock(context, plan.unit, tokens.soft);
  if (plan.text) paintBlock(context, plan.text, tokens.soft);
  const main = content.figures[0];
  if (plan.trend && main) paintBlock(context, plan.trend, tokens[trendToken(main)], false, plan.trend.alignEnd);
  for (const other of plan.others) {
    paintBlock(context, other.value, tokens.text);
    paintBlock(context, other.unit, tokens.soft);
  }
  if (plan.spark && main?.spark) {
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.stroke(new Path2D(sparkPath(main.spark, plan.spark)));
    context.lineCap = "butt";
  }
  if (plan.progress && main?.progress != null) {
    const { x, y, width, height } = plan.progress;
    context.fillStyle = tokens.line;
    context.beginPath();
    context.roundRect(x, y, width, height, height / 2);
    context.fill();
    const share = Math.min(Math.max(main.progress, 0), 1);
    if (share > 0) {
      context.fillStyle = main.status === "none" ? colour : tokens[main.status];
      context.beginPath();
      context.roundRect(x, y, Math.max(width * share, height), height, height / 2);
      context.fill();
    }
  }
  if (plan.tables) {
    context.strokeStyle = tokens.soft;
    drawIcon(context, "table", plan.tables.x, plan.tables.y + 1.5, 11);
    paintText(context, String(content.tables), plan.tables.x + 14, plan.tables.y, 10.5, 400, 15, tokens.soft);
  }
  if (look.isWhole) paintBadges(context, look, theme);
}

export const BADGE_HEIGHT = 18;

function paintBadges(context: CanvasRenderingContext2D, look: CardLook, theme: Theme): void {
  const { content, outline } = look;
  const { tokens } = theme;
  let x = outline.rect.width - 10;
  const chip = (width: number): void => {
    x -= width;
    context.fillStyle = tokens.card;
    context.strokeStyle = tokens.line_strong;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x + 0.5, -BADGE_HEIGHT / 2 + 0.5, width - 1, BADGE_HEIGHT - 1, BADGE_HEIGHT / 2);
    context.fill();
    context.stroke();
  };
  if (content.comments > 0) {
    const text = String(Math.min(content.comments, 99));
    chip(text.length > 1 ? 38 : 32);
    context.strokeStyle = tokens.soft;
    drawIcon(context, "comment", x + 7, -5.5, 11);
    paintText(context, text, x + 21, 0.5 - BADGE_HEIGHT / 2, 10.5, 600, BADGE_HEIGHT, tokens.soft);
    x -= 4;
  }
  if (content.trouble !== "") {
    chip(26);
    context.strokeStyle = tokens[content.trouble];
    drawIcon(context, "warning", x + 7, -6, 12);
  }
}

export function paintBlock(
  context: CanvasRenderingContext2D,
  block: Block,
  colour: string,
  centred = false,
  atEnd = false,
): void {
  const x = centred ? block.x + block.width / 2 : atEnd ? block.x + block.width : block.x;
  context.textAlign = centred ? "center" : atEnd ? "right" : "left";
  let { y } = block;
  for (const line of block.lines) {
    paintText(context, line, x, y, block.size, block.weight, block.leading, colour);
    y += block.leading;
  }
  context.textAlign = "left";
}

/** One line whose line box begins at y and is `leading` high, as CSS would set it. */
export function paintText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  weight: number,
  leading: number,
  colour: string,
): void {
  if (text === "") return;
  context.font = `${weight} ${size}px ${FAMILY}`;
  context.fillStyle = colour;
  context.fillText(text, x, y + baselineIn(context, size, leading));
}

interface Extent {
  readonly ascent: number;
  readonly descent: number;
}

const extents = new Map<number, Extent>();

/** From the top of a line box to the baseline; browsers round ascent, descent and half-leading to whole pixels. */
function baselineIn(context: CanvasRenderingContext2D, size: number, leading: number): number {
  let extent = extents.get(size);
  if (!extent) {
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText("x");
    extent = { ascent: Math.round(ascent), descent: Math.round(descent) };
    extents.set(size, extent);
  }
  return Math.floor((leading - extent.ascent - extent.descent) / 2) + extent.ascent;
}
