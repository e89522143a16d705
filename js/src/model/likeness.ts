/** Which names are like a given one: for lists whose first entry is most often the right one. */
import { folded } from "./search";

/** How much of two texts is the same, from 0 to 1: pairs of letters that both have (Dice 1945). */
export function likeness(a: string, b: string): number {
  const [one, other] = [pairsOf(a), pairsOf(b)];
  const left = [...other];
  let both = 0;
  for (const pair of one) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    both += 1;
  }
  return (2 * both) / Math.max(one.length + other.length, 1);
}

/** Begins and ends count as letters, so that a name of one letter has pairs too. */
function pairsOf(text: string): string[] {
  const letters = ` ${folded(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
  return Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2));
}

/** Less than this is chance. */
const LIKE = 0.5;

/** The ids of named things, the most like first; of equally like ones as they come. The first may be `like` at all. */
export function byLikeness(
  text: string,
  named: Iterable<readonly [id: string, name: string]>,
): { ids: string[]; like: string | null } {
  const all = [...named].map(([id, name]) => ({ id, likeness: likeness(text, name) }));
  all.sort((a, b) => b.likeness - a.likeness);
  const [first] = all;
  return { ids: all.map(({ id }) => id), like: first && first.likeness >= LIKE ? first.id : null };
}
