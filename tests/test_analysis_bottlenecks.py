"""Bottlenecks say where time goes: as plain Python counts it, as it was planted, and without a word about few."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Event, most_at_once, percentile, started_frame, stays_of, whole_stays
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import stays
from crmwidget.analysis.bottlenecks_shown import withheld
from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
HOUR = DAY // 24
US = pd.Timedelta(1, unit="us")
MS = pd.Timedelta(1, unit="ms")


def log_of(events: list[Event], *, has_start: bool = True, **options: Any) -> crm.EventLog:
    start = {"start": "start"} if has_start else {}
    return crm.EventLog(
        started_frame(events), case="case", activity="activity", timestamp="at", now=NOW, **start, **options
    )


def days(*events: tuple[str, str, float, float]) -> list[Event]:
    """Events with their start and their end in days."""
    return [(case, activity, int(end * DAY), int(start * DAY)) for case, activity, start, end in events]


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


def planted(sample: samples.EventSample, **options: Any) -> crm.EventLog:
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at"}
    return crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW, **options)


@pytest.fixture(scope="module")
def log(sample: samples.EventSample) -> crm.EventLog:
    return planted(sample, start="started_at", attributes=["segment"])


# ---- the oracle ------------------------------------------------------------------------------------------

events_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", "f"]),
        st.sampled_from(["Lead", "Offer", "Won", None]),
        st.integers(0, 6).map(lambda day: day * DAY + day % 2),
        st.none() | st.integers(-1, 6).map(lambda day: day * DAY),
    ),
    min_size=1,
    max_size=40,
)


@given(events_strategy, st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_times_and_work_in_progress_are_what_plain_python_says(
    events: list[Event], has_start: bool, has_ends: bool
) -> None:
    if not any(event[1] for event in events):
        events = [*events, ("a", "Won", 0, None)]
    ends = ["Won"] if has_ends and any(event[1] == "Won" for event in events) else []
    log = log_of(events, has_start=has_start, ends=ends)
    if not has_start:
        events = [(*event[:3], None) for event in events]
    truth = stays_of(events, has_start=has_start, ends=ends)
    m = crm.from_text("Lead -> Offer")  # Won is no end on it
    m.graph.nodes["offer"]["capacity"] = 2
    result = crm.bottlenecks(m, log=log)
    whole = whole_stays(events, ends=ends)
    observed = max(stay.until or stay.since or 0 for stay in truth) - min(stay.since for stay in whole)
    over = [stay.until - stay.since for stay in truth if stay.is_over]
    assert set(result.table["activity"]) == {stay.activity for stay in truth}
    for row in result.table.itertuples():
        here = [stay for stay in truth if stay.activity == row.activity]
        assert (row.n_events, row.n_cases) == (len(here), len({stay.case for stay in here}))
        left = [stay.until - stay.since for stay in here if stay.is_over]
        _times(row.n_left, row.median_time, row.p95_time, row.total_time, left)
        waiting = [stay.waiting for stay in here if stay.waiting is not None]
        _times(row.n_waited, row.median_waiting_time, row.p95_waiting_time, row.total_waiting_time, waiting)
        service = [stay.service for stay in here if stay.service is not None]
        _times(row.n_served, row.median_service_time, row.p95_service_time, row.total_service_time, service)
        assert row.peak_wip == most_at_once(here)
        present = [stay.until - stay.since for stay in here if stay.since is not None and stay.until is not None]
        _near(row.mean_wip, sum(present) / observed if observed else None)
        _near(row.time_rate, sum(left) / sum(over) if left and sum(over) else None)
        _near(row.cases_per_day, len(here) * DAY / observed if observed else None)
        load = len(here) * sum(service) / len(service) if service else None
        load = load if has_start else sum(present)
        has_load = load is not None and observed and row.activity == "Offer"
        _near(row.utilisation_rate, load / observed / 2 if has_load else None)
    got = stays.stays(log, log.closed_sql)
    assert got.peak_under_way == most_at_once(whole)
    assert got.n_open == sum(not stay.is_over for stay in whole)
    _near(got.mean_under_way, sum(stay.until - stay.since for stay in whole) / observed if observed else None)
    for at, n in zip(got.instants.tolist(), got.under_way.tolist(), strict=True):
        assert n == sum(stay.since <= at < stay.until for stay in whole)


def _times(n: int, median: Any, p95: Any, total: Any, truth: list[int]) -> None:
    assert n == len(truth)
    if not truth:
        assert pd.isna(median) and pd.isna(p95) and pd.isna(total)
        return
    assert abs(median / US - percentile(truth, 0.5)) <= 1 and abs(p95 / US - percentile(truth, 0.95)) <= 1
    assert abs(total / MS - sum(truth) / 1000) <= 1


def _near(given: float, truth: float | None) -> None:
    if truth is None:
        assert np.isnan(given)
    else:
        assert given == pytest.approx(truth, rel=1e-9, abs=1e-12)


@given(events_strategy)
@settings(max_examples=10, deadline=None)
def test_with_starts_everywhere_stays_are_waiting_and_service_and_shares_add_up_to_one(events: list[Event]) -> None:
    whole = [(case, activity or "Lead", at, min(at, start or 0)) for case, activity, at, start in events]
    result = crm.bottlenecks(crm.from_text("Lead -> Won"), log=log_of(whole))
    table = result.table
    parts = table["total_waiting_time"].fillna(0 * MS) + table["total_service_time"]
    assert ((parts - table["total_time"]).abs() <= 2 * MS).all()
    if (table["total_time"] > 0 * MS).any():
        assert table["time_rate"].sum() == pytest.approx(1.0)
    waiting = table["total_waiting_time"].dropna().sum() if table["total_waiting_time"].notna().any() else 0 * MS
    on_flows = result.flows["total_time"].sum() if len(result.flows) else 0 * MS
    assert abs(waiting - on_flows) <= len(result.flows) * MS + len(table) * MS


# ---- by hand ---------------------------------------------------------------------------------------------


def test_one_case_by_hand() -> None:
    log = log_of(days(("a", "Lead", 0, 1), ("a", "Offer", 3, 4), ("a", "Won", 3.5, 6)))
    table = crm.bottlenecks(crm.from_text("Lead -> Won"), log=log).table.set_index("activity")
    day = pd.Timedelta(days=1)
    assert (table["total_service_time"] / day).tolist() == [1.0, 1.0, 2.5]
    assert table["total_waiting_time"].isna().tolist() == [True, False, False]
    assert (table["total_waiting_time"].dropna() / day).tolist() == [2.0, 0.0]  # Won begins before Offer ends
    assert (table["total_time"] / day).tolist() == [1.0, 3.0, 2.5]
    assert table["mean_wip"].tolist() == pytest.approx([1 / 6, 3 / 6, 2.5 / 6])
    assert table["cases_per_day"].tolist() == pytest.approx([1 / 6] * 3)


def test_without_start_times_a_case_stands_where_it_last_went_to() -> None:
    events = days(("a", "Lead", 0, 0), ("a", "Offer", 2, 2), ("b", "Lead", 0, 0), ("b", "Won", 10, 10))
    log = log_of(events, has_start=False, ends=["Won"])
    table = crm.bottlenecks(crm.from_text("Lead -> Offer"), log=log).table.set_index("activity")
    assert table.loc["Offer", "mean_wip"] == pytest.approx(0.8)  # open: it stands there until the log's end
    assert table.loc["Offer", ["n_left", "peak_wip"]].tolist() == [0, 1]
    assert pd.isna(table.loc["Offer", "total_time"]) and table.loc["Lead", "time_rate"] == 1.0
    assert table["median_waiting_time"].isna().all() and table["median_service_time"].isna().all()


def test_one_who_leaves_when_another_comes_is_not_there_with_him() -> None:
    log = log_of(days(("a", "Lead", 0, 1), ("b", "Lead", 1, 2), ("c", "Lead", 1, 1), ("d", "Lead", 1.5, 3)))
    assert crm.bottlenecks(crm.from_text("Lead -> Won"), log=log).table["peak_wip"].tolist() == [2]


@pytest.mark.parametrize("has_start", [True, False])
def test_what_takes_no_time_has_no_average_and_an_empty_log_no_rows(has_start: bool) -> None:
    m = crm.from_text("Lead -> Won")
    m.graph.nodes["lead"]["capacity"] = 1
    row = crm.bottlenecks(m, log=log_of([("a", "Lead", DAY, DAY)], has_start=has_start)).table.iloc[0]
    missing = ["mean_wip", "cases_per_day", "mean_in_work", "utilisation_rate", "time_rate"]
    assert row[missing].isna().all() and row["peak_wip"] == 0
    result = crm.bottlenecks(m, log=log_of([], has_start=has_start)).show()
    assert len(result.table) == 0 and result.findings[0].sentence == "The log has no event."
    json.dumps(result.to_dict(), allow_nan=False)
    json.loads(result.chart().to_json())


# ---- what is planted -------------------------------------------------------------------------------------


def test_the_planted_slow_flow_costs_most_and_its_stage_too(sample: samples.EventSample, log: crm.EventLog) -> None:
    m = crm.discover(log)
    result = crm.bottlenecks(m).show()
    slow = sample.truths["slow_flow"]
    worst = result.flows.loc[result.flows["time_rate"].idxmax()]
    assert (worst["source"], worst["target"], worst["n"]) == (slow["source"], slow["target"], slow["n"])
    stage = result.table.loc[result.table["time_rate"].idxmax()]
    assert stage["activity"] == slow["target"]
    stays_days = (stage["median_time"] / pd.Timedelta(days=1), slow["median_days"])
    assert 0.9 < stays_days[0] / stays_days[1] < 1.1  # the flow's own is from end to end
    assert [finding.sentence.split(" ")[0] for finding in result.findings] == ["Demo", "Qualification", "On"]
    assert result.findings[1].flows == [worst["flow"]] and result.findings[0].nodes == ["demo"]
    overlay = m.overlays["bottlenecks"]
    assert overlay.nodes["demo"].heat == 1.0 and overlay.legend is not None and overlay.legend.unit == "%"
    result.hide()
    assert "bottlenecks" not in m.overlays


def test_littles_law_holds_for_whole_cases(sample: samples.EventSample, log: crm.EventLog) -> None:
    events = sample.events
    spans = events.groupby("case_id").agg(since=("started_at", "min"), until=("finished_at", "max"))
    is_open = ~events.groupby("case_id")["activity"].last().isin(sample.ends)
    until = spans["until"].where(~is_open, events["finished_at"].max())
    observed = events["finished_at"].max() - events["started_at"].min()
    arrivals = len(spans) / (observed / pd.Timedelta(days=1))
    mean_days = ((until - spans["since"]) / pd.Timedelta(days=1)).mean()
    found = stays.stays(log, log.closed_sql)
    assert found.mean_under_way == pytest.approx(arrivals * mean_days)
    assert found.n_open == sample.truths["open"]["n_cases"]


def test_a_stage_at_its_capacity_is_called_overloaded(log: crm.EventLog) -> None:
    m = crm.discover(log)
    table = crm.bottlenecks(m).table.set_index("activity")
    assert table["utilisation_rate"].isna().all()
    m.graph.nodes["offer"]["capacity"] = float(table.loc["Offer", "mean_in_work"]) / 1.25
    m.graph.nodes["demo"]["capacity"] = float(table.loc["Demo", "mean_in_work"]) / 0.9
    m.graph.nodes["lead"]["capacity"] = 0
    result = crm.bottlenecks(m)
    rates = result.table.set_index("activity")["utilisation_rate"]
    assert rates["Offer"] == pytest.approx(1.25) and rates["Demo"] == pytest.approx(0.9) and np.isnan(rates["Lead"])
    said = [finding for finding in result.findings if "overloaded" in finding.sentence]
    assert [finding.nodes for finding in said] == [["offer"]] and "125" in said[0].sentence


def test_activities_of_one_node_share_its_capacity(log: crm.EventLog) -> None:
    m = crm.from_text("Lead -> Work")
    m.graph.nodes["work"]["capacity"] = 1
    m.attach(log, mapping={"Offer": "work", "Contract": "work"})
    table = crm.bottlenecks(m).table.set_index("activity")
    both = table.loc[["Offer", "Contract"]]
    assert both["utilisation_rate"].tolist() == pytest.approx([both["mean_in_work"].sum()] * 2)


def test_a_part_of_a_log_is_asked_as_the_rows_of_that_part(sample: samples.EventSample, log: crm.EventLog) -> None:
    part = sample.events[sample.events["segment"] == "Enterprise"]
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at", "start": "started_at"}
    alone = crm.EventLog(part, **columns, ends=sample.ends, now=NOW)
    m = crm.from_text("Lead -> Won")
    ours, theirs = (
        crm.bottlenecks(m, log=asked).table.set_index("activity").sort_index()
        for asked in (log.where(segment="Enterprise"), alone)
    )
    pd.testing.assert_frame_equal(ours, theirs)


# ---- what may be seen ------------------------------------------------------------------------------------


def paths(**numbers: int) -> list[Event]:
    """`paths(LOW=3)`: 3 cases that go through L, O and W; each step waits a day and is worked on for an hour."""
    return [
        (f"{path}{i}", letter, day * DAY + i, day * DAY - HOUR)
        for path, n in numbers.items()
        for i in range(n)
        for day, letter in enumerate(path, start=1)
    ]


@given(
    st.dictionaries(st.text("ABCD", min_size=1, max_size=4), st.integers(1, 12), min_size=1, max_size=6), st.booleans()
)
@settings(max_examples=150, deadline=None)
def test_no_sum_of_time_of_few_cases_follows_from_those_that_are_shown(numbers: dict[str, int], started: bool) -> None:
    """Linear algebra as the oracle: the time of a stage is that of its flows, and that of all stages is known."""
    flow_cases, stage_cases = Counter[tuple[str, str]](), Counter[str]()
    for path, n in numbers.items():
        flow_cases.update(dict.fromkeys(itertools.pairwise(path), n))
        stage_cases.update(dict.fromkeys(path, n))
    small = {("flow", *pair) for pair, n in flow_cases.items() if n < 5}
    small |= {("node", name) for name, n in stage_cases.items() if n < 5}
    columns = {"source": [a for a, _ in flow_cases], "target": [b for _, b in flow_cases]}
    flows = pd.DataFrame({**columns, "n_cases": list(flow_cases.values())})
    stages = pd.DataFrame({"activity": list(stage_cases), "n_cases": list(stage_cases.values())})
    held = withheld(
        FlowCounts(flows, {}, {}, {}, frozenset(small), frozenset(small)), stages, flows, is_started=started
    )
    assert {query[1:] for query in small if query[0] == "flow"} <= held.flows
    place = {pair: i for i, pair in enumerate(flow_cases)}
    known = [np.eye(len(place))[i] for pair, i in place.items() if pair not in held.flows]
    sums = {name: np.array([float(pair[started] == name) for pair in place]) for name in stage_cases}
    known += [of_stage for name, of_stage in sums.items() if name not in held.stages]
    if held.stages != set(stage_cases):
        known.append(sum(sums.values(), np.zeros(len(place))))
    rank = np.linalg.matrix_rank(np.array(known)) if known and place else 0
    for pair, n in flow_cases.items():
        if n < 5:
            more = np.linalg.matrix_rank(np.array([*known, np.eye(len(place))[place[pair]]]))
            assert more > rank, f"{pair} follows from what is shown"


def test_a_stage_of_few_cases_has_no_time_anywhere_it_is_shown() -> None:
    m = crm.from_text("L -> O -> W\nL -> X")
    result = crm.bottlenecks(m, log=log_of(paths(LOW=40, LX=3, LOV=9)))
    rows = {row["activity"]: row for row in result.to_dict()["rows"]}
    assert rows["X"]["n_events"] is rows["X"]["median_time"] is rows["X"]["total_time"] is rows["X"]["mean_wip"] is None
    assert sum(row["total_time"] is None for row in rows.values()) == 2  # or the rest would tell
    assert result.table.set_index("activity").loc["X", "n_events"] == 3
    painted = result.painted
    assert painted.nodes["x"].heat is None and painted.nodes["x"].text == "–"
    assert '"X"' not in result.chart().to_json()


# ---- other engines, other data ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("has_start", [True, False])
def test_every_query_can_be_said_in_other_dialects(dialect: str, has_start: bool) -> None:
    log = log_of(paths(LW=5), has_start=has_start).where(activity="W")
    each = stays.stays_sql(log, "last_activity in (1)", 7)
    queries = [
        each,
        stays.STAGE_TIMES_SQL.replace("STAYS", each),
        stays.PEAKS_SQL.replace("STAYS", each),
        stays.UNDER_WAY_SQL.replace("STAYS", each).replace("SINCE", "0").replace("STEP", "3"),
        stays.FLOW_TIMES_SQL.replace("WAITED", "next_at_us - at_us"),
        stays.SPAN_SQL.replace("BEGUN", "at_us"),
    ]
    for query in queries:
        said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
        for word in ("hash(", "hugeint", "quantile_cont", "approx", "qualify"):
            assert word not in said


def test_the_time_of_the_receipt_log_is_that_of_its_cases(real_data: Path) -> None:
    path = real_data / "eventlogs" / "receipt.csv"
    log = crm.EventLog(path, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    result = crm.bottlenecks(crm.discover(log))
    frame = pd.read_csv(path)
    at = pd.to_datetime(frame["time:timestamp"], utc=True, format="ISO8601").groupby(frame["case:concept:name"])
    spans = (at.max() - at.min()).sum()
    assert abs(result.table["total_time"].sum() - spans) < pd.Timedelta(seconds=1)
    assert result.table["time_rate"].sum() == pytest.approx(1.0) == result.flows["time_rate"].sum()
    worst = result.table.loc[result.table["time_rate"].idxmax(), "activity"]
    assert result.findings[0].sentence.startswith(f"{worst} takes the most time")
