/** What a typed or pasted text would make, told while it is typed. The kernel reads it for good (formats/typed_text.py). */

export interface TypedCount {
  readonly cards: number;
  readonly flows: number;
  /** How many of the cards are on the map already, by their names. */
  readonly known: number;
}

const ARROW = /\s*(?:-{1,3}>|={1,3}>|→|⟶|⇒)\s*/;
const BULLET = /^(?:[-*+•·–—▪◦‣]|\[[ xX]?\]|\(?\d{1,4}[.)]|\(?[a-zA-Z]\))\s+/;
const LABEL = /\s*:\s+|\s*:$/;
const RULE = /^:?-+:?$/;

const nameOf = (text: string): string => text.split(/\s+/).filter(Boolean).join(" ").toLowerCase();

export function countTyped(text: string, labels: Iterable<string>): TypedCount {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim());
  const cards = new Set<string>();
  const flows = new Set<string>();
  const chain = (names: readonly string[], label: string) => {
    for (const [i, name] of names.entries()) {
      cards.add(name);
      const before = names[i - 1];
      if (before !== undefined) flows.add(JSON.stringify([before, name, i === names.length - 1 ? label : ""]));
    }
  };
  const rows = tableRows(lines);
  if (rows) chain(rows, "");
  else {
    const bare = lines.map((line) => line.trim().replace(BULLET, ""));
    if (lines.some((line) => ARROW.test(line))) for (const line of bare) chain(...readChain(line));
    else chain(withoutRepeats(bare.map(nameOf)), "");
  }
  const known = new Set(Array.from(labels, nameOf));
  return { cards: cards.size, flows: flows.size, known: [...cards].filter((name) => known.has(name)).length };
}

/** The names of one line's chain, those that are there yet, and what it calls its last flow. */
function readChain(line: string): [string[], string] {
  const parts = line.split(ARROW);
  const [last = "", ...rest] = parts.length > 1 ? (parts.at(-1) ?? "").split(LABEL) : parts;
  return [[...parts.slice(0, -1), last].map(nameOf).filter(Boolean), rest.join(" ").trim()];
}

function withoutRepeats(names: readonly string[]): string[] {
  return names.filter((name, i) => name && name !== names[i - 1]);
}

/** The stages of a pasted table; `null` where the text is none. */
function tableRows(lines: readonly string[]): string[] | null {
  const [head = ""] = lines;
  const separator = head.includes("\t") ? "\t" : head.includes("|") ? "|" : "";
  if (!separator || ARROW.test(head)) return null;
  const cells = (line: string): string[] => {
    const inner = separator === "|" && head.trim().startsWith("|") ? line.trim().replace(/^\||\|$/g, "") : line;
    return inner.split(separator).map((cell) => cell.trim());
  };
  const at = cells(head).findIndex((cell) => cell.toLowerCase() === "stage");
  if (at < 0) return null;
  const body = lines.slice(1).map(cells);
  return body
    .filter((row) => !row.every((cell) => !cell || RULE.test(cell)))
    .map((row) => nameOf(row[at] ?? ""))
    .filter(Boolean);
}
