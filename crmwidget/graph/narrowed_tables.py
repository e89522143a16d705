"""The attached tables of a map as its filter leaves them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from crmwidget.data.binding import BoundTable
from crmwidget.data.matching import match_counts
from crmwidget.data.table_filter import NarrowedTable, narrowed_table, values_of
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, NODE_KINDS

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["narrowed"]

_WORD = re.compile(r"[^\W_]+")
# the last one that was asked for, with the filter and what ends mean: so that its rows are counted once
_PARTS: WeakKeyDictionary[BoundTable, tuple[object, NarrowedTable]] = WeakKeyDictionary()


def narrowed(m: MapModel, bound: BoundTable) -> NarrowedTable:
    """An attached table, or the rows of it that meet the map's filter."""
    if not m.filters:
        return NarrowedTable(bound, bound, (), ())
    ended = _outcomes(m) if m.filters.outcomes else {}
    labels = {node: str(about["label"]) for node, about in m.elements.nodes.items()} if ended else {}
    key = (m.filters, tuple(ended.items()), tuple(labels.items()))
    kept = _PARTS.get(bound)
    if kept is None or kept[0] != key:

        def outcome_of(column: str) -> Mapping[str, str]:
            counts = {value: n for value, n in values_of(bound, column).items() if value is not None}
            match = match_counts(counts, labels)
            return {value: ended.get(node, "open") for value, node in match.node_of.items()}

        kept = _PARTS[bound] = (key, narrowed_table(bound, m.filters, outcome_of))
    return kept[1]


def _outcomes(m: MapModel) -> dict[str, str]:
    """What being at a node says of how it ended: what the node says; of one without a way out, its name; else "other".

    Nodes that are no end are missing.
    """
    nodes, flows = m.elements.nodes, m.elements.flows
    leaving = {
        flow["source"]
        for flow in flows.values()
        if flow["kind"] == DEFAULT_FLOW_KIND and flow["source"] != flow["target"]
    }
    found: dict[str, str] = {}
    for node, about in nodes.items():
        if about.get("outcome") in ("won", "lost"):
            found[node] = str(about["outcome"])
        elif node not in leaving and NODE_KINDS[about["kind"]].holds != "frame":
            words = set(_WORD.findall(str(about["label"]).lower())) & {"won", "lost"}
            if len(words) == 1:
                (found[node],) = words
            elif about["kind"] == "end":
                found[node] = "other"
    return found
