"""Times are read as what they say, or refused: zones, clock changes, forms of dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmwidget.data.event_log import EventLog
from crmwidget.data.time_zones import shifts, to_utc
from crmwidget.errors import DataError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
EPOCH = dt.datetime(1970, 1, 1)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo"]


def read(times: Any, **options: Any) -> EventLog:
    frame = pd.DataFrame({"case": range(len(times)), "activity": "L", "at": times})
    return EventLog(frame, case="case", activity="activity", timestamp="at", now=NOW, **options)


def moments(log: EventLog) -> list[str]:
    found = log.rows("select at_us from {steps} order by case_id")
    return [(EPOCH + dt.timedelta(microseconds=at)).isoformat() for (at,) in found]


def n_of(log: EventLog, kind: str) -> int:
    found = log.issues.set_index("issue")["n_events"]
    return int(found[kind]) if kind in found else 0


@given(st.sampled_from(ZONES), st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2037, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_local_times_become_utc_as_python_has_it(zone: str, local: dt.datetime) -> None:
    """The SQL is arithmetic; here Python itself works it out."""
    at = (local - EPOCH) // dt.timedelta(microseconds=1)
    found = shifts(zone, at, at)
    offset = found.offset
    for start, new in found.changes:
        offset = new if at >= start else offset
    expected = local.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()  # an hour that comes twice is read as the first
    assert dt.timedelta(microseconds=offset) == expected
    assert to_utc("x", found).startswith("(x)" if found.changes or found.offset else "x")


def test_clock_changes_are_counted_and_read_by_the_rule() -> None:
    times = [dt.datetime(2024, 3, 31, 2, 30), dt.datetime(2024, 10, 27, 2, 30), dt.datetime(2024, 7, 1, 12)]
    for column in (pd.to_datetime(pd.Series(times)), [time.isoformat(sep=" ") for time in times]):
        log = read(column, time_zone="Europe/Berlin")
        expected = [t.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(dt.UTC).replace(tzinfo=None) for t in times]
        assert moments(log) == [time.isoformat() for time in expected]
        assert (n_of(log, "skipped_hour"), n_of(log, "repeated_hour")) == (1, 1)
    assert moments(read(times)) == [time.isoformat() for time in times]


def test_zones_in_a_column_may_differ() -> None:
    log = read(["2026-01-01 12:00:00+02:00", "2026-01-01T12:00:00Z", "2026-01-01 12:00:00-0500", "2026-01-01 12:00"])
    assert moments(log) == ["2026-01-01T10:00:00", "2026-01-01T12:00:00", "2026-01-01T17:00:00", "2026-01-01T12:00:00"]
    assert n_of(log, "unzoned_time") == 1
    berlin = read(["2026-01-01 12:00:00+02:00", "2026-01-01 12:00"], time_zone="Europe/Berlin")
    assert moments(berlin) == ["2026-01-01T10:00:00", "2026-01-01T11:00:00"]


def test_what_is_no_time_is_not_counted_as_read_in_a_zone() -> None:
    log = read(["2026-01-01 12:00:00+02:00", "soon", "2026-01-01 12:00"])
    assert (n_of(log, "unreadable_time"), n_of(log, "unzoned_time")) == (1, 1)


def test_objects_of_mixed_zones_are_read_each_by_its_own() -> None:
    berlin = dt.datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    values = [berlin, dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC), dt.datetime(2026, 7, 1, 12), None]
    log = read(pd.Series(values, dtype=object))
    assert moments(log) == ["2026-07-01T10:00:00", "2026-07-01T12:00:00", "2026-07-01T12:00:00"]
    assert n_of(log, "unzoned_time") == 1
    assert n_of(log, "missing_time") == 1


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert moments(read(["2026-01-01 12:00", "2026-01-01"])) == ["2026-01-01T12:00:00", "2026-01-01T00:00:00"]


def test_dates_of_every_resolution_are_read() -> None:
    for unit in ("s", "ms", "us", "ns"):
        assert moments(read(pd.Series(pd.to_datetime(["2026-01-31"])).astype(f"datetime64[{unit}]"))) == [
            "2026-01-31T00:00:00"
        ]
    assert moments(read(pd.Series([dt.date(2026, 1, 31)], dtype=object))) == ["2026-01-31T00:00:00"]


def test_text_that_is_no_time_is_counted_and_all_of_it_refused() -> None:
    log = read(["2026-01-31", "unknown", "", None, "2026-02-30"])
    assert (n_of(log, "unreadable_time"), n_of(log, "missing_time"), log.n_events) == (2, 2, 1)
    with pytest.raises(DataError, match=r"No value of the column 'at' can be read as a time \(2 rows\)"):
        read(["soon", "later"])


@pytest.mark.parametrize("times", [["03-01-17"], ["5-12-16"], ["12-5-16"], ["1/2/2026"], ["31.12.2026", "2026-01-01"]])
def test_dates_that_begin_with_day_or_month_are_never_guessed(times: list[str]) -> None:
    with pytest.raises(DataError, match="begin with day or month"):
        read(times)


def test_a_refusal_counts_the_rows_and_tells_the_rule_as_far_as_it_is_known() -> None:
    with pytest.raises(DataError) as error:
        read(["1/2/2026", "3/3/2026", "1/31/2026", "31-1-26", "2026-01-01"])
    said = str(error.value)
    assert "3 with '/' (1 could be either; the first number is over 12 in 0, the second in 1)" in said
    assert "1 with '-' (0 could be either; the first number is over 12 in 1, the second in 0)" in said
    assert "In 1 of 5 rows it cannot be told" in said
    assert "'/': '%m/%d/%Y'" in said and "'-': '%d-%m-%y'" in said


def test_a_refusal_of_dates_that_could_be_read_one_way_alone_says_that_they_are_not_guessed_either() -> None:
    with pytest.raises(DataError, match=r"not guessed, even where no other reading is left\. Say how") as error:
        read(["31.12.2026", "30.11.2026"])
    assert "In 0 of" not in str(error.value) and "'.': '%d.%m.%Y'" in str(error.value)


def test_a_rule_reads_by_column_and_separator() -> None:
    times = ["1/31/2026", "31-1-26", "2026-01-31", "31.01.2026"]
    rule = {"/": "%m/%d/%Y", "-": "%d-%m-%y", ".": "%d.%m.%Y"}
    for dates in (rule, {"at": rule}):
        assert moments(read(times, dates=dates)) == ["2026-01-31T00:00:00"] * 4
    assert moments(read(["31.01.2026 09:30"], dates="%d.%m.%Y %H:%M")) == ["2026-01-31T09:30:00"]
    assert moments(read(["31.01.2026 09:30 +0200"], dates="%d.%m.%Y %H:%M %z")) == ["2026-01-31T07:30:00"]
    assert moments(read(["1/2/2026 09:30 PM"], dates="%d/%m/%Y %I:%M %p", time_zone="Europe/Berlin")) == [
        "2026-02-01T20:30:00"
    ]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"att": "%d.%m.%Y"}, "did you mean 'at'"),
        ("d.m.Y", "is a format such as"),
        ({"at": {"/": "%d/%m/%Y %z", "-": "%d-%m-%Y"}}, "or none"),
    ],
)
def test_a_rule_that_is_none_is_refused(dates: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(["2026-01-01"], dates=dates)


STAGES: dict[str, Any] = {
    "case": "opportunity_id",
    "stages": {"engage_date": "Engaging"},
    "closed": "close_date",
    "outcome": "deal_stage",
    "attributes": ["product", "close_value"],
}


def test_mixed_dates_of_real_opportunities_are_refused_then_read_by_rule_as_the_clean_ones(real_data: Path) -> None:
    folder = real_data / "crm_opportunities"
    with pytest.raises(DataError, match="In 2\u202f972 of 8\u202f300 rows it cannot be told"):
        EventLog.from_stage_dates(folder / "sales_pipeline_mixed_dates.csv", **STAGES)
    # the same sign means different things in the two columns
    rule = {
        "engage_date": {"/": "%m/%d/%Y", "-": "%d-%m-%y"},
        "close_date": {"/": "%m/%d/%Y", "-": "%m-%d-%y"},
    }
    clean = EventLog.from_stage_dates(folder / "sales_pipeline.csv", now=NOW, **STAGES)
    for data in (folder / "sales_pipeline_mixed_dates.csv", pd.read_csv(folder / "sales_pipeline_mixed_dates.csv")):
        mixed = EventLog.from_stage_dates(data, dates=rule, now=NOW, **STAGES)
        pd.testing.assert_frame_equal(mixed.to_frame(), clean.to_frame())
        assert (mixed.n_cases, mixed.n_events) == (8300, 15_011)
        undated = mixed.issues.set_index("issue").loc["undated_case", "n_cases"]
        assert mixed.n_cases + undated == 8800
