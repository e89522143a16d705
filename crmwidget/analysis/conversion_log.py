"""How many move on, from a history: conversion and drop-off per stage and flow of an event log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.conversion_log_shown import Asked
from crmwidget.analysis.conversion_log_view import log_conversion_result
from crmwidget.analysis.conversion_visits import Ending, Visit, Visits, counted_cases, counted_visits, endings_of
from crmwidget.analysis.flow_counts import PLACES_SQL
from crmwidget.analysis.flow_places import placed
from crmwidget.analysis.result import Result
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.log_filter import value_text
from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["asked_of", "flow_table", "log_conversion", "stage_table", "window_of"]

MOST_SEGMENTS = 12  # more are no segments but ids, and no table that anybody reads


def log_conversion(
    m: MapModel, *, log: LogChoice, by: str | None, within: str | dt.timedelta | None, visits: Visits
) -> Result:
    """The answer from an event log; see `conversion`."""
    asked, note = asked_of(m, log=log, by=by, within=within, visits=visits)
    node_of = asked.bound.match().node_of
    whole, whole_flows = stage_table(asked, node_of, split=False), flow_table(m, asked, node_of, split=False)
    if by is None:
        return log_conversion_result(asked, whole, whole_flows, whole, whole_flows, note)
    table, flows = stage_table(asked, node_of, split=True), flow_table(m, asked, node_of, split=True)
    return log_conversion_result(asked, table, flows, whole, whole_flows, note)


def asked_of(
    m: MapModel, *, log: LogChoice, by: str | None, within: str | dt.timedelta | None, visits: Visits
) -> tuple[Asked, str]:
    """What is asked, its visits counted, and a sentence that says how closed cases are known."""
    if visits not in get_args(Visits):
        raise AnalysisError(f"visits={shorten(visits)} is unknown; {nearest(visits, get_args(Visits))}.")
    window = window_of(within)
    bound = attached_log(m, log)
    if by is not None and by not in bound.log.attributes:
        raise AnalysisError(
            f"by={shorten(by)} is no attribute of the log; {nearest(by, bound.log.attributes, noun='attributes')}. "
            "EventLog(…, attributes=[…]) says which are kept."
        )
    endings, note = endings_of(m, bound)
    within_us = None if window is None else window // dt.timedelta(microseconds=1)
    counts = counted_visits(bound.log, endings, visits=visits, within_us=within_us, by=by)
    segments = sorted({visit.segment for visit in counts}, key=lambda value: (value is None, str(value)))
    if len(segments) > MOST_SEGMENTS:
        raise AnalysisError(
            f"by={by!r} has {len(segments)} values, more than {MOST_SEGMENTS} segments; take an attribute with fewer, "
            "or one value at a time: m.filter(…)."
        )
    stages = tuple(_by_place(bound.log))
    cases = counted_cases(bound.log, endings, by=by)
    every = counts
    if visits == "first":
        every = counted_visits(bound.log, endings, visits="every", within_us=None, by=by)
    return Asked(bound, by, window, visits, endings, stages, counts, cases, _named(segments), every), note


def window_of(within: object) -> dt.timedelta | None:
    """A window as a duration; `AnalysisError` unless it is one, longer than nothing."""
    if within is None:
        return None
    try:
        window = pd.Timedelta(within) if isinstance(within, str | dt.timedelta) else None
    except ValueError:
        window = None
    if window is None or pd.isna(window) or window < pd.Timedelta(microseconds=1):
        raise AnalysisError(
            f"within= is a duration such as '30 days', '36 hours' or '2 weeks', or a timedelta; "
            f"given {shorten(within)}."
        )
    return window.to_pytimedelta()


def _named(segments: list[object]) -> dict[object, str]:
    """Segment → what it is called, no two the same."""
    named: dict[object, str] = {}
    for segment in segments:
        text = value_text(segment)
        while text in named.values():
            text = f"({text})"
        named[segment] = text
    return named


def _by_place(log: EncodedLog) -> list[str]:
    """The activities in the order in which cases come by."""
    places = sorted(log.rows(PLACES_SQL), key=lambda row: (row[2] / row[1], row[0]))
    return [log.labels[code] for code, _, _ in places]


def stage_table(asked: Asked, node_of: Mapping[str, str], *, split: bool) -> pd.DataFrame:
    """One row per stage, or per stage and segment."""
    rows = []
    for stage, segment in asked.rows(split=split):
        n = {name: asked.count(stage, segment, test) for name, test in asked.measures.items()}
        goes_on = stage not in asked.endings  # what closes cases is no stage to go on from
        row: dict[str, Any] = {"activity": stage, "node": node_of.get(stage), "outcome": _stated(asked.endings, stage)}
        if split:
            row["segment"] = asked.segments[segment]
        row |= n
        row["forward_rate"] = _rate(n["n_forward"], n["n_entered"]) if goes_on else None
        row["lost_rate"] = _rate(n["n_lost_here"], n["n_entered"]) if goes_on and asked.has("lost") else None
        row["forward_of_left"] = _rate(n["n_forward"], n["n_left"]) if goes_on else None
        row["won_of_entered"] = _rate(n["n_won"], n["n_entered"]) if asked.has("won") else None
        row["win_rate_of_closed"] = _rate(n["n_won"], n["n_closed"]) if asked.has("won") and asked.has("lost") else None
        if asked.window is not None:
            row["in_time_rate"] = _rate(n["n_in_time"], n["n_observed"]) if goes_on else None
            row["late_rate"] = _rate(n["n_late"], n["n_observed"]) if goes_on else None
        if not asked.has("won"):
            row["n_won"] = None
        if not asked.has("lost"):
            row |= dict.fromkeys(("n_lost", "n_lost_here", *(("n_lost_in_time",) if asked.window else ())))
        rows.append(row)
    names = ["activity", "node", "outcome", *(["segment"] if split else []), *asked.measures, *asked.rates]
    return _typed(pd.DataFrame(rows, columns=names))


def flow_table(m: MapModel, asked: Asked, node_of: Mapping[str, str], *, split: bool) -> pd.DataFrame:
    """One row per pair of stages of which one follows the other directly, or per such pair and segment."""
    pairs = asked.pairs()
    rows = []
    for (source, target), segment in ((pair, segment) for pair in pairs for segment in asked.chosen(split=split)):
        taken, entered = asked.count(source, segment, _to(target)), asked.count(source, segment, _any)
        row: dict[str, Any] = {"source": source, "target": target}
        if split:
            row["segment"] = asked.segments[segment]
        row |= {"n_taken": taken, "n_source_entered": entered, "taken_rate": _rate(taken, entered)}
        if asked.window is not None:
            n = asked.count(source, segment, _to(target, in_time=True))
            observed = asked.count(source, segment, asked.measures["n_observed"])
            row |= {"n_in_time": n, "n_source_observed": observed, "in_time_rate": _rate(n, observed)}
        rows.append(row)
    names = ["source", "target", *(["segment"] if split else []), "n_taken", "n_source_entered", "taken_rate"]
    names += ["n_in_time", "n_source_observed", "in_time_rate"] if asked.window is not None else []
    return placed(m, _typed(pd.DataFrame(rows, columns=names)), node_of)


def _any(visit: Visit) -> bool:
    return True


def _to(target: str, *, in_time: bool = False) -> Callable[[Visit], bool]:
    return lambda visit: visit.target == target and (not in_time or visit.watched == 2)


def _stated(endings: Mapping[str, Ending], stage: str) -> str | None:
    return endings[stage] if endings.get(stage) in ("won", "lost") else None


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    kinds: dict[str, Any] = {}
    for column in table.columns:
        if column.startswith("n_"):
            kinds[column] = "Int64"
        elif column in ("node", "outcome"):
            kinds[column] = "object"
        else:
            kinds[column] = "str" if column in ("activity", "segment", "source", "target") else "float64"
    return table.astype(kinds)
