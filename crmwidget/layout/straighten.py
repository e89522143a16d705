"""Heights within fixed layers: the order of each layer stays, and neighbours are pulled to one height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmwidget.layout.ranks import before_and_after

__all__ = ["straighten"]

_NEARLY = 0.45  # of a card and the gap: less than the half, at which two children stand evenly around their parent


def straighten(
    layers: Sequence[Sequence[int]],
    flows: Sequence[tuple[int, int]],
    heights: Mapping[int, float],
    *,
    gap: float,
    sweeps: int = 10,
) -> dict[int, float]:
    """The height of every node: at least `gap` between neighbours of a layer, flows as level as that allows.

    Each sweep moves a layer to the mean height of its neighbours, by least squares under the order and the gaps
    (isotonic regression by pooling adjacent violators).
    """
    before, after = before_and_after(flows)
    offsets: dict[int, float] = {}
    y: dict[int, float] = {}
    for layer in layers:
        offset = 0.0
        for i, node in enumerate(layer):
            if i:
                offset += (heights[layer[i - 1]] + heights[node]) / 2 + gap
            offsets[node] = offset
        for node in layer:
            y[node] = offsets[node] - offset / 2
    for sweep in range(sweeps):
        to_the_right = sweep % 2 == 0
        both = sweep >= sweeps - 2  # the last two sweeps weigh both sides, so that neither end hangs off
        for layer in layers if to_the_right else reversed(layers):
            wishes = []
            for node in layer:
                near = before[node] + after[node] if both else before[node] if to_the_right else after[node]
                near = near or after[node] or before[node]
                wishes.append((sum(map(y.__getitem__, near)) / len(near) if near else y[node]) - offsets[node])
            for node, place in zip(layer, _rising(wishes), strict=True):
                y[node] = place + offsets[node]
    _level(layers, flows, heights, y, gap)
    return y


def _level(
    layers: Sequence[Sequence[int]],
    flows: Sequence[tuple[int, int]],
    heights: Mapping[int, float],
    y: dict[int, float],
    gap: float,
) -> None:
    """Put nodes that nearly face each other at one height, along chains, as far as their layer leaves room."""
    room: dict[int, tuple[int | None, int | None]] = {}
    for layer in layers:
        for i, node in enumerate(layer):
            room[node] = (layer[i - 1] if i else None, layer[i + 1] if i + 1 < len(layer) else None)
    follows: dict[int, int] = {}
    leads: dict[int, int] = {}
    for source, target in sorted(flows, key=lambda flow: (abs(y[flow[0]] - y[flow[1]]), flow)):
        if source not in leads and target not in follows:
            leads[source], follows[target] = target, source

    def move(node: int, height: float) -> None:
        if abs(height - y[node]) > _NEARLY * (heights[node] + gap):
            return
        above, below = room[node]
        if above is not None and height - y[above] < (heights[above] + heights[node]) / 2 + gap:
            return
        if below is not None and y[below] - height < (heights[below] + heights[node]) / 2 + gap:
            return
        y[node] = height

    for layer in layers:
        for node in layer:
            if node in follows:
                move(node, y[follows[node]])
    for layer in reversed(layers):
        for node in layer:
            if node in leads and (node not in follows or y[follows[node]] != y[node]):
                move(node, y[leads[node]])


def _rising(wishes: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls, by least squares."""
    pools: list[tuple[float, int]] = []
    for wish in wishes:
        total, count = wish, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            more, n = pools.pop()
            total, count = total + more, count + n
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
