/** Changes laid over the document, found by element: one layer for each unsettled edit, one for the drag in hand. */
import type { Attributes, Change } from "../generated/schema";
import { applyChange, keyOf, renameChange } from "./changes";

export class Layer {
  readonly #byKey = new Map<string, Change[]>();

  constructor(readonly changes: readonly Change[]) {
    for (const change of changes) {
      const key = keyOf(change.at);
      const list = this.#byKey.get(key);
      if (list) list.push(change);
      else this.#byKey.set(key, [change]);
    }
  }

  /** The elements that this layer may alter. */
  keys(): IterableIterator<string> {
    return this.#byKey.keys();
  }

  apply(key: string, value: Attributes | undefined): Attributes | undefined {
    let next = value;
    for (const change of this.#byKey.get(key) ?? []) next = applyChange(next, change);
    return next;
  }

  renamed(ids: Readonly<Record<string, string>>): Layer {
    return new Layer(this.changes.map((change) => renameChange(change, ids)));
  }
}
