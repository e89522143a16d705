"""Every error that crmwidget raises on purpose: what was given, what is allowed, the nearest match."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "AnalysisError",
    "CancelledError",
    "CrmWidgetError",
    "DataError",
    "EditError",
    "FileFormatError",
    "MissingExtraError",
    "RuleError",
    "WireError",
    "nearest",
    "shorten",
]


class CrmWidgetError(Exception):
    """The parent of all errors that crmwidget raises on purpose."""


class EditError(CrmWidgetError, ValueError):
    """An edit of the map was refused; the map is as it was."""


class RuleError(EditError):
    """A batch of edits broke a structural rule; the whole batch was taken back."""


class FileFormatError(CrmWidgetError, ValueError):
    """A file is not what it says it is; nothing was opened."""


class DataError(CrmWidgetError, ValueError):
    """A table cannot be attached or read as asked; what was attached stays."""


class AnalysisError(CrmWidgetError, ValueError):
    """A question cannot be answered yet; the message says what to attach."""


class CancelledError(CrmWidgetError):
    """Work was given up by whoever asked for it; a question's `progress(…)` raises this, and lets it through."""


class WireError(CrmWidgetError, ValueError):
    """A message from a view is malformed; it changed nothing."""


class MissingExtraError(CrmWidgetError, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""


def shorten(value: object, limit: int = 80) -> str:
    """`repr(value)` for an error message, cut so that a giant value cannot flood the notebook."""
    if isinstance(value, str) and len(value) > limit:
        return f"{value[:limit]!r}… ({len(value):,} characters)"
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def nearest(given: object, allowed: Iterable[str], *, noun: str = "") -> str:
    """The tail of an error message: the allowed names, and the nearest to what was given.

    Examples
    --------
    >>> nearest("stge", ["stage", "start"])
    "did you mean 'stage'? Allowed: 'stage', 'start'"
    """
    names = list(dict.fromkeys(allowed))
    close = get_close_matches(str(given)[:200].lower(), [n.lower() for n in names], n=1, cutoff=0.55)
    hint = ""
    if close:
        match = next(n for n in names if n.lower() == close[0])
        hint = f"did you mean {match!r}? "
    if not names:
        return f"{hint}there is no {noun or 'allowed value'} yet."
    shown = ", ".join(repr(shorten(n)[1:-1]) if len(n) > 80 else repr(n) for n in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"{hint}{'Allowed' if hint else 'allowed'}{' ' + noun if noun else ''}: {shown}{more}"
