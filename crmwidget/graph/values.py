"""Attribute values on their way in: frozen so that every change is seen, checked against the vocabulary."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn, TypeGuard

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.vocabulary import ATTRIBUTES, FLOW_KINDS, LENSES, LIMITS, NODE_KINDS, Attribute

__all__ = ["FrozenMapping", "admit", "check_known", "freeze", "is_missing"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # but for tab and line feed
_INTEGER_BITS = 10_000  # about 3,000 digits; Python itself refuses to write or read out many more
_PLAIN = (str, date, datetime, timedelta)
_ALLOWED = "text, numbers, booleans, dates, durations, None, and lists, sets or dicts of these"


class FrozenMapping(dict[str, Any]):
    """A dict that cannot be changed in place, because a change inside a value could not be seen; hashable never."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise EditError(
            "a dict inside an attribute cannot be changed in place, since the map would not see it: "
            "assign a new one, e.g. node['details'] = {**node['details'], 'size': 3}"
        )

    __setitem__ = __delitem__ = _refuse
    __ior__ = _refuse
    update = pop = popitem = setdefault = clear = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenMapping, (dict(self),))

    def __copy__(self) -> FrozenMapping:
        return self

    def __deepcopy__(self, memo: object) -> FrozenMapping:
        return self


def is_missing(value: object) -> bool:
    """Whether `value` is None, NaN, NaT or `pandas.NA`.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(0), is_missing("")
    (True, False, False)
    """
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType")


def _clean_text(value: str, name: str) -> str:
    limit = LIMITS.label_characters if name == "label" else LIMITS.text_characters
    if len(value) > limit:
        raise EditError(f"{name!r} holds at most {limit:,} characters; given {shorten(value)}")
    if not value.isprintable() and (found := CONTROL.search(value)):
        raise EditError(f"{name!r} cannot hold the control character {found[0]!r}; given {shorten(value)}")
    if name == "label" and ("\n" in value or "\t" in value):
        raise EditError(f"'label' is one line of text; given {shorten(value)}")
    return value


def freeze(value: object, name: str, *, depth: int = 0) -> Any:
    """`value` as the graph keeps it: lists → tuples, sets → sorted tuples, dicts → `FrozenMapping`, missing → None.

    Raises
    ------
    EditError
        For any other mutable value, an infinite number, a text that is too long or has control characters.

    Examples
    --------
    >>> freeze([1, {"b", "a"}], "tags")
    (1, ('a', 'b'))
    """
    kind = type(value)
    if kind is str:
        return _clean_text(value, name)  # type: ignore[arg-type]
    if kind is bool:
        return value
    if kind is int:
        return _short_enough(value, name)  # type: ignore[arg-type]
    if is_missing(value):
        return None
    if kind is float:
        if not math.isfinite(value):  # type: ignore[arg-type]
            raise EditError(f"{name!r} must be a finite number; given {value!r}")
        return value
    if depth > LIMITS.nested_depth:
        raise EditError(f"{name!r} is nested deeper than {LIMITS.nested_depth} levels")
    if isinstance(value, Enum):
        return freeze(value.value, name, depth=depth + 1)
    if isinstance(value, Mapping):
        _check_size(value, name)
        return FrozenMapping({_clean_text(str(k), name): freeze(v, name, depth=depth + 1) for k, v in value.items()})
    if isinstance(value, Set):
        _check_size(value, name)
        return tuple(
            sorted((freeze(v, name, depth=depth + 1) for v in value), key=lambda v: (type(v).__name__, repr(v)))
        )
    if isinstance(value, (list, tuple)):
        _check_size(value, name)
        return tuple(freeze(v, name, depth=depth + 1) for v in value)
    if isinstance(value, Decimal):
        return freeze(float(value), name, depth=depth + 1)
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if hasattr(value, "to_pytimedelta"):
        return value.to_pytimedelta()
    if hasattr(value, "tolist") and hasattr(value, "dtype"):  # numpy scalars and arrays
        return freeze(value.tolist(), name, depth=depth + 1)
    if isinstance(value, int):
        return _short_enough(value, name)
    if isinstance(value, _PLAIN):
        return freeze(str(value), name) if isinstance(value, str) else value
    raise EditError(
        f"{name!r} cannot hold {shorten(value)} of type {type(value).__name__}, "
        "because a change inside it could not be seen; "
        f"allowed: {_ALLOWED}. Tables are attached with m.attach(frame, to=…)."
    )


def _short_enough(value: int, name: str) -> int:
    if value.bit_length() > _INTEGER_BITS:
        raise EditError(f"{name!r} holds at most 3,000 digits; given a number of {value.bit_length():,} bits")
    return value


def _check_size(value: Any, name: str) -> None:
    if len(value) > LIMITS.nested_items:
        raise EditError(f"{name!r} holds at most {LIMITS.nested_items:,} items; given {len(value):,}")


def check_known(attribute: Attribute, value: Any) -> Any:
    """A frozen `value` as `attribute` wants it, or an `EditError` naming what is allowed. None is always allowed."""
    if value is None:
        return None
    name, kind = attribute.name, attribute.type
    if kind in ("text", "paragraph"):
        if not isinstance(value, str):
            _refuse_type(attribute, value, "text")
        return value
    if kind == "choice":
        if value not in attribute.choices:
            raise EditError(f"{name!r} cannot be {shorten(value)}; {nearest(value, attribute.choices)}")
        return value
    if kind == "boolean":
        if not isinstance(value, bool):
            _refuse_type(attribute, value, "True or False")
        return value
    if kind in ("number", "integer"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            _refuse_type(attribute, value, "a number")
        if kind == "integer" and not isinstance(value, int):
            _refuse_type(attribute, value, "a whole number")
        low, high = attribute.minimum, attribute.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = f"{low:g} to {high:g}" if high is not None and low is not None else f"at least {low:g}"
            raise EditError(f"{name!r} must be {bounds}; given {value!r}")
        return value
    if kind == "date":
        if isinstance(value, str):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                _refuse_type(attribute, value, "a date such as 2026-01-31")
        if isinstance(value, datetime):
            return value.date()
        if not isinstance(value, date):
            _refuse_type(attribute, value, "a date")
        return value
    if isinstance(value, str):
        return (value,)
    if not _is_texts(value):
        _refuse_type(attribute, value, "a list of texts")
    return value


def _is_texts(value: object) -> TypeGuard[tuple[str, ...]]:
    return isinstance(value, tuple) and all(isinstance(v, str) for v in value)


def _refuse_type(attribute: Attribute, value: object, wanted: str) -> NoReturn:
    raise EditError(f"{attribute.name!r} must be {wanted}; given {shorten(value)} of type {type(value).__name__}")


def admit(name: object, value: object, *, on: str) -> Any:
    """One attribute of a node or flow (`on`), frozen and checked; unknown names are kept as they are."""
    if not isinstance(name, str):
        raise EditError(f"an attribute's name is a string; given {shorten(name)} of type {type(name).__name__}")
    if name in ("kind", "label") and on != "map":
        if name == "kind":
            kinds = tuple(NODE_KINDS) if on == "node" else tuple(FLOW_KINDS)
            if not isinstance(value, str) or value not in kinds:
                raise EditError(f"unknown {on} kind {shorten(value)}; {nearest(value, kinds)}")
            return value
        if is_missing(value) and on == "node":
            raise EditError("a node's label cannot be missing")
    if name == "lens" and on == "map" and (not isinstance(value, str) or value not in LENSES):
        raise EditError(f"there is no lens {shorten(value)}; {nearest(value, LENSES)}")
    if not name or len(name) > LIMITS.id_characters:
        raise EditError(f"an attribute's name has 1 to {LIMITS.id_characters} characters; given {shorten(name)}")
    frozen = freeze(value, _clean_text(name, "attribute name"))
    known = ATTRIBUTES.get(name)
    return frozen if known is None else check_known(known, frozen)
