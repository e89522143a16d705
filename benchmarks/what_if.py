"""Claim: a what-if is answered within 16 ms at 300 stages, in closed form, where a simulation takes seconds.

What one step of a slider costs the kernel: from the message of the view to the text that is sent back, with the answer,
its findings, what is painted, and what can be tried; on maps of 10 to 300 stages with skips and ways back. A step of
the working time moves one stage, one of the inflow all of them, and one of a probability their rates too. The answer
alone, and one on a map that was edited just before (so that nothing of it is known), are told beside it. The same means
are simulated at 12 stages: by the package, and by simpy where it is installed (`pip install --group peers`), each
as many replications of as many months; how far each is from the closed form is told with the times.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from benchmarks.measuring import Measure, against, timed
from crmwidget.analysis.queueing import steady
from crmwidget.analysis.simulation import simulated
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.analysis.stage_model import DAYS_A_MONTH, StageModel
from crmwidget.analysis.what_if import what_if
from crmwidget.crm_map import CrmMap
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

LIMIT_MS = 16.0
SIZES = (10, 30, 100, 300)
SIMULATED_STAGES = 12
REPLICATIONS = (5, 10, 50)
MONTHS = 24

Step: TypeAlias = Callable[[int], dict[str, Any]]  # what is tried at each position of a slider


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
    return [*sliders(quick=quick), *against_simulations(quick=quick)]


# ---- a slider is dragged -------------------------------------------------------------------------------


def sliders(*, quick: bool) -> list[Measure]:
    measures = []
    for n in SIZES:
        view = _View(a_map(n))
        steps: dict[str, Step] = {"inflow": lambda i: {"nodes": {"s0": {"inflow": 20.0 + 0.1 * i}}}}
        is_main = n == SIZES[-1]
        if is_main:
            steps["probability"] = lambda i: {"flows": {"f0_1": 0.5 + 0.001 * i}}
            steps["working time"] = lambda i: {"nodes": {f"s{i}": {"duration_days": 2.0 + 0.1 * i}}}
        for what, step in steps.items():
            name = f"a step of the {what} at {n} stages"
            measures += _both(name, partial(view.drag, step), LIMIT_MS, quick=quick, is_main=is_main)
    measures.append(Measure("… the text that is sent", (view.n_bytes / 1_000,), "kB"))
    m = view.map
    model = calibrated(m, log=None, at=None, case_value=None)

    def edited(i: int) -> None:
        m.update("s1", duration_days=3.0 + 0.1 * i)
        what_if(m)

    for name, work in (
        ("… the answer alone (inflow)", lambda i: what_if(m, {"s0": {"inflow": 20.0 + 0.1 * i}})),
        ("… its closed form alone", lambda i: steady(model)),
        (f"the answer at {n} stages after an edit", edited),
    ):
        measures += _both(name, work, None, quick=quick)
    return measures


class _View:
    """A view's side of a map: what it sends is answered at once, in the text that travels."""

    def __init__(self, m: MapModel) -> None:
        self.map = CrmMap(elements=m.elements)
        what_if(self.map).show()
        self._session, self._last_id, self.n_bytes = self.map.widget.session, 0, 0
        self._session._send = self._take
        self._session.receive({"op": "hello", "client": "bench"})

    def drag(self, step: Step, i: int) -> None:
        self._last_id += 1
        self._session.receive({"op": "what_if", "client": "bench", "id": self._last_id, **step(i)})

    def _take(self, message: dict[str, Any]) -> None:
        # as a kernel writes what it sends
        self.n_bytes = len(json.dumps(message, ensure_ascii=False, allow_nan=False).encode())


def _both(
    name: str, work: Callable[[int], object], limit: float | None, *, quick: bool, is_main: bool = False
) -> list[Measure]:
    """Processor time, which is judged, as others may be at work here; and by the clock."""
    busy, wall = [], []
    for i in range(10 if quick else 40):
        gc.collect()
        began, began_busy = time.perf_counter(), time.process_time()
        work(i)
        busy.append((time.process_time() - began_busy) * 1_000)
        wall.append((time.perf_counter() - began) * 1_000)
    return [
        Measure(f"{name}: CPU", tuple(busy), "ms", limit, is_main=is_main),
        Measure("… by the clock", tuple(wall), "ms"),
    ]


# ---- against simulations -------------------------------------------------------------------------------


def against_simulations(*, quick: bool) -> list[Measure]:
    """The same means in closed form, and simulated in so many replications, each with a warm-up of half its time."""
    model = calibrated(a_map(SIMULATED_STAGES), log=None, at=None, case_value=None)
    expected = steady(model)
    closed = float(expected.in_progress.sum() / model.inflow.sum())
    measures = [Measure(f"closed form at {SIMULATED_STAGES} stages", (timed(lambda: steady(model)),), "ms")]
    has_simpy = importlib.util.find_spec("simpy") is not None
    for n in REPLICATIONS[:2] if quick else REPLICATIONS:

        def ours(n: int = n) -> float:
            return float(np.mean(simulated(model, n=n, months=MONTHS, seed=5).throughput))

        def theirs(n: int = n) -> float:
            return float(np.mean([_simpy(model, 1.5 * MONTHS * DAYS_A_MONTH, seed) for seed in range(n)]))

        own = _simulated(ours, 3)
        peer = _simulated(theirs, 1) if has_simpy else None
        name = f"simulating {MONTHS} months {n} times"
        if peer is None:
            measures.append(Measure(f"{name}: CPU", own.busy, "ms"))
        else:
            measures.append(against(f"{name}: CPU", own.busy, peer.busy, "ms", "simpy", is_main=n == 10))
            measures.append(Measure("… simpy's throughput time is apart by", (peer.apart(closed),), "%"))
        measures.append(Measure("… its throughput time is apart by", (own.apart(closed),), "%"))
    return measures


@dataclass(frozen=True, slots=True)
class _Simulated:
    """A mean that was simulated, and the processor time that it took, in milliseconds."""

    mean: float
    busy: tuple[float, ...]

    def apart(self, truth: float) -> float:
        return abs(self.mean / truth - 1.0) * 100


def _simulated(work: Callable[[], float], repeats: int) -> _Simulated:
    busy, mean = [], 0.0
    for _ in range(repeats):
        began = time.process_time()
        mean = work()
        busy.append((time.process_time() - began) * 1_000)
    return _Simulated(mean, tuple(busy))


def _simpy(model: StageModel, days: float, seed: int) -> float:
    """Mean throughput time of the cases that leave after the first third of that time, as simpy plays them."""
    import simpy

    draw = random.Random(seed)
    world = simpy.Environment()
    n = len(model.keys)
    desks = [simpy.Resource(world, capacity=int(c)) if np.isfinite(c) else None for c in model.capacity]
    ways = np.column_stack([model.routes, model.leaving]).cumsum(axis=1).tolist()
    first = int(model.inflow.argmax())
    times: list[float] = []

    def case() -> Any:
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
            at = draw.choices(range(n + 1), cum_weights=ways[at])[0]
        if world.now > days / 3:
            times.append(world.now - born)

    def source() -> Any:
        while True:
            yield world.timeout(draw.expovariate(float(model.inflow.sum())))
            world.process(case())

    world.process(source())
    world.run(until=days)
    return float(np.mean(times))
