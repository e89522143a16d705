"""The marks that a still picture is made of: rectangles, lines of text, colours on a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from crmwidget.design import MARKS
from crmwidget.formats.svg_text import safe
from crmwidget.layout.boxes import Box

__all__ = ["heat_colour", "icon", "rect", "short", "text"]

_STEPS = 16  # more than an eye tells apart


def rect(
    box: Box,
    fill: str,
    *,
    radius: float = 0,
    stroke: str = "",
    stroke_width: float = 1,
    opacity: float = 1,
    dashed: bool = False,
) -> str:
    """A rectangle, by default without a border."""
    attributes = [
        f'x="{short(box.left)}" y="{short(box.top)}" width="{short(box.size[0])}" height="{short(box.size[1])}"',
        f'rx="{short(radius)}"' if radius else "",
        f'fill="{fill}"',
        f'stroke="{stroke}"' if stroke else "",
        f'stroke-width="{stroke_width:g}"' if stroke and stroke_width != 1 else "",
        'stroke-dasharray="3 2.5"' if dashed else "",
        f'opacity="{opacity:.3g}"' if opacity != 1 else "",
    ]
    return f"<rect {' '.join(filter(None, attributes))}/>"


def text(
    words: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    anchor: str = "start",
    spacing: float = 0,
) -> str:
    """One line of text with its baseline at `y`."""
    attributes = [
        f'x="{short(x)}" y="{short(y)}" font-size="{size:g}" fill="{colour}"',
        'font-weight="650"' if bold else "",
        "" if anchor == "start" else f'text-anchor="{anchor}"',
        f'letter-spacing="{spacing:g}"' if spacing else "",
    ]
    return f"<text {' '.join(filter(None, attributes))}>{safe(words)}</text>"


def icon(name: str, x: float, y: float, size: float, colour: str) -> str:
    """One of `design.MARKS` with its top left corner at (x, y)."""
    return (
        f'<path transform="translate({short(x)} {short(y)}) scale({size / 20:g})" d="{MARKS[name]}" fill="none" '
        f'stroke="{colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def heat_colour(heat: float, scale: Sequence[str]) -> str:
    """A colour for a heat from 0 to 1, in sixteen steps, straight between the colours of the scale."""
    place = math.floor(min(max(heat, 0.0), 1.0) * _STEPS + 0.5) / _STEPS * (len(scale) - 1)
    n = min(int(place), len(scale) - 2)
    mixed = (
        math.floor(
            int(scale[n][i : i + 2], 16) * (1 - place + n) + int(scale[n + 1][i : i + 2], 16) * (place - n) + 0.5
        )
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def short(value: float) -> str:
    """A number to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
