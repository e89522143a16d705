"""What is done again: loops and repetitions per stage and flow, in how many cases, and the time that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.flow_counts import FlowCounts, flow_counts
from crmwidget.analysis.flow_places import placed
from crmwidget.analysis.registry import question
from crmwidget.analysis.repeats import FLOW_REPEATS_SQL, REWORKED_SQL, STAGE_REPEATS_SQL
from crmwidget.analysis.result import Result
from crmwidget.analysis.rework_view import Reworked, rework_result
from crmwidget.analysis.time_columns import durations, total_durations
from crmwidget.data.encoded_log import EncodedLog

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["rework"]


@question(title="Rework", group="flow", needs=("nodes", "log"))
def rework(m: MapModel, *, log: LogChoice = None) -> Result:
    """Which cases come back to a stage or repeat it, how many they are, and how much time the repetition takes.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.

    Returns
    -------
    Result
        `.table` has one row per stage (an activity of the log), in the order in which cases come by:

        - `activity`, and the `node` that it means, missing where none; `n_events`, in `n_cases` cases;
        - `n_repeats`: events whose case has had this activity before = n_events - n_cases, in `n_repeating_cases`;
          `repeating_rate` = n_repeating_cases / n_cases. Each is one of two kinds:
        - `n_self_loops`: the event directly before is of the same activity, in `n_looping_cases`;
        - `n_returns`: the case was elsewhere in between, in `n_returning_cases`; `return_rate` = n_returning_cases /
          n_cases;
        - `extra_time`: of all repeats, from the end of the event before each to its own; `median_extra_time`.

        `.flows` has one row per pair of activities of which one follows the other directly: `source`, `target`,
        `source_node`, `target_node`, `flow` (the key of the drawn flow), `n`, `n_cases`; `n_returns`: how often it led
        to another activity that the case had had before, in `n_returning_cases`; `returning_rate` = n_returns / n;
        `n_begun`: those of them that begin the rework, because they leave an activity that was new to the case, in
        `n_begun_cases`; `extra_time` and `median_extra_time` of those that led to a repeat.

        Counts are `Int64`, rates fractions, times `timedelta64`. What is undefined is missing, never 0: the time of no
        repeat. The extra times of all stages add up to that of the log, those of the flows too.

        `.chart()` has the extra time per stage.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are.

    Notes
    -----
    Events of one time keep their order in the log. An open case repeats what it has repeated so far. After an event
    that is not known (a gap) a repeat is a return, and its time is not known. The time of a repeat is what would not
    have been spent if the case had gone on instead: it includes the waiting before.

    Self-loops and loops are told apart as by van der Aalst (*Process Mining*, 2016, ch. 6.2); rework as the share of
    cases that repeat an activity is the measure of Dumas, La Rosa, Mendling and Reijers (*Fundamentals of Business
    Process Management*, 2018, ch. 7).

    Examples
    --------
    >>> from crmwidget.data import samples
    >>> from crmwidget.data.event_log import EventLog
    >>> from crmwidget.graph.elements import Elements
    >>> from crmwidget.graph.model import MapModel
    >>> m = MapModel(Elements(nodes={"offer": {"kind": "stage", "label": "Offer"}}))
    >>> log = EventLog(samples.events(200).events, case="case_id", activity="activity", timestamp="finished_at")
    >>> result = rework(m, log=log)
    >>> result.findings[0].sentence.replace("\\u202f", " ")
    '7 % of the cases repeat work: 14 of 200.'
    >>> result.table.set_index("activity").loc["Offer", ["n_returns", "n_returning_cases", "n_self_loops"]].tolist()
    [14, 14, 0]
    """
    bound = attached_log(m, log)
    counts = flow_counts(bound.log, with_cases=True)
    node_of = bound.match().node_of
    n_repeating, n_looping, n_returning, extra_us = bound.log.rows(REWORKED_SQL, what="Counting the rework")[0]
    whole = Reworked(int(n_repeating), int(n_looping), int(n_returning), None if extra_us is None else float(extra_us))
    return rework_result(
        bound, counts, whole, _stages(bound.log, counts, node_of), _flows(m, bound.log, counts, node_of)
    )


def _stages(log: EncodedLog, counts: FlowCounts, node_of: Any) -> pd.DataFrame:
    got = log.arrays(STAGE_REPEATS_SQL, what="Counting the repeats")
    activities = [log.labels[code] for code in got["activity"].tolist()]
    n_cases = np.asarray(got["n_cases"], dtype="float64")
    table = pd.DataFrame(
        {
            "activity": pd.Series(activities, dtype="str"),
            "node": pd.Series([node_of.get(activity) for activity in activities], dtype="object"),
            "n_events": _counts(got["n"]),
            "n_cases": _counts(got["n_cases"]),
            "n_repeats": _counts(got["n_repeat"]),
            "n_repeating_cases": _counts(got["n_repeat_cases"]),
            "repeating_rate": np.asarray(got["n_repeat_cases"], dtype="float64") / n_cases,
            "n_self_loops": _counts(got["n_loop"]),
            "n_looping_cases": _counts(got["n_loop_cases"]),
            "n_returns": _counts(got["n_return"]),
            "n_returning_cases": _counts(got["n_return_cases"]),
            "return_rate": np.asarray(got["n_return_cases"], dtype="float64") / n_cases,
            "extra_time": total_durations(got["extra_us"]),
            "median_extra_time": durations(got["median_us"]),
        }
    )
    order = {activity: place for place, activity in enumerate(counts.activities)}
    return table.sort_values("activity", key=lambda names: names.map(order), ignore_index=True)


def _flows(m: MapModel, log: EncodedLog, counts: FlowCounts, node_of: Any) -> pd.DataFrame:
    """Of the same pairs, in the same order, as the counts."""
    got = log.arrays(FLOW_REPEATS_SQL, what="Counting the returns")
    table = placed(m, counts.flows[["source", "target", "n", "n_cases"]], node_of)
    table["n_returns"] = _counts(got["n_return"])
    table["n_returning_cases"] = _counts(got["n_return_cases"])
    table["returning_rate"] = np.asarray(got["n_return"], dtype="float64") / np.asarray(got["n"], dtype="float64")
    table["n_begun"] = _counts(got["n_begun"])
    table["n_begun_cases"] = _counts(got["n_begun_cases"])
    table["extra_time"] = total_durations(got["extra_us"])
    table["median_extra_time"] = durations(got["median_us"])
    return table


def _counts(values: Any) -> Any:
    return pd.array(np.asarray(values, dtype="int64"), dtype="Int64")
