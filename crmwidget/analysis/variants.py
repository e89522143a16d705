"""The distinct paths that cases take: how many take each, what share that is, how long they need."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.time_columns import durations
from crmwidget.analysis.variants_view import variants_result
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.event_sql import median_and_p95_sql

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["COVERING_SQL", "PATHS_SQL", "VARIANTS_SQL", "covering", "variant_table", "variants"]

READS = ("kind", "label", "known_as", "outcome", "source", "target")

Ints: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Log = TypeVar("Log", bound=EncodedLog)

_SPAN = "last_at_us - first_at_us"
_PATH = "path_1, path_2, n_events"
# Open cases take their path so far; how long they will need is not known, so they have no part in the times. CLOSED
# stands for the condition that says which are closed.
VARIANTS_SQL = (
    f"select {_PATH}, count(*) as n_cases, sum(case when CLOSED then 1 else 0 end) as n_closed, "
    f"min(case_id) as one_case, {median_and_p95_sql(f'case when CLOSED then {_SPAN} end')} "
    f"from {{cases}} group by {_PATH} order by n_cases desc, n_events, path_1, path_2"
)
# the steps of one case per variant, in no order: variants are numbered by that case
PATHS_SQL = (
    "select v.number, s.place, s.activity from steps s join "
    "(select one_case, row_number() over (order by one_case) - 1 as number from "
    f"(select min(case_id) as one_case from {{cases}} group by {_PATH}) chosen) v on v.one_case = s.case_id"
)
# the cases of the most frequent variants that together hold a SHARE of all; of equally frequent ones every engine takes
# the same, as the numbers of a path are the same everywhere, and those of a case are not
COVERING_SQL = (
    f"select cases.case_id from {{cases}} join (select {_PATH}, sum(n) over () as n_all, "
    f"sum(n) over (order by n desc, {_PATH} rows between unbounded preceding and current row) - n as n_before "
    f"from (select {_PATH}, count(*) as n from {{cases}} group by {_PATH}) counted) v "
    "on v.path_1 = cases.path_1 and v.path_2 = cases.path_2 and v.n_events = cases.n_events "
    "where v.n_before < SHARE * v.n_all"
)


@question(title="Variants", group="flow", needs=("nodes", "log"), reads=READS)
def variants(m: MapModel, *, log: LogChoice = None) -> Result:
    """Which paths cases take through their activities, how often, and how long they need for it.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.

    Returns
    -------
    Result
        `.table` has one row per variant, a distinct sequence of activities, most frequent first:

        - `variant`: its rank, from 1; `path`: its activities, a tuple; `n_events`: how many;
        - `n_cases` that took it, of `n_all` cases of the log; `case_rate` = n_cases / n_all;
        - `n_open`: of these, not closed yet, with the path so far;
        - `covered_rate`: share of all cases in this and more frequent variants;
        - `median_throughput_time`, `p95_throughput_time`: from the first event to the last, of closed cases alone;
          missing where there are none.

        Counts are `Int64`, rates fractions, times `timedelta64`. `.chart()` is Pareto's: the ways, and how many cases
        they cover.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are.

    Notes
    -----
    *Definition.* Two cases are of one variant if they have the same activities in the same order.

    *Ties.* Events of one case and time keep their order in the log; of variants of equal frequency the one with fewer
    events comes first.

    *Open cases.* Cases are closed by the log's `ends`, or by activities that mean an end on the map; where neither says
    anything, every case is taken as closed. An open case counts in the variant that it has so far.

    *Missing values.* The times of a variant without a closed case are missing, never 0.

    *Small groups.* What leaves the kernel has the variants of at least 5 cases, and the rest as one row without a path.

    *Source.* The log as a multiset of traces (W. van der Aalst, *Process Mining*, 2016, ch. 5), ranked by frequency.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> crm.variants(m).table[["n_events", "n_cases", "n_all", "case_rate"]].head(2)
       n_events  n_cases  n_all  case_rate
    0         6      115    200      0.575
    1         6       40    200      0.200
    """
    bound = attached_log(m, log)
    ends, note = ends_of(m, bound)
    table = variant_table(bound.log, ends)
    return variants_result(m, bound, table, note)


def variant_table(log: EncodedLog, ends: tuple[str, ...]) -> pd.DataFrame:
    """One row per variant; see `variants`."""
    closed = log.ended_by(ends) if ends else "1 = 1"
    found = log.arrays(VARIANTS_SQL.replace("CLOSED", closed), what="Counting the variants")
    n_cases = np.asarray(found["n_cases"], dtype="int64")
    n_all = int(n_cases.sum())
    n_events = np.asarray(found["n_events"], dtype="int64")
    paths = _paths(log, np.asarray(found["one_case"], dtype="int64"), n_events)
    return pd.DataFrame(
        {
            "variant": pd.array(np.arange(1, len(n_cases) + 1), dtype="Int64"),
            "path": pd.Series(paths, dtype="object"),
            "n_events": pd.array(n_events, dtype="Int64"),
            "n_cases": pd.array(n_cases, dtype="Int64"),
            "n_all": pd.array(np.full(len(n_cases), n_all), dtype="Int64"),
            "case_rate": n_cases / n_all if n_all else n_cases.astype("float64"),
            "n_open": pd.array(n_cases - np.asarray(found["n_closed"], dtype="int64"), dtype="Int64"),
            "covered_rate": n_cases.cumsum() / n_all if n_all else n_cases.astype("float64"),
            "median_throughput_time": durations(found["median_us"]),
            "p95_throughput_time": durations(found["p95_us"]),
        }
    )


def covering(log: Log, share: float) -> Log:
    """The part of a log whose variants, most frequent first, hold at least this share of its cases."""
    chosen = log.sql(COVERING_SQL.replace("SHARE", repr(float(share))))
    return log.where_cases(f"case_id in ({chosen})")


def _paths(log: EncodedLog, one_case: Ints, n_events: Ints) -> list[tuple[str, ...]]:
    """The activities of each variant, of which one case and the number of events are given."""
    found = log.arrays(PATHS_SQL, what="Naming the variants")
    order = np.argsort(one_case)
    begins = np.empty(len(order) + 1, dtype="int64")
    begins[0], begins[1:] = 0, np.cumsum(n_events[order])
    codes = np.empty(int(begins[-1]), dtype="int64")
    # each step has its place: putting it there costs less than sorting them all
    codes[begins[np.asarray(found["number"])] + np.asarray(found["place"])] = np.asarray(found["activity"])
    names = np.asarray([log.labels[code] for code in range(len(log.labels))], dtype=object)
    steps = iter(names[codes].tolist() if len(codes) else [])
    paths: list[tuple[str, ...]] = [()] * len(order)
    for variant, n in zip(order.tolist(), n_events[order].tolist(), strict=True):
        paths[variant] = tuple(islice(steps, n))
    return paths
