/** Actions that change only what this view shows: select, zoom, fit. */
import type { Action } from "./actions";

const STEP = 1.3;

export const viewActions: readonly Action[] = [
  {
    name: "select_all",
    title: "Select everything",
    group: "Select",
    keys: ["Mod+a"],
    on: ["empty"],
    run: ({ session, shown }) => session.select(shown.nodes.keys(), shown.flows.keys()),
  },
  {
    name: "fit",
    title: ({ session }) => (session.nodes.size ? "Show the selection" : "Show all of the map"),
    group: "View",
    icon: "fit",
    keys: ["f"],
    on: ["node", "empty"],
    run: ({ session, surface }) => surface.fit(session.nodes.size ? session.nodes : undefined, { animate: true }),
  },
  {
    name: "nearer",
    title: "Nearer",
    group: "View",
    icon: "add",
    keys: ["+", "="],
    run: ({ pan }) => pan.zoomBy(STEP),
  },
  {
    name: "farther",
    title: "Farther",
    group: "View",
    icon: "minus",
    keys: ["-"],
    run: ({ pan }) => pan.zoomBy(1 / STEP),
  },
  {
    name: "actual_size",
    title: "Actual size",
    group: "View",
    keys: ["0"],
    run: ({ pan }) => pan.zoomTo(1),
  },
];
