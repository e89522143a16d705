"""What of each stage and flow a what-if can try otherwise: as it is, as it is tried, and between what bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crmwidget.analysis.passage import walked
from crmwidget.analysis.stage_changes import Changes
from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel
from crmwidget.shown import Lever

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["flow_levers", "stage_levers"]

ROOM = 2  # a lever reaches to at least so many times what is
STEPS = 100  # it has about so many
LEAST_CAPACITIES = 10  # so many places can be tried at every stage
DEFAULT_DAYS = 10.0  # what can be tried where no stage takes any time
INSTANT = {"start", "decision"}  # kinds where cases begin or part, and nothing is worked on


def stage_levers(
    m: MapModel, before: StageModel, after: StageModel, changes: Changes, arrivals: Floats
) -> dict[str, dict[str, Lever]]:
    """Node → attribute → lever; bounds depend on the map as it is, so that they stay while one is dragged.

    Stages of too few cases to be shown have none, as a lever says what is measured; ends have none either.
    """
    found: dict[str, dict[str, Lever]] = {}
    total = float(before.inflow.sum()) * DAYS_A_MONTH
    is_shown = np.array([key not in before.small for key in before.keys])
    longest = float(before.duration[is_shown].max(initial=0.0))
    for i, node in enumerate(before.nodes):
        kind = None if node is None else m.graph.nodes[node].get("kind")
        if node is None or kind == "end" or before.keys[i] in before.small:
            continue
        given = changes.get(node, {})
        levers: dict[str, Lever] = {}
        if kind not in INSTANT or before.duration[i] > 0:
            work = float(arrivals[i] * before.duration[i])
            levers["capacity"] = _capacity(float(before.capacity[i]), float(after.capacity[i]), work, given)
        now, then = float(before.inflow[i]) * DAYS_A_MONTH, float(after.inflow[i]) * DAYS_A_MONTH
        lever = _number("Inflow", now, then, now or total, "a month", is_given="inflow" in given)
        lever.is_measured = bool(before.measured)
        levers["inflow"] = lever
        if "capacity" in levers:
            now, then = float(before.duration[i]), float(after.duration[i])
            size = now or longest or DEFAULT_DAYS
            lever = _number("Working time", now, then, size, "days", is_given="duration_days" in given)
            lever.is_measured = before.keys[i] in before.measured
            levers["duration_days"] = lever
        found[node] = levers
    return found


def flow_levers(m: MapModel, before: StageModel, after: StageModel, changes: Changes) -> dict[str, Lever]:
    """Flow → lever of its probability, at most what is not given to other flows of the stage.

    Flows that lead the same way have the same one. Where few cases leave a stage by one of its ways none is shown.
    """
    found: dict[str, Lever] = {}
    place = before.place
    held: dict[str, float] = {}
    for what, values in changes.items():
        if isinstance(what, tuple):
            held[what[0]] = held.get(what[0], 0.0) + float(values.get("probability") or 0.0)
    for source, target, key in walked(m.graph).edges(keys=True):
        if source in before.small or source in before.partly:
            continue
        i, j = place[source], place[target]
        own = changes.get((source, target))
        others = held.get(source, 0.0) - (float(own.get("probability") or 0.0) if own else 0.0)
        found[str(key)] = Lever(
            "Probability",
            baseline=_plain(float(before.routes[i, j])),
            value=_plain(float(after.routes[i, j])),
            least=0.0,
            most=_plain(max(0.0, 1.0 - others)),
            step=1 / STEPS,
            unit="%",
            is_given=own is not None,
            is_measured=source in before.measured,
        )
    return found


def _capacity(now: float, then: float, work: float, given: object) -> Lever:
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
        is_given="capacity" in given,  # type: ignore[operator]
    )


def _number(title: str, now: float, then: float, size: float, unit: str, *, is_given: bool) -> Lever:
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
