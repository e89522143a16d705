"""Conformance as a chart: the deviations from the drawn way, the one with most cases first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import (
    MOST_ROWS,
    Rows,
    amounts,
    described,
    heading,
    labelled_bars,
    parts_of,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.table_cells import count_of, rows_of
from crmwidget.data.numerals import percent_text

__all__ = ["conformance_chart"]


def conformance_chart(
    public: pd.DataFrame, *, kinds: dict[str, str], place: Callable[[Any], str], subtitle: str
) -> Chart:
    """A bar for each deviation that may be shown, in the colour of its kind."""
    shown = public[public["n_cases"].notna()].head(MOST_ROWS)
    values: Rows = []
    for row in rows_of(shown):
        name = place(row)
        where = name if row.deviation != "undrawn_start" and row.deviation != "undrawn_end" else f"{name} "
        values.append(
            {
                "name": where if where not in {value["name"] for value in values} else f"{where} ({row.deviation})",
                "part": kinds[str(row.deviation)],
                "share": float(row.case_rate),
                "label": f"{percent_text(float(row.case_rate))} · {count_of(row.n_cases)}",
                "cases": f"{count_of(row.n_cases)} of {count_of(row.n_all)}",
                "times": count_of(row.n),
            }
        )
    present = [name for name in kinds.values() if any(row["part"] == name for row in values)]
    number = {name: number for number, name in enumerate(kinds.values())}
    title = "Where cases leave the drawn way"
    most = max((row["share"] for row in values), default=1.0)
    bars = labelled_bars(
        values,
        order=[row["name"] for row in values],
        axis=amounts("share", "share of the cases", is_share=True, most=_up(most)),
        told=tooltip(part="Deviation", name="Where", cases="Cases", times="Times"),
        colour=parts_of({name: Colour(f"category {number[name]}") for name in present}),
    )
    told = [f"{row['part']}, {row['name']}: {row['cases']} cases" for row in values]
    return Chart(title, {"title": heading(title, subtitle), **bars}, described(title, told))


def _up(share: float) -> float:
    """The end of the axis: the next of some round shares."""
    return next(top for top in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0) if top >= min(share, 1.0))
