import { describe, expect, it } from "vitest";
import { around, type Rect } from "../../src/drawing/geometry";
import { alignment, distribution } from "../../src/gestures/align";

const cards = [
  { id: "a", rect: around({ x: 0, y: 0 }, 200, 120) },
  { id: "b", rect: around({ x: 500, y: 90 }, 184, 48) },
  { id: "c", rect: around({ x: 320, y: 300 }, 176, 112) },
];

/** The cards' boxes after their shifts along an axis. */
const shifted = (shifts: Map<string, number>, axis: "x" | "y") =>
  cards.map(({ id, rect }) => ({ ...rect, [axis]: rect[axis] + (shifts.get(id) ?? 0) }));

describe("aligned cards", () => {
  it.each([
    ["left", ({ x }: Rect) => x, -100],
    ["centre", ({ x, width }: Rect) => x + width / 2, 246],
    ["right", ({ x, width }: Rect) => x + width, 592],
  ] as const)("have one %s line, within what they spanned before", (line, at, wanted) => {
    expect(shifted(alignment(cards, line), "x").map(at)).toEqual([wanted, wanted, wanted]);
  });

  it.each([
    ["top", ({ y }: Rect) => y, -60],
    ["middle", ({ y, height }: Rect) => y + height / 2, 148],
    ["bottom", ({ y, height }: Rect) => y + height, 356],
  ] as const)("have one %s line, within what they spanned before, whatever their height", (line, at, wanted) => {
    expect(shifted(alignment(cards, line), "y").map(at)).toEqual([wanted, wanted, wanted]);
  });
});

describe("distributed cards", () => {
  it("have equal gaps, and the outermost stay", () => {
    const [a, b, c] = shifted(distribution(cards, "x"), "x") as [Rect, Rect, Rect];
    expect([a.x, b.x]).toEqual([-100, 408]);
    expect(c.x - (a.x + a.width)).toBeCloseTo(b.x - (c.x + c.width), 9);
  });

  it("that need more room than there is overlap evenly", () => {
    const crowded = ["a", "b", "c"].map((id, i) => ({ id, rect: around({ x: i * 50, y: 0 }, 200, 120) }));
    expect([...distribution(crowded, "x").values()]).toEqual([0, 0, 0]);
  });
});
