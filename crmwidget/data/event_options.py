"""What may be said about reading an event log, checked before anything is read."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, get_args

from crmwidget.data.moments import DateRules, TimeRules
from crmwidget.data.time_zones import shifts
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Treatment", "as_of", "check_options", "drops", "names", "renames", "roles", "time_rules"]

Treatment: TypeAlias = Literal["keep", "leave_out"]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# of the constructors for other shapes
_OPTIONS = ("table", "time_zone", "dates", "rename", "future", "now", "memory_limit", "progress", "cancelled")


def check_options(options: Mapping[str, Any]) -> None:
    """Raise a `DataError` for an option that there is not."""
    for name in options:
        if name not in _OPTIONS:
            raise DataError(f"There is no option {name!r}; {nearest(name, _OPTIONS, noun='options')}.")


def roles(
    data: object, case: str | None, activity: str | None, timestamp: str | None, start: str | None
) -> tuple[str, str, str, str | None]:
    """Which columns are what; for an XES file they are known."""
    if isinstance(data, str | os.PathLike) and os.fspath(data).lower().endswith((".xes", ".xes.gz")):
        from crmwidget.data.xes import XES_COLUMNS

        case, activity = case or XES_COLUMNS["case"], activity or XES_COLUMNS["activity"]
        timestamp, start = timestamp or XES_COLUMNS["timestamp"], start or XES_COLUMNS["start"]
    missing = [
        f"{name}="
        for name, given in (("case", case), ("activity", activity), ("timestamp", timestamp))
        if not isinstance(given, str) or not given
    ]
    for name, given in (("case", case), ("activity", activity), ("timestamp", timestamp), ("start", start)):
        if given is not None and not isinstance(given, str):
            raise DataError(f"{name}= is the name of a column, as text; given {shorten(given)}.")
    if case is None or activity is None or timestamp is None or missing:
        raise DataError(
            f"An event log needs to know which column is which; missing: {', '.join(missing)}. "
            "EventLog(data, case='deal', activity='stage', timestamp='moved_at')"
        )
    return case, activity, timestamp, start


def names(given: Iterable[str], what: str) -> list[str]:
    """One name or several as a list without repeats."""
    if not isinstance(given, Iterable):
        raise DataError(f"{what}= are names; given {shorten(given)}.")
    listed = [given] if isinstance(given, str) else list(dict.fromkeys(given))
    for name in listed:
        if not isinstance(name, str) or not name:
            raise DataError(f"{what}= are names; given {shorten(name)}.")
    return listed


def renames(given: Mapping[str, str] | None) -> dict[str, str]:
    """Activity → the name to give it, or a `DataError` that says what is none."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise DataError(
            f"rename= maps an activity to its name, such as {{'Closed won': 'Won'}}; given {shorten(given)}."
        )
    for activity, name in given.items():
        if not isinstance(name, str) or not name.strip():
            raise DataError(f"rename= gives {shorten(activity)} a name that is a text; given {shorten(name)}.")
    return dict(given)


def time_rules(zone: str, dates: DateRules | None, times: list[str]) -> TimeRules:
    """How the columns of times are read."""
    shifts(zone, 0, 0)  # an unknown zone is said before anything is read
    rules = TimeRules(zone, dates)
    rules.check(times)
    return rules


def drops(name: str, given: object) -> bool:
    """Whether what is asked is to leave out."""
    if given not in get_args(Treatment):
        raise DataError(f"{name}={shorten(given)} is unknown; {nearest(given, get_args(Treatment))}.")
    return given == "leave_out"


def as_of(now: dt.datetime | None) -> tuple[int, str]:
    """`now` in microseconds, and for reading."""
    moment = now if now is not None else dt.datetime.now(dt.UTC)
    if not isinstance(moment, dt.datetime):
        raise DataError(f"now= is a datetime; given {shorten(now)}.")
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return (moment - _EPOCH) // dt.timedelta(microseconds=1), f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
