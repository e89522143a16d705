"""What a measurement is, and how it is taken and printed."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Measure", "Table", "against", "figure", "quantile", "summary", "table", "timed"]

Judged = Literal["median", "p95"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a table.

    Attributes
    ----------
    name
        What was measured, and at what size.
    values
        What was seen, in `unit`; one value for what does not vary.
    unit
        Of the values and of `reference`.
    reference
        The budget, or what the peer took in the same run; None for what is only told.
    peer
        Who the reference is; empty for a budget.
    allowed
        How many times the reference is still within the budget; None for a peer that is only told.
    judged
        Which of the values' figures the budget is about.
    is_main
        Whether it belongs in the summary; what is promised at any size stands there at the largest alone.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    reference: float | None = None
    peer: str = ""
    allowed: float | None = 1.0
    judged: Judged = "median"
    is_main: bool = True

    @property
    def median(self) -> float:
        return statistics.median(self.values) if self.values else math.nan

    @property
    def p95(self) -> float:
        return quantile(self.values, 0.95)

    @property
    def measured(self) -> float:
        return self.median if self.judged == "median" else self.p95

    @property
    def ratio(self) -> float | None:
        return None if not self.reference else self.measured / self.reference

    @property
    def is_within(self) -> bool | None:
        """None where nothing was promised, or nothing could be measured."""
        if self.ratio is None or self.allowed is None or math.isnan(self.ratio):
            return None
        return self.ratio <= self.allowed

    @property
    def limit(self) -> str:
        if self.reference is None:
            return ""
        shown = figure(self.reference, self.unit)
        if not self.peer:
            return f"≤ {shown}"
        return f"{self.peer}: {shown}" if self.allowed is None else f"≤ {self.allowed:g} × {self.peer}: {shown}"

    def as_dict(self) -> dict[str, Any]:
        told = {"median": self.median, "p95": self.p95, "ratio": self.ratio, "within": self.is_within}
        return {**asdict(self), "values": [round(value, 6) for value in self.values], **told}


def against(name: str, ours: Sequence[float], peers: Sequence[float], unit: str, peer: str, **how: Any) -> Measure:
    """A measure whose reference is the median of what a peer took in the same run."""
    return Measure(name, tuple(ours), unit, statistics.median(peers), peer, **how)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as `share` of all."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that `work` takes, not counting the garbage of what was before."""
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def figure(value: float, unit: str) -> str:
    if math.isnan(value):
        return "–"
    digits = 0 if value >= 1_000 or value == int(value) else 1 if value >= 10 else 2 if value >= 0.1 else 4
    return f"{value:,.{digits}f} {unit}".strip()


def answer(measure: Measure) -> str:
    return {True: "yes", False: "NO", None: ""}[measure.is_within]


def ratio(measure: Measure) -> str:
    return "" if measure.ratio is None or math.isnan(measure.ratio) else f"{measure.ratio:.2f}"


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed, or written as Markdown.

    Attributes
    ----------
    title
        One line; empty where the claim's own is enough.
    head, rows
        Of as many cells each.
    left
        The columns whose cells begin at the left; the others hold figures.
    notes
        Lines under it.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: Sequence[int]
    notes: Sequence[str] = ()

    def text(self) -> str:
        widths = [max(len(line[i]) for line in [self.head, *self.rows]) for i in range(len(self.head))]
        lines = []
        for line in [self.head, ["─" * width for width in widths], *self.rows]:
            sized = enumerate(zip(line, widths, strict=True))
            cells = [cell.ljust(width) if i in self.left else cell.rjust(width) for i, (cell, width) in sized]
            lines.append("  ".join(cells).rstrip())
        return "\n".join([*([self.title] if self.title else []), *lines, *([""] if self.notes else []), *self.notes])

    def markdown(self) -> str:
        def line(cells: Sequence[str]) -> str:
            return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"

        rule = [":--" if i in self.left else "--:" for i in range(len(self.head))]
        parts = [
            f"## {self.title}" if self.title else "",
            "\n".join([line(self.head), line(rule), *map(line, self.rows)]),
            "\n".join(f"- {note}" for note in self.notes),
        ]
        return "\n\n".join(part for part in parts if part)


def table(measures: Sequence[Measure]) -> Table:
    """All that a claim measured; a line that begins with `…` is a part of the one above."""
    rows = [
        [m.name, str(len(m.values)), figure(m.median, m.unit), figure(m.p95, m.unit), m.limit, ratio(m), answer(m)]
        for m in measures
    ]
    return Table("", ["", "n", "median", "p95", "budget or peer", "ratio", "within?"], rows, left=(0, 4, 6))


def summary(measures: Sequence[Measure]) -> Table:
    """What was promised, and whether it was kept."""
    promised = [m for m in measures if m.reference is not None and m.allowed is not None]
    judged = [m for m in promised if m.is_main or m.is_within is False]
    rows = [
        [m.name, f"{figure(m.measured, m.unit)}{' p95' if m.judged == 'p95' else ''}", m.limit, ratio(m), answer(m)]
        for m in judged
    ]
    kept = sum(m.is_within is True for m in promised)
    note = f"{kept} of {len(promised)} within. Times depend on the machine: they are told, not asserted."
    return Table("Summary", ["budget", "measured", "limit", "ratio", "within?"], rows, left=(0, 2, 4), notes=(note,))
