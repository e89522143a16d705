"""What a map allows: which stage may follow which, where cases may begin and end, and what a step past it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import networkx as nx

from crmwidget.analysis.passage import walked

__all__ = ["Deviation", "DrawnWays", "drawn_ways"]

Deviation: TypeAlias = Literal[
    "skip", "reorder", "repeat", "undrawn_flow", "undrawn_activity", "undrawn_start", "undrawn_end"
]
_PASSED_THROUGH = ("start", "end", "decision")  # without an event of their own they are no steps


@dataclass(frozen=True, slots=True)
class DrawnWays:
    """The drawn ways of a map, for the nodes that events happen at.

    Attributes
    ----------
    way
        What cases walk through, one edge for parallel flows.
    silent
        Nodes of kind start, end and decision that no activity means: a way goes through them without an event.
    begins, ends
        Where a case may begin, and where it may have come to its end.
    follows
        Node → what may follow it directly.
    """

    way: nx.DiGraph[Any]
    silent: frozenset[str]
    begins: frozenset[str]
    ends: frozenset[str]
    follows: Mapping[str, frozenset[str]]

    def step(self, source: str, target: str) -> tuple[Deviation | None, tuple[str, ...]]:
        """What a step from one node to another is, None where it is drawn; and for a skip, the nodes passed over."""
        if target in self.follows[source]:
            return None, ()
        if source == target:
            return "repeat", ()
        onward, back = self._path(source, target), self._path(target, source)
        if onward is None and back is None:
            return "undrawn_flow", ()
        if onward is not None and (back is None or len(onward) <= len(back)):
            return "skip", onward
        return "reorder", ()

    def _path(self, source: str, target: str) -> tuple[str, ...] | None:
        """The nodes with events on the shortest drawn way between two, None where there is none."""

        def cost(_: str, to: str, __: Any) -> int:
            return 0 if to in self.silent else 1

        try:
            path = nx.dijkstra_path(self.way, source, target, weight=cost)
        except nx.NetworkXNoPath:
            return None
        return tuple(node for node in path[1:-1] if node not in self.silent)


def drawn_ways(graph: nx.MultiDiGraph[Any], meant: Iterable[str]) -> DrawnWays:
    """Read the ways of a map; `meant` are the nodes that activities of the log mean.

    A case may begin at a node of kind start, where a start leads to, and where nothing leads to; at any node of a map
    that has none of these. It may end at a node of kind end or with an outcome, where an end is led to, and where
    nothing leads on; at any node of a map that has none of these. The other nodes that no activity means are steps: a
    way through one is not taken by going past it.

    Examples
    --------
    >>> graph = nx.MultiDiGraph([("lead", "demo"), ("demo", "offer"), ("offer", "won")])
    >>> ways = drawn_ways(graph, ["lead", "offer", "won"])
    >>> ways.step("lead", "offer"), ways.step("won", "lead")
    (('skip', ('demo',)), ('reorder', ()))
    >>> sorted(ways.begins), sorted(ways.ends)
    (['lead'], ['won'])
    """
    whole = walked(graph)
    way: nx.DiGraph[Any] = nx.DiGraph(whole)
    known = set(meant)
    kinds = {node: about.get("kind") for node, about in whole.nodes(data=True)}
    silent = frozenset(node for node in way if node not in known and kinds[node] in _PASSED_THROUGH)
    steps = [node for node in way if node not in silent]

    def reached(first: Iterable[str], onward: Callable[[str], Iterable[str]]) -> frozenset[str]:
        """The steps that come next, through what is silent."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = list(first)
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in silent:
                waiting += onward(node)
            else:
                found.add(node)
        return frozenset(found)

    def terminals(
        kind: str, before: Callable[[str], Iterable[str]], onward: Callable[[str], Iterable[str]]
    ) -> set[str]:
        loose = [node for node in way if not set(before(node)) - {node}]
        stated = [node for node in way if kinds[node] == kind]
        return {node for node in (*loose, *stated) if node not in silent} | set(
            reached([node for node in (*loose, *stated) if node in silent], onward)
        )

    begins = terminals("start", way.predecessors, way.successors)
    ends = terminals("end", way.successors, way.predecessors)
    ends |= {node for node in steps if whole.nodes[node].get("outcome") is not None}
    return DrawnWays(
        way,
        silent,
        frozenset(begins or steps),
        frozenset(ends or steps),
        {node: reached(way.successors(node), way.successors) for node in steps},
    )
