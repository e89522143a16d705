"""What is shown on the map beside the graph itself: figures on cards, and answers painted over it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

__all__ = [
    "Card",
    "Effect",
    "Figure",
    "Finding",
    "Ghost",
    "Legend",
    "Lever",
    "Levers",
    "Overlay",
    "OverlayTable",
    "Paint",
    "Segments",
    "Trend",
]


class Trend(Struct):
    """How a figure moved: its text, and whether that is welcome."""

    text: str
    direction: Literal["up", "down", "flat"]
    is_good: bool | None = None


class Figure(Struct):
    """One figure on a card. `text` is the value as shown, unit and all; `progress` its share of the target, 0 to 1."""

    label: str
    value: float | None
    text: str
    unit: str = ""
    trend: Trend | None = None
    target: float | None = None
    progress: float | None = None
    status: Literal["good", "warn", "bad", "none"] = "none"
    spark: list[float] | None = None
    hint: str = ""


class Card(Struct):
    """What data says about one node: at most three figures, and badges such as the attached tables."""

    figures: list[Figure]
    tables: list[str]


class Legend(Struct, omit_defaults=True):
    """What the colours mean: a title with its unit, and the texts along the scale; `ghosts` says what is dashed."""

    title: str
    unit: str
    ticks: list[str]
    ghosts: str = ""


class Paint(Struct):
    """What an answer paints on one node or flow: heat 0 to 1 on the legend's scale, a text, its small print.

    A `detail` that is too long to lie beside the text (`GEOMETRY["detail_characters"]`) is told on hover only.
    """

    heat: float | None = None
    text: str = ""
    detail: str = ""
    width: float | None = None


class Ghost(Struct):
    """A flow that happens though none is drawn from the one node to the other: how it is painted, and in a sentence.

    It is no part of the map. A flow of the default kind that is drawn between the same nodes takes its place.
    """

    source: str
    target: str
    paint: Paint
    sentence: str


class Finding(Struct):
    """One sentence of an answer, the elements that it is about, its evidence and a next step."""

    severity: Literal["bad", "warn", "good", "info"]
    sentence: str
    evidence: str
    suggestion: str
    nodes: list[str]
    flows: list[str]


class OverlayTable(Struct):
    """A small table of aggregates, already formatted for reading."""

    columns: list[str]
    rows: list[list[str]]


class Lever(Struct, omit_defaults=True):
    """A number of a stage or flow that can be tried otherwise: what it is, what is tried, and between what.

    None stands for no limit; a lever whose `baseline` is none comes to it one step beyond `most`. `is_given`: it was
    tried itself, rather than follows from another. `is_measured`: a log tells it, whatever the map says.
    """

    title: str
    baseline: float | None
    value: float | None
    least: float
    most: float
    step: float
    unit: str
    is_given: bool = False
    is_measured: bool = False


class Effect(Struct):
    """A figure of the whole map, as it is and as it would be; `is_good` where it moves at all."""

    label: str
    before: str
    after: str
    is_good: bool | None = None


class Levers(Struct):
    """What of an answer can be tried otherwise, by node and attribute and by flow, and what that does to the whole."""

    effects: list[Effect]
    nodes: dict[str, dict[str, Lever]]
    flows: dict[str, Lever]
    note: str


class Overlay(Struct, omit_defaults=True):
    """An answer painted on the map."""

    title: str
    subtitle: str
    legend: Legend | None
    nodes: dict[str, Paint]
    flows: dict[str, Paint]
    findings: list[Finding]
    table: OverlayTable | None
    levers: Levers | None = None
    ghosts: list[Ghost] = []


class Segments(Struct):
    """An answer once more for each value of one attribute, for a reader who cannot ask again; held back together."""

    by: str
    parts: dict[str, Overlay]
