"""What of each stage and flow a what-if can try otherwise: as it is, as it is tried, and between what bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmwidget.analysis.passage import walked_flows
from crmwidget.analysis.stage_changes import Changes
from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel
from crmwidget.shown import Lever

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["MapLevers"]

ROOM = 2  # a lever reaches to at least so many times what is
STEPS = 100  # it has about so many
LEAST_CAPACITIES = 10  # so many places can be tried at every stage
DEFAULT_DAYS = 10.0  # what can be tried where no stage takes any time
INSTANT = {"start", "decision"}  # kinds where cases begin or part, and nothing is worked on


@dataclass(frozen=True, slots=True)
class _Way:
    """A flow: what it is called, and where it leads from and to, as nodes and as places in the model."""

    key: str
    source: str
    target: str
    i: int
    j: int


class MapLevers:
    """The levers of a map as it is, of which an answer replaces those that something is tried with.

    Bounds depend on the map as it is, so that they stay while one is dragged. Stages of too few cases to be shown have
    none, as a lever says what is measured; ends have none either. Where few cases leave a stage by one of its ways none
    of them has one. Flows that lead the same way have the same one.
    """

    def __init__(self, m: MapModel, model: StageModel, arrivals: Floats) -> None:
        self._model, self._arrivals = model, arrivals
        self._total = float(model.inflow.sum()) * DAYS_A_MONTH
        is_shown = np.array([key not in model.small for key in model.keys])
        self._longest = float(model.duration[is_shown].max(initial=0.0))
        self._stages: dict[str, tuple[int, str | None]] = {}
        for i, node in enumerate(model.nodes):
            kind = None if node is None else m.graph.nodes[node].get("kind")
            if node is not None and kind != "end" and model.keys[i] not in model.small:
                self._stages[node] = i, kind
        place = model.place
        self._ways: dict[str, list[_Way]] = {}
        for source, target, key in walked_flows(m.graph):
            if source not in model.small and source not in model.partly:
                way = _Way(str(key), source, target, place[source], place[target])
                self._ways.setdefault(source, []).append(way)
        self._nodes = {node: self._of_stage(node, model, {}) for node in self._stages}
        self._flows = {way.key: self._of_flow(way, model, {}) for ways in self._ways.values() for way in ways}

    def of_stages(self, after: StageModel, changes: Changes) -> dict[str, dict[str, Lever]]:
        """Node → attribute → lever, where a map with these changes is `after`."""
        tried = {
            what: self._of_stage(what, after, values)
            for what, values in changes.items()
            if isinstance(what, str) and what in self._stages
        }
        return self._nodes | tried

    def of_flows(self, after: StageModel, changes: Changes) -> dict[str, Lever]:
        """Flow → lever of its probability, at most what is not given to other flows of the stage."""
        given: dict[str, dict[str, float]] = {}
        for what, values in changes.items():
            if isinstance(what, tuple):
                given.setdefault(what[0], {})[what[1]] = float(values.get("probability") or 0.0)
        tried = {
            way.key: self._of_flow(way, after, shares)
            for source, shares in given.items()
            for way in self._ways.get(source, ())
        }
        return self._flows | tried

    def _of_stage(self, node: str, after: StageModel, given: Mapping[str, object]) -> dict[str, Lever]:
        before, (i, kind) = self._model, self._stages[node]
        levers: dict[str, Lever] = {}
        has_work = kind not in INSTANT or before.duration[i] > 0
        if has_work:
            work = float(self._arrivals[i] * before.duration[i])
            levers["capacity"] = _capacity(float(before.capacity[i]), float(after.capacity[i]), work, given)
        now, then = float(before.inflow[i]) * DAYS_A_MONTH, float(after.inflow[i]) * DAYS_A_MONTH
        levers["inflow"] = _number(
            *("Inflow", now, then, now or self._total, "a month"),
            is_given="inflow" in given,
            is_measured=bool(before.measured),
        )
        if has_work:
            now, then = float(before.duration[i]), float(after.duration[i])
            levers["duration_days"] = _number(
                *("Working time", now, then, now or self._longest or DEFAULT_DAYS, "days"),
                is_given="duration_days" in given,
                is_measured=before.keys[i] in before.measured,
            )
        return levers

    def _of_flow(self, way: _Way, after: StageModel, given: Mapping[str, float]) -> Lever:
        """The lever of one flow; `given` has the shares of its stage's ways that are tried, by target."""
        others = sum(share for target, share in given.items() if target != way.target)
        return Lever(
            "Probability",
            baseline=_plain(float(self._model.routes[way.i, way.j])),
            value=_plain(float(after.routes[way.i, way.j])),
            least=0.0,
            most=_plain(max(0.0, 1.0 - others)),
            step=1 / STEPS,
            unit="%",
            is_given=way.target in given,
            is_measured=way.source in self._model.measured,
        )


def _capacity(now: float, then: float, work: float, given: Mapping[str, object]) -> Lever:
    """Whole places, up to well beyond the work that arrives; where nothing limits them, the end stands for that."""
    step = 1.0 if math.isinf(now) or now == int(now) else 0.1  # parts of places are tried where there are any
    most = max(LEAST_CAPACITIES, ROOM * now if math.isfinite(now) else 0.0, 2 * work)
    return Lever(
        "Capacity",
        baseline=_plain(now) if math.isfinite(now) else None,
        value=_plain(then) if math.isfinite(then) else None,
        least=step,
        most=max(_round_up(most), math.ceil(then) if math.isfinite(then) else 0.0),
        step=step,
        unit="at once",
        is_given="capacity" in given,
    )


def _number(title: str, now: float, then: float, size: float, unit: str, *, is_given: bool, is_measured: bool) -> Lever:
    most = _round_up(ROOM * size)
    return Lever(
        title,
        baseline=_plain(now),
        value=_plain(then),
        least=0.0,
        most=max(most, _plain(then)),
        step=_plain(most / STEPS),
        unit=unit,
        is_given=is_given,
        is_measured=is_measured,
    )


def _round_up(size: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …, so that a lever has steps that people count in.

    >>> [_round_up(size) for size in (0.3, 1, 15, 42, 300)]
    [0.5, 1.0, 20.0, 50.0, 500.0]
    """
    power = 10.0 ** math.floor(math.log10(size))
    return next(_plain(power * times) for times in (1, 2, 5, 10) if power * times >= size * (1 - 1e-9))


def _plain(value: float) -> float:
    """A number without what adding up has left behind its twelfth digit."""
    return float(f"{value:.12g}")
