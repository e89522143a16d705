/** What there is and where: nodes and flows as items, found by name and by place, on the map or lifted into the hand. */
import { kindOf } from "../model/kinds";
import { MultiIndex } from "../model/multi_index";
import type { FlowAttributes, MapReading, NodeAttributes } from "../model/reading";
import type { Outline } from "./borders";
import { categoryName } from "./categories";
import { around, bounds, grow, overlaps, type Rect, union } from "./geometry";
import { reachBeyond } from "./routes";
import { SpatialIndex } from "./spatial";

export interface NodeItem {
  readonly id: string;
  /** Later lies above. */
  readonly order: number;
  readonly outline: Outline;
  readonly category: string;
}

export interface FlowItem {
  readonly key: string;
  readonly source: string;
  readonly target: string;
  readonly order: number;
}

export class Items {
  readonly nodes = new Map<string, NodeItem>();
  readonly flows = new Map<string, FlowItem>();
  readonly #pairs = new MultiIndex();
  readonly #nodeIndex = new SpatialIndex<NodeItem>();
  readonly #flowIndex = new SpatialIndex<FlowItem>();
  #lifted: ReadonlySet<string> = new Set();
  #order = 0;

  constructor(readonly reading: MapReading) {}

  node(id: string): NodeItem | undefined {
    return this.nodes.get(id);
  }

  flow(key: string): FlowItem | undefined {
    return this.flows.get(key);
  }

  rectOf(id: string): Rect | undefined {
    return this.nodes.get(id)?.outline.rect;
  }

  /** Nodes of the still map within a box, from the lowest to the topmost. */
  nodesIn(box: Rect): NodeItem[] {
    return this.#nodeIndex.search(box).sort(byOrder);
  }

  /** Flows of the still map that may pass through a box. */
  flowsIn(box: Rect): FlowItem[] {
    return this.#flowIndex.search(box).sort(byOrder);
  }

  /** All nodes that a box touches, those in the hand last. */
  allNodesIn(box: Rect): NodeItem[] {
    return [...this.nodesIn(box), ...this.liftedNodes().filter((item) => overlaps(item.outline.rect, box))];
  }

  meetsNode(box: Rect): boolean {
    return this.#nodeIndex.collides(box);
  }

  flowsOf(id: string): FlowItem[] {
    return found(this.flows, this.reading.flowsOf(id));
  }

  /** Flows between the same two nodes, in either direction, itself among them. */
  siblings(item: FlowItem): FlowItem[] {
    return found(this.flows, this.#pairs.of(pairName(item))).sort(byOrder);
  }

  /** The box of these nodes, or of all. */
  extent(ids: Iterable<string> = this.nodes.keys()): Rect | undefined {
    return bounds(found(this.nodes, ids).map((item) => item.outline.rect));
  }

  // ---- in the hand ----------------------------------------------------------------------------------

  get lifted(): ReadonlySet<string> {
    return this.#lifted;
  }

  liftedNodes(): NodeItem[] {
    return found(this.nodes, this.#lifted);
  }

  liftedFlows(): FlowItem[] {
    return [...new Set([...this.#lifted].flatMap((id) => this.flowsOf(id)))];
  }

  /** A flow is in the hand when either of its nodes is. */
  isFlowLifted(item: FlowItem): boolean {
    return this.#lifted.has(item.source) || this.#lifted.has(item.target);
  }

  lift(ids: ReadonlySet<string>): void {
    this.#lifted = new Set(ids);
  }

  // ---- change ---------------------------------------------------------------------------------------

  /** Everything from the reading, afresh. */
  rebuild(): void {
    const before = { nodes: new Map(this.nodes), flows: new Map(this.flows) };
    for (const all of [this.nodes, this.flows, this.#pairs, this.#nodeIndex, this.#flowIndex]) all.clear();
    for (const [id, node] of this.reading.nodes) {
      const item = this.#makeNode(id, node, before.nodes.get(id));
      if (!item) continue;
      this.nodes.set(id, item);
      this.indexNode(id);
    }
    for (const [key, flow] of this.reading.flows) {
      const item = this.#makeFlow(key, flow, before.flows.get(key));
      this.flows.set(key, item);
      this.#pairs.add(pairName(item), key);
      this.indexFlow(item);
    }
  }

  /** One node from the reading; gives what it is now, undefined when it is gone or has no place. */
  renewNode(id: string): NodeItem | undefined {
    const node = this.reading.nodes.get(id);
    const item = node && this.#makeNode(id, node, this.nodes.get(id));
    if (item) this.nodes.set(id, item);
    else this.nodes.delete(id);
    this.indexNode(id);
    return item;
  }

  renewFlow(key: string): FlowItem | undefined {
    const before = this.flows.get(key);
    const flow = this.reading.flows.get(key);
    if (before) this.#pairs.delete(pairName(before), key);
    const item = flow && this.#makeFlow(key, flow, before);
    if (item) {
      this.flows.set(key, item);
      this.#pairs.add(pairName(item), key);
      this.indexFlow(item);
    } else {
      this.flows.delete(key);
      this.#flowIndex.remove(key);
    }
    return item;
  }

  /** Brings the index in line with where the node is, and whether it is in the hand. */
  indexNode(id: string): void {
    const item = this.nodes.get(id);
    if (item && !this.#lifted.has(id)) this.#nodeIndex.set(id, item.outline.rect, item);
    else this.#nodeIndex.remove(id);
  }

  indexFlow(item: FlowItem): void {
    const box = this.isFlowLifted(item) ? undefined : this.#boxOf(item);
    if (box) this.#flowIndex.set(item.key, box, item);
    else this.#flowIndex.remove(item.key);
  }

  #makeNode(id: string, node: NodeAttributes, before: NodeItem | undefined): NodeItem | undefined {
    const at = this.reading.positions.get(id);
    if (!at) return undefined;
    const { width, height, shape } = kindOf(node.kind);
    const order = before?.order ?? ++this.#order;
    return { id, order, outline: { rect: around(at, width, height), shape }, category: categoryName(node) };
  }

  #makeFlow(key: string, flow: FlowAttributes, before: FlowItem | undefined): FlowItem {
    return { key, source: flow.source, target: flow.target, order: before?.order ?? ++this.#order };
  }

  /** A box that holds whatever route the flow may take, so that no route need be known to index it. */
  #boxOf(item: FlowItem): Rect | undefined {
    const source = this.rectOf(item.source);
    const target = this.rectOf(item.target);
    return source && target ? grow(union(source, target), reachBeyond(source, target)) : undefined;
  }
}

const byOrder = (a: { readonly order: number }, b: { readonly order: number }): number => a.order - b.order;

function pairName({ source, target }: FlowItem): string {
  return source < target ? `${source}\n${target}` : `${target}\n${source}`;
}

function found<T>(all: ReadonlyMap<string, T>, names: Iterable<string>): T[] {
  return [...names].map((name) => all.get(name)).filter((item) => item !== undefined);
}
