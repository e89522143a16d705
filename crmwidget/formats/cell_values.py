"""Attribute values as the text of a cell or an element, and back: plain where that loses nothing, else JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Literal

from crmwidget.errors import FileFormatError
from crmwidget.formats.strict_json import parse
from crmwidget.formats.table import join_actions, split_actions
from crmwidget.json_values import decode, encode
from crmwidget.vocabulary import ATTRIBUTES

__all__ = ["Form", "form_of", "from_text", "plain_form", "to_text"]

Form = Literal["text", "number", "boolean", "date", "texts", "json"]

_NUMBER = re.compile(r"[+-]?\d{1,18}")
_FORMS: dict[str, Form] = {
    "text": "text",
    "paragraph": "text",
    "choice": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "date",
    "texts": "texts",
}


def plain_form(name: str) -> Form:
    """How the values of an attribute are written where nothing else is said: as its type wants, or as text.

    Examples
    --------
    >>> plain_form("actions"), plain_form("a name of one's own")
    ('texts', 'text')
    """
    known = ATTRIBUTES.get(name)
    return "text" if known is None else _FORMS[known.type]


def form_of(values: Iterable[Any], forms: Iterable[Form]) -> Form:
    """The first of `forms` in which all `values` come back as they are; `"json"` if none does.

    Examples
    --------
    >>> form_of(["a", "b"], ["text"]), form_of(["a", 7], ["text"]), form_of([""], ["text"])
    ('text', 'json', 'json')
    """
    kept = list(values)
    return next((form for form in forms if all(_comes_back(value, form) for value in kept)), "json")


def to_text(value: Any, form: Form) -> str:
    """`value` as text; in the form `"json"` of ASCII characters alone."""
    return _WRITE[form](value)


def from_text(text: str, form: Form) -> Any:
    """What `to_text` was given.

    Raises
    ------
    FileFormatError
        For text that is no such value.
    """
    try:
        return _READ[form](text)
    except FileFormatError:
        raise
    except ValueError as error:
        raise FileFormatError(f"this is no {form}: {error}") from error


def _comes_back(value: Any, form: Form) -> bool:
    if form != "json" and isinstance(value, bool) != (form == "boolean"):
        return False
    try:
        text = to_text(value, form)
        again = from_text(text, form)
    except (TypeError, ValueError, AttributeError):
        return False
    return text != "" and type(again) is type(value) and again == value


def _boolean(text: str) -> bool:
    found = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if found is None:
        raise ValueError(f"{text[:80]!r} is neither true nor false")
    return found


def _number(value: float) -> str:
    if not isinstance(value, (int, float)):
        raise TypeError
    return repr(value)


def _date(value: date) -> str:
    if isinstance(value, datetime):
        raise TypeError
    return value.isoformat()


_WRITE: dict[Form, Callable[[Any], str]] = {
    "text": lambda value: value if isinstance(value, str) else "",
    "number": _number,
    "boolean": lambda value: "true" if value else "false",
    "date": _date,
    "texts": join_actions,
    "json": lambda value: json.dumps(encode(value)),
}
_READ: dict[Form, Callable[[str], Any]] = {
    "text": lambda text: text,
    "number": lambda text: int(text) if _NUMBER.fullmatch(text) else float(text),
    "boolean": _boolean,
    "date": date.fromisoformat,
    "texts": split_actions,
    "json": lambda text: decode(parse(text)),
}
