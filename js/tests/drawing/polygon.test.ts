import { describe, expect, it } from "vitest";
import { boxOf, isInside, pathOf } from "../../src/drawing/polygon";

const square = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
];
/** A U: what lies between its arms is outside. */
const hook = [
  { x: 0, y: 0 },
  { x: 3, y: 0 },
  { x: 3, y: 7 },
  { x: 7, y: 7 },
  { x: 7, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
];

describe("a free-form outline", () => {
  it.each([
    [square, 5, 5, true],
    [square, -1, 5, false],
    [square, 5, 11, false],
    [hook, 1, 2, true],
    [hook, 5, 2, false],
    [hook, 5, 8, true],
    [square.slice(0, 2), 5, 0, false],
    [[], 0, 0, false],
  ])("%#: holds what is inside of it", (polygon, x, y, wanted) => expect(isInside(polygon, { x, y })).toBe(wanted));

  it("does not hold what it goes round twice", () =>
    expect(
      isInside([...square, ...square.map(({ x, y }) => ({ x: x * 0.9 + 0.5, y: y * 0.9 + 0.5 }))], { x: 5, y: 5 }),
    ).toBe(false));

  it("has a box and a path", () => {
    expect(boxOf(hook)).toEqual({ x: 0, y: 0, width: 10, height: 10 });
    expect(boxOf([])).toBeUndefined();
    expect(pathOf(square)).toBe("M0 0L10 0L10 10L0 10Z");
    expect(pathOf([])).toBe("");
  });
});
