"""A filter narrows every question of an attached log, repaints what is painted, and tells no small group."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pandas as pd
import pytest
from event_reference import reference
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis.filtered import ENDED_SQL
from crmwidget.data.dialects import in_dialect
from crmwidget.data.filter_choices import CHOICES_SQL, MOST_VALUES, PERIOD_SQL
from crmwidget.data.log_filter import LogFilter
from crmwidget.filter_bar import filter_bar
from crmwidget.still_map import keep

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
LOG_QUESTIONS = ("variants", "flows", "conversion", "bottlenecks", "rework", "hand_offs", "conformance")


def log_of(frame: pd.DataFrame, **options: Any) -> crm.EventLog:
    return crm.EventLog(frame, **{"case": "case", "activity": "activity", "timestamp": "at", "now": NOW, **options})


@pytest.fixture(scope="module")
def sample() -> Any:
    return crm.samples.events(600)


@pytest.fixture
def m(sample: Any) -> crm.CrmMap:
    log = crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        attributes=["segment", "owner"],
        ends=sample.ends,
        now=NOW,
    )
    return crm.discover(log, name="Filtered")


class Heard:
    """A view of a map, and what it is sent."""

    def __init__(self, m: crm.CrmMap) -> None:
        self.m, self.sent, self._id = m, list[dict[str, Any]](), 0
        self.session = m.widget.session
        self.session._send = self.sent.append
        self.session.receive({"op": "hello", "client": "c"})

    def send(self, op: str, **rest: Any) -> list[dict[str, Any]]:
        self._id += 1
        self.sent.clear()
        self.session.receive({"op": op, "client": "c", "id": self._id, **rest})
        return self.sent

    @property
    def bar(self) -> dict[str, Any]:
        return dict(self.session.document()["about"]["filter"])


def paths_of(sample: Any, keep_case: Any) -> dict[tuple[str, ...], int]:
    """Path → cases, worked out in plain Python, of the cases that are kept."""
    chosen = [rows for _, rows in sample.events.groupby("case_id") if keep_case(rows)]
    found: dict[tuple[str, ...], int] = {}
    for rows in chosen:
        path = tuple(rows["activity"])
        found[path] = found.get(path, 0) + 1
    return found


def asked(m: crm.CrmMap) -> dict[tuple[str, ...], int]:
    table = crm.variants(m).table
    return dict(zip(table["path"], table["n_cases"], strict=True))


def test_all_questions_of_the_attached_log_are_asked_of_the_cases_that_meet_every_part(
    m: crm.CrmMap, sample: Any
) -> None:
    m.filter(segment=["Enterprise", "Mid-market"], owner="Ada", period=("2025-03-01", "2025-08-31"), outcome="won")

    def is_kept(rows: pd.DataFrame) -> bool:
        began = rows["finished_at"].min()
        return (
            rows["segment"].isin(["Enterprise", "Mid-market"]).any()
            and (rows["owner"] == "Ada").any()
            and pd.Timestamp("2025-03-01", tz="UTC") <= began < pd.Timestamp("2025-09-01", tz="UTC")
            and rows["activity"].iloc[-1] == "Won"
        )

    truth = paths_of(sample, is_kept)
    assert sum(truth.values()) > 20 and asked(m) == truth
    assert crm.flows(m).table["n"].sum() == sum(n * (len(path) - 1) for path, n in truth.items())
    assert repr(m.filters) == (
        "<filter: segment Enterprise or Mid-market; owner Ada; from 2025-03-01 to 2025-08-31; won>"
    )
    for clear in (m.filter, lambda: m.filter(None)):
        clear()
        assert not m.filters and sum(asked(m).values()) == 600


@pytest.mark.parametrize(("outcome", "last"), [("won", "Won"), ("lost", "Lost"), ("open", "Offer")])
def test_outcomes_are_told_by_how_a_case_ended(m: crm.CrmMap, sample: Any, outcome: str, last: str) -> None:
    m.filter(outcome=outcome)
    truth = paths_of(sample, lambda rows: rows["activity"].iloc[-1] == last)
    assert asked(m) == truth
    m.graph.nodes["lost"]["outcome"] = "won"  # what a node says comes before the name of an activity
    m.flush()
    m.filter(outcome=["won"])
    assert {path[-1] for path in asked(m)} == {"Won", "Lost"}


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.sampled_from(["Lead", "Won", "Lost"]),
        st.integers(0, 5).map(lambda day: day * DAY),
        st.sampled_from(["x", "y", None]),
    ),
    min_size=1,
    max_size=40,
)


@given(rows_strategy, st.sets(st.sampled_from(["x", "y", None]), min_size=1), st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_a_filter_leaves_the_cases_that_plain_python_leaves(
    rows: list[Any], wanted: set[Any], one: int, other: int
) -> None:
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "segment"])
    frame["at"] = pd.to_datetime(frame["at"], unit="us")
    frame["segment"] = frame["segment"].astype("str").where(frame["segment"].notna())
    m = crm.from_text("Lead -> Won")
    m.attach(log_of(frame, attributes=["segment"]))
    there = wanted & {segment for *_, segment in rows}
    if not there:
        return
    since, until = sorted((one, other))
    days = [dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in (since, until)]
    m.filter(segment=list(there), period=(days[0], days[1]))
    of_case: dict[str, list[Any]] = {}
    for row in rows:
        of_case.setdefault(row[0], []).append(row)
    kept = {
        case
        for case, events in of_case.items()
        if any(event[3] in there for event in events) and since <= min(event[2] for event in events) // DAY <= until
    }
    truth = reference([row[:3] for row in rows if row[0] in kept])
    assert asked(m) == truth.variants


def test_a_log_that_is_given_is_read_whole_and_a_filter_is_no_step_and_not_saved(
    m: crm.CrmMap, tmp_path: Any, sample: Any
) -> None:
    n_steps, revision = len(m.history.done), m.revision
    m.filter(segment="Enterprise")
    assert (len(m.history.done), m.revision) == (n_steps, revision)
    whole = m.logs["log"].log
    assert crm.variants(m, log=whole).table["n_all"].iloc[0] == 600
    assert crm.variants(m, log="log").table["n_all"].iloc[0] < 600
    saved = m.save(tmp_path / "map.crm.json").read_text(encoding="utf-8")
    assert "Enterprise" not in saved and not crm.open(tmp_path / "map.crm.json").filters


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"segmnt": "Enterprise"}, "did you mean 'segment'"),
        ({"segment": "Enterprize"}, "did you mean 'Enterprise'"),
        ({"segment": 7}, "segment"),
        ({"segment": []}, "no value"),
        ({"outcome": "win"}, "did you mean 'won'"),
        ({"outcome": 3}, "outcome=3 is unknown; allowed: 'won'"),
        ({"period": "2026"}, "two days"),
        ({"period": ("2026-02-30", None)}, "such as '2026-01-31'"),
        ({"period": ("2026-02-03", "2026-01-01")}, "ends before it begins"),
    ],
)
def test_what_cannot_be_filtered_by_is_said_and_leaves_the_filter(
    m: crm.CrmMap, given: dict[str, Any], said: str
) -> None:
    m.filter(owner="Ada")
    with pytest.raises(crm.DataError, match=said):
        m.filter(**given)
    with pytest.raises(crm.DataError, match=r"such as m.filter\(segment='Enterprise'\)"):
        m.filter("Enterprise")  # type: ignore[arg-type]
    assert m.filters.values == {"owner": ("Ada",)}
    with pytest.raises(crm.DataError, match="No event log is attached"):
        crm.from_text("a -> b").filter(segment="x")


def test_painted_answers_are_asked_again_at_once_and_say_how_much_is_left(m: crm.CrmMap) -> None:
    result = crm.flows(m).show()
    told: list[Any] = []
    m.on_shown(lambda path, value: told.append((path[0], value)))
    before = m.overlays["flows"].flows["f2"].width
    m.filter(segment="Enterprise")
    n = m.logs["log"].log.where(segment="Enterprise").n_cases
    after = m.overlays["flows"].flows["f2"].width
    assert before == 600 and after is not None and after < before
    assert told[0] == ("filter", m.filters) and ("overlay", m.overlays["flows"]) in told
    assert result.notes[0] == f"Filtered: {n} of 600 cases (segment Enterprise)."
    assert m.overlays["flows"].subtitle == f"{n} cases · filtered"
    m.filter()
    assert m.overlays["flows"].flows["f2"].width == before and "filtered" not in m.overlays["flows"].subtitle


@pytest.mark.parametrize(
    "name", ["variants", "flows", "conversion", "bottlenecks", "rework", "hand_offs", "conformance"]
)
def test_where_the_filter_leaves_no_case_that_is_what_is_said(m: crm.CrmMap, name: str) -> None:
    ask = crm.questions()[name].function
    m.filter(period=("1990-01-01", "1990-01-31"))
    answer = ask(m).show()
    assert [f.sentence for f in answer.findings] == ["The filter leaves no case."]
    assert [f.sentence for f in m.overlays[name].findings] == ["The filter leaves no case."]
    with pytest.raises(crm.AnalysisError, match=r"No case is left of the log: .* m\.filter\(\)"):
        crm.what_if(m)


def test_of_a_few_cases_that_a_filter_leaves_nothing_tells_how_many_they_are(m: crm.CrmMap) -> None:
    log = m.logs["log"].log
    first = log.to_frame().groupby("case")["timestamp"].min().sort_values()
    m.filter(period=(first.iloc[0].to_pydatetime(), first.iloc[2].to_pydatetime()))
    for name in LOG_QUESTIONS:
        told = crm.questions()[name].function(m).show()
        said = [m.overlays[name].subtitle, *told.notes[1:], *(f"{f.sentence} {f.evidence}" for f in told.findings)]
        assert not re.search(r"\b3 cases|\d+ events", " ".join(said)), (name, said)
        assert m.overlays[name].subtitle.startswith("<5 cases")
    with pytest.raises(crm.AnalysisError, match=r"Too few cases are left of the log to measure .* \(<5\)"):
        crm.what_if(m)


def test_what_a_filter_leaves_is_not_told_where_it_would_tell_of_the_few_that_it_leaves_out(m: crm.CrmMap) -> None:
    log = m.logs["log"].log
    first = log.to_frame().groupby("case")["timestamp"].min().sort_values()
    n_left = log.n_cases - 3
    asked = {name: crm.questions()[name].function(m).show() for name in LOG_QUESTIONS}
    assert all(m.overlays[name].findings for name in asked)
    m.filter(period=(first.iloc[3].to_pydatetime(), None))
    for name in asked:
        told = crm.questions()[name].function(m).show()
        painted = m.overlays[name]
        assert not painted.nodes and not painted.flows and not painted.ghosts and painted.table is None, name
        said = [painted.subtitle, *(f"{f.sentence} {f.evidence}" for f in [*painted.findings, *told.findings])]
        assert not any(str(n_left) in text for text in said) and "leaves out <5 cases" in " ".join(said), name
        assert not told.to_dict()["rows"] and told.segments is None, name
        assert str(n_left) not in told._repr_html_() + json.dumps(told.to_dict()), name
        with pytest.raises(crm.AnalysisError):
            told.chart()
    assert crm.conversion(m, by="segment").segments is None


def test_a_what_if_of_a_filtered_log_says_so(m: crm.CrmMap) -> None:
    assert not any("Filtered" in note for note in crm.what_if(m).notes)
    m.filter(segment="Enterprise")
    answer = crm.what_if(m).show()
    assert answer.notes[0].startswith("Filtered: ") and m.overlays["what_if"].subtitle.endswith(" · filtered")


def test_a_painted_question_that_has_no_answer_for_the_rest_says_so_instead_of_showing_the_old_one(
    m: crm.CrmMap,
) -> None:
    @crm.question(title="Many", needs="log")
    def many_only(m: crm.CrmMap) -> crm.Result:
        n = int(crm.variants(m).table["n_cases"].sum())
        if n < 600:
            raise crm.AnalysisError("too few")
        return crm.Result("many_only", "Many", pd.DataFrame({"n_cases": [n]}))

    try:
        many_only(m).show()
        m.filter(segment="Enterprise")
        assert m.overlays["many_only"].findings[0].sentence == "There is no answer for the map as it is now."
        m.filter()
        assert m.overlays["many_only"].table is not None
    finally:
        from crmwidget.analysis import registry

        registry.forget("many_only")


# ---- views -----------------------------------------------------------------------------------------------


def test_a_view_is_offered_what_there_is_to_choose_with_counts(m: crm.CrmMap, sample: Any) -> None:
    bar = Heard(m).bar
    of = sample.events.groupby("segment")["case_id"].nunique()
    segment, owner = bar["fields"]
    assert (segment["name"], segment["title"], owner["title"]) == ("segment", "Segment", "Owner")
    assert {choice["value"]: int(choice["count"]) for choice in segment["choices"]} == of.to_dict()
    assert [choice["value"] for choice in bar["outcomes"]] == ["won", "lost", "open"]
    assert (bar["sentence"], bar["is_on"], bar["first_day"]) == ("All 600 cases", False, "2025-01-01")
    assert Heard(crm.from_text("a -> b")).session.document()["about"]["filter"] is None


def test_a_view_filters_and_every_view_and_python_hear_of_it(m: crm.CrmMap) -> None:
    crm.flows(m).show()
    view = Heard(m)
    sent = view.send("filter", values={"segment": ["Enterprise"]}, outcome=["won", "lost"], since="2025-02-01")
    assert [change["at"] for message in sent for change in message["changes"]] == [["about"], ["overlay", "flows"]]
    assert sent[-1]["ack"] == ["c", 1]
    assert m.filters == LogFilter({"segment": ("Enterprise",)}, dt.date(2025, 2, 1), None, ("won", "lost"))
    n = m.logs["log"].log.n_cases
    assert view.bar["sentence"] == f"Filtered: {crm.variants(m).table['n_all'].iloc[0]} of {n} cases"
    assert view.bar["since"] == "2025-02-01" and view.bar["fields"][0]["chosen"] == ["Enterprise"]
    m.widget.read_only = True
    assert view.send("filter")[-1]["ack"] == ["c", 2] and not m.filters
    for wrong, said in (
        ({"values": {"segment": ["Enterprize"]}}, "did you mean 'Enterprise'"),
        ({"values": {"mail": ["x"]}}, "cannot be"),
        ({"since": "soon"}, "such as '2026-01-31'"),
        ({"values": {"segment": "Enterprise"}}, "array"),
    ):
        answer = view.send("filter", **wrong)[-1]
        assert answer["op"] == "refusal" and said in answer["reason"], answer
    assert not m.filters


def test_a_view_that_sends_back_what_python_chose_keeps_it_to_the_moment(m: crm.CrmMap) -> None:
    moment = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
    m.filter(segment=["Enterprise"], period=(moment, None))
    bar = Heard(m).bar
    view = Heard(m)
    view.send("filter", values={"segment": bar["fields"][0]["chosen"]}, since=bar["since"], outcome=["won"])
    assert m.filters.since == moment and m.filters.outcomes == ("won",)


@pytest.mark.parametrize(("n_values", "is_offered"), [(MOST_VALUES, True), (MOST_VALUES + 1, False)])
@pytest.mark.parametrize("has_missing", [False, True])
def test_an_attribute_is_offered_up_to_so_many_values_the_missing_one_not_counted(
    n_values: int, is_offered: bool, has_missing: bool
) -> None:
    values: list[float | None] = [float(value) for value in range(n_values) for _ in range(5)]
    values += [None] * (9 if has_missing else 0)
    frame = pd.DataFrame({"case": range(len(values)), "activity": "Lead", "at": NOW, "size": values})
    m = crm.from_text("Lead -> Won")
    m.attach(log_of(frame, attributes=["size"]))
    bar = filter_bar(m)
    assert bar is not None
    assert [field.name for field in bar.fields] == (["size"] if is_offered else [])
    if is_offered:
        texts = [choice.value for choice in bar.fields[0].choices if choice.value != "missing"]
        assert texts == [str(value) for value in range(n_values)]


def test_small_groups_are_not_offered_and_not_told() -> None:
    rows = [(f"c{i}", "Lead", i, "big" if i < 40 else "mid" if i < 55 else "rare-name") for i in range(58)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "segment"])
    frame["at"] = pd.to_datetime(frame["at"], unit="D")
    m = crm.from_text("Lead -> Won")
    m.attach(log_of(frame, attributes=["segment"]))
    bar = filter_bar(m)
    assert bar is not None
    assert [(choice.value, choice.count) for choice in bar.fields[0].choices] == [("big", "40"), ("mid", "")]
    for chosen, said in (("rare-name", "<5 of 58"), (["big", "mid"], "all but <5 of 58"), ("mid", "15 of 58")):
        m.filter(segment=chosen)
        shown = filter_bar(m)
        assert shown is not None and shown.sentence == f"Filtered: {said} cases"
    m.filter(segment="mid", period=(None, "1970-01-05"))
    shown = filter_bar(m)
    assert shown is not None and shown.sentence == "Filtered: 0 of 58 cases"
    m.filter()
    assert "rare-name" not in json.dumps(Heard(m).session.document())


def test_what_a_view_asks_of_a_copy_has_the_logs_and_the_filter_of_the_map(m: crm.CrmMap) -> None:
    m.filter(segment="Enterprise")
    still = keep(m)()
    assert crm.variants(still).table["n_all"].iloc[0] == crm.variants(m).table["n_all"].iloc[0]
    m.graph.nodes["lead"]["label"] = "Something else"
    m.flush()
    assert still.logs["log"].unmatched == () and len(m.logs["log"].unmatched) == 0


def test_a_filter_goes_with_the_last_log_that_keeps_its_attribute(m: crm.CrmMap) -> None:
    m.filter(segment="Enterprise", outcome="won")
    m.detach("log")
    assert not m.filters and Heard(m).session.document()["about"]["filter"] is None


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [CHOICES_SQL.replace("VALUE", "a_0") + " limit 41", PERIOD_SQL, ENDED_SQL])
def test_what_is_asked_for_the_filter_can_be_said_in_other_dialects(m: crm.CrmMap, query: str, dialect: Any) -> None:
    m.filter(segment="Enterprise", outcome="won", period=("2025-01-01", None))
    assert in_dialect(m.logs["log"].log.sql(query), dialect)
