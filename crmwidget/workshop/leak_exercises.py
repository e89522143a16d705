"""Workshop 2, find the leak: a log under the map, where customers and time are lost, what a change would bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmwidget.analysis.bottlenecks import bottlenecks
from crmwidget.analysis.conformance import Conformance, conformance
from crmwidget.analysis.conversion import conversion
from crmwidget.analysis.result import Result
from crmwidget.analysis.what_if import what_if
from crmwidget.data.numerals import percent_text
from crmwidget.graph.model import MapModel
from crmwidget.graph.votes import ranking
from crmwidget.workshop.exercises import Verdict, exercise, not_yet, passed
from crmwidget.workshop.naming import node_of

FITTING = 0.95  # of the cases run as drawn
GAIN = 0.1  # more won cases a month
POINTS = 0.1  # so far may one rate move
NAMED = 4
N_VOTERS = 3


@exercise(
    "2.1",
    title="A log under the map",
    task="Attach the log, let every activity mean a node, and give the ends their outcomes, won and lost.",
)
def _a_log_under_the_map(m: MapModel, answer: Any) -> Verdict:
    if not len(m.logs):
        return not_yet(
            "No log is attached.",
            "m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…)): which column is what?",
        )
    if len(m.logs) > 1:
        return not_yet(
            f"{len(m.logs)} logs are attached, one is enough.", "m.detach(name) takes one off; m.logs lists them."
        )
    (bound,) = m.logs.values()
    unmatched = [str(item.value) for item in bound.unmatched]
    if unmatched:
        more = f" and {len(unmatched) - NAMED} more" if len(unmatched) > NAMED else ""
        return not_yet(
            f"These activities mean no node yet: {', '.join(unmatched[:NAMED])}{more}.",
            "Rename a node, add one (m.add_unmatched() adds all), or m.attach(log, mapping={activity: node}).",
        )
    outcomes = {str(about["outcome"]) for about in m.elements.nodes.values() if about.get("outcome")}
    missing = [outcome for outcome in ("won", "lost") if outcome not in outcomes]
    if missing:
        ends = [node for node, about in m.elements.nodes.items() if about["kind"] == "end" and not about.get("outcome")]
        return not_yet(
            f"No node has the outcome {' or '.join(missing)}, so nobody can tell who was {missing[-1]}.",
            "Select each end, and choose its Outcome in the inspector.",
            nodes=ends,
        )
    return passed(f"All {len(bound.log.counts)} activities of the log mean a node, and the ends say won or lost.")


@exercise(
    "2.2",
    title="As it happens",
    task="Hold the log against the map, and draw the ways that are missing, until 95 % of the cases run as drawn.",
)
def _as_it_happens(m: MapModel, answer: Any) -> Verdict:
    found = conformance(m)
    assert isinstance(found, Conformance)
    if not found.n_all:
        return not_yet("The log has no cases.", "Look at log.issues, and at the filter of the map.")
    said = f"{percent_text(found.fitting_rate)} of the cases run as drawn"
    if found.fitting_rate < FITTING:
        worst = next((finding for finding in found.findings if finding.severity != "info"), None)
        hint = f"{worst.sentence} {worst.suggestion}" if worst else "crm.conformance(m) says what is missing."
        return not_yet(f"{said}; {percent_text(FITTING)} are asked for.", hint, nodes=worst.nodes if worst else ())
    return passed(f"{said}.")


@exercise(
    "2.3",
    title="The leak",
    task="At which stage is the largest share of those that enter lost? Look, and give the stage as answer=.",
)
def _the_leak(m: MapModel, answer: Any) -> Verdict:
    rate = "lost_rate"
    return _worst(
        m, conversion(m), rate, answer, "{label} loses {rate} of those that enter", "crm.conversion(m).show()"
    )


@exercise(
    "2.4",
    title="The bottleneck",
    task="At which stage does the most time go? It need not be the leak. Give the stage as answer=.",
)
def _the_bottleneck(m: MapModel, answer: Any) -> Verdict:
    rate = "time_rate"
    return _worst(m, bottlenecks(m), rate, answer, "{label} takes {rate} of all the time", "crm.bottlenecks(m).show()")


@exercise(
    "2.5",
    title="What would help",
    task="Find one change that wins 10 % more cases a month, without more leads, and no rate moved by more than ten "
    "points: drag a slider of What if, or give the changes as answer=.",
)
def _what_would_help(m: MapModel, answer: Any) -> Verdict:
    changes = _tried(m) if answer is None else answer
    trying = (
        "crm.what_if(m).show(), select a stage or a flow, and drag; or answer={(source, target): {'probability': 0.3}}."
    )
    if not isinstance(changes, Mapping) or not changes:
        return not_yet("Nothing is tried yet.", trying)
    found = what_if(m, changes)
    values = [name for given in changes.values() for name in given]
    if "inflow" in values:
        return not_yet(
            "More leads would bring more of the same.", "Leave the inflow as it is: what happens to those that come?"
        )
    if len(values) > 1:
        return not_yet(
            f"{len(values)} numbers are changed; one is asked for.", "Which of them does the most? Try each alone."
        )
    levers = found.painted.levers
    moved = [lever for lever in levers.flows.values() if lever.is_given] if levers is not None else []
    if any(abs((lever.value or 0.0) - (lever.baseline or 0.0)) > POINTS + 1e-9 for lever in moved):
        return not_yet(
            "That rate moves by more than ten points; nobody would believe it.",
            "Stay within ten points of what is measured.",
        )
    whole: Any = found.table.loc[0]
    before, after = float(whole["won_per_month_baseline"]), float(whole["won_per_month_changed"])
    if not before > 0:
        return not_yet("On this map no case is won.", "Exercise 2.1 comes first: which end has the outcome won?")
    gain = after / before - 1
    said = f"It brings {percent_text(gain)} more won cases a month" if gain > 1e-9 else "It brings no won case more"
    if gain < GAIN - 1e-9:
        return not_yet(
            f"{said}; {percent_text(GAIN)} are asked for.", "Faster is not more: what decides whether a case is won?"
        )
    return passed(f"{said}: {before:.1f} → {after:.1f}.")


@exercise(
    "2.6",
    title="A plan for the leak",
    task="Give the leaking stage an owner and a target conversion rate, and comment on it what is done next.",
)
def _a_plan_for_the_leak(m: MapModel, answer: Any) -> Verdict:
    row = _row_of_most(conversion(m), "lost_rate")
    if row is None:
        return not_yet("Nobody is lost on this map.", "Exercise 2.3 comes first.")
    node = str(row["node"])
    about = m.elements.nodes[node]
    steps = {
        "an owner": bool(about.get("owner") or about.get("accountable")),
        "a target conversion rate": about.get("target_conversion_rate") is not None,
        "a comment": any(comment.on == node for comment in m.comments.values()),
    }
    missing = [step for step, is_there in steps.items() if not is_there]
    if missing:
        return not_yet(
            f"{about['label']} still needs {' and '.join(', '.join(missing).rsplit(', ', 1))}.",
            "Select the card: the inspector has Owner and the targets, M writes a comment.",
            nodes=[node],
        )
    return passed(f"{about['label']} has an owner, a target and a next step.", nodes=[node])


@exercise(
    "2.7",
    title="One thing first",
    task="Vote with which stage you begin: at least three of you, until one stage is ahead of all others.",
)
def _one_thing_first(m: MapModel, answer: Any) -> Verdict:
    found = ranking(m.elements)
    voters = {voter for _, those in found for voter in those}
    if len(voters) < N_VOTERS:
        return not_yet(
            f"{len(voters)} of you {'has' if len(voters) == 1 else 'have'} voted; at least three are asked for.",
            "Select a card and press V: the stage that you would begin with tomorrow.",
        )
    most = len(found[0][1])
    first = [node for node, those in found if len(those) == most]
    labels = [str(m.elements.nodes[node]["label"]) for node in first]
    if len(first) > 1:
        return not_yet(
            f"{' and '.join(labels[:NAMED])} have {most} votes each.",
            "Let somebody speak for each, and vote again: m.clear_votes() begins a new round.",
            nodes=first,
        )
    n_votes = sum(len(those) for _, those in found)
    return passed(f"{labels[0]} comes first, with {most} of {n_votes} votes.", nodes=first)


# ---- what the map says -----------------------------------------------------------------------------------


def _worst(m: MapModel, found: Result, rate: str, answer: Any, said: str, look: str) -> Verdict:
    """Whether the participant's stage is the one with the highest rate in what may be shown."""
    row = _row_of_most(found, rate)
    if row is None:
        return not_yet(
            "On this map and in this log there is none.", "Is it the whole log, and do the ends say won and lost?"
        )
    if answer is None or answer == "":
        return not_yet("No answer is given yet.", f"{look} paints it; then check(m, …, answer='the stage').")
    node = node_of(m, answer)
    label = str(m.elements.nodes[node]["label"])
    if node != row["node"]:
        shown = _shown(found)
        rates = shown.loc[shown["node"] == node, rate]
        own = f": {percent_text(float(rates.iloc[0]))}" if len(rates) and pd.notna(rates.iloc[0]) else ""
        return not_yet(f"It is not {label}{own}.", f"{look} paints it: where is it darkest?", nodes=[node])
    return passed(
        f"{said.format(label=label, rate=percent_text(float(row[rate])))}, more than any other.", nodes=[node]
    )


def _row_of_most(found: Result, rate: str) -> Any:
    """The row of a node with the highest rate; None where no rate is above 0."""
    shown = _shown(found)
    rates = shown[rate].astype("float64").where(shown["node"].notna())
    return shown.iloc[int(rates.fillna(0.0).to_numpy().argmax())] if (rates > 0).any() else None


def _shown(found: Result) -> pd.DataFrame:
    """What may leave the kernel of an answer, as a sentence does."""
    return (found.table if found.public is None else found.public).reset_index(drop=True)


def _tried(m: MapModel) -> dict[Any, dict[str, float | None]]:
    """What the sliders of a painted what-if are set to."""
    painted = m.overlays.get("what_if")
    if painted is None or painted.levers is None:
        return {}
    changes: dict[Any, dict[str, float | None]] = {}
    for node, levers in painted.levers.nodes.items():
        given = {name: lever.value for name, lever in levers.items() if lever.is_given}
        if given:
            changes[node] = given
    for key, lever in painted.levers.flows.items():
        flow = m.elements.flows.get(key)
        if lever.is_given and flow is not None:
            changes[flow["source"], flow["target"]] = {"probability": lever.value}
    return changes
