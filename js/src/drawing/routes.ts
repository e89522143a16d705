/** The way of a flow from card to card: one cubic, the cheapest among sides and arcs, and a head that ends at the border. */
import { GEOMETRY } from "../generated/schema";
import { type Cubic, hullOf, lengthOf, samples } from "./bezier";
import { borderPoint, isUpright, type Outline, reachOf } from "./borders";
import { centreOf, clamp, contains, grow, NORMALS, type Point, type Rect, SIDES, type Side } from "./geometry";

export interface Route {
  /** From the border of the source to the base of the head. */
  readonly curve: Cubic;
  /** The point of the head, at the border of the target, and the direction that it shows. */
  readonly tip: Point;
  readonly direction: Point;
  readonly start: Point;
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
/** What an arc costs beside its length: a part for itself, and a share of how far it rises. */
const ARC = 130;
const RISE = 0.8;
const RISES = [48, 84, 140, 230, 380] as const;

/** The sides that a flow would take if nothing were in its way. */
export function naturalSides(source: Rect, target: Rect, against: boolean): readonly [from: Side, to: Side] {
  const { x, y } = between(centreOf(source), centreOf(target));
  if (against) return Math.abs(x) > 20 ? ["top", "top"] : ["right", "right"];
  const gap = gaps(source, target);
  let best: Side = "right";
  let least = Infinity;
  for (const side of SIDES) {
    const across = Math.abs(isUpright(side) ? y : x);
    const cost = Math.hypot(gap[side], across) + Math.max(across - gap[side], 0) * 0.6 + STRAIGHT[side];
    if (gap[side] < CLEAR || cost >= least) continue;
    least = cost;
    best = side;
  }
  return [best, OPPOSITE[best]];
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

/**
 * The route from one node to another, or back to the same. Without obstacles it is the cheapest shape, whatever is in
 * the way: for maps in motion and great numbers.
 */
export function routeBetween(source: Outline, target: Outline, lane: Lane, obstacles?: Obstacles): Route {
  if (source === target) return loop(source, lane);
  // Cards that overlap: side to side, so that the flow is at least there.
  let { route: best } = facingRoute(source, target, "right", "left", 0, lane, 0);
  let least = Infinity;
  const consider = (candidates: Candidate[]): void => {
    for (const { route, cost } of candidates.sort((a, b) => a.cost - b.cost)) {
      if (cost >= least) break;
      const whole = cost + (obstacles ? CROSSING * crossings(route, source, target, obstacles) : 0);
      if (whole >= least) continue;
      least = whole;
      best = route;
    }
  };
  consider(facingRoutes(source, target, lane));
  const { right, left, top, bottom } = gaps(source.rect, target.rect);
  // An arc is no shorter than the cards are apart: most flows need not try any.
  if (least > Math.hypot(Math.max(right, left, 0), Math.max(top, bottom, 0)) + ARC + RISE * RISES[0])
    consider(arcRoutes(source, target, lane));
  return best;
}

/** A flow in the making: either end may be a bare point. */
export function draftRoute(from: Outline | Point, to: Outline | Point, width: number): Route {
  const outline = (end: Outline | Point): Outline =>
    "rect" in end ? end : { rect: { ...end, width: 0, height: 0 }, shape: "card" };
  return routeBetween(outline(from), outline(to), { ...ALONE, width });
}

/** How far the target lies beyond each side of the source. */
function gaps(s: Rect, t: Rect): Record<Side, number> {
  return {
    right: t.x - s.x - s.width,
    left: s.x - t.x - t.width,
    bottom: t.y - s.y - s.height,
    top: s.y - t.y - t.height,
  };
}

const OPPOSITE: Readonly<Record<Side, Side>> = { left: "right", right: "left", top: "bottom", bottom: "top" };
/** The way that the map is read costs nothing. */
const STRAIGHT: Readonly<Record<Side, number>> = { right: 0, bottom: 10, top: 30, left: 40 };

/** Straight ways between sides that face each other, and ways round one corner. */
function facingRoutes(source: Outline, target: Outline, lane: Lane): Candidate[] {
  const [s, t] = [source.rect, target.rect];
  const away = between(centreOf(s), centreOf(t));
  const gap = gaps(s, t);
  const list: Candidate[] = [];
  const apart = (lane.index - (lane.count - 1) / 2) * Math.max(PARALLEL, lane.width + 14);
  const facing = (from: Side, to: Side, penalty: number): void => {
    list.push(facingRoute(source, target, from, to, apart, lane, penalty));
  };
  /** How far the centre of the target lies out from a side of the source. */
  const out = (side: Side): number => NORMALS[side].x * away.x + NORMALS[side].y * away.y;
  for (const from of SIDES) {
    if (!lane.against && gap[from] >= CLEAR) facing(from, OPPOSITE[from], STRAIGHT[from]);
    // Round one corner: out of this side, into one that looks back at it from across.
    const half = (isUpright(from) ? s.width : s.height) / 2;
    if (out(from) <= half + 24) continue;
    for (const across of SIDES) {
      if (isUpright(across) === isUpright(from) || out(across) <= 0) continue;
      const depth = (isUpright(across) ? t.width : t.height) / 2;
      const isBack = from === "left" || across === "left";
      if (gap[across] > CLEAR - depth) facing(from, OPPOSITE[across], isBack ? 100 : 80);
    }
  }
  return list;
}

function arcRoutes(source: Outline, target: Outline, lane: Lane): Candidate[] {
  const { x } = between(centreOf(source.rect), centreOf(target.rect));
  const back = lane.against || x < -source.rect.width / 2;
  return SIDES.flatMap((side) =>
    RISES.flatMap((rise) => arcRoute(source, target, side, rise + lane.index * PARALLEL, lane, back)),
  );
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
  const straight = to === OPPOSITE[from];
  const away = between(centreOf(source.rect), centreOf(target.rect));
  const offset = (side: Side): number => (isUpright(side) ? away.y : away.x);
  const isAligned = straight && Math.abs(offset(from)) < 3;
  // Flows that run straight keep to the middle of the side; it is the slanting ones that step aside.
  const aside = (side: Side, direction: 1 | -1, isShared: boolean): number =>
    isShared && !isAligned ? ASIDE * direction * (Math.sign(offset(side)) || 1) : 0;
  const startsShared = lane.arriving.has(from);
  const endsShared = lane.leaving.has(to);
  const mirrored = straight || from === "left" || from === "top" ? 1 : -1;
  const start = borderPoint(source, from, apart + aside(from, 1, startsShared));
  const end = ending(target, to, apart * mirrored + aside(to, -1, endsShared), lane.width);
  const dx = Math.abs(end.base.x - start.x);
  const dy = Math.abs(end.base.y - start.y);
  const [along, across] = isUpright(from) ? [dx, dy] : [dy, dx];
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
): Candidate[] {
  const upright = isUpright(side);
  const away = between(centreOf(source.rect), centreOf(target.rect));
  const towards = Math.sign(upright ? away.y : away.x) || 1;
  const inset = (outline: Outline): number => Math.min(30 + lane.index * 12, reachOf(outline, side));
  const start = borderPoint(source, side, towards * inset(source));
  const end = ending(target, side, -towards * inset(target), lane.width);
  if (Math.abs(upright ? end.tip.y - start.y : end.tip.x - start.x) < 24) return [];
  // Both controls lie at one height beyond the farther of the two borders, so the arc is flat on top.
  const depth = (point: Point): number => point.x * NORMALS[side].x + point.y * NORMALS[side].y;
  const peak = Math.max(depth(start), depth(end.tip)) + rise;
  const first = peak - depth(start);
  const second = Math.max(peak - depth(end.base), 6);
  const route = joined(start, side, first, end, side, second, returns);
  return [{ route, cost: lengthOf(route.curve) + ARC + rise * RISE + (upright ? 40 : 0) }];
}

/** A flow back to its own node, round the lower right corner. */
function loop(outline: Outline, lane: Lane): Route {
  const { rect } = outline;
  const size = 52 + lane.index * 24;
  const [right, bottom] = [reachOf(outline, "right"), reachOf(outline, "bottom")];
  const start = borderPoint(outline, "right", Math.min(rect.height / 2 - 22, right) - lane.index * 4);
  const end = ending(outline, "bottom", Math.min(rect.width / 2 - 30, bottom) - lane.index * 8, lane.width);
  return joined(start, "right", size * 1.35, end, "bottom", size * 1.2, true);
}

interface Ending {
  readonly tip: Point;
  readonly base: Point;
}

function ending(target: Outline, side: Side, offset: number, width: number): Ending {
  const border = borderPoint(target, side, offset);
  const normal = NORMALS[side];
  const gap = target.rect.width === 0 ? 0 : 1.5;
  const tip = moved(border, normal, gap);
  return { tip, base: moved(tip, normal, headLength(width)) };
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
  const [out, back] = [NORMALS[from], NORMALS[to]];
  const { tip, base } = end;
  const [x0, y0, x3, y3] = [start.x, start.y, base.x, base.y];
  const [x1, y1] = [x0 + out.x * first, y0 + out.y * first];
  const [x2, y2] = [x3 + back.x * second, y3 + back.y * second];
  return { curve: [x0, y0, x1, y1, x2, y2, x3, y3], tip, direction: { x: -back.x, y: -back.y }, start, returns };
}

function moved(from: Point, direction: Point, by: number): Point {
  return { x: from.x + direction.x * by, y: from.y + direction.y * by };
}

const STEPS = 18;

function crossings(route: Route, source: Outline, target: Outline, obstacles: Obstacles): number {
  const path = samples(route.curve, STEPS);
  const ends = [source.rect, target.rect];
  const isMet = (rect: Rect): boolean => path.some((point) => contains(rect, point));
  let count = 0;
  for (const rect of obstacles(hullOf(route.curve))) if (!ends.includes(rect) && isMet(grow(rect, 6))) count += 1;
  // Its own cards count too, short of where it touches them.
  for (const own of ends) if (isMet(grow(own, -3))) count += 1;
  return count;
}

/** The box of all that is painted for a route. */
export function routeBox(route: Route, width: number): Rect {
  return grow(hullOf(route.curve), headWidth(width) / 2 + headLength(width) + 2);
}
