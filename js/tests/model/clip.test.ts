import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/generated/schema";
import { type Clip, clipOf, writeClip } from "../../src/model/clip";
import { readClip } from "../../src/model/clip_reading";
import { FakeReading } from "../drawing/reading";

const sales = () =>
  new FakeReading()
    .node("lead", 100, 200, { label: "Lead", owner: "Ann", locked: true, shape_of_old: 7 })
    .node("won", 452, 200, { label: "Won", parent: "elsewhere" })
    .node("lost", 452, 400, { label: "Lost" })
    .flow("f1", "lead", "won", { label: "fits", volume: 12 })
    .flow("f2", "lead", "lost");

const read = (text: string) => readClip(text);
const whole = (clip: unknown) => JSON.stringify({ format: "crmwidget/clip", version: 1, ...(clip as object) });
const card = (over: object = {}) => ({ id: "a", x: 0, y: 0, attributes: { kind: "stage", label: "A" }, ...over });

describe("a clip", () => {
  it("holds the cards around their middle, and the flows among them alone", () => {
    const { nodes, flows } = clipOf(sales(), ["lead", "won"]);
    expect(nodes.map(({ id, x, y }) => [id, x, y])).toEqual([
      ["lead", -176, 0],
      ["won", 176, 0],
    ]);
    expect(flows).toEqual([{ source: "lead", target: "won", attributes: { kind: "flow", label: "fits", volume: 12 } }]);
  });

  it("takes along what its cards hold, and what those hold; a holder that stays behind is forgotten, as is a lock", () => {
    const reading = sales().node("sub", 0, 0, { parent: "lead" }).node("subsub", 9, 9, { parent: "sub" });
    const { nodes } = clipOf(reading, ["lead", "won"]);
    expect(nodes.map(({ id, parent }) => [id, parent])).toEqual([
      ["lead", undefined],
      ["won", undefined],
      ["sub", "lead"],
      ["subsub", "sub"],
    ]);
    expect(nodes.some(({ attributes }) => "locked" in attributes || "parent" in attributes)).toBe(false);
  });

  it("comes back as it went, but for what the vocabulary does not know", () => {
    const { clip } = read(writeClip(clipOf(sales(), ["lead", "won", "lost"])));
    expect(clip?.nodes[0]?.attributes).toEqual({ kind: "stage", label: "Lead", owner: "Ann" });
    expect(clip?.flows).toHaveLength(2);
    expect(read(writeClip(clip as Clip)).clip).toEqual(clip);
  });
});

describe("a paste is refused whole, with the reason,", () => {
  it.each([
    ["text that is not JSON", "{", "not whole"],
    ["another format", '{"format":"x","version":1}', '"x" is not known'],
    ["a later version", '{"format":"crmwidget/clip","version":2}', "version 2"],
    ["no cards", whole({ nodes: [], flows: [] }), "no cards"],
    ["cards that are no list", whole({ nodes: {}, flows: [] }), "cards are malformed"],
    ["a card without a name", whole({ nodes: [card({ attributes: { kind: "stage" } })], flows: [] }), "no name"],
    ["a card without a place", whole({ nodes: [card({ x: "0" })], flows: [] }), "no place"],
    ["a place beyond the map", whole({ nodes: [card({ x: 1e9 })], flows: [] }), "no place"],
    ["two cards of one id", whole({ nodes: [card(), card()], flows: [] }), "same id"],
    ["a flow to nowhere", whole({ nodes: [card()], flows: [{ source: "a", target: "b", attributes: {} }] }), "flow 1"],
    ["attributes that are a list", whole({ nodes: [card({ attributes: [] })], flows: [] }), "malformed"],
    ["more than a message holds", "x".repeat(LIMITS.message_bytes + 1), "at most"],
    ["more cards than a step holds", whole({ nodes: Array(10_001).fill(card()), flows: [] }), "at most 10,000 cards"],
  ])("for %s", (_, text, reason) => {
    const { clip, problem } = read(text);
    expect(clip).toBeNull();
    expect(problem).toContain(reason);
  });
});

describe("what a pasted card says", () => {
  const attributes = (given: object) =>
    read(whole({ nodes: [card({ attributes: { kind: "stage", label: "A", ...given } })], flows: [] })).clip?.nodes[0]
      ?.attributes;

  it.each([
    ["a number as text", { capacity: "3" }],
    ["a number below the least", { capacity: -1 }],
    ["a choice that is none", { outcome: "maybe" }],
    ["a day that is none", { review_date: "31.01.2026" }],
    ["a control character", { owner: "A\u0007nn" }],
    ["half of a character", { owner: "A\ud800" }],
    ["a text that is too long", { owner: "x".repeat(LIMITS.text_characters + 1) }],
    ["a list with other things", { tags: ["a", 1] }],
    ["what every object inherits", JSON.parse('{"__proto__": {"owner": "x"}, "constructor": "y"}')],
    ["another holder and a lock", { parent: "x", locked: true }],
  ])("is left out where it is %s", (_, given) => expect(attributes(given)).toEqual({ kind: "stage", label: "A" }));

  it("is kept where it fits", () => {
    const given = {
      capacity: 3,
      outcome: "won",
      review_date: "2026-01-31",
      tags: ["a"],
      collapsed: true,
      owner: "👩‍💻",
    };
    expect(attributes(given)).toEqual({ kind: "stage", label: "A", ...given });
  });

  it("is of the first kind where its own is unknown", () =>
    expect(attributes({ kind: "made_up" })?.kind).toBe("stage"));
});
