"""Random maps in which nodes lie in groups and behind other nodes."""

from __future__ import annotations

from hypothesis import strategies as st
from random_maps import drawings

from crmwidget.graph.elements import Elements


@st.composite
def nested_drawings(draw: st.DrawFn, *, max_nodes: int = 14, has_lanes: bool | None = False) -> Elements:
    """A random map whose nodes may belong to earlier ones: groups, open or folded, and nodes with a map behind them.

    Some belong to nodes that hold nothing, as a field does to its dataset.
    """
    elements = draw(drawings(max_nodes=max_nodes, has_lanes=has_lanes))
    names = list(elements.nodes)
    for n, name in enumerate(names):
        attributes = dict(elements.nodes[name])
        if draw(st.integers(0, 2)) == 0:
            attributes["kind"] = "group"
        if attributes["kind"] == "group" and draw(st.integers(0, 3)) == 0:
            attributes["collapsed"] = True
        if n and draw(st.booleans()):
            attributes["parent"] = draw(st.sampled_from(names[:n]))
        elements.nodes[name] = attributes
    return elements
