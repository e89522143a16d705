"""The event log: what happened to which case and when, encoded once, asked many times, never leaving the kernel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from crmwidget.data import event_shapes
from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.engine import MEMORY_LIMIT, Hooks
from crmwidget.data.engines import EngineChoice, reading
from crmwidget.data.event_encoding import Events
from crmwidget.data.event_issues import Issue
from crmwidget.data.event_options import Treatment, as_of, check_options, drops, names, roles, time_rules
from crmwidget.data.event_source import Source, open_source
from crmwidget.data.moments import DateRules, TimeRules, moment
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["EventLog"]

Shape: TypeAlias = "Callable[[DuckDBEngine, Source, TimeRules], event_shapes.Shaped]"


class EventLog(EncodedLog):
    """Events of cases: what was done, to which case, when. The rows stay in the kernel.

    The log is encoded once: into an embedded DuckDB that writes to disk what does not fit in memory, or, for a table of
    PostgreSQL and a Spark frame, right there, into temporary tables of which only counts and other sums are fetched.
    Later changes of `data` do not reach it.

    Parameters
    ----------
    data
        A pandas or Polars frame, an Arrow table, anything else that narwhals reads; a DuckDB relation, an Ibis table,
        a Spark frame; a SQLAlchemy engine or the URL of a PostgreSQL, with `table`; or the path of a CSV, Parquet or
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
        says True the work stops. Both are called in the calling thread; `watched` sets them for later questions.

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
        hooks, text = Hooks(progress, cancelled), [case, activity, *times]
        with reading(data, columns, engine=engine, table=table, text=text, memory_limit=memory_limit, hooks=hooks) as (
            where,
            source,
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
                rename=dict(rename or {}),
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

    @classmethod
    def from_stage_dates(
        cls,
        data: object,
        *,
        case: str,
        stages: Mapping[str, str] | Sequence[str],
        closed: str | None = None,
        outcome: str | None = None,
        attributes: Iterable[str] = (),
        ends: Iterable[str] | None = None,
        **options: Any,
    ) -> EventLog:
        """A log from one row per case with a date column per stage; a missing date is a stage that was not reached.

        Parameters
        ----------
        stages
            Date column → the stage entered then; a list of columns names the stages by the columns. Stages with the
            same date follow each other in this order.
        closed, outcome
            The date at which a case was closed, and the column that says how: its value is the activity. The values
            of closed cases are the `ends`, unless `ends` are given.
        **options
            `table`, `time_zone`, `dates`, `rename`, `future`, `now`, `memory_limit`, `progress`, `cancelled` as for
            `EventLog`.

        Examples
        --------
        >>> import pandas as pd
        >>> deals = pd.DataFrame({
        ...     "id": ["a", "b", "c"],
        ...     "lead": ["2026-01-01", "2026-01-02", None],
        ...     "offer": ["2026-01-05", None, None],
        ...     "closed": ["2026-01-09", None, None],
        ...     "state": ["Won", "open", "open"],
        ... })
        >>> log = EventLog.from_stage_dates(
        ...     deals, case="id", stages={"lead": "Lead", "offer": "Offer"}, closed="closed", outcome="state"
        ... )
        >>> log, log.ends
        (<EventLog: 4 events × 3 columns (case, activity, timestamp), 2 cases, 3 activities, 3 issues>, ('Won',))
        >>> log.issues["sentence"].to_list()[0]
        '1 case without any event that has a time.'
        """
        named = dict(stages) if isinstance(stages, Mapping) else {name: name for name in names(stages, "stages")}
        kept = names(attributes, "attributes")
        dated = dict.fromkeys((*named, *([closed] if closed else [])), "date column")
        columns = dict.fromkeys(kept, "attribute") | {case: "case column", **dated}
        if outcome is not None:
            columns.setdefault(outcome, "outcome column")

        def shape(engine: DuckDBEngine, source: Source, rules: TimeRules) -> event_shapes.Shaped:
            return event_shapes.stage_dates(
                engine,
                source,
                case=case,
                stages=named,
                closed=closed,
                outcome=outcome,
                attributes=kept,
                rules=rules,
            )

        log = cls._shaped(data, columns, list(dated), shape, kept, options)
        if ends is not None:
            log.ends = log._known_ends(ends)
        elif closed is not None:
            last = log.rows("select distinct last_activity from {cases}")
            log.ends = tuple(log.labels[code] for (code,) in sorted(last) if log.labels[code] not in named.values())
        return log

    @classmethod
    def from_field_history(
        cls,
        data: object,
        *,
        case: str,
        timestamp: str,
        old: str,
        new: str,
        field: str | None = None,
        value: str | None = None,
        created: str | None = None,
        attributes: Iterable[str] = (),
        ends: Iterable[str] = (),
        **options: Any,
    ) -> EventLog:
        """A log from a history of changes, one row per change with the old and the new value.

        Parameters
        ----------
        old, new
            The columns of the value before and after. A change whose old value is not the new value of the change
            before shows that one is missing between: no flow joins the two.
        field, value
            Where the table has changes of many fields: the column that names the field, and the field that is meant.
        created
            The column that says when the case came to be: since then it was in its first old value. Without it that
            stage has no time and is left out, counted.
        **options
            As for `from_stage_dates`.

        Examples
        --------
        >>> import pandas as pd
        >>> changes = pd.DataFrame({
        ...     "deal": ["a", "a"], "at": ["2026-01-05", "2026-01-09"],
        ...     "before": ["Lead", "Offer"], "after": ["Offer", "Won"], "made": ["2026-01-01"] * 2,
        ... })
        >>> log = EventLog.from_field_history(
        ...     changes, case="deal", timestamp="at", old="before", new="after", created="made"
        ... )
        >>> log.activities
        ['Lead', 'Offer', 'Won']
        """
        kept = names(attributes, "attributes")
        times = {name: "column of times" for name in (timestamp, created) if name is not None}
        columns = dict.fromkeys(kept, "attribute")
        columns |= {case: "case column", old: "column of old values", new: "column of new values", **times}
        if field is not None:
            columns.setdefault(field, "field column")

        def shape(engine: DuckDBEngine, source: Source, rules: TimeRules) -> event_shapes.Shaped:
            return event_shapes.field_history(
                engine,
                source,
                case=case,
                timestamp=timestamp,
                old=old,
                new=new,
                field=field,
                value=value,
                created=created,
                attributes=kept,
                rules=rules,
            )

        log = cls._shaped(data, columns, list(times), shape, kept, options)
        log.ends = log._known_ends(ends)
        return log

    @classmethod
    def from_snapshots(
        cls,
        data: object,
        *,
        case: str,
        stage: str,
        timestamp: str,
        attributes: Iterable[str] = (),
        ends: Iterable[str] = (),
        **options: Any,
    ) -> EventLog:
        """A log from repeated snapshots of a pipeline: one row per case and snapshot, with the stage at that time.

        An event is a snapshot in which a case is in another stage than in its one before. What happened between two
        snapshots is not known: times are as exact as the snapshots, and a stage passed between two does not show.

        Parameters
        ----------
        timestamp
            The column that says of when the snapshot is.
        **options
            As for `from_stage_dates`.

        Examples
        --------
        >>> import pandas as pd
        >>> weekly = pd.DataFrame({
        ...     "week": ["2026-01-05", "2026-01-12", "2026-01-19"], "deal": ["a"] * 3, "stage": ["Lead", "Lead", "Won"],
        ... })
        >>> EventLog.from_snapshots(weekly, case="deal", stage="stage", timestamp="week").n_events
        2
        """
        kept = names(attributes, "attributes")
        columns = dict.fromkeys(kept, "attribute")
        columns |= {case: "case column", stage: "stage column", timestamp: "column of times"}

        def shape(engine: DuckDBEngine, source: Source, rules: TimeRules) -> event_shapes.Shaped:
            return event_shapes.snapshots(
                engine, source, case=case, stage=stage, timestamp=timestamp, attributes=kept, rules=rules
            )

        log = cls._shaped(data, columns, [timestamp], shape, kept, options)
        log.ends = log._known_ends(ends)
        return log

    @classmethod
    def _shaped(
        cls,
        data: object,
        columns: dict[str, str],
        times: Sequence[str],
        shape: Shape,
        kept: Sequence[str],
        options: Mapping[str, Any],
    ) -> EventLog:
        """Read, bring into the form of events, encode."""
        check_options(options)
        zone = options.get("time_zone", "UTC")
        rules = time_rules(zone, options.get("dates"), list(times))
        drops_future = drops("future", options.get("future", "keep"))
        now_us, now_text = as_of(options.get("now"))
        engine = DuckDBEngine(
            memory_limit=options.get("memory_limit", MEMORY_LIMIT),
            hooks=Hooks(options.get("progress"), options.get("cancelled")),
        )
        source = open_source(engine, data, columns, table=options.get("table"), text=list(columns.keys() - set(kept)))
        shaped = shape(engine, source, rules)
        source.close()
        events = Events(
            case="case_key",
            activity="activity",
            at=shaped.at,
            attributes=[f"a_{i}" for i in range(len(kept))],
            rename=dict(options.get("rename") or {}),
            drops_future=drops_future,
            now_us=now_us,
            now_text=now_text,
            zone=zone,
            gap=shaped.gap,
            expects_undated=shaped.has_undated,
        )
        log = cls.__new__(cls)
        log._encode(engine, shaped.source, events, shaped.issues, kept)
        shaped.source.close()
        engine.hooks = Hooks()
        return log

    def _known_ends(self, ends: Iterable[str]) -> tuple[str, ...]:
        wanted = names(ends, "ends")
        for label in wanted:
            if label not in self.counts and self.n_events:
                raise DataError(f"ends= has {shorten(label)}; {nearest(label, self.counts, noun='activities')}.")
        return tuple(wanted)
