"""What a what-if shows: the effect in sentences, how loaded each stage is, and what was changed, on the map."""

from __future__ import annotations

import math
from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmwidget.analysis.queueing import Steady
from crmwidget.analysis.result import Result
from crmwidget.analysis.simulation import Simulated
from crmwidget.analysis.stage_changes import Changes
from crmwidget.analysis.stage_levers import flow_levers, stage_levers
from crmwidget.analysis.stage_model import Floats, StageModel
from crmwidget.analysis.table_cells import time_of
from crmwidget.analysis.what_if_chart import what_if_chart
from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import DASH, mean_text, number_text, percent_text
from crmwidget.data.privacy import small_text
from crmwidget.shown import Effect, Finding, Legend, Levers, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Asked", "what_if_result"]

NAME, TITLE = "what_if", "What if"
SHOWN_ROWS = 100
NEAR_FULL = 0.85  # from this utilisation on waits grow fast
OVERLOADED, NOT_REACHED = "overloaded", "not reached"
ENDLESS = "grows without end"
MOST_NAMED = 5


TOTALS = (
    ("won_per_month", "Won cases a month", mean_text),
    ("revenue_per_month", "Revenue a month", number_text),
    ("throughput_time", "Throughput time", time_of),
    ("work_in_progress", "Work in progress", mean_text),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and worked out.

    `numbers` has for "baseline" and "changed" each column of the answer, the whole map first, times in days.
    """

    m: MapModel
    before: StageModel
    after: StageModel
    found: dict[str, Steady]
    numbers: dict[str, dict[str, Floats]]
    changes: Changes
    played: Simulated | None


def what_if_result(asked: Asked, table: pd.DataFrame, flows: pd.DataFrame) -> Result:
    """The result: the exact table, and what may be shown of it."""
    before, after, found, played = asked.before, asked.after, asked.found, asked.played
    public = _public(table, before)
    findings = [
        *_effect(table.iloc[0], asked.changes),
        *_overloads(before, after, found),
        *_fullest(after, found["changed"]),
        *_simulation(table.iloc[0], played),
    ]
    notes = [*before.notes, *_model_notes(before, after)]
    if played is not None:
        notes.append(
            f"Simulated: {len(played.arrivals)} replications of {played.months:g} months each, after a warm-up of "
            f"{number_text(played.warm_up_months)} months; intervals hold the mean with 95 %."
        )
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="node", public=public, flows=flows)
    result.overlay = _overlay(asked, findings)
    result.overlay.levers = _levers(asked, table.iloc[0])
    subtitle = f"{result.overlay.subtitle}; means over the long run"
    result.drawing = lambda: what_if_chart(public, totals=TOTALS, is_changed=bool(asked.changes), subtitle=subtitle)
    return result


def _public(table: pd.DataFrame, model: StageModel) -> pd.DataFrame:
    """The table without the numbers of stages that too few cases came to."""
    public = table.copy()
    small = [False, *(key in model.small for key in model.keys)]
    for name in table.columns:
        if name not in {"node", "label"} and any(small):
            public[name] = public[name].mask(pd.Series(small))
    return public


# ---- sentences -----------------------------------------------------------------------------------------


def _effect(whole: Any, changes: Changes) -> list[Finding]:
    parts = [
        _moved("won cases a month", whole, "won_per_month", mean_text),
        _moved("revenue a month", whole, "revenue_per_month", number_text),
        _moved("throughput time", whole, "throughput_time", time_of),
        _moved("work in progress", whole, "work_in_progress", mean_text),
    ]
    if not changes:
        told = [f"{name} {then}" for name, _, then in parts if then != DASH]
        return [Finding("info", f"As it is: {', '.join(told) or 'nothing is defined'}.", "", "", [], [])]
    told = [f"{name} {now} → {then}" for name, now, then in parts if (now, then) != (DASH, DASH)]
    nodes = [what for what in changes if isinstance(what, str)]
    gain = whole["won_per_month_changed"] - whole["won_per_month_baseline"]
    if math.isnan(gain):
        sentence, severity = "What is won is not defined: no node means won.", "info"
    elif abs(gain) < 1e-9:
        sentence, severity = "As many cases are won as before.", "info"
    else:
        share = gain / whole["won_per_month_baseline"] if whole["won_per_month_baseline"] else math.nan
        relative = f" ({percent_text(abs(share))})" if math.isfinite(share) else ""
        sentence = f"{mean_text(abs(gain))} {'more' if gain > 0 else 'fewer'} cases are won a month{relative}."
        severity = "good" if gain > 0 else "bad"
    evidence = f"{'; '.join(told)}."
    return [Finding(severity, sentence, evidence[0].upper() + evidence[1:], "", nodes, [])]  # type: ignore[arg-type]


def _moved(title: str, whole: Any, name: str, text: Any) -> tuple[str, str, str]:
    """A total as text, as it is and as it would be."""
    has_end = name not in {"throughput_time", "work_in_progress"}
    texts = [
        text(_plain(whole[f"{name}_{when}"])) if has_end or whole[f"status_{when}"] == "ok" else ENDLESS
        for when in ("baseline", "changed")
    ]
    return title, texts[0], texts[1]


def _overloads(before: StageModel, after: StageModel, found: dict[str, Steady]) -> list[Finding]:
    findings = []
    now, then = found["baseline"], found["changed"]
    for i in np.flatnonzero(then.is_overloaded | now.is_overloaded).tolist():
        label, node = after.labels[i], after.nodes[i]
        nodes = [node] if node is not None else []
        if not then.is_overloaded[i]:
            findings.append(
                Finding("good", f"{label} is no longer overloaded.", _load(after, then, i, before.small), "", nodes, [])
            )
            continue
        needed = math.floor(then.arrivals[i] * after.duration[i] + 1e-9) + 1
        findings.append(
            Finding(
                "bad",
                f"{label} is overloaded: more work arrives than can be done.",
                _load(after, then, i, before.small)
                + " What waits there grows without end, so no waiting time can be given.",
                f"A capacity of at least {needed}, less work for each case, or fewer cases.",
                nodes,
                [],
            )
        )
    return findings


def _load(model: StageModel, answer: Steady, i: int, small: frozenset[str]) -> str:
    if model.keys[i] in small:
        return ""
    return (
        f"Its capacity of {number_text(model.capacity[i])} is taken to {percent_text(answer.utilisation[i])} by the "
        "work that arrives."
    )


def _fullest(model: StageModel, answer: Steady) -> list[Finding]:
    load = np.where(answer.is_overloaded, np.nan, answer.utilisation)
    known = ~np.isnan(load)
    if not known.any():
        return []
    i = int(np.nanargmax(load))
    if load[i] < NEAR_FULL or model.keys[i] in model.small:
        return []
    node = model.nodes[i]
    return [
        Finding(
            "warn",
            f"{model.labels[i]} is nearly full: {percent_text(load[i])} of its capacity.",
            f"Cases wait {duration_text(answer.wait[i] * 86_400)} there on average; waits grow fast from here on.",
            f"Ask again with one more: {{{node!r}: {{'capacity': {model.capacity[i] + 1:g}}}}}." if node else "",
            [node] if node else [],
            [],
        )
    ]


def _simulation(whole: Any, played: Simulated | None) -> list[Finding]:
    if played is None:
        return []
    time, low, high = (time_of(whole[f"throughput_time_{name}"]) for name in ("simulated", "low", "high"))
    won = ""
    if not math.isnan(whole["won_per_month_simulated"]):
        bounds = [mean_text(whole[f"won_per_month_{name}"]) for name in ("simulated", "low", "high")]
        won = f" {bounds[0]} are won a month ({bounds[1]} to {bounds[2]})."
    return [
        Finding(
            "info",
            f"Simulated, a case takes {time} on average ({low} to {high}).",
            f"Half take at most {time_of(whole['throughput_time_p50'])}, 95 % at most "
            f"{time_of(whole['throughput_time_p95'])}.{won}",
            "",
            [],
            [],
        )
    ]


def _model_notes(before: StageModel, after: StageModel) -> list[str]:
    notes = ["A month has 30.4 days. In the long run, with everything else as it is."]
    if not np.isfinite(after.capacity).any():
        notes.append("No stage has a capacity, so nothing queues: give nodes capacity=… to see where cases wait.")
    parts = [after.labels[i] for i in np.flatnonzero(after.capacity != after.servers).tolist()]
    if parts:
        notes.append(
            f"A capacity that is no whole number ({', '.join(parts[:MOST_NAMED])}) counts as the whole number below, "
            "working as much faster; below 1 as one, working slower."
        )
    if not after.is_won.any():
        notes.append("No node means won, so that is undefined; give an end outcome='won'.")
    if np.isnan(after.case_value).all():
        notes.append("Nothing says what a case brings, so revenue is undefined: give case_value=…, here or at nodes.")
    strange = [label for label, node in zip(before.labels, before.nodes, strict=True) if node is None]
    if strange:
        notes.append(
            f"{len(strange)} activities of the log mean no node and take part all the same: "
            f"{', '.join(strange[:MOST_NAMED])}{' …' if len(strange) > MOST_NAMED else ''}."
        )
    if before.small:
        notes.append(f"{small_text()}: stages of too few cases to show.")
    return notes


# ---- what can be tried ----------------------------------------------------------------------------------


def _levers(asked: Asked, whole: Any) -> Levers:
    arrivals = asked.found["baseline"].arrivals
    return Levers(
        effects=[
            _effect_on("Won a month", whole, "won_per_month", mean_text),
            _effect_on("Revenue a month", whole, "revenue_per_month", number_text),
            _effect_on("Throughput time", whole, "throughput_time", time_of),
            _effect_on("Work in progress", whole, "work_in_progress", mean_text),
        ],
        nodes=stage_levers(asked.m, asked.before, asked.after, asked.changes, arrivals),
        flows=flow_levers(asked.m, asked.before, asked.after, asked.changes),
        note="What is taken over is written on the map; what a log measures stays as the log tells it."
        if asked.before.measured
        else "",
    )


def _effect_on(label: str, whole: Any, name: str, text: Any) -> Effect:
    now, then = (OVERLOADED if moved == ENDLESS else moved for moved in _moved(label, whole, name, text)[1:])
    if now == then:
        return Effect(label, now, then)
    if OVERLOADED in (now, then):
        return Effect(label, now, then, is_good=now == OVERLOADED)
    has_risen = bool(whole[f"{name}_changed"] > whole[f"{name}_baseline"])
    return Effect(label, now, then, is_good=has_risen == (name in {"won_per_month", "revenue_per_month"}))


# ---- on the map ----------------------------------------------------------------------------------------


def _overlay(asked: Asked, findings: list[Finding]) -> Overlay:
    before, after, changes = asked.before, asked.after, asked.changes
    has_capacity = bool(np.isfinite(after.capacity).any())
    rows = _rows(asked)
    small = [False, *(key in before.small for key in after.keys)]
    nodes = {
        node: _node_paint(row, is_small)
        for node, row, is_small in zip(after.nodes, rows[1:], small[1:], strict=True)
        if node is not None and not (row.status_changed == NOT_REACHED and _is_terminal(asked.m, node))
    }
    texts = [_table_row(row, is_small) for row, is_small in zip(rows[:SHOWN_ROWS], small[:SHOWN_ROWS], strict=True)]
    return Overlay(
        title=TITLE,
        subtitle="As it is" if not changes else f"{len(changes)} change{'' if len(changes) == 1 else 's'}",
        legend=Legend("Utilisation of capacity", "%", [percent_text(tick) for tick in (0.0, 0.5, 1.0)])
        if has_capacity
        else None,
        nodes=nodes,
        flows=_flow_paints(asked),
        findings=findings,
        table=OverlayTable(["Stage", "In progress", "Time", "Utilisation"], texts),
    )


def _rows(asked: Asked) -> list[Any]:
    """The whole map, then each stage: its label, status, and numbers as plain values, times in days."""
    now, then = asked.found["baseline"], asked.found["changed"]
    columns: dict[str, list[Any]] = {"label": ["Whole map", *asked.after.labels]}
    columns["status_changed"] = [OVERLOADED if then.has_no_end else "ok", *then.statuses]
    columns["status_baseline"] = [OVERLOADED if now.has_no_end else "ok", *now.statuses]
    for when, numbers in asked.numbers.items():
        columns |= {f"{name}_{when}": values.tolist() for name, values in numbers.items()}
    row = namedtuple("row", list(columns))  # type: ignore[misc]
    return list(map(row._make, zip(*columns.values(), strict=True)))


def _node_paint(row: Any, is_small: bool) -> Paint:
    if row.status_changed == NOT_REACHED:
        return Paint(text=NOT_REACHED)
    if is_small:
        return Paint(text=small_text())
    heat = None if math.isnan(row.utilisation_changed) else min(1.0, row.utilisation_changed)
    arrivals = f"{mean_text(row.arrivals_per_month_changed)} a month"
    if row.status_changed == OVERLOADED:
        text = OVERLOADED
    elif row.work_in_progress_changed:
        text = f"{mean_text(row.work_in_progress_changed)} in progress"
    else:
        text = arrivals
    parts = [arrivals + _was(row, "arrivals_per_month", mean_text)]
    if heat is not None:
        parts.append(f"utilisation {percent_text(row.utilisation_changed)}")
        parts.append(f"wait {_days(row.wait_changed)}{_was(row, 'wait', _days)}")
    if row.throughput_time_changed or row.throughput_time_baseline:
        parts.append(f"time {_days(row.throughput_time_changed)}{_was(row, 'throughput_time', _days)}")
    return Paint(heat=heat, text=text, detail=f"{'; '.join(parts)}.")


def _is_terminal(m: MapModel, node: str) -> bool:
    """Whether a node is where ways begin or end, of which a log need not know."""
    return m.graph.nodes[node].get("kind") in {"start", "end"}


def _was(row: Any, name: str, text: Any) -> str:
    """What it was before, where that was something else."""
    now, then = getattr(row, f"{name}_baseline"), getattr(row, f"{name}_changed")
    return "" if now == then or (now != now and then != then) else f" (was {text(now)})"


def _flow_paints(asked: Asked) -> dict[str, Paint]:
    """The flows whose share is another than before."""
    m, before, after = asked.m, asked.before, asked.after
    paints: dict[str, Paint] = {}
    for i, j in zip(*np.nonzero(np.abs(before.routes - after.routes) > 1e-12), strict=True):
        source, target = after.nodes[i], after.nodes[j]
        if source is None or target is None or not m.graph.has_edge(source, target):
            continue
        is_held = after.keys[i] in before.partly  # what follows from few cases; what was given may be shown
        if is_held and (source, target) not in asked.changes:
            continue
        was = "" if is_held else f"Was {percent_text(before.routes[i, j])} of the cases that leave the stage."
        for key in m.graph[source][target]:
            paints[str(key)] = Paint(text=percent_text(after.routes[i, j]), detail=was)
    return paints


def _table_row(row: Any, is_small: bool) -> list[str]:
    if is_small:
        return [row.label, small_text(), small_text(), small_text()]
    if row.status_changed == OVERLOADED:
        return [row.label, OVERLOADED, OVERLOADED, percent_text(_plain(row.utilisation_changed))]
    return [
        row.label,
        mean_text(row.work_in_progress_changed),
        _days(row.throughput_time_changed),
        percent_text(_plain(row.utilisation_changed)),
    ]


def _days(value: float) -> str:
    return duration_text(value * 86_400)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
