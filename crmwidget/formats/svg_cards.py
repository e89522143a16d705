"""One node of a still picture: card, pill or diamond with the pieces of its plan, its halo and its shadow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmwidget.design import GEOMETRY, HEAT, SHADOWS, THEMES
from crmwidget.formats.svg_card_content import CardContent
from crmwidget.formats.svg_card_plan import Bar, Icon, Piece, Spark, Text, plan_card
from crmwidget.formats.svg_marks import heat_colour, icon, rect, short, text
from crmwidget.formats.svg_outlines import Outline, draw_outline
from crmwidget.formats.svg_text import safe
from crmwidget.layout.boxes import Box

__all__ = ["draw_halo", "draw_node", "draw_pieces", "draw_shadow"]

_HALO_RINGS = (30, 26, 22, 18, 15, 12, 9, 7, 5, 3, 1)


@dataclass(frozen=True, slots=True)
class _Blur:
    """A shape `by` further out that is blurred: how strong it is at a distance from the border."""

    by: float
    blur: float
    strength: float

    def at(self, distance: float) -> float:
        # A canvas blurs by a Gaussian whose deviation is half the blur.
        return self.strength * (1 + math.erf((self.by - distance) / (self.blur / 2) / math.sqrt(2))) / 2


def draw_node(content: CardContent, box: Box, category: str, theme: str) -> str:
    """A node in its box, in the colour of its category or of its outcome."""
    colours = THEMES[theme]
    outline = Outline(box, content.shape)
    accent = {"won": colours["good"], "lost": colours["bad"]}.get(content.outcome, category)
    is_card = content.shape == "card"
    # An end is drawn firmer than a start, as process maps do.
    border = 1.0 if is_card else 3.0 if content.kind == "end" else 1.5
    parts = [
        draw_outline(
            outline,
            colours["card"],
            by=-border / 2,
            stroke=colours["line"] if is_card else accent,
            stroke_width=border,
        )
    ]
    if is_card:
        r = GEOMETRY["card_radius"]
        parts.append(
            f'<path d="M{short(box.left)} {short(box.top + r)}h1a3 3 0 0 1 3 3v{short(box.size[1] - 2 * r - 6)}'
            f'a3 3 0 0 1 -3 3h-1z" fill="{accent}"/>'
        )
    pieces = draw_pieces(plan_card(content, *box.size), box, accent, colours)
    return f"<g><title>{safe(content.spoken)}</title>{''.join(parts)}{pieces}</g>"


def draw_pieces(pieces: Iterable[Piece], box: Box, colour: str, colours: Mapping[str, str]) -> str:
    """Pieces of a plan, from the top left corner of the box."""
    tones = {**colours, "colour": colour}
    return "".join(_piece(piece, box.left, box.top, tones) for piece in pieces)


def _piece(piece: Piece, x: float, y: float, tones: Mapping[str, Any]) -> str:
    if isinstance(piece, Text):
        return _lines(piece, x, y, tones[piece.tone])
    if isinstance(piece, Icon):
        return icon(piece.name, x + piece.x, y + piece.y, piece.size, tones[piece.tone])
    if isinstance(piece, Spark):
        return (
            f'<path transform="translate({short(x + piece.x)} {short(y + piece.y)})" d="{piece.path}" fill="none" '
            f'stroke="{tones["colour"]}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'
        )
    return _bar(piece, x, y, tones)


def _bar(bar: Bar, x: float, y: float, tones: Mapping[str, Any]) -> str:
    box = Box(x + bar.x, y + bar.y, x + bar.x + bar.width, y + bar.y + bar.height)
    if bar.border:
        return rect(box.grown(-0.5, -0.5), tones[bar.tone], radius=bar.height / 2, stroke=tones[bar.border])
    return rect(box, tones[bar.tone], radius=bar.height / 2)


def _lines(piece: Text, x: float, y: float, colour: str) -> str:
    size, leading = piece.type.size, piece.type.leading
    # As browsers set a line: ascent and descent in whole pixels, the rest above and below.
    ascent, descent = math.floor(size * 0.928 + 0.5), math.floor(size * 0.236 + 0.5)
    baseline = math.floor((leading - ascent - descent) / 2) + ascent
    share, anchor = {"left": (0.0, "start"), "center": (0.5, "middle"), "right": (1.0, "end")}[piece.align]
    return "".join(
        text(
            line,
            x + piece.x + piece.width * share,
            y + piece.y + n * leading + baseline,
            size,
            colour,
            bold=piece.type.is_bold,
            anchor=anchor,
        )
        for n, line in enumerate(piece.lines)
    )


def draw_halo(outline: Outline, heat: float, theme: str) -> str:
    """The soft light around a node that an answer warms; it lies under the flows."""
    strength = 0.3 + 0.6 * min(max(heat, 0.0), 1.0)
    colour = heat_colour(heat, HEAT[theme])
    # A firmer core next to the border keeps pale heat visible.
    return _soft(outline, [_Blur(9, 19, strength), _Blur(2, 5, strength)], _HALO_RINGS, colour)


def draw_shadow(outline: Outline, theme: str) -> str:
    """The shadow right below a card."""
    parts = []
    for layer in SHADOWS[theme]:
        blur, colour = float(layer["blur"]), str(layer["colour"])
        strength = int(colour[7:], 16) / 255
        low = Outline(outline.box.moved(0, float(layer["y"])), outline.shape)
        rings = [blur * share for share in ((0.8, 0.5, 0.2, -0.1) if blur > 4 else (0.4,))]
        parts.append(_soft(low, [_Blur(0, blur, strength)], rings, colour[:7]))
    return "".join(parts)


def _soft(outline: Outline, blurs: Sequence[_Blur], rings: Sequence[float], colour: str) -> str:
    """A soft edge as rings that lie on each other, because a filter's id would meet those of other pictures."""
    parts, covered = [], 0.0
    for by, within in zip(rings, (*rings[1:], rings[-1]), strict=True):
        wanted = 1 - math.prod(1 - blur.at((by + within) / 2) for blur in blurs)
        opacity = 1 - (1 - wanted) / (1 - covered) if covered < 1 else 0.0
        covered = max(covered, wanted)
        if opacity > 0.002:
            parts.append(draw_outline(outline, colour, by=by, opacity=opacity))
    return "".join(parts)
