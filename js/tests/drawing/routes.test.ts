import { describe, expect, test } from "vitest";
import { distanceTo, pointAt, samples, tangentAt } from "../../src/drawing/bezier";
import type { Outline } from "../../src/drawing/borders";
import { contains, encloses, grow, type Rect, union } from "../../src/drawing/geometry";
import { ALONE, draftRoute, type Route, reachBeyond, routeBetween, routeBox } from "../../src/drawing/routes";

const card = (column: number, row: number): Outline => ({
  rect: { x: column * 352, y: row * 192, width: 200, height: 120 },
  shape: "card",
});
const nothing = (): Rect[] => [];
/** The directions in which a route sets out and arrives. */
const ways = ({ curve, direction }: Route) => {
  const { x, y } = tangentAt(curve, 0);
  return [Math.round(x), Math.round(y), direction.x + 0, direction.y + 0];
};
const crosses = (outline: Outline, curve: Parameters<typeof samples>[0]): boolean =>
  samples(curve, 60).some((point) => contains(outline.rect, point));

describe("a route", () => {
  test("to the right leaves on the right and arrives on the left", () => {
    const route = routeBetween(card(0, 0), card(1, 0), ALONE, nothing);
    expect(ways(route)).toEqual([1, 0, 1, 0]);
  });

  test("to the card below leaves at the bottom and arrives on top", () => {
    const route = routeBetween(card(0, 0), card(0, 1), ALONE, nothing);
    expect(ways(route)).toEqual([0, 1, 0, 1]);
  });

  test("ends at the border of the target, in the direction of its curve", () => {
    for (const [column, row] of [
      [1, 0],
      [1, 2],
      [-1, 1],
      [0, -1],
      [3, -2],
    ] as const) {
      const target = card(column, row);
      const route = routeBetween(card(0, 0), target, ALONE, nothing);
      expect(contains(grow(target.rect, 2), route.tip)).toBe(true);
      expect(contains(grow(target.rect, -1), route.tip)).toBe(false);
      const end = tangentAt(route.curve, 1);
      expect(end.x * route.direction.x + end.y * route.direction.y).toBeGreaterThan(0.99);
    }
  });

  test("goes round a card that is in the way", () => {
    const between = card(1, 0);
    const route = routeBetween(card(0, 0), card(2, 0), ALONE, () => [between.rect]);
    expect(crosses(between, route.curve)).toBe(false);
  });

  test("comes back in an arc of its own where the way on is taken", () => {
    const on = routeBetween(card(0, 0), card(1, 0), ALONE, nothing);
    const back = routeBetween(card(1, 0), card(0, 0), { ...ALONE, against: true }, nothing);
    expect(back.returns).toBe(true);
    expect(ways(back)).toEqual([0, -1, 0, 1]);
    expect(distanceTo(on.curve, pointAt(back.curve, 0.5))).toBeGreaterThan(30);
  });

  test("keeps apart from others between the same cards", () => {
    const three = [0, 1, 2].map((index) =>
      routeBetween(card(0, 0), card(1, 0), { ...ALONE, index, count: 3 }, nothing),
    );
    const middles = three.map((way) => pointAt(way.curve, 0.5).y).sort((a, b) => a - b);
    for (let i = 1; i < middles.length; i++)
      expect((middles[i] ?? 0) - (middles[i - 1] ?? 0)).toBeGreaterThanOrEqual(22);
  });

  test("back to its own card is a loop outside of it", () => {
    const own = card(0, 0);
    const route = routeBetween(own, own, ALONE, nothing);
    expect(route.returns).toBe(true);
    expect(contains(own.rect, pointAt(route.curve, 0.5))).toBe(false);
  });

  test("steps aside where it would leave from a side at which others arrive", () => {
    const plain = routeBetween(card(0, 1), card(1, 0), ALONE, nothing);
    const shared = routeBetween(card(0, 1), card(1, 0), { ...ALONE, arriving: new Set(["right"]) }, nothing);
    expect(shared.start).not.toEqual(plain.start);
  });

  test("never leaves the box by which its flow is indexed", () => {
    for (let column = -4; column <= 4; column++) {
      for (let row = -4; row <= 4; row++) {
        const source = card(0, 0);
        const target = card(column, row);
        for (const against of [false, true]) {
          const route = routeBetween(source, target, { ...ALONE, against });
          const indexed = grow(union(source.rect, target.rect), reachBeyond(source.rect, target.rect));
          expect(encloses(indexed, routeBox(route, 9))).toBe(true);
        }
      }
    }
  });

  test("is still there between cards that overlap", () => {
    const source = card(0, 0);
    const target: Outline = { shape: "card", rect: { ...source.rect, x: 30, y: 20 } };
    expect(routeBetween(source, target, ALONE, nothing).curve.every(Number.isFinite)).toBe(true);
  });

  test("in the making runs from a card to a bare point", () => {
    const route = draftRoute(card(0, 0), { x: 600, y: 60 }, 2);
    expect(route.tip.x).toBeCloseTo(600);
    expect(ways(route).slice(0, 2)).toEqual([1, 0]);
  });
});
