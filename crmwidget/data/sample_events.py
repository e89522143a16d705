"""A synthetic event log from a seed, with skips, rework, a slow flow and open cases planted in it."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.data.shuffling import shuffled

if TYPE_CHECKING:
    from crmwidget.data.event_log import EventLog

__all__ = ["EventSample", "sample_events"]

WAY = ("Lead", "Qualification", "Demo", "Offer", "Contract", "Won")
LOST_RATE = 0.25  # of those that reach Contract: they end in Lost
SKIP_RATE = 0.12  # of all cases: from Qualification straight to Offer
REWORK_RATE = 0.07  # of all cases: from Contract back to Offer, once, and on
OPEN_RATE = 0.05  # of all cases: still at Offer
SLOW = ("Qualification", "Demo")
WAIT_DAYS = {"Lead": 1.0, "Qualification": 2.0, "Demo": 3.0, "Offer": 4.0, "Contract": 2.0}
SLOW_DAYS = 18.0
WORK_HOURS = {"Lead": 0.5, "Qualification": 1.0, "Demo": 2.0, "Offer": 4.0, "Contract": 3.0, "Won": 0.1, "Lost": 0.1}
SPREAD = 0.5  # of the logarithm of a duration
OWNERS = ("Ada", "Bela", "Chidi", "Dana")
SEGMENTS = ("Enterprise", "Mid-market", "Small business")
START = dt.datetime(2025, 1, 1, 8, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, repr=False)
class EventSample:
    """A synthetic event log, and the truths planted in it.

    Attributes
    ----------
    events
        One row per event, by time: `case_id`, `activity`, `started_at`, `finished_at` (UTC), `owner`, `segment`.
    ends
        The activities that close a case.
    truths
        `n_cases`, `n_events`; `skip` (source, skipped, target, n_cases, rate), `rework` (source, target, n_cases,
        rate), `open` (activity, n_cases), `slow_flow` (source, target, n, median_days), `variants` (path → cases).

    Examples
    --------
    >>> from crmwidget import samples
    >>> sample = samples.events(200)
    >>> sample.events.columns.to_list(), sample.ends
    (['case_id', 'activity', 'started_at', 'finished_at', 'owner', 'segment'], ('Won', 'Lost'))
    >>> sample.truths["open"]
    {'activity': 'Offer', 'n_cases': 10}
    """

    events: pd.DataFrame
    ends: tuple[str, ...]
    truths: dict[str, Any]

    def log(self, **options: Any) -> EventLog:
        """The sample as an event log, with start times, owner and segment, and with its ends.

        Parameters
        ----------
        **options
            As for `crm.EventLog`, in the place of what is said here, such as `start=None` or `attributes=()`.

        Examples
        --------
        >>> from crmwidget import samples
        >>> samples.events(200).log()
        <EventLog: 1,184 events × 6 columns (case, activity, timestamp, start, owner, segment), 200 cases, ...>
        """
        from crmwidget.data.event_log import EventLog  # the engine is loaded where somebody asks

        said: dict[str, Any] = {
            "case": "case_id",
            "activity": "activity",
            "start": "started_at",
            "timestamp": "finished_at",
            "attributes": ["owner", "segment"],
            "ends": self.ends,
        }
        return EventLog(self.events, **{**said, **options})

    def __repr__(self) -> str:
        return f"<EventSample: {len(self.events):,} events; truths: {', '.join(self.truths)}>"


def sample_events(n: int, draw: random.Random) -> EventSample:
    """The log of `n` cases; shares are met exactly: who they fall on is drawn, not how many."""
    order = shuffled(range(n), draw)
    skipping = set(order[: round(SKIP_RATE * n)])
    order = shuffled(order, draw)
    n_open = round(OPEN_RATE * n)
    staying = set(order[:n_open])
    again = set(order[n_open : n_open + round(REWORK_RATE * n)])
    closing = order[n_open:]
    losing = set(shuffled(closing, draw)[: round(LOST_RATE * len(closing))])
    paths = [_path(i, skipping, staying, again, losing) for i in range(n)]
    rows, waits = _rows(paths, draw)
    frame = pd.DataFrame(rows, columns=["case_id", "activity", "started_at", "finished_at", "owner", "segment"])
    for column in ("started_at", "finished_at"):
        frame[column] = frame[column].astype("datetime64[us, UTC]")
    frame = frame.sort_values("finished_at", kind="stable", ignore_index=True)
    truths = {
        "n_cases": n,
        "n_events": len(frame),
        "skip": {
            "source": "Qualification",
            "skipped": "Demo",
            "target": "Offer",
            "n_cases": len(skipping),
            "rate": len(skipping) / n,
        },
        "rework": {"source": "Contract", "target": "Offer", "n_cases": len(again), "rate": len(again) / n},
        "open": {"activity": "Offer", "n_cases": n_open},
        "slow_flow": {"source": SLOW[0], "target": SLOW[1], "n": len(waits), "median_days": _median(waits)},
        "variants": dict(Counter(paths)),
    }
    return EventSample(frame, ("Won", "Lost"), truths)


def _path(i: int, skipping: set[int], staying: set[int], again: set[int], losing: set[int]) -> tuple[str, ...]:
    path = [stage for stage in WAY[:4] if not (stage == "Demo" and i in skipping)]
    if i in staying:
        return tuple(path)
    path += ["Contract", "Offer", "Contract"] if i in again else ["Contract"]
    return (*path, "Lost" if i in losing else "Won")


def _rows(paths: Sequence[tuple[str, ...]], draw: random.Random) -> tuple[list[tuple[Any, ...]], list[float]]:
    """The events of each path, and how many days each passage of the slow flow takes, end to end."""
    normal = NormalDist()

    def drawn(median: float) -> float:
        return median * math.exp(SPREAD * normal.inv_cdf(min(max(draw.random(), 1e-9), 1 - 1e-9)))

    rows: list[tuple[Any, ...]] = []
    slow: list[float] = []
    for i, path in enumerate(paths):
        owner, segment = OWNERS[int(draw.random() * 4)], SEGMENTS[int(draw.random() * 3)]
        started = START + dt.timedelta(seconds=round(300 * 86_400 * draw.random()))
        ends = []
        for stage, following in pairwise((*path, "")):
            finished = started + dt.timedelta(seconds=round(3_600 * drawn(WORK_HOURS[stage])))
            rows.append((f"C{i + 1:06d}", stage, started, finished, owner, segment))
            ends.append(finished)
            if following:
                days = SLOW_DAYS if (stage, following) == SLOW else WAIT_DAYS[stage]
                started = finished + dt.timedelta(seconds=round(86_400 * drawn(days)))
        slow += [
            (after - before).total_seconds() / 86_400
            for (one, before), (two, after) in pairwise(zip(path, ends, strict=True))
            if (one, two) == SLOW
        ]
    return rows, slow


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
