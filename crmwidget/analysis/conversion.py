"""How many move on: conversion and drop-off per stage and flow, from where each is now or from their history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice
from crmwidget.analysis.conversion_groups import Groups
from crmwidget.analysis.conversion_log import log_conversion
from crmwidget.analysis.conversion_view import conversion_result
from crmwidget.analysis.conversion_visits import Visits
from crmwidget.analysis.narrowed import narrow, narrow_table
from crmwidget.analysis.passage import walked
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.stage_table import has_stage_table, says_stages, stage_table
from crmwidget.data.binding import BoundTable
from crmwidget.errors import AnalysisError

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["conversion"]

FLOW_COLUMNS = [
    "flow",
    "source",
    "target",
    "label",
    "n_taken",
    "n_source_entered",
    "taken_rate",
    "n_undetermined",
    "n_parallel",
    "is_returning",
]


READS = ("kind", "label", "known_as", "outcome", "source", "target")


def _lacks(m: MapModel) -> str:
    """What is missing to ask this, in a sentence: a table of stages or a log will do."""
    if not len(m.graph):
        return "The map is empty: add a node first."
    if has_stage_table(m) or len(m.logs):
        return ""
    return (
        "Attach a table with one row per opportunity and its stage, m.attach(frame, stage='deal_stage'), or an event "
        "log: m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…))."
    )


@question(title="Conversion and drop-off", group="flow", needs=_lacks, reads=READS)
def conversion(
    m: MapModel,
    *,
    log: LogChoice = None,
    table: str | None = None,
    stage: str | None = None,
    amount: str | None = None,
    by: str | None = None,
    within: str | dt.timedelta | None = None,
    visits: Visits = "first",
) -> Result:
    """How many opportunities entered each stage, moved on, were lost, are still open; and what they are worth.

    Parameters
    ----------
    m
        The map. Cases walk along its flows of kind "flow". A node with `outcome` "won" or "lost" decides a case; a node
        without a way out whose name says so ("Closed won") does so too.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one: asks the history of each case. Where
        nothing says which is meant, a table is asked if one that says stages is attached, else the only attached log;
        `by`, `within` and `visits` mean the log, `table`, `stage` and `amount` the table.
    table
        The name of an attached table with one row per opportunity and its stage now; None for the only one.
    stage
        The column that names the stage (a node's id or label); the one it was attached with, or the text column that
        names nodes best.
    amount
        A numeric column; else one called amount, value, close_value or revenue, if there is one.
    by
        Of a log: an attribute, such as "segment"; a row is then of a stage and of one of its values (at most 12). A
        case is of the value that its first event has; "missing" is one too.
    within
        Of a log: a duration, such as "30 days", in which cases should go on.
    visits
        Of a log: "first" counts each case once at a stage, by its first visit; "every" counts each visit.

    Returns
    -------
    Result
        *From a table* `.table` has one row per node that cases walk through, in the order of the map:

        - `node`, `label`, `outcome` ("won", "lost" or missing);
        - `n_entered`: opportunities at a place to which every way leads through this node; so they were surely here;
        - `n_current`: now here; `n_open`: now here, neither won nor lost;
        - `n_forward`: have moved on, and were not lost directly from here;
        - `n_lost_here`: lost directly from here, that is over a flow from here to a lost end;
        - `n_unplaced`: moved on, but it cannot be told whether forward or lost, as several nodes lead to that end;
          always n_entered = n_current + n_forward + n_lost_here + n_unplaced;
        - `n_won`, `n_lost`: of those that entered, by now, here or further on;
        - `n_undetermined`: at a place that some ways lead to through this node: perhaps they were here too;
        - `forward_rate` = n_forward / n_entered and `lost_rate` = n_lost_here / n_entered, undefined at nodes without a
          way out and where n_unplaced is not 0; `won_of_entered` = n_won / n_entered;
          `win_rate_of_closed` = n_won / (n_won + n_lost);
        - `won_amount`, `open_amount`, `lost_amount`: sums over those counted in n_won, n_open, n_lost, in the unit of
          the column; rows without an amount are left out.

        Counts are `Int64`, rates (fractions) and amounts `float64`. What is undefined is missing, never 0: a rate over
        nobody, a sum over no amount, won and lost on a map without such an end.

        `.flows` has one row per flow: `flow`, `source`, `target`, `label`, `n_taken` (surely went this way),
        `n_source_entered`, `taken_rate` = n_taken / n_source_entered (undefined where some perhaps went),
        `n_undetermined` (perhaps went this way), `n_parallel` (flows of the same two ends, which share these numbers),
        `is_returning` (leads back; where a case is now does not tell how often, so `n_taken` is missing).

        *From a log* `.table` has one row per stage (an activity of the log), in the order in which cases come by, or
        per stage and `segment`:

        - `activity`, the `node` that it means, `outcome` ("won", "lost" or missing);
        - `n_entered` visits: `n_forward` went on to a stage that is not lost, `n_lost_here` to a lost one, in `n_open`
          the case is still here and not closed (nothing else is known of it: it is never counted as lost), in `n_ended`
          it was closed here, in `n_unknown` an event followed that is not known; they add up to `n_entered`;
        - `n_left` = n_forward + n_lost_here;
        - `n_won`, `n_lost`, `n_under_way`: of those that entered, the cases that are won, lost, open by now, wherever
          they are; `n_closed` = n_won + n_lost;
        - `forward_rate` = n_forward / n_entered, `lost_rate` = n_lost_here / n_entered, `forward_of_left` = n_forward /
          n_left: undefined at activities that close a case; `won_of_entered`, `win_rate_of_closed` as above;
        - with `within`: `n_observed` entered so long before the last event of the whole log, or longer; `n_in_time` of
          these went on in that time, `n_lost_in_time` were lost in it, `n_late` were still here after it;
          `in_time_rate` = n_in_time / n_observed, `late_rate` = n_late / n_observed. Who entered later, or went on to
          what is not known, counts in none of them.

        `.flows` has one row per pair of stages of which one follows the other directly (and per `segment`): `source`,
        `target`, `source_node`, `target_node`, `flow` (the key of the drawn flow), `n_taken`, `n_source_entered`,
        `taken_rate`; with `within` `n_in_time`, `n_source_observed`, `in_time_rate`.

        `.chart()` has a bar a stage, in the parts that those who entered became; with `by`, a point for each segment.

    Raises
    ------
    AnalysisError
        No table says a stage, or several do; there is no such table or column; no value names a node. No log is
        attached, or several are; there is no such attribute, or it has too many values; `within` is no duration; what
        asks a table and what asks a log are both given.

    Notes
    -----
    *From a table.* A current stage says little about history, so only what is certain is counted: an opportunity
    entered each node that *dominates* the one where it is (`networkx.immediate_dominators`). Loops do no harm.

    *From a log.* A visit is of one event, or of several of one activity directly after each other; it begins with the
    first and goes on with the first event of another activity.

    *Ties.* Events of one case and time keep their order in the log. Who goes on exactly when `within` is over is in
    time.

    *Open cases.* A case is closed by the log's `ends`, else by what means an end on the map. One that is open is never
    counted as lost, nor as late before its time is over.

    *Missing values.* Rows whose stage is missing or means no node are counted nowhere; notes and findings say how many.
    A rate over nobody is missing, never 0.

    *Small groups.* In what leaves the kernel, groups of 1 to 4 are held back, and with them what they could be worked
    out from; `.table` is exact.

    *Source.* Dominators are found as by Cooper, Harvey and Kennedy (*A Simple, Fast Dominance Algorithm*, 2001). That
    cases whose time is not over say nothing of a window is the rule of Kaplan and Meier (*Nonparametric Estimation from
    Incomplete Observations*, 1958), applied here by leaving them out of numerator and denominator alike.

    Examples
    --------
    From a table of what is where now:

    >>> import crmwidget as crm
    >>> import pandas as pd
    >>> m = crm.from_text("Lead -> Offer -> Won")
    >>> ids = m.add_text("Offer -> Lost")
    >>> deals = pd.DataFrame({"stage": ["Lead"] * 20 + ["Offer"] * 10 + ["Won"] * 40 + ["Lost"] * 30})
    >>> bound = m.attach(deals, stage="stage")
    >>> table = crm.conversion(m).table.set_index("node")
    >>> table[["n_entered", "n_forward", "n_lost_here", "n_open", "won_of_entered"]]
           n_entered  n_forward  n_lost_here  n_open  won_of_entered
    node
    lead         100         80            0      20             0.4
    offer         80         40           30      10             0.5
    won           40          0            0       0             1.0
    lost          30          0            0       0             0.0

    From a log, in 30 days each:

    >>> m = crm.discover(crm.samples.events(2000).log())
    >>> table = crm.conversion(m, within="30 days").table.set_index("activity")
    >>> table.loc["Offer", ["n_entered", "n_forward", "n_open", "n_under_way"]].tolist()
    [2000, 1900, 100, 100]
    """
    if _asks_log(m, log, (table, stage, amount), (by, within, None if visits == "first" else visits)):
        result = log_conversion(m, log=log, by=by, within=within, visits=visits)
        if m.filters:
            narrow(m, "log", log, result)
        return result
    result, asked = _from_table(m, table=table, stage=stage, amount=amount)
    if len(m.logs):
        result.notes.append("A log is attached too: log= asks the history of each case instead.")
    if m.filters:
        narrow_table(m, asked, result)
    return result


def _asks_log(m: MapModel, log: LogChoice, of_table: tuple[object, ...], of_log: tuple[object, ...]) -> bool:
    is_log = log is not None or any(given is not None for given in of_log)
    is_table = any(given is not None for given in of_table)
    if is_log and is_table:
        raise AnalysisError(
            "log=, by=, within= and visits= ask an event log; table=, stage= and amount= ask a table: give one kind."
        )
    return is_log or (not is_table and len(m.logs) > 0 and not says_stages(m))


def _from_table(m: MapModel, *, table: str | None, stage: str | None, amount: str | None) -> tuple[Result, BoundTable]:
    way = walked(m.graph)
    if not len(way):
        raise AnalysisError("The map has no stage that cases could walk through: add one first.")
    source = stage_table(m, dict(way.nodes(data="label")), table=table, stage=stage, amount=amount)
    groups = Groups.of(way, source)
    nodes = _node_table(groups, has_amounts=source.amount is not None)
    return conversion_result(groups, source, nodes, _flow_table(m, groups)), source.table


def _node_table(groups: Groups, *, has_amounts: bool) -> pd.DataFrame:
    has_won = "won" in groups.outcomes.values()
    has_lost = "lost" in groups.outcomes.values()
    rows: list[dict[str, Any]] = []
    for node, attributes in groups.way.nodes(data=True):
        cells = groups.cells(node)
        counts: dict[str, Any] = {name: groups.count(mask) for name, mask in cells.items()}
        n_entered, n_won, n_lost = counts["n_entered"], counts["n_won"], counts["n_lost"]
        goes_on = bool(set(groups.way.successors(node)) - {node}) and not counts["n_unplaced"]
        if not has_won:
            counts["n_won"] = None
        if not has_lost:
            counts["n_lost"] = counts["n_lost_here"] = None
        rows.append(
            {
                "node": node,
                "label": str(attributes.get("label") or node),
                "outcome": groups.outcomes.get(node),
                **counts,
                "forward_rate": _rate(counts["n_forward"], n_entered) if goes_on else None,
                "lost_rate": _rate(counts["n_lost_here"], n_entered) if goes_on and has_lost else None,
                "won_of_entered": _rate(n_won, n_entered) if has_won else None,
                "win_rate_of_closed": _rate(n_won, n_won + n_lost) if has_won and has_lost else None,
                "won_amount": groups.amount(cells["n_won"]) if has_amounts else None,
                "open_amount": groups.amount(cells["n_open"]) if has_amounts else None,
                "lost_amount": groups.amount(cells["n_lost"]) if has_amounts else None,
            }
        )
    return _typed(pd.DataFrame(rows))


def _flow_table(m: MapModel, groups: Groups) -> pd.DataFrame:
    passed, parallel = groups.passed, groups.n_parallel
    rows: list[dict[str, Any]] = []
    for source, target, key in groups.way.edges(keys=True):
        pair = (source, target)
        is_returning = pair in passed.returning
        taken, entered = passed.taken[pair], passed.entered[source]
        n_taken, n_entered = groups.count(taken), groups.count(entered)
        is_certain = not is_returning and not groups.count(passed.perhaps_taken[pair] & entered)
        rows.append(
            {
                "flow": str(key),
                "source": source,
                "target": target,
                "label": str(m.graph.edges[source, target, key].get("label") or ""),
                "n_taken": None if is_returning else n_taken,
                "n_source_entered": n_entered,
                "taken_rate": _rate(n_taken, n_entered) if is_certain else None,
                "n_undetermined": None if is_returning else groups.count(passed.perhaps_taken[pair]),
                "n_parallel": parallel[pair],
                "is_returning": is_returning,
            }
        )
    return _typed(pd.DataFrame(rows, columns=FLOW_COLUMNS))


def _rate(part: int | None, whole: int) -> float | None:
    return part / whole if whole and part is not None else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    kinds: dict[str, str] = {}
    for column in table.columns:
        if column.startswith("n_"):
            kinds[column] = "Int64"
        elif column == "is_returning":
            kinds[column] = "bool"
        elif column.endswith(("_rate", "_amount")) or column in {"won_of_entered", "win_rate_of_closed"}:
            kinds[column] = "float64"
        else:
            kinds[column] = "str" if column != "outcome" else "object"
    return table.astype(kinds)
