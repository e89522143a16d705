"""The frames of groups and the bands of lanes in a still picture: grounds behind the cards, with their names."""

from __future__ import annotations

from collections.abc import Mapping

from crmwidget.design import GEOMETRY, THEMES
from crmwidget.formats.svg_card_content import CardContent
from crmwidget.formats.svg_card_plan import Text, Type, plan_badges
from crmwidget.formats.svg_cards import draw_pieces
from crmwidget.formats.svg_marks import icon, rect, text
from crmwidget.formats.svg_outlines import Outline, draw_outline
from crmwidget.formats.svg_text import fitted, one_line, safe, text_width
from crmwidget.layout.boxes import Box
from crmwidget.layout.lanes import Band

__all__ = ["draw_frame", "draw_lane"]

_NAME = Type(12, GEOMETRY["frame_header"], is_bold=True)
_SMALL = GEOMETRY["small_size"]
_BEFORE = 32.0  # the mark that folds it


def draw_frame(content: CardContent, box: Box, *, is_other: bool, theme: str, heat: str = "") -> str:
    """A group's frame; `is_other` is for the second of two shades that take turns, `heat` the colour of its border."""
    colours = THEMES[theme]
    ground = colours["background" if is_other else "lane"]
    border = draw_outline(
        Outline(box, "frame"), ground, stroke=heat or colours["line_strong"], stroke_width=2 if heat else 1
    )
    count = str(content.n_inside) if content.n_inside else ""
    name = fitted(content.title, box.size[0] - _BEFORE - 16 - 8 * len(count), _NAME.size, bold=True)
    pieces = [Text(_BEFORE, 4, box.size[0], _NAME, (name,))]
    x = _BEFORE + text_width(name, _NAME.size, bold=True) + 7
    if count:
        pieces.append(Text(x, 4, 40, Type(_SMALL, _NAME.leading), (count,), "soft"))
        x += text_width(count, _SMALL) + 10
    said = f"{content.strong} {content.soft}".strip() if content.is_painted else ""
    if said and box.size[0] - 16 - x > 40:
        words = fitted(said, box.size[0] - 16 - x, _SMALL, bold=True)
        pieces.append(Text(x, 4, box.size[0], Type(_SMALL, _NAME.leading, is_bold=True), (words,)))
    drawn = draw_pieces([*pieces, *plan_badges(content, box.size[0])], box, colours["text"], colours)
    mark = icon("down", box.left + 10, box.top + 9, 18, colours["soft"])
    votes = f", {content.n_votes} vote{'s' * (content.n_votes != 1)}" if content.n_votes else ""
    title = f"<title>{safe(content.title)} (Group), {content.n_inside} inside{votes}</title>"
    return f"<g>{title}{border}{mark}{drawn}</g>"


def draw_lane(band: Band, colours: Mapping[str, str], *, is_other: bool, is_folded: bool) -> str:
    """A lane's band with its name, and the mark that says whether it is folded."""
    box = Box(band.left, band.top, band.right, band.bottom)
    name = fitted((one_line(band.name) or "no lane").upper()[:60], box.size[0] - 40, _SMALL, bold=True)
    return (
        rect(box, colours["lane_other" if is_other else "lane"], radius=12)
        + icon("folded" if is_folded else "down", box.left + 10, box.top + 7, 16, colours["faint"])
        + text(name, box.left + 30, box.top + 19, _SMALL, colours["faint"], bold=True)
    )
