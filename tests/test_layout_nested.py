"""Layout of groups: what belongs together lies in one frame, none of a level overlap, and what is placed stays."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import nested_drawings
from random_maps import chain, drawings, place

from crmwidget.design import GEOMETRY
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box, overlap
from crmwidget.layout.frames import shown_boxes
from crmwidget.layout.problem import Problem


def boxes_within(elements: Elements, centres: dict[str, tuple[float, float]], within: str | None) -> dict[str, Box]:
    return shown_boxes(Problem.of(elements), Nesting(elements.nodes), centres, within=within)


def overlaps(elements: Elements, centres: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """Pairs of nodes of one level that share any room."""
    nesting = Nesting(elements.nodes)
    found = []
    for within in [None, *(node for node in elements.nodes if nesting.is_map(node) or node in nesting.folded)]:
        boxes = boxes_within(elements, centres, within)
        levels: defaultdict[str | None, list[str]] = defaultdict(list)
        for node in boxes:
            levels[nesting.holder.get(node)].append(node)
        found += [(a, b) for nodes in levels.values() for a, b in combinations(nodes, 2) if overlap(boxes[a], boxes[b])]
    return found


@given(nested_drawings())
@settings(deadline=None, max_examples=60)
def test_no_two_of_one_level_overlap_and_every_frame_holds_its_content(elements: Elements) -> None:
    centres = arrange(elements)
    assert set(centres) == set(elements.nodes)
    assert overlaps(elements, centres) == []
    nesting = Nesting(elements.nodes)
    boxes = boxes_within(elements, centres, None)
    pad, header = GEOMETRY["frame_padding"], GEOMETRY["frame_header"]
    for node, box in boxes.items():
        frame = boxes.get(nesting.holder.get(node) or "")
        if frame is not None:
            assert frame.left <= box.left - pad and box.right + pad <= frame.right
            assert frame.top <= box.top - pad - header and box.bottom + pad <= frame.bottom


@given(nested_drawings())
@settings(deadline=None, max_examples=30)
def test_the_same_map_gives_the_same_places(elements: Elements) -> None:
    assert arrange(elements) == arrange(elements)


@given(nested_drawings(max_nodes=10), st.data())
@settings(deadline=None, max_examples=40)
def test_a_new_card_in_a_group_lies_in_its_frame_and_pinned_cards_stay(elements: Elements, data: st.DataObject) -> None:
    place(elements, arrange(elements))
    groups = [node for node, attributes in elements.nodes.items() if attributes["kind"] == "group"]
    if not groups:
        return
    names = sorted(elements.nodes)
    pinned = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    shelf = elements.positions["lifecycle"]
    for node in pinned:
        shelf[node] = {**shelf[node], "pinned": True}
    group = data.draw(st.sampled_from(groups))
    elements.nodes["new"] = {"kind": "stage", "label": "New", "parent": group}
    moved = arrange(elements, only_missing=True)
    assert "new" in moved
    leaves = {node for node in pinned if elements.nodes[node]["kind"] != "group"}
    assert not leaves & moved.keys()


def test_a_flat_map_is_laid_out_as_if_there_were_no_groups_at_all() -> None:
    flat = chain("a", "b", "c")
    with_group = chain("a", "b", "c")
    with_group.nodes["alone"] = {"kind": "group", "label": "Empty"}
    assert {node: at for node, at in arrange(with_group).items() if node != "alone"} == arrange(flat)


@given(drawings(max_nodes=10, has_lanes=False))
@settings(deadline=None, max_examples=30)
def test_the_inside_of_a_card_takes_no_room_on_the_map(elements: Elements) -> None:
    if not elements.nodes:
        return
    first = next(iter(elements.nodes))
    elements.nodes[first] = {**elements.nodes[first], "kind": "stage"}
    before = arrange(elements)
    for n in range(3):
        elements.nodes[f"inner{n}"] = {"kind": "stage", "label": "Inner", "parent": first}
    after = arrange(elements)
    assert {node: after[node] for node in before} == before
