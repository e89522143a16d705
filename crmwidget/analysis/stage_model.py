"""A map as numbers: where cases go from each stage, how long they are there, how many can be worked on at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from crmwidget.analysis.reaching import reached
from crmwidget.errors import AnalysisError

__all__ = ["DAYS_A_MONTH", "Floats", "StageModel", "checked_ways_out", "probabilities"]

Floats: TypeAlias = NDArray[np.float64]
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class StageModel:
    """The stages of a map as an open network of queues; arrays have one entry per stage, times are days.

    Attributes
    ----------
    keys
        What names each stage: a node's id, or an activity of the log that means no node.
    labels
        What it is called.
    nodes
        The node, None for an activity that means none.
    routes
        From each stage to each, the share of the cases that leave it; what lacks to 1 leaves the map.
    inflow
        New cases a day.
    inflow_scv
        Squared coefficient of variation of the time between two new cases; 1 where they come independently.
    duration
        Working time of one case, its mean; with `duration_scv`, its squared coefficient of variation.
    delay
        What passes besides working and queueing, its mean.
    capacity
        Cases that can be worked on at once; infinite where nothing limits them.
    case_value
        What each case brings that arrives; NaN where nothing is said.
    is_won
        Whether arriving means that the case is won.
    unknown
        Stages where no case of the log ever was, and what would have to be said of them if cases came there.
    measured
        Stages whose rates and times a log tells, whatever the map says; where there are any, it tells all inflow too.
    small
        Stages of the log whose numbers are of too few cases to be shown; `partly`: those where that is so of a way out,
        so that no share of their ways out is shown.
    notes
        Where the numbers come from.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    nodes: tuple[str | None, ...]
    routes: Floats
    inflow: Floats
    inflow_scv: float
    duration: Floats
    duration_scv: Floats
    delay: Floats
    capacity: Floats
    case_value: Floats
    is_won: NDArray[np.bool_]
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    measured: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> dict[str, int]:
        """Where each stage is in the arrays."""
        return {key: i for i, key in enumerate(self.keys)}

    @property
    def leaving(self) -> Floats:
        """The share of the cases that leave the map from each stage."""
        rest: Floats = np.clip(1.0 - self.routes.sum(axis=1), 0.0, 1.0)
        return np.where(rest < 1e-12, 0.0, rest)

    @property
    def servers(self) -> Floats:
        """Whole places to work at, infinite where nothing limits them; see `pace`."""
        return np.where(np.isfinite(self.capacity), np.maximum(1.0, np.floor(self.capacity)), np.inf)

    @property
    def pace(self) -> Floats:
        """How long work takes at one of the `servers`: a capacity of 2.5 is 2 that are a quarter faster."""
        limited = np.isfinite(self.capacity)
        ratio = np.divide(self.servers, self.capacity, out=np.ones_like(self.capacity), where=limited)
        return self.duration * ratio


def checked_ways_out(model: StageModel) -> NDArray[np.bool_]:
    """Which stages cases come to, at all of which there has to be a way that leaves the map in the end.

    Raises
    ------
    AnalysisError
        No case comes in, cases go round for ever, or come where no case of the log ever was.
    """
    n = len(model.keys)
    onward: list[list[int]] = [[] for _ in range(n)]
    back: list[list[int]] = [[] for _ in range(n)]
    for source, target in zip(*(side.tolist() for side in np.nonzero(model.routes > 0)), strict=True):
        onward[source].append(target)
        back[target].append(source)
    here = reached(np.flatnonzero(model.inflow > 0).tolist(), onward.__getitem__)
    if not here:
        raise AnalysisError("No case comes in: give a stage an inflow, the new cases a month that begin there.")
    leaves = reached(np.flatnonzero(model.leaving > 0).tolist(), back.__getitem__)
    caught = sorted(here - leaves)
    if caught:
        named = ", ".join(repr(model.keys[i]) for i in caught[:5])
        raise AnalysisError(
            f"Cases never leave {named}: every way out leads back. Give one of these stages a flow to an end, with a "
            "probability above 0."
        )
    silent = [key for i, key in enumerate(model.keys) if i in here and key in model.unknown]
    if silent:
        lacking = "; ".join(what for key in silent for what in model.unknown[key])
        raise AnalysisError(f"No case of the log was ever at {', '.join(map(repr, silent[:5]))}, so say: {lacking}.")
    mask = np.zeros(n, dtype=bool)
    mask[list(here)] = True
    return mask


def probabilities(given: Mapping[int, float], old: Floats) -> Floats:
    """A stage's ways out when some of them are set: the rest is shared by the others as it was before.

    `old` has the share of each target; what lacks to 1 leaves the map and shares with them. Where the others had
    nothing, the rest leaves the map.
    """
    new = old.copy()
    others = np.ones(len(old), dtype=bool)
    others[list(given)] = False
    leaving = max(0.0, 1.0 - float(old.sum()))
    held = float(old[others].sum()) + leaving
    rest = max(0.0, 1.0 - sum(given.values()))
    new[others] *= rest / held if held > 1e-12 else 0.0
    for target, share in given.items():
        new[target] = share
    return new
