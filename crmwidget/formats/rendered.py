"""A still picture as PNG and PDF, by the renderer that the extra `report` brings; no browser, no display."""

from __future__ import annotations

import math
import re
from typing import Any

from crmwidget.errors import EditError, MissingExtraError, shorten

__all__ = ["renderer", "to_pdf", "to_png"]

MOST_PIXELS = 100_000_000  # a renderer holds four bytes of each, and then some


def to_png(picture: str, *, scale: float = 2) -> bytes:
    """An SVG of `crmwidget.formats.svg` as PNG, `scale` pixels for each of its own in both directions.

    Raises
    ------
    MissingExtraError
        Without vl-convert-python.
    EditError
        For a scale that is not a number above 0, or one that makes more than 100 million pixels.
    """
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not (0 < scale < math.inf):
        raise EditError(f"scale= is a number above 0, such as 2; given {shorten(scale)}")
    width, height = _size(picture)
    if width * scale * height * scale > MOST_PIXELS:
        most = math.sqrt(MOST_PIXELS / (width * height))
        raise EditError(
            f"scale={scale:g} makes a PNG of {width * scale:,.0f} × {height * scale:,.0f} pixels; at most "
            f"{MOST_PIXELS:,} fit, which is scale={math.floor(most * 100) / 100:g} here (SVG and PDF have no limit)"
        )
    png: bytes = renderer().svg_to_png(_plain(picture), scale=scale)
    return png


def to_pdf(picture: str) -> bytes:
    """An SVG of `crmwidget.formats.svg` as a PDF of one page, which is as large as the picture.

    Raises
    ------
    MissingExtraError
        Without vl-convert-python.
    """
    pdf: bytes = renderer().svg_to_pdf(_plain(picture))
    return pdf


def _plain(picture: str) -> str:
    """The renderer knows weights in hundreds only, and writes any other as if it were none."""
    return picture.replace('font-weight="650"', 'font-weight="bold"')


def _size(picture: str) -> tuple[float, float]:
    """Width and height in the picture's own pixels, as its first tag says them."""
    found = re.match(r'<svg [^>]*?width="(\d+)" height="(\d+)"', picture)
    assert found is not None
    return max(float(found[1]), 1), max(float(found[2]), 1)


def renderer() -> Any:
    """The module that renders, or a `MissingExtraError` that says how to get it."""
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError(
            "PNG, PDF and charts of a report need vl-convert-python, which the extra `report` brings: "
            "pip install 'crmwidget[report]'; m.to_svg() needs nothing"
        ) from error
    return vl_convert
