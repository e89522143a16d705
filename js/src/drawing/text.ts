/** Text that fits: measuring, ellipsis, wrapping to a number of lines. */
import { GEOMETRY } from "../generated/schema";

/** The width of a text in a font, in pixels. */
export type Measure = (text: string, font: string) => number;

const FAMILY = 'system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif';

export function fontOf({ size, weight }: { readonly size: number; readonly weight: number }): string {
  return `${weight} ${size}px ${FAMILY}`;
}

const KEPT = 20_000;

/** Measures through a canvas, and remembers. */
export function canvasMeasure(context: CanvasRenderingContext2D): Measure {
  const known = new Map<string, number>();
  return (text, font) => {
    const name = `${font}\n${text}`;
    let width = known.get(name);
    if (width === undefined) {
      if (context.font !== font) context.font = font;
      width = context.measureText(text).width;
      if (known.size >= KEPT) known.clear();
      known.set(name, width);
    }
    return width;
  };
}

/**
 * One line: control characters and runs of white space become one space, but for those that do not break, as within a
 * number; never longer than could be shown.
 */
export function oneLine(text: string): string {
  return (
    text
      .slice(0, 600)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/(?:[^\S\u00a0\u202f]|[\u0000-\u001f\u007f])+/g, " ")
      .trim()
  );
}

/** One line of small print beside a figure, or nothing when it is too long: a sentence is for the pointer and the ear. */
export function brief(text: string): string {
  const line = oneLine(text);
  return line.length <= GEOMETRY.detail_characters ? line : "";
}

/**
 * What of a figure fits: its parts (`34.8 % · 421`) from the first on, else its number alone, which a narrow space keeps
 * together with its unit; and what is left over. Half a number would be another one.
 */
export function wholeParts(text: string, width: number, font: string, measure: Measure): [shown: string, rest: string] {
  const parts = text.split(" · ");
  for (let n = parts.length; n > 0; n--) {
    const shown = parts.slice(0, n).join(" · ");
    if (measure(shown, font) <= width) return [shown, parts.slice(n).join(" · ")];
  }
  const [number = ""] = text.split(" ");
  if (/^\W*\d/.test(number) && measure(number, font) <= width) return [number, text.slice(number.length + 1)];
  return [ellipsis(text, width, font, measure), ""];
}

/** The text, or as much of its beginning as fits, with an ellipsis. */
export function ellipsis(text: string, width: number, font: string, measure: Measure): string {
  if (measure(text, font) <= width) return text;
  const glyphs = Array.from(text);
  const start = (count: number): string => `${glyphs.slice(0, count).join("").trimEnd()}…`;
  let low = 0;
  let high = glyphs.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(start(middle), font) <= width) low = middle;
    else high = middle - 1;
  }
  return start(low);
}

/** The text broken at spaces into at most `most` lines; a longer word breaks anywhere, the last line ends in an ellipsis. */
export function wrap(text: string, width: number, most: number, font: string, measure: Measure): string[] {
  const words = text.split(" ").filter((word) => word !== "");
  const lines: string[] = [];
  while (words.length > 0 && lines.length < most - 1) {
    let line = words[0] ?? "";
    let taken = 1;
    for (; taken < words.length; taken++) {
      const longer = `${line} ${words[taken]}`;
      if (measure(longer, font) > width) break;
      line = longer;
    }
    const head = taken === 1 ? longestStart(line, width, font, measure) : line;
    words.splice(0, taken, ...(head === line ? [] : [line.slice(head.length)]));
    lines.push(head);
  }
  // No further line: all that is left competes for the last one.
  if (words.length > 0) lines.push(ellipsis(words.join(" "), width, font, measure));
  return lines;
}

function longestStart(word: string, width: number, font: string, measure: Measure): string {
  if (measure(word, font) <= width) return word;
  let head = "";
  for (const glyph of word) {
    if (head !== "" && measure(head + glyph, font) > width) break;
    head += glyph;
  }
  return head;
}
