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
from crmwidget.analysis.time_columns import durations, floats, total_durations
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
    *Definition.* The time of a repeat is what would not have been spent if the case had gone on instead: it includes
    the waiting before.

    *Ties.* Events of one time keep their order in the log.

    *Open cases.* An open case repeats what it has repeated so far.

    *Missing values.* After an event that is not known (a gap) a repeat is a return, and its time is not known.

    *Small groups.* In what leaves the kernel, repeats of fewer than 5 cases are held back, and what they could be
    worked out from.

    *Source.* Self-loops and loops are told apart as by van der Aalst (*Process Mining*, 2016, ch. 6.2); rework as the
    share of cases that repeat an activity is the measure of Dumas, La Rosa, Mendling and Reijers (*Fundamentals of
    Business Process Management*, 2018, ch. 7).

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> table = crm.rework(m).table.set_index("activity")
    >>> table.loc["Offer", ["n_returns", "n_returning_cases", "n_self_loops"]].tolist()
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
    activities = list(counts.activities)
    found = _found(got, [log.labels[code] for code in got["activity"].tolist()], activities)
    n_events = _counts(list(counts.activities.values()))
    n_cases = n_events - found["n_repeat"]  # the first of a case is no repeat
    return pd.DataFrame(
        {
            "activity": pd.Series(activities, dtype="str"),
            "node": pd.Series([node_of.get(activity) for activity in activities], dtype="object"),
            "n_events": n_events,
            "n_cases": n_cases,
            "n_repeats": found["n_repeat"],
            "n_repeating_cases": found["n_repeat_cases"],
            "repeating_rate": (found["n_repeat_cases"] / n_cases).to_numpy("float64"),
            "n_self_loops": found["n_loop"],
            "n_looping_cases": found["n_loop_cases"],
            "n_returns": found["n_return"],
            "n_returning_cases": found["n_return_cases"],
            "return_rate": (found["n_return_cases"] / n_cases).to_numpy("float64"),
            "extra_time": total_durations(found["extra_us"]),
            "median_extra_time": durations(found["median_us"]),
        }
    )


def _flows(m: MapModel, log: EncodedLog, counts: FlowCounts, node_of: Any) -> pd.DataFrame:
    got = log.arrays(FLOW_REPEATS_SQL, what="Counting the returns")
    codes = zip(got["activity"].tolist(), got["next_activity"].tolist(), strict=True)
    table = placed(m, counts.flows[["source", "target", "n", "n_cases"]], node_of)
    pairs = list(zip(table["source"], table["target"], strict=True))
    found = _found(got, [(log.labels[a], log.labels[b]) for a, b in codes], pairs)
    table["n_returns"] = found["n_return"]
    table["n_returning_cases"] = found["n_return_cases"]
    table["returning_rate"] = (found["n_return"] / table["n"]).to_numpy("float64")
    table["n_begun"] = found["n_begun"]
    table["n_begun_cases"] = found["n_begun_cases"]
    table["extra_time"] = total_durations(found["extra_us"])
    table["median_extra_time"] = durations(found["median_us"])
    return table


def _found(got: dict[str, Any], keys: list[Any], wanted: list[Any]) -> dict[str, Any]:
    """The columns of what was found, in the order that is wanted; where nothing was found, no repeats and no time."""
    place = {key: i for i, key in enumerate(keys)}
    columns: dict[str, Any] = {}
    for name, values in got.items():
        known = floats(values)
        column = [known[place[key]] if key in place else np.nan for key in wanted]
        columns[name] = _counts(np.nan_to_num(column)) if name.startswith("n_") else np.asarray(column, dtype="float64")
    return columns


def _counts(values: Any) -> Any:
    return pd.array(np.asarray(values, dtype="int64"), dtype="Int64")
