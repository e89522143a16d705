"""What a map leaves open: what nobody owns or measures, ways that end in nothing, comments and sign-offs that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crmwidget.analysis.open_questions_chart import open_questions_chart
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.steps import KINDS, UNMEASURED_TAG, decided, has_measure, is_customer_facing, steps_of
from crmwidget.analysis.structure_rules import problems
from crmwidget.errors import EditError
from crmwidget.graph.stakeholders import ATTRIBUTE, register_of, state_of
from crmwidget.graph.votes import ranking
from crmwidget.shown import Finding, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["open_questions"]

NAME, TITLE = "open_questions", "What is still open?"
NAMED = 5  # in the evidence; the table has them all
THREADS = 12
TEXT = 90  # of a comment in a sentence


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is open: of which sort, at which element, what in words, and in words that name nobody."""

    sort: str
    element: str
    text: str
    impersonal: str = ""

    @property
    def shown(self) -> str:
        """What may leave the kernel: who is in the register, and what somebody wrote, stay in it."""
        return self.impersonal or self.text


@question(title=TITLE, group="workshop", needs="nodes")
def open_questions(m: MapModel) -> Result:
    """What the map leaves open: stages without an owner or a measure, undecided ends, comments, sign-offs.

    Parameters
    ----------
    m
        The map. Steps are its stages, activities and touchpoints, but for those that mean won or lost.

    Returns
    -------
    Result
        `.table` has one row per thing that is open: `sort`, `element` (the id of a node, the key of a flow, `""` for
        the whole map), `label` (of the node, missing otherwise), `text` (what is open, in words). The sorts, in this
        order:

        - "no owner": a step that nobody answers for: no owner, accountable or responsible, here or around it;
        - "no measure": a step without a target (`target_cases`, `target_conversion_rate` …) and without a figure on its
          card; those tagged "internal" need none;
        - "undecided end": an end that means neither won nor lost, or a step that leads nowhere and is no end;
        - "no way": a step that no way from a start leads to, or from which no way leads to an end;
        - "unnamed way": a way out of a decision that does not say when it is taken;
        - "comment": a thread that is not resolved;
        - "tie": a node that shares the most votes with others;
        - "stakeholder": somebody in the register cares for a stage that is no longer on the map;
        - "sign-off": somebody in the register has not signed, or signed an earlier version.

        Each sort is a finding that names its places, each open thread is one of its own (the first 12). What a comment
        says, and the names of stakeholders, stand in `.table` alone: neither the findings nor what is painted, saved or
        handed on has them.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Offer -> Done", name="Sales")
    >>> m.update("lead", owner="Ada", target_cases=120)
    >>> c = m.comment("offer", "Who writes it?", author="Ben", at="2026-03-02T10:00:00Z")
    >>> open_questions(m).table[["sort", "element"]].values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['no owner', 'offer'], ['no owner', 'done'], ['no measure', 'offer'], ['no measure', 'done'],
     ['undecided end', 'done'], ['comment', 'offer']]
    """
    found = [*_steps(m), *_ways(m), *_threads(m), *_ties(m), *_register(m)]
    labels = {node: str(attributes["label"]) for node, attributes in m.elements.nodes.items()}
    rows = [(one.sort, one.element, labels.get(one.element), one.text) for one in found]
    table = pd.DataFrame(rows, columns=["sort", "element", "label", "text"]).astype(
        {"sort": "str", "element": "str", "label": "object", "text": "str"}
    )
    notes = [
        "Looked at: owners, measures (a target or a figure on the card), ends and ways, comments, votes, the "
        "stakeholder register and its sign-offs.",
        "A stage that customers never notice needs no measure: tag it internal.",
    ]
    public = table.assign(text=[one.shown for one in found]).astype({"text": "str"})
    result = Result(NAME, TITLE, table, findings=_findings(m, found), notes=notes, public=public)
    result.overlay = overlay = _overlay(m, found, result.findings)
    result.drawing = lambda: open_questions_chart([one.sort for one in found], overlay.subtitle)
    return result


# ---- what is open ----------------------------------------------------------------------------------


def _steps(m: MapModel) -> Iterator[Open]:
    steps = steps_of(m)
    for problem in problems(m.elements, only=["no-owner"]):
        if problem.element in steps:
            yield Open("no owner", problem.element, problem.text)
    for node in steps:
        if is_customer_facing(m, node) and not has_measure(m, node):
            yield Open("no measure", node, f"nothing says how well '{_label(m, node)}' goes")


def _ways(m: MapModel) -> Iterator[Open]:
    leading = {flow["source"] for flow in m.elements.flows.values() if flow["kind"] in ("flow", "message")}
    joined = leading | {flow["target"] for flow in m.elements.flows.values()}
    ends = decided(m)
    for node, attributes in m.elements.nodes.items():
        if node in ends:
            continue
        if attributes["kind"] == "end":
            yield Open("undecided end", node, f"the end '{_label(m, node)}' says neither won nor lost")
        elif attributes["kind"] in KINDS and node in joined - leading:
            yield Open("undecided end", node, f"'{_label(m, node)}' leads nowhere and is no end")
    for problem in problems(m.elements, only=["unreachable", "endless", "lonely"]):
        yield Open("no way", problem.element, problem.text)
    for problem in problems(m.elements, only=["unnamed-way"]):
        yield Open("unnamed way", problem.element, problem.text)


def _threads(m: MapModel) -> Iterator[Open]:
    for comment in m.comments.values():
        if comment.reply_to is None and not comment.resolved:
            said = " ".join(comment.text.split())
            said = said if len(said) <= TEXT else f"{said[:TEXT]}…"
            label = _label(m, comment.on)
            text = f"{comment.author or 'Somebody'} on {label}: “{said}”"
            yield Open("comment", comment.on, text, f"a comment on '{label}' is not resolved")


def _ties(m: MapModel) -> Iterator[Open]:
    found = ranking(m.elements)
    first = [node for node, voters in found if len(voters) == len(found[0][1])]
    if len(first) > 1:
        n = len(found[0][1])
        for node in first:
            yield Open("tie", node, f"'{_label(m, node)}' shares the most votes with others: {n:,}")


def _register(m: MapModel) -> Iterator[Open]:
    try:
        register = register_of(m.elements)
    except EditError as error:
        yield Open("stakeholder", "", str(error), f"the map's attribute {ATTRIBUTE!r} is no register")
        return
    for person in register.people.values():
        for stage in person.stages:
            if stage not in m.elements.nodes:
                gone = f"cares for {stage!r}, which is no longer on the map"
                yield Open("stakeholder", "", f"{person.name} {gone}", gone)
    if not register.people:
        return
    now = state_of(m.elements)
    for person in register.people.values():
        if person.signed is None:
            yield Open("sign-off", "", f"{person.name} has not signed", "not signed")
        elif person.signed.state != now.fingerprint:
            n_changes = register.n_changes(person.signed, now)
            since = "" if n_changes is None else f", {n_changes:,} change{'' if n_changes == 1 else 's'} since"
            signed = f"signed an earlier version{since}"
            yield Open("sign-off", "", f"{person.name} {signed}", signed)


# ---- sentences -------------------------------------------------------------------------------------

# sort → severity, what is said of one and of several, and the next step
_SAYINGS = {
    "no owner": (
        "warn",
        "One stage has no owner.",
        "{n} stages have no owner.",
        "Agree who answers for it, and fill in Owner on the card.",
    ),
    "no measure": (
        "warn",
        "One stage has no measure.",
        "{n} stages have no measure.",
        f"Agree on a target, or show a figure on its card; tag {UNMEASURED_TAG} what customers never notice.",
    ),
    "undecided end": (
        "warn",
        "One end is undecided.",
        "{n} ends are undecided.",
        "Say won or lost as its Outcome, or draw where it goes on.",
    ),
    "no way": (
        "bad",
        "One step lies off every way from a start to an end.",
        "{n} steps lie off every way from a start to an end.",
        "Pull a flow to it, or out of it.",
    ),
    "unnamed way": (
        "warn",
        "One way out of a decision does not say when it is taken.",
        "{n} ways out of decisions do not say when they are taken.",
        "Name the flow, or fill in its Condition.",
    ),
    "tie": (
        "warn",
        "",  # never one alone
        "{n} nodes share the most votes.",
        "Let somebody speak for each, and vote again between them.",
    ),
    "stakeholder": (
        "warn",
        "The register names something that is not on the map.",
        "The register names {n} things that are not on the map.",
        "Add them to the register again, with the stages of today.",
    ),
    "sign-off": (
        "info",
        "One sign-off is still to come.",
        "{n} sign-offs are still to come.",
        "Settle the rest first: each edit makes a sign-off one of an earlier version.",
    ),
}


def _findings(m: MapModel, found: list[Open]) -> list[Finding]:
    if not found:
        return [Finding("good", "Nothing is open.", "Every stage is owned and measured, every way ends.", "", [], [])]
    findings = []
    for sort in (
        "no owner",
        "no measure",
        "undecided end",
        "no way",
        "unnamed way",
        "comment",
        "tie",
        "stakeholder",
        "sign-off",
    ):
        those = [one for one in found if one.sort == sort]
        if sort == "comment":
            findings += _of_threads(those)
        elif those:
            severity, one, several, suggestion = _SAYINGS[sort]
            sentence = one if len(those) == 1 else several.format(n=f"{len(those):,}")
            findings.append(_finding(m, severity, sentence, suggestion, those))
    return findings


def _finding(m: MapModel, severity: str, sentence: str, suggestion: str, those: list[Open]) -> Finding:
    nodes = [one.element for one in those if one.element in m.elements.nodes]
    flows = [one.element for one in those if one.element in m.elements.flows and one.element not in nodes]
    told = [_label(m, one.element) if one.element in nodes else one.shown for one in those]
    if not nodes and not flows:
        told = [f"{n:,} {text}" for text, n in Counter(told).items()]
    more = f" and {len(told) - NAMED:,} more" if len(told) > NAMED else ""
    mark = ", " if len(nodes) == len(those) else "; "
    return Finding(severity, sentence, f"{mark.join(told[:NAMED])}{more}.", suggestion, nodes, flows)  # type: ignore[arg-type]


def _overlay(m: MapModel, found: list[Open], findings: list[Finding]) -> Overlay:
    """What is open in a few words on each card and flow, and all of it in the table beside the map."""
    said: dict[str, dict[str, None]] = {}
    for one in found:
        said.setdefault(one.element, {})[one.sort] = None
    marks = {element: Paint(text=", ".join(sorts)) for element, sorts in said.items()}
    said_alike = Counter(
        (one.sort, _label(m, one.element) if one.element in m.elements.nodes else "", one.shown) for one in found
    )
    rows = [[sort, where, text if n == 1 else f"{text} ({n:,})"] for (sort, where, text), n in said_alike.items()]
    return Overlay(
        TITLE,
        "Nothing" if not found else f"{len(found):,} thing{'' if len(found) == 1 else 's'}",
        None,
        {element: mark for element, mark in marks.items() if element in m.elements.nodes},
        {element: mark for element, mark in marks.items() if element in m.elements.flows},
        findings,
        OverlayTable(["What is open", "Where", "In words"], rows[:SHOWN_ROWS]) if rows else None,
    )


def _of_threads(those: list[Open]) -> list[Finding]:
    answer = "Answer it, decide, and mark the thread as resolved."
    findings = [
        Finding("warn", f"{one.shown[:1].upper()}{one.shown[1:]}.", "", answer, [one.element], [])
        for one in those[:THREADS]
    ]
    rest = those[THREADS:]
    if rest:
        nodes = list(dict.fromkeys(one.element for one in rest))
        findings.append(Finding("warn", f"{len(rest):,} more comments are not resolved.", "", answer, nodes, []))
    return findings


def _label(m: MapModel, node: str) -> str:
    return str(m.elements.nodes[node]["label"])
