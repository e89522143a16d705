"""How a flow runs in a still picture: from which side to which side, around the cards in between."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from crmwidget.design import GEOMETRY
from crmwidget.layout.boxes import Box, overlap

__all__ = ["CAREFUL", "Route", "Row", "head", "label_place", "route_all"]

Point = tuple[float, float]

_HEAD = GEOMETRY["arrow_length"]
_NEAR = 24.0  # nearer than this, cards count as one above the other
_CLEAR = 30.0  # how far a channel stays from the cards that it passes
_STEP = 16.0  # between two channels that would lie on each other
_CORNER = 18.0
_HIT, _HIT_NAME, _BEND = 3_000.0, 300.0, 40.0  # what a covered card, a covered name and a corner cost, in pixels
_TRIED = 16  # channels tried for one flow, the nearest first
CAREFUL = 60  # nodes; on larger maps, drawn small, flows go straight behind the cards


@dataclass(frozen=True, slots=True)
class Route:
    """A drawn flow: its path (which ends where the head begins), the head's tip and direction, points for a label."""

    path: str
    tip: Point
    direction: Point
    points: tuple[Point, ...]
    returns: bool = False
    stretches: tuple[Box, ...] = ()  # of a way along the axes
    channel: tuple[float, float, float] | None = None  # from, to and height of its level stretch between rows
    cost: float = 0.0


class Row:
    """Boxes found by their place from left to right."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._boxes = sorted(boxes)
        self._lefts = [box.left for box in self._boxes]
        self._widest = max((box.right - box.left for box in self._boxes), default=0.0)

    def __len__(self) -> int:
        return len(self._boxes)

    def near(self, area: Box) -> list[Box]:
        """The boxes that share any room with `area`."""
        first, last = bisect_left(self._lefts, area.left - self._widest), bisect_right(self._lefts, area.right)
        return [box for box in self._boxes[first:last] if overlap(box, area)]


def route_all(
    cards: Mapping[str, Box],
    flows: Sequence[tuple[str, str]],
    *,
    pointed: Collection[str] = (),
    frames: Mapping[str, Box] | None = None,
    names: Sequence[Box] = (),
    n_ghosts: int = 0,
) -> list[Route]:
    """A route for every (source, target), in order; the last `n_ghosts` find theirs beside the others, which stay.

    Nodes in `pointed` are met only at the middle of their sides. `frames` are in nobody's way; their `names` are gone
    around where that is no long way.
    """
    row = Row(cards.values())
    boxes = {**(frames or {}), **cards}
    count: dict[tuple[str, str], int] = {}
    for flow in flows[: len(flows) - n_ghosts]:
        count[flow] = count.get(flow, 0) + 1
    seen: dict[tuple[str, str], int] = {}
    # A line along the border of a frame would be taken for it.
    channels = [(box.left, box.right, edge) for box in (frames or {}).values() for edge in (box.top, box.bottom)]
    routes = []
    for n, (source, target) in enumerate(flows):
        nth = seen[(source, target)] = seen.get((source, target), -1) + 1
        if n < len(flows) - n_ghosts:
            apart = (nth - (count[(source, target)] - 1) / 2) * 26
        else:  # beside all that is drawn between the two, in either direction
            n_drawn = count.get((source, target), 0) + count.get((target, source), 0)
            apart = (n_drawn + 1) / 2 * 26 if n_drawn else 0.0
        a, b = boxes[source], boxes[target]
        if source == target:
            route = _loop(a, nth, is_pointed=source in pointed)
        elif _holds(a, b):
            route = _sideways((a.left, _middle_y(b) + apart), (b.left, _middle_y(b) + apart))
        elif _holds(b, a):
            route = _sideways((a.right, _middle_y(a) + apart), (b.right, _middle_y(a) + apart))
        else:
            shifts = (0.0 if source in pointed else 1.0, 0.0 if target in pointed else 1.0)
            route = _best(a, b, apart, shifts, row, names, channels, is_mutual=(target, source) in count)
        if route.channel is not None:
            channels.append(route.channel)
        routes.append(route)
    return routes


def head(route: Route, width: float) -> str:
    """The path of the arrow head."""
    (x, y), (dx, dy) = route.tip, route.direction
    half = max(GEOMETRY["arrow_width"] / 2, width * 0.5 + 3.5)
    back = (x - dx * _HEAD, y - dy * _HEAD)
    return (
        f"M{_n(x)} {_n(y)}L{_n(back[0] - dy * half)} {_n(back[1] + dx * half)}"
        f"L{_n(back[0] + dy * half)} {_n(back[1] - dx * half)}Z"
    )


def label_place(route: Route, width: float, height: float, taken: Iterable[Box]) -> Box:
    """A box for a label on the route, where it covers no card and no other label if there is such a place."""
    boxes = list(taken)
    best, least = Box(0, 0, 0, 0), math.inf
    for n, (x, y) in enumerate(route.points):
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        covered = sum(_shared(box.grown(2, 2), other) for other in boxes)
        if covered + n * 0.01 < least:
            best, least = box, covered + n * 0.01
        if not covered:
            break
    return best


def _best(
    a: Box,
    b: Box,
    apart: float,
    shifts: Point,
    row: Row,
    names: Sequence[Box],
    channels: Sequence[tuple[float, float, float]],
    *,
    is_mutual: bool,
) -> Route:
    """The direct way if nothing lies on it, else the cheapest way around."""
    forward = b.left - a.right >= _NEAR
    beside = not forward and a.left - b.right < _NEAR
    candidates: list[Route] = []
    if forward:
        candidates = [_sideways((a.right, _middle_y(a) + apart), (b.left, _middle_y(b) + apart))]
    elif beside:
        candidates = [_upright(a, b, apart * shifts[0]), _bulge(a, b, apart)]
    elif not is_mutual:  # else the flow that leads forward has the room between the two
        candidates = [_sideways((a.left, _middle_y(a) + apart), (b.right, _middle_y(b) + apart))]
    is_careful = len(row) <= CAREFUL
    if candidates and not is_careful:
        return candidates[0]
    area = Box(min(a.left, b.left), min(a.top, b.top), max(a.right, b.right), max(a.bottom, b.bottom)).grown(100, 300)
    others = [box for box in row.near(area) if box not in (a, b)] if is_careful else []
    written = [box for box in names if overlap(box, area)]
    for route in candidates:
        if not any(_covers(route, box) for box in (*others, *written)):
            return route
    heights = {box.top - _CLEAR for box in (a, b, *others)} | {box.bottom + _CLEAR for box in (a, b, *others)}
    heights |= {box.top - _CLEAR for box in written}
    middle = (_middle_y(a) + _middle_y(b)) / 2
    for y in sorted(heights, key=lambda y: (abs(y - middle), y))[:_TRIED]:
        candidates += _around(a, b, y, apart, shifts, channels, forward=forward)
    if not candidates:
        return _sideways((a.left, _middle_y(a)), (b.right, _middle_y(b)))
    best, least = candidates[0], math.inf
    for route in sorted(candidates, key=lambda route: route.cost):
        if route.cost >= least:
            break
        cost = route.cost + _HIT * sum(_covers(route, box) for box in others)
        cost += _HIT_NAME * sum(_covers(route, box) for box in written)
        if cost < least:
            best, least = route, cost
    return best


def _around(
    a: Box,
    b: Box,
    y: float,
    apart: float,
    shifts: Point,
    channels: Sequence[tuple[float, float, float]],
    *,
    forward: bool,
) -> Iterator[Route]:
    """Ways through the channel at height `y`: from top or bottom to top or bottom, and from side to side."""
    sign = 1.0 if b.left > a.left else -1.0
    shift = min(30.0, (a.right - a.left) / 6)
    x0 = _middle_x(a) + (sign * shift + apart / 2) * shifts[0]
    x1 = _middle_x(b) - (sign * shift - apart / 2) * shifts[1]
    out = _facing(a, y)
    into = _facing(b, y)
    if out is not None and into is not None and abs(x1 - x0) > 2 * _CORNER:
        free = _free_height(x0, x1, y, 1.0 if y > out[0] else -1.0, channels)
        yield replace(
            _angular([(x0, out[0]), (x0, free), (x1, free), (x1, into[0])]),
            returns=b.right < a.left,
            channel=(min(x0, x1), max(x0, x1), free),
        )
    if forward and b.left - a.right > 100:
        first, last = a.right + 44.0, b.left - 52.0
        free = _free_height(first, last, y, 1.0, channels)
        start, end = _middle_y(a) + apart, _middle_y(b) + apart
        yield replace(
            _angular([(a.right, start), (first, start), (first, free), (last, free), (last, end), (b.left, end)]),
            channel=(first, last, free),
        )


def _facing(box: Box, y: float) -> tuple[float] | None:
    """The side of a box that looks to the height `y`."""
    if y <= box.top - _CLEAR / 2 - _HEAD / 2:
        return (box.top,)
    return (box.bottom,) if y >= box.bottom + _CLEAR / 2 + _HEAD / 2 else None


def _free_height(x0: float, x1: float, y: float, way: float, channels: Sequence[tuple[float, float, float]]) -> float:
    low, high = min(x0, x1), max(x0, x1)
    for _ in range(4):
        if not any(abs(y - other) < _STEP - 1 and low < right and left < high for left, right, other in channels):
            break
        y += way * _STEP
    return y


def _sideways(start: Point, end: Point) -> Route:
    (x0, y0), (x1, y1) = start, end
    way = 1.0 if x1 > x0 else -1.0
    stop = x1 - way * _HEAD
    reach = max(abs(stop - x0) / 2, 24.0) * way
    return _curve((x0, y0), (x0 + reach, y0), (stop - reach, y1), (stop, y1), (x1, y1), (way, 0.0))


def _upright(a: Box, b: Box, apart: float) -> Route:
    way = 1.0 if _middle_y(b) > _middle_y(a) else -1.0
    x0, y0 = _middle_x(a) + apart, a.bottom if way > 0 else a.top
    x1, y1 = _middle_x(b) + apart, b.top if way > 0 else b.bottom
    stop = y1 - way * _HEAD
    reach = max(abs(stop - y0) / 2, 20.0) * way
    return _curve((x0, y0), (x0, y0 + reach), (x1, stop - reach), (x1, stop), (x1, y1), (0.0, way))


def _bulge(a: Box, b: Box, apart: float) -> Route:
    """From the right side of one card to the right side of another in the same column."""
    y0, y1 = _middle_y(a) + apart, _middle_y(b) + apart
    far = max(a.right, b.right) + 72 + abs(apart)
    stop = b.right + _HEAD
    return _curve((a.right, y0), (far, y0), (far, y1), (stop, y1), (b.right, y1), (-1.0, 0.0))


def _loop(box: Box, nth: int, *, is_pointed: bool) -> Route:
    x0, x1 = (box.right - 64, box.right - 24) if not is_pointed else (_middle_x(box) - 16, _middle_x(box) + 16)
    foot = box.top + (10 if is_pointed else 0)
    top = foot - 46 - 30 * nth
    path = f"M{_n(x0)} {_n(foot)}C{_n(x0 - 8)} {_n(top)} {_n(x1 + 8)} {_n(top)} {_n(x1)} {_n(foot - _HEAD)}"
    return Route(path, (x1, foot), (0.0, 1.0), (((x0 + x1) / 2, foot - 36 - 23 * nth),))


def _angular(corners: Sequence[Point]) -> Route:
    """A way along the axes with rounded corners."""
    (tip_x, tip_y), (last_x, last_y) = corners[-1], corners[-2]
    length = math.hypot(tip_x - last_x, tip_y - last_y) or 1.0
    direction = ((tip_x - last_x) / length, (tip_y - last_y) / length)
    line = [*corners[:-1], (tip_x - direction[0] * _HEAD, tip_y - direction[1] * _HEAD)]
    path = f"M{_n(line[0][0])} {_n(line[0][1])}"
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        r = min(_CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        enter, leave = _towards(corner, before, r), _towards(corner, after, r)
        path += f"L{_n(enter[0])} {_n(enter[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(leave[0])} {_n(leave[1])}"
    path += f"L{_n(line[-1][0])} {_n(line[-1][1])}"
    total = sum(math.dist(p, q) for p, q in itertools.pairwise(corners))
    longest = max(itertools.pairwise(line), key=lambda ends: math.dist(*ends))
    on_it = [_mixed(*longest, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)]
    elsewhere = [
        _mixed(p, q, step / steps)
        for p, q in itertools.pairwise(corners)
        for steps in (max(int(math.dist(p, q) / 24), 2),)
        for step in range(1, steps)
    ]
    stretches = tuple(
        Box(min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1])).grown(6, 6)
        for p, q in pairwise(corners)
    )
    cost = total + _BEND * (len(corners) - 2)
    return Route(path, (tip_x, tip_y), direction, (*on_it, *elsewhere), stretches=stretches, cost=cost)


def _curve(p0: Point, p1: Point, p2: Point, p3: Point, tip: Point, direction: Point) -> Route:
    path = f"M{_n(p0[0])} {_n(p0[1])}C{_n(p1[0])} {_n(p1[1])} {_n(p2[0])} {_n(p2[1])} {_n(p3[0])} {_n(p3[1])}"
    steps = max(min(int(math.dist(p0, p3) / 40), 60), 10)
    ends = [_on_curve(p0, p1, p2, p3, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)]
    rest = [_on_curve(p0, p1, p2, p3, n / steps) for n in range(1, steps)]
    return Route(path, tip, direction, (*ends, *rest), cost=math.dist(p0, p3))


def _on_curve(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    s = 1 - t
    a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]


def _holds(a: Box, b: Box) -> bool:
    return a.left < b.left and b.right < a.right and a.top < b.top and b.bottom < a.bottom


def _covers(route: Route, box: Box) -> bool:
    """Whether a route runs over a card."""
    if route.stretches:
        return any(overlap(stretch, box) for stretch in route.stretches)
    left, top, right, bottom = box.grown(6, 6)
    return any(left < x < right and top < y < bottom for x, y in route.points)


def _shared(a: Box, b: Box) -> float:
    if not overlap(a, b):
        return 0.0
    return (min(a.right, b.right) - max(a.left, b.left)) * (min(a.bottom, b.bottom) - max(a.top, b.top))


def _towards(start: Point, end: Point, distance: float) -> Point:
    return _mixed(start, end, distance / (math.dist(start, end) or 1.0))


def _mixed(p: Point, q: Point, t: float) -> Point:
    return p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t


def _middle_x(box: Box) -> float:
    return (box.left + box.right) / 2


def _middle_y(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _n(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")
