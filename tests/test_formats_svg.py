"""The still picture: valid, self-contained, safe, and with every name on it."""

from __future__ import annotations

import itertools
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_maps import nested_drawings
from random_maps import boxes, chain, drawings

from crmwidget.catalog import build
from crmwidget.design import HEAT, MARKS, THEMES
from crmwidget.errors import EditError
from crmwidget.formats.svg import draw
from crmwidget.formats.svg_card_content import label_text
from crmwidget.formats.svg_flows import routes_of
from crmwidget.formats.svg_labels import Labelled, fit_label, place_labels
from crmwidget.formats.svg_outlines import Outline
from crmwidget.formats.svg_routes import Route, point_at
from crmwidget.formats.svg_row import Row
from crmwidget.formats.svg_scene import DrawnFlow, scene_of
from crmwidget.formats.svg_text import fitted, text_width, whole_parts, wrapped
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box, overlap
from crmwidget.shown import Card, Figure, Finding, Ghost, Legend, Overlay, Paint, Trend

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


def test_a_figure_keeps_whole_parts_and_what_is_left_over_stands_below_it_where_there_is_room() -> None:
    figure = "34.8\u202f% · 421 of 1\u202f210 · 12\u202f% lost on the way"
    assert whole_parts(figure, 500, 11) == (figure, "")
    assert whole_parts(figure, 160, 11) == ("34.8\u202f% · 421 of 1\u202f210", "12\u202f% lost on the way")
    assert whole_parts("8.78 in progress", 40, 11) == ("8.78", "in progress")
    assert whole_parts("never taken", 40, 11)[0].endswith("…")
    said = words_of(draw(chain("a", "b"), overlay=overlay(figure)))
    assert "12\u202f% lost on the way" in said.partition("a (Stage)")[2].partition("b (Stage)")[0]


@given(drawings(max_nodes=12, has_lanes=False))
@settings(deadline=None, max_examples=60)
def test_labels_cover_no_card_and_not_each_other(elements: Elements) -> None:
    cards = boxes(elements, arrange(elements))
    row = Row(cards.values())
    ends = [(flow["source"], flow["target"]) for flow in elements.flows.values()]
    said = [
        Labelled(fit_label(str(n), "words"), route, n % 3, source == target)
        for n, (route, (source, target)) in enumerate(zip(ways(cards, ends), ends, strict=True))
    ]
    places = [box for box in place_labels(said, row, Row([])) if box is not None]
    assert [box for box in places if row.near(box)] == []
    assert [(a, b) for a, b in itertools.combinations(places, 2) if overlap(a, b)] == []
    assert len(places) >= 0.7 * len(said) - 1


def ways(cards: dict[str, Box], ends: list[tuple[str, str]]) -> list[Route]:
    outlines = {name: Outline(box, "card") for name, box in cards.items()}
    flows = [DrawnFlow(source, target, {}, None) for source, target in ends]
    return routes_of(flows, outlines, [2.0] * len(flows), Row(cards.values()))


def points(route: Route) -> list[tuple[float, float]]:
    return [point_at(route.curve, n / 40) for n in range(1, 40)]


def test_a_flow_goes_around_a_card_in_its_way() -> None:
    cards = {name: Box(x, 0, x + 200, 120) for name, x in (("a", 0), ("b", 352), ("c", 704))}
    for ends in (("a", "c"), ("c", "a")):
        (route,) = ways(cards, [ends])
        assert not any(cards["b"].left < x < cards["b"].right and 0 < y < 120 for x, y in points(route))


def test_parallel_flows_and_flows_both_ways_do_not_lie_on_each_other() -> None:
    cards = {"a": Box(0, 0, 200, 120), "b": Box(352, 0, 552, 120)}
    routes = ways(cards, [("a", "b"), ("a", "b"), ("b", "a")])
    assert len({point_at(route.curve, 0.5) for route in routes}) == 3


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


def selling(**attributes: Any) -> Elements:
    """Leads → a group of offer and contract, in it another; behind the offer a map; two ways out of the group."""
    nodes: dict[str, Any] = {
        "leads": {"kind": "stage", "label": "Leads"},
        "selling": {"kind": "group", "label": "Selling", **attributes},
        "offer": {"kind": "stage", "label": "Offer", "parent": "selling"},
        "legal": {"kind": "group", "label": "Legal", "parent": "selling"},
        "contract": {"kind": "stage", "label": "Contract", "parent": "legal"},
        "draft": {"kind": "activity", "label": "Draft", "parent": "offer"},
        "send": {"kind": "activity", "label": "Send", "parent": "offer"},
        "won": {"kind": "end", "label": "Won"},
    }
    ends = [("leads", "offer"), ("offer", "contract"), ("draft", "send"), ("contract", "won"), ("offer", "won")]
    flows = {f"f{n}": {"source": a, "target": b, "kind": "flow", "volume": 4} for n, (a, b) in enumerate(ends)}
    return Elements(attributes={"name": "Sales"}, nodes=nodes, flows=flows)


def seen(picture: str) -> set[str]:
    """The names of the nodes that are drawn, as they are said to who does not see them."""
    titles = [element.text or "" for element in parsed(picture).iter() if element.tag.endswith("title")]
    return {title.partition(" (")[0] for title in titles[1:]}


@given(nested_drawings(has_lanes=None), st.sampled_from(sorted(THEMES)))
@settings(deadline=None, max_examples=50)
def test_every_place_of_a_nested_map_has_a_picture_of_what_is_shown_there(elements: Elements, theme: str) -> None:
    nesting = Nesting(elements.nodes)
    for within in nesting.content:
        picture = draw(elements, within=within, theme=theme)
        shown = nesting.shown(within)
        assert seen(picture) == {label_text(elements.nodes[node]) for node in shown}
        assert ("no stages yet" in picture) == (not shown)


def test_frames_lie_behind_flows_and_cards_and_the_outer_behind_the_inner() -> None:
    picture = draw(selling())
    order = [picture.index(f"<title>{words}") for words in ("Selling (Group)", "Legal (Group)", "Leads (Stage)")]
    assert order == sorted(order)
    first_flow = picture.index('<path d="M204 ')  # out of the first card
    assert order[1] < first_flow < order[2]


@pytest.mark.parametrize("theme", THEMES)
def test_frames_within_frames_take_turns_in_two_shades_that_begin_otherwise_on_lanes(theme: str) -> None:
    def shades(picture: str) -> list[str]:
        return [
            re.findall(r'fill="([^"]+)"', picture.split(f"<title>{name} (Group)")[1])[0]
            for name in ("Selling", "Legal")
        ]

    lane, ground = THEMES[theme]["lane"], THEMES[theme]["background"]
    elements = selling(team="Sales")
    assert shades(draw(elements, theme=theme)) == [lane, ground]
    elements.attributes["lanes"] = "team"
    assert shades(draw(elements, theme=theme)) == [ground, lane]


def test_what_is_folded_away_or_lies_behind_a_card_is_counted_not_drawn() -> None:
    folded = draw(selling(collapsed=True))
    assert seen(folded) == {"Leads", "Selling", "Won"}
    assert "2 cards" in folded and "Selling (Group), 2 cards inside" in folded
    assert "Offer (Stage), 2 cards inside" in draw(selling())
    assert "8 nodes · 5 flows" in folded  # the map is as large as it was


def test_a_folded_lane_is_one_card_with_the_flows_of_all_its_nodes() -> None:
    teams = {"lead": "Marketing", "nurture": "Marketing", "deal": "Sales", "won": "Sales"}
    nodes = {node: {"kind": "stage", "label": node.title(), "team": team} for node, team in teams.items()}
    flows = {
        f"f{i}": {"source": source, "target": target, "kind": "flow"}
        for i, (source, target) in enumerate(
            [("lead", "deal"), ("nurture", "deal"), ("lead", "nurture"), ("deal", "won")]
        )
    }
    elements = Elements(attributes={"name": "Sales", "lanes": "team"}, nodes=nodes, flows=flows)
    elements.positions["lifecycle"] = {node: {"x": x, "y": y} for node, (x, y) in arrange(elements).items()}
    whole = scene_of(elements, lens=None, within=None, overlay=None)
    assert (set(whole.cards), len(whole.flows)) == (set(teams), 4)
    elements.attributes["folded_lanes"] = ["Marketing"]
    picture = draw(elements)
    assert seen(picture) == {"Marketing", "Deal", "Won"}
    assert "Marketing (Group), 2 cards inside" in picture and "2 flows" in picture
    assert "4 nodes · 4 flows" in picture


def test_flows_of_what_is_folded_away_are_one_line_between_the_same_two() -> None:
    scene = scene_of(selling(collapsed=True), lens=None, within=None, overlay=overlay("x"))
    assert [(flow.source, flow.target) for flow in scene.flows] == [("leads", "selling"), ("selling", "won")]
    assert scene.flows[1].attributes == {"kind": "flow", "label": "2 flows", "volume": 8}
    assert "2 flows" in words_of(draw(selling(collapsed=True)))
    assert scene.flows[0].attributes["volume"] == 4 and scene.flows[0].paint == overlay("x").flows["f0"]


def test_what_happens_and_is_not_drawn_is_dashed_with_a_hollow_head_and_moves_nothing_that_is_drawn() -> None:
    ghosts = [
        Ghost("offer", "leads", Paint(heat=1.0, text="12 %", detail="24 cases", width=0.0), "They go back."),
        Ghost("leads", "offer", Paint(text="never painted"), "It is drawn."),
    ]
    answer = overlay("x")
    plain = draw(selling(), overlay=answer)
    answer.ghosts = ghosts
    answer.legend = Legend("Cases", "", [], "Happens, but is not drawn")
    painted = draw(selling(), overlay=answer)
    lines = re.compile(r'<path d="([^"]+)" fill="none" stroke="#\w+" stroke-width="[\d.]+"/>')
    assert set(lines.findall(plain)) <= set(lines.findall(painted))
    assert painted.count('stroke-dasharray="9 7"') == 1 + 1  # the flow, at its least width, and the legend
    hollow = f'fill="{THEMES["light"]["background"]}" stroke='
    assert painted.count(hollow) - plain.count(hollow) == 1 + 1  # the head of the flow, and that in the legend
    words = " ".join(words_of(painted).split())
    assert "12 % 24 cases" in words and "They go back." in words and "Happens, but is not drawn" in words
    assert "never painted" not in words


def test_a_ghost_of_what_is_folded_away_leads_to_what_shows_it() -> None:
    answer = overlay("x")
    answer.ghosts = [
        Ghost(a, b, Paint(text=a + b), a) for a, b in (("won", "offer"), ("won", "contract"), ("contract", "offer"))
    ]
    scene = scene_of(selling(collapsed=True), lens=None, within=None, overlay=answer)
    found = [(flow.source, flow.target, flow.paint) for flow in scene.flows if flow.is_ghost]
    assert found == [("won", "selling", Paint(text="wonoffer"))]


def test_a_bundle_is_as_hot_as_its_hottest_flow_and_as_wide_as_all() -> None:
    answer = overlay("x")
    answer.flows |= {"f3": Paint(heat=0.2, width=1.0), "f4": Paint(heat=0.9, width=2.0, text="hot")}
    scene = scene_of(selling(collapsed=True), lens=None, within=None, overlay=answer)
    assert scene.flows[1].paint == Paint(heat=0.9, width=3.0)


def test_a_map_behind_a_node_is_drawn_alone_under_both_names() -> None:
    picture = draw(selling(), within="offer")
    assert seen(picture) == {"Draft", "Send"} and "2 nodes · 1 flow<" in picture
    assert "Sales › Offer" in words_of(picture)
    assert "Nothing lies in here yet" in words_of(draw(selling(), within="leads"))


def test_only_what_exists_and_can_hold_something_is_drawn_from_within() -> None:
    with pytest.raises(EditError, match="no node 'ofer'; did you mean 'offer'"):
        draw(selling(), within="ofer")
    with pytest.raises(
        EditError, match="within 'won', which is of the kind 'end'; what can hold others: stage, activity, "
    ):
        draw(selling(), within="won")


def test_a_group_that_is_warmed_or_commented_on_shows_it_on_its_frame() -> None:
    elements = selling()
    elements.comments["c1"] = {"on": "selling", "text": "Too slow"}
    answer = overlay("31 % lost")
    answer.nodes["selling"] = Paint(heat=1.0, text="31 % lost")
    frame = draw(elements, overlay=answer).split("<title>Selling (Group)")[1].split("</g>")[0]
    assert "31 % lost" in frame and MARKS["comment"] in frame and HEAT["light"][-1] in frame


def test_a_nested_map_too_large_for_cards_shows_its_frames_and_blocks() -> None:
    blocks = draw(selling(), max_cards=3)
    assert "Selling (Group)" in blocks and "(Stage)" not in blocks
