"""The outlines of nodes in a still picture: as SVG, and where a flow meets them (`js/src/drawing/borders.ts`)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_marks import rect, short
from crmwidget.layout.boxes import Box

__all__ = ["Outline", "border_point", "draw_outline", "is_upright", "reach_of"]

Side: TypeAlias = Literal["left", "right", "top", "bottom"]
Point: TypeAlias = tuple[float, float]
_FRAME_RADIUS = 14
_SOFTENED = 8.0  # of a diamond's corners


@dataclass(frozen=True, slots=True)
class Outline:
    """The box of a node, and its shape in it: "card", "pill", "diamond" or "frame"."""

    box: Box
    shape: str


def is_upright(side: Side) -> bool:
    """Whether a side goes up and down."""
    return side in ("left", "right")


def reach_of(outline: Outline, side: Side) -> float:
    """How far along a side, from its middle, a flow may end."""
    width, height = outline.box.size
    half = (height if is_upright(side) else width) / 2
    if outline.shape == "diamond":
        return half * 0.4
    if outline.shape != "pill":
        return max(half - 14, 0)
    return half * 0.6 if is_upright(side) else max(half - height / 2, 0)


def border_point(outline: Outline, side: Side, offset: float) -> Point:
    """The point of the outline that lies `offset` along a side from its middle."""
    reach = reach_of(outline, side)
    along = min(max(offset, -reach), reach)
    width, height = outline.box.size
    half, depth = (height / 2, width / 2) if is_upright(side) else (width / 2, height / 2)
    out = depth
    if outline.shape == "diamond":
        out = depth * (1 - abs(along) / half)
    elif outline.shape == "pill" and is_upright(side):
        out = depth - half + math.sqrt(half * half - along * along)
    x, y = outline.box.middle
    sign = -1 if side in ("left", "top") else 1
    return (x + sign * out, y + along) if is_upright(side) else (x + along, y + sign * out)


def draw_outline(
    outline: Outline, fill: str, *, by: float = 0, stroke: str = "", stroke_width: float = 1, opacity: float = 1
) -> str:
    """The outline, `by` further out, filled."""
    box = outline.box.grown(by, by)
    if outline.shape != "diamond":
        radius = box.size[1] / 2 if outline.shape == "pill" else GEOMETRY["card_radius"] + by
        radius = _FRAME_RADIUS + by if outline.shape == "frame" else radius
        return rect(box, fill, radius=max(radius, 0), stroke=stroke, stroke_width=stroke_width, opacity=opacity)
    border = f' stroke="{stroke}" stroke-width="{stroke_width:g}"' if stroke else ""
    faint = f' opacity="{opacity:.3g}"' if opacity != 1 else ""
    return f'<path d="{_diamond(box)}" fill="{fill}"{border}{faint}/>'


def _diamond(box: Box) -> str:
    """Top, right, bottom and left, each between the points where its rounding begins and ends."""
    x, y = box.middle
    corners = [(x, box.top), (box.right, y), (x, box.bottom), (box.left, y)]
    share = _SOFTENED / math.hypot(box.size[0] / 2, box.size[1] / 2)
    path = ""
    for n, corner in enumerate(corners):
        before, after = (
            (corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share)
            for other in (corners[n - 1], corners[(n + 1) % 4])
        )
        points = [f"{short(px)} {short(py)}" for px, py in (before, corner, after)]
        path += f"{'L' if n else 'M'}{points[0]}Q{points[1]} {points[2]}"
    return path + "Z"
