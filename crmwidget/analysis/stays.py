"""How long cases are at each stage, waiting and worked on, and how many are under way at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.event_sql import median_and_p95_sql

__all__ = ["FLOW_TIMES_SQL", "PEAKS_SQL", "SPAN_SQL", "STAGE_TIMES_SQL", "UNDER_WAY_SQL", "Stays", "stays", "stays_sql"]

Arrays: TypeAlias = "dict[str, Any]"

INSTANTS = 60  # of the time observed, at which the cases under way are counted
_PREVIOUS_AT = (
    "lag(case when next_activity is not null then at_us end) over (partition by case_id order by place) as previous_us"
)
# At a stage from the end of the event before to its own end; the first time is from its own start.
_STARTED = (
    "select case_id, activity, case when started_us < previous_us or previous_us is null then started_us "
    "else previous_us end as from_us, at_us as to_us, at_us as left_us, case when started_us > previous_us "
    "then started_us - previous_us when started_us is not null and previous_us is not null then 0 end as waiting_us, "
    "at_us - started_us as service_us "
    f"from (select case_id, activity, started_us, at_us, {_PREVIOUS_AT} from {{steps}}) timed"
)
# At a stage from its own event to the next; the last one of an open case lasts until UNTIL, and is not yet over.
_UNSTARTED = (
    "select s.case_id, s.activity, s.at_us as from_us, case when s.next_at_us is not null then s.next_at_us "
    "when o.last_place = s.place then UNTIL end as to_us, s.next_at_us as left_us, cast(null as bigint) as waiting_us, "
    "cast(null as bigint) as service_us from (select * from {steps}) s left join "
    "(select case_id, n_events - 1 as last_place from {cases} where not (CLOSED)) o on o.case_id = s.case_id"
)
STAGE_TIMES_SQL = (
    "select activity, count(*) as n, count(distinct case_id) as n_cases, "
    + ", ".join(
        f"count({what}) as n_{name}, {median_and_p95_sql(what, median=f'median_{name}', p95=f'p95_{name}')}, "
        f"sum(cast({what} as double)) as total_{name}"
        for name, what in (("waiting", "waiting_us"), ("service", "service_us"), ("stay", "left_us - from_us"))
    )
    + ", sum(cast(to_us - from_us as double)) as present_us from (STAYS) stays group by activity order by activity"
)
FLOW_TIMES_SQL = (
    "select activity, next_activity, count(waited_us) as n_timed, "
    f"{median_and_p95_sql('waited_us')}, "
    "sum(cast(waited_us as double)) as total_us "
    "from (select activity, next_activity, WAITED as waited_us from {steps} where next_activity is not null) waits "
    "group by activity, next_activity order by activity, next_activity"
)
_WAITED = "case when next_started_us > at_us then next_started_us - at_us when next_started_us is not null then 0 end"
SPAN_SQL = "select min(BEGUN), max(at_us) from {steps}"
_BEGUN = "case when started_us is not null then started_us else at_us end"
_CHANGES = (
    "select activity, case when side = 1 then from_us else to_us end as moment_us, side from (STAYS) stays "
    "cross join (select 1 as side union all select -1 as side) sides where from_us < to_us"
)
# Who leaves at the moment at which another comes is not there with him: at one moment the leaving go first.
PEAKS_SQL = (
    "select activity, cast(max(n) as bigint) as peak from (select activity, sum(side) over "
    "(partition by activity order by moment_us, side rows between unbounded preceding and current row) as n "
    f"from ({_CHANGES}) changes) running group by activity order by activity"
)
# how many more cases are under way at an instant than at the one before
UNDER_WAY_SQL = (
    "select instant, cast(sum(side) as bigint) as change from "
    "(select cast(ceil(cast(moment_us - SINCE as double) / STEP) as bigint) as instant, side "
    f"from ({_CHANGES}) changes) placed group by instant order by instant"
)
_WHOLE = (
    "select 0 as activity, begun.from_us, case when CLOSED then cases.last_at_us else UNTIL end as to_us from {cases} "
    "join (select case_id, min(BEGUN) as from_us from {steps} group by case_id) begun "
    "on begun.case_id = cases.case_id"
)


@dataclass(frozen=True, slots=True)
class Stays:
    """Times of a log in microseconds, as the engine's arrays.

    Attributes
    ----------
    stages
        Per activity: `n`, `n_cases`; for `waiting`, `service` and `stay` (its whole stay, where it is over): `n_…`,
        `median_…`, `p95_…`, `total_…`; `present_us`: all stays, those that last among them; `peak`.
    flows
        Per pair of activities: `n_timed`, `median_us`, `p95_us`, `total_us`.
    since, until
        The first and the last moment of the log; both 0 where it is empty.
    n_open
        Cases that have not come to an end.
    mean_under_way, peak_under_way
        Of whole cases.
    instants, under_way
        How many cases are under way at moments spread evenly over the time.
    """

    stages: Arrays
    flows: Arrays
    since: int
    until: int
    n_open: int
    mean_under_way: float
    peak_under_way: int
    instants: Any
    under_way: Any


def stays_sql(log: EncodedLog, closed: str, until: int) -> str:
    """One row per event: `case_id`, `activity`, `from_us` and `to_us` of its stay, `left_us` if it is over, and what of
    it was `waiting_us` and `service_us`, where that is known."""
    template = _STARTED if log.has_start else _UNSTARTED
    return template.replace("UNTIL", str(until)).replace("CLOSED", closed)


def stays(log: EncodedLog, closed: str) -> Stays:
    """The stays in a log; `closed` is the condition on its cases that says which have come to an end."""
    begun = _BEGUN if log.has_start else "at_us"
    since, until = (int(moment or 0) for moment in log.rows(SPAN_SQL.replace("BEGUN", begun))[0])
    each = stays_sql(log, closed, until)
    stages = log.arrays(STAGE_TIMES_SQL.replace("STAYS", each), what="Timing the stages")
    peaks = dict(log.rows(PEAKS_SQL.replace("STAYS", each), what="Counting the work in progress"))
    stages["peak"] = np.asarray([int(peaks.get(code, 0)) for code in stages["activity"].tolist()], dtype="int64")
    waited = _WAITED if log.has_start else "next_at_us - at_us"
    flows = log.arrays(FLOW_TIMES_SQL.replace("WAITED", waited), what="Timing the flows")
    whole = _WHOLE.replace("BEGUN", begun).replace("UNTIL", str(until)).replace("CLOSED", closed)
    present, n_open = log.rows(
        f"select sum(cast(to_us - from_us as double)), (select count(*) from {{cases}} where not ({closed})) "
        f"from ({whole}) whole"
    )[0]
    peak = log.rows(PEAKS_SQL.replace("STAYS", whole))
    instants, under_way = _under_way(log, whole, since, until)
    return Stays(
        stages,
        flows,
        since,
        until,
        int(n_open),
        float(present) / (until - since) if until > since else float("nan"),
        int(peak[0][1]) if peak else 0,
        instants,
        under_way,
    )


def _under_way(log: EncodedLog, whole: str, since: int, until: int) -> tuple[Any, Any]:
    step = max(1, -(-(until - since) // INSTANTS))
    instants = np.arange(since, until, step, dtype="int64")
    sql = UNDER_WAY_SQL.replace("STAYS", whole).replace("SINCE", str(since)).replace("STEP", str(step))
    changes = np.zeros(len(instants) + 1, dtype="int64")
    for instant, change in log.rows(sql, what="Counting the cases under way"):
        changes[min(int(instant), len(instants))] += int(change)
    return instants, changes[:-1].cumsum()
