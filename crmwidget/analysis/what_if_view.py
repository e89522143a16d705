"""What a what-if shows: the effect in sentences, how loaded each stage is, and what was changed, on the map."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crmwidget.analysis.later import Later
from crmwidget.analysis.queueing import Steady
from crmwidget.analysis.result import Result
from crmwidget.analysis.simulation import Simulated
from crmwidget.analysis.stage_changes import Changes
from crmwidget.analysis.stage_model import StageModel
from crmwidget.analysis.what_if_asked import Asked, days_text
from crmwidget.analysis.what_if_chart import what_if_chart
from crmwidget.analysis.what_if_numbers import OVERLOADED, flow_table, public_table, stage_table
from crmwidget.analysis.what_if_paint import flow_paints, small_table, stage_paints
from crmwidget.analysis.what_if_totals import TOTALS, Total
from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import DASH, mean_text, number_text, percent_text
from crmwidget.data.privacy import small_text
from crmwidget.shown import Effect, Finding, Legend, Levers, Overlay

__all__ = ["what_if_result"]

NAME, TITLE = "what_if", "What if"
NEAR_FULL = 0.85  # from this utilisation on waits grow fast
ENDLESS = "grows without end"
MOST_NAMED = 5


def what_if_result(asked: Asked) -> Result:
    """The result: the exact tables, made when they are looked at, and what may be shown of them."""
    before, after, found, played = asked.before, asked.after, asked.found, asked.played
    whole = _whole(asked)
    findings = [
        *_effect(whole, asked.changes),
        *_overloads(before, after, found),
        *_fullest(after, found["changed"]),
        *_simulation(whole, played),
    ]
    notes = [*before.notes, *_model_notes(before, after)]
    if played is not None:
        notes.append(
            f"Simulated: {len(played.arrivals)} replications of {played.months:g} months each, after a warm-up of "
            f"{number_text(played.warm_up_months)} months; intervals hold the mean with 95 %."
        )
    numbers = {"baseline": asked.as_is.numbers, "changed": asked.numbers}
    table = Later(lambda: stage_table(before, found, numbers, played))
    public = Later(lambda: public_table(table.value, before))
    result = Result(
        *(NAME, TITLE, table),
        findings=findings,
        notes=notes,
        grain="node",
        public=public,
        flows=Later(lambda: flow_table(before, after)),
    )
    result.overlay = _overlay(asked, findings, whole)
    subtitle = f"{result.overlay.subtitle}; means over the long run"
    result.drawing = lambda: what_if_chart(public.value, is_changed=bool(asked.changes), subtitle=subtitle)
    return result


def _whole(asked: Asked) -> dict[str, Any]:
    """The row of the whole map: times are days, and what is undefined NaN."""
    whole: dict[str, Any] = {"status_baseline": asked.as_is.told.statuses[0], "status_changed": asked.told.statuses[0]}
    for when, numbers in (("baseline", asked.as_is.numbers), ("changed", asked.numbers)):
        whole |= {f"{name}_{when}": float(values[0]) for name, values in numbers.items()}
    if asked.played is not None:
        whole |= {name: float(values[0]) for name, values in asked.played.columns().items()}
    return whole


# ---- sentences -----------------------------------------------------------------------------------------


def _effect(whole: Any, changes: Changes) -> list[Finding]:
    parts = [(total.title.lower(), *_moved(total, whole)) for total in TOTALS]
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


def _moved(total: Total, whole: Any) -> tuple[str, str]:
    """A total as text, as it is and as it would be."""
    now, then = (
        total.text(whole[f"{total.name}_{when}"]) if total.is_gain or whole[f"status_{when}"] == "ok" else ENDLESS
        for when in ("baseline", "changed")
    )
    return now, then


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
    time, low, high = (days_text(whole[f"throughput_time_{name}"]) for name in ("simulated", "low", "high"))
    won = ""
    if not math.isnan(whole["won_per_month_simulated"]):
        bounds = [mean_text(whole[f"won_per_month_{name}"]) for name in ("simulated", "low", "high")]
        won = f" {bounds[0]} are won a month ({bounds[1]} to {bounds[2]})."
    return [
        Finding(
            "info",
            f"Simulated, a case takes {time} on average ({low} to {high}).",
            f"Half take at most {days_text(whole['throughput_time_p50'])}, 95 % at most "
            f"{days_text(whole['throughput_time_p95'])}.{won}",
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
            f"Activities of the log that mean no node take part all the same ({len(strange)}): "
            f"{', '.join(strange[:MOST_NAMED])}{' …' if len(strange) > MOST_NAMED else ''}."
        )
    if before.small:
        notes.append(f"{small_text()}: stages of too few cases to show.")
    return notes


# ---- what can be tried ----------------------------------------------------------------------------------


def _levers(asked: Asked, whole: Any) -> Levers:
    levers = asked.as_is.levers
    return Levers(
        effects=[_effect_on(total, whole) for total in TOTALS],
        nodes=levers.of_stages(asked.after, asked.changes),
        flows=levers.of_flows(asked.after, asked.changes),
        note="What is taken over is written on the map; what a log measures stays as the log tells it."
        if asked.before.measured
        else "",
    )


def _effect_on(total: Total, whole: Any) -> Effect:
    now, then = (OVERLOADED if moved == ENDLESS else moved for moved in _moved(total, whole))
    if now == then:
        return Effect(total.short, now, then)
    if OVERLOADED in (now, then):
        return Effect(total.short, now, then, is_good=now == OVERLOADED)
    has_risen = bool(whole[f"{total.name}_changed"] > whole[f"{total.name}_baseline"])
    return Effect(total.short, now, then, is_good=has_risen == total.is_gain)


# ---- on the map ----------------------------------------------------------------------------------------


def _overlay(asked: Asked, findings: list[Finding], whole: Any) -> Overlay:
    n_changes = len(asked.changes)
    has_capacity = bool(np.isfinite(asked.after.capacity).any())
    return Overlay(
        title=TITLE,
        subtitle="As it is" if not n_changes else f"{n_changes} change{'' if n_changes == 1 else 's'}",
        legend=Legend("Utilisation of capacity", "%", [percent_text(tick) for tick in (0.0, 0.5, 1.0)])
        if has_capacity
        else None,
        nodes=stage_paints(asked),
        flows=flow_paints(asked),
        findings=findings,
        table=small_table(asked),
        levers=_levers(asked, whole),
    )
