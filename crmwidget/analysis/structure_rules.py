"""What is wrong with the structure of a map, by rules with codes: ways that end nowhere, steps that nobody owns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from crmwidget.analysis.reaching import reached
from crmwidget.errors import AnalysisError, nearest, shorten
from crmwidget.graph.elements import Elements, above
from crmwidget.graph.nesting import holds

__all__ = ["RULES", "Problem", "Rule", "problems"]

_STEPS = ("stage", "start", "end", "activity", "decision", "touchpoint")
_OWNED = ("stage", "activity", "touchpoint", "system", "dataset", "capability")
_ANSWERABLE = ("owner", "accountable", "responsible")
_WITHOUT_NAMES = ("parallelGateway", "eventBasedGateway")  # their ways are not chosen by a condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong; an error is wrong in any map, a warning may be meant so."""

    code: str
    is_error: bool
    title: str


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("no-start", True, "steps that go round in a ring, with nowhere to begin"),
        Rule("no-end", True, "steps that go round in a ring, with nowhere to end"),
        Rule("unreachable", True, "a step that no way from a start leads to"),
        Rule("dead-end", True, "a step that leads nowhere and is no end, on a map that has ends"),
        Rule("endless", True, "a step from which no way leads to an end"),
        Rule("start-with-inflow", True, "a start that something leads to"),
        Rule("end-with-outflow", True, "an end that leads on"),
        Rule("one-way-decision", True, "a decision with less than two ways out that brings no ways together"),
        Rule("lonely", False, "a step without any flow, beside others that have some"),
        Rule("unnamed-way", False, "a way out of a decision without a label or a condition"),
        Rule("no-owner", False, "nobody who answers for it: no owner, accountable or responsible, here or around it"),
        Rule("no-name", False, "a node without a name"),
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that is broken: by a node, a flow, or (`""`) the map."""

    code: str
    element: str
    text: str


def problems(elements: Elements, *, only: Collection[str] | None = None, ignore: Collection[str] = ()) -> list[Problem]:
    """Where a map breaks a rule, in the order of `RULES` and of adding.

    Steps are stages, starts, ends, activities, decisions and touchpoints; they are led by flows and messages. Each map
    behind a node is judged by itself.

    Raises
    ------
    AnalysisError
        For a code that is no rule's, with the nearest.

    Examples
    --------
    >>> nodes = {"a": {"kind": "start", "label": "A"}, "b": {"kind": "decision", "label": "B"}}
    >>> flows = {"f1": {"source": "a", "target": "b", "kind": "flow"}}
    >>> [(found.code, found.element) for found in problems(Elements(nodes=nodes, flows=flows))]
    [('one-way-decision', 'b')]
    """
    for code in (*(only or ()), *ignore):
        if code not in RULES:
            raise AnalysisError(f"there is no rule {shorten(code)}; {nearest(code, RULES, noun='rules')}")
    wanted = [code for code in RULES if (only is None or code in only) and code not in ignore]
    found: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in _found(elements):
        found[problem.code].append(problem)
    return [problem for code in wanted for problem in found[code]]


def _found(elements: Elements) -> Iterator[Problem]:
    planes: defaultdict[str | None, list[str]] = defaultdict(list)
    for node, attributes in elements.nodes.items():
        if attributes["kind"] in _STEPS:
            behind = (holder for holder in above(elements.nodes, node) if holds(elements.nodes[holder]) == "map")
            planes[next(behind, None)].append(node)
    for plane, steps in planes.items():
        yield from _ways(elements, plane, steps)
    yield from _decisions(elements)
    for node, attributes in elements.nodes.items():
        around = [attributes, *(elements.nodes[holder] for holder in above(elements.nodes, node))]
        if attributes["kind"] in _OWNED and not any(one.get(name) for one in around for name in _ANSWERABLE):
            yield Problem("no-owner", node, f"nobody answers for {_named(elements, node)}")
        if not attributes["label"].strip(" ?…"):
            yield Problem("no-name", node, f"the {attributes['kind']} {node!r} has no name")


def _ways(elements: Elements, plane: str | None, steps: list[str]) -> Iterator[Problem]:
    onward: dict[str, list[str]] = {step: [] for step in steps}
    back: dict[str, list[str]] = {step: [] for step in steps}
    joined: set[str] = set()
    inflows: defaultdict[str, list[str]] = defaultdict(
        list
    )  # of flows alone: a message may begin a start, or come of an end
    outflows: defaultdict[str, list[str]] = defaultdict(list)
    entered: set[str] = set()  # from elsewhere, such as a pool that shows nothing of its inside
    left: set[str] = set()
    for flow in elements.flows.values():
        if flow["kind"] in ("flow", "message"):
            joined |= {flow["source"], flow["target"]}
            if flow["kind"] == "flow":
                inflows[flow["target"]].append(flow["source"])
                outflows[flow["source"]].append(flow["target"])
            if flow["source"] in onward and flow["target"] in onward and flow["source"] != flow["target"]:
                onward[flow["source"]].append(flow["target"])
                back[flow["target"]].append(flow["source"])
            if flow["source"] not in onward:
                entered.add(flow["target"])
            if flow["target"] not in onward:
                left.add(flow["source"])
    lonely = [step for step in steps if step not in joined]
    if len(lonely) == len(steps):
        return  # a list, no flow yet
    kinds = {step: elements.nodes[step]["kind"] for step in steps}
    led = [step for step in steps if step in joined]
    ends = [step for step in led if kinds[step] == "end" or elements.nodes[step].get("outcome")]
    entered |= {step for step in led if elements.nodes[step].get("bpmn") == "boundaryEvent"}
    begun = [step for step in led if kinds[step] == "start"] or [step for step in led if not back[step]]
    closed = ends or [step for step in led if not onward[step]]
    where = "" if plane is None else f" behind {_named(elements, plane)}"
    if not begun:
        yield Problem("no-start", plane or "", f"the steps{where} have no beginning: {_listed(elements, led)}")
    if not closed:
        yield Problem("no-end", plane or "", f"the steps{where} have no end: {_listed(elements, led)}")
    begins = reached([*begun, *(step for step in led if step in entered)], onward.__getitem__)
    ending = reached([*closed, *(step for step in led if step in left)], back.__getitem__)
    for step in led:
        name = _named(elements, step)
        if begun and step not in begins:
            yield Problem("unreachable", step, f"no way from a start leads to {name}")
        if closed and step not in ending:
            if not onward[step]:
                yield Problem("dead-end", step, f"{name} leads nowhere and is no end")
            else:
                yield Problem("endless", step, f"no way from {name} leads to an end")
        if kinds[step] == "start" and inflows[step]:
            yield Problem(
                "start-with-inflow", step, f"{name} is a start, and {_listed(elements, inflows[step])} leads to it"
            )
        if kinds[step] == "end" and outflows[step]:
            yield Problem(
                "end-with-outflow", step, f"{name} is an end, and leads to {_listed(elements, outflows[step])}"
            )
    for step in lonely:
        yield Problem("lonely", step, f"no flow leads to or from {_named(elements, step)}")


def _decisions(elements: Elements) -> Iterator[Problem]:
    out: defaultdict[str, list[str]] = defaultdict(list)
    n_in: defaultdict[str, int] = defaultdict(int)
    for key, flow in elements.flows.items():
        if flow["kind"] == "flow":
            out[flow["source"]].append(key)
            n_in[flow["target"]] += 1
    for node, attributes in elements.nodes.items():
        if attributes["kind"] != "decision":
            continue
        if len(out[node]) < 2 and n_in[node] < 2:
            ways = "one way out" if out[node] else "no way out"
            yield Problem("one-way-decision", node, f"the decision {_named(elements, node)} has {ways}")
        if len(out[node]) < 2 or attributes.get("bpmn") in _WITHOUT_NAMES:
            continue
        for key in out[node]:
            flow = elements.flows[key]
            if not flow.get("label") and not flow.get("condition"):
                ends = f"{_named(elements, node)} to {_named(elements, flow['target'])}"
                yield Problem("unnamed-way", key, f"the way from {ends} does not say when it is taken")


def _named(elements: Elements, node: str) -> str:
    label = str(elements.nodes[node]["label"])
    return f"'{label[:60]}'" if label.strip() else repr(node)


def _listed(elements: Elements, nodes: list[str]) -> str:
    more = f" and {len(nodes) - 3} more" if len(nodes) > 3 else ""
    return ", ".join(_named(elements, node) for node in nodes[:3]) + more
