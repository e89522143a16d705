"""The numbers of a map's stages: measured in an event log, or as its nodes and flows say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.conversion_groups import outcomes_of
from crmwidget.analysis.passage import walked
from crmwidget.analysis.queueing import arrival_scv, steady, wait_of
from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel
from crmwidget.analysis.stage_times import LogTimes, Spans, log_times
from crmwidget.data.privacy import count_text, is_small
from crmwidget.errors import AnalysisError

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["calibrated"]

TIMELESS = {"start", "end", "decision"}  # kinds where a case spends no time unless they say so
ROUNDS = 60  # halvings while looking for a working time


def calibrated(m: MapModel, *, log: LogChoice, at: dt.datetime | None, case_value: float | None) -> StageModel:
    """The model of a map as it is.

    Raises
    ------
    AnalysisError
        There is neither a log nor what the attributes have to say without one: the message says what is missing.
    """
    way = walked(m.graph)
    if not len(way):
        raise AnalysisError("The map has no stage that cases could walk through: add one first.")
    said = _Said(m, way)
    won = {node for node, outcome in outcomes_of(way)[0].items() if outcome == "won"}
    value = {
        node: case_value if case_value is not None and node in won else _number(about, "case_value", math.nan)
        for node, about in way.nodes(data=True)
    }
    if log is None and not m.logs:
        return _stated(way, said, won, value)
    return _measured(m, way, said, won, value, log, at)


# ---- from attributes -----------------------------------------------------------------------------------


class _Said:
    """Where cases go from each node as its flows say, read when it is first asked for."""

    def __init__(self, m: MapModel, way: nx.MultiDiGraph[Any]) -> None:
        self._graph, self._way = m.graph, way
        self._shares: dict[str, dict[str, float] | None] = {}

    def shares(self, node: str) -> dict[str, float] | None:
        """Target → share; None where the flows do not say enough."""
        if node not in self._shares:
            between = self._graph[node]
            flows = [(target, between[target][key]) for target, keys in self._way.adj[node].items() for key in keys]
            self._shares[node] = _shares(node, flows)
        return self._shares[node]

    def lacking(self, node: str, won: set[str]) -> list[str]:
        """What a node and its flows do not say, and nothing else tells."""
        about = self._way.nodes[node]
        lacking = []
        if self.shares(node) is None:
            lacking.append(f"probability on the flows that leave {node!r}")
        takes_time = about.get("kind") not in TIMELESS and node not in won and len(self._way.adj[node])
        if takes_time and about.get("duration_days") is None:
            lacking.append(f"duration_days of {node!r}")
        return lacking

    def fill(self, routes: Floats, place: Mapping[str, int], nodes: Iterable[str]) -> None:
        """Write what the flows of these nodes say."""
        for node in nodes:
            for target, share in (self.shares(node) or {}).items():
                routes[place[node], place[target]] = share


def _stated(way: nx.MultiDiGraph[Any], said: _Said, won: set[str], value: Mapping[str, float]) -> StageModel:
    lacking = [what for node in way for what in said.lacking(node, won)]
    if not any(_number(about, "inflow", 0.0) > 0 for _, about in way.nodes(data=True)):
        lacking.append("inflow (new cases a month) on the stage where cases begin")
    if lacking:
        shown = "; ".join(lacking[:8]) + (f"; and {len(lacking) - 8} more" if len(lacking) > 8 else "")
        raise AnalysisError(
            f"No event log is attached, and the map does not say: {shown}. Give these attributes, as in "
            "m.update(node, duration_days=3), or attach a log: m.attach(crm.EventLog(frame, case=…, activity=…, "
            "timestamp=…))."
        )

    routes = np.zeros((len(way), len(way)))
    place = {node: i for i, node in enumerate(way)}
    said.fill(routes, place, way)

    def each(name: str, default: float = 0.0) -> Floats:
        return np.array([_number(about, name, default) for _, about in way.nodes(data=True)])

    return StageModel(
        keys=tuple(way),
        labels=tuple(str(label or node) for node, label in way.nodes(data="label")),
        nodes=tuple(way),
        routes=routes,
        inflow=each("inflow") / DAYS_A_MONTH,
        inflow_scv=1.0,
        duration=each("duration_days"),
        duration_scv=np.ones(len(way)),
        delay=each("delay_days"),
        capacity=_capacities(way),
        case_value=np.array(list(value.values())),
        is_won=np.array([node in won for node in way]),
        notes=(
            "Rates, times and inflow are as the map says; new cases come independently, working times are exponential.",
        ),
    )


def _shares(node: str, flows: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, float] | None:
    stated = [about.get("probability") for _, about in flows]
    volumes = [_number(about, "volume", math.nan) for _, about in flows]
    known = [float(share) for share in stated if share is not None]
    if len(flows) == 1 and not known:
        shares = [1.0]
    elif len(known) >= len(flows) - 1 and known:
        shares = [1.0 - sum(known) if share is None else float(share) for share in stated]
    elif not known and sum(volumes) > 0:  # not so where one has none
        shares = [volume / sum(volumes) for volume in volumes]
    elif flows:
        return None
    else:
        shares = []
    if sum(shares) > 1 + 1e-9 or any(share < -1e-9 for share in shares):
        raise AnalysisError(
            f"The probabilities of the flows that leave {node!r} add up to {sum(known):.4g}; at most 1 is allowed."
        )
    found: dict[str, float] = {}
    for (target, _), share in zip(flows, shares, strict=True):
        found[target] = found.get(target, 0.0) + max(share, 0.0)
    return found


def _capacities(way: nx.MultiDiGraph[Any]) -> Floats:
    found = []
    for node, about in way.nodes(data=True):
        capacity = _number(about, "capacity", math.inf)
        if capacity <= 0:
            raise AnalysisError(f"The capacity of {node!r} is {capacity:g}; above 0 is allowed, or none at all.")
        found.append(capacity)
    return np.array(found)


def _number(about: Mapping[str, Any], name: str, default: float) -> float:
    return default if about.get(name) is None else float(about[name])


# ---- from a log ----------------------------------------------------------------------------------------


def _measured(
    m: MapModel,
    way: nx.MultiDiGraph[Any],
    said: _Said,
    won: set[str],
    value: Mapping[str, float],
    log: LogChoice,
    at: dt.datetime | None,
) -> StageModel:
    bound = attached_log(m, log)
    if bound.log.is_filtered and is_small(bound.log.n_cases):
        raise AnalysisError(
            f"Too few cases are left of the log to measure rates and times ({count_text(bound.log.n_cases)}): take a "
            "wider part of it, or, where it is the filter of the map, m.filter()."
        )
    ends, ends_note = ends_of(m, bound)
    times = log_times(bound.log, ends, at)
    node_of = bound.match().node_of
    strange = [activity for activity in bound.log.counts if node_of.get(activity) not in way]
    keys = [*way, *(f"log: {activity}" for activity in strange)]
    nodes: list[str | None] = [*way, *(None for _ in strange)]
    labels = [*(str(label or node) for node, label in way.nodes(data="label")), *strange]
    place = {key: i for i, key in enumerate(keys)}
    at_of = {
        activity: place[node] if (node := node_of.get(activity)) in way else place[f"log: {activity}"]
        for activity in bound.log.counts
    }
    n = len(keys)
    moved, left, firsts = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    for (source, target), spans in times.moves.items():
        moved[at_of[source], at_of[target]] += spans.n
    for activity, n_closed in times.closed.items():
        left[at_of[activity]] += n_closed
    for activity, n_first in times.firsts.items():
        firsts[at_of[activity]] += n_first
    total = moved.sum(axis=1) + left
    routes = np.divide(moved, total[:, None], out=np.zeros_like(moved), where=total[:, None] > 0)
    seen = np.zeros(n, dtype=bool)
    seen[list(at_of.values())] = True
    unseen = [node for node in way if not seen[place[node]]]
    said.fill(routes, place, unseen)  # where no case was, what the flows say holds
    padding = np.full(len(strange), np.nan)
    duration, scv, delay = _measured_times(times, at_of, n)
    for node in unseen:
        duration[place[node]] = _number(way.nodes[node], "duration_days", 0.0)
        delay[place[node]] = _number(way.nodes[node], "delay_days", 0.0)
    model = StageModel(
        keys=tuple(keys),
        labels=tuple(labels),
        nodes=tuple(nodes),
        routes=routes,
        inflow=times.inflow * firsts / firsts.sum(),
        inflow_scv=times.inflow_scv,
        duration=duration,
        duration_scv=scv,
        delay=delay,
        capacity=np.concatenate([_capacities(way), np.full(len(strange), np.inf)]),
        case_value=np.concatenate([np.array(list(value.values())), padding]),
        is_won=np.array([node in won for node in nodes]),
        measured=frozenset(keys[at] for at in at_of.values()),
        small=frozenset(keys[at_of[activity]] for activity in times.small),
        partly=frozenset(keys[at_of[activity]] for activity in times.partly),
        unknown={node: lacking for node in unseen if (lacking := said.lacking(node, won))},
        notes=(
            f"Rates, times and inflow are measured in the log {bound.name!r}. {ends_note}",
            _how_timed(bound.log.has_start),
        ),
    )
    return _fitted(model, has_start=bound.log.has_start)


def _how_timed(has_start: bool) -> str:
    if has_start:
        return (
            "Working time is from the start of an event to its end; what passes before it, and no queue explains, is "
            "a delay that stays. Open cases have a part in the rates up to where they are."
        )
    return (
        "An event says when a stage was entered, and the next when it was left; open cases add the time so far "
        "(time at a stage over visits that are over, after Little), and where a case is closed it stays no longer. "
        "Where a capacity is given, working time is what explains the time at the stage."
    )


def _measured_times(times: LogTimes, at_of: Mapping[str, int], n: int) -> tuple[Floats, Floats, Floats]:
    """Mean working time, its squared coefficient of variation, and mean delay of each stage."""
    between, open_days = [Spans() for _ in range(n)], np.zeros(n)
    for (source, target), spans in times.moves.items():
        at = at_of[target] if times.work else at_of[source]
        between[at] = between[at] + spans
    for activity, spans in times.open.items():
        open_days[at_of[activity]] += spans.days
    if not times.work:
        for activity, n_closed in times.closed.items():  # a case that is closed there is not there any longer
            between[at_of[activity]] = between[at_of[activity]] + Spans(n_closed)
        duration = np.array([(s.days + more) / s.n if s.n else 0.0 for s, more in zip(between, open_days, strict=True)])
        return duration, np.array([s.scv for s in between]), np.zeros(n)
    work, first = [Spans() for _ in range(n)], [Spans() for _ in range(n)]
    for found, by_activity in ((work, times.work), (first, times.first_work)):
        for activity, spans in by_activity.items():
            found[at_of[activity]] = found[at_of[activity]] + spans
    duration = np.array([s.days / s.n if s.n else 0.0 for s in work])
    n_visits = np.array([s.n + one.n for s, one in zip(between, first, strict=True)], dtype=float)
    days = np.array([s.days + one.days for s, one in zip(between, first, strict=True)])
    there = np.divide(days, n_visits, out=np.zeros(n), where=n_visits > 0)
    return duration, np.array([s.scv for s in work]), np.maximum(there - duration, 0.0)


def _fitted(model: StageModel, *, has_start: bool) -> StageModel:
    """Make the queues of stages with a capacity explain the time that cases were seen to be there."""
    limited = np.isfinite(model.capacity)
    if not limited.any():
        return model
    free = replace(model, capacity=np.full(len(model.keys), np.inf))
    arrivals = steady(free).arrivals
    come = limited & (arrivals > 0)
    scv, servers = arrival_scv(model, arrivals), model.servers
    if has_start:
        queue = steady(model).wait
        return replace(model, delay=np.where(come & (queue > 0), np.maximum(model.delay - queue, 0.0), model.delay))
    there = model.duration.copy()
    low, high = np.zeros(come.sum()), there[come].copy()
    high = np.minimum(high, model.capacity[come] / arrivals[come] * (1 - 1e-9))
    ratio = servers[come] / model.capacity[come]
    for _ in range(ROUNDS):
        work = (low + high) / 2.0
        wait = wait_of(arrivals[come], work * ratio, servers[come], scv[come], model.duration_scv[come])
        too_long = wait + work * ratio > there[come]
        low, high = np.where(too_long, low, work), np.where(too_long, work, high)
    duration = there.copy()
    duration[come] = low
    return replace(model, duration=duration)
