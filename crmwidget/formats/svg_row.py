"""Boxes found by their place from left to right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from crmwidget.layout.boxes import Box, overlap

__all__ = ["Row"]


class Row:
    """Boxes that do not move.

    Examples
    --------
    >>> row = Row([Box(0, 0, 10, 10), Box(20, 0, 30, 10)])
    >>> row.near(Box(5, 5, 12, 12))
    [Box(left=0, top=0, right=10, bottom=10)]
    """

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
