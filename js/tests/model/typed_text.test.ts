import { describe, expect, it } from "vitest";
import { countTyped } from "../../src/model/typed_text";

/** [text, cards, flows]; the same are built in a real kernel by tests/browser/test_quick_entry.py. */
const TEXTS: [string, number, number][] = [
  ["Lead -> Qualified -> Won", 3, 2],
  ["Lead => Qualified → won\nlead --> Lost", 4, 3],
  ["Lead -> Won: 20 %\nLead -> Won: 30 %\nLead -> Won: 20 %", 2, 2],
  ["Lead ->", 1, 0],
  ["- Lead\n- Qualified\n\n* Won", 3, 2],
  ["1. Lead\n2. lead\n3. Won", 2, 1],
  ["Stage\tActions\nLead\tcall\nWon\t", 2, 1],
  ["| Stage | Description |\n|---|---|\n| Lead | ask |\n| Won | |", 2, 1],
  ["a | b\nc | d", 2, 1],
];

describe("what a typed text would make", () => {
  it.each(TEXTS)("%j makes %d cards and %d flows", (text, cards, flows) => {
    expect(countTyped(text, [])).toEqual({ cards, flows, known: 0 });
  });

  it("of names that are on the map already is told", () => {
    expect(countTyped("lead -> New", ["Lead", "Won"])).toEqual({ cards: 2, flows: 1, known: 1 });
  });

  it("of nothing is nothing", () => {
    expect(countTyped(" \n\t\n", ["Lead"])).toEqual({ cards: 0, flows: 0, known: 0 });
  });
});
