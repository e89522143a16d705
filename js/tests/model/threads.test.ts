import { describe, expect, it } from "vitest";
import { initials, lastSaid, openThreads, threadsOf } from "../../src/model/threads";

const said = (on: string, day: number, extra: Record<string, unknown> = {}) => ({
  on,
  text: `said on day ${day}`,
  author: "Ada",
  at: `2026-01-${String(day).padStart(2, "0")}T09:00:00Z`,
  ...extra,
});

const comments = new Map([
  ["c1", said("lead", 1)],
  ["c2", said("won", 2, { resolved: true })],
  ["c3", said("lead", 3, { reply_to: "c1" })],
  ["c4", said("won", 4, { reply_to: "c2" })],
  ["c5", said("lead", 5, { reply_to: "gone" })],
  ["c6", said("lead", 6)],
]);

describe("threads", () => {
  it("are first comments with their replies, in the order of writing", () => {
    const threads = threadsOf(comments).map(({ first, replies }) => [first.id, ...replies.map(({ id }) => id)]);
    expect(threads).toEqual([["c1", "c3"], ["c2", "c4"], ["c5"], ["c6"]]);
  });

  it("are settled by their first comment", () => {
    expect(threadsOf(comments).filter(({ isResolved }) => isResolved)).toHaveLength(1);
  });

  it("are counted on their card while they are open, replies not", () => {
    expect([...openThreads(comments)]).toEqual([["lead", 3]]);
  });

  it("were last said something in by their latest comment, whoever's it is", () => {
    expect(threadsOf(comments).map(lastSaid)[0]).toBe("2026-01-03T09:00:00Z");
  });

  it("with anything but text in them still have words", () => {
    const [thread] = threadsOf(new Map([["c1", { on: "lead", text: 7, author: null }]]));
    expect(thread?.first).toEqual({ id: "c1", on: "lead", text: "", author: "", at: "" });
  });
});

describe("initials", () => {
  it.each([
    ["Ada Byron", "AB"],
    ["ada", "A"],
    ["Ada Augusta King-Byron", "AB"],
    ["jo.smith", "JS"],
    ["Élodie", "É"],
    ["李 明", "李明"],
    ["(?)", "?"],
    ["", "?"],
  ])("of “%s” are %s", (name, wanted) => {
    expect(initials(name)).toBe(wanted);
  });
});
