"""A chart of an answer as still pictures, light and dark, which stand in the page itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_theme import Theme
from crmwidget.errors import AnalysisError
from crmwidget.reporting.words import safe

__all__ = ["chart_html", "chart_svg"]

_SIZE = re.compile(r'<svg [^>]*?width="(\d+)(?:\.\d+)?" height="(\d+)')
_THEMES: tuple[Theme, ...] = ("light", "dark")
_TAG = re.compile(r"<\w[^>]*>")
_UNSPOKEN = re.compile(r' (?:aria-\w+|role)="[^"]*"')
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
    for theme in _THEMES:
        picture = _TAG.sub(_without_unspoken, chart_svg(chart, theme))
        size = _SIZE.match(picture)
        assert size is not None
        address = _escaped(f"data:image/svg+xml,{quote(picture, safe=_KEPT)}")
        parts.append(f'<img class="{theme}" width="{size[1]}" height="{size[2]}" alt="{safe(alt)}" src="{address}">')
    return "".join(parts)


def chart_svg(chart: Chart, theme: Theme) -> str:
    """A chart as SVG, with nothing that was not in its specification."""
    if _looks_outside(chart.drawn):
        raise AnalysisError(f"The chart {chart.title!r} reads from outside; a chart of a report has its data inside.")
    try:
        return chart.to_svg(theme=theme)
    except ValueError as error:
        raise AnalysisError(f"The chart {chart.title!r} cannot be drawn.") from error


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
