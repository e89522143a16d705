"""The map as plain data: nodes, flows, positions, comments and votes by id, with nothing alive in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Attributes", "Elements", "above"]

Attributes = Mapping[str, Any]


@dataclass(slots=True)
class Elements:
    """A whole map as plain values.

    Attributes
    ----------
    attributes
        The map's own: `name` always, `lens` (default `"lifecycle"`), `lanes` (an attribute name, or absent), others.
    nodes
        Node id → attributes; `kind` and `label` are always there. The order is the order of adding.
    flows
        Flow key → attributes; `source`, `target` and `kind` are always there.
    positions
        Lens name → node id → `{"x": float, "y": float, "pinned": bool}`; x and y are the centre of the node. A frame
        that was given a size by hand has `width` and `height` too.
    comments
        Comment id → `{"on": node id, "text": str, "author": str, "at": ISO time}`. A reply has `reply_to` too, the id
        of the first comment of its thread; a first comment whose thread is settled has `resolved`, True.
    votes
        Node id → the name of who votes for it → nothing further: a vote is there or not.
    """

    id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Attributes] = field(default_factory=dict)
    flows: dict[str, Attributes] = field(default_factory=dict)
    positions: dict[str, dict[str, Attributes]] = field(default_factory=dict)
    comments: dict[str, Attributes] = field(default_factory=dict)
    votes: dict[str, dict[str, Attributes]] = field(default_factory=dict)

    def copied(self) -> Elements:
        """The same elements, of which others may be added and removed; their attributes are never changed in place."""
        return Elements(
            self.id,
            dict(self.attributes),
            dict(self.nodes),
            dict(self.flows),
            {lens: dict(shelf) for lens, shelf in self.positions.items()},
            dict(self.comments),
            {node: dict(voters) for node, voters in self.votes.items()},
        )


def above(nodes: Mapping[str, Attributes], node: str) -> list[str]:
    """What a node belongs to, from the nearest to the outermost.

    Examples
    --------
    >>> above({"team": {}, "sales": {"parent": "team"}, "lead": {"parent": "sales"}}, "lead")
    ['sales', 'team']
    """
    found: list[str] = []
    while (parent := nodes[node].get("parent")) is not None:
        found.append(node := parent)
    return found
