"""Charts: one for every question, valid, told in words too, and without what may not leave the kernel."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, get_args
from xml.etree import ElementTree

import altair
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis.chart import MIME, Chart
from crmwidget.analysis.chart_picture import VERSION
from crmwidget.analysis.chart_theme import _ANY, Colour, Theme, coloured
from crmwidget.analysis.slow_to_close_chart import AGES_SQL, LONGEST_SQL, curve
from crmwidget.data.dialects import in_dialect
from crmwidget.design import THEMES, contrast
from crmwidget.errors import AnalysisError, MissingExtraError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = pd.Timedelta(days=1)
NAMES = {"L": "Lead", "O": "Offer", "R": "Rare", "W": "Won", "X": "Lost"}
# what is planted of few: 3 cases go by Rare, 2 are lost from Lead; all others are many
PLANTED = {("LOW", "A"): 60, ("LOX", "A"): 21, ("LOLOW", "B"): 17, ("LO", "B"): 24, ("LROW", "A"): 3, ("LX", "B"): 2}


def log_of(planted: dict[tuple[str, str], int]) -> crm.EventLog:
    rows = []
    for number, ((path, segment), n) in enumerate(planted.items()):
        for i in range(n):
            begun = pd.Timestamp("2026-01-05", tz="UTC") + (i * 5 + number) * DAY
            rows += [
                (f"{path}{i}", NAMES[letter], begun + place * 2 * DAY, f"who {(i + place) % 3}", segment, 10.0)
                for place, letter in enumerate(path)
            ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "owner", "segment", "amount"])
    return crm.EventLog(
        frame,
        case="case",
        activity="activity",
        timestamp="at",
        attributes=["owner", "segment", "amount"],
        ends=["Won", "Lost"],
        now=NOW,
    )


@pytest.fixture(scope="module")
def m() -> crm.CrmMap:
    m = crm.from_text("Lead -> Offer -> Won", name="Sales")
    m.add("end", "Lost", outcome="lost")
    m.add_flow("offer", "lost")
    m.update("lead", target_cases=3, capacity=4)
    m.update("offer", target_conversion_rate=0.9)
    m.attach(log_of(PLANTED))
    stages = ["Lead"] * 30 + ["Offer"] * 20 + ["Won"] * 40 + ["Lost"] * 3 + ["Nowhere"] * 2
    m.attach(pd.DataFrame({"stage": stages, "amount": 100.0}), stage="stage", name="deals")
    m.vote("offer", by="Ada")
    return m


QUESTIONS: dict[str, Callable[[Any], crm.Result]] = {
    **{
        name: question.function
        for name, question in crm.questions().items()
        if question.origin.startswith("crmwidget.")
    },
    "conversion of a log": lambda m: crm.conversion(m, log="log"),
    "conversion of visits": lambda m: crm.conversion(m, visits="every"),
    "conversion in time": lambda m: crm.conversion(m, within="3 days"),
    "conversion by segment": lambda m: crm.conversion(m, by="segment"),
    "conversion in time by segment": lambda m: crm.conversion(m, by="segment", within="3 days"),
    "kpis without targets": lambda m: crm.kpis(crm.discover(log_of(PLANTED))),
    "what if it were so": lambda m: crm.what_if(m, {"lead": {"capacity": 9}}, log="log", case_value=50.0),
    "what if, simulated": lambda m: crm.what_if(m, {"lead": {"capacity": 9}}, log="log", simulate=5, months=2),
    "bottlenecks with starts": lambda m: crm.bottlenecks(m, log=_with_starts()),
}


def _with_starts() -> crm.EventLog:
    sample = crm.samples.events(200)
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at", "start": "started_at"}
    return crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW)


@pytest.fixture(scope="module")
def charts(m: crm.CrmMap) -> dict[str, Chart]:
    return {name: ask(m).chart() for name, ask in QUESTIONS.items()}


@pytest.fixture(scope="module")
def pictures(charts: dict[str, Chart]) -> dict[str, str]:
    return {name: chart.to_svg() for name, chart in charts.items()}


def data_of(part: Any) -> Iterator[dict[str, Any]]:
    """All rows of data in a specification, wherever they are."""
    if isinstance(part, dict):
        yield from part.get("values", []) if set(part) == {"values"} else ()
        for value in part.values():
            yield from data_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from data_of(value)


def encodings_of(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("encoding"), dict):
            yield part["encoding"]
        for value in part.values():
            yield from encodings_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from encodings_of(value)


# ---- every question ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_a_chart_that_is_valid_for_altair_and_draws(
    name: str, charts: dict[str, Chart], pictures: dict[str, str]
) -> None:
    chart = charts[name]
    for theme in get_args(Theme):
        spec = chart.themed(theme)
        assert json.loads(chart.to_json(theme=theme)) == spec
        assert not [one for one in _texts(spec) if isinstance(one, Colour)]
    altair.Chart.from_dict(chart.spec)  # checked against its schema
    assert pictures[name].startswith("<svg ") and chart.title in pictures[name]
    assert list(data_of(chart.spec)), "it draws something"


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _texts(value)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_chart_says_what_it_shows_in_its_title_its_axes_on_hover_and_to_a_screen_reader(
    name: str, charts: dict[str, Chart], pictures: dict[str, str]
) -> None:
    spec = charts[name].spec
    assert spec["title"]["text"] == charts[name].title and len(spec["title"]["text"]) > 10
    assert (
        spec["description"].startswith(charts[name].title) and len(spec["description"]) > len(charts[name].title) + 10
    )
    encodings = list(encodings_of({key: value for key, value in spec.items() if key != "config"}))
    assert any("tooltip" in encoding for encoding in encodings)
    for encoding in encodings:
        x = encoding.get("x", {})
        if x.get("type") == "quantitative" and "axis" in x and x["axis"] is not None and x["axis"].get("format"):
            assert x["title"], "an axis of numbers has a title with its unit"
    told = ElementTree.fromstring(pictures[name]).find("{http://www.w3.org/2000/svg}title")
    assert told is not None and told.text == spec["description"]


def test_a_chart_is_made_anew_when_what_it_was_asked_of_changes(m: crm.CrmMap) -> None:
    m = crm.from_text("Lead -> Offer -> Won", name="Narrowed")
    m.attach(log_of(PLANTED))
    result = crm.flows(m).show()
    before = result.chart()
    assert before is result.chart()
    m.filter(segment="A")
    assert {row["n"] for row in data_of(result.chart().spec)} != {row["n"] for row in data_of(before.spec)}


def test_the_numbers_of_a_chart_are_written_as_the_map_says() -> None:
    m = crm.from_text("Lead -> Won", name="Local")
    m.attach(pd.DataFrame({"stage": ["Lead"] * 400 + ["Won"] * 1000}), stage="stage")
    m.write_in("de-DE")
    assert "1.400 · 71,4\u00a0% went on" in {row.get("label") for row in data_of(crm.conversion(m).chart().spec)}


def test_a_question_of_an_empty_log_has_a_chart_of_nothing() -> None:
    m = crm.from_text("Lead -> Won", name="Empty")
    m.attach(log_of({}))
    for ask in (crm.flows, crm.variants, crm.bottlenecks, crm.rework, crm.conversion, crm.conformance):
        chart = ask(m).chart()
        altair.Chart.from_dict(chart.spec)
        assert not list(data_of(chart.spec)) or ask is crm.variants


# ---- small groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in ("conversion", "bottlenecks with starts")])
def test_what_is_of_few_is_in_no_chart(name: str, charts: dict[str, Chart]) -> None:
    """Three cases went by Rare and two were lost from Lead: neither they nor their numbers are drawn."""
    rows = list(data_of(charts[name].spec))
    counts = [value for row in rows for key, value in row.items() if key in ("n", "n_cases", "times", "cases")]
    assert not [n for n in counts if isinstance(n, int) and 0 < n < 5]
    if name not in ("what_if", "what if it were so", "what if, simulated"):  # they know it as a stage, without numbers
        drawn = [row for row in rows if "Rare" in str(row.get("name", row.get("stage", "")))]
        assert not [row for row in drawn if row.get("value") != 0]  # that nobody was there may be known
    assert not [row for row in rows if "Lead → Lost" in str(row.values())]


def test_a_cell_that_is_held_back_is_in_no_chart_of_any_table(m: crm.CrmMap, charts: dict[str, Chart]) -> None:
    """What a table shows to nobody is missing in the chart, cell by cell."""
    result = crm.conversion(m, table="deals")
    rows = {row["label"]: row for row in result.to_dict()["rows"]}
    parts = {(row["name"], row["part"]): row for row in data_of(result.chart().spec) if "part" in row}
    columns = {"Went on": "n_forward", "Still open here": "n_current"}
    for label in ("Lead", "Offer"):
        for part, column in columns.items():
            assert ((label, part) in parts) == bool(rows[label][column]), (label, part)
    assert parts["Offer", "Not shown"]["told"] == "43 of 63"
    assert rows["Lost"]["n_entered"] is None and not [place for place in parts if place[0] == "Lost"]
    assert "3" not in {row.get("label") for row in data_of(result.chart().spec)}


def test_counts_beside_a_hidden_one_are_not_placed_so_that_they_tell_it() -> None:
    """Of 83 that entered 3 were lost, so that 60 that went on are held back too: no place of a bar tells either."""
    m = crm.discover(log_of({("LOW", "A"): 60, ("LX", "A"): 3, ("LO", "A"): 20}))
    result = crm.conversion(m)
    exact = result.table.set_index("activity").loc["Lead"]
    assert exact["n_lost_here"] == 3 and exact["n_forward"] == 80
    drawn = [row for row in data_of(result.chart().spec) if row["name"] == "Lead"]
    assert [(row["part"], row["from"], row["to"]) for row in drawn if "part" in row] == [("Not shown", 0, 83)]
    assert [row["label"] for row in drawn if "label" in row] == ["83"]


@given(st.dictionaries(st.integers(0, 12), st.integers(1, 12), max_size=9))
def test_no_step_of_a_curve_is_of_few_and_all_are_in_it(counts: dict[int, int]) -> None:
    found = curve(counts)
    n_all = sum(counts.values())
    steps = [after - before for (_, before), (_, after) in pairwise(found)]
    assert all(step == 0 or step >= 5 for step in steps)
    assert [place for place, _ in found] == sorted(place for place, _ in found)
    assert (found[0], found[-1][1]) == ((0, 0), n_all) if n_all >= 5 else found == []
    for place, n in found:
        assert n == sum(count for step, count in counts.items() if step < place) or n in (0, n_all)


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [AGES_SQL, LONGEST_SQL])
def test_what_is_asked_for_a_curve_can_be_said_in_other_dialects(query: str, dialect: Any) -> None:
    assert in_dialect(log_of(PLANTED).sql(query.replace("CLOSED", "1 = 1").replace("WIDTH", "86400")), dialect)


# ---- the look ----------------------------------------------------------------------------------------------


def test_words_and_marks_of_a_chart_can_be_read_on_a_light_page_and_on_a_dark_one() -> None:
    for page in ("#ffffff", THEMES["light"]["background"], THEMES["dark"]["background"], "#111111"):
        assert contrast(_ANY["text"], page) > 4 and contrast(_ANY["soft"], page) > 4
        for mark in ("accent", "good", "warn", "bad", "faint"):
            assert contrast(_ANY[mark], page) > 3, (mark, page)


def test_a_name_in_the_data_is_never_taken_for_a_colour() -> None:
    spec = {"data": {"values": [{"name": "bad"}]}, "mark": {"color": Colour("bad")}}
    assert coloured(spec, "light")["data"] == {"values": [{"name": "bad"}]}
    assert coloured(spec, "dark")["mark"]["color"] == THEMES["dark"]["bad"]


def test_what_a_notebook_is_given_draws_there_and_asks_for_nothing(charts: dict[str, Chart]) -> None:
    chart = charts["flows"]
    shown = chart._repr_mimebundle_()
    assert shown[MIME] == chart.spec and shown["text/plain"].startswith("<Chart: How often")
    assert shown[MIME]["config"]["background"] == "transparent" and "http" not in chart.to_json()
    assert vl_convert.vegalite_to_vega(chart.spec, vl_version=VERSION)["marks"]


def test_a_chart_is_written_as_a_file_and_an_unknown_theme_is_an_error(
    tmp_path: Any, charts: dict[str, Chart], pictures: dict[str, str]
) -> None:
    chart = charts["variants"]
    assert chart.to_svg(tmp_path / "a.svg", theme="dark").read_text(encoding="utf-8") == chart.to_svg(theme="dark")
    assert chart.to_png(tmp_path / "a.png", 1).read_bytes() == chart.to_png(scale=1)
    assert chart.to_svg(theme="dark") != chart.to_svg() == pictures["variants"]  # drawn once more, after others
    with pytest.raises(AnalysisError, match="did you mean 'dark'"):
        chart.to_svg(theme="drak")  # type: ignore[arg-type]
    for scale in (0, -1, True, "2", float("nan"), 1e6):
        with pytest.raises(AnalysisError, match="above 0"):
            chart.to_png(scale=scale)  # type: ignore[arg-type]


def test_without_the_extra_a_picture_is_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, charts: dict[str, Chart]
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match=r"crmwidget\[report\]"):
        charts["flows"].to_svg()
    assert charts["flows"].spec
