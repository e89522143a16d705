"""How charts look: the design's colours for a light page, a dark one, and one that may be either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from crmwidget.design import CATEGORIES, GEOMETRY, HEAT, THEMES
from crmwidget.errors import AnalysisError, nearest, shorten

__all__ = ["Colour", "Theme", "coloured", "look"]

Theme: TypeAlias = Literal["any", "light", "dark"]
FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"  # as in the picture of a map

# A notebook does not tell what page it is on: these are read on white (4.2 : 1 and more) and on nearly black alike, and
# what is filled lies between them.
_ANY = {
    "text": "#737d8c",
    "soft": "#737d8c",
    "line": "#8792a24d",
    "whole": "#8792a247",
    "faint": "#8792a2",
    "accent": "#4f83ee",
    "good": "#23966a",
    "warn": "#cc7716",
    "bad": "#dd5247",
    "low": "#d6e3fd",
    "high": "#16389a",
    "on_low": "#0d1320",
    "on_high": "#ffffff",
}
_CATEGORIES = ("#4f83ee", "#189d9f", "#9168d6", "#d3761f", "#cb5597", "#67942f", "#a5733f", "#808b9b")


def _of_page(theme: Literal["light", "dark"]) -> dict[str, str]:
    tokens = THEMES[theme]
    taken = {name: tokens[name] for name in ("text", "soft", "line", "accent", "good")}
    ramp = ("#e3ecfe", "#16389a") if theme == "light" else (tokens["accent_soft"], tokens["accent"])
    return {
        **taken,
        "whole": tokens["line_strong" if theme == "dark" else "line"],
        "faint": tokens["flow"],
        "warn": CATEGORIES[theme][3],  # the token of this name is for words, and dull where a bar is filled with it
        "bad": HEAT["light"][-1] if theme == "light" else tokens["bad"],
        "low": ramp[0],
        "high": ramp[1],
        "on_low": THEMES["dark"]["on_accent"] if theme == "light" else tokens["text"],
        "on_high": tokens["on_accent"],
    }


_COLOURS: dict[str, dict[str, str]] = {"any": _ANY, "light": _of_page("light"), "dark": _of_page("dark")}
_HUES: dict[str, tuple[str, ...]] = {"any": _CATEGORIES, **CATEGORIES}


_NUMBERS = {"decimal": ".", "thousands": "\u202f", "grouping": [3], "currency": ["", ""], "percent": "\u202f%"}


class Colour(str):
    """A colour by its part, such as "bad" or "category 2", in place of one that suits a single page.

    A text of its own kind, so that no name in the data is ever taken for a colour.
    """

    __slots__ = ()


def coloured(spec: Any, theme: Theme) -> Any:
    """The specification with each part's colour put in, and numbers to nine digits.

    A sum of parts that are worked out at once comes in any order, and its last digits with it: a picture must not.
    """
    if isinstance(spec, float):
        return float(f"{spec:.9g}")
    if isinstance(spec, Colour):
        part, _, number = spec.partition(" ")
        return _HUES[theme][int(number) % len(_HUES[theme])] if number else _COLOURS[theme][part]
    if isinstance(spec, Mapping):
        return {name: coloured(value, theme) for name, value in spec.items()}
    if isinstance(spec, list | tuple):
        return [coloured(value, theme) for value in spec]
    return spec


def look(theme: Theme) -> dict[str, Any]:
    """The `config` of a specification, on a background that lets the page through.

    Raises
    ------
    AnalysisError
        There is no such theme.

    Examples
    --------
    >>> look("dark")["title"]["color"]
    '#eaeef4'
    """
    if theme not in get_args(Theme):
        raise AnalysisError(f"theme={shorten(theme)} is unknown; {nearest(theme, get_args(Theme))}.")
    colours, small, title = _COLOURS[theme], GEOMETRY["small_size"], GEOMETRY["title_size"]
    words = {"labelColor": colours["soft"], "titleColor": colours["soft"]}
    plain = {"labelFontSize": small, "titleFontSize": small, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 8,
        "view": {"stroke": None},
        "axis": {
            **words,
            **plain,
            "domain": False,
            "ticks": False,
            "grid": False,
            "gridColor": colours["line"],
            "labelLimit": 280,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "axisQuantitative": {"grid": True, "tickCount": 6},
        "axisTemporal": {"grid": True, "tickCount": 6},
        "legend": {**words, **plain, "orient": "top", "symbolType": "square", "title": None, "offset": 6, "padding": 0},
        "header": {**words, **plain, "labelFontWeight": "bold", "labelAnchor": "start", "labelColor": colours["text"]},
        "title": {
            "anchor": "start",
            "color": colours["text"],
            "fontSize": title,
            "fontWeight": "bold",
            "frame": "bounds",
            "offset": 12,
            "subtitleColor": colours["soft"],
            "subtitleFontSize": small,
            "subtitlePadding": 5,
        },
        "bar": {"color": colours["accent"]},
        "line": {"color": colours["accent"], "strokeWidth": 2},
        "area": {"color": colours["accent"]},
        "point": {"color": colours["accent"], "filled": True, "size": 60},
        "rule": {"color": colours["soft"]},
        "text": {"color": colours["text"], "fontSize": small},
        "range": {"category": list(_HUES[theme]), "heatmap": [colours["low"], colours["high"]]},
        "scale": {"barBandPaddingInner": 0.32, "bandPaddingOuter": 0.2},
        "locale": {"number": _NUMBERS},
    }
