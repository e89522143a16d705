/** Brings something of the map before the eye, wherever it is. */
import type { Match } from "../model/search";
import type { Bench } from "./bench";

export function flyTo({ go, store }: Bench, { type, id }: Pick<Match, "type" | "id">): void {
  const flow = type === "flow" ? store.flows.get(id) : undefined;
  go(flow ? [flow.source, flow.target] : [id], { fit: true });
}

/** Selects it, and flies there. */
export function visit(bench: Bench, match: Pick<Match, "type" | "id">): void {
  const { session } = bench;
  if (match.type === "node") session.select([match.id]);
  else session.select([], [match.id]);
  session.set({ tab: "details", cursor: null });
  flyTo(bench, match);
}
