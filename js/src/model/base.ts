/** The document as the kernel last told it: elements by path, patched in place. */
import type { About, Attributes, Card, Change, Document, Overlay, Status } from "../generated/schema";
import { applyChange, keyOf } from "./changes";
import { MultiIndex } from "./multi_index";

type Room = "nodes" | "flows" | "comments" | "cards" | "overlays";
const ROOMS: Readonly<Record<string, Room>> = {
  node: "nodes",
  flow: "flows",
  comment: "comments",
  card: "cards",
  overlay: "overlays",
};
type Single = "map" | "status" | "about";
const SINGLES: ReadonlySet<string> = new Set<Single>(["map", "status", "about"]);

export class BaseDocument {
  epoch: string;
  seq: number;
  readonly nodes: Map<string, Attributes>;
  readonly flows: Map<string, Attributes>;
  readonly comments: Map<string, Attributes>;
  readonly cards: Map<string, Attributes>;
  readonly overlays: Map<string, Attributes>;
  readonly positions: Map<string, Map<string, Attributes>>;
  readonly #singles: Record<Single, Attributes>;
  readonly #ends = new MultiIndex();

  constructor(document: Document) {
    this.epoch = document.epoch;
    this.seq = document.seq;
    this.nodes = new Map(Object.entries(document.nodes));
    this.flows = new Map(Object.entries(document.flows));
    this.comments = new Map(Object.entries(document.comments));
    this.cards = new Map(Object.entries(document.cards) as unknown as [string, Attributes][]);
    this.overlays = new Map(Object.entries(document.overlays) as unknown as [string, Attributes][]);
    this.positions = new Map(
      Object.entries(document.positions).map(([lens, at]) => [lens, new Map(Object.entries(at))]),
    );
    this.#singles = {
      map: document.map,
      status: document.status as unknown as Attributes,
      about: document.about as unknown as Attributes,
    };
    for (const [key, flow] of this.flows) this.#link(key, flow);
  }

  read(at: readonly string[]): Attributes | undefined {
    const [kind = "", id = "", node = ""] = at;
    if (kind === "position") return this.positions.get(id)?.get(node);
    const room = ROOMS[kind];
    if (room) return this[room].get(id);
    return SINGLES.has(kind) ? this.#singles[kind as Single] : undefined;
  }

  /** Applies one change and reports every element that it altered. */
  apply(change: Change, report: (key: string) => void): void {
    const [kind = "", id = "", node = ""] = change.at;
    const next = applyChange(this.read(change.at), change);
    report(keyOf(change.at));
    if (kind === "position") {
      const lens = this.positions.get(id) ?? new Map<string, Attributes>();
      this.positions.set(id, lens);
      if (next) lens.set(node, next);
      else lens.delete(node);
    } else if (kind === "flow") {
      this.#setFlow(id, next);
    } else if (kind === "overlay") {
      this.overlays.delete(id); // painted again it is the newest, and the newest is shown
      if (next) this.overlays.set(id, next);
    } else if (ROOMS[kind]) {
      const room = this[ROOMS[kind]];
      if (next) room.set(id, next);
      else if (room.delete(id) && kind === "node") this.#cascade(id, report);
    } else if (SINGLES.has(kind) && next) {
      this.#singles[kind as Single] = next;
    }
  }

  #cascade(node: string, report: (key: string) => void): void {
    for (const key of [...this.#ends.of(node)]) {
      this.#setFlow(key, undefined);
      report(keyOf(["flow", key]));
    }
    for (const [lens, at] of this.positions) if (at.delete(node)) report(keyOf(["position", lens, node]));
    for (const [id, comment] of this.comments) {
      if (comment.on !== node) continue;
      this.comments.delete(id);
      report(keyOf(["comment", id]));
    }
    if (this.cards.delete(node)) report(keyOf(["card", node]));
  }

  #setFlow(key: string, next: Attributes | undefined): void {
    const before = this.flows.get(key);
    if (before) {
      this.#ends.delete(String(before.source), key);
      this.#ends.delete(String(before.target), key);
    }
    if (next) {
      this.flows.set(key, next);
      this.#link(key, next);
    } else this.flows.delete(key);
  }

  #link(key: string, flow: Attributes): void {
    this.#ends.add(String(flow.source), key);
    this.#ends.add(String(flow.target), key);
  }

  /** One part of the document as a plain value. */
  part<Name extends keyof Document>(name: Name): Document[Name] {
    return this.#parts[name]() as Document[Name];
  }

  /** The document as a plain object. */
  plain(): Document {
    const names = Object.keys(this.#parts) as (keyof Document)[];
    return Object.fromEntries(names.map((name) => [name, this.part(name)])) as unknown as Document;
  }

  readonly #parts: { readonly [Name in keyof Document]: () => Document[Name] } = {
    epoch: () => this.epoch,
    seq: () => this.seq,
    map: () => this.#singles.map,
    nodes: () => Object.fromEntries(this.nodes),
    flows: () => Object.fromEntries(this.flows),
    positions: () => Object.fromEntries([...this.positions].map(([lens, at]) => [lens, Object.fromEntries(at)])),
    comments: () => Object.fromEntries(this.comments),
    cards: () => Object.fromEntries(this.cards) as unknown as Record<string, Card>,
    overlays: () => Object.fromEntries(this.overlays) as unknown as Record<string, Overlay>,
    status: () => this.#singles.status as unknown as Status,
    about: () => this.#singles.about as unknown as About,
  };
}
