/** The bands behind the nodes: one for each value of the attribute that the map names as its lanes. */
import { GEOMETRY } from "../generated/schema";
import { grouped } from "../model/grouped";
import { bounds, centreOf, type Rect } from "./geometry";

export interface LaneBand {
  readonly name: string;
  readonly rect: Rect;
}

interface Lane {
  readonly name: string;
  rects: readonly Rect[];
}

export const LANE_GAP = 8;
const APART = LANE_GAP;
/** From the upper edge of a band to its first cards. */
export const LANE_STRIP = GEOMETRY.lane_header + APART;
/** From the last cards of a band to its lower edge. */
export const LANE_FOOT = GEOMETRY.lane_padding - LANE_GAP;
const middle = (rect: Rect): number => centreOf(rect).y;

/** How much of the strip, from its beginning, is the name's: the rest is map. */
export const LANE_NAME = 220;

/** The mark before the name that folds the lane. */
export function laneMark({ x, y }: Rect): Rect {
  return { x: x + 8, y: y + 5, width: 20, height: 20 };
}

/** Bands from top to bottom, of one width; a node that was put among those of another lane widens neither. */
export function laneBands(members: Iterable<readonly [lane: string, rect: Rect]>): LaneBand[] {
  const groups = grouped(members, ([name]) => name);
  const lanes: Lane[] = [...groups].map(([name, group]) => ({ name, rects: group.map(([, rect]) => rect) }));
  const all = bounds(lanes.flatMap(({ rects }) => rects));
  if (!all) return [];
  lanes.sort((a, b) => median(a.rects) - median(b.rects));
  for (const [i, lane] of lanes.entries()) {
    const next = lanes[i + 1];
    if (next) part(lane, next);
  }
  const pad = GEOMETRY.lane_padding;
  const bands = lanes.map(({ name, rects }) => {
    const own = bounds(rects) ?? all;
    return { name, top: own.y - LANE_STRIP, bottom: own.y + own.height + pad - APART };
  });
  for (const [i, band] of bands.entries()) {
    const next = bands[i + 1];
    if (!next) continue;
    if (band.bottom <= next.top - APART) {
      band.bottom = next.top - APART; // the room between two lanes belongs to the upper one
      continue;
    }
    const between = Math.max((band.bottom + next.top) / 2, band.top + APART);
    band.bottom = between - APART / 2;
    next.top = between + APART / 2;
  }
  return bands.map(({ name, top, bottom }) => ({
    name,
    rect: { x: all.x - pad, y: top, width: all.width + 2 * pad, height: Math.max(bottom - top, 0) },
  }));
}

function median(rects: readonly Rect[]): number {
  const middles = rects.map(middle).sort((a, b) => a - b);
  return middles[Math.floor(middles.length / 2)] ?? 0;
}

/** Leaves out, of two lanes that reach into each other, the nodes on the wrong side of the best line between them. */
function part(upper: Lane, lower: Lane): void {
  const above = bounds(upper.rects);
  const below = bounds(lower.rects);
  if (!above || !below || above.y + above.height <= below.y) return;
  const marks = [upper, lower]
    .flatMap(({ rects }, i) => rects.map((rect) => ({ y: middle(rect), isUpper: i === 0 })))
    .sort((a, b) => a.y - b.y);
  // Above the first mark all nodes of the upper lane are misplaced; each mark passed mends or spoils one.
  let misplaced = upper.rects.length;
  let least = Infinity;
  let line = (above.y + above.height + below.y) / 2;
  for (const [i, mark] of marks.entries()) {
    misplaced += mark.isUpper ? -1 : 1;
    const after = marks[i + 1]?.y ?? mark.y;
    // A line through a wide gap is worth a few strays: cards of both lanes side by side make no border.
    const cost = misplaced * 50 - Math.min(after - mark.y, 240);
    if (cost >= least || after === mark.y) continue;
    least = cost;
    line = (mark.y + after) / 2;
  }
  const kept = upper.rects.filter((rect) => middle(rect) <= line);
  const left = lower.rects.filter((rect) => middle(rect) > line);
  if (kept.length > 0) upper.rects = kept;
  if (left.length > 0) lower.rects = left;
}
