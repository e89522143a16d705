import { describe, expect, test } from "vitest";
import { scrolledTo, visibleRows } from "../../src/panels/visible_rows";

describe("the rows that are drawn", () => {
  test.each([0, 1, 399, 4000, 279_000])("hold all in sight and few more, scrolled by %i", (scrolled) => {
    const { from, to } = visibleRows(10_000, 28, scrolled, 500);
    expect(from * 28).toBeLessThanOrEqual(scrolled);
    expect(to * 28).toBeGreaterThanOrEqual(Math.min(scrolled + 500, 280_000));
    expect(to - from).toBeLessThan(40);
  });

  test("are all there are where those are few, and none where there are none", () => {
    expect(visibleRows(3, 28, 0, 500)).toEqual({ from: 0, to: 3 });
    expect(visibleRows(0, 28, 0, 500)).toEqual({ from: 0, to: 0 });
    expect(visibleRows(3, 28, 9000, 500)).toEqual({ from: 3, to: 3 });
  });

  test("are scrolled no farther than it takes to see one whole", () => {
    expect(scrolledTo(5, 20, 0, 200)).toBe(0);
    expect(scrolledTo(15, 20, 0, 200)).toBe(120);
    expect(scrolledTo(2, 20, 120, 200)).toBe(40);
  });
});
