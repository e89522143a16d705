"""The part of an attached log that the map's filter leaves, and how cases are known to have ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import number_text
from crmwidget.data.privacy import is_small, small_text

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["closing_activities", "filtered", "filtered_text", "n_by_outcome", "outcomes_of"]

ENDED_SQL = "select last_activity, count(*) from {cases} group by last_activity"
_WORD = re.compile(r"[^\W_]+")
_PARTS: WeakKeyDictionary[EncodedLog, tuple[str, EncodedLog]] = WeakKeyDictionary()  # the last one that was asked for


def filtered(m: MapModel, bound: BoundLog) -> BoundLog:
    """An attached log as questions read it: whole, or the cases that meet the map's filter."""
    conditions = m.filters.conditions(bound.log)
    if m.filters.outcomes:
        by_outcome = outcomes_of(m, bound)
        wanted = {activity for outcome in m.filters.outcomes for activity in by_outcome.get(outcome, ())}
        conditions.append(f"case_id in (select case_id from cases where {bound.log.ended_by(wanted)})")
    if not conditions:
        return bound
    condition = " and ".join(conditions)
    kept = _PARTS.get(bound.log)
    if kept is None or kept[0] != condition:
        kept = _PARTS[bound.log] = (condition, bound.log.where_cases(condition))
    return replace(bound, log=kept[1])


def filtered_text(m: MapModel, bound: BoundLog) -> str:
    """How much of an attached log the filter leaves, in a sentence without its stop; empty where there is no filter."""
    if not m.filters:
        return ""
    n, n_all = filtered(m, bound).log.n_cases, bound.log.n_cases
    part = number_text(n, style="full")
    if is_small(n):
        part = small_text()
    elif n == n_all:
        part = "all"
    elif is_small(n_all - n):
        part = f"all but {small_text()}"
    missing = [name for name in m.filters.values if name not in bound.log.attributes]
    not_kept = f", which has no {' and no '.join(missing)}" if missing else ""
    return f"Filtered: {part} of {number_text(n_all, style='full')} cases{not_kept}"


def outcomes_of(m: MapModel, bound: BoundLog) -> Mapping[str, tuple[str, ...]]:
    """How a case ended, by its last activity: outcome → the activities.

    What the node of an activity says (`outcome`) comes first; an activity that closes a case and says in its name
    whether it was won or lost means that; one that closes it otherwise is "other", one that closes none "open". Where
    nothing says which activities close a case, none is "open".
    """
    closing = set(closing_activities(m, bound))
    node_of = bound.match().node_of
    found: dict[str, list[str]] = {}
    for activity in bound.log.counts:
        stated = m.graph.nodes[node_of[activity]].get("outcome") if node_of.get(activity) in m.graph else None
        words = set(_WORD.findall(activity.lower())) & {"won", "lost"}
        outcome = "open" if closing and activity not in closing else "other"
        if stated in ("won", "lost"):
            outcome = str(stated)
        elif outcome == "other" and len(words) == 1:
            (outcome,) = words
        found.setdefault(outcome, []).append(activity)
    return {outcome: tuple(activities) for outcome, activities in found.items()}


def closing_activities(m: MapModel, bound: BoundLog) -> tuple[str, ...]:
    """The log's own `ends`; without any, the activities that mean an end on the map, or a node with an outcome."""
    if bound.log.ends:
        return bound.log.ends
    ends = {
        node
        for node, about in m.graph.nodes(data=True)
        if about.get("kind") == "end" or about.get("outcome") is not None
    }
    return tuple(activity for activity, node in bound.match().node_of.items() if node in ends)


def n_by_outcome(m: MapModel, bound: BoundLog, chosen: Iterable[str]) -> dict[str, int]:
    """Of how many cases each of these outcomes is."""
    labels = bound.log.labels
    n_of = {labels[code]: int(n) for code, n in bound.log.rows(ENDED_SQL)}
    by_outcome = outcomes_of(m, bound)
    return {outcome: sum(n_of.get(activity, 0) for activity in by_outcome.get(outcome, ())) for outcome in chosen}
