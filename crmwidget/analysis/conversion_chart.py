"""Conversion as a chart: a bar a stage, in the parts that those who entered it became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    parts_of,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.data.numerals import number_text, percent_text

__all__ = ["LOST", "OPEN", "OTHER", "WENT_ON", "Step", "conversion_chart", "of_outcome", "shown_count", "steps_chart"]

WENT_ON, OPEN, LOST, OTHER = "Went on", "Still open here", "Lost", "Not told"
HELD_BACK = "Not shown"
COLOURS = {
    WENT_ON: Colour("accent"),
    "Won": Colour("good"),
    OPEN: Colour("warn"),
    "Closed": Colour("faint"),
    OTHER: Colour("category 2"),
    LOST: Colour("bad"),
    HELD_BACK: Colour("whole"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage: how many entered, and what became of how many of them, in this order; None is held back.

    `parts` name a colour of `COLOURS`, or the one of the part that they stand for.
    """

    name: str
    n: int | None
    parts: Mapping[str, int | None]


def conversion_chart(nodes: pd.DataFrame, outcomes: Mapping[str, str], *, subtitle: str) -> Chart:
    """Of a table that says where each is now: what may be shown of each node, in the order of the map."""
    steps = []
    for row in nodes.to_dict("records"):
        n = shown_count(row["n_entered"])
        if row["node"] in outcomes and pd.isna(row["forward_rate"]):
            steps.append(of_outcome(row["label"], n, outcomes[row["node"]]))
            continue
        parts = {WENT_ON: "n_forward", OPEN: "n_current", OTHER: "n_unplaced", LOST: "n_lost_here"}
        if not any(outcome == "lost" for outcome in outcomes.values()):
            del parts[LOST]  # undefined, and no part
        steps.append(Step(row["label"], n, {name: shown_count(row[column]) for name, column in parts.items()}))
    title = "What became of those that entered each stage"
    return steps_chart(title, subtitle, steps, unit="opportunities that entered")


def shown_count(value: Any) -> int | None:
    """A count, None where it is held back."""
    return None if pd.isna(value) else int(value)


def of_outcome(name: str, n: int | None, outcome: str | None) -> Step:
    """A stage where cases end: all that entered are of its outcome."""
    return Step(name, n, {{"won": "Won", "lost": "Lost"}.get(outcome or "", "Closed"): n})


def steps_chart(
    title: str, subtitle: str, steps: Sequence[Step], *, unit: str, renamed: Mapping[str, str] | None = None
) -> Chart:
    """A bar a stage, as long as its entries are many, in the parts that they became."""
    said = {**{name: name for name in COLOURS}, **(renamed or {})}
    steps = steps[:MOST_ROWS]
    values: Rows = []
    for step in steps:
        values += _placed(step, said)
    ends = {step.name: step.n if step.n is not None else max(_ends(values, step.name), default=None) for step in steps}
    labels: Rows = [
        {"name": step.name, "to": ends[step.name], "label": _label(step)}
        for step in steps
        if ends[step.name] is not None
    ]
    shown = {row["part"] for row in values}
    colours = {said[name]: colour for name, colour in COLOURS.items() if said[name] in shown}
    order = [step.name for step in steps]
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": amounts("from", unit),
            "x2": {"field": "to"},
            "color": parts_of(colours),
            "tooltip": tooltip(name="Stage", part="Became", told=unit.capitalize()),
        },
    }
    texts = {
        "data": {"values": labels},
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"x": amounts("to", unit), "text": {"field": "label"}},
    }
    told = [f"{row['name']}: {row['label']}" for row in labels]
    return Chart(
        title,
        {
            "title": heading(title, subtitle),
            "width": WIDTH,
            "height": {"step": STEP},
            "encoding": {"y": names("name", order)},
            "layer": [bars, texts],
        },
        described(title, told),
    )


def _placed(step: Step, said: Mapping[str, str]) -> Rows:
    """Where each part of a bar lies, one after the other; what is held back is the rest."""
    values: Rows = []
    end = 0
    for name, n in step.parts.items():
        if n:
            whole = f" of {_n(step.n)} ({percent_text(n / step.n)})" if step.n else ""
            values.append(_part(step, said[name], (end, end + n), f"{_n(n)}{whole}"))
            end += n
    if step.n is not None and step.n > end:
        values.append(_part(step, said[HELD_BACK], (end, step.n), f"{_n(step.n - end)} of {_n(step.n)}"))
    return values


def _part(step: Step, name: str, place: tuple[int, int], told: str) -> dict[str, Any]:
    return {"name": step.name, "part": name, "from": place[0], "to": place[1], "told": told}


def _ends(values: Rows, name: str) -> list[int]:
    return [row["to"] for row in values if row["name"] == name]


def _label(step: Step) -> str:
    named = {name: n for name, n in step.parts.items() if n and name in (WENT_ON, LOST)}
    if step.n is None:
        return " · ".join(f"{_n(n)} {name.lower()}" for name, n in named.items())
    shares = [f"{percent_text(n / step.n)} {name.lower()}" for name, n in named.items() if n]
    return " · ".join([_n(step.n), *(shares if len(step.parts) > 1 else ())])


def _n(value: Any) -> str:
    return number_text(int(value), style="full")
