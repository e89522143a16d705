"""Which numbers of a conversion may leave the kernel: small groups are held back, and what gives them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from crmwidget.analysis.conversion_groups import Groups
from crmwidget.analysis.stage_table import StageTable
from crmwidget.data.linked_counts import hidden_sums
from crmwidget.data.numerals import number_text
from crmwidget.data.privacy import hidden_counts, is_small, small_text

__all__ = ["HELD_BACK", "Shown", "held_back"]

HELD_BACK = "…"  # not small itself, but a small group could be worked out from it
# what each derived number is made of: it is held back with its parts
_PARTS = {
    "forward_rate": ("n_forward", "n_entered"),
    "lost_rate": ("n_lost_here", "n_entered"),
    "won_of_entered": ("n_won", "n_entered"),
    "win_rate_of_closed": ("n_won", "n_lost"),
    "won_amount": ("n_won",),
    "open_amount": ("n_open",),
    "lost_amount": ("n_lost",),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers that may leave the kernel: what is held back is missing here."""

    nodes: pd.DataFrame
    flows: pd.DataFrame
    hidden: frozenset[Hashable]
    counts: Mapping[Hashable, int]

    def text(self, *query: Hashable) -> str:
        """A count as text: the number, `<5`, or a sign that it is held back."""
        count = self.counts[query]
        if is_small(count):
            return small_text()
        return HELD_BACK if query in self.hidden else number_text(count, style="full")

    def is_hidden(self, *query: Hashable) -> bool:
        return query in self.hidden


def held_back(groups: Groups, source: StageTable, nodes: pd.DataFrame, flows: pd.DataFrame) -> Shown:
    """Take out of both tables what must not be shown."""
    behind = {node: groups.cells(node) for node in groups.way}
    cells, queries = _counted(groups, source)
    # a sum of amounts is as telling as the count of the rows that have one
    amount_cells, sums = _amounts(groups)
    if source.whole is None:
        hidden, hidden_amounts = hidden_counts(queries, cells), hidden_counts(sums, amount_cells)
    else:
        whole = Groups.of(groups.way, source.whole)
        hidden = _hidden_beside(queries, cells, *_counted(whole, source.whole))
        hidden_amounts = _hidden_beside(sums, amount_cells, *_amounts(whole))
    public = nodes.copy()
    for row, node in zip(public.index, nodes["node"], strict=True):
        for name in behind[node]:
            if ("node", node, name) in hidden:
                public.loc[row, name] = pd.NA
        for name, parts in _PARTS.items():
            is_telling = name.endswith("_amount") and (node, parts[0]) in hidden_amounts
            if is_telling or any(("node", node, part) in hidden for part in parts):
                public.loc[row, name] = float("nan")
    public_flows = flows.copy()
    for row, pair in zip(public_flows.index, zip(flows["source"], flows["target"], strict=True), strict=True):
        is_hidden = ("flow", pair, "n_taken") in hidden
        is_whole_hidden = ("node", pair[0], "n_entered") in hidden
        for name, is_held in (
            ("n_taken", is_hidden),
            ("n_source_entered", is_whole_hidden),
            ("taken_rate", is_hidden or is_whole_hidden),
            ("n_undetermined", ("flow", pair, "n_undetermined") in hidden),
        ):
            if is_held:
                public_flows.loc[row, name] = float("nan") if name == "taken_rate" else pd.NA
    counts = {query: sum(cells[cell] for cell in parts) for query, parts in queries.items()}
    return Shown(public, public_flows, frozenset(hidden), counts)


Sums: TypeAlias = "dict[Hashable, list[Hashable]]"
Cells: TypeAlias = "dict[Hashable, int]"


def _counted(groups: Groups, source: StageTable) -> tuple[Cells, Sums]:
    """The groups of rows that everything is made of, and the counts that are shown, each by its groups."""
    cells: Cells = {
        ("at", place): tally.n_rows for place, tally in zip(groups.passed.places, groups.tallies, strict=True)
    }
    cells[("missing",)] = source.match.n_missing
    cells.update({("unmatched", item.value): item.n_rows for item in source.match.unmatched})
    unmatched = [("unmatched", item.value) for item in source.match.unmatched]
    queries: Sums = {("all",): list(cells), ("missing",): [("missing",)]}
    queries["unmatched",] = list(unmatched)
    queries["matched",] = [cell for cell in cells if isinstance(cell, tuple) and cell[0] == "at"]
    queries.update({cell: [cell] for cell in unmatched})
    for node in groups.way:
        masks = groups.cells(node)
        queries.update({("node", node, name): _at(groups, mask) for name, mask in masks.items()})
        queries["node", node, "n_closed"] = _at(groups, masks["n_won"] | masks["n_lost"])
    for pair, mask in groups.passed.taken.items():
        queries["flow", pair, "n_taken"] = _at(groups, mask)
        queries["flow", pair, "n_undetermined"] = _at(groups, groups.passed.perhaps_taken[pair])
    return cells, queries


def _amounts(groups: Groups) -> tuple[Cells, Sums]:
    """The same of the rows that have an amount, and of the sums of these."""
    cells: Cells = {
        ("at", place): tally.n_amounts for place, tally in zip(groups.passed.places, groups.tallies, strict=True)
    }
    names = ("n_won", "n_open", "n_lost")
    return cells, {(node, name): _at(groups, groups.cells(node)[name]) for node in groups.way for name in names}


def _at(groups: Groups, mask: int) -> list[Hashable]:
    return [("at", place) for place in groups.passed.members(mask)]


def _hidden_beside(
    queries: Mapping[Hashable, list[Hashable]],
    cells: Mapping[Hashable, int],
    whole_cells: Mapping[Hashable, int],
    whole_queries: Mapping[Hashable, list[Hashable]],
) -> frozenset[Hashable]:
    """What to hold back of a filtered answer, where that of all rows is known: what is left out is of few as well."""
    gone = hidden_counts(whole_queries, whole_cells)
    parts: dict[Hashable, int] = {}
    for cell, n in whole_cells.items():
        parts["in", cell] = cells.get(cell, 0)
        parts["out", cell] = n - cells.get(cell, 0)
    both: dict[Hashable, dict[Hashable, int]] = {
        query: {(side, cell): 1 for cell in parts_of for side in ("in", "out")}
        for query, parts_of in whole_queries.items()
    }
    shown = [sums for query, sums in both.items() if query not in gone]
    left_out: list[dict[Hashable, int]] = [
        {("out", cell): 1 for cell in parts_of} for parts_of in whole_queries.values()
    ]
    wanted: dict[Hashable, dict[Hashable, int]] = {
        query: {("in", cell): 1 for cell in parts_of} for query, parts_of in queries.items()
    }
    return hidden_sums(wanted, parts, secrets=[*left_out, *both.values()], shown=shown)
