"""The way of a flow in a still picture: the cubic that the canvas draws (`js/src/drawing/routes.ts`, `ways.ts`)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_outlines import Outline, border_point, is_upright, reach_of
from crmwidget.layout.boxes import Box

__all__ = ["Curve", "Lane", "Route", "curve_length", "natural_sides", "point_at", "route_between", "tangent_at"]

Side: TypeAlias = Literal["left", "right", "top", "bottom"]
Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = tuple[Point, Point, Point, Point]
"""Start, two controls, end."""
Crossed: TypeAlias = Callable[[Box], Iterable[Box]]

SIDES: tuple[Side, ...] = ("left", "right", "top", "bottom")
NORMALS: dict[str, Point] = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
_OPPOSITE: dict[str, Side] = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
_STRAIGHT = {"right": 0, "bottom": 10, "top": 30, "left": 40}  # the way that the map is read costs nothing
_CROSSING, _CLEAR, _PARALLEL = 1_500.0, 26.0, 26.0
_SHARED, _ASIDE = 70.0, 26.0  # a side where flows come in is a poor place to go out
_ARC, _RISE = 130.0, 0.8  # what an arc costs beside its length: a part for itself, and a share of how far it rises
_RISES = (48.0, 84.0, 140.0, 230.0, 380.0)
_STEPS = 18


@dataclass(frozen=True, slots=True)
class Route:
    """A drawn flow: its curve ends at the base of the head, whose point is `tip`; `returns` as rework does."""

    curve: Curve
    tip: Point
    direction: Point
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """Which of several flows between the same two nodes, and of how many; what other flows do at its ends.

    `is_against`: the facing sides are taken by the flows of the other direction.
    """

    index: int = 0
    count: int = 1
    is_against: bool = False
    width: float = GEOMETRY["flow_width"]
    arriving: Collection[Side] = field(default=())
    leaving: Collection[Side] = field(default=())


@dataclass(frozen=True, slots=True)
class _Candidate:
    route: Route
    cost: float


def natural_sides(source: Box, target: Box, *, is_against: bool) -> tuple[Side, Side]:
    """The sides that a flow would take if nothing were in its way."""
    x, y = _between(source, target)
    if is_against:
        return ("top", "top") if abs(x) > 20 else ("right", "right")
    gap = _gaps(source, target)
    best: Side = "right"
    least = math.inf
    for side in SIDES:
        across = abs(y if is_upright(side) else x)
        cost = math.hypot(gap[side], across) + max(across - gap[side], 0) * 0.6 + _STRAIGHT[side]
        if gap[side] >= _CLEAR and cost < least:
            best, least = side, cost
    return best, _OPPOSITE[best]


def route_between(source: Outline, target: Outline, lane: Lane, crossed: Crossed | None = None) -> Route:
    """The cheapest way from one node to another, or back to the same; `crossed` gives the cards within a box.

    Without `crossed` it is the cheapest shape, whatever is in the way.
    """
    if source is target:
        return _loop(source, lane)
    # Cards that overlap: side to side, so that the flow is at least there.
    best, least = _facing(source, target, "right", "left", 0, lane, 0).route, math.inf
    for candidates in (_facing_routes, _arc_routes):
        if candidates is _arc_routes:
            gap = _gaps(source.box, target.box)
            apart = math.hypot(max(gap["right"], gap["left"], 0), max(gap["top"], gap["bottom"], 0))
            if least <= apart + _ARC + _RISE * _RISES[0]:  # an arc is no shorter than the cards are apart
                break
        for candidate in sorted(candidates(source, target, lane), key=lambda candidate: candidate.cost):
            if candidate.cost >= least:
                break
            hits = 0 if crossed is None else _n_crossed(candidate.route, source, target, crossed)
            if candidate.cost + _CROSSING * hits < least:
                best, least = candidate.route, candidate.cost + _CROSSING * hits
    return best


def point_at(curve: Curve, t: float) -> Point:
    """The point of a curve at `t`, from 0 to 1."""
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        sum(w * p[0] for w, p in zip(weights, curve, strict=True)),
        sum(w * p[1] for w, p in zip(weights, curve, strict=True)),
    )


def tangent_at(curve: Curve, t: float) -> Point:
    """The direction of travel, of length 1."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    s = 1 - t
    a, b, c = 3 * s * s, 6 * s * t, 3 * t * t
    x, y = a * (x1 - x0) + b * (x2 - x1) + c * (x3 - x2), a * (y1 - y0) + b * (y2 - y1) + c * (y3 - y2)
    if math.hypot(x, y) <= 1e-9:
        x, y = x3 - x0, y3 - y0
    size = math.hypot(x, y)
    return (x / size, y / size) if size > 1e-9 else (1.0, 0.0)


def curve_length(curve: Curve) -> float:
    """Close to the arc length: the mean of chord and control polygon, exact for a straight line."""
    polygon = sum(math.dist(p, q) for p, q in itertools.pairwise(curve))
    return (polygon + math.dist(curve[0], curve[3])) / 2


def _facing_routes(source: Outline, target: Outline, lane: Lane) -> list[_Candidate]:
    """Straight ways between sides that face each other, and ways round one corner."""
    s, t = source.box, target.box
    x, y = _between(s, t)
    gap = _gaps(s, t)
    apart = (lane.index - (lane.count - 1) / 2) * max(_PARALLEL, lane.width + 14)
    out = {side: NORMALS[side][0] * x + NORMALS[side][1] * y for side in SIDES}
    found = []
    for start in SIDES:
        if not lane.is_against and gap[start] >= _CLEAR:
            found.append(_facing(source, target, start, _OPPOSITE[start], apart, lane, _STRAIGHT[start]))
        # Round one corner: out of this side, into one that looks back at it from across.
        half = (s.size[0] if is_upright(start) else s.size[1]) / 2
        if out[start] <= half + 24:
            continue
        for across in SIDES:
            if is_upright(across) == is_upright(start) or out[across] <= 0:
                continue
            depth = (t.size[0] if is_upright(across) else t.size[1]) / 2
            penalty = 100 if "left" in (start, across) else 80
            if gap[across] > _CLEAR - depth:
                found.append(_facing(source, target, start, _OPPOSITE[across], apart, lane, penalty))
    return found


def _arc_routes(source: Outline, target: Outline, lane: Lane) -> list[_Candidate]:
    x, _ = _between(source.box, target.box)
    is_back = lane.is_against or x < -source.box.size[0] / 2
    arcs = [
        _arc(source, target, side, rise + lane.index * _PARALLEL, lane, is_back) for side in SIDES for rise in _RISES
    ]
    return [arc for arc in arcs if arc is not None]


def _facing(
    source: Outline, target: Outline, start: Side, end: Side, apart: float, lane: Lane, penalty: float
) -> _Candidate:
    is_straight = end == _OPPOSITE[start]
    x, y = _between(source.box, target.box)

    def offset(side: Side) -> float:
        return y if is_upright(side) else x

    is_aligned = is_straight and abs(offset(start)) < 3

    def aside(side: Side, way: int, is_shared: bool) -> float:
        # Flows that run straight keep to the middle of the side; it is the slanting ones that step aside.
        return _ASIDE * way * (math.copysign(1, offset(side)) if offset(side) else 1) * (is_shared and not is_aligned)

    starts_shared, ends_shared = start in lane.arriving, end in lane.leaving
    mirrored = 1 if is_straight or start in ("left", "top") else -1
    first = border_point(source, start, apart + aside(start, 1, starts_shared))
    tip, base = _ending(target, end, apart * mirrored + aside(end, -1, ends_shared), lane.width)
    dx, dy = abs(base[0] - first[0]), abs(base[1] - first[1])
    along, across = (dx, dy) if is_upright(start) else (dy, dx)
    # A corner is a quarter round; facing sides meet in an S whose turn is tight only as far as the gap is.
    reach = min(max(along / 2, 18), 220) if is_straight else along * 0.72
    route = _joined(first, start, reach, tip, base, end, reach if is_straight else across * 0.72, returns=False)
    bend = max(across - along, 0) * 0.6 + (12 if across > 2 else 0) if is_straight else 0.0
    shared = 0.0 if is_aligned else _SHARED * (starts_shared + ends_shared)
    return _Candidate(route, curve_length(route.curve) + bend + penalty + shared)


def _arc(source: Outline, target: Outline, side: Side, rise: float, lane: Lane, returns: bool) -> _Candidate | None:
    """Out of one side, over everything that is in between, and back into the same side of the target."""
    upright = is_upright(side)
    offset = _between(source.box, target.box)[1 if upright else 0]
    towards = math.copysign(1, offset) if offset else 1.0

    def inset(outline: Outline) -> float:
        return min(30 + lane.index * 12, reach_of(outline, side))

    start = border_point(source, side, towards * inset(source))
    tip, base = _ending(target, side, -towards * inset(target), lane.width)
    if abs(tip[1] - start[1] if upright else tip[0] - start[0]) < 24:
        return None
    nx, ny = NORMALS[side]

    def depth(point: Point) -> float:
        return point[0] * nx + point[1] * ny

    # Both controls lie at one height beyond the farther of the two borders, so the arc is flat on top.
    peak = max(depth(start), depth(tip)) + rise
    route = _joined(start, side, peak - depth(start), tip, base, side, max(peak - depth(base), 6), returns=returns)
    return _Candidate(route, curve_length(route.curve) + _ARC + rise * _RISE + (40 if upright else 0))


def _loop(outline: Outline, lane: Lane) -> Route:
    """A flow back to its own node, round the lower right corner."""
    width, height = outline.box.size
    size = 52 + lane.index * 24
    start = border_point(outline, "right", min(height / 2 - 22, reach_of(outline, "right")) - lane.index * 4)
    along = min(width / 2 - 30, reach_of(outline, "bottom")) - lane.index * 8
    tip, base = _ending(outline, "bottom", along, lane.width)
    return _joined(start, "right", size * 1.35, tip, base, "bottom", size * 1.2, returns=True)


def _ending(target: Outline, side: Side, offset: float, width: float) -> tuple[Point, Point]:
    """The point of the head, and its base."""
    tip = _moved(border_point(target, side, offset), side, 1.5)
    return tip, _moved(tip, side, head_length(width))


def head_length(width: float) -> float:
    """How long the head of a flow of this width is."""
    return GEOMETRY["arrow_length"] + (width - GEOMETRY["flow_width"]) * 0.7


def head_width(width: float) -> float:
    """How wide the head of a flow of this width is."""
    return GEOMETRY["arrow_width"] + (width - GEOMETRY["flow_width"]) * 1.4


def _joined(
    start: Point, out: Side, first: float, tip: Point, base: Point, into: Side, second: float, *, returns: bool
) -> Route:
    curve = (start, _moved(start, out, first), _moved(base, into, second), base)
    nx, ny = NORMALS[into]
    return Route(curve, tip, (-nx, -ny), returns)


def _moved(point: Point, side: Side, by: float) -> Point:
    nx, ny = NORMALS[side]
    return point[0] + nx * by, point[1] + ny * by


def _n_crossed(route: Route, source: Outline, target: Outline, crossed: Crossed) -> int:
    """How many cards it runs over; its own count too, short of where it touches them."""
    path = [point_at(route.curve, n / _STEPS) for n in range(1, _STEPS)]
    xs, ys = [x for x, _ in route.curve], [y for _, y in route.curve]

    def is_met(box: Box) -> bool:
        return any(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in path)

    own = (source.box, target.box)
    others = crossed(Box(min(xs), min(ys), max(xs), max(ys)).grown(6, 6))
    n = sum(is_met(box.grown(6, 6)) for box in others if box not in own)
    return n + sum(is_met(box.grown(-3, -3)) for box in own)


def _between(source: Box, target: Box) -> Point:
    (sx, sy), (tx, ty) = source.middle, target.middle
    return tx - sx, ty - sy


def _gaps(s: Box, t: Box) -> Mapping[Side, float]:
    """How far the target lies beyond each side of the source."""
    return {
        "right": t.left - s.right,
        "left": s.left - t.right,
        "bottom": t.top - s.bottom,
        "top": s.top - t.bottom,
    }
