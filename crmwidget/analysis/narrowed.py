"""Saying in an answer what the map's filter left of what it was asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmwidget.analysis.filtered import filtered, filtered_text
from crmwidget.analysis.result import Result
from crmwidget.data.privacy import is_small, small_text
from crmwidget.graph.narrowed_tables import narrowed
from crmwidget.shown import Finding, Overlay

if TYPE_CHECKING:
    from crmwidget.data.binding import BoundTable
    from crmwidget.graph.model import MapModel

__all__ = ["narrow", "narrow_table"]


def narrow(m: MapModel, needs: str | tuple[str, ...], log: object, result: Result) -> None:
    """Add the filter to the notes and the subtitle of an answer from an attached log; of another say that it has none.

    `log` is what the question was given to read: a log itself is read whole, and nothing is said.
    """
    if "stages" in needs or "table" in needs:
        result.notes.append("The map's filter does not narrow tables that a question reads itself.")
    if "log" not in needs or not (log is None or isinstance(log, str)):
        return
    bound = m.logs[log] if log is not None else next(iter(m.logs.values()), None)
    if bound is None:
        return
    result.notes.insert(0, f"{filtered_text(m, bound)} ({m.filters.text}).")
    n_left = filtered(m, bound).log.n_cases
    if not n_left:
        _say_only(result, "The filter leaves no case.", m.filters.text)
    elif n_left < bound.log.n_cases and is_small(bound.log.n_cases - n_left):
        # what is said of the rest, taken from what is said of all, is what is not to be said of the few
        _say_only(
            result, f"The filter leaves out {small_text()} cases: what it leaves would tell of them.", m.filters.text
        )
        result.overlay = Overlay(result.title, "", None, {}, {}, result.findings, None)
        result.public, result.segments, result.drawing = result.table.iloc[:0], None, None
        del result.notes[1:]
    _say_so(result)


def _say_only(result: Result, sentence: str, filters: str) -> None:
    result.findings = [Finding("info", sentence, f"{filters}.", "m.filter() asks of all again.", [], [])]
    if result.overlay is not None:
        result.overlay.findings = result.findings


def narrow_table(m: MapModel, table: BoundTable, result: Result) -> None:
    """The same for an answer from an attached table."""
    part = narrowed(m, table)
    filtered = "Filtered: " if part.by else ""
    result.notes.insert(0, f"{filtered}{part.text} ({m.filters.text}).")
    if part.by:
        _say_so(result)


def _say_so(result: Result) -> None:
    if result.overlay is not None:
        result.overlay.subtitle = f"{result.overlay.subtitle} · filtered" if result.overlay.subtitle else "filtered"
