"""Rework says what is done again: as plain Python counts it, exactly as it was planted, and nothing of few cases."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Repeat, Row, frame_of, percentile, reference, repeats_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import repeats
from crmwidget.analysis.flow_counts import flow_counts
from crmwidget.analysis.rework_view import shown_tables
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
US, MS = pd.Timedelta(1, unit="us"), pd.Timedelta(1, unit="ms")


def log_of(rows: list[Row], **options: Any) -> crm.EventLog:
    return crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, **options)


def rows_of(**paths: int) -> list[Row]:
    """`rows_of(LOW=3)`: 3 cases that go through L, O and W, a day apart."""
    return [
        (f"{path}{i}", letter, day * DAY)
        for path, n in paths.items()
        for i in range(n)
        for day, letter in enumerate(path)
    ]


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


@pytest.fixture(scope="module")
def planted(sample: samples.EventSample) -> crm.EventLog:
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at"}
    return crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW)


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(["Lead", "Offer", "Won", None]),
        st.integers(0, 9).map(lambda day: day * DAY + day % 2),
    ),
    min_size=1,
    max_size=40,
)


@given(rows_strategy)
@settings(max_examples=20, deadline=None)
def test_repeats_are_what_plain_python_says(rows: list[Row]) -> None:
    result = crm.rework(crm.from_text("Lead -> Won"), log=log_of(rows))
    truth, counted = repeats_of(rows), reference(rows)
    assert result.table["n_repeats"].sum() == len(truth)
    for row in result.table.itertuples():
        here = [repeat for repeat in truth if repeat.activity == row.activity]
        loops = [repeat for repeat in here if repeat.before == row.activity]
        returns = [repeat for repeat in here if repeat.before != row.activity]
        assert (row.n_repeats, row.n_repeating_cases) == _numbers(here)
        assert (row.n_self_loops, row.n_looping_cases) == _numbers(loops)
        assert (row.n_returns, row.n_returning_cases) == _numbers(returns)
        assert row.n_repeats == row.n_events - row.n_cases
        assert row.repeating_rate == row.n_repeating_cases / row.n_cases
        _times(row.extra_time, row.median_extra_time, here)
    by_pair: dict[tuple[str, str], list[Repeat]] = defaultdict(list)
    for repeat in truth:
        if repeat.before is not None:
            by_pair[repeat.before, repeat.activity].append(repeat)
    for row in result.flows.itertuples():
        pair = (row.source, row.target)
        back = [repeat for repeat in by_pair[pair] if repeat.before != repeat.activity]
        assert row.n == counted.flows[pair]
        assert (row.n_returns, row.n_returning_cases) == _numbers(back)
        assert (row.n_begun, row.n_begun_cases) == _numbers([repeat for repeat in back if repeat.is_before_new])
        _times(row.extra_time, row.median_extra_time, by_pair[pair])


def _numbers(found: list[Repeat]) -> tuple[int, int]:
    return len(found), len({repeat.case for repeat in found})


def _times(total: Any, median: Any, truth: list[Repeat]) -> None:
    known = [repeat.extra for repeat in truth if repeat.extra is not None]
    if not known:
        assert pd.isna(total) and pd.isna(median)
        return
    assert abs(total / MS - sum(known) / 1000) <= 1 and abs(median / US - percentile(known, 0.5)) <= 1


# ---- by hand, and as planted -----------------------------------------------------------------------------


def test_self_loops_are_told_apart_from_returns() -> None:
    table = crm.rework(crm.from_text("A -> B"), log=log_of(rows_of(AAB=6, ABAB=7))).table.set_index("activity")
    columns = ["n_repeats", "n_self_loops", "n_looping_cases", "n_returns", "n_returning_cases"]
    assert table.loc["A", columns].tolist() == [13, 6, 6, 7, 7]
    assert table.loc["B", columns].tolist() == [7, 0, 0, 7, 7]
    assert (table["extra_time"] / pd.Timedelta(days=1)).tolist() == [13.0, 7.0]


def test_rework_begins_where_a_case_leaves_what_was_new_to_it() -> None:
    flows = crm.rework(crm.from_text("A -> B"), log=log_of(rows_of(ABABAC=9))).flows.set_index(["source", "target"])
    assert flows["n_returns"].to_dict() == {("A", "B"): 9, ("A", "C"): 0, ("B", "A"): 18}
    assert flows["n_begun"].to_dict() == {("A", "B"): 0, ("A", "C"): 0, ("B", "A"): 9}


def test_the_planted_7_percent_of_rework_are_named_exactly(sample: samples.EventSample, planted: crm.EventLog) -> None:
    m = crm.discover(planted)
    truth = sample.truths["rework"]
    result = crm.rework(m).show()
    sentence = result.findings[0].sentence.replace("\u202f", " ")
    assert sentence == "7 % of the cases repeat work: 140 of 2 000."
    assert (truth["rate"], truth["n_cases"], truth["source"], truth["target"]) == (0.07, 140, "Contract", "Offer")
    assert result.findings[1].sentence == "Most of it begins from Contract back to Offer: 140 cases."
    flows = result.flows.set_index(["source", "target"])
    assert flows.loc[("Contract", "Offer"), ["n_returns", "n_begun_cases"]].tolist() == [140, 140]
    assert flows["n_begun"].sum() == 140
    assert result.findings[1].flows == [flows.loc[("Contract", "Offer"), "flow"]]
    offer = result.table.set_index("activity").loc["Offer"]
    assert (offer["n_returning_cases"], offer["n_self_loops"], offer["return_rate"]) == (140, 0, 0.07)
    painted = m.overlays["rework"]
    assert set(painted.flows) == {flows.loc[pair, "flow"] for pair in (("Contract", "Offer"), ("Offer", "Contract"))}
    assert painted.legend is not None and painted.legend.title == "Extra time"
    assert len(dict(result.chart().spec)["data"]["values"]) == 2
    result.hide()
    assert "rework" not in m.overlays


def test_extra_times_of_stages_and_of_flows_add_up_to_the_same(planted: crm.EventLog) -> None:
    result = crm.rework(crm.discover(planted))
    assert abs(result.table["extra_time"].sum() - result.flows["extra_time"].sum()) <= 10 * MS


def test_repeats_without_a_break_take_no_time_and_one_event_repeats_nothing() -> None:
    same: list[Row] = [(str(i), "A", 0) for i in range(6) for _ in range(3)]
    table = crm.rework(crm.from_text("A -> B"), log=log_of([*same, ("one", "B", 0)])).table.set_index("activity")
    assert table.loc["A", ["n_repeats", "n_self_loops"]].tolist() == [12, 12]
    assert table.loc["A", "extra_time"] == pd.Timedelta(0) and pd.isna(table.loc["B", "extra_time"])


def test_where_nothing_is_repeated_that_is_said_and_an_empty_log_has_no_rows() -> None:
    m = crm.from_text("L -> W")
    result = crm.rework(m, log=log_of(rows_of(LW=9)))
    assert [(finding.severity, finding.sentence) for finding in result.findings] == [
        ("good", "No case repeats a stage.")
    ]
    empty = crm.rework(m, log=log_of([])).show()
    assert len(empty.table) == 0 and empty.findings[0].sentence == "The log has no event."
    json.dumps(empty.to_dict(), allow_nan=False)
    json.loads(empty.chart().to_json())


# ---- what may be seen ------------------------------------------------------------------------------------


def test_repeats_of_few_cases_are_shown_nowhere() -> None:
    result = crm.rework(crm.from_text("L -> O -> W"), log=log_of(rows_of(LOW=40, LOLOW=3, LOOW=9)))
    rows = {row["activity"]: row for row in result.to_dict()["rows"]}
    assert rows["L"]["n_repeats"] is rows["L"]["n_events"] is rows["L"]["extra_time"] is None  # 55 - 52 would tell
    assert rows["O"]["n_returns"] is rows["O"]["n_self_loops"] is rows["O"]["repeating_rate"] is None
    assert rows["W"]["n_repeats"] == 0
    said = " ".join(f"{finding.sentence} {finding.evidence}" for finding in result.findings)
    assert "come back" not in said and "12 of 52" in said
    assert result.table.set_index("activity").loc["L", "n_returning_cases"] == 3


@given(st.dictionaries(st.text("ABC", min_size=2, max_size=4), st.sampled_from([3, 9, 20]), min_size=2, max_size=6))
@example({"BA": 20, "AB": 30, "ABA": 3, "ACA": 9})  # a flow that many take and few come back by
@settings(max_examples=20, deadline=None)
def test_no_time_of_few_that_repeat_follows_from_those_that_are_shown(paths: dict[str, int]) -> None:
    """Linear algebra as the oracle: the repeats of a stage are those over the flows into it, and all have a sum."""
    log = log_of(rows_of(**paths))
    result = crm.rework(crm.from_text("A -> B"), log=log)
    counts = flow_counts(log, with_cases=True)
    public, shown, has_total = shown_tables(counts, result.table, result.flows)
    repeating = result.flows["extra_time"].notna()
    place = {
        pair: i for i, pair in enumerate(result.flows.loc[repeating, ["source", "target"]].itertuples(index=False))
    }
    known = [
        np.eye(len(place))[place[row.source, row.target]]
        for row in shown[repeating].itertuples()
        if pd.notna(row.extra_time) or (pd.notna(row.n_returns) and row.source != row.target)
    ]
    known += [
        np.array([float(target == row.activity) for _, target in place])
        for row in public[public["extra_time"].notna()].itertuples()
    ]
    if has_total:
        known.append(np.ones(len(place)))
    rank = np.linalg.matrix_rank(np.array(known)) if known and place else 0
    for row in result.flows[repeating].itertuples():
        n = row.n_cases if row.source == row.target else row.n_returning_cases
        if 0 < n < 5:
            one = np.eye(len(place))[place[row.source, row.target]]
            more = np.linalg.matrix_rank(np.array([*known, one]))
            assert more > rank, f"{row.source} → {row.target} follows from what is shown"


def test_few_that_repeat_nothing_are_not_told_either() -> None:
    result = crm.rework(crm.from_text("L -> W"), log=log_of(rows_of(LLW=40, LW=2)))
    assert result.findings[0].sentence.startswith("How many cases repeat work is not shown")
    assert result.to_dict()["rows"][0]["n_repeating_cases"] is None


# ---- other engines, other data ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [repeats.STAGE_REPEATS_SQL, repeats.FLOW_REPEATS_SQL, repeats.REWORKED_SQL])
def test_every_query_can_be_said_in_other_dialects(query: str, dialect: str) -> None:
    said = in_dialect(log_of(rows_of(LW=5)).where(activity="W").sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx", "qualify"):
        assert word not in said


def test_the_receipt_log_repeats_what_pandas_counts(real_data: Path) -> None:
    path = real_data / "eventlogs" / "receipt.csv"
    log = crm.EventLog(path, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    result = crm.rework(crm.discover(log))
    frame = pd.read_csv(path)
    times = frame.groupby(["case:concept:name", "concept:name"]).size()
    repeated = (times > 1).groupby("concept:name").sum()
    assert result.table.set_index("activity")["n_repeating_cases"].to_dict() == repeated.to_dict()
    n_cases = int((times > 1).groupby("case:concept:name").any().sum())
    assert f"{n_cases} of 1" in result.findings[0].sentence
