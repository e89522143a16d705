"""What the performance of stages shows: which targets are met, how figures moved, how far behind each stage is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmwidget.analysis.kpis_chart import kpis_chart
from crmwidget.analysis.result import Result
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import DASH, change_text, number_text, percent_text
from crmwidget.data.periods import Every
from crmwidget.data.privacy import hidden_counts, is_small, small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

__all__ = ["kpis_result"]

NAME, TITLE = "kpis", "Performance against targets"
HELD_BACK = "…"
RATES = {"conversion", "retention"}
MOST_BEHIND = 0.5  # a value of half its target is at the end of the scale
SHOWN_FINDINGS = 5
SHOWN_ROWS = 100


def kpis_result(
    bound: BoundLog,
    table: pd.DataFrame,
    events: Mapping[tuple[str, int], int],
    starts: Mapping[int, dt.date],
    every: Every,
    *,
    has_lost: bool,
    money: str | None,
    score: str | None,
) -> Result:
    """The result: the exact table, and what may be shown of it."""
    public = _public(table, events, starts)
    latest = _latest(public)
    findings = _findings(latest, table, is_placed=bool(bound.match(says_nearest=False).node_of))
    notes = [f"Log {bound.name!r}, by {every} of the calendar, in UTC; periods that it covers in full."]
    notes.append(f"Revenue is the sum of {money!r}." if money else "No attribute of the log is taken for an amount.")
    notes.append(
        f"Satisfaction is the mean of {score!r}." if score else "No attribute of the log is taken for a score."
    )
    if not has_lost:
        notes.append("No node means lost, so conversion is undefined; give an end outcome='lost'.")
    if len(public) and (public["n_base"].isna() & table["n_base"].notna()).any():
        notes.append(f"{HELD_BACK}: of fewer than 5, or such a number could be worked out from it ({small_text()}).")
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="group", public=public)
    result.overlay = _overlay(public, latest, findings)
    result.drawing = lambda: kpis_chart(public, latest, rates=RATES)
    return result


def _public(table: pd.DataFrame, events: Mapping[tuple[str, int], int], starts: Mapping[int, dt.date]) -> pd.DataFrame:
    """The table without figures of a few, and without those that would give such away beside a stage's total."""
    hidden: set[tuple[str, dt.date]] = set()
    for node in dict.fromkeys(node for node, _ in events):
        cells = {number: n for (one, number), n in events.items() if one == node}
        queries: dict[int, list[int]] = {number: [number] for number in cells} | {-1: list(cells)}
        hidden |= {(node, starts[number]) for number in hidden_counts(queries, cells) if number >= 0}
    public = table.copy()
    is_held = pd.Series(
        [
            (node, period.date()) in hidden or any(is_small(_count(n)) for n in (part, base, rest))
            for node, period, part, base, rest in zip(
                table["node"], table["period"], table["n_part"], table["n_base"], table["n_base"] - table["n_part"],
                strict=True,
            )
        ],
        index=table.index,
        dtype="bool",
    )  # fmt: skip
    public.loc[is_held, ["n_part", "n_base"]] = pd.NA
    public.loc[is_held, ["value", "attained"]] = float("nan")
    public.loc[is_held, "status"] = pd.NA
    return public


def _count(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _latest(public: pd.DataFrame) -> list[Any]:
    """The latest period of each stage and figure that has a value, with the value of the period before."""
    found = []
    for _, rows in public.groupby(["node", "kpi"], sort=False):
        known = rows[rows["value"].notna()]
        if len(known):
            at = rows.index.get_loc(known.index[-1])
            before = rows["value"].iloc[at - 1] if isinstance(at, int) and at else float("nan")
            found.append(next(known.iloc[[-1]].assign(before=before).itertuples(index=False)))
    return found


def _findings(latest: list[Any], table: pd.DataFrame, *, is_placed: bool) -> list[Finding]:
    if not is_placed:
        suggestion = "Say what they mean, m.attach(log, mapping={activity: node}), or add nodes of these names."
        return [Finding("warn", "No activity of the log means a node of the map.", "", suggestion, [], [])]
    if not len(table):
        return [Finding("info", "No period is covered in full.", "", "Take a shorter one, every='week'.", [], [])]
    judged = [row for row in latest if isinstance(row.status, str)]
    if not judged:
        return [
            Finding(
                "info",
                "No stage has a target to compare with.",
                "",
                "Give one: m.update(node, target_conversion_rate=0.6), or target_revenue, target_cases …",
                [],
                [],
            )
        ]
    met = [row for row in judged if row.status == "met"]
    found = [
        Finding(
            "good" if len(met) == len(judged) else "info",
            f"{len(met)} of {len(judged)} targets are met.",
            f"In the latest period of each: {judged[0].period_name}.",
            "",
            [],
            [],
        )
    ]
    behind = sorted((row for row in judged if row.status != "met"), key=lambda row: row.attained)
    return [*found, *map(_behind, behind[:SHOWN_FINDINGS])]


def _behind(row: Any) -> Finding:
    return Finding(
        "bad" if row.status == "missed" else "warn",
        f"{row.label} is behind its target of {row.kpi}: {_text(row.kpi, row.value)} of {_text(row.kpi, row.target)}.",
        f"{row.period_name}, over {number_text(int(row.n_base), style='full')}{_trend(row)}.",
        f"Ask what has changed at {row.label}.",
        [row.node],
        [],
    )


def _trend(row: Any) -> str:
    return "" if pd.isna(row.before) else f"; {_change(row)} against the period before"


def _change(row: Any) -> str:
    if pd.isna(row.before):
        return DASH
    return change_text(row.value, row.before, unit="%" if row.kpi in RATES else "")


def _text(kpi: str, value: float) -> str:
    return percent_text(value) if kpi in RATES else number_text(value)


def _overlay(public: pd.DataFrame, latest: list[Any], findings: list[Finding]) -> Overlay:
    by_node: dict[str, list[Any]] = {}
    for row in latest:
        by_node.setdefault(row.node, []).append(row)
    paints: dict[str, Paint] = {}
    for node, rows in by_node.items():
        judged = [row for row in rows if isinstance(row.status, str) and pd.notna(row.attained)]
        worst = min(judged, key=lambda row: row.attained) if judged else None
        first = worst or rows[0]
        goal = f" of {_text(first.kpi, first.target)}" if pd.notna(first.target) else ""
        paints[node] = Paint(
            heat=None if worst is None else min(1.0, max(0.0, 1.0 - worst.attained) / MOST_BEHIND),
            text=f"{first.kpi} {_text(first.kpi, first.value)}{goal}",
            detail="; ".join(f"{row.kpi} {_text(row.kpi, row.value)} ({row.period_name})" for row in rows) + ".",
        )
    has_targets = any(paint.heat is not None for paint in paints.values())
    table = [
        [row.label, row.kpi, _text(row.kpi, row.value), DASH if pd.isna(row.target) else _text(row.kpi, row.target),
         _change(row)]
        for row in latest[:SHOWN_ROWS]
    ]  # fmt: skip
    return Overlay(
        TITLE,
        f"{public['period_name'].iloc[-1]}" if len(public) else "",
        Legend("Behind the target", "%", [percent_text(tick) for tick in (0.0, MOST_BEHIND / 2, MOST_BEHIND)])
        if has_targets
        else None,
        paints,
        {},
        findings,
        OverlayTable(["Stage", "Figure", "Latest", "Target", "Change"], table),
    )
