"""One node of a still picture: card, pill or diamond, with what data and an answer say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_marks import rect, text
from crmwidget.formats.svg_text import fitted, one_line, safe, text_width, whole_parts, wrapped
from crmwidget.layout.boxes import Box
from crmwidget.shown import Card, Figure, Paint
from crmwidget.vocabulary import DEFAULT_NODE_KIND, NODE_KINDS

__all__ = ["CardLook", "comment_badge", "draw_halo", "draw_node", "label_text", "short_detail", "vote_badge"]

TITLE, SMALL, FIGURE = GEOMETRY["title_size"], GEOMETRY["small_size"], GEOMETRY["figure_size"]
_LEFT, _RIGHT = 15, 12
_STEP = 5  # from one card of a stack to the next


@dataclass(frozen=True, slots=True)
class CardLook:
    """What a node is drawn with: the theme's colours, its category's colour, and the colour of its halo, if any."""

    colours: Mapping[str, str]
    category: str
    halo: str | None = None
    heat: float = 0.0


def label_text(attributes: Mapping[str, Any]) -> str:
    """What a node is called."""
    kind = NODE_KINDS.get(attributes.get("kind", ""), NODE_KINDS[DEFAULT_NODE_KIND])
    return one_line(attributes.get("label") or "") or kind.title


def draw_node(
    attributes: Mapping[str, Any],
    box: Box,
    look: CardLook,
    card: Card | None,
    paint: Paint | None,
    n_comments: int,
    n_inside: int = 0,
    n_votes: int = 0,
) -> str:
    """A node in its box. A group is folded: a card on a stack, which takes no more room than the card."""
    kind = NODE_KINDS.get(attributes.get("kind", ""), NODE_KINDS[DEFAULT_NODE_KIND])
    inside = f"{n_inside} card{'s' * (n_inside != 1)}"
    spoken = f"{label_text(attributes)} ({kind.title})" + (f", {inside} inside" if n_inside else "")
    spoken += f", {n_votes} vote{'s' * (n_votes != 1)}" if n_votes else ""
    if kind.shape == "pill":
        body = _pill(attributes, box, look)
    elif kind.shape == "diamond":
        body = _diamond(attributes, box, look)
    elif kind.holds == "frame":
        front = Box(box.left, box.top, box.right, box.bottom - 2 * _STEP) if n_inside else box
        body = (_stack(front, look) if n_inside else "") + _card(attributes, inside, front, look, card, paint)
    else:
        body = _card(attributes, _subtitle(attributes, kind.title), box, look, card, paint)
        body += _opening(n_inside, box, look.colours) if n_inside else ""
    body += comment_badge(n_comments, box, look.colours) + vote_badge(n_votes, box, look.colours)
    return f"<g><title>{safe(spoken)}</title>{body}</g>"


def draw_halo(attributes: Mapping[str, Any], box: Box, look: CardLook) -> str:
    """The soft edge of light around a node that an answer warms; it lies under the flows."""
    kind = NODE_KINDS.get(attributes.get("kind", ""), NODE_KINDS[DEFAULT_NODE_KIND])
    if kind.shape == "diamond":
        return _halo(box.grown(-26, -18), look, 30)
    return _halo(box, look, (box.bottom - box.top) / 2 if kind.shape == "pill" else GEOMETRY["card_radius"])


def _card(
    attributes: Mapping[str, Any], subtitle: str, box: Box, look: CardLook, card: Card | None, paint: Paint | None
) -> str:
    colours = look.colours
    radius = GEOMETRY["card_radius"]
    left, right = box.left + _LEFT, box.right - _RIGHT
    inner = right - left
    parts = [
        _shadow(box, radius),
        rect(box, colours["card"], radius=radius, stroke=colours["line_strong"], stroke_width=0.8),
        f'<path d="M{box.left:g} {box.top + 10:g}h1a3 3 0 0 1 3 3v{box.bottom - box.top - 26:g}a3 3 0 0 1 -3 3h-1z" '
        f'fill="{look.category}"/>',
    ]
    figures = card.figures[:3] if card is not None else []
    lines = wrapped(label_text(attributes), inner, 1 if figures else 2, TITLE, bold=True)
    y = box.top + 22.0
    for line in lines:
        parts.append(text(line, left, y, TITLE, colours["text"], bold=True))
        y += 17
    if paint is not None and (paint.text or paint.detail):
        strong, rest = whole_parts(one_line(paint.text), inner, SMALL, bold=True)
        parts.append(_strong_and_soft(strong, "" if rest else short_detail(paint), left, y, inner, colours))
        if rest and not figures:
            y += 15
            parts.append(_strong_and_soft(rest, "", left, y, inner, colours))
    else:
        parts.append(text(fitted(subtitle, inner, SMALL), left, y, SMALL, colours["soft"]))
    if figures:
        parts.append(_figures(figures, Box(left, y, right, box.bottom), look))
    else:
        room = int((box.bottom - 8 - (y + 6)) // 15)
        y += 20
        for line in wrapped(_prose(attributes), inner, min(room, 3), SMALL) if room > 0 else []:
            parts.append(text(line, left, y, SMALL, colours["faint"]))
            y += 15
    return "".join(parts)


def _figures(figures: Sequence[Figure], box: Box, look: CardLook) -> str:
    """The first figure large, with trend, shape over time and progress; up to two more beside each other below it."""
    colours, first = look.colours, figures[0]
    left, inner = box.left, box.right - box.left
    y = box.top + 26
    value = fitted(one_line(first.text), inner, FIGURE, bold=True)
    value_colour = colours[first.status] if first.status in ("warn", "bad") else colours["text"]
    parts = [text(value, left, y, FIGURE, value_colour, bold=True)]
    beyond = text_width(value, FIGURE, bold=True) + 6
    said = one_line(first.label)
    if inner - beyond > 24 and said:
        parts.append(text(fitted(said, inner - beyond, SMALL), left + beyond, y, SMALL, colours["soft"]))
    y += 18
    if len(figures) > 1:
        half = inner / (len(figures) - 1)
        for n, figure in enumerate(figures[1:]):
            parts.append(
                _strong_and_soft(one_line(figure.text), one_line(figure.label), left + n * half, y, half - 6, colours)
            )
    elif first.trend is not None:
        good = first.trend.is_good
        colour = colours["soft"] if good is None else colours["good"] if good else colours["bad"]
        parts.append(text(fitted(one_line(first.trend.text), inner - 60, SMALL), left, y, SMALL, colour))
    if first.spark and len(figures) == 1:
        parts.append(_spark(first.spark, Box(box.right - 52, y - 14, box.right, y + 2), look.category))
    if first.progress is not None:
        share = min(max(first.progress, 0.0), 1.0)
        top = box.bottom - 13
        parts.append(rect(Box(left, top, box.right, top + 4), colours["line"], radius=2))
        if share:
            parts.append(rect(Box(left, top, left + max(inner * share, 4), top + 4), look.category, radius=2))
    return "".join(parts)


def _spark(values: Sequence[float], box: Box, colour: str) -> str:
    shown = [v for v in values if v == v and abs(v) != float("inf")][-60:]
    if len(shown) < 2:
        return ""
    low, high = min(shown), max(shown)
    scale = (box.bottom - box.top) / ((high - low) or 1)
    step = (box.right - box.left) / (len(shown) - 1)
    points = " ".join(f"{box.left + n * step:.1f},{box.bottom - (v - low) * scale:.1f}" for n, v in enumerate(shown))
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def short_detail(paint: Paint) -> str:
    """The small print of a painted answer where there is room for it."""
    detail = one_line(paint.detail)
    return detail if len(detail) <= GEOMETRY["detail_characters"] else ""


def _strong_and_soft(strong: str, soft: str, x: float, y: float, width: float, colours: Mapping[str, str]) -> str:
    strong = fitted(strong, width, SMALL, bold=True)
    used = text_width(strong, SMALL, bold=True) + 5 if strong else 0
    rest = soft if text_width(soft, SMALL) <= width - used else ""
    return (text(strong, x, y, SMALL, colours["text"], bold=True) if strong else "") + (
        text(rest, x + used, y, SMALL, colours["soft"]) if rest else ""
    )


def _pill(attributes: Mapping[str, Any], box: Box, look: CardLook) -> str:
    radius = (box.bottom - box.top) / 2
    words = fitted(label_text(attributes), box.right - box.left - 2 * 16, TITLE, bold=True)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2 + 4.6
    return (
        _shadow(box, radius)
        + rect(box, look.colours["card"], radius=radius, stroke=look.category, stroke_width=1.6)
        + text(words, x, y, TITLE, look.colours["text"], bold=True, anchor="middle")
    )


def _diamond(attributes: Mapping[str, Any], box: Box, look: CardLook) -> str:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    shape = f"M{x:g} {box.top:g}L{box.right:g} {y:g}L{x:g} {box.bottom:g}L{box.left:g} {y:g}Z"
    lines = wrapped(label_text(attributes), (box.right - box.left) * 0.56, 2, SMALL + 1, bold=True)
    first = y + 4 - (len(lines) - 1) * 7.5
    words = [
        text(line, x, first + n * 15, SMALL + 1, look.colours["text"], bold=True, anchor="middle")
        for n, line in enumerate(lines)
    ]
    return (
        f'<path d="{shape}" fill="{look.colours["card"]}" stroke="{look.category}" stroke-width="1.6" '
        f'stroke-linejoin="round"/>{"".join(words)}'
    )


def _halo(box: Box, look: CardLook, radius: float) -> str:
    """A soft edge of light as rings that fade, because a filter's id would meet those of other pictures."""
    if look.halo is None:
        return ""
    strength = 0.3 + 0.6 * look.heat
    return "".join(
        rect(box.grown(grow, grow), look.halo, radius=radius + grow, opacity=strength * (0.29 - 0.015 * grow))
        for grow in range(16, 0, -2)
    )


def _shadow(box: Box, radius: float) -> str:
    low = Box(box.left, box.top + 2, box.right, box.bottom + 2)
    return "".join(
        rect(low.grown(grow, grow), "#1b2330", radius=radius + grow, opacity=opacity)
        for grow, opacity in ((3, 0.018), (1.5, 0.03))
    )


def _stack(front: Box, look: CardLook) -> str:
    """The edges of two more cards behind the front one of a folded group."""
    radius, colours = GEOMETRY["card_radius"], look.colours
    return "".join(
        rect(
            Box(front.left + 2 * by, front.top + 20, front.right - 2 * by, front.bottom + by),
            colours["card"],
            radius=radius,
            stroke=colours["line_strong"],
            stroke_width=0.8,
        )
        for by in (2 * _STEP, _STEP)
    )


def _opening(n_inside: int, box: Box, colours: Mapping[str, str]) -> str:
    """On the lower border, how many cards lie in the map behind this one."""
    words = str(min(n_inside, 999))
    left, top = box.right - 35 - 7 * len(words), box.bottom - 9
    pill = rect(Box(left, top, box.right - 10, top + 18), colours["card"], radius=9, stroke=colours["line_strong"])
    square = f"M{left + 8:g} {top + 5:g}h8v8h-8zM{left + 10.5:g} {top + 7.5:g}h3v3h-3z"
    mark = f'<path d="{square}" fill="none" stroke="{colours["soft"]}" stroke-width="1.2"/>'
    return pill + mark + text(words, left + 20, top + 12.8, SMALL - 0.5, colours["soft"], bold=True)


def comment_badge(n_comments: int, box: Box, colours: Mapping[str, str]) -> str:
    """On the upper border, how many comments there are, if any."""
    if not n_comments:
        return ""
    words = "1 comment" if n_comments == 1 else f"{n_comments} comments"
    right, middle = box.right - 10, box.top - 4
    left = right - text_width(words, 10.5) - 14
    pill = rect(Box(left, middle - 9, right, middle + 9), colours["card"], radius=9, stroke=colours["line"])
    return pill + text(words, (left + right) / 2, middle + 3.7, 10.5, colours["soft"], anchor="middle")


def vote_badge(n_votes: int, box: Box, colours: Mapping[str, str]) -> str:
    """On the upper border, from the left, a dot and how many votes there are, if any."""
    if not n_votes:
        return ""
    words = str(n_votes)
    left, middle = box.left + 10, box.top
    pill = Box(left, middle - 9, left + 27 + text_width(words, SMALL - 0.5, bold=True), middle + 9)
    dot = f'<circle cx="{left + 11:g}" cy="{middle:g}" r="4.5" fill="{colours["accent"]}"/>'
    number = text(words, left + 20, middle + 3.8, SMALL - 0.5, colours["text"], bold=True)
    return rect(pill, colours["card"], radius=9, stroke=colours["line_strong"]) + dot + number


def _subtitle(attributes: Mapping[str, Any], kind_title: str) -> str:
    who = _first(attributes, ("team", "owner", "department", "vendor"))
    where = _first(attributes, ("systems", "channel", "data_type", "category"))
    return " · ".join(part for part in (who, where) if part) or kind_title


def _prose(attributes: Mapping[str, Any]) -> str:
    said = _first(attributes, ("objective", "description", "need", "pain_point"))
    if said:
        return said
    actions = attributes.get("actions") or ()
    return " · ".join(one_line(action) for action in list(actions)[:12]) or _first(attributes, ("policy",))


def _first(attributes: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = attributes.get(name)
        if isinstance(value, (tuple, list)):
            value = value[0] if value else ""
        if isinstance(value, str) and one_line(value):
            return one_line(value)
    return ""
