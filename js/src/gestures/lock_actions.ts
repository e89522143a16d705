/** Locks what is selected, and frees it again. */
import type { Action } from "./actions";
import type { Bench } from "./bench";
import { isLocked, setLocked } from "./locks";

/** A selection of which only a part is locked is locked whole first. */
const areAllLocked = ({ session, store }: Bench): boolean => [...session.nodes].every((id) => isLocked(store, id));

export const lockActions: readonly Action[] = [
  {
    name: "lock",
    title: (bench) => (bench.session.nodes.size && areAllLocked(bench) ? "Unlock" : "Lock"),
    group: "Edit",
    icon: "lock",
    keys: ["Shift+l"],
    edits: true,
    on: ["node"],
    isReady: ({ session }) => session.nodes.size > 0,
    run: (bench) => setLocked(bench, bench.session.nodes, !areAllLocked(bench)),
  },
];
