"""The questions as a menu lists them; of a map without data the list is known before any of their modules is loaded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Listed", "listed", "listed_without_data"]


class Listed(NamedTuple):
    """One question, and what the map still needs for it to be asked; "" when it can be asked."""

    name: str
    title: str
    group: str
    missing: str


_EMPTY: Final = "The map is empty: add a node first."
_NO_LOG: Final = "Attach an event log: m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…))."
_NO_STAGES: Final = (
    "Attach a table with one row per opportunity and its stage, m.attach(frame, stage='deal_stage'), or an event "
    "log: m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…))."
)
_NO_VOTES: Final = "Nobody has voted yet: select a card and press V, or m.vote('lead', by='Ada')."

# Of a map that has nodes, but neither votes nor data.
_BUILT_IN: Final = (
    Listed("conversion", "Conversion and drop-off", "flow", _NO_STAGES),
    Listed("flows", "Flows and their times", "flow", _NO_LOG),
    Listed("variants", "Variants", "flow", _NO_LOG),
    Listed("bottlenecks", "Bottlenecks", "flow", _NO_LOG),
    Listed("rework", "Rework", "flow", _NO_LOG),
    Listed("hand_offs", "Hand-offs", "flow", _NO_LOG),
    Listed("conformance", "As drawn?", "flow", _NO_LOG),
    Listed("slow_to_close", "Slow to close", "flow", _NO_LOG),
    Listed("what_if", "What if", "flow", ""),
    Listed("kpis", "Performance against targets", "KPI", _NO_LOG),
    Listed("open_questions", "What is still open?", "workshop", ""),
    Listed("retention", "Retention", "customer", _NO_LOG),
    Listed("votes", "Most votes first", "workshop", _NO_VOTES),
)


def listed(m: MapModel) -> list[Listed]:
    """All questions, in the menu's order.

    Their modules load pandas, for which a first canvas would wait longer than for all else: a map without data is shown
    without them. Data and questions of one's own have loaded them already.
    """
    if "crmwidget.analysis.registry" not in sys.modules and not (m.tables or m.logs):
        return listed_without_data(m)
    from crmwidget.analysis import registry

    return [Listed(name, q.title, q.group, registry.missing(m, name)) for name, q in registry.questions().items()]


def listed_without_data(m: MapModel) -> list[Listed]:
    """The built-in questions on a map that has no data."""
    is_empty, has_votes = not m.elements.nodes, bool(m.elements.votes)
    lacking = {"votes": "" if has_votes else _NO_VOTES}
    return [
        question._replace(missing=lacking.get(question.name, _EMPTY if is_empty else question.missing))
        for question in _BUILT_IN
    ]
