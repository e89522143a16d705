"""Cases played through a network of queues, in many replications: intervals and percentiles of what is seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from crmwidget.analysis.queueing import steady
from crmwidget.analysis.simulation_play import Chances, Play, Seen
from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel
from crmwidget.errors import AnalysisError

__all__ = ["Simulated", "interval", "simulated", "student_t"]

LEVEL = 0.95
MOST_STEPS = 5_000_000  # events of one replication
WARM_UP_TIMES = 4.0  # throughput times
TOLD_EVERY = 10_000  # events


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was seen, one row per replication; days, and NaN where nothing was seen.

    Attributes
    ----------
    arrivals, in_progress, wait, time
        (replication, stage): cases a day that arrive, mean number of cases there, mean wait of those that came to be
        worked on, mean time of those that left.
    throughput
        Mean time of the cases that left the map, by replication.
    percentiles
        The median and the 95th percentile of that time, over all cases of all replications.
    model
        What was simulated; `months` how long, after `warm_up_months`.
    """

    model: StageModel
    arrivals: Floats
    in_progress: Floats
    wait: Floats
    time: Floats
    throughput: Floats
    percentiles: tuple[float, float]
    months: float
    warm_up_months: float

    def columns(self) -> dict[str, Floats]:
        """Means and intervals as columns, the whole map first."""
        model = self.model
        won = np.where(model.is_won, self.arrivals, np.nan) * DAYS_A_MONTH
        revenue = self.arrivals * model.case_value * DAYS_A_MONTH
        limited = np.isfinite(model.capacity)
        wait = np.where(limited, self.wait, np.nan)
        whole_wait = _summed(np.where(limited, self.wait * self.arrivals, np.nan)) / model.inflow.sum()
        found: dict[str, Floats] = {}
        for name, whole, each in (
            ("wait", whole_wait, wait),
            ("throughput_time", self.throughput, self.time),
            ("work_in_progress", self.in_progress.sum(axis=1), self.in_progress),
            ("won_per_month", _summed(won), won),
            ("revenue_per_month", _summed(revenue), revenue),
        ):
            mean, low, high = interval(np.column_stack([whole, each]))
            found |= {f"{name}_simulated": mean, f"{name}_low": low, f"{name}_high": high}
        for name, value in zip(("p50", "p95"), self.percentiles, strict=True):
            found[f"throughput_time_{name}"] = np.array([value, *[np.nan] * len(model.keys)])
        return found


def _summed(values: Floats) -> Floats:
    """The sum of each row's defined values; NaN where there is none."""
    nothing = np.isnan(values).all(axis=1)
    return np.where(nothing, np.nan, np.nansum(values, axis=1))


def interval(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean of each column over its rows (the replications that saw something), and its 95 % interval."""
    n = (~np.isnan(values)).sum(axis=0)
    mean = np.divide(np.nansum(values, axis=0), n, out=np.full(values.shape[1], np.nan), where=n > 0)
    squares = np.nansum((values - mean) ** 2, axis=0)
    half = np.full(values.shape[1], np.nan)
    for column in np.flatnonzero(n > 1):
        count = int(n[column])
        half[column] = student_t(count - 1) * math.sqrt(squares[column] / (count - 1) / count)
    return mean, mean - half, mean + half


def student_t(degrees: int, level: float = LEVEL) -> float:
    """How many standard errors to each side hold a mean with that probability, by Student's t.

    Notes
    -----
    One and two degrees of freedom have a closed form; from three on by Hill's expansion (*Algorithm 396*, 1970), good
    to 0.001.

    Examples
    --------
    >>> round(student_t(4), 2), round(student_t(30), 3)
    (2.78, 2.042)
    """
    tail = 1.0 - level
    if degrees == 1:
        return math.tan(math.pi / 2 * level)
    if degrees == 2:
        return math.sqrt(2.0 / (tail * (2.0 - tail)) - 2.0)
    a = 1.0 / (degrees - 0.5)
    b = 48.0 / a**2
    c = ((20_700.0 * a / b - 98.0) * a - 16.0) * a + 96.36
    d = ((94.5 / (b + c) - 3.0) / b + 1.0) * math.sqrt(a * math.pi / 2.0) * degrees
    y = (d * tail) ** (2.0 / degrees)
    if y > a + 0.05:
        x = NormalDist().inv_cdf(tail / 2.0)
        y = x * x
        if degrees < 5:
            c += 0.3 * (degrees - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x
        y = math.expm1(a * y * y)
    else:
        y = (
            (
                1.0 / (((degrees + 6.0) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2.0) * 3.0)
                + 0.5 / (degrees + 4.0)
            )
            * y
            - 1.0
        ) * (degrees + 1.0) / (degrees + 2.0) + 1.0 / y
    return math.sqrt(degrees * y)


def simulated(
    model: StageModel,
    *,
    n: int,
    months: float,
    seed: int,
    progress: Callable[[float | None, str], None] | None = None,
) -> Simulated:
    """Play `n` replications of so many months each, after a warm-up.

    Raises
    ------
    AnalysisError
        So many cases would come that it would take too long.
    """
    expected = steady(model)
    throughput = float(expected.in_progress.sum() / model.inflow.sum())  # NaN where a stage is overloaded
    days = months * DAYS_A_MONTH
    warm_up = max(days / 2.0, WARM_UP_TIMES * throughput if math.isfinite(throughput) else 0.0)
    steps = 2.0 * (days + warm_up) * float(expected.arrivals.sum() + model.inflow.sum())
    if steps > MOST_STEPS:
        raise AnalysisError(
            f"Simulating {months:g} months would take about {steps:,.0f} events in each replication; at most "
            f"{MOST_STEPS:,} are allowed. Give fewer months="
        )
    chances, until = Chances(model, np.random.default_rng(seed)), warm_up + days
    moments = np.union1d(np.linspace(0.0, until, 2 + int(steps / TOLD_EVERY))[1:], [warm_up]).tolist()
    seen = []
    for replication in range(n):
        play = Play(model, chances)
        for moment in moments:
            play.advance(moment)
            if moment == warm_up:
                play.begin(moment)
            if progress is not None:
                progress((replication + moment / until) / n, "Simulating")
        seen.append(play.seen(until))
    return _together(model, seen, months, warm_up)


def _together(model: StageModel, seen: list[Seen], months: float, warm_up: float) -> Simulated:
    days = months * DAYS_A_MONTH
    times = np.concatenate([one.out for one in seen])
    nothing = np.nan, np.nan
    percentiles = tuple(map(float, np.percentile(times, (50, 95)))) if len(times) else nothing

    def each(name: str) -> Floats:
        return np.array([getattr(one, name) for one in seen])

    return Simulated(
        model=model,
        arrivals=each("n_arrived") / days,
        in_progress=each("area") / days,
        wait=_ratio(each("waited"), each("n_started")),
        time=_ratio(each("stayed"), each("n_left")),
        throughput=np.array([one.out.mean() if len(one.out) else np.nan for one in seen]),
        percentiles=(percentiles[0], percentiles[1]),
        months=months,
        warm_up_months=warm_up / DAYS_A_MONTH,
    )


def _ratio(part: Any, whole: Any) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return ratio
