/** Removes what is selected, with the way back offered at once. */
import type { Change } from "../generated/schema";
import type { Bench } from "./bench";
import { describe } from "./changes";
import { unlockedOf } from "./locks";
import { offerUndo } from "./undo_toast";

/** `how`: what the step is called, and what is said of it. */
export function removeSelection(bench: Bench, how = { label: "Remove", said: "Removed" }): void {
  const { store, session, shown } = bench;
  const chosen = [...session.nodes].filter((id) => store.nodes.has(id));
  // What a card or a group holds goes with it: it would lie where nobody put it.
  const nodes = unlockedOf(bench, new Set(chosen.flatMap((id) => [...shown.withContent(id)])));
  const flows = [...session.flows].filter((key) => store.flows.has(key));
  if (!nodes.length && !flows.length) return;
  const what = describe(store, new Set(nodes), new Set(flows));
  const changes: Change[] = [
    // A removed card takes its own flows with it.
    ...flows.filter((key) => !touches(store.flows.get(key), nodes)).map((key) => ({ at: ["flow", key], remove: true })),
    ...nodes.map((id) => ({ at: ["node", id], remove: true })),
  ];
  const label = `${how.label} ${what}`;
  store.edit(label, changes);
  session.select([...session.nodes].filter((id) => !nodes.includes(id)));
  offerUndo(bench, label, `${how.said} ${what}`);
}

function touches(flow: { source: string; target: string } | undefined, nodes: readonly string[]): boolean {
  return flow !== undefined && (nodes.includes(flow.source) || nodes.includes(flow.target));
}
