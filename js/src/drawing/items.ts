/** What there is and where: nodes and flows as items, found by name and by place, on the map or lifted into the hand. */
import { CARD } from "../generated/schema";
import { kindOf } from "../model/kinds";
import { MultiIndex } from "../model/multi_index";
import type { FlowAttributes, MapReading, NodeAttributes, Position } from "../model/reading";
import type { Outline } from "./borders";
import { categoryName } from "./categories";
import { frameRect } from "./frames";
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
  /** The open frames: they lie below all else, and are in nobody's way. */
  readonly frames = new Map<string, NodeItem>();
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
    const lifted = this.liftedNodes().filter(({ outline }) => outline.shape !== "frame" && overlaps(outline.rect, box));
    return [...this.nodesIn(box), ...lifted];
  }

  /** The open frames of the still map, those that hold others first. */
  stillFrames(): NodeItem[] {
    return [...this.frames.values()]
      .filter(({ id }) => !this.#lifted.has(id))
      .sort((a, b) => this.#depth(a) - this.#depth(b));
  }

  /** The open frames that hold any of these nodes, the innermost first. */
  framesAround(ids: Iterable<string>): NodeItem[] {
    const around = new Set<NodeItem>();
    if (this.frames.size > 0) for (const id of ids) for (const frame of this.#framesOf(id)) around.add(frame);
    return [...around].sort((a, b) => this.#depth(b) - this.#depth(a));
  }

  /** Changed nodes in the order in which to renew them: cards, then frames, theirs and those around, from the inside out. */
  inOrder(changed: ReadonlySet<string>): string[] {
    const isFrame = (id: string): boolean => {
      const node = this.reading.nodes.get(id);
      return node !== undefined && isOpenFrame(node);
    };
    const around = [...changed].flatMap((id) => [id, ...this.#parentsOf(id)]).filter(isFrame);
    return [...[...changed].filter((id) => !isFrame(id)), ...this.#fromInside(around)];
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
    for (const all of [this.nodes, this.frames, this.flows, this.#pairs, this.#nodeIndex, this.#flowIndex]) all.clear();
    const frames: string[] = [];
    for (const [id, node] of this.reading.nodes) {
      if (isOpenFrame(node)) frames.push(id);
      else this.#putNode(id, this.#makeNode(id, node, before.nodes.get(id)));
    }
    for (const id of this.#fromInside(frames)) {
      const node = this.reading.nodes.get(id);
      if (node) this.#putNode(id, this.#makeNode(id, node, before.nodes.get(id)));
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
    this.#putNode(id, item);
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
    if (item && item.outline.shape !== "frame" && !this.#lifted.has(id))
      this.#nodeIndex.set(id, item.outline.rect, item);
    else this.#nodeIndex.remove(id);
  }

  indexFlow(item: FlowItem): void {
    const box = this.isFlowLifted(item) ? undefined : this.#boxOf(item);
    if (box) this.#flowIndex.set(item.key, box, item);
    else this.#flowIndex.remove(item.key);
  }

  #putNode(id: string, item: NodeItem | undefined): void {
    if (item) this.nodes.set(id, item);
    else this.nodes.delete(id);
    if (item?.outline.shape === "frame") this.frames.set(id, item);
    else this.frames.delete(id);
    this.indexNode(id);
  }

  #makeNode(id: string, node: NodeAttributes, before: NodeItem | undefined): NodeItem | undefined {
    const at = this.reading.positions.get(id);
    if (!at) return undefined;
    const order = before?.order ?? ++this.#order;
    return { id, order, outline: this.#outlineOf(id, node, at, before), category: categoryName(node) };
  }

  #outlineOf(id: string, node: NodeAttributes, at: Position, before: NodeItem | undefined): Outline {
    const { width, height, shape } = kindOf(node.kind);
    if (shape !== "frame") return { rect: around(at, width, height), shape };
    if (!isOpenFrame(node)) return { rect: around(at, CARD.width, CARD.height), shape: "card" };
    // While something of its content is in the hand a frame holds still: it would run after it.
    if (before?.outline.shape === "frame" && !this.#lifted.has(id) && this.#holdsLifted(id)) return before.outline;
    return { rect: frameRect(at, bounds(found(this.nodes, this.#framed(id)).map(rectOfItem))), shape };
  }

  /** What a frame is drawn around: its content, and what lies beside that. */
  *#framed(id: string): Iterable<string> {
    for (const child of this.reading.contentOf(id)) {
      yield child;
      if (!kindOf(this.reading.nodes.get(child)?.kind ?? "").holds) yield* this.#framed(child);
    }
  }

  isInFrame(id: string): boolean {
    return this.#framesOf(id).length > 0;
  }

  /** A frame is as large as what it holds, so that comes first. */
  #fromInside(ids: Iterable<string>): string[] {
    const depths = new Map([...ids].map((id) => [id, [...this.#parentsOf(id)].length]));
    return [...depths.keys()].sort((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0));
  }

  /** The nodes that hold a node, from the inside out. */
  *#parentsOf(id: string): Iterable<string> {
    const seen = new Set<string>();
    for (let at = this.reading.nodes.get(id)?.parent; typeof at === "string" && !seen.has(at); ) {
      yield at;
      seen.add(at);
      at = this.reading.nodes.get(at)?.parent;
    }
  }

  #framesOf(id: string): NodeItem[] {
    return found(this.frames, this.#parentsOf(id));
  }

  #depth({ id }: NodeItem): number {
    return this.#framesOf(id).length;
  }

  #holdsLifted(frame: string): boolean {
    return [...this.#lifted].some((id) => this.#framesOf(id).some((holder) => holder.id === frame));
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

const rectOfItem = ({ outline }: NodeItem): Rect => outline.rect;

function isOpenFrame({ kind, collapsed }: NodeAttributes): boolean {
  return kindOf(kind).shape === "frame" && collapsed !== true;
}

const byOrder = (a: { readonly order: number }, b: { readonly order: number }): number => a.order - b.order;

function pairName({ source, target }: FlowItem): string {
  return source < target ? `${source}\n${target}` : `${target}\n${source}`;
}

function found<T>(all: ReadonlyMap<string, T>, names: Iterable<string>): T[] {
  return [...names].map((name) => all.get(name)).filter((item) => item !== undefined);
}
