"""The one door for tables: any eager or lazy frame comes in, a checked narwhals frame of our own goes on."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

import narwhals as nw

from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Frame", "cell_text", "column_of", "cure", "is_missing", "read_frame", "type_counts"]

Frame: TypeAlias = nw.DataFrame[Any]


def read_frame(data: object) -> Frame:
    """Take any table in as an eager narwhals frame with string column names.

    Parameters
    ----------
    data
        A pandas or Polars frame, an Arrow table, anything else that narwhals reads; a lazy frame is collected.
        The table may have no rows, but it has at least one column.

    Returns
    -------
    narwhals.DataFrame
        One row per row of `data`, in its order, of the same backend. Later changes of `data` do not reach it.
        Column names that are not strings become strings (`2024` → `"2024"`, levels are joined by `_`).

    Raises
    ------
    DataError
        `data` is no table, has no columns, or two columns have, or would come to have, the same name.

    Examples
    --------
    >>> import pandas as pd
    >>> read_frame(pd.DataFrame({2024: [1], "who": ["Ann"]})).columns
    ['2024', 'who']
    """
    if isinstance(data, nw.DataFrame):
        native = data.to_native()
    elif isinstance(data, nw.LazyFrame):
        native = _collected(data).to_native()
    else:
        native = data
    try:
        frame = nw.from_native(native)
    except nw.exceptions.DuplicateError:
        raise _doubled(_native_names(native)) from None
    except TypeError:
        raise DataError(
            f"This is no table: {_type_name(data)}. Allowed: a pandas or Polars frame, an Arrow table, "
            f"or another frame that narwhals reads{cure(data)}."
        ) from None
    eager = _collected(frame) if isinstance(frame, nw.LazyFrame) else frame
    names = list(eager.columns)
    if not names:
        raise DataError(f"The table has no columns ({_type_name(data)}); a table needs at least one named column.")
    texts = [_column_name(name) for name in names]
    if len(set(texts)) < len(texts):
        raise _doubled(texts)
    owned = _own_copy(eager)
    if texts == names:
        return owned
    # only pandas and its kin allow names that are no text; theirs may have levels, which narwhals cannot rename
    return nw.from_native(owned.to_native().set_axis(texts, axis=1), eager_only=True)


def column_of(frame: Frame, name: str, *, role: str, table: str = "") -> nw.Series[Any]:
    """The column `name`, or a `DataError` that says for what it was wanted and names the nearest column."""
    if name in frame.columns:
        return frame[name]
    where = f" of table {table!r}" if table else ""
    index = nw.maybe_get_index(frame)
    if index is not None and name in list(getattr(index, "names", ())):
        raise DataError(f"The {role} {name!r}{where} is the frame's index, not a column; give frame.reset_index().")
    raise DataError(f"There is no {role} {shorten(name)}{where}; {nearest(name, frame.columns, noun='columns')}.")


def is_missing(value: object) -> bool:
    """Whether a cell says nothing: None, NaN, NaT, NA, or text of nothing but blanks."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NaTType", "NAType"}


def cell_text(value: object) -> str:
    """A cell as the text that it is compared by: whole floats lose their `.0`, so that 7 and 7.0 are one key.

    Examples
    --------
    >>> cell_text(7.0), cell_text(" Won "), cell_text(True)
    ('7', 'Won', 'True')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def type_counts(values: Iterable[object]) -> dict[str, int]:
    """How many cells there are of each type, most frequent first, missing ones left out; names no value."""
    counts = Counter(type(value).__name__ for value in values if not is_missing(value))
    return dict(counts.most_common())


def _collected(frame: nw.LazyFrame[Any]) -> Frame:
    try:
        return frame.collect()
    except Exception as error:  # whatever the engine behind the lazy frame raises
        raise DataError(
            f"The lazy table could not be collected ({type(error).__name__}); collect it yourself and give the result."
        ) from error


def _own_copy(frame: Frame) -> Frame:
    native = frame.to_native()
    if frame.implementation.is_pandas() and frame.implementation._backend_version() >= (3,):
        # copy-on-write: a shallow copy is as safe as a deep one and costs nothing
        return nw.from_native(native.copy(deep=False), eager_only=True)
    return frame.clone()


def _native_names(native: object) -> list[str]:
    named: Any = native
    return [_column_name(name) for name in (named.column_names if hasattr(named, "column_names") else named.columns)]


def _column_name(name: object) -> str:
    if isinstance(name, tuple):
        return "_".join(str(part) for part in name if str(part))
    return str(name)


def _doubled(names: list[str]) -> DataError:
    doubled = [f"{shorten(name)} ({count} times)" for name, count in Counter(names).items() if count > 1]
    more = f" and {len(doubled) - 8} more" if len(doubled) > 8 else ""
    return DataError(
        f"Column names must differ as text; given more than once: {', '.join(doubled[:8])}{more}. "
        "Rename the columns, then give the table again."
    )


def _type_name(data: object) -> str:
    kind = type(data)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def cure(data: object) -> str:
    """How to make a frame of what is none, as the tail of an error message; empty where nobody knows."""
    if isinstance(data, dict | list | tuple):
        return "; pandas.DataFrame(…) makes one of it"
    if isinstance(data, str):
        return "; read the file first, for example with pandas.read_csv"
    if type(data).__name__ == "Series":
        return "; .to_frame() makes one of a column"
    return ""
