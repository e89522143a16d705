"""What stands where on a card of a still picture, as on the near canvas (`js/src/drawing/cardplan.ts`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_card_content import CardContent, trend_text
from crmwidget.formats.svg_text import fitted, one_line, text_width, whole_parts, wrapped
from crmwidget.shown import Figure

__all__ = ["Bar", "Icon", "Piece", "Spark", "Text", "Type", "plan_badges", "plan_card"]


@dataclass(frozen=True, slots=True)
class Type:
    """Letters: their size, and how far lines are apart."""

    size: float
    leading: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text; x and y are the top left corner within the card, `tone` a colour of the theme."""

    x: float
    y: float
    width: float
    type: Type
    lines: tuple[str, ...]
    tone: str = "text"
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Bar:
    """A box with round ends; the tone "colour" is that of the category."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    border: str = ""


@dataclass(frozen=True, slots=True)
class Icon:
    """One of `design.MARKS`."""

    x: float
    y: float
    size: float
    name: str
    tone: str = "soft"


@dataclass(frozen=True, slots=True)
class Spark:
    """The course of a figure."""

    x: float
    y: float
    path: str


Piece: TypeAlias = Text | Bar | Icon | Spark

TITLE = Type(GEOMETRY["title_size"], 17, is_bold=True)
SMALL = Type(GEOMETRY["small_size"], 15)
BOLD = replace(SMALL, is_bold=True)
MARK = Type(10.5, 15, is_bold=True)
LEFT, RIGHT, TOP, BOTTOM = 16.0, 12.0, 10.0, 9.0
BADGE = 18.0


def plan_card(content: CardContent, width: float, height: float) -> list[Piece]:
    """The pieces of a card of this size, the lower first."""
    plan = _Plan(content, width, height)
    if content.shape == "card":
        plan.whole()
    else:
        plan.small()
    plan.badges()
    plan.inside()
    return [*plan.pieces, *_vote_mark(content.n_votes)]


def plan_badges(content: CardContent, width: float) -> list[Piece]:
    """What stands on the upper border of a frame: comments, troubles, a lock, votes."""
    plan = _Plan(content, width, 0)
    plan.badges()
    return [*plan.pieces, *_vote_mark(content.n_votes)]


def _vote_mark(n_votes: int) -> list[Piece]:
    """On the upper border, from the left: a dot and how many vote for it, if any."""
    if not n_votes:
        return []
    words = str(n_votes)
    wide = math.ceil(text_width(words, MARK.size, bold=True)) + 1
    return [
        Bar(10, -BADGE / 2, 27 + wide, BADGE, "card", "line_strong"),
        Bar(17, -4.5, 9, 9, "accent"),
        Text(30, -7.5, wide, MARK, (words,)),
    ]


class _Plan:
    def __init__(self, content: CardContent, width: float, height: float) -> None:
        self.content, self.width, self.height = content, width, height
        self.pieces: list[Piece] = []

    def _text(
        self,
        x: float,
        y: float,
        width: float,
        type: Type,
        text: str | Sequence[str],
        tone: str = "text",
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        if text:
            lines = (fitted(text, width, type.size, bold=type.is_bold),) if isinstance(text, str) else tuple(text)
            self.pieces.append(Text(x, y, width, type, lines, tone, align))

    def whole(self) -> None:
        """A card with its title, the line under it, and figures or words."""
        content, height = self.content, self.height
        inner = self.width - LEFT - RIGHT
        answer = content.headline
        if answer is not None:
            wide = text_width(answer.text, GEOMETRY["figure_size"], bold=True) + text_width(answer.label, SMALL.size)
            answer = answer if wide + 6 <= inner else None
        figures = content.figures if answer is None else [answer]
        main = figures[0] if figures else None
        bar = 11.0 if main is not None and main.progress is not None else 0.0
        # The title takes a second line only where all the rest still has its place.
        rest = 0.0 if not content.text else 17.0
        if main is not None:
            rest = 25 + bar + (15 if len(figures) > 1 else 0)
        spare = height - TOP - SMALL.leading - rest - BOTTOM
        most = 2 if spare >= 2 * TITLE.leading else 1
        lines = wrapped(content.title, inner, most, TITLE.size, bold=True)
        self._text(LEFT, TOP, inner, TITLE, lines)
        y = TOP + len(lines) * TITLE.leading + 1
        if content.n_tables:
            self._mark("table", self.width - RIGHT - 25, y + 1, str(content.n_tables), is_bold=False)
        room = inner - (28 if content.n_tables else 0)
        strong, left_over = whole_parts(content.strong if answer is None else "", room, BOLD.size, bold=True)
        self._text(LEFT, y, room, BOLD, strong)
        shift = min(_width_of(strong, BOLD, room) + 4, room) if strong else 0.0
        if left_over and main is None:
            y += SMALL.leading
            self._text(LEFT, y, inner, BOLD, left_over)
        elif room - shift >= 14:
            soft = content.soft if answer is None else content.subtitle
            self._text(LEFT + shift, y, room - shift, SMALL, soft, "soft")
        y += SMALL.leading
        if main is not None:
            self._figures(figures, y, inner, bar)
            return
        most = min(int((height - BOTTOM - y - 5) // SMALL.leading), 3)
        if content.text and most > 0:
            self._text(LEFT, y + 5, inner, SMALL, wrapped(content.text, inner, most, SMALL.size), "soft")
        else:  # a card with nothing but its name has it in the middle of its height
            by = max(math.floor((height - BOTTOM - y) / 2 + 0.5), 0)
            self.pieces = [replace(piece, y=piece.y + by) for piece in self.pieces]

    def _figures(self, figures: Sequence[Figure], y: float, inner: float, bar: float) -> None:
        """The first with its trend and shape, and the others in a row, between `y` and the bar of progress."""
        main, *more = figures
        floor = self.height - BOTTOM - bar
        lowest = floor - SMALL.leading
        others = more[:2] if lowest - y >= 25 else []  # a low card has no row for the others
        ground = lowest if others else floor
        trend = trend_text(main)
        has_spark = main.spark is not None and len(main.spark) > 1
        has_row = not others and ground - y >= 25 + 17 and (bool(trend) or has_spark)
        slack = ground - y - 25 - (15 if has_row else 0)
        top = y + math.floor(max(min(slack / 2, 6 if bar else 12), 0) + 0.5)
        # Trend and shape share the row below the figure, or one of them stands at its end where that row is taken.
        is_trend_beside = not has_row and bool(trend)
        is_spark_beside = not has_row and not trend and has_spark
        trend_room = min(text_width(trend, SMALL.size) + 1, 62.0)
        if has_row:
            trend_room = inner - (58 if has_spark else 0)
        room = inner - (trend_room + 6 if is_trend_beside else 0) - (56 if is_spark_beside else 0)
        figure = one_line(main.text) or "–"
        large = Type(GEOMETRY["figure_size"], 25, is_bold=True)
        type = large if text_width(figure, large.size, bold=True) <= room - 4 else replace(large, size=15)
        self._text(LEFT, top, room, type, figure)
        used = min(_width_of(figure, type, room), room) + 6
        if room - used >= 16:
            self._text(LEFT + used, top + 7, room - used, SMALL, one_line(main.label), "soft")
        x, below = (LEFT, 25) if has_row else (LEFT + inner - trend_room, 7)
        self._text(x, top + below, trend_room, SMALL, trend, _trend_tone(main), "left" if has_row else "right")
        if main.spark is not None and has_spark and (is_spark_beside or has_row):
            path = _spark_path(main.spark, 52, min(floor - top - 26, 18) if has_row else 18)
            if path:
                self.pieces.append(Spark(LEFT + inner - 52, top + (24 if has_row else 5), path))
        each = (inner - (len(others) - 1) * 8) / max(len(others), 1)
        for n, other in enumerate(others):
            x = LEFT + n * (each + 8)
            said = one_line(other.text) or "–"
            self._text(x, lowest, each, BOLD, said)
            start = _width_of(said, BOLD, each) + 4
            self._text(x + start, lowest, max(each - start, 0), SMALL, one_line(other.label), "soft")
        if main.progress is not None:
            share = min(max(main.progress, 0.0), 1.0)
            y = self.height - BOTTOM - 4
            self.pieces.append(Bar(LEFT, y, inner, 4, "line"))
            if share:
                tone = "colour" if main.status == "none" else main.status
                self.pieces.append(Bar(LEFT, y, max(inner * share, 4), 4, tone))

    def small(self) -> None:
        """Pill and diamond: the name in the middle, and one figure below it."""
        content = self.content
        is_pill = content.shape == "pill"
        inner = self.width - 36 if is_pill else self.width * 0.62
        main = content.figures[0] if content.figures else None
        figure, rest = ("", "") if main is None else (one_line(main.text), one_line(main.label))
        if content.is_painted:
            figure, rest = content.strong, content.soft
        figure, _ = whole_parts(figure, inner, BOLD.size, bold=True)
        has_note = bool(figure or rest)
        note = SMALL.leading if has_note else 0.0
        room = self.height - 8 if is_pill else self.height * 0.52
        type = replace(TITLE, leading=math.floor(TITLE.leading * 0.94 + 0.5))
        most = max(min(int((room - note) // type.leading), 3), 1)
        lines = wrapped(content.title, inner, most, type.size, bold=True)
        x = (self.width - inner) / 2
        y = (self.height - len(lines) * type.leading - note) / 2
        self._text(x, y, inner, type, lines, "text", "center")
        if not has_note:
            return
        strong = _width_of(figure, BOLD, inner)
        gap = 4.0 if strong else 0.0
        left = inner - strong - gap
        soft = 0.0 if left < 14 else _width_of(rest, SMALL, left)
        start = x + (inner - strong - (gap + soft if soft else 0)) / 2
        y += len(lines) * type.leading
        self._text(start, y, strong + 1, BOLD, figure)
        if soft:
            self._text(start + strong + gap, y, soft + 1, SMALL, rest, "soft")

    def badges(self) -> None:
        """Open threads, that something is wrong, that it is locked: on the upper border, from the right."""
        content, x = self.content, self.width - 10
        if content.n_comments:
            words = str(min(content.n_comments, 99))
            width = 38.0 if len(words) > 1 else 32.0
            x -= width
            self.pieces.append(Bar(x, -BADGE / 2, width, BADGE, "card", "line_strong"))
            self._mark("comment", x + 6, -6.5, words)
            x -= 4
        for name, tone, is_there in (
            ("warning", content.trouble, content.trouble),
            ("lock", "soft", content.is_locked),
        ):
            if is_there:
                x -= 26
                self.pieces.append(Bar(x, -BADGE / 2, 26, BADGE, "card", "line_strong"))
                self.pieces.append(Icon(x + 6, -7, 14, name, tone))
                x -= 4

    def inside(self) -> None:
        """On the lower border, how many cards lie within."""
        if self.content.n_inside:
            words = str(min(self.content.n_inside, 999))
            width = 25.0 + 7 * len(words)
            x, y = self.width - 10 - width, self.height - BADGE / 2
            self.pieces.append(Bar(x, y, width, BADGE, "card", "line_strong"))
            self._mark("inside", x + 6, y + 2.5, words)

    def _mark(self, name: str, x: float, y: float, words: str, *, is_bold: bool = True) -> None:
        """A small icon and its number."""
        self.pieces.append(Icon(x, y, 13, name))
        self._text(x + 15, y - 1, 20, replace(MARK, is_bold=is_bold), [words], "soft")


def _width_of(text: str, type: Type, room: float) -> float:
    """The width of a text in at most this room."""
    return text_width(fitted(text, room, type.size, bold=type.is_bold), type.size, bold=type.is_bold) if text else 0.0


def _trend_tone(figure: Figure) -> str:
    is_good = None if figure.trend is None else figure.trend.is_good
    return "soft" if is_good is None else "good" if is_good else "bad"


def _spark_path(values: Sequence[float], width: float, height: float) -> str:
    known = list(values)[-64:]
    present = [value for value in known if math.isfinite(value)]
    if len(present) < 2:
        return ""
    low, span = min(present), (max(present) - min(present)) or 1
    path, pen = [], "M"
    for n, value in enumerate(known):
        if not math.isfinite(value):
            pen = "M"
            continue
        x, y = 1 + n / (len(known) - 1) * (width - 2), height - 2 - (value - low) / span * (height - 4)
        path.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(path)
