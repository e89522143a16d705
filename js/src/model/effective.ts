/** The map as it shows: the document with layers laid over it, kept up to date element by element. */
import type { About, Attributes, Card, Overlay, Status } from "../generated/schema";
import { CARD, DEFAULT_FLOW_KIND, DEFAULT_LENS, DEFAULT_NODE_KIND, GEOMETRY } from "../generated/schema";
import type { BaseDocument } from "./base";
import { keyOf, pathOf } from "./changes";
import type { Layer } from "./layer";
import { MultiIndex } from "./multi_index";
import type { FlowAttributes, NodeAttributes, Position, Touched } from "./reading";

const SLOTS_A_ROW = 6;

const text = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);

export abstract class Effective {
  map: Attributes = {};
  readonly nodes = new Map<string, NodeAttributes>();
  readonly flows = new Map<string, FlowAttributes>();
  readonly positions = new Map<string, Position>();
  readonly comments = new Map<string, Attributes>();
  readonly votes = new Map<string, Set<string>>();
  readonly cards = new Map<string, Card>();
  readonly overlays = new Map<string, Overlay>();
  status!: Status;
  about!: About;
  lens = DEFAULT_LENS;

  protected base!: BaseDocument;
  // A flow whose end is gone is hidden, and remembered for when the end comes back.
  readonly #flowEnds = new Map<string, readonly [string, string]>();
  readonly #hiddenFlowsAt = new MultiIndex();
  readonly #flowsAt = new MultiIndex();
  readonly #commentsOn = new MultiIndex();
  readonly #contents = new MultiIndex();
  readonly #slots = new Map<string, Position>();
  #slotTop = 0;

  protected abstract layers(): Iterable<Layer>;

  /** Keys of the flows that touch a node. */
  flowsOf(node: string): ReadonlySet<string> {
    return this.#flowsAt.of(node);
  }

  contentOf(node: string): ReadonlySet<string> {
    return this.#contents.of(node);
  }

  /** Whether the map itself places the node, or only a provisional slot does. */
  hasPosition(node: string): boolean {
    return this.#read(["position", this.lens, node]) !== undefined;
  }

  /** Reads everything anew: another document, another lens. */
  protected rebuild(base: BaseDocument): Touched {
    this.base = base;
    const { nodes, flows, positions, comments, votes, cards, overlays } = this;
    for (const room of [nodes, flows, positions, comments, votes, cards, overlays]) room.clear();
    for (const index of [this.#hiddenFlowsAt, this.#flowsAt, this.#commentsOn, this.#contents]) index.clear();
    for (const room of [this.#flowEnds, this.#slots]) room.clear();
    this.map = this.#read(["map"]) ?? {};
    this.lens = text(this.map.lens, DEFAULT_LENS);
    this.#slotTop = 0;
    const placed = base.room("position", this.lens);
    for (const { y } of placed.values())
      this.#slotTop = Math.max(this.#slotTop, Number(y) + CARD.height + GEOMETRY.row_gap);
    // The document first, as it is; then what the layers alter, which is little.
    for (const [id, node] of base.room("node")) this.#set("node", id, node);
    for (const id of nodes.keys()) this.#set("position", id, placed.get(id));
    for (const kind of ["flow", "comment", "card", "overlay"])
      for (const [id, value] of base.room(kind)) this.#set(kind, id, value);
    for (const [node, voters] of base.shelves("vote"))
      for (const voter of voters.keys()) this.#setVote(node, voter, true);
    const keys = new Set(["status", "about"]);
    for (const layer of this.layers()) for (const key of layer.keys()) keys.add(key);
    return { ...this.#refresh(keys), everything: true };
  }

  /** Reads these elements anew; returns what a reader must redraw. */
  protected refresh(keys: ReadonlySet<string>): Touched {
    const hasOtherLens = keys.has("map") && (this.#read(["map"])?.lens ?? DEFAULT_LENS) !== this.lens;
    return hasOtherLens ? this.rebuild(this.base) : this.#refresh(keys);
  }

  #read(at: readonly string[]): Attributes | undefined {
    const key = keyOf(at);
    let value = this.base.read(at);
    for (const layer of this.layers()) value = layer.apply(key, value);
    return value;
  }

  #refresh(given: ReadonlySet<string>): Touched {
    const touched = {
      nodes: new Set<string>(),
      flows: new Set<string>(),
      positions: new Set<string>(),
      cards: new Set<string>(),
    };
    const paths = [...given].map(pathOf);
    const isNode = ([kind]: readonly string[]) => kind === "node";
    // Nodes first: whether they are there decides about what lies on them.
    const later = new Map(paths.filter((at) => !isNode(at)).map((at) => [keyOf(at), at]));
    let returned = false;
    for (const at of paths.filter(isNode)) {
      const id = at[1] ?? "";
      const was = this.nodes.has(id);
      this.#set("node", id, this.#read(at));
      touched.nodes.add(id);
      const is = this.nodes.has(id);
      if (was === is) continue;
      returned ||= is && this.base.room("node").has(id);
      const also = (...path: string[]) => later.set(keyOf(path), path);
      also("position", this.lens, id);
      for (const index of [this.#flowsAt, this.#hiddenFlowsAt]) for (const key of index.of(id)) also("flow", key);
      for (const comment of this.#commentsOn.of(id)) also("comment", comment);
      for (const voter of this.base.room("vote", id).keys()) also("vote", id, voter);
    }
    if (returned) this.#restoreOrder();
    const kinds = new Set<string>();
    for (const at of later.values()) {
      const [kind = ""] = at;
      const id = at.at(-1) ?? "";
      if (kind === "position" && at[1] !== this.lens) continue;
      kinds.add(kind);
      if (kind === "vote") this.#setVote(at[1] ?? "", id, this.#read(at) !== undefined);
      else this.#set(kind, id, this.#read(at));
      if (kind === "flow" || kind === "position" || kind === "card") touched[`${kind}s`].add(id);
    }
    return {
      ...touched,
      everything: false,
      comments: kinds.has("comment") || kinds.has("vote"),
      map: kinds.has("map"),
      overlays: kinds.has("overlay"),
      status: kinds.has("status") || kinds.has("about"),
    };
  }

  #set(kind: string, id: string, value: Attributes | undefined): void {
    if (kind === "node") this.#setNode(id, value);
    else if (kind === "position") this.#setPosition(id, value);
    else if (kind === "flow") this.#setFlow(id, value);
    else if (kind === "comment") this.#setComment(id, value);
    else if (kind === "card") put(this.cards, id, value as Card | undefined);
    else if (kind === "overlay") {
      this.overlays.delete(id); // painted again it is the newest
      put(this.overlays, id, value as Overlay | undefined);
    } else if (kind === "map") this.map = value ?? {};
    else if (kind === "status") this.status = value as unknown as Status;
    else if (kind === "about") this.about = value as unknown as About;
  }

  #setNode(id: string, value: Attributes | undefined): void {
    const before = this.nodes.get(id)?.parent;
    const parent = value?.parent;
    if (typeof before === "string" && before !== parent) this.#contents.delete(before, id);
    if (typeof parent === "string") this.#contents.add(parent, id);
    put(this.nodes, id, value && withNodeDefaults(id, value));
  }

  #setFlow(key: string, flow: Attributes | undefined): void {
    for (const end of this.#flowEnds.get(key) ?? []) {
      this.#hiddenFlowsAt.delete(end, key);
      this.#flowsAt.delete(end, key);
    }
    this.#flowEnds.delete(key);
    const ends = flow && ([String(flow.source), String(flow.target)] as const);
    const shows = ends?.every((end) => this.nodes.has(end));
    put(this.flows, key, shows ? withFlowDefaults(flow as Attributes) : undefined);
    if (!ends) return;
    this.#flowEnds.set(key, ends);
    for (const end of ends) (shows ? this.#flowsAt : this.#hiddenFlowsAt).add(end, key);
  }

  #setPosition(id: string, at: Attributes | undefined): void {
    if (!this.nodes.has(id)) {
      this.positions.delete(id);
      return;
    }
    const x = Number(at?.x);
    const y = Number(at?.y);
    const usable = at !== undefined && Number.isFinite(x + y);
    this.positions.set(id, usable ? { ...sizeOf(at), x, y, pinned: at.pinned === true } : this.#slot(id));
  }

  #setComment(id: string, comment: Attributes | undefined): void {
    const known = comment ?? this.base.read(["comment", id]) ?? this.comments.get(id);
    const on = String(known?.on);
    if (comment) this.#commentsOn.add(on, id);
    else this.#commentsOn.delete(on, id);
    put(this.comments, id, this.nodes.has(on) ? comment : undefined);
  }

  #setVote(node: string, voter: string, isThere: boolean): void {
    const voters = new Set(this.votes.get(node));
    if (isThere && this.nodes.has(node)) voters.add(voter);
    else voters.delete(voter);
    put(this.votes, node, voters.size ? voters : undefined);
  }

  /** A place for a node that nothing has placed yet: rows under the map. */
  #slot(id: string): Position {
    let slot = this.#slots.get(id);
    if (!slot) {
      const n = this.#slots.size;
      const x = (n % SLOTS_A_ROW) * (CARD.width + GEOMETRY.rank_gap);
      const y = this.#slotTop + Math.floor(n / SLOTS_A_ROW) * (CARD.height + GEOMETRY.row_gap);
      slot = { x, y, pinned: false };
      this.#slots.set(id, slot);
    }
    return slot;
  }

  /** A node that came back (a refused removal) takes its old place in the order, which decides what lies above. */
  #restoreOrder(): void {
    if (this.#isInOrder()) return;
    const shown = new Map(this.nodes);
    this.nodes.clear();
    for (const id of new Set([...this.base.room("node").keys(), ...shown.keys()])) put(this.nodes, id, shown.get(id));
  }

  /** Whether the nodes of the document stand in its order, before all others: as they do when the last one is new. */
  #isInOrder(): boolean {
    const shown = this.nodes.keys();
    for (const id of this.base.room("node").keys()) if (this.nodes.has(id) && shown.next().value !== id) return false;
    return true;
  }
}

function sizeOf({ width, height }: Attributes): { width: number; height: number } | undefined {
  return typeof width === "number" && typeof height === "number" ? { width, height } : undefined;
}

function put<T>(room: Map<string, T>, id: string, value: T | undefined): void {
  if (value === undefined) room.delete(id);
  else room.set(id, value);
}

// What is complete, as almost everything is, is not copied.
function withNodeDefaults(id: string, node: Attributes): NodeAttributes {
  const { kind, label } = node;
  if (typeof kind === "string" && typeof label === "string") return node as NodeAttributes;
  return { ...node, kind: text(kind, DEFAULT_NODE_KIND), label: text(label, id) };
}

function withFlowDefaults(flow: Attributes): FlowAttributes {
  const { source, target, kind } = flow;
  if (typeof source === "string" && typeof target === "string" && typeof kind === "string")
    return flow as FlowAttributes;
  return { ...flow, source: String(source), target: String(target), kind: text(kind, DEFAULT_FLOW_KIND) };
}
