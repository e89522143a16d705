"""The rows of an attached table that a filter of the map leaves, and what of the filter it cannot be narrowed by."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from crmwidget.data.binding import BoundTable
from crmwidget.data.frames import cell_text, is_missing
from crmwidget.data.log_filter import OUTCOMES, LogFilter, just_after, moment_of, value_text

__all__ = ["NarrowedTable", "column_named", "narrowed_table", "values_of"]

BEGIN_NAMES = (
    "created_at", "created_on", "created", "create_date", "created_date", "opened_at", "opened_on", "open_date",
    "started_at", "start_date", "begun_at", "engage_date",
)  # fmt: skip
_NO_BEGIN = ("clos", "end", "updat", "modif", "won", "lost", "due", "last")  # a date of these is not when a row began


@dataclass(frozen=True, slots=True)
class NarrowedTable:
    """A table as a filter leaves it.

    Attributes
    ----------
    table
        The same table with the rows that are left; the table itself where it cannot be narrowed at all.
    whole
        The table as it is attached.
    by
        What it was narrowed by: names of columns.
    lacks
        What it could not be narrowed by, in words, such as "column segment".
    """

    table: BoundTable
    whole: BoundTable
    by: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it is narrowed by and what not, in words without a stop.

        How many rows are left is not said: answers say that themselves, where it tells of no small group.
        """
        without = " and no ".join(self.lacks)
        if not self.by:
            return f"{self.whole.name} has no {without}: shown unfiltered"
        return f"{self.whole.name} by {' and '.join(self.by)}{f', it has no {without}' if without else ''}"


def narrowed_table(
    bound: BoundTable, filters: LogFilter, outcome_of: Callable[[str], Mapping[str, str]]
) -> NarrowedTable:
    """The rows that meet all of a filter that the table can be narrowed by.

    A column of the filter's name does so, also where it is written otherwise (“Deal owner” for `deal_owner`); for a
    period the column that says when a row began: of a usual name, else the only one of dates that says nothing else.
    How a row ended is said by a column `outcome`, else by the node of its stage. `outcome_of` gives that for the values
    of a stage column.

    Examples
    --------
    >>> import pandas as pd
    >>> from crmwidget.data.binding import Bindings
    >>> from crmwidget.data.log_filter import log_filter
    >>> deals = pd.DataFrame({"Segment": ["A", "B"] * 10, "amount": range(20)})
    >>> bound = Bindings().attach(deals, name="deals", node_ids=[])
    >>> narrowed_table(bound, log_filter({"segment": "A", "owner": "Ada"}), lambda column: {}).text
    'deals by Segment, it has no column owner'
    """
    left = [True] * bound.n_rows
    by: list[str] = []
    lacks: list[str] = []

    def take(column: str | None, lacking: str, test: Callable[[Any], bool]) -> None:
        if column is None:
            lacks.append(lacking)
            return
        by.append(column)
        for place, value in enumerate(bound.frame[column].to_list()):
            left[place] = left[place] and test(value)

    for name, values in filters.values.items():
        wanted = {None if value is None else value_text(value) for value in values}
        take(column_named(bound, name), f"column {name}", lambda value, wanted=wanted: _text(value) in wanted)  # type: ignore[misc]
    if filters.since is not None or filters.until is not None:
        since = None if filters.since is None else moment_of(filters.since)
        end = just_after(filters.until)
        until = None if end is None else moment_of(end)
        take(_begin_column(bound), "date to tell when a row began", lambda value: _is_within(value, since, until))
    if filters.outcomes:
        column, told = _outcomes(bound, outcome_of)
        take(column, "outcome and no stage", lambda value: told.get(_text(value)) in filters.outcomes)
    if not by:
        return NarrowedTable(bound, bound, (), tuple(lacks))
    return NarrowedTable(replace(bound, frame=bound.frame.filter(left)), bound, tuple(by), tuple(lacks))


def column_named(bound: BoundTable, name: str) -> str | None:
    """The column of that name, or the only one that is called so but for case and blanks."""
    if name in bound.columns:
        return name
    alike = [column for column in bound.columns if _folded(column) == _folded(name)]
    return alike[0] if len(alike) == 1 else None


def values_of(bound: BoundTable, column: str) -> Counter[str | None]:
    """The values of a column as text, None for a missing one, and in how many rows each is."""
    return Counter(map(_text, bound.frame[column].to_list()))


def _outcomes(
    bound: BoundTable, outcome_of: Callable[[str], Mapping[str, str]]
) -> tuple[str | None, Mapping[str | None, str]]:
    """The column that says how a row ended, and what each of its values means."""
    column = column_named(bound, "outcome")
    if column is not None:
        said: dict[str | None, str] = {
            value: value.casefold() for value in values_of(bound, column) if value is not None
        }
        if set(said.values()) <= set(OUTCOMES):
            return column, said | {None: "open"}  # where nothing is said yet, it is open
    if bound.stage is None:
        return None, {}
    by_stage: dict[str | None, str] = dict(outcome_of(bound.stage).items())
    return bound.stage, by_stage


def _begin_column(bound: BoundTable) -> str | None:
    dates = [name for name, dtype in bound.frame.schema.items() if dtype == nw.Date or dtype == nw.Datetime]
    named = {_folded(name): name for name in dates}
    likely = next((named[name] for name in BEGIN_NAMES if name in named), None)
    if likely is not None or len(dates) != 1:
        return likely
    return None if any(word in _folded(dates[0]) for word in _NO_BEGIN) else dates[0]


def _is_within(value: Any, since: dt.datetime | None, until: dt.datetime | None) -> bool:
    if is_missing(value):
        return False
    moment = moment_of(value)
    return (since is None or moment >= since) and (until is None or moment < until)


def _text(value: Any) -> str | None:
    return None if is_missing(value) else cell_text(value)


def _folded(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
