"""Claim: a map is laid out at once, or in the background when that would take more than 0.2 seconds."""

from __future__ import annotations

from benchmarks import maps
from benchmarks.measuring import Measure, against, timed
from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import arrange, grid, is_slow

LIMIT_MS = 200.0
LENS = "lifecycle"


def placed(n: int) -> Elements:
    """A map whose nodes all have a place, and one more that has none."""
    elements = maps.elements(n)
    elements.positions[LENS] = {name: {"x": x, "y": y, "pinned": False} for name, (x, y) in grid(elements).items()}
    elements.nodes["newcomer"] = {"kind": "stage", "label": "Newcomer"}
    elements.flows["newest"] = {"source": maps.node(n // 2), "target": "newcomer", "kind": "flow"}
    return elements


def grouped(n: int, groups: int) -> Elements:
    """The same map with its stages in groups of neighbours; every other group lies in the one before."""
    elements = maps.elements(n)
    for i, (name, attributes) in enumerate(list(elements.nodes.items())):
        elements.nodes[name] = {**attributes, "parent": f"group_{i * groups // n}"}
    for g in range(groups):
        inside = {"parent": f"group_{g - 1}"} if g % 2 else {}
        elements.nodes[f"group_{g}"] = {"kind": "group", "label": f"Group {g}", **inside}
    return elements


def largest_at_once() -> int:
    """Nodes of the largest map that is still laid out while one waits."""
    n = 100
    while not is_slow(maps.elements(n + 100)):
        n += 100
    return n


def run(*, quick: bool) -> list[Measure]:
    repeats = 3 if quick else 5
    measures = []
    flat, nested = maps.elements(1_000), grouped(1_000, 20)
    for n in (100, 1_000, largest_at_once(), 10_000):
        elements = maps.elements(n)
        times = tuple(timed(lambda e=elements: arrange(e)) for _ in range(2 if n > 5_000 else repeats))  # type: ignore[misc]
        measures.append(Measure(f"arrange {n:,} nodes", times, "ms", None if is_slow(elements) else LIMIT_MS))
    both = [(timed(lambda: arrange(nested)), timed(lambda: arrange(flat))) for _ in range(repeats)]
    ours, theirs = zip(*both, strict=True)
    measures.append(against("arrange 1,000 nodes in 20 groups", ours, theirs, "ms", "without groups", allowed=2.0))
    for n in (100, 1_000, 10_000):
        elements = placed(n)
        times = tuple(timed(lambda e=elements: arrange(e, only_missing=True)) for _ in range(repeats))  # type: ignore[misc]
        measures.append(Measure(f"place one more at {n:,} nodes", times, "ms"))
    elements = maps.elements(10_000)
    times = tuple(timed(lambda: grid(elements)) for _ in range(repeats))
    measures.append(Measure("provisional grid of 10,000 nodes", times, "ms", LIMIT_MS))
    return measures
