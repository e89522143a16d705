/**
 * The lines and gaps that a box in the hand may meet: edges and middles of other boxes, and gaps as wide as theirs.
 *
 * Made once for a drag, from the boxes in view; asked in every frame. Edges meet edges and middles meet middles, as other
 * pairs say nothing to the eye.
 */
import { overlaps, type Rect } from "../drawing/geometry";
import { SpatialIndex } from "../drawing/spatial";
import type { Guide } from "../drawing/state";

export type Axis = "x" | "y";
/** The lines of a box along an axis. */
export type Part = "start" | "middle" | "end";

export interface Meeting {
  /** How far to shift the box; `null` where nothing is near on that axis. */
  readonly x: number | null;
  readonly y: number | null;
}

interface Entry {
  readonly at: number;
  readonly box: Rect;
}

const ALL: readonly Part[] = ["start", "middle", "end"];
/** What differs by less is the same, for all that is seen. */
const SAME = 0.05;
/** A gap smaller than this is none to speak of. */
const LEAST_GAP = 4;
/** How far a line between two cards reaches into them. */
const INTO = 9;
/** Where between upper and lower end of two neighbours their gap is drawn: flows run through the middle. */
const ASIDE = 0.78;
const ENDLESS = 1e8;

const SIZES = { x: "width", y: "height" } as const;
const OTHER = { x: "y", y: "x" } as const;

function lineOf(box: Rect, axis: Axis, part: Part): number {
  return box[axis] + box[SIZES[axis]] * (part === "start" ? 0 : part === "middle" ? 0.5 : 1);
}

const lowOf = (box: Rect, axis: Axis): number => box[axis];
const highOf = (box: Rect, axis: Axis): number => box[axis] + box[SIZES[axis]];

export class SnapLines {
  readonly #edges: Readonly<Record<Axis, readonly Entry[]>>;
  readonly #middles: Readonly<Record<Axis, readonly Entry[]>>;
  readonly #index = new SpatialIndex<Rect>();

  constructor(boxes: readonly Rect[]) {
    const entries = (axis: Axis, parts: readonly Part[]): Entry[] =>
      boxes.flatMap((box) => parts.map((part) => ({ at: lineOf(box, axis, part), box }))).sort((a, b) => a.at - b.at);
    this.#edges = { x: entries("x", ["start", "end"]), y: entries("y", ["start", "end"]) };
    this.#middles = { x: entries("x", ["middle"]), y: entries("y", ["middle"]) };
    for (const [i, box] of boxes.entries()) this.#index.set(String(i), box, box);
  }

  /** The nearest lines and gaps within `reach`; `parts` are the lines of the box that move, all in a drag, some in a resize. */
  meet(box: Rect, reach: number, parts: Readonly<Record<Axis, readonly Part[]>> = { x: ALL, y: ALL }): Meeting {
    const along = (axis: Axis): number | null => {
      const line = this.#nearestLine(box, axis, parts[axis], reach);
      const gap = parts[axis].length === ALL.length ? this.#nearestGap(box, axis, reach) : null;
      if (line === null || gap === null) return line ?? gap;
      return Math.abs(gap) < Math.abs(line) - SAME ? gap : line;
    };
    return { x: along("x"), y: along("y") };
  }

  /** What is to be shown for a box where it lies now. */
  guides(box: Rect, parts: Readonly<Record<Axis, readonly Part[]>> = { x: ALL, y: ALL }): Guide[] {
    return (["x", "y"] as const).flatMap((axis) => {
      const isWhole = parts[axis].length === ALL.length;
      return [...this.#lines(box, axis, parts[axis]), ...(isWhole ? this.#gaps(box, axis) : [])];
    });
  }

  // ---- lines ----------------------------------------------------------------------------------------

  #entries(axis: Axis, part: Part): readonly Entry[] {
    return part === "middle" ? this.#middles[axis] : this.#edges[axis];
  }

  #nearestLine(box: Rect, axis: Axis, parts: readonly Part[], reach: number): number | null {
    let best: number | null = null;
    let nearest = Infinity;
    for (const part of parts) {
      const at = lineOf(box, axis, part);
      for (const entry of within(this.#entries(axis, part), at, reach)) {
        const shift = entry.at - at;
        const away = distanceAcross(entry.box, box, axis);
        const isBetter = best === null || Math.abs(shift) < Math.abs(best) - SAME;
        // Of two as near, the card that is nearer across decides.
        if (isBetter || (Math.abs(Math.abs(shift) - Math.abs(best ?? 0)) <= SAME && away < nearest)) {
          best = shift;
          nearest = away;
        }
      }
    }
    return best;
  }

  /** Lines that are met: edges as far as the cards on them reach, or where middles meet, from each card to the next. */
  #lines(box: Rect, axis: Axis, parts: readonly Part[]): Guide[] {
    const across = OTHER[axis];
    const met = (part: Part): Rect[] => {
      const entries = within(this.#entries(axis, part), lineOf(box, axis, part), SAME);
      return [...entries].map((entry) => entry.box);
    };
    const line = (at: number, from: number, to: number): Guide => ({
      type: "line",
      from: point(axis, at, from),
      to: point(axis, at, to),
    });
    const middles = parts.includes("middle") ? met("middle") : [];
    if (middles.length > 0) {
      // It does not strike out what stands on the cards, and edges go without saying.
      const at = lineOf(box, axis, "middle");
      const row = [...middles, box].sort((a, b) => lowOf(a, across) - lowOf(b, across));
      return row.slice(1).flatMap((next, i) => {
        const from = highOf(row[i] ?? next, across);
        const to = lowOf(next, across);
        return to > from ? [line(at, from - INTO, to + INTO)] : [];
      });
    }
    return parts.flatMap((part) => {
      const boxes = met(part);
      if (boxes.length === 0) return [];
      const from = Math.min(...[...boxes, box].map((one) => lowOf(one, across)));
      const to = Math.max(...[...boxes, box].map((one) => highOf(one, across)));
      return [line(lineOf(box, axis, part), from, to)];
    });
  }

  // ---- gaps -----------------------------------------------------------------------------------------

  /** The two boxes before and the two after this one, nearest first, among those beside it. */
  #neighbours(box: Rect, axis: Axis, slack: number): { before: Rect[]; after: Rect[] } {
    const across = OTHER[axis];
    const band = { ...box, [axis]: -ENDLESS, [SIZES[axis]]: 2 * ENDLESS };
    const beside = this.#index.search(band).filter((one) => overlaps(one, band));
    const before = beside.filter((one) => highOf(one, axis) <= lowOf(box, axis) + slack);
    const after = beside.filter((one) => lowOf(one, axis) >= highOf(box, axis) - slack);
    const row = (first: Rect | undefined, rest: Rect[], isApart: (a: Rect, b: Rect) => boolean): Rect[] => {
      const second = first && rest.find((one) => isApart(one, first) && overlapsAlong(one, first, across));
      return [first, second].filter((one) => one !== undefined);
    };
    before.sort((a, b) => highOf(b, axis) - highOf(a, axis));
    after.sort((a, b) => lowOf(a, axis) - lowOf(b, axis));
    return {
      before: row(before[0], before, (a, b) => highOf(a, axis) <= lowOf(b, axis) - LEAST_GAP),
      after: row(after[0], after, (a, b) => lowOf(a, axis) >= highOf(b, axis) + LEAST_GAP),
    };
  }

  #nearestGap(box: Rect, axis: Axis, reach: number): number | null {
    const size = box[SIZES[axis]];
    const { before, after } = this.#neighbours(box, axis, reach);
    const [l, l2] = before;
    const [r, r2] = after;
    const starts: number[] = [];
    if (l && r && lowOf(r, axis) - highOf(l, axis) >= size + 2 * LEAST_GAP)
      starts.push((highOf(l, axis) + lowOf(r, axis) - size) / 2);
    if (l && l2) starts.push(highOf(l, axis) + lowOf(l, axis) - highOf(l2, axis));
    if (r && r2) starts.push(lowOf(r, axis) - (lowOf(r2, axis) - highOf(r, axis)) - size);
    const shifts = starts.map((start) => start - box[axis]).filter((shift) => Math.abs(shift) <= reach);
    return shifts.length ? shifts.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a)) : null;
  }

  #gaps(box: Rect, axis: Axis): Guide[] {
    const { before, after } = this.#neighbours(box, axis, SAME);
    const [l, l2] = before;
    const [r, r2] = after;
    const pairs: (readonly [Rect, Rect])[] = [];
    if (l2 && l) pairs.push([l2, l]);
    if (l) pairs.push([l, box]);
    if (r) pairs.push([box, r]);
    if (r && r2) pairs.push([r, r2]);
    const width = ([a, b]: readonly [Rect, Rect]): number => lowOf(b, axis) - highOf(a, axis);
    // A gap of the box itself shows with those that are as wide.
    const own = pairs.filter((pair) => pair.includes(box) && width(pair) >= LEAST_GAP);
    const shown = pairs.filter((pair) =>
      own.some((mine) =>
        pairs.some(
          (other) => other !== mine && isEqual(width(other), width(mine)) && isEqual(width(pair), width(mine)),
        ),
      ),
    );
    return shown.map(([a, b]) => {
      const across = OTHER[axis];
      const low = Math.max(lowOf(a, across), lowOf(b, across));
      const high = Math.min(highOf(a, across), highOf(b, across));
      const at = low + (high - low) * ASIDE;
      return { type: "gap", from: point(across, at, highOf(a, axis)), to: point(across, at, lowOf(b, axis)) };
    });
  }
}

/** The entries whose line is within `reach` of `at`, in a sorted list. */
function* within(entries: readonly Entry[], at: number, reach: number): Generator<Entry> {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.at ?? 0) < at - reach) low = middle + 1;
    else high = middle;
  }
  for (let entry = entries[low]; entry && entry.at <= at + reach; entry = entries[++low]) yield entry;
}

function distanceAcross(a: Rect, b: Rect, axis: Axis): number {
  const across = OTHER[axis];
  return Math.max(lowOf(a, across) - highOf(b, across), lowOf(b, across) - highOf(a, across), 0);
}

function overlapsAlong(a: Rect, b: Rect, axis: Axis): boolean {
  return lowOf(a, axis) < highOf(b, axis) && lowOf(b, axis) < highOf(a, axis);
}

function isEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME * 2;
}

/** The point that is `at` on an axis, and `across` on the other. */
function point(axis: Axis, at: number, across: number): { x: number; y: number } {
  return axis === "x" ? { x: at, y: across } : { x: across, y: at };
}
