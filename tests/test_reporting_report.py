"""A report is one page that says whole truths: read as a browser reads it, and searched for what must not be in."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import planted
import pytest
from test_formats_svg import HOSTILE

import crmwidget as crm
from crmwidget.analysis import registry
from crmwidget.analysis.chart import Chart
from crmwidget.analysis.result import Result
from crmwidget.data.privacy import count_text
from crmwidget.graph.elements import Elements
from crmwidget.shown import Finding

VOID = {"meta", "img"}
COUNTED = re.compile(r"\d (open )?(cases|opportunities|rows)")


class Read(HTMLParser):
    """The elements of a page: tag, attributes, text within, and what they stand in."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[Element] = []
        self.open: list[Element] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self.open))
        self.all.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append(Element(tag, {name: value or "" for name, value in attrs}, list(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def tags(self, *tags: str) -> list[Element]:
        return [element for element in self.all if element.tag in tags]

    def of_class(self, name: str) -> list[Element]:
        return [element for element in self.all if name in element.attributes.get("class", "").split()]

    def within(self, element: Element, *tags: str) -> list[Element]:
        return [one for one in self.all if element in one.above and (not tags or one.tag in tags)]

    def section(self, title: str) -> Element:
        (found,) = (one for one in self.tags("section") if any(h.text == title for h in self.within(one, "h2")))
        return found

    def rows(self, element: Element) -> list[list[str]]:
        """The texts of the cells in it, row by row, the headings first."""
        return [[cell.text for cell in self.within(row, "th", "td")] for row in self.within(element, "tr")]


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], above: list[Element]) -> None:
        self.tag, self.attributes, self.above, self.text = tag, attributes, above, ""


def secret_map(n: int = 300) -> crm.CrmMap:
    """A map with a log and a table; names, addresses and keys are planted in every column that nobody asked to see."""
    m = planted.mapped(n)
    m.show_metric("qualification", label="open", value=("amount", "sum"), unit="€", target=1_000_000)
    m.update("demo", owner="Ann")
    m.update("offer", owner="Bo", team="Sales")
    return m


@pytest.fixture(scope="module")
def sales() -> crm.CrmMap:
    m = secret_map()
    m.vote(next(iter(m.graph)), by="Ada")
    return m


@pytest.fixture(scope="module")
def made(sales: crm.CrmMap) -> Any:
    return crm.report(sales)


@pytest.fixture(scope="module")
def read(made: Any) -> Read:
    return Read(made.html)


@pytest.fixture
def own() -> Iterator[Callable[..., None]]:
    """Registers a question for the length of one test."""
    names: list[str] = []

    def register(name: str, function: Callable[..., Result]) -> None:
        function.__name__ = function.__qualname__ = name
        crm.question(title=f"Own {name}")(function)
        names.append(name)

    yield register
    for name in names:
        registry.forget(name)


# ---- a page that anyone can read -------------------------------------------------------------------


def test_a_report_has_a_language_headings_in_order_captions_scopes_and_alternatives(read: Read) -> None:
    assert read.tags("html")[0].attributes["lang"] == "en"
    levels = [int(heading.tag[1]) for heading in read.tags("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in read.tags("table"):
        (caption,) = read.within(table, "caption")
        assert caption.text.strip()
        assert all(cell.attributes["scope"] in ("col", "row") for cell in read.within(table, "th"))
        widths = {len(row) for row in read.rows(table)}
        assert len(widths) == 1
    assert read.tags("table") and read.tags("img")
    for picture in read.tags("img"):
        assert picture.attributes["alt"].startswith("Chart: ")
    for section in read.tags("section"):
        assert section.attributes["aria-labelledby"] in {h.attributes.get("id") for h in read.tags("h2")}


def test_every_link_leads_to_a_place_of_the_page_and_every_place_is_there_once(read: Read) -> None:
    ids = [one.attributes["id"] for one in read.all if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    targets = [one.attributes["href"] for one in read.all if "href" in one.attributes]
    assert len(targets) > 50 and all(target.startswith("#") and target[1:] in ids for target in targets)
    labelled = [one.attributes["aria-labelledby"] for one in read.all if "aria-labelledby" in one.attributes]
    assert set(labelled) <= set(ids)


def test_a_report_has_nothing_to_fetch_and_nothing_to_run_and_its_policy_would_let_nothing_in(
    read: Read, made: Any
) -> None:
    assert {one.tag for one in read.all} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "nav", "section", "figure", "figcaption"),
        *("h1", "h2", "h3", "p", "ul", "li", "a", "div", "span", "strong", "b", "dl", "dt", "dd", "img"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("svg", "desc", "g", "rect", "path", "text", "tspan", "polyline"),
    }
    assert not any(name.startswith("on") or name == "style" for one in read.all for name in one.attributes)
    assert all(one.attributes["src"].startswith("data:image/svg+xml,") for one in read.tags("img"))
    page = unquote(made.html)
    assert set(re.findall(r"\w+://[^\"'\s<&]*", page)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in page and not re.search(r"url\((?!#)", page)
    digest = base64.b64encode(hashlib.sha256(read.tags("style")[0].text.encode()).digest()).decode()
    policy = next(one.attributes["content"] for one in read.tags("meta") if "http-equiv" in one.attributes)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_its_pictures_are_whole_and_there_in_light_and_dark(read: Read, made: Any) -> None:
    charts = [unquote(one.attributes["src"].partition(",")[2]) for one in read.tags("img")]
    maps = re.findall(r"<svg .*?</svg>", made.html, re.DOTALL)
    assert len(maps) == 3 and len(charts) % 2 == 0
    for picture in (*charts, *maps):
        ElementTree.fromstring(picture)
    for name in ("light", "dark"):
        assert len(read.of_class(name)) == 1 + len(charts) // 2


def test_the_same_map_gives_the_same_bytes_whatever_the_process() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_reporting_report import secret_map, crm\n"
        "m = secret_map(100)\n"
        "sys.stdout.buffer.write(crm.report(m, ['rework', 'bottlenecks', 'conformance', 'kpis']).html.encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": "."}
    root = Path(__file__).parent.parent
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, env=environment, capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode()
    here = crm.report(secret_map(100), ["rework", "bottlenecks", "conformance", "kpis"]).html
    assert ran.stdout == here.encode() and len(here) > 30_000


def test_asking_again_gives_the_same_page_and_leaves_the_map_as_it_was(sales: crm.CrmMap, made: Any) -> None:
    revision, painted = sales.revision, dict(sales.overlays)
    assert crm.report(sales).html == made.html
    assert (sales.revision, dict(sales.overlays)) == (revision, painted)


# ---- whole truths ------------------------------------------------------------------------------------


def test_every_question_says_how_much_it_is_of(read: Read) -> None:
    titles = [question.title for question in registry.questions().values() if question.origin.startswith("crmwidget.")]
    for title in titles:
        section = read.section(title)
        bases = [one.text for one in read.within(section, "p") if one.attributes.get("class") == "base"]
        assert len(bases) == 1 and COUNTED.search(bases[0]), title
        for caption in read.within(section, "caption"):
            assert COUNTED.search(caption.text), title


def test_every_share_in_a_table_stands_beside_the_count_that_it_is_of(sales: crm.CrmMap, read: Read) -> None:
    n_shares = 0
    for name, question in registry.questions().items():
        tables = read.within(read.section(question.title), "table")
        for cells in (row for table in tables for row in read.rows(table)[1:]):
            shares = [cell for cell in cells[1:] if re.fullmatch(r"[\d.]+\u202f%", cell)]
            counts = [cell for cell in cells[1:] if re.fullmatch(r"[\d\u202f]+|<5", cell)]
            n_shares += len(shares)
            assert counts or not shares, (name, cells)
    assert n_shares > 50
    # Of the figures over periods it is the base of the period that is shown.
    kpis = crm.kpis(sales)
    (table,) = read.within(read.section("Performance against targets"), "table")
    head, *rows = read.rows(table)
    assert head[:4] == ["Stage", "Figure", "Of", "Latest"]
    public = pd.DataFrame(kpis.to_dict()["rows"])
    for label, figure, base, *_ in rows:
        known = public[(public["label"] == label) & (public["kpi"] == figure) & public["value"].notna()]
        n_base = known["n_base"].iloc[-1]
        assert base == ("–" if pd.isna(n_base) else count_text(int(n_base)))


def test_the_numbers_at_the_beginning_are_those_of_the_log_each_with_what_it_is_of(
    sales: crm.CrmMap, read: Read
) -> None:
    tiles = [one for one in read.tags("div") if read.within(one, "dt") and one.attributes == {}]
    told = {
        read.within(tile, "dt")[0].text: [dd.text.replace("\u202f", "") for dd in read.within(tile, "dd")]
        for tile in tiles
    }
    events = sales.logs["log"].log.to_frame()
    last = events.groupby("case", sort=False)["activity"].last()
    first_at, last_at = (getattr(events.groupby("case")["timestamp"], how)() for how in ("min", "max"))
    closed = last.isin(["Won", "Lost"])
    n, n_closed, n_won = len(last), int(closed.sum()), int((last == "Won").sum())
    days = (last_at - first_at)[closed[closed].index].median() / pd.Timedelta(days=1)
    assert told["Cases"] == [str(n), f"with {len(events)} events"]
    assert told["Closed"] == [f"{100 * n_closed / n:.3g}%", f"{n_closed} of {n} cases"]
    assert told["Won"] == [f"{100 * n_won / n_closed:.3g}%", f"{n_won} of {n_closed} closed"]
    assert told["Throughput time"] == [f"{days:.3g}d", f"median of {n_closed} closed cases"]
    assert told["Rows"] == ["300", "in the table “deals”, one per opportunity_id"]
    assert read.of_class("of")[0].text == "Data of January to October 2025 · 300 cases"


def test_every_node_that_a_finding_speaks_of_is_linked_from_it_and_links_back(sales: crm.CrmMap, read: Read) -> None:
    by_id = {one.attributes["id"]: one for one in read.all if "id" in one.attributes}
    n_checked = 0
    for place, (name, _) in enumerate(registry.questions().items()):
        for n, finding in enumerate(registry.ask(sales, name).findings):
            anchor = f"finding-{place + 1}-{n + 1}"
            told = by_id[anchor]
            assert finding.sentence in told.text and finding.evidence in told.text
            ends = [sales.graph.edges[e] for e in sales.graph.edges(keys=True) if e[2] in finding.flows]
            assert len(ends) == len(finding.flows)
            targets = {link.attributes["href"] for link in read.within(told, "a")}
            for node in finding.nodes:
                assert f"#node-{node}" in targets
                back = {link.attributes["href"] for link in read.within(by_id[f"node-{node}"], "a")}
                assert {f"#{anchor}", f"#map-{node}"} <= back
                assert by_id[f"map-{node}"].attributes["href"] == f"#node-{node}"
                n_checked += 1
    assert n_checked > 20


def test_a_place_in_the_picture_lies_on_the_card_of_its_node(sales: crm.CrmMap, made: Any) -> None:
    layers = re.findall(r"<svg .*?</svg>", made.html, re.DOTALL)
    light, _, places = map(ElementTree.fromstring, layers)
    assert light.get("viewBox") == places.get("viewBox")
    space = "{http://www.w3.org/2000/svg}"
    for link in places.iter(f"{space}a"):
        node = link.get("id", "").removeprefix("map-")
        (rect,) = link
        x, y = sales.positions[node]
        assert abs(float(rect.get("x", 0)) + float(rect.get("width", 0)) / 2 - x) < 0.2
        assert abs(float(rect.get("y", 0)) + float(rect.get("height", 0)) / 2 - y) < 0.2


def test_no_row_of_a_table_or_a_log_is_in_any_byte(made: Any) -> None:
    for text in (
        made.html,
        unquote(made.html),
        made._repr_html_(),
        repr(made),
        made.plan.to_csv(),
        made.findings.to_csv(),
    ):
        assert "ZoraQuill" not in text and "private.example" not in text
    assert "@" not in re.sub(r"@media|@page|@bottom-right", "", unquote(made.html))


def test_what_is_too_small_to_be_told_is_not_told_at_the_beginning_either() -> None:
    def lost(n_lost: int, n_open: int) -> list[str]:
        endings = ["Won"] * (40 - n_lost - n_open) + ["Lost"] * n_lost + ["Offer"] * n_open
        rows = [
            {"case": i, "what": what, "at": pd.Timestamp("2026-01-01") + pd.Timedelta(days=day)}
            for i, end in enumerate(endings)
            for day, what in enumerate(("Lead", end))
        ]
        m = crm.from_text("Lead -> Offer -> Won", name="Small")
        ends = sorted({*endings} - {"Offer"})
        m.attach(crm.EventLog(pd.DataFrame(rows), case="case", activity="what", timestamp="at", ends=ends))
        read = Read(crm.report(m, ["flows"]).html)
        return [one.text.replace("\u202f", " ") for one in read.tags("dd")]

    assert lost(10, 0)[4:6] == ["75 %", "30 of 40 closed"]
    assert lost(3, 0)[4:6] == ["…", "of 40 closed; too few to be told apart"]
    assert lost(10, 2)[2:4] == ["…", "of 40 cases; too few to be told apart"]
    assert lost(0, 3) == ["40", "with 80 events", "…", "of 40 cases; too few to be told apart"]
    assert not any("37" in text for text in lost(3, 0))


# ---- what is asked -----------------------------------------------------------------------------------


def test_without_questions_all_that_can_be_asked_are_and_the_others_are_named_with_their_reason() -> None:
    m = crm.from_text("Lead -> Demo -> Won", name="Sales")
    m.attach(crm.samples.opportunities(400), key="opportunity_id", stage="stage")
    made = crm.report(m)
    able, unable = [], {}
    for name, question in registry.questions().items():
        if reason := registry.missing(m, name):
            unable[question.title] = reason
    for name, question in registry.questions().items():
        if question.title not in unable:
            try:
                registry.ask(m, name)
                able.append(question.title)
            except crm.AnalysisError as error:  # it can be asked, and finds that it needs more
                unable[question.title] = str(error)
    assert able and len(unable) > 5
    assert dict(made.left_out.itertuples(index=False, name=None)) == unable
    read = Read(made.html)
    told = [item.text for item in read.within(read.section("About this report"), "li")]
    assert [f"{title}: {reason}" for title, reason in unable.items()] == told[-len(unable) :]
    headings = [h.text for h in read.tags("h2")]
    assert headings == ["In brief", *able, "Plan", "Nodes", "About this report"]


def test_questions_are_names_functions_or_answers(sales: crm.CrmMap) -> None:
    by_segment = crm.conversion(sales, log="log", by="segment")
    made = crm.report(sales, ["variants", crm.bottlenecks, by_segment], title="Three")
    titles = [h.text for h in Read(made.html).tags("h2")]
    assert titles == ["In brief", "Figures on the map", "Variants", "Bottlenecks", by_segment.title, *titles[-3:]]
    assert set(made.findings["question"]) <= {"Variants", "Bottlenecks", by_segment.title}
    with pytest.raises(crm.AnalysisError, match="did you mean 'bottlenecks'"):
        crm.report(sales, ["bottlenek"])
    with pytest.raises(crm.AnalysisError, match=r"given 7"):
        crm.report(sales, [7])  # type: ignore[list-item]


def test_a_question_that_fails_is_shown_as_its_message_and_the_report_still_comes(
    sales: crm.CrmMap, own: Callable[..., None]
) -> None:
    def refusing(m: Any) -> Result:
        raise crm.AnalysisError("Give it a <goal>.")

    def broken(m: Any) -> Result:
        raise ValueError("row 7: ZoraQuill7@private.example")

    own("refusing", refusing)
    own("broken", broken)
    made = crm.report(sales, ["refusing", "broken", "variants"])
    read = Read(made.html)
    assert [one.text for one in read.of_class("trouble")] == [
        "No answer. Give it a <goal>.",
        "No answer. The question failed (ValueError).",
    ]
    assert read.within(read.section("Variants"), "table") and "ZoraQuill" not in made.html
    assert made.failed["question"].tolist() == ["Own refusing", "Own broken"]


def test_a_question_that_is_given_up_ends_the_report(sales: crm.CrmMap) -> None:
    def give_up(share: float | None, text: str) -> None:
        raise crm.CancelledError("enough")

    with pytest.raises(crm.CancelledError):
        crm.report(sales, ["variants"], progress=give_up)


def test_progress_goes_from_question_to_question(sales: crm.CrmMap) -> None:
    told: list[tuple[float | None, str]] = []
    crm.report(sales, ["variants", "flows"], progress=lambda share, text: told.append((share, text)))
    assert told[0] == (0.0, "Variants") and (0.5, "Flows and their times") in told
    assert [share for share, _ in told] == sorted(share for share, _ in told if share is not None)


def test_a_log_that_is_given_is_asked_though_none_is_attached() -> None:
    sample = crm.samples.events(100)
    log = crm.EventLog(sample.events, case="case_id", activity="activity", timestamp="finished_at", ends=sample.ends)
    m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Contract -> Won", name="Sales")
    made = crm.report(m, log=log)
    assert "Variants" in set(made.findings["question"]) and "100 cases" in made.html and not m.logs
    assert made.failed.empty and made.left_out["question"].tolist() == ["Most votes first", "Hand-offs"]


def test_the_filter_of_the_map_holds_and_is_told() -> None:
    m = secret_map(200)
    m.filter(segment="Enterprise")
    made = crm.report(m, ["variants"])
    n = crm.variants(m).table["n_all"].iloc[0]
    read = Read(made.html)
    assert [one.text for one in read.of_class("of")][1] == "Narrowed to segment Enterprise"
    assert f"{n} cases" in read.of_class("of")[0].text and n < 200


# ---- the plan ------------------------------------------------------------------------------------------


def test_the_plan_is_what_the_findings_suggest_each_once_the_worst_first_with_the_owners(
    sales: crm.CrmMap, made: Any
) -> None:
    suggestions = {
        finding.suggestion: finding.severity
        for name in registry.questions()
        for finding in reversed(registry.ask(sales, name).findings)
        if finding.suggestion
    }
    assert sorted(made.plan["what"]) == sorted(suggestions)
    order = ["bad", "warn", "info", "good"]
    places = [order.index(suggestions[what]) for what in made.plan["what"]]
    assert places == sorted(places)
    demo = made.plan[made.plan["what"] == "Ask what cases at Demo wait for, and who could do it sooner."].iloc[0]
    assert (demo["who"], demo["where"]) == ("Ann", "Demo")
    steps = [one.text for one in Read(made.html).of_class("step")]
    assert len(steps) == len(made.plan) and sum("Who: Ann" in step for step in steps) >= 1
    assert any("Who: nobody yet" in step for step in steps)


def test_a_plan_that_is_given_stands_instead(sales: crm.CrmMap) -> None:
    plan = [
        "Call them",
        {"what": "Train <all>", "where": "demo"},
        {"what": "Hire", "who": "Cleo", "where": ["demo", "offer"]},
    ]
    made = crm.report(sales, ["variants"], plan=plan)
    assert made.plan[["what", "who", "where"]].to_numpy().tolist() == [
        ["Call them", "", ""],
        ["Train <all>", "Ann", "Demo"],
        ["Hire", "Cleo", "Demo, Offer"],
    ]
    assert len(Read(made.html).of_class("step")) == 3
    assert crm.report(sales, ["variants"], plan=[]).plan.empty
    for wrong, message in (
        ([{"what": "x", "were": "demo"}], "did you mean 'where'"),
        ([{"what": "x", "where": "demoo"}], "did you mean 'demo'"),
        ([{"who": "Ann"}], "says what to do"),
        ([7], "list of texts"),
    ):
        with pytest.raises(crm.AnalysisError, match=message):
            crm.report(sales, ["variants"], plan=wrong)  # type: ignore[arg-type]


# ---- maps of all kinds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_text_wherever_it_stands(text: str, own: Callable[..., None]) -> None:
    text = "".join(c for c in text if c.isprintable() or c == "\u202e")

    def hostile(m: Any) -> Result:
        """What about <script>?"""
        finding = Finding("bad", f"S {text}", f"E {text}", f"N {text}", list(m.graph), ["no such flow"])
        frame = pd.DataFrame({f"C {text}": [text], "n_x": [50]})
        chart = Chart(f"C {text}", {"title": text, "mark": "bar", "data": {"values": [{"a": text, "b": 1}]}})
        return Result("hostile", f"R {text}", frame, findings=[finding], notes=[f"O {text}"], drawing=chart)

    own("hostile", hostile)
    m = crm.CrmMap(f"Name {text}")
    m.add_stage(f"Label {text}", owner=text)
    m.add_stage("Next", id=f"x{text}"[:40] if text.isprintable() else "next")
    m.comment(next(iter(m.graph)), "Zora said so", author="Zora")
    made = crm.report(m, ["hostile"], title=f"T {text}", at=f"A {text}")
    read = Read(made.html)
    assert not read.tags("script", "iframe") and len(read.tags("img")) == 2
    assert "Zora" not in made.html and "1 comment" not in made.html
    ids = [one.attributes["id"] for one in read.all if "id" in one.attributes]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[\w-]+", one) for one in ids)
    for picture in re.findall(r"<svg .*?</svg>", made.html, re.DOTALL):
        ElementTree.fromstring(picture)
    for picture in read.tags("img"):
        ElementTree.fromstring(unquote(picture.attributes["src"].partition(",")[2]))
    assert Read(made._repr_html_()).tags("iframe")[0].attributes["sandbox"] == ""


def test_a_node_that_is_folded_away_leads_to_what_shows_it() -> None:
    m = crm.from_text("Lead -> Demo -> Won", name="Sales")
    group = m.add("group", "Team")
    m.update("demo", parent=group)
    m.update(group, collapsed=True)
    m.attach(crm.samples.opportunities(400), key="opportunity_id", stage="stage")
    read = Read(crm.report(m, ["conversion"], plan=[{"what": "Look", "where": "demo"}]).html)
    (row,) = (one for one in read.tags("tr") if one.attributes.get("id") == "node-demo")
    assert read.within(row, "a")[0].attributes["href"] == f"#map-{group}"


def test_nodes_whose_ids_look_alike_have_places_of_their_own() -> None:
    m = crm.CrmMap("Alike")
    for node in ("a b", "a-b", "a/b"):
        m.add_stage(f"Stage {node}", id=node)
    read = Read(crm.report(m, [], plan=[{"what": "Look", "where": ["a b", "a-b", "a/b"]}]).html)
    ids = [one.attributes["id"] for one in read.all if "id" in one.attributes]
    assert len(ids) == len(set(ids)) and not any(" " in one or "/" in one for one in ids)
    by_id = {one.attributes["id"]: one for one in read.all if "id" in one.attributes}
    for link in read.within(read.of_class("step")[0], "a"):
        assert by_id[link.attributes["href"][1:]].text.startswith(link.text)


def test_of_a_map_too_large_for_cards_only_what_is_spoken_of_is_in_the_index() -> None:
    nodes = {f"n{i}": {"kind": "stage", "label": f"Node {i}"} for i in range(400)}
    flows = {f"f{i}": {"kind": "flow", "source": f"n{i}", "target": f"n{i + 1}"} for i in range(399)}
    m = crm.CrmMap("Large", elements=Elements(nodes=nodes, flows=flows))
    made = crm.report(m, ["conversion"], plan=[{"what": "Look", "where": "n7"}])
    read = Read(made.html)
    assert [row[0] for row in read.rows(read.section("Nodes"))[1:]] == ["Node 7"]
    assert "399 more are on the map" in made.html and len(re.findall("<svg ", made.html)) == 2
    assert made.failed["question"].tolist() == ["Conversion and drop-off"]


def test_an_empty_map_is_reported_too() -> None:
    made = crm.report(crm.CrmMap("Nothing"))
    assert made.findings.empty and len(made.left_out) == len(registry.questions())
    assert "This map has no stages yet." in made.html and Read(made.html).section("Plan")


def test_numbers_are_written_as_the_map_writes_them() -> None:
    m = secret_map(200)
    m.write_in("de-DE")
    text = Read(crm.report(m, ["variants"]).html).tags("body")[0].text.replace("\xa0", " ")
    assert re.search(r"\d+,\d %", text) and not re.search(r"\d\.\d\u202f?%", text)


def test_the_picture_shows_what_is_asked_for_else_what_the_map_shows_else_the_worst() -> None:
    m = secret_map(100)

    def painted(**options: Any) -> str:
        (caption,) = (
            one.text
            for one in Read(crm.report(m, ["variants", "bottlenecks"], **options).html).tags("figcaption")
            if one.text.startswith("The map")
        )
        return caption

    assert "Bottlenecks painted on it" in painted()
    assert "Variants painted on it" in painted(paint="variants")
    crm.variants(m).show()
    assert "Variants painted on it" in painted()
    with pytest.raises(crm.EditError, match="did you mean 'rework'"):
        crm.report(m, ["rework"], paint="rewrok")


def test_a_day_is_in_it_only_if_it_is_given(sales: crm.CrmMap) -> None:
    import datetime as dt

    dated = Read(crm.report(sales, ["variants"], at=dt.date(2026, 2, 3)).html).of_class("of")[0].text
    assert dated == "Data of January to October 2025, as of 3 February 2026 · 300 cases"


# ---- charts ------------------------------------------------------------------------------------------------


def test_without_the_extra_the_charts_are_missing_and_the_report_says_so(
    sales: crm.CrmMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    read = Read(crm.report(sales, ["bottlenecks"]).html)
    assert not read.tags("img") and read.within(read.section("Bottlenecks"), "table")
    assert "crmwidget[report]" in read.section("Bottlenecks").text


@pytest.mark.parametrize(
    "spec",
    [
        {"mark": "bar", "data": {"url": "file:///etc/hostname", "format": {"type": "csv"}}},
        {"layer": [{"mark": {"type": "image"}, "encoding": {"url": {"value": "x.png"}}}]},
        {"mark": "image", "data": {"values": [{"img": "x.png"}]}},
    ],
)
def test_a_chart_that_reads_from_outside_is_left_out(spec: dict[str, Any], own: Callable[..., None]) -> None:
    def reaching(m: Any) -> Result:
        return Result("reaching", "Reaching", pd.DataFrame({"n_x": [50]}), drawing=Chart("Reach", spec))

    own("reaching", reaching)
    read = Read(crm.report(crm.from_text("A -> B"), ["reaching"]).html)
    assert not read.tags("img") and "reads from outside" in read.section("Own reaching").text


# ---- where it goes -------------------------------------------------------------------------------------------


def test_a_report_is_written_whole_and_shows_itself_in_a_notebook(sales: crm.CrmMap, tmp_path: Path) -> None:
    made = crm.report(sales, ["variants"], tmp_path / "report.html")
    assert made.path == tmp_path / "report.html" and made.path.read_text(encoding="utf-8") == made.html
    assert repr(made).startswith("<Report 'Sales' in ")
    frame = Read(made._repr_html_()).tags("iframe")[0]
    assert frame.attributes["srcdoc"] == made.html and frame.attributes["title"] == "Sales"
    with pytest.raises(crm.EditError, match=r"\.html or \.ipynb; given 'report\.pdf'"):
        crm.report(sales, ["variants"], tmp_path / "report.pdf")


def test_real_opportunities_are_reported_without_a_name_of_an_agent_or_an_account(real_data: Path) -> None:
    deals = pd.read_csv(real_data / "crm_opportunities" / "sales_pipeline.csv")
    m = crm.from_text("Prospecting -> Engaging -> Won", name="Real")
    m.add_flow("engaging", m.add("end", "Lost", outcome="lost"))
    m.attach(deals, key="opportunity_id", stage="deal_stage")
    made = crm.report(m)
    text = unquote(made.html)
    names = {*deals["sales_agent"].unique(), *deals["account"].dropna().unique(), *deals["opportunity_id"]}
    assert [name for name in names if name in text] == []
    assert count_text(len(deals)) in text and made.failed.empty


def test_a_real_log_is_reported_with_all_its_cases(real_data: Path) -> None:
    log = crm.EventLog(
        real_data / "eventlogs" / "receipt.csv",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
    )
    m = crm.discover(log, name="Receipt")
    made = crm.report(m, log="log")
    assert made.failed.empty and f"{count_text(log.n_cases)} cases" in made.html
    assert re.search(r"case-\d{4,}", unquote(made.html)) is None
    Read(made.html)
