"""What the event logs and tables of a map are narrowed to: values of attributes, a period, how cases ended."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crmwidget.errors import DataError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.data.binding import BoundTable
    from crmwidget.data.encoded_log import EncodedLog

__all__ = ["OUTCOMES", "LogFilter", "checked_values", "just_after", "log_filter", "moment_of", "value_text"]

OUTCOMES = ("won", "lost", "open", "other")
_WHOLE: Mapping[str, tuple[object, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class LogFilter:
    """The cases that questions are asked of; true where it leaves anything out.

    Attributes
    ----------
    values
        Attribute → the values of which a case has one in some event; None stands for a missing one.
    since, until
        The period in which a case begins, both ends in it; None where it is open. A date is a whole day of UTC.
    outcomes
        How a case ended, any of "won", "lost", "open" (it has not come to an end) and "other" (to another end).

    Examples
    --------
    >>> chosen = log_filter({"segment": "Enterprise"}, period=("2026-01-01", None), outcome=["won", "lost"])
    >>> chosen
    <filter: segment Enterprise; since 2026-01-01; won or lost>
    >>> bool(chosen), bool(LogFilter())
    (True, False)
    """

    values: Mapping[str, tuple[object, ...]] = field(default_factory=lambda: _WHOLE)
    since: dt.date | None = None
    until: dt.date | None = None
    outcomes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.outcomes) or self.since is not None or self.until is not None

    def conditions(self, log: EncodedLog) -> list[str]:
        """Conditions on `case_id`, all but the outcome; an attribute that this log does not keep has none."""
        from crmwidget.data.event_where import attribute_condition, period_condition  # with the first log

        found = [
            attribute_condition(f"a_{log.attributes.index(name)}", values, name)
            for name, values in self.values.items()
            if name in log.attributes
        ]
        return [*found, *period_condition(self.since, just_after(self.until))]

    def without(self, attributes: Iterable[str]) -> LogFilter:
        """The same, these attributes left alone."""
        gone = set(attributes)
        kept = {name: values for name, values in self.values.items() if name not in gone}
        return LogFilter(MappingProxyType(kept), self.since, self.until, self.outcomes)

    @property
    def text(self) -> str:
        """What it says, for reading; empty where it leaves nothing out."""
        parts = [f"{name} {' or '.join(map(value_text, values))}" for name, values in self.values.items()]
        if self.since is not None and self.until is not None:
            parts.append(f"from {self.since} to {self.until}")
        elif self.since is not None:
            parts.append(f"since {self.since}")
        elif self.until is not None:
            parts.append(f"until {self.until}")
        return "; ".join([*parts, *([" or ".join(self.outcomes)] if self.outcomes else [])])

    def __repr__(self) -> str:
        return f"<filter: {self.text}>" if self else "<no filter>"


def log_filter(
    values: Mapping[str, object] | None = None, *, period: object = None, outcome: str | Iterable[str] | None = None
) -> LogFilter:
    """A filter from what people write: one value or several, days as text, one outcome or several.

    Raises
    ------
    DataError
        `period` is not two days, or ends before it begins; there is no such outcome (with the nearest).
    """
    if values is not None and not isinstance(values, Mapping):
        raise DataError(
            f"A filter says of which attribute a value is, such as m.filter(segment={shorten(values)}); given the "
            "value alone."
        )
    if outcome is not None and not isinstance(outcome, Iterable):
        raise DataError(f"outcome={shorten(outcome)} is unknown; {nearest('', OUTCOMES)}.")
    wanted = [outcome] if isinstance(outcome, str) else list(outcome or ())
    for one in wanted:
        if one not in OUTCOMES:
            raise DataError(f"outcome={shorten(one)} is unknown; {nearest(str(one), OUTCOMES)}.")
    chosen = {str(name): _several(given) for name, given in (values or {}).items()}
    for name, several in chosen.items():
        if not several:
            raise DataError(f"{name}= has no value; leave it out, or give one or several.")
    since, until = _period(period)
    return LogFilter(MappingProxyType(chosen), since, until, tuple(dict.fromkeys(wanted)))


def checked_values(chosen: LogFilter, logs: Iterable[EncodedLog], tables: Iterable[BoundTable] = ()) -> None:
    """Raise a `DataError`, with the nearest, unless a log or a table has each attribute, and each value is in it."""
    from crmwidget.data.event_where import value_condition
    from crmwidget.data.filter_choices import attribute_choices, table_choices
    from crmwidget.data.table_filter import column_named, values_of

    kept, attached = list(logs), list(tables)
    if not kept and not attached:
        raise DataError(
            "No event log is attached, and no table, so there is nothing to filter: "
            "m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…, attributes=[…])), or m.attach(frame)."
        )
    names = list(dict.fromkeys(name for log in kept for name in log.attributes))
    columns = [column for table in attached for column in table.columns]
    for name, values in chosen.values.items():
        holding = [(table, column) for table in attached if (column := column_named(table, name)) is not None]
        if name not in names and not holding:
            raise DataError(
                f"No attribute {shorten(name)} is kept; {nearest(name, [*names, *columns, 'period', 'outcome'])}. "
                "EventLog(…, attributes=[…]) says which are."
            )
        having = [log for log in kept if name in log.attributes]
        is_known = [False] * len(values)
        for log in having:
            column = f"a_{log.attributes.index(name)}"
            tests = [f"max(case when {value_condition(column, [value], name)} then 1 else 0 end)" for value in values]
            try:
                (row,) = log.rows(f"select {', '.join(tests)} from {{steps}}", what="Looking for the values")
            except DataError:
                raise DataError(f"A value of {name} to compare with is of another type than the column.") from None
            is_known = [known or bool(hit) for known, hit in zip(is_known, row, strict=True)]
        in_tables = {text for table, column in holding for text in values_of(table, column)}
        is_known = [
            known or (None if value is None else value_text(value)) in in_tables
            for known, value in zip(is_known, values, strict=True)
        ]
        for value, known in zip(values, is_known, strict=True):
            if not known:
                offered = [value_text(choice.value) for log in having for choice in attribute_choices(log, name)]
                offered += [value_text(choice.value) for one in holding for choice in table_choices(*one)]
                raise DataError(
                    f"No case or row has {name} {shorten(value)}; {nearest(value_text(value), offered, noun='values')}."
                )


def value_text(value: object) -> str:
    """A value as a choice is written; a whole number is one, however an engine hands it over.

    Examples
    --------
    >>> value_text(7.0), value_text(7.5), value_text(None)
    ('7', '7.5', 'missing')
    """
    if isinstance(value, float | decimal.Decimal) and value == value // 1:
        return f"{value:.0f}"
    return "missing" if value is None else str(value)


def _several(given: object) -> tuple[object, ...]:
    is_many = isinstance(given, Iterable) and not isinstance(given, str | bytes)
    return tuple(dict.fromkeys(given)) if is_many and isinstance(given, Iterable) else (given,)


def _period(period: Any) -> tuple[dt.date | None, dt.date | None]:
    if period is None:
        return None, None
    if isinstance(period, str) or not isinstance(period, Iterable) or len(ends := list(period)) != 2:
        raise DataError(
            "period= is two days, both in it, such as ('2026-01-01', '2026-06-30'); either may be None; "
            f"given {shorten(period)}."
        )
    since, until = _day(ends[0]), _day(ends[1])
    if since is not None and until is not None and moment_of(since) > moment_of(until):
        raise DataError(f"period= ends before it begins: {since} to {until}.")
    return since, until


def _day(given: object) -> dt.date | None:
    if given is None or isinstance(given, dt.date):
        return given
    try:
        if isinstance(given, str):
            return dt.date.fromisoformat(given) if len(given) == 10 else dt.datetime.fromisoformat(given)
    except ValueError:
        pass
    raise DataError(f"period= has days such as '2026-01-31', dates or datetimes; given {shorten(given)}.")


def moment_of(day: dt.date) -> dt.datetime:
    """A day or a moment as a moment; without a zone it is UTC."""
    if not isinstance(day, dt.datetime):
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return day if day.tzinfo is not None else day.replace(tzinfo=dt.UTC)


def just_after(until: dt.date | None) -> dt.date | None:
    """The first moment that is no longer in the period."""
    if until is None:
        return None
    return until + (dt.timedelta(microseconds=1) if isinstance(until, dt.datetime) else dt.timedelta(days=1))
