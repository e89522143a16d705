"""What charts are put together from: headings, axes, tooltips, bars with their labels, matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from crmwidget.analysis.chart_theme import Colour

__all__ = [
    "MOST_ROWS",
    "STEP",
    "WIDTH",
    "Rows",
    "amounts",
    "described",
    "heading",
    "labelled_bars",
    "matrix",
    "names",
    "panel",
    "parts_of",
    "time_unit",
    "tooltip",
]

Rows: TypeAlias = "list[dict[str, Any]]"
WIDTH, STEP, CELL = 420, 26, 34
MOST_ROWS = 24  # of bars; more are no picture any more
MOST_TOLD = 12
_UNITS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


def heading(title: str, subtitle: str = "") -> dict[str, Any]:
    """What a chart shows, and in smaller type of what."""
    return {"text": title, **({"subtitle": subtitle} if subtitle else {})}


def panel(title: str) -> dict[str, Any]:
    """What a part of a chart shows."""
    return {
        "text": title,
        "fontSize": 11,
        "fontWeight": "normal",
        "color": Colour("soft"),
        "frame": "group",
    }


def described(title: str, told: Iterable[str]) -> str:
    """A chart for who does not see it: what it shows, and its first values."""
    lines = list(told)
    more = f" And {len(lines) - MOST_TOLD} more." if len(lines) > MOST_TOLD else ""
    return f"{title}. {'; '.join(lines[:MOST_TOLD]) or 'Nothing can be shown'}.{more}"


def tooltip(**titles: str) -> list[dict[str, Any]]:
    """What is told on hover: field → what it is called. Numbers are texts by then, as answers write them."""
    return [{"field": name, "type": "nominal", "title": title} for name, title in titles.items()]


def names(field: str, order: Sequence[str], **axis: Any) -> dict[str, Any]:
    """An axis of names in a given order."""
    return {"field": field, "type": "nominal", "sort": list(order), "title": None, **({"axis": axis} if axis else {})}


def amounts(field: str, title: str | None, *, is_share: bool = False, most: float | None = None) -> dict[str, Any]:
    """An axis of counts, or of shares in percent, that begins at 0."""
    about: dict[str, Any] = {"format": ".0%" if is_share else "~s" if most is not None and most >= 1e5 else ",~f"}
    if not is_share and most is not None and most < 6:  # no half cases
        about["tickMinStep"] = 1
    scale = {"scale": {"domain": [0, most]}} if most is not None else {}
    return {"field": field, "type": "quantitative", "title": title, "axis": about, **scale}


def time_unit(seconds: Iterable[float]) -> tuple[float, str]:
    """The unit in which the longest of some times is a few: how many seconds it has, and its name."""
    longest = max(seconds, default=0.0)
    return next(((size, name) for size, name in _UNITS if longest >= 2 * size), _UNITS[-1])


def parts_of(parts: Mapping[str, Colour]) -> dict[str, Any]:
    """A colour for each part, with a legend where there is more than one."""
    legend = {} if len(parts) > 1 else {"legend": None}
    return {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": list(parts), "range": list(parts.values())},
        **legend,
    }


def labelled_bars(
    values: Rows,
    *,
    order: Sequence[str],
    axis: Mapping[str, Any],
    told: list[dict[str, Any]],
    colour: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Bars from left to right, one a row (`name`, and the field of `axis`), with a `label` behind each."""
    without_grid = {**axis, "axis": {**axis.get("axis", {}), "grid": False}}  # the labels say the numbers
    bar = {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"color": colour} if colour is not None else {}}
    text = {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"text": {"field": "label"}}}
    return {
        "width": WIDTH,
        "height": {"step": STEP},
        "data": {"values": values},
        "encoding": {
            "y": names("name", order),
            "x": without_grid,
            "tooltip": told,
        },
        "layer": [bar, text],
    }


def matrix(
    values: Rows,
    *,
    across: Mapping[str, Any],
    down: Mapping[str, Any],
    value: str,
    title: str,
    told: list[dict[str, Any]],
    is_share: bool = False,
) -> dict[str, Any]:
    """Cells in the colour of their value, with their `label` in them; what may not be shown is an empty place."""
    numbers = [float(row[value]) for row in values]
    top = 1.0 if is_share else max(numbers, default=1.0) or 1.0
    cells = {
        "mark": {"type": "rect", "cornerRadius": 3},
        "encoding": {
            "color": {
                "field": value,
                "type": "quantitative",
                "title": title,
                "scale": {"domain": [0, top], "range": [Colour("low"), Colour("high")]},
                "legend": {
                    "gradientLength": 120,
                    "gradientThickness": 8,
                    "titleOrient": "left",
                    "titlePadding": 8,
                    "orient": "bottom",
                    "direction": "horizontal",
                    "format": ".0%" if is_share else ",~f",
                    "tickCount": 2,
                },
            }
        },
    }
    text = {
        "mark": {"type": "text"},
        "encoding": {
            "text": {"field": "label"},
            "color": {
                "condition": {"test": f"datum['{value}'] > {top * 0.6!r}", "value": Colour("on_high")},
                "value": Colour("on_low"),
            },
        },
    }
    padded = {"scale": {"paddingInner": 0.06, "paddingOuter": 0}}
    return {
        "width": {"step": CELL + 22},
        "height": {"step": CELL},
        "data": {"values": values},
        "encoding": {"x": {**across, **padded}, "y": {**down, **padded}, "tooltip": told},
        "layer": [cells, text],
    }
