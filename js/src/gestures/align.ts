/** Brings the selected cards to one line. */
import { kindOf } from "../model/kinds";
import type { Bench } from "./bench";
import { moveNode } from "./changes";

export function align({ store, session }: Bench, edge: "left" | "top"): void {
  const [axis, size] = edge === "left" ? (["x", "width"] as const) : (["y", "height"] as const);
  const placed = [...session.nodes].flatMap((id) => {
    const at = store.positions.get(id);
    return at ? [{ id, at, half: kindOf(store.nodes.get(id)?.kind ?? "")[size] / 2 }] : [];
  });
  const line = Math.min(...placed.map(({ at, half }) => at[axis] - half));
  store.edit(
    `Align ${edge}`,
    placed.map(({ id, at, half }) => moveNode(store, id, { ...at, [axis]: line + half })),
  );
}
