"""A map whose folded lanes are one card each, as views draw it."""

from __future__ import annotations

from dataclasses import replace
from statistics import median_high
from typing import Any

from crmwidget.graph.elements import Elements
from crmwidget.vocabulary import DEFAULT_LENS

__all__ = ["is_lane_card", "with_folded_lanes"]

_LANE = "~lane "  # no id of a node begins like this


def is_lane_card(node: str) -> bool:
    """Whether this stands for a folded lane, and is no node of the map."""
    return node.startswith(_LANE)


def with_folded_lanes(elements: Elements, *, lens: str | None = None) -> Elements:
    """The same map where each folded lane is a folded group of its nodes, where they begin; for drawing only.

    The map's attribute `lanes` names the node attribute that makes the lanes, `folded_lanes` the values of those that
    are folded. A lane without a node that has a place is not drawn at all, and nothing is written to `elements`.

    Examples
    --------
    >>> stages = {name: {"kind": "stage", "label": name, "team": "Sales"} for name in ("lead", "won")}
    >>> places = {"lifecycle": {"lead": {"x": 0.0, "y": 0.0}, "won": {"x": 352.0, "y": 0.0}}}
    >>> map_ = Elements(attributes={"lanes": "team", "folded_lanes": ["Sales"]}, nodes=stages, positions=places)
    >>> with_folded_lanes(map_).nodes["won"]["parent"]
    '~lane Sales'
    """
    attribute, folded = elements.attributes.get("lanes"), elements.attributes.get("folded_lanes")
    if not isinstance(attribute, str) or not isinstance(folded, (list, tuple)) or not folded:
        return elements
    lens = lens or str(elements.attributes.get("lens") or DEFAULT_LENS)
    shelf = elements.positions.get(lens, {})
    nodes: dict[str, Any] = dict(elements.nodes)
    places: dict[str, Any] = dict(shelf)
    for name in dict.fromkeys(map(str, folded)):
        members = [node for node, attributes in elements.nodes.items() if attributes.get(attribute) == name]
        placed = [shelf[node] for node in members if node in shelf]
        if not placed:
            continue
        card = _LANE + name
        nodes[card] = {"kind": "group", "label": name, "collapsed": True, attribute: name}
        places[card] = {
            "x": min(place["x"] for place in placed),
            "y": median_high(place["y"] for place in placed),
            "pinned": True,
        }
        nodes.update({node: {**elements.nodes[node], "parent": card} for node in members})
    return replace(elements, nodes=nodes, positions={**elements.positions, lens: places})
