"""Cells of a table: as people read them, or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import number_text

__all__ = ["blank", "count_of", "float_of", "rows_of", "time_of"]


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
