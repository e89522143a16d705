"""What the figures of each stage and period are made of, counted in an event log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crmwidget.analysis.log_periods import LogPeriod, periods_sql
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.errors import AnalysisError, DataError

__all__ = ["Counts", "kpi_counts"]

# NODE stands for the number of the node that an activity means, LOST for the condition that the next one is a loss,
# AMOUNT and SCORE for the columns of attributes, PERIODS for the table of periods
VISITS_SQL = (
    "select period, node, count(*) as n, count(distinct case_id) as n_cases, "
    "sum(case when next_activity is not null then 1 else 0 end) as n_decided, "
    "sum(case when next_activity is not null and not (LOST) then 1 else 0 end) as n_forward, "
    "count(amount) as n_amounts, sum(amount) as amount, count(score) as n_scores, sum(score) as score from ("
    "select case_id, NODE as node, next_activity, at_us, cast(AMOUNT as double) as amount, "
    "cast(SCORE as double) as score from {steps}) s join PERIODS on at_us >= from_us and at_us < until_us "
    "where node is not null group by period, node order by period, node"
)
RETAINED_SQL = (
    "select v.period, v.node, count(*) as n, sum(case when w.case_id is null then 0 else 1 end) as n_retained from ("
    "select distinct case_id, node, period from (select case_id, NODE as node, at_us from {steps}) s "
    "join PERIODS on at_us >= from_us and at_us < until_us where node is not null) v left join ("
    "select distinct case_id, period from (select case_id, at_us from {steps}) t "
    "join PERIODS on at_us >= from_us and at_us < until_us) w on w.case_id = v.case_id and w.period = v.period + 1 "
    "group by v.period, v.node order by v.period, v.node"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """One stage in one period: its events and cases; the events that something followed, and that a step forward did;
    those with an amount and their sum, with a score and their sum; the cases that had an event in the period after."""

    n: int = 0
    n_cases: int = 0
    n_decided: int = 0
    n_forward: int = 0
    n_amounts: int = 0
    amount: float = 0.0
    n_scores: int = 0
    score: float = 0.0
    n_retained: int = 0


def kpi_counts(
    log: EncodedLog,
    periods: list[LogPeriod],
    node_of: Mapping[str, str],
    nodes: Sequence[str],
    lost: Collection[str],
    *,
    amount: str | None,
    score: str | None,
) -> dict[tuple[str, int], Counts]:
    """(node, number of the period) → what was counted; without an entry nothing happened.

    Raises
    ------
    AnalysisError
        A column of amounts or scores holds something else than numbers.
    """
    codes = {label: code for code, label in log.labels.items() if label in log.counts}
    parts = []
    for number, node in enumerate(nodes):
        meant = [str(code) for label, code in codes.items() if node_of.get(label) == node]
        if meant:
            parts.append(f"when activity in ({', '.join(meant)}) then {number}")
    if not parts:
        return {}
    losing = ", ".join(str(code) for label, code in codes.items() if node_of.get(label) in lost)

    def said(query: str) -> str:
        columns = {
            name: "null" if given is None else f"a_{log.attributes.index(given)}"
            for name, given in (("AMOUNT", amount), ("SCORE", score))
        }
        for word, means in {
            "NODE": f"case {' '.join(parts)} end",
            "LOST": f"next_activity in ({losing})" if losing else "1 = 0",
            "PERIODS": periods_sql(periods),
            **columns,
        }.items():
            query = query.replace(word, means)
        return query

    try:
        visits = log.rows(said(VISITS_SQL), what="Counting by stage and period")
    except DataError:
        named = " or ".join(repr(name) for name in (amount, score) if name is not None)
        raise AnalysisError(f"The column {named} of the log holds something else than numbers.") from None
    retained = {(int(node), int(period)): int(n) for period, node, _, n in log.rows(said(RETAINED_SQL))}
    found = {}
    for period, node, n, n_cases, n_decided, n_forward, n_amounts, total, n_scores, scored in visits:
        found[nodes[int(node)], int(period)] = Counts(
            n=int(n),
            n_cases=int(n_cases),
            n_decided=int(n_decided),
            n_forward=int(n_forward),
            n_amounts=int(n_amounts),
            amount=float(total or 0.0),
            n_scores=int(n_scores),
            score=float(scored or 0.0),
            n_retained=retained.get((int(node), int(period)), 0),
        )
    return found
