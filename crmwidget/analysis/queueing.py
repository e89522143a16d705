"""Queues in closed form: how loaded each stage is, how long cases wait there, how many are under way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmwidget.analysis.absorbing import Chain, visits
from crmwidget.analysis.stage_model import Floats, StageModel, checked_ways_out

__all__ = ["Steady", "erlang_c", "steady", "wait_of"]

FULL = 1.0 - 1e-9  # from this utilisation on a queue has no steady state


@dataclass(frozen=True, slots=True)
class Steady:
    """What a network of stages does in the long run; times are days, one entry per stage.

    Attributes
    ----------
    arrivals, departures
        Cases a day; fewer leave an overloaded stage than arrive.
    utilisation
        Share of the capacity that the arriving work takes, above 1 where it is too much; NaN without a capacity.
    wait
        Mean time in the queue; `time` is the whole mean time at the stage, `in_progress` the mean number of cases
        there. NaN where the stage is overloaded, as there the queue grows without end.
    is_reached, is_overloaded
        Whether cases come there at all, and whether more work arrives than can be done.
    chain
        The ways between the stages that cases come to, to be asked with other inflows.
    """

    arrivals: Floats
    departures: Floats
    utilisation: Floats
    wait: Floats
    time: Floats
    in_progress: Floats
    is_reached: NDArray[np.bool_]
    is_overloaded: NDArray[np.bool_]
    chain: Chain

    @property
    def has_no_end(self) -> bool:
        """Whether work in progress grows without end somewhere."""
        return bool(self.is_overloaded.any())

    @property
    def statuses(self) -> list[str]:
        """Of each stage: "ok", "overloaded" or "not reached"."""
        words = np.where(self.is_overloaded, "overloaded", np.where(self.is_reached, "ok", "not reached"))
        return [str(word) for word in words]


def erlang_c(servers: Floats, load: Floats) -> Floats:
    """The probability that an arriving case has to wait, in M/M/c (Erlang C).

    Parameters
    ----------
    servers
        How many work at once, whole numbers of at least 1.
    load
        Arrivals times mean working time, below `servers`.

    Notes
    -----
    By the recursion of Erlang B, which stays exact for many servers, where factorials overflow.

    Examples
    --------
    >>> erlang_c(np.array([1.0, 2.0]), np.array([0.8, 1.0])).round(4).tolist()
    [0.8, 0.3333]
    """
    blocked = np.ones_like(load)
    for k in range(1, int(servers.max(initial=0.0)) + 1):
        blocked = np.where(k <= servers, load * blocked / (k + load * blocked), blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def wait_of(arrivals: Floats, work: Floats, servers: Floats, arrival_scv: Floats, work_scv: Floats) -> Floats:
    """Mean wait in a queue of several servers, utilisation below 1.

    Notes
    -----
    Erlang C for M/M/c, times the mean of the two squared coefficients of variation (Allen, *Probability, Statistics
    and Queueing Theory*, 1990, §5.4, after Cunneen): exact for M/M/c and M/G/1, close otherwise.
    """
    load = arrivals * work
    return erlang_c(servers, load) * work / (servers - load) * (arrival_scv + work_scv) / 2.0


def arrival_scv(model: StageModel, arrivals: Floats) -> Floats:
    """How irregularly cases come to each stage: new ones as measured, those from other stages as if independent."""
    total = model.inflow.sum()
    share_of_new = model.inflow / total
    new = share_of_new * model.inflow_scv + (1.0 - share_of_new)  # a renewal stream that is split at random
    weight = np.divide(model.inflow, arrivals, out=np.zeros_like(arrivals), where=arrivals > 0)
    scv: Floats = 1.0 + np.minimum(weight, 1.0) * (new - 1.0)
    return scv


def steady(model: StageModel, *, known: tuple[StageModel, Steady] | None = None) -> Steady:
    """What the network does in the long run; `known` is another one, and what that does.

    Raises
    ------
    AnalysisError
        No case comes in, or cases go round for ever.

    Notes
    -----
    Arrivals are those of an absorbing Markov chain, (I − Pᵀ) λ = γ (Kemeny and Snell, *Finite Markov Chains*, 1960);
    each stage is then a queue of its own, which is exact for independent arrivals and exponential working times
    (Jackson, 1957). An overloaded stage passes on what it can do and no more: λ = γ + Pᵀ min(λ, c/s) has one solution
    (Goodman and Massey, *The non-ergodic Jackson network*, 1984), found by settling which stages are overloaded.
    """
    before, same = known or (None, None)
    if before is None or before.routes is not model.routes or ((before.inflow > 0) != (model.inflow > 0)).any():
        same = None
    here = checked_ways_out(model) if same is None else same.is_reached
    chain = Chain(np.where(here[:, None], model.routes, 0.0)) if same is None else same.chain
    limited = np.isfinite(model.capacity)
    work, servers = model.pace, model.servers
    most = np.full(len(work), np.inf)
    np.divide(servers, work, out=most, where=limited & (work > 0))
    full = np.zeros(len(work), dtype=bool)
    arrivals = chain.visits(model.inflow)
    for _ in range(len(work) + 1):
        now_full = here & (arrivals >= most * FULL)
        if (now_full == full).all():
            break
        full = now_full
        arrivals = _arrivals(chain, model.inflow, full, most)
    arrivals = np.where(here, np.maximum(arrivals, 0.0), 0.0)
    departures = np.where(full, np.minimum(most, arrivals), arrivals)
    utilisation = np.full(len(work), np.nan)
    np.divide(arrivals * work, servers, out=utilisation, where=limited & here)
    wait = np.where(here, 0.0, np.nan)
    queues = limited & here & ~full
    if queues.any():
        wait[queues] = wait_of(
            arrivals[queues],
            work[queues],
            servers[queues],
            arrival_scv(model, arrivals)[queues],
            model.duration_scv[queues],
        )
    wait[full] = np.nan
    time = wait + work + model.delay
    return Steady(
        arrivals, departures, utilisation, wait, time, np.where(here, arrivals * time, 0.0), here, full, chain
    )


def _arrivals(chain: Chain, inflow: Floats, full: NDArray[np.bool_], most: Floats) -> Floats:
    """Arrivals where the stages in `full` pass on what they can do at most, and all others what arrives."""
    if not full.any():
        return chain.visits(inflow)
    passed_on = np.where(full, most, 0.0)
    routes = chain.routes
    return visits(routes * ~full[:, None], inflow + (routes * passed_on[:, None]).sum(axis=0))
