"""The one door to layout: where the nodes of a map go, all of them or only those that have no place yet."""

from __future__ import annotations

import math
from dataclasses import replace

from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting, has_parents
from crmwidget.layout.lanes import in_lanes
from crmwidget.layout.layered import layered
from crmwidget.layout.nested import nested
from crmwidget.layout.problem import CARD, LARGEST, RANK_GAP, ROW_GAP, Positions, Problem, snap, snap_up
from crmwidget.layout.stable import around_pinned, beside

__all__ = ["arrange", "grid", "is_slow"]

_SLOW_AT = 3_500  # nodes and flows that take about 0.2 s on one core
_MANY_FRESH = 50  # beyond so many new nodes, and more than have a place, they are laid out together


def arrange(
    elements: Elements, *, lens: str | None = None, only_missing: bool = False, unpin: bool = False
) -> dict[str, tuple[float, float]]:
    """Centres for the nodes of a map under one lens.

    Flows lead from left to right. Where the map's attribute `lanes` names a node attribute, each of its values has a
    row band of its own. A group is a frame around what it holds, laid out by itself, and lies where the flows of its
    content lead; what lies in the map behind a node is a drawing by itself. No two cards of one frame overlap, and no
    two frames; cards lie on multiples of `GEOMETRY["grid"]`. The same map gives the same places in every process.
    Nothing is written to `elements`.

    Parameters
    ----------
    elements
        The map.
    lens
        Whose positions; by default the lens that the map shows.
    only_missing
        Place only the nodes without a position, beside their neighbours and within their group. Nothing else moves, but
        for what the frame of a growing group would cover: it steps aside by a rank at most, unless it is pinned.
    unpin
        Move pinned nodes too. By default they stay, with the groups that they lie in, and the others find room around
        them.

    Returns
    -------
    dict
        Node id → (x, y) of the centre, of a group the middle of its frame, for the nodes that get a new place: all but
        the pinned ones, or with `only_missing` those that had none and those that stepped aside.

    Examples
    --------
    >>> stages = {name: {"kind": "stage", "label": name} for name in ("lead", "won")}
    >>> arrange(Elements(nodes=stages, flows={"f1": {"source": "lead", "target": "won", "kind": "flow"}}))
    {'lead': (104.0, 64.0), 'won': (456.0, 64.0)}
    """
    problem = Problem.of(elements, lens=lens)
    if not problem.sizes or (only_missing and len(problem.placed) == len(problem.sizes)):
        return {}
    nesting = Nesting(elements.nodes) if not only_missing or has_parents(elements.nodes) else None
    if nesting is None or (only_missing and not nesting.holder):  # an edit waits for this, however large the map is
        return _missing(replace(problem, pinned=frozenset(problem.placed)))
    if only_missing:
        return nested(problem, nesting, _missing, fixed=problem.placed.keys(), makes_room=True)
    return nested(problem, nesting, _anew, fixed=frozenset() if unpin else problem.pinned)


def _anew(problem: Problem) -> Positions:
    return around_pinned(problem, layered(problem) if problem.lanes is None else in_lanes(problem))


def _missing(problem: Problem) -> Positions:
    fresh = len(problem.sizes) - len(problem.placed)
    are_few = not problem.placed or fresh <= max(_MANY_FRESH, len(problem.placed))
    return beside(problem) if are_few else _anew(problem)


def is_slow(elements: Elements) -> bool:
    """Whether arranging the whole map may take more than about 0.2 seconds, so that it belongs in the background."""
    return len(elements.nodes) + len(elements.flows) > _SLOW_AT


def grid(elements: Elements, *, lens: str | None = None) -> dict[str, tuple[float, float]]:
    """Provisional places for the nodes that have none, at once, in rows in order of adding, under what has a place."""
    problem = Problem.of(elements, lens=lens)
    if len(problem.placed) == len(problem.sizes):
        return {}
    return nested(problem, Nesting(elements.nodes), _in_rows, fixed=problem.placed.keys())


def _in_rows(problem: Problem) -> Positions:
    """Rows of cells that a card of any kind fits in; a group takes as many as it needs."""
    cards = [size for size in problem.sizes.values() if size.width <= LARGEST.width and size.height <= LARGEST.height]
    column = snap_up(max((size.width for size in cards), default=CARD.width) + RANK_GAP)
    row = snap_up(max((size.height for size in cards), default=CARD.height) + ROW_GAP)
    spans = {
        node: (math.ceil((size.width + RANK_GAP) / column), math.ceil((size.height + ROW_GAP) / row))
        for node, size in problem.sizes.items()
        if node not in problem.placed
    }
    wide = math.ceil(math.sqrt(sum(across * down for across, down in spans.values()) * 1.6 * row / column))
    wide = max(wide, *(across for across, _ in spans.values()))
    bottom = max((y + problem.sizes[node].height / 2 for node, (_, y) in problem.placed.items()), default=-math.inf)
    top = snap_up(bottom + (row + ROW_GAP) / 2) if problem.placed else 0
    left = min((snap_up(x) for x, _ in problem.placed.values()), default=0)
    places: Positions = {}
    used = height = 0
    for node, (across, down) in spans.items():
        if used + across > wide:
            top, used, height = top + height * row, 0, 0
        x, y = left + (used + (across - 1) / 2) * column, top + (down - 1) / 2 * row
        places[node] = float(snap(x)), float(snap(y))
        used, height = used + across, max(height, down)
    return places
