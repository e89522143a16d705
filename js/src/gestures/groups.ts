/** Groups: put cards into one, take it away again, fold it, go into a card and back. */
import { centreOf } from "../drawing/geometry";
import { CARD, type Change } from "../generated/schema";
import { kindOf } from "../model/kinds";
import { laneOf } from "../model/nesting";
import type { Bench } from "./bench";
import { addNode, counted, labelled, moveNode, setOrUnset, shortened } from "./changes";
import { foldLane } from "./lanes";
import { renameNode } from "./rename";

export function holdsAs({ store }: Bench, id: string): "" | "frame" | "map" {
  return kindOf(store.nodes.get(id)?.kind ?? "").holds ?? "";
}

/** The selected cards but those that lie in another selected one. */
export function outermost({ store, session, shown }: Bench): string[] {
  const chosen = [...session.nodes].filter((id) => store.nodes.has(id));
  const carried = new Set(chosen.flatMap((id) => [...shown.carried(id)].filter((other) => other !== id)));
  return chosen.filter((id) => !carried.has(id));
}

/** Puts a frame around the selected cards, and asks for its name. */
export function groupSelection(bench: Bench): void {
  const { store, surface, session } = bench;
  const ids = outermost(bench);
  const extent = surface.extent(ids);
  if (!extent) return;
  const parents = new Set(ids.map((id) => store.nodes.get(id)?.parent));
  const [parent] = parents;
  const group = store.temporaryId();
  store.edit(`Group ${counted(ids.length, "card")}`, [
    ...addNode(store, group, "group", "Group", centreOf(extent), parents.size === 1 && parent ? { parent } : {}),
    ...ids.map((id) => ({ at: ["node", id], set: { parent: group } })),
  ]);
  session.select([group]);
  session.set({ spoken: `${counted(ids.length, "card")} grouped` });
  renameNode(bench, group);
}

/** Takes the selected groups away; what they hold stays, one level up. */
export function ungroupSelection(bench: Bench): void {
  const { store, session, shown } = bench;
  const groups = [...session.nodes].filter((id) => holdsAs(bench, id) === "frame");
  const freed = groups.flatMap((id) => [...shown.contentOf(id)]);
  const changes: Change[] = groups.flatMap((id) => {
    const parent = store.nodes.get(id)?.parent;
    return [...shown.contentOf(id)].map((child) => setOrUnset(["node", child], "parent", parent));
  });
  changes.push(...groups.map((id) => ({ at: ["node", id], remove: true })));
  const name = groups.length === 1 ? shortened(labelled(store, groups[0] ?? "")) : counted(groups.length, "group");
  store.edit(`Ungroup ${name}`, changes);
  session.select(freed);
  session.set({ spoken: `${name} ungrouped` });
}

/** Folds an open group into a card that begins where its frame did, or opens it there again. */
export function foldGroup(bench: Bench, id: string): void {
  const { store, surface, session } = bench;
  const lane = laneOf(id);
  if (lane !== null) {
    foldLane(bench, lane);
    return;
  }
  const node = store.nodes.get(id);
  const at = store.positions.get(id);
  const rect = surface.nodeRect(id);
  if (!node || !at || !rect) return;
  const isFolded = node.collapsed === true;
  const { width = CARD.width, height = CARD.height } = isFolded ? at : CARD;
  const corner = { x: rect.x + width / 2, y: rect.y + height / 2 };
  const name = shortened(labelled(store, id));
  store.edit(isFolded ? `Unfold ${name}` : `Fold ${name}`, [
    setOrUnset(["node", id], "collapsed", isFolded ? undefined : true),
    moveNode(store, id, corner),
  ]);
  session.set({ spoken: isFolded ? `${name} is open` : `${name} is folded` });
}

/** Opens what a card holds: unfolds a group, goes into any other. */
export function openInside(bench: Bench, id: string): void {
  if (laneOf(id) !== null || holdsAs(bench, id) === "frame") {
    if (!bench.isReadOnly) foldGroup(bench, id);
  } else if (holdsAs(bench, id) === "map") goInto(bench, id);
}

/** Shows the inside of a card, or with `null` the top of the map. */
export function goInto(bench: Bench, id: string | null): void {
  const { shown, surface, session, store } = bench;
  const left = shown.within;
  shown.enter(id);
  session.select(left !== null && shown.nodes.has(left) ? [left] : []);
  surface.fit();
  session.set({ spoken: id === null ? "The whole map" : `Inside ${labelled(store, id)}` });
}

export function goUp(bench: Bench): void {
  const way = bench.shown.way();
  goInto(bench, way.at(-2) ?? null);
}
