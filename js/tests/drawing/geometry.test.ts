import { describe, expect, test } from "vitest";
import { type Cubic, distanceTo, hullOf, lengthOf, pointAt, tangentAt } from "../../src/drawing/bezier";
import { borderPoint } from "../../src/drawing/borders";
import { bounds, encloses, overlaps, spanning } from "../../src/drawing/geometry";
import { SpatialIndex } from "../../src/drawing/spatial";

describe("rectangles", () => {
  const a = { x: 0, y: 0, width: 10, height: 10 };

  test("touching is not overlapping", () => {
    expect(overlaps(a, { x: 10, y: 0, width: 5, height: 5 })).toBe(false);
    expect(overlaps(a, { x: 9.9, y: 0, width: 5, height: 5 })).toBe(true);
  });

  test("a gap makes neighbours overlap", () => {
    expect(overlaps(a, { x: 12, y: 0, width: 5, height: 5 }, 3)).toBe(true);
  });

  test("two corners span the same box in either order", () => {
    expect(spanning({ x: 5, y: 1 }, { x: 1, y: 4 })).toEqual(spanning({ x: 1, y: 4 }, { x: 5, y: 1 }));
  });

  test("bounds enclose every part and are undefined for none", () => {
    const b = { x: -4, y: 20, width: 2, height: 2 };
    const all = bounds([a, b]);
    expect(all && encloses(all, a) && encloses(all, b)).toBe(true);
    expect(bounds([])).toBeUndefined();
  });
});

describe("curves", () => {
  const straight: Cubic = [0, 0, 10, 0, 20, 0, 30, 0];

  test("a straight curve is as long as its chord", () => {
    expect(lengthOf(straight)).toBeCloseTo(30);
  });

  test("the tangent has length one, even where the controls meet the ends", () => {
    for (const t of [0, 0.3, 1])
      expect(Math.hypot(...Object.values(tangentAt([0, 0, 0, 0, 8, 6, 8, 6], t)))).toBeCloseTo(1);
  });

  test("no point leaves the hull", () => {
    const curve: Cubic = [0, 0, 90, -40, -20, 70, 60, 60];
    const hull = hullOf(curve);
    for (let t = 0; t <= 1; t += 0.05) {
      const { x, y } = pointAt(curve, t);
      expect(encloses(hull, { x, y, width: 0, height: 0 })).toBe(true);
    }
  });

  test("a point beside a straight line is as far as it looks", () => {
    expect(distanceTo(straight, { x: 15, y: 7 })).toBeCloseTo(7, 2);
    expect(distanceTo(straight, { x: 34, y: 3 })).toBeCloseTo(5, 2);
  });
});

describe("borders", () => {
  const rect = { x: 0, y: 0, width: 200, height: 100 };

  test("a flow meets a card at the middle of its side", () => {
    expect(borderPoint({ rect, shape: "card" }, "right", 0)).toEqual({ x: 200, y: 50 });
  });

  test("beside the point of a diamond the border runs inward", () => {
    expect(borderPoint({ rect, shape: "diamond" }, "left", 10)).toEqual({ x: 20, y: 60 });
  });

  test("beside the middle of a pill the border follows its round end", () => {
    const { x } = borderPoint({ rect, shape: "pill" }, "left", 30);
    expect(x).toBeCloseTo(50 - 40);
  });

  test("no offset leaves the side", () => {
    expect(borderPoint({ rect, shape: "card" }, "top", 999).x).toBeLessThanOrEqual(200);
  });
});

describe("the spatial index", () => {
  test("what is moved is found at its new place only", () => {
    const index = new SpatialIndex<string>();
    index.set("a", { x: 0, y: 0, width: 4, height: 4 }, "a");
    index.set("a", { x: 50, y: 50, width: 4, height: 4 }, "moved");
    expect(index.search({ x: 0, y: 0, width: 10, height: 10 })).toEqual([]);
    expect(index.search({ x: 45, y: 45, width: 10, height: 10 })).toEqual(["moved"]);
    expect(index.search({ x: -1e4, y: -1e4, width: 2e4, height: 2e4 })).toEqual(["moved"]);
  });

  test("what is removed is gone, and removing it again is no error", () => {
    const index = new SpatialIndex<string>();
    index.set("a", { x: 0, y: 0, width: 4, height: 4 }, "a");
    index.remove("a");
    index.remove("a");
    expect(index.collides({ x: 0, y: 0, width: 9, height: 9 })).toBe(false);
  });

  test("things of any size are found once, wherever a box touches them", () => {
    const index = new SpatialIndex<number>();
    const boxes = Array.from({ length: 300 }, (_, i) => {
      const size = 2 ** (i % 14);
      return { x: ((i * 7919) % 9000) - 4500, y: ((i * 104_729) % 9000) - 4500, width: size, height: size / 2 };
    });
    for (const [i, box] of boxes.entries()) index.set(String(i), box, i);
    for (const asked of [...boxes.slice(0, 40), { x: -9000, y: -9000, width: 20_000, height: 20_000 }]) {
      const wanted = boxes.flatMap((box, i) => (overlaps(box, asked, 1e-9) ? [i] : []));
      expect(index.search(asked).sort((a, b) => a - b)).toEqual(wanted);
      expect(index.collides(asked)).toBe(true);
    }
  });
});
