"""Which event log a question is asked of, and what its activities mean on the map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from crmwidget.analysis.filtered import closing_activities, filtered
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.matching import NodeLabels
from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["LogChoice", "attached_log", "ends_of"]

LogChoice: TypeAlias = "EncodedLog | str | None"


def attached_log(m: MapModel, log: LogChoice) -> BoundLog:
    """The log that is meant: the one that is given, the one of that name, or the only one that is attached.

    What is attached is read as the map's filter leaves it; what is given is read whole. A part of an attached log
    (`log.where(…)`) takes over what is said about its activities.

    Raises
    ------
    AnalysisError
        No log is attached, several are, or there is none of that name.
    """
    if isinstance(log, EncodedLog):
        whole = next((bound for bound in m.logs.values() if bound.log.is_of(log)), None)
        mapping = whole.mapping if whole is not None else {}
        return BoundLog(whole.name if whole is not None else "log", log, mapping, lambda: _labels(m))
    if isinstance(log, str):
        if log not in m.logs:
            raise AnalysisError(f"No log is called {shorten(log)}; {nearest(log, m.logs, noun='logs')}.")
        return filtered(m, m.logs[log])
    if log is not None:
        raise AnalysisError(f"log= is an EventLog or the name of an attached one; given {type(log).__name__}.")
    if not m.logs:
        raise AnalysisError(
            "No event log is attached: m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…)), or give log=."
        )
    if len(m.logs) > 1:
        raise AnalysisError(f"Several logs are attached; say which: log= one of {', '.join(map(repr, m.logs))}.")
    return filtered(m, next(iter(m.logs.values())))


def ends_of(m: MapModel, bound: BoundLog) -> tuple[tuple[str, ...], str]:
    """The activities that close a case, and a sentence that says how that is known.

    The log's own `ends`; without any, the activities that mean an end on the map: a node of kind "end", or one with an
    outcome.
    """
    if bound.log.ends:
        return bound.log.ends, f"A case is closed by {_listed(bound.log.ends)}, as the log says."
    closing = closing_activities(m, bound)
    if closing:
        return closing, f"A case is closed by {_listed(closing)}, ends on the map."
    return (), "Nothing says which activities close a case, so every case is taken as closed: EventLog(…, ends=[…])."


def _labels(m: MapModel) -> NodeLabels:
    return NodeLabels(m.graph.nodes(data=True))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
