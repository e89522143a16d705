/** Actions that open what helps to find: search, outline, the selection's details, the sheet of keys. */
import type { Action } from "./actions";

export const findActions: readonly Action[] = [
  {
    name: "find",
    title: "Find",
    group: "View",
    icon: "find",
    keys: ["/", "Mod+f"],
    on: ["empty"],
    run: ({ session }) => session.set({ findOpen: true, connecting: null, focusNext: "find" }),
  },
  {
    name: "outline",
    title: ({ session }) => (session.left === "outline" ? "Close the outline" : "Outline"),
    group: "View",
    icon: "outline",
    keys: ["o"],
    run: ({ session }) =>
      session.left === "outline" ? session.set({ left: null }) : session.set({ left: "outline", focusNext: "outline" }),
  },
  {
    name: "details",
    title: "Edit the details",
    group: "Edit",
    keys: ["i"],
    isReady: ({ session }) => !session.isEmpty,
    run: ({ session }) => session.set({ tab: "details", sheetOpen: true, focusNext: "details" }),
  },
  {
    name: "keys",
    title: ({ session }) => (session.left === "keys" ? "Close the sheet of keys" : "Keys"),
    group: "View",
    icon: "keyboard",
    keys: ["?"],
    run: ({ session }) =>
      session.left === "keys" ? session.set({ left: null }) : session.set({ left: "keys", focusNext: "keys" }),
  },
];
