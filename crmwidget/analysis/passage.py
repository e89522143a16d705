"""Who has passed where: what the place that a case is at now says about the nodes and flows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import networkx as nx

from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_NODE_KIND, NODE_KINDS

__all__ = ["WALKED_KINDS", "Pair", "Passage", "bits", "passage", "walked", "walked_flows"]

Pair: TypeAlias = tuple[str, str]

_FRAMES = frozenset(kind.name for kind in NODE_KINDS.values() if kind.holds == "frame")
WALKED_KINDS = frozenset({"stage", "start", "end", "activity", "decision", "touchpoint"})


@dataclass(frozen=True, slots=True)
class Passage:
    """For each node and flow, from which places one has certainly, or perhaps, passed it.

    A set of places is an integer: bit i stands for `places[i]`. Parallel flows (same source and target) are one pair.

    Attributes
    ----------
    places
        The nodes where cases are now.
    here
        Place → the set of it alone.
    entered, perhaps_entered
        Node → the places that every way leads to through it (itself included), and those that only some ways do.
    taken, perhaps_taken
        The same for pairs of source and target.
    returning
        Pairs that lead back to a node already passed: the place says nothing about how often they were taken.
    assumed_entries
        Nodes of circles that nothing leads into, where ways were assumed to begin.
    before
        Node → the last node that every way to it passes; None where a way begins.
    """

    places: tuple[str, ...]
    here: Mapping[str, int]
    entered: Mapping[str, int]
    perhaps_entered: Mapping[str, int]
    taken: Mapping[Pair, int]
    perhaps_taken: Mapping[Pair, int]
    returning: frozenset[Pair]
    assumed_entries: tuple[str, ...]
    before: Mapping[str, str | None]

    def members(self, mask: int) -> list[str]:
        """The places of a set."""
        return [self.places[index] for index in bits(mask)]

    def mask(self, node: str) -> int:
        """The set of this one place; empty where no case is there."""
        return self.here.get(node, 0)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def walked(graph: nx.MultiDiGraph[Any]) -> nx.MultiDiGraph[Any]:
    """The part of a map that cases walk through: its flows of kind "flow", and the nodes that are steps of a way.

    A group is a frame around steps and no step: it is passed over, with the flows to and from it.
    """
    way: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    flows = walked_flows(graph)
    ends = {node for source, target, _ in flows for node in (source, target)}
    for node, attributes in graph.nodes(data=True):
        if node in ends or attributes.get("kind", DEFAULT_NODE_KIND) in WALKED_KINDS:
            way.add_node(node, **attributes)
    for source, target, key in flows:
        way.add_edge(source, target, key=key)
    return way


def walked_flows(graph: nx.MultiDiGraph[Any]) -> list[tuple[str, str, str]]:
    """Source, target and key of each flow that cases walk along."""
    frames = {node for node, attributes in graph.nodes(data=True) if attributes.get("kind") in _FRAMES}
    return [
        (source, target, key)
        for source, target, key, kind in graph.edges(keys=True, data="kind", default=DEFAULT_FLOW_KIND)
        if kind == DEFAULT_FLOW_KIND and source not in frames and target not in frames
    ]


def passage(way: nx.MultiDiGraph[Any], places: Sequence[str]) -> Passage:
    """What being at one of `places` says about the way there.

    Parameters
    ----------
    way
        What cases walk through, see `walked`. Ways begin at nodes of kind start, and where nothing leads in. In a
        circle that nothing leads into, they are assumed to begin at its first node in the order of the map.
    places
        The nodes where cases are.

    Returns
    -------
    Passage
        A node that lies on every way to a place (it *dominates* the place) was certainly entered; one that lies on
        some way, without going back, was perhaps entered.

    References
    ----------
    Cooper, Harvey, Kennedy: *A Simple, Fast Dominance Algorithm* (2001), as in `networkx.immediate_dominators`. Flows
    take part as nodes of their own in the middle of the pair that they join.
    """
    # nodes of the subdivided graph are ("node", id), ("pair", source, target) and the one entry: they cannot collide
    entry = ("entry",)
    inner: nx.DiGraph[Any] = nx.DiGraph()
    inner.add_node(entry)
    inner.add_nodes_from(("node", node) for node in way)
    pairs = dict.fromkeys((source, target) for source, target in way.edges())
    for source, target in pairs:
        inner.add_edge(("node", source), ("pair", source, target))
        inner.add_edge(("pair", source, target), ("node", target))
    entries, assumed = _entries(way)
    inner.add_edges_from((entry, ("node", node)) for node in (*entries, *assumed))
    dominator = nx.immediate_dominators(inner, entry)
    children: dict[Any, list[Any]] = {}
    for part, parent in dominator.items():
        if part != entry and parent is not None:
            children.setdefault(parent, []).append(part)
    order = [entry]
    for part in order:
        order.extend(children.get(part, ()))
    bit: dict[Any, int] = {("node", place): 1 << index for index, place in enumerate(places)}
    under: dict[Any, int] = {}
    for part in reversed(order):
        under[part] = bit.get(part, 0)
        for child in children.get(part, ()):
            under[part] |= under[child]
    first, last = _numbered(entry, children)
    returning = frozenset(
        (source, target)
        for source, target in pairs
        if first["node", target] <= first["node", source] <= last["node", target]
    )
    reach = _reach([pair for pair in pairs if pair not in returning], way, {p: bit["node", p] for p in places})
    entered = {node: under["node", node] for node in way}
    taken = {pair: under["pair", *pair] for pair in pairs}
    return Passage(
        places=tuple(places),
        here={place: 1 << index for index, place in enumerate(places)},
        entered=entered,
        perhaps_entered={node: reach[node] & ~entered[node] for node in way},
        taken=taken,
        perhaps_taken={pair: 0 if pair in returning else reach[pair[1]] & ~taken[pair] for pair in pairs},
        returning=returning,
        assumed_entries=assumed,
        before={node: _node_above(("node", node), dominator) for node in way},
    )


def _entries(way: nx.MultiDiGraph[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where ways begin, and where they are assumed to, as a way back to the first stage hides where that is."""
    entries = {node for node, attributes in way.nodes(data=True) if attributes.get("kind") == "start"}
    assumed: set[str] = set()
    order = {node: index for index, node in enumerate(way)}
    parts = nx.condensation(nx.DiGraph(way))
    for part, attributes in parts.nodes(data=True):
        members: set[str] = attributes["members"]
        if parts.in_degree(part) or members & entries:
            continue
        (entries if len(members) == 1 else assumed).add(min(members, key=order.__getitem__))
    return tuple(node for node in way if node in entries), tuple(node for node in way if node in assumed)


def _numbered(root: Any, children: Mapping[Any, list[Any]]) -> tuple[dict[Any, int], dict[Any, int]]:
    """Preorder number of each part, and the last number in its subtree: being an ancestor becomes a comparison."""
    first: dict[Any, int] = {}
    last: dict[Any, int] = {}
    stack = [(root, False)]
    while stack:
        part, is_left = stack.pop()
        if is_left:
            last[part] = len(first) - 1
            continue
        first[part] = len(first)
        stack.append((part, True))
        stack.extend((child, False) for child in children.get(part, ()))
    return first, last


def _reach(pairs: Sequence[Pair], way: nx.MultiDiGraph[Any], bits: Mapping[str, int]) -> dict[str, int]:
    """Which places can be reached from each node, itself included."""
    onward: nx.DiGraph[Any] = nx.DiGraph()
    onward.add_nodes_from(way)
    onward.add_edges_from(pairs)
    parts = nx.condensation(onward)
    mask: dict[int, int] = {}
    reach: dict[str, int] = {}
    for part in reversed(list(nx.topological_sort(parts))):
        found = 0
        for node in parts.nodes[part]["members"]:
            found |= bits.get(node, 0)
        for following in parts.successors(part):
            found |= mask[following]
        mask[part] = found
        reach.update(dict.fromkeys(parts.nodes[part]["members"], found))
    return reach


def _node_above(part: Any, dominator: Mapping[Any, Any]) -> str | None:
    above = dominator[part]
    while above is not None and above[0] == "pair":
        above = dominator[above]
    return above[1] if above is not None and above[0] == "node" else None
