/** Which card lies next in a direction, as the eye would say. */
import { centreOf, distance, type Point, type Rect } from "../drawing/geometry";

export type Direction = "left" | "right" | "up" | "down";

export interface Placed {
  readonly id: string;
  readonly rect: Rect;
}

/** How much farther a card seems for lying aside of the straight line. */
const ASIDE = 2;

/** The nearest card whose middle lies that way; what lies aside more than ahead by far belongs to another direction. */
export function neighbour(from: Rect, direction: Direction, others: Iterable<Placed>): string | undefined {
  const start = alongWay(from, direction);
  let nearest: string | undefined;
  let least = Infinity;
  for (const { id, rect } of others) {
    const end = alongWay(rect, direction);
    const ahead = end.middle - start.middle;
    const aside = Math.max(end.low - start.high, start.low - end.high, 0);
    if (ahead <= 0 || aside > ASIDE * ahead) continue;
    const gap = Math.max(end.near - start.far, 0);
    // Where two lie equally near, the straighter one; a trifle, so that it decides nothing else.
    const cost = gap + ASIDE * aside + (ahead + Math.abs(end.across - start.across)) * 0.01;
    if (cost < least) {
      least = cost;
      nearest = id;
    }
  }
  return nearest;
}

/** The same, from the nearest on: how far each card's middle is from a point. */
export function byNearness(from: Point, others: Iterable<Placed>): string[] {
  return [...others]
    .map(({ id, rect }) => ({ id, away: distance(centreOf(rect), from) }))
    .sort((a, b) => a.away - b.away)
    .map(({ id }) => id);
}

/** A rectangle as one sees it when walking that way: `near` to `far` ahead, `low` to `high` across. */
function alongWay(rect: Rect, direction: Direction) {
  const isUpright = direction === "up" || direction === "down";
  const { x, y, width, height } = rect;
  const [from, length, low, breadth] = isUpright ? [y, height, x, width] : [x, width, y, height];
  const isBack = direction === "left" || direction === "up";
  const middle = from + length / 2;
  return {
    middle: isBack ? -middle : middle,
    near: isBack ? -from - length : from,
    far: isBack ? -from : from + length,
    low,
    high: low + breadth,
    across: low + breadth / 2,
  };
}
