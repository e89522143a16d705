"""Calls and values of Python as source: in one line where they fit, what is text always as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

__all__ = ["call", "imports", "text", "value_of"]

WIDTH = 110


def imports(code: str) -> list[str]:
    """The line that brings what values of time in this code need; none where there are no such values."""
    used = [name for name in ("date", "datetime", "timedelta") if re.search(rf"(?<![\w.]){name}[(.]", code)]
    return [f"from datetime import {', '.join(used)}"] if used else []


def call(function: str, arguments: list[Any], options: Mapping[str, Any]) -> str:
    """A call in one line, or one argument a line."""
    parts = [*map(value_of, arguments), *(f"{name}={value_of(value)}" for name, value in options.items())]
    line = f"{function}({', '.join(parts)})"
    if len(line) <= WIDTH:
        return line
    if len(arguments) == 1 and isinstance(arguments[0], dict):
        items = [f"        {value_of(name)}: {value_of(value)},\n" for name, value in arguments[0].items()]
        parts[0] = "{\n" + "".join(items) + "    }"
    return f"{function}(\n" + "".join(f"    {part},\n" for part in parts) + ")"


def value_of(value: Any) -> str:
    """A value of a map's attributes."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{value_of(key)}: {value_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(value_of, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(value_of, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, datetime):
        return f"datetime.fromisoformat({text(value.isoformat())})"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, timedelta):
        parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        return call("timedelta", [], {name: part for name, part in parts.items() if part})
    return repr(value)


def text(words: str) -> str:
    """A text in double quotes where that needs no escape; what cannot be seen is always written as one."""
    quoted = repr("'" + words)  # with a single quote in it, Python prefers double ones
    return repr(words) if '"' in words else f'"{quoted[2:]}'
