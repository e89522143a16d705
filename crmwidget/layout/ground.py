"""What stands on a flat map, found by place: which room is taken, and how far the map and its lanes reach."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from crmwidget.layout.boxes import Box, Taken
from crmwidget.layout.problem import Point, Positions, Problem, Size

__all__ = ["Ground"]


class Ground:
    """The nodes of a flat map that have a place. It is read once from a problem and told what comes and goes.

    Attributes
    ----------
    sizes
        Node id → size, at least of all that stands here.
    places
        Node id → centre, in the order of placing.
    taken
        Their boxes.
    has_lanes
        Whether the map has lanes; without, all is of the lane `""`.
    """

    def __init__(self, problem: Problem) -> None:
        self.sizes: dict[str, Size] = dict(problem.sizes)
        self.places: Positions = dict(problem.placed)
        self.taken = Taken.by(self.places, self.sizes)
        self.has_lanes = problem.lanes is not None
        self._lanes = dict(problem.lanes or {})
        self._known_reach: _Reach | None = None  # it is measured when somebody asks

    def lane(self, node: str) -> str:
        return self._lanes.get(node, "")

    def put(self, node: str, centre: Point, size: Size, lane: str = "") -> None:
        """Let a node stand somewhere, or somewhere else than before; its rank among `places` stays."""
        before = self.places.get(node)
        if before is not None:
            if (before, self.sizes[node], self.lane(node)) == (centre, size, lane):
                return
            self._clear(node, before)
        self.places[node], self.sizes[node] = centre, size
        if self.has_lanes:
            self._lanes[node] = lane
        box = Box.around(centre, size)
        self.taken.add(box)
        if self._known_reach is not None:
            self._known_reach.add(box, lane)

    def remove(self, node: str) -> None:
        """Forget a node, whether it has stood here or not."""
        before = self.places.get(node)
        if before is not None:
            self._clear(node, before)
            del self.places[node]
        self.sizes.pop(node, None)
        self._lanes.pop(node, None)

    def _clear(self, node: str, centre: Point) -> None:
        self.taken.remove(centre, self.sizes[node])
        reach = self._known_reach
        if reach is not None and reach.ends_with(Box.around(centre, self.sizes[node]), self.lane(node)):
            self._known_reach = None

    # ---- how far it reaches --------------------------------------------------------------------------

    @property
    def left(self) -> float:
        return self._reach.left

    @property
    def right(self) -> float:
        return self._reach.right

    @property
    def bottom(self) -> float:
        return max(bottom for _, bottom in self._reach.lanes.values())

    @property
    def lanes(self) -> dict[str, tuple[float, float]]:
        """Lane → from where to where its cards reach, of the lanes in which something stands."""
        return self._reach.lanes

    @property
    def _reach(self) -> _Reach:
        if self._known_reach is None:
            self._known_reach = _Reach()
            for node, centre in self.places.items():
                self._known_reach.add(Box.around(centre, self.sizes[node]), self.lane(node))
        return self._known_reach


@dataclass(slots=True)
class _Reach:
    left: float = math.inf
    right: float = -math.inf
    lanes: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, box: Box, lane: str) -> None:
        left, top, right, bottom = box
        self.left, self.right = min(self.left, left), max(self.right, right)
        highest, lowest = self.lanes.get(lane, (top, bottom))
        self.lanes[lane] = min(highest, top), max(lowest, bottom)

    def ends_with(self, box: Box, lane: str) -> bool:
        """Whether it may reach less far without this box."""
        highest, lowest = self.lanes[lane]
        return box.left == self.left or box.right == self.right or box.top == highest or box.bottom == lowest
