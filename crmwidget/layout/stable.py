"""Places for nodes that have none yet, beside what is there already; nothing that has a place moves."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

from crmwidget.layout.boxes import Box, Taken
from crmwidget.layout.lanes import ABOVE, BELOW, BETWEEN, bands, in_lanes
from crmwidget.layout.layered import layered
from crmwidget.layout.problem import RANK_GAP, ROW_GAP, Point, Positions, Problem, snap, snap_up
from crmwidget.layout.ranks import before_and_after, components

__all__ = ["around_pinned", "beside"]


def beside(problem: Problem) -> Positions:
    """Centres for the nodes of `problem` that are not in `placed`: right of what leads to them, left of what follows.

    What hangs together but touches nothing that is placed is laid out by itself, under the map. With lanes, a node is
    put in the strip of its lane, and a new lane begins under the others.
    """
    fresh = [node for node in problem.sizes if node not in problem.placed]
    if not problem.placed:
        return in_lanes(problem) if problem.lanes is not None else layered(problem)
    places = dict(problem.placed)
    taken = Taken.by(places, problem.sizes)
    number = {node: n for n, node in enumerate(fresh)}
    before, after = before_and_after((a, b) for a, b in problem.flows if a != b and (a in number or b in number))
    inner = [(number[a], number[b]) for a, b in problem.flows if a in number and b in number]
    apart: set[str] = set()
    for part in components(len(fresh), inner):
        queue = [fresh[n] for n in part if any(m in places for m in before[fresh[n]] + after[fresh[n]])]
        if not queue:
            apart.update(fresh[n] for n in part)
            continue
        known = set(queue)
        for node in queue:
            _put(problem, node, _wish(problem, node, before[node], after[node], places), places, taken)
            for other in after[node] + before[node]:
                if other in number and other not in known:
                    known.add(other)
                    queue.append(other)
    _put_apart(problem, apart, places, taken)
    return {node: places[node] for node in fresh}


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


def _wish(problem: Problem, node: str, before: list[str], after: list[str], places: Positions) -> Point:
    sources = [places[m] for m in before if m in places]
    targets = [places[m] for m in after if m in places]
    width = problem.sizes[node].width
    ys = sorted(y for _, y in sources + targets)
    y = ys[len(ys) // 2] if len(ys) % 2 else (ys[len(ys) // 2 - 1] + ys[len(ys) // 2]) / 2
    right_of = [places[m][0] + problem.sizes[m].width / 2 + RANK_GAP + width / 2 for m in before if m in places]
    left_of = [places[m][0] - problem.sizes[m].width / 2 - RANK_GAP - width / 2 for m in after if m in places]
    if right_of and left_of and max(right_of) < min(left_of):
        return snap_up((max(right_of) + min(left_of)) / 2), y
    return (snap_up(max(right_of)) if right_of else -snap_up(-min(left_of))), y


def _put(problem: Problem, node: str, wish: Point, places: Positions, taken: Taken) -> None:
    size = problem.sizes[node]
    if problem.lanes is None:
        centre = taken.nearest_free(wish, size)
    else:
        low, high = _strip(problem, node, places)
        centre = taken.nearest_free(wish, size, low=low, high=high)
    places[node] = centre
    taken.add(Box.around(centre, size))


def _strip(problem: Problem, node: str, places: Positions) -> tuple[float, float]:
    """From where to where a new node of a lane may reach, so that the strips stay apart."""
    strips = bands(problem.sizes, problem.lanes or {}, places)
    own = next((band for band in strips if band.name == _lane(problem, node)), None)
    if own is None:
        return max(band.bottom for band in strips) + BETWEEN + ABOVE, math.inf
    above = max((b.bottom for b in strips if b is not own and b.top < own.top), default=-math.inf)
    below = min((b.top for b in strips if b is not own and b.top >= own.top), default=math.inf)
    return min(above + BETWEEN, own.top) + ABOVE, max(below - BETWEEN, own.bottom) - BELOW


def _put_apart(problem: Problem, nodes: set[str], places: Positions, taken: Taken) -> None:
    if not nodes:
        return
    left = min([x - problem.sizes[n].width / 2 for n, (x, _) in places.items()])
    if problem.lanes is not None:
        for node in (n for n in problem.sizes if n in nodes):
            ys = [places[n][1] for n in places if _lane(problem, n) == _lane(problem, node)]
            bottom = max(y + problem.sizes[n].height / 2 for n, (_, y) in places.items())
            _put(problem, node, (snap_up(left + problem.sizes[node].width / 2), ys[0] if ys else bottom), places, taken)
        return
    bottom = max([y + problem.sizes[n].height / 2 for n, (_, y) in places.items()])
    right = max([x + problem.sizes[n].width / 2 for n, (x, _) in places.items()])
    linked = {n for flow in problem.flows if flow[0] != flow[1] for n in flow}
    alone = [n for n in problem.sizes if n in nodes and n not in linked]
    last = next((n for n in reversed(problem.sizes) if n in problem.placed and n not in linked), None)
    for node in alone:
        last = _put_next(problem, node, last, (left, max(right, left + 1_000), bottom), places, taken)
    rest = problem.only(nodes - set(alone))
    if rest.sizes:
        bottom = max(y + problem.sizes[n].height / 2 for n, (_, y) in places.items())
        for node, (x, y) in layered(rest).items():
            places[node] = (x + snap_up(left), y + snap_up(bottom + ROW_GAP))
            taken.add(Box.around(places[node], problem.sizes[node]))


def _put_next(
    problem: Problem,
    node: str,
    last: str | None,
    frame: tuple[float, float, float],
    places: Positions,
    taken: Taken,
) -> str:
    """Put a node without flows right of the last such one, or first in a new row under the map; it is the last now."""
    size = problem.sizes[node]
    left, right, bottom = frame
    x, y = snap_up(left + size.width / 2), snap_up(bottom + ROW_GAP + size.height / 2)
    if last is not None:
        edge = places[last][0] + problem.sizes[last].width / 2
        beyond = snap_up(edge + RANK_GAP + size.width / 2)
        if beyond + size.width / 2 <= right + RANK_GAP + size.width:
            x, y = beyond, snap(places[last][1])
        else:
            lowest = max(y + problem.sizes[n].height / 2 for n, (_, y) in places.items())
            y = snap_up(lowest + ROW_GAP + size.height / 2)
    places[node] = taken.nearest_free((x, y), size)
    taken.add(Box.around(places[node], size))
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
