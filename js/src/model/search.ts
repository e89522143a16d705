/** Finds cards and flows by what they are called and what is said of them, the best match first. */
import { NODE_KINDS } from "../generated/schema";
import { titleOf } from "./kinds";
import type { FlowAttributes, MapReading, NodeAttributes } from "./reading";

export interface Match {
  readonly type: "node" | "flow";
  readonly id: string;
  /** How well it matches; less is better. */
  readonly rank: number;
  /** The attribute in which it was found; empty for the label. */
  readonly via: string;
}

/** From a label that is just this text, down to a word within a description. */
const RANKS = { whole: 0, start: 1, word: 2, inside: 3, id: 4, fieldWord: 5, field: 6, prose: 7 } as const;
/** Attributes that are looked into, those in which a word weighs less behind. */
const FIELDS = { node: ["owner", "team", "tags", "systems"], flow: ["condition", "what"] } as const;
const PROSE = { node: ["description", "objective", "actions"], flow: ["description"] } as const;

type Named = readonly [name: string, text: string];
type Element = NodeAttributes | FlowAttributes;

/** What of an element is compared. */
interface Entry {
  readonly id: string;
  /** Everything that is said of it as one text: what is not in here is nowhere in it. */
  readonly all: string;
  /** The same piece by piece; made when something is found. */
  parts: Parts | null;
}

interface Parts {
  readonly label: string;
  readonly id: string;
  readonly fields: readonly Named[];
  readonly prose: readonly Named[];
}

/** A text as it is compared: no capitals, no accents. */
export function folded(text: string): string {
  // Upper case first, because only so “ß” and “SS” become one.
  const plain = /^[\0-\x7f]*$/.test(text) ? text : text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase();
  return plain.toLowerCase();
}

/** Every card and flow that matches all words of the query; of equal matches a card first, and a short label. */
export function search({ nodes, flows }: Pick<MapReading, "nodes" | "flows">, query: string): Match[] {
  const phrase = phraseOf(query);
  if (!phrase) return [];
  const words = phrase.split(" ");
  const found: { readonly match: Match; readonly order: number }[] = [];
  const look = (type: Match["type"], id: string, element: Element) => {
    const entry = entryOf(type, id, element);
    for (const word of words) if (!entry.all.includes(word)) return;
    entry.parts ??= partsOf(type, id, element);
    const place = placeOf(entry.parts, phrase, words);
    if (!place) return;
    const order = place.rank * 1e7 + (type === "flow" ? 5e6 : 0) + entry.parts.label.length;
    found.push({ match: { type, id, ...place }, order });
  };
  for (const [id, node] of nodes) look("node", id, node);
  for (const [key, flow] of flows) look("flow", key, flow);
  return found.sort((a, b) => a.order - b.order).map(({ match }) => match);
}

/** Which part of a label the query stands for, to be marked; `null` when it stands nowhere in it. */
export function markOf(label: string, query: string): readonly [from: number, to: number] | null {
  const text = folded(label);
  const phrase = phraseOf(query);
  if (!phrase || text.length !== label.length) return null; // folding moved the letters
  const at = wordStart(text, phrase);
  const from = at >= 0 ? at : text.indexOf(phrase);
  return from < 0 ? null : [from, from + phrase.length];
}

function phraseOf(query: string): string {
  return folded(query).trim().replace(/\s+/g, " ");
}

// ---- what is compared --------------------------------------------------------------------------------

/** An element that changes is another object, so that what was made of it once is good for as long as it lives. */
const entries = new WeakMap<object, Entry>();

function entryOf(type: Match["type"], id: string, element: Element): Entry {
  let entry = entries.get(element);
  if (entry?.id !== id) {
    const texts = [...FIELDS[type], ...PROSE[type]].map((name) => textOf(element[name]));
    entry = {
      id,
      all: folded([textOf(element.label), codeOf(id), kindOf(type, element), ...texts].join("\n")),
      parts: null,
    };
    entries.set(element, entry);
  }
  return entry;
}

function partsOf(type: Match["type"], id: string, element: Element): Parts {
  const named = (names: readonly string[]): Named[] => names.map((name) => [name, folded(textOf(element[name]))]);
  return {
    label: folded(textOf(element.label)),
    id: folded(codeOf(id)),
    fields: [["kind", folded(kindOf(type, element))], ...named(FIELDS[type])],
    prose: named(PROSE[type]),
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join("\n") : "";
}

/** Nobody looks for the id that an element has only until the kernel names it. */
function codeOf(id: string): string {
  return id.startsWith("~") ? "" : id;
}

/** Almost all flows are of one kind, which therefore says nothing. */
function kindOf(type: Match["type"], { kind }: Element): string {
  return type === "node" ? titleOf(NODE_KINDS, kind) : "";
}

// ---- how well it matches -----------------------------------------------------------------------------

type Place = Pick<Match, "rank" | "via">;

function placeOf(parts: Parts, phrase: string, words: readonly string[]): Place | null {
  const whole = bestOf(parts, phrase);
  if (whole && (words.length === 1 || whole.rank <= RANKS.inside)) return whole;
  let worst: Place = { rank: -1, via: "" };
  for (const word of words) {
    const place = bestOf(parts, word);
    if (!place) return null;
    if (place.rank > worst.rank) worst = place;
  }
  return worst;
}

/** The best place in which one text is found. */
function bestOf({ label, id, fields, prose }: Parts, text: string): Place | null {
  const inLabel = label.indexOf(text);
  if (inLabel === 0) return { rank: label === text ? RANKS.whole : RANKS.start, via: "" };
  if (inLabel > 0) return { rank: wordStart(label, text) > 0 ? RANKS.word : RANKS.inside, via: "" };
  if (id.includes(text)) return { rank: RANKS.id, via: "id" };
  const beginning = fields.find(([, field]) => wordStart(field, text) >= 0);
  if (beginning) return { rank: RANKS.fieldWord, via: beginning[0] };
  const holding = fields.find(([, field]) => field.includes(text));
  if (holding) return { rank: RANKS.field, via: holding[0] };
  const telling = prose.find(([, story]) => story.includes(text));
  return telling ? { rank: RANKS.prose, via: telling[0] } : null;
}

const IN_A_WORD = /[\p{L}\p{N}]/u;

/** Where the text begins a word; −1 when it begins none. */
function wordStart(text: string, part: string): number {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (at === 0 || !IN_A_WORD.test(text.charAt(at - 1))) return at;
  return -1;
}
