import { describe, expect, test } from "vitest";
import { OutlineReader } from "../../src/a11y/outline";
import { FakeReading, touchedNothing } from "../drawing/reading";

function reading(): FakeReading {
  return new FakeReading()
    .node("lead", 0, 0)
    .node("team", 352, 0, { kind: "group" })
    .node("inner", 352, 0, { parent: "team", kind: "group" })
    .node("deal", 352, 0, { parent: "inner" })
    .node("won", 704, 0)
    .flow("f1", "lead", "deal");
}

const touched = (...nodes: string[]) => ({ ...touchedNothing, nodes: new Set(nodes) });
const only = (id: string) => ({ nodes: new Set([id]), flows: new Set<string>() });

function names(reader: OutlineReader): string[] {
  return reader.rows.map(({ name }) => name);
}

describe("who reads the outline", () => {
  test("is where the selection is, and what that lies in opens", () => {
    const reader = new OutlineReader(reading());
    reader.turn(["team", "inner"]);
    expect(names(reader)).toEqual(["lead", "team", "won"]);
    reader.follow(only("deal"));
    expect(names(reader)).toEqual(["lead", "team", "inner", "deal", "won"]);
    expect(reader.row?.name).toBe("deal");
  });

  test("stays where a flow is read from, if that flow is selected", () => {
    const reader = new OutlineReader(reading());
    reader.turn(["lead", "deal"]);
    reader.at = names(reader).indexOf("deal\nf1");
    reader.follow({ nodes: new Set(), flows: new Set(["f1"]) });
    expect(reader.row?.name).toBe("deal\nf1");
  });

  test("stays on its row while rows come and go above it", () => {
    const map = reading();
    const reader = new OutlineReader(map);
    reader.at = names(reader).indexOf("won");
    map.node("first", -352, 0);
    reader.onMap(touched("first"));
    expect(reader.row?.name).toBe("won");
    map.nodes.delete("lead");
    map.positions.delete("lead");
    reader.onMap(touched("lead"));
    expect(reader.row?.name).toBe("won");
  });

  test("is on the row that takes its place when its own has gone", () => {
    const map = reading();
    const reader = new OutlineReader(map);
    reader.at = names(reader).length - 1;
    map.nodes.delete("won");
    map.positions.delete("won");
    reader.onMap(touched("won"));
    expect(reader.row?.name).toBe("deal");
  });

  test("reads the new order when the cards have come to rest, and not while they move", () => {
    const map = reading();
    const reader = new OutlineReader(map);
    expect(names(reader)[0]).toBe("lead");
    map.node("lead", 2000, 0);
    reader.onMap({ ...touchedNothing, positions: new Set(["lead"]) });
    expect(names(reader)[0]).toBe("lead");
    reader.onRest();
    expect(names(reader).at(-1)).toBe("lead");
  });

  test("finds a card moved into another one there", () => {
    const map = reading();
    const reader = new OutlineReader(map);
    expect(reader.rows.find(({ node }) => node === "won")?.level).toBe(1);
    map.node("won", 704, 0, { parent: "team" });
    reader.onMap(touched("won"));
    expect(reader.rows.find(({ node }) => node === "won")?.level).toBe(2);
  });
});
