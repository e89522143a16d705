"""Queues in closed form are what the formulas of the textbooks say, and no number is made up where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_maps import network

from crmwidget.analysis import absorbing
from crmwidget.analysis.queueing import erlang_c, steady
from crmwidget.errors import AnalysisError

INF = math.inf


def textbook_erlang_c(c: int, a: float) -> float:
    """By factorials, as it is printed."""
    waiting = a**c / math.factorial(c) * c / (c - a)
    return waiting / (sum(a**k / math.factorial(k) for k in range(c)) + waiting)


@pytest.mark.parametrize(("c", "a"), [(1, 0.8), (2, 1.0), (3, 2.9), (10, 7.5), (40, 38.0)])
def test_the_recursion_gives_erlang_c(c: int, a: float) -> None:
    assert erlang_c(np.array([float(c)]), np.array([a]))[0] == pytest.approx(textbook_erlang_c(c, a), rel=1e-10)


def test_erlang_c_of_a_thousand_servers_does_not_overflow() -> None:
    assert 0 < erlang_c(np.array([1_000.0]), np.array([990.0]))[0] < 1


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9, 0.99])
def test_one_server_is_m_m_1(load: float) -> None:
    found = steady(network([[0.0]], inflow=[load], duration=[1.0], capacity=[1]))
    assert found.in_progress[0] == pytest.approx(load / (1 - load))
    assert found.time[0] == pytest.approx(1 / (1 - load))
    assert found.utilisation[0] == pytest.approx(load)


def test_several_servers_are_m_m_c() -> None:
    found = steady(network([[0.0]], inflow=[2.5], duration=[1.0], capacity=[3]))
    assert found.wait[0] == pytest.approx(textbook_erlang_c(3, 2.5) / (3 - 2.5))


@pytest.mark.parametrize("scv", [0.0, 0.5, 4.0])
def test_one_server_of_any_working_time_is_pollaczek_and_khinchine(scv: float) -> None:
    found = steady(network([[0.0]], inflow=[0.7], duration=[1.0], capacity=[1], scv=[scv]))
    assert found.wait[0] == pytest.approx(0.7 * (1 + scv) / (2 * (1 - 0.7)))


def test_a_network_with_a_way_back_is_that_of_jackson() -> None:
    """a → b, a third goes back to a: each is an M/M/1 queue of its own at its own arrivals."""
    model = network([[0, 1], [1 / 3, 0]], inflow=[0.4, 0.0], duration=[1.0, 1.5], capacity=[1, 1])
    found = steady(model)
    arrivals = 0.4 / (1 - 1 / 3)
    assert found.arrivals == pytest.approx([arrivals, arrivals])
    assert found.in_progress == pytest.approx([0.6 / 0.4, 0.9 / 0.1])
    assert found.in_progress.sum() / 0.4 == pytest.approx((0.6 / 0.4 + 0.9 / 0.1) / 0.4)  # Little


def test_without_a_capacity_nobody_waits_and_a_delay_is_added() -> None:
    found = steady(network([[0.0]], inflow=[50.0], duration=[2.0], capacity=[INF], delay=[3.0]))
    assert (found.wait[0], found.time[0], found.in_progress[0]) == (0.0, 5.0, 250.0)
    assert math.isnan(found.utilisation[0])


def test_a_capacity_in_part_is_whole_servers_of_another_pace() -> None:
    half = steady(network([[0.0]], inflow=[0.4], duration=[1.0], capacity=[0.5]))
    slow = steady(network([[0.0]], inflow=[0.4], duration=[2.0], capacity=[1]))
    assert half.time[0] == pytest.approx(slow.time[0]) and half.utilisation[0] == pytest.approx(0.8)


# ---- too much work ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("inflow", [1.0, 1.5])
def test_at_full_utilisation_there_is_no_wait_to_tell(inflow: float) -> None:
    found = steady(network([[0, 1], [0, 0]], inflow=[inflow, 0], duration=[1.0, 0.5], capacity=[1, 1]))
    assert found.is_overloaded.tolist() == [True, False]
    assert np.isnan([found.wait[0], found.time[0], found.in_progress[0]]).all()
    assert found.utilisation[0] == pytest.approx(inflow)
    assert found.arrivals[1] == pytest.approx(1.0)  # what the overloaded one can do, and no more
    assert found.time[1] == pytest.approx(0.5 / (1 - 0.5))


def test_what_an_overloaded_stage_holds_back_relieves_the_next() -> None:
    found = steady(network([[0, 1], [0, 0]], inflow=[3, 0], duration=[1, 0.8], capacity=[1, 1]))
    assert found.is_overloaded.tolist() == [True, False]
    assert found.utilisation[1] == pytest.approx(0.8)


def random_networks() -> st.SearchStrategy[tuple[int, int, bool]]:
    return st.tuples(st.integers(1, 7), st.integers(0, 10**6), st.booleans())


@given(random_networks())
@settings(max_examples=200, deadline=None)
def test_arrivals_solve_the_traffic_equations_also_where_some_stages_are_overloaded(
    drawn: tuple[int, int, bool],
) -> None:
    n, seed, limits_all = drawn
    random = np.random.default_rng(seed)
    routes = random.random((n, n)) * (random.random((n, n)) < 0.6)
    routes /= np.maximum(1.0, routes.sum(axis=1, keepdims=True)) / 0.9
    capacity = np.where(limits_all | (random.random(n) < 0.5), random.integers(1, 5, n), INF)
    model = network(
        routes.tolist(),
        inflow=random.random(n).tolist(),
        duration=(random.random(n) * 4).tolist(),
        capacity=capacity.tolist(),
    )
    found = steady(model)
    most = np.where(np.isfinite(capacity), capacity / model.duration, INF)
    passed_on = np.minimum(found.arrivals, most)
    assert found.arrivals == pytest.approx(model.inflow + routes.T @ passed_on, abs=1e-9)
    assert (found.is_overloaded == (found.arrivals >= most * (1 - 1e-9))).all()
    stable = ~found.is_overloaded
    assert found.in_progress[stable] == pytest.approx((found.arrivals * found.time)[stable])  # Little
    if stable.all():  # what comes in goes out
        assert (found.arrivals * model.leaving).sum() == pytest.approx(model.inflow.sum())


@given(random_networks())
@settings(max_examples=50, deadline=None)
def test_arrivals_are_what_walking_step_by_step_adds_up_to(drawn: tuple[int, int, bool]) -> None:
    n, seed, _ = drawn
    random = np.random.default_rng(seed)
    routes = random.random((n, n))
    routes /= routes.sum(axis=1, keepdims=True) / 0.8
    model = network(routes.tolist(), inflow=random.random(n).tolist(), duration=[1.0] * n, capacity=[INF] * n)
    here, walked = model.inflow, np.zeros(n)
    for _ in range(300):
        walked, here = walked + here, here @ routes
    assert steady(model).arrivals == pytest.approx(walked)


@given(st.integers(1, 40), st.floats(0.02, 1.0), st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_taking_out_one_stage_after_the_other_is_solving_the_equations(n: int, density: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    routes = random.random((n, n)) * (random.random((n, n)) < density)
    routes /= np.maximum(1.0, routes.sum(axis=1, keepdims=True)) / 0.95
    inflow = random.random(n)
    assert absorbing.visits(routes, inflow) == pytest.approx(np.linalg.solve(np.eye(n) - routes.T, inflow))


def test_a_map_that_is_too_dense_for_that_is_solved_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    routes, inflow = np.full((6, 6), 0.15), np.arange(6.0)
    step_by_step = absorbing.visits(routes, inflow)
    monkeypatch.setattr(absorbing, "MOST_UPDATES", 10)
    assert absorbing.visits(routes, inflow) == pytest.approx(step_by_step)


def test_a_circle_without_a_way_out_is_said_and_one_that_nobody_enters_does_not_matter() -> None:
    model = network([[0, 1, 0], [0, 0, 1], [0, 1, 0]], inflow=[1, 0, 0], duration=[1] * 3, capacity=[INF] * 3)
    with pytest.raises(AnalysisError, match="Cases never leave 'a', 'b', 'c'"):
        steady(model)
    apart = network([[0, 0, 0], [0, 0, 1], [0, 1, 0]], inflow=[1, 0, 0], duration=[1] * 3, capacity=[INF] * 3)
    found = steady(apart)
    assert found.is_reached.tolist() == [True, False, False]
    assert found.statuses == ["ok", "not reached", "not reached"]
    with pytest.raises(AnalysisError, match="No case comes in"):
        steady(network([[0.0]], inflow=[0], duration=[1], capacity=[1]))
