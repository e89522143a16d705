/** Cards on the move: shown where they would come to lie, then moved there as one edit. */
import type { Change } from "../generated/schema";
import type { Position } from "../model/reading";
import type { Store } from "../model/store";
import { describe, moveNode } from "./changes";

export interface Move {
  ids(): Iterable<string>;
  /** Shows the cards this far from where they were. */
  by(x: number, y: number): void;
  /** Makes the move, with what else it brings about; `into` closes its label. */
  commit(more?: Change[], into?: string): void;
  cancel(): void;
}

export function startMove(store: Store, ids: Iterable<string>): Move {
  const starts = new Map<string, Position>();
  for (const id of ids) {
    const at = store.positions.get(id);
    if (at) starts.set(id, at);
  }
  let shift = { x: 0, y: 0 };
  // A card may be removed, or named by the kernel, while it is moved.
  const changes = () =>
    [...starts]
      .filter(([id]) => store.nodes.has(id))
      .map(([id, at]) => moveNode(store, id, { x: at.x + shift.x, y: at.y + shift.y }));
  const unlisten = store.onRenamed((names) => {
    for (const [id, at] of [...starts]) {
      const name = names[id];
      if (name !== undefined && starts.delete(id)) starts.set(name, at);
    }
  });
  const cancel = () => {
    unlisten();
    store.clearPreview();
  };
  return {
    ids: () => starts.keys(),
    by(x, y) {
      shift = { x, y };
      store.preview(changes());
    },
    commit(more = [], into = "") {
      const proposed = shift.x || shift.y ? [...changes(), ...more] : [];
      const label = `Move ${describe(store, new Set(starts.keys()), new Set())}${into}`;
      unlisten();
      if (proposed.length) store.edit(label, proposed);
      store.clearPreview(); // only now, so that the cards do not go back and come again
    },
    cancel,
  };
}
