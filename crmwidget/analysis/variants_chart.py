"""Variants as a chart: the most frequent ways, and how many of the cases they cover together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import STEP, WIDTH, Rows, amounts, described, heading, names, tooltip
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.table_cells import count_of, time_of
from crmwidget.data.numerals import percent_text

__all__ = ["variants_chart"]

MOST_VARIANTS = 12
MOST_CHARACTERS = 58
COVERED = 0.8


def variants_chart(public: pd.DataFrame, *, rest: tuple[str, ...]) -> Chart:
    """Pareto's chart of the variants that may be shown; the others come last, together."""
    shown = public[public["case_rate"].notna() & public["n_cases"].notna()]
    named = shown[shown["path"].map(lambda path: path != rest).astype(bool)].head(MOST_VARIANTS)
    values: Rows = [_row(row) for row in named.itertuples(index=False)]
    n_all = int(shown["n_all"].iloc[0]) if len(shown) else 0
    n_named = int(named["n_cases"].sum())
    if len(shown) > len(named) and n_named < n_all:
        n = n_all - n_named
        values.append(
            {
                "name": "all other ways",
                "path": "all other ways",
                "rate": n / n_all,
                "label": f"{count_of(n)} · {percent_text(n / n_all)}",
                "cases": f"{count_of(n)} of {count_of(n_all)} ({percent_text(n / n_all)})",
                "part": "rest",
            }
        )
    n_covering = int((named["covered_rate"] < COVERED).sum()) + 1
    title = "Which ways cases take, and how many of them those cover"
    covered = f"{count_of(n_all)} cases" if n_all else "no variant of 5 cases or more"
    if n_covering <= len(named):
        ways = "the most frequent way covers" if n_covering == 1 else f"the {n_covering} most frequent ways cover"
        covered += f"; {ways} {percent_text(float(named['covered_rate'].iloc[n_covering - 1]))}"
    share = amounts("rate", "share of the cases", is_share=True, most=1.0)
    bars = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": share,
            "color": {
                "field": "part",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": ["way", "rest"], "range": [Colour("accent"), Colour("whole")]},
            },
        },
    }
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 10},  # beside the line, never under it
        "encoding": {"x": {"datum": 1.0, "type": "quantitative"}, "text": {"field": "label"}},
    }
    covered_so_far = {"field": "covered", "type": "quantitative"}
    only_ways = [{"filter": "isValid(datum.covered)"}]
    line = {
        "transform": only_ways,
        "mark": {
            "type": "line",
            "color": Colour("soft"),
            "strokeWidth": 1.5,
            "point": {"color": Colour("soft"), "size": 30},
        },
        "encoding": {"x": covered_so_far, "order": {"field": "place"}},
    }
    limit = {
        "data": {"values": [{"at": COVERED}]},
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": Colour("soft")},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    told = tooltip(
        path="Way", cases="Cases", together="With the more frequent ones", median="Median time", p95="95 % take at most"
    )
    rows = {"y": names("name", [row["name"] for row in values], labelLimit=360), "tooltip": told}
    told_of = [f"{row['path']}: {row['label']}" for row in values]
    return Chart(
        title,
        {
            "title": heading(title, f"{covered}. The line adds them up; dashes: 80 %."),
            "width": WIDTH,
            "height": {"step": STEP},
            "data": {"values": values},
            "layer": [limit, {"encoding": rows, "layer": [bars, line, labels]}],
        },
        described(title, told_of),
    )


def _row(row: Any) -> dict[str, Any]:
    path = " → ".join(row.path)
    rate = percent_text(float(row.case_rate))
    return {
        "name": f"{row.variant}.  {_short(row.path)}",
        "path": path[:400],
        "rate": float(row.case_rate),
        "covered": float(row.covered_rate),
        "place": int(row.variant),
        "label": f"{count_of(row.n_cases)} · {rate}",
        "cases": f"{count_of(row.n_cases)} of {count_of(row.n_all)} ({rate})",
        "together": percent_text(float(row.covered_rate)),
        "median": time_of(row.median_throughput_time),
        "p95": time_of(row.p95_throughput_time),
        "part": "way",
    }


def _short(path: tuple[str, ...]) -> str:
    """A way that fits beside its bar: its steps in the middle left out where it is long."""
    whole = " → ".join(path)
    if len(whole) <= MOST_CHARACTERS:
        return whole
    for n in range(len(path) - 1, 1, -1):
        first, last = path[: (n + 1) // 2], path[len(path) - n // 2 :]
        text = " → ".join([*first, f"… {len(path) - n} …", *last])
        if len(text) <= MOST_CHARACTERS:
            return text
    return f"{whole[:MOST_CHARACTERS]}…"
