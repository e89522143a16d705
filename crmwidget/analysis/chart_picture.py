"""A chart as a still picture, by the renderer that the extra `report` brings; no browser, no display, no network."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from crmwidget.errors import AnalysisError, MissingExtraError, shorten

__all__ = ["png_of", "svg_of"]

MOST_SCALE = 10
VERSION = "5.20"  # of Vega-Lite: the newest of those that notebooks draw by themselves
_NUMBERED = re.compile(r"\b(clip|gradient_)(\d+)")  # counted on from one picture to the next


def svg_of(spec: dict[str, Any]) -> str:
    """A Vega-Lite specification as SVG; the same text for the same specification."""
    drawn: str = _renderer().vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    order: dict[str, str] = {}
    drawn = _NUMBERED.sub(lambda found: order.setdefault(found[0], f"{found[1]}{len(order)}"), drawn)
    head, _, rest = drawn.partition(">")
    told = escape(str(spec.get("description", "")))
    return f'{head} role="img"><title>{told}</title>{rest}'


def png_of(spec: dict[str, Any], *, scale: float) -> bytes:
    """A Vega-Lite specification as PNG, `scale` pixels for each of its own in both directions."""
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale <= MOST_SCALE:
        raise AnalysisError(f"scale= is a number above 0 and at most {MOST_SCALE}; given {shorten(scale)}.")
    png: bytes = _renderer().svg_to_png(svg_of(spec), scale=scale)
    return png


def _renderer() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError(
            "a chart as a picture needs vl-convert-python, which the extra `report` brings: pip install "
            "'crmwidget[report]'; a notebook draws the chart itself, and chart.spec needs nothing"
        ) from error
    return vl_convert
