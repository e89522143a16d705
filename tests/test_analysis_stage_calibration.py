"""What an event log says of the stages of a what-if is what plain Python counts, and is asked in every dialect."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Row, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_maps import a_map

import crmwidget as crm
from crmwidget.analysis import stage_times
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.analysis.stage_model import DAYS_A_MONTH
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000


def log_of(rows: list[Row], **options: Any) -> crm.EventLog:
    return crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, **options)


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from([f"c{i}" for i in range(8)]),
        st.sampled_from(["lead", "offer", "won", "lost"]),
        st.integers(0, 40).map(lambda hour: hour * DAY // 4 + hour % 3),
    ),
    min_size=4,
    max_size=60,
)


@given(rows_strategy)
@settings(max_examples=40, deadline=None)
def test_rates_times_and_inflow_are_what_plain_python_counts(rows: list[Row]) -> None:
    by_case: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for number, (case, activity, at) in enumerate(rows):
        assert case is not None and activity is not None and at is not None
        by_case[case].append((at, number, activity))
    paths = {case: sorted(events) for case, events in by_case.items()}
    born = sorted(path[0][0] for path in paths.values())
    if len(born) < 2 or born[0] == born[-1]:
        return
    last = max(path[-1][0] for path in paths.values())
    moved: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    days: dict[str, float] = defaultdict(float)
    left: dict[str, int] = defaultdict(int)
    ends = {"won", "lost"} & {event[2] for path in paths.values() for event in path}
    for path in paths.values():
        for (at, _, source), (then, _, target) in itertools.pairwise(path):
            moved[source][target] += 1
            days[source] += (then - at) / DAY
        at, _, activity = path[-1]
        if activity in ends or not ends:
            left[activity] += 1
        else:
            days[activity] += (last - at) / DAY  # open: so long already
    m = a_map({"lead": {}, "offer": {}, "won": {}, "lost": {}}, {("lead", "offer"): None})
    m.flush()
    model = calibrated(m, log=log_of(rows), at=None, case_value=None)
    for source, i in model.place.items():
        if source not in {activity for _, activity, _ in rows}:
            continue  # what no case came to is as its flows say
        total = sum(moved[source].values()) + left[source]
        for target, j in model.place.items():
            assert model.routes[i, j] == pytest.approx(moved[source][target] / total if total else 0)
        assert model.duration[i] == pytest.approx(days[source] / total if total else 0)
        begin = sum(path[0][2] == source for path in paths.values()) / len(paths)
        assert model.inflow[i] == pytest.approx(begin * (len(born) - 1) / ((born[-1] - born[0]) / DAY))


@given(rows_strategy)
@settings(max_examples=40, deadline=None)
def test_as_it_is_cases_take_as_long_as_they_took_wherever_they_ended(rows: list[Row]) -> None:
    times: dict[str, list[int]] = defaultdict(list)
    for case, _, at in rows:
        assert case is not None and at is not None
        times[case].append(at)
    if len({min(of_case) for of_case in times.values()}) < 2:
        return
    m = a_map({"lead": {}, "offer": {}, "won": {}, "lost": {}}, {("lead", "offer"): None})
    for node in ("won", "lost"):
        m.graph.nodes[node].pop("outcome", None)  # nothing says what closes a case, so that all are closed
        m.graph.nodes[node]["kind"] = "stage"
    result = crm.what_if(m, log=log_of(rows))
    mean_days = float(np.mean([max(of_case) - min(of_case) for of_case in times.values()])) / DAY
    whole = result.table.iloc[0]
    assert whole["throughput_time_baseline"] / pd.Timedelta(days=1) == pytest.approx(mean_days, abs=1e-6)
    arrivals = whole["arrivals_per_month_baseline"] / DAYS_A_MONTH
    assert whole["work_in_progress_baseline"] == pytest.approx(arrivals * mean_days, abs=1e-6)


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("name", ["MOVES_SQL", "LASTS_SQL", "FIRSTS_SQL", "GAPS_SQL", "WORK_SQL", "FIRST_WORK_SQL"])
def test_what_the_log_is_asked_can_be_said_in_other_dialects(name: str, dialect: str) -> None:
    log = log_of([("a", "lead", 0), ("b", "lead", DAY)]).where(activity="lead")
    query = getattr(stage_times, name).replace("CLOSED", "last_activity in (1)").replace("AS_OF", "86400000000")
    said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx"):
        assert word not in said
