/** The document as the kernel last told it: elements by path, patched in place. */
import type { Attributes, Change, Document } from "../generated/schema";
import { applyWithin, keyOf } from "./changes";
import { MultiIndex } from "./multi_index";

type Room = Map<string, Attributes>;
const PARTS = [
  "epoch",
  "seq",
  "map",
  "nodes",
  "flows",
  "positions",
  "comments",
  "votes",
  "cards",
  "overlays",
  "status",
  "about",
];
const KINDS = ["node", "flow", "comment", "card", "overlay"] as const;
const SINGLES = ["map", "status", "about"] as const;

export class BaseDocument {
  readonly epoch: string;
  seq: number;
  /** Elements of one kind by id; all of a path but its end names the room: positions have one a lens, votes one a node. */
  readonly #rooms = new Map<string, Room>();
  readonly #ends = new MultiIndex();

  constructor(document: Document) {
    this.epoch = document.epoch;
    this.seq = document.seq;
    const fill = (room: string, elements: unknown) =>
      this.#rooms.set(room, new Map(Object.entries(elements as Record<string, Attributes>)));
    for (const kind of KINDS) fill(kind, document[`${kind}s`]);
    for (const [kind, shelves] of Object.entries({ position: document.positions, vote: document.votes }))
      for (const [name, inside] of Object.entries(shelves)) fill(keyOf([kind, name]), inside);
    fill("", Object.fromEntries(SINGLES.map((name) => [name, document[name]])));
    for (const [key, flow] of this.room("flow")) this.#link(key, flow);
  }

  room(...path: readonly string[]): Room {
    const name = keyOf(path);
    let room = this.#rooms.get(name);
    if (!room) {
      room = new Map();
      this.#rooms.set(name, room);
    }
    return room;
  }

  /** The rooms of a kind that has several, by their own names: positions by lens, votes by node. */
  shelves(kind: "position" | "vote"): [name: string, room: Room][] {
    const start = keyOf([kind, ""]);
    return [...this.#rooms].flatMap(([name, room]) =>
      name.startsWith(start) ? [[name.slice(start.length), room]] : [],
    );
  }

  read(at: readonly string[]): Attributes | undefined {
    return this.#rooms.get(keyOf(at.slice(0, -1)))?.get(at.at(-1) ?? "");
  }

  /** Applies one change and reports every element that it altered. */
  apply(change: Change, report: (key: string) => void): void {
    const [kind] = change.at;
    // A change of an answer may lead on into a part of it.
    const at = kind === "overlay" ? change.at.slice(0, 2) : change.at;
    const id = at.at(-1) ?? "";
    const room = this.room(...at.slice(0, -1));
    const next = applyWithin(room.get(id), change, change.at.slice(at.length));
    report(keyOf(at));
    if (kind === "flow") {
      this.#setFlow(id, next);
      return;
    }
    if (kind === "overlay") room.delete(id); // painted again it is the newest, and the newest is shown
    if (next) room.set(id, next);
    else if (room.delete(id) && kind === "node") this.#cascade(id, report);
  }

  /** What lies on a node goes with it. */
  #cascade(node: string, report: (key: string) => void): void {
    for (const key of [...this.#ends.of(node)]) {
      this.#setFlow(key, undefined);
      report(keyOf(["flow", key]));
    }
    for (const [id, comment] of this.room("comment")) {
      if (comment.on === node && this.room("comment").delete(id)) report(keyOf(["comment", id]));
    }
    const votes = this.room("vote", node);
    for (const voter of votes.keys()) report(keyOf(["vote", node, voter]));
    votes.clear();
    for (const [name, room] of this.#rooms) {
      if ((name === "card" || name.startsWith("position")) && room.delete(node)) report(keyOf([name, node]));
    }
  }

  #setFlow(key: string, next: Attributes | undefined): void {
    const flows = this.room("flow");
    const before = flows.get(key);
    if (before) for (const end of ["source", "target"]) this.#ends.delete(String(before[end]), key);
    if (next) {
      flows.set(key, next);
      this.#link(key, next);
    } else flows.delete(key);
  }

  #link(key: string, flow: Attributes): void {
    for (const end of ["source", "target"]) this.#ends.add(String(flow[end]), key);
  }

  /** One part of the document as a plain value. */
  #part(name: string): unknown {
    if (name === "epoch" || name === "seq") return this[name];
    if (name === "positions" || name === "votes") {
      const shelves = this.shelves(name === "votes" ? "vote" : "position").filter(([, room]) => room.size);
      return Object.fromEntries(shelves.map(([shelf, room]) => [shelf, Object.fromEntries(room)]));
    }
    return this.read([name]) ?? Object.fromEntries(this.room(name.slice(0, -1)));
  }

  /** The document as a plain object whose parts are made when they are looked at, by what `latest` then is. */
  static live(latest: () => BaseDocument): Document {
    const live = {};
    for (const name of PARTS) Object.defineProperty(live, name, { enumerable: true, get: () => latest().#part(name) });
    return live as Document;
  }
}
