"""XES is streamed, its transitions joined, and what is no XES refused."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest
from event_reference import asked

from crmwidget.data.event_log import EventLog
from crmwidget.data.xes import _traces
from crmwidget.errors import DataError, FileFormatError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
HOUR = 3_600_000_000


def event(name: str, hour: int, transition: str = "complete", **more: str) -> str:
    keys = {"concept:name": name, "lifecycle:transition": transition, **more}
    texts = "".join(f'<string key="{key}" value="{value}"/>' for key, value in keys.items())
    return f'<event>{texts}<date key="time:timestamp" value="2026-01-01T{hour:02}:00:00.000+01:00"/></event>'


def written(folder: Path, *traces: str, name: str = "log.xes") -> Path:
    body = "".join(f'<trace><string key="concept:name" value="c{i}"/>{trace}</trace>' for i, trace in enumerate(traces))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org/">'
        f'<global scope="event"><string key="concept:name" value="none"/></global>{body}</log>'
    )
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def issues(log: EventLog) -> dict[str, int]:
    return {row.issue: row.n_events for row in log.issues.itertuples()}


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_traces_are_cases_and_attributes_come_along(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, event("Lead", 1, owner="Ann") + event("Won", 3), event("Lead", 2), name=name)
    log = EventLog(path, attributes=["owner"], now=NOW)
    assert asked(log).flows == {("Lead", "Won"): 1}
    assert asked(log).durations["Lead", "Won"] == [2 * HOUR]
    assert log.to_frame()["timestamp"][0] == dt.datetime(2026, 1, 1, 0, tzinfo=dt.UTC)
    assert log.where(owner="Ann").n_cases == 1
    assert not log.has_start and log.columns == ["case", "activity", "timestamp", "owner"]


def test_a_start_and_its_completion_are_one_event(tmp_path: Path) -> None:
    trace = (
        event("Call", 1, "start") + event("Call", 2, "start") + event("Mail", 3) + event("Call", 4) + event("Call", 6)
    )
    log = EventLog(written(tmp_path, trace), now=NOW)
    assert asked(log).variants == {("Mail", "Call", "Call"): 1}
    served = log.rows("select at_us - started_us from {steps} order by place")
    assert served == [(None,), (3 * HOUR,), (4 * HOUR,)]  # first come, first served


def test_the_instance_says_which_start_belongs_to_which_completion(tmp_path: Path) -> None:
    one, two = {"concept:instance": "1"}, {"concept:instance": "2"}
    trace = (
        event("Call", 1, "start", **one)
        + event("Call", 2, "start", **two)
        + event("Call", 4, **two)
        + event("Call", 6, **one)
    )
    log = EventLog(written(tmp_path, trace), now=NOW)
    assert log.rows("select at_us - started_us from {steps} order by place") == [(2 * HOUR,), (5 * HOUR,)]


def test_an_open_start_stays_and_other_transitions_are_counted(tmp_path: Path) -> None:
    trace = event("Call", 1, "start") + event("Mail", 2, "schedule") + event("Mail", 3, "COMPLETE")
    log = EventLog(written(tmp_path, trace), now=NOW)
    assert asked(log).variants == {("Call", "Mail"): 1}
    assert issues(log)["other_transition"] == 1
    assert issues(log)["unfinished"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html></html>", "is a <log>"),
        ("<log><trace><event>", "cut off"),
        ("nothing", "no XES file"),
        (
            '<!DOCTYPE log [<!ENTITY a "aaaa">]><log>&a;</log>',
            "entities of its own, which XES has no use for: it is not read.$",
        ),
        ("<log>" + "<list>" * 200, "nested deeper"),
    ],
)
def test_what_is_no_xes_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(text)
    with pytest.raises(FileFormatError, match=said):
        EventLog(path, now=NOW)


def test_a_file_is_read_case_by_case_and_never_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    case = f"<trace>{event('Lead', 1)}</trace>"
    path.write_bytes(gzip.compress(f"<log>{case * 2_000}<trace>".encode()))
    cases = _traces(path)
    assert next(cases)[0]["concept:name"] == "Lead"  # long before the end, which is cut off
    with pytest.raises(FileFormatError, match="cut off"):
        list(cases)


def test_a_key_that_no_event_has_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="did you mean 'owner'"):
        EventLog(written(tmp_path, event("Lead", 1, owner="Ann")), attributes=["ownr"], now=NOW)


def test_the_running_example_is_the_same_from_xes_and_csv(real_data: Path) -> None:
    folder = real_data / "eventlogs"
    xes = EventLog(folder / "running-example.xes", now=NOW)
    csv = EventLog(
        folder / "running-example.csv",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        now=NOW,
    )
    assert (xes.n_cases, xes.n_events, len(xes.activities)) == (6, 42, 8)
    ours, theirs = asked(xes), asked(csv)
    assert (ours.flows, ours.variants) == (theirs.flows, theirs.variants)
    each = [{pair: sorted(times) for pair, times in found.durations.items()} for found in (ours, theirs)]
    assert each[0] == each[1]
