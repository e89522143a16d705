/** Drags one card, or all that are selected, or with Alt copies of them; lets go as one edit. */
import type { Bench, Gesture, Pointer } from "./bench";
import { startCopy } from "./copy_move";
import { startMove } from "./move";
import { outlineOf, snapping } from "./snapping";

export function dragNodes(bench: Bench, id: string, from: Pointer): Gesture | null {
  const { store, surface, session } = bench;
  const anchor = store.positions.get(id);
  if (!anchor) return null;
  if (!session.nodes.has(id)) session.select(from.toggle || from.shift ? [...session.nodes, id] : [id]);
  const outline = outlineOf(bench, session.nodes);
  const move = from.alt ? startCopy(store, session.nodes) : startMove(store, session.nodes);
  const lift = () => surface.setState({ dragging: new Set(move.ids()), hover: null });
  const unlisten = store.onRenamed(lift);
  lift();
  const lines = outline && snapping(bench, new Set(move.ids()), anchor, outline);
  const putDown = () => {
    unlisten();
    lines?.end();
    surface.setState({ dragging: new Set() });
  };
  // Alt that began the drag has said its word; pressed anew it frees the cards from grid and lines.
  let altIsOld = from.alt;

  return {
    move(at) {
      altIsOld &&= at.alt;
      const shift = { x: at.world.x - from.world.x, y: at.world.y - from.world.y };
      const { x, y } = lines?.meant(shift, at.alt && !altIsOld) ?? shift;
      move.by(x, y);
    },
    end(at) {
      this.move(at);
      move.commit();
      if (from.alt) session.select([...move.ids()].filter((id) => store.nodes.has(id)));
      putDown();
    },
    cancel() {
      putDown();
      move.cancel();
    },
  };
}
