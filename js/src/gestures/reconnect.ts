/** Drags one end of a flow to another card; the flow keeps its key and all it says. */
import type { Bench, Gesture } from "./bench";
import { labelled, shortened, whyNotBetween } from "./changes";
import { nodeOf } from "./draw_flow";

export function reconnect(bench: Bench, key: string, end: "source" | "target"): Gesture | null {
  const { store, surface, session } = bench;
  const flow = store.flows.get(key);
  if (!flow) return null;
  const kept = end === "source" ? flow.target : flow.source;
  const problem = (id: string): string =>
    end === "source" ? whyNotBetween(store, flow.kind, id, kept) : whyNotBetween(store, flow.kind, kept, id);
  const finish = () => surface.setState({ draft: null, draftFlow: null, dropTarget: null });
  surface.setState({ draftFlow: key });

  return {
    move(at) {
      const id = nodeOf(surface.hit(at.client));
      const free = id !== null && !problem(id) ? id : at.world;
      const draft = end === "source" ? { from: free, to: kept } : { from: kept, to: free };
      surface.setState({ draft, dropTarget: typeof free === "string" ? free : null });
    },
    end(at) {
      const id = nodeOf(surface.hit(at.client));
      finish();
      if (id === null || id === flow[end] || !store.flows.has(key)) return;
      const reason = problem(id);
      if (reason) session.toast("warn", reason);
      else store.edit(`Reconnect to ${shortened(labelled(store, id))}`, [{ at: ["flow", key], set: { [end]: id } }]);
    },
    cancel: finish,
  };
}
