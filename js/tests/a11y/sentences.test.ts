import { describe, expect, test } from "vitest";
import { deedsOf, sentenceOf } from "../../src/a11y/sentences";
import type { Change } from "../../src/generated/schema";
import { FakeReading } from "../drawing/reading";

const map = new FakeReading()
  .node("lead", 0, 0, { label: "Lead" })
  .node("qualified", 0, 0, { label: "Qualified" })
  .node("deal", 0, 0, { label: "Deal" })
  .flow("f1", "lead", "qualified", { label: "62 %" })
  .flow("f2", "qualified", "deal");
map.comments.set("c1", { on: "lead", text: "Why?" });

function said(...changes: Change[]): string {
  return sentenceOf(deedsOf(changes, map));
}

const place = (id: string): Change => ({ at: ["position", "lifecycle", id], set: { x: 1, y: 2 } });

describe("an edit is told", () => {
  test.each<[string, Change[]]>([
    ["Lead connected to Deal", [{ at: ["flow", "~1"], add: { source: "lead", target: "deal", kind: "flow" } }]],
    ["Lead no longer connected to Qualified", [{ at: ["flow", "f1"], remove: true }]],
    ["The flow now leads from Lead to Deal", [{ at: ["flow", "f1"], set: { target: "deal" } }]],
    ["48 % written on the flow from Lead to Qualified", [{ at: ["flow", "f1"], set: { label: "48 %" } }]],
    ["Label taken off the flow from Lead to Qualified", [{ at: ["flow", "f1"], unset: ["label"] }]],
    ["Lead renamed to Leads", [{ at: ["node", "lead"], set: { label: "Leads" } }]],
    ["Owner of Lead is now Ann", [{ at: ["node", "lead"], set: { owner: "Ann" } }]],
    ["Activities of Lead is now SEO, Events", [{ at: ["node", "lead"], set: { actions: ["SEO", "Events"] } }]],
    ["Owner of Lead taken off", [{ at: ["node", "lead"], unset: ["owner"] }]],
    ["Lead moved", [place("lead")]],
    ["Comment on Lead added", [{ at: ["comment", "c2"], add: { on: "lead", text: "So?" } }]],
    ["Comment on Lead removed", [{ at: ["comment", "c1"], remove: true }]],
    ["Vote for Lead added", [{ at: ["vote", "lead", "Ada"], add: {} }]],
    ["Vote for Lead taken back", [{ at: ["vote", "lead", "Ada"], remove: true }]],
    ["Vote for Lead added, Vote for Deal added", ["lead", "deal"].map((id) => ({ at: ["vote", id, "Ada"], add: {} }))],
    ["3 votes removed", ["Ada", "Bo", "Cy"].map((by): Change => ({ at: ["vote", "lead", by], remove: true }))],
    ["The map is now called Pipeline", [{ at: ["map"], set: { name: "Pipeline" } }]],
    ["Bottlenecks is painted on the map", [{ at: ["overlay", "bottlenecks"], add: { title: "Bottlenecks" } }]],
  ])("%s", (sentence, changes) => {
    expect(said(...changes)).toBe(sentence);
  });

  test("by the names of what it brings itself, whose place goes without saying", () => {
    const added: Change[] = [
      { at: ["node", "~1"], add: { kind: "stage", label: "Won" } },
      { at: ["position", "lifecycle", "~1"], add: { x: 0, y: 0 } },
      { at: ["flow", "~2"], add: { source: "deal", target: "~1", kind: "flow" } },
    ];
    expect(said(...added)).toBe("Won added, Deal connected to Won");
  });

  test("without the flows and comments that go with a card", () => {
    const gone: Change[] = [
      { at: ["node", "lead"], remove: true },
      { at: ["flow", "f1"], remove: true },
      { at: ["comment", "c1"], remove: true },
      { at: ["position", "lifecycle", "lead"], remove: true },
    ];
    expect(said(...gone)).toBe("Lead removed");
  });

  test("in numbers, when it is more than can be told", () => {
    const ids = ["lead", "qualified", "deal"];
    const owned = ids.map((id): Change => ({ at: ["node", id], set: { owner: "Ann" } }));
    expect(said(...ids.map(place))).toBe("3 cards moved");
    expect(said(...owned, ...ids.map(place))).toBe("3 cards changed");
    expect(said(...owned, { at: ["flow", "f1"], remove: true })).toBe("3 cards changed, 1 flow removed");
  });

  test("not at all, when only the state of saving changed", () => {
    expect(said({ at: ["status"], set: { saved: "saved" } })).toBe("");
  });

  test("in brief, whatever is written there", () => {
    const sentence = said({ at: ["node", "lead"], set: { description: "long ".repeat(500) } });
    expect(sentence.length).toBeLessThan(120);
  });
});
