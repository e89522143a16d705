"""What the cases of an event log can be filtered by, and how many have it; small groups are not offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from crmwidget.data.binding import BoundTable
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.privacy import hidden_counts, is_small
from crmwidget.data.table_filter import values_of

__all__ = [
    "MOST_VALUES",
    "Choice",
    "attribute_choices",
    "first_and_last_day",
    "table_choices",
    "with_few_values",
    "without_small",
]

MOST_VALUES = 40  # an attribute with more is no segment: nobody looks for one of thousands in a menu
CHOICES_SQL = (
    "select VALUE as value, count(distinct case_id) as n_cases from {steps} group by VALUE order by n_cases desc, value"
)
PERIOD_SQL = "select min(first_at_us), max(first_at_us) from {cases}"
_KNOWN: WeakKeyDictionary[EncodedLog, dict[str, tuple[Choice, ...]]] = WeakKeyDictionary()
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value, and in how many cases it is; None where that is held back, as it would tell of a small group."""

    value: object
    n_cases: int | None


def attribute_choices(log: EncodedLog, name: str) -> tuple[Choice, ...]:
    """The values of an attribute that at least 5 cases have, most frequent first; at most `MOST_VALUES` and two."""
    known = _KNOWN.setdefault(log, {})
    if name not in known:
        column = f"a_{log.attributes.index(name)}"
        found = log.rows(
            # two more, so that there are too many even if the missing one is among them
            f"{CHOICES_SQL.replace('VALUE', column)} limit {MOST_VALUES + 2}",
            what="Looking for what can be chosen",
        )
        known[name] = without_small([(value, int(n)) for value, n in found])
    return known[name]


def table_choices(table: BoundTable, column: str) -> tuple[Choice, ...]:
    """The same of a column of an attached table, whose values are told as text."""
    counts = values_of(table, column)
    return without_small(counts.most_common(MOST_VALUES + 2)) if len(counts) <= MOST_VALUES + 1 else ()


def with_few_values(log: EncodedLog) -> list[str]:
    """The attributes that can be chosen from a menu: with at least two values, and not too many."""
    found = []
    for name in log.attributes:
        offered = [choice for choice in attribute_choices(log, name) if choice.value is not None]
        if 1 < len(offered) <= MOST_VALUES:
            found.append(name)
    return found


def first_and_last_day(log: EncodedLog) -> tuple[str, str]:
    """The first and last day of the months in which cases begin: no day of a single case is told."""
    first_us, last_us = log.rows(PERIOD_SQL)[0]
    if first_us is None:
        return "", ""
    first, last = (_EPOCH + dt.timedelta(microseconds=int(us)) for us in (first_us, last_us))
    following = (last.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return first.replace(day=1).date().isoformat(), (following - dt.timedelta(days=1)).date().isoformat()


def without_small(counts: Sequence[tuple[object, int]]) -> tuple[Choice, ...]:
    """The choices of at least 5 cases, with the counts that tell nothing of smaller ones.

    Examples
    --------
    >>> without_small([("North", 40), ("South", 12), ("West", 2)])
    (Choice(value='North', n_cases=40), Choice(value='South', n_cases=None))
    """
    cells = {str(place): n for place, (_, n) in enumerate(counts)}
    hidden = hidden_counts({"all": list(cells), **{place: [place] for place in cells}}, cells)
    return tuple(
        Choice(value, None if str(place) in hidden else n)
        for place, (value, n) in enumerate(counts)
        if n and not is_small(n)
    )
