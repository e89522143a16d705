"""Maps to measure on: stages with owner and team, 1.5 labelled flows a stage, two figures on each card."""

from __future__ import annotations

import crmwidget as crm
from benchmarks.graphs import FLOWS_A_NODE, flows, graph, node
from crmwidget.crm_map import CrmMap
from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import grid, is_slow
from crmwidget.shown import Card, Figure

__all__ = ["FLOWS_A_NODE", "crm_map", "elements", "flows", "graph", "is_laid_out", "node"]


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
