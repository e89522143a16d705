"""The whole calendar periods that a column of times covers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from crmwidget.data.frames import Frame

__all__ = ["EVERY", "Every", "Period", "full_periods", "period_after", "period_name", "period_start"]

Every = Literal["day", "week", "month", "quarter", "year"]
EVERY: tuple[Every, ...] = ("day", "week", "month", "quarter", "year")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in any locale


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: its first day, how it is called, and its rows."""

    start: dt.date
    name: str
    rows: Frame


def full_periods(frame: Frame, over: str, *, every: Every, most: int = 12) -> list[Period]:
    """The last periods that the data covers from their first day to their last, oldest first.

    The first and the last period count only if the data reaches their edge: half a month is no month. Rows without a
    time are in none of them; times are read in the column's own time zone.
    """
    times = frame[over].drop_nulls()
    if not len(times):
        return []
    first, last = _day(times.min()), _day(times.max())
    start = period_start(first, every)
    if start < first:
        start = period_after(start, every)
    starts: list[dt.date] = []
    while (following := period_after(start, every)) <= last + dt.timedelta(days=1):
        starts.append(start)
        start = following
    sample = times.min()
    return [
        Period(
            day,
            period_name(day, every),
            frame.filter(
                (nw.col(over) >= _bound(day, sample)) & (nw.col(over) < _bound(period_after(day, every), sample))
            ),
        )
        for day in starts[-most:]
    ]


def _day(value: Any) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else dt.date(value.year, value.month, value.day)


def _bound(day: dt.date, sample: Any) -> dt.date:
    """The first instant of a day, of the type and time zone of the column's values."""
    if isinstance(sample, dt.datetime):
        return dt.datetime(day.year, day.month, day.day, tzinfo=sample.tzinfo)
    return day


def period_start(day: dt.date, every: Every) -> dt.date:
    """The first day of the period that a day lies in."""
    if every == "day":
        return day
    if every == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": 3 * ((day.month - 1) // 3) + 1, "year": 1}[every]
    return dt.date(day.year, month, 1)


def period_after(start: dt.date, every: Every) -> dt.date:
    """The first day of the period after the one that begins so."""
    if every in {"day", "week"}:
        return start + dt.timedelta(days=1 if every == "day" else 7)
    months = start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[every]
    return dt.date(start.year + months // 12, months % 12 + 1, 1)


def period_name(start: dt.date, every: Every) -> str:
    """What the period that begins so is called."""
    if every == "month":
        return f"{_MONTHS[start.month - 1]} {start.year}"
    if every == "quarter":
        return f"Q{(start.month - 1) // 3 + 1} {start.year}"
    return str(start.year) if every == "year" else start.isoformat()
