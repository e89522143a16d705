"""Figures on cards: a number from a node's rows, with its trend, its shape over time and its target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

import narwhals as nw

from crmwidget.data.columns import AGGREGATES, Aggregate, aggregate, as_number
from crmwidget.data.frames import Frame, column_of, read_frame
from crmwidget.data.numerals import DASH, NumberStyle, change_text, number_text
from crmwidget.data.periods import EVERY, Every, Period, full_periods
from crmwidget.data.privacy import THRESHOLD, is_small, small_text
from crmwidget.errors import CrmWidgetError, DataError, nearest, shorten
from crmwidget.shown import Figure, Trend

__all__ = ["Metric", "MetricValue", "evaluate"]

MetricValue: TypeAlias = Callable[[Any], Any] | str | tuple[str, str]  # checked when a metric is made
Format: TypeAlias = str | Callable[[float], str]

NEAR_TARGET = 0.1  # within a tenth of the target is a warning, further off is bad
NO_ROWS = "no rows"
HELD_BACK = "…"  # a few could be worked out from it


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure on a card is made of.

    Attributes
    ----------
    node
        The node on whose card it is.
    label
        What it is called, such as "open".
    value
        `"count"`: the number of rows; `(column, aggregate)` with one of sum, mean, median, min, max, count, nunique,
        share; or a function of the node's rows (in the library that they were attached in) that gives one number.
    target
        The number to reach, in the metric's own unit.
    unit
        `€`, `$`, `£`, `¥` stand in front. `%` means that number and target are fractions, as every rate: 0.964 reads
        "96.4 %". For durations `s`, `min`, `h` or `d`. Anything else follows the number.
    table
        The name of the attached table; None for the only one.
    over
        A column of dates or times. The figure is still over all rows; its trend compares the last full period with
        the one before, and its spark shows up to twelve full periods.
    every
        The length of a period: day, week, month, quarter or year.
    previous
        The number to compare with, instead of the periods.
    higher_is_better
        Whether more is welcome: decides the colour of trend and status.
    format
        How the number is written: "auto", "compact", "full", "percent", or a function of the number.
    """

    node: str
    label: str
    value: MetricValue
    target: float | None = None
    unit: str = ""
    table: str | None = None
    over: str | None = None
    every: str = "month"
    previous: float | None = None
    higher_is_better: bool = True
    format: Format = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.label, str) or not self.label.strip():
            raise DataError(f"A figure needs a label; given {shorten(self.label)}.")
        if self.every not in EVERY:
            raise DataError(f"every={shorten(self.every)} is no period; {nearest(self.every, EVERY)}.")
        if not callable(self.format) and self.format not in get_args(NumberStyle):
            raise DataError(f"format={shorten(self.format)} is unknown; {nearest(self.format, get_args(NumberStyle))}.")
        for name in ("target", "previous"):
            number = getattr(self, name)
            if number is not None and as_number(number) is None:
                raise DataError(f"{name}={shorten(number)} is no finite number.")
        self._check_value()

    def _check_value(self) -> None:
        value: object = self.value
        if callable(value) or value == "count":
            return
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
            if value[1] in AGGREGATES:
                return
            raise DataError(f"{shorten(value[1])} is no aggregate; {nearest(value[1], AGGREGATES)}.")
        raise DataError(
            f"value={shorten(value)} says no figure; allowed: 'count', a pair (column, aggregate) "
            f"with one of {', '.join(AGGREGATES)}, or a function of the node's rows."
        )


def evaluate(metric: Metric, data: object, *, strict: bool = False, whole: Frame | None = None) -> Figure:
    """Work a figure out.

    Parameters
    ----------
    metric
        What to show.
    data
        The node's rows: any table that `read_frame` takes, see `binding.rows_at`.
    strict
        Raise what is wrong with the metric instead of showing it; for the moment in which it is defined.
    whole
        The node's rows before a filter narrowed them: where it leaves out a few only, the number is held back, as the
        two together would tell of those.

    Returns
    -------
    Figure
        `value` is None where it is undefined (`text` "–"), over fewer than 5 rows ("<5"), or over none ("no rows").
        `text` is complete with its unit. What is wrong with a metric is in `hint`.

    Raises
    ------
    DataError
        With `strict`: no such column, a column that cannot be aggregated so, a function that fails or gives no number.

    Examples
    --------
    >>> import pandas as pd
    >>> deals = pd.DataFrame({"value": [100.0, 250.0, 400.0, 300.0, 150.0, None]})
    >>> figure = evaluate(Metric(node="won", label="won", value=("value", "sum"), unit="€", target=1000), deals)
    >>> figure.text.replace("\\u202f", " "), figure.status, figure.progress
    ('€ 1 200', 'good', 1.0)
    """
    frame = data if isinstance(data, nw.DataFrame) else read_frame(data)
    try:
        return _figure(metric, frame, whole)
    except CrmWidgetError as error:
        if strict:
            raise
        return Figure(metric.label, None, DASH, metric.unit, target=metric.target, hint=str(error))


def _figure(metric: Metric, frame: Frame, whole: Frame | None) -> Figure:
    unit = "%" if metric.value != "count" and _is_share(metric) and not metric.unit else metric.unit
    if metric.over is not None:
        _check_times(frame, metric.over)
    value, n_rows = _value(metric, frame)
    figure = Figure(metric.label, value, _text(metric, value, unit), unit, target=metric.target)
    if not len(frame):
        figure.value, figure.text, figure.hint = None, NO_ROWS, "The table has no rows here."
        return figure
    if is_small(n_rows):
        figure.value, figure.text = None, small_text()
        figure.hint = f"Fewer than {THRESHOLD} rows: too few to show without showing single ones."
        return figure
    if whole is not None and (is_small(len(whole) - len(frame)) or is_small(_n_of(metric, whole) - n_rows)):
        figure.value, figure.text = None, HELD_BACK
        figure.hint = f"The filter leaves out fewer than {THRESHOLD} rows here, which the number would tell of."
        return figure
    hints = [f"Over {number_text(n_rows)} of {number_text(len(frame))} rows."]
    if value is None:
        hints.append("There is nothing to work it out from.")
    else:
        figure.status, figure.progress = _against_target(metric, value)
        hints += _add_course(figure, metric, frame, unit, n_rows, whole)
    figure.hint = " ".join(hints)
    return figure


def _value(metric: Metric, frame: Frame) -> tuple[float | None, int]:
    """The number and over how many rows it is."""
    if metric.value == "count":
        return float(len(frame)), len(frame)
    if isinstance(metric.value, tuple):
        column, how = metric.value
        return aggregate(frame, column, cast(Aggregate, how), unit=metric.unit)
    if not len(frame):
        return None, 0
    function = cast(Callable[[Any], Any], metric.value)
    try:
        return as_number(function(frame.to_native())), len(frame)
    except CrmWidgetError as error:
        raise DataError(f"The figure {metric.label!r} cannot be worked out: {error}") from None
    except Exception as error:  # the function is the user's own; its message may hold rows, so it is not repeated
        raise DataError(f"The function of figure {metric.label!r} failed with {type(error).__name__}.") from error


def _text(metric: Metric, value: float | None, unit: str) -> str:
    if value is None:
        return DASH
    if not callable(metric.format):
        return number_text(value, unit=unit, style=_style(metric))
    try:
        return str(metric.format(value))
    except Exception as error:  # the user's own function
        raise DataError(f"The format of figure {metric.label!r} failed with {type(error).__name__}.") from error


def _against_target(metric: Metric, value: float) -> tuple[Literal["good", "warn", "bad", "none"], float | None]:
    target = metric.target
    if target is None:
        return "none", None
    lacking = target - value if metric.higher_is_better else value - target
    progress = None
    if target > 0:
        reached = value / target if metric.higher_is_better else target / value if value > 0 else 1.0
        progress = min(1.0, max(0.0, reached))
    if lacking <= 0:
        return "good", progress
    return ("warn" if lacking <= NEAR_TARGET * abs(target) else "bad"), progress


def _add_course(figure: Figure, metric: Metric, frame: Frame, unit: str, n_rows: int, whole: Frame | None) -> list[str]:
    """Give the figure its trend and spark; what it compares, in words."""
    course = _course(metric, frame, n_rows, whole) if metric.over is not None else []
    if len(course) > 1:
        figure.spark = [number for _, number in course]
    now, before, words = figure.value, metric.previous, "Trend against the number given."
    if before is None and len(course) > 1:
        (earlier, before), (later, now) = course[-2:]
        words = f"Trend: {later.name} against {earlier.name}."
    if now is None or before is None:
        return ["No two full periods to compare."] if metric.over is not None else []
    direction: Literal["up", "down", "flat"] = "flat" if math.isclose(now, before) else "up" if now > before else "down"
    is_good = None if direction == "flat" else (direction == "up") == metric.higher_is_better
    figure.trend = Trend(change_text(now, before, unit=unit, style=_style(metric)), direction, is_good)
    return [words]


def _course(metric: Metric, frame: Frame, n_rows: int, whole: Frame | None) -> list[tuple[Period, float]]:
    """The unbroken run of latest full periods that may be shown, each with its number."""
    assert metric.over is not None
    run: list[tuple[Period, float, int]] = []
    every = cast(Every, metric.every)
    beside = {} if whole is None else {one.start: one.rows for one in full_periods(whole, metric.over, every=every)}
    for period in reversed(full_periods(frame, metric.over, every=every)):
        value, n = _value(metric, period.rows)
        is_empty_sum = n == 0 and (metric.value == "count" or _how(metric) in {"count", "sum"})
        if is_empty_sum:
            value = 0.0
        is_telling = period.start in beside and is_small(_n_of(metric, beside[period.start]) - n)
        if value is None or is_small(n) or is_telling:
            break
        run.append((period, value, n))
    # what is left of the whole when the periods are taken away must not be a small group either
    if run and is_small(n_rows - sum(n for _, _, n in run)):
        run.pop()
    return [(period, value) for period, value, _ in reversed(run)]


def _n_of(metric: Metric, frame: Frame) -> int:
    """Over how many rows the number is."""
    return int(frame[metric.value[0]].count()) if isinstance(metric.value, tuple) else len(frame)


def _how(metric: Metric) -> str | None:
    return metric.value[1] if isinstance(metric.value, tuple) else None


def _style(metric: Metric) -> NumberStyle:
    return "auto" if callable(metric.format) else cast(NumberStyle, metric.format)


def _is_share(metric: Metric) -> bool:
    return _how(metric) == "share"


def _check_times(frame: Frame, over: str) -> None:
    dtype = column_of(frame, over, role="column of times").dtype
    if not (dtype == nw.Datetime or dtype == nw.Date):
        raise DataError(
            f"over={over!r} holds {dtype}, not times; make it dates first, for example with pandas.to_datetime(…)."
        )
