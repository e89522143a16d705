"""How often each stage is visited: an absorbing Markov chain, solved by taking out one stage after the other."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from crmwidget.analysis.stage_model import Floats

__all__ = ["Chain", "visits"]

Shares: TypeAlias = tuple[tuple[int, float], ...]  # a stage, and the share of the cases that come from or go to it

MOST_UPDATES = 100_000  # of single shares; beyond them a map is so dense that a dense solver is faster


def visits(routes: Floats, inflow: Floats) -> Floats:
    """Arrivals at each stage: λ = γ + Pᵀ λ.

    Parameters
    ----------
    routes
        From each stage to each, the share of the cases that leave it; from every stage with an inflow, or that cases
        come to, some way has to lead out.
    inflow
        New cases at each stage.

    Examples
    --------
    A third of those that pass go back once more.

    >>> visits(np.array([[0.0, 1.0], [1 / 3, 0.0]]), np.array([1.0, 0.0])).round(9).tolist()
    [1.5, 1.5]
    """
    return Chain(routes).visits(inflow)


class Chain:
    """The ways between stages, made ready to be asked with one inflow after the other; see `visits`.

    Notes
    -----
    State reduction (Grassmann, Taksar and Heyman, *Regenerative analysis and steady state distributions for Markov
    chains*, 1985): a stage is taken out by leading its cases on to where they go next. A map has few flows a stage, so
    this takes a few thousand steps, in this thread alone; a dense solver starts threads, which on a busy machine wait
    for each other a hundred times as long as they work.
    """

    def __init__(self, routes: Floats) -> None:
        self.routes = routes
        self._taken: list[_Taken] | None = _taken_out(routes)

    def visits(self, inflow: Floats) -> Floats:
        """Arrivals at each stage."""
        if self._taken is None:
            return np.asarray(np.linalg.solve(np.eye(len(inflow)) - self.routes.T, inflow), dtype=np.float64)
        new = inflow.tolist()
        for k, (_, onward, stays) in enumerate(self._taken):
            passed_on = new[k] / stays
            if passed_on:
                for target, share in onward:
                    new[target] += passed_on * share
        found = [0.0] * len(new)
        for k in range(len(new) - 1, -1, -1):
            sources, _, stays = self._taken[k]
            found[k] = (new[k] + sum([found[source] * share for source, share in sources])) / stays
        return np.array(found)


class _Taken(NamedTuple):
    """A stage that was taken out: from which later ones cases come to it, to which they go on, and what stays not."""

    sources: Shares
    onward: Shares
    stays: float


def _taken_out(routes: Floats) -> list[_Taken] | None:
    """Each stage in its turn; None where there are too many ways for that."""
    n = len(routes)
    out: list[dict[int, float]] = [{} for _ in range(n)]
    into: list[dict[int, float]] = [{} for _ in range(n)]
    for source, target in zip(*(side.tolist() for side in np.nonzero(routes)), strict=True):
        out[source][target] = into[target][source] = float(routes[source, target])
    taken = []
    n_updates = 0
    for k in range(n):
        loop = out[k].pop(k, 0.0)
        into[k].pop(k, None)
        stays = 1.0 - loop
        n_updates += len(out[k]) * (len(into[k]) + 1)
        if n_updates > MOST_UPDATES:
            return None
        for target, share in out[k].items():
            onward = share / stays
            row = into[target]
            del row[k]
            for source, before in into[k].items():
                out[source][target] = row[source] = row.get(source, 0.0) + before * onward
        for source in into[k]:
            del out[source][k]
        taken.append(_Taken(tuple(into[k].items()), tuple(out[k].items()), stays))
    return taken
