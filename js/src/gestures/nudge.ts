/** Moves the selected cards by the arrow keys; a held key, or a quick run of them, is one edit. */
import type { Position } from "../model/reading";
import type { Bench } from "./bench";
import { describe, moveNode } from "./changes";

export interface Nudge {
  by(x: number, y: number): void;
  /** Makes the edit of what was nudged so far. */
  commit(): void;
  cancel(): boolean;
}

export function nudge({ store, session }: Bench): Nudge {
  let starts: Map<string, Position> | null = null;
  let shift = { x: 0, y: 0 };
  const changes = () =>
    [...(starts ?? [])]
      .filter(([id]) => store.nodes.has(id))
      .map(([id, at]) => moveNode(store, id, { x: at.x + shift.x, y: at.y + shift.y }));
  const stop = () => {
    starts = null;
    shift = { x: 0, y: 0 };
    store.clearPreview();
  };
  return {
    by(x, y) {
      if (!starts) {
        starts = new Map();
        for (const id of session.nodes) {
          const at = store.positions.get(id);
          if (at) starts.set(id, at);
        }
      }
      if (!starts.size) {
        starts = null;
        return;
      }
      shift = { x: shift.x + x, y: shift.y + y };
      store.preview(changes());
    },
    commit() {
      if (!starts) return;
      const proposed = shift.x || shift.y ? changes() : [];
      const label = `Move ${describe(store, new Set(starts.keys()), new Set())}`;
      stop();
      if (proposed.length) store.edit(label, proposed);
    },
    cancel() {
      const was = starts !== null;
      if (was) stop();
      return was;
    },
  };
}
