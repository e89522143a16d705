"""Flows as a chart: how often each is taken, and beside it how long it takes."""

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
    time_unit,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.table_cells import count_of, rows_of, time_of
from crmwidget.data.numerals import percent_text

__all__ = ["flows_chart"]


def flows_chart(public: pd.DataFrame) -> Chart:
    """The most frequent flows that may be shown: bars of their number, and from the median to the 95th percentile."""
    shown = public[public["n"].notna()].sort_values("n", ascending=False, kind="stable").head(MOST_ROWS)
    times = shown[["median_time", "p95_time"]].stack().dropna()
    size, unit = time_unit(times.dt.total_seconds()) if len(times) else (1.0, "seconds")
    values: Rows = []
    for row in rows_of(shown):
        timed = {}
        if pd.notna(row.median_time):
            timed = {"median": row.median_time.total_seconds() / size, "p95": row.p95_time.total_seconds() / size}
        rate = f"{percent_text(float(row.taken_rate))} of {count_of(row.n_source)}" if pd.notna(row.taken_rate) else "–"
        values.append(
            {
                "name": f"{row.source} → {row.target}",
                "n": int(row.n),
                "label": count_of(row.n),
                "cases": count_of(row.n_cases),
                "rate": rate,
                "median_text": time_of(row.median_time),
                "p95_text": time_of(row.p95_time),
                **timed,
            }
        )
    order = [row["name"] for row in values]
    told = tooltip(
        name="Flow",
        label="Times taken",
        cases="Cases",
        rate="Of those that leave",
        median_text="Median time",
        p95_text="95 % take at most",
    )
    often = {
        "title": panel("Times taken"),
        "width": WIDTH * 0.45,
        "height": {"step": STEP},
        "encoding": {"y": names("name", order), "x": amounts("n", "times"), "tooltip": told},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}},
            {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"text": {"field": "label"}}},
        ],
    }
    hidden_names = {**names("name", order), "axis": {"labels": False}}
    long = {
        "title": panel("Time it takes: median, and what 95 % take at most"),
        "width": WIDTH * 0.75,
        "height": {"step": STEP},
        "encoding": {"y": hidden_names, "tooltip": told},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.median)"}],
                "mark": {"type": "rule", "strokeWidth": 4, "strokeCap": "round", "color": Colour("whole")},
                "encoding": {"x": amounts("median", unit), "x2": {"field": "p95"}},
            },
            {"mark": {"type": "point", "opacity": 1}, "encoding": {"x": amounts("median", unit)}},
            {
                "transform": [{"filter": "isValid(datum.median)"}],
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": amounts("p95", unit), "text": {"field": "median_text"}},
            },
        ],
    }
    title = "How often each flow is taken, and how long it takes"
    told_of = [f"{row['name']}: {row['label']} times, {row['median_text']} (median)" for row in values]
    rest = len(public) - len(shown)
    subtitle = f"The {len(shown)} most frequent of {len(public)} flows" if rest else f"{len(public)} flows"
    return Chart(
        title,
        {"title": heading(title, subtitle), "data": {"values": values}, "hconcat": [often, long], "spacing": 40},
        described(title, told_of),
    )
