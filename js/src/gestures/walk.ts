/** Walks over the map by keys: in reading order, to the nearest card in a direction, along the flows of a card. */
import { flowsSeen, readingOrder } from "../a11y/order";
import { flowLabel } from "../a11y/tree";
import { centreOf, type Point, type Rect, spanning } from "../drawing/geometry";
import type { Bench } from "./bench";
import { counted, labelled } from "./changes";
import { byNearness, type Direction, neighbour, type Placed } from "./neighbours";

/** The card where the keyboard is: of a flow that is selected, the one whose flows it walks along. */
export function here({ session, store }: Bench): string | null {
  const { cursor, walked } = session;
  const [node] = session.nodes;
  const [key = ""] = session.flows;
  const flow = store.flows.get(key);
  if (cursor !== null) return cursor;
  if (node !== undefined || !flow) return node ?? null;
  return walked === flow.source || walked === flow.target ? walked : flow.source;
}

/** The cards that show, and where. */
export function placed({ store, surface }: Bench, but: string | null = null): Placed[] {
  const cards: Placed[] = [];
  for (const id of store.nodes.keys()) {
    const rect = id === but ? undefined : surface.nodeRect(id);
    if (rect) cards.push({ id, rect });
  }
  return cards;
}

/** Brings the keyboard to a card: selects it, or leaves the selection while cards are gathered. */
export function goTo(bench: Bench, id: string): void {
  const { session, surface, store } = bench;
  const rect = surface.nodeRect(id);
  if (session.cursor === null) session.select([id]);
  else session.set({ cursor: id });
  session.set({ walked: id, place: rect ? centreOf(rect) : null, tab: "details" });
  surface.reveal(id);
  const flows = counted(store.flowsOf(id).size, "flow") || "no flows";
  const state = session.cursor === null ? [] : [session.nodes.has(id) ? "selected" : "not selected"];
  session.say([surface.spokenOf(id), flows, ...state].join(", "));
}

/** To the next or the last card in reading order; false past the ends, where the focus leaves the map, as it should. */
export function stepCard(bench: Bench, step: 1 | -1): boolean {
  const { store, session, surface } = bench;
  const order = readingOrder(store.positions).filter((id) => surface.nodeRect(id));
  const current = here(bench);
  const next = current === null ? beside(order, bench, session.place, step) : order[order.indexOf(current) + step];
  if (next === undefined) return false;
  goTo(bench, next);
  return true;
}

/** Where the card that the keyboard was at has gone, it goes on from its place. */
function beside(order: readonly string[], { store }: Bench, place: Point | null, step: 1 | -1): string | undefined {
  if (!place) return step > 0 ? order[0] : order.at(-1);
  const isAfter = (id: string) => {
    const at = store.positions.get(id);
    return at !== undefined && (at.x - place.x || at.y - place.y) >= 0;
  };
  const after = order.findIndex(isAfter);
  return order[(after < 0 ? order.length : after) + (step > 0 ? 0 : -1)];
}

/** To the nearest card that way; from a flow, to the end of it that lies that way. */
export function jump(bench: Bench, direction: Direction): void {
  const { session, surface, store } = bench;
  const [key] = session.nodes.size ? [] : session.flows;
  const flow = store.flows.get(key ?? "");
  if (flow) {
    const ends = placed(bench).filter(({ id }) => id === flow.source || id === flow.target);
    const next = neighbour(middleOf(ends), direction, ends);
    if (next !== undefined) goTo(bench, next);
    return;
  }
  const current = here(bench);
  const rect = current === null ? undefined : surface.nodeRect(current);
  const next = rect ? neighbour(rect, direction, placed(bench, current)) : nearestInView(bench);
  if (next !== undefined) goTo(bench, next);
  else
    session.say(
      `Nothing lies farther ${direction === "up" || direction === "down" ? direction : `to the ${direction}`}`,
    );
}

function middleOf(ends: readonly Placed[]): Rect {
  const [a = { x: 0, y: 0 }, b = a] = ends.map(({ rect }) => centreOf(rect));
  return { ...centreOf(spanning(a, b)), width: 0, height: 0 };
}

function nearestInView(bench: Bench): string | undefined {
  const { surface } = bench;
  const box = surface.element.getBoundingClientRect();
  return byNearness(surface.toWorld(centreOf(box)), placed(bench))[0];
}

/** To the next or the last flow of the card: those that leave it first. */
export function stepFlow(bench: Bench, step: 1 | -1): void {
  const { session, store, surface } = bench;
  const node = here(bench);
  if (node === null) return;
  const seen = flowsSeen(store, node);
  const [key] = session.nodes.size ? [] : session.flows;
  const at = seen.findIndex((flow) => flow.key === key);
  const to = at < 0 ? (step > 0 ? 0 : seen.length - 1) : (at + step + seen.length) % seen.length;
  const next = seen[to];
  if (!next) {
    session.say(`${labelled(store, node)} has no flows`);
    return;
  }
  session.select([], [next.key]);
  session.set({ walked: node, cursor: null, tab: "details" });
  surface.reveal(next.other);
  const { source = "", target = "" } = store.flows.get(next.key) ?? {};
  const words = [`${labelled(store, source)} to ${labelled(store, target)}`, flowLabel(store, next.key)];
  session.say(`Flow ${to + 1} of ${seen.length}: ${words.filter(Boolean).join(", ")}`);
}

/** Takes the card where the keyboard is into the selection, or out of it; the first time begins the gathering. */
export function gather(bench: Bench): void {
  const { session, store } = bench;
  const current = here(bench);
  if (current === null || !store.nodes.has(current)) return;
  const begins = session.cursor === null;
  session.set({ cursor: current });
  if (!begins || !session.nodes.has(current)) session.toggleNode(current);
  const label = labelled(store, current);
  const count = counted(session.nodes.size, "card") || "nothing";
  if (begins) session.say(`${label} is kept. Walk on, Space takes and leaves cards, Escape ends`);
  else session.say(`${label} ${session.nodes.has(current) ? "taken" : "left"}, ${count} selected`);
}

/** The selection stays; walking selects one card again. */
export function endGathering({ session }: Bench): boolean {
  if (session.cursor === null) return false;
  session.set({ cursor: null });
  session.say(`${counted(session.nodes.size, "card") || "Nothing"} selected`);
  return true;
}
