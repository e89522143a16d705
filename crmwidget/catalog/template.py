"""What a template is: a map written down as data."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys
from crmwidget.graph.values import admit

__all__ = ["Template", "chain"]


@dataclass(frozen=True, slots=True)
class Template:
    """A map to begin with: nodes by id in order of adding, flows as (source, target, attributes)."""

    name: str
    title: str
    nodes: Mapping[str, Mapping[str, Any]]
    flows: tuple[tuple[str, str, Mapping[str, Any]], ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def elements(self) -> Elements:
        """A map of its own, checked as any other input."""
        return Elements(
            attributes={"name": self.title, **self.attributes},
            nodes={
                node: {name: admit(name, value, on="node") for name, value in {"kind": "stage", **attributes}.items()}
                for node, attributes in self.nodes.items()
            },
            flows={
                key: {"source": source, "target": target, "kind": "flow", **attributes}
                for key, (source, target, attributes) in zip(flow_keys(), self.flows, strict=False)
            },
        )


def chain(*nodes: str) -> tuple[tuple[str, str, Mapping[str, Any]], ...]:
    """Flows from each node to the next."""
    return tuple((source, target, {}) for source, target in itertools.pairwise(nodes))
