/** The action that takes the lasso in hand, for one line. */
import type { Action } from "./actions";

export const lassoActions: readonly Action[] = [
  {
    name: "lasso",
    title: "Select with the lasso",
    group: "Select",
    icon: "lasso",
    keys: ["l"],
    on: ["empty"],
    run({ session }) {
      const isNew = session.tool !== "lasso";
      session.set({ tool: isNew ? "lasso" : null });
      session.say(isNew ? "Lasso: draw a line around cards" : "The lasso is put away");
    },
  },
];
