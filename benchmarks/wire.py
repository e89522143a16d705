"""Claim: an edit is at most 200 bytes on the wire and a few milliseconds in the kernel, however large the map is.

A step of a what-if's slider costs what it alters, in bytes as a share of the whole answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks import maps
from benchmarks.measuring import Measure, timed
from benchmarks.what_if import a_map
from crmwidget.analysis.what_if import what_if
from crmwidget.crm_map import CrmMap
from crmwidget.sync.session import Session
from crmwidget.view_commands import ViewCommands

LIMIT_BYTES = 200.0
HANDLED_MS = 10.0  # the whole way from the drop to Python; the kernel's part of it has to be less
SHOWN_MS = 30.0  # the whole way from an edit in Python to the screen
SLIDER_SHARE = 0.05  # of the whole answer
CLIENT = "1c9k2zq"  # a view's name is a random number of 32 bits in base 36
SIZES = (100, 1_000, 10_000)


class Kernel:
    """A map with one session, whose messages are kept instead of sent, and one view that has said hello."""

    def __init__(self, model: CrmMap) -> None:
        self.model = model
        model.ensure_placed()
        self.sent: list[dict[str, Any]] = []
        self.session = Session(model, ViewCommands(model), self.sent.append)
        self.session.receive({"op": "hello", "client": CLIENT})
        self._ids = itertools.count(1)
        self.propose("Move", position(0))  # from now on there is something to undo
        self.sent.clear()

    def edit(self, label: str, *changes: dict[str, Any]) -> dict[str, Any]:
        """What a view sends for one gesture."""
        head = {"op": "edit", "client": CLIENT, "id": next(self._ids), "base": self.session.seq}
        return {**head, "label": label, "changes": list(changes)}

    def propose(self, label: str, *changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A gesture and the kernel's answer."""
        message = self.edit(label, *changes)
        self.session.receive(message)
        assert [sent["op"] for sent in self.sent[-1:]] == ["patch"], self.sent
        return message, self.sent[-1]


def position(i: int) -> dict[str, Any]:
    return {"at": ["position", "lifecycle", maps.node(i)], "set": {"x": 12_345.5 + i, "y": -2_345.5, "pinned": True}}


def size(message: object) -> float:
    return float(len(json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()))


def gestures(n: int) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """The edits that hands make most, as the canvas labels and words them."""
    i, j = n // 2, n // 2 + 1
    new = "~1"
    place = {"x": 12_345.5, "y": -2_345.5, "pinned": True}
    return {
        "drag": (f"Move Stage {i}", [position(i)]),
        "rename": ("Rename to Onboarding", [{"at": ["node", maps.node(i)], "set": {"label": "Onboarding"}}]),
        "add": (
            "Add Renewal",
            [
                {"at": ["node", new], "add": {"kind": "stage", "label": "Renewal"}},
                {"at": ["position", "lifecycle", new], "add": place},
            ],
        ),
        "draw a flow": (
            f"Draw Stage {i} → Stage {j}",
            [
                {
                    "at": ["flow", "~2"],
                    "add": {"kind": "flow", "source": maps.node(i), "target": maps.node(j)},
                }
            ],
        ),
        "delete a flow": (f"Delete flow {n // 3}", [{"at": ["flow", f"f{n // 3}"], "remove": True}]),
    }


def payloads(kernel: Kernel, n: int) -> list[Measure]:
    measures = []
    for name, (label, changes) in gestures(n).items():
        to_kernel, to_views = kernel.propose(label, *changes)
        measures += [
            Measure(f"{name} at {n:,}: view to kernel", (size(to_kernel),), "B", LIMIT_BYTES),
            Measure(f"{name} at {n:,}: kernel to views", (size(to_views),), "B", LIMIT_BYTES),
        ]
    kernel.sent.clear()
    kernel.model.graph.nodes[maps.node(1)]["owner"] = "Success"
    kernel.model.flush()
    return [*measures, Measure(f"owner set in Python at {n:,}", (size(kernel.sent[-1]),), "B", LIMIT_BYTES)]


def handling(kernel: Kernel, n: int, repeats: int) -> list[Measure]:
    """Milliseconds in the kernel: from a view's message to the answer, from an edit in Python to the message."""

    def drop(i: int) -> Callable[[], object]:
        message = kernel.edit("Move a stage", position(i))
        return lambda: kernel.session.receive(message)

    def write(i: int) -> None:
        kernel.model.graph.nodes[maps.node(i)]["owner"] = f"Owner {n + i}"
        kernel.model.flush()

    def rows(name: str, work: Callable[[int], Callable[[], object]], limit: float) -> Measure:
        times = []
        for i in range(repeats):
            ready = work(i)
            kernel.sent.clear()
            times.append(timed(ready))
            assert kernel.sent, name
        return Measure(f"{name} at {n:,}", tuple(times), "ms", limit)

    model = kernel.model
    return [
        rows("drop handled", drop, HANDLED_MS),
        rows("attribute written → message", lambda i: lambda: write(i), SHOWN_MS),
        rows("m.update → message", lambda i: lambda: model.update(maps.node(i), owner=f"New {i}"), SHOWN_MS),
        rows("m.add_stage → message", lambda i: lambda: model.add_stage(f"Late {i}"), SHOWN_MS),
        rows("m.add_flow → message", lambda i: lambda: model.add_flow(maps.node(i), f"late_{i}"), SHOWN_MS),
        rows("m.remove → message", lambda i: lambda: model.remove(f"late_{i}"), SHOWN_MS),
        rows("m.undo → message", lambda i: model.undo, SHOWN_MS),
    ]


def documents(kernel: Kernel, n: int, repeats: int) -> list[Measure]:
    """What a late view gets, and what making it costs."""
    widget = kernel.model.widget
    made = tuple(timed(widget.get_state) for _ in range(repeats))
    picture = tuple(timed(lambda: kernel.model._repr_mimebundle_()) for _ in range(repeats))
    data = kernel.model._repr_mimebundle_()
    shown = data[0] if isinstance(data, tuple) else data
    return [
        Measure(f"document of {n:,}", (size(kernel.session.document()) / 1_000,), "kB"),
        Measure(f"get_state at {n:,}", made, "ms"),
        Measure(f"output beside the widget at {n:,}", (size(shown) / 1_000,), "kB"),
        Measure(f"output beside the widget at {n:,}", picture, "ms"),
    ]


def slider(n: int) -> list[Measure]:
    """What a step of a what-if's slider sends: first the whole answer, then what another number alters of it."""
    source = a_map(n)
    model = CrmMap("Tried", elements=source.elements)
    sent: list[dict[str, Any]] = []
    Session(model, ViewCommands(model), sent.append)

    def step(stage: str, **numbers: float) -> float:
        sent.clear()
        model.painters["what_if"].try_out({stage: numbers})  # type: ignore[misc]
        return sum(map(size, sent)) / 1_000

    what_if(model, {"s10": {"duration_days": 2.0}}).show(live=True)
    (whole,) = (size(message) / 1_000 for message in sent)
    near, far = step("s10", duration_days=2.5), step("s0", inflow=31.0)
    return [
        Measure(f"a what-if at {n} stages, painted", (whole,), "kB"),
        Measure("… a slider of one stage moved", (near,), "kB", whole, "the whole", allowed=SLIDER_SHARE),
        Measure("… the inflow of all moved", (far,), "kB", whole, "the whole", allowed=1.0),
    ]


async def one_cell(n: int) -> list[Measure]:
    """10 000 additions as a notebook makes them: on an event loop, in one cell, committed at its end."""
    model = CrmMap("Cell")
    model.ensure_placed()
    sent: list[dict[str, Any]] = []
    Session(model, ViewCommands(model), sent.append)
    model.history.open("cell")
    start = time.perf_counter()
    for i in range(n):
        model.graph.add_node(maps.node(i), label=f"Stage {i}")
    model.flush()
    taken = (time.perf_counter() - start) * 1_000
    model.history.close()
    patches = len(sent)
    while not maps.is_laid_out(model):  # the background's layout comes to this loop
        await asyncio.sleep(0.05)
    return [
        Measure(f"messages of {n:,} add_node in one cell", (float(patches),), "", 1.0),
        Measure(f"{n:,} add_node in one cell, to the message", (taken,), "ms"),
    ]


def run(*, quick: bool) -> list[Measure]:
    measures = []
    for n in (SIZES[0], SIZES[-1]) if quick else SIZES:
        kernel = Kernel(maps.crm_map(n))
        measures += payloads(kernel, n)
        measures += handling(kernel, n, 5 if quick else 11)
        measures += documents(kernel, n, 2 if quick else 3)
        if n < SIZES[-1]:
            measures = [replace(measure, is_main=False) for measure in measures]
    return [*measures, *slider(300), *asyncio.run(one_cell(10_000))]
