"""A what-if answers from what a log or the map says, changes only what it is told to, and shows no small group."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from event_reference import Row, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_maps import a_map, model_of

import crmwidget as crm
from crmwidget.analysis import what_if_view
from crmwidget.analysis.stage_model import DAYS_A_MONTH, probabilities

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000


def log_of(rows: list[Row], **options: Any) -> crm.EventLog:
    return crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, **options)


def funnel(**lead: Any) -> crm.CrmMap:
    """100 leads a month; a fifth is won, worth 1 000 each."""
    about = {"inflow": 100, "duration_days": 1.0, "capacity": 5, **lead}
    return a_map(
        {"lead": about, "won": {"case_value": 1_000}, "lost": {}},
        {("lead", "won"): 0.2, ("lead", "lost"): 0.8},
    )


def whole(result: crm.Result) -> Any:
    return result.table.iloc[0]


def stage(result: crm.Result, node: str) -> Any:
    return result.table[result.table["node"] == node].iloc[0]


# ---- from attributes -------------------------------------------------------------------------------------


def test_won_cases_revenue_time_and_work_in_progress_before_and_after() -> None:
    result = crm.what_if(funnel(), {("lead", "won"): {"probability": 0.3}, "lead": {"inflow": 120}})
    row = whole(result)
    assert (row["won_per_month_baseline"], row["won_per_month_changed"]) == pytest.approx((20, 36))
    assert (row["revenue_per_month_baseline"], row["revenue_per_month_changed"]) == pytest.approx((20_000, 36_000))
    assert row["arrivals_per_month_changed"] == pytest.approx(120)
    lead = stage(result, "lead")
    assert lead["utilisation_baseline"] == pytest.approx(100 / DAYS_A_MONTH / 5)
    days = lead["throughput_time_changed"] / pd.Timedelta(days=1)
    assert row["work_in_progress_changed"] == pytest.approx(120 / DAYS_A_MONTH * days)
    assert lead["wait_changed"] > lead["wait_baseline"]
    assert result.findings[0].sentence.startswith("16 more cases are won a month")


def test_an_overloaded_stage_is_called_so_and_gets_no_number() -> None:
    result = crm.what_if(funnel(), {"lead": {"capacity": 3}})
    lead, row = stage(result, "lead"), whole(result)
    assert (
        (lead["status_baseline"], lead["status_changed"])
        == ("ok", "overloaded")
        == (
            row["status_baseline"],
            row["status_changed"],
        )
    )
    for name in ("wait", "throughput_time", "work_in_progress"):
        assert pd.isna(lead[f"{name}_changed"]) and pd.isna(row[f"{name}_changed"])
    assert row["won_per_month_changed"] == pytest.approx(0.2 * 3 * DAYS_A_MONTH)  # what three can do
    found = next(f for f in result.findings if f.severity == "bad" and "overloaded" in f.sentence)
    assert found.nodes == ["lead"] and "capacity of at least 4" in found.suggestion
    again = crm.what_if(funnel(), {"lead": {"capacity": 4}})
    assert stage(again, "lead")["status_changed"] == "ok"  # the suggestion is the least that does
    assert result.painted.nodes["lead"].text == "overloaded"
    json.dumps(result.to_dict(), allow_nan=False)


def test_without_changes_it_is_the_map_as_it_is() -> None:
    result = crm.what_if(funnel())
    for name in result.table:
        if name.endswith("_changed"):
            baseline = result.table[name.replace("_changed", "_baseline")].rename(name)
            pd.testing.assert_series_equal(result.table[name], baseline)
    assert result.findings[0].sentence.startswith("As it is: won cases a month 20")


def test_what_is_missing_is_listed() -> None:
    m = a_map({"lead": {}, "offer": {"duration_days": 1}, "won": {}}, {("lead", "offer"): None, ("lead", "won"): None})
    with pytest.raises(crm.AnalysisError) as caught:
        crm.what_if(m)
    for part in ("probability on the flows that leave 'lead'", "duration_days of 'lead'", "inflow", "attach a log"):
        assert part in str(caught.value)
    assert "'offer'" not in str(caught.value)  # it has no way out, so no time has to be given


def test_volumes_and_an_only_flow_do_for_probabilities() -> None:
    m = a_map(
        {"lead": {"inflow": 10, "duration_days": 1}, "offer": {"duration_days": 1}, "won": {}, "lost": {}},
        {("lead", "offer"): None, ("offer", "won"): None, ("offer", "lost"): None},
    )
    for target, volume in (("won", 30), ("lost", 10)):
        for about in m.graph["offer"][target].values():
            about["volume"] = volume
    assert whole(crm.what_if(m))["won_per_month_baseline"] == pytest.approx(7.5)
    for about in m.graph["offer"]["won"].values():  # one that is left out gets the rest
        about["probability"] = 0.6
    assert whole(crm.what_if(m))["won_per_month_baseline"] == pytest.approx(6)


def test_probabilities_of_more_than_all_are_refused() -> None:
    m = a_map(
        {"lead": {"inflow": 1, "duration_days": 1}, "won": {}, "lost": {}},
        {("lead", "won"): 0.7, ("lead", "lost"): 0.6},
    )
    with pytest.raises(crm.AnalysisError, match=r"leave 'lead' add up to 1\.3; at most 1"):
        crm.what_if(m)


# ---- changes ---------------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=6),
    st.dictionaries(st.integers(0, 5), st.floats(0, 1), min_size=1, max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_the_rest_keeps_its_proportion(weights: list[float], wanted: dict[int, float]) -> None:
    old = np.array(weights[:-1])
    total = max(float(old.sum()) + weights[-1], 1e-9)
    old = old / total  # what lacks to 1 leaves the map
    given = {at % len(old): share for at, share in wanted.items()}
    scale = max(1.0, sum(given.values()))
    given = {at: share / scale for at, share in given.items()}
    new = probabilities(given, old)
    assert all(new[at] == pytest.approx(share) for at, share in given.items())
    assert (new >= 0).all() and new.sum() <= 1 + 1e-9
    ways = [i for i in range(len(old)) if i not in given]
    leaving_old, leaving_new = 1 - old.sum(), 1 - new.sum()
    held = float(old[ways].sum()) + leaving_old
    if held > 1e-6:
        ratio = (1 - sum(given.values())) / held
        assert new[ways] == pytest.approx(old[ways] * ratio, abs=1e-9)
        assert leaving_new == pytest.approx(leaving_old * ratio, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"laed": {"capacity": 2}}, "no stage 'laed'; did you mean 'lead'"),
        ({"lead": {"capcity": 2}}, "did you mean 'capacity'"),
        ({"lead": {"probability": 0.2}}, "'probability' of the stage 'lead' cannot be changed"),
        ({"lead": {"inflow": 1e300}}, "of at most a billion; given 1e\\+300"),
        ({"lead": {"case_value": "5k"}}, "at most a billion, above or below 0; given '5k'"),
        ({"lead -> won": {"probability": 0.2}}, r"A flow is named by \(source, target\)"),
        ({"lead": {"capacity": 0}}, "above 0, or None"),
        ({"lead": {"duration_days": -1}}, "of at least 0; given -1"),
        ({"lead": {"inflow": float("nan")}}, "given nan"),
        ({"lead": {"inflow": "many"}}, "given 'many'"),
        ({"lead": 3}, "is a mapping of names to values"),
        ({("lead", "wom"): {"probability": 0.2}}, "did you mean 'won'"),
        ({("won", "lead"): {"probability": 0.2}}, "No flow leads from 'won' to 'lead'"),
        ({("lead", "won"): {"probability": 1.2}}, "from 0 to 1; given 1.2"),
        ({("lead", "won"): {"capacity": 1}}, "'capacity' of the flow \\('lead', 'won'\\) cannot be changed"),
        ({("lead", "won"): {"probability": 0.6}, ("lead", "lost"): {"probability": 0.6}}, r"add up to 1\.2"),
        ({("lead",): {"probability": 0.6}}, "named by \\(source, target\\)"),
        ([("lead", 3)], "changes is a mapping such as"),
    ],
)
def test_a_change_that_cannot_be_is_said_with_the_nearest(changes: Any, said: str) -> None:
    with pytest.raises(crm.AnalysisError, match=said):
        crm.what_if(funnel(), changes)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"simulate": 3}, "5 to 10 000"),
        ({"simulate": True}, "5 to 10 000"),
        ({"simulate": 5, "months": 0}, "above 0 and at most 1\u202f200"),
        ({"case_value": "5k"}, "case_value of a won case is a number .*; given '5k'"),
        ({"case_value": float("inf")}, "given inf"),
        ({"at": "2026"}, "at= is a datetime"),
        ({"simulate": 5, "seed": -1}, "seed="),
    ],
)
def test_a_simulation_that_cannot_be_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(crm.AnalysisError, match=said):
        crm.what_if(funnel(), **options)


def test_a_limit_can_be_taken_away() -> None:
    result = crm.what_if(funnel(capacity=3), {"lead": {"capacity": None}})
    lead = stage(result, "lead")
    assert (lead["status_baseline"], lead["status_changed"]) == ("overloaded", "ok")
    assert any(f.sentence == "Lead is no longer overloaded." for f in result.findings)


# ---- from a log ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Any:
    return crm.samples.events()


def log_of_sample(sample: Any, **options: Any) -> crm.EventLog:
    options |= {"timestamp": "finished_at", "ends": sample.ends, "now": NOW}
    return crm.EventLog(sample.events, case="case_id", activity="activity", **options)


@pytest.fixture
def planted(sample: Any) -> crm.CrmMap:
    return crm.discover(log_of_sample(sample, start="started_at"))


def test_planted_rates_are_found_and_the_log_is_answered_as_it_was(planted: crm.CrmMap, sample: Any) -> None:
    result = crm.what_if(planted)
    flows = result.flows
    assert flows is not None
    assert "start" in planted.graph and "start" not in result.painted.nodes  # the log knows no start
    share = flows.set_index(["source", "target"])["probability_baseline"]
    assert share["Qualification", "Offer"] == pytest.approx(sample.truths["skip"]["rate"])
    n, n_lost = 2_000 - sample.truths["open"]["n_cases"], sum(path[-1] == "Lost" for path in sample.truths["variants"])
    assert n_lost and whole(result)["won_per_month_baseline"] > 0
    ends = sample.events[sample.events["activity"].isin(["Won", "Lost"])]
    won = (ends["activity"] == "Won").mean()
    assert whole(result)["won_per_month_baseline"] / whole(result)["arrivals_per_month_baseline"] == pytest.approx(won)
    born = sample.events.groupby("case_id")["finished_at"].min()
    months = (born.max() - born.min()) / pd.Timedelta(days=DAYS_A_MONTH)
    assert whole(result)["arrivals_per_month_baseline"] == pytest.approx((len(born) - 1) / months)
    first = sample.events.groupby("case_id")["started_at"].min()
    took = (sample.events.groupby("case_id")["finished_at"].max() - first)[ends["case_id"]]
    days = whole(result)["throughput_time_baseline"] / pd.Timedelta(days=1)
    assert n == len(took) and days == pytest.approx(took.mean() / pd.Timedelta(days=1), rel=0.02)


@pytest.mark.parametrize("has_start", [True, False])
def test_with_a_capacity_the_queue_explains_the_time_that_was_seen(sample: Any, has_start: bool) -> None:
    start = {"start": "started_at"} if has_start else {}
    m = crm.discover(
        crm.EventLog(
            sample.events,
            case="case_id",
            activity="activity",
            timestamp="finished_at",
            ends=sample.ends,
            now=NOW,
            **start,
        )
    )
    before = stage(crm.what_if(m), "contract")
    m.update("contract", capacity=2 if has_start else 40)
    after = stage(crm.what_if(m), "contract")
    assert after["wait_baseline"] > pd.Timedelta(0) and 0 < after["utilisation_baseline"] < 1
    near = abs(after["throughput_time_baseline"] - before["throughput_time_baseline"])
    assert near < pd.Timedelta(seconds=1)


def test_an_activity_that_means_no_node_takes_part(sample: Any) -> None:
    m = crm.from_text("Lead -> Qualification -> Offer -> Contract -> Won")
    m.attach(
        crm.EventLog(sample.events, case="case_id", activity="activity", timestamp="finished_at", ends=sample.ends)
    )
    result = crm.what_if(m, {("qualification", "offer"): {"probability": 0.5}})
    demo = result.table[result.table["label"] == "Demo"].iloc[0]
    assert demo["node"] is None and demo["arrivals_per_month_changed"] < demo["arrivals_per_month_baseline"]
    assert any("Activities of the log that mean no node take part all the same (" in note for note in result.notes)


def test_cases_that_would_come_where_none_ever_was_need_to_be_described(planted: crm.CrmMap) -> None:
    planted.add("stage", "Nurture")
    planted.add_flow("lead", "nurture")
    planted.add_flow("nurture", "offer")
    change = {("lead", "nurture"): {"probability": 0.2}}
    with pytest.raises(crm.AnalysisError, match="ever at 'nurture', so say: duration_days of 'nurture'"):
        crm.what_if(planted, change)
    planted.update("nurture", duration_days=10)
    result = crm.what_if(planted, change)
    assert stage(result, "nurture")["throughput_time_changed"] == pd.Timedelta(days=10)
    lead = result.flows[result.flows["source"] == "Lead"] if result.flows is not None else pd.DataFrame()
    assert lead["probability_changed"].tolist() == pytest.approx([0.8, 0.2])


def test_a_stage_of_few_cases_has_no_number_anywhere_it_is_shown() -> None:
    rows: list[Row] = []
    for i in range(60):
        path = ("lead", "secret", "won") if i < 3 else ("lead", "offer", "won") if i < 30 else ("lead", "won")
        rows += [(f"c{i}", activity, (i + 2 * step) * DAY) for step, activity in enumerate(path)]
    m = crm.discover(log_of(rows, ends=["won"]))
    result = crm.what_if(m, case_value=100)
    shown = {row["node"]: row for row in result.to_dict()["rows"]}
    assert shown["secret"]["arrivals_per_month_baseline"] is None and shown["secret"]["status_changed"] is None
    assert result.painted.nodes["secret"].text == "<5" and result.painted.nodes["secret"].detail == ""
    assert stage(result, "secret")["arrivals_per_month_baseline"] > 0
    change = {("lead", "offer"): {"probability": 0.4}}
    paints = crm.what_if(m, change).painted.flows  # of the flows of Lead only what was given, or the few would follow
    assert [paint for paint in paints.values() if paint.text] == [crm.shown.Paint(text="40\u202f%")]


# ---- on the map, other engines ---------------------------------------------------------------------------


def test_it_is_painted_in_the_menu_and_follows_the_map() -> None:
    m = funnel()
    assert crm.questions()["what_if"].group == "flow"
    result = crm.what_if(m, {("lead", "won"): {"probability": 0.5}}).show(live=True)
    overlay = m.overlays["what_if"]
    assert overlay.legend is not None and overlay.nodes["lead"].heat == pytest.approx(100 / DAYS_A_MONTH / 5)
    key = next(iter(m.graph["lead"]["won"]))
    assert overlay.flows[key].text.replace("\u202f", " ") == "50 %"
    m.update("lead", inflow=50)
    assert m.overlays["what_if"].nodes["lead"].heat == pytest.approx(50 / DAYS_A_MONTH / 5)
    assert whole(result)["won_per_month_changed"] == pytest.approx(25)
    result.hide()


def test_a_simulation_adds_its_intervals_and_percentiles() -> None:
    result = crm.what_if(funnel(), {"lead": {"inflow": 120}}, simulate=8, months=12, seed=2)
    row = whole(result)
    for name in ("won_per_month", "revenue_per_month", "throughput_time", "work_in_progress", "wait"):
        assert row[f"{name}_low"] < row[f"{name}_simulated"] < row[f"{name}_high"]
    assert row["throughput_time_p50"] < row["throughput_time_p95"]
    assert row["won_per_month_low"] < row["won_per_month_changed"] < row["won_per_month_high"]
    again = crm.what_if(funnel(), {"lead": {"inflow": 120}}, simulate=8, months=12, seed=2)
    pd.testing.assert_frame_equal(result.table, again.table)
    assert any(note.startswith("Simulated: 8 replications") for note in result.notes)


def test_a_model_is_as_its_map_says() -> None:
    model = model_of(funnel())
    assert model.leaving.tolist() == [0, 1, 1] and model.is_won.tolist() == [False, True, False]


def test_its_tables_are_made_when_they_are_looked_at_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(name: str) -> Any:
        work = getattr(what_if_view, name)
        return lambda *given: made.append(name) or work(*given)

    for name in ("stage_table", "public_table", "flow_table"):
        monkeypatch.setattr(what_if_view, name, noted(name))
    answer = crm.what_if(funnel()).show()
    answer.try_out({"lead": {"inflow": 50}})
    assert made == []
    assert answer.table.loc[0, "won_per_month_changed"] == 10 and answer.table is answer.table
    assert answer.public is not None and answer.flows is not None and len(answer.flows) == 2
    assert sorted(made) == ["flow_table", "public_table", "stage_table"]
