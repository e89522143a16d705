"""What a map holds at one moment, in forms that compare."""

from __future__ import annotations

import copy
from typing import Any

from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel


def model(**attributes: Any) -> MapModel:
    return MapModel(Elements(attributes={"name": "Test", **attributes}))


def content(m: MapModel) -> dict[str, Any]:
    """Everything in the graph itself, by the names that changes use."""
    return {
        "nodes": {n: dict(d) for n, d in m.graph.nodes(data=True)},
        "flows": {k: {"source": u, "target": v, **d} for u, v, k, d in m.graph.edges(keys=True, data=True)},
        "map": dict(m.graph.graph),
    }


def committed(m: MapModel) -> dict[str, Any]:
    e = m.elements
    return {
        "nodes": {n: dict(d) for n, d in e.nodes.items()},
        "flows": {k: dict(d) for k, d in e.flows.items()},
        "map": dict(e.attributes),
    }


def whole(m: MapModel) -> Elements:
    return copy.deepcopy(m.elements)


def order(m: MapModel) -> tuple[list[str], ...]:
    return list(m.elements.nodes), list(m.elements.flows), list(m.elements.comments), list(m.graph)
