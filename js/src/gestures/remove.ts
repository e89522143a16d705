/** Removes what is selected, with the way back offered at once. */
import type { Change } from "../generated/schema";
import type { Bench } from "./bench";
import { describe } from "./changes";

/** `how`: what the step is called, and what is said of it. */
export function removeSelection({ store, session }: Bench, how = { label: "Remove", said: "Removed" }): void {
  const nodes = [...session.nodes].filter((id) => store.nodes.has(id));
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
  session.clear();
  const toast = session.toast("info", `${how.said} ${what}`, { label: "Undo", run: () => store.undo() });
  // “Undo” takes back the last step: it is offered for as long as that is this one.
  let isLast = false;
  const unlisten = store.subscribe(({ status }) => {
    if (!status) return;
    const is = store.status.undo_label === label;
    if (isLast && !is) {
      unlisten();
      session.dismiss(toast);
    }
    isLast = is;
  });
}

function touches(flow: { source: string; target: string } | undefined, nodes: readonly string[]): boolean {
  return flow !== undefined && (nodes.includes(flow.source) || nodes.includes(flow.target));
}
