"""What the colours of a still picture mean: the scale of an answer, and the categories of the cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_flow_style import GHOST_DASH
from crmwidget.formats.svg_marks import heat_colour, rect, text
from crmwidget.formats.svg_text import fitted, one_line, text_width
from crmwidget.layout.boxes import Box
from crmwidget.shown import Legend

__all__ = ["draw_legend"]

_SIZE = GEOMETRY["small_size"]
_SCALE_WIDTH, _STEPS = 240.0, 24
_MOST = 8  # categories that are named


def draw_legend(
    painted: Legend | None,
    categories: Sequence[tuple[str, str]],
    width: float,
    *,
    colours: Mapping[str, str],
    scale: Sequence[str],
) -> tuple[str, float]:
    """The legend from (0, 0) and its height: `categories` are (title, colour), `scale` the colours of heat."""
    parts = [] if painted is None else [_scale(painted, colours, scale)]
    height = 0.0 if painted is None else 68.0 if painted.ghosts else 48.0
    if len(categories) > 1:
        start = 0.0 if painted is None else _SCALE_WIDTH + 32
        x, y = start, 12.0 if painted is None else 22.0
        for title, colour in categories[:_MOST]:
            words = fitted(one_line(title), 180, _SIZE)
            step = text_width(words, _SIZE) + 38
            if x + step > width and x > start:
                x, y = start, y + 20
            parts.append(rect(Box(x, y - 9, x + 10, y + 1), colour, radius=3))
            parts.append(text(words, x + 16, y, _SIZE, colours["soft"]))
            x += step
        if len(categories) > _MOST:
            parts.append(text(f"and {len(categories) - _MOST} more", x, y, _SIZE, colours["soft"]))
        height = max(height, y + 4)
    return "".join(parts), height


def _scale(legend: Legend, colours: Mapping[str, str], scale: Sequence[str]) -> str:
    words = f"{legend.title} ({legend.unit})" if legend.unit and legend.unit not in legend.title else legend.title
    parts = [text(fitted(one_line(words), _SCALE_WIDTH, _SIZE), 0, 10, _SIZE, colours["soft"])]
    step = _SCALE_WIDTH / _STEPS
    for n in range(_STEPS):  # each reaches under the next, so that no seam shows between them
        box = Box(n * step, 20, min((n + 1) * step + 1, _SCALE_WIDTH), 28)
        parts += [rect(box, heat_colour(n / (_STEPS - 1), scale))]
    ticks = [one_line(tick) for tick in legend.ticks[:5]]
    for n, tick in enumerate(ticks):
        share = n / (len(ticks) - 1) if len(ticks) > 1 else 0
        anchor = "start" if n == 0 else "end" if n == len(ticks) - 1 else "middle"
        shown = fitted(tick, _SCALE_WIDTH / len(ticks), _SIZE)
        parts += [text(shown, share * _SCALE_WIDTH, 44, _SIZE, colours["soft"], anchor=anchor)]
    if legend.ghosts:
        dash = " ".join(f"{d:g}" for d in GHOST_DASH)
        colour = heat_colour(0.75, scale)
        parts += [
            f'<path d="M0 60h34" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
            f'<path d="M44 60l-10 -4.5v9z" fill="{colours["background"]}" stroke="{colour}" stroke-width="1.4"/>',
            text(fitted(one_line(legend.ghosts), _SCALE_WIDTH - 52, _SIZE), 52, 64, _SIZE, colours["soft"]),
        ]
    return "".join(parts)
