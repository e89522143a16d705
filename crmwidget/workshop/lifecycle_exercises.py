"""Workshop 1, map your lifecycle: stages and ends, owners and measures, doubts, stakeholders and their sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx

from crmwidget.analysis.steps import has_measure, is_customer_facing, steps_of
from crmwidget.analysis.structure_rules import problems
from crmwidget.graph.model import MapModel
from crmwidget.graph.stakeholders import register_of
from crmwidget.workshop.exercises import Verdict, exercise, not_yet, passed
from crmwidget.workshop.stakeholders import Stakeholders

N_STAGES, N_LEAVING, N_DOUBTS, N_VOICES, N_PEOPLE = 6, 2, 3, 2, 3
NAMED = 4


@exercise(
    "1.1",
    title="Six stages",
    task="Type the life of a customer as a list of at least six stages: press Q on the canvas, or crm.from_text(…).",
)
def _six_stages(m: MapModel, answer: Any) -> Verdict:
    steps = steps_of(m)
    if len(steps) < N_STAGES:
        return not_yet(
            f"The map has {_counted(len(steps), 'stage')}; at least six are asked for.",
            "Press Q on the canvas and type: Lead -> Qualified -> Offer -> …",
            nodes=steps,
        )
    lonely = [found.element for found in problems(m.elements, only=["lonely"]) if found.element in steps]
    if lonely or not m.elements.flows:
        without = lonely or steps
        return not_yet(
            f"{_of(without, steps)} no flow: {_named(m, without)}.",
            "Hover over a card, and pull a flow out of one of its four ports.",
            nodes=without,
        )
    return passed(f"{len(steps)} stages, each joined by a flow.", nodes=steps)


@exercise(
    "1.2",
    title="A start and an end",
    task="Say where it begins and how it ends: add a start, and an end with the outcome won, with a way between them.",
)
def _a_start_and_an_end(m: MapModel, answer: Any) -> Verdict:
    nodes = m.elements.nodes
    starts = [node for node, about in nodes.items() if about["kind"] == "start"]
    if not starts:
        return not_yet(
            "The map has no start.", "Add a Start from the palette, and pull a flow from it to the first stage."
        )
    won = [node for node, about in nodes.items() if about.get("outcome") == "won"]
    if not won:
        ends = [node for node, about in nodes.items() if about["kind"] == "end" and not about.get("outcome")]
        said = f"These ends have no outcome yet: {_named(m, ends)}." if ends else "No end has the outcome won."
        return not_yet(said, "Add an End from the palette, and choose won as its Outcome in the inspector.", nodes=ends)
    ways = _ways(m)
    for start in starts:
        for end in won:
            if nx.has_path(ways, start, end):
                return passed(f"A way leads from {_named(m, [start])} to {_named(m, [end])}.", nodes=(start, end))
    ends_of = f"from {_named(m, starts)} to {_named(m, won)}"
    return not_yet(
        f"No way leads {ends_of}.", "Follow the flows from the start: where do they stop?", nodes=[*starts, *won]
    )


@exercise("1.3", title="An owner each", task="Give every stage an owner: who answers for it? A role will do.")
def _an_owner_each(m: MapModel, answer: Any) -> Verdict:
    steps = steps_of(m)
    if not steps:
        return _no_stage()
    without = [found.element for found in problems(m.elements, only=["no-owner"]) if found.element in steps]
    if without:
        return not_yet(
            f"{_of(without, steps)} no owner: {_named(m, without)}.",
            "Select a card, and fill in Owner in the inspector: a role will do.",
            nodes=without,
        )
    return passed(f"{_all(steps)} an owner.")


@exercise(
    "1.4",
    title="A measure each",
    task="Give every stage that customers notice a measure: a target, or a figure on its card; tag the rest internal.",
)
def _a_measure_each(m: MapModel, answer: Any) -> Verdict:
    steps = steps_of(m)
    if not steps:
        return _no_stage()
    facing = [node for node in steps if is_customer_facing(m, node)]
    if not facing:
        return not_yet(
            "Every stage is tagged internal; customers notice something, surely.",
            "Take the tag internal off the stages that customers notice.",
            nodes=steps,
        )
    without = [node for node in facing if not has_measure(m, node)]
    if without:
        return not_yet(
            f"{_of(without, facing)} no measure: {_named(m, without)}.",
            "How would you notice that it got worse? Fill in one of the targets in the inspector.",
            nodes=without,
        )
    internal = len(steps) - len(facing)
    beside = f"; {_counted(internal, 'stage is', 'stages are')} internal" if internal else ""
    return passed(f"{_all(facing)} a measure{beside}.")


@exercise("1.5", title="Every way ends", task="Let a way lead from every stage to an end.")
def _every_way_ends(m: MapModel, answer: Any) -> Verdict:
    steps = steps_of(m)
    if not steps:
        return _no_stage()
    ends = [node for node, about in m.elements.nodes.items() if about["kind"] == "end" or about.get("outcome")]
    if not ends:
        return not_yet("The map has no end.", "Add an End from the palette, and pull a flow to it.", nodes=steps)
    ways = _ways(m)
    ending = set(ends).union(*(nx.ancestors(ways, end) for end in ends))
    stuck = [node for node in steps if node not in ending]
    if stuck:
        return not_yet(
            f"No way leads to an end from {_named(m, stuck)}.",
            "Ask of each: what happens next? Then pull a flow there.",
            nodes=stuck,
        )
    return passed(f"A way leads to an end from all {len(steps)} stages.")


@exercise(
    "1.6",
    title="Where customers leave",
    task="Be honest: add an end with the outcome lost, and flows to it from at least two stages where customers leave.",
)
def _where_customers_leave(m: MapModel, answer: Any) -> Verdict:
    lost = [node for node, about in m.elements.nodes.items() if about.get("outcome") == "lost"]
    if not lost:
        return not_yet(
            "On this map nobody is ever lost: no end has the outcome lost.",
            "Add an End from the palette, and choose lost as its Outcome.",
        )
    leaving = list(
        dict.fromkeys(source for source, target in _ways(m).edges() if target in lost and source not in lost)
    )
    if len(leaving) < N_LEAVING:
        said = f"only from {_named(m, leaving)}" if leaving else "from nowhere"
        return not_yet(
            f"Customers leave {said}; at least two stages are asked for.",
            "Where did the last ten customers go that you lost? Pull a flow from there to the lost end.",
            nodes=[*leaving, *lost],
        )
    return passed(f"Customers leave from {_named(m, leaving)}.", nodes=leaving)


@exercise(
    "1.7",
    title="Doubts said and settled",
    task="Comment on at least three stages, at least two of you. Then settle every thread: answer, decide, resolve.",
)
def _doubts_said_and_settled(m: MapModel, answer: Any) -> Verdict:
    first = [comment for comment in m.comments.values() if comment.reply_to is None]
    places = list(dict.fromkeys(comment.on for comment in first))
    if len(places) < N_DOUBTS:
        return not_yet(
            f"Comments are on {_counted(len(places), 'stage')}; at least three are asked for.",
            "Select a card and press M: what are you not sure of?",
            nodes=places,
        )
    voices = {comment.author for comment in m.comments.values() if comment.author}
    if len(voices) < N_VOICES:
        return not_yet(
            "All comments are by one of you.",
            "Hand the mouse on; who writes is set above the comments, or m.author = 'Ben'.",
            nodes=places,
        )
    waiting = list(dict.fromkeys(comment.on for comment in first if not comment.resolved))
    if waiting:
        return not_yet(
            f"Not settled yet: {_named(m, waiting)}.",
            "Open the comment, answer it, and mark it as resolved. What cannot be settled today becomes a task.",
            nodes=waiting,
        )
    return passed(f"{_counted(len(first), 'doubt')} said by {len(voices)} people, and all are settled.", nodes=places)


@exercise(
    "1.8",
    title="Who is in the room",
    task="Enter at least three stakeholders with their roles, so that every stage is cared for by somebody.",
)
def _who_is_in_the_room(m: MapModel, answer: Any) -> Verdict:
    steps = steps_of(m)
    if not steps:
        return _no_stage()
    people = register_of(m.elements).people.values()
    adding = "people = crm.workshop.Stakeholders(m); people.add('Ada', role='head of sales', stages=['Lead'])"
    if len(people) < N_PEOPLE:
        return not_yet(
            f"The register has {_counted(len(people), 'entry', 'entries')}; at least three are asked for.", adding
        )
    nameless = [person.name for person in people if not person.role]
    if nameless:
        return not_yet(
            f"No role is said of {', '.join(nameless[:NAMED])}.", "What are they in this? people.add(…, role=…)"
        )
    cared_for = {stage for person in people for stage in person.stages}
    without = [node for node in steps if node not in cared_for]
    if without:
        return not_yet(
            f"Nobody cares for {_named(m, without)}.",
            "Add the stage to somebody: people.add(…, stages=[…])",
            nodes=without,
        )
    return passed(f"{len(people)} stakeholders care for all {len(steps)} stages.")


@exercise("1.9", title="Signed off", task="Let everybody in the register sign the map as it is.")
def _signed_off(m: MapModel, answer: Any) -> Verdict:
    people = Stakeholders(m)
    if not len(people):
        return not_yet("The register is empty.", "Exercise 1.8 comes first.")
    table = people.table
    waiting = table[table["standing"] != "signed"]
    if len(waiting):
        said = ", ".join(f"{row.name} ({row.standing})" for row in waiting.head(NAMED).itertuples(index=False))
        return not_yet(
            f"{_of(list(waiting['name']), list(table['name']), '')} not signed the map as it is: {said}.",
            "people.sign('Ada'). After an edit, everybody signs anew.",
        )
    return passed(f"All {len(table)} have signed the map as it is.")


# ---- words ---------------------------------------------------------------------------------------------


def _ways(m: MapModel) -> nx.DiGraph[str]:
    """Where cases go: the flows and messages alone."""
    ways: nx.DiGraph[str] = nx.DiGraph()
    ways.add_nodes_from(m.elements.nodes)
    flows = (flow for flow in m.elements.flows.values() if flow["kind"] in ("flow", "message"))
    ways.add_edges_from((flow["source"], flow["target"]) for flow in flows)
    return ways


def _no_stage() -> Verdict:
    return not_yet("The map has no stage yet.", "Exercise 1.1 comes first: press Q on the canvas.")


def _named(m: MapModel, nodes: Iterable[str]) -> str:
    labels = [str(m.elements.nodes[node]["label"]) or node for node in nodes]
    shown = len(labels) if len(labels) <= NAMED + 1 else NAMED  # "and 1 more" is longer than most names
    more = f" and {len(labels) - shown} more" if len(labels) > shown else ""
    return ", ".join(labels[:shown]) + more


def _of(some: Sequence[str], every: Sequence[str], noun: str = " stages") -> str:
    return f"{len(some)} of {len(every)}{noun} {'has' if len(some) == 1 else 'have'}"


def _all(steps: Sequence[str]) -> str:
    return "The only stage has" if len(steps) == 1 else f"All {len(steps)} stages have"


def _counted(n: int, one: str, several: str = "") -> str:
    return f"{n} {one if n == 1 else several or one + 's'}"
