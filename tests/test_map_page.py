"""A map as one HTML file: small, without anything from outside, and without a row of what is attached."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import planted
import pytest
from test_formats_svg import HOSTILE

import crmwidget as crm
from crmwidget import widget
from crmwidget.analysis import registry
from crmwidget.graph.elements import Elements

VOID = {"meta"}


class Read(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data

    @property
    def data(self) -> Any:
        return json.loads(self.scripts[0])

    @property
    def policy(self) -> str:
        return next(a["content"] or "" for tag, a in self.tags if tag == "meta" and a.get("http-equiv"))


def full(n: int) -> crm.CrmMap:
    """A map of `n` nodes with every attribute that a card shows, and a painted answer."""
    nodes = {
        f"n{i}": {
            "kind": "stage",
            "label": f"Stage of the customer's way number {i}",
            "team": f"Team {i % 7}",
            "owner": f"Owner {i % 5}",
            "objective": "What it is there for, in a sentence that fills its lines",
            "systems": ("Salesforce", "HubSpot"),
        }
        for i in range(n)
    }
    flows = {f"f{i}": {"kind": "flow", "source": f"n{i * 2 // 3}", "target": f"n{i + 1}"} for i in range(n - 1)}
    m = crm.CrmMap("Full", elements=Elements(nodes=nodes, flows=flows))
    frame = pd.DataFrame({"key": range(4 * n), "stage": [f"n{i % n}" for i in range(4 * n)], "amount": 1.5})
    m.attach(frame, key="key", stage="stage")
    for node in nodes:
        m.show_metric(node, label="open", value=("amount", "sum"), unit="€", target=10)
        m.show_metric(node, label="rows", value="count")
    crm.conversion(m).show()
    return m


def test_a_page_of_a_hundred_full_cards_is_under_a_megabyte(tmp_path: Path) -> None:
    path = full(100).to_html(tmp_path / "map.html")
    assert 300_000 < path.stat().st_size < 1_000_000


def test_a_page_has_nothing_to_fetch_and_its_policy_would_let_nothing_in() -> None:
    page = full(12).to_html()
    read = Read(page)
    assert {tag for tag, _ in read.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "div", "script"),
        *("svg", "desc", "g", "rect", "path", "text", "tspan", "polyline"),
    }
    fetching = {"src", "href", "xlink:href", "srcset", "action", "background", "poster", "data"}
    assert [a for _, a in read.tags if fetching & set(a) or any(name.startswith("on") for name in a)] == []
    around = page.replace(read.scripts[0], "")
    assert set(re.findall(r"\w+://[^\"'\s<]*", around)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in around and "@import" not in around
    digest = base64.b64encode(hashlib.sha256(read.scripts[1].encode()).digest()).decode()
    assert read.policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{digest}' blob:",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_canvas_in_it_is_the_one_of_the_notebook_and_shows_the_same_map() -> None:
    m = full(5)
    data = Read(m.to_html()).data
    shown = m.widget.session.document()
    assert data["bundle"] == widget.BUNDLE.read_text(encoding="utf-8")
    for part in ("map", "nodes", "flows", "positions", "cards", "overlays"):
        assert data["map"][part] == shown[part]


@pytest.mark.parametrize("text", [*HOSTILE, "</script><!--", "<!--<script>", "</SCRIPT >", "a\u2028b\u2029c"])
def test_a_hostile_name_stays_text_in_the_page_the_picture_and_the_data(text: str) -> None:
    text = "".join(c for c in text if c.isprintable() or c in "\u202e\u2028\u2029")  # what a map takes as a label
    m = crm.CrmMap(f"Name {text}")
    m.add_stage(f"Label {text}", owner=text)
    m.comment(m.add("system", "Next"), f"Text {text}", author=f"By {text}")
    page = m.to_html(comments=True)
    read = Read(page)
    assert len(read.scripts) == 2
    assert [tag for tag, _ in read.tags if tag in ("img", "b", "iframe")] == []
    nodes = read.data["map"]["nodes"]
    assert [node["label"] for node in nodes.values()] == [a["label"] for a in m.elements.nodes.values()]
    assert [c["text"] for c in read.data["map"]["comments"].values()] == [c.text for c in m.comments.values()]
    for picture in re.findall(r"<svg .*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(picture)


def test_no_row_of_a_table_or_a_log_is_in_it() -> None:
    """Names, addresses and keys are planted in every column that nobody asked to see, and searched in every byte."""
    m = planted.mapped(300)
    node = next(iter(m.graph))
    m.attach(planted.deals(300), to=node, key="opportunity_id", name="of one node")
    m.show_metric(node, label="rows", value="count", table="of one node")
    m.show_metric(node, label="first", value=lambda rows: float(len(rows["mail"])), table="of one node")
    m.filter(segment="Enterprise")
    asked = [name for name in registry.questions() if not registry.missing(m, name)]
    assert len(asked) > 5
    for name in asked:
        registry.ask(m, name).show()
    assert set(asked) <= set(m.overlays)
    for page in (m.to_html(), m.to_html(comments=True)):
        told = page.replace(
            json.dumps(Read(page).data["bundle"]).replace("<", "\\u003c"), ""
        )  # its digits are any signs
        assert len(told) < len(page) - 100_000
        assert "ZoraQuill" not in page and "@" not in re.sub(r"@media|@keyframes", "", told)
        assert Read(page).data["map"]["about"] == {
            "questions": [
                {"name": name, "title": shown.title, "group": "", "missing": ""} for name, shown in m.overlays.items()
            ],
            "templates": [],
            "author": "",
            "filter": None,
            "unmatched": [],
        }


def test_an_answer_asked_by_segment_is_in_it_for_each_segment_and_holds_back_what_its_table_does() -> None:
    rows = [
        (f"{segment}{i}", activity, f"2026-01-{day:02}", segment)
        for segment, n, n_won in (("North", 40, 30), ("East", 50, 40), ("South", 30, 28), ("West", 2, 1))
        for i in range(n)
        for day, activity in ((1, "Lead"), (2, "Won" if i < n_won else "Lost"))
    ]
    frame = pd.DataFrame(rows, columns=["case", "step", "at", "sales_region"]).astype({"at": "datetime64[us]"})
    log = crm.EventLog(frame, case="case", activity="step", timestamp="at", attributes=["sales_region"])
    m = crm.from_text("Lead -> Won", name="By region")
    m.add_flow("lead", m.add("end", "Lost", outcome="lost"))
    m.attach(log)
    assert Read(m.to_html()).data["segments"] == {}
    result = crm.conversion(m, by="sales_region").show()
    crm.flows(m).show()
    data = Read(m.to_html()).data
    assert list(data["segments"]) == ["conversion"]
    assert data["segments"]["conversion"]["by"] == "sales_region"
    parts = data["segments"]["conversion"]["parts"]
    public = result.public
    assert public is not None
    for segment, shown in parts.items():
        mine = public[public["segment"] == segment].set_index("node")
        for node, paint in shown["nodes"].items():
            n_entered = mine.loc[node, "n_entered"]
            assert paint["text"].split()[0] == ("…" if pd.isna(n_entered) else str(n_entered))
        assert shown["table"]["columns"] == ["Stage", "Entered", "Went on", "Lost", "Open"]
    assert "North" in parts and parts["North"]["nodes"]["lead"]["text"] == "40 · 25\u202f% lost"
    assert parts["South"]["nodes"]["lost"]["text"].startswith("…")  # two
    assert "West" not in parts or {p["text"][0] for p in parts["West"]["nodes"].values()} == {"…"}
    (field,) = data["map"]["about"]["filter"]["fields"]
    assert (field["title"], [choice["value"] for choice in field["choices"]]) == ("Sales region", list(parts))
    crm.conversion(m).show()
    assert Read(m.to_html()).data["segments"] == {}


def test_comments_and_who_wrote_them_are_in_it_only_when_they_are_asked_for() -> None:
    m = crm.from_text("Lead -> Deal", name="Sales")
    m.author = "Ann Archer"
    m.comment("deal", "Zora Quill is angry")
    m.comment("lead", "So is Bo", author="Cleo Clark")
    without, everything = m.to_html(), m.to_html(comments=True)
    for secret in ("Ann Archer", "Zora Quill", "Cleo Clark"):
        assert secret not in without and secret in everything
    assert len(Read(everything).data["map"]["comments"]) == 2
    assert without.count("<svg ") == 2  # no picture tells either how many there are
    bare = crm.from_text("Lead -> Deal", name="Sales")
    assert re.findall("<svg .*", without) == re.findall("<svg .*", bare.to_html())


def test_what_a_map_was_before_is_not_in_it() -> None:
    m = crm.from_text("Lead -> Deal", name="Sales")
    m.update("deal", label="Zora Quill")
    m.update("deal", label="Customer")
    m.undo()
    m.redo()
    assert m.history.done and "Zora Quill" not in m.to_html()


def test_the_same_map_gives_the_same_page_and_is_left_as_it_was() -> None:
    m = full(8)
    first, revision = m.to_html(), m.revision
    m.widget.read_only = False
    assert m.to_html() == first and m.revision == revision
    assert Read(first).data["map"]["seq"] == 0


def test_numbers_are_written_as_the_map_writes_them() -> None:
    m = full(3)
    m.write_in("de-DE")
    assert Read(m.to_html()).data["locale"] == "de-DE"


def test_a_checkout_without_a_built_canvas_is_told_to_build_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(widget, "BUNDLE", tmp_path / "widget.js")
    with pytest.raises(crm.CrmWidgetError, match="make setup"):
        crm.CrmMap("Sales").to_html()
