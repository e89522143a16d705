import { describe, expect, it } from "vitest";
import type { Bench } from "../../src/gestures/bench";
import { clearVotes, hasVotedFor, turnVotes } from "../../src/gestures/votes";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import { smallDocument, TinyKernel } from "../model/tiny_kernel";

function bench(author = "Ada", each?: number) {
  const small = smallDocument();
  const map = each === undefined ? small.map : { ...small.map, votes_each: each };
  const about = { questions: [], templates: [], author, filter: null, unmatched: [] };
  const kernel = new TinyKernel({ ...small, map, about, votes: { won: { Bo: {} } } });
  const line = kernel.line();
  const store = new Store({ ...small, map, about, votes: { won: { Bo: {} } } }, line);
  const session = new Session();
  const votes = () => Object.fromEntries([...store.votes].map(([id, voters]) => [id, [...voters].sort()]));
  return { kernel, line, store, session, votes, bench: { store, session } as unknown as Bench };
}

describe("a vote", () => {
  it("goes to each selected card that has none of one's own, as one edit, and is taken back where all have", () => {
    const { kernel, line, votes, bench: given } = bench();
    turnVotes(given, new Set(["lead"]));
    turnVotes(given, new Set(["lead", "won"]));
    expect(votes()).toEqual({ lead: ["Ada"], won: ["Ada", "Bo"] }); // before the kernel has heard of it
    expect(line.up.length).toBe(2);
    kernel.settle();
    expect(hasVotedFor(given, new Set(["lead", "won"]))).toBe(true);
    turnVotes(given, new Set(["lead", "won"]));
    kernel.settle();
    expect(votes()).toEqual({ won: ["Bo"] });
  });

  it("is not given beyond the limit, and what it was used for is said", () => {
    const { kernel, line, session, bench: given } = bench("Ada", 1);
    turnVotes(given, new Set(["lead"]));
    kernel.settle();
    turnVotes(given, new Set(["won"]));
    expect(line.up).toEqual([]);
    expect(session.toasts.map(({ text }) => text)).toEqual(["You have 1 vote, used for Lead."]);
  });

  it("asks for a name first, where the card is talked about", () => {
    const { line, session, bench: given } = bench("");
    turnVotes(given, new Set(["lead", "won"]));
    expect(line.up).toEqual([]);
    expect([...session.nodes, session.tab, session.focusNext]).toEqual(["lead", "comments", "author"]);
  });

  it("goes with its card and comes back with it", () => {
    const { kernel, store, votes, bench: given } = bench();
    turnVotes(given, new Set(["won"]));
    kernel.settle();
    store.edit("Remove", [{ at: ["node", "won"], remove: true }]);
    expect(votes()).toEqual({});
    kernel.refuse = () => "locked";
    kernel.settle();
    expect(votes()).toEqual({ won: ["Ada", "Bo"] });
  });

  it("is taken off with all others in one edit, for the next round", () => {
    const { kernel, votes, session, bench: given } = bench();
    turnVotes(given, new Set(["lead"]));
    clearVotes(given);
    kernel.settle();
    expect(votes()).toEqual({});
    expect(session.toasts[0]?.action?.label).toBe("Undo");
  });
});
