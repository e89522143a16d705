"""What is shown on the map beside the graph itself: figures on cards, and answers painted over it.

Examples
--------
>>> lead = Paint(heat=0.8, text="38 %", detail="586 of 1,543", width=4.0)
>>> said = Finding("warn", "Lead loses the most.", "586 of 1,543 entered", "Ask them why.", nodes=["lead"], flows=[])
>>> painted = Overlay(
...     title="Losses", subtitle="by now", legend=Legend("lost", "%", ["0", "38"]), nodes={"lead": lead}, flows={},
...     findings=[said], table=OverlayTable(columns=["stage"], rows=[["Lead"]]),
... )
>>> from crmwidget import from_text
>>> m = from_text("Lead -> Won")
>>> m.paint("losses", painted)
>>> m.overlays["losses"].nodes["lead"].text
'38 %'
"""

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
    """How a figure moved: its text, and whether that is welcome.

    Examples
    --------
    >>> Trend(text="+ 12 %", direction="up", is_good=True).is_good
    True
    """

    text: str
    direction: Literal["up", "down", "flat"]
    is_good: bool | None = None


class Figure(Struct, omit_defaults=True):
    """One figure on a card. `text` is the value as shown, unit and all; `progress` its share of the target, 0 to 1.

    Examples
    --------
    >>> Figure(
    ...     label="open", value=1200.0, text="1 200 €", unit="€", trend=Trend("+ 12 %", "up", True), target=1500.0,
    ...     progress=0.8, status="warn", spark=[900.0, 1200.0], hint="amount, sum of 12 rows",
    ... ).progress
    0.8
    """

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
    """What data says about one node: at most three figures, and badges such as the attached tables.

    Examples
    --------
    >>> Card(figures=[Figure(label="deals", value=12.0, text="12")], tables=["opportunities"]).figures[0].text
    '12'
    """

    figures: list[Figure]
    tables: list[str]


class Legend(Struct, omit_defaults=True):
    """What the colours mean: a title with its unit, and the texts along the scale; `ghosts` says what is dashed.

    Examples
    --------
    >>> legend = Legend(title="lost", unit="%", ticks=["0", "19", "38"], ghosts="Happens, but is not drawn")
    >>> legend.ticks[-1], legend.ghosts
    ('38', 'Happens, but is not drawn')
    """

    title: str
    unit: str
    ticks: list[str]
    ghosts: str = ""


class Paint(Struct):
    """What an answer paints on one node or flow: heat 0 to 1 on the legend's scale, a text, its small print.

    A `detail` that is too long to lie beside the text (`GEOMETRY["detail_characters"]`) is told on hover only.

    Examples
    --------
    >>> Paint(heat=0.8, text="38 %", detail="586 of 1,543", width=4.0).text
    '38 %'
    """

    heat: float | None = None
    text: str = ""
    detail: str = ""
    width: float | None = None


class Ghost(Struct):
    """A flow that happens though none is drawn from the one node to the other: how it is painted, and in a sentence.

    It is no part of the map. A flow of the default kind that is drawn between the same nodes takes its place.

    Examples
    --------
    >>> ghost = Ghost(source="offer", target="lead", paint=Paint(text="24"), sentence="Offer → Lead is not drawn.")
    >>> ghost.source, ghost.target, ghost.paint.text, ghost.sentence
    ('offer', 'lead', '24', 'Offer → Lead is not drawn.')
    """

    source: str
    target: str
    paint: Paint
    sentence: str


class Finding(Struct):
    """One sentence of an answer, the elements that it is about, its evidence and a next step.

    Examples
    --------
    >>> finding = Finding(
    ...     severity="warn", sentence="Two stages have no owner.", evidence="Lead, Offer",
    ...     suggestion="Select a card and fill in Owner.", nodes=["lead", "offer"], flows=[],
    ... )
    >>> finding.sentence
    'Two stages have no owner.'
    """

    severity: Literal["bad", "warn", "good", "info"]
    sentence: str
    evidence: str
    suggestion: str
    nodes: list[str]
    flows: list[str]


class OverlayTable(Struct):
    """A small table of aggregates, already formatted for reading.

    Examples
    --------
    >>> OverlayTable(columns=["stage", "lost"], rows=[["Lead", "38 %"]]).rows[0]
    ['Lead', '38 %']
    """

    columns: list[str]
    rows: list[list[str]]


class Lever(Struct, omit_defaults=True):
    """A number of a stage or flow that can be tried otherwise: what it is, what is tried, and between what.

    None stands for no limit; a lever whose `baseline` is none comes to it one step beyond `most`. `is_given`: it was
    tried itself, rather than follows from another. `is_measured`: a log tells it, whatever the map says.

    Examples
    --------
    >>> lever = Lever(
    ...     title="Capacity", baseline=10.0, value=12.0, least=1.0, most=20.0, step=1.0, unit="cases", is_given=True,
    ...     is_measured=False,
    ... )
    >>> lever.value - lever.baseline
    2.0
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
    """A figure of the whole map, as it is and as it would be; `is_good` where it moves at all.

    Examples
    --------
    >>> Effect(label="won cases a month", before="63", after="91", is_good=True).after
    '91'
    """

    label: str
    before: str
    after: str
    is_good: bool | None = None


class Levers(Struct):
    """What of an answer can be tried otherwise, by node and attribute and by flow, and what that does to the whole.

    Examples
    --------
    >>> import crmwidget as crm
    >>> levers = crm.what_if(crm.discover(crm.samples.events(100).log())).overlay.levers
    >>> levers.effects[0].label, sorted(levers.nodes)[:2], len(levers.flows), levers.note[:25]
    ('Won a month', ['contract', 'demo'], 9, 'What is taken over is wri')
    """

    effects: list[Effect]
    nodes: dict[str, dict[str, Lever]]
    flows: dict[str, Lever]
    note: str


class Overlay(Struct, omit_defaults=True):
    """An answer painted on the map.

    Examples
    --------
    >>> Overlay(
    ...     title="Losses", subtitle="by now", legend=None, nodes={"lead": Paint(heat=0.8)}, flows={}, findings=[],
    ...     table=None, levers=None, ghosts=[Ghost("won", "lead", Paint(text="24"), "Won → Lead is not drawn.")],
    ... ).nodes["lead"].heat
    0.8
    """

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
    """An answer once more for each value of one attribute, for a reader who cannot ask again; held back together.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(400).log())
    >>> segments = crm.conversion(m, by="segment").segments
    >>> segments.by, list(segments.parts)
    ('segment', ['Enterprise', 'Mid-market', 'Small business'])
    """

    by: str
    parts: dict[str, Overlay]
