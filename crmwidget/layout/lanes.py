"""Swimlanes: rows are lanes in order of first appearance, columns are ranks; bands never interleave."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crmwidget.design import GEOMETRY
from crmwidget.layout.layered import crossings
from crmwidget.layout.problem import RANK_GAP, ROW_GAP, Point, Positions, Problem, Size, snap_up
from crmwidget.layout.ranks import before_and_after, forward_flows, longest_path_ranks
from crmwidget.vocabulary import NODE_KINDS

__all__ = ["ABOVE", "BELOW", "BETWEEN", "Band", "bands", "in_lanes"]

# How far a strip reaches beyond its nodes: above with its header, below, and from one strip to the next.
ABOVE = GEOMETRY["lane_header"] + GEOMETRY["grid"]
BELOW = GEOMETRY["lane_padding"] - GEOMETRY["grid"]
BETWEEN = GEOMETRY["grid"]
_BESIDE = GEOMETRY["lane_padding"]
_SWEEPS = 8
_SLOT = max(kind.height for kind in NODE_KINDS.values())  # at least, so that a card of any kind can come into any lane


class Band(NamedTuple):
    """The strip of one lane: its name (`""` for nodes without one) and its box on the map."""

    name: str
    left: float
    top: float
    right: float
    bottom: float


def bands(sizes: Mapping[str, Size], lanes: Mapping[str, str], positions: Mapping[str, Point]) -> list[Band]:
    """The strip behind the nodes of each lane, in order of first appearance, all as wide as the map.

    A strip reaches `ABOVE` and `BELOW` beyond its nodes; its header lies in the room above them.
    """
    placed = [node for node in sizes if node in positions]
    if not placed:
        return []
    left = min(positions[n][0] - sizes[n].width / 2 for n in placed) - _BESIDE
    right = max(positions[n][0] + sizes[n].width / 2 for n in placed) + _BESIDE
    members: dict[str, list[str]] = {}
    for node in placed:
        members.setdefault(lanes.get(node, ""), []).append(node)
    return [
        Band(
            name,
            left,
            min(positions[n][1] - sizes[n].height / 2 for n in nodes) - ABOVE,
            right,
            max(positions[n][1] + sizes[n].height / 2 for n in nodes) + BELOW,
        )
        for name, nodes in members.items()
    ]


def in_lanes(problem: Problem) -> Positions:
    """Centres of all nodes, each in the row of its lane; the strip of the first lane begins at height 0.

    A flow leads to a column further right where cycles allow. Nodes of one lane and rank are stacked; a few barycentre
    sweeps order the stacks, and the order with the fewest crossings is kept. `problem.pinned` is not looked at.
    """
    names = list(problem.sizes)
    sizes = list(problem.sizes.values())
    number = {name: n for n, name in enumerate(names)}
    given = problem.lanes or {}
    lane_of = [given.get(name, "") for name in names]
    forward = forward_flows(
        len(names),
        [(number[a], number[b]) for a, b in problem.flows],
        [number[n] for n in names if n in problem.starts],
    )
    ranks = _ranks(lane_of, forward)
    cells: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for n in range(len(names)):
        cells[(lane_of[n], ranks[n])].append(n)
    lanes = list(dict.fromkeys(lane_of))
    slots = dict.fromkeys(lanes, 0)
    for (lane, _), nodes in cells.items():
        slots[lane] = max(slots[lane], len(nodes))
    widths = dict.fromkeys(ranks, 0.0)
    for n, size in enumerate(sizes):
        widths[ranks[n]] = max(widths[ranks[n]], size.width)
    first_slot = {}
    total = 0
    for lane in lanes:
        first_slot[lane] = total
        total += slots[lane]
    row = _best_rows(cells, forward, slots, first_slot, ranks)
    heights = dict.fromkeys(range(total), float(_SLOT))
    for n, size in enumerate(sizes):
        heights[row[n]] = max(heights[row[n]], size.height)

    # The strip's padding and the gap stand between lanes.
    slot_y: dict[int, float] = {}
    top = 0.0
    for lane in lanes:
        top = snap_up(top + ABOVE)
        for slot in range(first_slot[lane], first_slot[lane] + slots[lane]):
            slot_y[slot] = snap_up(top + heights[slot] / 2)
            top = slot_y[slot] + heights[slot] / 2 + ROW_GAP
        top += BELOW + BETWEEN - ROW_GAP
    column_x: dict[int, float] = {}
    left = 0.0
    for rank, width in sorted(widths.items()):
        column_x[rank] = snap_up(left + width / 2)
        left = column_x[rank] + width / 2 + RANK_GAP
    return {names[n]: (float(column_x[ranks[n]]), float(slot_y[row[n]])) for n in range(len(names))}


def _ranks(lane_of: Sequence[str], forward: Sequence[tuple[int, int]]) -> list[int]:
    """Ranks from 0; nodes without a flow fill the columns of their lane from the left."""
    ranks = longest_path_ranks(len(lane_of), forward)
    joined = {n for flow in forward for n in flow}
    lowest = min((ranks[n] for n in joined), default=0)
    ranks = [rank - lowest for rank in ranks]
    alone: defaultdict[str, list[int]] = defaultdict(list)
    for n, lane in enumerate(lane_of):
        if n not in joined:
            alone[lane].append(n)
    most = max(map(len, alone.values()), default=0)
    columns = max([ranks[n] + 1 for n in joined] + [math.ceil(math.sqrt(most * 1.6)), 1])
    for nodes in alone.values():
        for i, n in enumerate(nodes):
            ranks[n] = i % columns
    return ranks


def _best_rows(
    cells: Mapping[tuple[str, int], list[int]],
    forward: Sequence[tuple[int, int]],
    slots: Mapping[str, int],
    first_slot: Mapping[str, int],
    ranks: Sequence[int],
) -> dict[int, int]:
    before, after = before_and_after(forward)
    row: dict[int, int] = {}
    for (lane, _), nodes in cells.items():
        for i, n in enumerate(nodes):
            row[n] = first_slot[lane] + i
    best, fewest = dict(row), _cost(row, forward, ranks)
    by_rank = sorted(cells, key=lambda cell: cell[1])
    for sweep in range(_SWEEPS):
        for cell in by_rank if sweep % 2 == 0 else reversed(by_rank):
            lane, nodes = cell[0], cells[cell]
            near = before if sweep % 2 == 0 else after
            wish = {n: sum(row[m] for m in near[n]) / len(near[n]) if near[n] else float(row[n]) for n in nodes}
            low, spare = first_slot[lane], slots[lane] - len(nodes)
            place = low
            for i, n in enumerate(sorted(nodes, key=lambda n: (wish[n], row[n]))):
                row[n] = min(max(place, round(wish[n])), low + spare + i)
                place = row[n] + 1
        cost = _cost(row, forward, ranks)
        if cost < fewest:
            best, fewest = dict(row), cost
    return best


def _cost(row: Mapping[int, int], forward: Sequence[tuple[int, int]], ranks: Sequence[int]) -> tuple[int, int]:
    """Crossings between flows of the same two columns, then length."""
    places = {n: (float(y), float(ranks[n])) for n, y in row.items()}
    return crossings(places, forward), sum(abs(row[a] - row[b]) for a, b in forward)
