/** Adds what was typed or pasted, where it was asked for or in the middle of what is in sight, and shows it. */
import { contains, type Point } from "../drawing/geometry";
import type { Bench } from "./bench";
import { counted } from "./changes";

/** `onAnswer` hears why it cannot be added, empty when it was. */
export function addTyped(bench: Bench, text: string, onAnswer: (reason: string) => void, at?: Point): void {
  const { store, session, shown, spot } = bench;
  const { x, y } = at ?? spot.middle;
  const before = { nodes: new Set(store.nodes.keys()), flows: new Set(store.flows.keys()) };
  const parent = (at && bench.surface.frameAt(at)) ?? shown.within;
  const isFirst = shown.nodes.size === 0;
  // The first cards of a map lie as they are laid out.
  const place = isFirst ? {} : { x: Math.round(x), y: Math.round(y) };
  const operation = store.build({ text, ...place, ...(parent !== null && { parent }) });
  store.onAnswer(operation, (reason) => {
    if (!reason) {
      const nodes = [...store.nodes.keys()].filter((id) => !before.nodes.has(id));
      const flows = [...store.flows.keys()].filter((key) => !before.flows.has(key));
      const what = [counted(nodes.length, "card"), counted(flows.length, "flow")].filter(Boolean).join(" and ");
      session.set({ spoken: what ? `${what} added` : "Nothing new: all of it is on the map" });
      if (!isFirst || at) show(bench, nodes, flows);
    }
    onAnswer(reason);
  });
}

function show({ surface, session }: Bench, nodes: readonly string[], flows: readonly string[]): void {
  session.select(nodes, nodes.length ? [] : flows);
  const box = surface.element.getBoundingClientRect();
  const isInSight = nodes.every((id) => {
    const rect = surface.nodeRect(id);
    if (!rect) return true;
    const corners = [rect, { x: rect.x + rect.width, y: rect.y + rect.height }];
    return corners.every((corner) => contains(box, surface.toClient(corner)));
  });
  if (!isInSight) surface.fit(nodes, { animate: true });
}
