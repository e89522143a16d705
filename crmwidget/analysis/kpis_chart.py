"""Performance as a chart: each figure against its target, and without targets how figures went over time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import (
    MOST_ROWS,
    STEP,
    WIDTH,
    Rows,
    described,
    heading,
    names,
    panel,
    parts_of,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.table_cells import rows_of
from crmwidget.data.numerals import number_text, percent_text

__all__ = ["kpis_chart"]

MOST_ATTAINED = 1.5  # of a target: what is far beyond it would press all others together
MOST_STAGES = 8
STATUSES = {"met": Colour("good"), "near": Colour("warn"), "missed": Colour("bad")}
_SAID = {"met": "Target met", "near": "Within a tenth", "missed": "Missed"}


def kpis_chart(public: pd.DataFrame, latest: list[Any], *, rates: set[str]) -> Chart:
    """Bullets where there are targets; else lines."""
    judged = [row for row in latest if isinstance(row.status, str) and pd.notna(row.attained)]
    return _bullets(judged, rates) if judged else _lines(public, rates)


def _bullets(judged: list[Any], rates: set[str]) -> Chart:
    """The value of the latest period as a share of its target, worst first: figures of any unit on one axis."""
    judged = sorted(judged, key=lambda row: float(row.attained))[:MOST_ROWS]
    values: Rows = []
    for row in judged:
        value, target = _text(row.kpi, row.value, rates), _text(row.kpi, row.target, rates)
        made = f"{number_text(int(row.n_part), style='full')} of " if pd.notna(row.n_part) else "over "
        values.append(
            {
                "name": f"{row.label}, {row.kpi}",
                "attained": min(max(float(row.attained), 0.0), MOST_ATTAINED),
                "part": _SAID[row.status],
                "label": f"{value} of {target}",
                "share": percent_text(float(row.attained)),
                "made": f"{made}{number_text(int(row.n_base), style='full')}",
                "before": _text(row.kpi, row.before, rates),
                "period": row.period_name,
            }
        )
    parts = {said: STATUSES[status] for status, said in _SAID.items() if any(v["part"] == said for v in values)}
    told = tooltip(
        name="Figure",
        label="Value of target",
        share="Attained",
        made="Made of",
        before="Period before",
        period="Period",
    )
    axis = {
        "field": "attained",
        "type": "quantitative",
        "title": "share of the target",
        "scale": {"domain": [0, max(1.1, *(row["attained"] for row in values))], "nice": False},
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]},
    }
    ground = {
        "mark": {"type": "bar", "color": Colour("whole"), "height": {"band": 0.75}},
        "encoding": {"x": {"datum": 0.9, "type": "quantitative"}, "x2": {"datum": 0}},
    }
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.4}},
        "encoding": {"x": axis, "color": parts_of(parts)},
    }
    goal = {
        "mark": {"type": "tick", "thickness": 2, "height": 18, "color": Colour("text"), "opacity": 1},
        "encoding": {"x": {"datum": 1, "type": "quantitative"}},
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {
            "x": {"datum": max(1.1, *(row["attained"] for row in values)), "type": "quantitative"},
            "text": {"field": "label"},
        },
    }
    n_met = sum(row.status == "met" for row in judged)
    title = "Figures against their targets"
    subtitle = (
        f"{n_met} of {len(judged)} targets met, {judged[0].period_name}; the stroke is the target, grey nine tenths"
    )
    return Chart(
        title,
        {
            "title": heading(title, subtitle),
            "width": WIDTH,
            "height": {"step": STEP + 4},
            "data": {"values": values},
            "encoding": {"y": names("name", [row["name"] for row in values]), "tooltip": told},
            "layer": [ground, bar, goal, text],
        },
        described(title, [f"{row['name']}: {row['label']}, {row['share']}" for row in values]),
    )


def _lines(public: pd.DataFrame, rates: set[str]) -> Chart:
    """A panel for each figure, in it a line for each stage from period to period."""
    known = public[public["value"].notna()]
    stages = list(dict.fromkeys(known["label"]))[:MOST_STAGES]
    known = known[known["label"].isin(stages)]
    colours = [Colour(f"category {number}") for number in range(len(stages))]
    panels = []
    told = []
    for kpi, rows in known.groupby("kpi", sort=False):
        values: Rows = []
        for row in rows_of(rows):
            base = f"{number_text(int(row.n_base), style='full')}" if pd.notna(row.n_base) else ""
            values.append(
                {
                    "stage": row.label,
                    "at": row.period.isoformat(),
                    "period": row.period_name,
                    "value": float(row.value),
                    "label": _text(str(kpi), row.value, rates),
                    "base": base,
                }
            )
        last = values[-1]
        told.append(f"{kpi} of {last['stage']} in {last['period']}: {last['label']}")
        panels.append(
            {
                "title": panel(str(kpi).capitalize()),
                "width": WIDTH * 0.6,
                "height": 140,
                "data": {"values": values},
                "mark": {"type": "line", "point": {"size": 26}},
                "encoding": {
                    "x": {"field": "at", "type": "temporal", "title": None, "axis": {"grid": False, "tickCount": 4}},
                    "y": {
                        "field": "value",
                        "type": "quantitative",
                        "title": None,
                        "axis": {"format": ".0%" if kpi in rates else "~s", "tickCount": 4},
                    },
                    "color": {"field": "stage", "type": "nominal", "scale": {"domain": stages, "range": colours}},
                    "tooltip": tooltip(stage="Stage", period="Period", label=str(kpi).capitalize(), base="Over"),
                },
            }
        )
    title = "Figures of each stage, period by period"
    body: dict[str, Any] = {"concat": panels, "columns": 2, "spacing": 28} if panels else _nothing()
    return Chart(title, {"title": heading(title, "No stage has a target yet"), **body}, described(title, told))


def _nothing() -> dict[str, Any]:
    return {"data": {"values": []}, "mark": "bar", "width": WIDTH, "height": STEP}


def _text(kpi: str, value: float, rates: set[str]) -> str:
    return percent_text(value) if kpi in rates else number_text(value)
