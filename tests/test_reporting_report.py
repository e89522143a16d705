"""What a report is made of: the questions, the plan, maps of all kinds, and where it goes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import pytest
from report_reading import Read, secret_map, voted_map
from test_formats_svg import HOSTILE

import crmwidget as crm
from crmwidget.analysis import registry
from crmwidget.analysis.chart import Chart
from crmwidget.analysis.result import Result
from crmwidget.data.privacy import count_text
from crmwidget.graph.elements import Elements
from crmwidget.shown import Finding


@pytest.fixture(scope="module")
def sales() -> crm.CrmMap:
    return voted_map()


@pytest.fixture(scope="module")
def made(sales: crm.CrmMap) -> Any:
    return crm.report(sales)


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
