/** Brings the selected cards to one line. */
import { kindOf } from "../model/kinds";
import type { Bench } from "./bench";
import { moveNode } from "./changes";
import { unlockedOf } from "./locks";

export function align(bench: Bench, edge: "left" | "top"): void {
  const { store, session } = bench;
  const [axis, size] = edge === "left" ? (["x", "width"] as const) : (["y", "height"] as const);
  const placed = [...session.nodes].flatMap((id) => {
    const at = store.positions.get(id);
    return at ? [{ id, at, half: kindOf(store.nodes.get(id)?.kind ?? "")[size] / 2 }] : [];
  });
  const line = Math.min(...placed.map(({ at, half }) => at[axis] - half));
  const free = new Set(unlockedOf(bench, session.nodes)); // the others may still be what is aligned to
  const changes = placed
    .filter(({ id }) => free.has(id))
    .map(({ id, at, half }) => moveNode(store, id, { ...at, [axis]: line + half }));
  if (changes.length) store.edit(`Align ${edge}`, changes);
}
