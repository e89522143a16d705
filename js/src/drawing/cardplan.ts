/** Where each piece of a card stands: one plan for the HTML card and for its picture on canvas, so that neither jumps. */
import { GEOMETRY } from "../generated/schema";
import { type CardContent, trendText } from "./content";
import { ellipsis, fontOf, type Measure, wrap } from "./text";

/** A block of lines; x and y are its top left corner within the card. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly weight: number;
  readonly leading: number;
  readonly lines: readonly string[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CardPlan {
  readonly centred: boolean;
  readonly title: Block;
  readonly strong: Block | null;
  readonly soft: Block | null;
  readonly value: Block | null;
  readonly unit: Block | null;
  readonly trend: (Block & { readonly alignEnd: boolean }) | null;
  readonly spark: Box | null;
  readonly progress: Box | null;
  /** Second and third figure: bold value, soft unit. */
  readonly others: readonly { readonly value: Block; readonly unit: Block }[];
  readonly text: Block | null;
  /** The number of attached tables, at the end of the line under the title. */
  readonly tables: Box | null;
}

const TITLE = { size: GEOMETRY.title_size, weight: 650, leading: 17 };
const SMALL = { size: GEOMETRY.small_size, leading: 15 };
const LEFT = 16;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 9;

export function planCard(
  content: CardContent,
  width: number,
  height: number,
  scale: number,
  measure: Measure,
): CardPlan {
  if (content.shape !== "card") return planSmall(content, width, height, scale, measure);
  return scale === 1 ? planWhole(content, width, height, measure) : planNames(content, width, height, scale, measure);
}

const nothing = {
  strong: null,
  soft: null,
  value: null,
  unit: null,
  trend: null,
  spark: null,
  progress: null,
  others: [],
  text: null,
  tables: null,
};

function planWhole(content: CardContent, width: number, height: number, measure: Measure): CardPlan {
  const inner = width - LEFT - RIGHT;
  const main = content.figures[0];
  const more = content.figures.slice(1, 3);
  const bar = main && main.progress !== null ? 11 : 0;
  const line = (
    y: number,
    x: number,
    room: number,
    text: string,
    weight: number,
    size: number,
    leading: number,
  ): Block => ({
    x,
    y,
    width: room,
    size,
    weight,
    leading,
    lines: [ellipsis(text, room, fontOf(size, weight), measure)],
  });
  const small = (y: number, x: number, room: number, text: string, weight = 400): Block =>
    line(y, x, room, text, weight, SMALL.size, SMALL.leading);

  // The title takes a second line only where all the rest still has its place.
  const needed =
    TOP + SMALL.leading + (main ? 25 + bar + (more.length > 0 ? 15 : 0) : content.text === "" ? 0 : 17) + BOTTOM;
  const most = height - needed >= 2 * TITLE.leading ? 2 : 1;
  const lines = wrap(content.title, inner, most, fontOf(TITLE.size, TITLE.weight), measure);
  const title: Block = { x: LEFT, y: TOP, width: inner, ...TITLE, lines };
  let y = TOP + lines.length * TITLE.leading + 1;

  const tables = content.tables > 0 ? { x: width - RIGHT - 24, y, width: 24, height: SMALL.leading } : null;
  const noteRoom = inner - (tables ? 28 : 0);
  const strong = content.strong === "" ? null : small(y, LEFT, noteRoom, content.strong, 650);
  const shift = strong ? Math.min(measure(strong.lines[0] ?? "", fontOf(SMALL.size, 650)) + 4, noteRoom) : 0;
  const soft =
    content.soft === "" || noteRoom - shift < 14 ? null : small(y, LEFT + shift, noteRoom - shift, content.soft);
  y += SMALL.leading;

  if (!main) {
    const room = Math.min(Math.floor((height - BOTTOM - y - 5) / SMALL.leading), 3);
    const body =
      content.text === "" || room < 1 ? [] : wrap(content.text, inner, room, fontOf(SMALL.size, 400), measure);
    if (body.length === 0)
      return { ...nothing, centred: false, ...lowered(height - BOTTOM - y, { title, strong, soft, tables }) };
    const text: Block = { x: LEFT, y: y + 5, width: inner, ...SMALL, weight: 400, lines: body };
    return { ...nothing, centred: false, title, strong, soft, text, tables };
  }

  const floor = height - BOTTOM - bar;
  const progress = bar > 0 ? { x: LEFT, y: height - BOTTOM - 4, width: inner, height: 4 } : null;
  const othersY = floor - SMALL.leading;
  // A low card has no row for them.
  const rest = othersY - y >= 25 ? more : [];
  const ground = rest.length > 0 ? othersY : floor;
  const trendWord = trendText(main);
  const hasSpark = main.spark !== null && main.spark.length > 1;
  const hasRow = rest.length === 0 && ground - y >= 25 + 17 && (trendWord !== "" || hasSpark);
  const slack = ground - y - 25 - (hasRow ? 15 : 0);
  const valueY = y + Math.round(Math.max(Math.min(slack / 2, bar > 0 ? 6 : 12), 0));

  // Trend and shape share the row below the figure, or stand at its end where that row is taken.
  const trendRoom = hasRow
    ? inner - (hasSpark ? 58 : 0)
    : Math.min(measure(trendWord, fontOf(SMALL.size, 500)) + 1, 62);
  const inlineTrend = !hasRow && trendWord !== "";
  const inlineSpark = !hasRow && trendWord === "" && hasSpark;
  const figureRoom = inner - (inlineTrend ? trendRoom + 6 : 0) - (inlineSpark ? 56 : 0);
  const valueText = main.text === "" ? "–" : main.text;
  const figureSize =
    measure(valueText, fontOf(GEOMETRY.figure_size, 650)) <= figureRoom - 4 ? GEOMETRY.figure_size : 15;
  const value = line(valueY, LEFT, figureRoom, valueText, 650, figureSize, 25);
  const valueWidth = Math.min(measure(value.lines[0] ?? "", fontOf(figureSize, 650)), figureRoom);
  const unitWord = main.unit || main.label;
  const unitRoom = figureRoom - valueWidth - 6;
  const unit = unitWord === "" || unitRoom < 16 ? null : small(valueY + 7, LEFT + valueWidth + 6, unitRoom, unitWord);
  const trend =
    trendWord === ""
      ? null
      : hasRow
        ? { ...small(valueY + 25, LEFT, trendRoom, trendWord, 500), alignEnd: false }
        : { ...small(valueY + 7, LEFT + inner - trendRoom, trendRoom, trendWord, 500), alignEnd: true };
  const spark =
    hasRow && hasSpark
      ? { x: LEFT + inner - 52, y: valueY + 24, width: 52, height: Math.min(floor - valueY - 26, 18) }
      : inlineSpark
        ? { x: LEFT + inner - 52, y: valueY + 5, width: 52, height: 18 }
        : null;

  const each = (inner - (rest.length - 1) * 8) / Math.max(rest.length, 1);
  const others = rest.map((figure, i) => {
    const x = LEFT + i * (each + 8);
    const valueBlock = small(othersY, x, each, figure.text === "" ? "–" : figure.text, 650);
    const used = measure(valueBlock.lines[0] ?? "", fontOf(SMALL.size, 650)) + 4;
    return { value: valueBlock, unit: small(othersY, x + used, Math.max(each - used, 0), figure.unit || figure.label) };
  });
  return { centred: false, title, strong, soft, value, unit, trend, spark, progress, others, text: null, tables };
}

/** A card with nothing but its name has it in the middle of its height. */
function lowered(
  spare: number,
  parts: Pick<CardPlan, "title" | "strong" | "soft" | "tables">,
): Pick<CardPlan, "title" | "strong" | "soft" | "tables"> {
  const by = Math.max(Math.round(spare / 2), 0);
  const move = <T extends { readonly y: number }>(part: T): T => ({ ...part, y: part.y + by });
  return {
    title: move(parts.title),
    strong: parts.strong && move(parts.strong),
    soft: parts.soft && move(parts.soft),
    tables: parts.tables && move(parts.tables),
  };
}

/** When the map is small: the name in larger type, then as much else as is still legible. */
function planNames(content: CardContent, width: number, height: number, scale: number, measure: Measure): CardPlan {
  const inner = width - LEFT - RIGHT;
  const size = sizeForWords(content.title, TITLE.size * scale, inner, measure);
  const leading = Math.round(TITLE.leading * (size / TITLE.size) * 0.94);
  const room = height - 18;
  const main = content.figures[0];
  const note = content.isPainted ? content.strong || content.soft : main ? main.text : "";
  const noteSize = content.isPainted ? Math.min(16 * scale, 26) : Math.min(GEOMETRY.figure_size * scale, 30);
  const noteLeading = Math.round(noteSize * 1.2);
  const fits = (lines: number): boolean => lines * leading + noteLeading + 2 <= room;
  const all = wrap(
    content.title,
    inner,
    Math.max(Math.min(Math.floor(room / leading), 3), 1),
    fontOf(size, TITLE.weight),
    measure,
  );
  // The figure is worth a line of the name, but not the whole name.
  const hasNote = note !== "" && fits(Math.min(all.length, 2));
  const lines =
    hasNote && !fits(all.length)
      ? wrap(content.title, inner, Math.max(all.length - 1, 1), fontOf(size, TITLE.weight), measure)
      : all;
  const used = lines.length * leading + (hasNote ? noteLeading + 2 : 0);
  const y = Math.max((height - used) / 2, 8);
  const title: Block = { x: LEFT, y, width: inner, size, weight: TITLE.weight, leading, lines };
  if (!hasNote) return { ...nothing, centred: false, title };
  const value: Block = {
    x: LEFT,
    y: y + lines.length * leading + 2,
    width: inner,
    size: noteSize,
    weight: 650,
    leading: noteLeading,
    lines: [ellipsis(note, inner, fontOf(noteSize, 650), measure)],
  };
  const detail = content.strong === "" ? "" : content.soft;
  const unitWord = content.isPainted ? detail : main?.unit || main?.label || "";
  const unitSize = SMALL.size * scale;
  const taken = measure(value.lines[0] ?? "", fontOf(noteSize, 650)) + 7;
  const unitRoom = inner - taken;
  const unit: Block | null =
    unitWord === "" || measure(unitWord, fontOf(unitSize, 400)) > unitRoom
      ? null
      : {
          x: LEFT + taken,
          y: value.y + (noteLeading - unitSize * 1.3) / 2 + (noteSize - unitSize) * 0.3,
          width: unitRoom,
          size: unitSize,
          weight: 400,
          leading: unitSize * 1.3,
          lines: [unitWord],
        };
  return { ...nothing, centred: false, title, value, unit };
}

/** The wanted size, or as much smaller as it takes for the longest word to stay in one piece; never below the near size. */
function sizeForWords(title: string, wanted: number, inner: number, measure: Measure): number {
  const font = fontOf(TITLE.size, TITLE.weight);
  const longest = Math.max(...title.split(" ").map((word) => measure(word, font)), 1);
  const fitting = Math.floor((inner / longest) * TITLE.size * 2) / 2;
  return Math.max(Math.min(wanted, fitting), TITLE.size);
}

/** Pill and diamond: the name in the middle, and one figure below it. */
function planSmall(content: CardContent, width: number, height: number, scale: number, measure: Measure): CardPlan {
  const inner = content.shape === "pill" ? width - 36 : width * 0.62;
  const main = content.figures[0];
  const figure = content.isPainted ? content.strong : (main?.text ?? "");
  const rest = content.isPainted ? content.soft : (main?.unit ?? "");
  const wanted = TITLE.size * Math.min(scale, content.shape === "pill" ? 1.7 : 1.6);
  const size = sizeForWords(content.title, wanted, inner, measure);
  const leading = Math.round(TITLE.leading * (size / TITLE.size) * 0.94);
  const hasNote = (figure !== "" || rest !== "") && scale < 1.5;
  const noteLeading = SMALL.leading * scale;
  const room = content.shape === "pill" ? height - 8 : height * 0.52;
  const most = Math.max(Math.min(Math.floor((room - (hasNote ? noteLeading : 0)) / leading), 3), 1);
  const lines = wrap(content.title, inner, most, fontOf(size, TITLE.weight), measure);
  const used = lines.length * leading + (hasNote ? noteLeading : 0);
  const x = (width - inner) / 2;
  const y = (height - used) / 2;
  const title: Block = { x, y, width: inner, size, weight: TITLE.weight, leading, lines };
  if (!hasNote) return { ...nothing, centred: true, title };
  const noteSize = SMALL.size * scale;
  const strongText = ellipsis(figure, inner, fontOf(noteSize, 650), measure);
  const strongWidth = figure === "" ? 0 : measure(strongText, fontOf(noteSize, 650));
  const gap = strongWidth > 0 && rest !== "" ? 4 * scale : 0;
  const softText =
    inner - strongWidth - gap < 14 || rest === ""
      ? ""
      : ellipsis(rest, inner - strongWidth - gap, fontOf(noteSize, 400), measure);
  const softWidth = softText === "" ? 0 : measure(softText, fontOf(noteSize, 400));
  const from = x + (inner - strongWidth - (softText === "" ? 0 : gap + softWidth)) / 2;
  const row = { y: y + lines.length * leading, size: noteSize, leading: noteLeading };
  // One pixel more than measured, so that rounding never costs the last letter.
  const strong: Block | null =
    strongWidth === 0 ? null : { ...row, x: from, width: strongWidth + 1, weight: 650, lines: [strongText] };
  const soft: Block | null =
    softText === ""
      ? null
      : { ...row, x: from + strongWidth + gap, width: softWidth + 1, weight: 400, lines: [softText] };
  return { ...nothing, centred: true, title, strong, soft };
}

/** The points of a sparkline within its box, as one path. */
export function sparkPath(values: readonly number[], box: Box): string {
  const known = values.slice(-64).map((value) => (Number.isFinite(value) ? value : null));
  const present = known.filter((value) => value !== null);
  if (present.length < 2) return "";
  const low = Math.min(...present);
  const span = Math.max(...present) - low || 1;
  let path = "";
  let pen = "M";
  for (const [i, value] of known.entries()) {
    if (value === null) {
      pen = "M";
      continue;
    }
    const x = box.x + 1 + (i / (known.length - 1)) * (box.width - 2);
    const y = box.y + 2 + (1 - (value - low) / span) * (box.height - 4);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  }
  return path;
}
