"""One replication after the other of a network of queues, played event by event in plain Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crmwidget.analysis.stage_model import Floats, StageModel

__all__ = ["Chances", "Play", "Seen"]

DRAWN_AT_ONCE = 1_024
LEAST_SCV = 1e-9  # below it a time does not vary


class Chances:
    """What chance decides, for all replications: each function gives the next value.

    Numbers are drawn by the thousand and handed out one by one: of one at a time the call would be most of the cost.

    Attributes
    ----------
    gap, first
        The time until the next new case, and the stage at which it begins.
    work, pause, onward
        By stage: the time that work takes; that of the delay (None where there is none); where a case goes next (the
        number of stages stands for out of the map).
    """

    def __init__(self, model: StageModel, random: np.random.Generator) -> None:
        n, rate = len(model.keys), float(model.inflow.sum())
        scv = max(model.inflow_scv, LEAST_SCV)
        self.gap = _next(lambda: random.gamma(1.0 / scv, scv / rate, DRAWN_AT_ONCE))
        self.first = _next(lambda: random.choice(n, DRAWN_AT_ONCE, p=model.inflow / rate))

        # each in a function of its own, which holds its own numbers
        def working(pace: float, scv: float) -> Callable[[], float]:
            return _next(lambda: random.gamma(1.0 / scv, pace * scv, DRAWN_AT_ONCE))

        def waiting(mean: float) -> Callable[[], float]:
            return _next(lambda: random.exponential(mean, DRAWN_AT_ONCE))

        def going(bounds: Floats) -> Callable[[], int]:
            return _next(lambda: np.searchsorted(bounds, random.random(DRAWN_AT_ONCE), side="right"))

        variations = np.maximum(model.duration_scv, LEAST_SCV).tolist()
        self.work = [working(pace, scv) for pace, scv in zip(model.pace.tolist(), variations, strict=True)]
        self.pause = [waiting(mean) if mean > 0 else None for mean in model.delay.tolist()]
        ways = np.column_stack([model.routes, model.leaving]).cumsum(axis=1)
        self.onward = [going(bounds[:-1] / bounds[-1]) for bounds in ways]


def _next(draw: Callable[[], NDArray[Any]]) -> Callable[[], Any]:
    def values() -> Iterator[Any]:
        while True:
            yield from draw().tolist()

    return values().__next__


@dataclass(frozen=True, slots=True)
class Seen:
    """What one replication has shown, one entry per stage; days.

    Attributes
    ----------
    n_arrived, n_started, n_left
        Cases that came to the stage, that came to be worked on, and that left it.
    waited, stayed
        How long those that came to be worked on had waited, and those that left had been there, all together.
    area
        The time that cases spent there, within what is observed.
    out
        Of each case that left the map, how long it was in it.
    """

    n_arrived: Floats
    n_started: Floats
    n_left: Floats
    waited: Floats
    stayed: Floats
    area: Floats
    out: Floats


@dataclass(frozen=True, slots=True)
class _There:
    """Who is at each stage at one moment: how many, for how long all together, and how many of them in the queue."""

    n: Floats
    days: Floats
    n_queued: Floats


class Play:
    """Cases that come in, queue, are worked on, wait and go on, from an empty map.

    First `advance` to where what is observed begins and call `begin`, then go on to its end and call `seen`.
    """

    def __init__(self, model: StageModel, chances: Chances) -> None:
        n = len(model.keys)
        self._chances, self._n = chances, n
        self._servers = model.servers.tolist()
        # where a case passes through at once: nothing there has to be waited for
        is_instant = ~np.isfinite(model.capacity) & (model.duration <= 0) & (model.delay <= 0)
        self._is_instant = [*is_instant.tolist(), False]
        self._coming = chances.gap()
        # what is under way: until when, since when the case is at the stage and on the map, and the stage; of a delay
        # n more than that
        self._under_way: list[tuple[float, float, float, int]] = []
        self._queues: list[deque[tuple[float, float]]] = [deque() for _ in range(n)]
        self._busy = [0] * n
        self._forget(0.0)

    def _forget(self, now: float) -> None:
        """Count from now on."""
        self._n_left, self._stayed, self._waited = [0] * self._n, [0.0] * self._n, [0.0] * self._n
        self._out: list[float] = []
        self._before = self._there(now)

    def begin(self, now: float) -> None:
        """What is observed begins."""
        self._forget(now)

    def advance(self, until: float) -> None:
        """Let everything happen that happens before."""
        work, pause, onward = self._chances.work, self._chances.pause, self._chances.onward
        gap, first = self._chances.gap, self._chances.first
        under_way, queues, busy, servers, n = self._under_way, self._queues, self._busy, self._servers, self._n
        n_left, stayed, waited, out = self._n_left, self._stayed, self._waited, self._out
        is_instant, coming = self._is_instant, self._coming
        while True:
            if under_way and under_way[0][0] < coming:
                at, entered, born, stage = under_way[0]
                if at >= until:
                    break
                if stage >= n:
                    heappop(under_way)
                    stage -= n
                else:
                    if queues[stage]:
                        since, its_birth = queues[stage].popleft()
                        waited[stage] += at - since
                        heapreplace(under_way, (at + work[stage](), since, its_birth, stage))
                    else:
                        heappop(under_way)
                        busy[stage] -= 1
                    delay = pause[stage]
                    if delay is not None:
                        heappush(under_way, (at + delay(), entered, born, stage + n))
                        continue
                n_left[stage] += 1
                stayed[stage] += at - entered
                stage = onward[stage]()
            else:
                at = born = coming
                if at >= until:
                    break
                coming = at + gap()
                stage = first()
            while is_instant[stage]:
                n_left[stage] += 1
                stage = onward[stage]()
            if stage == n:
                out.append(at - born)
            elif busy[stage] < servers[stage]:
                busy[stage] += 1
                heappush(under_way, (at + work[stage](), at, born, stage))
            else:
                queues[stage].append((at, born))
        self._coming = coming

    def seen(self, now: float) -> Seen:
        """What has been seen since it began to be observed."""
        before, there = self._before, self._there(now)
        n_left, stayed = np.array(self._n_left, dtype=float), np.array(self._stayed)
        n_arrived = n_left + there.n - before.n
        return Seen(
            n_arrived=n_arrived,
            n_started=n_arrived - (there.n_queued - before.n_queued),
            n_left=n_left,
            waited=np.array(self._waited),
            stayed=stayed,
            area=stayed + there.days - before.days,
            out=np.array(self._out),
        )

    def _there(self, now: float) -> _There:
        there = _There(*(np.zeros(self._n) for _ in range(3)))
        for _, entered, _, stage in self._under_way:
            there.n[stage % self._n] += 1
            there.days[stage % self._n] += now - entered
        for stage, queue in enumerate(self._queues):
            there.n_queued[stage] = len(queue)
            there.n[stage] += len(queue)
            there.days[stage] += sum(now - entered for entered, _ in queue)
        return there
