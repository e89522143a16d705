/** The changes that gestures propose. */
import type { Attributes, Change } from "../generated/schema";
import { DEFAULT_FLOW_KIND, DEFAULT_NODE_KIND, FLOW_KINDS, LENSES, LIMITS, NODE_KINDS } from "../generated/schema";
import { own, titleOf } from "../model/kinds";
import type { Store } from "../model/store";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A node put somewhere by hand stays there: it is pinned. */
export function moveNode(store: Store, id: string, to: Place): Change {
  const values = { x: round(to.x), y: round(to.y), pinned: true };
  const at = ["position", store.lens, id];
  return store.hasPosition(id) ? { at, set: values } : { at, add: values };
}

export function addNode(
  store: Store,
  id: string,
  kind: string,
  label: string,
  to: Place,
  also: Attributes = {},
): Change[] {
  return [
    { at: ["node", id], add: { kind, label, ...also } },
    { at: ["position", store.lens, id], add: { x: round(to.x), y: round(to.y), pinned: true } },
  ];
}

export function addFlow(key: string, kind: string, source: string, target: string): Change {
  return { at: ["flow", key], add: { kind, source, target } };
}

/** A whole tenth is finer than any screen, and short on the wire. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Gives an attribute a value; `undefined` takes it off. */
export function setOrUnset(at: string[], name: string, value: unknown): Change {
  return value === undefined ? { at, unset: [name] } : { at, set: { [name]: value } };
}

export function lensNodeKinds(lens: string): readonly string[] {
  return own(LENSES, lens)?.node_kinds ?? [DEFAULT_NODE_KIND];
}

export function lensFlowKind(lens: string): string {
  return own(LENSES, lens)?.flow_kind ?? DEFAULT_FLOW_KIND;
}

/** What a node is called in a sentence. */
export function nodeTitle(kind: string): string {
  return titleOf(NODE_KINDS, kind);
}

/** Why a flow of this kind may not join these kinds of node; empty when it may. The kernel holds the same rule. */
export function whyNot(flowKind: string, sourceKind: string, targetKind: string): string {
  const { connects = [] } = own(FLOW_KINDS, flowKind) ?? {};
  if (!connects.length || connects.some(([from, to]) => from?.includes(sourceKind) && to?.includes(targetKind)))
    return "";
  const ends = connects.map(([from, to]) => `${titles(from)} to ${titles(to)}`).join(", or ");
  const given = `${nodeTitle(sourceKind)} to ${nodeTitle(targetKind)}`;
  return `A “${titleOf(FLOW_KINDS, flowKind)}” goes from ${ends}; this would go from ${given}.`;
}

/** The same for two nodes of the map. */
export function whyNotBetween({ nodes }: Store, flowKind: string, source: string, target: string): string {
  return whyNot(flowKind, nodes.get(source)?.kind ?? "", nodes.get(target)?.kind ?? "");
}

/** The name of a node, or its id where it has gone. */
export function labelled({ nodes }: Store, id: string): string {
  return nodes.get(id)?.label ?? id;
}

function titles(kinds: readonly string[] | undefined): string {
  return (kinds ?? []).map((kind) => nodeTitle(kind).toLowerCase()).join(" / ");
}

/** A name as typed, made fit for the map; with the reason when it is not. */
export function checkedName(text: string): { name: string; problem: string } {
  const name = text.replace(/\s+/g, " ").trim();
  if (!name) return { name, problem: "A name is needed" };
  const most = LIMITS.label_characters;
  return { name, problem: name.length > most ? `At most ${most} characters; this has ${name.length}` : "" };
}

/** “Lead” or “3 cards and 2 flows”: what an edit is about, for its label. */
export function describe(store: Store, nodes: ReadonlySet<string>, flows: ReadonlySet<string>): string {
  const [node] = nodes;
  if (nodes.size === 1 && !flows.size && node !== undefined) return shortened(labelled(store, node));
  return [counted(nodes.size, "card"), counted(flows.size, "flow")].filter(Boolean).join(" and ");
}

export function counted(n: number, noun: string): string {
  return n ? `${n} ${noun}${n === 1 ? "" : "s"}` : "";
}

export function shortened(text: string, limit = 40): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
