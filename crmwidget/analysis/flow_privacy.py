"""Which counts of flows must not leave the kernel: small ones, and those from which a small one could be worked out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

import networkx as nx

from crmwidget.data.privacy import THRESHOLD

__all__ = ["filled", "held_back"]

# ("flow", source, target), ("start", activity), ("end", activity), ("node", activity): how many events it has
Query: TypeAlias = "tuple[str, ...]"
Part = TypeVar("Part", bound=Hashable)
_ALL = ("all",)


def held_back(
    flows: Mapping[tuple[str, str], int],
    starts: Mapping[str, int],
    ends: Mapping[str, int],
    activities: Mapping[str, int],
    small: Collection[Query],
) -> frozenset[Query]:
    """The small counts, and as many others, the smaller first, as it takes until none can be worked out.

    Notes
    -----
    What goes into an activity goes out of it, so the counts are a circulation: from a source by `starts` into
    activities, through each (its number of events), along flows, by `ends` to a sink, and back as the number of cases,
    which everybody may know. Of the held-back counts exactly those follow from the shown ones that are on no circle of
    held-back edges: the bridges of that graph, its directions left aside (Gusfield, *A graph theoretic approach to
    statistical data security*, 1988). So each bridge gets a circle, of the cheapest counts that make one.

    Examples
    --------
    A flow of 3 beside one of 60: the 60 goes too, or 63 - 60 would tell.

    >>> flows = {("Lead", "Won"): 60, ("Lead", "Lost"): 3}
    >>> numbers = {"Lead": 63, "Won": 60, "Lost": 3}
    >>> hidden = held_back(flows, {"Lead": 63}, {"Won": 60, "Lost": 3}, numbers, [("flow", "Lead", "Lost")])
    >>> sorted(hidden)[:2]
    [('end', 'Lost'), ('end', 'Won')]
    """
    if not small:
        return frozenset()
    ways: dict[Query, tuple[Any, Any, int]] = {}
    for (a, b), n in flows.items():
        ways["flow", a, b] = (("out", a), ("in", b), n)
    for kind, counts in (("start", starts), ("end", ends), ("node", activities)):
        for activity, n in counts.items():
            before = "source" if kind == "start" else ("in" if kind == "node" else "out", activity)
            after = "sink" if kind == "end" else ("out" if kind == "node" else "in", activity)
            ways[kind, activity] = (before, after, n)
    hidden = {query for query in small if query in ways}
    graph: nx.MultiGraph[Any] = nx.MultiGraph()
    for query, (u, v, n) in ways.items():
        graph.add_edge(u, v, key=query, cost=0 if query in hidden else n)
    # the number of cases is known: it closes the circulation, and is never held back
    graph.add_edge("sink", "source", key=_ALL, cost=0)
    for _ in range(len(ways) + 1):
        held: nx.MultiGraph[Any] = nx.MultiGraph([(*ways[query][:2], query) for query in hidden])
        single: nx.Graph[Any] = nx.Graph(held)
        bridges: list[tuple[Any, Any, Query]] = [
            (u, v, next(iter(_edges(held, u, v)))) for u, v in nx.bridges(single) if held.number_of_edges(u, v) == 1
        ]
        added = False
        for u, v, query in bridges:
            if query in hidden and _closed(graph, u, v, query, hidden):
                added = True
        if not added:
            break
    return frozenset(hidden)


def filled(held: set[Part], sizes: Mapping[Part, int]) -> bool:
    """Add to the held-back parts of a known sum, the smallest first, until they are two of 5 cases together.

    Returns
    -------
    bool
        Whether that could be done; where not, the sum itself has to be held back.

    Examples
    --------
    >>> held = {"Lost"}
    >>> filled(held, {"Lost": 3, "Won": 60, "Open": 9}), sorted(held)
    (True, ['Lost', 'Open'])
    """
    ours = [part for part in sizes if part in held]
    if not ours:
        return True
    rest = sorted((part for part in sizes if part not in held), key=lambda part: sizes[part])
    while len(ours) < 2 or sum(sizes[part] for part in ours) < THRESHOLD:
        if not rest:
            return False
        ours.append(rest.pop(0))
        held.add(ours[-1])
    return True


def _closed(graph: nx.MultiGraph[Any], u: Any, v: Any, query: Query, hidden: set[Query]) -> bool:
    """Hold back the cheapest way round one bridge; whether there was anything to hold back."""

    def cost(a: Any, b: Any, keys: Mapping[Any, Any]) -> float | None:
        costs = [about["cost"] for key, about in keys.items() if key not in (query, _ALL)]
        return min(costs) if costs else None

    try:
        path = nx.shortest_path(graph, u, v, weight=cost)
    except nx.NetworkXNoPath:
        return False
    before = len(hidden)
    for a, b in pairwise(path):
        held = _edges(graph, a, b)
        keys = {key: about["cost"] for key, about in held.items() if key not in (query, _ALL)}
        cheapest: Query = min(keys, key=lambda key: (keys[key], key))
        hidden.add(cheapest)
        held[cheapest]["cost"] = 0
    return len(hidden) > before


def _edges(graph: nx.MultiGraph[Any], u: Any, v: Any) -> dict[Any, Any]:
    """The edges between two nodes, by key."""
    between: Any = graph.get_edge_data(u, v)
    return dict(between)
