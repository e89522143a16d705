"""Saying in an answer what the map's filter left of what it was asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmwidget.analysis.filtered import filtered_text
from crmwidget.analysis.result import Result

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["narrow"]


def narrow(m: MapModel, needs: str | tuple[str, ...], log: object, result: Result) -> None:
    """Add the filter to the notes and the subtitle of an answer from an attached log; of another say that it has none.

    `log` is what the question was given to read: a log itself is read whole, and nothing is said.
    """
    if "stages" in needs or "table" in needs:
        result.notes.append("The map's filter narrows event logs; this is asked of the whole table.")
    if "log" not in needs or not (log is None or isinstance(log, str)):
        return
    bound = m.logs[log] if log is not None else next(iter(m.logs.values()), None)
    if bound is None:
        return
    result.notes.insert(0, f"{filtered_text(m, bound)} ({m.filters.text}).")
    if result.overlay is not None:
        result.overlay.subtitle = f"{result.overlay.subtitle} · filtered" if result.overlay.subtitle else "filtered"
