"""The layered drawing: ranks from left to right, few crossings, short flows, parts laid out apart and packed."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fast_sugiyama import from_edges

from crmwidget.design import GEOMETRY
from crmwidget.layout.folding import fold
from crmwidget.layout.problem import LARGEST, RANK_GAP, ROW_GAP, Positions, Problem, Size, snap, snap_up
from crmwidget.layout.ranks import components, forward_flows, longest_path_ranks, shallow_flows
from crmwidget.layout.straighten import straighten

__all__ = ["crossings", "layered"]

Flow = tuple[int, int]
Ranking = Literal["up", "down", "original", "minimize"]
Sweep = Literal["barycenter", "median"]

# How many are tried depends on the size alone, never on the clock, so that a map is always drawn alike.
_SETTINGS: tuple[tuple[Ranking, Sweep, bool], ...] = (
    ("up", "barycenter", False),
    ("up", "median", False),
    ("up", "barycenter", True),
    ("up", "median", True),
    ("minimize", "barycenter", False),
    ("minimize", "median", False),
    ("minimize", "barycenter", True),
    ("minimize", "median", True),
    ("down", "barycenter", True),
    ("down", "median", True),
)
_FEW, _SOME = 240, 2_500  # points (nodes and bends) of the first drawing: up to `_FEW` all settings, up to `_SOME` two
_OF_MANY = 4  # settings that are tried for each group of a large map
_MANY = 8_000  # beyond so many points heights come from the first drawing as they are
_BEND = 0.5  # the room of a bend of a long flow, against the room of a card
_BEND_HEIGHT = 8.0
_CLOSE = GEOMETRY["lane_padding"]  # between cards of a group that no flow joins


@dataclass(slots=True)
class _Block:
    """A part of the map, laid out from (0, 0)."""

    positions: dict[int, tuple[float, float]]
    width: float
    height: float


def layered(problem: Problem) -> Positions:
    """Centres of all nodes of `problem`, whatever is placed already; the top left corner of the drawing is (0, 0).

    A component that is a long chain is folded into rows. Two nodes of one rank are at least `GEOMETRY["row_gap"]`
    apart, two ranks at least `GEOMETRY["rank_gap"]`; every coordinate is a multiple of `GEOMETRY["grid"]`. The same
    problem gives the same drawing in every process.
    """
    names = list(problem.sizes)
    sizes = list(problem.sizes.values())
    number = {name: n for n, name in enumerate(names)}
    flows = [(number[a], number[b]) for a, b in problem.flows]
    forward = forward_flows(len(names), flows, (number[n] for n in problem.sizes if n in problem.starts))
    ranks = longest_path_ranks(len(names), forward)
    if sum(ranks[b] - ranks[a] - 1 for a, b in forward) > 4 * len(names) + 400:
        forward = shallow_flows(len(names), forward)
    parts = components(len(names), forward)
    part_of = {n: p for p, part in enumerate(parts) for n in part}
    flows_of: defaultdict[int, list[Flow]] = defaultdict(list)
    for flow in forward:
        flows_of[part_of[flow[0]]].append(flow)
    most = _OF_MANY if problem.is_of_many else len(_SETTINGS)
    blocks = [_part(part, flows_of[p], sizes, most) for p, part in enumerate(parts) if len(part) > 1]
    alone = [part[0] for part in parts if len(part) == 1]
    frames = [n for n in alone if sizes[n].width > LARGEST.width or sizes[n].height > LARGEST.height]
    blocks += [_from_corner({n: (0.0, 0.0)}, sizes) for n in frames]  # in the grid they would draw the cards apart
    if cards := [n for n in alone if n not in frames]:
        blocks.append(_tidy_grid(cards, sizes, (_CLOSE, _CLOSE) if problem.is_in_frame else (RANK_GAP, ROW_GAP)))
    return {names[n]: centre for n, centre in sorted(_pack(blocks).items())}


def crossings(positions: dict[int, tuple[float, float]], flows: Iterable[Flow]) -> int:
    """How often flows between neighbouring layers cross; `positions` gives (place in the layer, layer)."""
    between: defaultdict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    for source, target in flows:
        (a, layer_a), (b, layer_b) = positions[source], positions[target]
        between[(layer_a, layer_b)].append((a, b))
    total = 0
    for segments in between.values():
        seen: list[float] = []
        ends: list[float] = []
        last = math.nan
        for a, b in sorted(segments):
            if a != last:  # flows that leave one node do not cross each other
                for end in ends:
                    insort(seen, end)
                ends, last = [], a
            total += len(seen) - bisect_right(seen, b)
            ends.append(b)
    return total


def _part(part: Sequence[int], flows: Sequence[Flow], sizes: Sequence[Size], most: int) -> _Block:
    local = {n: i for i, n in enumerate(part)}
    edges = [(local[a], local[b]) for a, b in flows]
    drawings = [_draw(edges, *_SETTINGS[0])]
    points = len(drawings[0][0])
    tried = most if points <= _FEW else 2 if points <= _SOME else 1
    drawings += [_draw(edges, *setting) for setting in _SETTINGS[1:tried]]
    places, cut = drawings[0] if tried == 1 else min(drawings, key=lambda drawing: _cost(*drawing))
    layers: defaultdict[float, list[int]] = defaultdict(list)
    for n, (_, rank) in sorted(places.items(), key=lambda item: (item[1][1], item[1][0], item[0])):
        layers[rank].append(n)
    own = [sizes[n] for n in part]
    heights = {n: float(own[n].height) if n < len(part) else _BEND_HEIGHT for n in places}
    if points <= _MANY:
        ordered = list(layers.values())
        y = straighten(ordered, cut, heights, gap=ROW_GAP, sweeps=12 if points <= _SOME else 6)
    else:
        row = max(size.height for size in own) + ROW_GAP
        y = {n: place * row for n, (place, _) in places.items()}
    cards = [[n for n in layer if n < len(part)] for layer in layers.values()]
    block = _with_sizes([[(part[n], y[n]) for n in layer] for layer in cards if layer], sizes)
    return _from_corner(fold(block.positions, {n: sizes[n] for n in part}, flows), sizes)


def _draw(
    edges: list[Flow], ranking: Ranking, sweep: Sweep, transpose: bool
) -> tuple[dict[int, tuple[float, float]], list[Flow]]:
    """Place and rank of nodes and bends (numbered after the nodes), and the flows cut at their bends."""
    (layout,) = from_edges(
        edges,
        vertex_spacing=1,
        dummy_vertices=True,
        dummy_size=_BEND,
        ranking_type=ranking,
        crossing_minimization=sweep,
        transpose=transpose,
        check_layout=False,
    )
    points, _, _, cut = layout
    deepest = max(y for _, (_, y) in points)
    return {int(n): (x, deepest - y) for n, (x, y) in points}, [(int(a), int(b)) for a, b in cut or ()]


def _cost(places: dict[int, tuple[float, float]], flows: list[Flow]) -> tuple[int, float]:
    length = sum(abs(places[a][0] - places[b][0]) + abs(places[a][1] - places[b][1]) for a, b in flows)
    return crossings(places, flows), length


def _with_sizes(ranks: Sequence[Sequence[tuple[int, float]]], sizes: Sequence[Size]) -> _Block:
    """Ranks beside each other, with room for the real cards, on the grid."""
    positions: dict[int, tuple[float, float]] = {}
    left = 0.0
    for rank in ranks:
        width = max(sizes[n].width for n, _ in rank)
        x = snap_up(left + width / 2)
        above = -math.inf
        for n, wish in rank:
            y, half = snap(wish), sizes[n].height / 2
            if above + ROW_GAP > y - half:
                y = snap_up(above + ROW_GAP + half)
            positions[n] = (float(x), float(y))
            above = y + half
        left = x + width / 2 + RANK_GAP
    return _from_corner(positions, sizes)


def _tidy_grid(nodes: Sequence[int], sizes: Sequence[Size], gaps: tuple[float, float]) -> _Block:
    width = snap_up(max(sizes[n].width for n in nodes) + gaps[0])
    height = snap_up(max(sizes[n].height for n in nodes) + gaps[1])
    rows = math.ceil(len(nodes) / math.ceil(math.sqrt(len(nodes) * 1.6 * height / width)))
    columns = math.ceil(len(nodes) / rows)
    return _from_corner(
        {n: (float(i % columns * width), float(i // columns * height)) for i, n in enumerate(nodes)}, sizes
    )


def _from_corner(positions: dict[int, tuple[float, float]], sizes: Sequence[Size]) -> _Block:
    left = min(x - sizes[n].width / 2 for n, (x, _) in positions.items())
    top = min(y - sizes[n].height / 2 for n, (_, y) in positions.items())
    dx, dy = snap_up(-left), snap_up(-top)
    moved = {n: (x + dx, y + dy) for n, (x, y) in positions.items()}
    return _Block(
        moved,
        max(x + sizes[n].width / 2 for n, (x, _) in moved.items()),
        max(y + sizes[n].height / 2 for n, (_, y) in moved.items()),
    )


def _pack(blocks: Sequence[_Block]) -> dict[int, tuple[float, float]]:
    """Blocks on shelves from left to right, in the order given, about as wide as a screen."""
    if not blocks:
        return {}
    area = sum((block.width + RANK_GAP) * (block.height + ROW_GAP) for block in blocks)
    shelf_width = max(max(block.width for block in blocks), math.sqrt(area * 1.6))
    placed: dict[int, tuple[float, float]] = {}
    left = top = shelf_height = 0.0
    for block in blocks:
        if left and left + block.width > shelf_width:
            left, top, shelf_height = 0.0, snap_up(top + shelf_height + ROW_GAP), 0.0
        for node, (x, y) in block.positions.items():
            placed[node] = (left + x, top + y)
        left = snap_up(left + block.width + RANK_GAP)
        shelf_height = max(shelf_height, block.height)
    return placed
