"""Claim: algorithms on the live graph cost at most 1.2 times, additions at most 5 times those on a plain graph."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import networkx as nx

from benchmarks import maps
from benchmarks.measuring import Measure, against, timed
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

PEER = "MultiDiGraph"
ALLOWED_FOR_ADDITIONS = 5.0
ALLOWED_FOR_ALGORITHMS = 1.2

ALGORITHMS: dict[str, Callable[[Any], object]] = {
    "strongly connected components": lambda g: sum(1 for _ in nx.strongly_connected_components(g)),
    "distances from 20 nodes": lambda g: [nx.single_source_shortest_path_length(g, maps.node(i)) for i in range(20)],
    "depth-first order": lambda g: list(nx.dfs_preorder_nodes(g)),
    "weakly connected components": lambda g: max(nx.weakly_connected_components(g), key=len),
    "degrees and attributes": lambda g: [(g.degree(n), a.get("owner")) for n, a in g.nodes(data=True)],
}


def add_nodes(g: Any, n: int) -> None:
    for i in range(n):
        g.add_node(maps.node(i), kind="stage", label=f"Stage {i}", owner="Sales")


def add_edges(g: Any, n: int, pairs: list[tuple[int, int]]) -> None:
    for a, b in pairs:
        g.add_edge(maps.node(a), maps.node(b), kind="flow", label="next")


def write_attributes(g: Any, n: int) -> None:
    for i in range(n):
        g.nodes[maps.node(i)]["owner"] = "Support"


def emptied() -> tuple[Any, Any]:
    return MapModel(Elements()).graph, nx.MultiDiGraph()


def mutations(n: int, repeats: int) -> list[Measure]:
    """The same loops on both graphs, in turn."""
    pairs = maps.flows(n)
    loops: dict[str, tuple[Callable[[Any], None], int]] = {
        "add_node": (lambda g: add_nodes(g, n), n),
        "add_edge": (lambda g: add_edges(g, n, pairs), len(pairs)),
        "write an attribute": (lambda g: write_attributes(g, n), n),
    }
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in loops}
    for _ in range(repeats):
        both = emptied()
        for name, (loop, count) in loops.items():
            for graph, times in zip(both, taken[name], strict=True):
                times.append(timed(lambda g=graph, loop=loop: loop(g)) / count * 1_000)  # type: ignore[misc]
    allowed = {"add_node": ALLOWED_FOR_ADDITIONS}
    return [against(f"{name} at {n:,}", *taken[name], "µs", PEER, allowed=allowed.get(name)) for name in loops]


def algorithms(n: int, repeats: int) -> list[Measure]:
    live = MapModel(maps.elements(n)).graph
    plain = live.plain()
    measures, ratios = [], []
    for name, algorithm in ALGORITHMS.items():
        ours, theirs = [], []
        for _ in range(repeats):
            theirs.append(timed(lambda a=algorithm: a(plain)))  # type: ignore[misc]
            ours.append(timed(lambda a=algorithm: a(live)))  # type: ignore[misc]
        measures.append(against(f"{name} at {n:,}", ours, theirs, "ms", PEER, allowed=None))
        ratios.append(statistics.median(ours) / statistics.median(theirs))
    whole = Measure(f"algorithms at {n:,}, in times of {PEER}", tuple(ratios), "×", ALLOWED_FOR_ALGORITHMS)
    return [*measures, whole]


def committing(n: int, repeats: int) -> list[Measure]:
    """What a flush and an undo cost: of the whole map at once, and of one attribute in it."""
    all_at_once, undo_all, one, undo_one = [], [], [], []
    for _ in range(repeats):
        model = MapModel(Elements())
        with model.edit("all"):
            add_nodes(model.graph, n)
            all_at_once.append(timed(model.flush))
        undo_all.append(timed(model.undo))
        model.redo()
        for i in range(5):
            model.graph.nodes[maps.node(i)]["owner"] = f"Owner {i}"
            one.append(timed(model.flush))
            undo_one.append(timed(model.undo))
    return [
        Measure(f"flush of {n:,} new nodes", tuple(all_at_once), "ms"),
        Measure(f"undo of {n:,} new nodes", tuple(undo_all), "ms"),
        Measure(f"flush of one attribute among {n:,}", tuple(one), "ms"),
        Measure(f"undo of one attribute among {n:,}", tuple(undo_one), "ms"),
    ]


def opening(n: int) -> Measure:
    elements = maps.elements(n)
    return Measure(f"a map from plain elements, {n:,}", (timed(lambda: MapModel(elements)),), "ms")


def run(*, quick: bool) -> list[Measure]:
    measures = []
    for n in (1_000, 10_000):
        repeats = (3 if quick else 7) if n == 1_000 else (2 if quick else 4)
        measures += [*mutations(n, repeats), *algorithms(n, repeats), *committing(n, 2), opening(n)]
    return measures
