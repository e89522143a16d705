"""Any networkx graph as the elements of a map: ids become strings, nothing that it knew is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.graph.proposing import check_position
from crmwidget.graph.values import admit, is_missing
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_LENS, DEFAULT_NODE_KIND

__all__ = ["fitting", "from_graph"]

_ENDS = ("source", "target")


def from_graph(graph: nx.Graph[Any], *, name: str | None = None) -> Elements:
    """The nodes and edges of `graph` as a map's elements.

    A node's id becomes its slug; an id that changed is kept as `source_id`, an edge key as `source_key`. The label is
    the attribute `label`, else `name`, else the id. `x` and `y`, or `pos`, become the position (networkx's y axis
    points up, the map's down; numbers are taken as they are). An attribute whose name the map knows but whose value
    does not fit it is kept as `source_<name>`. An edge of an undirected graph becomes one flow, as networkx orders it.
    """
    if not isinstance(graph, nx.Graph):
        raise EditError(
            f"from_networkx wants a networkx graph; given {shorten(graph)} of type {type(graph).__name__}; "
            f"{nearest(type(graph).__name__, ('Graph', 'DiGraph', 'MultiGraph', 'MultiDiGraph'))}"
        )
    elements = Elements()
    elements.attributes = fitting(graph.graph, on="map")
    elements.attributes["name"] = name or str(graph.graph.get("name") or "Map")
    ids: dict[Any, str] = {}
    positions: dict[str, Mapping[str, Any]] = {}
    known: Mapping[Any, Any]
    for node, known in graph.nodes(data=True):
        ids[node] = new = unique(node if _is_slug(node) else slug(str(node)), elements.nodes)
        attributes = fitting(known, on="node")
        position = _position(attributes, new)
        if position is not None:
            positions[new] = position
        if is_missing(attributes.get("label")):
            attributes["label"] = str(attributes.get("name") or node)[:500] or new
        attributes.setdefault("kind", DEFAULT_NODE_KIND)
        if new != node:
            attributes.setdefault("source_id", admit("source_id", node if _is_plain(node) else repr(node), on="node"))
        elements.nodes[new] = attributes
    keys = flow_keys()
    edges: Iterable[tuple[Any, Any, Any, Mapping[Any, Any]]] = (
        graph.edges(keys=True, data=True)  # type: ignore[call-overload]
        if graph.is_multigraph()
        else ((u, v, None, d) for u, v, d in graph.edges(data=True))
    )
    for source, target, key, known in edges:
        attributes = fitting(known, on="flow")
        attributes.setdefault("kind", DEFAULT_FLOW_KIND)
        is_free = _is_slug(key) and key not in elements.flows
        own: str = key if is_free else next(k for k in keys if k not in elements.flows)
        if key is not None and own != key:
            attributes.setdefault("source_key", admit("source_key", key if _is_plain(key) else repr(key), on="flow"))
        elements.flows[own] = {"source": ids[source], "target": ids[target], **attributes}
    if positions:
        elements.positions[elements.attributes.get("lens", DEFAULT_LENS)] = positions
    return elements


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int, float, bool))


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and value != "" and slug(value) == value


def fitting(given: Mapping[Any, Any], *, on: str) -> dict[str, Any]:
    """The attributes that fit, under their names; those that the map knows otherwise, under `source_<name>`."""
    attributes: dict[str, Any] = {}
    for name, value in given.items():
        text = str(name)
        if is_missing(value):
            continue
        if on == "flow" and text in _ENDS:
            text = f"source_{text}"
        try:
            attributes[text] = admit(text, value, on=on)
        except EditError:
            attributes[f"source_{text}"] = admit(f"source_{text}", value, on=on)
    return attributes


def _position(attributes: dict[str, Any], node: str) -> dict[str, Any] | None:
    place = attributes.get("pos")
    if isinstance(place, tuple) and len(place) == 2 and all(isinstance(v, (int, float)) for v in place):
        attributes.pop("pos")
        x, y = place
    elif isinstance(attributes.get("x"), (int, float)) and isinstance(attributes.get("y"), (int, float)):
        x, y = attributes.pop("x"), attributes.pop("y")
    else:
        return None
    return {"pinned": True, **check_position({"x": x, "y": y}, node=node)}
