"""What a node of a still picture says, as its card on the canvas does (`js/src/drawing/content.ts`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from crmwidget.data.numerals import number_text
from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_text import one_line
from crmwidget.shown import Card, Figure, Overlay, Paint
from crmwidget.vocabulary import DEFAULT_NODE_KIND, NODE_KINDS

__all__ = ["CardContent", "Trouble", "card_content", "label_text", "short_detail", "trend_text", "troubles"]

Trouble: TypeAlias = Literal["", "warn", "bad"]
_SIGNS = "+-−–±↑↓▲▼"
_BEGINS_WITH_NUMBER = re.compile(r"([^ ]*\d[^ ]*)(?: ·)?(?: (.*))?$")


@dataclass(frozen=True, slots=True)
class CardContent:
    """The texts, figures and marks of one node.

    `strong` and `soft` stand under the title: a painted figure with its small print, or who and where, which
    `subtitle` always says; `text` is said where there is no figure.
    """

    shape: str
    kind: str
    title: str
    kind_title: str
    strong: str
    soft: str
    subtitle: str
    is_painted: bool
    figures: Sequence[Figure]
    text: str
    n_tables: int
    n_comments: int
    n_votes: int
    n_inside: int
    is_locked: bool
    trouble: Trouble
    outcome: str

    @property
    def headline(self) -> Figure | None:
        """A painted answer that begins with a number, as the figure of a card that has no other."""
        begun = _BEGINS_WITH_NUMBER.match(self.strong)
        if self.figures or not self.is_painted or begun is None:
            return None
        return Figure(begun[2] or self.soft, None, begun[1])

    @property
    def has_badges(self) -> bool:
        """Whether anything stands out of the upper border."""
        return self.n_comments + self.n_votes > 0 or self.is_locked or self.trouble != ""

    @property
    def spoken(self) -> str:
        """For who does not see it."""
        marks = ((self.n_inside, "card", " inside"), (self.n_comments, "open comment", ""), (self.n_votes, "vote", ""))
        said = [f"{n} {word}{'s' * (n != 1)}{where}" for n, word, where in marks if n]
        return ", ".join([f"{self.title} ({self.kind_title})", *said])


def card_content(
    attributes: Mapping[str, Any],
    *,
    card: Card | None = None,
    paint: Paint | None = None,
    trouble: Trouble = "",
    n_comments: int = 0,
    n_votes: int = 0,
    n_inside: int = 0,
) -> CardContent:
    """The content of a card; `trouble` is what findings say of the node, `n_inside` how many cards lie right within it.

    Examples
    --------
    >>> content = card_content({"kind": "stage", "label": "Demo", "owner": "Ann", "objective": "Show it"})
    >>> content.title, content.soft, content.text
    ('Demo', 'Ann', 'Show it')
    """
    kind = NODE_KINDS.get(attributes.get("kind", ""), NODE_KINDS[DEFAULT_NODE_KIND])
    subtitle = _subtitle(attributes, kind.title)
    strong, detail = ("", "") if paint is None else (one_line(paint.text), short_detail(paint))
    is_painted = bool(strong or detail)
    figures = card.figures[:3] if card is not None and card.figures else _own_figures(attributes)
    outcome = attributes.get("outcome")
    return CardContent(
        shape="card" if kind.shape == "frame" else kind.shape,
        kind=kind.name,
        title=label_text(attributes),
        kind_title=kind.title,
        strong=strong,
        soft=detail if is_painted else subtitle,
        subtitle=subtitle,
        is_painted=is_painted,
        figures=figures,
        text=_prose(attributes),
        n_tables=0 if card is None else len(card.tables),
        n_comments=n_comments,
        n_votes=n_votes,
        n_inside=n_inside,
        is_locked=attributes.get("locked") is True,
        trouble=trouble or _worst(figures),
        outcome=outcome if outcome in ("won", "lost") else "",
    )


def label_text(attributes: Mapping[str, Any]) -> str:
    """What a node is called."""
    kind = NODE_KINDS.get(attributes.get("kind", ""), NODE_KINDS[DEFAULT_NODE_KIND])
    return one_line(attributes.get("label") or "") or kind.title


def short_detail(paint: Paint) -> str:
    """The small print of a painted answer where there is room for it."""
    detail = one_line(paint.detail)
    return detail if len(detail) <= GEOMETRY["detail_characters"] else ""


def trend_text(figure: Figure) -> str:
    """A trend is told by colour and by a sign: one is added where the text bears none."""
    if figure.trend is None:
        return ""
    words = one_line(figure.trend.text)
    if words[:1] and words[0] in _SIGNS:
        return words
    return f"{ {'up': '↑', 'down': '↓'}.get(figure.trend.direction, '→') } {words}"


def troubles(overlay: Overlay | None) -> dict[str, Trouble]:
    """What the findings of a painted answer say about each node."""
    found: dict[str, Trouble] = {}
    for finding in overlay.findings if overlay is not None else ():
        if finding.severity == "bad" or finding.severity == "warn":
            for node in finding.nodes:
                if found.get(node) != "bad":
                    found[node] = finding.severity
    return found


def _worst(figures: Sequence[Figure]) -> Trouble:
    statuses = {figure.status for figure in figures}
    return "bad" if "bad" in statuses else "warn" if "warn" in statuses else ""


def _own_figures(attributes: Mapping[str, Any]) -> list[Figure]:
    """A capability bears its own figure: the level it has of the level it wants."""
    current, goal = attributes.get("current"), attributes.get("goal_level")
    if not _is_number(current):
        return []
    target = float(goal) if _is_number(goal) and goal > 0 else None  # type: ignore[arg-type, operator]
    label = "level" if target is None else f"of {number_text(target, style='full')}"
    share = current / 5 if target is None else min(current / target, 1.0)  # type: ignore[operator]
    return [Figure(label, current, number_text(current, style="full"), target=target, progress=share)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _subtitle(attributes: Mapping[str, Any], kind_title: str) -> str:
    who = _first(attributes, ("team", "owner", "department", "vendor"))
    where = _first(attributes, ("systems", "channel", "data_type", "category"))
    return " · ".join(part for part in (who, where) if part) or kind_title


def _prose(attributes: Mapping[str, Any]) -> str:
    said = _first(attributes, ("objective", "description", "need", "pain_point"))
    if said:
        return said
    actions = attributes.get("actions") or ()
    if isinstance(actions, str):
        return one_line(actions)
    return " · ".join(filter(None, map(one_line, list(actions)[:12]))) or _first(attributes, ("policy",))


def _first(attributes: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = attributes.get(name)
        if isinstance(value, tuple | list):
            value = value[0] if value else ""
        if _is_number(value):
            return str(value)
        if isinstance(value, str) and one_line(value):
            return one_line(value)
    return ""
