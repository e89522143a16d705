"""Which opportunities stand behind each number of a conversion: sets of places, and their sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import networkx as nx

from crmwidget.analysis.passage import Pair, Passage, bits, passage
from crmwidget.analysis.stage_table import StageTable, Tally

__all__ = ["Groups", "Outcome", "outcomes_of"]

Outcome: TypeAlias = Literal["won", "lost"]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Groups:
    """Which groups of opportunities (sets of places, as integers) stand behind each number."""

    way: nx.MultiDiGraph[Any]
    passed: Passage
    tallies: tuple[Tally, ...]
    outcomes: Mapping[str, Outcome]
    inferred: tuple[str, ...]
    won: int
    lost: int
    lost_at: Mapping[str, int]
    _cells: dict[str, dict[str, int]] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, way: nx.MultiDiGraph[Any], source: StageTable) -> Groups:
        at: dict[str, Tally] = {}
        for value, node in source.match.node_of.items():
            at[node] = at.get(node, Tally(0, 0, 0.0)) + source.by_value[value]
        passed = passage(way, list(at))
        outcomes, inferred = outcomes_of(way)
        lost_at = dict.fromkeys((node for node, outcome in outcomes.items() if outcome == "lost"), 0)
        won = 0
        for place in at:
            decided: str | None = place
            while decided is not None and decided not in outcomes:
                decided = passed.before[decided]
            if decided in lost_at:
                lost_at[decided] |= passed.mask(place)
            elif decided is not None:
                won |= passed.mask(place)
        lost = 0
        for mask in lost_at.values():
            lost |= mask
        return cls(way, passed, tuple(at.values()), outcomes, inferred, won, lost, lost_at)

    def cells(self, node: str) -> dict[str, int]:
        """The set of places behind each count of a node."""
        if node not in self._cells:
            self._cells[node] = self._worked_out(node)
        return self._cells[node]

    def _worked_out(self, node: str) -> dict[str, int]:
        entered, here = self.passed.entered[node], self.passed.mask(node)
        lost_here = unplaced = 0
        for end in set(self.way.successors(node)) & set(self.lost_at) - {node}:
            certainly = self.passed.taken[node, end] & self.lost_at[end]
            lost_here |= certainly
            unplaced |= self.lost_at[end] & entered & ~certainly & ~here
        unplaced &= ~lost_here
        return {
            "n_entered": entered,
            "n_current": here,
            "n_open": here & ~self.won & ~self.lost,
            "n_forward": entered & ~here & ~lost_here & ~unplaced,
            "n_lost_here": lost_here,
            "n_unplaced": unplaced,
            "n_won": entered & self.won,
            "n_lost": entered & self.lost,
            "n_undetermined": self.passed.perhaps_entered[node],
        }

    def count(self, mask: int) -> int:
        """How many opportunities are at these places."""
        if mask not in self._counts:
            self._counts[mask] = sum(self.tallies[index].n_rows for index in bits(mask))
        return self._counts[mask]

    def amount(self, mask: int) -> float:
        """What they are worth; NaN where none of them has an amount."""
        chosen = [tally for index in bits(mask) if (tally := self.tallies[index]).n_amounts]
        return sum(tally.amount for tally in chosen) if chosen else float("nan")

    @property
    def n_parallel(self) -> dict[Pair, int]:
        """How many flows join the same two ends."""
        pairs: dict[Pair, int] = {}
        for source, target in self.way.edges():
            pairs[source, target] = pairs.get((source, target), 0) + 1
        return pairs


def outcomes_of(way: nx.MultiDiGraph[Any]) -> tuple[dict[str, Outcome], tuple[str, ...]]:
    """What arriving at a node decides, and for which nodes that was read from their names."""
    outcomes: dict[str, Outcome] = {}
    inferred: list[str] = []
    for node, attributes in way.nodes(data=True):
        stated = attributes.get("outcome")
        if stated in ("won", "lost"):
            outcomes[node] = stated
        elif not set(way.successors(node)) - {node}:
            words = set(_WORD.findall(str(attributes.get("label") or node).lower())) & {"won", "lost"}
            if len(words) == 1:
                outcomes[node] = "won" if "won" in words else "lost"
                inferred.append(node)
    return outcomes, tuple(inferred)
