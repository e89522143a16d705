"""Figures of stages and periods are counted exactly, judged against the nodes' targets, and hide small groups."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest
from event_reference import Row, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import kpi_counts
from crmwidget.analysis.log_periods import log_periods, periods_sql
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000


def a_map(**targets: Any) -> crm.CrmMap:
    m = crm.from_text("Lead -> Offer")
    m.add("end", "Won", outcome="won")
    m.add("end", "Lost", outcome="lost")
    for node, about in targets.items():
        m.update(node, **about)
    return m


def log_of(frame: pd.DataFrame, **options: Any) -> crm.EventLog:
    return crm.EventLog(frame, case="case", activity="activity", timestamp="at", now=NOW, **options)


def monthly(*months: tuple[int, int], score: float = 4.0) -> crm.EventLog:
    """Per month of 1970 (won, lost): each case is a lead on the 2nd and closed on the 9th, worth 100."""
    rows: list[tuple[Any, ...]] = [("first", "Elsewhere", pd.Timestamp(1970, 1, 1), None, None)]
    for month, (n_won, n_lost) in enumerate(months, start=1):
        for i in range(n_won + n_lost):
            end = "Won" if i < n_won else "Lost"
            rows += [(f"c{month}_{i}", "Lead", pd.Timestamp(1970, month, 2), None, score)]
            rows += [(f"c{month}_{i}", end, pd.Timestamp(1970, month, 9), 100.0, None)]
    rows += [("first", "Elsewhere", pd.Timestamp(1970, len(months) + 1, 1), None, None)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "amount", "csat"])
    frame["at"] = frame["at"].astype("datetime64[us]")
    return log_of(frame, attributes=["amount", "csat"], ends=["Won", "Lost"])


def figure(result: crm.Result, node: str, kpi: str) -> pd.DataFrame:
    table = result.table
    return table[(table["node"] == node) & (table["kpi"] == kpi)].reset_index(drop=True)


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from([f"c{i}" for i in range(9)]),
        st.sampled_from(["Lead", "Offer", "Won", "Lost", "Elsewhere"]),
        st.integers(0, 200).map(lambda day: day * DAY + day % 3 * 1_000),
    ),
    min_size=1,
    max_size=60,
)


@given(rows_strategy, st.sampled_from(["week", "month", "quarter"]))
@settings(max_examples=40, deadline=None)
def test_figures_are_what_pandas_counts(rows: list[Row], every: Any) -> None:
    how = {"week": "W-SUN", "month": "M", "quarter": "Q"}[every]
    frame = frame_of(rows)
    frame = frame.assign(worth=range(len(frame)))
    ordered = frame.reset_index().sort_values(["case", "at", "index"], kind="stable")
    ordered["after"] = ordered.groupby("case")["activity"].shift(-1)
    ordered["period"] = ordered["at"].dt.to_period(how)
    active = set(zip(ordered["case"], ordered["period"], strict=True))
    log = log_of(frame, attributes=["worth"])
    result = crm.kpis(a_map(), log=log, every=every, periods=120, amount="worth")
    last = ordered["at"].max() + pd.Timedelta(1, unit="us")
    for row in result.table.itertuples():
        period = pd.Period(row.period, how)
        assert period.start_time >= ordered["at"].min().normalize() and (period + 1).start_time <= last
        here = ordered[(ordered["activity"].str.lower() == row.node) & (ordered["period"] == period)]
        cases = set(here["case"])
        if row.kpi == "cases":
            assert row.value == row.n_base == len(cases)
        elif row.kpi == "conversion":
            decided = here[here["after"].notna()]
            forward = (decided["after"] != "Lost").sum()
            assert (row.n_part, row.n_base) == (forward, len(decided))
            assert pd.isna(row.value) if not len(decided) else row.value == pytest.approx(forward / len(decided))
        elif row.kpi == "retention":
            if (period + 2).start_time > last:
                assert pd.isna(row.value) and pd.isna(row.n_part)
            else:
                assert (row.n_part, row.n_base) == (sum((case, period + 1) in active for case in cases), len(cases))
        else:
            assert (row.kpi, row.node) == ("revenue", "won") and row.n_base == len(here)
            assert pd.isna(row.value) if not len(here) else row.value == here["worth"].sum()


def test_each_figure_is_judged_against_the_target_of_its_node() -> None:
    m = a_map(
        lead={"target_conversion_rate": 0.6, "target_cases": 100, "target_satisfaction": 4.2},
        won={"target_revenue": 5_000},
    )
    m.attach(monthly((60, 40), (50, 50), (55, 45)))
    result = crm.kpis(m).show()
    conversion = figure(result, "lead", "conversion")
    assert conversion["period_name"].tolist() == ["Jan 1970", "Feb 1970", "Mar 1970"]
    assert conversion["value"].round(2).tolist() == [0.6, 0.5, 0.55]
    assert conversion["status"].tolist() == ["met", "missed", "near"]
    assert figure(result, "won", "revenue")["value"].tolist() == [6_000, 5_000, 5_500]
    assert figure(result, "won", "revenue")["status"].tolist() == ["met", "met", "met"]
    assert figure(result, "lead", "cases")["status"].tolist() == ["met"] * 3
    assert figure(result, "lead", "satisfaction")["attained"].tolist() == pytest.approx([4 / 4.2] * 3)
    sentences = [finding.sentence.replace("\u202f", " ") for finding in result.findings]
    assert sentences[0] == "2 of 4 targets are met."
    assert sentences[1] == "Lead is behind its target of conversion: 55 % of 60 %."
    overlay = m.overlays["kpis"]
    assert overlay.legend is not None and overlay.nodes["lead"].heat == pytest.approx((1 - 0.55 / 0.6) / 0.5)
    assert overlay.nodes["won"].heat == 0.0
    assert (
        overlay.table is not None
        and ["Lead", "conversion", "55\u202f%", "60\u202f%", "+5\u202fpts"] in overlay.table.rows
    )


def test_targets_for_a_month_are_in_proportion_for_other_periods() -> None:
    m = a_map(won={"target_revenue": 5_000, "target_conversion_rate": 0.5})
    result = crm.kpis(m, log=monthly((60, 40), (50, 50), (55, 45)), every="quarter")
    revenue = figure(result, "won", "revenue")
    assert (revenue["value"].tolist(), revenue["target"].tolist()) == ([16_500.0], [15_000.0])
    assert figure(result, "won", "conversion").empty  # nothing follows there


def test_the_last_period_has_no_retention_yet_and_half_a_period_none_at_all() -> None:
    result = crm.kpis(a_map(), log=monthly((60, 40), (50, 50)))
    retention = figure(result, "lead", "retention")
    assert retention["value"].isna().tolist() == [False, True]
    assert "Mar 1970" not in set(result.table["period_name"])  # it has only begun


def test_without_a_lost_end_and_without_attributes_those_figures_are_not_there() -> None:
    m = crm.from_text("Lead -> Offer")
    frame = frame_of([(f"c{i}", activity, (i % 70) * DAY) for i in range(200) for activity in ("Lead", "Offer")])
    result = crm.kpis(m, log=log_of(frame))
    assert set(result.table["kpi"]) == {"cases", "retention"}
    assert any("No node means lost" in note for note in result.notes)
    assert result.findings[0].sentence == "No stage has a target to compare with."


def test_figures_of_a_few_are_held_back_and_cannot_be_worked_out() -> None:
    m = a_map(lead={"target_conversion_rate": 0.5})
    result = crm.kpis(m, log=monthly((60, 40), (57, 3), (2, 40), (30, 30)))
    shown = {(row["node"], row["kpi"], row["period_name"]): row for row in result.to_dict()["rows"]}
    for node, kpi, month in (
        ("lead", "conversion", "Feb 1970"),  # 3 did not go on
        ("lead", "conversion", "Mar 1970"),  # 2 did
        ("won", "revenue", "Mar 1970"),
        ("won", "cases", "Mar 1970"),
        ("won", "cases", "Apr 1970"),  # or the 2 of March follow from the total
        ("lost", "cases", "Feb 1970"),
    ):
        row = shown[node, kpi, month]
        assert row["value"] is row["n_base"] is row["n_part"] is row["status"] is None, (node, kpi, month)
    assert shown["lead", "conversion", "Jan 1970"]["value"] == pytest.approx(0.6)
    assert figure(result, "won", "cases")["value"].tolist() == [60, 57, 2, 30]
    json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"every": "mnoth"}, "did you mean 'month'"),
        ({"periods": 0}, "1 to 120"),
        ({"amount": "amuont"}, "did you mean 'amount'"),
        ({"satisfaction": "mood"}, "no attribute of the log"),
    ],
)
def test_what_cannot_be_asked_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(crm.AnalysisError, match=said):
        crm.kpis(a_map(), log=monthly((9, 9)), **options)


def test_a_column_of_words_is_no_score() -> None:
    frame = frame_of([("a", "Lead", 0), ("b", "Lead", 40 * DAY)]).assign(mood=["good", "bad"])
    with pytest.raises(crm.AnalysisError, match="'mood' of the log holds something else than numbers"):
        crm.kpis(a_map(), log=log_of(frame, attributes=["mood"]), satisfaction="mood")


def test_a_log_too_short_for_a_period_says_so() -> None:
    log = log_of(frame_of([("a", "Lead", 0), ("b", "Lead", 3 * DAY)]))
    result = crm.kpis(a_map(), log=log).show()
    assert len(result.table) == 0 and result.findings[0].sentence == "No period is covered in full."


def test_a_map_that_no_activity_means_says_that_and_not_that_periods_are_missing() -> None:
    log = log_of(frame_of([(str(i), "Lead", i * DAY) for i in range(90)]))
    result = crm.kpis(crm.from_text("Elsewhere -> Nowhere"), log=log).show()
    assert [f.sentence for f in result.findings] == ["No activity of the log means a node of the map."]


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("name", ["VISITS_SQL", "RETAINED_SQL"])
def test_it_can_be_said_in_other_dialects(name: str, dialect: str) -> None:
    log = monthly((9, 9)).where(activity="Lead")
    query = getattr(kpi_counts, name)
    for word, means in {
        "NODE": "case when activity in (0) then 0 end",
        "LOST": "next_activity in (2)",
        "PERIODS": periods_sql(log_periods(log, "month", None)),
        "AMOUNT": "a_0",
        "SCORE": "null",
    }.items():
        query = query.replace(word, means)
    said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx"):
        assert word not in said
