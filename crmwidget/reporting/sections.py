"""The parts of a report as HTML: numbers, findings, questions, plan, index; all text in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crmwidget.analysis.result import Result
from crmwidget.analysis.result_html import SEVERITIES
from crmwidget.data.numerals import number_text
from crmwidget.errors import AnalysisError, MissingExtraError
from crmwidget.graph.elements import Elements
from crmwidget.reporting.anchors import Anchors, link
from crmwidget.reporting.answers import Answer, LeftOut
from crmwidget.reporting.charts import chart_html
from crmwidget.reporting.headline import Headline, Number
from crmwidget.reporting.picture import Places
from crmwidget.reporting.plan import Step
from crmwidget.reporting.tables import public_table, table_html
from crmwidget.reporting.words import safe
from crmwidget.shown import Card, Finding, OverlayTable
from crmwidget.vocabulary import NODE_KINDS

__all__ = [
    "about_section",
    "brief_list",
    "figures_section",
    "finding_anchor",
    "index_section",
    "numbers_list",
    "plan_section",
    "question_section",
]

_COUNTED = re.compile(r"\d (open )?(cases|opportunities|rows)")
BRIEF = 5  # findings that the beginning names


def finding_anchor(place: int, n: int) -> str:
    """Where a finding is: the number of its question and its own."""
    return f"finding-{place + 1}-{n + 1}"


def numbers_list(numbers: Iterable[Number]) -> str:
    """The numbers of the headline, each with what it is of."""
    tiles = "".join(
        f'<div><dt>{safe(one.label)}</dt><dd class="value">{safe(one.text)}</dd>'
        f'<dd class="base">{safe(one.base)}</dd></div>'
        for one in numbers
    )
    return f'<dl class="numbers">{tiles}</dl>'


def brief_list(findings: Sequence[tuple[str, Finding]]) -> str:
    """The worst of all findings, each with its evidence and a link to where it stands."""
    worst = [pair for severity in ("bad", "warn") for pair in findings if pair[1].severity == severity][:BRIEF]
    if not worst:
        return '<p class="small">No finding asks for attention.</p>' if findings else ""
    items = "".join(
        f'<li class="{finding.severity}">{_mark(finding)}{link(anchor, finding.sentence)}'
        f'<p class="small">{safe(finding.evidence)}</p></li>'
        for anchor, finding in worst
    )
    return f'<ul class="brief">{items}</ul>'


def figures_section(cards: Iterable[tuple[str, Card]], anchors: Anchors) -> str:
    """The figures on cards, which the analyst has chosen; nothing where there are none."""
    rows = [
        [
            anchors.label(node),
            figure.label,
            figure.text,
            figure.trend.text if figure.trend else "–",
            number_text(figure.progress, unit="%"),
            figure.hint,
        ]
        for node, card in cards
        for figure in card.figures
        if node in anchors.elements.nodes
    ]
    if not rows:
        return ""
    tables = dict.fromkeys(name for _, card in cards for name in card.tables)
    source = f"From {', '.join(f'“{name}”' for name in tables)}." if tables else "From the attached tables."
    table = OverlayTable(["Node", "Figure", "Value", "Change", "Of its target", "Worked out"], rows)
    return (
        '<section aria-labelledby="figures"><h2 id="figures">Figures on the map</h2>'
        f"{table_html(table, f'What stands on the cards. {source}', anchors.named, id='figures-table')}</section>"
    )


def question_section(place: int, answer: Answer, basis: str, anchors: Anchors) -> str:
    """What was asked, what was found, its chart, its table, and how it was worked out."""
    head = f'<section aria-labelledby="question-{place + 1}"><h2 id="question-{place + 1}">{safe(answer.title)}</h2>'
    head += f"<p>{safe(answer.asked)}</p>" if answer.asked else ""
    result = answer.result
    if result is None:
        return f'{head}<p class="trouble"><strong>No answer.</strong> {safe(answer.trouble)}</p></section>'
    base = _base(result, basis)
    parts = [head, f'<p class="base">{safe(base)}</p>' if base else ""]
    if result.findings:
        items = "".join(_finding(finding_anchor(place, n), one, anchors) for n, one in enumerate(result.findings))
        parts.append(f'<ul class="findings">{items}</ul>')
    else:
        parts.append('<p class="small">There is nothing to say about it.</p>')
    table = public_table(result)
    chart, missed = _chart(answer, base if table is None else "the table below has its numbers")
    parts.append(chart)
    if table is not None:
        caption = f"{result.title}: {base}." if base else f"{result.title}."
        parts.append(table_html(table, caption, anchors.named, id=f"table-{place + 1}"))
    notes = [*result.notes, *missed]
    if result.grain == "case":
        notes.insert(0, "Its table is of single cases, so it stays in the kernel.")
    if notes:
        items = "".join(f"<li>{safe(note)}</li>" for note in notes)
        parts.append(f'<div class="notes"><h3>How this was worked out</h3><ul>{items}</ul></div>')
    return "".join([*parts, "</section>"])


def plan_section(found: Sequence[Step], anchors: Anchors, *, is_given: bool) -> str:
    """What to do, where, by whom and why."""
    said = "As it was agreed." if is_given else "What the findings suggest, the most urgent first."
    head = f'<section aria-labelledby="plan"><h2 id="plan">Plan</h2><p>{said}</p>'
    if not found:
        return f'{head}<p class="small">There is nothing to do.</p></section>'
    return f'{head}<ul class="plan">{"".join(_step(step, anchors) for step in found)}</ul></section>'


def index_section(elements: Elements, anchors: Anchors, places: Places) -> str:
    """The nodes of the picture and of the findings: what each is, who answers for it, which findings speak of it."""
    if not anchors.indexed:
        return ""
    rows = "".join(_indexed(elements, node, anchors, places) for node in anchors.indexed)
    n_left = len(elements.nodes) - len(anchors.indexed)
    more = f" {number_text(n_left)} more are on the map, and no finding speaks of them." if n_left else ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Node", "Kind", "Owner", "Findings"))
    return (
        '<section aria-labelledby="nodes"><h2 id="nodes">Nodes</h2>'
        '<div class="scroll" role="region" aria-labelledby="nodes-table" tabindex="0"><table>'
        f'<caption id="nodes-table">What each node is, and where it is spoken of.{more}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def about_section(told: Headline, left_out: Sequence[LeftOut]) -> str:
    """What holds for all of it: what is held back, and which questions were not asked."""
    notes = [
        "It holds sums and counts only, no row of what was attached. “<5” and “…” stand for groups of fewer than 5, "
        "and for numbers from which such a group could be worked out; “–” for what is undefined."
    ]
    if told.filtered:
        notes.append(f"The map’s filter was set: {told.filtered}.")
    items = "".join(f"<li>{safe(note)}</li>" for note in notes)
    parts = [
        '<section aria-labelledby="about"><h2 id="about">About this report</h2>'
        f'<div class="notes"><h3>What is shown</h3><ul>{items}</ul></div>'
    ]
    if left_out:
        reasons = "".join(f"<li>{safe(one.title)}: {safe(one.reason)}</li>" for one in left_out)
        parts.append(f'<div class="notes"><h3>Questions that were not asked</h3><ul>{reasons}</ul></div>')
    return "".join([*parts, "</section>"])


def _mark(finding: Finding) -> str:
    return f'<span class="mark">{SEVERITIES[finding.severity]}</span>'


def _finding(anchor: str, finding: Finding, anchors: Anchors) -> str:
    where = anchors.where(finding.nodes, finding.flows)
    lines = [
        f'<p class="sentence">{_mark(finding)}{safe(finding.sentence)}</p>',
        f"<p>{safe(finding.evidence)}</p>" if finding.evidence else "",
        f"<p>Next: {safe(finding.suggestion)}</p>" if finding.suggestion else "",
        f"<p>Where: {where}</p>" if where else "",
    ]
    return f'<li class="finding {finding.severity}" id="{anchor}">{"".join(lines)}</li>'


def _base(result: Result, basis: str) -> str:
    """How much an answer is of: its own subtitle, and the data where that counts nothing."""
    subtitle = result.painted.subtitle
    if not basis or _COUNTED.search(subtitle):
        return subtitle or basis
    return f"{subtitle} · {basis}" if subtitle else basis


def _chart(answer: Answer, beside: str) -> tuple[str, list[str]]:
    """The figure, and why there is none where there could be one."""
    chart = answer.chart
    if chart is None:
        return "", []
    try:
        drawn = chart_html(chart, f"Chart: {chart.description or chart.title}")
    except (AnalysisError, MissingExtraError) as error:
        return "", [f"Its chart is missing. {error}"]
    caption = f"{chart.title}: {beside}." if beside else f"{chart.title}."
    return f'<figure class="chart">{drawn}<figcaption>{safe(caption)}</figcaption></figure>', []


def _step(step: Step, anchors: Anchors) -> str:
    where = anchors.where(step.nodes, step.flows)
    because = " ".join(link(anchor, sentence) for anchor, sentence in step.because)
    who = f"<b>{safe(step.who)}</b>" if step.who else "nobody yet"
    lines = [
        f'<p class="what">{safe(step.what)}</p><p>Who: {who}</p>',
        f"<p>Where: {where}</p>" if where else "",
        f"<p>Because: {because}</p>" if because else "",
    ]
    return f'<li class="step">{"".join(lines)}</li>'


def _indexed(elements: Elements, node: str, anchors: Anchors, places: Places) -> str:
    about = elements.nodes[node]
    kind = NODE_KINDS[about["kind"]].title if about.get("kind") in NODE_KINDS else str(about.get("kind") or "")
    shown = places.of(node)
    name = anchors.label(node)
    label = link(f"map-{anchors.indexed[shown]}", name) if shown in anchors.indexed else safe(name)
    findings = " ".join(link(anchor, sentence) for anchor, sentence in anchors.mentions.get(node, ()))
    return (
        f'<tr id="node-{anchors.indexed[node]}"><th scope="row">{label}</th><td>{safe(kind)}</td>'
        f"<td>{safe(about.get('owner') or '–')}</td><td>{findings or '–'}</td></tr>"
    )
