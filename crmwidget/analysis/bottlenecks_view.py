"""What bottlenecks show: findings in sentences, heat, figures and a legend on the map, and a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmwidget.analysis.bottlenecks_chart import bottlenecks_chart
from crmwidget.analysis.bottlenecks_shown import public_flows, public_stages, withheld
from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.stays import Stays
from crmwidget.analysis.table_cells import cases_text, count_of, float_of, rows_of, size_text, time_of
from crmwidget.data.durations import duration_text
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import DASH, number_text, percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

__all__ = ["bottlenecks_result"]

NAME, TITLE = "bottlenecks", "Bottlenecks"
OVERLOADED = 1.0  # of the capacity
_OF_SHOWN = " (of those that may be shown)"
DAY = pd.Timedelta(days=1)


def bottlenecks_result(
    bound: BoundLog, found: Stays, counts: FlowCounts, stages: pd.DataFrame, flows: pd.DataFrame, note: str
) -> Result:
    """The result: the exact tables, and what may be shown of them."""
    log = bound.log
    held = withheld(counts, stages, flows, is_started=log.has_start)
    public = public_stages(counts, stages, held)
    shown_flows = public_flows(counts, flows, held)
    is_partial = _largest(stages) != _largest(public), _largest(flows) != _largest(shown_flows)
    findings = _findings(bound, found, public, shown_flows, is_partial)
    notes = [
        f"{size_text(bound)}."
        if is_small(log.n_cases)
        else f"{size_text(bound)}, {duration_text((found.until - found.since) / 1e6)} from the first to the last.",
        note,
        "A stay at a stage is from the end of the event before to the end of its own: waiting, then service."
        if log.has_start
        else "The log has no start times: a stay at a stage is from its event to the next, waiting and service in one.",
        "Share of the time: of all stays that are over.",
    ]
    if held.stages or held.flows:
        notes.append("Times of fewer than 5 cases, and those from which they could be worked out, are held back.")
    result = Result(NAME, TITLE, stages, findings=findings, notes=notes, grain="group", public=public, flows=flows)
    result.overlay = _overlay(bound, public, shown_flows, findings)
    result.drawing = lambda: bottlenecks_chart(found, public, is_started=log.has_start)
    return result


# ---- sentences -----------------------------------------------------------------------------------------


def _largest(table: pd.DataFrame) -> object:
    """Which row has the largest share of the time."""
    return table["time_rate"].idxmax() if table["time_rate"].notna().any() else None


def _findings(
    bound: BoundLog, found: Stays, stages: pd.DataFrame, flows: pd.DataFrame, is_partial: tuple[bool, bool]
) -> list[Finding]:
    if stages.empty:
        return [Finding("info", "The log has no event.", "", "Look at log.issues.", [], [])]
    return [
        *_costliest_stage(stages, _OF_SHOWN if is_partial[0] else ""),
        *_costliest_flow(flows, _OF_SHOWN if is_partial[1] else "", is_started=bound.log.has_start),
        *_overloaded(stages, is_started=bound.log.has_start),
        *_under_way(bound, found),
    ]


def _costliest_stage(stages: pd.DataFrame, of_shown: str) -> list[Finding]:
    known = stages[stages["time_rate"] > 0]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["time_rate"].to_numpy().argmax())]
    parts = ""
    if pd.notna(row["total_waiting_time"]) and pd.notna(row["total_service_time"]):
        parts = f"; {time_of(row['total_waiting_time'])} waiting, {time_of(row['total_service_time'])} in work"
    typical = (
        f" One stay takes {time_of(row['median_time'])} (median); 95 % take at most {time_of(row['p95_time'])}."
        if pd.notna(row["median_time"])
        else ""
    )
    return [
        Finding(
            "bad",
            f"{row['activity']} takes the most time: {percent_text(row['time_rate'])} of all stays{of_shown}.",
            f"{time_of(row['total_time'])} of {time_of(row['all_time'])}{parts}.{typical}",
            f"Ask what cases at {row['activity']} wait for, and who could do it sooner.",
            [row["node"]] if row["node"] else [],
            [],
        )
    ]


def _costliest_flow(flows: pd.DataFrame, of_shown: str, *, is_started: bool) -> list[Finding]:
    known = flows[flows["time_rate"] > 0]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["time_rate"].to_numpy().argmax())]
    name, what = f"{row['source']} → {row['target']}", "waiting" if is_started else "time"
    typical = (
        f" One takes {time_of(row['median_time'])} (median); 95 % take at most {time_of(row['p95_time'])}."
        if pd.notna(row["median_time"])
        else ""
    )
    return [
        Finding(
            "bad",
            f"{name} costs the most {what}: {percent_text(row['time_rate'])} of all time{of_shown}.",
            f"{time_of(row['total_time'])} of {time_of(row['all_time'])}.{typical}",
            f"Ask what happens between {row['source']} and {row['target']}.",
            [node for node in (row["source_node"], row["target_node"]) if node],
            [row["flow"]] if row["flow"] else [],
        )
    ]


def _overloaded(stages: pd.DataFrame, *, is_started: bool) -> list[Finding]:
    over = stages[stages["utilisation_rate"] >= OVERLOADED].drop_duplicates("node")
    what = "worked on at once" if is_started else "at the stage"
    return [
        Finding(
            "bad",
            f"{row.activity} is overloaded: {percent_text(row.utilisation_rate)} of its capacity is taken.",
            f"On average {number_text(row.utilisation_rate * row.capacity)} cases are {what}, of a capacity of "
            f"{number_text(row.capacity)}.",
            f"Give {row.activity} more capacity, or let less come to it.",
            [row.node],
            [],
        )
        for row in rows_of(over.sort_values("utilisation_rate", ascending=False, kind="stable"))
    ]


def _under_way(bound: BoundLog, found: Stays) -> list[Finding]:
    n_cases = bound.log.n_cases
    n_closed = n_cases - found.n_open
    if found.until <= found.since or is_small(n_cases):
        return []
    is_hidden = is_small(found.n_open) or is_small(n_closed)
    per_day = n_closed / ((found.until - found.since) / 1e6 / 86_400)
    ended = f"; {count_of(n_closed)} were closed, {number_text(per_day)} a day, {count_of(found.n_open)} are open"
    closed = "" if is_hidden else ended
    peak = small_text() if is_small(found.peak_under_way) else count_of(found.peak_under_way)
    return [
        Finding(
            "info",
            f"On average {number_text(found.mean_under_way)} cases are under way at once, at most {peak}.",
            f"{count_of(n_cases)} cases in {duration_text((found.until - found.since) / 1e6)}{closed}.",
            "",
            [],
            [],
        )
    ]


# ---- on the map ----------------------------------------------------------------------------------------


def _overlay(bound: BoundLog, stages: pd.DataFrame, flows: pd.DataFrame, findings: list[Finding]) -> Overlay:
    drawn = flows[flows["flow"].notna()]
    at_nodes = stages[stages["node"].notna()].sort_values("total_time", ascending=False, kind="stable")
    at_nodes = at_nodes.drop_duplicates("node")
    rates = pd.concat([at_nodes["time_rate"], drawn["time_rate"]]).dropna()
    top = float(rates.max()) if len(rates) else 0.0
    legend = Legend("Share of the time", "%", [percent_text(top * step / 2) for step in range(3)]) if top else None
    table = OverlayTable(
        ["Stage", "Share", "Waiting", "Service", "Under way", "Used"],
        [
            [
                row.activity,
                percent_text(float_of(row.time_rate)),
                time_of(row.median_waiting_time),
                time_of(row.median_service_time),
                number_text(float_of(row.mean_wip)),
                percent_text(float_of(row.utilisation_rate)),
            ]
            for row in rows_of(stages.head(SHOWN_ROWS))
        ],
    )
    return Overlay(
        TITLE,
        cases_text(bound.log.n_cases),
        legend,
        {str(row.node): _stage_paint(row, top) for row in rows_of(at_nodes)},
        {str(row.flow): _flow_paint(row, top) for row in rows_of(drawn)},
        findings,
        table,
    )


def _stage_paint(row: Any, top: float) -> Paint:
    said: Mapping[str, str] = {
        "waits {} (median)": time_of(row.median_waiting_time),
        "is worked on {}": time_of(row.median_service_time),
        "{} under way on average": number_text(float_of(row.mean_wip)),
        "at most {}": DASH if pd.isna(row.peak_wip) else count_of(row.peak_wip),
        "{} a day": number_text(float_of(row.cases_per_day)),
        "capacity used {}": percent_text(float_of(row.utilisation_rate)),
    }
    known = ", ".join(text.format(value) for text, value in said.items() if value != DASH)
    return Paint(
        heat=row.time_rate / top if pd.notna(row.time_rate) and top else None,
        text=_share_and_time(row),
        detail=known[:1].upper() + known[1:],
    )


def _flow_paint(row: Any, top: float) -> Paint:
    return Paint(
        heat=row.time_rate / top if pd.notna(row.time_rate) and top else None,
        text=_share_and_time(row),
        detail=f"95 % take at most {time_of(row.p95_time)}." if pd.notna(row.p95_time) else "",
        width=None if pd.isna(row.n) else float(row.n),
    )


def _share_and_time(row: Any) -> str:
    parts = (percent_text(float_of(row.time_rate)), time_of(row.median_time))
    return " · ".join(part for part in parts if part != DASH) or DASH
