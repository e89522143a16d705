"""The frames of groups in a still picture: a ground behind the cards, a name, and how much lies within."""

from __future__ import annotations

from collections.abc import Mapping

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_cards import comment_badge, vote_badge
from crmwidget.formats.svg_marks import rect, text
from crmwidget.formats.svg_text import fitted, safe, text_width
from crmwidget.layout.boxes import Box

__all__ = ["draw_frame", "header_box"]

_RADIUS = 14
_SIDE, _BASELINE = 16.0, 22.0
_TITLE, _SMALL = 12.0, GEOMETRY["small_size"]


def draw_frame(
    title: str,
    box: Box,
    n_inside: int,
    *,
    is_other: bool,
    colours: Mapping[str, str],
    heat: str = "",
    said: str = "",
    n_comments: int = 0,
    n_votes: int = 0,
) -> str:
    """A group's frame; `is_other` is for the second of two shades that take turns, `said` what an answer says of it."""
    ground = colours["background" if is_other else "lane"]
    border = rect(box, ground, radius=_RADIUS, stroke=heat or colours["line_strong"], stroke_width=2 if heat else 0.8)
    words, count = _words(title, box, n_inside)
    x = box.left + _SIDE
    parts = [text(words, x, box.top + _BASELINE, _TITLE, colours["text"], bold=True)]
    x += text_width(words, _TITLE, bold=True) + 7
    if count:
        parts.append(text(count, x, box.top + _BASELINE, _SMALL, colours["soft"]))
        x += text_width(count, _SMALL) + 10
    if said and box.right - _SIDE - x > 40:
        note = fitted(said, box.right - _SIDE - x, _SMALL, bold=True)
        parts.append(text(note, x, box.top + _BASELINE, _SMALL, colours["text"], bold=True))
    parts.append(comment_badge(n_comments, box, colours) + vote_badge(n_votes, box, colours))
    voted = f", {n_votes} vote{'s' * (n_votes != 1)}" if n_votes else ""
    return f"<g><title>{safe(title)} (Group), {n_inside} inside{voted}</title>{border}{''.join(parts)}</g>"


def header_box(title: str, box: Box, n_inside: int) -> Box:
    """Where the name stands, so that nothing else is written there."""
    words, count = _words(title, box, n_inside)
    right = box.left + _SIDE + text_width(words, _TITLE, bold=True) + 7 + text_width(count, _SMALL)
    return Box(box.left + _SIDE, box.top + 8, right, box.top + GEOMETRY["frame_header"])


def _words(title: str, box: Box, n_inside: int) -> tuple[str, str]:
    count = str(n_inside) if n_inside else ""
    room = box.right - box.left - 2 * _SIDE - text_width(count, _SMALL) - 7
    return fitted(title, room, _TITLE, bold=True), count
