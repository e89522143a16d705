/** The way of a flow from card to card: one cubic, the cheapest among sides and arcs, and a head that ends at the border. */
import { GEOMETRY } from "../generated/schema";
import { type Cubic, hullOf, lengthOf, pointAt } from "./bezier";
import { borderPoint, type Outline, reachOf } from "./borders";
import { centreOf, clamp, contains, grow, NORMALS, type Point, type Rect, type Side } from "./geometry";

export interface Route {
  /** From the border of the source to the base of the head. */
  readonly curve: Cubic;
  /** The point of the head, at the border of the target, and the direction that it shows. */
  readonly tip: Point;
  readonly direction: Point;
  readonly start: Point;
  readonly from: Side;
  readonly to: Side;
  /** It comes back over or under the cards, as rework does. */
  readonly returns: boolean;
}

export interface Lane {
  /** Which of several flows between the same two nodes, and of how many: they are kept apart. */
  readonly index: number;
  readonly count: number;
  /** The facing sides are taken by the flows of the other direction. */
  readonly against: boolean;
  readonly width: number;
  /** Sides of the source at which other flows arrive. */
  readonly arriving: ReadonlySet<Side>;
  /** Sides of the target from which other flows leave. */
  readonly leaving: ReadonlySet<Side>;
}

const NONE: ReadonlySet<Side> = new Set();
export const ALONE: Lane = {
  index: 0,
  count: 1,
  against: false,
  width: GEOMETRY.flow_width,
  arriving: NONE,
  leaving: NONE,
};

/** Cards that could be in the way of a curve within this box. */
export type Obstacles = (box: Rect) => Iterable<Rect>;

const CROSSING = 1500;
const CLEAR = 26;
const PARALLEL = 26;
/** A side where flows come in is a poor place to go out: what does so all the same steps aside. */
const SHARED = 70;
const ASIDE = 26;
const RISES = [48, 84, 140, 230, 380];

/** The sides that a flow would take if nothing were in its way. */
export function naturalSides(source: Rect, target: Rect, against: boolean): readonly [from: Side, to: Side] {
  const { x: dx, y: dy } = between(centreOf(source), centreOf(target));
  if (against) return Math.abs(dx) > 20 ? ["top", "top"] : ["right", "right"];
  let best: readonly [Side, Side] = ["right", "left"];
  let least = Number.POSITIVE_INFINITY;
  const option = (from: Side, to: Side, gap: number, across: number, penalty: number): void => {
    const cost = Math.hypot(gap, across) + Math.max(across - gap, 0) * 0.6 + penalty;
    if (gap < CLEAR || cost >= least) return;
    least = cost;
    best = [from, to];
  };
  option("right", "left", target.x - source.x - source.width, Math.abs(dy), 0);
  option("left", "right", source.x - target.x - target.width, Math.abs(dy), 40);
  option("bottom", "top", target.y - source.y - source.height, Math.abs(dx), 10);
  option("top", "bottom", source.y - target.y - target.height, Math.abs(dx), 30);
  return best;
}

const between = (a: Point, b: Point): Point => ({ x: b.x - a.x, y: b.y - a.y });

export function headLength(width: number): number {
  return GEOMETRY.arrow_length + (width - GEOMETRY.flow_width) * 0.7;
}

export function headWidth(width: number): number {
  return GEOMETRY.arrow_width + (width - GEOMETRY.flow_width) * 1.4;
}

interface Candidate {
  readonly route: Route;
  readonly cost: number;
}

/** How far beyond the box of its two nodes a route may go; what is indexed by that box is always found. */
export function reachBeyond(source: Rect, target: Rect): number {
  const span = Math.max(Math.abs(source.x - target.x), Math.abs(source.y - target.y));
  return span > 900 ? 400 : 260;
}

/** The route from one node to another, or back to the same. */
export function routeBetween(source: Outline, target: Outline, lane: Lane, obstacles: Obstacles): Route {
  if (source === target) return loop(source, lane);
  const candidates = candidatesFor(source, target, lane).sort((a, b) => a.cost - b.cost);
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.cost >= least) break;
    const cost = candidate.cost + CROSSING * crossings(candidate.route, source, target, obstacles);
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return (best ?? fallback(source, target, lane)).route;
}

/** The cheapest shape without a look at what is in the way, for maps in motion and great numbers. */
export function quickRoute(source: Outline, target: Outline, lane: Lane): Route {
  if (source === target) return loop(source, lane);
  let best: Candidate | undefined;
  for (const candidate of candidatesFor(source, target, lane)) {
    if (!best || candidate.cost < best.cost) best = candidate;
  }
  return (best ?? fallback(source, target, lane)).route;
}

/** A flow in the making: either end may be a bare point. */
export function draftRoute(from: Outline | Point, to: Outline | Point, width: number): Route {
  const lane = { ...ALONE, width };
  const source = "rect" in from ? from : { rect: { ...from, width: 0, height: 0 }, shape: "card" as const };
  const target = "rect" in to ? to : { rect: { ...to, width: 0, height: 0 }, shape: "card" as const };
  return quickRoute(source, target, lane);
}

function candidatesFor(source: Outline, target: Outline, lane: Lane): Candidate[] {
  const s = source.rect;
  const t = target.rect;
  const sc = centreOf(s);
  const tc = centreOf(t);
  const right = t.x - (s.x + s.width);
  const left = s.x - (t.x + t.width);
  const down = t.y - (s.y + s.height);
  const up = s.y - (t.y + t.height);
  const list: Candidate[] = [];
  const apart = (lane.index - (lane.count - 1) / 2) * Math.max(PARALLEL, lane.width + 14);
  const facing = (from: Side, to: Side, penalty: number): void => {
    list.push(facingRoute(source, target, from, to, apart, lane, penalty));
  };
  if (!lane.against) {
    if (right >= CLEAR) facing("right", "left", 0);
    if (left >= CLEAR) facing("left", "right", 40);
    if (down >= CLEAR) facing("bottom", "top", 10);
    if (up >= CLEAR) facing("top", "bottom", 30);
  }
  const beside = s.width / 2 + 24;
  const below = s.height / 2 + 24;
  if (tc.x - sc.x > beside && down > -t.height / 2 + CLEAR && tc.y > sc.y) facing("right", "top", 80);
  if (tc.x - sc.x > beside && up > -t.height / 2 + CLEAR && tc.y < sc.y) facing("right", "bottom", 80);
  if (sc.x - tc.x > beside && down > -t.height / 2 + CLEAR && tc.y > sc.y) facing("left", "top", 100);
  if (sc.x - tc.x > beside && up > -t.height / 2 + CLEAR && tc.y < sc.y) facing("left", "bottom", 100);
  if (tc.y - sc.y > below && right > -t.width / 2 + CLEAR && tc.x > sc.x) facing("bottom", "left", 80);
  if (tc.y - sc.y > below && left > -t.width / 2 + CLEAR && tc.x < sc.x) facing("bottom", "right", 100);
  if (sc.y - tc.y > below && right > -t.width / 2 + CLEAR && tc.x > sc.x) facing("top", "left", 80);
  if (sc.y - tc.y > below && left > -t.width / 2 + CLEAR && tc.x < sc.x) facing("top", "right", 100);
  const back = lane.against || tc.x < sc.x - s.width / 2;
  for (const side of ["top", "bottom", "left", "right"] as const) {
    for (const rise of RISES) {
      const arc = arcRoute(source, target, side, rise + lane.index * PARALLEL, lane, back);
      if (arc) list.push(arc);
    }
  }
  return list;
}

function facingRoute(
  source: Outline,
  target: Outline,
  from: Side,
  to: Side,
  apart: number,
  lane: Lane,
  penalty: number,
): Candidate {
  const straight = NORMALS[from].x === -NORMALS[to].x && NORMALS[from].y === -NORMALS[to].y;
  const away = between(centreOf(source.rect), centreOf(target.rect));
  const isAligned = straight && Math.abs(NORMALS[from].x !== 0 ? away.y : away.x) < 3;
  // Flows that run straight keep to the middle of the side; it is the slanting ones that step aside.
  const aside = (side: Side, direction: 1 | -1, isShared: boolean): number =>
    isShared && !isAligned ? ASIDE * direction * (Math.sign(NORMALS[side].x !== 0 ? away.y : away.x) || 1) : 0;
  const startsShared = lane.arriving.has(from);
  const endsShared = lane.leaving.has(to);
  const mirrored = straight || from === "left" || from === "top" ? 1 : -1;
  const start = borderPoint(source, from, apart + aside(from, 1, startsShared));
  const end = ending(target, to, apart * mirrored + aside(to, -1, endsShared), lane.width);
  const dx = Math.abs(end.base.x - start.x);
  const dy = Math.abs(end.base.y - start.y);
  const along = NORMALS[from].x !== 0 ? dx : dy;
  const across = NORMALS[from].x !== 0 ? dy : dx;
  // A corner is a quarter round; facing sides meet in an S whose turn is tight only as far as the gap is.
  const first = straight ? clamp(along / 2, 18, 220) : along * 0.72;
  const second = straight ? first : across * 0.72;
  const route = joined(start, from, first, end, to, second, false);
  const bend = straight ? Math.max(across - along, 0) * 0.6 + (across > 2 ? 12 : 0) : 0;
  const shared = isAligned ? 0 : (startsShared ? SHARED : 0) + (endsShared ? SHARED : 0);
  return { route, cost: lengthOf(route.curve) + bend + penalty + shared };
}

/** Out of one side, over everything that is in between, and back into the same side of the target. */
function arcRoute(
  source: Outline,
  target: Outline,
  side: Side,
  rise: number,
  lane: Lane,
  returns: boolean,
): Candidate | undefined {
  const upright = side === "top" || side === "bottom";
  const sc = centreOf(source.rect);
  const tc = centreOf(target.rect);
  const towards = Math.sign(upright ? tc.x - sc.x : tc.y - sc.y) || 1;
  const inset = (outline: Outline): number => Math.min(30 + lane.index * 12, reachOf(outline, side));
  const start = borderPoint(source, side, towards * inset(source));
  const end = ending(target, side, -towards * inset(target), lane.width);
  const span = upright ? Math.abs(end.tip.x - start.x) : Math.abs(end.tip.y - start.y);
  if (span < 24) return undefined;
  // Both controls lie at one height beyond the farther of the two borders, so the arc is flat on top.
  const depth = (point: Point): number => point.x * NORMALS[side].x + point.y * NORMALS[side].y;
  const peak = Math.max(depth(start), depth(end.tip)) + rise;
  const first = peak - depth(start);
  const second = Math.max(peak - depth(end.base), 6);
  const route = joined(start, side, first, end, side, second, returns);
  return { route, cost: lengthOf(route.curve) + 130 + rise * 0.8 + (side === "left" || side === "right" ? 40 : 0) };
}

/** A flow back to its own node, round the lower right corner. */
function loop(outline: Outline, lane: Lane): Route {
  const { rect } = outline;
  const size = 52 + lane.index * 24;
  const start = borderPoint(
    outline,
    "right",
    Math.min(rect.height / 2 - 22, reachOf(outline, "right")) - lane.index * 4,
  );
  const end = ending(
    outline,
    "bottom",
    Math.min(rect.width / 2 - 30, reachOf(outline, "bottom")) - lane.index * 8,
    lane.width,
  );
  return joined(start, "right", size * 1.35, end, "bottom", size * 1.2, true);
}

function fallback(source: Outline, target: Outline, lane: Lane): Candidate {
  // Cards that overlap: centre to centre, so that the flow is at least there.
  return facingRoute(source, target, "right", "left", 0, lane, 0);
}

interface Ending {
  readonly tip: Point;
  readonly base: Point;
}

function ending(target: Outline, side: Side, offset: number, width: number): Ending {
  const border = borderPoint(target, side, offset);
  const normal = NORMALS[side];
  const gap = target.rect.width === 0 ? 0 : 1.5;
  const tip = { x: border.x + normal.x * gap, y: border.y + normal.y * gap };
  const length = headLength(width);
  return { tip, base: { x: tip.x + normal.x * length, y: tip.y + normal.y * length } };
}

function joined(
  start: Point,
  from: Side,
  first: number,
  end: Ending,
  to: Side,
  second: number,
  returns: boolean,
): Route {
  const out = NORMALS[from];
  const back = NORMALS[to];
  return {
    curve: [
      start.x,
      start.y,
      start.x + out.x * first,
      start.y + out.y * first,
      end.base.x + back.x * second,
      end.base.y + back.y * second,
      end.base.x,
      end.base.y,
    ],
    tip: end.tip,
    direction: { x: -back.x, y: -back.y },
    start,
    from,
    to,
    returns,
  };
}

const STEPS = 18;

function crossings(route: Route, source: Outline, target: Outline, obstacles: Obstacles): number {
  const path: Point[] = [];
  for (let i = 1; i < STEPS; i++) path.push(pointAt(route.curve, i / STEPS));
  let count = 0;
  for (const rect of obstacles(hullOf(route.curve))) {
    if (rect === source.rect || rect === target.rect) continue;
    const near = grow(rect, 6);
    if (path.some((point) => contains(near, point))) count += 1;
  }
  // Its own cards count too, short of where it touches them.
  for (const own of [source.rect, target.rect]) {
    const inside = grow(own, -3);
    if (path.some((point) => contains(inside, point))) count += 1;
  }
  return count;
}

/** The box of all that is painted for a route. */
export function routeBox(route: Route, width: number): Rect {
  return grow(hullOf(route.curve), headWidth(width) / 2 + headLength(width) + 2);
}
