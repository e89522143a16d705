"""What of the attached event logs means no node, as views list it, and what a view says that it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crmwidget.data.numerals import written_in
from crmwidget.data.privacy import count_text, is_small
from crmwidget.errors import DataError, EditError, nearest, shorten
from crmwidget.graph.changes import Change, Proposal, difference
from crmwidget.sync.messages import Unmatched

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap

__all__ = ["alters_matching", "say_what_is_meant", "unmatched"]

MOST = 100  # a panel with more is no list to work through
HELD_BACK = "…"


def unmatched(m: CrmMap) -> list[Unmatched]:
    """The activities that mean no node, most frequent first, without counts of few events and what would tell them."""
    counts = list(_unmatched_counts(m).items())[:MOST]
    every = [n for bound in m.logs.values() for n in bound.log.counts.values()]
    # The number of all events is known: one small count alone would follow from the others.
    held = min((n for n in every if not is_small(n)), default=0) if sum(map(is_small, every)) == 1 else 0
    with written_in(m.locale):
        return [Unmatched(activity, HELD_BACK if n == held else count_text(n)) for activity, n in counts]


def alters_matching(changes: Iterable[Change]) -> bool:
    """Whether an edit may give an activity another meaning, or none."""
    for change in changes:
        if change.path[0] == "node":
            if change.before is None or change.after is None:
                return True
            written, gone = difference(change.before, change.after)
            if not {"label", "known_as"}.isdisjoint((*written, *gone)):
                return True
    return False


def say_what_is_meant(m: CrmMap, means: Mapping[str, str], add: Sequence[str]) -> None:
    """Make nodes known as activities, and add a stage for each of others, as one step of undo.

    Raises
    ------
    DataError
        Something that is given is no activity without a node, or there is no such node; the message has the nearest.
    EditError
        Nothing is given, or one of the nodes is locked.
    """
    m.flush()
    known = _unmatched_counts(m)
    for activity in (*means, *add):
        if activity not in known:
            raise DataError(
                f"{shorten(activity)} is no activity without a node; {nearest(activity, known, noun='activities')}."
            )
    names: dict[str, list[str]] = {}
    for activity, node in means.items():
        if node not in m.elements.nodes:
            raise DataError(f"No node {shorten(node)}; {nearest(node, m.elements.nodes, noun='nodes')}.")
        before = m.elements.nodes[node].get("known_as")
        names.setdefault(node, list(before) if isinstance(before, (list, tuple)) else []).append(activity)
    proposals = [Proposal(("node", node), set={"known_as": tuple(known_as)}) for node, known_as in names.items()]
    added = [activity for activity in dict.fromkeys(add) if activity not in means]
    proposals += [
        Proposal(("node", f"~{n}"), add={"kind": "stage", "label": activity}) for n, activity in enumerate(added, 1)
    ]
    if not proposals:
        raise EditError("say what an activity means, or which to add as a stage")
    m.propose(proposals, label=_label(m, means, added), origin="view", alone=True)


def _label(m: CrmMap, means: Mapping[str, str], added: Sequence[str]) -> str:
    if len(means) == 1 and not added:
        ((activity, node),) = means.items()
        return f"{shorten(activity, 30)} is {shorten(m.elements.nodes[node]['label'], 30)}"
    if len(added) == 1 and not means:
        return f"add {shorten(added[0], 60)}"
    return f"match {len(means) + len(added)} activities"


def _unmatched_counts(m: CrmMap) -> dict[str, int]:
    counts: dict[str, int] = {}
    for bound in m.logs.values():
        for item in bound.match(says_nearest=False).unmatched:
            counts.setdefault(item.value, item.n_rows)
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
