"""What a conversion shows: findings in sentences, and heat, texts, widths and a legend on the map."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmwidget.analysis.conversion_chart import conversion_chart
from crmwidget.analysis.conversion_groups import Groups
from crmwidget.analysis.conversion_shown import HELD_BACK, Shown, held_back
from crmwidget.analysis.passage import Pair
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.stage_table import StageTable
from crmwidget.data.numerals import DASH, number_text, percent_text
from crmwidget.data.privacy import small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

__all__ = ["conversion_result"]

NAME, TITLE = "conversion", "Conversion and drop-off"
COLUMNS = {
    "label": "Stage",
    "n_entered": "Entered",
    "n_forward": "Forward",
    "forward_rate": "Forward rate",
    "n_lost_here": "Lost here",
    "lost_rate": "Lost rate",
    "n_open": "Open",
    "n_won": "Won",
    "won_of_entered": "Won of entered",
    "won_amount": "Won amount",
}
# What there is room for beside the map; the result's own table has all of it.
BESIDE_THE_MAP = {
    "label": "Stage",
    "n_entered": "Entered",
    "n_forward": "Forward",
    "n_lost_here": "Lost",
    "n_open": "Open",
}
_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def conversion_result(groups: Groups, source: StageTable, nodes: pd.DataFrame, flows: pd.DataFrame) -> Result:
    """The result of a conversion: exact tables, and what may be shown of them."""
    shown = held_back(groups, source, nodes, flows)
    findings = _findings(groups, source, shown)
    notes = _notes(groups, source, shown)
    result = Result(NAME, TITLE, nodes, findings=findings, notes=notes, grain="node", public=shown.nodes, flows=flows)
    result.overlay = _overlay(groups, source, shown, findings)
    subtitle = result.overlay.subtitle
    result.drawing = lambda: conversion_chart(shown.nodes, groups.outcomes, subtitle=subtitle)
    return result


# ---- sentences -----------------------------------------------------------------------------------------


def _findings(groups: Groups, source: StageTable, shown: Shown) -> list[Finding]:
    found = [
        *_unmatched_finding(groups, source, shown),
        *_drop_off_finding(groups, shown),
        *_standing_finding(groups, shown),
        *_unplaced_finding(groups, shown),
        *_win_rate_finding(groups, source, shown),
    ]
    if shown.counts["all",] == 0:
        return [Finding("info", "The table has no rows.", f"Table {source.table.name}.", "Attach rows.", [], [])]
    return found


def _drop_off_finding(groups: Groups, shown: Shown) -> list[Finding]:
    lossy = shown.nodes[shown.nodes["lost_rate"] > 0]
    if lossy.empty:
        return []
    row: Any = lossy.iloc[int(lossy["lost_rate"].argmax())]
    node = row["node"]
    ends = [end for end in groups.lost_at if groups.way.has_edge(node, end)]
    open_rest = (
        ""
        if shown.is_hidden("node", node, "n_open")
        else f"; {shown.text('node', node, 'n_open')} are still open there"
    )
    return [
        Finding(
            "bad",
            f"{row['label']} loses the most: {percent_text(row['lost_rate'])} of those that enter.",
            f"{shown.text('node', node, 'n_lost_here')} of {shown.text('node', node, 'n_entered')} entered "
            f"were lost directly from here{open_rest}.",
            f"Compare the won with the lost at {row['label']}, by segment, product and owner.",
            [node, *ends],
            [str(key) for end in ends for key in groups.way[node][end]],
        )
    ]


def _standing_finding(groups: Groups, shown: Shown) -> list[Finding]:
    standing = shown.nodes[(shown.nodes["n_open"] > 0).fillna(False) & shown.nodes["n_entered"].notna()]
    if standing.empty:
        return []
    row: Any = standing.iloc[int(standing["n_open"].astype("int64").argmax())]
    worth = f", worth {number_text(row['open_amount'])}" if pd.notna(row["open_amount"]) else ""
    return [
        Finding(
            "info",
            f"Most of what is open stands at {row['label']}.",
            f"{shown.text('node', row['node'], 'n_open')} of {shown.text('node', row['node'], 'n_entered')} entered "
            f"({percent_text(row['n_open'] / row['n_entered'])}) are there now{worth}.",
            f"Ask how long they have been at {row['label']}: attach a history of stage changes.",
            [row["node"]],
            [],
        )
    ]


def _win_rate_finding(groups: Groups, source: StageTable, shown: Shown) -> list[Finding]:
    won = [node for node, outcome in groups.outcomes.items() if outcome == "won"]
    if len(won) == 0 or not groups.lost_at:
        return []
    # of the whole map: at the first node that all closed ones have entered
    whole = shown.nodes[shown.nodes["win_rate_of_closed"].notna()]
    if whole.empty:
        return []
    row: Any = whole.iloc[int((whole["n_won"] + whole["n_lost"]).astype("int64").argmax())]
    node = row["node"]
    n_closed = number_text(int(row["n_won"]) + int(row["n_lost"]), style="full")
    money = f" Won amount {number_text(row['won_amount'], style='full')}." if pd.notna(row["won_amount"]) else ""
    if shown.is_hidden("node", node, "n_closed"):
        return []
    return [
        Finding(
            "info",
            f"{percent_text(row['win_rate_of_closed'])} of the closed are won.",
            f"{shown.text('node', node, 'n_won')} won of {n_closed} closed, "
            f"among {shown.text('node', node, 'n_entered')} that entered {row['label']}.{money}",
            "",
            won,
            [],
        )
    ]


def _unplaced_finding(groups: Groups, shown: Shown) -> list[Finding]:
    found = []
    for end, mask in groups.lost_at.items():
        sources = [node for node in groups.way.predecessors(end) if groups.cells(node)["n_unplaced"] & mask]
        if not sources:
            continue
        label = groups.way.nodes[end].get("label") or end
        query = ("node", end, "n_current")
        found.append(
            Finding(
                "warn",
                f"It cannot be told from which stage {label} was reached.",
                f"{shown.text(*query)} are there now, and {len(sources)} stages lead there, so their loss is placed "
                "at none of them.",
                f"Draw an end of its own per stage that loses, with outcome “lost”, or let only one lead to {label}.",
                [end, *sources],
                [str(key) for node in sources for key in groups.way[node][end]],
            )
        )
    return found


def _unmatched_finding(groups: Groups, source: StageTable, shown: Shown) -> list[Finding]:
    if not source.match.unmatched:
        return []
    listed = [item for item in source.match.unmatched if not shown.is_hidden("unmatched", item.value)][:5]
    labels = groups.way.nodes(data="label")
    parts, near = [], []
    for item in listed:
        text = item.value if len(item.value) <= 40 else f"{item.value[:40]}…"
        hint = ""
        if item.nearest is not None:
            near.append(item.nearest)
            label = labels[item.nearest] or item.nearest
            hint = f", between {len(item.candidates)} nodes of that name" if item.candidates else f", nearest: {label}"
        parts.append(f"“{text}” {shown.text('unmatched', item.value)}{hint}")
    n_more = len(source.match.unmatched) - len(listed)
    if n_more:
        parts.append(f"{n_more} other values")
    n_all = shown.counts["all",]
    n_unmatched = shown.counts["unmatched",]
    return [
        Finding(
            "bad" if n_unmatched > 0.1 * n_all else "warn",
            "Some opportunities are at a stage that is not on the map.",
            f"{shown.text('unmatched')} of {shown.text('all')} rows: {'; '.join(parts)}. They are counted nowhere.",
            f"Rename the values in the column {source.stage}, or the node, or add a node of that name.",
            list(dict.fromkeys(near)),
            [],
        )
    ]


def _notes(groups: Groups, source: StageTable, shown: Shown) -> list[str]:
    label = {node: str(text or node) for node, text in groups.way.nodes(data="label")}
    notes = [
        f"Table {source.table.name!r}, column {source.stage!r}: {shown.text('all')} rows, one per opportunity.",
        *source.notes,
        "Entered: every way on the map to where an opportunity is now leads through the node.",
    ]
    notes.extend(
        f"A way leads back to {label[node]}, the first of its circle: ways are assumed to begin there. "
        "A node of kind start says where they do."
        for node in groups.passed.assumed_entries
    )
    if source.match.n_missing:
        notes.append(f"{shown.text('missing')} rows name no stage; they are counted nowhere.")
    notes.extend(f"{label[node]} is taken as {groups.outcomes[node]}, by its name." for node in groups.inferred)
    lacking = [outcome for outcome in ("won", "lost") if outcome not in groups.outcomes.values()]
    if lacking:
        notes.append(
            f"No node means {' or '.join(lacking)}, so that is undefined; give a node outcome=…, or an end such a name."
        )
    perhaps = [node for node in groups.way if groups.count(groups.passed.perhaps_entered[node])]
    if perhaps:
        names = ", ".join(label[node] for node in perhaps[:5]) + (" …" if len(perhaps) > 5 else "")
        notes.append(f"Not every way leads through {names}: there only those are counted that surely passed.")
    if any(count > 1 for count in groups.n_parallel.values()):
        notes.append("Parallel flows share their numbers: which of them was taken cannot be told.")
    if groups.passed.returning:
        notes.append("Flows that lead back have no numbers: where one is now does not tell how often one went back.")
    if shown.hidden:
        notes.append(f"{small_text()}: a group too small to show; {HELD_BACK}: held back, as one could be worked out.")
    return notes


# ---- on the map ----------------------------------------------------------------------------------------


def _overlay(groups: Groups, source: StageTable, shown: Shown, findings: list[Finding]) -> Overlay:
    rates = shown.nodes["lost_rate"].dropna()
    top = next((top for top in _TOPS if top >= rates.max()), 1.0) if len(rates) else 1.0
    legend = Legend("Share lost of entered", "%", [percent_text(top * step / 2) for step in range(3)])
    rows = [row for _, row in shown.nodes.iterrows()]
    return Overlay(
        title=TITLE,
        subtitle=f"{shown.text('matched')} opportunities, by the stage they are at now",
        legend=legend if len(rates) else None,
        nodes={str(row["node"]): _node_paint(row, groups, shown, top) for row in rows},
        flows={str(row["flow"]): _flow_paint(row, shown) for _, row in shown.flows.iterrows()},
        findings=findings,
        table=OverlayTable(
            list(BESIDE_THE_MAP.values()),
            [[_table_text(row, name, shown) for name in BESIDE_THE_MAP] for row in rows[:SHOWN_ROWS]],
        ),
    )


def _node_paint(row: Any, groups: Groups, shown: Shown, top: float) -> Paint:
    node = row["node"]

    def text(name: str) -> str:
        return shown.text("node", node, name)

    if groups.outcomes.get(node) is not None and not groups.way.out_degree(node):
        amount = row[f"{groups.outcomes[node]}_amount"]
        worth = f"worth {number_text(amount)}" if pd.notna(amount) and amount else ""
        return Paint(text=f"{text('n_entered')} {groups.outcomes[node]}", detail=worth)
    parts = [f"{text('n_forward')} forward{_in_brackets(row['forward_rate'])}"]
    if pd.notna(row["n_lost_here"]) or shown.is_hidden("node", node, "n_lost_here"):
        parts.append(f"{text('n_lost_here')} lost here{_in_brackets(row['lost_rate'])}")
    parts.append(f"{text('n_open')} open")
    if shown.counts["node", node, "n_unplaced"]:
        parts.append(f"{text('n_unplaced')} lost here or later")
    if shown.counts["node", node, "n_undetermined"]:
        parts.append(f"{text('n_undetermined')} more perhaps passed")
    lost, forward = row["lost_rate"], row["forward_rate"]
    headline = text("n_entered")
    if pd.notna(lost) and lost > 0:
        headline += f" · {percent_text(lost)} lost"
    elif pd.notna(forward):
        headline += f" · {percent_text(forward)} forward"
    return Paint(
        heat=min(1.0, float(lost) / top) if pd.notna(lost) else None,
        text=headline,
        detail=f"Of {text('n_entered')} entered: {', '.join(parts)}.",
    )


def _flow_paint(row: Any, shown: Shown) -> Paint:
    pair: Pair = (row["source"], row["target"])
    if row["is_returning"]:
        return Paint(detail="Leads back: where one is now does not tell how often it was taken.")
    rate = f" · {percent_text(row['taken_rate'])}" if pd.notna(row["taken_rate"]) else ""
    n_taken = row["n_taken"]
    detail = f"{shown.text('flow', pair, 'n_taken')} of {shown.text('node', pair[0], 'n_entered')} that entered"
    if shown.counts["flow", pair, "n_undetermined"]:
        detail += f"; {shown.text('flow', pair, 'n_undetermined')} more perhaps went this way"
    if row["n_parallel"] > 1:
        detail += f"; shared by {row['n_parallel']} parallel flows"
    width = float(n_taken) / float(row["n_parallel"]) if pd.notna(n_taken) else None
    return Paint(text=f"{shown.text('flow', pair, 'n_taken')}{rate}", detail=f"{detail}.", width=width)


def _table_text(row: Any, name: str, shown: Shown) -> str:
    if name == "label":
        return str(row[name])
    if name.startswith("n_"):
        is_defined = pd.notna(row[name]) or shown.is_hidden("node", row["node"], name)
        return shown.text("node", row["node"], name) if is_defined else DASH
    value = None if pd.isna(row[name]) else float(row[name])
    return number_text(value) if name.endswith("_amount") else percent_text(value)


def _in_brackets(rate: Any) -> str:
    return f" ({percent_text(float(rate))})" if pd.notna(rate) else ""
