/** A card on canvas, piece by piece as its plan says: the same picture as the HTML card. */
import { GEOMETRY } from "../generated/schema";
import type { Outline } from "./borders";
import type { Piece, Text } from "./cardplan";
import type { CardContent } from "./content";
import { stampHalo, stampShadow } from "./glow";
import { drawIcon } from "./icons";
import { tracePath } from "./shapes";
import { fontOf } from "./text";
import type { Theme } from "./theme";

export interface CardLook {
  readonly outline: Outline;
  readonly content: CardContent;
  readonly plan: readonly Piece[];
  readonly colour: string;
  readonly hideTitle: boolean;
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
    const { card_radius } = GEOMETRY;
    context.fillStyle = colour;
    fillRound(context, 0, card_radius, 4, rect.height - 2 * card_radius, [0, 3, 3, 0]);
  }
  paintPieces(
    context,
    look.hideTitle ? plan.filter((piece) => piece.type !== "text" || piece.role !== "title") : plan,
    colour,
    theme,
  );
  context.restore();
}

/** Pieces of a plan, from the top left corner of what they lie on. */
export function paintPieces(
  context: CanvasRenderingContext2D,
  plan: readonly Piece[],
  colour: string,
  { tokens }: Theme,
): void {
  for (const piece of plan) {
    const ink = piece.type === "spark" || piece.tone === "colour" ? colour : tokens[piece.tone];
    context.fillStyle = context.strokeStyle = ink;
    if (piece.type === "text") paintLines(context, piece);
    else if (piece.type === "icon") drawIcon(context, piece.icon, piece.x, piece.y, piece.width);
    else if (piece.type === "spark") paintSpark(context, piece.path, piece.x, piece.y);
    else {
      const { x, y, width, height, border } = piece;
      const inset = border ? 0.5 : 0;
      fillRound(context, x + inset, y + inset, width - 2 * inset, height - 2 * inset, height / 2);
      if (!border) continue;
      context.strokeStyle = border === "colour" ? colour : tokens[border];
      context.lineWidth = 1;
      context.stroke();
    }
  }
}

/** An end is drawn firmer than a start, as process maps do. */
export function borderWidth(content: CardContent): number {
  if (content.shape === "card") return 1;
  return content.kind === "end" ? 3 : 1.5;
}

export function fillRound(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number | number[],
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}

function paintSpark(context: CanvasRenderingContext2D, path: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.lineWidth = 1.6;
  context.lineCap = context.lineJoin = "round";
  context.stroke(new Path2D(path));
  context.restore();
}

function paintLines(
  context: CanvasRenderingContext2D,
  { x, y, width, lines, size, weight, leading, align }: Text,
): void {
  context.textAlign = align;
  const at = align === "center" ? x + width / 2 : align === "right" ? x + width : x;
  for (const [i, line] of lines.entries()) paintText(context, line, at, y + i * leading, size, weight, leading);
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
): void {
  context.font = fontOf({ size, weight });
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
