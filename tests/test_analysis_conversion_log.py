"""Conversion from a log: as plain Python counts it, as it was planted; nothing of few follows from what is shown."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_logs import DAY, NOW, Seen, SegmentRow, counts_of, log_of, paths, visits_of

import crmwidget as crm
from crmwidget.analysis.conversion_log import window_of
from crmwidget.analysis.conversion_visits import CASES_SQL, VISITS_SQL, Visits
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect
from crmwidget.errors import AnalysisError
from crmwidget.graph.model import MapModel

rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["Lead", "Offer", "Won", "Lost", None]),
        st.integers(0, 9).map(lambda day: day * DAY + day % 2),
        st.sampled_from(["X", "Y", None]),
    ),
    min_size=1,
    max_size=40,
).filter(lambda rows: {"Won", "Lost"} <= {row[1] for row in rows})


@given(rows_strategy, st.sampled_from(["first", "every"]), st.booleans(), st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_the_numbers_are_what_plain_python_says(
    rows: list[SegmentRow], visits: Visits, is_split: bool, days: int
) -> None:
    log = log_of(rows, ends=["Won", "Lost"])
    by = "segment" if is_split else None
    result = crm.conversion(crm.from_text("Lead -> Won"), log=log, within=f"{days} days", visits=visits, by=by)
    seen = visits_of(rows, visits)
    known = sorted((row for row in rows if row[1] is not None), key=lambda row: row[2])
    until, first, last = known[-1][2], {}, {}
    for case, activity, _, segment in known:
        first.setdefault(case, segment or "missing")
        last[case] = activity
    ended = {case: str(activity) for case, activity in last.items() if activity in ("Won", "Lost")}
    groups: dict[tuple[Any, ...], list[Seen]] = defaultdict(list)
    for visit in seen:
        groups[(visit.stage, first[visit.case]) if is_split else (visit.stage,)].append(visit)
    keys = ["activity", "segment"] if is_split else ["activity"]
    assert result.table["n_entered"].sum() == len(seen)
    for row in result.table.to_dict("records"):
        here = groups.get(tuple(row[key] for key in keys), [])
        truth = counts_of(here, ended, days * DAY, until)
        assert {name: row[name] for name in truth} == truth
        parts = ("n_forward", "n_lost_here", "n_open", "n_ended", "n_unknown")
        assert sum(row[name] for name in parts) == row["n_entered"]
        assert row["n_won"] + row["n_lost"] + row["n_under_way"] == row["n_entered"]
        if row["activity"] in ("Won", "Lost") or not truth["n_observed"]:
            assert pd.isna(row["in_time_rate"])
        else:
            assert row["in_time_rate"] == truth["n_in_time"] / truth["n_observed"]
    assert result.flows is not None
    assert result.flows["n_taken"].sum() == sum(visit.target is not None for visit in seen)
    for row in result.flows.to_dict("records"):
        here = groups.get(tuple(row[{"activity": "source"}.get(key, key)] for key in keys), [])
        there = [visit for visit in here if visit.target == row["target"]]
        in_time = [v for v in there if v.since + days * DAY <= until and v.until - v.since <= days * DAY]  # type: ignore[operator]
        assert (row["n_taken"], row["n_source_entered"], row["n_in_time"]) == (len(there), len(here), len(in_time))


# ---- by hand, and as planted -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


@pytest.fixture(scope="module")
def planted(sample: samples.EventSample) -> crm.EventLog:
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at", "attributes": ["segment"]}
    return crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW)


def test_the_planted_losses_skips_and_open_cases_are_named_exactly(
    sample: samples.EventSample, planted: crm.EventLog
) -> None:
    m = crm.discover(planted)
    result = crm.conversion(m).show()  # no table says stages, so the log is asked
    table = result.table.set_index("activity")
    truth = sample.truths
    assert table.loc["Offer", ["n_entered", "n_open", "n_under_way"]].tolist() == [2000, truth["open"]["n_cases"], 100]
    assert table.loc["Demo", "n_entered"] == 2000 - truth["skip"]["n_cases"]
    assert table.loc["Contract", ["n_won", "n_lost", "n_open", "win_rate_of_closed"]].tolist() == [1425, 475, 0, 0.75]
    assert result.flows is not None
    flows = result.flows.set_index(["source", "target"])
    assert flows.loc[("Qualification", "Offer"), ["n_taken", "taken_rate"]].tolist() == [240, 0.12]
    assert flows.loc[("Contract", "Offer"), "n_taken"] == truth["rework"]["n_cases"]
    assert result.findings[0].sentence.replace("\u202f", " ") == "Contract loses the most: 23 % of those that enter."
    assert m.overlays["conversion"].nodes["contract"].text.replace("\u202f", " ") == "1 900 · 23 % lost"
    every = crm.conversion(m, visits="every").table.set_index("activity")
    assert every.loc["Offer", "n_entered"] == 2000 + truth["rework"]["n_cases"]
    assert every.loc["Contract", "n_lost_here"] == 475  # those who came back are lost later too


def test_the_planted_slow_flow_is_the_one_that_is_late(sample: samples.EventSample, planted: crm.EventLog) -> None:
    result = crm.conversion(crm.discover(planted), within=dt.timedelta(days=30))
    row = result.table.set_index("activity").loc[sample.truths["slow_flow"]["source"]]
    assert row["late_rate"] == row["n_late"] / row["n_observed"] == result.table["late_rate"].max()
    (late,) = [finding for finding in result.findings if "after" in finding.sentence]
    assert late.sentence.startswith("At Qualification most are still there after 30")


def test_segments_add_up_to_all_and_have_a_row_at_each_stage(planted: crm.EventLog) -> None:
    m = crm.discover(planted)
    split, whole = crm.conversion(m, by="segment"), crm.conversion(m)
    assert len(split.table) == 3 * len(whole.table)
    counts = [name for name in whole.table if name.startswith("n_")]
    sums = split.table.groupby("activity")[counts].sum().loc[whole.table["activity"]]
    assert (sums.to_numpy() == whole.table[counts].to_numpy()).all()
    assert split.painted.nodes["contract"].text == whole.painted.nodes["contract"].text  # all together on the map
    assert split.painted.table is not None and split.painted.table.columns[:2] == ["Stage", "segment"]


def test_an_open_case_is_never_lost_and_who_entered_lately_is_not_late() -> None:
    rows: list[SegmentRow] = [(f"old{i}", "L", 0, None) for i in range(10)]
    rows += [(f"old{i}", "W", 2 * DAY, None) for i in range(6)]
    rows += [(f"new{i}", "L", 95 * DAY, None) for i in range(20)] + [("last", "L", 100 * DAY, None)]
    table = crm.conversion(crm.from_text("L -> W"), log=log_of(rows, ends=["W"]), within="10 days").table
    row = table.set_index("activity").loc["L"]
    assert (row["n_entered"], row["n_forward"], row["n_open"]) == (31, 6, 25)
    assert pd.isna(row["n_lost_here"])  # no activity means lost
    assert (row["n_observed"], row["n_in_time"], row["n_late"], row["in_time_rate"]) == (10, 6, 4, 0.6)
    assert row["forward_of_left"] == 1.0


def test_a_window_ends_with_its_last_moment() -> None:
    log = log_of([*paths(LW=6), ("z", "L", 30 * DAY, None)], ends=["W"])
    m = crm.from_text("L -> W")
    rates = [
        crm.conversion(m, log=log, within=within).table.set_index("activity").loc["L", "n_in_time"]
        for within in ("1 day", "23 hours", dt.timedelta(days=1, microseconds=-1), "30 days")
    ]
    assert rates == [6, 0, 0, 6]


def test_a_stage_repeated_directly_is_one_visit_and_a_gap_hides_where_it_went() -> None:
    rows: list[SegmentRow] = [*paths(LLOLW=6)]
    rows += [(f"gap{i}", letter, day * DAY, None) for i in range(5) for day, letter in enumerate(["L", None, "O"])]
    m, log = crm.from_text("L -> O -> W"), log_of(rows, ends=["W"])
    first = crm.conversion(m, log=log).table.set_index("activity")
    every = crm.conversion(m, log=log, visits="every").table.set_index("activity")
    assert first.loc["L", ["n_entered", "n_forward", "n_unknown", "n_open"]].tolist() == [11, 6, 5, 0]
    assert every.loc["L", ["n_entered", "n_forward", "n_unknown", "n_open"]].tolist() == [17, 12, 5, 0]
    flows = crm.conversion(m, log=log, visits="every").flows
    assert flows is not None and set(zip(flows["source"], flows["target"], strict=True)) == {
        ("L", "O"),
        ("O", "L"),
        ("L", "W"),
    }


def test_where_nothing_says_what_closes_a_case_all_are_open_and_that_is_said() -> None:
    result = crm.conversion(crm.from_text("L -> O"), log=log_of(paths(LO=9)))
    assert result.table.set_index("activity").loc["O", ["n_open", "n_ended"]].tolist() == [9, 0]
    assert result.table["n_won"].isna().all() and result.table["lost_rate"].isna().all()
    assert any("each is open at its last stage" in note for note in result.notes)


def test_a_missing_segment_is_one_of_its_own_and_never_mixed_up_with_a_value_of_that_name() -> None:
    log = log_of([*paths("missing", LO=9), *paths(None, LO=7), *paths("A", LO=8)])
    table = crm.conversion(crm.from_text("L -> O"), log=log, by="segment").table
    assert dict(zip(table["segment"], table["n_entered"], strict=True)) == {"A": 8, "missing": 9, "(missing)": 7}


# ---- which is asked --------------------------------------------------------------------------------------


def both(m: MapModel | None = None) -> Any:
    m = crm.from_text("L -> O -> W")
    m.attach(pd.DataFrame({"stage": ["L"] * 20 + ["O"] * 10}), stage="stage")
    m.attach(log_of(paths(LOW=30), ends=["W"]))
    return m


def test_with_both_attached_the_table_is_asked_unless_the_log_is_meant() -> None:
    m = both()
    by_table = crm.conversion(m)
    assert by_table.table["n_entered"].tolist()[0] == 30 and "label" in by_table.table
    assert any("log= asks" in note for note in by_table.notes)
    for options in ({"log": "log"}, {"within": "3 days"}, {"by": "segment"}, {"visits": "every"}):
        assert "activity" in crm.conversion(m, **options).table
    with pytest.raises(AnalysisError, match="give one kind"):
        crm.conversion(m, table="table", within="3 days")


def test_a_table_that_says_no_stage_does_not_stand_in_the_way_of_a_log() -> None:
    m = crm.from_text("L -> O -> W")
    m.attach(log_of(paths(LOW=30), ends=["W"]))
    m.attach(pd.DataFrame({"colour": ["red", "blue"]}))
    assert "activity" in crm.conversion(m).table


@pytest.mark.parametrize("options", [{}, {"by": "segment"}])
def test_the_filter_of_the_map_narrows_the_log_and_is_said(options: dict[str, Any]) -> None:
    m = crm.from_text("L -> O -> W")
    m.attach(log_of([*paths("A", LOW=30), *paths("B", LO=20)], ends=["W"]))
    m.filter(segment="A")
    result = crm.conversion(m, **options)
    assert result.table["n_entered"].tolist() == [30, 30, 30]
    assert result.notes[0].startswith("Filtered: 30 of 50 cases")
    table = both()
    table.filter(segment=None)
    assert crm.conversion(table).notes[0] == "table has no column segment: shown unfiltered (segment missing)."


@pytest.mark.parametrize("within", ["soon", "0 days", "-3 days", 30, "3 months", dt.timedelta(0)])
def test_a_window_that_is_none_is_refused_with_what_is_allowed(within: object) -> None:
    with pytest.raises(AnalysisError, match="'30 days'"):
        window_of(within)


def test_what_cannot_be_asked_is_said_with_the_nearest() -> None:
    log = log_of([*paths("A", LOW=9)])
    m = crm.from_text("L -> O -> W")
    with pytest.raises(AnalysisError, match="did you mean 'segment'"):
        crm.conversion(m, log=log, by="segmnt")
    with pytest.raises(AnalysisError, match="did you mean 'every'"):
        crm.conversion(m, log=log, visits="evry")  # type: ignore[arg-type]
    many = log_of([row for i in range(13) for row in paths(f"s{i}", LO=1)])
    with pytest.raises(AnalysisError, match="13 values"):
        crm.conversion(m, log=many, by="segment")
    with pytest.raises(AnalysisError, match="No event log is attached"):
        crm.conversion(m, within="3 days")


def test_an_empty_log_has_no_rows_and_says_so() -> None:
    result = crm.conversion(crm.from_text("L -> W"), log=log_of([]), within="1 day").show()
    assert len(result.table) == 0 and result.findings[0].sentence == "The log has no event."
    json.dumps(result.to_dict(), allow_nan=False)


# ---- other engines, other data ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [VISITS_SQL, CASES_SQL])
def test_every_query_can_be_said_in_other_dialects(query: str, dialect: str) -> None:
    log = log_of(paths("A", LW=5), ends=["W"])
    for word in ("ENDING", "WATCHED", "SEGMENTS"):
        query = query.replace(word, "0" if word != "SEGMENTS" else "")
    query = query.replace("CHOSEN", "nth = 1").replace("SEGMENT", "case_id % 2")
    said = in_dialect(log.where(activity="W").sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "approx", "qualify"):
        assert word not in said


def test_the_receipt_log_enters_and_goes_on_as_pandas_counts(real_data: Path) -> None:
    path = real_data / "eventlogs" / "receipt.csv"
    log = crm.EventLog(path, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    result = crm.conversion(crm.discover(log), within="7 days")
    frame = pd.read_csv(path)
    frame["at"] = pd.to_datetime(frame["time:timestamp"], format="ISO8601", utc=True)
    frame = frame.sort_values("at", kind="stable")
    case, activity = frame["case:concept:name"], frame["concept:name"]
    runs = frame[activity != activity.groupby(case).shift()]
    case = runs["case:concept:name"]
    runs = runs.assign(next=runs.groupby(case)["concept:name"].shift(-1), until=runs.groupby(case)["at"].shift(-1))
    first = runs.drop_duplicates(["case:concept:name", "concept:name"])
    week = pd.Timedelta(days=7)
    first = first.assign(is_observed=first["at"] + week <= frame["at"].max())
    first["is_in_time"] = first["is_observed"] & (first["until"] - first["at"] <= week)
    table = result.table.set_index("activity")
    by_stage = first.groupby("concept:name")
    assert table["n_entered"].to_dict() == by_stage.size().to_dict()
    assert table["n_observed"].to_dict() == by_stage["is_observed"].sum().to_dict()
    assert table["n_in_time"].to_dict() == by_stage["is_in_time"].sum().to_dict()
    assert result.flows is not None
    taken = first[first["next"].notna()].groupby(["concept:name", "next"]).size()
    assert result.flows.set_index(["source", "target"])["n_taken"].to_dict() == taken.to_dict()
