import { describe, expect, test } from "vitest";
import { readingOrder } from "../../src/a11y/order";
import { childrenOf, parentRow, type Row, rowsOf, stepOf, textOf, typedRow } from "../../src/a11y/tree";
import { FakeReading, grid } from "../drawing/reading";

function rows(reading: FakeReading, turned: readonly string[] = []): Row[] {
  return rowsOf(reading, childrenOf(reading.nodes, readingOrder(reading.positions)), new Set(turned));
}

const sales = () =>
  new FakeReading()
    .node("deal", 704, 0, { label: "Deal", parent: "closing" })
    .node("lead", 0, 0, { label: "Lead" })
    .node("closing", 704, 0, { label: "Closing", kind: "group" })
    .node("offer", 704, 192, { label: "Offer", parent: "closing" })
    .flow("f1", "lead", "deal", { label: "62 %" })
    .flow("f2", "deal", "deal", { volume: 12 })
    .flow("f3", "offer", "lead");

describe("the outline", () => {
  test("reads from left to right, nested by what holds what, flows folded away", () => {
    expect(rows(sales()).map(({ name, level, isOpen }) => [name, level, isOpen])).toEqual([
      ["lead", 1, false],
      ["closing", 1, true],
      ["deal", 2, false],
      ["offer", 2, false],
    ]);
  });

  test("shows the flows of a node under it: those that leave first, each said by its other end and its label", () => {
    const reading = sales();
    const shown = rows(reading, ["lead", "deal"]);
    const said = shown.map((row) => [row.flow?.way ?? "", textOf(reading, row)]);
    expect(said).toEqual([
      ["", "Lead"],
      ["out", "Deal, 62 %"],
      ["in", "Offer"],
      ["", "Closing"],
      ["", "Deal"],
      ["loop", "itself, 12"],
      ["in", "Lead, 62 %"],
      ["", "Offer"],
    ]);
  });

  test("gives each row its place among its siblings, however many rows lie between", () => {
    const shown = rows(sales(), ["lead", "deal"]);
    for (const [i, row] of shown.entries()) {
      const above = parentRow(shown, i);
      const family = shown.filter(
        (other, j) => other.level === row.level && parentRow(shown, j) === (above === i ? j : above),
      );
      expect([row.size, row.place]).toEqual([family.length, family.indexOf(row) + 1]);
    }
  });

  test("holds every node once, of ten thousand too", () => {
    const reading = grid(10_000, 100);
    const shown = rows(reading);
    expect(new Set(shown.map(({ node }) => node)).size).toBe(10_000);
    expect(shown.length).toBe(10_000);
    expect(shown.at(-1)?.size).toBe(10_000);
  });

  test("loses no node where two hold each other", () => {
    const reading = new FakeReading()
      .node("a", 0, 0, { parent: "b" })
      .node("b", 0, 0, { parent: "a" })
      .node("c", 0, 0, { parent: "gone" });
    expect(
      rows(reading)
        .map(({ node }) => node)
        .sort(),
    ).toEqual(["a", "b", "c"]);
  });
});

describe("a key in the outline", () => {
  const reading = sales();
  const shown = rows(reading, ["lead"]);
  const at = (name: string) => shown.findIndex((row) => row.name === name);

  test("goes up, down, to the ends, and never beyond", () => {
    expect(stepOf(shown, 0, "ArrowUp")).toEqual({ to: 0 });
    expect(stepOf(shown, 0, "ArrowDown")).toEqual({ to: 1 });
    expect(stepOf(shown, 0, "End")).toEqual({ to: shown.length - 1 });
    expect(stepOf(shown, shown.length - 1, "ArrowDown")).toEqual({ to: shown.length - 1 });
    expect(stepOf(shown, 3, "Home")).toEqual({ to: 0 });
    expect(stepOf(shown, 3, "x")).toBeNull();
  });

  test("opens and then enters to the right, folds and then leaves to the left", () => {
    expect(stepOf(shown, at("offer"), "ArrowRight")).toEqual({ turn: ["offer"] });
    expect(stepOf(shown, at("lead"), "ArrowRight")).toEqual({ to: at("lead") + 1 });
    expect(stepOf(shown, at("lead"), "ArrowLeft")).toEqual({ turn: ["lead"] });
    expect(stepOf(shown, at("lead") + 1, "ArrowLeft")).toEqual({ to: at("lead") });
    expect(stepOf(shown, at("offer"), "ArrowLeft")).toEqual({ to: at("closing") });
  });

  test("opens all siblings by a star", () => {
    expect(stepOf(shown, at("offer"), "*")).toEqual({ turn: ["deal", "offer"] });
  });

  test("finds the next row that begins with what is typed, round the end", () => {
    expect(typedRow(reading, shown, 0, "d")).toBe(1); // the flow to Deal
    expect(typedRow(reading, shown, 1, "d")).toBe(at("deal"));
    expect(typedRow(reading, shown, at("offer"), "le")).toBe(0);
    expect(typedRow(reading, shown, at("offer"), "of")).toBe(at("offer"));
    expect(typedRow(reading, shown, 0, "zz")).toBe(-1);
    expect(typedRow(reading, [], -1, "a")).toBe(-1);
  });
});
