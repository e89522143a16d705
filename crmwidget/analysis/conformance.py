"""Whether cases go as drawn: how many do, how well the others fit, and where they leave the drawn way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.drawn_ways import DrawnWays, drawn_ways
from crmwidget.analysis.flow_counts import ACTIVITY_CASES_SQL, FlowCounts, flow_counts
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.data.encoded_log import EncodedLog

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["COLUMNS", "FITNESS_SQL", "Conformance", "conformance"]

READS = ("kind", "label", "known_as", "outcome", "source", "target")
COLUMNS = [
    "deviation",
    "source",
    "target",
    "source_node",
    "target_node",
    "passed_over",
    "n",
    "n_cases",
    "n_all",
    "case_rate",
]
_COUNTS: WeakKeyDictionary[EncodedLog, FlowCounts] = WeakKeyDictionary()  # of the log alone: an edit changes none

# What is judged of a case, and how much of it is not drawn. The words in capitals stand for codes of activities, or of
# steps from one to another (first code * 65536 + second code); CLOSED for the condition that says which cases are.
_STEP = "cast(activity as bigint) * 65536 + next_activity"
FITNESS_SQL = (
    "select count(*) as n_all, sum(case when n_off = 0 then 1 else 0 end) as n_fitting, "
    "sum(1.0 - cast(n_off as double) / n_judged) as fitness from (select "
    "m.n_foreign + m.n_off_steps + case when first_activity in (OFF_BEGINS) then 1 else 0 end "
    "+ case when last_activity in (OFF_ENDS) then 1 else 0 end as n_off, "
    "m.n_foreign + m.n_steps + case when first_activity in (DRAWN) then 1 else 0 end "
    "+ case when CLOSED and last_activity in (DRAWN) then 1 else 0 end as n_judged "
    "from {cases} join (select case_id, "
    "sum(case when activity in (DRAWN) then 0 else 1 end) as n_foreign, "
    "sum(case when activity in (DRAWN) and next_activity in (DRAWN) then 1 else 0 end) as n_steps, "
    f"sum(case when {_STEP} in (OFF_STEPS) then 1 else 0 end) as n_off_steps "
    "from {steps} group by case_id) m on m.case_id = cases.case_id) judged"
)


@dataclass(eq=False, repr=False)
class Conformance(Result):
    """What `conformance` answers.

    Attributes
    ----------
    n_all, n_fitting
        How many cases there are, and how many of them run along drawn flows only.
    fitting_rate
        n_fitting / n_all; missing without a case.
    fitness
        Of what is judged of a case the share that is drawn, averaged over the cases; missing without a case.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Contract -> Won")
    >>> bound = m.attach(crm.samples.events(200).log())
    >>> fit = crm.conformance(m)
    >>> fit.n_fitting, fit.n_all, fit.fitting_rate, round(fit.fitness, 2)
    (124, 200, 0.62, 0.93)
    """

    n_all: int = 0
    n_fitting: int = 0
    fitting_rate: float = float("nan")
    fitness: float = float("nan")

    def _take_over(self, new: Result) -> None:
        super()._take_over(new)
        assert isinstance(new, Conformance)
        self.n_all, self.n_fitting = new.n_all, new.n_fitting
        self.fitting_rate, self.fitness = new.fitting_rate, new.fitness


@question(title="As drawn?", group="flow", needs=("nodes", "log"), reads=READS)
def conformance(m: MapModel, *, log: LogChoice = None) -> Conformance:
    """How well an event log fits the drawn map, and where its cases skip, reorder or invent steps.

    Parameters
    ----------
    m
        The map: its flows of kind "flow" say what may follow what. Nodes of kind start, end and decision that no
        activity means are passed through; other nodes are steps, also where the log knows none.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.

    Returns
    -------
    Conformance
        A `Result` with `n_all`, `n_fitting`, `fitting_rate` and `fitness` too. `.table` has one row per kind of
        deviation and place, the most frequent first:

        - `deviation`: "skip" (a step past nodes through which a drawn way leads), "reorder" (to a node from which the
          drawn way leads here, by the shorter way of both), "repeat" (an activity again, without a drawn loop),
          "undrawn_flow" (between nodes that no drawn way joins), "undrawn_activity" (one that means no node on a way),
          "undrawn_start", "undrawn_end" (a case begins, or a closed one ends, where none may);
        - `source`, `target`: the activities, `source_node`, `target_node`: their nodes; a start has no source, an end
          and an activity have no target;
        - `passed_over`: the nodes that a skip leaves out, a tuple;
        - `n`: how often; `n_cases`: in how many cases, of `n_all`; `case_rate` = n_cases / n_all.

        Counts are `Int64`, rates fractions. `.flows` has one row per drawn flow: `flow`, `source_node`, `target_node`,
        `n` (how often it is taken directly), `n_cases`. `.chart()` has the deviations, the most frequent first.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are.

    Notes
    -----
    *Definition.* Judged are of each case: where it begins, each step from one event to the next, where it ends if it is
    closed; and in place of the moves that touch it each event whose activity is not drawn. The fitness of a case is the
    share of these that is drawn, so 1 exactly for a case that runs along drawn flows only. The sum of `n` is the number
    of all that is judged and not drawn. Activities that mean one node are steps within it.

    *Ties.* Events of one case and time keep their order in the log.

    *Open cases.* Where an open case ends is not judged.

    *Missing values.* What follows an event that is not known is not judged.

    *Small groups.* In what leaves the kernel, deviations of fewer than 5 cases lose their numbers, and so do others
    from which these could be worked out; `.table` is exact.

    *Source.* This is a replay on the drawn graph of what may follow what, without tokens (W. van der Aalst, *Process
    Mining: Data Science in Action*, 2016, ch. 8, and *A practitioner's guide to process mining: Limitations of the
    directly-follows graph*, 2019).

    Painted, the steps between two nodes that no drawn flow joins are dashed flows with a hollow head, the most frequent
    of them; a click tells one, and draws it. With `.show(live=True)` the answer then follows.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Contract -> Won")
    >>> ids = m.add_text("Contract -> Lost")
    >>> bound = m.attach(crm.samples.events(200).log())
    >>> result = crm.conformance(m)
    >>> result.table[["deviation", "source", "target", "passed_over", "n_cases", "case_rate"]]
      deviation         source target passed_over  n_cases  case_rate
    0      skip  Qualification  Offer     (demo,)       24       0.12
    1   reorder       Contract  Offer          ()       14       0.07
    >>> result.n_fitting, round(result.fitness, 3)
    (164, 0.972)
    """
    from crmwidget.analysis.conformance_view import show_conformance

    bound = attached_log(m, log)
    closing, how_closed = ends_of(m, bound)
    counts = _COUNTS.get(bound.log)
    if counts is None:
        counts = _COUNTS[bound.log] = flow_counts(bound.log, with_cases=True)
    way = drawn_ways(m.graph, bound.match().node_of.values())
    node_of = {activity: node for activity, node in bound.match().node_of.items() if node in way.follows}
    table = _deviations(bound.log, counts, way, node_of, closing)
    n_all, n_fitting, total = _fitness(bound.log, table, node_of, closing)
    table["n_all"] = pd.array([n_all] * len(table), dtype="Int64")
    table["case_rate"] = (table["n_cases"] / n_all).astype("float64") if n_all else table["n"].astype("float64")
    table = table.sort_values(["n_cases", "n"], ascending=False, kind="stable", ignore_index=True)[COLUMNS]
    result = Conformance(
        "conformance",
        "As drawn?",
        table,
        n_all=n_all,
        n_fitting=n_fitting,
        fitting_rate=n_fitting / n_all if n_all else float("nan"),
        fitness=total / n_all if n_all else float("nan"),
    )
    result.flows = _taken(m, counts, node_of)
    show_conformance(m, bound, result, counts, node_of, how_closed)
    return result


def _deviations(
    log: EncodedLog, counts: FlowCounts, way: DrawnWays, node_of: dict[str, str], closing: Collection[str]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []

    def add(deviation: str, source: str | None, target: str | None, n: int, n_cases: int, passed: Any = ()) -> None:
        nodes = [None if activity is None else node_of.get(activity) for activity in (source, target)]
        rows.append(dict(zip(COLUMNS[:8], (deviation, source, target, *nodes, passed, n, n_cases), strict=True)))

    flows: list[Any] = list(counts.flows.itertuples(index=False))
    for row in flows:
        a, b = node_of.get(row.source), node_of.get(row.target)
        if a is None or b is None or (a == b and row.source != row.target):
            continue
        deviation, passed = way.step(a, b)
        if deviation is not None:
            add(deviation, row.source, row.target, int(row.n), int(row.n_cases), passed)
    for activity, n in counts.starts.items():
        if activity in node_of and node_of[activity] not in way.begins:
            add("undrawn_start", None, activity, n, n)
    for activity, n in counts.ends.items():
        is_closed = not closing or activity in closing
        if is_closed and activity in node_of and node_of[activity] not in way.ends:
            add("undrawn_end", activity, None, n, n)
    foreign = [activity for activity in counts.activities if activity not in node_of]
    if foreign:
        sql = ACTIVITY_CASES_SQL.replace("CHOSEN", _codes(log, foreign))
        n_cases = {log.labels[code]: int(n) for code, n in log.rows(sql, what="Counting the cases")}
        for activity in foreign:
            add("undrawn_activity", activity, None, counts.activities[activity], n_cases[activity])
    table = pd.DataFrame(rows, columns=COLUMNS, dtype="object")  # so that a missing name stays None
    return table.astype({"n": "Int64", "n_cases": "Int64"})


def _fitness(
    log: EncodedLog, table: pd.DataFrame, drawn: Collection[str], closing: Collection[str]
) -> tuple[int, int, float]:
    """How many cases, how many that fit, and the sum of their fitness."""
    code_of = {label: code for code, label in log.labels.items()}

    def of(deviation: str) -> Any:
        return table[table["deviation"] == deviation]

    steps = table[table["source"].notna() & table["target"].notna()]
    off_steps = [code_of[a] * 65536 + code_of[b] for a, b in zip(steps["source"], steps["target"], strict=True)]
    sql = (
        FITNESS_SQL.replace("OFF_STEPS", ", ".join(map(str, off_steps)) or "-1")
        .replace("OFF_BEGINS", _codes(log, of("undrawn_start")["target"]))
        .replace("OFF_ENDS", _codes(log, of("undrawn_end")["source"]))
        .replace("DRAWN", _codes(log, drawn))
        .replace("CLOSED", log.ended_by(closing) if closing else "1 = 1")
    )
    n_all, n_fitting, total = log.rows(sql, what="Replaying the cases")[0]
    return int(n_all), int(n_fitting or 0), float(total or 0.0)


def _taken(m: MapModel, counts: FlowCounts, node_of: dict[str, str]) -> pd.DataFrame:
    """How often each drawn flow between two steps is taken; in how many cases is known of one pair of activities."""
    by_pair: dict[tuple[str, str], list[Any]] = {}
    flows: list[Any] = list(counts.flows.itertuples(index=False))
    for row in flows:
        if row.source in node_of and row.target in node_of:
            by_pair.setdefault((node_of[row.source], node_of[row.target]), []).append(row)
    steps = set(node_of.values())
    rows = []
    edges: list[Any] = list(m.graph.edges(keys=True, data="kind"))
    for source, target, key, kind in edges:
        if kind == "flow" and source in steps and target in steps:
            taken = by_pair.get((source, target), [])
            n_cases = sum(int(row.n_cases) for row in taken) if len(taken) < 2 else pd.NA
            rows.append((str(key), source, target, sum(int(row.n) for row in taken), n_cases))
    table = pd.DataFrame(rows, columns=["flow", "source_node", "target_node", "n", "n_cases"])
    return table.astype({"n": "Int64", "n_cases": "Int64"})


def _codes(log: EncodedLog, activities: Iterable[str]) -> str:
    wanted = set(activities)
    return ", ".join(str(code) for code, label in log.labels.items() if label in wanted) or "-1"
