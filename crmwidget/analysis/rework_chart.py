"""Rework as a chart: the time that repeats take at each stage, and how many they are."""

from __future__ import annotations

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import (
    MOST_ROWS,
    Rows,
    amounts,
    described,
    heading,
    labelled_bars,
    time_unit,
    tooltip,
)
from crmwidget.analysis.table_cells import count_of, rows_of, time_of
from crmwidget.data.numerals import percent_text

__all__ = ["rework_chart"]


def rework_chart(stages: pd.DataFrame) -> Chart:
    """A bar for each stage whose repeats may be shown, the costliest first."""
    known = stages[stages["extra_time"].notna() & stages["n_repeats"].notna() & (stages["n_repeats"] > 0)]
    known = known.sort_values("extra_time", ascending=False, kind="stable").head(MOST_ROWS)
    size, unit = time_unit(known["extra_time"].dt.total_seconds()) if len(known) else (1.0, "seconds")
    values: Rows = [
        {
            "name": row.activity,
            "time": row.extra_time.total_seconds() / size,
            "label": f"{time_of(row.extra_time)} · {count_of(row.n_repeats)} repeats",
            "took": time_of(row.extra_time),
            "repeats": count_of(row.n_repeats)
            + (
                f" of {count_of(row.n_events)} ({percent_text(row.n_repeats / row.n_events)})"
                if pd.notna(row.n_events) and row.n_events
                else ""
            ),
        }
        for row in rows_of(known)
    ]
    title = "Where work is done again, and what time it takes"
    bars = labelled_bars(
        values,
        order=[row["name"] for row in values],
        axis=amounts("time", f"extra {unit}, all cases together"),
        told=tooltip(name="Stage", took="Extra time", repeats="Repeats"),
    )
    said = [f"{row['name']}: {row['took']}, {row['repeats']} events are repeats" for row in values]
    subtitle = "from the end of the event before a repeat to the end of the repeat"
    return Chart(title, {"title": heading(title, subtitle), **bars}, described(title, said))
