/** Actions on the event log: which of its cases all questions are asked of, and what its activities mean. */
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
  {
    name: "match_log",
    title: "Say what the event log means",
    group: "Map",
    keys: ["Shift+u"],
    edits: true,
    on: ["empty"],
    isReady: ({ store }) => store.about.unmatched.length > 0,
    run: ({ session }) => session.set({ left: "unmatched", focusNext: "unmatched" }),
  },
];
