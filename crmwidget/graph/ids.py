"""Names for elements: readable slugs, made unique by a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count

from crmwidget.errors import EditError, shorten
from crmwidget.vocabulary import LIMITS

__all__ = ["check_id", "flow_keys", "slug", "unique"]

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def slug(text: str) -> str:
    """The id that a label gives: NFKD, lower case, words joined by `_`; never empty.

    Examples
    --------
    >>> slug("Cross-selling & Upselling")
    'cross_selling_upselling'
    >>> slug("Größe")
    'große'
    >>> slug("…")
    'node'
    """
    decomposed = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "_".join(_WORD.findall(plain))[: LIMITS.id_characters - 8] or "node"


def unique(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or `wanted_2`, `wanted_3` … when it is taken.

    Examples
    --------
    >>> unique("lead", {"lead", "lead_2"})
    'lead_3'
    """
    if wanted not in taken:
        return wanted
    return next(name for n in count(2) if (name := f"{wanted}_{n}") not in taken)


def flow_keys(start: int = 1) -> Iterator[str]:
    """`f1`, `f2`, … for ever."""
    return (f"f{n}" for n in count(start))


def check_id(value: object, *, what: str = "node id") -> str:
    """`value` if it can name an element, else an `EditError` that says why not."""
    if not isinstance(value, str):
        raise EditError(
            f"a {what} is a string; given {shorten(value)} of type {type(value).__name__}. "
            "crm.from_networkx(g) turns other ids into strings and keeps the old ones as source_id."
        )
    if not value:
        raise EditError(f"a {what} cannot be empty")
    if len(value) > LIMITS.id_characters:
        raise EditError(f"a {what} has at most {LIMITS.id_characters} characters; given {shorten(value)}")
    if not value.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise EditError(f"a {what} cannot hold control characters; given {shorten(value)}")
    return value
