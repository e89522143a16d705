"""A living CRM map in the notebook: draw it, feed it data, ask it questions.

import crmwidget as crm

m = crm.template("lifecycle")
m                                # the canvas
m.graph                          # the same map, a live networkx MultiDiGraph
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Where each public name lives. They load when first used, so that `import crmwidget` costs next to nothing.
_PUBLIC = {
    "AnalysisError": "errors",
    "CancelledError": "errors",
    "CrmMap": "crm_map",
    "CrmWidgetError": "errors",
    "DataError": "errors",
    "EditError": "errors",
    "EventLog": "data.event_log",
    "FileFormatError": "errors",
    "Finding": "shown",
    "LiveGraph": "graph.live",
    "MissingExtraError": "errors",
    "Report": "reporting.written",
    "Result": "analysis.result",
    "RuleError": "errors",
    "WireError": "errors",
    "bottlenecks": "analysis.bottlenecks",
    "conformance": "analysis.conformance",
    "conversion": "analysis.conversion",
    "discover": "making",
    "flows": "analysis.flows",
    "from_networkx": "making",
    "from_table": "making",
    "from_text": "making",
    "hand_offs": "analysis.hand_offs",
    "kpis": "analysis.kpis",
    "open": "making",
    "open_questions": "analysis.open_questions",
    "question": "analysis.registry",
    "questions": "analysis.registry",
    "report": "reporting.report",
    "retention": "analysis.retention",
    "rework": "analysis.rework",
    "slow_to_close": "analysis.slow_to_close",
    "template": "making",
    "templates": "making",
    "variants": "analysis.variants",
    "votes": "analysis.votes",
    "what_if": "analysis.what_if",
}
_ROOMS = {"samples": "data.samples", "shown": "shown", "workshop": "workshop"}

__all__ = [*sorted(_PUBLIC), *_ROOMS]

if TYPE_CHECKING:
    from crmwidget import shown as shown
    from crmwidget import workshop as workshop
    from crmwidget.analysis.bottlenecks import bottlenecks as bottlenecks
    from crmwidget.analysis.conformance import conformance as conformance
    from crmwidget.analysis.conversion import conversion as conversion
    from crmwidget.analysis.flows import flows as flows
    from crmwidget.analysis.hand_offs import hand_offs as hand_offs
    from crmwidget.analysis.kpis import kpis as kpis
    from crmwidget.analysis.open_questions import open_questions as open_questions
    from crmwidget.analysis.registry import question as question
    from crmwidget.analysis.registry import questions as questions
    from crmwidget.analysis.result import Result as Result
    from crmwidget.analysis.retention import retention as retention
    from crmwidget.analysis.rework import rework as rework
    from crmwidget.analysis.slow_to_close import slow_to_close as slow_to_close
    from crmwidget.analysis.variants import variants as variants
    from crmwidget.analysis.votes import votes as votes
    from crmwidget.analysis.what_if import what_if as what_if
    from crmwidget.crm_map import CrmMap as CrmMap
    from crmwidget.data import samples as samples
    from crmwidget.data.event_log import EventLog as EventLog
    from crmwidget.errors import AnalysisError as AnalysisError
    from crmwidget.errors import CancelledError as CancelledError
    from crmwidget.errors import CrmWidgetError as CrmWidgetError
    from crmwidget.errors import DataError as DataError
    from crmwidget.errors import EditError as EditError
    from crmwidget.errors import FileFormatError as FileFormatError
    from crmwidget.errors import MissingExtraError as MissingExtraError
    from crmwidget.errors import RuleError as RuleError
    from crmwidget.errors import WireError as WireError
    from crmwidget.graph.live import LiveGraph as LiveGraph
    from crmwidget.making import discover as discover
    from crmwidget.making import from_networkx as from_networkx
    from crmwidget.making import from_table as from_table
    from crmwidget.making import from_text as from_text
    from crmwidget.making import open as open
    from crmwidget.making import template as template
    from crmwidget.making import templates as templates
    from crmwidget.reporting.report import report as report
    from crmwidget.reporting.written import Report as Report
    from crmwidget.shown import Finding as Finding


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        value: Any = import_module(f"crmwidget.{_ROOMS[name]}")
    elif name in _PUBLIC:
        value = getattr(import_module(f"crmwidget.{_PUBLIC[name]}"), name)
    else:
        from crmwidget.errors import nearest

        raise AttributeError(f"crmwidget has no {name!r}; {nearest(name, __all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if "ipykernel" in sys.modules:
    import_module("crmwidget.warming").load_when_idle()
