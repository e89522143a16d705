"""How often each stage is visited: an absorbing Markov chain, solved by taking out one stage after the other."""

from __future__ import annotations

import numpy as np

from crmwidget.analysis.stage_model import Floats

__all__ = ["visits"]

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

    Notes
    -----
    State reduction (Grassmann, Taksar and Heyman, *Regenerative analysis and steady state distributions for Markov
    chains*, 1985): a stage is taken out by leading its cases on to where they go next. A map has few flows a stage, so
    this takes a few thousand steps, in this thread alone; a dense solver starts threads, which on a busy machine wait
    for each other a hundred times as long as they work.

    Examples
    --------
    A third of those that pass go back once more.

    >>> visits(np.array([[0.0, 1.0], [1 / 3, 0.0]]), np.array([1.0, 0.0])).round(9).tolist()
    [1.5, 1.5]
    """
    n = len(inflow)
    out: list[dict[int, float]] = [{} for _ in range(n)]
    into: list[dict[int, float]] = [{} for _ in range(n)]
    for source, target in zip(*(side.tolist() for side in np.nonzero(routes)), strict=True):
        out[source][target] = into[target][source] = float(routes[source, target])
    new = inflow.tolist()
    taken: list[tuple[dict[int, float], float, float]] = []
    n_updates = 0
    for k in range(n):
        loop = out[k].pop(k, 0.0)
        into[k].pop(k, None)
        stays = 1.0 - loop
        n_updates += len(out[k]) * (len(into[k]) + 1)
        if n_updates > MOST_UPDATES:
            return np.asarray(np.linalg.solve(np.eye(n) - routes.T, inflow), dtype=np.float64)
        for target, share in out[k].items():
            onward = share / stays
            new[target] += new[k] * onward
            row = into[target]
            del row[k]
            for source, before in into[k].items():
                out[source][target] = row[source] = row.get(source, 0.0) + before * onward
        for source in into[k]:
            del out[source][k]
        taken.append((into[k], stays, new[k]))
    found = [0.0] * n
    for k in range(n - 1, -1, -1):
        sources, stays, own = taken[k]
        found[k] = (own + sum(found[source] * share for source, share in sources.items())) / stays
    return np.array(found)
