"""What lies in what: every node is shown, or stood for by one that is, and folding hides nothing for good."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from nested_maps import nested_drawings

from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting


@given(nested_drawings())
@settings(deadline=None)
def test_every_node_is_shown_in_one_place_and_stood_for_by_one_node_wherever_it_is_not(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    places = [None, *(node for node in elements.nodes if nesting.is_map(node) or node in nesting.folded)]
    shown = [node for place in places for node in nesting.shown(place)]
    assert sorted(shown) == sorted(elements.nodes)
    for node, by in nesting.shown_as().items():
        assert by in nesting.shown()
        assert (by == node) == (node in nesting.shown())


@given(nested_drawings())
@settings(deadline=None)
def test_a_flow_is_drawn_between_what_shows_its_ends_and_never_within_one_card(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    shown = nesting.shown_as()
    drawn = nesting.shown_flows(elements.flows)
    for key, flow in elements.flows.items():
        ends = (shown[flow["source"]], shown[flow["target"]])
        is_inside = ends[0] == ends[1] and flow["source"] != flow["target"]
        is_hidden_loop = flow["source"] == flow["target"] and ends[0] != flow["source"]
        assert (key in drawn) == (not is_inside and not is_hidden_loop)
        if key in drawn:
            assert drawn[key] == ends


@given(nested_drawings())
@settings(deadline=None)
def test_unfolding_every_group_shows_what_lies_in_no_map_behind_a_node(elements: Elements) -> None:
    opened = {
        node: {k: v for k, v in attributes.items() if k != "collapsed"} for node, attributes in elements.nodes.items()
    }
    nesting = Nesting(opened)
    behind = {node for node in opened if any(nesting.is_map(holder) for holder in _holders(nesting, node))}
    assert set(nesting.shown()) == set(opened) - behind


def _holders(nesting: Nesting, node: str) -> list[str]:
    way: list[str] = []
    while (holder := nesting.holder.get(way[-1] if way else node)) is not None:
        way.append(holder)
    return way


def test_a_ring_of_parents_and_a_missing_parent_hold_nothing() -> None:
    nodes: dict[str, Any] = {
        "a": {"kind": "group", "label": "A", "parent": "b"},
        "b": {"kind": "group", "label": "B", "parent": "a"},
        "c": {"kind": "stage", "label": "C", "parent": "gone"},
    }
    assert sorted(Nesting(nodes).shown()) == ["a", "b", "c"]
