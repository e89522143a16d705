"""A chart of an answer as still pictures, light and dark, which stand in the page itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crmwidget.analysis.chart import Chart
from crmwidget.design import CATEGORIES, HEAT, THEMES
from crmwidget.errors import AnalysisError
from crmwidget.formats.rendered import renderer
from crmwidget.formats.svg_text import FAMILY
from crmwidget.reporting.words import safe

__all__ = ["chart_html", "chart_svg"]

_SIZE = re.compile(r'<svg [^>]*?width="(\d+)(?:\.\d+)?" height="(\d+)')
_TAG = re.compile(r"<\w[^>]*>")
_UNSPOKEN = re.compile(r' (?:aria-\w+|role)="[^"]*"')
_INNER_ID = re.compile(r'( id="|url\(#)([A-Za-z_-]+)(\d+)')
_KEPT = " !$'()*+,-./:;=?@[]^_`{|}~&<>"  # of an SVG in an address, between double quotes that are escaped


def chart_html(chart: Chart, alt: str) -> str:
    """Both pictures of a chart; a reader sees one of them.

    Raises
    ------
    AnalysisError
        The chart reads something from outside, or cannot be drawn.
    MissingExtraError
        Without the extra `report`.
    """
    parts = []
    for theme in THEMES:
        picture = _TAG.sub(_without_unspoken, chart_svg(chart, theme))
        size = _SIZE.match(picture)
        assert size is not None
        address = _escaped(f"data:image/svg+xml,{quote(picture, safe=_KEPT)}")
        parts.append(f'<img class="{theme}" width="{size[1]}" height="{size[2]}" alt="{safe(alt)}" src="{address}">')
    return "".join(parts)


def chart_svg(chart: Chart, theme: str) -> str:
    """A chart as SVG in the colours and the type of the house, with nothing that was not in its specification."""
    if _looks_outside(chart.spec):
        raise AnalysisError(f"The chart {chart.title!r} reads from outside; a chart of a report has its data inside.")
    drawer = renderer()
    spec = dict(chart.spec)
    if spec.get("title") == chart.title:
        del spec["title"]  # the caption says it
    try:
        # without an address that is allowed, nothing is fetched either
        drawn: str = drawer.vegalite_to_svg(spec, config=_config(theme), allowed_base_urls=[])
    except ValueError as error:
        raise AnalysisError(f"The chart {chart.title!r} cannot be drawn.") from error
    return _numbered_anew(drawn)


def _numbered_anew(drawn: str) -> str:
    """The picture with its inner ids counted from its own beginning: the drawer counts on from picture to picture."""
    seen: dict[str, int] = {}
    return _INNER_ID.sub(lambda found: f"{found[1]}{found[2]}{seen.setdefault(found[2] + found[3], len(seen))}", drawn)


def _without_unspoken(tag: re.Match[str]) -> str:
    """A tag without what screen readers are told of it: within an image nobody hears it, and it is half of the text."""
    return _UNSPOKEN.sub("", tag[0])


def _escaped(address: str) -> str:
    """An address between double quotes of HTML."""
    return address.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "%22")


def _looks_outside(part: Any) -> bool:
    if isinstance(part, Mapping):
        is_outside = isinstance(part.get("url"), str) or part.get("mark") == "image" or part.get("type") == "image"
        return is_outside or any(_looks_outside(inner) for name, inner in part.items() if name != "values")
    return isinstance(part, list | tuple) and any(map(_looks_outside, part))


def _config(theme: str) -> dict[str, Any]:
    """The look of the house, for what a specification leaves open."""
    colours = THEMES[theme]
    words = {"labelColor": colours["soft"], "titleColor": colours["soft"], "labelFontSize": 11, "titleFontSize": 11}
    return {
        "background": None,
        "font": FAMILY,
        "padding": 4,
        "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 220},
        "title": {"color": colours["text"], "fontSize": 13, "fontWeight": 600, "anchor": "start", "offset": 12},
        "axis": {
            **words,
            "titleFontWeight": "normal",
            "gridColor": colours["line"],
            "domainColor": colours["line_strong"],
            "tickColor": colours["line_strong"],
            "labelLimit": 220,
        },
        "legend": {**words, "titleFontWeight": "normal", "symbolStrokeColor": colours["soft"]},
        "header": {**words, "titleFontWeight": "normal"},
        "mark": {"color": colours["accent"]},
        "bar": {"color": colours["accent"], "cornerRadiusEnd": 2},
        "line": {"color": colours["accent"], "strokeWidth": 1.8},
        "area": {"color": colours["accent"]},
        "point": {"color": colours["accent"]},
        "rule": {"color": colours["soft"]},
        "text": {"color": colours["text"], "fontSize": 11},
        "range": {
            "category": list(CATEGORIES[theme]),
            "ramp": list(HEAT[theme]),
            "heatmap": list(HEAT[theme]),
            "ordinal": list(HEAT[theme]),
        },
    }
