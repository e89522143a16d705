"""A what-if as a chart: the whole map before and after, with the simulation's interval, and how full each stage is."""

from __future__ import annotations

import math
from typing import Any

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
from crmwidget.analysis.what_if_totals import TOTALS, Total
from crmwidget.data.numerals import percent_text

__all__ = ["what_if_chart"]

BEFORE, AFTER = "As it is", "Changed"


def what_if_chart(public: pd.DataFrame, *, is_changed: bool, subtitle: str) -> Chart:
    """Totals side by side, each on its own axis; under them the load of each stage that may be shown."""
    whole: Any = public.iloc[0]
    panels = [panel for total in TOTALS if (panel := _total(whole, total, is_changed)) is not None]
    loads = _loads(public.iloc[1:], is_changed)
    title = "What the changes would do" if is_changed else "The map as it is"
    told = [
        f"{total.title} {_both(whole, total, is_changed)}" for total in TOTALS if _known(whole, total.name, is_changed)
    ]
    body: list[dict[str, Any]] = []
    if panels:
        body.append({"vconcat": panels, "spacing": 10})
    if loads is not None:
        body.append(loads)
    drawn = (
        {"vconcat": body, "spacing": 26, "resolve": {"scale": {"color": "independent"}}}
        if body
        else {"data": {"values": []}, "mark": "bar"}
    )
    return Chart(title, {"title": heading(title, subtitle), **drawn}, described(title, told))


def _colours(is_changed: bool) -> tuple[Colour, Colour]:
    return (Colour("faint"), Colour("accent")) if is_changed else (Colour("accent"), Colour("accent"))


def _number(value: Any) -> float:
    """Of a time its days."""
    return value / pd.Timedelta(days=1) if isinstance(value, pd.Timedelta) else float(value)


def _known(whole: Any, name: str, is_changed: bool) -> list[str]:
    """In which of the two states a total is defined."""
    states = ("baseline", "changed") if is_changed else ("changed",)
    return [state for state in states if pd.notna(whole[f"{name}_{state}"])]


def _both(whole: Any, total: Total, is_changed: bool) -> str:
    states = _known(whole, total.name, is_changed)
    return " → ".join(total.text(_number(whole[f"{total.name}_{state}"])) for state in states)


def _total(whole: Any, total: Total, is_changed: bool) -> dict[str, Any] | None:
    name, text = total.name, total.text
    known = _known(whole, name, is_changed)
    if not known:
        return None
    bounds = [f"{name}_{what}" for what in ("simulated", "low", "high")]
    has_interval = all(bound in whole.index and pd.notna(whole[bound]) for bound in bounds)
    numbers = {state: _number(whole[f"{name}_{state}"]) for state in known}
    every = [*numbers.values(), *(map(_number, (whole[bound] for bound in bounds)) if has_interval else ())]
    size = 1.0
    if name == "throughput_time":
        size = 86_400 / time_unit(number * 86_400 for number in every)[0]
    states = {"baseline": BEFORE, "changed": AFTER if is_changed else BEFORE}
    values: Rows = []
    for state in known:
        row = {
            "name": states[state],
            "value": numbers[state] * size,
            "label": text(numbers[state]),
            "end": numbers[state] * size,
        }
        if has_interval and state == "changed":
            mean, low, high = (_number(whole[bound]) for bound in bounds)
            row |= {
                "low": low * size,
                "high": high * size,
                "mean": mean * size,
                "simulated": f"{text(mean)} ({text(low)} to {text(high)})",
                "end": max(numbers[state], high) * size,
            }
            row["label"] = f"{row['label']}  · simulated {row['simulated']}"
        values.append(row)
    order = list(dict.fromkeys(row["name"] for row in values))
    axis = {**amounts("value", None, most=None), "axis": None}
    colours = _colours(is_changed)
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 2},
            "encoding": {
                "x": axis,
                "color": {
                    "field": "name",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": [BEFORE, AFTER], "range": list(colours)},
                },
            },
        }
    ]
    if has_interval:
        only = {"transform": [{"filter": "isValid(datum.mean)"}]}
        span = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
        layers += [
            {**only, "mark": {"type": "rule", "strokeWidth": 2, "color": Colour("text")}, "encoding": span},
            {
                **only,
                "mark": {"type": "point", "color": Colour("text"), "opacity": 1, "size": 28},
                "encoding": {"x": {"field": "mean", "type": "quantitative"}},
            },
        ]
    layers.append(
        {
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {"x": {"field": "end", "type": "quantitative"}, "text": {"field": "label"}},
        }
    )
    told = {
        "name": "State",
        "label": total.title,
        **({"simulated": "Simulated, with 95 % interval"} if has_interval else {}),
    }
    return {
        "title": panel(total.title),
        "width": WIDTH * 0.8,
        "height": {"step": 20},
        "data": {"values": values},
        "encoding": {"y": names("name", order, labels=True, minExtent=120), "tooltip": tooltip(**told)},
        "layer": layers,
    }


def _loads(stages: pd.DataFrame, is_changed: bool) -> dict[str, Any] | None:
    """From the load as it is to the load as it would be, of the stages that have a capacity."""
    has_one = stages["utilisation_changed"].notna() | stages["utilisation_baseline"].notna()
    known = stages[has_one]
    if known.empty:
        return None
    known = known.loc[known["utilisation_changed"].sort_values(ascending=False, kind="stable").index].head(MOST_ROWS)
    values: Rows = []
    spans: Rows = []
    for _, row in known.iterrows():
        pair = {
            state: float(row[f"utilisation_{key}"])
            for state, key in ((BEFORE, "baseline"), (AFTER, "changed"))
            if pd.notna(row[f"utilisation_{key}"]) and (is_changed or state == BEFORE)
        }
        told = " → ".join(percent_text(load) for load in dict.fromkeys(pair.values()))
        values += [{"name": row["label"], "state": state, "load": load, "told": told} for state, load in pair.items()]
        if len(pair) == 2:
            spans.append({"name": row["label"], "from": pair[BEFORE], "to": pair[AFTER]})
    top = max(1.1, math.ceil(max(row["load"] for row in values) * 10) / 10)
    rows = names("name", known["label"].tolist(), grid=True)
    states = [BEFORE, AFTER] if is_changed else [BEFORE]
    load = {**amounts("load", "work that arrives, of the capacity", is_share=True, most=top)}
    full = {
        "data": {"values": [{"at": 1.0}]},
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": Colour("bad")},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    joined = {
        "data": {"values": spans},
        "mark": {"type": "rule", "strokeWidth": 3, "color": Colour("whole")},
        "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
    }
    points = {
        "data": {"values": values},
        "mark": {"type": "point", "opacity": 1, "size": 70},
        "encoding": {
            "x": load,
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": states, "range": list(_colours(is_changed))[: len(states)]},
                **({} if is_changed else {"legend": None}),
            },
            "tooltip": tooltip(name="Stage", told="Load"),
        },
    }
    return {
        "title": panel("How full each stage is; beyond the dashes what waits grows without end"),
        "width": WIDTH,
        "height": {"step": STEP},
        "layer": [full, {"encoding": {"y": rows}, "layer": [joined, points]}],
    }
