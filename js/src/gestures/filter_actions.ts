/** Actions that narrow the questions of the map to some of the cases of its event log, and widen them again. */
import { ALL_CASES } from "../model/filtering";
import type { Action } from "./actions";

export const filterActions: readonly Action[] = [
  {
    name: "filter",
    title: "Filter the cases",
    group: "Map",
    icon: "filter",
    keys: ["w"],
    isReady: ({ store }) => store.about.filter !== null,
    run: ({ session }) => session.set({ filterOpen: true, focusNext: "filter" }),
  },
  {
    name: "show_all_cases",
    title: "Ask about all cases",
    group: "Map",
    keys: ["Shift+w"],
    isReady: ({ store }) => store.about.filter?.is_on === true,
    run: ({ store }) => store.filter(ALL_CASES),
  },
];
