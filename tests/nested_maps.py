"""Maps in which nodes lie in groups and behind other nodes, and what of them is drawn over what."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from hypothesis import strategies as st
from random_maps import drawings

from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.boxes import Box, overlap
from crmwidget.layout.frames import shown_boxes
from crmwidget.layout.problem import Problem

Centres = Mapping[str, tuple[float, float]]


@st.composite
def nested_drawings(draw: st.DrawFn, *, max_nodes: int = 14, has_lanes: bool | None = False) -> Elements:
    """A random map whose nodes may belong to earlier ones: groups, open or folded, and nodes with a map behind them.

    Some belong to nodes that hold nothing, as a field does to its dataset.
    """
    elements = draw(drawings(max_nodes=max_nodes, has_lanes=has_lanes))
    names = list(elements.nodes)
    for n, name in enumerate(names):
        attributes = dict(elements.nodes[name])
        if draw(st.integers(0, 2)) == 0:
            attributes["kind"] = "group"
        if attributes["kind"] == "group" and draw(st.integers(0, 3)) == 0:
            attributes["collapsed"] = True
        if n and draw(st.booleans()):
            attributes["parent"] = draw(st.sampled_from(names[:n]))
        elements.nodes[name] = attributes
    return elements


def centres_of(elements: Elements) -> dict[str, tuple[float, float]]:
    return {node: (p["x"], p["y"]) for node, p in elements.positions.get("lifecycle", {}).items()}


def drawn(elements: Elements, centres: Centres, within: str | None = None) -> dict[str, Box]:
    return shown_boxes(Problem.of(elements), Nesting(elements.nodes), centres, within=within)


def everywhere(elements: Elements) -> list[str | None]:
    """The top, whatever one can go into, and folded groups as they would open."""
    nesting = Nesting(elements.nodes)
    return [h for h in nesting.content if h is None or nesting.is_map(h) or h in nesting.folded]


def siblings_overlapping(elements: Elements, centres: Centres) -> list[tuple[str, str]]:
    nesting = Nesting(elements.nodes)
    found = []
    for within in everywhere(elements):
        boxes = drawn(elements, centres, within)
        for content in nesting.content.values():
            pairs = combinations([node for node in content if node in boxes], 2)
            found += [(a, b) for a, b in pairs if overlap(boxes[a], boxes[b])]
    return found


def with_groups(elements: Elements, **groups: str) -> Elements:
    """The same map with groups around some of its nodes: `sales="a b"`."""
    assert not groups.keys() & elements.nodes.keys()
    nodes: dict[str, Any] = {name: {"kind": "group", "label": name} for name in groups}
    elements.nodes = {**nodes, **elements.nodes}
    for name, members in groups.items():
        for node in members.split():
            elements.nodes[node] = {**elements.nodes[node], "parent": name}
    return elements


def without(elements: Elements, gone: set[str]) -> Elements:
    """The map before some nodes, and what lies in them, were there."""
    before = copy.deepcopy(elements)
    while more := {n for n, a in before.nodes.items() if a.get("parent") in gone} - gone:
        gone = gone | more
    before.nodes = {node: attributes for node, attributes in elements.nodes.items() if node not in gone}
    before.flows = {k: f for k, f in elements.flows.items() if not gone & {f["source"], f["target"]}}
    return before
