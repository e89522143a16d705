"""What is to be otherwise: changes of stages and flows, checked and applied to the numbers of a map."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel, probabilities
from crmwidget.errors import AnalysisError, nearest, shorten

__all__ = ["FLOW_CHANGES", "STAGE_CHANGES", "Changes", "changed"]

Changes: TypeAlias = Mapping[str | tuple[str, str], Mapping[str, float | None]]

STAGE_CHANGES = ("capacity", "duration_days", "delay_days", "inflow", "case_value")
FLOW_CHANGES = ("probability",)


def changed(model: StageModel, changes: Changes, *, joins: Callable[[str, str], bool]) -> StageModel:
    """The model with the changes; `joins` says whether the map has a flow from one node to another.

    An array in which nothing changes is the same array as before.

    Raises
    ------
    AnalysisError
        A stage, a flow or a quantity is not known (with the nearest), a value is out of bounds, or the probabilities of
        a stage's flows add up to more than 1.
    """
    if not isinstance(changes, Mapping):
        raise AnalysisError(
            'changes is a mapping such as {"qualified": {"capacity": 4}, ("lead", "qualified"): {"probability": 0.4}}; '
            f"given {type(changes).__name__}."
        )
    place = {node: i for i, node in enumerate(model.nodes) if node is not None}
    arrays: dict[str, Floats] = {}  # those that change: what stays is not worked out anew

    def put(name: str, at: int, value: float) -> None:
        arrays.setdefault(name, getattr(model, name).copy())[at] = value

    shares: dict[int, dict[int, float]] = {}
    for what, values in changes.items():
        if not isinstance(values, Mapping):
            raise AnalysisError(f"The change of {shorten(what)} is a mapping of names to values; given {values!r:.60}.")
        if isinstance(what, tuple):
            source, target = _pair(what, place, model, joins)
            for name, value in values.items():
                _check_name(name, FLOW_CHANGES, what)
                shares.setdefault(source, {})[target] = _bounded(name, value, what, most=1.0)
            continue
        at = _stage(what, place)
        for name, value in values.items():
            _check_name(name, STAGE_CHANGES, what)
            if name == "capacity":
                capacity = math.inf if value is None else _bounded(name, value, what)
                if capacity <= 0:
                    raise AnalysisError(f"The capacity of {what!r} is above 0, or None for no limit; given {value!r}.")
                put("capacity", at, capacity)
            elif name == "inflow":
                put("inflow", at, _bounded(name, value, what) / DAYS_A_MONTH)
            elif name == "case_value":
                put("case_value", at, _bounded(name, value, what, least=-math.inf))
            else:
                put(name.removesuffix("_days"), at, _bounded(name, value, what))
    for source, given in shares.items():
        total = sum(given.values())
        if total > 1 + 1e-9:
            raise AnalysisError(
                f"The probabilities given for the flows that leave {model.keys[source]!r} add up to {total:.4g}; at "
                "most 1 is allowed."
            )
        routes = arrays.setdefault("routes", model.routes.copy())
        routes[source] = probabilities(given, routes[source])
    return replace(model, **arrays)  # type: ignore[arg-type]


def _stage(what: object, place: Mapping[str, int]) -> int:
    if not isinstance(what, str) or what not in place:
        raise AnalysisError(f"There is no stage {shorten(what)}; {nearest(what, place, noun='stages')}")
    return place[what]


def _pair(
    what: tuple[Any, ...], place: Mapping[str, int], model: StageModel, joins: Callable[[str, str], bool]
) -> tuple[int, int]:
    if len(what) != 2:
        raise AnalysisError(f"A flow is named by (source, target); given {shorten(what)}.")
    source, target = (_stage(end, place) for end in what)
    if not joins(*what) and not model.routes[source, target] > 0:
        there = [node for node, i in place.items() if joins(what[0], node) or model.routes[source, i] > 0]
        raise AnalysisError(
            f"No flow leads from {what[0]!r} to {what[1]!r}; {nearest(what[1], there, noun='targets')}. "
            "Draw it first, m.add_flow(source, target)."
        )
    return source, target


def _check_name(name: object, allowed: tuple[str, ...], what: object) -> None:
    if name not in allowed:
        kind = "a flow" if isinstance(what, tuple) else "a stage"
        raise AnalysisError(f"{shorten(name)} of {kind} cannot be changed ({what!r}); {nearest(name, allowed)}")


def _bounded(name: str, value: object, what: object, *, least: float = 0.0, most: float = math.inf) -> float:
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not least <= value <= most:  # type: ignore[arg-type,operator]
        bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of at least {least:g}"
        bounds = "that is finite" if not math.isfinite(least) else bounds
        raise AnalysisError(f"The {name} of {what!r} is a number {bounds}; given {shorten(value)}.")
    return float(value)  # type: ignore[arg-type]
