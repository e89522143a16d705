"""What is to be otherwise: changes of stages and flows, checked and applied to the numbers of a map."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel, probabilities
from crmwidget.errors import AnalysisError, nearest, shorten

__all__ = ["FLOW_CHANGES", "MOST", "STAGE_CHANGES", "Changes", "bounded", "changed"]

Changes: TypeAlias = Mapping[str | tuple[str, str], Mapping[str, float | None]]

STAGE_CHANGES = ("capacity", "duration_days", "delay_days", "inflow", "case_value")
FLOW_CHANGES = ("probability",)
MOST = 1e9
_FLOW_LIKE = re.compile(r"->|→|^f\d+$")  # as it is typed, and as the key of one is


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
                put("case_value", at, _bounded(name, value, what, least=-MOST))
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
        is_flow = isinstance(what, str) and _FLOW_LIKE.search(what) is not None
        told = ". A flow is named by (source, target)." if is_flow else ""
        raise AnalysisError(f"There is no stage {shorten(what)}; {nearest(what, place, noun='stages')}{told}")
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
        kind = "flow" if isinstance(what, tuple) else "stage"
        raise AnalysisError(f"{shorten(name)} of the {kind} {what!r} cannot be changed; {nearest(name, allowed)}")


def bounded(name: str, value: object, of: str, *, least: float = 0.0, most: float = MOST) -> float:
    """A number within bounds, or an `AnalysisError` that says which they are; `of` says what it is a number of."""
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        bounds = f"of at least {least:g}" if most == MOST else f"from {least:g} to {most:g}"
        if is_number and value > most == MOST:  # type: ignore[operator]
            bounds = "of at most a billion"
        elif least == -MOST:
            bounds = "of at most a billion, above or below 0"
        raise AnalysisError(f"The {name} of {of} is a number {bounds}; given {shorten(value)}.")
    return float(value)  # type: ignore[arg-type]


def _bounded(name: str, value: object, what: object, *, least: float = 0.0, most: float = MOST) -> float:
    return bounded(name, value, repr(what), least=least, most=most)
