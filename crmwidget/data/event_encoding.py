"""Events as whole numbers: cases, activities and times are encoded once, then every question is asked of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crmwidget.data.engine import Engine, literal, quoted
from crmwidget.data.event_issues import Issue
from crmwidget.data.event_source import Source
from crmwidget.data.event_sql import HASH_PRIME, cases_sql, duplicates_sql, steps_sql
from crmwidget.data.moments import Moment
from crmwidget.data.near_labels import near_labels
from crmwidget.data.numerals import number_text
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Events", "encode", "text_sql"]

LARGEST = "1.7976931348623157e308"  # of all numbers; beyond are infinity and what is no number
MOST_ACTIVITIES = 32_767  # what a small integer holds; more are no activities but ids
BLANKS = " \t\r\n\u00a0\u2009\u200b\u202f\u3000\ufeff"
SHOWN_PAIRS = 20
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")


@dataclass(frozen=True, slots=True)
class Events:
    """Where in a source the parts of an event are, and how they are treated."""

    case: str
    activity: str
    at: Moment
    started: Moment | None = None
    attributes: Sequence[str] = ()
    order: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    drops_duplicates: bool = False
    drops_future: bool = False
    now_us: int = 0
    now_text: str = ""
    zone: str = "UTC"
    gap: str | None = None  # a column that is true where an unknown event stands, made by a shape
    expects_undated: bool = False  # a row without a time is a case without events, nothing that is missing


def encode(engine: Engine, source: Source, events: Events) -> list[Issue]:
    """Make the tables `steps`, `cases`, `activities` and `case_names`, and say what was found.

    Raises
    ------
    DataError
        The activity column has more different values than a process has activities.
    """
    n_rows, last_row = engine.one(f"select count(*), coalesce(max({source.row}), 0) from {source.sql}")
    key, has_case = _case_key(engine, source, events.case)
    n_renamed, n_unnamed = _activity_codes(engine, source, events)
    row_type = "integer" if last_row < 2**31 else "bigint"  # a narrower key is sorted with less work
    n_coded = _coded(engine, source, events, key, has_case, row_type)
    issues = [Issue.of("missing_case", n_rows - n_coded)] if n_rows > n_coded else []
    issues += _time_issues(engine, events)
    if n_renamed:
        issues.append(Issue.of("renamed", n_renamed))
    if events.drops_duplicates:
        issues += _without_duplicates(engine, events)
    has_start = events.started is not None
    ties = ["tie_no"] if events.order else []
    if not source.has_row_order:  # then nothing is left to chance but the order of rows that are alike
        ties += ["activity", *(["started_us"] if has_start else [])]
    engine.create(
        "steps",
        steps_sql(
            "coded",
            extra=[f"a_{i}" for i in range(len(events.attributes))],
            ties=ties,
            has_start=has_start,
            has_gaps=n_unnamed > 0,
        ),
        what="Ordering the events",
    )
    issues += _undated_cases(engine)
    engine.drop("coded")
    _weigh(engine)
    engine.create("cases", cases_sql(), what="Naming the paths")
    return issues + _order_issues(engine, source, events)


# ---- codes -----------------------------------------------------------------------------------------------


def _case_key(engine: Engine, source: Source, column: str) -> tuple[str, str]:
    """A case as a whole number, and the condition that there is a case; both as SQL.

    Whole numbers are taken as they are. Texts get 63 bits of their hash: half as expensive as looking each up, and as
    exact, because it is checked that no two of them share a number.
    """
    raw, dtype = quoted(column), source.types[column]
    if dtype in _WHOLE:
        key = f"cast({raw} as bigint)"
        engine.create(
            "case_names",
            f"select distinct {key} as case_id, cast({raw} as varchar) as label "
            f"from {source.sql} where {raw} is not null",
            what="Reading the cases",
        )
        return key, f"{raw} is not null"
    label = text_sql(raw, dtype)
    engine.create("case_raw", f"select distinct {label} as label from {source.sql}", what="Reading the cases")
    if dtype == "VARCHAR":
        clean = f"nullif(trim(label, {literal(BLANKS)}), '')"
        blanks = ", ".join(map(literal, BLANKS))
        (n_changed,) = engine.one(
            f"select count(*) from case_raw where label = '' or left(label, 1) in ({blanks}) "
            f"or right(label, 1) in ({blanks})"
        )
        if n_changed:
            label = f"nullif(trim({raw}, {literal(BLANKS)}), '')"
            engine.replace("case_raw", f"select distinct {clean} as label from case_raw")
    salt = 0
    while True:
        named = "from case_raw where label is not null"
        n_labels, n_keys = engine.one(f"select count(label), count(distinct {engine.hashed('label', salt)}) {named}")
        if n_labels == n_keys:
            break
        salt += 1
    engine.create("case_names", f"select {engine.hashed('label', salt)} as case_id, label {named}")
    engine.drop("case_raw")
    return engine.hashed(label, salt), f"{label} is not null"


def text_sql(raw: str, dtype: str) -> str:
    """A value as the text that it is compared by: 7 and 7.0 are one case."""
    if dtype == "VARCHAR":
        return raw
    if dtype in {"DOUBLE", "FLOAT"}:
        return (
            f"case when abs({raw}) < 1e15 and {raw} = floor({raw}) then cast(cast({raw} as bigint) as varchar) "
            f"when abs({raw}) <= {LARGEST} then cast({raw} as varchar) end"
        )
    return f"cast({raw} as varchar)"


def _activity_codes(engine: Engine, source: Source, events: Events) -> tuple[int, int]:
    """Make `activities` and `activity_codes`; how many events are renamed, and how many have no activity."""
    raw = text_sql(quoted(events.activity), source.types[events.activity])
    first = source.row if source.has_row_order else events.at.sql
    if events.order is not None:
        first = source.check(events.order, "order column")
    found = f"select {raw} as raw, count(*) as n, min({first}) as first_seen from {source.sql} group by 1"
    rows = engine.run(f"{found} limit {MOST_ACTIVITIES + 2}", what="Reading the activities")
    rows.sort(key=lambda row: (row[2] is None, row[2] if row[2] is not None else 0, row[0] or ""))
    if len(rows) > MOST_ACTIVITIES + 1:
        raise DataError(
            f"The activity column {events.activity!r} has over {number_text(MOST_ACTIVITIES)} different values, more "
            "than a process has activities. Is it the column that says what happens?"
        )
    names = {raw: raw.strip(BLANKS) for raw, _, _ in rows if raw is not None and raw.strip(BLANKS)}
    unknown = [name for name in events.rename if name not in set(names.values())]
    if unknown:
        raise DataError(
            f"rename= has {shorten(unknown[0])}; {nearest(unknown[0], sorted(set(names.values())), noun='activities')}."
        )
    labels = {raw: str(events.rename.get(name, name)) for raw, name in names.items()}
    codes = {label: code for code, label in enumerate(dict.fromkeys(labels.values()))}
    engine.put(
        "activity_codes",
        {"raw": list(labels), "activity": [codes[label] for label in labels.values()]},
        {"raw": "varchar", "activity": "smallint"},
    )
    engine.put(
        "activities",
        {"activity": list(codes.values()), "label": list(codes)},
        {"activity": "smallint", "label": "varchar"},
    )
    n_renamed = sum(n for raw, n, _ in rows if raw in names and names[raw] in events.rename)
    return n_renamed, sum(n for raw, n, _ in rows if raw not in names)


def _coded(engine: Engine, source: Source, events: Events, key: str, has_case: str, row_type: str) -> int:
    raw = text_sql(quoted(events.activity), source.types[events.activity])
    columns = {"case_id": key, "at_us": events.at.sql, "row_no": f"cast({source.row} as {row_type})"}
    if events.started is not None:
        columns["started_us"] = events.started.sql
    if events.order is not None:
        columns["tie_no"] = source.check(events.order, "order column")
    if events.gap is not None:
        columns["is_gap"] = quoted(events.gap)
    columns |= {f"a_{i}": source.check(name, "attribute") for i, name in enumerate(events.attributes)}
    # the source's own columns may have any name, so they are read inside, under none but ours outside
    inside = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    outside = ", ".join(f"e.{name}" for name in columns)
    engine.create(
        "coded",
        f"select {outside}, c.activity from (select {inside}, {raw} as raw from {source.sql} where {has_case}) e "
        "left join activity_codes c on c.raw = e.raw",
        what="Encoding the events",
    )
    return int(engine.one("select count(*) from coded")[0])


def _weigh(engine: Engine) -> None:
    """A random residue for each place in a case, the same in every run."""
    (last,) = engine.one("select coalesce(max(place), -1) from steps")
    weights = np.random.default_rng(2).integers(0, HASH_PRIME, size=(2, last + 1), dtype=np.int64)
    engine.put(
        "place_weights",
        {"place": np.arange(last + 1), "weight_1": weights[0], "weight_2": weights[1]},
        {"place": "integer", "weight_1": "bigint", "weight_2": "bigint"},
    )


def _coded_columns(events: Events) -> list[str]:
    return [
        *("case_id", "at_us", "row_no", "activity"),
        *(["started_us"] if events.started is not None else []),
        *(["tie_no"] if events.order is not None else []),
        *(["is_gap"] if events.gap is not None else []),
        *(f"a_{i}" for i in range(len(events.attributes))),
    ]


# ---- what was found --------------------------------------------------------------------------------------


def _time_issues(engine: Engine, events: Events) -> list[Issue]:
    """Nulls, unreadable texts, clock changes, the future, starts after ends; the last two are settled here."""
    issues = []
    gaps = " and not coalesce(is_gap, false)" if events.gap is not None else ""
    for kind, condition in (("missing_activity", f"activity is null{gaps}"), ("missing_time", "at_us is null")):
        n, n_cases = engine.one(f"select count(*), count(distinct case_id) from coded where {condition}")
        if kind == "missing_time":
            n = 0 if events.expects_undated else n - min(n, events.at.n_unreadable)
        if n:
            issues.append(Issue.of(kind, n, n_cases))
    read = [m for m in (events.at, events.started) if m is not None]
    for kind, attribute in (
        ("unreadable_time", "n_unreadable"),
        ("unzoned_time", "n_unzoned"),
        ("repeated_hour", "n_repeated_hour"),
        ("skipped_hour", "n_skipped_hour"),
    ):
        n = sum(getattr(m, attribute) for m in read)
        if n:
            issues.append(Issue.of(kind, n, told=events.zone))
    n, n_cases = engine.one(f"select count(*), count(distinct case_id) from coded where at_us > {events.now_us}")
    if n:
        issues.append(
            Issue.of("future_left_out" if events.drops_future else "future_time", n, n_cases, events.now_text)
        )
        if events.drops_future:
            engine.replace("coded", f"select * from coded where at_us is null or at_us <= {events.now_us}")
    if events.started is not None:
        (n,) = engine.one("select count(*) from coded where started_us > at_us")
        if n:
            known = "case when started_us <= at_us or at_us is null then started_us end as started_us"
            others = ", ".join(name for name in _coded_columns(events) if name != "started_us")
            engine.replace("coded", f"select {others}, {known} from coded")
            issues.append(Issue.of("start_after_end", n))
    return issues


def _without_duplicates(engine: Engine, events: Events) -> list[Issue]:
    same = "case_id, activity, at_us" + (", started_us" if events.started is not None else "")
    order = "tie_no, row_no" if events.order is not None else "row_no"
    nth = f"row_number() over (partition by {same} order by {order})"
    numbered = f"select *, case when activity is not null and at_us is not null then {nth} else 1 end as nth from coded"
    n, n_cases = engine.one(f"select count(*), count(distinct case_id) from ({numbered}) numbered where nth > 1")
    if not n:
        return []
    kept = ", ".join(_coded_columns(events))
    engine.replace("coded", f"select {kept} from ({numbered}) numbered where nth = 1")
    return [Issue.of("duplicate_left_out", n, n_cases)]


def _undated_cases(engine: Engine) -> list[Issue]:
    if engine.one("select count(*) - count(at_us) from coded")[0] == 0:
        return []
    (n,) = engine.one(
        "select count(*) from (select case_id from coded group by case_id having count(at_us) = 0) undated"
    )
    return [Issue.of("undated_case", n_cases=n)] if n else []


def _order_issues(engine: Engine, source: Source, events: Events) -> list[Issue]:
    issues = []
    n, n_cases = engine.one("select count(*), count(distinct case_id) from steps where next_at_us = at_us")
    if n:
        repeated, in_cases = engine.one(duplicates_sql(has_start=events.started is not None))
        if repeated:
            issues.append(Issue.of("duplicate", repeated, in_cases))
        issues.append(Issue.of("same_time", n, n_cases, _order_told(source, events)))
    (n,) = engine.one("select count(*) from cases where n_events = 1")
    if n:
        issues.append(Issue.of("one_event_case", n_cases=n))
    labels = [label for (label,) in engine.run("select label from activities order by activity")]
    issues += [Issue.of("near_label", told=f"{a!r} and {b!r}") for a, b in near_labels(labels)[:SHOWN_PAIRS]]
    return issues


def _order_told(source: Source, events: Events) -> str:
    if events.order is not None:
        return f"the column {shorten(events.order)}"
    if source.has_row_order:
        return "the rows"
    return "first appearance of their activities (the table has none of its own; order= names a column that has)"
