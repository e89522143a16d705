/** Votes for the selected cards, lists what has the most, and begins the next round. */
import type { Action } from "./actions";
import { clearVotes, hasVotedFor, turnVotes } from "./votes";

export const voteActions: readonly Action[] = [
  {
    name: "vote",
    title: (bench) => (hasVotedFor(bench, bench.session.nodes) ? "Take back my vote" : "Vote"),
    group: "Edit",
    icon: "vote",
    keys: ["v"],
    edits: true,
    on: ["node"],
    isReady: ({ session }) => session.nodes.size > 0 && !session.flows.size,
    run: (bench) => turnVotes(bench, bench.session.nodes),
  },
  {
    name: "votes",
    title: "Most votes first",
    group: "View",
    icon: "vote",
    keys: ["Shift+v"],
    on: ["empty"],
    isReady: ({ store }) => store.votes.size > 0 && store.about.questions.some(({ name }) => name === "votes"),
    run({ store, session }) {
      session.clear();
      session.set({ tab: "answer", sheetOpen: true });
      store.ask("votes");
    },
  },
  {
    name: "clear_votes",
    title: "Take all votes off",
    group: "Map",
    edits: true,
    on: ["empty"],
    isReady: ({ store }) => store.votes.size > 0,
    run: clearVotes,
  },
];
