"""What CRMs export becomes events: a date per stage, a history of changes, repeated snapshots."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pandas as pd
import pytest
from event_reference import asked

from crmwidget.data.event_log import EventLog
from crmwidget.errors import DataError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000


def issues(log: EventLog) -> dict[str, tuple[Any, Any]]:
    rows = log.issues.astype(object).where(log.issues.notna(), None)
    return {row.issue: (row.n_events, row.n_cases) for row in rows.itertuples()}


# ---- a date per stage ------------------------------------------------------------------------------------


def dates(**columns: list[Any]) -> EventLog:
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], **columns})
    return EventLog.from_stage_dates(
        frame, case="id", stages={"lead": "Lead", "offer": "Offer"}, closed="closed", outcome="state", now=NOW
    )


def test_a_missing_date_is_a_stage_not_reached_and_a_case_without_dates_is_undated() -> None:
    log = dates(
        lead=["2026-01-01", "2026-01-02", None, "2026-01-01"],
        offer=["2026-01-05", None, None, "2026-01-01"],
        closed=["2026-01-09", "2026-01-03", None, None],
        state=["Won", "Lost", "new", "offer"],
    )
    assert asked(log).variants == {("Lead", "Offer", "Won"): 1, ("Lead", "Lost"): 1, ("Lead", "Offer"): 1}
    assert log.ends == ("Won", "Lost") and log.n_open == 1
    assert issues(log)["undated_case"] == (None, 1)
    assert "missing_time" not in issues(log)
    assert issues(log)["same_time"] == (1, 1)


def test_dates_against_the_order_of_the_stages_are_counted_and_kept() -> None:
    log = dates(
        lead=["2026-01-05", *[None] * 3],
        offer=["2026-01-01", *[None] * 3],
        closed=[None] * 4,
        state=[None] * 4,
    )
    assert asked(log).variants == {("Offer", "Lead"): 1}
    assert issues(log)["out_of_order"] == (None, 1)


def test_stages_may_be_named_by_their_columns() -> None:
    frame = pd.DataFrame({"id": [1, 2], "lead": ["2026-01-01"] * 2, "won": ["2026-01-02", None], "size": [5, 9]})
    log = EventLog.from_stage_dates(
        frame, case="id", stages=["lead", "won"], attributes=["size"], ends=["won"], now=NOW
    )
    assert log.activities == ["lead", "won"] and log.n_open == 1
    assert log.where(size=5).n_events == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"stages": {"leed": "Lead"}}, "did you mean 'lead'"),
        ({"stages": {}}, "it is empty"),
        ({"stages": {"lead": None}}, "'lead' has None"),
        ({"stages": {"lead"}}, "in its order"),
        ({"stages": ["lead"], "closed": "lead"}, "go together"),
        ({"stages": ["lead"], "timezone": "UTC"}, "did you mean 'time_zone'"),
    ],
)
def test_stages_that_are_none_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        EventLog.from_stage_dates(pd.DataFrame({"id": [1], "lead": ["2026-01-01"]}), case="id", **options)


# ---- a history of changes --------------------------------------------------------------------------------


def changes(rows: list[tuple[str, str, str | None, str | None]], **options: Any) -> EventLog:
    frame = pd.DataFrame(rows, columns=["deal", "at", "old", "new"]).assign(made="2026-01-01", what="stage")
    return EventLog.from_field_history(
        frame, case="deal", timestamp="at", old="old", new="new", **{"now": NOW, **options}
    )


def test_changes_become_stages_and_the_first_needs_a_birthday() -> None:
    rows: list[tuple[str, str, str | None, str | None]] = [
        ("a", "2026-01-05", "Lead", "Offer"),
        ("a", "2026-01-09", "Offer", "Won"),
        ("b", "2026-01-03", None, "Lead"),
    ]
    born = changes(rows, created="made")
    assert asked(born).variants == {("Lead", "Offer", "Won"): 1, ("Lead",): 1}
    assert asked(born).durations["Lead", "Offer"] == [4 * DAY]
    unborn = changes(rows)
    assert asked(unborn).variants == {("Offer", "Won"): 1, ("Lead",): 1}
    assert issues(unborn)["undated_first_stage"] == (None, 1)


def test_a_missing_change_makes_no_flow() -> None:
    log = changes([("a", "2026-01-05", None, "Lead"), ("a", "2026-01-09", "Offer", "Won")])
    assert asked(log).flows == {}
    assert asked(log).variants == {("Lead", "Won"): 1}
    assert issues(log)["broken_chain"] == (1, 1)
    assert "missing_activity" not in issues(log)


def test_a_change_to_the_same_value_is_none() -> None:
    log = changes(
        [("a", "2026-01-05", None, "Lead"), ("a", "2026-01-06", "Lead", "Lead"), ("a", "2026-01-07", "Lead", "Won")]
    )
    assert asked(log).flows == {("Lead", "Won"): 1}
    assert issues(log)["no_change"] == (1, None)
    assert "broken_chain" not in issues(log)


def test_changes_of_other_fields_do_not_take_part() -> None:
    rows: list[tuple[str, str, str | None, str | None]] = [
        ("a", "2026-01-05", None, "Lead"),
        ("a", "2026-01-06", "Ann", "Bea"),
    ]
    frame = pd.DataFrame(rows, columns=["deal", "at", "old", "new"]).assign(what=["stage", "owner"])
    log = EventLog.from_field_history(
        frame, case="deal", timestamp="at", old="old", new="new", field="what", value="stage", now=NOW
    )
    assert log.activities == ["Lead"]
    columns = {"case": "deal", "timestamp": "at", "old": "old", "new": "new"}
    with pytest.raises(DataError, match="goes with value="):
        EventLog.from_field_history(frame, **columns, field="what")
    with pytest.raises(DataError, match="goes with field="):
        EventLog.from_field_history(frame, **columns, value="stage")
    with pytest.raises(DataError, match="No row changes the field 'Stge'; did you mean 'stage'"):
        EventLog.from_field_history(frame, **columns, field="what", value="Stge")
    assert EventLog.from_field_history(frame.head(0), **columns, field="what", value="stage").n_events == 0


def test_what_is_found_of_one_reads_as_of_one() -> None:
    rows: list[tuple[str, str, str | None, str | None]] = [
        ("a", "2026-01-05", "Lead", "Lead"),
        ("a", "2026-01-06", "Lead", "Offer"),
        ("a", "2026-01-06", "Demo", "Won"),
    ]
    said = changes(rows, ends=["Offer"]).issues["sentence"].to_list()
    assert said[0] == "1 event without a change: the old value is the new one."
    assert said[1].startswith("1 event not beginning where the change before ended, in 1 case:")
    assert said[2] == "1 case in a stage before the first change; since when is not known."
    assert said[-1] == "1 case not yet at one of the ends (Offer): until then the throughput time is not known."
    for sentence in said:
        assert not re.search(r"\b1 (event|case)s? (that )?(have|do|say|repeat|they)\b", sentence), sentence


# ---- snapshots -------------------------------------------------------------------------------------------


def test_a_snapshot_is_an_event_where_the_stage_is_another() -> None:
    weeks = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
    rows = [("a", week, stage) for week, stage in zip(weeks, ["Lead", "Lead", "Offer", "Lead"], strict=True)]
    rows += [("b", weeks[1], "Lead"), ("b", weeks[2], "Won"), ("c", weeks[3], "Lead")]
    frame = pd.DataFrame(rows, columns=["deal", "week", "stage"]).sample(frac=1, random_state=1)
    log = EventLog.from_snapshots(frame, case="deal", stage="stage", timestamp="week", now=NOW)
    assert asked(log).variants == {("Lead", "Offer", "Lead"): 1, ("Lead", "Won"): 1, ("Lead",): 1}
    assert asked(log).durations["Lead", "Offer"] == [14 * DAY]
    found = issues(log)
    assert (found["begun_before"], found["vanished_case"]) == ((None, 1), (None, 1))
    assert "which are 7\u202fd apart" in " ".join(log.issues["sentence"])
