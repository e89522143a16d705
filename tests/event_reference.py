"""What an event log says, worked out the long way: plain Python over lists, to compare the engine with."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

__all__ = [
    "Event",
    "Reference",
    "Repeat",
    "Stay",
    "asked",
    "cases_of",
    "frame_of",
    "most_at_once",
    "percentile",
    "reference",
    "repeats_of",
    "started_frame",
    "stays_of",
    "whole_stays",
]

Row = tuple[str | None, str | None, int | None]  # case, activity, microseconds since 1970


@dataclass(slots=True)
class Reference:
    """Counts and durations of a log."""

    n_events: int = 0
    n_cases: int = 0
    flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    flow_cases: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    durations: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    starts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    variants: Counter[tuple[str, ...]] = field(default_factory=Counter)
    spans: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))


def reference(rows: Iterable[Row]) -> Reference:
    """The definitions, word by word: rows without a case or a time do not take part; one without an activity stands in
    its place, but nothing follows it directly, and it follows nothing; same times stay in the order of the rows."""
    by_case: dict[str, list[tuple[int, int, str | None]]] = defaultdict(list)
    for number, (case, activity, at) in enumerate(rows):
        if case is not None and at is not None:
            by_case[case].append((at, number, activity))
    found = Reference()
    for case, events in by_case.items():
        events.sort(key=lambda event: event[:2])
        for (at, _, activity), (next_at, _, following) in itertools.pairwise(events):
            if activity is not None and following is not None:
                found.flows[activity, following] += 1
                found.flow_cases[activity, following].add(case)
                found.durations[activity, following].append(next_at - at)
        known = [(at, activity) for at, _, activity in events if activity is not None]
        if not known:
            continue
        path = tuple(activity for _, activity in known)
        found.n_events += len(path)
        found.n_cases += 1
        found.starts[path[0]] += 1
        found.ends[path[-1]] += 1
        found.variants[path] += 1
        found.spans[path].append(known[-1][0] - known[0][0])
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The percentile with linear interpolation."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def frame_of(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as a frame, with times as pandas has them."""
    return pd.DataFrame(
        {
            "case": pd.Series([case for case, _, _ in rows], dtype="str"),
            "activity": pd.Series([activity for _, activity, _ in rows], dtype="str"),
            "at": pd.to_datetime(pd.Series([at for _, _, at in rows], dtype="Int64"), unit="us").astype(
                "datetime64[us]"
            ),
        }
    )


def asked(log: object) -> Reference:
    """The same from the engine's tables."""
    ask, labels = log.rows, log.labels  # type: ignore[attr-defined]
    found = Reference(n_events=log.n_events, n_cases=log.n_cases)  # type: ignore[attr-defined]
    for a, b, case, duration in ask(
        "select activity, next_activity, case_id, next_at_us - at_us from {steps} where next_activity is not null"
    ):
        pair = labels[a], labels[b]
        found.flows[pair] += 1
        found.flow_cases[pair].add(str(case))
        found.durations[pair].append(duration)
    for first, last, n in ask("select first_activity, last_activity, count(*) from {cases} group by 1, 2"):
        found.starts[labels[first]] += n
        found.ends[labels[last]] += n
    paths: dict[int, list[str]] = defaultdict(list)
    for case, activity in ask("select case_id, activity from {steps} order by case_id, place"):
        paths[case].append(labels[activity])
    by_hash: dict[tuple[int, int, int], set[tuple[str, ...]]] = defaultdict(set)
    for case, n, one, two, span in ask(
        "select case_id, n_events, path_1, path_2, last_at_us - first_at_us from {cases}"
    ):
        path = tuple(paths[case])
        found.variants[path] += 1
        found.spans[path].append(span)
        by_hash[n, one, two].add(path)
    assert all(len(named) == 1 for named in by_hash.values()), "two paths share their name"
    assert len(by_hash) == len(found.variants), "a path has two names"
    return found


# ---- stays -----------------------------------------------------------------------------------------------

Event = tuple[str, str | None, int, int | None]  # case, activity, microseconds since 1970 of its end and its start


@dataclass(frozen=True, slots=True)
class Stay:
    """A case at a stage: from when, to when (None: not known), whether that is over, and what of it was what."""

    case: str
    activity: str
    since: int | None
    until: int | None
    is_over: bool
    waiting: int | None = None
    service: int | None = None


def cases_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Each case's events in order; a start after the end is no start."""
    found: dict[str, list[Event]] = defaultdict(list)
    for case, activity, at, start in events:
        found[case].append((case, activity, at, start if start is not None and start <= at else None))
    for case in found:
        found[case].sort(key=lambda event: event[2])  # stable: the same times stay in the order of the rows
    return {case: listed for case, listed in found.items() if any(event[1] is not None for event in listed)}


def stays_of(events: Sequence[Event], *, has_start: bool, ends: Sequence[str]) -> list[Stay]:
    """The stays as `bottlenecks` defines them."""
    cases = cases_of(events)
    last_moment = max((at for case in cases.values() for _, activity, at, _ in case if activity), default=0)
    found = []
    for case, listed in cases.items():
        known = [event for event in listed if event[1] is not None]
        is_open = bool(ends) and known[-1][1] not in ends
        for place, (_, activity, at, start) in enumerate(listed):
            if activity is None:
                continue
            before = listed[place - 1] if place and listed[place - 1][1] is not None else None
            after = listed[place + 1] if place + 1 < len(listed) and listed[place + 1][1] is not None else None
            if has_start:
                begun = [moment for moment in (start, before[2] if before else None) if moment is not None]
                waiting = max(0, start - before[2]) if before and start is not None else None
                service = at - start if start is not None else None
                found.append(Stay(case, activity, min(begun, default=None), at, bool(begun), waiting, service))
            elif after:
                found.append(Stay(case, activity, at, after[2], True))
            else:
                is_last = listed[place] is known[-1]
                found.append(Stay(case, activity, at, last_moment if is_last and is_open else None, False))
    return found


def whole_stays(events: Sequence[Event], *, ends: Sequence[str]) -> list[Stay]:
    """Each case under way as one stay, an open one until the last moment."""
    cases = {case: [event for event in listed if event[1] is not None] for case, listed in cases_of(events).items()}
    last_moment = max((event[2] for listed in cases.values() for event in listed), default=0)
    found = []
    for case, listed in cases.items():
        is_open = bool(ends) and listed[-1][1] not in ends
        begun = min(at if start is None else start for _, _, at, start in listed)
        found.append(Stay(case, "", begun, last_moment if is_open else listed[-1][2], not is_open))
    return found


def most_at_once(stays: Iterable[Stay]) -> int:
    """The most of them at any moment; one that leaves at a moment is not there with one that comes then."""
    spans = [(stay.since, stay.until) for stay in stays if stay.since is not None and stay.until is not None]
    return max((sum(since <= moment < until for since, until in spans) for moment, _ in spans), default=0)


def started_frame(events: Sequence[Event]) -> pd.DataFrame:
    """The events as a frame with the columns case, activity, at, start."""
    frame = frame_of([event[:3] for event in events])
    starts = pd.Series([event[3] for event in events], dtype="Int64")
    frame["start"] = pd.to_datetime(starts, unit="us").astype("datetime64[us]")
    return frame


@dataclass(frozen=True, slots=True)
class Repeat:
    """An event of an activity that its case has had before; what came directly before, if that is known, and when."""

    case: str
    activity: str
    before: str | None
    is_before_new: bool
    extra: int | None


def repeats_of(rows: Iterable[Row]) -> list[Repeat]:
    """The repeats as `rework` defines them."""
    found = []
    cases = cases_of([(case, activity, at, None) for case, activity, at in rows if case is not None and at is not None])
    for case, listed in cases.items():
        seen: list[str] = []
        for place, (_, activity, at, _) in enumerate(listed):
            if activity is None:
                continue
            before = listed[place - 1] if place and listed[place - 1][1] is not None else None
            if activity in seen:
                is_before_new = before is not None and seen.count(seen[-1]) == 1
                extra = at - before[2] if before else None
                found.append(Repeat(case, activity, before[1] if before else None, is_before_new, extra))
            seen.append(activity)
    return found
