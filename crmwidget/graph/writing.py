"""Bring a live graph to a wanted state, through networkx's own methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from crmwidget.graph.changes import Change
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.live import LiveGraph

__all__ = ["fill", "flow_attributes", "write"]


def flow_attributes(flow: Attributes) -> dict[str, Any]:
    """A flow's attributes without its ends, as networkx keeps them."""
    return {name: value for name, value in flow.items() if name not in ("source", "target")}


def write(graph: LiveGraph, changes: Sequence[Change]) -> None:
    """Bring the nodes, flows and map attributes in `changes` from `before`, as the graph is now, to `after`."""
    flows = [change for change in changes if change.path[0] == "flow"]
    nodes = [change for change in changes if change.path[0] == "node"]
    for change in flows:
        before, after = change.before, change.after
        if before is not None and (after is None or _ends(before) != _ends(after)):
            source, target = _ends(before)
            if graph.has_edge(source, target, change.path[1]):
                graph.remove_edge(source, target, change.path[1])
    for change in nodes:
        if change.after is not None:
            if change.path[1] not in graph:
                graph.add_node(change.path[1])
            _replace(graph.nodes[change.path[1]], change.after)
    for change in flows:
        if change.after is not None:
            source, target = _ends(change.after)
            if not graph.has_edge(source, target, change.path[1]):
                graph.add_edge(source, target, key=change.path[1])
            _replace(graph.edges[source, target, change.path[1]], flow_attributes(change.after))
    for change in nodes:
        if change.after is None and change.path[1] in graph:
            graph.remove_node(change.path[1])
    for change in changes:
        if change.path[0] == "map":
            _replace(graph.graph, change.after or {})


def fill(graph: LiveGraph, elements: Elements) -> None:
    """Put a whole map, whose values were all checked once, into an empty graph."""
    graph.trusting = True
    try:
        graph.graph.clear()
        graph.graph.update(elements.attributes)
        nx.MultiDiGraph.add_nodes_from(graph, elements.nodes.items())
        nx.MultiDiGraph.add_edges_from(
            graph,
            (
                (flow["source"], flow["target"], key, flow_attributes(flow))  # type: ignore[misc]
                for key, flow in elements.flows.items()
            ),
        )
    finally:
        graph.trusting = False
        graph.take()


def _ends(flow: Attributes) -> tuple[str, str]:
    return flow["source"], flow["target"]


def _replace(attributes: Any, wanted: Mapping[str, Any]) -> None:
    if attributes != wanted:
        attributes.clear()
        attributes.update(wanted)
