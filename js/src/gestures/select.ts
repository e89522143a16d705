/** Selects by click and by a box drawn on the empty canvas. */
import { spanning } from "../drawing/geometry";
import type { Hit } from "../drawing/state";
import type { Bench, Gesture, Pointer } from "./bench";
import { chooseGhost } from "./ghosts";
import { openInside } from "./groups";
import { foldLane, selectLane } from "./lanes";

export function clickSelect(bench: Bench, hit: Hit, at: Pointer): void {
  const { session } = bench;
  const adds = at.shift || at.toggle;
  if (hit.type === "inside") {
    openInside(bench, hit.id);
    return;
  }
  if (hit.type === "lane_fold") {
    if (!bench.isReadOnly) foldLane(bench, hit.name);
    return;
  }
  if (hit.type === "lane") {
    selectLane(bench, hit.name, adds);
    return;
  }
  if (hit.type === "corner" || hit.type === "lane_edge") return;
  if (hit.type === "node" || hit.type === "port") {
    if (adds) session.toggleNode(hit.id);
    else session.select([hit.id]);
  } else if (hit.type === "flow" || hit.type === "end") {
    if (adds) session.toggleFlow(hit.key);
    else session.select([], [hit.key]);
  } else if (hit.type === "ghost") chooseGhost(bench, hit.ghost);
  else if (!adds) session.clear();
  if (hit.type !== "empty") session.turnToSelection();
}

export function boxSelect({ session, surface }: Bench, from: Pointer): Gesture {
  const before = { nodes: session.nodes, flows: session.flows };
  return {
    move(at) {
      const box = spanning(from.world, at.world);
      surface.setState({ box });
      const nodes = surface.nodesIn(box);
      // Flows alone are caught only where the box holds no card: cards are what is usually meant.
      const flows = nodes.length ? [] : surface.flowsIn(box);
      session.select([...before.nodes, ...nodes], [...before.flows, ...flows]);
    },
    end(at) {
      this.move(at);
      surface.setState({ box: null });
      if (!session.isEmpty) session.turnToSelection();
    },
    cancel() {
      surface.setState({ box: null });
      session.select(before.nodes, before.flows);
    },
  };
}
