"""Calendar periods of an event log, in UTC, as a table that its queries join."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import get_args

from crmwidget.analysis.stage_times import as_of_us
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.periods import Every, period_after, period_name, period_start
from crmwidget.errors import AnalysisError, nearest, shorten

__all__ = ["MOST_PERIODS", "LogPeriod", "log_periods", "periods_sql"]

MOST_PERIODS = 400
_DAY_US = 86_400_000_000
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class LogPeriod:
    """A calendar period: its first day, its name, from when and until when (microseconds), and whether it is over."""

    start: dt.date
    name: str
    from_us: int
    until_us: int
    is_over: bool


def log_periods(log: EncodedLog, every: Every, at: dt.datetime | None) -> list[LogPeriod]:
    """The periods from the first event of a log to the moment as of which it is; without gaps, oldest first.

    Raises
    ------
    AnalysisError
        There is no such period, the log has no cases, or there would be too many periods.
    """
    if every not in get_args(Every):
        raise AnalysisError(f"every={shorten(every)} is no period; {nearest(every, get_args(Every))}.")
    as_of = as_of_us(log, at)
    (first,) = log.rows("select min(first_at_us) from {cases}")[0]
    start = period_start(_EPOCH + dt.timedelta(days=int(first) // _DAY_US), every)
    found: list[LogPeriod] = []
    while _us(start) <= as_of:
        after = period_after(start, every)
        found.append(LogPeriod(start, period_name(start, every), _us(start), _us(after), _us(after) <= as_of + 1))
        if len(found) > MOST_PERIODS:
            raise AnalysisError(
                f"every={every!r} gives more than {MOST_PERIODS} periods; take a longer one, or log.where(since=…)."
            )
        start = after
    return found


def periods_sql(periods: list[LogPeriod]) -> str:
    """The periods as a table `periods`: `period` (from 0), `from_us`, `until_us`."""
    rows = [
        f"select {i} as period, cast({p.from_us} as bigint) as from_us, cast({p.until_us} as bigint) as until_us"
        for i, p in enumerate(periods)
    ]
    return f"({' union all '.join(rows)}) periods"


def _us(day: dt.date) -> int:
    return (day - _EPOCH).days * _DAY_US
