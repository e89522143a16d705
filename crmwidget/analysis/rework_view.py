"""What rework shows: findings in sentences, heat by extra time on the map, and a chart; nothing of few cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.analysis.flow_privacy import filled
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.rework_chart import rework_chart
from crmwidget.analysis.table_cells import blank, count_of, float_of, rows_of, time_of
from crmwidget.data.durations import duration_text
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import DASH, percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

__all__ = ["Reworked", "rework_result", "shown_tables"]

NAME, TITLE = "rework", "Rework"
DAY = pd.Timedelta(days=1)
_STAGE = (
    "n_events",
    "n_repeats",
    "n_repeating_cases",
    "repeating_rate",
    "n_self_loops",
    "n_looping_cases",
    "n_returns",
    "n_returning_cases",
    "return_rate",
    "extra_time",
    "median_extra_time",
)
_FLOW = ("n_returns", "n_returning_cases", "returning_rate", "n_begun", "n_begun_cases", "extra_time")


@dataclass(frozen=True, slots=True)
class Reworked:
    """Of all cases of a log: how many repeat something, directly, after something else; and the time of it."""

    n_repeating: int
    n_looping: int
    n_returning: int
    extra_us: float | None


def rework_result(
    bound: BoundLog, counts: FlowCounts, whole: Reworked, stages: pd.DataFrame, flows: pd.DataFrame
) -> Result:
    """The result: the exact tables, and what may be shown of them."""
    public, shown_flows, has_total = shown_tables(counts, stages, flows)
    costliest = stages["extra_time"].idxmax() if stages["extra_time"].notna().any() else None
    findings = _findings(bound, whole if has_total else None, whole, public, shown_flows, costliest)
    n_cases = bound.log.n_cases
    notes = [
        f"Log {bound.name!r}: {small_text() if is_small(n_cases) else count_of(n_cases)} cases.",
        "A repeat is an event whose case has had its activity before; a self-loop follows directly on the same, a "
        "return after something else.",
        "Extra time: from the end of the event before a repeat to the end of the repeat.",
    ]
    if public["n_repeats"].isna().any():
        notes.append("Repeats of fewer than 5 cases, and what they could be worked out from, are held back.")
    result = Result(NAME, TITLE, stages, findings=findings, notes=notes, grain="group", public=public, flows=flows)
    result.overlay = _overlay(bound, public, shown_flows, findings)
    result.drawing = lambda: rework_chart(public)
    return result


def shown_tables(
    counts: FlowCounts, stages: pd.DataFrame, flows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    """The tables without what is held back, and whether the extra time of the whole log may be said.

    The repeats of a stage are those of the flows into it, and its time theirs.
    """
    sizes: dict[str, dict[tuple[str, str], int]] = {}
    for row in rows_of(flows):
        is_loop = row.source == row.target
        n_cases = int(row.n_cases if is_loop else row.n_returning_cases)
        if n_cases:
            sizes.setdefault(row.target, {})[row.source, row.target] = n_cases
    held = {pair for parts in sizes.values() for pair, n in parts.items() if is_small(n)}
    gone: set[str] = set()
    for row in rows_of(stages):
        groups = (row.n_repeating_cases, row.n_looping_cases, row.n_returning_cases)
        rests = [row.n_cases - n for n in groups if n]
        if any(is_small(int(n)) for n in (*groups, *rests)) or not filled(held, sizes.get(row.activity, {})):
            gone.add(row.activity)
            held |= set(sizes.get(row.activity, {}))
    repeating = {row.activity: int(row.n_repeating_cases) for row in rows_of(stages) if row.n_repeating_cases}
    unknown = [n for name, n in repeating.items() if name in gone]
    has_total = not unknown or (len(unknown) > 1 and not is_small(sum(unknown)))
    public, shown = stages.copy(), flows.copy()
    blank(public, stages["activity"].isin(gone), _STAGE)
    hidden = [("node", name) in counts.hidden for name in stages["activity"]]
    blank(public, hidden, ("n_cases", *_STAGE))
    pairs = list(zip(flows["source"], flows["target"], strict=True))
    blank(shown, [pair in held for pair in pairs], _FLOW)
    few = flows[["n_cases", "n_returning_cases", "n_begun_cases"]].map(lambda n: is_small(int(n)))
    blank(shown, few.any(axis=1).astype(bool), (*_FLOW, "median_extra_time"))
    is_hidden = [("flow", *pair) in counts.hidden for pair in pairs]
    blank(shown, is_hidden, ("n", "n_cases", *_FLOW))
    return public, shown, has_total


def _findings(
    bound: BoundLog,
    total: Reworked | None,
    whole: Reworked,
    stages: pd.DataFrame,
    flows: pd.DataFrame,
    costliest: object,
) -> list[Finding]:
    n_cases = bound.log.n_cases
    if not n_cases:
        return [Finding("info", "The log has no event.", "", "Look at log.issues.", [], [])]
    if not whole.n_repeating:
        return [Finding("good", "No case repeats a stage.", f"{_count(n_cases)} cases.", "", [], [])]
    if is_small(whole.n_repeating) or is_small(n_cases - whole.n_repeating):
        return [
            Finding("info", "How many cases repeat work is not shown: they, or the others, are few.", "", "", [], [])
        ]
    parts = [
        f"{count_of(n)} {what}"
        for n, what in ((whole.n_returning, "come back to a stage"), (whole.n_looping, "repeat one directly"))
        if n and not is_small(n) and not is_small(whole.n_repeating - n)
    ]
    time = f"The repeats take {duration_text(total.extra_us / 1e6)}." if total and total.extra_us is not None else ""
    evidence = f"{'; '.join(parts)}. {time}" if parts else time
    rate = percent_text(whole.n_repeating / n_cases)
    sentence = f"{rate} of the cases repeat work: {count_of(whole.n_repeating)} of {count_of(n_cases)}."
    first = Finding("warn", sentence, evidence.strip(), "", [], [])
    return [first, *_begins(flows), *_costs(stages, costliest)]


def _begins(flows: pd.DataFrame) -> list[Finding]:
    known = flows[(flows["n_begun_cases"] > 0).fillna(False)]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["n_begun_cases"].astype("int64").to_numpy().argmax())]
    return [
        Finding(
            "warn",
            f"Most of it begins from {row['source']} back to {row['target']}: {count_of(row['n_begun_cases'])} cases.",
            f"{percent_text(row['returning_rate'])} of {count_of(row['n'])} times this flow leads back; a time takes "
            f"{time_of(row['median_extra_time'])} (median).",
            f"Ask what is not right yet when {row['target']} goes on to {row['source']}.",
            [node for node in (row["source_node"], row["target_node"]) if node],
            [row["flow"]] if row["flow"] else [],
        )
    ]


def _costs(stages: pd.DataFrame, costliest: object) -> list[Finding]:
    known = stages[stages["extra_time"].notna() & stages["n_repeats"].notna()]
    if known.empty:
        return []
    place = known["extra_time"].idxmax()
    row: Any = known.loc[[place]].iloc[0]
    of_shown = "" if place == costliest else " (of those that may be shown)"
    return [
        Finding(
            "info",
            f"{row['activity']} costs the most extra time: {time_of(row['extra_time'])}{of_shown}.",
            f"{count_of(row['n_repeats'])} repeats in {count_of(row['n_repeating_cases'])} of "
            f"{count_of(row['n_cases'])} cases ({percent_text(row['repeating_rate'])}); "
            f"one takes {time_of(row['median_extra_time'])} (median).",
            "",
            [row["node"]] if row["node"] else [],
            [],
        )
    ]


def _overlay(bound: BoundLog, stages: pd.DataFrame, flows: pd.DataFrame, findings: list[Finding]) -> Overlay:
    drawn = flows[flows["flow"].notna()]
    at_nodes = stages[stages["node"].notna()].sort_values("extra_time", ascending=False, kind="stable")
    at_nodes = at_nodes.drop_duplicates("node")
    extra = [*at_nodes["extra_time"].dropna(), *drawn["extra_time"].dropna()]
    top = max((time.total_seconds() for time in extra), default=0.0)
    legend = Legend("Extra time", "", [duration_text(top * step / 2) for step in range(3)]) if top else None

    def heat(row: Any) -> float | None:
        return None if pd.isna(row.extra_time) or not top else row.extra_time.total_seconds() / top

    nodes = {
        str(row.node): Paint(
            heat=heat(row),
            text=f"{_shown(row.n_repeating_cases)} · {percent_text(float_of(row.repeating_rate))}",
            detail=f"Repeated in {_shown(row.n_repeating_cases)} of {_shown(row.n_cases)} cases: "
            f"{_shown(row.n_returns)} returns, {_shown(row.n_self_loops)} self-loops; "
            f"extra time {time_of(row.extra_time)}.",
        )
        for row in rows_of(at_nodes)
    }
    paints = {
        str(row.flow): Paint(
            heat=heat(row),
            text=f"{_shown(row.n_returns)} · {time_of(row.median_extra_time)}",
            detail=f"Leads back in {percent_text(float_of(row.returning_rate))}; extra time {time_of(row.extra_time)}.",
            width=float(row.n_returns),
        )
        for row in rows_of(drawn)
        if pd.notna(row.n_returns) and row.n_returns
    }
    table = OverlayTable(
        ["Stage", "Cases", "Repeating", "Share", "Extra time"],
        [
            [
                row.activity,
                _shown(row.n_cases),
                _shown(row.n_repeating_cases),
                percent_text(float_of(row.repeating_rate)),
                time_of(row.extra_time),
            ]
            for row in rows_of(stages.head(SHOWN_ROWS))
        ],
    )
    return Overlay(TITLE, f"{_count(bound.log.n_cases)} cases", legend, nodes, paints, findings, table)


# ---- words ---------------------------------------------------------------------------------------------


def _shown(value: Any) -> str:
    return DASH if pd.isna(value) else count_of(value)


def _count(n: int) -> str:
    return small_text() if is_small(n) else count_of(n)
