"""Bottlenecks as a chart: the time at each stage, waiting and service apart, and the cases under way over time."""

from __future__ import annotations

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import (
    MOST_ROWS,
    STEP,
    WIDTH,
    Rows,
    amounts,
    described,
    heading,
    names,
    panel,
    parts_of,
    time_unit,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.stays import Stays
from crmwidget.analysis.table_cells import rows_of, time_of
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import is_small

__all__ = ["bottlenecks_chart"]


def bottlenecks_chart(found: Stays, stages: pd.DataFrame, *, is_started: bool) -> Chart:
    """The stages that may be shown in the order of the log, and under them how many cases were under way."""
    shown = stages.head(MOST_ROWS)
    parts = {"Waiting": Colour("warn"), "Service": Colour("accent")} if is_started else {"Time": Colour("accent")}
    columns = {"Waiting": "total_waiting_time", "Service": "total_service_time", "Time": "total_time"}
    times = [row[columns[part]] for _, row in shown.iterrows() for part in parts]
    size, unit = time_unit(time.total_seconds() for time in times if pd.notna(time))
    values: Rows = []
    labels: Rows = []
    for row in rows_of(shown):
        known = {part: getattr(row, columns[part]) for part in parts if pd.notna(getattr(row, columns[part]))}
        values += [
            {
                "name": row.activity,
                "part": part,
                "order": number,
                "time": took.total_seconds() / size,
                "told": time_of(took),
                "share": percent_text(row.time_rate if pd.notna(row.time_rate) else None),
                "median": time_of(row.median_time),
                "p95": time_of(row.p95_time),
            }
            for number, (part, took) in enumerate(known.items())
        ]
        if known and pd.notna(row.time_rate):
            total = sum(took.total_seconds() for took in known.values()) / size
            labels.append({"name": row.activity, "time": total, "label": percent_text(row.time_rate)})
    axis = amounts("time", f"{unit}, all cases together")
    bars = {
        "width": WIDTH,
        "height": {"step": STEP},
        "encoding": {"y": names("name", list(dict.fromkeys(row["name"] for row in values)))},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar"},
                "encoding": {
                    "x": axis,
                    "color": parts_of(parts),
                    "order": {"field": "order"},
                    "tooltip": tooltip(
                        name="Stage",
                        part="Of this",
                        told="Together",
                        share="Share of all time",
                        median="One stay (median)",
                        p95="95 % take at most",
                    ),
                },
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": axis, "text": {"field": "label"}},
            },
        ],
    }
    under_way: Rows = [
        {"at": pd.Timestamp(int(at), unit="us", tz="UTC").floor("h").isoformat(), "cases": int(n)}
        for at, n in zip(found.instants, found.under_way, strict=True)
        if not is_small(int(n))
    ]
    line = {
        "title": panel("Cases under way"),
        "width": WIDTH,
        "height": 110,
        "data": {"values": under_way},
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.35, "line": {"color": Colour("accent")}},
        "encoding": {
            "x": {"field": "at", "type": "temporal", "title": None, "axis": {"grid": False}},
            "y": {
                "field": "cases",
                "type": "quantitative",
                "title": "cases",
                "axis": {"tickCount": 4, "format": ",~f"},
            },
            "tooltip": [
                {"field": "at", "type": "temporal", "title": "At", "format": "%d %b %Y"},
                {"field": "cases", "type": "quantitative", "title": "Cases under way", "format": ",d"},
            ],
        },
    }
    title = "Where the time goes"
    said = [f"{row['name']}: {row['label']} of the time" for row in labels]
    return Chart(
        title,
        {
            "title": heading(title, "time at each stage, all cases together, and its share of all time"),
            "vconcat": [bars, line],
            "spacing": 24,
        },
        described(title, said),
    )
