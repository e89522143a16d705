"""The one door to layout: where the nodes of a map go, all of them or only those that have no place yet."""

from __future__ import annotations

import math
from dataclasses import replace

from crmwidget.graph.elements import Elements
from crmwidget.layout.lanes import in_lanes
from crmwidget.layout.layered import layered
from crmwidget.layout.problem import RANK_GAP, ROW_GAP, Positions, Problem, snap_up
from crmwidget.layout.stable import around_pinned, beside

__all__ = ["arrange", "grid", "is_slow"]

_SLOW_AT = 3_500  # nodes and flows that take about 0.2 s on one core
_MANY_FRESH = 50  # beyond so many new nodes, and more than have a place, they are laid out together


def arrange(
    elements: Elements, *, lens: str | None = None, only_missing: bool = False, unpin: bool = False
) -> dict[str, tuple[float, float]]:
    """Centres for the nodes of a map under one lens.

    Flows lead from left to right. Where the map's attribute `lanes` names a node attribute, each of its values has a
    row band of its own. No two cards overlap; coordinates are multiples of `GEOMETRY["grid"]`. The same map gives the
    same places in every process. Nothing is written to `elements`.

    Parameters
    ----------
    elements
        The map.
    lens
        Whose positions; by default the lens that the map shows.
    only_missing
        Place only the nodes without a position, beside their neighbours; no other moves.
    unpin
        Move pinned nodes too. By default they stay and the others find room around them.

    Returns
    -------
    dict
        Node id → (x, y) of the centre, for the nodes that get a new place: all but the pinned ones, or with
        `only_missing` those that had none.

    Examples
    --------
    >>> stages = {name: {"kind": "stage", "label": name} for name in ("lead", "won")}
    >>> arrange(Elements(nodes=stages, flows={"f1": {"source": "lead", "target": "won", "kind": "flow"}}))
    {'lead': (104.0, 64.0), 'won': (456.0, 64.0)}
    """
    problem = Problem.of(elements, lens=lens)
    fresh = len(problem.sizes) - len(problem.placed)
    if not problem.sizes or (only_missing and not fresh):
        return {}
    if only_missing:
        if not problem.placed or fresh <= max(_MANY_FRESH, len(problem.placed)):
            return beside(problem)
        problem = replace(problem, pinned=frozenset(problem.placed))
    wishes = layered(problem) if problem.lanes is None else in_lanes(problem)
    return wishes if unpin else around_pinned(problem, wishes)


def is_slow(elements: Elements) -> bool:
    """Whether arranging the whole map may take more than about 0.2 seconds, so that it belongs in the background."""
    return len(elements.nodes) + len(elements.flows) > _SLOW_AT


def grid(elements: Elements, *, lens: str | None = None) -> dict[str, tuple[float, float]]:
    """Provisional places for the nodes that have none, at once, in rows in order of adding, under what has a place."""
    problem = Problem.of(elements, lens=lens)
    fresh = [node for node in problem.sizes if node not in problem.placed]
    if not fresh:
        return {}
    column = snap_up(max(size.width for size in problem.sizes.values()) + RANK_GAP)
    row = snap_up(max(size.height for size in problem.sizes.values()) + ROW_GAP)
    columns = max(1, math.ceil(math.sqrt(len(fresh) * 1.6 * row / column)))
    top = max((snap_up(y + row) for _, y in problem.placed.values()), default=0)
    left = min((snap_up(x) for x, _ in problem.placed.values()), default=0)
    places: Positions = {}
    for i, node in enumerate(fresh):
        places[node] = (float(left + i % columns * column), float(top + i // columns * row))
    return places
