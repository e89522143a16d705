import { describe, expect, it } from "vitest";
import { around, type Rect } from "../../src/drawing/geometry";
import { SnapLines } from "../../src/gestures/snap_lines";

const card = (x: number, y: number, width = 200, height = 120): Rect => around({ x, y }, width, height);

/** A stream of numbers from 0 to 1 that is the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("a box in the hand", () => {
  it("meets an edge or a middle that is near, on each axis by itself", () => {
    const lines = new SnapLines([card(0, 0)]);
    expect(lines.meet(card(3, 300), 6)).toEqual({ x: -3, y: null });
    expect(lines.meet(card(300, 4), 6)).toEqual({ x: null, y: -4 });
    expect(lines.meet(card(-8 + 8, -5), 6)).toEqual({ x: 0, y: 5 });
    expect(lines.meet(card(7, 300), 6)).toEqual({ x: null, y: null });
  });

  it("meets the edges of a box of another size, and the edges that face it", () => {
    const lines = new SnapLines([card(0, 0, 400, 120)]);
    expect(lines.meet(card(-97, 300), 6).x).toBe(-3); // both left edges
    expect(lines.meet(card(303, 300), 6).x).toBe(-3); // left edge and right edge
  });

  it("does not meet an edge with its middle", () => {
    expect(new SnapLines([card(0, 0)]).meet(card(100 + 1, 300, 80), 6).x).toBeNull();
  });

  it.each([1, 2, 3, 4, 5])("meets what is nearest of all there are, as trying each of them says (%i)", (seed) => {
    const next = random(seed);
    const boxes = Array.from({ length: 200 }, () => card(next() * 4000, next() * 4000, 100 + next() * 200));
    const lines = new SnapLines(boxes);
    for (let i = 0; i < 50; i++) {
      const box = card(next() * 4000, next() * 4000);
      const edges = (one: Rect) => [one.x, one.x + one.width];
      const shifts = boxes.flatMap((one) => [
        ...edges(one).flatMap((at) => edges(box).map((mine) => at - mine)),
        one.x + one.width / 2 - (box.x + box.width / 2),
      ]);
      const best = Math.min(...shifts.map(Math.abs));
      // Equal gaps are left out here: they need all parts of the box to move.
      const parts = { x: ["start", "end", "middle", "end"] as const, y: [] };
      const met = lines.meet(box, 6, parts).x;
      if (best > 6) expect(met).toBeNull();
      else expect(Math.abs(met ?? Infinity)).toBeLessThanOrEqual(best + 0.06);
    }
  });

  it("meets only with the lines that move, when it is resized", () => {
    const lines = new SnapLines([card(0, 0)]);
    const box = { x: -97, y: 300, width: 194, height: 100 };
    expect(lines.meet(box, 6, { x: ["end"], y: [] })).toEqual({ x: 3, y: null });
    expect(lines.meet(box, 2, { x: ["end"], y: [] })).toEqual({ x: null, y: null });
  });
});

describe("equal gaps", () => {
  const row = [card(0, 0), card(300, 0)]; // a gap of 100

  it("are met after, before and between", () => {
    const lines = new SnapLines(row);
    expect(lines.meet(card(604, 20), 6).x).toBe(-4);
    expect(lines.meet(card(-302, 20), 6).x).toBe(2);
    const wide = new SnapLines([card(0, 0), card(700, 0)]);
    expect(wide.meet(card(353, 20), 6).x).toBe(-3);
  });

  it("are met from top to bottom too", () => {
    const column = new SnapLines([card(0, 0), card(0, 200)]);
    expect(column.meet(card(30, 403), 6).y).toBe(-3);
  });

  it("count only beside the box", () => expect(new SnapLines(row).meet(card(604, 400), 6).x).toBeNull());

  it("show with the gaps that they are equal to", () => {
    const gaps = new SnapLines(row).guides(card(600, 20)).filter(({ type }) => type === "gap");
    expect(gaps.map(({ from, to }) => [from.x, to.x])).toEqual([
      [100, 200],
      [400, 500],
    ]);
    expect(gaps.every(({ from, to }) => from.y === to.y)).toBe(true);
    expect(new SnapLines(row).guides(card(610, 20)).filter(({ type }) => type === "gap")).toEqual([]);
  });
});

describe("the lines that show", () => {
  const lines = new SnapLines([card(0, 0), card(0, 400)]);

  it("go from card to card where middles meet, and leave what stands on them alone", () =>
    expect(lines.guides(card(0, 203, 180, 100))).toEqual([
      { type: "line", from: { x: 0, y: 51 }, to: { x: 0, y: 162 } },
      { type: "line", from: { x: 0, y: 244 }, to: { x: 0, y: 349 } },
    ]));

  it("reach over all cards whose edges are on them", () =>
    expect(lines.guides(card(-10, 203, 180, 100))).toEqual([
      { type: "line", from: { x: -100, y: -60 }, to: { x: -100, y: 460 } },
    ]));

  it("are none where nothing is met", () => expect(lines.guides(card(31, 203, 150))).toEqual([]));
});
