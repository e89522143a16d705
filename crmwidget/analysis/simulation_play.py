"""Replications of a network of queues, played side by side: each step is the next event of every replication."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crmwidget.analysis.stage_model import Floats, StageModel

__all__ = ["Play"]

Ints = NDArray[np.int64]
SURE = 6.0  # standard deviations by which more new cases are drawn than are expected
LEAST_SCV = 1e-9  # below it a time does not vary


class Play:
    """Cases that come in, queue, are worked on, wait and go on, in `n` replications, from an empty map.

    Numpy does one thing to all replications at a time, so a step costs about the same for five as for a hundred.

    Parameters
    ----------
    begin, until
        Days between which is observed.
    """

    def __init__(self, model: StageModel, n: int, begin: float, until: float, random: np.random.Generator) -> None:
        self.begin, self.until, self.now = begin, until, 0.0
        self._random, self._n = random, n
        self._servers, self._delay = model.servers, model.delay
        scv = np.maximum(model.duration_scv, LEAST_SCV)
        self._shape, self._scale = 1.0 / scv, model.pace * scv
        ways = np.column_stack([model.routes, model.leaving])
        self._ways = ways.cumsum(axis=1) / ways.sum(axis=1, keepdims=True)
        self._born, self._first = self._new_cases(model)
        rows, n_cases, n_stages = n, self._born.shape[1], len(model.keys)
        self._next_case = np.zeros(rows, dtype=np.int64)
        self._entered = np.zeros((rows, n_cases))
        # queues are chains of cases: each knows who stands behind it
        self._behind = np.full((rows, n_cases), -1)
        self._head = np.full((rows, n_stages), -1)
        self._tail = np.full((rows, n_stages), -1)
        self._busy = np.zeros((rows, n_stages))
        # what is under way lies in slots: until when, which case, where, and whether it is a delay and no work
        self._until = np.full((rows, 64), np.inf)
        self._case = np.zeros((rows, 64), dtype=np.int64)
        self._stage = np.zeros((rows, 64), dtype=np.int64)
        self._is_delay = np.zeros((rows, 64), dtype=bool)
        self._free = np.tile(np.arange(64), (rows, 1))
        self._n_free = np.full(rows, 64)
        self.n_arrived, self.n_started, self.n_left, self.waited, self.stayed, self.area = (
            np.zeros((rows, n_stages)) for _ in range(6)
        )
        self.out_rows: list[Ints] = []
        self.out_times: list[Floats] = []

    def _new_cases(self, model: StageModel) -> tuple[Floats, Ints]:
        """When new cases come, the last of each replication never; and at which stage they begin."""
        rate, scv = float(model.inflow.sum()), max(model.inflow_scv, LEAST_SCV)
        expected = rate * self.until
        n = math.ceil(expected + SURE * math.sqrt((1.0 + expected) * (1.0 + scv))) + 20
        born = np.empty((self._n, 0))
        while born.shape[1] == 0 or born[:, -1].min() < self.until:
            gaps = self._random.gamma(1.0 / scv, scv / rate, (self._n, n))
            last = born[:, -1:] if born.shape[1] else np.zeros((self._n, 1))
            born = np.hstack([born, last + gaps.cumsum(axis=1)])
        first = self._random.choice(len(model.inflow), size=born.shape, p=model.inflow / rate)
        return born, first.astype(np.int64)

    def step(self) -> bool:
        """Let the next thing happen in each replication; False when all are at their end."""
        every = np.arange(self._n)
        slot = self._until.argmin(axis=1)
        done_at, born_at = self._until[every, slot], self._born[every, self._next_case]
        at = np.minimum(done_at, born_at)
        goes_on = at < self.until
        if not goes_on.any():
            return False
        self.now = float(at[goes_on].min())
        is_new = goes_on & (born_at < done_at)
        new = np.flatnonzero(is_new)
        rows, cases, stages = self._finish(np.flatnonzero(goes_on & ~is_new), slot, at)
        self._enter(
            np.concatenate([new, rows]),
            np.concatenate([self._next_case[new], cases]),
            np.concatenate([self._first[new, self._next_case[new]], stages]),
            at,
        )
        self._next_case[new] += 1
        return True

    def _finish(self, rows: Ints, slot: Ints, at: Floats) -> tuple[Ints, Ints, Ints]:
        """End what lies in these slots; the cases that go on to another stage, and to which."""
        slots = slot[rows]
        cases, stages = self._case[rows, slots], self._stage[rows, slots]
        was_work = ~self._is_delay[rows, slots]
        self._until[rows, slots] = np.inf
        self._free[rows, self._n_free[rows]] = slots
        self._n_free[rows] += 1
        worked, places = rows[was_work], stages[was_work]
        following = self._head[worked, places]
        queued = following >= 0
        self._busy[worked[~queued], places[~queued]] -= 1
        if queued.any():
            calling, where, called = worked[queued], places[queued], following[queued]
            self._head[calling, where] = self._behind[calling, called]
            self._begin_work(calling, called, where, at)
        leaves = ~was_work | (self._delay[stages] <= 0)
        if not leaves.all():
            held = ~leaves
            delays = self._random.exponential(self._delay[stages[held]])
            self._lay(rows[held], cases[held], stages[held], at[rows[held]] + delays, is_delay=True)
        return self._go_on(rows[leaves], cases[leaves], stages[leaves], at)

    def _go_on(self, rows: Ints, cases: Ints, stages: Ints, at: Floats) -> tuple[Ints, Ints, Ints]:
        """Take cases out of their stages, and out of the map where their way ends."""
        moment = at[rows]
        self.area[rows, stages] -= self.until - np.maximum(moment, self.begin)
        is_seen = moment >= self.begin
        self.n_left[rows, stages] += is_seen
        self.stayed[rows, stages] += np.where(is_seen, moment - self._entered[rows, cases], 0.0)
        following = (self._random.random(len(rows))[:, None] >= self._ways[stages]).sum(axis=1)
        is_out = following >= self._ways.shape[1] - 1
        gone = is_out & is_seen
        self.out_rows.append(rows[gone])
        self.out_times.append(moment[gone] - self._born[rows[gone], cases[gone]])
        return rows[~is_out], cases[~is_out], following[~is_out]

    def _enter(self, rows: Ints, cases: Ints, stages: Ints, at: Floats) -> None:
        moment = at[rows]
        self._entered[rows, cases] = moment
        self.area[rows, stages] += self.until - np.maximum(moment, self.begin)
        self.n_arrived[rows, stages] += moment >= self.begin
        has_room = self._busy[rows, stages] < self._servers[stages]
        starts = rows[has_room]
        self._busy[starts, stages[has_room]] += 1
        self._begin_work(starts, cases[has_room], stages[has_room], at)
        waits = ~has_room
        if waits.any():
            queue, case, where = rows[waits], cases[waits], stages[waits]
            self._behind[queue, case] = -1
            is_first = self._head[queue, where] < 0
            self._head[queue[is_first], where[is_first]] = case[is_first]
            rest = ~is_first
            self._behind[queue[rest], self._tail[queue[rest], where[rest]]] = case[rest]
            self._tail[queue, where] = case

    def _begin_work(self, rows: Ints, cases: Ints, stages: Ints, at: Floats) -> None:
        moment = at[rows]
        is_seen = moment >= self.begin
        self.n_started[rows, stages] += is_seen
        self.waited[rows, stages] += np.where(is_seen, moment - self._entered[rows, cases], 0.0)
        times = self._random.standard_gamma(self._shape[stages]) * self._scale[stages]
        self._lay(rows, cases, stages, moment + times, is_delay=False)

    def _lay(self, rows: Ints, cases: Ints, stages: Ints, until: Floats, *, is_delay: bool) -> None:
        if len(rows) and self._n_free[rows].min() == 0:
            self._add_slots()
        self._n_free[rows] -= 1
        slots = self._free[rows, self._n_free[rows]]
        self._until[rows, slots], self._case[rows, slots] = until, cases
        self._stage[rows, slots], self._is_delay[rows, slots] = stages, is_delay

    def _add_slots(self) -> None:
        """Twice as many slots as before."""
        n = self._until.shape[1]
        self._until = np.hstack([self._until, np.full((self._n, n), np.inf)])
        self._case = np.hstack([self._case, np.zeros_like(self._case)])
        self._stage = np.hstack([self._stage, np.zeros_like(self._stage)])
        self._is_delay = np.hstack([self._is_delay, np.zeros_like(self._is_delay)])
        self._free = np.hstack([self._free, np.zeros_like(self._free)])
        for row in range(self._n):
            self._free[row, self._n_free[row] : self._n_free[row] + n] = np.arange(n, 2 * n)
        self._n_free += n
