/** Drags one card, or all that are selected; lets go as one edit. */
import { GEOMETRY } from "../generated/schema";
import type { Position } from "../model/reading";
import type { Bench, Gesture, Pointer } from "./bench";
import { describe, moveNode } from "./changes";

export function dragNodes(bench: Bench, id: string, from: Pointer): Gesture | null {
  const { store, surface, session } = bench;
  const anchor = store.positions.get(id);
  if (!anchor) return null;
  if (!session.nodes.has(id)) session.select(from.toggle || from.shift ? [...session.nodes, id] : [id]);
  const starts = new Map<string, Position>();
  for (const node of session.nodes) {
    const at = store.positions.get(node);
    if (at) starts.set(node, at);
  }
  let shift = { x: 0, y: 0 };
  surface.setState({ dragging: new Set(starts.keys()), hover: null });

  // A card may be removed, or renamed by the kernel, while it is dragged.
  const changes = () =>
    [...starts]
      .filter(([node]) => store.nodes.has(node))
      .map(([node, at]) => moveNode(store, node, { x: at.x + shift.x, y: at.y + shift.y }));
  const unlisten = store.onRenamed((ids) => {
    for (const [node, at] of [...starts]) {
      const name = ids[node];
      if (name === undefined) continue;
      starts.delete(node);
      starts.set(name, at);
    }
    surface.setState({ dragging: new Set(starts.keys()) });
  });
  const finish = () => {
    unlisten();
    surface.setState({ dragging: new Set() });
    store.clearPreview();
  };

  return {
    move(at) {
      const x = at.world.x - from.world.x;
      const y = at.world.y - from.world.y;
      // The card under the pointer meets the grid, the others keep their distance to it.
      shift = at.alt ? { x, y } : { x: snap(anchor.x + x) - anchor.x, y: snap(anchor.y + y) - anchor.y };
      store.preview(changes());
    },
    end(at) {
      this.move(at);
      const moved = shift.x !== 0 || shift.y !== 0;
      const proposed = changes();
      const label = `Move ${describe(store, new Set(starts.keys()), new Set())}`;
      finish();
      if (moved && proposed.length) store.edit(label, proposed);
    },
    cancel: finish,
  };
}

export function snap(value: number): number {
  return Math.round(value / GEOMETRY.grid) * GEOMETRY.grid;
}
