"""Where work passes from one to another: how often, how long it waits there, and what comes straight back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.flow_counts import FlowCounts, flow_counts
from crmwidget.analysis.flow_places import placed
from crmwidget.analysis.hand_offs_view import hand_offs_result
from crmwidget.analysis.hands import BACK_SQL, FLOW_HANDS_SQL, PAIRS_SQL, WHOLE_SQL, who_sql, with_hands
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.time_columns import durations, floats, total_durations
from crmwidget.data.encoded_log import EncodedLog

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["hand_offs"]


@question(title="Hand-offs", group="flow", needs=("nodes", "log"))
def hand_offs(m: MapModel, *, log: LogChoice = None, by: str | None = None) -> Result:
    """Between whom work is handed over, how often, how long it waits there, and how often it comes straight back.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.
    by
        What says who does an event: an attribute of the log, or "team" or "owner" for that of the stage on the map.
        None takes the log's resource, owner, user, agent, team, group, department or role, the first that it keeps;
        without any the team of the stages, then their owner.

    Returns
    -------
    Result
        `.table` has one row per pair of whom one hands over to the other, most frequent first:

        - `source`, `target`: who hands over, and who takes over, two different ones;
        - `n` hand-overs, in `n_cases` cases; `n_source`: all that `source` hands over; `handed_rate` = n / n_source;
        - `n_timed` of them whose waiting is known: `median_waiting_time`, `p95_waiting_time`, `total_waiting_time`,
          from the end of the event before to the start of the next, 0 where they overlap; without start times to its
          own moment;
        - `n_returned`: those after which the next hand-over of the case goes straight back (ping-pong), in
          `n_returned_cases`; `returned_rate` = n_returned / n.

        `.flows` has one row per pair of activities of which one follows the other directly: `source`, `target`,
        `source_node`, `target_node`, `flow` (the key of the drawn flow), `n`; `n_handed` in `n_handed_cases`: it
        passed to another; `n_kept` in `n_kept_cases`: it stayed in one hand; the rest is of an unknown one;
        `handed_rate` = n_handed / (n_handed + n_kept); `median_waiting_time`, `total_waiting_time` of the hand-overs.

        Counts are `Int64`, rates fractions, times `timedelta64`. What is undefined is missing, never 0.

        `.chart()` is the matrix of who hands over to whom.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are; there is no such attribute, or nothing says who.

    Notes
    -----
    *Definition.* A hand-over joins two events of a case of which one follows the other directly.

    *Ties.* Events of one time keep their order in the log.

    *Open cases.* An open case hands over what it has so far.

    *Missing values.* Where either event is of nobody known (missing, or blank) it is no hand-over.

    *Small groups.* In what leaves the kernel, pairs of fewer than 5 cases are left out, and what they could be worked
    out from.

    *Source.* The matrix is that of van der Aalst, Reijers and Song (*Discovering Social Networks from Event Logs*,
    2005: handover of work, of direct succession).

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> m.update("lead", team="Marketing")
    >>> m.update("qualification", team="Sales")
    >>> crm.hand_offs(m, by="team").table[["source", "target", "n", "n_cases", "n_returned"]]
          source target    n  n_cases  n_returned
    0  Marketing  Sales  200      200           0
    """
    bound = attached_log(m, log)
    node_of = bound.match().node_of
    who, said = who_sql(m, bound.log, node_of, by)
    counts = flow_counts(bound.log, with_cases=True)
    found = _asked(bound.log, WHOLE_SQL, who, "Counting the hand-overs")
    whole = {name: float(floats(values)[0]) for name, values in found.items()}
    pairs, flows = _pairs(bound.log, who), _flows(m, bound.log, counts, node_of, who)
    return hand_offs_result(bound, counts, whole, pairs, flows, said)


def _asked(log: EncodedLog, query: str, who: str, what: str) -> dict[str, Any]:
    return log.arrays(with_hands(query, log, who), what=what)


def _pairs(log: EncodedLog, who: str) -> pd.DataFrame:
    got = _asked(log, PAIRS_SQL, who, "Timing the hand-overs")
    back = _asked(log, BACK_SQL, who, "Looking for what comes back")
    keys = list(zip(got["who"].tolist(), got["next_who"].tolist(), strict=True))
    returned = {(a, b): (n, n_cases) for a, b, n, n_cases in zip(*(back[name].tolist() for name in back), strict=True)}
    # a server may sort texts by the rules of its language, so that those with the same count are put in order here
    table = pd.DataFrame(
        {
            "source": pd.Series([a for a, _ in keys], dtype="str"),
            "target": pd.Series([b for _, b in keys], dtype="str"),
            "n": _counts(got["n"]),
            "n_cases": _counts(got["n_cases"]),
            "n_timed": _counts(got["n_timed"]),
            "median_waiting_time": durations(got["median_us"]),
            "p95_waiting_time": durations(got["p95_us"]),
            "total_waiting_time": total_durations(got["total_us"]),
            "n_returned": _counts([returned.get(key, (0, 0))[0] for key in keys]),
            "n_returned_cases": _counts([returned.get(key, (0, 0))[1] for key in keys]),
        }
    )
    n_source = table.groupby("source")["n"].transform("sum")
    table.insert(4, "n_source", n_source.astype("Int64"))
    table.insert(5, "handed_rate", (table["n"] / n_source).astype("float64"))
    table["returned_rate"] = (table["n_returned"] / table["n"]).astype("float64")
    return table.sort_values(["n", "source", "target"], ascending=[False, True, True], ignore_index=True)


def _flows(m: MapModel, log: EncodedLog, counts: FlowCounts, node_of: Any, who: str) -> pd.DataFrame:
    """Of the same pairs, in the same order, as the counts."""
    got = _asked(log, FLOW_HANDS_SQL, who, "Counting the hand-overs of each flow")
    table = placed(m, counts.flows[["source", "target", "n"]], node_of)
    for name in ("n_handed", "n_handed_cases", "n_kept", "n_kept_cases"):
        table[name] = _counts(got[name])
    known = (table["n_handed"] + table["n_kept"]).astype("float64")
    table["handed_rate"] = table["n_handed"].astype("float64") / known.where(known > 0)
    table["median_waiting_time"] = durations(got["median_us"])
    table["total_waiting_time"] = total_durations(got["total_us"])
    return table


def _counts(values: Any) -> Any:
    return pd.array(np.asarray(values, dtype="int64"), dtype="Int64")
