"""JSON from a file that anybody may have written: no key twice, finite numbers, and a sentence for what is wrong."""

from __future__ import annotations

import json
from json import JSONDecodeError
from typing import Any, NoReturn

from crmwidget.errors import FileFormatError, shorten
from crmwidget.vocabulary import LIMITS

__all__ = ["parse"]

_CONSTANTS = "NaN and infinite numbers have no place in a map"


def parse(text: str) -> Any:
    """What `text` says.

    Raises
    ------
    FileFormatError
        For text that is not JSON or is cut off (with line and column), a key that stands twice in one object, a number
        that is not finite, or too deep nesting.

    Examples
    --------
    >>> parse('{"a": [1, 2]}')
    {'a': [1, 2]}
    """
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_refuse_constant, parse_float=_finite)
    except FileFormatError:
        raise
    except JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise FileFormatError(f"the file is cut off at {where}: {error.msg}") from error
        raise FileFormatError(f"the file is not JSON at {where}: {error.msg}") from error
    except RecursionError as error:
        raise FileFormatError(
            f"the file is nested too deep; values nest at most {LIMITS.nested_depth} levels"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise FileFormatError(f"the file is not JSON that can be read: {error}") from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise FileFormatError(
                    f"the key {shorten(key)} stands twice in one object; which is meant cannot be known"
                )
            seen.add(key)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise FileFormatError(f"{_CONSTANTS}; the file holds {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise FileFormatError(f"{_CONSTANTS}; the file holds {shorten(digits)}")
    return number
