"""Cells of a table: as people read them, or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import number_text
from crmwidget.data.privacy import count_text, is_small

if TYPE_CHECKING:
    from crmwidget.data.log_binding import BoundLog

__all__ = ["blank", "cases_text", "count_of", "float_of", "rows_of", "size_text", "time_of"]


def blank(table: pd.DataFrame, rows: Sequence[bool] | pd.Series[bool], columns: Sequence[str]) -> None:
    """Take the cells of some rows out of some columns."""
    chosen = pd.Series(list(rows), index=table.index, dtype="bool")
    for column in columns:
        table[column] = table[column].mask(chosen)


def rows_of(table: pd.DataFrame) -> list[Any]:
    """The rows, whose cells are attributes named like their columns."""
    return list(table.itertuples(index=False))


def float_of(value: Any) -> float | None:
    """A number, or None where it is missing."""
    return None if pd.isna(value) else float(value)


def time_of(value: Any) -> str:
    """A duration for reading, a dash where it is missing."""
    return duration_text(None if pd.isna(value) else value.total_seconds())


def count_of(value: Any) -> str:
    """A count for reading, in full."""
    return number_text(int(value), style="full")


def cases_text(n_cases: int) -> str:
    """How many cases there are, a few without their number.

    Examples
    --------
    >>> cases_text(300), cases_text(3), cases_text(0)
    ('300 cases', '<5 cases', '0 cases')
    """
    return f"{count_text(n_cases)} cases"


def size_text(bound: BoundLog) -> str:
    """Which log was asked and how large it is; of a few cases nothing more is told, as it may be the filter's rest."""
    log = bound.log
    events = "" if is_small(log.n_cases) else f", {count_of(log.n_events)} events"
    return f"Log {bound.name!r}: {cases_text(log.n_cases)}{events}"
