/** Opens the place where a chain, a list or a table is typed. */
import type { Action } from "./actions";

export const quickEntryActions: readonly Action[] = [
  {
    name: "quick_entry",
    title: "Type or paste cards",
    group: "Add",
    icon: "type",
    keys: ["q"],
    edits: true,
    on: ["empty"],
    run({ session, store }) {
      // An empty map has that place in its middle already.
      session.set({ isEntryOpen: store.nodes.size > 0, focusNext: "typed" });
    },
  },
];
