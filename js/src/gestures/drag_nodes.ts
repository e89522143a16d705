/** Drags one card, or all that are selected; lets go as one edit. */
import { GEOMETRY } from "../generated/schema";
import { belongingAt, belongingChanges } from "./belonging";
import type { Bench, Gesture, Pointer } from "./bench";
import { outermost } from "./groups";
import { isLocked, tellLocked, unlockedOf } from "./locks";
import { startMove } from "./move";

export function dragNodes(bench: Bench, id: string, from: Pointer): Gesture | null {
  const { store, surface, session, shown } = bench;
  const anchor = shown.positions.get(id);
  if (!anchor) return null;
  if (isLocked(store, id)) {
    tellLocked(bench, [id]);
    return null;
  }
  if (!session.nodes.has(id)) session.select(from.toggle || from.shift ? [...session.nodes, id] : [id]);
  const carried = [...session.nodes].flatMap((node) => [...shown.carried(node)]);
  const move = startMove(store, unlockedOf(bench, carried));
  const lift = () => surface.setState({ dragging: new Set([...session.nodes, ...move.ids()]), hover: null });
  const unlisten = store.onRenamed(lift);
  lift();
  const putDown = () => {
    unlisten();
    surface.setState({ dragging: new Set(), dropTarget: null });
  };
  const roots = () => outermost(bench);

  return {
    move(at) {
      const x = at.world.x - from.world.x;
      const y = at.world.y - from.world.y;
      // The card under the pointer meets the grid, the others keep their distance to it.
      if (at.alt) move.by(x, y);
      else move.by(snap(anchor.x + x) - anchor.x, snap(anchor.y + y) - anchor.y);
      const frame = surface.frameAt(at.world);
      const isNew = roots().some((node) => store.nodes.get(node)?.parent !== frame);
      surface.setState({ dropTarget: (isNew && frame) || null });
    },
    end(at) {
      this.move(at);
      const { changes, into } = belongingChanges(bench, roots(), belongingAt(bench, at.world));
      move.commit(changes, into);
      putDown();
    },
    cancel() {
      putDown();
      move.cancel();
    },
  };
}

export function snap(value: number): number {
  return Math.round(value / GEOMETRY.grid) * GEOMETRY.grid;
}
