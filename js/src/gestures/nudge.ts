/** Moves the selected cards by the arrow keys; a held key, or a quick run of them, is one edit. */
import type { Bench } from "./bench";
import { unlockedOf } from "./locks";
import { type Move, startMove } from "./move";

export interface Nudge {
  by(x: number, y: number): void;
  /** Makes the edit of what was nudged so far. */
  commit(): void;
  cancel(): boolean;
}

export function nudge(bench: Bench): Nudge {
  const { store, session, shown } = bench;
  let move: Move | null = null;
  let shift = { x: 0, y: 0 };
  const stop = (): Move | null => {
    const stopped = move;
    move = null;
    shift = { x: 0, y: 0 };
    return stopped;
  };
  return {
    by(x, y) {
      move ??= startMove(
        store,
        unlockedOf(
          bench,
          [...session.nodes].flatMap((node) => [...shown.carried(node)]),
        ),
      );
      shift = { x: shift.x + x, y: shift.y + y };
      move.by(shift.x, shift.y);
    },
    commit: () => stop()?.commit(),
    cancel() {
      const stopped = stop();
      stopped?.cancel();
      return stopped !== null;
    },
  };
}
