"""The layout of groups in groups and of maps behind nodes: everything in its frame, and nothing over anything else."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import centres_of, drawn, everywhere, nested_drawings, siblings_overlapping, with_groups
from random_maps import chain, place

from crmwidget.design import GEOMETRY
from crmwidget.formats.map_json import dumps
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange, grid
from crmwidget.layout.background import arrange_in_background
from crmwidget.layout.lanes import bands

ROOT = Path(__file__).parent.parent
RANK = 200 + GEOMETRY["rank_gap"]


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


def test_a_map_without_groups_is_laid_out_as_ever_an_empty_group_beside_it() -> None:
    flat = {"a": (104.0, 64.0), "b": (456.0, 64.0), "c": (808.0, 64.0)}
    assert arrange(chain(*"abc")) == flat
    elements = chain(*"abc")
    elements.nodes["empty"] = {"kind": "group", "label": "Empty"}
    assert {node: centre for node, centre in arrange(elements).items() if node != "empty"} == flat


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


def test_groups_may_nest_deeper_than_python_recurses() -> None:
    nodes: dict[str, Any] = {"0": {"kind": "group", "label": "0"}}
    nodes |= {str(n): {"kind": "group", "label": "x", "parent": str(n - 1)} for n in range(1, 1_200)}
    elements = Elements(attributes={"name": "Deep"}, nodes=nodes)
    assert len(arrange(elements)) == 1_200
