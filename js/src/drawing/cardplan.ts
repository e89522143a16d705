/** What stands where on a card: one plan for the HTML card and for its picture on canvas, so that neither jumps. */
import { type Figure, GEOMETRY, type Tokens } from "../generated/schema";
import { type CardContent, headline, trendText, trendTone } from "./content";
import type { Rect } from "./geometry";
import { LARGEST_WHOLE } from "./level";
import { sparkPath } from "./sparkline";
import { ellipsis, fontOf, type Measure, wholeParts, wrap } from "./text";
import { voteMark } from "./vote_mark";

/** A colour: a token of the theme, or the category's own. */
export type Tone = keyof Tokens | "colour";

/** Lines of text; x and y are the top left corner within the card. */
export interface Text extends Rect {
  readonly type: "text";
  readonly role: "title" | "strong" | "soft" | "value" | "unit" | "trend" | "other" | "text";
  readonly size: number;
  readonly weight: number;
  readonly leading: number;
  readonly lines: readonly string[];
  readonly tone: Tone;
  readonly align: "left" | "center" | "right";
}

/** A box with round ends, such as a bar of progress or the ground of a badge. */
export interface Bar extends Rect {
  readonly type: "bar";
  readonly tone: Tone;
  readonly border?: Tone;
}

export interface Icon extends Rect {
  readonly type: "icon";
  readonly icon: string;
  readonly tone: Tone;
}

export interface Spark extends Rect {
  readonly type: "spark";
  readonly path: string;
}

export type Piece = Text | Bar | Icon | Spark;

interface Type {
  readonly size: number;
  readonly weight: number;
  readonly leading: number;
}

const TITLE: Type = { size: GEOMETRY.title_size, weight: 650, leading: 17 };
const SMALL: Type = { size: GEOMETRY.small_size, weight: 400, leading: 15 };
const BOLD: Type = { ...SMALL, weight: 650 };
const FIGURE: Type = { size: GEOMETRY.figure_size, weight: 650, leading: 25 };
const LEFT = 16;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 9;
const BADGE_HEIGHT = 18;
const BAR = 11;

export function planCard(
  content: CardContent,
  width: number,
  height: number,
  scale: number,
  measure: Measure,
): readonly Piece[] {
  const plan = new Plan(content, width, height, scale, measure);
  const isWhole = scale <= LARGEST_WHOLE;
  if (content.shape !== "card") plan.small();
  else if (isWhole) plan.whole();
  else plan.names();
  if (isWhole) {
    plan.badges();
    plan.inside();
  }
  return [...plan.pieces, ...voteMark(content, scale, measure)];
}

/** Where on a card the mark stands that opens what lies within. */
export function insideMark(width: number, height: number, inside: number): Rect {
  const wide = 25 + 7 * String(Math.min(inside, 999)).length;
  return { x: width - 10 - wide, y: height - BADGE_HEIGHT / 2, width: wide, height: BADGE_HEIGHT };
}

function larger({ size, weight, leading }: Type, scale: number): Type {
  return { size: Math.floor(size * scale * 2) / 2, weight, leading: Math.round(leading * scale) };
}

class Plan {
  pieces: Piece[] = [];
  /** How much larger a whole card is set. */
  readonly most: number;
  readonly fine: Type;
  readonly figure: Type;
  readonly answer: Figure | undefined;

  constructor(
    readonly content: CardContent,
    readonly width: number,
    readonly height: number,
    readonly scale: number,
    readonly measure: Measure,
  ) {
    const answer = headline(content);
    const wide = answer
      ? measure(answer.text, fontOf(larger(FIGURE, scale))) + measure(answer.label, fontOf(SMALL))
      : 0;
    this.answer = wide + 6 <= width - LEFT - RIGHT ? answer : undefined;
    // On a low card type grows only as far as all lines keep their place.
    const hasFigure = content.shape === "card" && (this.answer || content.figures.length > 0);
    const leading = TITLE.leading + SMALL.leading + (hasFigure ? FIGURE.leading : 0);
    const bar = content.figures[0]?.progress == null ? 0 : BAR;
    const room = { card: height - TOP - BOTTOM - 1 - bar, pill: height - 4 }[content.shape as string] ?? height * 0.52;
    this.most = Math.min(Math.max(room / leading, 1), scale);
    this.fine = larger(SMALL, this.most);
    this.figure = larger(FIGURE, this.most);
  }

  /** As much larger as is wanted, but only as far as the text stays whole in its room. */
  #fit(type: Type, text: string, room: number): Type {
    const most = room / Math.max(this.measure(text, fontOf(type)), 1);
    return larger(type, Math.min(Math.max(most, 1), this.most));
  }

  #text(
    role: Text["role"],
    x: number,
    y: number,
    width: number,
    type: Type,
    text: string | readonly string[],
    tone: Tone = "text",
    align: Text["align"] = "left",
  ): void {
    const lines = typeof text === "string" ? [ellipsis(text, width, fontOf(type), this.measure)] : text;
    const { size, weight, leading } = type;
    const height = leading * lines.length;
    if (text !== "")
      this.pieces.push({ type: "text", role, x, y, width, height, size, weight, leading, lines, tone, align });
  }

  /** The width of a text in at most this room. */
  #widthOf(text: string, type: Type, room: number): number {
    return text === "" ? 0 : this.measure(ellipsis(text, room, fontOf(type), this.measure), fontOf(type));
  }

  /** Lines as large as is wanted, if none is cut; else as large as one line can be, else as they are at the near size. */
  #wrapped(type: Type, text: string, width: number, most: (leading: number) => number): [Type, readonly string[]] {
    for (const tried of [larger(type, this.most), this.#fit(type, text, width), type]) {
      const lines = wrap(text, width, Math.max(most(tried.leading), 1), fontOf(tried), this.measure);
      if (tried === type || (most(tried.leading) > 0 && !lines.at(-1)?.endsWith("…"))) return [tried, lines];
    }
    return [type, []];
  }

  /** A card near enough to be read. */
  whole(): void {
    const { content, width, height, measure, fine, answer } = this;
    const inner = width - LEFT - RIGHT;
    const figures = answer ? [answer] : content.figures;
    const [main, ...more] = figures;
    const bar = typeof main?.progress === "number" ? BAR : 0;

    // The title takes a second line only where all the rest still has its place.
    const figure = this.figure.leading + bar + (more.length > 0 ? fine.leading : 0);
    const rest = main ? figure : content.text === "" ? 0 : fine.leading + 2;
    const spare = height - TOP - fine.leading - rest - BOTTOM;
    const [title, lines] = this.#wrapped(TITLE, content.title, inner, (leading) => (spare >= 2 * leading ? 2 : 1));
    this.#text("title", LEFT, TOP, inner, title, lines);
    let y = TOP + lines.length * title.leading + 1;

    if (content.tables > 0) this.#mark("table", width - RIGHT - 25, y + 1, String(content.tables), 400);
    const room = inner - (content.tables > 0 ? 28 : 0);
    const answered = answer ? "" : content.strong;
    const bold = this.#fit(BOLD, answered, room);
    const [strong, leftOver] = wholeParts(answered, room, fontOf(bold), measure);
    this.#text("strong", LEFT, y, room, bold, strong);
    const shift = strong === "" ? 0 : Math.min(this.#widthOf(strong, bold, room) + 4, room);
    const soft = answer ? content.subtitle : content.soft;
    if (leftOver !== "" && !main) {
      y += fine.leading;
      this.#text("strong", LEFT, y, inner, bold, leftOver);
    } else if (room - shift >= 14)
      this.#text("soft", LEFT + shift, y, room - shift, this.#fit(SMALL, soft, room - shift), soft, "soft");
    y += fine.leading;

    if (main) this.#figures(figures, y, inner, bar);
    else {
      const most = (leading: number): number => Math.min(Math.floor((height - BOTTOM - y - 5) / leading), 3);
      if (content.text !== "" && most(SMALL.leading) > 0) {
        const [type, prose] = this.#wrapped(SMALL, content.text, inner, most);
        this.#text("text", LEFT, y + 5, inner, type, prose, "soft");
      } else {
        // A card with nothing but its name has it in the middle of its height.
        const by = Math.max(Math.round((height - BOTTOM - y) / 2), 0);
        this.pieces = this.pieces.map((piece) => ({ ...piece, y: piece.y + by }));
      }
    }
  }

  /** The first figure with its trend and shape, and the others in a row, between y and the bar of progress. */
  #figures([main, ...more]: readonly Figure[], y: number, inner: number, bar: number): void {
    const { height, measure, fine } = this;
    if (!main) return;
    const tall = this.figure.leading;
    const floor = height - BOTTOM - bar;
    const lowest = floor - fine.leading;
    // A low card has no row for the others.
    const others = lowest - y >= tall ? more.slice(0, 2) : [];
    const ground = others.length > 0 ? lowest : floor;
    const trend = trendText(main);
    const hasTrend = trend !== "";
    const hasSpark = (main.spark?.length ?? 0) > 1;
    const hasRow = others.length === 0 && ground - y >= tall + fine.leading + 2 && (hasTrend || hasSpark);
    const slack = ground - y - tall - (hasRow ? fine.leading : 0);
    const top = y + Math.round(Math.max(Math.min(slack / 2, bar > 0 ? 6 : 12), 0));

    // Trend and shape share the row below the figure, or one of them stands at its end where that row is taken.
    const isTrendBeside = !hasRow && hasTrend;
    const isSparkBeside = !hasRow && !hasTrend && hasSpark;
    const trendType = { ...fine, weight: 500 };
    const trendRoom = hasRow
      ? inner - (hasSpark ? 58 : 0)
      : Math.min(measure(trend, fontOf(trendType)) + 1, 62 * this.most);
    const room = inner - (isTrendBeside ? trendRoom + 6 : 0) - (isSparkBeside ? 56 : 0);
    const figure = main.text || "–";
    const type =
      measure(figure, fontOf(this.figure)) <= room - 4 ? this.figure : { ...this.figure, size: 15 * this.most };
    this.#text("value", LEFT, top, room, type, figure);
    const used = Math.min(this.#widthOf(figure, type, room), room) + 6;
    const below = Math.round(7 * this.most);
    const { label } = main;
    if (room - used >= 16)
      this.#text("unit", LEFT + used, top + below, room - used, this.#fit(SMALL, label, room - used), label, "soft");
    const trendX = hasRow ? LEFT : LEFT + inner - trendRoom;
    const align = hasRow ? "left" : "right";
    this.#text("trend", trendX, top + (hasRow ? tall : below), trendRoom, trendType, trend, trendTone(main), align);
    if (main.spark && (isSparkBeside || (hasRow && hasSpark))) {
      const box = { width: 52, height: hasRow ? Math.min(floor - top - tall - 1, 18) : 18 };
      const path = sparkPath(main.spark, box.width, box.height);
      if (path)
        this.pieces.push({ type: "spark", x: LEFT + inner - 52, y: top + (hasRow ? tall - 1 : 5), ...box, path });
    }

    const each = (inner - (others.length - 1) * 8) / Math.max(others.length, 1);
    for (const [i, { text, label }] of others.entries()) {
      const x = LEFT + i * (each + 8);
      const bold = this.#fit(BOLD, `${text || "–"} ${label}`, each);
      this.#text("other", x, lowest, each, bold, text || "–");
      const from = this.#widthOf(text || "–", bold, each) + 4;
      this.#text("other", x + from, lowest, Math.max(each - from, 0), { ...bold, weight: SMALL.weight }, label, "soft");
    }

    if (typeof main.progress !== "number") return;
    const progress = { type: "bar" as const, x: LEFT, y: height - BOTTOM - 4, height: 4 };
    const share = Math.min(Math.max(main.progress, 0), 1);
    const tone = !main.status || main.status === "none" ? "colour" : main.status;
    this.pieces.push({ ...progress, width: inner, tone: "line" });
    if (share > 0) this.pieces.push({ ...progress, width: Math.max(inner * share, 4), tone });
  }

  /** When the map is small: the name in larger type, then as much else as is still legible. */
  names(): void {
    const { content, height, scale, measure } = this;
    const inner = this.width - LEFT - RIGHT;
    const type = this.#titleType(TITLE.size * scale, inner);
    const room = height - 18;
    const [main] = content.figures;
    const note = content.isPainted ? content.strong || content.soft : (main?.text ?? "");
    const large = content.isPainted ? Math.min(16 * scale, 26) : Math.min(GEOMETRY.figure_size * scale, 30);
    // Rather smaller than cut short, and rather less of it than too small to read.
    const fitting = Math.floor((inner / Math.max(measure(note, fontOf({ size: large, weight: 650 })), 1)) * large);
    const noteSize = fitting >= SMALL.size * scale ? Math.min(fitting, large) : large;
    const noteType = { size: noteSize, weight: 650, leading: Math.round(noteSize * 1.2) };
    const broken = (most: number): string[] => wrap(content.title, inner, Math.max(most, 1), fontOf(type), measure);
    const fits = (lines: number): boolean => lines * type.leading + noteType.leading + 2 <= room;
    let lines = broken(Math.min(Math.floor(room / type.leading), 3));
    // The figure is worth a line of the name, but not the whole name.
    const hasNote = note !== "" && fits(Math.min(lines.length, 2));
    if (hasNote && !fits(lines.length)) lines = broken(lines.length - 1);
    const used = lines.length * type.leading;
    const y = Math.max((height - used - (hasNote ? noteType.leading + 2 : 0)) / 2, 8);
    this.#text("title", LEFT, y, inner, type, lines);
    if (!hasNote) return;
    const noteY = y + used + 2;
    const [shown, rest] = wholeParts(note, inner, fontOf(noteType), measure);
    this.#text("value", LEFT, noteY, inner, noteType, shown);
    const unit = content.isPainted ? (content.strong === "" ? "" : content.soft) : (main?.label ?? "");
    const size = SMALL.size * scale;
    const unitType = { size, weight: 400, leading: size * 1.3 };
    if (rest !== "") {
      const below = noteY + noteType.leading;
      const [more] = wholeParts(rest, inner, fontOf(unitType), measure);
      if (below + unitType.leading <= height - 6) this.#text("unit", LEFT, below, inner, unitType, more, "soft");
      return;
    }
    const taken = this.#widthOf(shown, noteType, inner) + 7;
    const middle = noteY + (noteType.leading - unitType.leading) / 2 + (noteSize - size) * 0.3;
    if (measure(unit, fontOf(unitType)) <= inner - taken)
      this.#text("unit", LEFT + taken, middle, inner - taken, unitType, unit, "soft");
  }

  /** Pill and diamond: the name in the middle, and one figure below it. */
  small(): void {
    const { content, width, height, scale } = this;
    const isPill = content.shape === "pill";
    const inner = isPill ? width - 36 : width * 0.62;
    const [main] = content.figures;
    const whole = content.isPainted ? content.strong : (main?.text ?? "");
    const rest = content.isPainted ? content.soft : (main?.label ?? "");
    const isWhole = scale <= LARGEST_WHOLE;
    const type = isWhole
      ? this.#fit(TITLE, content.title, inner)
      : this.#titleType(TITLE.size * Math.min(scale, isPill ? 1.7 : 1.6), inner);
    const hasNote = (whole !== "" || rest !== "") && scale < 1.5;
    const noteType = {
      ...(isWhole ? this.#fit(BOLD, `${whole} ${rest}`, inner) : larger(SMALL, scale)),
      weight: SMALL.weight,
    };
    const boldType = { ...noteType, weight: 650 };
    const [figure] = wholeParts(whole, inner, fontOf(boldType), this.measure);
    const noteHeight = hasNote ? noteType.leading : 0;
    const room = isPill ? height - 8 : height * 0.52;
    const most = Math.max(Math.min(Math.floor((room - noteHeight) / type.leading), 3), 1);
    const lines = wrap(content.title, inner, most, fontOf(type), this.measure);
    const x = (width - inner) / 2;
    const y = (height - lines.length * type.leading - noteHeight) / 2;
    this.#text("title", x, y, inner, type, lines, "text", "center");
    if (!hasNote) return;
    const strong = this.#widthOf(figure, boldType, inner);
    const gap = strong > 0 ? 4 * scale : 0;
    const left = inner - strong - gap;
    const soft = left < 14 ? 0 : this.#widthOf(rest, noteType, left);
    const from = x + (inner - strong - (soft > 0 ? gap + soft : 0)) / 2;
    const noteY = y + lines.length * type.leading;
    // One pixel more than measured, so that rounding never costs the last letter.
    this.#text("strong", from, noteY, strong + 1, boldType, figure);
    if (soft > 0) this.#text("soft", from + strong + gap, noteY, soft + 1, noteType, rest, "soft");
  }

  /** How many cards lie within, on the lower border: the place to open it. */
  inside(): void {
    const { inside } = this.content;
    if (inside === 0) return;
    const text = String(Math.min(inside, 999));
    const { x, y, width, height } = insideMark(this.width, this.height, inside);
    this.pieces.push({ type: "bar", x, y, width, height, tone: "card", border: "line_strong" });
    this.#mark("inside", x + 6, y + 2.5, text, 600);
  }

  /** How many threads are open, that something is wrong, that it is locked: on the upper border, from the right. */
  badges(): void {
    const { comments, isLocked, trouble } = this.content;
    const chip = {
      type: "bar" as const,
      y: -BADGE_HEIGHT / 2,
      height: BADGE_HEIGHT,
      tone: "card",
      border: "line_strong",
    } as const;
    let x = this.width - 10;
    if (comments > 0) {
      const text = String(Math.min(comments, 99));
      const width = text.length > 1 ? 38 : 32;
      x -= width;
      this.pieces.push({ ...chip, x, width });
      this.#mark("comment", x + 6, -6.5, text, 600);
      x -= 4;
    }
    const sign = (icon: string, tone: Tone): void => {
      x -= 26;
      this.pieces.push({ ...chip, x, width: 26 });
      this.pieces.push({ type: "icon", icon, x: x + 6, y: -7, width: 14, height: 14, tone });
      x -= 4;
    };
    if (trouble !== "") sign("warning", trouble);
    if (isLocked) sign("lock", "soft");
  }

  /** A small icon and its number. */
  #mark(icon: string, x: number, y: number, text: string, weight: number): void {
    this.pieces.push({ type: "icon", icon, x, y, width: 13, height: 13, tone: "soft" });
    this.#text("other", x + 15, y - 1, 20, { size: 10.5, weight, leading: 15 }, [text], "soft");
  }

  /** The wanted size, or as much smaller as it takes for the longest word to stay whole; never below the near size. */
  #titleType(wanted: number, inner: number): Type {
    const words = this.content.title.split(" ");
    const longest = Math.max(...words.map((word) => this.measure(word, fontOf(TITLE))), 1);
    const fitting = Math.floor((inner / longest) * TITLE.size * 2) / 2;
    const size = Math.max(Math.min(wanted, fitting), TITLE.size);
    return { size, weight: TITLE.weight, leading: Math.round(TITLE.leading * (size / TITLE.size) * 0.94) };
  }
}
