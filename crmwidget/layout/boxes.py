"""Which room is taken: boxes on a coarse raster, and the free slot nearest to a wish."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from crmwidget.layout.problem import GRID, LARGEST, RANK_GAP, ROW_GAP, Point, Size, snap, snap_up

__all__ = ["Box", "Taken", "overlap"]

_CELL = 256
_COLUMN = 128  # how far apart the columns are, at least, in which room is looked for


class Box(NamedTuple):
    """The room of one node."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, centre: Point, size: Size) -> Box:
        (x, y), (width, height) = centre, size
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def grown(self, across: float, down: float) -> Box:
        return Box(self.left - across, self.top - down, self.right + across, self.bottom + down)

    def moved(self, across: float, down: float) -> Box:
        return Box(self.left + across, self.top + down, self.right + across, self.bottom + down)

    @property
    def size(self) -> Size:
        return Size(self.right - self.left, self.bottom - self.top)

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share any room; boxes that only touch do not."""
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


class Taken:
    """Boxes that are taken, found quickly by place.

    `gap_x` and `gap_y` are the distances that a new box keeps from them.
    """

    def __init__(self, *, gap_x: float = RANK_GAP / 2, gap_y: float = ROW_GAP) -> None:
        self.gap_x, self.gap_y = gap_x, gap_y
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)  # each box once, by its middle
        self._large: list[Box] = []  # frames, which reach further from their middle than any card does
        self._columns: defaultdict[int, list[tuple[Point, Size]]] = defaultdict(list)  # taken, and not looked at yet

    @classmethod
    def by(cls, places: Mapping[str, Point], sizes: Mapping[str, Size]) -> Taken:
        """What a whole map takes. A column of it is made into boxes when room is looked for there."""
        taken = cls()
        columns = taken._columns
        large = set(filter(_is_large, set(sizes.values())))
        for node, place in places.items():
            size = sizes[node]
            if size in large:
                taken._large.append(Box.around(place, size))
            else:
                columns[int(place[0] // _CELL)].append((place, size))
        return taken

    def add(self, box: Box) -> None:
        (self._large if _is_large(box.size) else self._cells[_cell(box)]).append(box)

    def remove(self, centre: Point, size: Size) -> None:
        """Give back the room of a box that is taken."""
        box = Box.around(centre, size)
        cell = _cell(box)
        if box in self._cells.get(cell, ()):
            self._cells[cell].remove(box)
        elif box in self._large:
            self._large.remove(box)
        else:
            self._columns[int(centre[0] // _CELL)].remove((centre, size))

    def blocker(self, box: Box) -> Box | None:
        """A box that stands too near to `box`, or None."""
        wide = box.grown(self.gap_x, self.gap_y)
        for other in self._large:
            if overlap(wide, other):
                return other
        for cell in _cells_of(wide.grown(LARGEST.width / 2, LARGEST.height / 2)):
            for centre, size in self._columns.pop(cell[0], ()):
                found = Box.around(centre, size)
                self._cells[_cell(found)].append(found)  # though by what rounding adds it may be called large
            for other in self._cells.get(cell, ()):
                if overlap(wide, other):
                    return other
        return None

    def nearest_free(self, wish: Point, size: Size, *, low: float = -math.inf, high: float = math.inf) -> Point:
        """The free centre nearest to `wish` in its column, between two heights; else in a column further right."""
        half = size.height / 2
        if low > -math.inf and snap_up(low + half) + half > high:
            low, high = -math.inf, math.inf  # a band without a point of the grid for the node binds nothing
        x, y = float(snap(wish[0])), float(snap(wish[1]))
        if y - half < low:
            y = float(snap_up(low + half))
        if y + half > high:
            y = -float(snap_up(half - high))
        while True:
            found = [
                free
                for free in (self._scan(x, y, size, down=True), self._scan(x, y, size, down=False))
                if low <= free - half and free + half <= high
            ]
            if found:
                return x, min(found, key=lambda free: (abs(free - y), -free))
            x += snap_up(size.width + RANK_GAP)

    def nearest_around(self, wish: Point, size: Size) -> Point:
        """The free centre nearest to `wish` on any side of it; columns are tried from the nearest outward."""
        step = snap_up(max(_COLUMN, size.width / 4))
        best, least = wish, math.inf
        for across in itertools.count(0, step):
            if across >= least:
                return best
            for x in (wish[0] + across, wish[0] - across):
                for y in (self._scan(x, wish[1], size, down=True), self._scan(x, wish[1], size, down=False)):
                    distance = math.hypot(x - wish[0], y - wish[1])
                    if distance < least:
                        best, least = (x, y), distance
        raise AssertionError("count() has no end")

    def _scan(self, x: float, y: float, size: Size, *, down: bool) -> float:
        while (other := self.blocker(Box.around((x, y), size))) is not None:
            # One past the blocker at once, whole grid steps, so that a long column is crossed in few.
            room = self.gap_y + size.height / 2
            free = snap_up(other.bottom + room) if down else -snap_up(-(other.top - room))
            if free == y:  # by what rounding loses it is still blocked there
                free += GRID if down else -GRID
            y = free
        return y


def _is_large(size: Size) -> bool:
    return size.width > LARGEST.width or size.height > LARGEST.height


def _cell(box: Box) -> tuple[int, int]:
    left, top, right, bottom = box
    return int((left + right) / 2 // _CELL), int((top + bottom) / 2 // _CELL)


def _cells_of(box: Box) -> list[tuple[int, int]]:
    columns = range(math.floor(box.left / _CELL), math.floor(box.right / _CELL) + 1)
    rows = range(math.floor(box.top / _CELL), math.floor(box.bottom / _CELL) + 1)
    return [(column, row) for column in columns for row in rows]
