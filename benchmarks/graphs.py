"""Plain networkx graphs to measure on: stages with an owner, 1.5 labelled edges a stage; nothing of crmwidget."""

from __future__ import annotations

import math
import random
from typing import Any

import networkx as nx

__all__ = ["COLUMN", "FLOWS_A_NODE", "ROW", "columns", "flows", "graph", "node", "placed_graph"]

FLOWS_A_NODE = 1.5
REACH = 40  # how far ahead a flow leads: customer processes are long and not very wide
BACK = 0.05  # the share of flows that lead back
COLUMN, ROW = 280.0, 160.0  # of a placed graph: apart enough for cards


def node(i: int) -> str:
    return f"stage_{i}"


def flows(n: int) -> list[tuple[int, int]]:
    """1.5 n flows: most lead a little ahead, some back; the same in every process."""
    chance = random.Random(7)
    pairs = []
    for _ in range(int(FLOWS_A_NODE * n)):
        a = chance.randrange(n)
        b = min(n - 1, a + chance.randrange(1, REACH))
        pairs.append((b, a) if chance.random() < BACK else (a, b))
    return pairs


def graph(n: int) -> nx.MultiDiGraph[Any]:
    """A plain networkx graph of n stages."""
    g: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for i in range(n):
        g.add_node(node(i), label=f"Stage {i}", owner=f"Owner {i % 6}", description="What happens here")
    for i, (a, b) in enumerate(flows(n)):
        g.add_edge(node(a), node(b), label=f"flow {i}")
    return g


def columns(n: int) -> int:
    """Of a placed graph, so that it is a little wider than high and leaves a margin at the sides of a notebook."""
    return math.ceil(math.sqrt(n * 1.2 * ROW / COLUMN))


def placed_graph(n: int) -> nx.MultiDiGraph[Any]:
    """The same, each node with its x and y: the picture is the same whoever draws it, and nobody pays for a layout."""
    g = graph(n)
    for i in range(n):
        row, column = divmod(i, columns(n))
        g.nodes[node(i)].update(x=column * COLUMN, y=row * ROW)
    return g
