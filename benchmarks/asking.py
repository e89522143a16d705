"""Claim: while a question that a view asked computes, the view's edits are answered as if it did not."""

from __future__ import annotations

import asyncio
import time

import pandas as pd

import crmwidget as crm
from benchmarks import maps
from benchmarks.measuring import Measure, against, timed
from benchmarks.wire import HANDLED_MS, Kernel, position
from crmwidget.analysis import registry
from crmwidget.graph.model import MapModel
from crmwidget.still_map import keep

NODES = 10_000
COMPUTES_S = 3.0
ASKED_MS = 50.0  # what asking may hold up on a large map, most of it the hand-over to the question's thread


@crm.question(title="Bench: busy", name="bench_busy")
def busy(m: MapModel) -> crm.Result:
    """Keeps a core busy in pure Python, as the worst neighbour of the main thread does."""
    end, n = time.monotonic() + COMPUTES_S, 0
    while time.monotonic() < end:
        n = sum(i * i for i in range(1_000))
    return crm.Result("bench_busy", "Busy", pd.DataFrame({"n": [n]}))


@crm.question(title="Bench: quick", name="bench_quick")
def quick(m: MapModel) -> crm.Result:
    """Answers at once, so that what is left is the asking itself."""
    return crm.Result("bench_quick", "Quick", pd.DataFrame({"n": [len(m.graph)]}))


def asked(kernel: Kernel, question: str) -> float:
    """Milliseconds that asking takes the main thread, before the question is at work."""
    message = kernel.edit("") | {"op": "ask", "question": question}
    wanted = {name: message[name] for name in ("op", "client", "id", "question")}
    return timed(lambda: kernel.session.receive(wanted))


async def answered(kernel: Kernel, question: str) -> None:
    while question not in kernel.model.overlays:
        await asyncio.sleep(0.05)
    kernel.model.paint(question, None)


def edits(kernel: Kernel, repeats: int) -> list[float]:
    """Milliseconds from a view's message to its answer."""
    times = []
    for i in range(repeats):
        message = kernel.edit("Move a stage", position(i))
        kernel.sent.clear()
        times.append(timed(lambda message=message: kernel.session.receive(message)))  # type: ignore[misc]
        assert kernel.sent
    return times


async def while_it_computes(kernel: Kernel, repeats: int) -> list[Measure]:
    begun = []
    for _ in range(repeats):
        begun.append(asked(kernel, "bench_quick"))
        await answered(kernel, "bench_quick")
    idle = edits(kernel, repeats)
    asked(kernel, "bench_busy")
    await asyncio.sleep(0.5)  # the copy of the map is made
    meanwhile = edits(kernel, repeats)
    await answered(kernel, "bench_busy")
    return [
        Measure(f"asking holds up, at {NODES:,}", tuple(begun), "ms", ASKED_MS),
        Measure(f"edit while a question computes, at {NODES:,}", tuple(meanwhile), "ms", HANDLED_MS),
        against("… against the same without one", meanwhile, idle, "ms", "idle", allowed=None),
    ]


def run(*, quick: bool) -> list[Measure]:
    repeats = 5 if quick else 15
    kernel = Kernel(maps.crm_map(NODES))
    registry.questions()  # as the menu has listed them
    try:
        measures = asyncio.run(while_it_computes(kernel, repeats))
    finally:
        registry.forget("bench_busy")
        registry.forget("bench_quick")
    noted = tuple(timed(lambda: keep(kernel.model)) for _ in range(repeats))
    make = keep(kernel.model)
    made = tuple(timed(make) for _ in range(2 if quick else 5))
    return [
        *measures,
        Measure(f"noting a map of {NODES:,}", noted, "ms"),
        Measure(f"making the copy of {NODES:,}, in the question's thread", made, "ms"),
    ]
