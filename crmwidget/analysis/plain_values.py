"""A table as it may leave the kernel: small groups held back, cells as text, rows as values that JSON can hold."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmwidget.data.numerals import number_text
from crmwidget.data.privacy import is_small, small_text

__all__ = ["cell_text", "records", "without_small_groups"]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or hasattr(value, "__float__")


def without_small_groups(table: pd.DataFrame) -> pd.DataFrame:
    """The table, where a row in which a count (`n_…`) is of 1 to 4 has lost its numbers."""
    counts = [column for column in table.columns if str(column).startswith("n_")]
    if not counts:
        return table
    hidden = [any(is_small(_plain_count(value)) for value in row) for row in table[counts].to_numpy(dtype=object)]
    if not any(hidden):
        return table
    public = table.reset_index(drop=True).astype(object)
    for place, dtype in enumerate(table.dtypes):
        if pd.api.types.is_numeric_dtype(dtype):
            shown = [None if is_held else value for is_held, value in zip(hidden, public.iloc[:, place], strict=True)]
            public.isetitem(place, pd.array(shown, dtype=object))
    return public


def _plain_count(value: Any) -> float | None:
    return None if pd.isna(value) or not _is_number(value) else float(value)


def cell_text(value: Any, was: Any) -> str:
    """A cell for reading; what there `was` and is missing now has been held back."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        is_held_back = pd.api.types.is_scalar(was) and not pd.isna(was)
        return small_text() if is_held_back else number_text(None)
    if _is_number(value) and not isinstance(value, bool):
        return number_text(float(value))
    return str(value)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as values that JSON can hold."""
    names = [str(column) for column in table.columns]
    return [
        {name: _json(value) for name, value in zip(names, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def _json(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return None if pd.api.types.is_scalar(value) else str(value)
    if isinstance(value, bool | str):
        return value
    if isinstance(value, pd.Timedelta):
        return value.total_seconds()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and plain in (float("inf"), float("-inf")):
        return None
    return plain if isinstance(plain, bool | int | float | str) else str(plain)
