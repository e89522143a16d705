"""Microseconds of the engine as columns of durations: a missing one stays missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["durations", "floats", "total_durations"]

_NAT = np.iinfo("int64").min


def durations(microseconds: Any) -> pd.Series[pd.Timedelta]:
    """Durations to the microsecond."""
    return pd.Series(_whole(floats(microseconds)).view("timedelta64[us]"))


def total_durations(microseconds: Any) -> pd.Series[pd.Timedelta]:
    """Sums of durations to the millisecond: in microseconds those of a large log would not fit in 64 bits."""
    return pd.Series(_whole(floats(microseconds) / 1000).view("timedelta64[ms]"))


def floats(values: Any) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Numbers of the engine, NaN where they are missing."""
    filled: Any = np.ma.filled(np.ma.asarray(values, dtype="float64"), np.nan)
    return np.asarray(filled, dtype="float64")


def _whole(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Any:
    return np.where(np.isnan(values), _NAT, np.rint(np.nan_to_num(values))).astype("int64")
