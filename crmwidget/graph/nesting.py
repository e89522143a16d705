"""What lies in what: groups with a frame, maps behind a node, and what stands for what is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from crmwidget.graph.elements import Attributes
from crmwidget.vocabulary import NODE_KINDS, Holds

__all__ = ["Nesting", "has_parents", "holds"]


def holds(attributes: Attributes) -> Holds:
    """What becomes of the nodes whose `parent` a node is: `"frame"`, `"map"`, or `""` where they lie beside it."""
    kind = NODE_KINDS.get(attributes.get("kind", ""))
    return kind.holds if kind is not None else ""


def has_parents(nodes: Mapping[str, Attributes]) -> bool:
    """Whether any node belongs to another: if none does, as in most maps, no node lies in another."""
    return any(attributes.get("parent") is not None for attributes in nodes.values())


class Nesting:
    """Where every node of a map lies. It is read once from the nodes and does not follow their changes.

    A *holder* is a node that others lie in: a group, which draws a frame around them, or a node with a map behind it,
    which is gone into. What belongs to a node that holds nothing (a field to its dataset) lies where that node lies.
    A parent that is missing, or a ring of parents, holds nothing.

    Attributes
    ----------
    holder
        Node → what it lies in; nodes at the top are not here.
    content
        Holder → the nodes directly in it, in order of adding; the top is None and always there.
    frames
        Groups, whether they hold something or not.
    folded
        Those of `frames` whose content is folded away.

    Examples
    --------
    >>> nodes = {
    ...     "sales": {"kind": "group", "label": "Sales", "collapsed": True},
    ...     "offer": {"kind": "stage", "label": "Offer", "parent": "sales"},
    ...     "draft": {"kind": "activity", "label": "Draft", "parent": "offer"},
    ... }
    >>> nesting = Nesting(nodes)
    >>> nesting.shown(), nesting.shown("sales"), nesting.shown("offer")
    (['sales'], ['offer'], ['draft'])
    >>> nesting.shown_as()["draft"]
    'sales'
    """

    def __init__(self, nodes: Mapping[str, Attributes]) -> None:
        self.frames = frozenset(node for node, attributes in nodes.items() if holds(attributes) == "frame")
        self.folded = frozenset(node for node in self.frames if nodes[node].get("collapsed") is True)
        self.holder = _holders(nodes)
        self.content: dict[str | None, list[str]] = {None: []}
        for node in nodes:
            self.content.setdefault(self.holder.get(node), []).append(node)

    @cached_property
    def holders(self) -> list[str | None]:
        """The top and whatever holds something, each before what lies in it."""
        order: list[str | None] = [None]
        for holder in order:
            order += [node for node in self.content[holder] if node in self.content]
        return order

    @cached_property
    def _depth(self) -> dict[str | None, int]:
        depths: dict[str | None, int] = {None: 0}
        for holder in self.holders:
            depths |= dict.fromkeys(self.content[holder], depths[holder] + 1)
        return depths

    def is_map(self, node: str) -> bool:
        """Whether something lies in a map behind this node."""
        return node in self.content and node not in self.frames

    def shown_as(self, within: str | None = None) -> dict[str, str]:
        """Node → the node that shows it: itself, or the nearest holder that can be seen.

        `within` is the holder that one has gone into, None the top; nodes that lie elsewhere are left out.
        """
        shown: dict[str, str] = {}
        waiting: list[str | None] = [within] if within in self.content else []
        for holder in waiting:
            by = None if holder is None or holder == within else shown[holder]
            is_open = by is None or (by == holder and holder in self.frames and holder not in self.folded)
            for node in self.content[holder]:
                shown[node] = node if is_open or by is None else by
                if node in self.content:
                    waiting.append(node)
        return shown

    def shown(self, within: str | None = None) -> list[str]:
        """The nodes that are drawn within a holder or at the top, each frame before what lies in it."""
        return [node for node, by in self.shown_as(within).items() if node == by]

    def shown_flows(self, flows: Mapping[str, Attributes], within: str | None = None) -> dict[str, tuple[str, str]]:
        """Key → the two nodes that a flow is drawn between; without the flows that nothing shows or one node hides."""
        shown = self.shown_as(within)
        ends: dict[str, tuple[str, str]] = {}
        for key, flow in flows.items():
            source, target = shown.get(flow["source"]), shown.get(flow["target"])
            if source is None or target is None:
                continue
            if source != target or source == flow["source"] == flow["target"]:
                ends[key] = (source, target)
        return ends

    def meeting(self, one: str, other: str) -> tuple[str | None, str, str]:
        """The innermost holder that two nodes both lie in, and what of its direct content each is, or is in.

        Where one lies in the other, both are that other.
        """
        a, b = one, other
        if self.holder.get(a) == self.holder.get(b):
            return self.holder.get(a), a, b
        while self._depth[a] > self._depth[b]:
            a = self.holder[a]
        while self._depth[b] > self._depth[a]:
            b = self.holder[b]
        while self.holder.get(a) != self.holder.get(b):
            a, b = self.holder[a], self.holder[b]
        return self.holder.get(a), a, b


def _holders(nodes: Mapping[str, Attributes]) -> dict[str, str]:
    parents = {
        node: parent
        for node, attributes in nodes.items()
        if isinstance(parent := attributes.get("parent"), str) and parent in nodes
    }
    for node in _on_rings(parents):
        del parents[node]
    holding = {node for node in set(parents.values()) if holds(nodes[node])}
    found: dict[str, str | None] = {}
    for node in parents:
        beside = [node]
        while (at := parents.get(beside[-1])) is not None and at not in holding and at not in found:
            beside.append(at)
        holder = at if at is None or at in holding else found[at]
        found |= dict.fromkeys(beside, holder)
    return {node: holder for node, holder in found.items() if holder is not None}


def _on_rings(parents: Mapping[str, str]) -> Iterable[str]:
    """The nodes that belong to themselves, by way of others."""
    seen: dict[str, str] = {}  # node → where the walk that came by began
    rings: list[str] = []
    for start in parents:
        node = start
        while node in parents and node not in seen:
            seen[node] = start
            node = parents[node]
        if seen.get(node) == start and node in parents:  # this very walk has come back to its own way
            ring = [node]
            while parents[ring[-1]] != node:
                ring.append(parents[ring[-1]])
            rings += ring
    return rings
