import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Announcer } from "../../src/a11y/announcer";
import type { Change } from "../../src/generated/schema";
import { Store } from "../../src/model/store";
import { Line, smallDocument } from "../model/tiny_kernel";

const rename = (id: string, label: string): Change => ({ at: ["node", id], set: { label } });

function listening() {
  const line = new Line();
  const store = new Store(smallDocument(), line, { client: "c1" });
  const said: string[] = [];
  const announcer = new Announcer(store, (sentence) => said.push(sentence));
  return { line, store, said, announcer };
}

describe("what becomes of the map is said", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("at once for an edit of this view, and not again when the kernel takes it", () => {
    const { line, store, said } = listening();
    store.edit("Rename", [rename("lead", "Leads")]);
    expect(said).toEqual(["Lead renamed to Leads"]);
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Leads")], ack: ["c1", 1] });
    vi.runAllTimers();
    expect(said.length).toBe(1);
  });

  test("in one sentence for edits from elsewhere that follow each other", () => {
    const { line, said } = listening();
    for (const [i, id] of ["lead", "qualified", "deal", "lead"].entries())
      line.deliver({ op: "patch", seq: i + 1, changes: [{ at: ["node", id], set: { owner: `Ann ${i}` } }] });
    expect(said).toEqual([]);
    vi.runAllTimers();
    expect(said).toEqual(["Elsewhere: 3 cards changed"]);
  });

  test("in the end also where edits from elsewhere never pause", () => {
    const { line, said } = listening();
    for (let i = 0; i < 40; i++) {
      line.deliver({ op: "patch", seq: i + 1, changes: [rename("lead", `Lead ${i}`)] });
      vi.advanceTimersByTime(100);
    }
    expect(said.length).toBe(1);
  });

  test("for what an undo of this view brings back", () => {
    const { line, store, said } = listening();
    store.undo();
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Before")], ack: ["c1", 1] });
    expect(said).toEqual(["Lead renamed to Before"]);
  });

  test("by one of several views of a map: the one where the focus was last", () => {
    const { store, said, announcer } = listening();
    const others: string[] = [];
    const other = new Announcer(store, (sentence) => others.push(sentence));
    store.edit("Rename", [rename("lead", "One")]);
    other.takeTurn();
    store.edit("Rename", [rename("lead", "Two")]);
    other.destroy();
    store.edit("Rename", [rename("lead", "Three")]);
    expect(said).toEqual(["Lead renamed to One", "Two renamed to Three"]);
    expect(others).toEqual(["One renamed to Two"]);
    announcer.destroy();
    store.edit("Rename", [rename("lead", "Four")]);
    expect(said.length).toBe(2);
  });
});
