"""The layout of groups in groups and of maps behind nodes: everything in its frame, and nothing over anything else."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import nested_drawings
from random_maps import chain, place

from crmwidget.design import GEOMETRY
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange, grid
from crmwidget.layout.background import arrange_in_background
from crmwidget.layout.boxes import Box, overlap
from crmwidget.layout.frames import shown_boxes
from crmwidget.layout.lanes import bands
from crmwidget.layout.making_room import make_room
from crmwidget.layout.problem import Problem

ROOT = Path(__file__).parent.parent
RANK = 200 + GEOMETRY["rank_gap"]  # of cards
WIDE_RANK = 320 + GEOMETRY["rank_gap"]  # of empty groups, the widest
Centres = Mapping[str, tuple[float, float]]


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


# ---- all of it ------------------------------------------------------------------------------------------


@given(nested_drawings(has_lanes=None))
@settings(deadline=None)
def test_every_node_has_a_place_and_no_two_of_one_frame_overlap(elements: Elements) -> None:
    centres = arrange(elements)
    assert list(centres) == list(elements.nodes)
    assert siblings_overlapping(elements, centres) == []


@given(nested_drawings())
@settings(deadline=None)
def test_cards_lie_on_the_grid_and_a_group_in_the_middle_of_its_frame(elements: Elements) -> None:
    centres = arrange(elements)
    for within in everywhere(elements):
        for node, box in drawn(elements, centres, within).items():
            if node in Nesting(elements.nodes).content and elements.nodes[node]["kind"] == "group":
                assert elements.nodes[node].get("collapsed") or centres[node] == box.middle
            else:
                assert all(value % GEOMETRY["grid"] == 0 for value in centres[node])


@given(nested_drawings(has_lanes=None))
@settings(deadline=None)
def test_a_map_behind_a_node_is_drawn_by_itself_and_takes_no_room(elements: Elements) -> None:
    nesting, centres = Nesting(elements.nodes), arrange(elements)
    for within in everywhere(elements):
        if within not in nesting.folded:
            below = nesting.shown_as(within)
            alone = copy.deepcopy(elements)
            alone.nodes = {n: dict(a) for n, a in elements.nodes.items() if n in below}
            for node in nesting.content[within]:
                alone.nodes[node].pop("parent", None)
            alone.flows = {k: f for k, f in elements.flows.items() if {f["source"], f["target"]} <= below.keys()}
            beside = [n for n in below if nesting.holder.get(n) == within and elements.nodes[n].get("parent") in below]
            if not beside:  # what belongs to a node that holds nothing would lose its place here
                assert arrange(alone) == {node: centres[node] for node in alone.nodes}


@given(nested_drawings(max_nodes=12), st.data())
@settings(deadline=None)
def test_pinned_nodes_stay_and_a_group_stays_with_them(elements: Elements, data: st.DataObject) -> None:
    names = [node for node in elements.nodes if node not in Nesting(elements.nodes).content]
    pinned = data.draw(st.lists(st.sampled_from(names or [""]), unique=True, max_size=4))
    spots = data.draw(st.permutations([(x * 997.0, y * 641.0) for x in range(3) for y in range(2)]))
    place(elements, {node: spots[i] for i, node in enumerate(pinned) if node}, pinned=True)
    centres = arrange(elements)
    assert set(centres) == set(elements.nodes) - set(pinned)
    assert arrange(elements, unpin=True) == arrange(without_places(elements))


def without_places(elements: Elements) -> Elements:
    bare = copy.deepcopy(elements)
    bare.positions = {}
    return bare


def test_a_pinned_card_keeps_its_group_where_it_is_and_the_others_around_it() -> None:
    elements = with_groups(chain(*"abcd"), g="b c")
    place(elements, {"c": (4_003.0, 2_001.0)}, pinned=True)
    centres = arrange(elements)
    boxes = drawn(elements, centres | centres_of(elements))
    assert "c" not in centres and centres["b"][0] == pytest.approx(4_003 - RANK, abs=8)
    assert boxes["a"].right < boxes["g"].left < 4_003 < boxes["g"].right < boxes["d"].left
    assert siblings_overlapping(elements, centres | centres_of(elements)) == []


def test_a_pinned_group_takes_its_content_along() -> None:
    elements = with_groups(chain(*"abcd"), g="b c")
    place(elements, {"g": (4_000.0, 2_000.0)}, pinned=True)
    centres = arrange(elements)
    assert drawn(elements, centres | centres_of(elements))["g"].middle == pytest.approx((4_000, 2_000), abs=4)
    assert "g" not in centres


def test_flows_of_what_a_group_holds_place_the_group() -> None:
    elements = with_groups(chain(*"abcdef"), one="a b", two="c d", three="e f")
    boxes = drawn(elements, arrange(elements))
    assert boxes["one"].right + GEOMETRY["rank_gap"] <= boxes["two"].left
    assert boxes["two"].right + GEOMETRY["rank_gap"] <= boxes["three"].left
    assert boxes["c"].right < boxes["d"].left


def test_a_map_without_groups_is_laid_out_as_ever() -> None:
    elements = chain(*"abc")
    grouped = with_groups(chain(*"abc"), g="b")
    alone = arrange(Elements(attributes={"name": "x"}, nodes={"b": {"kind": "stage", "label": "b"}}))
    assert arrange(elements) == {"a": (104.0, 64.0), "b": (456.0, 64.0), "c": (808.0, 64.0)}
    assert arrange(grouped)["b"] != alone["b"]


def test_a_folded_group_counts_as_a_card_and_opens_from_its_corner() -> None:
    elements = with_groups(chain(*"abcd"), g="b c")
    elements.nodes["g"]["collapsed"] = True  # type: ignore[index]
    centres = arrange(elements)
    assert centres["d"][0] - centres["a"][0] == 2 * RANK
    card = drawn(elements, centres)["g"]
    elements.nodes["g"]["collapsed"] = False  # type: ignore[index]
    frame = drawn(elements, centres)["g"]
    assert (frame.left, frame.top) == pytest.approx((card.left, card.top), abs=4)
    assert siblings_overlapping(elements, centres) == [("g", "d")]  # it is the hand that makes room, or a new layout


def test_a_size_given_by_hand_is_kept_and_its_content_lies_in_the_middle() -> None:
    elements = with_groups(chain(*"abc"), g="b")
    elements.positions["lifecycle"] = {"g": {"x": 9.0, "y": 9.0, "pinned": False, "width": 600.0, "height": 500.0}}
    centres = arrange(elements)
    elements.positions["lifecycle"]["g"] = {**elements.positions["lifecycle"]["g"], **at(centres["g"])}
    box = drawn(elements, centres)["g"]
    assert (box.right - box.left, box.bottom - box.top) == (600, 500)
    assert box.middle == pytest.approx((centres["b"][0], centres["b"][1] - 14), abs=8)
    assert siblings_overlapping(elements, centres) == []


def at(centre: tuple[float, float]) -> dict[str, float]:
    return {"x": centre[0], "y": centre[1]}


def test_a_group_lies_in_its_own_lane_with_all_that_it_holds() -> None:
    elements = with_groups(chain(*"abcd", lanes="team"), g="b c")
    teams = {"a": "Marketing", "g": "Sales", "b": "Marketing", "c": "Support", "d": "Support"}
    for node, team in teams.items():
        elements.nodes[node] = {**elements.nodes[node], "team": team}
    boxes = drawn(elements, arrange(elements))
    outer = {node: boxes[node] for node in "agd"}
    sizes = {node: box.size for node, box in outer.items()}
    strips = bands(sizes, teams, {node: box.middle for node, box in outer.items()})
    assert {strip.name for strip in strips} == {"Marketing", "Sales", "Support"}
    assert all(a.bottom <= b.top for a, b in pairwise(sorted(strips, key=lambda strip: strip.top)))


def test_large_frames_do_not_draw_lonely_cards_apart() -> None:
    elements = with_groups(chain(*"abcdefgh"), large="a b c d")
    elements.flows = {key: flow for key, flow in elements.flows.items() if flow["target"] in "bcd"}
    centres = arrange(elements)
    xs = sorted(centres[node][0] for node in "efgh")
    assert xs[-1] - xs[0] <= 2 * RANK


def test_cards_that_no_flow_joins_stand_close_in_a_group_as_a_block() -> None:
    elements = with_groups(chain(*"abcd"), g="a b c d")
    elements.flows = {}
    centres = arrange(elements)
    assert len({centres[node][0] for node in "abcd"}) == len({centres[node][1] for node in "abcd"}) == 2
    assert centres["b"][0] - centres["a"][0] == 200 + 40 and centres["c"][1] - centres["a"][1] == 120 + 40


@given(nested_drawings())
@settings(deadline=None)
def test_a_provisional_grid_has_everything_in_its_frame_too(elements: Elements) -> None:
    places = grid(elements)
    assert set(places) == set(elements.nodes)
    assert siblings_overlapping(elements, places) == []


def test_the_same_map_is_drawn_alike_in_every_process_and_in_the_background() -> None:
    elements = with_groups(chain(*"abcdefgh"), outer="inner c d", inner="b e", other="f g")
    elements.nodes["inner"] = {"kind": "group", "label": "inner", "parent": "outer"}
    elements.nodes["other"] = {**elements.nodes["other"], "collapsed": True}
    elements.nodes["h"] = {**elements.nodes["h"], "parent": "a"}
    place(elements, {"c": (804.0, 404.0)}, pinned=True)
    elements.positions["lifecycle"]["inner"] = {"x": 0.0, "y": 0.0, "pinned": False, "width": 900.5, "height": 400.0}
    answers: list[dict[str, tuple[float, float]]] = []
    jobs = [
        arrange_in_background(elements, only_missing=only_missing, on_done=answers.append)
        for only_missing in (False, True)
    ]
    assert all(job.wait(60) for job in jobs)
    expected = [arrange(elements), arrange(elements, only_missing=True)]
    assert sorted(map(str, answers)) == sorted(map(str, expected))
    program = (
        "import json, sys\n"
        "from crmwidget.formats.map_json import loads\n"
        "from crmwidget.layout.arrange import arrange\n"
        "print(json.dumps(arrange(loads(sys.stdin.read()))))"
    )
    from crmwidget.formats.map_json import dumps

    elements.id = "x"
    for seed in ("0", "424242"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            input=dumps(elements),
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        )
        assert {n: tuple(xy) for n, xy in json.loads(ran.stdout).items()} == expected[0]


# ---- what is new beside what is there -----------------------------------------------------------------------


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


def test_groups_may_nest_deeper_than_python_recurses() -> None:
    nodes: dict[str, Any] = {"0": {"kind": "group", "label": "0"}}
    nodes |= {str(n): {"kind": "group", "label": "x", "parent": str(n - 1)} for n in range(1, 1_200)}
    elements = Elements(attributes={"name": "Deep"}, nodes=nodes)
    assert len(arrange(elements)) == 1_200
