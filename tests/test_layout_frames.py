"""The frames of groups: as large as what can be seen in them, and as a hand has made them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from nested_maps import nested_drawings
from random_maps import place

from crmwidget.design import GEOMETRY
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box
from crmwidget.layout.frames import moved, shown_boxes
from crmwidget.layout.problem import Problem

CARD = (200, 120)


def group_of(*children: tuple[float, float], **position: Any) -> Elements:
    """A group around stages at these centres; `position` is its own."""
    nodes: dict[str, dict[str, Any]] = {"g": {"kind": "group", "label": "Group"}}
    nodes |= {f"n{n}": {"kind": "stage", "label": "x", "parent": "g"} for n in range(len(children))}
    elements = Elements(attributes={"name": "Group"}, nodes=dict(nodes))
    place(elements, {f"n{n}": centre for n, centre in enumerate(children)})
    if position:
        elements.positions["lifecycle"]["g"] = {"pinned": False, **position}
    return elements


def boxes_of(elements: Elements, within: str | None = None) -> dict[str, Box]:
    problem = Problem.of(elements)
    return shown_boxes(problem, Nesting(elements.nodes), problem.placed, within=within)


def test_a_frame_is_its_content_with_padding_and_a_header() -> None:
    found = boxes_of(group_of((0, 0), (400, 200), x=5_000, y=5_000))
    assert found["g"] == Box(-100 - 24, -60 - 24 - 28, 500 + 24, 260 + 24)
    assert (GEOMETRY["frame_padding"], GEOMETRY["frame_header"]) == (24, 28)


def test_a_frame_without_content_has_its_kinds_size_around_its_own_place() -> None:
    assert boxes_of(group_of(x=100, y=50))["g"] == Box(-60, -50, 260, 150)


def test_a_frame_with_a_size_of_its_own_is_that_and_what_its_content_needs() -> None:
    around = boxes_of(group_of((0, 0), x=0, y=0, width=1_000, height=800))
    assert around["g"] == Box(-500, -400, 500, 400)
    outgrown = boxes_of(group_of((600, 0), x=0, y=0, width=1_000, height=800))
    assert outgrown["g"] == Box(-500, -400, 724, 400)
    assert boxes_of(group_of(x=0, y=0, width=90, height=80))["g"] == Box(-45, -40, 45, 40)


def test_a_size_belongs_to_frames_alone() -> None:
    elements = group_of((0, 0))
    elements.positions["lifecycle"]["n0"] |= {"width": 900.0, "height": 900.0}
    assert boxes_of(elements)["n0"] == Box(-100, -60, 100, 60)


def test_a_folded_group_is_a_card_at_its_own_place_whatever_its_size() -> None:
    elements = group_of((900, 900), x=0, y=0, width=1_000, height=800)
    elements.nodes["g"] = {**elements.nodes["g"], "collapsed": True}
    assert boxes_of(elements) == {"g": Box(-100, -60, 100, 60)}
    assert boxes_of(elements, within="g") == {"n0": Box(800, 840, 1_000, 960)}


def test_what_is_not_seen_makes_no_frame_larger() -> None:
    elements = group_of((0, 0), (400, 0))
    elements.nodes["deep"] = {"kind": "activity", "label": "Deep", "parent": "n0"}
    elements.nodes["unplaced"] = {"kind": "activity", "label": "Unplaced", "parent": "g"}
    before = boxes_of(group_of((0, 0), (400, 0)))
    place(elements, {"deep": (9_000, 9_000)})
    assert boxes_of(elements) == before


@given(nested_drawings())
@settings(deadline=None)
def test_a_frame_encloses_all_that_is_seen_in_it_and_no_more(elements: Elements) -> None:
    nesting, problem = Nesting(elements.nodes), Problem.of(elements)
    found = shown_boxes(problem, nesting, arrange(elements))
    assert set(found) == set(nesting.shown())
    for node in nesting.frames.intersection(found):
        content = [found[child] for child in nesting.content.get(node, []) if child in found]
        if content:
            assert found[node].left == min(box.left for box in content) - 24
            assert found[node].top == min(box.top for box in content) - 52
            assert found[node].right == max(box.right for box in content) + 24
            assert found[node].bottom == max(box.bottom for box in content) + 24
        else:
            assert found[node].right - found[node].left == (CARD[0] if node in nesting.folded else 320)


def test_a_group_is_moved_with_all_that_lies_in_its_frame_by_the_middle_of_it() -> None:
    elements = group_of((0, 0), (400, 200), x=5_000, y=5_000)
    elements.nodes["deep"] = {"kind": "activity", "label": "Deep", "parent": "n0"}
    elements.nodes["inner"] = {"kind": "group", "label": "Inner", "parent": "g", "collapsed": True}
    elements.nodes["hidden"] = {"kind": "stage", "label": "Hidden", "parent": "inner"}
    place(elements, {"deep": (7, 7), "inner": (200, 0), "hidden": (8, 8)})
    problem, nesting = Problem.of(elements), Nesting(elements.nodes)
    middle = boxes_of(elements)["g"].middle
    places = moved(problem, nesting, "g", (middle[0] + 80, middle[1] - 40))
    assert places == {
        "g": (middle[0] + 80, middle[1] - 40),
        "n0": (80, -40),
        "n1": (480, 160),
        "inner": (280, -40),
        "hidden": (88, -32),
    }
    assert moved(problem, nesting, "n0", (1, 2)) == {"n0": (1, 2)}
    assert moved(problem, nesting, "inner", (0, 0)) == {"inner": (0, 0), "hidden": (-192, 8)}


def test_a_frame_with_a_size_of_its_own_keeps_it_when_it_is_moved() -> None:
    elements = group_of((900, 0), x=0, y=0, width=1_000, height=800)
    before = boxes_of(elements)["g"]
    places = moved(Problem.of(elements), Nesting(elements.nodes), "g", (0, 0))
    for node, (x, y) in places.items():
        elements.positions["lifecycle"][node] = {**elements.positions["lifecycle"][node], "x": x, "y": y}
    after = boxes_of(elements)["g"]
    assert after.middle == (0, 0) and after.size == before.size
