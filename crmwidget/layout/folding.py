"""Fold a long chain into rows, as text is, so that a map fits a notebook's width at a zoom that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from crmwidget.layout.problem import Point, Size, snap

__all__ = ["fold"]

Node = TypeVar("Node")

_WIDE = 2.6  # width over height from which folding is worth it
_BEST = 1.9  # the shape of a notebook's output
_ROW_GAP = 112  # between rows: a label lies on the flow that leads down
_MAX_CUT = 4  # flows that may lead from one row to the next; more would make a tangle
_LEEWAY = 0.25  # how far from even, in rows, a fold may lie where fewer flows lead over it


def fold(
    positions: Mapping[Node, Point], sizes: Mapping[Node, Size], flows: Iterable[tuple[Node, Node]]
) -> dict[Node, Point]:
    """Centres of a left-to-right drawing of one component, folded if it is much wider than high and thin at the folds.

    Every other row runs from right to left, and begins below the end of the one before, so that the flow between them
    is short. What cannot be folded without a tangle is returned as it was.
    """
    columns = _columns(positions, sizes)
    flows = list(flows)
    left, right = _extent(positions, sizes, axis=0)
    top, bottom = _extent(positions, sizes, axis=1)
    width, height = right - left, bottom - top
    if len(columns) < 4 or width < _WIDE * height or width < 1400:
        return dict(positions)
    column_of = {node: i for i, column in enumerate(columns) for node in column}
    crossing = [0] * len(columns)  # crossing[i]: flows over the gap before column i, but for those that lead back
    for source, target in flows:
        for i in range(column_of[source] + 1, column_of[target] + 1):
            crossing[i] += 1
    best: list[int] | None = None
    best_miss = abs(width / height - _BEST)
    for n_rows in range(2, len(columns) // 2 + 1):
        cuts = _cuts(len(columns), n_rows, crossing)
        if cuts is None:
            continue
        widest = max(b - a for a, b in zip([0, *cuts], [*cuts, len(columns)], strict=True)) / len(columns) * width
        miss = abs(widest / (n_rows * (height + _ROW_GAP)) - _BEST)
        if miss < best_miss:
            best, best_miss = cuts, miss
    return dict(positions) if best is None else _rows(positions, sizes, columns, best)


def _columns(positions: Mapping[Node, Point], sizes: Mapping[Node, Size]) -> list[list[Node]]:
    """The nodes by rank: a new column begins where a card begins to the right of all before."""
    columns: list[list[Node]] = []
    edge = float("-inf")
    for node in sorted(positions, key=lambda n: (positions[n][0] - sizes[n].width / 2, positions[n][1])):
        x, half = positions[node][0], sizes[node].width / 2
        if x - half >= edge:
            columns.append([])
        columns[-1].append(node)
        edge = max(edge, x + half)
    return columns


def _extent(positions: Mapping[Node, Point], sizes: Mapping[Node, Size], *, axis: int) -> tuple[float, float]:
    return (
        min(place[axis] - sizes[node][axis] / 2 for node, place in positions.items()),
        max(place[axis] + sizes[node][axis] / 2 for node, place in positions.items()),
    )


def _cuts(n_columns: int, n_rows: int, crossing: Sequence[int]) -> list[int] | None:
    """Columns that begin a row: where few flows cross, not far from even; None if there is no such place."""
    cuts: list[int] = []
    leeway = max(1, int(n_columns / n_rows * _LEEWAY))
    for row in range(1, n_rows):
        even = -(-row * n_columns // n_rows)
        first = (cuts[-1] if cuts else 0) + 2
        near = range(max(first, even - leeway), min(n_columns, even + leeway + 1))
        cut = min(near, key=lambda c: (crossing[c], abs(c - even)), default=None)
        if cut is None or crossing[cut] > _MAX_CUT:
            return None
        cuts.append(cut)
    return cuts


def _rows(
    positions: Mapping[Node, Point], sizes: Mapping[Node, Size], columns: list[list[Node]], cuts: Sequence[int]
) -> dict[Node, Point]:
    folded: dict[Node, Point] = {}
    anchor = _middle(positions, columns[0])  # where the row begins: below the end of the row before
    bottom = 0.0
    for row, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(columns)], strict=True)):
        nodes = [node for column in columns[first:last] for node in column]
        high = min(positions[node][1] - sizes[node].height / 2 for node in nodes)
        low = max(positions[node][1] + sizes[node].height / 2 for node in nodes)
        start = _middle(positions, columns[first])
        direction = -1 if row % 2 else 1
        for node in nodes:
            x, y = positions[node]
            folded[node] = (snap(anchor + direction * (x - start)), snap(bottom + y - high))
        anchor += direction * (_middle(positions, columns[last - 1]) - start)
        bottom += low - high + _ROW_GAP
    left = min(x - sizes[node].width / 2 for node, (x, _) in folded.items())
    return {node: (x - snap(left), y) for node, (x, y) in folded.items()}


def _middle(positions: Mapping[Node, Point], column: Sequence[Node]) -> float:
    xs = [positions[node][0] for node in column]
    return (min(xs) + max(xs)) / 2
