/** Drags a corner of a frame; it never becomes smaller than what it holds. */
import type { Corner } from "../drawing/frames";
import { centreOf, spanning } from "../drawing/geometry";
import type { Change } from "../generated/schema";
import type { Bench, Gesture, Pointer } from "./bench";
import { labelled, moveNode, shortened } from "./changes";
import { cornerSnapping } from "./snapping";

const LEAST = 96;

export function resizeFrame(bench: Bench, id: string, corner: Corner): Gesture | null {
  const { store, surface, shown } = bench;
  const rect = surface.nodeRect(id);
  if (!rect) return null;
  const fixed = {
    x: corner.endsWith("e") ? rect.x : rect.x + rect.width,
    y: corner.startsWith("s") ? rect.y : rect.y + rect.height,
  };
  const lines = cornerSnapping(bench, new Set(shown.carried(id)), fixed);
  const changes = (at: Pointer): Change[] => {
    const to = lines.meant(at.world, at.alt);
    const away = (to: number, from: number, sign: number) => from + sign * Math.max(sign * (to - from), LEAST);
    const free = {
      x: away(to.x, fixed.x, corner.endsWith("e") ? 1 : -1),
      y: away(to.y, fixed.y, corner.startsWith("s") ? 1 : -1),
    };
    const next = spanning(fixed, free);
    lines.show(next);
    return [sized(moveNode(store, id, centreOf(next)), next)];
  };
  const putDown = () => {
    lines.end();
    store.clearPreview();
  };
  return {
    move: (at) => store.preview(changes(at)),
    end(at) {
      store.edit(`Resize ${shortened(labelled(store, id))}`, changes(at));
      putDown();
    },
    cancel: putDown,
  };
}

function sized(change: Change, { width, height }: { width: number; height: number }): Change {
  const size = { width, height };
  return change.add ? { ...change, add: { ...change.add, ...size } } : { ...change, set: { ...change.set, ...size } };
}
