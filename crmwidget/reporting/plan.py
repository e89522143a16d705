"""The plan that closes a report: what to do, where, by whom, and which findings ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.graph.elements import Elements
    from crmwidget.reporting.anchors import Anchors
    from crmwidget.shown import Finding

__all__ = ["Step", "StepLike", "plan_frame", "steps"]

StepLike: TypeAlias = "str | Mapping[str, object]"
_URGENCY = ("bad", "warn", "info", "good")
_NAMES = ("what", "who", "where")


@dataclass(slots=True)
class Step:
    """Something to do. `because` has the anchor and the sentence of each finding that suggests it."""

    what: str
    who: str
    nodes: list[str]
    flows: list[str]
    because: list[tuple[str, str]] = field(default_factory=list)


def steps(
    elements: Elements, findings: Iterable[tuple[str, Finding]], plan: StepLike | Iterable[StepLike] | None
) -> list[Step]:
    """The plan that was given; else the suggestions of the findings, the most urgent first, each said once.

    `findings` come with their anchors.

    Raises
    ------
    AnalysisError
        A step of the plan says nothing to do, has a part that there is not, or is of a node that there is not.
    """
    if plan is not None:
        return [_given(elements, one) for one in ([plan] if isinstance(plan, str | Mapping) else plan)]
    found: dict[str, Step] = {}
    told = [(anchor, finding) for anchor, finding in findings if finding.suggestion]
    for anchor, finding in sorted(told, key=lambda pair: _URGENCY.index(pair[1].severity)):
        step = found.setdefault(finding.suggestion, Step(finding.suggestion, "", [], []))
        step.nodes += [node for node in finding.nodes if node in elements.nodes and node not in step.nodes]
        step.flows += [flow for flow in finding.flows if flow in elements.flows and flow not in step.flows]
        step.because.append((anchor, finding.sentence))
    for step in found.values():
        step.who = _owners(elements, step.nodes)
    return list(found.values())


def _given(elements: Elements, one: StepLike) -> Step:
    parts = {"what": one} if isinstance(one, str) else one
    if not isinstance(parts, Mapping):
        raise AnalysisError(
            "plan= is a list of texts, or of dicts such as {'what': 'Call them', 'who': 'Ann', 'where': 'demo'}; "
            f"given {shorten(one)}."
        )
    for name in parts:
        if name not in _NAMES:
            raise AnalysisError(f"A step of a plan has no {shorten(name)}; {nearest(name, _NAMES, noun='parts')}.")
    what, who, where = (parts.get(name) or "" for name in _NAMES)
    if not isinstance(what, str) or not what.strip():
        raise AnalysisError(f"A step of a plan says what to do; given {shorten(one)}.")
    nodes = [str(node) for node in ([where] if isinstance(where, str) else _listed(where)) if node]
    for node in nodes:
        if node not in elements.nodes:
            raise AnalysisError(f"where= has no node {shorten(node)}; {nearest(node, elements.nodes, noun='nodes')}.")
    return Step(what, str(who) or _owners(elements, nodes), nodes, [])


def _listed(where: object) -> list[object]:
    if isinstance(where, list | tuple):
        return list(where)
    raise AnalysisError(f"where= of a step is a node's id, or several; given {shorten(where)}.")


def _owners(elements: Elements, nodes: Iterable[str]) -> str:
    """Who answers for these nodes, as they say it themselves."""
    owners = (elements.nodes[node].get("owner") for node in nodes)
    return ", ".join(dict.fromkeys(str(owner) for owner in owners if owner))


def plan_frame(found: Iterable[Step], anchors: Anchors) -> pd.DataFrame:
    """The plan as a frame: one row per step, with `what`, `who`, `where` and `because` as texts."""
    rows = [
        {
            "what": step.what,
            "who": step.who,
            "where": ", ".join(anchors.label(node) for node in step.nodes),
            "because": " ".join(sentence for _, sentence in step.because),
        }
        for step in found
    ]
    return pd.DataFrame(rows, columns=["what", "who", "where", "because"], dtype="object")
