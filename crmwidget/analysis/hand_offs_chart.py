"""Hand-offs as a chart: the matrix of who hands over to whom."""

from __future__ import annotations

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import Rows, described, heading, matrix, tooltip
from crmwidget.analysis.table_cells import count_of, rows_of, time_of

__all__ = ["hand_offs_chart"]

MOST_HANDS = 20
TOLD = {"from": "From", "to": "To", "label": "Hand-overs", "cases": "Cases", "wait": "Waiting (median)"}


def hand_offs_chart(pairs: pd.DataFrame) -> Chart:
    """How often each hands over to each; the busiest first, pairs that may not be shown are empty."""
    busy = pd.concat([pairs.groupby("source")["n"].sum(), pairs.groupby("target")["n"].sum()])
    busy = busy.groupby(level=0).sum().sort_values(ascending=False, kind="stable")
    hands = [str(name) for name in busy.index[:MOST_HANDS]]
    shown = pairs[pairs["source"].isin(hands) & pairs["target"].isin(hands)]
    values: Rows = [
        {
            "from": row.source,
            "to": row.target,
            "times": int(row.n),
            "label": count_of(row.n),
            "cases": count_of(row.n_cases),
            "wait": time_of(row.median_waiting_time),
        }
        for row in rows_of(shown)
    ]
    title = "Who hands over to whom"
    rows = matrix(
        values,
        across={
            "field": "to",
            "type": "nominal",
            "title": "to",
            "sort": hands,
            "axis": {"labelAngle": -40, "orient": "top"},
        },
        down={"field": "from", "type": "nominal", "title": "from", "sort": hands},
        value="times",
        title="hand-overs",
        told=tooltip(
            **{"from": "From", "to": "To", "label": "Hand-overs", "cases": "Cases", "wait": "Waiting (median)"}
        ),
    )
    return Chart(
        title,
        {"title": heading(title, "times that one follows directly on another"), **rows},
        described(title, [f"{row['from']} to {row['to']}: {row['label']}" for row in values]),
    )
