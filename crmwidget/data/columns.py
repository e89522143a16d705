"""One number from one column: sums, means and shares, with undefined kept undefined."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import Any, Literal

import narwhals as nw

from crmwidget.data.frames import Frame, column_of, is_missing, type_counts
from crmwidget.data.numerals import number_text
from crmwidget.errors import DataError

__all__ = ["AGGREGATES", "DURATION_UNITS", "Aggregate", "aggregate", "as_number"]

Aggregate = Literal["sum", "mean", "median", "min", "max", "count", "nunique", "share"]
AGGREGATES: tuple[Aggregate, ...] = ("sum", "mean", "median", "min", "max", "count", "nunique", "share")

DURATION_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def aggregate(frame: Frame, column: str, how: Aggregate, *, unit: str = "") -> tuple[float | None, int]:
    """One number over a column, and over how many rows it is.

    Parameters
    ----------
    how
        `count`: rows with a value; `nunique`: different values; `share`: true among true and false, a fraction; the
        others as they are called. Rows without a value are left out.
    unit
        For a column of durations: `s`, `min`, `h` or `d` (also without one: days).

    Returns
    -------
    tuple
        The number, None where it is undefined (nothing to aggregate, or not finite), and the number of rows used.

    Raises
    ------
    DataError
        There is no such column, or its type cannot be aggregated so.

    Examples
    --------
    >>> import pandas as pd
    >>> from crmwidget.data.frames import read_frame
    >>> aggregate(read_frame(pd.DataFrame({"won": [True, False, True, None]})), "won", "share")
    (0.6666666666666666, 3)
    """
    series = column_of(frame, column, role="column")
    if how in {"count", "nunique"}:
        series = _without_missing(series)
        n = len(series)
        if how == "count":
            return float(n), n
        values = series.to_list() if series.dtype == nw.Object else None
        distinct = len({repr(value) for value in values}) if values is not None else series.n_unique()
        return (float(distinct) if n else None), n
    numbers = _truths(series, column) if how == "share" else _numbers(series, column, how, unit)
    n = len(numbers)
    if not n:
        return None, 0
    if how in {"share", "mean"}:
        value: Any = numbers.mean()
    else:
        value = {"sum": numbers.sum, "median": numbers.median, "min": numbers.min, "max": numbers.max}[how]()
    return as_number(value), n


def as_number(value: object) -> float | None:
    """A number as float, None where it is missing or not finite; `DataError` naming the type if it is no number."""
    if is_missing(value):
        return None
    if isinstance(value, bool | str | bytes | dt.timedelta) or not hasattr(value, "__float__"):
        raise DataError(f"A figure is one number; this is of type {type(value).__name__}.")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise DataError(f"A figure is one number; this is of type {type(value).__name__}.") from None
    return number if math.isfinite(number) else None


def _without_missing(series: nw.Series[Any]) -> nw.Series[Any]:
    if series.dtype in {nw.Float32, nw.Float64}:
        series = series.filter(~series.is_nan())
    return series.drop_nulls()


def _numbers(series: nw.Series[Any], column: str, how: Aggregate, unit: str) -> nw.Series[Any]:
    dtype = series.dtype
    if dtype == nw.Duration:
        series = series.drop_nulls().dt.total_microseconds() / (1e6 * DURATION_UNITS.get(unit, 86400.0))
    elif dtype == nw.Object or dtype == nw.Unknown:
        values = [value for value in series.to_list() if not is_missing(value)]
        if not all(
            isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool) for value in values
        ):
            raise _unfit(column, how, _types_text(values))
        return nw.new_series("n", [float(v) for v in values], nw.Float64, backend=series.implementation)
    elif not (dtype.is_numeric() or dtype == nw.Boolean):
        raise _unfit(column, how, str(dtype))
    return _without_missing(series.cast(nw.Float64))


def _truths(series: nw.Series[Any], column: str) -> nw.Series[Any]:
    if series.dtype == nw.Boolean:
        return series.drop_nulls().cast(nw.Float64)
    values = [value for value in series.to_list() if not is_missing(value)]
    if not all(isinstance(value, bool) or type(value).__name__ == "bool_" for value in values):
        raise _unfit(column, "share", _types_text(values) if series.dtype == nw.Object else str(series.dtype))
    return nw.new_series("n", [float(v) for v in values], nw.Float64, backend=series.implementation)


def _types_text(values: list[Any]) -> str:
    return ", ".join(f"{number_text(n)} {kind}" for kind, n in type_counts(values).items())


def _unfit(column: str, how: Aggregate, given: str) -> DataError:
    needs = "true and false" if how == "share" else "numbers"
    return DataError(
        f"{how!r} needs {needs}; the column {column!r} holds {given}. 'count' and 'nunique' take any type."
    )
