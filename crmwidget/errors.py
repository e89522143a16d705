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
    """The parent of all errors that crmwidget raises on purpose.

    Examples
    --------
    >>> from crmwidget import CrmMap
    >>> try:
    ...     CrmMap("Sales").add("stge", "Lead")
    ... except CrmWidgetError as error:
    ...     print(str(error).partition(" Allowed")[0])
    unknown node kind 'stge'; did you mean 'stage'?
    """


class EditError(CrmWidgetError, ValueError):
    """An edit of the map was refused; the map is as it was.

    Examples
    --------
    >>> from crmwidget import from_text
    >>> from_text("Lead -> Won").remove("leed")
    Traceback (most recent call last):
    ...
    crmwidget.errors.EditError: there is no node or flow 'leed'; did you mean 'lead'? Allowed ids: 'lead', 'won', 'f1'
    """


class RuleError(EditError):
    """A batch of edits broke a structural rule; the whole batch was taken back.

    Examples
    --------
    >>> from crmwidget import from_text
    >>> m = from_text("Lead -> Won")
    >>> m.add_flow("lead", "won", kind="mapping")
    Traceback (most recent call last):
    ...
    crmwidget.errors.RuleError: a 'mapping' flow cannot lead from a stage to a stage (flow 'f2'); allowed: ...
    """


class FileFormatError(CrmWidgetError, ValueError):
    """A file is not what it says it is; nothing was opened.

    Examples
    --------
    >>> from crmwidget import from_text
    >>> from_text("Lead -> Won").save("sales.bmpn")
    Traceback (most recent call last):
    ...
    crmwidget.errors.FileFormatError: 'sales.bmpn' has no suffix of a format that is written; did you mean '.bpmn'? ...
    """


class DataError(CrmWidgetError, ValueError):
    """A table cannot be attached or read as asked; what was attached stays.

    Examples
    --------
    >>> from crmwidget import EventLog, samples
    >>> EventLog(samples.events(100).events, case="deal", activity="activity", timestamp="finished_at")
    Traceback (most recent call last):
    ...
    crmwidget.errors.DataError: There is no case column 'deal'; allowed columns: 'case_id', 'activity', ...
    """


class AnalysisError(CrmWidgetError, ValueError):
    """A question cannot be answered yet; the message says what to attach.

    Examples
    --------
    >>> from crmwidget import bottlenecks, from_text
    >>> bottlenecks(from_text("Lead -> Won"))
    Traceback (most recent call last):
    ...
    crmwidget.errors.AnalysisError: No event log is attached: m.attach(crm.EventLog(frame, ...)), or give log=.
    """


class CancelledError(CrmWidgetError):
    """Work was given up by whoever asked for it; a question's `progress(…)` raises this, and lets it through.

    Examples
    --------
    >>> from crmwidget import samples
    >>> samples.events(100).log(cancelled=lambda: True)
    Traceback (most recent call last):
    ...
    crmwidget.errors.CancelledError: Looking into the table was stopped; what was there before is as it was.
    """


class WireError(CrmWidgetError, ValueError):
    """A message from a view is malformed; it changed nothing.

    Examples
    --------
    >>> from crmwidget.sync.codec import parse
    >>> parse({"op": "dance"})
    Traceback (most recent call last):
    ...
    crmwidget.errors.WireError: a message from a view is malformed ...
    """


class MissingExtraError(CrmWidgetError, ImportError):
    """An optional package is not installed; the message names the extra that brings it.

    Examples
    --------
    >>> issubclass(MissingExtraError, ImportError)
    True
    """


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
    >>> nearest("tasks", [], noun="logs")
    'there are no logs yet'
    """
    names = list(dict.fromkeys(allowed))
    if not names:
        return f"there are no {noun or 'names to choose from'} yet"
    close = get_close_matches(str(given)[:200].lower(), [n.lower() for n in names], n=1, cutoff=0.55)
    hint = ""
    if close:
        match = next(n for n in names if n.lower() == close[0])
        hint = f"did you mean {match!r}? "
    shown = ", ".join(repr(shorten(n)[1:-1]) if len(n) > 80 else repr(n) for n in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"{hint}{'Allowed' if hint else 'allowed'}{' ' + noun if noun else ''}: {shown}{more}"
