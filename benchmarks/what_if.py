"""Claim: a what-if is answered within 16 ms at 300 stages, in closed form, where a simulation takes seconds.

The whole answer is timed (table, findings, what is painted), on maps of 10 to 300 stages with skips and ways back, and
the closed form within it. The same means are simulated at 12 stages: by the package, and by simpy where it is
installed (`pip install --group peers`); how far each is from the closed form is told with the times.
"""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks.measuring import Measure, timed
from crmwidget.analysis.queueing import steady
from crmwidget.analysis.simulation import simulated
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.analysis.stage_model import DAYS_A_MONTH, StageModel
from crmwidget.analysis.what_if import what_if
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

LIMIT_MS = 16.0
SIZES = (10, 30, 100, 300)
SIMULATED_STAGES = 12
N_CASES = 20_000
REPLICATIONS = 50


def a_map(n: int, *, seed: int = 3) -> MapModel:
    """`n` stages in a row with ways back, skips and losses; utilisation 60 to 88 %."""
    draw = np.random.default_rng(seed)
    routes = np.zeros((n, n + 2))
    for i in range(n):
        on, back, skip = 0.8 + 0.1 * draw.random(), 0.06 * draw.random() if i else 0.0, 0.04 * draw.random()
        routes[i, i + 1 if i + 1 < n else n] += on
        routes[i, i + 2 if i + 2 < n else n] += skip
        routes[i, max(0, i - 1 - int(draw.integers(3)))] += back
        routes[i, n + 1] += 1.0 - on - back - skip
    arrivals = np.linalg.solve((np.eye(n) - routes[:, :n]).T, np.eye(n)[0])
    work, load = draw.uniform(2, 12, n), draw.uniform(0.6, 0.88, n)
    nodes: dict[str, Mapping[str, Any]] = {}
    for i in range(n):
        capacity = max(1, int(np.ceil(arrivals[i] * work[i] / load[i])))
        inflow = {} if i else {"inflow": DAYS_A_MONTH}  # one a day
        times = {"duration_days": float(work[i]), "capacity": capacity, **inflow}
        nodes[f"s{i}"] = {"kind": "stage", "label": f"S{i}", **times}
    nodes["won"] = {"kind": "end", "label": "Won", "outcome": "won", "case_value": 1_000}
    nodes["lost"] = {"kind": "end", "label": "Lost", "outcome": "lost"}
    names = list(nodes)
    flows: dict[str, Mapping[str, Any]] = {
        f"f{i}_{j}": {"source": names[i], "target": names[j], "kind": "flow", "probability": float(routes[i, j])}
        for i, j in zip(*np.nonzero(routes), strict=True)
    }
    return MapModel(Elements(nodes=nodes, flows=flows))


def run(*, quick: bool) -> list[Measure]:
    repeats = 10 if quick else 40
    measures = []
    for n in SIZES:
        m = a_map(n)
        model = calibrated(m, log=None, at=None, case_value=None)
        whole, inner, busy = [], [], []
        for i in range(repeats):
            asked = partial(what_if, m, {f"s{i % n}": {"duration_days": 2.0 + 0.1 * i}})
            whole.append(timed(asked))
            began = time.process_time()
            asked()
            busy.append((time.process_time() - began) * 1_000)
            inner.append(timed(partial(steady, model)))
        is_main = n == SIZES[-1]
        measures.append(Measure(f"what-if at {n} stages", tuple(whole), "ms", LIMIT_MS, is_main=is_main))
        measures.append(Measure("… of it processor time", tuple(busy), "ms"))
        measures.append(Measure("… closed form alone", tuple(inner), "ms"))
    return [*measures, *against_simulations(quick=quick)]


def against_simulations(*, quick: bool) -> list[Measure]:
    """The same means in closed form and simulated."""
    model = calibrated(a_map(SIMULATED_STAGES), log=None, at=None, case_value=None)
    answers: dict[str, float] = {}

    def closed() -> None:
        answers["closed"] = float(steady(model).in_progress.sum() / model.inflow.sum())

    def ours() -> None:
        months = N_CASES / REPLICATIONS / DAYS_A_MONTH / (4 if quick else 1)
        found = simulated(model, n=REPLICATIONS, months=months, seed=5)
        answers["simulated"] = float(np.mean(found.throughput))

    closed_ms = timed(closed)
    measures = [Measure(f"closed form at {SIMULATED_STAGES} stages", (closed_ms,), "ms")]
    peers = [("own simulation", "simulated", ours)]
    if importlib.util.find_spec("simpy") is not None:

        def theirs() -> None:
            answers["simpy"] = _simpy(model, N_CASES // (4 if quick else 1))

        peers.append(("simpy", "simpy", theirs))
    for name, key, work in peers:
        taken = timed(work)
        measures.append(Measure(f"{name}, the same means", (taken,), "ms", closed_ms, "closed form", allowed=None))
        apart = abs(answers[key] / answers["closed"] - 1.0) * 100
        measures.append(Measure("… its throughput time is apart by", (apart,), "%"))
    return measures


def _simpy(model: StageModel, n_cases: int) -> float:
    """Mean throughput time of cases after the first tenth, as simpy plays them."""
    import simpy

    draw = random.Random(5)
    world = simpy.Environment()
    n = len(model.keys)
    desks = [simpy.Resource(world, capacity=int(c)) if np.isfinite(c) else None for c in model.capacity]
    ways = np.column_stack([model.routes, model.leaving]).tolist()
    first = int(model.inflow.argmax())
    times: list[float] = []

    def case(number: int) -> Any:
        born, at = world.now, first
        while at < n:
            desk, mean = desks[at], float(model.duration[at])
            work = draw.expovariate(1.0 / mean) if mean else 0.0
            if desk is None:
                yield world.timeout(work)
            else:
                with desk.request() as turn:
                    yield turn
                    yield world.timeout(work)
            at = draw.choices(range(n + 1), ways[at])[0]
        if number >= n_cases // 10:
            times.append(world.now - born)

    def source() -> Any:
        for number in range(n_cases):
            yield world.timeout(draw.expovariate(float(model.inflow.sum())))
            world.process(case(number))

    world.process(source())
    world.run()
    return float(np.mean(times))
