/** Cards that no hand may change: told gently, with the way to free them. */
import type { Change } from "../generated/schema";
import type { Store } from "../model/store";
import type { Bench } from "./bench";
import { describe, labelled, setOrUnset, shortened } from "./changes";

export function isLocked({ nodes }: Store, id: string): boolean {
  return nodes.get(id)?.locked === true;
}

/** Those of the cards that a hand may change; of the others it is told. */
export function unlockedOf(bench: Bench, ids: Iterable<string>): string[] {
  const all = [...ids];
  const locked = all.filter((id) => isLocked(bench.store, id));
  if (locked.length) tellLocked(bench, locked);
  return locked.length ? all.filter((id) => !locked.includes(id)) : all;
}

export function tellLocked(bench: Bench, ids: readonly string[]): void {
  const [only = ""] = ids;
  const what =
    ids.length === 1 ? `“${shortened(labelled(bench.store, only))}” is locked` : `${ids.length} cards are locked`;
  bench.session.toast("info", what, { label: "Unlock", run: () => setLocked(bench, ids, false) });
}

/** Locks or frees cards, as one step. */
export function setLocked({ store, session }: Bench, ids: Iterable<string>, locked: boolean): void {
  const there = [...ids].filter((id) => store.nodes.has(id));
  if (!there.length) return;
  const what = describe(store, new Set(there), new Set());
  const changes: Change[] = there.map((id) => setOrUnset(["node", id], "locked", locked || undefined));
  store.edit(`${locked ? "Lock" : "Unlock"} ${what}`, changes);
  session.set({ spoken: `${what} ${locked ? "locked" : "unlocked"}` });
}
