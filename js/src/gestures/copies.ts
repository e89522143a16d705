/** The changes that put a clip on the map. */
import type { Point } from "../drawing/geometry";
import { type Attributes, type Change, DEFAULT_FLOW_KIND } from "../generated/schema";
import type { Clip, ClipNode } from "../model/clip";
import type { Store } from "../model/store";
import { counted, round, shortened, whyNot } from "./changes";

export interface Copies {
  /** Temporary ids of the new nodes and flows. */
  readonly nodes: readonly string[];
  readonly flows: readonly string[];
  /** The elements themselves, without their places. */
  readonly elements: readonly Change[];
  /** The places of all nodes, with the middle of the clip at this point. */
  places(middle: Point): Change[];
}

/** `belonging`: what else is said of a node that nothing in the clip holds, such as what holds it. */
export function copiesOf(store: Store, clip: Clip, belonging: (node: ClipNode) => Attributes = () => ({})): Copies {
  const ids = new Map(clip.nodes.map(({ id }) => [id, store.temporaryId()]));
  const named = (id: string): string => ids.get(id) ?? id;
  const nodes = holdersFirst(clip.nodes);
  const kinds = new Map(nodes.map(({ id, attributes }) => [id, String(attributes.kind)]));
  const elements: Change[] = nodes.map((node) => {
    const holder = node.parent === undefined ? belonging(node) : { parent: named(node.parent) };
    return { at: ["node", named(node.id)], add: { ...node.attributes, ...holder } };
  });
  const flows = clip.flows.map(({ source, target, attributes }) => {
    const key = store.temporaryId();
    const isRefused = whyNot(String(attributes.kind), kinds.get(source) ?? "", kinds.get(target) ?? "") !== "";
    const kind = isRefused ? DEFAULT_FLOW_KIND : attributes.kind;
    elements.push({ at: ["flow", key], add: { ...attributes, kind, source: named(source), target: named(target) } });
    return key;
  });
  return {
    nodes: nodes.map(({ id }) => named(id)),
    flows,
    elements,
    places: (middle) =>
      nodes.map(({ id, x, y, width, height }) => {
        const size = width === undefined || height === undefined ? {} : { width, height };
        const at = { x: round(middle.x + x), y: round(middle.y + y) };
        return { at: ["position", store.lens, named(id)], add: { ...at, pinned: true, ...size } };
      }),
  };
}

/** What holds a node holds its copy. */
export function heldLike(store: Store, id: string): Attributes {
  const parent = store.nodes.get(id)?.parent;
  return parent === undefined ? {} : { parent };
}

/** What holds others comes before them; parents that lead in a circle hold nothing. */
function holdersFirst(nodes: readonly ClipNode[]): ClipNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = new Map<string, ClipNode>();
  for (const node of nodes) {
    const above = new Map<string, ClipNode>();
    let at: ClipNode | undefined = node;
    while (at && !placed.has(at.id) && !above.has(at.id)) {
      above.set(at.id, at);
      at = byId.get(at.parent ?? "");
    }
    for (const one of [...above.values()].reverse()) {
      const { parent, ...free } = one;
      placed.set(one.id, parent === undefined || placed.has(parent) ? one : free);
    }
  }
  return [...placed.values()];
}

/** “Lead”, or “3 cards and 2 flows”. */
export function inWords({ nodes, flows }: Clip): string {
  const [only, ...others] = nodes;
  if (only && !others.length && !flows.length) return shortened(String(only.attributes.label));
  return [counted(nodes.length, "card"), counted(flows.length, "flow")].filter(Boolean).join(" and ");
}
