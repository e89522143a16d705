/** Drags a corner of a frame; it never becomes smaller than what it holds. */
import type { Corner } from "../drawing/frames";
import { centreOf, spanning } from "../drawing/geometry";
import type { Change } from "../generated/schema";
import type { Bench, Gesture } from "./bench";
import { labelled, moveNode, shortened } from "./changes";
import { snap } from "./grid";

const LEAST = 96;

export function resizeFrame(bench: Bench, id: string, corner: Corner): Gesture | null {
  const { store, surface } = bench;
  const rect = surface.nodeRect(id);
  if (!rect) return null;
  const fixed = {
    x: corner.endsWith("e") ? rect.x : rect.x + rect.width,
    y: corner.startsWith("s") ? rect.y : rect.y + rect.height,
  };
  const changes = (world: { x: number; y: number }): Change[] => {
    const away = (to: number, from: number, sign: number) => from + sign * Math.max(sign * (snap(to) - from), LEAST);
    const free = {
      x: away(world.x, fixed.x, corner.endsWith("e") ? 1 : -1),
      y: away(world.y, fixed.y, corner.startsWith("s") ? 1 : -1),
    };
    const next = spanning(fixed, free);
    return [sized(moveNode(store, id, centreOf(next)), next)];
  };
  return {
    move: (at) => store.preview(changes(at.world)),
    end(at) {
      store.edit(`Resize ${shortened(labelled(store, id))}`, changes(at.world));
      store.clearPreview();
    },
    cancel: () => store.clearPreview(),
  };
}

function sized(change: Change, { width, height }: { width: number; height: number }): Change {
  const size = { width, height };
  return change.add ? { ...change, add: { ...change.add, ...size } } : { ...change, set: { ...change.set, ...size } };
}
