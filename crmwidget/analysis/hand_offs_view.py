"""What hand-offs show: findings in sentences, waiting painted on the flows, and the matrix; nothing of few cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.analysis.flow_privacy import filled
from crmwidget.analysis.hand_offs_chart import hand_offs_chart
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.table_cells import blank, count_of, rows_of, time_of
from crmwidget.data.durations import duration_text
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import DASH, percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

__all__ = ["hand_offs_result"]

NAME, TITLE = "hand_offs", "Hand-offs"
_BACK = ("n_returned", "n_returned_cases", "returned_rate")
_FLOW = ("n_handed", "n_handed_cases", "n_kept", "n_kept_cases", "handed_rate", "total_waiting_time")


def hand_offs_result(
    bound: BoundLog,
    counts: FlowCounts,
    whole: Mapping[str, float],
    pairs: pd.DataFrame,
    flows: pd.DataFrame,
    said: str,
) -> Result:
    """The result: the exact tables, and what may be shown of them."""
    public, has_sum = _public_pairs(pairs)
    shown_flows, has_flow_sum = _public_flows(counts, flows)
    findings = _findings(whole, pairs, public, has_sum and has_flow_sum)
    n_cases = bound.log.n_cases
    notes = [
        f"Log {bound.name!r}: {small_text() if is_small(n_cases) else count_of(n_cases)} cases; who: {said}.",
        "A hand-over joins an event with the one directly after it, of another; waiting is from the end of the one to "
        + ("the start" if bound.log.has_start else "the moment")
        + " of the other.",
    ]
    if len(public) < len(pairs):
        notes.append("Pairs of fewer than 5 cases, and what they could be worked out from, are left out.")
    result = Result(NAME, TITLE, pairs, findings=findings, notes=notes, grain="group", public=public, flows=flows)
    result.overlay = _overlay(n_cases, public, shown_flows, findings)
    result.drawing = lambda: hand_offs_chart(public)
    return result


def _public_pairs(pairs: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """The pairs that may be shown, and whether their sum may be said."""
    sizes = {(row.source, row.target): int(row.n_cases) for row in rows_of(pairs)}
    held = {pair for pair, n in sizes.items() if is_small(n)}
    has_sum = filled(held, sizes)
    is_held = pd.Series([pair in held for pair in sizes], index=pairs.index, dtype="bool")
    partly = set(pairs.loc[is_held, "source"])
    public = pairs[~is_held].reset_index(drop=True)
    blank(public, public["source"].isin(partly), ("n_source", "handed_rate"))
    few = [
        is_small(int(row.n_returned_cases))
        or (bool(row.n_returned) and is_small(int(row.n_cases - row.n_returned_cases)))
        for row in rows_of(public)
    ]
    blank(public, few, _BACK)
    return public, has_sum


def _public_flows(counts: FlowCounts, flows: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    sizes = {(row.source, row.target): int(row.n_handed_cases) for row in rows_of(flows) if row.n_handed_cases}
    few = {
        (row.source, row.target)
        for row in rows_of(flows)
        if is_small(int(row.n_handed_cases))
        or is_small(int(row.n_kept_cases))
        or is_small(int(row.n - row.n_handed - row.n_kept))
    }
    held = few & set(sizes)
    has_sum = filled(held, sizes)
    held |= few
    names = list(zip(flows["source"], flows["target"], strict=True))
    hidden = [("flow", *pair) in counts.hidden for pair in names]
    public = flows.copy()
    blank(public, [pair in held for pair in names], _FLOW)
    blank(public, [pair in few for pair in names], ("median_waiting_time",))
    blank(public, hidden, ("n", *_FLOW))
    return public, has_sum


# ---- sentences -----------------------------------------------------------------------------------------


def _findings(whole: Mapping[str, float], pairs: pd.DataFrame, public: pd.DataFrame, has_sum: bool) -> list[Finding]:
    if not whole["n_steps"]:
        return [Finding("info", "In this log nothing follows on anything.", "", "Look at log.issues.", [], [])]
    n_handed, n_kept = int(whole["n_handed"]), int(whole["n_kept"])
    if not n_handed + n_kept:
        return [Finding("info", "Nobody is known who does two events in a row.", "", "Say by= another.", [], [])]
    if not n_handed:
        return [Finding("good", "No work changes hands.", "", "", [], [])]
    found = []
    if has_sum and not is_small(whole["n_handed_cases"]) and not is_small(whole["n_kept_cases"]):
        kept = _us(whole["median_us_kept"])
        beside = f", {kept} where it stays in one hand" if n_kept else ""
        n_unknown = int(whole["n_steps"]) - n_handed - n_kept
        unknown = f" {count_of(n_unknown)} steps are of nobody known." if n_unknown and not is_small(n_unknown) else ""
        found.append(
            Finding(
                "info",
                f"{percent_text(n_handed / (n_handed + n_kept))} of the steps change hands: {count_of(n_handed)} of "
                f"{count_of(n_handed + n_kept)}.",
                f"Work waits {_us(whole['median_us_handed'])} (median) at a hand-over{beside}.{unknown}",
                "",
                [],
                [],
            )
        )
    return [*found, *_costliest(pairs, public), *_ping_pong(public)]


def _costliest(pairs: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    known = public[public["total_waiting_time"].notna()]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["total_waiting_time"].to_numpy().argmax())]
    of_shown = "" if row["total_waiting_time"] == pairs["total_waiting_time"].max() else " (of those that may be shown)"
    return [
        Finding(
            "warn",
            f"{row['source']} → {row['target']} waits most: {time_of(row['total_waiting_time'])}{of_shown}.",
            f"{count_of(row['n'])} hand-overs in {count_of(row['n_cases'])} cases; one waits "
            f"{time_of(row['median_waiting_time'])} (median), 95 % at most {time_of(row['p95_waiting_time'])}.",
            f"Ask {row['target']} what is missing when {row['source']} hands over.",
            [],
            [],
        )
    ]


def _ping_pong(public: pd.DataFrame) -> list[Finding]:
    known = public[(public["n_returned"] > 0).fillna(False)]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["n_returned"].astype("int64").to_numpy().argmax())]
    rate = percent_text(row["returned_rate"])
    return [
        Finding(
            "warn",
            f"Ping-pong: {row['target']} gives back {rate} of what {row['source']} hands over.",
            f"{count_of(row['n_returned'])} of {count_of(row['n'])} hand-overs, in "
            f"{count_of(row['n_returned_cases'])} cases.",
            f"Agree on what {row['target']} needs before {row['source']} hands over.",
            [],
            [],
        )
    ]


# ---- on the map, and as a chart ------------------------------------------------------------------------


def _overlay(n_cases: int, pairs: pd.DataFrame, flows: pd.DataFrame, findings: list[Finding]) -> Overlay:
    drawn = flows[flows["flow"].notna() & (flows["n_handed"] > 0).fillna(False)]
    times = [time.total_seconds() for time in drawn["total_waiting_time"].dropna()]
    top = max(times, default=0.0)
    legend = Legend("Waiting at hand-overs", "", [duration_text(top * step / 2) for step in range(3)]) if top else None
    paints = {
        str(row.flow): Paint(
            heat=row.total_waiting_time.total_seconds() / top if top and pd.notna(row.total_waiting_time) else None,
            text=f"{count_of(row.n_handed)} · {time_of(row.median_waiting_time)}",
            detail=f"{percent_text(row.handed_rate)} change hands; they wait {time_of(row.total_waiting_time)} in all.",
            width=float(row.n_handed),
        )
        for row in rows_of(drawn)
    }
    table = OverlayTable(
        ["From", "To", "Times", "Waiting", "Back"],
        [
            [
                row.source,
                row.target,
                count_of(row.n),
                time_of(row.median_waiting_time),
                percent_text(None if pd.isna(row.returned_rate) else float(row.returned_rate)),
            ]
            for row in rows_of(pairs.head(SHOWN_ROWS))
        ],
    )
    subtitle = f"{small_text() if is_small(n_cases) else count_of(n_cases)} cases"
    return Overlay(TITLE, subtitle, legend, {}, paints, findings, table)


# ---- words ---------------------------------------------------------------------------------------------


def _us(microseconds: float) -> str:
    return DASH if pd.isna(microseconds) else duration_text(microseconds / 1e6)
