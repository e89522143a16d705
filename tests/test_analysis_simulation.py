"""Simulated queues agree with the formulas where there are any, and the same seed gives the same numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from queue_maps import network
from scipy import stats

from crmwidget.analysis.queueing import steady
from crmwidget.analysis.simulation import Simulated, interval, simulated, student_t
from crmwidget.analysis.stage_model import DAYS_A_MONTH, StageModel
from crmwidget.errors import AnalysisError, CancelledError

INF = math.inf
# seeds are fixed, so these are facts and not chances: an interval of 99.9 % leaves room for the many that are looked at
WIDER = 1.9


def played(model: StageModel, *, days: float = 600, n: int = 40, seed: int = 1) -> Simulated:
    return simulated(model, n=n, months=days / DAYS_A_MONTH, seed=seed)


def holds(values: np.ndarray, truth: float) -> bool:
    mean, low, high = (float(of[0]) for of in interval(values.reshape(-1, 1)))
    half = max((high - low) / 2, 1e-9)
    return abs(truth - mean) <= WIDER * half and half < 0.25 * abs(truth)  # and it says something


NETWORKS = {
    "M/M/1": network([[0.0]], inflow=[0.7], duration=[1.0], capacity=[1]),
    "M/M/3": network([[0.0]], inflow=[2.4], duration=[1.0], capacity=[3]),
    "M/D/1": network([[0.0]], inflow=[0.7], duration=[1.0], capacity=[1], scv=[0.0]),
    "M/G/1 of high variation": network([[0.0]], inflow=[0.5], duration=[1.0], capacity=[1], scv=[3.0]),
    "M/M/∞ with a delay": network([[0.0]], inflow=[3.0], duration=[2.0], capacity=[INF], delay=[1.0]),
    "half a server": network([[0.0]], inflow=[0.3], duration=[1.0], capacity=[0.5]),
    "tandem": network([[0, 1], [0, 0]], inflow=[0.7, 0], duration=[1.0, 2.0], capacity=[1, 2]),
    "Jackson, with a way back": network(
        [[0, 0.8, 0.1], [0.2, 0, 0.7], [0, 0, 0]], inflow=[0.5, 0.2, 0], duration=[1.0, 1.6, 0.0], capacity=[2, 3, INF]
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_long_simulations_hold_the_closed_form_within_their_interval(name: str) -> None:
    model = NETWORKS[name]
    expected, found = steady(model), played(model)
    for i in range(len(model.keys)):
        assert holds(found.arrivals[:, i], expected.arrivals[i])
        if expected.time[i]:
            assert holds(found.in_progress[:, i], expected.in_progress[i])
            assert holds(found.time[:, i], expected.time[i])
    assert holds(found.throughput, expected.in_progress.sum() / model.inflow.sum())


def test_the_percentiles_of_an_m_m_1_queue_are_those_of_an_exponential_time() -> None:
    found = played(NETWORKS["M/M/1"], days=2_000)
    mean = 1 / (1 - 0.7)
    assert found.percentiles[0] == pytest.approx(mean * math.log(2), rel=0.1)
    assert found.percentiles[1] == pytest.approx(mean * math.log(20), rel=0.1)


def test_irregular_and_regular_arrivals_wait_longer_and_shorter() -> None:
    model = NETWORKS["M/M/1"]
    waits = [played(replace(model, inflow_scv=scv)).wait.mean() for scv in (0.0, 1.0, 4.0)]
    assert waits[0] < waits[1] < waits[2]


def test_an_overloaded_queue_is_the_longer_the_longer_one_looks() -> None:
    model = network([[0, 1], [0, 0]], inflow=[1.5, 0], duration=[1.0, 0.0], capacity=[1, INF])
    short, long = played(model, days=200), played(model, days=800)
    assert long.in_progress[:, 0].mean() > 3 * short.in_progress[:, 0].mean()
    assert long.arrivals[:, 1].mean() == pytest.approx(1.0, abs=0.05)  # what one server can do


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    model = NETWORKS["Jackson, with a way back"]
    first, again, other = (played(model, days=100, n=5, seed=seed) for seed in (3, 3, 4))
    assert (first.in_progress == again.in_progress).all() and first.percentiles == again.percentiles
    assert (first.in_progress != other.in_progress).any()


def test_what_is_seen_adds_up() -> None:
    """Arrivals × time = number of cases (Little), up to what is under way at both edges."""
    found = played(NETWORKS["Jackson, with a way back"], days=1_500, n=20)
    assert (found.arrivals * found.time)[:, :2] == pytest.approx(found.in_progress[:, :2], rel=0.02)


def test_progress_is_told_and_stops_it() -> None:
    told: list[float | None] = []

    def stop(fraction: float | None, text: str) -> None:
        told.append(fraction)
        if len(told) == 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        simulated(NETWORKS["M/M/3"], n=5, months=60, seed=0, progress=stop)
    assert told[0] is not None and told[1] is not None and 0 < told[0] < told[1] < 1


def test_what_would_take_too_long_is_refused_with_the_way_out() -> None:
    with pytest.raises(AnalysisError, match=r"events in each replication.*fewer months="):
        simulated(network([[0.0]], inflow=[5_000], duration=[1.0], capacity=[INF]), n=5, months=120, seed=0)


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 9, 19, 49, 999])
def test_student_t_is_that_of_scipy(degrees: int) -> None:
    assert student_t(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=2e-3)


def test_an_interval_holds_the_mean_in_95_of_100_cases() -> None:
    values = np.random.default_rng(5).normal(3.0, 2.0, (8, 4_000))
    _, low, high = interval(values)
    assert ((low <= 3.0) & (high >= 3.0)).mean() == pytest.approx(0.95, abs=0.012)


def test_an_interval_of_what_was_seen_once_or_never_is_missing() -> None:
    mean, low, high = interval(np.array([[1.0, np.nan], [np.nan, np.nan]]))
    assert mean[0] == 1.0 and np.isnan([mean[1], *low, *high]).all()
