"""A column of times as microseconds of UTC: which forms are read, how local times become UTC, what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import Engine, literal
from crmwidget.data.event_source import Source
from crmwidget.data.numerals import number_text
from crmwidget.data.time_zones import shifts, to_utc
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["DateRules", "Moment", "TimeRules", "moment"]

DateRules: TypeAlias = "str | Mapping[str, str | Mapping[str, str]]"

# with an offset or a zone behind the time of day
_ZONED = r":[0-9]{2}(\.[0-9]+)? ?([A-Za-z].*|[+-][0-9]{2}(:?[0-9]{2})?)$"
# day and month in front: what comes first is not said
_DAY_OR_MONTH_FIRST = r"^[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{4}|[0-9]{2})([ T,].*)?$"


@dataclass(frozen=True, slots=True)
class TimeRules:
    """How times are read.

    Attributes
    ----------
    zone
        The zone of times that name none, such as `"Europe/Berlin"`.
    dates
        How dates are written that are not `2026-01-31`: a format as of `datetime.strptime`, or one per separator
        (`{"/": "%m/%d/%Y", "-": "%d-%m-%y"}`), or either per column.
    """

    zone: str = "UTC"
    dates: DateRules | None = None

    def of(self, column: str) -> str | Mapping[str, str] | None:
        """The rule for one column."""
        if self.dates is None or isinstance(self.dates, str):
            return self.dates
        if column in self.dates:
            return self.dates[column]
        separators = {key: rule for key, rule in self.dates.items() if _is_separator(key) and isinstance(rule, str)}
        return separators or None

    def check(self, columns: list[str]) -> None:
        """Raise a `DataError` for a rule that is none, or that is for a column without times."""
        rules = {"": self.dates} if isinstance(self.dates, str) else self.dates or {}
        for key, rule in rules.items():
            if key and not _is_separator(key) and key not in columns:
                raise DataError(
                    f"dates= has a rule for {shorten(key)}; {nearest(key, columns, noun='columns of times')}, "
                    "or a separator such as '/'."
                )
            formats = _formats(rule)
            for form in formats:
                if not isinstance(form, str) or "%" not in form:
                    raise DataError(f"A rule for dates is a format such as '%m/%d/%Y'; given {shorten(form)}.")
            if len({"%z" in form for form in formats}) > 1:
                raise DataError(f"Either all formats of a column name the zone (%z) or none; given {shorten(rule)}.")


@dataclass(slots=True)
class Moment:
    """A column of times as SQL, and what was found in it."""

    sql: str
    n_unreadable: int = 0
    n_unzoned: int = 0  # without a zone, beside others that have one
    n_repeated_hour: int = 0
    n_skipped_hour: int = 0


def moment(engine: Engine, source: Source, column: str, role: str, rules: TimeRules) -> Moment:
    """How to read a column of times as microseconds of UTC.

    Raises
    ------
    DataError
        It holds numbers; or dates whose form does not say what is day and what is month, with the rows counted; or
        nothing that can be read.
    """
    name = source.check(column, role)
    dtype = source.types[column]
    is_text = dtype == "VARCHAR" or dtype.startswith("ENUM")
    if is_text and isinstance(engine, DuckDBEngine):
        return _text(engine, source, column, f"nullif(trim(cast({name} as varchar)), '')", rules)
    if dtype.startswith(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")):
        return Moment(engine.micros(name, dtype))
    if dtype.startswith(("TIMESTAMP", "DATE")):
        return _local(engine, source, engine.micros(name, dtype), rules.zone)
    if engine.one(f"select count({name}) from {source.sql}")[0] == 0:
        return Moment("cast(null as bigint)")  # a column without any value has some type or other
    if is_text:
        raise DataError(
            f"The {role} {column!r} holds text, and a server reads times from columns of times alone: cast it there, "
            "in a view, or have the rows fetched and read here, with engine='duckdb'."
        )
    raise DataError(
        f"The {role} {column!r} holds {dtype}, not times; make it times first, for example with "
        "pandas.to_datetime(…, unit='s')."
    )


def _local(engine: Engine, source: Source, local: str, zone: str, condition: str = "true") -> Moment:
    """Times without a zone, read in `zone`."""
    if zone == "UTC":
        return Moment(local)
    query = f"select min({local}), max({local}) from {source.sql} where {condition}"
    first, last = engine.one(query, what="Reading the times")
    found = shifts(zone, first, last)
    read = Moment(to_utc(local, found))
    if found.repeated or found.skipped:
        counts = ", ".join(
            f"count(*) filter (where {_within(local, ranges)})" for ranges in (found.repeated, found.skipped)
        )
        read.n_repeated_hour, read.n_skipped_hour = engine.one(
            f"select {counts} from {source.sql} where {condition}", what="Reading the times"
        )
    return read


def _text(engine: Engine, source: Source, column: str, text: str, rules: TimeRules) -> Moment:
    rule = rules.of(column)
    # Without four digits in front DuckDB reads 03-01-17 as a day of the year 3
    is_iso = f"regexp_matches({text}, '^[0-9]{{4}}[-/]')"
    zoned, local = f"try_cast({text} as timestamptz)", f"try_cast({text} as timestamp)"
    zoned_us = f"case when {is_iso} and isfinite({zoned}) then epoch_us({zoned}) end"
    local_us = f"case when {is_iso} and isfinite({local}) then epoch_us({local}) end"
    says_zone = f"regexp_matches({text}, {literal(_ZONED)})"
    if rule is not None:
        ruled = _ruled(text, rule)
        if _names_zone(rule):
            says_zone, zoned_us = f"({says_zone} or {ruled} is not null)", f"coalesce({ruled}, {zoned_us})"
        else:
            says_zone, local_us = f"({says_zone} and {ruled} is null)", f"coalesce({ruled}, {local_us})"
    n_zoned, n_all = engine.one(
        f"select count(*) filter (where {says_zone}), count({text}) from {source.sql}", what="Reading the times"
    )
    if n_zoned == n_all:
        read = Moment(zoned_us)
    else:
        read = _local(engine, source, local_us, rules.zone, f"not {says_zone}")
        if n_zoned:
            read.sql, read.n_unzoned = f"case when {says_zone} then {zoned_us} else {read.sql} end", n_all - n_zoned
    unread = f"{text} is not null and ({read.sql}) is null"
    read.n_unreadable, n_zone_alone = engine.one(
        f"select count(*), count(*) filter (where {says_zone}) from {source.sql} where {unread}",
        what="Reading the times",
    )
    if read.n_unzoned:  # what is no time has not been read in any zone
        read.n_unzoned -= read.n_unreadable - n_zone_alone
    if read.n_unreadable:
        _refuse(engine, source, column, text, unread, read.n_unreadable, n_all)
    return read


def _ruled(text: str, rule: str | Mapping[str, str]) -> str:
    """Text read by a format, or by the format of the first separator in it."""
    if isinstance(rule, str):
        return _parsed(text, rule)
    first = f"regexp_extract({text}, '[^0-9]')"
    branches = " ".join(f"when {literal(mark)} then {_parsed(text, form)}" for mark, form in rule.items())
    return f"case {first} {branches} end"


def _parsed(text: str, form: str) -> str:
    return f"epoch_us(try_strptime({text}, {literal(form)}))"


def _formats(rule: str | Mapping[str, str]) -> list[str]:
    return [rule] if isinstance(rule, str) else list(rule.values())


def _names_zone(rule: str | Mapping[str, str]) -> bool:
    return all("%z" in form for form in _formats(rule))


def _refuse(engine: Engine, source: Source, column: str, text: str, unread: str, n_unread: int, n_all: int) -> None:
    """Raise if what cannot be read are dates of another form, or everything."""
    a, b = (f"try_cast(regexp_extract({text}, '^([0-9]+)[./-]([0-9]+)', {group}) as integer)" for group in (1, 2))
    four_digits = f"regexp_matches({text}, '^[0-9]+[./-][0-9]+[./-][0-9]{{4}}')"
    forms = engine.run(
        f"select regexp_extract({text}, '[./-]') as mark, count(*), "
        f"count(*) filter (where {a} <= 12 and {b} <= 12 and {a} <> {b}), count(*) filter (where {a} > 12), "
        f"count(*) filter (where {b} > 12), count(*) filter (where {four_digits}) from {source.sql} "
        f"where {unread} and regexp_matches({text}, {literal(_DAY_OR_MONTH_FIRST)}) group by mark order by mark",
        what="Reading the times",
    )
    if forms:
        said = "; ".join(
            f"{number_text(n)} with {mark!r} ({number_text(n_ambiguous)} could be either; the first number is over 12 "
            f"in {number_text(n_first)}, the second in {number_text(n_second)})"
            for mark, n, n_ambiguous, n_first, n_second, _ in forms
        )
        n_either = sum(form[2] for form in forms)
        rule = ", ".join(f"{form[0]!r}: {_suggested(*form)}" for form in forms)
        told = (
            f"In {number_text(n_either)} of {number_text(n_all)} rows it cannot be told which is which, and it is not "
            "guessed."
            if n_either
            else "What day is and what month is not guessed, even where no other reading is left."
        )
        raise DataError(
            f"The column {column!r} has dates that begin with day or month: {said}. {told} Say how they are "
            f"written: dates={{{column!r}: {{{rule}}}}} (%d day, %m month, %Y year, %y two-digit year)."
        )
    if n_unread == n_all:
        raise DataError(
            f"No value of the column {column!r} can be read as a time ({number_text(n_all)} rows); allowed: "
            "2026-01-31, 2026-01-31 09:00, with seconds and a zone or offset, or a form that dates= tells."
        )


def _suggested(mark: str, n: int, n_ambiguous: int, n_first: int, n_second: int, n_four: int) -> str:
    """The formats that a group of dates may have."""
    year = "%Y" if n_four else "%y"
    orders = [*(["%d", "%m"] if n_first or not n_second else []), *(["%m", "%d"] if n_second or not n_first else [])]
    forms = [repr(mark.join((*orders[i : i + 2], year))) for i in range(0, len(orders), 2)]
    return " or ".join(forms)


def _within(moment_sql: str, ranges: tuple[tuple[int, int], ...]) -> str:
    return " or ".join(f"({moment_sql} >= {low} and {moment_sql} < {high})" for low, high in ranges) or "false"


def _is_separator(key: str) -> bool:
    return len(key) == 1 and not key.isalnum()
