"""Conditions on cases, as SQL that every engine understands."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Iterable, Mapping, Sequence

from crmwidget.data.engine import literal
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["activity_condition", "attribute_condition", "period_condition", "value_condition"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def period_condition(since: dt.date | None, before: dt.date | None) -> list[str]:
    """The cases that begin in a period."""
    bounds = []
    for name, sign, given in (("since", ">=", since), ("before", "<", before)):
        if given is not None:
            bounds.append(f"first_at_us {sign} {_microseconds(name, given)}")
    return [f"case_id in (select case_id from cases where {' and '.join(bounds)})"] if bounds else []


def activity_condition(wanted: object, labels: Mapping[int, str]) -> str:
    """The cases with an event of one of these activities."""
    listed = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
    known: dict[object, int] = {label: code for code, label in labels.items()}
    for label in listed:
        if label not in known:
            raise DataError(f"No activity {shorten(label)}; {nearest(label, labels.values(), noun='activities')}.")
    codes = ", ".join(str(known[label]) for label in listed) or "null"
    return f"case_id in (select case_id from steps where activity in ({codes}))"


def attribute_condition(column: str, value: object, name: str) -> str:
    """The cases with an event in which the attribute has the value, or one of the values."""
    is_many = isinstance(value, Iterable) and not isinstance(value, str | bytes)
    values = list(value) if is_many and isinstance(value, Iterable) else [value]
    return f"case_id in (select case_id from steps where {value_condition(column, values, name)})"


def value_condition(column: str, values: Sequence[object], name: str) -> str:
    """The events in which the attribute has one of the values; None stands for a missing one."""
    listed = ", ".join(_literal(one, name) for one in values if one is not None)
    parts = [f"{column} in ({listed})"] if listed else []
    if any(one is None for one in values):
        parts.append(f"{column} is null")
    return " or ".join(parts) or "1 = 0"


def _literal(value: object, name: str) -> str:
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, dt.datetime):
        return f"cast({literal(plain.isoformat(sep=' '))} as timestamp{'tz' if plain.tzinfo else ''})"
    if isinstance(plain, dt.date):
        return f"cast({literal(plain.isoformat())} as date)"
    if isinstance(plain, decimal.Decimal):
        return str(plain)
    if isinstance(plain, float) and not math.isfinite(plain):
        raise DataError(f"{name}= is compared with values; given {plain!r}.")
    if not isinstance(plain, bool | int | float | str):
        raise DataError(
            f"{name}= is a text, a number, a truth or a date, or a list of them; given {shorten(value)} of type "
            f"{type(value).__name__}."
        )
    return literal(plain)


def _microseconds(name: str, given: object) -> int:
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        given = dt.datetime(given.year, given.month, given.day, tzinfo=dt.UTC)
    if not isinstance(given, dt.datetime):
        raise DataError(f"{name}= is a date or a datetime; given {shorten(given)}.")
    moment = given.replace(tzinfo=dt.UTC) if given.tzinfo is None else given
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
