/** Drags one card, or all that are selected, or with Alt copies of them; lets go as one edit. */
import { belongingAt, belongingChanges } from "./belonging";
import type { Bench, Gesture, Pointer } from "./bench";
import { startCopy } from "./copy_move";
import { outermost } from "./groups";
import { isLocked, tellLocked, unlockedOf } from "./locks";
import { startMove } from "./move";
import { snapping } from "./snapping";

export function dragNodes(bench: Bench, id: string, from: Pointer): Gesture | null {
  const { store, surface, session, shown } = bench;
  const anchor = shown.positions.get(id);
  if (!anchor) return null;
  if (isLocked(store, id) && !from.alt) {
    tellLocked(bench, [id]);
    return null;
  }
  if (!session.nodes.has(id)) session.select(from.toggle || from.shift ? [...session.nodes, id] : [id]);
  const outline = surface.extent(session.nodes);
  const carried = [...session.nodes].flatMap((node) => [...shown.carried(node)]);
  const move = from.alt ? startCopy(store, carried) : startMove(store, unlockedOf(bench, carried));
  const lift = () =>
    surface.setState({ dragging: new Set([...(from.alt ? [] : session.nodes), ...move.ids()]), hover: null });
  const unlisten = store.onRenamed(lift);
  lift();
  const lines = outline && snapping(bench, surface.state.dragging, anchor, outline);
  const putDown = () => {
    unlisten();
    lines?.end();
    surface.setState({ dragging: new Set(), dropTarget: null });
  };
  const roots = (): string[] => {
    if (!from.alt) return outermost(bench);
    const copies = new Set(move.ids());
    return [...copies].filter((copy) => !copies.has(String(store.nodes.get(copy)?.parent)));
  };
  // Alt that began the drag has said its word; pressed anew it frees the cards from grid and lines.
  let altIsOld = from.alt;

  return {
    move(at) {
      altIsOld &&= at.alt;
      const shift = { x: at.world.x - from.world.x, y: at.world.y - from.world.y };
      const { x, y } = lines?.meant(shift, at.alt && !altIsOld) ?? shift;
      move.by(x, y);
      const frame = surface.frameAt(at.world);
      const isNew = roots().some((node) => store.nodes.get(node)?.parent !== frame);
      surface.setState({ dropTarget: (isNew && frame) || null });
    },
    end(at) {
      this.move(at);
      const { changes, into } = belongingChanges(bench, roots(), belongingAt(bench, at.world));
      move.commit(changes, into);
      if (from.alt) session.select([...move.ids()].filter((id) => store.nodes.has(id)));
      putDown();
    },
    cancel() {
      putDown();
      move.cancel();
    },
  };
}
