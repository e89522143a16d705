/** Draws a flow, or leads one elsewhere, without a pointer: the other card is aimed at, then met. */
import { flowLabel } from "../a11y/tree";
import { centreOf } from "../drawing/geometry";
import type { Connecting, Session } from "../model/session";
import { addNamed } from "./add";
import type { Bench } from "./bench";
import { addFlow, labelled, lensFlowKind, shortened, whyNotBetween } from "./changes";
import { byNearness, neighbour } from "./neighbours";
import { here, placed } from "./walk";

/** From the card where the keyboard is. */
export function startConnecting(bench: Bench): void {
  const fixed = here(bench);
  if (fixed === null) return;
  begin(bench, { flow: null, end: "target", fixed });
  bench.session.say(`Connect ${labelled(bench.store, fixed)} to: type a name, or choose by arrows or Tab. Enter draws`);
}

/** One end of the selected flow. */
export function startReconnecting(bench: Bench, end: "source" | "target"): void {
  const { session, store } = bench;
  const [key = ""] = session.flows;
  const flow = store.flows.get(key);
  if (!flow) return;
  begin(bench, { flow: key, end, fixed: end === "source" ? flow.target : flow.source });
  session.say(`${titleOf(bench, session.connecting)}: type a name, or choose by arrows or Tab. Enter moves it`);
}

function begin({ session }: Bench, connecting: Connecting): void {
  session.set({ connecting, findOpen: false, cursor: null, focusNext: "connect" });
}

export function titleOf({ store }: Bench, connecting: Session["connecting"]): string {
  if (!connecting) return "";
  const fixed = shortened(labelled(store, connecting.fixed), 32);
  if (connecting.flow === null) return `Connect ${fixed} to`;
  return connecting.end === "source" ? `Lead the flow to ${fixed} from` : `Lead the flow from ${fixed} to`;
}

function endsOf({ fixed, end }: Connecting, other: string): readonly [source: string, target: string] {
  return end === "source" ? [other, fixed] : [fixed, other];
}

/** Why the flow may not lead there; empty when it may. */
export function problemOf({ store }: Bench, connecting: Connecting, other: string): string {
  const kind = store.flows.get(connecting.flow ?? "")?.kind ?? lensFlowKind(store.lens);
  return whyNotBetween(store, kind, ...endsOf(connecting, other));
}

/** All cards, the nearest to the fixed one first, those that it already leads to behind the others. */
export function goals(bench: Bench, { fixed, flow }: Connecting): string[] {
  const { store, surface } = bench;
  const rect = surface.nodeRect(fixed);
  const near = byNearness(rect ? centreOf(rect) : { x: 0, y: 0 }, placed(bench, flow === null ? fixed : null));
  const isMet = (id: string) => [...store.flowsOf(fixed)].some((key) => store.flowsOf(id).has(key));
  const met = new Set(near.filter(isMet));
  return [...near.filter((id) => !met.has(id)), ...met];
}

/** The card that lies that way from the one aimed at, or from the fixed one. */
export function goalThatWay(
  bench: Bench,
  { fixed }: Connecting,
  aimed: string | null,
  direction: Parameters<typeof neighbour>[1],
): string | null {
  const from = aimed ?? fixed;
  const rect = bench.surface.nodeRect(from);
  return (rect && neighbour(rect, direction, placed(bench, from))) ?? aimed;
}

/** Shows the flow as it would be. */
export function aim(bench: Bench, connecting: Connecting, other: string | null): void {
  const { surface } = bench;
  if (other === null) {
    surface.setState({ draft: null, draftFlow: null, dropTarget: null });
    return;
  }
  const [from, to] = endsOf(connecting, other);
  const isAllowed = !problemOf(bench, connecting, other);
  surface.setState({
    draft: isAllowed ? { from, to } : null,
    draftFlow: isAllowed ? connecting.flow : null,
    dropTarget: isAllowed ? other : null,
  });
  surface.reveal(other);
}

/** Says whether it could be done; the reason why not is told. */
export function connect(bench: Bench, connecting: Connecting, other: string): boolean {
  const { store, session } = bench;
  const reason = problemOf(bench, connecting, other);
  if (reason) {
    session.toast("warn", reason);
    return false;
  }
  stopConnecting(bench);
  const { flow, end, fixed } = connecting;
  if (flow !== null) {
    if (store.flows.get(flow)?.[end] === other) return true;
    const label = `Reconnect to ${shortened(labelled(store, other))}`;
    store.edit(label, [{ at: ["flow", flow], set: { [end]: other } }]);
    return true;
  }
  const key = store.temporaryId();
  const names = [fixed, other].map((id) => shortened(labelled(store, id), 24));
  store.edit(`Draw ${names.join(" → ")}`, [addFlow(key, lensFlowKind(store.lens), fixed, other)]);
  session.select([], [key]);
  session.set({ walked: fixed, tab: "details" });
  return true;
}

/** To a card that is not there yet: it is added beside the fixed one. */
export function connectToNew(bench: Bench, { fixed }: Connecting, label: string): void {
  if (addNamed(bench, label, { from: fixed, flowKind: lensFlowKind(bench.store.lens) })) stopConnecting(bench);
}

export function stopConnecting({ session, surface }: Bench): void {
  session.set({ connecting: null });
  surface.element.focus({ preventScroll: true }); // now, so that the next key is for the canvas
  surface.setState({ draft: null, draftFlow: null, dropTarget: null });
}

/** What stands beside a card in the list: the flow that already leads there. */
export function metBy({ store }: Bench, { fixed }: Connecting, other: string): string {
  const key = [...store.flowsOf(fixed)].find((flow) => store.flowsOf(other).has(flow));
  if (key === undefined || other === fixed) return "";
  return ["connected", flowLabel(store, key)].filter(Boolean).join(", ");
}
