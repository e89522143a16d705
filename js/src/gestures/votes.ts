/** What can be done with votes: give one to what is selected, take it back, take all of them off. */
import type { Change } from "../generated/schema";
import type { Bench } from "./bench";
import { describe, labelled, shortened } from "./changes";
import { authorOf } from "./comments";
import { offerUndo } from "./undo_toast";

/** Whether who is here has voted for all of these. */
export function hasVotedFor(bench: Bench, nodes: ReadonlySet<string>): boolean {
  const voter = authorOf(bench);
  return nodes.size > 0 && [...nodes].every((id) => bench.store.votes.get(id)?.has(voter));
}

/** A vote for each of them that has none of this person's yet; where all have, these are taken back. */
export function turnVotes(bench: Bench, nodes: ReadonlySet<string>): void {
  const { session, store } = bench;
  const voter = authorOf(bench);
  const [first = ""] = nodes;
  if (!voter) {
    session.select([first]);
    session.set({ tab: "comments", sheetOpen: true, focusNext: "author" });
    session.toast("info", "Say your name first: it goes with your vote. Then vote again.");
    return;
  }
  const what = describe(store, nodes, new Set());
  const at = (id: string) => ["vote", id, voter];
  if (hasVotedFor(bench, nodes)) {
    store.edit(
      `Take back the vote for ${what}`,
      [...nodes].map((id): Change => ({ at: at(id), remove: true })),
    );
    return;
  }
  const mine = [...store.votes].filter(([, voters]) => voters.has(voter)).map(([id]) => id);
  const wanted = [...nodes].filter((id) => !mine.includes(id));
  const each = Number(store.map.votes_each ?? Infinity);
  if (mine.length + wanted.length > each) {
    const names = mine.map((id) => shortened(labelled(store, id))).join(", ");
    session.toast("info", `You have ${each} vote${each === 1 ? "" : "s"}${names && `, used for ${names}`}.`);
    return;
  }
  store.edit(
    `Vote for ${what}`,
    wanted.map((id): Change => ({ at: at(id), add: {} })),
  );
}

export function clearVotes(bench: Bench): void {
  const { store } = bench;
  const label = "Take all votes off";
  store.edit(
    label,
    [...store.votes].flatMap(([id, voters]) =>
      [...voters].map((by): Change => ({ at: ["vote", id, by], remove: true })),
    ),
  );
  offerUndo(bench, label, "Took all votes off the map");
}
