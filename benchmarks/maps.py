"""Maps to measure on: stages with owner and team, 1.5 labelled flows a stage, two figures on each card."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx

import crmwidget as crm
from crmwidget.crm_map import CrmMap
from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import grid, is_slow
from crmwidget.shown import Card, Figure

__all__ = ["FLOWS_A_NODE", "crm_map", "elements", "flows", "graph", "is_laid_out", "node"]

FLOWS_A_NODE = 1.5
REACH = 40  # how far ahead a flow leads: customer processes are long and not very wide
BACK = 0.05  # the share of flows that lead back


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


def elements(n: int) -> Elements:
    """The same as plain elements of a map, which nothing has placed yet."""
    g = graph(n)
    return Elements(
        attributes={"name": f"Bench {n}"},
        nodes={name: {"kind": "stage", **attributes} for name, attributes in g.nodes(data=True)},
        flows={
            f"f{i}": {"source": a, "target": b, "kind": "flow", **attributes}
            for i, (a, b, attributes) in enumerate(g.edges(data=True))
        },
    )


def crm_map(n: int, *, has_figures: bool = True) -> CrmMap:
    """A live map of n stages."""
    m = crm.CrmMap(elements=elements(n))
    if has_figures:
        for i in range(n):
            share = i * 37 % 100 / 100
            conversion = Figure("Conversion", share, f"{share:.0%}", progress=share, status="good")
            m.show_card(node(i), Card([conversion, Figure("Open", i, f"{i:,}")], []))
    return m


def is_laid_out(m: CrmMap) -> bool:
    """Whether the layout of a displayed map is there; a large one shows a provisional grid until then."""
    bare = Elements(nodes=m.elements.nodes, flows=m.elements.flows)
    return not is_slow(bare) or dict(m.positions) != grid(bare)
