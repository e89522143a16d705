"""A log that is encoded: what it holds, which part of it, what was found in it, and how it is asked."""

from __future__ import annotations

import datetime as dt
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NoReturn, Self

import pandas as pd

from crmwidget.data.engine import Engine, Hooks
from crmwidget.data.event_encoding import Events, encode, text_sql
from crmwidget.data.event_issues import Issue, issue_table
from crmwidget.data.event_source import Source
from crmwidget.data.event_where import activity_condition, attribute_condition, period_condition
from crmwidget.data.numerals import counted
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["EncodedLog"]


class EncodedLog:
    """Events in the tables of an engine; `EventLog` is the way to one.

    Tables, for those who ask by `rows` and `arrays`; times are microseconds of UTC since 1970:

    - `{steps}`, one row per event: `case_id`, `place` (from 0), `activity`, `at_us`, `next_activity`, `next_at_us`
      (missing at the end, and before an event that is not known); with start times `started_us` and
      `next_started_us`; attributes as `a_0`, `a_1` …
    - `{cases}`, one row per case: `case_id`, `n_events`, `first_at_us`, `last_at_us`, `first_activity`,
      `last_activity`, `path_1`, `path_2` (with `n_events` they name its path)
    - `{activities}`: `activity`, `label`

    Examples
    --------
    >>> from crmwidget import samples
    >>> log = samples.events(100).log()
    >>> log.n_events, log.n_cases, log.n_open, log.ends
    (592, 100, 5, ('Won', 'Lost'))
    >>> log.activities[:2], log.labels[0]
    (['Lead', 'Qualification'], 'Lead')
    >>> log.counts["Lead"], log.columns, log.attributes, log.has_start
    (100, ['case', 'activity', 'timestamp', 'start', 'owner', 'segment'], ('owner', 'segment'), True)
    >>> log.is_filtered, log.fetched_rows > 0, list(log.issues["issue"])
    (False, True, ['open_case'])
    >>> log.rows(f"select count(*) from {{cases}} where {log.closed_sql}")
    [(95,)]
    >>> log.interrupt()  # nothing is asked right now, so there is nothing to stop
    """

    _engine: Engine
    _found: tuple[Issue, ...]
    _conditions: tuple[str, ...]
    _types: tuple[str, ...]  # of the attributes
    attributes: tuple[str, ...]
    ends: tuple[str, ...]
    has_start: bool

    def _encode(
        self, engine: Engine, source: Source, events: Events, noted: Sequence[Issue], attributes: Sequence[str]
    ) -> None:
        self._engine, self._conditions, self.ends = engine, (), ()
        self.attributes, self.has_start = tuple(attributes), events.started is not None
        self._types = tuple(source.types[name] for name in events.attributes)
        self._found = (*noted, *encode(engine, source, events))

    # ---- what it holds -------------------------------------------------------------------------------

    @cached_property
    def n_events(self) -> int:
        """How many events it has."""
        return int(self.rows("select coalesce(sum(n_events), 0) from {cases}")[0][0])

    @cached_property
    def n_cases(self) -> int:
        """How many cases it has."""
        return int(self.rows("select count(*) from {cases}")[0][0])

    @cached_property
    def labels(self) -> dict[int, str]:
        """Code → activity, of the whole log, in the order of first appearance in the source."""
        return {int(code): str(label) for code, label in self._engine.run("select activity, label from activities")}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Activity → in how many events it is, for those that are in at least one."""
        found = dict(self.rows("select activity, count(*) from {steps} group by activity"))
        return {label: int(found[code]) for code, label in sorted(self.labels.items()) if code in found}

    @property
    def activities(self) -> list[str]:
        """The activities, in the order of first appearance."""
        return list(self.counts)

    @property
    def fetched_rows(self) -> int:
        """How many rows have come from the engine's tables to this process, for this log and its parts."""
        return self._engine.fetched_rows

    @property
    def columns(self) -> list[str]:
        """What is known of an event; an attribute that is called like one of the roles has a `_` behind its name."""
        names = ["case", "activity", "timestamp", *(["start"] if self.has_start else [])]
        for name in self.attributes:
            while name in names:
                name += "_"
            names.append(name)
        return names

    def is_of(self, other: EncodedLog) -> bool:
        """Whether both are of one log, as a whole or as parts.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.is_of(log.where(activity="Demo")), log.is_of(samples.events(100).log())
        (True, False)
        """
        return self._engine is other._engine

    @property
    def is_filtered(self) -> bool:
        """Whether it is a part of another log."""
        return bool(self._conditions)

    @property
    def issues(self) -> pd.DataFrame:
        """What was found while reading, one row each.

        Returns
        -------
        pandas.DataFrame
            `issue` (its name), `n_events` and `n_cases` (`Int64`, missing where not counted), `treatment` (what was
            done about it) and `sentence` (the same for reading). Of the whole log, also where this is a part of it;
            open cases are those of this part.
        """
        return issue_table(self._all_issues())

    def _all_issues(self) -> list[Issue]:
        found = list(self._found)
        if self.ends and self.n_open:
            found.append(Issue.of("open_case", n_cases=self.n_open, told=", ".join(self.ends)))
        return found

    @cached_property
    def n_open(self) -> int:
        """How many cases have not come to one of the `ends`; 0 where no ends are given."""
        if not self.ends:
            return 0
        return int(self.rows(f"select count(*) from {{cases}} where not ({self.closed_sql})")[0][0])

    @property
    def closed_sql(self) -> str:
        """A condition on `{cases}`: the case has come to an end."""
        return self.ended_by(self.ends) if self.ends else "1 = 1"

    def ended_by(self, ends: Iterable[str]) -> str:
        """A condition on `{cases}`: its last event is one of these activities.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.where_cases(f"case_id in (select case_id from cases where {log.ended_by(['Lost'])})").n_cases
        24
        """
        wanted = set(ends)
        codes = [str(code) for code, label in self.labels.items() if label in wanted]
        return f"last_activity in ({', '.join(codes)})" if codes else "1 = 0"

    def text_of(self, attribute: str) -> str:
        """An attribute of `{steps}` as text (SQL), the same on every engine: the number 7.0 is 7.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.rows(f"select count(distinct {log.text_of('owner')}) from {{steps}}")
        [(4,)]
        """
        place = self.attributes.index(attribute)
        return text_sql(f"a_{place}", self._types[place])

    # ---- asking --------------------------------------------------------------------------------------

    def rows(self, sql: str, *, what: str = "") -> list[tuple[Any, ...]]:
        """The rows of a query over `{steps}`, `{cases}` and `{activities}`; see the class for their columns.

        It is written in DuckDB's dialect, in forms that can be said in those of the other engines too.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.rows("select min(n_events), max(n_events) from {cases}")
        [(3, 8)]
        """
        return self._engine.run(self.sql(sql), what=what)

    def arrays(self, sql: str, *, what: str = "") -> dict[str, Any]:
        """The columns of such a query as numpy arrays.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.arrays("select n_events from {cases}")["n_events"].max()
        np.int32(8)
        """
        return self._engine.arrays(self.sql(sql), what=what)

    def sql(self, template: str) -> str:
        """A query with its tables filled in: those of this part of the log.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.sql("select count(*) from {cases}")
        'select count(*) from cases'
        """
        parts = {"steps": "steps", "cases": "cases", "activities": "activities"}
        if self._conditions:
            condition = f"case_id in (select case_id from {self._kept})"
            parts |= {table: f"(select * from {table} where {condition}) {table}" for table in ("steps", "cases")}
        return template.format(**parts)

    @cached_property
    def _kept(self) -> str:
        """The table of this part's cases: conditions are looked at once, not by every question."""
        name = self._engine.fresh("kept")
        chosen = f"select case_id from cases where {' and '.join(self._conditions)}"
        self._engine.create(name, chosen, what="Choosing the cases")
        weakref.finalize(self, self._engine.retire, name)
        return name

    @contextmanager
    def watched(
        self,
        *,
        progress: Callable[[float, str], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[None]:
        """While in this block, tell how far questions are, and ask whether to stop.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> with log.watched(cancelled=lambda: False):
        ...     log.rows("select count(*) from {cases}")
        [(100,)]
        """
        with self._engine.watched(Hooks(progress, cancelled)):
            yield

    def interrupt(self) -> None:
        """Stop what is asked of this log right now; may be called from any thread."""
        self._engine.interrupt()

    def to_frame(self) -> pd.DataFrame:
        """The events themselves, one row each, by case, time and row: for the kernel only.

        Returns
        -------
        pandas.DataFrame
            `case` (text), `activity` (text), `timestamp` (and `start`: UTC, microseconds), and the attributes.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.to_frame().columns.to_list()
        ['case', 'activity', 'timestamp', 'start', 'owner', 'segment']
        """
        columns = ["n.label as case_label", "a.label as activity", "s.at_us"]
        columns += ["s.started_us"] if self.has_start else []
        columns += [f"s.a_{i}" for i in range(len(self.attributes))]
        found = self.arrays(
            f"select {', '.join(columns)} from (select * from {{steps}}) s join case_names n on n.case_id = s.case_id "
            "join activities a on a.activity = s.activity order by n.label, s.place"
        )
        frame = pd.DataFrame(
            {name: pd.Series(values) for name, values in zip(self.columns, found.values(), strict=True)}
        )
        for name in ("timestamp", "start"):
            if name in frame:
                frame[name] = pd.to_datetime(frame[name].astype("Int64"), unit="us", utc=True).dt.as_unit("us")
        return frame

    # ---- a part of it --------------------------------------------------------------------------------

    def where(
        self,
        attributes: Mapping[str, object] | None = None,
        /,
        *,
        activity: str | Iterable[str] | None = None,
        since: dt.datetime | dt.date | None = None,
        before: dt.datetime | dt.date | None = None,
        **named: object,
    ) -> Self:
        """The cases that meet all conditions, whole: a case is never cut, so no flow is made up.

        Parameters
        ----------
        attributes, **named
            In some event of the case the attribute has this value, or one of these; None means that it is missing.
            Given as a mapping, an attribute may be called as it likes.
        activity
            In some event the case has this activity, or one of these.
        since, before
            The case begins at or after `since`, and before `before`; without a zone they are UTC.

        Returns
        -------
        EventLog
            On the same engine; nothing is copied, and no map is repainted.

        Raises
        ------
        DataError
            There is no such attribute or activity; the message has the nearest.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> part = log.where(segment=["Enterprise", "Mid-market"], activity="Demo")
        >>> part.n_cases < log.n_cases, part.is_filtered
        (True, True)
        """
        wanted = {**(attributes or {}), **named}
        conditions = [*self._conditions, *period_condition(since, before)]
        if activity is not None:
            conditions.append(activity_condition(activity, self.labels))
        for name, value in wanted.items():
            if name not in self.attributes:
                raise DataError(
                    f"No attribute {shorten(name)} is kept; {nearest(name, self.attributes, noun='attributes')}. "
                    "EventLog(…, attributes=[…]) says which are."
                )
            conditions.append(attribute_condition(f"a_{self.attributes.index(name)}", value, name))
        if not conditions:
            return self
        part = self._part(conditions)
        try:
            _ = part._kept  # here is the place to say what is wrong with a condition
        except DataError:
            given = ", ".join(f"{name} holds {self._types[self.attributes.index(name)]}" for name in wanted)
            raise DataError(f"A value to compare with is of another type: {given}.") from None
        return part

    def where_cases(self, condition: str) -> Self:
        """The cases that meet a condition in SQL on `case_id`, for questions.

        Examples
        --------
        >>> from crmwidget import samples
        >>> log = samples.events(100).log()
        >>> log.where_cases("case_id in (select case_id from cases where n_events > 7)").n_cases
        6
        """
        return self._part([*self._conditions, condition])

    def _part(self, conditions: Sequence[str]) -> Self:
        part = self.__class__.__new__(self.__class__)
        part._engine, part._found, part._conditions = self._engine, self._found, tuple(conditions)
        part.attributes, part.ends, part.has_start = self.attributes, self.ends, self.has_start
        part._types = self._types
        return part

    # ---- what stays here -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = f"{counted(self.n_events, 'event')} × {len(self.columns)} columns"
        columns = ", ".join(shorten(name, 40)[1:-1] for name in self.columns[:20])
        more = f" … {len(self.columns) - 20} more" if len(self.columns) > 20 else ""
        n_issues = len(self._all_issues())
        issues = f", {n_issues} issue{'' if n_issues == 1 else 's'}" if n_issues else ""
        return (
            f"<EventLog: {shape} ({columns}{more}), {counted(self.n_cases, 'case')}, "
            f"{len(self.counts):,} {'activity' if len(self.counts) == 1 else 'activities'}{issues}>"
        )

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise DataError(
            "An event log cannot be pickled: its rows stay in the kernel. Keep the data itself where it may lie, and "
            "read it again."
        )

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
