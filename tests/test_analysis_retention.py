"""Cohorts and who of them comes back are counted exactly, and small groups cannot be worked out."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Row, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import retention as asked
from crmwidget.analysis.log_periods import log_periods, periods_sql
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def log_of(rows: list[Row], **options: Any) -> crm.EventLog:
    return crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, **options)


def a_map() -> crm.CrmMap:
    return crm.from_text("Visit -> Order")


def monthly(**cohorts: list[int]) -> crm.EventLog:
    """`monthly(a=[40, 12])`: 40 begin in January 1970, 12 of them come in February; b begins in February, and so on."""
    rows: list[Row] = []
    for start, (name, sizes) in enumerate(cohorts.items()):
        for later, n in enumerate(sizes):
            day = (np.datetime64("1970-01", "M") + start + later).astype("datetime64[D]").astype(int)
            rows += [(f"{name}{i}", "Visit", (int(day) + 3) * DAY) for i in range(n)]
    end = (np.datetime64("1970-01", "M") + max(map(len, cohorts.values())) + len(cohorts) - 1).astype("datetime64[D]")
    rows += [(case, activity, (int(end.astype(int))) * DAY) for case, activity, _ in rows[:1]]
    return log_of(rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"c{i}" for i in range(9)]),
            st.sampled_from(["Visit", "Order"]),
            st.integers(-40, 400).map(lambda day: day * DAY + day % 3 * 1_000),
        ),
        min_size=1,
        max_size=60,
    ),
    st.sampled_from([*PERIODS]),
    st.booleans(),
)
@settings(max_examples=50, deadline=None)
def test_cohorts_are_what_pandas_counts(rows: list[Row], every: Any, only_orders: bool) -> None:
    if only_orders and not any(activity == "Order" for _, activity, _ in rows):
        return
    frame = frame_of(rows)
    number = frame["at"].dt.to_period(PERIODS[every])
    if number.nunique() and (number.max() - number.min()).n > 390:
        return
    first = frame.groupby("case")["at"].transform("min").dt.to_period(PERIODS[every])
    counts = frame[(frame["activity"] == "Order") | (not only_orders)].index
    later = (number - first).map(lambda offset: offset.n)
    n_cohort = first.groupby(first).size().to_frame().join(frame.assign(first=first).groupby("first")["case"].nunique())
    active = frame.assign(first=first, later=later).loc[counts].groupby(["first", "later"])["case"].nunique()
    table = crm.retention(a_map(), log=log_of(rows), every=every, activity="Order" if only_orders else None).table
    is_over = frame["at"].max() + pd.Timedelta(1, unit="us") >= number.max().end_time.ceil("us")
    last = number.max() if is_over else number.max() - 1
    assert len(table) == sum((last - cohort).n + 1 for cohort in n_cohort.index if cohort <= last)
    for row in table.itertuples():
        cohort = pd.Period(row.cohort, PERIODS[every])
        assert row.cohort == cohort.start_time
        assert row.n_cohort == n_cohort.loc[cohort, "case"]
        assert row.n_active == active.get((cohort, row.period), 0)
        assert row.retention_rate == pytest.approx(row.n_active / row.n_cohort)


def test_who_comes_back_is_told_in_sentences_and_at_the_stage_where_they_begin() -> None:
    m = a_map()
    m.attach(monthly(a=[40, 20, 10, 10], b=[60, 15, 15]))
    result = crm.retention(m).show()
    sentences = [finding.sentence.replace("\u202f", " ") for finding in result.findings]
    assert sentences[0] == "35 % are active 1 month later."  # 35 of 100
    assert "Of those of Feb 1970 the fewest come back: 25 %." in sentences
    paint = m.overlays["retention"].nodes["visit"]
    assert paint.heat == pytest.approx(0.35) and "1 month later" in paint.text
    table = m.overlays["retention"].table
    assert table is not None and table.rows[0][:3] == ["Jan 1970", "40", "100\u202f%"]


def test_only_what_is_over_is_counted() -> None:
    log = monthly(a=[40, 20])
    assert crm.retention(a_map(), log=log).table["period"].tolist() == [0, 1]
    later = crm.retention(a_map(), log=log, at=dt.datetime(1970, 6, 15)).table
    assert later["period"].tolist() == [0, 1, 2, 3, 4]
    assert later["n_active"].tolist() == [40, 20, 1, 0, 0]


@pytest.mark.parametrize("n_back", [2, 38])
def test_a_few_that_come_back_or_stay_away_have_no_number(n_back: int) -> None:
    result = crm.retention(a_map(), log=monthly(a=[40, n_back], b=[50, 20]))
    rows = [row for row in result.to_dict()["rows"] if row["cohort_name"] == "Jan 1970" and row["period"] == 1]
    assert rows[0]["n_active"] is None and rows[0]["retention_rate"] is None and rows[0]["n_cohort"] == 40
    told = str(result.painted) + result._repr_html_()
    assert f"{n_back} of 40" not in told and f"{n_back + 20} of 90" not in told
    assert result.table["n_active"].notna().all()


def test_a_small_cohort_takes_another_with_it() -> None:
    result = crm.retention(a_map(), log=monthly(a=[40, 20], b=[3, 3], c=[30, 10]))
    shown = {row["cohort_name"]: row["n_cohort"] for row in result.to_dict()["rows"]}
    assert shown == {"Jan 1970": 40, "Feb 1970": None, "Mar 1970": None}  # or 73 - 70 would tell
    json.dumps(result.to_dict(), allow_nan=False)
    assert m_texts(result) == {"…"}


def m_texts(result: crm.Result) -> set[str]:
    return {paint.text for paint in result.painted.nodes.values()}


def test_nothing_that_is_over_is_said() -> None:
    result = crm.retention(a_map(), log=log_of([("a", "Visit", 40 * DAY)])).show()
    assert len(result.table) == 0 and "No period of the log is over yet" in result.findings[0].sentence
    assert list(result.table.columns) == ["cohort", "cohort_name", "period", "n_cohort", "n_active", "retention_rate"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"every": "mnoth"}, "did you mean 'month'"),
        ({"activity": "Visits"}, "did you mean 'Visit'"),
        ({"every": "day", "at": dt.datetime(1980, 1, 1)}, "more than 400 periods"),
        ({"at": "today"}, "at= is a datetime"),
    ],
)
def test_what_cannot_be_asked_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(crm.AnalysisError, match=said):
        crm.retention(a_map(), log=monthly(a=[40, 20]), **options)


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("name", ["COHORTS_SQL", "SIZES_SQL"])
def test_it_can_be_said_in_other_dialects(name: str, dialect: str) -> None:
    log = monthly(a=[9, 7]).where(activity="Visit")
    inline = periods_sql(log_periods(log, "month", None))
    query = getattr(asked, name).replace("PERIODS", inline).replace("COUNTED", "activity = 0")
    said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx"):
        assert word not in said


def test_the_buyers_of_cdnow_are_as_is_known(real_data: Path) -> None:
    """23 570 customers who first bought in the first quarter of 1997, 69 659 purchases until June 1998."""
    names = ["customer", "date", "n", "amount"]
    path = real_data / "cdnow" / "CDNOW_master.txt"
    bought = pd.read_csv(path, sep=r"\s+", names=names, skiprows=1, dtype={"customer": str})
    bought["at"] = pd.to_datetime(bought["date"].astype(str), format="%Y%m%d")
    log = crm.EventLog(bought.assign(what="Order"), case="customer", activity="what", timestamp="at", now=NOW)
    table = crm.retention(a_map(), log=log, at=dt.datetime(1998, 7, 1)).table
    sizes = table.drop_duplicates("cohort").set_index("cohort_name")["n_cohort"]
    assert sizes.sum() == 23_570 and list(sizes.index) == ["Jan 1997", "Feb 1997", "Mar 1997"]
    month = bought["at"].dt.to_period("M")
    first = bought.groupby("customer")["at"].transform("min").dt.to_period("M")
    back = bought[(first == "1997-01") & (month == "1997-02")]["customer"].nunique()
    assert table.loc[1, "n_active"] == back
