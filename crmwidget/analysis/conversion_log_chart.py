"""Conversion from a log as a chart: what visits to each stage became, in a window too, and by segment."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import MOST_ROWS, STEP, WIDTH, Rows, amounts, described, heading, names, tooltip
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.conversion_chart import LOST, OPEN, OTHER, WENT_ON, Step, of_outcome, shown_count, steps_chart
from crmwidget.analysis.conversion_log_shown import Asked
from crmwidget.data.numerals import number_text, percent_text

__all__ = ["log_conversion_chart"]


_COUNTED = {"first": "each case counts once at a stage, by its first visit", "every": "each visit counts"}
_OF_LOST = ("n_lost_here", "n_lost_in_time")


def log_conversion_chart(asked: Asked, public: pd.DataFrame, rows: pd.DataFrame, *, window: str, unit: str) -> Chart:
    """Of all together a bar a stage; of segments a point each."""
    if asked.by is None:
        return _in_time(asked, public, window, unit) if window else _by_now(asked, public, unit)
    of = "of those that left a stage" if not window else "of those that entered long enough ago to tell"
    columns = ("in_time_rate", "n_in_time", "n_observed") if window else ("forward_of_left", "n_forward", "n_left")
    return _segments(
        f"How many go on{f' within {window}' if window else ''}, by {asked.by}",
        rows,
        by=asked.by,
        of=columns,
        axis="went on, " + of,
        subtitle=f"larger points are of more {unit}; a point that is missing is of too few",
    )


def _by_now(asked: Asked, public: pd.DataFrame, unit: str) -> Chart:
    parts = {WENT_ON: "n_forward", OPEN: "n_open", "Closed": "n_ended", OTHER: "n_unknown", LOST: "n_lost_here"}
    steps = [_step(asked, row, "n_entered", parts) for row in public.to_dict("records")]
    title = "What became of those that entered each stage"
    return steps_chart(title, _COUNTED[asked.visits], steps, unit=f"{unit} that entered")


def _in_time(asked: Asked, public: pd.DataFrame, window: str, unit: str) -> Chart:
    parts = {WENT_ON: "n_in_time", OPEN: "n_late", LOST: "n_lost_in_time"}
    going = public[~public["activity"].isin(list(asked.endings))]
    steps = [_step(asked, row, "n_observed", parts) for row in going.to_dict("records")]
    return steps_chart(
        f"Who goes on within {window}",
        f"of the {unit} that entered at least {window} before the end of the log",
        steps,
        unit=f"{unit} that entered long enough ago",
        renamed={WENT_ON: f"Went on within {window}", OPEN: "Still here then", LOST: f"Lost within {window}"},
    )


def _step(asked: Asked, row: dict[Any, Any], whole: str, parts: dict[str, str]) -> Step:
    n = shown_count(row[whole])
    if row["activity"] in asked.endings:
        return of_outcome(row["activity"], n, row["outcome"])
    # what nothing means is undefined, and no part
    kept = {name: column for name, column in parts.items() if column not in _OF_LOST or asked.has("lost")}
    return Step(row["activity"], n, {name: shown_count(row[column]) for name, column in kept.items()})


def _segments(title: str, rows: pd.DataFrame, *, by: str, of: tuple[str, str, str], axis: str, subtitle: str) -> Chart:
    """A point for each segment of each stage, as large as its group, joined from the least to the most."""
    rate, part, base = of
    known = rows[rows[rate].notna()]
    stages = list(dict.fromkeys(known["activity"]))[:MOST_ROWS]
    known = known[known["activity"].isin(stages)]
    segments = list(dict.fromkeys(known["segment"]))
    values: Rows = [
        {
            "name": row["activity"],
            "segment": row["segment"],
            "rate": float(row[rate]),
            "n": int(row[base]),
            "told": f"{percent_text(float(row[rate]))}, {number_text(int(row[part]), style='full')} of "
            f"{number_text(int(row[base]), style='full')}",
        }
        for row in known.to_dict("records")
    ]
    colours = [Colour(f"category {number}") for number in range(len(segments))]
    least = min((row["rate"] for row in values), default=0.0)
    rates = {**amounts("rate", axis, is_share=True), "scale": {"domain": [math.floor(least * 10) / 10, 1]}}
    spans = {
        "mark": {"type": "rule", "strokeWidth": 4, "strokeCap": "round", "color": Colour("whole")},
        "encoding": {
            "x": {"field": "rate", "type": "quantitative", "aggregate": "min", "scale": rates["scale"]},
            "x2": {"field": "rate", "aggregate": "max"},
        },
    }
    points = {
        "mark": {"type": "point", "opacity": 1},
        "encoding": {
            "x": rates,
            "yOffset": {"field": "segment", "type": "nominal", "sort": segments},
            "color": {"field": "segment", "type": "nominal", "scale": {"domain": segments, "range": colours}},
            "shape": {"field": "segment", "type": "nominal", "scale": {"domain": segments}},
            "size": {"field": "n", "type": "quantitative", "scale": {"range": [30, 90]}, "legend": None},
            "tooltip": tooltip(name="Stage", segment=by, told="Went on"),
        },
    }
    return Chart(
        title,
        {
            "title": heading(title, f"{subtitle}; the axis begins above 0" if least >= 0.1 else subtitle),
            "width": WIDTH,
            "height": {"step": max(STEP, 11 * len(segments)), "for": "position"},
            "data": {"values": values},
            "encoding": {"y": names("name", stages, grid=True)},
            "layer": [spans, points],
        },
        described(title, [f"{row['name']}, {row['segment']}: {row['told']}" for row in values]),
    )
