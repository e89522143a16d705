import { describe, expect, test } from "vitest";
import { around, centreOf } from "../../src/drawing/geometry";
import { byNearness, type Direction, neighbour, type Placed } from "../../src/gestures/neighbours";

const DIRECTIONS: readonly Direction[] = ["left", "right", "up", "down"];

function card(id: string, x: number, y: number): Placed {
  return { id, rect: around({ x, y }, 200, 120) };
}

function next(cards: readonly Placed[], from: string, direction: Direction): string | undefined {
  const start = cards.find(({ id }) => id === from);
  return (
    start &&
    neighbour(
      start.rect,
      direction,
      cards.filter(({ id }) => id !== from),
    )
  );
}

/** Numbers between 0 and 1 that are the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Cards here and there that do not overlap, with gaps where none is. */
function scattered(seed: number): Placed[] {
  const random = chance(seed);
  const cards: Placed[] = [];
  for (let i = 0; i < 120; i++) {
    const [x, y] = [(i % 12) * 352 + random() * 130, Math.floor(i / 12) * 192 + random() * 60];
    if (random() < 0.6) cards.push(card(`n${i}`, x, y));
  }
  return cards;
}

describe("the next card in a direction", () => {
  const grid = Array.from({ length: 25 }, (_, i) =>
    card(`${i % 5},${Math.floor(i / 5)}`, (i % 5) * 352, Math.floor(i / 5) * 192),
  );

  test("is the one beside it, in rows and columns, and the way back leads back", () => {
    expect(DIRECTIONS.map((way) => next(grid, "2,2", way))).toEqual(["1,2", "3,2", "2,1", "2,3"]);
    expect(next(grid, "0,0", "left")).toBeUndefined();
    expect(next(grid, "4,4", "down")).toBeUndefined();
  });

  test("is the straight one before a nearer one that lies aside", () => {
    const cards = [card("from", 0, 0), card("straight", 600, 0), card("aside", 330, 330)];
    expect(next(cards, "from", "right")).toBe("straight");
    expect(next(cards, "from", "down")).toBe("aside");
  });

  test("is none that lies the other way, or almost straight aside", () => {
    const cards = [card("from", 0, 0), card("behind", -300, 10), card("above", 30, -900)];
    expect(next(cards, "from", "right")).toBeUndefined();
    expect(next(cards, "from", "up")).toBe("above");
  });

  test.each([1, 2, 3, 4, 5])("always lies that way (scattered cards, seed %i)", (seed) => {
    const cards = scattered(seed);
    for (const { id, rect } of cards)
      for (const direction of DIRECTIONS) {
        const found = cards.find((other) => other.id === next(cards, id, direction));
        if (!found) continue;
        const [from, to] = [centreOf(rect), centreOf(found.rect)];
        const ahead = { left: from.x - to.x, right: to.x - from.x, up: from.y - to.y, down: to.y - from.y }[direction];
        expect(ahead).toBeGreaterThan(0);
      }
  });

  test.each([1, 2, 3, 4, 5])("leads from any card to every other, jump by jump (scattered cards, seed %i)", (seed) => {
    const cards = scattered(seed);
    const reached = new Set([cards[0]?.id ?? ""]);
    for (const id of reached)
      for (const direction of DIRECTIONS) {
        const to = next(cards, id, direction);
        if (to !== undefined) reached.add(to);
      }
    expect(reached.size).toBe(cards.length);
  });
});

test("cards by nearness begin with the nearest", () => {
  const cards = [card("far", 900, 0), card("here", 10, 0), card("near", 0, 300)];
  expect(byNearness({ x: 0, y: 0 }, cards)).toEqual(["here", "near", "far"]);
});
