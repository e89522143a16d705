/** Near cards as real HTML elements, filled anew for whatever node they show. All text goes in as text. */
import type { Piece, Tone } from "./cardplan";
import type { CardContent } from "./content";
import { div, place, svg } from "./dom";
import { ICONS } from "./icons";
import type { NodeItem } from "./items";
import { borderWidth } from "./paintcard";
import { diamondPath } from "./shapes";
import { fontOf } from "./text";

export function cardElement(): HTMLElement {
  const element = div("card");
  element.setAttribute("role", "button");
  element.tabIndex = -1;
  return element;
}

export function moveCard(element: HTMLElement, item: NodeItem): void {
  const { rect } = item.outline;
  element.style.transform = `translate(${rect.x}px,${rect.y}px)`;
}

export function fillCard(
  element: HTMLElement,
  item: NodeItem,
  content: CardContent,
  plan: readonly Piece[],
  colour: string,
): void {
  const { style, dataset } = element;
  const { width, height } = item.outline.rect;
  const border = borderWidth(content);
  dataset.node = item.id;
  dataset.shape = content.shape;
  dataset.outcome = content.outcome;
  style.width = `${width}px`;
  style.height = `${height}px`;
  style.zIndex = String(item.order);
  style.setProperty("--colour", colour);
  style.setProperty("--border", `${border}px`);
  const outline =
    content.shape === "diamond"
      ? svg("diamond", width, height, diamondPath(border / 2, border / 2, width - border, height - border))
      : div("edge");
  element.replaceChildren(outline, ...plan.map(elementOf));
  element.setAttribute("aria-label", content.spoken);
  // What had to be cut short, and the small print of an answer, can be read on pointing.
  const isCut = plan.some((piece) => piece.type === "text" && piece.lines.at(-1)?.endsWith("…"));
  element.title = content.isPainted || isCut ? content.spoken : "";
}

function elementOf(piece: Piece): HTMLElement | SVGElement {
  const { type, width, height } = piece;
  const element =
    type === "text"
      ? div(piece.role)
      : type === "bar"
        ? div("bar")
        : type === "icon"
          ? svg("icon", 20, 20, ICONS[piece.icon] ?? "")
          : svg("spark", width, height, piece.path);
  const { style } = element;
  if (type === "text") {
    element.textContent = piece.lines.join("\n");
    style.font = fontOf(piece);
    style.lineHeight = `${piece.leading}px`;
    style.textAlign = piece.align;
  }
  if (type === "bar") {
    style.background = css(piece.tone);
    if (piece.border) style.boxShadow = `inset 0 0 0 1px ${css(piece.border)}`;
  } else style.color = css(type === "spark" ? "colour" : piece.tone);
  place(element, piece);
  return element;
}

function css(tone: Tone): string {
  return `var(--${tone === "colour" ? "" : "crm-"}${tone.replace("_", "-")})`;
}
