/** The map as it shows: the document with layers laid over it, kept up to date element by element. */
import type { About, Attributes, Card, Overlay, Status } from "../generated/schema";
import { DEFAULT_FLOW_KIND, DEFAULT_LENS, DEFAULT_NODE_KIND, GEOMETRY, NODE_KINDS } from "../generated/schema";
import type { BaseDocument } from "./base";
import { keyOf, pathOf } from "./changes";
import type { Layer } from "./layer";
import { MultiIndex } from "./multi_index";
import type { FlowAttributes, NodeAttributes, Position, Touched } from "./reading";

/** `Touched` while it is being gathered. */
class Gathering implements Touched {
  everything = false;
  readonly nodes = new Set<string>();
  readonly flows = new Set<string>();
  readonly positions = new Set<string>();
  readonly cards = new Set<string>();
  comments = false;
  map = false;
  overlays = false;
  status = false;
}

const CARD = NODE_KINDS[DEFAULT_NODE_KIND] ?? { width: 200, height: 120 };
const SLOTS_A_ROW = 6;

export class Effective {
  map: Attributes = {};
  readonly nodes = new Map<string, NodeAttributes>();
  readonly flows = new Map<string, FlowAttributes>();
  readonly positions = new Map<string, Position>();
  readonly comments = new Map<string, Attributes>();
  readonly cards = new Map<string, Card>();
  readonly overlays = new Map<string, Overlay>();
  status!: Status;
  about!: About;
  lens = DEFAULT_LENS;
  layers: () => Iterable<Layer>;

  // A flow whose end is gone is hidden, and remembered for when the end comes back.
  readonly #flowEnds = new Map<string, readonly [string, string]>();
  readonly #hiddenFlowsAt = new MultiIndex();
  readonly #flowsAt = new MultiIndex();
  readonly #commentsOn = new MultiIndex();
  readonly #slots = new Map<string, Position>();
  #slotTop = 0;
  #base: BaseDocument;

  constructor(base: BaseDocument, layers: () => Iterable<Layer>) {
    this.#base = base;
    this.layers = layers;
    this.rebuild(base);
  }

  flowsOf(node: string): ReadonlySet<string> {
    return this.#flowsAt.of(node);
  }

  hasPosition(node: string): boolean {
    return this.#read(keyOf(["position", this.lens, node])) !== undefined;
  }

  /** Reads everything anew: another document, another lens. */
  rebuild(base: BaseDocument): Touched {
    this.#base = base;
    for (const room of [this.nodes, this.flows, this.positions, this.comments, this.cards, this.overlays]) room.clear();
    for (const index of [this.#hiddenFlowsAt, this.#flowsAt, this.#commentsOn]) index.clear();
    this.#flowEnds.clear();
    this.#slots.clear();
    this.map = this.#read("map") ?? {};
    this.lens = typeof this.map.lens === "string" ? this.map.lens : DEFAULT_LENS;
    this.#slotTop = 0;
    const placed = base.positions.get(this.lens);
    for (const at of placed?.values() ?? []) {
      this.#slotTop = Math.max(this.#slotTop, Number(at.y) + CARD.height + GEOMETRY.row_gap);
    }
    // The document first, as it is; then what the layers alter, which is little.
    for (const [id, node] of base.nodes) this.nodes.set(id, withNodeDefaults(id, node));
    for (const id of this.nodes.keys()) this.#setPosition(id, placed?.get(id));
    for (const [key, flow] of base.flows) this.#setFlow(key, flow);
    for (const [id, comment] of base.comments) this.#setComment(id, comment);
    for (const [id, card] of base.cards) this.cards.set(id, card as unknown as Card);
    for (const [name, overlay] of base.overlays) this.overlays.set(name, overlay as unknown as Overlay);
    const keys = new Set<string>(["status", "about"]);
    for (const layer of this.layers()) for (const key of layer.keys()) keys.add(key);
    this.#refresh(keys);
    const touched = new Gathering();
    touched.everything = true;
    return touched;
  }

  /** Reads these elements anew; returns what a reader must redraw. */
  refresh(keys: ReadonlySet<string>): Touched {
    if (keys.has("map")) {
      const lens = this.#read("map")?.lens ?? DEFAULT_LENS;
      if (lens !== this.lens) return this.rebuild(this.#base);
    }
    return this.#refresh(keys);
  }

  #read(key: string): Attributes | undefined {
    let value = this.#base.read(pathOf(key));
    for (const layer of this.layers()) value = layer.apply(key, value);
    return value;
  }

  #refresh(given: ReadonlySet<string>): Touched {
    const touched = new Gathering();
    const rooms: Record<string, Set<string>> = {};
    const into = (kind: string, id: string) => {
      rooms[kind] ??= new Set();
      rooms[kind].add(id);
    };
    for (const key of given) {
      const [kind = "", id = "", node = ""] = pathOf(key);
      if (kind !== "position") into(kind, id);
      else if (id === this.lens) into(kind, node);
    }
    let returned = false;
    for (const id of rooms.node ?? []) {
      const was = this.nodes.has(id);
      const node = this.#read(keyOf(["node", id]));
      if (node) this.nodes.set(id, withNodeDefaults(id, node));
      else this.nodes.delete(id);
      touched.nodes.add(id);
      if (was === (node !== undefined)) continue;
      returned ||= node !== undefined && this.#base.nodes.has(id);
      into("position", id);
      for (const key of this.#flowsAt.of(id)) into("flow", key);
      for (const key of this.#hiddenFlowsAt.of(id)) into("flow", key);
      for (const comment of this.#commentsOn.of(id)) into("comment", comment);
    }
    if (returned) this.#restoreOrder();
    for (const key of rooms.flow ?? []) {
      this.#setFlow(key, this.#read(keyOf(["flow", key])));
      touched.flows.add(key);
    }
    for (const id of rooms.position ?? []) {
      this.#setPosition(id, this.#read(keyOf(["position", this.lens, id])));
      touched.positions.add(id);
    }
    for (const id of rooms.comment ?? []) {
      this.#setComment(id, this.#read(keyOf(["comment", id])));
      touched.comments = true;
    }
    for (const id of rooms.card ?? []) {
      const card = this.#read(keyOf(["card", id])) as Card | undefined;
      if (card) this.cards.set(id, card);
      else this.cards.delete(id);
      touched.cards.add(id);
    }
    for (const name of rooms.overlay ?? []) {
      const overlay = this.#read(keyOf(["overlay", name])) as Overlay | undefined;
      this.overlays.delete(name);
      if (overlay) this.overlays.set(name, overlay);
      touched.overlays = true;
    }
    if (rooms.map) {
      this.map = this.#read("map") ?? {};
      touched.map = true;
    }
    if (rooms.status) this.status = this.#read("status") as unknown as Status;
    if (rooms.about) this.about = this.#read("about") as unknown as About;
    touched.status = Boolean(rooms.status || rooms.about);
    return touched;
  }

  #setFlow(key: string, flow: Attributes | undefined): void {
    const before = this.#flowEnds.get(key);
    if (before) {
      for (const end of before) {
        this.#hiddenFlowsAt.delete(end, key);
        this.#flowsAt.delete(end, key);
      }
    }
    if (!flow) {
      this.#flowEnds.delete(key);
      this.flows.delete(key);
      return;
    }
    const ends = [String(flow.source), String(flow.target)] as const;
    const shows = this.nodes.has(ends[0]) && this.nodes.has(ends[1]);
    this.#flowEnds.set(key, ends);
    for (const end of ends) (shows ? this.#flowsAt : this.#hiddenFlowsAt).add(end, key);
    if (shows) this.flows.set(key, withFlowDefaults(flow));
    else this.flows.delete(key);
  }

  #setPosition(id: string, at: Attributes | undefined): void {
    if (!this.nodes.has(id)) {
      this.positions.delete(id);
      return;
    }
    const x = Number(at?.x);
    const y = Number(at?.y);
    const usable = at !== undefined && Number.isFinite(x) && Number.isFinite(y);
    this.positions.set(id, usable ? { x, y, pinned: at.pinned === true } : this.#slot(id));
  }

  #setComment(id: string, comment: Attributes | undefined): void {
    const before = this.#base.comments.get(id) ?? this.comments.get(id);
    if (comment) {
      this.#commentsOn.add(String(comment.on), id);
      if (this.nodes.has(String(comment.on))) {
        this.comments.set(id, comment);
        return;
      }
    } else if (before) this.#commentsOn.delete(String(before.on), id);
    this.comments.delete(id);
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

  /** A node that came back (a refused removal) takes its old place in the order, which decides its colour. */
  #restoreOrder(): void {
    const shown = new Map(this.nodes);
    this.nodes.clear();
    for (const id of this.#base.nodes.keys()) {
      const node = shown.get(id);
      if (node) this.nodes.set(id, node);
    }
    for (const [id, node] of shown) this.nodes.set(id, node);
  }
}

function withNodeDefaults(id: string, node: Attributes): NodeAttributes {
  if (typeof node.kind === "string" && typeof node.label === "string") return node as NodeAttributes;
  return {
    ...node,
    kind: typeof node.kind === "string" ? node.kind : DEFAULT_NODE_KIND,
    label: typeof node.label === "string" ? node.label : id,
  };
}

function withFlowDefaults(flow: Attributes): FlowAttributes {
  const { source, target, kind } = flow;
  if (typeof source === "string" && typeof target === "string" && typeof kind === "string")
    return flow as FlowAttributes;
  const known = typeof kind === "string" ? kind : DEFAULT_FLOW_KIND;
  return { ...flow, source: String(source), target: String(target), kind: known };
}
