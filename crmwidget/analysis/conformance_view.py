"""What conformance shows: which deviation is where, in sentences, on the map, and without small groups."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.conformance_chart import conformance_chart
from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.analysis.ghost_flows import GHOSTS_TITLE, ghosts_of
from crmwidget.analysis.table_cells import cases_text, count_of, size_text
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Ghost, Legend, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.analysis.conformance import Conformance
    from crmwidget.graph.model import MapModel

__all__ = ["show_conformance"]

HELD_BACK = "…"
SHOWN_ROWS = 50
MOST_FINDINGS = 8
BAD_RATE = 0.1  # of all cases: as many are no exception any more
NAMES = {
    "skip": "Passed over",
    "reorder": "Back or out of order",
    "repeat": "Repeated",
    "undrawn_flow": "Flow not drawn",
    "undrawn_activity": "Activity not drawn",
    "undrawn_start": "Begins elsewhere",
    "undrawn_end": "Ends elsewhere",
}

# deviation → what cases do, and what to do about it
SAID = {
    "skip": ("pass over {passed}", "Draw {place} if it is allowed, or ask why {passed} is left out."),
    "reorder": ("go back: {place}", "Draw the way back if it is meant, or ask for the reason."),
    "repeat": ("repeat {source}", "Draw the loop if it is meant, or ask for the reason."),
    "undrawn_flow": ("go {place}, which no drawn way joins", "Draw {place}, or ask why it happens."),
    "undrawn_activity": (
        "have {place}, which is not drawn",
        "Add a stage of this name, or say which one it is, beside the filter or by m.update(node, known_as=[…]).",
    ),
    "undrawn_start": ("begin with {target}", "Draw a start that leads there, or ask why."),
    "undrawn_end": ("end with {source}", "Make it an end, or ask what became of them."),
}


def show_conformance(
    m: MapModel,
    bound: BoundLog,
    result: Conformance,
    counts: FlowCounts,
    node_of: Mapping[str, str],
    how_closed: str,
) -> None:
    """Fill in what of the answer may be shown: the public table, findings, notes and the overlay."""
    rows: list[Any] = list(result.table.itertuples(index=False))
    hidden = [_query(row) in counts.hidden or is_small(row.n_cases) for row in rows]
    small = [is_small(row.n_cases) for row in rows]
    result.grain = "group"
    result.public = result.table.copy()
    result.public.loc[hidden, ["n", "n_cases"]] = pd.NA
    result.public.loc[hidden, "case_rate"] = float("nan")
    texts = [_text(row, held, of_few) for row, held, of_few in _three(rows, hidden, small)]
    n_off = result.n_all - result.n_fitting
    shown = sum(int(row.n_cases) for row, held in zip(rows, hidden, strict=True) if not held)
    is_told = not (is_small(n_off) or is_small(result.n_fitting) or (any(hidden) and is_small(n_off - shown)))
    result.notes = [
        f"{size_text(bound)}.",
        "Judged are where a case begins, each step, and where it ends if it is closed; fitness is the share that is "
        "drawn, averaged over the cases.",
        how_closed,
    ]
    if any(hidden):
        result.notes.append(
            f"{small_text()}: of too few cases to show; {HELD_BACK}: held back, as one could be worked out."
        )
    label = _labels(m)
    result.findings = [_first(result, is_told), *_findings(m, rows, hidden, label)]
    result.overlay = _overlay(m, result, counts, rows, hidden, texts, node_of, label, is_told)
    public, subtitle = result.public, result.findings[0].sentence if result.findings[0].severity != "warn" else ""
    result.drawing = lambda: conformance_chart(
        public, kinds=NAMES, place=lambda row: _place(row, label), subtitle=subtitle
    )


def _text(row: Any, is_held: bool, is_of_few: bool) -> str:
    if is_of_few:
        return small_text()
    return HELD_BACK if is_held else count_of(row.n_cases)


def _query(row: Any) -> tuple[str, ...]:
    """What the row's number is called among the counts of flows."""
    if row.deviation == "undrawn_activity":
        return "node", row.source
    if row.deviation == "undrawn_start":
        return "start", row.target
    if row.deviation == "undrawn_end":
        return "end", row.source
    return "flow", row.source, row.target


def _first(result: Conformance, is_told: bool) -> Finding:
    if not result.n_all:
        return Finding("info", "The log has no cases.", "", "Look at log.issues.", [], [])
    if result.n_fitting == result.n_all:
        return Finding("good", "All cases run along drawn flows.", f"{cases_text(result.n_all)}.", "", [], [])
    if not is_told:
        return Finding("info", "How many cases run along drawn flows only would tell of a small group.", "", "", [], [])
    return Finding(
        "info",
        f"{percent_text(result.fitting_rate)} of the cases run along drawn flows only.",
        f"{count_of(result.n_fitting)} of {count_of(result.n_all)} cases; of what is judged of a case "
        f"{percent_text(result.fitness)} is drawn, on average.",
        "",
        [],
        [],
    )


def _findings(m: MapModel, rows: list[Any], hidden: list[bool], label: Mapping[str, str]) -> list[Finding]:
    found = []
    for row in [row for row, held in zip(rows, hidden, strict=True) if not held][:MOST_FINDINGS]:
        sentence, evidence, suggestion = _said(row, label)
        found.append(
            Finding(
                "bad" if row.case_rate >= BAD_RATE else "warn",
                sentence,
                evidence,
                suggestion,
                list(dict.fromkeys(node for node in (row.source_node, *row.passed_over, row.target_node) if node)),
                _flow_keys(m, [row.source_node, *row.passed_over, row.target_node]) if row.passed_over else [],
            )
        )
    return found


def _said(row: Any, label: Mapping[str, str]) -> tuple[str, str, str]:
    """What cases do in a sentence, how many do, and what to do about it."""
    said, suggestion = SAID[row.deviation]
    words = {
        "place": _place(row),
        "passed": _listed(label, row.passed_over),
        "source": row.source,
        "target": row.target,
    }
    return (
        f"{percent_text(float(row.case_rate))} of the cases {said.format(**words)}.",
        f"{count_of(row.n_cases)} of {count_of(row.n_all)} cases, {count_of(row.n)} times: {words['place']}.",
        suggestion.format(**words),
    )


def _ghosts(rows: list[Any], hidden: list[bool], label: Mapping[str, str], top: float) -> list[Ghost]:
    """The steps between nodes that no drawn flow joins, as the findings tell them."""
    return ghosts_of(
        Ghost(
            row.source_node,
            row.target_node,
            Paint(
                heat=float(row.case_rate) / top if top else None,
                text=percent_text(float(row.case_rate)),
                detail=count_of(row.n_cases),
                width=float(row.n),
            ),
            " ".join(_said(row, label)[:2]),
        )
        for row, held in zip(rows, hidden, strict=True)
        if not held and row.source_node is not None and row.target_node is not None
    )


def _overlay(
    m: MapModel,
    result: Conformance,
    counts: FlowCounts,
    rows: list[Any],
    hidden: list[bool],
    texts: list[str],
    node_of: Mapping[str, str],
    label: Mapping[str, str],
    is_told: bool,
) -> Overlay:
    """The largest deviation of each node as heat, and how often each drawn flow is taken."""
    nodes: dict[str, Paint] = {}
    top = max((float(row.case_rate) for row, held in zip(rows, hidden, strict=True) if not held), default=0.0)
    for row, held, text in _three(rows, hidden, texts):
        for node in row.passed_over or (row.source_node or row.target_node,):
            if node is not None and node not in nodes:
                share = "" if held else f" · {percent_text(float(row.case_rate))}"
                heat = None if held or not top else float(row.case_rate) / top
                nodes[node] = Paint(heat=heat, text=f"{text}{share}", detail=f"{NAMES[row.deviation]}: {_place(row)}.")
    pair_of = {(node_of[a], node_of[b]): (a, b) for a, b in _pairs(counts) if a in node_of and b in node_of}
    flows: dict[str, Paint] = {}
    assert result.flows is not None
    taken: list[Any] = list(result.flows.itertuples(index=False))
    for row in taken:
        pair = pair_of.get((row.source_node, row.target_node))
        if pair is None:
            flows[row.flow] = Paint(text="never", detail="Drawn, but no case goes this way directly.")
        elif ("flow", *pair) not in counts.hidden:
            flows[row.flow] = Paint(
                text=count_of(row.n), width=float(row.n), detail=f"Taken {count_of(row.n)} times, as drawn."
            )
    table = OverlayTable(
        ["Deviation", "Where", "Cases", "Share"],
        [
            [NAMES[row.deviation], _place(row, label), text, percent_text(None if held else float(row.case_rate))]
            for row, held, text in list(_three(rows, hidden, texts))[:SHOWN_ROWS]
        ],
    )
    ticks = [percent_text(top * step / 2) for step in range(3)]
    ghosts = _ghosts(rows, hidden, label, top)
    legend = Legend("Cases that leave the drawn way", "", ticks, GHOSTS_TITLE if ghosts else "") if top else None
    fit = percent_text(result.fitting_rate) if is_told else small_text()
    subtitle = f"{cases_text(result.n_all)}, {fit} as drawn" if result.n_all and is_told else cases_text(result.n_all)
    return Overlay(result.title, subtitle, legend, nodes, flows, list(result.findings), table, ghosts=ghosts)


def _pairs(counts: FlowCounts) -> list[tuple[str, str]]:
    return list(zip(counts.flows["source"], counts.flows["target"], strict=True))


def _place(row: Any, label: Mapping[str, str] | None = None) -> str:
    if row.deviation == "undrawn_activity":
        return str(row.source)
    if row.source is None or row.target is None:
        return str(row.source or row.target)
    passed = f" (past {_listed(label, row.passed_over)})" if label and row.passed_over else ""
    return f"{row.source} → {row.target}{passed}"


def _listed(label: Mapping[str, str], nodes: tuple[str, ...]) -> str:
    names = [label.get(node, node)[:40] for node in nodes]
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} and {names[-1]}"


def _flow_keys(m: MapModel, path: list[str]) -> list[str]:
    """The drawn flows along a path, where two of it are joined directly."""
    return [str(key) for a, b in pairwise(path) if m.graph.has_edge(a, b) for key in m.graph[a][b]]


def _labels(m: MapModel) -> dict[str, str]:
    return {str(node): str(label or node) for node, label in m.graph.nodes(data="label")}


def _three(rows: list[Any], held: list[bool], other: list[Any]) -> Any:
    return zip(rows, held, other, strict=True)
