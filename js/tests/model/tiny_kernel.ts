/** A kernel of the smallest kind, for tests: applies edits in order, names new elements, refuses what it is told to. */
import type { Attributes, Change, Document, FromView, ToView } from "../../src/generated/schema";
import { BaseDocument } from "../../src/model/base";
import { renameChange } from "../../src/model/changes";
import type { Transport } from "../../src/model/operations";

export function emptyDocument(partial: Partial<Document> = {}): Document {
  return {
    epoch: "e1",
    seq: 0,
    map: { id: "sales", name: "Sales", lens: "lifecycle" },
    nodes: {},
    flows: {},
    positions: { lifecycle: {} },
    comments: {},
    votes: {},
    cards: {},
    overlays: {},
    status: { can_undo: false, can_redo: false, undo_label: "", redo_label: "", saved: "", problem: "" },
    about: { questions: [], templates: [], author: "", filter: null, unmatched: [] },
    ...partial,
  };
}

export function smallDocument(): Document {
  return emptyDocument({
    nodes: {
      lead: { kind: "stage", label: "Lead" },
      nurture: { kind: "stage", label: "Nurture" },
      won: { kind: "stage", label: "Won" },
    },
    flows: {
      f1: { source: "lead", target: "nurture", kind: "flow" },
      f2: { source: "nurture", target: "won", kind: "flow" },
    },
    positions: {
      lifecycle: {
        lead: { x: 0, y: 0, pinned: false },
        nurture: { x: 352, y: 0, pinned: false },
        won: { x: 704, y: 0, pinned: false },
      },
    },
    comments: { c1: { on: "nurture", text: "why?", author: "Ada", at: "2026-01-31T09:00:00Z" } },
  });
}

/** A line with two ends whose messages wait until they are let through. */
export class Line implements Transport {
  readonly up: FromView[] = [];
  readonly down: ToView[] = [];
  readonly #listeners = new Set<(message: ToView) => void>();

  send(message: FromView): void {
    this.up.push(structuredClone(message));
  }
  onMessage(listener: (message: ToView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  deliver(message: ToView): void {
    for (const listener of this.#listeners) listener(structuredClone(message));
  }
}

export class TinyKernel {
  readonly document: BaseDocument;
  readonly #lines: Line[] = [];
  readonly #lastIds = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #named = 0;
  refuse: (message: FromView) => string | null = () => null;

  constructor(document: Document) {
    this.document = new BaseDocument(structuredClone(document));
  }

  line(): Line {
    const line = new Line();
    this.#lines.push(line);
    return line;
  }

  /** Takes one waiting message of this line; says whether there was one. */
  take(line: Line): boolean {
    const message = line.up.shift();
    if (message) this.#handle(message);
    return message !== undefined;
  }

  deliver(line: Line): boolean {
    const message = line.down.shift();
    if (message) line.deliver(message);
    return message !== undefined;
  }

  settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const line of this.#lines) moved = this.take(line) || this.deliver(line) || moved;
    }
  }

  /** An edit made in Python. */
  edit(changes: Change[], ack: [string, number] | null = null, ids: Record<string, string> | null = null): void {
    const touched = new Set<string>();
    for (const change of changes) this.document.apply(change, (key) => touched.add(key));
    this.document.seq += 1;
    const told = [...touched].map((key): Change => {
      const at = key.split("\u0000");
      const value = this.document.read(at);
      return value ? { at, add: value } : { at, remove: true };
    });
    this.#broadcast({ op: "patch", seq: this.document.seq, changes: told, ack, ids });
  }

  #broadcast(message: ToView): void {
    for (const line of this.#lines) line.down.push(structuredClone(message));
  }

  #handle(message: FromView): void {
    if (message.op === "resync") {
      const last_id = this.#lastIds.get(message.client) ?? 0;
      this.#broadcast({
        op: "snapshot",
        client: message.client,
        document: BaseDocument.live(() => this.document),
        last_id,
      });
      return;
    }
    if (message.op !== "edit") return;
    const { client, id } = message;
    if (id <= (this.#lastIds.get(client) ?? 0)) {
      this.#broadcast({ op: "ack", client, id, seq: this.document.seq });
      return;
    }
    this.#lastIds.set(client, id);
    const reason = this.refuse(message) ?? this.#missingEnd(message.changes);
    if (reason) {
      this.#broadcast({ op: "refusal", client, id, reason });
      return;
    }
    const ids: Record<string, string> = {};
    for (const { at, add } of message.changes) {
      const temporary = at[1];
      if (!add || !temporary?.startsWith("~") || at[0] === "position") continue;
      this.#named += 1;
      ids[temporary] = `${at[0]}_${this.#named}`;
      this.#names.set(temporary, ids[temporary]);
    }
    const names = Object.fromEntries(this.#names);
    this.edit(
      message.changes.map((change) => renameChange(change, names)),
      [client, id],
      Object.keys(ids).length ? ids : null,
    );
  }

  #missingEnd(changes: Change[]): string | null {
    const known = new Set([...this.document.room("node").keys(), ...this.#names.keys()]);
    for (const change of changes) if (change.at[0] === "node" && change.add) known.add(change.at[1] ?? "");
    for (const change of changes) {
      const flow: Attributes | null | undefined = change.at[0] === "flow" ? change.add : null;
      for (const end of flow ? [flow.source, flow.target] : []) {
        const id = this.#names.get(String(end)) ?? String(end);
        if (!known.has(String(end)) || (this.#names.has(String(end)) && !this.document.room("node").has(id)))
          return `there is no card '${end}'`;
      }
    }
    return null;
  }
}
