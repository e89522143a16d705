"""Typed text on a map that holds something: the same names are the same nodes, and what is new finds room."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_maps import boxes, drawings, overlapping

import crmwidget as crm
from crmwidget.graph.elements import Elements


def a_map(text: str = "Lead -> Deal: fits -> Won") -> crm.CrmMap:
    m = crm.from_text(text, name="Sales")
    m.ensure_placed()
    return m


def drawn(m: crm.CrmMap) -> list[tuple[str, str, str]]:
    return [(flow["source"], flow["target"], flow.get("label", "")) for flow in m.elements.flows.values()]


def test_names_on_the_map_are_its_nodes_whatever_their_case_and_get_only_the_missing_flows() -> None:
    m = crm.from_text("Lead -> Deal\nDeal -> Won: 20 %")
    m.update("deal", owner="Ann")
    m.graph.add_node("d2", label="deal")  # the first of a name is meant
    assert m.add_text("LEAD -> deal -> Won\ndeal  ->  Lost: too dear\ndeal -> won: 30 %") == (
        "lead",
        "deal",
        "won",
        "lost",
    )
    assert drawn(m) == [
        ("lead", "deal", ""),
        ("deal", "won", "20 %"),
        ("deal", "lost", "too dear"),
        ("deal", "won", "30 %"),
    ]
    assert m.graph.nodes["deal"]["owner"] == "Ann" and m.graph.nodes["deal"]["label"] == "Deal"
    n_steps = len(m.history.done)
    assert m.add_text("Deal -> Lost") == ("deal", "lost")
    assert len(m.history.done) == n_steps


def test_a_list_and_a_table_are_added_too() -> None:
    m = a_map()
    assert m.add_text("1. Won\n2. Onboarding") == ("won", "onboarding")
    m.add_text("Stage\tDescription\nLead\tanother\nArchive\tkept")
    assert "description" not in m.graph.nodes["lead"] and m.graph.nodes["archive"]["description"] == "kept"
    assert ("lead", "archive", "") in drawn(m)


def test_a_name_like_a_flows_key_is_no_flow() -> None:
    m = crm.CrmMap("Keys")
    assert m.add_text("F1 -> F2") == ("f1", "f2")
    assert drawn(m) == [("f1", "f2", "")]


def test_new_nodes_belong_to_the_parent_and_a_name_in_it_comes_first() -> None:
    m = crm.CrmMap("Groups")
    m.add_stage("Call")
    team = m.add("group", "Team")
    m.add_stage("Call", id="inner", parent=team)
    assert m.add_text("Call -> Mail", parent=team) == ("inner", "mail")
    assert m.graph.nodes["mail"]["parent"] == team
    assert m.add_text("Call -> Visit") == ("call", "visit")
    assert "parent" not in m.graph.nodes["visit"]


def test_what_is_added_is_one_step_and_undo_gives_the_map_of_before() -> None:
    m = a_map()
    before = copy.deepcopy(m.elements)
    m.add_text("Won -> Onboarding -> Support", at=(0, 0))
    assert len(m.elements.positions["lifecycle"]) == 5
    m.undo()
    assert m.elements == before


@settings(max_examples=60, deadline=None)
@given(drawings(max_nodes=16, has_lanes=False), st.integers(1, 8), st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_new_nodes_lie_in_order_around_the_point_clear_of_all_that_is_there(
    elements: Elements, n: int, x: int, y: int
) -> None:
    m = crm.CrmMap(elements=elements)
    m.ensure_placed()
    before = dict(m.positions)
    new = m.add_text(" -> ".join(f"New {i}" for i in range(n)), at=(x, y))
    after = dict(m.positions)
    assert {node: after[node] for node in before} == before
    others = {node: place for node, place in before.items() if m.graph.nodes[node]["kind"] != "group"}
    found = boxes(m.elements, {**others, **{node: after[node] for node in new}})
    assert not [pair for pair in overlapping(found) if set(pair) & set(new)]
    assert all(value % 8 == 0 for node in new for value in after[node])
    in_a_row = [(after[a], after[b]) for a, b in itertools.pairwise(new) if after[a][1] == after[b][1]]
    assert n > 4 or all(a[0] < b[0] for a, b in in_a_row)


def test_where_there_is_room_the_middle_of_what_is_new_is_the_point() -> None:
    m = a_map()
    new = m.add_text("A -> B", at=(4000, 3000))
    (ax, ay), (bx, by) = (m.positions[node] for node in new)
    assert ((ax + bx) / 2, ay, by) == (4000, 3000, 3000)
    assert not any(m.elements.positions["lifecycle"][node]["pinned"] for node in new)


def test_what_lies_in_a_map_behind_a_node_is_in_nobodys_way() -> None:
    m = crm.CrmMap("Depth")
    m.add_stage("Sales")
    m.move("sales", 0, 0)
    inner = m.add_text("Call", parent="sales", at=(0, 0))
    assert m.positions[inner[0]] == (0, 0)
    second = m.add_text("Mail", parent="sales", at=(0, 0))
    assert abs(m.positions[second[0]][1]) >= 192 or abs(m.positions[second[0]][0]) >= 276


def test_a_frame_that_holds_the_new_is_no_obstacle_and_another_is() -> None:
    m = crm.CrmMap("Frames")
    for name, x in (("Mine", 0), ("Yours", 2000)):
        m.add("group", name)
        m.propose([crm_position(name.lower(), x=x, y=0, width=1000, height=800)])
    (mine,) = m.add_text("Call", parent="mine", at=(0, 0))
    assert m.positions[mine] == (0, 0)
    (other,) = m.add_text("Mail", at=(2000, 0))
    x, y = m.positions[other]
    assert abs(x - 2000) >= 600 or abs(y) >= 460


def crm_position(node: str, **place: Any) -> Any:
    from crmwidget.graph.changes import Proposal

    return Proposal(("position", "lifecycle", node), set=place)


def test_in_lanes_what_is_new_lies_where_its_lane_is() -> None:
    m = a_map()
    m.update("lead", team="Marketing")
    m.layout(lanes="team")
    (new,) = m.add_text("Archive", at=(0, -5000))
    assert m.positions[new][1] > 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "a ->"}, "line 1: an arrow leads"),
        ({"text": "a", "parent": "leed"}, "did you mean 'lead'"),
        ({"text": "a", "at": (1,)}, "a pair (x, y)"),
        ({"text": "a", "at": (float("nan"), 1)}, "finite numbers"),
        ({"text": "a", "at": "ab"}, "a pair (x, y)"),
        ({"text": 7}, "built from text"),
    ],
)
def test_a_text_that_cannot_be_added_changes_nothing(wrong: dict[str, Any], said: str) -> None:
    m = a_map()
    before = copy.deepcopy(m.elements)
    with pytest.raises(crm.EditError) as caught:
        m.add_text(**wrong)
    assert said in str(caught.value)
    assert m.elements == before


def test_a_view_adds_text_to_any_map_but_a_template_only_to_an_empty_one() -> None:
    m = a_map()
    sent: list[dict[str, Any]] = []
    m.widget.session._send = sent.append
    m.widget.session.receive({"op": "hello", "client": "c"})
    build = {"op": "build", "client": "c"}
    m.widget.session.receive({**build, "id": 1, "text": "won -> Support", "x": 0.0, "y": 2000.0})
    assert sent[-1]["ack"] == ["c", 1] and m.positions["support"] == (0, 2000)
    assert m.history.done[-1].label == "add from text" and m.undo() == "add from text"
    m.widget.session.receive({**build, "id": 2, "template": "lifecycle"})
    assert "a template can only fill an empty one" in sent[-1]["reason"]
    m.widget.session.receive({**build, "id": 3})
    assert "either a template or a text" in sent[-1]["reason"]
