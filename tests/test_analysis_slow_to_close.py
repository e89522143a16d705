"""Open cases are compared with closed ones, exactly, and no single case leaves the kernel."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Row, frame_of, percentile
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import slow_to_close as asked
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
US = pd.Timedelta(1, unit="us")


def log_of(rows: list[Row], **options: Any) -> crm.EventLog:
    return crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, **options)


def a_map() -> crm.CrmMap:
    m = crm.from_text("Lead -> Offer")
    m.add("end", "Won", outcome="won")
    return m


def open_and_closed(*, n_open_long: int = 0, n_open_short: int = 0, n_closed: int = 50) -> crm.EventLog:
    """Closed ones stay at Lead for 2 days and at Offer for 3; long ones at Offer for 40, short ones at Lead for 1."""
    rows: list[Row] = []
    for i in range(n_closed):
        rows += [(f"closed{i}", "Lead", 0), (f"closed{i}", "Offer", 2 * DAY), (f"closed{i}", "Won", 5 * DAY + i)]
    for i in range(n_open_long):
        rows += [(f"long{i}", "Lead", 58 * DAY), (f"long{i}", "Offer", 60 * DAY)]
    rows += [(f"short{i}", "Lead", 99 * DAY) for i in range(n_open_short)]
    rows += [("last", "Won", 100 * DAY)]
    return log_of(rows, ends=["Won"])


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from([f"c{i}" for i in range(10)]),
        st.sampled_from(["Lead", "Offer", "Won"]),
        st.integers(0, 12).map(lambda day: day * DAY + day % 2),
    ),
    min_size=1,
    max_size=50,
)


@given(rows_strategy)
@settings(max_examples=40, deadline=None)
def test_ages_and_percentiles_are_what_plain_python_counts(rows: list[Row]) -> None:
    by_case: dict[str, list[tuple[Any, int, str]]] = {}
    for number, (case, activity, at) in enumerate(rows):
        by_case.setdefault(str(case), []).append((at, number, str(activity)))
    if not any(activity == "Won" for _, activity, _ in rows):
        return  # then no case is known to be closed
    paths = {case: sorted(events) for case, events in by_case.items()}
    last = max(path[-1][0] for path in paths.values())
    closed = [path for path in paths.values() if path[-1][2] == "Won"]
    spans = [path[-1][0] - path[0][0] for path in closed]
    stays: dict[str, list[int]] = {}
    for path in closed:
        for one, other in itertools.pairwise(path):
            stays.setdefault(one[2], []).append(other[0] - one[0])
    table = crm.slow_to_close(a_map(), log=log_of(rows), unusual=0.8).table.set_index("case")
    assert set(table.index) == {case for case, path in paths.items() if path[-1][2] != "Won"}
    for case, row in table.iterrows():
        path = paths[str(case)]
        age, here = last - path[0][0], last - path[-1][0]
        assert (row["age"] / US, row["time_at_stage"] / US, row["activity"]) == (age, here, path[-1][2])
        shorter = sum(span <= age for span in spans)
        assert (row["n_shorter"], row["n_closed"]) == (shorter, len(spans))
        there = stays.get(path[-1][2], [])
        assert (row["n_shorter_stays"], row["n_stays"]) == (sum(stay <= here for stay in there), len(there))
        for rate, part, whole in (
            (row["age_percentile"], row["n_shorter"], row["n_closed"]),
            (row["stage_percentile"], row["n_shorter_stays"], row["n_stays"]),
        ):
            assert np.isnan(rate) if not whole else rate == pytest.approx(part / whole)
        if there:
            assert abs(row["usual_time_at_stage"] / US - percentile(there, 0.5)) <= 1
        else:
            assert pd.isna(row["usual_time_at_stage"])
        assert row["is_slow"] == any(rate >= 0.8 for rate in (row["age_percentile"], row["stage_percentile"]))
    most = table[["age_percentile", "stage_percentile"]].max(axis=1).fillna(-1)
    assert most.is_monotonic_decreasing


def test_what_stands_too_long_is_found_with_its_stage_and_painted_there() -> None:
    m = a_map()
    m.attach(open_and_closed(n_open_long=12, n_open_short=20))
    result = crm.slow_to_close(m).show()
    assert result.table["is_slow"].sum() == 12
    assert set(result.table.loc[result.table["is_slow"], "node"]) == {"offer"}
    assert [f.sentence for f in result.findings] == [
        "12 of 32 open cases are slow to close.",
        "Most of them stand at Offer: 12.",
    ]
    assert result.findings[1].nodes == ["offer"] and "after 3 d" in result.findings[1].evidence.replace("\u202f", " ")
    paints = m.overlays["slow_to_close"].nodes
    assert (paints["offer"].heat, paints["offer"].text) == (1.0, "12 of 12 slow")
    assert (paints["lead"].heat, paints["lead"].text) == (0.0, "0 of 20 slow")


def test_a_later_moment_makes_them_older() -> None:
    log = open_and_closed(n_open_short=6)
    at = dt.datetime(1970, 1, 1) + dt.timedelta(days=150)
    assert not crm.slow_to_close(a_map(), log=log).table["is_slow"].any()
    later = crm.slow_to_close(a_map(), log=log, at=at).table
    assert later["is_slow"].all() and (later["age"] == pd.Timedelta(days=51)).all()


@pytest.mark.parametrize("ask", [crm.slow_to_close, crm.retention, crm.kpis, crm.what_if])
def test_a_moment_before_the_end_of_the_log_is_refused_rather_than_taken_for_another(ask: Callable[..., Any]) -> None:
    log = crm.samples.events(200).log()
    m = crm.discover(log)
    last = log.to_frame()["timestamp"].max().to_pydatetime()
    ask(m, at=last)
    with pytest.raises(crm.AnalysisError, match=r"events after it\. .*future='leave_out'.*log\.where\(before=at\)"):
        ask(m, at=last - dt.timedelta(seconds=1))


def test_single_cases_are_neither_printed_nor_serialised_nor_painted() -> None:
    m = a_map()
    m.attach(open_and_closed(n_open_long=9, n_open_short=9))
    result = crm.slow_to_close(m)
    told = repr(result) + result._repr_html_() + json.dumps(result.to_dict(), allow_nan=False) + str(result.painted)
    assert "long0" not in told and "short0" not in told and "long0" in set(result.table["case"])
    assert "18 rows × 13 columns" in repr(result) and result.to_dict()["rows"] is None


@pytest.mark.parametrize(("n_long", "n_short"), [(3, 20), (20, 3), (3, 3), (1, 0)])
def test_a_few_are_not_counted_and_cannot_be_worked_out(n_long: int, n_short: int) -> None:
    result = crm.slow_to_close(a_map(), log=open_and_closed(n_open_long=n_long, n_open_short=n_short))
    texts = [paint.text for paint in result.painted.nodes.values()]
    told = str(result.painted) + str(result.findings)
    for few in {n_long, n_short} & {1, 3}:
        assert not any(text.startswith(f"{few} of") or f"of {few} " in text for text in texts)
        assert f"{few} of" not in told
    assert not any(paint.heat for paint in result.painted.nodes.values() if "<5" in paint.text)


def test_without_open_cases_there_is_nothing_slow() -> None:
    result = crm.slow_to_close(a_map(), log=open_and_closed()).show()
    assert len(result.table) == 0 and result.findings[0].sentence == "No case is open."


def test_without_ends_it_says_what_is_missing() -> None:
    m = crm.from_text("Lead -> Offer")
    with pytest.raises(crm.AnalysisError, match=r"Nothing says which activities close a case.*ends="):
        crm.slow_to_close(m, log=log_of([("a", "Lead", 0)]))


@pytest.mark.parametrize("unusual", [0, 1, 1.5, "much", True])
def test_a_percentile_that_is_none_is_refused(unusual: Any) -> None:
    with pytest.raises(crm.AnalysisError, match="above 0 and below 1"):
        crm.slow_to_close(a_map(), log=open_and_closed(), unusual=unusual)


def test_planted_open_cases_are_all_there() -> None:
    sample = crm.samples.events()
    options = {"timestamp": "finished_at", "ends": sample.ends, "now": NOW}
    m = crm.discover(crm.EventLog(sample.events, case="case_id", activity="activity", **options))
    table = crm.slow_to_close(m).table
    assert len(table) == sample.truths["open"]["n_cases"]
    assert set(table["activity"]) == {sample.truths["open"]["activity"]}


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("name", ["AGES_SQL", "STAYS_SQL", "USUAL_SQL", "NAMES_SQL"])
def test_it_can_be_said_in_other_dialects(name: str, dialect: str) -> None:
    log = open_and_closed().where(activity="Lead")
    query = getattr(asked, name).replace("CLOSED", "last_activity in (1)").replace("AS_OF", "86400000000")
    said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx"):
        assert word not in said
