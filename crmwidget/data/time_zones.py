"""Local times as UTC: when a zone's clocks change, and which local times happen twice or never."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Shifts", "shifts", "to_utc"]

DAY_US = 86_400_000_000
SECOND_US = 1_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# 1900 to 2100: beyond, the offset nearest to it is used, so that a placeholder such as 9999-12-31 costs no search
_FIRST, _LAST = -2_208_988_800 * SECOND_US, 4_102_444_800 * SECOND_US


@dataclass(frozen=True, slots=True)
class Shifts:
    """The changes of a zone's offset in a span of local time; all in microseconds.

    Attributes
    ----------
    offset
        Local time minus UTC before the first change.
    changes
        For each change: from which local time on the new offset is used, and that offset. A local time that happens
        twice is read as the first of both; one that never happens is read with the offset before the change, as
        Python's own `datetime` reads them.
    repeated, skipped
        Spans of local time, end not included, that happen twice or never.
    """

    offset: int
    changes: tuple[tuple[int, int], ...]
    repeated: tuple[tuple[int, int], ...]
    skipped: tuple[tuple[int, int], ...]


@lru_cache(maxsize=64)
def shifts(zone: str, first: int | None, last: int | None) -> Shifts:
    """The changes of `zone` that matter for local times from `first` to `last` (microseconds since 1970).

    Raises
    ------
    DataError
        There is no such zone; the message has the nearest.

    Examples
    --------
    >>> year = (1_704_067_200_000_000, 1_735_689_600_000_000)  # 2024
    >>> found = shifts("Europe/Berlin", *year)
    >>> len(found.changes), len(found.repeated), len(found.skipped)
    (2, 1, 1)
    """
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        known = sorted(available_timezones())
        raise DataError(f"There is no time zone {shorten(zone)}; {nearest(zone, known, noun='zones')}.") from None
    start = min(max(_FIRST, (first or 0) - 2 * DAY_US), _LAST)
    end = min(_LAST, (last or 0) + 2 * DAY_US)
    before = _offset(place, start)
    changes: list[tuple[int, int]] = []
    repeated: list[tuple[int, int]] = []
    skipped: list[tuple[int, int]] = []
    old = before
    day = start
    while day < end:
        following = min(day + DAY_US, end)
        new = _offset(place, following)
        if new != old:
            instant = _change(place, day, following, old)
            changes.append((instant + max(old, new), new))
            (repeated if new < old else skipped).append((instant + min(old, new), instant + max(old, new)))
            old = new
        day = following
    return Shifts(before, tuple(changes), tuple(repeated), tuple(skipped))


def to_utc(local: str, found: Shifts) -> str:
    """A local time (SQL, in microseconds) as UTC."""
    if not found.changes:
        return f"({local}) - {found.offset}" if found.offset else local
    steps = " ".join(f"when ({local}) >= {start} then {offset}" for start, offset in reversed(found.changes))
    return f"({local}) - case {steps} else {found.offset} end"


def _offset(place: ZoneInfo, instant: int) -> int:
    delta = (_EPOCH + dt.timedelta(microseconds=instant)).astimezone(place).utcoffset()
    assert delta is not None
    return delta // dt.timedelta(microseconds=1)


def _change(place: ZoneInfo, low: int, high: int, old: int) -> int:
    """The instant at which the offset changes, to the second."""
    low_s, high_s = low // SECOND_US, -(-high // SECOND_US)
    while high_s - low_s > 1:
        middle = (low_s + high_s) // 2
        if _offset(place, middle * SECOND_US) == old:
            low_s = middle
        else:
            high_s = middle
    return high_s * SECOND_US
