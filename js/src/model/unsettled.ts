/** What is on its way to the kernel: operations that are sent, show already, and have no answer yet, the oldest first. */
import type { Progress } from "../generated/schema";
import type { Layer } from "./layer";
import type { Draft, Ids, Operation, Pending, Waiting } from "./operations";
import type { KeptEdit } from "./unsaved";

export class Unsettled {
  #all: Pending[] = [];
  #lastId = 0;
  /** How far operations have come that take their time, by their numbers. */
  readonly #progress = new Map<number, Progress>();

  constructor(readonly client: string) {}

  all(): readonly Pending[] {
    return this.#all;
  }

  find(id: number): Pending | undefined {
    return this.#all.find(({ message }) => message.id === id);
  }

  *layers(): Iterable<Layer> {
    for (const { layer } of this.#all) if (layer) yield layer;
  }

  // ---- what views ask --------------------------------------------------------------------------------

  #edits() {
    return this.#all.flatMap(({ message, since }) => (message.op === "edit" ? [{ message, since }] : []));
  }

  /** How many edits there are among them. */
  edits(): number {
    return this.#edits().length;
  }

  /** When the oldest edit was made, in ms since the epoch; `null` without one. */
  editsSince(): number | null {
    return this.#edits()[0]?.since ?? null;
  }

  /** The edits as they are kept for a page that goes away. */
  toKeep(): KeptEdit[] {
    return this.#edits().map(({ message: { label, changes } }) => ({ label, changes }));
  }

  asking(): string | null {
    for (const { message } of this.#all) if (message.op === "ask") return message.question;
    return null;
  }

  underWay(): readonly Progress[] {
    return [...this.#progress.values()];
  }

  waiting(): readonly Waiting[] {
    return this.#all.flatMap(({ message, since, isGivenUp = false }) =>
      message.op === "edit" ? [] : [{ message, since, isGivenUp }],
    );
  }

  // ---- what happens to them --------------------------------------------------------------------------

  /** Numbers an operation; it is now to be sent. */
  add(draft: Draft, layer: Layer | null): Operation {
    this.#lastId += 1;
    const message = { ...draft, client: this.client, id: this.#lastId } as Operation;
    this.#all.push({ message, layer, since: Date.now() });
    return message;
  }

  /** Whether it is one of these that has come so far. */
  noteProgress(progress: Progress): boolean {
    if (!this.find(progress.id)) return false;
    this.#progress.set(progress.id, progress);
    return true;
  }

  /** Takes one off that is answered. */
  take(id: number): Pending | undefined {
    const settled = this.find(id);
    this.#progress.delete(id);
    if (settled) this.#all = this.#all.filter((pending) => pending !== settled);
    return settled;
  }

  /** Takes all off up to this number: the kernel has answered them, whatever became of the answers. */
  takeUpTo(lastId: number): readonly Pending[] {
    const settled = this.#all.filter(({ message }) => message.id <= lastId);
    this.#all = this.#all.filter((pending) => !settled.includes(pending));
    for (const id of [...this.#progress.keys()]) if (id <= lastId) this.#progress.delete(id);
    return settled;
  }

  /** Says real ids where edits name temporary ones; `keys` takes in what is touched. */
  rename(ids: Ids, keys: Set<string>): void {
    for (const pending of this.#all) {
      if (!pending.layer || pending.message.op !== "edit") continue;
      pending.layer = renamed(pending.layer, ids, keys);
      pending.message = { ...pending.message, changes: [...pending.layer.changes] };
    }
  }
}

/** The layer with real ids for temporary ones; `keys` takes in what it touched before and touches now. */
export function renamed(layer: Layer, ids: Ids, keys: Set<string>): Layer {
  for (const key of layer.keys()) keys.add(key);
  const next = layer.renamed(ids);
  for (const key of next.keys()) keys.add(key);
  return next;
}
