"""What variants show: findings in sentences, and the most frequent way painted on the map."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.result import Result
from crmwidget.analysis.table_cells import cases_text, count_of, size_text, time_of
from crmwidget.analysis.variants_chart import variants_chart
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import THRESHOLD, is_small
from crmwidget.shown import Finding, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["public_variants", "variants_result"]

NAME, TITLE = "variants", "Variants"
SHOWN_ROWS = 50
SHOWN_STEPS = 12
COVERED = 0.8  # of the cases, by the most frequent variants
REST = ("other variants",)


def variants_result(m: MapModel, bound: BoundLog, table: pd.DataFrame, note: str) -> Result:
    """The result: the exact table, and what may be shown of it."""
    public = public_variants(table)
    node_of = bound.match().node_of
    findings = _findings(m, table, public, node_of)
    notes = [
        f"{size_text(bound)}.",
        note,
        "Throughput time: from the first event of a case to its last, of closed cases.",
    ]
    if len(public) and public["path"].iloc[-1] == REST:
        notes.append(f"Variants of fewer than {THRESHOLD} cases are shown together: a rare path may tell who took it.")
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="group", public=public)
    result.overlay = _overlay(m, public, node_of, findings, bound)
    result.drawing = lambda: variants_chart(public, rest=REST)
    return result


def public_variants(table: pd.DataFrame) -> pd.DataFrame:
    """The variants of at least 5 cases, and the rest as one row, which is of none or of at least 5 cases too."""
    is_shown = ~table["n_cases"].map(is_small).astype(bool)
    n_rest = int(table.loc[~is_shown, "n_cases"].sum())
    while is_small(n_rest) and is_shown.any():  # the rest would be a small group, told by the total
        last = is_shown[is_shown].index[-1]
        is_shown[last] = False
        n_rest = int(table.loc[~is_shown, "n_cases"].sum())
    shown = table[is_shown].reset_index(drop=True)
    hidden = (shown["n_open"].map(is_small) | (shown["n_cases"] - shown["n_open"]).map(is_small)).astype(bool)
    shown.loc[hidden, "n_open"] = pd.NA
    shown.loc[hidden, ["median_throughput_time", "p95_throughput_time"]] = pd.NaT
    if is_shown.all() or not len(table):
        return shown
    rest = shown.reindex([0]).reset_index(drop=True)
    rest["path"] = pd.Series([REST], dtype="object")
    rest["variant"] = pd.array([pd.NA], dtype="Int64")
    rest["n_events"] = rest["n_open"] = rest["variant"]
    n_all = int(table["n_all"].iloc[0])
    rest["n_cases"], rest["n_all"] = pd.array([n_rest], dtype="Int64"), pd.array([n_all], dtype="Int64")
    if is_small(n_rest):  # all there is, is a small group
        rest["n_cases"] = rest["n_all"] = rest["variant"]
    rest["case_rate"], rest["covered_rate"] = rest["n_cases"].astype("Float64").astype("float64") / n_all, 1.0
    rest["median_throughput_time"] = rest["p95_throughput_time"] = pd.Series([pd.NaT], dtype="timedelta64[us]")
    return pd.concat([shown, rest], ignore_index=True) if len(shown) else rest


def _findings(m: MapModel, table: pd.DataFrame, public: pd.DataFrame, node_of: Any) -> list[Finding]:
    if table.empty:
        return [Finding("info", "The log has no cases.", "", "Look at log.issues.", [], [])]
    named = public[public["path"].map(lambda path: path != REST)]
    if named.empty:
        return [Finding("info", "No variant is taken by 5 cases or more.", "", "", [], [])]
    top: Any = named.iloc[0]
    nodes = [node_of[step] for step in dict.fromkeys(top["path"]) if step in node_of]
    half = int((table["covered_rate"] < COVERED).sum()) + 1
    found = [
        Finding(
            "info",
            f"The most frequent way is taken by {percent_text(float(top['case_rate']))} of the cases.",
            f"{count_of(top['n_cases'])} of {count_of(top['n_all'])} cases: {_path_text(top['path'])}.",
            "",
            nodes,
            _flow_keys(m, top["path"], node_of),
        )
    ]
    if len(table) > 1 and half <= int((named["n_cases"] > 0).sum()):
        share = percent_text(COVERED)
        of = f"of {count_of(len(table))} variants"
        found.append(
            Finding(
                "info",
                f"{count_of(half)} {of} cover {share} of the cases."
                if half > 1
                else f"One {of} covers {share} of the cases.",
                f"The log has {count_of(top['n_all'])} cases.",
                f"crm.discover(log, coverage={COVERED}) draws {f'these {count_of(half)}' if half > 1 else 'it'} alone.",
                [],
                [],
            )
        )
    timed = named[named["median_throughput_time"].notna()]
    if len(timed) > 1:
        slow: Any = timed.iloc[int(timed["median_throughput_time"].to_numpy().argmax())]
        is_top = slow["variant"] == top["variant"]
        beside = (
            "it is the most frequent one too"
            if is_top
            else f"the most frequent one takes {time_of(top['median_throughput_time'])}"
        )
        found.append(
            Finding(
                "warn",
                f"The slowest variant takes {time_of(slow['median_throughput_time'])} (median).",
                f"{count_of(slow['n_cases'])} cases: {_path_text(slow['path'])}; {beside}.",
                "Ask where on it cases wait: bottlenecks."
                if is_top
                else "Compare the two: which steps are more, which wait longer?",
                [node_of[step] for step in dict.fromkeys(slow["path"]) if step in node_of],
                _flow_keys(m, slow["path"], node_of),
            )
        )
    return found


def _overlay(m: MapModel, public: pd.DataFrame, node_of: Any, findings: list[Finding], bound: BoundLog) -> Overlay:
    """The most frequent way, as wide as it is frequent."""
    rows: list[Any] = list(public.head(SHOWN_ROWS).itertuples(index=False))
    nodes: dict[str, Paint] = {}
    flows: dict[str, Paint] = {}
    if rows and rows[0].path != REST:
        top = rows[0]
        text = f"{count_of(top.n_cases)} · {percent_text(float(top.case_rate))}"
        for step in top.path:
            if step in node_of:
                nodes[node_of[step]] = Paint(heat=0.0, text=text, detail="On the most frequent way.")
        for key in _flow_keys(m, top.path, node_of):
            flows[key] = Paint(text=text, detail="On the most frequent way.", width=float(top.n_cases))
    table = OverlayTable(
        ["Variant", "Cases", "Share", "Median time"],
        [
            [
                _path_text(row.path),
                f"<{THRESHOLD}" if pd.isna(row.n_cases) else count_of(row.n_cases),
                percent_text(None if pd.isna(row.case_rate) else float(row.case_rate)),
                time_of(row.median_throughput_time),
            ]
            for row in rows
        ],
    )
    return Overlay(TITLE, cases_text(bound.log.n_cases), None, nodes, flows, findings, table)


def _flow_keys(m: MapModel, path: tuple[str, ...], node_of: Any) -> list[str]:
    """The drawn flows that a path goes along."""
    pairs = dict.fromkeys((node_of[a], node_of[b]) for a, b in pairwise(path) if a in node_of and b in node_of)
    return [str(key) for a, b in pairs if m.graph.has_edge(a, b) for key in m.graph[a][b]]


def _path_text(path: tuple[str, ...]) -> str:
    shown = [step if len(step) <= 40 else f"{step[:40]}…" for step in path[:SHOWN_STEPS]]
    return " → ".join(shown) + (f" → … ({len(path)} steps)" if len(path) > SHOWN_STEPS else "")
