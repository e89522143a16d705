"""What a what-if paints on stages and flows, and the small table beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crmwidget.analysis.what_if_asked import AsItIs, Asked, Told
from crmwidget.analysis.what_if_numbers import OVERLOADED
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import small_text
from crmwidget.shown import OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["flow_paints", "small_table", "stage_paints"]

SHOWN_ROWS = 100
NOT_REACHED = "not reached"


def stage_paints(asked: Asked) -> dict[str, Paint]:
    """How loaded each stage is, and what moves there; where nothing does, it is painted as the map as it is."""
    as_is, told, was = asked.as_is, asked.told, asked.as_is.told
    any_moved = [any(of_row) for of_row in zip(*asked.moved.values(), strict=True)]
    paints: dict[str, Paint] = {}
    for i, (node, key) in enumerate(zip(asked.after.nodes, asked.after.keys, strict=True)):
        row = i + 1
        status = told.statuses[row]
        if node is None or (status == NOT_REACHED and _is_terminal(asked.m, node)):
            continue
        if status == NOT_REACHED:
            paints[node] = Paint(text=NOT_REACHED)
        elif key in asked.before.small:
            paints[node] = Paint(text=small_text())
        elif any_moved[row] or status != was.statuses[row]:
            paints[node] = _paint(told, row, {name for name, moved in asked.moved.items() if moved[row]}, was)
        else:
            paints[node] = _paint_as_it_is(as_is, row)
    return paints


def _paint_as_it_is(as_is: AsItIs, row: int) -> Paint:
    if row not in as_is.paints:
        as_is.paints[row] = _paint(as_is.told, row, set(), as_is.told)
    return as_is.paints[row]


def _paint(told: Told, row: int, moved: set[str], was: Told) -> Paint:
    """Of one stage; of numbers that have moved it is told what they were."""

    def text(name: str) -> str:
        now = told.text(name, row)
        return f"{now} (was {was.text(name, row)})" if name in moved else now

    utilisation, arrivals = told.values["utilisation"][row], f"{told.text('arrivals_per_month', row)} a month"
    if told.statuses[row] == OVERLOADED:
        shown = OVERLOADED
    elif told.values["work_in_progress"][row]:
        shown = f"{told.text('work_in_progress', row)} in progress"
    else:
        shown = arrivals
    parts = [arrivals]
    if "arrivals_per_month" in moved:
        parts = [f"{arrivals} (was {was.text('arrivals_per_month', row)})"]
    has_load = not math.isnan(utilisation)
    if has_load:
        parts += [f"utilisation {told.text('utilisation', row)}", f"wait {text('wait')}"]
    if told.values["throughput_time"][row] or was.values["throughput_time"][row]:
        parts.append(f"time {text('throughput_time')}")
    return Paint(heat=min(1.0, utilisation) if has_load else None, text=shown, detail=f"{'; '.join(parts)}.")


def _is_terminal(m: MapModel, node: str) -> bool:
    """Whether a node is where ways begin or end, of which a log need not know."""
    return m.graph.nodes[node].get("kind") in {"start", "end"}


def flow_paints(asked: Asked) -> dict[str, Paint]:
    """The flows whose share is another than before."""
    m, before, after = asked.m, asked.before, asked.after
    if after.routes is before.routes:
        return {}
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


def small_table(asked: Asked) -> OverlayTable:
    """The whole map and the first stages, as they would be."""
    told, was, model = asked.told, asked.as_is.told, asked.after
    small = [False, *(key in asked.before.small for key in model.keys)][:SHOWN_ROWS]
    labels = ["Whole map", *model.labels][:SHOWN_ROWS]
    rows = []
    for row, (label, is_small) in enumerate(zip(labels, small, strict=True)):
        has_moved = told.statuses[row] != was.statuses[row] or any(moved[row] for moved in asked.moved.values())
        known = None if has_moved else asked.as_is.rows.get(row)
        if known is None:
            known = [label, *([small_text()] * 3 if is_small else _cells(told, row))]
            if not has_moved:
                asked.as_is.rows[row] = known
        rows.append(known)
    return OverlayTable(["Stage", "In progress", "Time", "Utilisation"], rows)


def _cells(told: Told, row: int) -> list[str]:
    if told.statuses[row] == OVERLOADED:
        return [OVERLOADED, OVERLOADED, told.text("utilisation", row)]
    return [told.text(name, row) for name in ("work_in_progress", "throughput_time", "utilisation")]
