"""Attribute values as JSON and back, without loss: dates, durations, large integers, nested tuples and mappings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crmwidget.errors import nearest, shorten
from crmwidget.vocabulary import LIMITS

__all__ = ["decode", "encode"]

_SAFE_INT = 2**53  # beyond it JavaScript, and other readers of JSON, round
_EXACT_S = 2**33  # about 270 years: so far a float of seconds holds every microsecond
_SPECIAL = ("$date", "$datetime", "$timedelta", "$int", "$map")
_DEPTH = LIMITS.nested_depth + 4


def encode(value: object) -> Any:
    """`value` as None, bool, int, float, str, list and dict with string keys, which `json.dumps` writes.

    What JSON has no form for is an object of one key that begins with `$`: `{"$date": "2026-01-31"}`,
    `{"$datetime": "2026-01-31T09:00:00+00:00"}`, `{"$timedelta": seconds}`, `{"$int": "9007199254740993"}`, and
    `{"$map": [[key, value], …]}` for a mapping with a key of its own that begins with `$` or is no string. Mappings are
    written in order of their keys, so that equal values give equal text. Tuples and lists are both lists.

    Raises
    ------
    ValueError
        For a number that is not finite, a text with a lone surrogate, a value of another type, or too deep nesting.

    Examples
    --------
    >>> encode({"at": date(2026, 1, 31), "tags": ("a", 2)})
    {'at': {'$date': '2026-01-31'}, 'tags': ['a', 2]}
    """
    return _encode(value, _DEPTH)


def decode(value: object) -> Any:
    """What `encode` was given; lists come back as tuples.

    Raises
    ------
    ValueError
        For a `$` object that `encode` does not write, a number that is not finite, half a character, too deep nesting.

    Examples
    --------
    >>> decode({"at": {"$date": "2026-01-31"}, "tags": ["a", 2]})
    {'at': datetime.date(2026, 1, 31), 'tags': ('a', 2)}
    """
    return _decode(value, _DEPTH)


def _encode(value: object, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int(value) if -_SAFE_INT <= value <= _SAFE_INT else {"$int": str(int(value))}
    if isinstance(value, float):
        return _finite(float(value))
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$timedelta": _seconds(value)}
    if not depth:
        raise ValueError(f"a value is nested deeper than {LIMITS.nested_depth} levels")
    if isinstance(value, (tuple, list)):
        return [_encode(item, depth - 1) for item in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {_text(key): _encode(value[key], depth - 1) for key in sorted(value)}
        pairs = sorted(value.items(), key=lambda pair: (type(pair[0]).__name__, repr(pair[0])))
        return {"$map": [[_encode(key, depth - 1), _encode(item, depth - 1)] for key, item in pairs]}
    raise ValueError(f"cannot write {shorten(value)} of type {type(value).__name__} as JSON")


def _decode(value: object, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _finite(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if not depth:
        raise ValueError(f"a value is nested deeper than {LIMITS.nested_depth} levels")
    if isinstance(value, (list, tuple)):
        return tuple(_decode(item, depth - 1) for item in value)
    if isinstance(value, Mapping):
        for key in value:
            if isinstance(key, str) and key.startswith("$"):
                return _special(value, key, depth)
        return {_text(key): _decode(item, depth - 1) for key, item in value.items()}
    raise ValueError(f"cannot read {shorten(value)} of type {type(value).__name__} as a value of JSON")


def _special(value: Mapping[str, Any], key: str, depth: int) -> Any:
    if key not in _SPECIAL:
        raise ValueError(f"unknown special value {shorten(key)}; {nearest(key, _SPECIAL)}")
    if len(value) > 1:
        raise ValueError(f"a special value has the one key {key!r}; given {shorten(list(value))}")
    given = value[key]
    try:
        if key == "$date":
            return date.fromisoformat(given)
        if key == "$datetime":
            return datetime.fromisoformat(given)
        if key == "$timedelta":
            return _duration(given)
        if key == "$int" and isinstance(given, str):
            return int(given)
        if key == "$map" and isinstance(given, (list, tuple)):
            return {_decode(name, depth - 1): _decode(item, depth - 1) for name, item in given}
    except (TypeError, OverflowError, ArithmeticError) as error:
        raise ValueError(f"{key!r} cannot be {shorten(given)}") from error
    except ValueError as error:
        raise ValueError(f"{key!r} cannot be {shorten(given)}: {error}") from error
    raise ValueError(f"{key!r} cannot be {shorten(given)}")


def _seconds(value: timedelta) -> int | float | str:
    """Seconds as a number, or as decimal text where a float would lose the last microseconds."""
    if not value.microseconds:
        return value.days * 86_400 + value.seconds
    seconds = value.total_seconds()
    if abs(seconds) < _EXACT_S and timedelta(seconds=seconds) == value:
        return seconds
    return str(Decimal(value // timedelta(microseconds=1)).scaleb(-6))


def _duration(given: object) -> timedelta:
    if isinstance(given, str):
        return timedelta(microseconds=int(Decimal(given).scaleb(6)))
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError
    return timedelta(seconds=given)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a number must be finite; given {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a name is a string; given {shorten(value)} of type {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"a text holds half a character (a lone surrogate): {shorten(value)}") from None
    return str(value)
