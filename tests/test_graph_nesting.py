"""What lies in what: each node is shown once, or stood for by what hides it, wherever one looks from."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import nested_drawings

from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting, has_parents, holds
from crmwidget.vocabulary import NODE_KINDS


def walked(nodes: dict[str, Any], node: str) -> list[str]:
    """What a node lies in, from the inside out, found by walking up its parents one by one."""
    found = []
    while (node := nodes[node].get("parent", "")) != "":
        if NODE_KINDS[nodes[node]["kind"]].holds:
            found.append(node)
    return found


def hides(attributes: dict[str, Any]) -> bool:
    return NODE_KINDS[attributes["kind"]].holds == "map" or attributes.get("collapsed") is True


def places(nesting: Nesting) -> list[str | None]:
    return [None, *(node for node in nesting.content if node is not None)]


@given(nested_drawings())
@settings(deadline=None)
def test_a_node_is_shown_by_the_outermost_that_hides_it_else_by_itself(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    for within in places(nesting):
        expected = {}
        for node in elements.nodes:
            way = walked(elements.nodes, node)
            if within is None or within in way:
                inner = way[: way.index(within)] if within is not None else way
                hiding = [holder for holder in inner if hides(elements.nodes[holder])]
                expected[node] = hiding[-1] if hiding else node
        assert nesting.shown_as(within) == expected


@given(nested_drawings())
@settings(deadline=None)
def test_each_node_is_shown_in_one_place_or_folded_away(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    maps = [holder for holder in nesting.content if holder is None or nesting.is_map(holder)]
    shown = [node for within in maps for node in nesting.shown(within)]
    assert len(shown) == len(set(shown))
    for node in elements.nodes.keys() - set(shown):
        assert any(elements.nodes[holder].get("collapsed") is True for holder in walked(elements.nodes, node))


@given(nested_drawings(), st.data())
@settings(deadline=None)
def test_folding_and_unfolding_shows_the_same_again(elements: Elements, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from(sorted(elements.nodes) or [""]))
    folded = copy.deepcopy(elements)
    if node:
        folded.nodes[node] = {**elements.nodes[node], "kind": "group", "collapsed": True}
        elements.nodes[node] = {**elements.nodes[node], "kind": "group", "collapsed": False}
    before, meanwhile = Nesting(elements.nodes), Nesting(folded.nodes)
    folded.nodes = {name: dict(attributes) for name, attributes in folded.nodes.items()}
    if node:
        folded.nodes[node]["collapsed"] = False
    after = Nesting(folded.nodes)
    assert after.shown() == before.shown()
    assert after.shown_flows(folded.flows) == before.shown_flows(elements.flows)
    assert set(meanwhile.shown()) == {n for n in before.shown() if node not in walked(elements.nodes, n)}


@given(nested_drawings())
@settings(deadline=None)
def test_a_flow_is_drawn_between_what_shows_its_ends_unless_it_is_one_and_the_same(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    for within in places(nesting):
        shown, by = nesting.shown_flows(elements.flows, within), nesting.shown_as(within)
        for key, flow in elements.flows.items():
            ends = by.get(flow["source"]), by.get(flow["target"])
            is_loop = flow["source"] == flow["target"] == ends[0]
            assert shown.get(key) == (ends if None not in ends and (ends[0] != ends[1] or is_loop) else None)


@given(nested_drawings())
@settings(deadline=None)
def test_two_nodes_meet_in_the_innermost_that_holds_both(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    for flow in elements.flows.values():
        ways = [[end, *walked(elements.nodes, end)] for end in (flow["source"], flow["target"])]
        common = [holder for holder in ways[0][1:] if holder in ways[1][1:]]
        below = [way[: way.index(common[0])] if common else way for way in ways]
        if any(one in other for one, other in ((ways[0][0], ways[1]), (ways[1][0], ways[0]))):
            assert len(set(nesting.meeting(flow["source"], flow["target"])[1:])) == 1
        else:
            expected = (common[0] if common else None, below[0][-1], below[1][-1])
            assert nesting.meeting(flow["source"], flow["target"]) == expected


@given(nested_drawings())
@settings(deadline=None)
def test_a_holder_comes_before_what_lies_in_it(elements: Elements) -> None:
    nesting = Nesting(elements.nodes)
    order = {holder: n for n, holder in enumerate(nesting.holders)}
    assert set(order) == set(nesting.content)
    assert all(order[nesting.holder.get(holder)] < n for holder, n in order.items() if holder is not None)
    assert sorted(node for content in nesting.content.values() for node in content) == sorted(elements.nodes)


def test_what_belongs_to_a_node_that_holds_nothing_lies_where_that_node_lies() -> None:
    nodes = {
        "crm": {"kind": "group", "label": "CRM"},
        "accounts": {"kind": "dataset", "label": "Accounts", "parent": "crm"},
        "email": {"kind": "field", "label": "Email", "parent": "accounts"},
        "free": {"kind": "dataset", "label": "Free"},
        "name": {"kind": "field", "label": "Name", "parent": "free"},
    }
    nesting = Nesting(nodes)
    assert nesting.holder == {"accounts": "crm", "email": "crm"}
    assert nesting.shown() == ["crm", "free", "name", "accounts", "email"]


def test_a_flow_that_a_folded_group_holds_whole_is_hidden_a_loop_of_a_hidden_node_too() -> None:
    nodes = {"g": {"kind": "group", "collapsed": True}, "a": {"parent": "g"}, "b": {"parent": "g"}, "c": {}}
    flows = {
        "inside": {"source": "a", "target": "b"},
        "loop": {"source": "a", "target": "a"},
        "out": {"source": "b", "target": "c"},
        "shown": {"source": "c", "target": "c"},
    }
    assert Nesting(nodes).shown_flows(flows) == {"out": ("g", "c"), "shown": ("c", "c")}


@pytest.mark.parametrize("kind", sorted(NODE_KINDS))
def test_only_groups_are_frames_and_only_they_fold(kind: str) -> None:
    nodes = {"holder": {"kind": kind, "collapsed": True}, "node": {"kind": "stage", "parent": "holder"}}
    nesting = Nesting(nodes)
    assert ("holder" in nesting.frames) == ("holder" in nesting.folded) == (holds(nodes["holder"]) == "frame")
    assert nesting.is_map("holder") == (holds(nodes["holder"]) == "map")


def test_missing_parents_and_rings_hold_nothing_and_end() -> None:
    ring: dict[str, dict[str, Any]] = {
        name: {"kind": "group", "parent": parent} for name, parent in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    }
    ring["lost"] = {"kind": "stage", "parent": "nowhere"}
    ring["odd"] = {"kind": "stage", "parent": 7}
    ring["self"] = {"kind": "group", "parent": "self"}
    nesting = Nesting(ring)
    assert nesting.holder == {"d": "a"}
    assert nesting.shown() == ["a", "b", "c", "lost", "odd", "self", "d"]


def test_a_map_is_flat_where_nothing_holds_anything_and_what_only_belongs_to_something_lies_flat() -> None:
    stage, group = {"kind": "stage"}, {"kind": "group"}
    assert not has_parents({}) and not has_parents({"a": stage, "b": {**stage, "parent": None}, "c": group})
    belonging = {"a": {"kind": "dataset"}, "b": {"kind": "field", "parent": "a"}, "c": {**stage, "parent": "gone"}}
    assert has_parents(belonging) and not Nesting(belonging).holder
    assert Nesting({"a": stage, "b": {**stage, "parent": "c"}, "c": group}).holder


def test_groups_may_nest_deeper_than_python_recurses() -> None:
    nodes: dict[str, dict[str, Any]] = {"0": {"kind": "group"}}
    nodes |= {str(n): {"kind": "group", "parent": str(n - 1)} for n in range(1, 3_000)}
    assert len(Nesting(nodes).shown()) == 3_000
