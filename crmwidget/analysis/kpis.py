"""How each stage does over time: cases, conversion, retention, revenue and satisfaction against their targets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.conversion_groups import outcomes_of
from crmwidget.analysis.kpi_counts import Counts, kpi_counts
from crmwidget.analysis.kpis_view import kpis_result
from crmwidget.analysis.log_periods import LogPeriod, log_periods
from crmwidget.analysis.passage import walked
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.stage_model import DAYS_A_MONTH
from crmwidget.analysis.stage_table import AMOUNT_NAMES
from crmwidget.data.periods import Every
from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.data.encoded_log import EncodedLog
    from crmwidget.graph.model import MapModel

__all__ = ["kpis"]

SCORE_NAMES = ("satisfaction", "csat", "nps", "rating")
MOST_PERIODS = 120
NEAR = 0.1  # within a tenth of the target is near
TARGETS = {
    "cases": "target_cases",
    "conversion": "target_conversion_rate",
    "retention": "target_retention_rate",
    "revenue": "target_revenue",
    "satisfaction": "target_satisfaction",
}
A_MONTH = {"cases", "revenue"}  # what adds up over time; targets are for a month
MONTHS = {"day": 1 / DAYS_A_MONTH, "week": 7 / DAYS_A_MONTH, "month": 1.0, "quarter": 3.0, "year": 12.0}


@question(title="Performance against targets", group="KPI", needs=("nodes", "log"))
def kpis(
    m: MapModel,
    *,
    log: LogChoice = None,
    every: Every = "month",
    periods: int = 12,
    amount: str | None = None,
    satisfaction: str | None = None,
    at: dt.datetime | None = None,
) -> Result:
    """Cases, conversion, retention, revenue and satisfaction of each stage, period by period, against its targets.

    Parameters
    ----------
    m
        The map. A node's targets are its attributes `target_cases` and `target_revenue` (for a month; those of other
        periods are in proportion), `target_conversion_rate`, `target_retention_rate` (fractions) and
        `target_satisfaction` (in the scores' own unit). More is taken as better.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.
    every
        The length of a period: day, week, month, quarter or year, of the calendar in UTC.
    periods
        How many of the latest full periods, 1 to 120.
    amount, satisfaction
        The attributes of the log with what an event brings in and with scores; else one called amount, value, revenue …
        and satisfaction, csat, nps or rating, where the log has one.
    at
        The moment as of which the log is, not before its last event, which is the default.

    Returns
    -------
    Result
        `.table` has one row per stage, figure and full period:

        - `node`, `label`; `kpi`; `period`: the first day (`datetime64`), `period_name`;
        - `value`; `n_part` of `n_base`, what it is made of:

          - "cases": cases with an event at the stage (n_base);
          - "conversion": events that a step forward followed directly (n_part), of those that anything followed
            (n_base); what is still open has no part in it; undefined on a map without a lost end;
          - "retention": cases (n_part) of those at the stage (n_base) that have an event in the period after, at any
            stage; undefined in the last period, as the one after is not over;
          - "revenue": sum of amounts, over n_base events with an amount; at nodes that mean won;
          - "satisfaction": mean score, over n_base events with a score;

        - `target`, for that period; `attained` = value / target; `status`: "met", "near" (within a tenth) or "missed".

        Counts are `Int64`; a figure is not listed for stages where nothing defines it. Undefined is missing, never 0.
        `.chart()` has each figure against its target; without any target, how figures went from period to period.

    Raises
    ------
    AnalysisError
        No log is attached, or several are; there is no such period or attribute; a column holds no numbers.

    Notes
    -----
    *Definition.* A period is full if the log covers it from its first day to its last.

    *Ties.* An event at the very moment between two periods belongs to the later one.

    *Open cases.* What is still open has no part in a conversion; cases, revenue and satisfaction count what has
    happened.

    *Missing values.* An event without an amount, or without a score, counts in neither part of that figure.

    *Small groups.* Figures of fewer than 5 cases or events, and those that give such a number away, are held back in
    what leaves the kernel.

    *Source.* Figures beside their targets are those of Kaplan and Norton (*The Balanced Scorecard: Measures That Drive
    Performance*, 1992); conversion, retention and satisfaction as in Farris, Bendle, Pfeifer and Reibstein (*Marketing
    Metrics*, 2010).

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(2000).log())
    >>> m.update("contract", target_conversion_rate=0.7)
    >>> table = crm.kpis(m, every="quarter", periods=2).table
    >>> table = table[(table["kpi"] == "conversion") & table["status"].notna()]
    >>> table[["label", "period_name", "n_base", "status"]]
           label period_name  n_base status
    26  Contract     Q3 2025     634    met
    27  Contract     Q4 2025     370    met
    """
    if isinstance(periods, bool) or not isinstance(periods, int) or not 1 <= periods <= MOST_PERIODS:
        raise AnalysisError(f"periods= is a whole number, 1 to {MOST_PERIODS}; given {shorten(periods)}.")
    bound = attached_log(m, log)
    money = _column(bound.log, amount, "amount", AMOUNT_NAMES)
    score = _column(bound.log, satisfaction, "satisfaction", SCORE_NAMES)
    way = walked(m.graph)
    outcomes, _ = outcomes_of(way)
    lost = {node for node, outcome in outcomes.items() if outcome == "lost"}
    won = {node for node, outcome in outcomes.items() if outcome == "won"}
    every_period = log_periods(bound.log, every, at)
    node_of = bound.match().node_of
    nodes = [str(node) for node in m.graph if node in set(node_of.values())]
    counts = kpi_counts(bound.log, every_period, node_of, nodes, lost, amount=money, score=score)
    full = _full(bound.log, every_period)[-periods:]
    rows = []
    for node in nodes:
        about = m.graph.nodes[node]
        of_node = {number: counts.get((node, number), Counts()) for number in full}
        for kpi in TARGETS:
            made = {number: _made(kpi, of_node[number], every_period, number) for number in full}
            if (kpi == "revenue" and node not in won) or (kpi == "conversion" and not lost):
                continue
            if not any(value is not None for value, _, _ in made.values()):
                continue
            target = about.get(TARGETS[kpi])
            if target is not None and kpi in A_MONTH:
                target = float(target) * MONTHS[every]
            for number, (value, part, base) in made.items():
                period = every_period[number]
                rows.append(
                    (node, str(about.get("label") or node), kpi, period.start, period.name, value, part, base, target)
                )
    table = _typed(rows)
    events = {(node, number): count.n for (node, number), count in counts.items()}
    starts = {number: every_period[number].start for number in range(len(every_period))}
    return kpis_result(bound, table, events, starts, every, has_lost=bool(lost), money=money, score=score)


def _column(log: EncodedLog, given: str | None, role: str, likely: tuple[str, ...]) -> str | None:
    if given is None:
        known = {name.lower().replace(" ", "_"): name for name in log.attributes}
        return next((known[name] for name in likely if name in known), None)
    if given not in log.attributes:
        raise AnalysisError(
            f"{role}={shorten(given)} is no attribute of the log; {nearest(given, log.attributes, noun='attributes')}. "
            "EventLog(…, attributes=[…]) says which are kept."
        )
    return given


def _full(log: EncodedLog, periods: list[LogPeriod]) -> list[int]:
    """The numbers of the periods that the log covers from their first day to their last."""
    (first,) = log.rows("select min(first_at_us) from {cases}")[0]
    begins = int(first) - int(first) % 86_400_000_000
    return [i for i, period in enumerate(periods) if period.is_over and period.from_us >= begins]


def _made(
    kpi: str, counts: Counts, periods: list[LogPeriod], number: int
) -> tuple[float | None, int | None, int | None]:
    """Value, part and base of a figure; None where it is undefined."""
    if kpi == "cases":
        return float(counts.n_cases), None, counts.n_cases
    if kpi == "conversion":
        return _rate(counts.n_forward, counts.n_decided), counts.n_forward, counts.n_decided
    if kpi == "retention":
        if number + 1 >= len(periods) or not periods[number + 1].is_over:
            return None, None, counts.n_cases
        return _rate(counts.n_retained, counts.n_cases), counts.n_retained, counts.n_cases
    if kpi == "revenue":
        return (counts.amount if counts.n_amounts else None), None, counts.n_amounts
    return _rate(counts.score, counts.n_scores), None, counts.n_scores


def _rate(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _typed(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["node", "label", "kpi", "period", "period_name", "value", "n_part", "n_base", "target"]
    table = pd.DataFrame(rows, columns=columns)
    table["period"] = pd.to_datetime(table["period"]).astype("datetime64[us]")
    kinds = dict.fromkeys(("node", "label", "kpi", "period_name"), "str")
    kinds |= {"value": "float64", "n_part": "Int64", "n_base": "Int64", "target": "float64"}
    table = table.astype(kinds)
    table["attained"] = table["value"] / table["target"].where(table["target"] > 0)
    status = pd.Series(pd.NA, index=table.index, dtype="object")
    known = table["value"].notna() & table["target"].notna()
    lacking = table["target"] - table["value"]
    status[known & (lacking > 1e-12)] = "near"
    status[known & (lacking > NEAR * table["target"].abs())] = "missed"
    status[known & (lacking <= 1e-12)] = "met"
    table["status"] = status
    return table
