/** Draws a flow from a card's port to another card, or to a new one that is named on the spot. */
import type { Hit } from "../drawing/state";
import { nameNewNode } from "./add";
import type { Bench, Gesture, Pointer } from "./bench";
import { addFlow, labelled, lensFlowKind, shortened, whyNotBetween } from "./changes";

export function nodeOf(hit: Hit): string | null {
  return hit.type === "node" || hit.type === "port" ? hit.id : null;
}

export function drawFlow(bench: Bench, source: string): Gesture | null {
  const { store, surface } = bench;
  const kind = lensFlowKind(store.lens);
  let hasLeft = false;
  const over = (at: Pointer): string | null => {
    const id = nodeOf(surface.hit(at.client));
    if (id !== source) hasLeft = true;
    return id === source && !hasLeft ? null : id; // back on its own card only after having left it: a loop
  };
  const problem = (target: string): string => whyNotBetween(store, kind, source, target);
  const finish = () => surface.setState({ draft: null, dropTarget: null });

  return {
    move(at) {
      const target = over(at);
      const isAllowed = target !== null && !problem(target);
      surface.setState({
        draft: { from: source, to: isAllowed ? target : at.world },
        dropTarget: isAllowed ? target : null,
      });
    },
    end(at) {
      const target = over(at);
      if (!store.nodes.has(source) || (target === null && nodeOf(surface.hit(at.client)) === source)) {
        finish();
        return;
      }
      if (target === null) {
        // The draft stays in sight while the new card is named.
        surface.setState({ draft: { from: source, to: at.world }, dropTarget: null });
        nameNewNode(bench, at.world, { from: source, flowKind: kind, onEnd: finish });
        return;
      }
      finish();
      makeFlow(bench, kind, source, target);
    },
    cancel: finish,
  };
}

/** Makes a flow as one step and selects it, or says why there can be none. */
export function makeFlow({ store, session }: Bench, kind: string, source: string, target: string): void {
  const reason = whyNotBetween(store, kind, source, target);
  if (reason) {
    session.toast("warn", reason);
    return;
  }
  const key = store.temporaryId();
  const names = [source, target].map((id) => shortened(labelled(store, id), 24));
  store.edit(`Draw ${names.join(" → ")}`, [addFlow(key, kind, source, target)]);
  session.select([], [key]);
}
