"""Places for nodes that have none yet, beside what is there already; nothing that has a place moves."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable

from crmwidget.layout.boxes import Box, Taken
from crmwidget.layout.ground import Ground
from crmwidget.layout.lanes import ABOVE, BELOW, BETWEEN, bands, in_lanes
from crmwidget.layout.layered import layered
from crmwidget.layout.problem import RANK_GAP, ROW_GAP, Point, Positions, Problem, Size, snap, snap_up
from crmwidget.layout.ranks import before_and_after, components

__all__ = ["around_pinned", "beside"]


def beside(
    problem: Problem, ground: Ground | None = None, last_alone: Callable[[], str | None] | None = None
) -> Positions:
    """Centres for the nodes of `problem` that are not in `placed`: right of what leads to them, left of what follows.

    What hangs together but touches nothing that is placed is laid out by itself, under the map. With lanes, a node is
    put in the strip of its lane, and a new lane begins under the others.

    Where `ground` has all that is placed on a map, `problem` need only be the part of it that has to do with the new
    nodes: they, their flows, and the ends of those. `last_alone` then tells the last node in the order of adding that
    has a place and no flow to another node. The new nodes stand on the ground afterwards.
    """
    fresh = [node for node in problem.sizes if node not in problem.placed]
    if ground is None:
        if not problem.placed:
            return in_lanes(problem) if problem.lanes is not None else layered(problem)
        ground = Ground(problem)
    number = {node: n for n, node in enumerate(fresh)}
    before, after = before_and_after((a, b) for a, b in problem.flows if a != b and (a in number or b in number))
    inner = [(number[a], number[b]) for a, b in problem.flows if a in number and b in number]
    apart: set[str] = set()
    for part in components(len(fresh), inner):
        queue = [fresh[n] for n in part if any(m in ground.places for m in before[fresh[n]] + after[fresh[n]])]
        if not queue:
            apart.update(fresh[n] for n in part)
            continue
        known = set(queue)
        for node in queue:
            _put(problem, node, _wish(problem.sizes[node], before[node], after[node], ground), ground)
            for other in after[node] + before[node]:
                if other in number and other not in known:
                    known.add(other)
                    queue.append(other)
    _put_apart(problem, apart, ground, last_alone)
    return {node: ground.places[node] for node in fresh}


def around_pinned(problem: Problem, wishes: Positions) -> Positions:
    """Centres for all but the pinned nodes: near `wishes`, moved as a whole to meet the pinned, overlapping none."""
    pinned = [node for node in wishes if node in problem.pinned]
    if not pinned:
        return dict(wishes)
    dx = snap_up(_median([problem.placed[n][0] - wishes[n][0] for n in pinned]))
    dy = _shifts(problem, wishes, pinned)
    places: Positions = {node: problem.placed[node] for node in pinned}
    taken = Taken()
    for node in pinned:
        taken.add(Box.around(places[node], problem.sizes[node]))
    free = sorted((n for n in wishes if n not in problem.pinned), key=lambda n: (wishes[n][0], wishes[n][1]))
    moved = {node: (wishes[node][0] + dx, wishes[node][1] + dy[_lane(problem, node)]) for node in free}
    limits = _limits(problem, {**moved, **places})
    # First those whose wish is free, so that a card in the way of a pinned one does not push a whole column along.
    clear = [n for n in free if taken.blocker(Box.around(moved[n], problem.sizes[n])) is None]
    for node in clear:
        places[node] = moved[node]
        taken.add(Box.around(moved[node], problem.sizes[node]))
    for node in free:
        if node not in places:
            low, high = limits.get(_lane(problem, node), (-math.inf, math.inf))
            places[node] = taken.nearest_free(moved[node], problem.sizes[node], low=low, high=high)
            taken.add(Box.around(places[node], problem.sizes[node]))
    return {node: places[node] for node in free}


def _wish(size: Size, before: list[str], after: list[str], ground: Ground) -> Point:
    sources = [(ground.places[m], ground.sizes[m].width) for m in before if m in ground.places]
    targets = [(ground.places[m], ground.sizes[m].width) for m in after if m in ground.places]
    ys = sorted(y for (_, y), _ in sources + targets)
    y = ys[len(ys) // 2] if len(ys) % 2 else (ys[len(ys) // 2 - 1] + ys[len(ys) // 2]) / 2
    right_of = [x + width / 2 + RANK_GAP + size.width / 2 for (x, _), width in sources]
    left_of = [x - width / 2 - RANK_GAP - size.width / 2 for (x, _), width in targets]
    if right_of and left_of and max(right_of) < min(left_of):
        return snap_up((max(right_of) + min(left_of)) / 2), y
    return (snap_up(max(right_of)) if right_of else -snap_up(-min(left_of))), y


def _put(problem: Problem, node: str, wish: Point, ground: Ground) -> None:
    size, lane = problem.sizes[node], _lane(problem, node)
    if ground.has_lanes:
        low, high = _strip(lane, ground)
        centre = ground.taken.nearest_free(wish, size, low=low, high=high)
    else:
        centre = ground.taken.nearest_free(wish, size)
    ground.put(node, centre, size, lane)


def _strip(lane: str, ground: Ground) -> tuple[float, float]:
    """From where to where a new node of a lane may reach, so that the strips stay apart."""
    strips = {name: (top - ABOVE, bottom + BELOW) for name, (top, bottom) in ground.lanes.items()}
    if lane not in strips:
        return max(bottom for _, bottom in strips.values()) + BETWEEN + ABOVE, math.inf
    own_top, own_bottom = strips.pop(lane)
    above = max((bottom for top, bottom in strips.values() if top < own_top), default=-math.inf)
    below = min((top for top, _ in strips.values() if top >= own_top), default=math.inf)
    return min(above + BETWEEN, own_top) + ABOVE, max(below - BETWEEN, own_bottom) - BELOW


def _put_apart(problem: Problem, nodes: set[str], ground: Ground, last_alone: Callable[[], str | None] | None) -> None:
    if not nodes:
        return
    left, right, bottom = ground.left, ground.right, ground.bottom
    if ground.has_lanes:
        for node in (n for n in problem.sizes if n in nodes):
            ys = (y for n, (_, y) in ground.places.items() if ground.lane(n) == _lane(problem, node))
            y = next(ys, ground.bottom)
            _put(problem, node, (snap_up(left + problem.sizes[node].width / 2), y), ground)
        return
    linked = {n for flow in problem.flows if flow[0] != flow[1] for n in flow}
    alone = [n for n in problem.sizes if n in nodes and n not in linked]
    if alone and last_alone is not None:
        last = last_alone()
    else:
        last = next((n for n in reversed(problem.sizes) if n in problem.placed and n not in linked), None)
    for node in alone:
        last = _put_next(problem.sizes[node], node, last, (left, max(right, left + 1_000), bottom), ground)
    rest = problem.only(nodes - set(alone))
    if rest.sizes:
        bottom = ground.bottom
        for node, (x, y) in layered(rest).items():
            ground.put(node, (x + snap_up(left), y + snap_up(bottom + ROW_GAP)), rest.sizes[node])


def _put_next(size: Size, node: str, last: str | None, frame: tuple[float, float, float], ground: Ground) -> str:
    """Put a node without flows right of the last such one, or first in a new row under the map; it is the last now."""
    left, right, bottom = frame
    x, y = snap_up(left + size.width / 2), snap_up(bottom + ROW_GAP + size.height / 2)
    if last is not None:
        edge = ground.places[last][0] + ground.sizes[last].width / 2
        beyond = snap_up(edge + RANK_GAP + size.width / 2)
        if beyond + size.width / 2 <= right + RANK_GAP + size.width:
            x, y = beyond, snap(ground.places[last][1])
        else:
            y = snap_up(ground.bottom + ROW_GAP + size.height / 2)
    ground.put(node, ground.taken.nearest_free((x, y), size), size)
    return node


def _lane(problem: Problem, node: str) -> str:
    return (problem.lanes or {}).get(node, "")


def _shifts(problem: Problem, wishes: Positions, pinned: list[str]) -> dict[str, int]:
    """How far each lane moves down to meet its pinned nodes; without lanes all move alike."""
    if problem.lanes is None:
        return {"": snap_up(_median([problem.placed[n][1] - wishes[n][1] for n in pinned]))}
    pins: defaultdict[str, list[str]] = defaultdict(list)
    for node in pinned:
        pins[_lane(problem, node)].append(node)
    strips = sorted(bands(problem.sizes, problem.lanes, wishes), key=lambda band: band.top)
    wanted = {
        lane: snap_up(_median([problem.placed[n][1] - wishes[n][1] for n in nodes])) for lane, nodes in pins.items()
    }
    shift = next(wanted[band.name] for band in strips if band.name in wanted)
    shifts: dict[str, int] = {}
    reached = -math.inf
    for band in strips:
        shift = max(wanted.get(band.name, shift), snap_up(reached - band.top) if reached > -math.inf else -(10**9))
        shifts[band.name] = shift
        ends = [problem.placed[n][1] + problem.sizes[n].height / 2 + BELOW for n in pins[band.name]]
        reached = max([band.bottom + shift, *ends]) + BETWEEN
    return shifts


def _limits(problem: Problem, places: Positions) -> dict[str, tuple[float, float]]:
    """Per lane, between which heights its free nodes may lie; where pinned nodes mix the lanes there is no limit."""
    if problem.lanes is None:
        return {}
    strips = sorted(bands(problem.sizes, problem.lanes, places), key=lambda band: band.top)
    if any(a.bottom > b.top for a, b in itertools.pairwise(strips)):
        return {}
    return {band.name: (band.top + ABOVE, band.bottom - BELOW) for band in strips}


def _median(values: list[float]) -> float:
    values = sorted(values)
    return values[len(values) // 2]
