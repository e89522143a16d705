"""The report of a map: its questions asked, and what they answer written as one page or as one notebook."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice
from crmwidget.analysis.registry import Progress
from crmwidget.data.numerals import number_text, written_in
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.formats import whole_file
from crmwidget.reporting import sections
from crmwidget.reporting.anchors import Anchors
from crmwidget.reporting.answers import Answer, Asked, gather
from crmwidget.reporting.headline import Headline, headline
from crmwidget.reporting.notebook_form import notebook, setup_of
from crmwidget.reporting.page import page
from crmwidget.reporting.picture import picture_html, places_of
from crmwidget.reporting.plan import StepLike, plan_frame, steps
from crmwidget.reporting.written import Report, reasons
from crmwidget.shown import Finding, Overlay

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap

__all__ = ["checked_target", "report"]

_PAGES, _NOTEBOOKS = (".html", ".htm"), (".ipynb",)


def report(
    m: CrmMap,
    questions: Iterable[Asked] | None = None,
    path: str | os.PathLike[str] | None = None,
    *,
    title: str | None = None,
    log: LogChoice = None,
    plan: StepLike | Iterable[StepLike] | None = None,
    at: dt.date | str | None = None,
    paint: str | None = None,
    setup: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Ask a map its questions and hand in the answers: one page to read and print, or a notebook to write around.

    The page is one HTML file that needs no script and no network. It has the picture of the map, the numbers of the
    data, each question with its findings, its chart and its table, a plan of what the findings suggest, and an index of
    the nodes. It holds aggregates only, small groups left out as beside the map, and is the same for the same answers.

    Parameters
    ----------
    m
        The map, with what is attached to it; its filter holds. Nothing is painted on it.
    questions
        Names such as `"bottlenecks"`, the functions, or answers that were asked already, such as
        `crm.bottlenecks(m, by="owner")`. Without any, all that can be asked; the others are named with what they need.
        A question that fails is shown with its message.
    path
        A file to write, whole or not at all: `.html`, or `.ipynb` for a notebook whose cells make the same report.
    title
        What the report is called; else as the map.
    log
        An `EventLog`, or the name of an attached one, for the questions that read one; needed where several are
        attached.
    plan
        The steps to print instead of those that the findings suggest: texts, or dicts with `what`, `who`, `where` (a
        node's id, or several); who is else the `owner` of the nodes. An empty list is no step.
    at
        The day as of which the report is; a day, or any text. Without it no date is in it but that of the data.
    paint
        The question whose answer is painted on the picture; else the one that the map shows, or the first that points
        at the worst.
    setup
        For a notebook: the code that makes `m` with its data. Needed where a table or a log is attached, whose rows no
        notebook holds.
    progress
        `progress(share, what)` is called before each question, and by those that take their time.

    Returns
    -------
    Report
        Its `html`, `path`, `findings`, `plan`, `left_out` and `failed`; in a notebook it shows the page.

    Raises
    ------
    AnalysisError
        There is no question or log of that name, a step of the plan is none, a notebook needs a setup.
    EditError
        A path with another ending, or `paint` that was not asked.

    Notes
    -----
    Charts need the extra `report`; without it the page says that they are missing.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Demo -> Won", name="Sales")
    >>> m.attach(crm.samples.opportunities(400), key="opportunity_id", stage="stage")
    <table 'table' of the whole map: 400 rows × 9 columns ...>
    >>> made = crm.report(m, ["conversion"], at="January 2026")
    >>> made
    <Report 'Sales': 2 findings, 2 steps>
    >>> made.html.startswith("<!doctype html>")
    True
    """
    target = None if path is None else checked_target(path)
    if target is not None and target.suffix.lower() in _NOTEBOOKS:
        setup = setup_of(m, setup)  # before anything is asked
    m.flush()
    m.ensure_placed()
    answers, left_out = gather(m, questions, log=log, progress=progress)
    with written_in(m.locale):
        made = _Parts(m, answers, log, plan, paint)
        name = title or m.name
        text = page(
            title=name,
            of=_of(made.told, at),
            contents=made.contents,
            body=made.body + sections.about_section(made.told, left_out),
        )
    if target is not None:
        content = text
        if target.suffix.lower() in _NOTEBOOKS:
            content = notebook(
                answers,
                left_out,
                title=name,
                setup=setup or "",
                log=log,
                plan=plan,
                at=at,
                paint=paint or made.painted,
                target=target,
            )
        whole_file.write(content.encode(), target)
    rows = [(answer.title, *_told(one)) for answer in answers if answer.result for one in answer.result.findings]
    columns = ["question", "severity", "sentence", "evidence", "suggestion"]
    return Report(
        name,
        text,
        target,
        pd.DataFrame(rows, columns=columns, dtype="object"),
        plan_frame(made.steps, made.anchors),
        reasons([(one.title, one.reason) for one in left_out]),
        reasons([(one.title, one.trouble) for one in answers if one.result is None]),
    )


class _Parts:
    """The parts of one report, which link to each other."""

    def __init__(
        self,
        m: CrmMap,
        answers: list[Answer],
        log: LogChoice,
        plan: StepLike | Iterable[StepLike] | None,
        paint: str | None,
    ) -> None:
        self.told = headline(m, log)
        self.anchors = Anchors(m.elements)
        places = places_of(m)
        found = [
            (sections.finding_anchor(place, n), finding)
            for place, answer in enumerate(answers)
            if answer.result is not None
            for n, finding in enumerate(answer.result.findings)
        ]
        self.steps = steps(m.elements, found, plan)
        mentioned = {node for _, finding in found for node in _nodes(self.anchors, finding)}
        mentioned |= {node for step in self.steps for node in step.nodes}
        self.anchors.index(mentioned | {places.of(node) or node for node in mentioned} | set(places.boxes))
        for anchor, finding in found:
            self.anchors.mention(anchor, finding.sentence, _nodes(self.anchors, finding))
        self.contents = [
            ("brief", "In brief"),
            *((f"question-{place + 1}", answer.title) for place, answer in enumerate(answers)),
            ("plan", "Plan"),
            *([("nodes", "Nodes")] if self.anchors.indexed else []),
            ("about", "About this report"),
        ]
        overlay, self.painted = _overlay(m, answers, paint)
        self.body = "\n".join(
            [
                '<section aria-labelledby="brief"><h2 id="brief">In brief</h2>'
                + sections.numbers_list(self.told.numbers)
                + sections.brief_list(found)
                + picture_html(m, overlay, places, self.anchors, _caption(m, overlay))
                + "</section>",
                sections.figures_section(list(m.cards.items()), self.anchors),
                *(
                    sections.question_section(place, answer, self.told.basis, self.anchors)
                    for place, answer in enumerate(answers)
                ),
                sections.plan_section(self.steps, self.anchors, is_given=plan is not None),
                sections.index_section(m.elements, self.anchors, places),
            ]
        )


def checked_target(path: str | os.PathLike[str]) -> Path:
    """Where a report is to be written, if it can be: an `EditError` says which endings there are."""
    target = Path(path)
    if target.suffix.lower() not in (*_PAGES, *_NOTEBOOKS):
        raise EditError(f"a report is written as .html or .ipynb; given {target.name!r}")
    return target


def _nodes(anchors: Anchors, finding: Finding) -> list[str]:
    """The nodes that a finding speaks of, also as ends of its flows."""
    flows = [anchors.elements.flows[key] for key in finding.flows if key in anchors.elements.flows]
    return [
        node
        for node in dict.fromkeys([*finding.nodes, *(flow[end] for flow in flows for end in ("source", "target"))])
        if node in anchors.elements.nodes
    ]


def _overlay(m: CrmMap, answers: list[Answer], paint: str | None) -> tuple[Overlay | None, str | None]:
    """What is painted on the picture: as asked, as the map shows it, or the worst that points at a place.

    With its name, where somebody has chosen it.
    """
    painted = {answer.name: answer.result.painted for answer in answers if answer.result is not None}
    if paint is not None:
        if paint not in painted:
            raise EditError(f"paint={shorten(paint)} is no answer of this report; {nearest(paint, painted)}")
        return painted[paint], paint
    shown = next((name for name in reversed(m.overlays) if name in painted), None)
    if shown is not None:
        return painted[shown], shown
    best = max(painted.values(), key=_worth, default=None)
    return (best if best is not None and _worth(best) else None), None


def _worth(overlay: Overlay) -> int:
    is_hot = any(paint.heat is not None for paint in (*overlay.nodes.values(), *overlay.flows.values()))
    return 2 * sum(one.severity == "bad" and bool(one.nodes or one.flows) for one in overlay.findings) + is_hot


def _caption(m: CrmMap, overlay: Overlay | None) -> str:
    n_nodes, n_flows = number_text(len(m.graph)), number_text(m.graph.number_of_edges())
    told = f"The map “{m.name}” of {n_nodes} nodes and {n_flows} flows"
    if overlay is not None:
        told += f", with {overlay.title} painted on it" + (f": {overlay.subtitle}" if overlay.subtitle else "")
    return f"{told}. A card leads to its entry in the index of nodes."


def _of(told: Headline, at: dt.date | str | None) -> list[str]:
    """Of when and of what the report is."""
    day = f"as of {at.day} {at:%B %Y}" if isinstance(at, dt.date) else f"as of {at}" if at else ""
    data = f"data of {told.period}" if told.period else ""
    said = ", ".join(part for part in (data, day) if part)
    line = " · ".join(part for part in (said[:1].upper() + said[1:], told.basis) if part)
    return [line, f"Narrowed to {told.filtered}" if told.filtered else ""]


def _told(finding: Finding) -> tuple[str, str, str, str]:
    return finding.severity, finding.sentence, finding.evidence, finding.suggestion
