"""What a participant's word means: the node with this id, or else with this label."""

from __future__ import annotations

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.model import MapModel

__all__ = ["node_of"]


def node_of(m: MapModel, said: object) -> str:
    """The id of the node that an id, or else a label in any case, means; an `EditError` with the nearest."""
    m.flush()
    nodes = m.elements.nodes
    if isinstance(said, str):
        if said in nodes:
            return said
        wanted = " ".join(said.split()).casefold()
        for node, attributes in nodes.items():
            if " ".join(str(attributes["label"]).split()).casefold() == wanted:
                return node
    names = [*(str(attributes["label"]) for attributes in nodes.values()), *nodes]
    raise EditError(f"there is no node {shorten(said)}; {nearest(said, names, noun='nodes')}")
