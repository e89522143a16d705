"""Durations as people read them: one unit that fits, and a dash where there is none."""

from __future__ import annotations

import math

from crmwidget.data.numerals import DASH, number_text

__all__ = ["duration_text"]

_UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))


def duration_text(seconds: float | None) -> str:
    """Seconds in the largest unit of which there is at least one.

    Examples
    --------
    >>> [duration_text(s).replace("\\u202f", " ") for s in (2 * 86_400, 5_400, 90, 0.25, 0, None)]
    ['2 d', '1.5 h', '1.5 min', '0.25 s', '0 s', '–']
    """
    if seconds is None or not math.isfinite(seconds):
        return DASH
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(seconds) >= size), (1.0, "s"))
    return number_text(seconds / size, unit=unit)
