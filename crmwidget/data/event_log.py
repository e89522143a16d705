"""The event log: what happened to which case and when, encoded once, asked many times, never leaving the kernel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from crmwidget.data.engine import MEMORY_LIMIT, Hooks
from crmwidget.data.engines import EngineChoice, reading
from crmwidget.data.event_encoding import Events
from crmwidget.data.event_issues import Issue
from crmwidget.data.event_options import Treatment, as_of, drops, names, renames, roles, time_rules
from crmwidget.data.moments import DateRules, moment
from crmwidget.data.reading_bar import watched_reading
from crmwidget.data.shaped_log import ShapedLog

__all__ = ["EventLog"]


class EventLog(ShapedLog):
    """Events of cases: what was done, to which case, when. The rows stay in the kernel.

    The log is encoded once: into an embedded DuckDB that writes to disk what does not fit in memory, or, for a table of
    PostgreSQL and a Spark frame, right there, into temporary tables of which only counts and other sums are fetched.
    Later changes of `data` do not reach it.

    Parameters
    ----------
    data
        A pandas or Polars frame, an Arrow table, anything else that narwhals reads; a DuckDB relation, an Ibis table,
        a Spark frame; a SQLAlchemy engine or the URL of a database, with `table`; or the path of a CSV, Parquet or
        XES file (also gzipped).
    case, activity, timestamp
        The columns that say which case an event belongs to, what happened, and when; when it ended, where `start` is
        given. For an XES file they are known (`case:concept:name`, `concept:name`, `time:timestamp`).
    start
        The column that says when the work on the activity began: gives service times.
    attributes
        Further columns to keep, for `where` and for questions by segment.
    ends
        Activities that close a case. A case whose last event is none of them is open: its throughput time is not
        known yet. Without `ends` every case is taken as closed.
    order
        A column that orders events of the same case and time, and activities by first appearance. Without one they
        keep the order of the rows, which a frame and a file have. A table on a server has none: there, activities first
        appear by time (then by name), and events of the same case and time stand in the order of their activities. With
        `order`, every engine gives the same answers.
    table
        The table's name, for a SQLAlchemy engine or a URL; with its schema, where that is not the usual one.
    engine
        Where the log is kept and asked. Without it, where the rows lie: PostgreSQL for one behind SQLAlchemy, Spark for
        its frames, and the embedded DuckDB for all else. `"duckdb"` fetches the needed columns and asks here.
    time_zone
        Of times that name none. A local time that a clock change makes happen twice is the first of both; one that
        never happens is read as if the clock had not changed; both are counted.
    dates
        How dates are written that are not like `2026-01-31`: a format of `datetime.strptime`, one per separator
        (`{"/": "%m/%d/%Y", "-": "%d-%m-%y"}`), or either per column. What is day and what month is never guessed.
    rename
        Activity → the name to give it; several of one name become one activity.
    duplicates, future
        Whether to `"keep"` or `"leave_out"` events that repeat another of the same case, activity and time, and those
        after `now`. Both are counted in `issues` in any case.
    now
        The moment as of which the data is; this very moment if not given.
    memory_limit
        What the engine may hold in memory.
    progress, cancelled
        `progress(share, what)` is called while the log is read, with 0 to 1 and what is being done; when `cancelled()`
        says True the work stops. Both are called in the calling thread; `watched` sets them for later questions. In a
        notebook a log that takes long to read shows a bar, unless `progress` is given.

    Raises
    ------
    DataError
        A column is missing (with the nearest), mixes types, or holds dates whose order cannot be told; `data` is
        nothing that can be read.
    CancelledError
        It was stopped.

    Notes
    -----
    Events without a case, an activity or a time are left out and counted; no flow is made up in their place. Events of
    one case are ordered by time, then `order`, then row. All that was found is in `issues`.

    Examples
    --------
    >>> import pandas as pd
    >>> moves = pd.DataFrame({
    ...     "deal": ["a", "a", "b", "b", "b"],
    ...     "stage": ["Lead", "Won", "Lead", "Offer", "Lost"],
    ...     "moved_at": pd.to_datetime(["2026-01-01", "2026-01-09", "2026-01-02", "2026-01-03", "2026-01-20"]),
    ... })
    >>> log = EventLog(moves, case="deal", activity="stage", timestamp="moved_at")
    >>> log
    <EventLog: 5 events × 3 columns (case, activity, timestamp), 2 cases, 4 activities>
    >>> log.activities
    ['Lead', 'Won', 'Offer', 'Lost']
    """

    def __init__(
        self,
        data: object,
        *,
        case: str | None = None,
        activity: str | None = None,
        timestamp: str | None = None,
        start: str | None = None,
        attributes: Iterable[str] = (),
        ends: Iterable[str] = (),
        order: str | None = None,
        table: str | None = None,
        engine: EngineChoice | None = None,
        time_zone: str = "UTC",
        dates: DateRules | None = None,
        rename: Mapping[str, str] | None = None,
        duplicates: Treatment = "keep",
        future: Treatment = "keep",
        now: dt.datetime | None = None,
        memory_limit: str = MEMORY_LIMIT,
        progress: Callable[[float, str], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        case, activity, timestamp, start = roles(data, case, activity, timestamp, start)
        kept = names(attributes, "attributes")
        times = {timestamp: "timestamp column", **({start: "start column"} if start else {})}
        rules = time_rules(time_zone, dates, list(times))
        drops_duplicates, drops_future = drops("duplicates", duplicates), drops("future", future)
        now_us, now_text = as_of(now)
        columns = dict.fromkeys(kept, "attribute")
        columns |= {case: "case column", activity: "activity column", **times}
        if order is not None:
            columns.setdefault(order, "order column")
        text = [case, activity, *times]
        with (
            watched_reading(progress) as told,
            reading(
                data,
                columns,
                engine=engine,
                table=table,
                text=text,
                memory_limit=memory_limit,
                hooks=Hooks(told, cancelled),
            ) as (where, source),
        ):
            if start is not None and start not in source.types:
                start = None  # an XES file of completions alone
            events = Events(
                case=case,
                activity=activity,
                at=moment(where, source, timestamp, "timestamp column", rules),
                started=moment(where, source, start, "start column", rules) if start else None,
                attributes=kept,
                order=order,
                rename=renames(rename),
                drops_duplicates=drops_duplicates,
                drops_future=drops_future,
                now_us=now_us,
                now_text=now_text,
                zone=time_zone,
            )
            noted = [Issue.of(kind, n, n_cases, told) for kind, n, n_cases, told in source.notes]
            self._encode(where, source, events, noted, kept)
        self.ends = self._known_ends(ends)
        where.hooks = Hooks()
