"""The still picture: valid, self-contained, safe, and with every name on it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_maps import boxes, chain, drawings

from crmwidget.catalog import build
from crmwidget.design import THEMES
from crmwidget.errors import EditError
from crmwidget.formats.svg import draw
from crmwidget.formats.svg_flows import label_place, route_all
from crmwidget.formats.svg_text import fitted, text_width, wrapped
from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box, overlap
from crmwidget.shown import Card, Figure, Finding, Legend, Overlay, Paint, Trend

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=y>',
    "&amp;&#x0;",
    "a\x00\x1b\ud800\ufffe",
    "\u202egnp.exe",
    "]]>",
]


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def words_of(picture: str) -> str:
    return " ".join(parsed(picture).itertext())


def figure(text: str = "8 300") -> Figure:
    trend = Trend(text, "up", True)
    return Figure(text, 1.0, text, unit=text, trend=trend, progress=0.5, spark=[1.0, 3.0, 2.0], status="bad")


def overlay(text: str) -> Overlay:
    finding = Finding("bad", text, text, text, [], [])
    paint = Paint(heat=0.7, text=text, detail=text, width=0.5)
    return Overlay(text, text, Legend(text, text, [text, text]), {"a": paint}, {"f0": paint}, [finding], None)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("theme", THEMES)
def test_hostile_text_stays_text_everywhere(text: str, theme: str) -> None:
    elements = chain("a", "b", "c", lanes="team")
    for attributes in elements.nodes.values():
        attributes |= {"label": text, "team": text, "objective": text, "systems": (text,)}
    elements.flows["f1"] = {**elements.flows["f1"], "label": text}
    elements.attributes["name"] = text
    elements.comments["c1"] = {"on": "a", "text": text}
    picture = draw(elements, cards={"a": Card([figure(text)], [])}, overlay=overlay(text), theme=theme)
    tags = {element.tag.rpartition("}")[2] for element in parsed(picture).iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "path", "text", "tspan", "polyline"}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", picture)


@given(drawings(), st.sampled_from(sorted(THEMES)))
@settings(deadline=None, max_examples=50)
def test_every_map_has_a_picture_that_parses(elements: Elements, theme: str) -> None:
    root = parsed(draw(elements, theme=theme))
    assert root.get("role") == "img"
    assert root[0].tag.endswith("title") and root[1].tag.endswith("desc")


def test_nothing_outside_is_referred_to_and_there_are_no_ids_to_meet_those_of_another_picture() -> None:
    picture = draw(build("lifecycle"), overlay=overlay("x"))
    assert not re.search(r"href|url\(|@import|\bid=|<style|<script|on\w+=", picture)
    assert re.findall(r"https?://[^\"]+", picture) == ["http://www.w3.org/2000/svg"]


def test_every_name_stands_on_the_picture() -> None:
    said = words_of(draw(build("lifecycle")))
    for attributes in build("lifecycle").nodes.values():
        assert attributes["label"].split()[0] in said
        assert attributes["label"] in said  # whole, for who hears it
    assert "Customer lifecycle" in said and "7 nodes · 7 flows" in said


def test_an_answer_is_painted_with_its_legend_and_said_to_who_does_not_see_it() -> None:
    said = words_of(draw(chain("a", "b"), overlay=overlay("31 % lost")))
    assert said.count("31 % lost") >= 5


def test_figures_stand_on_their_card() -> None:
    said = words_of(draw(chain("a", "b"), cards={"a": Card([figure("8 300"), figure("62 %")], [])}))
    assert "8 300" in said and "62 %" in said


def test_a_large_map_is_drawn_in_blocks() -> None:
    elements = chain(*(f"n{n}" for n in range(50)))
    assert "<text" in draw(elements).split("49 flows<")[1]
    blocks = draw(elements, max_cards=49)
    assert "50 nodes" in blocks and "<text" not in blocks.split("49 flows<")[1]
    assert len(blocks) < len(draw(elements)) / 4


def test_an_empty_map_says_so_kindly() -> None:
    said = words_of(draw(Elements(attributes={"name": "New"})))
    assert "New" in said and "no stages yet" in said


def test_an_unknown_theme_is_refused_with_the_nearest() -> None:
    with pytest.raises(EditError, match="did you mean 'dark'"):
        draw(chain("a"), theme="drak")


def test_a_text_that_does_not_fit_ends_in_an_ellipsis_within_its_room() -> None:
    assert fitted("short", 100, 13) == "short"
    for text in ("W" * 100, "ひらがな" * 30, "e\u0301" * 99):
        cut = fitted(text, 120, 13, bold=True)
        assert cut.endswith("…") and text_width(cut, 13, bold=True) <= 120
    lines = wrapped("Lead generation and prospecting of everything", 120, 2, 13, bold=True)
    assert len(lines) == 2 and all(text_width(line, 13, bold=True) <= 120 for line in lines)


@given(drawings(max_nodes=12, has_lanes=False))
@settings(deadline=None, max_examples=60)
def test_labels_of_a_fresh_layout_keep_off_the_cards(elements: Elements) -> None:
    elements.flows = {
        flow["source"] + flow["target"]: flow for flow in elements.flows.values() if flow["source"] != flow["target"]
    }
    cards = boxes(elements, arrange(elements))
    covered = 0
    for route in route_all(cards, [(flow["source"], flow["target"]) for flow in elements.flows.values()]):
        label = label_place(route, 60, 20, cards.values())
        covered += any(overlap(label, card) for card in cards.values())
    assert covered <= len(elements.flows) // 10


def test_a_flow_goes_around_a_card_in_its_way() -> None:
    cards = {name: Box(x, 0, x + 200, 120) for name, x in (("a", 0), ("b", 352), ("c", 704))}
    for ends in (("a", "c"), ("c", "a")):
        (route,) = route_all(cards, [ends])
        assert not any(cards["b"].left < x < cards["b"].right and 0 < y < 120 for x, y in route.points)


def test_parallel_flows_and_flows_both_ways_do_not_lie_on_each_other() -> None:
    cards = {"a": Box(0, 0, 200, 120), "b": Box(352, 0, 552, 120)}
    routes = route_all(cards, [("a", "b"), ("a", "b"), ("b", "a")])
    assert len({route.points[0] for route in routes}) == 3


def test_groups_are_framed_folded_ones_are_cards_and_what_lies_behind_a_card_is_not_drawn() -> None:
    nodes: dict[str, Any] = {
        "room": {"kind": "group", "label": "Room"},
        "offer": {"kind": "stage", "label": "Offer", "parent": "room"},
        "draft": {"kind": "stage", "label": "Draft", "parent": "offer"},
    }
    flows: dict[str, Any] = {"f1": {"source": "draft", "target": "room", "kind": "flow"}}
    elements = Elements(attributes={"name": "Sales"}, nodes=nodes, flows=flows)
    opened = draw(elements)
    assert ">Room<" in opened and ">Offer<" in opened and ">Draft<" not in opened
    nodes["room"]["collapsed"] = True
    folded = draw(elements)
    assert ">Room<" in folded and ">Offer<" not in folded and "1 card" in folded
    assert ">Draft<" in draw(elements, within="offer")
