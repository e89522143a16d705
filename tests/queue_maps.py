"""Maps of queues for tests: a few words make one."""

from __future__ import annotations

from typing import Any

import numpy as np

import crmwidget as crm
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.analysis.stage_model import StageModel

__all__ = ["a_map", "model_of", "network"]


def a_map(nodes: dict[str, dict[str, Any]], flows: dict[tuple[str, str], float | None]) -> crm.CrmMap:
    """Nodes by id with their attributes; "won" and "lost" are ends; flows with their probability."""
    m = crm.CrmMap(name="Queues")
    for node, about in nodes.items():
        ends = {"kind": "end", "outcome": node} if node in ("won", "lost") else {"kind": "stage"}
        m.graph.add_node(node, label=node.title(), **ends, **about)
    for (source, target), share in flows.items():
        m.graph.add_edge(source, target, kind="flow", **({} if share is None else {"probability": share}))
    return m


def model_of(m: crm.CrmMap) -> StageModel:
    m.flush()
    return calibrated(m, log=None, at=None, case_value=None)


def network(
    routes: list[list[float]],
    *,
    inflow: list[float],
    duration: list[float],
    capacity: list[float],
    scv: list[float] | None = None,
    delay: list[float] | None = None,
) -> StageModel:
    """A model from bare numbers, a day as the unit of time; the last stage means won."""
    n = len(inflow)
    keys = tuple("abcdefgh"[:n])
    return StageModel(
        keys=keys,
        labels=keys,
        nodes=keys,
        routes=np.array(routes, dtype=float),
        inflow=np.array(inflow, dtype=float),
        inflow_scv=1.0,
        duration=np.array(duration, dtype=float),
        duration_scv=np.array(scv or [1.0] * n),
        delay=np.array(delay or [0.0] * n),
        capacity=np.array(capacity, dtype=float),
        case_value=np.full(n, np.nan),
        is_won=np.array([i == n - 1 for i in range(n)]),
    )
