"""A networkx MultiDiGraph that notices every change made to it, by whatever way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx

from crmwidget.graph.ids import check_id, flow_keys
from crmwidget.graph.observed import (
    EDGE,
    MAP,
    NODE,
    AttributeDict,
    KeyDict,
    Mark,
    NodeDict,
    SuccessorDict,
    check_edges,
    check_nodes,
    checked,
)

__all__ = ["LiveGraph"]


class _SuccessorSlot:
    """`_adj` and `_succ`: whatever dict is assigned is taken in as an observed one."""

    def __set__(self, graph: LiveGraph, value: Mapping[Any, Any]) -> None:
        previous = graph.__dict__.get("_succ")
        if isinstance(previous, SuccessorDict) and previous is not value:
            for neighbours in previous.values():
                neighbours.leave()
        if not isinstance(value, SuccessorDict):
            value = SuccessorDict(graph, value)
        nx.DiGraph.__dict__["_adj"].__set__(graph, value)


class _PredecessorSlot:
    """`_pred`: an ordinary dict whose innermost dicts are those of `_succ`."""

    def __set__(self, graph: LiveGraph, value: Mapping[Any, Any]) -> None:
        successors = graph.__dict__.get("_succ", {})
        shared = {
            target: {source: dict.get(successors, source, {}).get(target, keys) for source, keys in sources.items()}
            for target, sources in value.items()
        }
        nx.DiGraph.__dict__["_pred"].__set__(graph, shared)


class _NodeSlot:
    def __set__(self, graph: LiveGraph, value: Mapping[Any, Any]) -> None:
        previous = graph.__dict__.get("_node")
        if isinstance(previous, NodeDict) and previous is not value:
            previous.clear()
        graph.__dict__["_node"] = value if isinstance(value, NodeDict) else NodeDict(graph, value)
        graph.__dict__.pop("nodes", None)


class _AttributeSlot:
    def __set__(self, graph: LiveGraph, value: Mapping[Any, Any]) -> None:
        previous = graph.__dict__.get("graph")
        if isinstance(previous, AttributeDict) and previous is not value:
            previous.leave()
        own = AttributeDict(value)
        own.join(graph, (MAP,))
        graph.__dict__["graph"] = own


if TYPE_CHECKING:
    _MultiDiGraph = nx.MultiDiGraph[Any]
else:
    _MultiDiGraph = nx.MultiDiGraph


class LiveGraph(_MultiDiGraph):
    """The one live graph of a map. It is made by `LiveGraph.watched`; the class itself gives plain graphs.

    networkx calls `G.__class__()` for copies, subgraphs and reversed graphs. Those must be plain and unobserved, so
    `LiveGraph(...)` returns an ordinary `networkx.MultiDiGraph`; pickles and deep copies are plain for the same reason.

    Examples
    --------
    >>> from crmwidget import from_text
    >>> m = from_text("Lead -> Won")
    >>> type(m.graph).__name__, type(m.graph.copy()).__name__, m.graph.trusting
    ('LiveGraph', 'MultiDiGraph', False)
    >>> m.graph.nodes["lead"]["owner"] = "Ann"  # the map has noticed
    >>> m.graph.is_touched
    True
    """

    node_attr_dict_factory = AttributeDict
    edge_key_dict_factory = KeyDict
    edge_attr_dict_factory = AttributeDict

    if TYPE_CHECKING:
        _succ: SuccessorDict
        _pred: dict[Any, dict[Any, KeyDict]]
        _node: NodeDict
        graph: AttributeDict
    else:
        _adj = _SuccessorSlot()
        _succ = _adj
        _pred = _PredecessorSlot()
        _node = _NodeSlot()
        graph = _AttributeSlot()

    _touched: dict[Mark, None]
    _touched_edges: dict[Any, list[Mark]]  # by key
    _wake: Callable[[], None] | None
    _breathe: Callable[[], None] | None
    trusting: bool
    _keys: Iterator[str]
    _used_keys: Callable[[str], bool]

    def __new__(cls, *args: Any, **kwargs: Any) -> nx.MultiDiGraph[Any]:  # type: ignore[misc]
        return nx.MultiDiGraph(*args, **kwargs)

    @classmethod
    def watched(
        cls,
        *,
        is_key_used: Callable[[str], bool],
        wake: Callable[[], None] | None = None,
        breathe: Callable[[], None] | None = None,
    ) -> LiveGraph:
        """An empty live graph. `wake` is called at the first change after a `take`, `breathe` before each addition.

        Examples
        --------
        >>> graph = LiveGraph.watched(is_key_used=lambda key: False)
        >>> graph.add_edge("lead", "won")
        'f1'
        """
        graph: LiveGraph = object.__new__(cls)
        graph.__dict__.update(
            _touched={},
            _touched_edges={},
            trusting=False,
            _wake=None,
            _breathe=None,
            _keys=flow_keys(),
            _used_keys=is_key_used,
        )
        nx.MultiDiGraph.__init__(graph)
        graph.take()
        graph._wake, graph._breathe = wake, breathe
        return graph

    # ---- what changed ----------------------------------------------------------------------------

    def touch(self, mark: Mark) -> None:
        """Note that an element may have changed (called by the dicts).

        Examples
        --------
        >>> graph = LiveGraph.watched(is_key_used=lambda key: False)
        >>> graph.touch((NODE, "lead"))
        >>> list(graph.take())
        [('node', 'lead')]
        """
        first = not self._touched
        if mark not in self._touched:
            self._touched[mark] = None
            if mark[0] == EDGE:
                self._touched_edges.setdefault(mark[3], []).append(mark)
        cache = self.__dict__.get("__networkx_cache__")
        if cache:
            cache.clear()
        if first and self._wake is not None:
            self._wake()

    def take(self) -> dict[Mark, None]:
        """The marks touched since the last take, in order; they are forgotten.

        Examples
        --------
        >>> graph = LiveGraph.watched(is_key_used=lambda key: False)
        >>> graph.add_node("lead")
        >>> list(graph.take()), list(graph.take())
        ([('node', 'lead')], [])
        """
        marks = self._touched
        self._touched, self._touched_edges = {}, {}
        return marks

    def touched_places(self, key: str) -> list[tuple[Any, Any]]:
        """The (source, target) pairs where an edge of this key was touched and still is.

        Examples
        --------
        >>> graph = LiveGraph.watched(is_key_used=lambda key: False)
        >>> graph.touched_places(graph.add_edge("lead", "won"))
        [('lead', 'won')]
        """
        return [mark[1:3] for mark in self._touched_edges.get(key, ()) if self.has_edge(mark[1], mark[2], key)]

    @property
    def is_touched(self) -> bool:
        return bool(self._touched)

    def current(self, mark: Mark) -> dict[str, Any] | None:
        """The attributes of an element as they are now, None if it is not there.

        Examples
        --------
        >>> graph = LiveGraph.watched(is_key_used=lambda key: False)
        >>> graph.add_node("lead", owner="Ann")
        >>> graph.current((NODE, "lead")), graph.current((NODE, "won"))
        ({'kind': 'stage', 'label': 'lead', 'owner': 'Ann'}, None)
        """
        try:
            if mark[0] == NODE:
                return dict(self._node[mark[1]])
            if mark[0] == EDGE:
                return dict(self._succ[mark[1]][mark[2]][mark[3]])
        except KeyError:
            return None
        return dict(self.graph)

    # ---- the ways in: check everything before anything is written -----------------------------------

    def add_node(self, node_for_adding: Any, **attr: Any) -> None:
        check_id(node_for_adding)
        new = checked(attr, NODE)
        if self._breathe is not None:
            self._breathe()
        self.trusting = True
        try:
            super().add_node(node_for_adding, **new)
        finally:
            self.trusting = False

    def add_nodes_from(self, nodes_for_adding: Iterable[Any], **attr: Any) -> None:
        super().add_nodes_from(check_nodes(nodes_for_adding, attr), **attr)

    def add_edge(  # type: ignore[override]  # the stubs forget that a multigraph's takes a key and gives one back
        self, u_for_edge: Any, v_for_edge: Any, key: Any = None, **attr: Any
    ) -> Any:
        check_id(u_for_edge)
        check_id(v_for_edge)
        new = checked(attr, EDGE)
        if self._breathe is not None:
            self._breathe()
        self.trusting = True
        try:
            return super().add_edge(u_for_edge, v_for_edge, key=key, **new)
        finally:
            self.trusting = False

    def add_edges_from(self, ebunch_to_add: Iterable[Any], **attr: Any) -> list[Any]:  # type: ignore[override]
        return super().add_edges_from(check_edges(ebunch_to_add, attr), **attr)  # type: ignore[return-value]

    def new_edge_key(self, u: Any, v: Any) -> str:  # type: ignore[override]
        """A key that no flow of the whole map bears (networkx would give 0 to every first edge)."""
        beside = self._succ[u].get(v, ())
        return next(
            key
            for key in self._keys
            if not self._used_keys(key) and key not in self._touched_edges and key not in beside
        )

    # ---- copies are plain ----------------------------------------------------------------------------

    def plain(self) -> nx.MultiDiGraph[Any]:
        """An ordinary, unobserved copy with its own attribute dicts.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> plain = m.graph.plain()
        >>> plain.remove_node("won")  # the map does not notice
        >>> len(m.graph)
        2
        """
        copied: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
        copied.graph.update(self.graph)
        copied.add_nodes_from((node, dict(attributes)) for node, attributes in self._node.items())
        copied.add_edges_from(
            (source, target, key, dict(attributes))  # type: ignore[misc]
            for source, neighbours in self._succ.items()
            for target, keys in neighbours.items()
            for key, attributes in keys.items()
        )
        return copied

    def __copy__(self) -> nx.MultiDiGraph[Any]:
        return self.plain()

    def __deepcopy__(self, memo: object) -> nx.MultiDiGraph[Any]:
        return self.plain()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_same, (self.plain(),))


def _same(graph: nx.MultiDiGraph[Any]) -> nx.MultiDiGraph[Any]:
    return graph
