"""Where time goes: waiting against service, work in progress, throughput, load against capacity, per stage and flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.bottlenecks_view import bottlenecks_result
from crmwidget.analysis.flow_counts import FlowCounts, flow_counts
from crmwidget.analysis.flow_places import placed
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.stays import Stays, stays
from crmwidget.analysis.time_columns import durations, floats, total_durations
from crmwidget.data.encoded_log import EncodedLog

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["bottlenecks"]

DAY_US = 86_400_000_000
_PARTS = (("waiting", "waited", "waiting_time"), ("service", "served", "service_time"), ("stay", "left", "time"))


@question(title="Bottlenecks", group="flow", needs=("nodes", "log"))
def bottlenecks(m: MapModel, *, log: LogChoice = None) -> Result:
    """Where cases spend their time: waiting or worked on, at which stage, on which flow; and which stage is overloaded.

    Parameters
    ----------
    m
        The map. A node's `capacity` is how many cases can be worked on there at once.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.

    Returns
    -------
    Result
        `.table` has one row per stage (an activity of the log), in the order in which cases come by:

        - `activity`, and the `node` that it means, missing where none; `n_events`, in `n_cases` cases;
        - `n_waited` events of which the waiting before them is known, from the end of the event before to their own
          start (0 where they overlap): `median_waiting_time`, `p95_waiting_time`, `total_waiting_time`;
        - `n_served` events of which the service is known, from start to end: `median_service_time`,
          `p95_service_time`, `total_service_time`;
        - `n_left` stays that are over: `median_time`, `p95_time`, `total_time`, waiting and service together;
        - `all_time`: of all stages; `time_rate` = total_time / all_time;
        - `observed_time`: from the first moment of the log to its last; `mean_wip` and `peak_wip`: cases at the stage
          on average over this time, and at most; `cases_per_day` = n_events / observed_time in days;
        - `mean_in_work`: cases worked on at once, on average: cases_per_day × the mean service time;
        - `capacity`, as the map states it; `utilisation_rate` = mean_in_work / capacity, for all activities of one node
          together.

        `.flows` has one row per pair of activities of which one follows the other directly: `source`, `target`,
        `source_node`, `target_node`, `flow` (the key of the drawn flow), `n`, `n_cases`, `n_timed` times of which the
        waiting is known, `median_time`, `p95_time`, `total_time` (the waiting), `all_time`, `time_rate`.

        Counts are `Int64`, times `timedelta64`, the rest `float64`. What is undefined is missing, never 0: waiting
        without a start, utilisation without a capacity or with one of 0, averages over no time.

        `.chart()` has the time per stage, waiting and service apart, and the cases under way over time.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are.

    Notes
    -----
    *Definition.* With start times a stay at a stage begins with the end of the event before (the first with its own
    start) and ends with the event; its total is the waiting and the service. Without them an event is taken as the
    moment at which a stage is entered: a stay lasts until the next event, waiting and service are not told apart and
    are missing, and the cases that stand at a stage count as in work.

    *Open cases.* Cases are closed by the log's `ends`, or by activities that mean an end on the map. An open case is in
    progress until the log's last moment; its last stay is not over, so that it counts in `mean_wip` and `peak_wip`
    alone.

    *Ties.* A stay of no length takes no place. Of two changes at one moment the one who leaves goes first.

    *Missing values.* A waiting or service time of which one end is not known counts in none of `n_waited`, `n_served`,
    `n_timed`.

    *Small groups.* In what leaves the kernel, counts and times of fewer than 5 cases are held back, and what they could
    be worked out from.

    *Source.* The laws are Little's (*A Proof for the Queuing Formula L = λW*, 1961) and the utilisation law of Denning
    and Buzen (*The Operational Analysis of Queueing Network Models*, 1978); the view of a log is that of van der Aalst
    (*Process Mining*, 2016, ch. 9). Percentiles are with linear interpolation.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> m.update("demo", capacity=2)
    >>> worst = crm.bottlenecks(m).table.sort_values("time_rate").iloc[-1]
    >>> worst["activity"], round(float(worst["time_rate"]), 2), bool(worst["utilisation_rate"] < 0.1)
    ('Demo', 0.6, True)
    """
    bound = attached_log(m, log)
    ends, note = ends_of(m, bound)
    found = stays(bound.log, bound.log.ended_by(ends) if ends else "1 = 1")
    counts = flow_counts(bound.log, with_cases=True)
    node_of = bound.match().node_of
    stages = _stages(m, bound.log, found, counts, node_of)
    all_us = float(np.nansum(floats(found.stages["total_stay"])))
    return bottlenecks_result(bound, found, counts, stages, _flows(m, found, counts, node_of, all_us), note)


def _stages(m: MapModel, log: EncodedLog, found: Stays, counts: FlowCounts, node_of: Any) -> pd.DataFrame:
    got = found.stages
    observed_us = float(found.until - found.since) or float("nan")
    activities = [log.labels[code] for code in got["activity"].tolist()]
    nodes = [node_of.get(activity) for activity in activities]
    n_events = np.asarray(got["n"], dtype="float64")
    columns: dict[str, Any] = {
        "activity": pd.Series(activities, dtype="str"),
        "node": pd.Series(nodes, dtype="object"),
        "n_events": pd.array(got["n"], dtype="Int64"),
        "n_cases": pd.array(got["n_cases"], dtype="Int64"),
    }
    for part, counted, time in _PARTS:
        columns[f"n_{counted}"] = pd.array(got[f"n_{part}"], dtype="Int64")
        columns[f"median_{time}"] = durations(got[f"median_{part}"])
        columns[f"p95_{time}"] = durations(got[f"p95_{part}"])
        columns[f"total_{time}"] = total_durations(got[f"total_{part}"])
    total = floats(got["total_stay"])
    present = np.nan_to_num(floats(got["present_us"])) / observed_us
    with np.errstate(invalid="ignore", divide="ignore"):
        served = floats(got["total_service"]) / np.asarray(got["n_service"], dtype="float64")
    in_work = n_events * served / observed_us if log.has_start else present
    capacity = np.asarray([_capacity(m, node) for node in nodes], dtype="float64")
    columns |= {
        "all_time": total_durations(np.full(len(total), np.nansum(total))),
        "time_rate": total / (np.nansum(total) or np.nan),
        "observed_time": durations(np.full(len(total), float(found.until - found.since))),
        "mean_wip": present,
        "peak_wip": pd.array(got["peak"], dtype="Int64"),
        "cases_per_day": n_events / (observed_us / DAY_US),
        "mean_in_work": in_work,
        "capacity": capacity,
        "utilisation_rate": _per_node(nodes, in_work) / np.where(capacity > 0, capacity, np.nan),
    }
    order = {activity: place for place, activity in enumerate(counts.activities)}
    table = pd.DataFrame(columns)
    return table.sort_values("activity", key=lambda names: names.map(order), ignore_index=True)


def _per_node(nodes: list[Any], load: Any) -> Any:
    """The load of each node, which may be that of several activities."""
    sums: dict[Any, float] = {}
    for node, own in zip(nodes, load, strict=True):
        sums[node] = sums.get(node, 0.0) + own
    return np.asarray([sums[node] if node is not None else np.nan for node in nodes], dtype="float64")


def _capacity(m: MapModel, node: str | None) -> float:
    given = m.graph.nodes[node].get("capacity") if node is not None else None
    return float(given) if given is not None else float("nan")


def _flows(m: MapModel, found: Stays, counts: FlowCounts, node_of: Any, all_us: float) -> pd.DataFrame:
    """Of the same pairs, in the same order, as the counts."""
    table = placed(m, counts.flows[["source", "target", "n", "n_cases"]], node_of)
    total = floats(found.flows["total_us"])
    table["n_timed"] = pd.array(found.flows["n_timed"], dtype="Int64")
    table["median_time"] = durations(found.flows["median_us"])
    table["p95_time"] = durations(found.flows["p95_us"])
    table["total_time"] = total_durations(total)
    table["all_time"] = total_durations(np.full(len(total), all_us))
    table["time_rate"] = total / (all_us or np.nan)
    return table
