/** A clip read from a text that anybody may have written: whole and within the limits, or refused with the reason. */
import {
  ATTRIBUTES,
  type Attribute,
  type Attributes,
  DEFAULT_FLOW_KIND,
  DEFAULT_NODE_KIND,
  FLOW_KINDS,
  LIMITS,
  NODE_KINDS,
} from "../generated/schema";
import { CLIP_FORMAT, CLIP_VERSION, type Clip, type ClipFlow, type ClipNode } from "./clip";
import { own } from "./kinds";

/** Each card is two changes, itself and its place. */
const MOST_CARDS = LIMITS.message_changes / 2;

/** The clip in a text, or why it cannot be taken; attributes that the vocabulary does not know are left out. */
export function readClip(text: string): { clip: Clip; problem: "" } | { clip: null; problem: string } {
  try {
    return { clip: checkedClip(text), problem: "" };
  } catch (error) {
    return { clip: null, problem: `This cannot be pasted: ${error instanceof Error ? error.message : error}` };
  }
}

function checkedClip(text: string): Clip {
  if (text.length > LIMITS.message_bytes)
    throw new Error(`a paste has at most ${count(LIMITS.message_bytes)} characters; this has ${count(text.length)}`);
  const given = asRecord(parsed(text), "the clip");
  if (given.format !== CLIP_FORMAT || given.version !== CLIP_VERSION)
    throw new Error(
      `version ${JSON.stringify(given.version)} of ${JSON.stringify(given.format)} is not known here; known is version ${CLIP_VERSION} of ${CLIP_FORMAT}`,
    );
  const nodes = asList(given.nodes, "cards", MOST_CARDS).map((node, i) => checkedNode(node, `card ${i + 1}`));
  const ids = new Set(nodes.map(({ id }) => id));
  if (!nodes.length) throw new Error("there are no cards in it");
  if (ids.size < nodes.length) throw new Error("two of its cards have the same id");
  const flows = asList(given.flows, "flows", LIMITS.message_changes).map((flow, i) =>
    checkedFlow(flow, `flow ${i + 1}`, ids),
  );
  return { nodes: nodes.map((node) => inside(node, ids)), flows };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is not whole");
  }
}

function asRecord(value: unknown, what: string): Attributes {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is malformed`);
  return value as Attributes;
}

function asList(value: unknown, what: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw new Error(`its ${what} are malformed`);
  if (value.length > most)
    throw new Error(`one step takes at most ${count(most)} ${what}; these are ${count(value.length)}`);
  return value;
}

function checkedNode(value: unknown, what: string): ClipNode {
  const { id, x, y, width, height, parent, attributes } = asRecord(value, what);
  if (!isId(id)) throw new Error(`${what} has no id`);
  if (!isCoordinate(x) || !isCoordinate(y)) throw new Error(`${what} has no place`);
  const { kind, ...known } = knownAttributes(asRecord(attributes, `what ${what} says`));
  const label = typeof known.label === "string" ? known.label.replace(/\s+/g, " ").trim() : "";
  if (!label) throw new Error(`${what} has no name`);
  return {
    id,
    x,
    y,
    ...(isSize(width) && isSize(height) ? { width, height } : {}),
    ...(isId(parent) ? { parent } : {}),
    attributes: { kind: own(NODE_KINDS, String(kind)) ? kind : DEFAULT_NODE_KIND, ...known, label },
  };
}

/** A parent that is not there, or whose parents lead back to the node itself, is none. */
function inside(node: ClipNode, ids: ReadonlySet<string>): ClipNode {
  const { parent, ...rest } = node;
  return parent === undefined || (ids.has(parent) && parent !== node.id) ? node : rest;
}

function checkedFlow(value: unknown, what: string, ids: ReadonlySet<string>): ClipFlow {
  const { source, target, attributes } = asRecord(value, what);
  if (!isId(source) || !isId(target) || !ids.has(source) || !ids.has(target))
    throw new Error(`${what} does not join two of its cards`);
  const { kind, ...known } = knownAttributes(asRecord(attributes, `what ${what} says`));
  return { source, target, attributes: { kind: own(FLOW_KINDS, String(kind)) ? kind : DEFAULT_FLOW_KIND, ...known } };
}

// ---- values -----------------------------------------------------------------------------------------

/** Attributes of the vocabulary whose values are of their type; the kind as it stands. */
function knownAttributes(given: Attributes): Attributes {
  const known = Object.entries(given).filter(([name, value]) => {
    const attribute = own(ATTRIBUTES, name);
    return attribute && name !== "parent" && name !== "locked" && fits(attribute, value, name);
  });
  return { kind: given.kind, ...Object.fromEntries(known) };
}

function fits({ type, minimum, maximum, choices }: Attribute, value: unknown, name: string): boolean {
  if (type === "boolean") return typeof value === "boolean";
  if (type === "texts")
    return Array.isArray(value) && value.length <= LIMITS.nested_items && value.every((item) => isText(item, name));
  if (type === "number" || type === "integer") {
    if (typeof value !== "number" || !Number.isFinite(value)) return false;
    const isWhole = type === "number" || Number.isInteger(value);
    return isWhole && value >= (minimum ?? value) && value <= (maximum ?? value);
  }
  if (type === "choice") return typeof value === "string" && (choices ?? []).includes(value);
  if (type === "date")
    return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
  return isText(value, name);
}

/** As the kernel takes it: not too long, and without control characters and halves of characters. */
function isText(value: unknown, name: string): value is string {
  const most = name === "label" ? LIMITS.label_characters : LIMITS.text_characters;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return typeof value === "string" && value.length <= most && !/[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]/u.test(value);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LIMITS.id_characters;
}

function isCoordinate(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= LIMITS.coordinate;
}

function count(n: number): string {
  return n.toLocaleString("en");
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= LIMITS.coordinate;
}
