"""A new part of a map, laid out by itself and put where there is room for it."""

from __future__ import annotations

from collections.abc import Iterable

from crmwidget.layout.boxes import Box, Taken
from crmwidget.layout.layered import layered
from crmwidget.layout.problem import Point, Positions, Problem, Size, snap

__all__ = ["in_free_room"]


def in_free_room(part: Problem, others: Iterable[Box], at: Point) -> Positions:
    """Centres of the nodes of `part` around `at`, or at the nearest place where they are clear of the `others`."""
    places = layered(part)
    if not places:
        return {}
    boxes = [Box.around(places[node], size) for node, size in part.sizes.items()]
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)  # the corner is (0, 0)
    taken = Taken()
    for other in others:
        taken.add(other)
    x, y = taken.nearest_around(at, Size(int(right), int(bottom)))
    dx, dy = snap(x - right / 2), snap(y - bottom / 2)
    return {node: (place[0] + dx, place[1] + dy) for node, place in places.items()}
