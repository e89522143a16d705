"""Event logs out of tables of other shapes: a date per stage, a history of changes, repeated snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, Self, TypeAlias

from crmwidget.data import event_shapes
from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.engine import MEMORY_LIMIT, Hooks
from crmwidget.data.event_encoding import Events
from crmwidget.data.event_options import as_of, check_options, drops, names, renames, time_rules
from crmwidget.data.event_source import Source, open_source
from crmwidget.data.moments import TimeRules
from crmwidget.data.reading_bar import watched_reading
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["ShapedLog"]

Shape: TypeAlias = "Callable[[DuckDBEngine, Source, TimeRules], event_shapes.Shaped]"


class ShapedLog(EncodedLog):
    """The half of `EventLog` that makes one from tables whose rows are no events."""

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
    ) -> Self:
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
        >>> from crmwidget.data.event_log import EventLog
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
        if isinstance(stages, Set):
            raise DataError("stages= is a mapping or a list, as stages of one date follow each other in its order.")
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
    ) -> Self:
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
        >>> from crmwidget.data.event_log import EventLog
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
    ) -> Self:
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
        >>> from crmwidget.data.event_log import EventLog
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
    ) -> Self:
        """Read, bring into the form of events, encode."""
        check_options(options)
        zone = options.get("time_zone", "UTC")
        rules = time_rules(zone, options.get("dates"), list(times))
        drops_future = drops("future", options.get("future", "keep"))
        now_us, now_text = as_of(options.get("now"))
        with watched_reading(options.get("progress")) as told:
            engine = DuckDBEngine(
                memory_limit=options.get("memory_limit", MEMORY_LIMIT),
                hooks=Hooks(told, options.get("cancelled")),
            )
            source = open_source(
                engine, data, columns, table=options.get("table"), text=list(columns.keys() - set(kept))
            )
            shaped = shape(engine, source, rules)
            source.close()
            events = Events(
                case="case_key",
                activity="activity",
                at=shaped.at,
                attributes=[f"a_{i}" for i in range(len(kept))],
                rename=renames(options.get("rename")),
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
