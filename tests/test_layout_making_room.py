"""Room for what is new in a group: its frame grows, what it would cover steps aside, and nothing else moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import centres_of, drawn, nested_drawings, siblings_overlapping, with_groups, without
from random_maps import chain, place

from crmwidget.design import GEOMETRY
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box
from crmwidget.layout.lanes import bands
from crmwidget.layout.making_room import make_room

RANK = 200 + GEOMETRY["rank_gap"]  # of cards
WIDE_RANK = 320 + GEOMETRY["rank_gap"]  # of empty groups, the widest


@given(nested_drawings(max_nodes=12), st.data())
@settings(deadline=None)
def test_what_is_new_finds_room_and_moves_nothing_by_more_than_a_rank(elements: Elements, data: st.DataObject) -> None:
    gone = set(data.draw(st.lists(st.sampled_from(sorted(elements.nodes) or [""]), unique=True, max_size=4)))
    before = without(elements, gone)
    place(elements, arrange(before))
    pinned = data.draw(st.lists(st.sampled_from(sorted(before.nodes) or [""]), unique=True, max_size=3))
    for node in set(pinned) - {""}:
        elements.positions["lifecycle"][node] = {**elements.positions["lifecycle"][node], "pinned": True}
    fresh = arrange(elements, only_missing=True)
    known = centres_of(elements)
    assert set(elements.nodes) - set(before.nodes) <= set(fresh)
    assert not set(pinned) & set(fresh)
    nesting = Nesting(elements.nodes)
    for node in fresh.keys() & known.keys():
        if node not in nesting.frames:
            assert max(abs(a - b) for a, b in zip(fresh[node], known[node], strict=True)) <= WIDE_RANK * depth(
                nesting, node
            )
    if not set(pinned) - {""}:
        found = siblings_overlapping(elements, {**known, **fresh})
        assert [pair for pair in found if not set(pair) & nesting.frames] == []


@given(nested_drawings(max_nodes=12), st.data())
@settings(deadline=None)
def test_one_more_card_never_makes_a_frame_cover_anything(elements: Elements, data: st.DataObject) -> None:
    leaves = sorted(elements.nodes.keys() - {a.get("parent") for a in elements.nodes.values()})
    before = without(elements, {data.draw(st.sampled_from(leaves or [""]))})
    place(elements, arrange(before))
    fresh = arrange(elements, only_missing=True)
    assert siblings_overlapping(elements, {**centres_of(elements), **fresh}) == []


def depth(nesting: Nesting, node: str) -> int:
    """A card steps aside in its own frame, and with each frame that it lies in."""
    steps, at = 1, node
    while at in nesting.holder:
        at = nesting.holder[at]
        steps += 1
    return steps


def test_a_new_child_goes_into_its_group_beside_its_neighbour() -> None:
    elements = with_groups(chain(*"abc"), g="a b c")
    place(elements, arrange(elements))
    before = centres_of(elements)
    elements.nodes["d"] = {"kind": "stage", "label": "d", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "d", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    assert set(fresh) == {"d", "g"}  # the frame is larger, so its middle is elsewhere
    assert fresh["d"][0] == before["b"][0] + RANK
    boxes = drawn(elements, {**before, **fresh})
    assert boxes["g"].left < boxes["d"].left and boxes["d"].right < boxes["g"].right
    assert fresh["g"] == boxes["g"].middle


def test_a_card_outside_steps_aside_for_a_frame_that_grows_and_pushes_the_next() -> None:
    elements = with_groups(chain(*"abxy"), g="a b")
    place(elements, arrange(elements))
    before = centres_of(elements)
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    after = {**before, **fresh}
    assert siblings_overlapping(elements, after) == []
    assert set(fresh) == {"c", "g", "x", "y"}
    x, y = (after[node][0] - before[node][0] for node in "xy")
    assert RANK >= x > y > 0
    assert all(after[node][1] == before[node][1] for node in "xy")


def test_a_frame_that_is_large_enough_moves_nothing() -> None:
    elements = with_groups(chain(*"abx"), g="a b")
    place(elements, arrange(elements))
    box = drawn(elements, centres_of(elements))["g"]
    place(elements, {"x": (box.right + 700, box.middle[1])})
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    assert set(arrange(elements, only_missing=True)) == {"c", "g"}


def test_what_is_pinned_stays_though_a_frame_grows_over_it() -> None:
    elements = with_groups(chain(*"abxy"), g="a b")
    place(elements, arrange(elements))
    place(elements, {"x": centres_of(elements)["x"]}, pinned=True)
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    assert set(fresh) == {"c", "g"}
    assert siblings_overlapping(elements, {**centres_of(elements), **fresh}) == [("g", "x")]


def test_what_cannot_go_to_the_right_goes_another_way() -> None:
    elements = with_groups(chain(*"abxy"), g="a b")
    place(elements, arrange(elements))
    place(elements, {"y": centres_of(elements)["y"]}, pinned=True)  # on the way to the right of x
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    before = centres_of(elements)
    assert set(fresh) == {"c", "g", "x"}
    assert fresh["x"][0] == before["x"][0] and abs(fresh["x"][1] - before["x"][1]) <= RANK
    assert siblings_overlapping(elements, {**before, **fresh}) == []


def test_a_group_that_steps_aside_takes_its_content_along() -> None:
    elements = with_groups(chain(*"abxy"), g="a b", h="x y")
    place(elements, arrange(elements))
    before = centres_of(elements)
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    steps = {fresh[node][0] - before[node][0] for node in ("h", "x", "y")}
    assert len(steps) == 1 and 0 < steps.pop() <= RANK
    assert siblings_overlapping(elements, {**before, **fresh}) == []


def test_a_group_with_something_pinned_in_it_does_not_step_aside() -> None:
    elements = with_groups(chain(*"abxy"), g="a b", h="x y")
    place(elements, arrange(elements))
    place(elements, {"y": centres_of(elements)["y"]}, pinned=True)
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    assert set(fresh) == {"c", "g"}
    assert siblings_overlapping(elements, {**centres_of(elements), **fresh}) == [("g", "h")]


def test_what_would_have_to_go_further_than_a_rank_stays_and_is_covered() -> None:
    small, card = Box(0, 0, 200, 200), Box(600, 40, 800, 160)
    near, huge = Box(0, 0, 800, 200), Box(-2_000, -2_000, 2_000, 2_000)
    assert make_room({"g": near, "x": card}, {"g": small}, {"x"}) == {"x": (280.0, 0.0)}
    assert make_room({"g": huge, "x": card}, {"g": small}, {"x"}) == {}
    assert make_room({"g": near, "x": card}, {"g": small}, set()) == {}


def test_what_a_frame_covered_already_is_left_there() -> None:
    before, card = Box(0, 0, 400, 200), Box(300, 40, 500, 160)
    assert make_room({"g": Box(0, 0, 800, 200), "x": card}, {"g": before}, {"x"}) == {}


def test_what_was_put_close_together_is_pushed_along_too() -> None:
    boxes = {"g": Box(0, 0, 400, 200), "x": Box(208, 40, 408, 160), "y": Box(416, 40, 616, 160)}
    moves = make_room(boxes, {"g": Box(0, 0, 200, 200)}, {"x", "y"})
    assert moves == {"x": (272.0, 0.0), "y": (344.0, 0.0)}
    away = {**boxes, "g": Box(-200, -200, 200, 200)}  # it has not grown towards them
    assert make_room(away, {"g": Box(0, 0, 200, 200)}, {"x", "y"}) == {}


def test_the_frames_around_a_frame_grow_with_it() -> None:
    elements = with_groups(chain(*"abxy"), outer="inner x", inner="a b")
    elements.nodes["inner"] = {**elements.nodes["inner"], "parent": "outer"}
    place(elements, arrange(elements))
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "inner"}
    elements.flows["new"] = {"source": "b", "target": "c", "kind": "flow"}
    fresh = arrange(elements, only_missing=True)
    assert {"c", "inner", "outer", "x", "y"} == set(fresh)
    assert siblings_overlapping(elements, {**centres_of(elements), **fresh}) == []


def test_the_lanes_below_go_down_for_a_frame_that_grows_down() -> None:
    elements = with_groups(chain("a", "b", "x", lanes="team"), g="a b")
    for node, team in {"g": "Sales", "x": "Support"}.items():
        elements.nodes[node] = {**elements.nodes[node], "team": team}
    place(elements, arrange(elements))
    before = centres_of(elements)
    for node in ("c", "d"):
        elements.nodes[node] = {"kind": "stage", "label": node, "parent": "g"}
        elements.flows[f"to_{node}"] = {"source": "a", "target": node, "kind": "flow"}
    after = {**before, **arrange(elements, only_missing=True)}
    boxes = drawn(elements, after)
    sizes = {node: boxes[node].size for node in "gx"}
    sales, support = bands(sizes, {"g": "Sales", "x": "Support"}, {node: boxes[node].middle for node in "gx"})
    assert after["x"][1] > before["x"][1] and sales.bottom <= support.top


def test_the_first_child_of_an_empty_group_lies_where_the_group_is() -> None:
    elements = with_groups(chain("a", "b"), g="")
    place(elements, arrange(elements))
    elements.nodes["c"] = {"kind": "stage", "label": "c", "parent": "g"}
    fresh = arrange(elements, only_missing=True)
    assert set(fresh) == {"c"}
    box = drawn(elements, {**centres_of(elements), **fresh})["g"]
    assert box.middle == pytest.approx(centres_of(elements)["g"], abs=4)


def test_a_group_around_what_has_a_place_gets_the_middle_of_its_frame() -> None:
    elements = chain(*"abc")
    place(elements, arrange(elements))
    before = centres_of(elements)
    with_groups(elements, g="a b")
    fresh = arrange(elements, only_missing=True)
    assert fresh == {"g": drawn(elements, before)["g"].middle}


def test_what_is_new_behind_a_node_moves_nothing_in_front_of_it() -> None:
    elements = chain(*"abc")
    place(elements, arrange(elements))
    for node in ("x", "y"):
        elements.nodes[node] = {"kind": "activity", "label": node, "parent": "b"}
    elements.flows["xy"] = {"source": "x", "target": "y", "kind": "flow"}
    assert arrange(elements, only_missing=True) == {"x": (104.0, 64.0), "y": (456.0, 64.0)}
