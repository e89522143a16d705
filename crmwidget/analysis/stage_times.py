"""What an event log says of rates, times and inflow: aggregates alone, counted once for each log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from crmwidget.analysis.flow_counts import flow_counts
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.errors import AnalysisError, shorten

__all__ = ["LogTimes", "Spans", "as_of_us", "log_times", "microseconds"]

DAY_US = 86_400e6
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAYS = f"(cast({{0}} as double) / {DAY_US:.1f})"
_BETWEEN = _DAYS.format("next_at_us - at_us")
_WORK = _DAYS.format("at_us - started_us")
_SO_FAR = _DAYS.format("AS_OF - last_at_us")
MOVES_SQL = (
    f"select activity, next_activity, count(*) as n, sum({_BETWEEN}) as days, sum({_BETWEEN} * {_BETWEEN}) as squares "
    "from {steps} where next_activity is not null group by activity, next_activity order by activity, next_activity"
)
# where cases are last seen: those that CLOSED says are closed, and for how long the others have been there AS_OF then
LASTS_SQL = (
    "select last_activity, count(*) as n, sum(case when CLOSED then 1 else 0 end) as n_closed, "
    f"sum(case when CLOSED then 0 else {_SO_FAR} end) as days from {{cases}} "
    "group by last_activity order by last_activity"
)
FIRSTS_SQL = (
    "select first_activity, count(*) as n from {cases} group by first_activity order by first_activity"  # new cases
)
_GAP = _DAYS.format("first_at_us - lag(first_at_us) over (order by first_at_us)")
GAPS_SQL = (
    "select count(gap) as n, avg(gap) as mean_gap, var_samp(gap) as var_gap "
    f"from (select {_GAP} as gap from {{cases}}) gaps"
)
WORK_SQL = (
    f"select activity, count(*) as n, sum({_WORK}) as days, sum({_WORK} * {_WORK}) as squares from {{steps}} "
    "where started_us is not null and started_us <= at_us group by activity order by activity"
)
FIRST_WORK_SQL = (
    f"select activity, count(*) as n, sum({_WORK}) as days from {{steps}} "
    "where place = 0 and started_us is not null and started_us <= at_us group by activity order by activity"
)


@dataclass(frozen=True, slots=True)
class Spans:
    """How many times, their sum in days, and the sum of their squares."""

    n: int = 0
    days: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Spans) -> Spans:
        return Spans(self.n + other.n, self.days + other.days, self.squares + other.squares)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation; 1 where fewer than two times say nothing of it."""
        if self.n < 2 or self.days <= 0:
            return 1.0
        mean = self.days / self.n
        return max(0.0, (self.squares - self.n * mean * mean) / (self.n - 1)) / (mean * mean)


@dataclass(frozen=True, slots=True)
class LogTimes:
    """What a log says, by activity.

    Attributes
    ----------
    moves
        (activity, next activity) → the times between them.
    closed, open
        Activity → how many cases are closed there; the open ones that stand there, with the times so far.
    firsts
        Activity → how many cases begin with it.
    work, first_work
        Activity → working times, where the log has start times; those of events that begin a case.
    inflow
        New cases a day.
    inflow_scv
        Squared coefficient of variation of the time between two new cases.
    small
        Activities whose numbers must not be shown; `partly`: those where that is so of a flow that leaves them.
    """

    moves: dict[tuple[str, str], Spans]
    closed: dict[str, int]
    open: dict[str, Spans]
    firsts: dict[str, int]
    work: dict[str, Spans]
    first_work: dict[str, Spans]
    inflow: float
    inflow_scv: float
    small: frozenset[str]
    partly: frozenset[str]


# A log never changes, so what was counted once holds: under a live answer only the map's side is worked out again.
_COUNTED: WeakKeyDictionary[EncodedLog, dict[tuple[tuple[str, ...], dt.datetime | None], LogTimes]] = (
    WeakKeyDictionary()
)


def as_of_us(log: EncodedLog, at: dt.datetime | None) -> int:
    """The moment as of which the log is, in microseconds: `at`, or its last event."""
    moment = None if at is None else microseconds(at)
    (last,) = log.rows("select max(last_at_us) from {cases}")[0]
    if last is None and log.is_filtered:
        raise AnalysisError(
            "No case is left of the log: take a wider part of it, or, where it is the filter of the map, m.filter()."
        )
    if last is None:
        raise AnalysisError("The log has no cases: look at log.issues.")
    if moment is None:
        return int(last)
    if moment < int(last):
        raise AnalysisError(
            f"at= is a moment at which all of the log has happened; given {at}, with events after it. Leave them out "
            "with EventLog(…, now=at, future='leave_out'), or take the cases that begin before: log.where(before=at)."
        )
    return moment


def microseconds(at: dt.datetime) -> int:
    """The moment as of which a log is, as microseconds; without a zone it is UTC."""
    if not isinstance(at, dt.datetime):
        raise AnalysisError(f"at= is a datetime, the moment as of which the log is; given {shorten(at)}.")
    moment = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def log_times(log: EncodedLog, ends: tuple[str, ...], at: dt.datetime | None) -> LogTimes:
    """Count a log's rates and times; cases whose last event is one of `ends` are closed, without ends all are."""
    counted = _COUNTED.setdefault(log, {})
    if (ends, at) not in counted:
        counted[ends, at] = _counted(log, ends, as_of_us(log, at))
    return counted[ends, at]


def _counted(log: EncodedLog, ends: tuple[str, ...], as_of: int) -> LogTimes:
    label = log.labels
    moves = {(label[a], label[b]): _spans(row) for a, b, *row in log.rows(MOVES_SQL, what="Measuring the flows")}
    closed_sql = log.ended_by(ends) if ends else "1 = 1"
    lasts = log.rows(LASTS_SQL.replace("CLOSED", closed_sql).replace("AS_OF", str(as_of)))
    n_gaps, mean_gap, var_gap = log.rows(GAPS_SQL)[0]
    if not n_gaps or not mean_gap:
        raise AnalysisError("The log does not tell an inflow: its cases all begin at one moment.")
    counts = flow_counts(log, with_cases=False)
    return LogTimes(
        moves=moves,
        closed={label[a]: int(n_closed) for a, _, n_closed, _ in lasts if n_closed},
        open={label[a]: Spans(int(n - n_closed), float(days)) for a, n, n_closed, days in lasts if n > n_closed},
        firsts={label[a]: int(n) for a, n in log.rows(FIRSTS_SQL)},
        work={label[a]: _spans(row) for a, *row in log.rows(WORK_SQL)} if log.has_start else {},
        first_work={label[a]: _spans((*row, 0.0)) for a, *row in log.rows(FIRST_WORK_SQL)} if log.has_start else {},
        inflow=1.0 / float(mean_gap),
        inflow_scv=float(var_gap) / float(mean_gap) ** 2 if n_gaps > 1 else 1.0,
        small=frozenset(query[1] for query in counts.hidden if query[0] == "node"),
        partly=frozenset(query[1] for query in counts.hidden if query[0] in {"flow", "end"}),
    )


def _spans(row: Any) -> Spans:
    n, days, squares = row
    return Spans(int(n), float(days or 0.0), float(squares or 0.0))
