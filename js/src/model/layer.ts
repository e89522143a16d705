/** Changes laid over the document, found by element: one layer for each unsettled edit, one for the drag in hand. */
import type { Attributes, Change } from "../generated/schema";
import { applyChange, keyOf, renameChange } from "./changes";
import { grouped } from "./grouped";

export class Layer {
  readonly #byKey: ReadonlyMap<string, Change[]>;

  constructor(readonly changes: readonly Change[]) {
    this.#byKey = grouped(changes, ({ at }) => keyOf(at));
  }

  /** The elements that this layer may alter. */
  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  /** The elements that this layer alters otherwise than another one does. */
  differing(other: Layer): Set<string> {
    const isSame = (key: string, changes: readonly Change[]): boolean => {
      const others = other.#byKey.get(key);
      return others?.length === changes.length && changes.every((change, i) => change === others[i]);
    };
    const keys = new Set([...other.#byKey.keys()].filter((key) => !this.#byKey.has(key)));
    for (const [key, changes] of this.#byKey) if (!isSame(key, changes)) keys.add(key);
    return keys;
  }

  apply(key: string, value: Attributes | undefined): Attributes | undefined {
    return (this.#byKey.get(key) ?? []).reduce(applyChange, value);
  }

  renamed(ids: Readonly<Record<string, string>>): Layer {
    return new Layer(this.changes.map((change) => renameChange(change, ids)));
  }
}
