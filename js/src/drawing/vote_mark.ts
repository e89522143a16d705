/** The mark of votes on the upper border of a card or frame, from the left: a dot and how many; filled with one's own. */
import type { Piece, Tone } from "./cardplan";
import type { CardContent } from "./content";
import { fontOf, type Measure } from "./text";

const HEIGHT = 18;
const DOT = 9;

export function voteMark({ votes, hasVoted }: CardContent, scale: number, measure: Measure): Piece[] {
  if (votes === 0) return [];
  const text = String(votes);
  const type = { size: 10.5 * scale, weight: 650 };
  const wide = Math.ceil(measure(text, fontOf(type))) + 1;
  const tone = (own: Tone, other: Tone) => (hasVoted ? own : other);
  const chip = { x: 10, y: (-HEIGHT / 2) * scale, width: 27 * scale + wide, height: HEIGHT * scale };
  const dot = { x: 10 + 7 * scale, y: (-DOT / 2) * scale, width: DOT * scale, height: DOT * scale };
  const number = { x: 10 + 20 * scale, y: -7.5 * scale, width: wide, height: 15 * scale };
  return [
    { type: "bar", ...chip, tone: tone("accent", "card"), border: tone("accent", "line_strong") },
    { type: "bar", ...dot, tone: tone("on_accent", "accent") },
    {
      type: "text",
      role: "other",
      ...number,
      ...type,
      leading: 15 * scale,
      lines: [text],
      tone: tone("on_accent", "text"),
      align: "left",
    },
  ];
}
