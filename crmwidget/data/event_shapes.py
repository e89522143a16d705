"""The shapes that CRMs export, turned into events: a date per stage, a history of changes, repeated snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.durations import duration_text
from crmwidget.data.engine import literal
from crmwidget.data.event_issues import Issue
from crmwidget.data.event_source import Source
from crmwidget.data.moments import Moment, TimeRules, moment
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Shaped", "field_history", "snapshots", "stage_dates"]

MOST_FIELDS = 1_000  # so many are looked through for the nearest


@dataclass(slots=True)
class Shaped:
    """Events made from another shape: a source with the columns `case_key`, `activity`, `at_us` and the attributes."""

    source: Source
    at: Moment
    issues: list[Issue] = field(default_factory=list)
    gap: str | None = None
    has_undated: bool = False


def stage_dates(
    engine: DuckDBEngine,
    source: Source,
    *,
    case: str,
    stages: Mapping[str, str],
    closed: str | None,
    outcome: str | None,
    attributes: Sequence[str],
    rules: TimeRules,
) -> Shaped:
    """One event for each date of a row: a missing date is a stage that was not reached, nothing else.

    `stages` maps date columns to the stages entered; the order is that of stages with one date. `closed` is the date
    at which the stage in the column `outcome` was entered.
    """
    if (closed is None) != (outcome is None):
        raise DataError("closed= (the date of the end) and outcome= (the column that says which end) go together.")
    if not stages and closed is None:
        raise DataError("stages= maps date columns to stages, such as {'engage_date': 'Engaging'}; it is empty.")
    for column, stage in stages.items():
        if not isinstance(stage, str) or not stage.strip():
            raise DataError(f"stages= names the stage of each date column; {column!r} has {shorten(stage)}.")
    moments = {column: moment(engine, source, column, "date column", rules) for column in stages}
    parts = [(read.sql, literal(stages[column]), read.sql) for column, read in moments.items()]
    if closed is not None and outcome is not None:
        moments[closed] = read = moment(engine, source, closed, "date column", rules)
        parts.append((read.sql, source.check(outcome, "outcome column"), read.sql))
    kept = _kept(source, case, attributes)
    n_stages = len(parts)
    selects = [
        f"select {kept}, cast({activity} as varchar) as activity, {at} as at_us, "
        f"{source.row} * {n_stages} + {i} as row_no from {source.sql} where {reached} is not null"
        for i, (at, activity, reached) in enumerate(parts)
    ]
    # a row without any date is a case all the same: it is counted as undated
    undated = " and ".join(f"{reached} is null" for _, _, reached in parts)
    first = literal(next(iter(stages.values()), "")) if stages else "''"
    selects.append(
        f"select {kept}, {first} as activity, cast(null as bigint) as at_us, {source.row} * {n_stages} as row_no "
        f"from {source.sql} where {undated}"
    )
    shaped = _shaped(engine, source, " union all ".join(selects), moments.values(), case, attributes)
    shaped.has_undated = True
    against = " or ".join(f"({a}) > ({b})" for i, (a, _, _) in enumerate(parts) for b, _, _ in parts[i + 1 :])
    if against:
        (n,) = engine.one(f"select count(*) from {source.sql} where {against}")
        if n:
            shaped.issues.append(Issue.of("out_of_order", n_cases=n))
    return shaped


def field_history(
    engine: DuckDBEngine,
    source: Source,
    *,
    case: str,
    timestamp: str,
    old: str,
    new: str,
    field: str | None,
    value: str | None,
    created: str | None,
    attributes: Sequence[str],
    rules: TimeRules,
) -> Shaped:
    """One event for each change to a new value; where `created` is given, one more for the value before the first.

    Where a change does not begin with the value that the one before ended with, a change between is missing: no flow
    joins the two.
    """
    read = moment(engine, source, timestamp, "column of times", rules)
    moments = [read]
    born = "cast(null as bigint)"
    if created is not None:
        moments.append(moment(engine, source, created, "column of times", rules))
        born = moments[1].sql
    of_field = "true" if field is None else _of_field(engine, source, field, value)
    if field is None and value is not None:
        raise DataError(f"value={shorten(value)} goes with field=: which column names the field that is changed?")
    before, after = (f"nullif(trim(cast({source.check(c, 'column')} as varchar)), '')" for c in (old, new))
    table = engine.fresh("changes")
    engine.run(
        f"create table {table} as select {_kept(source, case, attributes)}, {before} as old_value, "
        f"{after} as new_value, {read.sql} as at_us, {born} as born_us, {source.row} as row_no "
        f"from {source.sql} where {of_field}",
        what="Reading the changes",
    )
    (n_same,) = engine.one(f"select count(*) from {table} where old_value = new_value")
    changes = f"select * from {table} where old_value is distinct from new_value"
    window = "over (partition by case_key order by at_us, row_no)"
    lagged = (
        f"select *, lag(new_value) {window} as last_value, row_number() {window} as n_th from ({changes}) changed "
        "where at_us is not null and case_key is not null"
    )
    broken = "n_th > 1 and old_value is distinct from last_value"
    n_broken, n_broken_cases = engine.one(
        f"select count(*), count(distinct case_key) from ({lagged}) lagged where {broken}", what="Reading the changes"
    )
    names = ", ".join(["case_key", *(f"a_{i}" for i in range(len(attributes)))])
    events = (
        f"select {names}, new_value as activity, at_us, row_no * 3 + 2 as row_no, false as is_gap from ({changes}) c "
        f"union all select {names}, null, at_us, row_no * 3 + 1, true from ({lagged}) lagged where {broken} "
        f"union all select {names}, old_value, born_us, row_no * 3, false from ({lagged}) lagged "
        "where n_th = 1 and old_value is not null and born_us is not null"
    )
    (n_undated,) = engine.one(
        f"select count(*) from ({lagged}) lagged where n_th = 1 and old_value is not null and born_us is null"
    )
    shaped = _shaped(engine, source, events, moments, case, attributes)
    engine.drop(table)
    shaped.gap = "is_gap"
    for kind, n, n_cases in (
        ("no_change", n_same, None),
        ("broken_chain", n_broken, n_broken_cases),
        ("undated_first_stage", None, n_undated),
    ):
        if n or n_cases:
            shaped.issues.append(Issue.of(kind, n, n_cases))
    return shaped


def _of_field(engine: DuckDBEngine, source: Source, field: str, value: str | None) -> str:
    """The rows that change the field that is meant, of which there is at least one unless there is no row at all."""
    if value is None:
        raise DataError(f"field={shorten(field)} goes with value=: which field's changes are the stages?")
    column = source.check(field, "field column")
    condition = f"cast({column} as varchar) = {literal(value)}"
    named = f"select distinct cast({column} as varchar) from {source.sql} where {column} is not null order by 1"
    if not engine.one(f"select count(*) from {source.sql} where {condition}")[0]:
        fields = [name for (name,) in engine.run(f"{named} limit {MOST_FIELDS}", what="Reading the changes")]
        if fields:
            raise DataError(f"No row changes the field {shorten(value)}; {nearest(value, fields, noun='fields')}.")
    return condition


def snapshots(
    engine: DuckDBEngine,
    source: Source,
    *,
    case: str,
    stage: str,
    timestamp: str,
    attributes: Sequence[str],
    rules: TimeRules,
) -> Shaped:
    """One event for each snapshot in which a case is in another stage than in the one before, and for its first."""
    read = moment(engine, source, timestamp, "column of times", rules)
    table = engine.fresh("snapshots")
    engine.run(
        f"create table {table} as select {_kept(source, case, attributes)}, "
        f"nullif(trim(cast({source.check(stage, 'stage column')} as varchar)), '') as activity, "
        f"{read.sql} as at_us, {source.row} as row_no from {source.sql}",
        what="Reading the snapshots",
    )
    window = "over (partition by case_key order by at_us, row_no)"
    lagged = (
        f"select *, lag(activity) {window} as last_activity, row_number() {window} as n_th from {table} "
        "where at_us is not null and case_key is not null and activity is not null"
    )
    names = ", ".join(["case_key", "activity", "at_us", "row_no", *(f"a_{i}" for i in range(len(attributes)))])
    events = (
        f"select {names} from ({lagged}) lagged where n_th = 1 or activity <> last_activity "
        f"union all select {names} from {table} where at_us is null or case_key is null or activity is null"
    )
    shaped = _shaped(engine, source, events, [read], case, attributes)
    gap_us, first, last = engine.one(
        f"select median(at_us - before), min(at_us), max(at_us) from "
        f"(select at_us, lag(at_us) over (order by at_us) as before from "
        f"(select distinct at_us from {table} where at_us is not null) moments) gaps"
    )
    if gap_us is not None:
        shaped.issues.append(Issue.of("snapshot_precision", told=duration_text(gap_us / 1e6)))
    (n_before,) = engine.one(f"select count(distinct case_key) from {table} where at_us = {first or 0}")
    (n_gone,) = engine.one(
        f"select count(*) from (select case_key from {table} where at_us is not null and case_key is not null "
        f"group by case_key having max(at_us) < {last or 0}) gone"
    )
    if n_before:
        shaped.issues.append(Issue.of("begun_before", n_cases=n_before))
    if n_gone:
        shaped.issues.append(Issue.of("vanished_case", n_cases=n_gone))
    engine.drop(table)
    return shaped


def _kept(source: Source, case: str, attributes: Sequence[str]) -> str:
    columns = [f"{source.check(case, 'case column')} as case_key"]
    columns += [f"{source.check(name, 'attribute')} as a_{i}" for i, name in enumerate(attributes)]
    return ", ".join(columns)


def _shaped(
    engine: DuckDBEngine, source: Source, events: str, moments: Iterable[Moment], case: str, attributes: Sequence[str]
) -> Shaped:
    """Keep the events in a table of their own; what was found while reading the times comes along."""
    table = engine.fresh("shaped")
    engine.run(f"create table {table} as {events}", what="Making the events")
    types = {"case_key": source.types[case], "activity": "VARCHAR", "at_us": "BIGINT", "is_gap": "BOOLEAN"}
    types |= {f"a_{i}": source.types[name] for i, name in enumerate(attributes)}
    at = Moment("at_us")
    for read in moments:
        at.n_unreadable += read.n_unreadable
        at.n_unzoned += read.n_unzoned
        at.n_repeated_hour += read.n_repeated_hour
        at.n_skipped_hour += read.n_skipped_hour
    return Shaped(Source(table, types, "row_no", lambda: engine.drop(table)), at)
