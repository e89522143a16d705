"""Event logs with a segment, and their visits counted the long way."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, NamedTuple

import pandas as pd
from event_reference import cases_of

import crmwidget as crm
from crmwidget.analysis.conversion_visits import Visits

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
SegmentRow = tuple[str, str | None, int, str | None]  # case, activity, microseconds since 1970, segment


def log_of(rows: list[SegmentRow], **options: Any) -> crm.EventLog:
    frame = pd.DataFrame(
        {
            "case": pd.Series([row[0] for row in rows], dtype="str"),
            "activity": pd.Series([row[1] for row in rows], dtype="str"),
            "at": pd.to_datetime(pd.Series([row[2] for row in rows], dtype="Int64"), unit="us").astype(
                "datetime64[us]"
            ),
            "segment": pd.Series([row[3] for row in rows], dtype="str"),
        }
    )
    columns = {"case": "case", "activity": "activity", "timestamp": "at"}
    return crm.EventLog(frame, **columns, attributes=["segment"], now=NOW, **options)


def paths(segment: str | None = None, **n_of: int) -> list[SegmentRow]:
    """`paths(LOW=3)`: 3 cases that go through L, O and W, a day apart."""
    return [
        (f"{path}{segment}{i}", letter, day * DAY, segment)
        for path, n in n_of.items()
        for i in range(n)
        for day, letter in enumerate(path)
    ]


class Seen(NamedTuple):
    """A visit: of which case, where, when, and what came next and when (None: nothing, or it is not known)."""

    case: str
    stage: str
    since: int
    target: str | None
    until: int | None
    stays: bool


def visits_of(rows: list[SegmentRow], visits: Visits) -> list[Seen]:
    found: list[Seen] = []
    for case, events in cases_of([(*row[:3], None) for row in rows]).items():
        runs: list[list[Any]] = []  # stage, since, last place
        for place, (_, activity, at, _) in enumerate(events):
            if activity is None:
                continue
            if not runs or runs[-1][0] != activity or runs[-1][2] != place - 1:
                runs.append([activity, at, place])
            runs[-1][2] = place
        last = max(place for place, event in enumerate(events) if event[1] is not None)
        known: set[str] = set()
        for run, after in itertools.zip_longest(runs, runs[1:]):
            stage, since, place = run
            follows = events[place + 1] if place + 1 < len(events) and events[place + 1][1] is not None else None
            target, until = (follows[1], follows[2]) if follows else (None, None)
            if visits == "every" or stage not in known:
                found.append(Seen(case, stage, since, target, until, target is None and place == last))
            known.add(stage)
            assert target is None or after[0] == target
    return found


def counts_of(seen: list[Seen], ended: dict[str, str], window: int, until: int) -> dict[str, int]:
    lost = {seen_one.target for seen_one in seen} & {"Lost"}
    is_seen = [v for v in seen if v.since + window <= until and (v.target is not None or v.stays)]
    in_time = [v for v in is_seen if v.until is not None and v.until - v.since <= window]
    ending = [ended.get(v.case, "open") for v in seen]
    return {
        "n_entered": len(seen),
        "n_forward": sum(v.target is not None and v.target not in lost for v in seen),
        "n_lost_here": sum(v.target in lost for v in seen),
        "n_open": sum(v.stays and ended.get(v.case, "open") == "open" for v in seen),
        "n_ended": sum(v.stays and ended.get(v.case, "open") != "open" for v in seen),
        "n_unknown": sum(v.target is None and not v.stays for v in seen),
        "n_left": sum(v.target is not None for v in seen),
        "n_won": ending.count("Won"),
        "n_lost": ending.count("Lost"),
        "n_closed": ending.count("Won") + ending.count("Lost"),
        "n_under_way": ending.count("open"),
        "n_observed": len(is_seen),
        "n_in_time": sum(v.target not in lost for v in in_time),
        "n_lost_in_time": sum(v.target in lost for v in in_time),
        "n_late": len(is_seen) - len(in_time),
    }
