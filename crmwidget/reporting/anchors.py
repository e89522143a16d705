"""Where a report can be linked to: nodes in the index and in the picture, questions, findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmwidget.formats.svg_card_content import label_text
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import unique
from crmwidget.reporting.words import safe

__all__ = ["Anchors", "link"]

_OTHER = re.compile(r"[^A-Za-z0-9_-]+")


def link(target: str, text: str) -> str:
    """A link to a place of the same page."""
    return f'<a href="#{target}">{safe(text)}</a>'


@dataclass(slots=True)
class Anchors:
    """The names of places in one report.

    Attributes
    ----------
    elements
        The map that it is about.
    indexed
        The nodes that the index has.
    mentions
        Node → the findings that speak of it, each its anchor and its sentence.
    """

    elements: Elements
    indexed: dict[str, str] = field(default_factory=dict)
    mentions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _by_label: dict[str, str | None] = field(default_factory=dict)

    def index(self, nodes: Iterable[str]) -> None:
        """Give these nodes a place in the index, in the order of the map."""
        wanted, taken = set(nodes), set(self.indexed.values())
        for node in self.elements.nodes:
            if node in wanted and node not in self.indexed:
                name = unique(_OTHER.sub("-", node), taken)
                taken.add(name)
                self.indexed[node] = name
                label = self.label(node)
                # a label of two nodes says neither
                self._by_label[label] = None if label in self._by_label else node

    def mention(self, anchor: str, sentence: str, nodes: Iterable[str]) -> None:
        """Note that a finding speaks of these nodes."""
        for node in dict.fromkeys(nodes):
            if node in self.elements.nodes:
                self.mentions.setdefault(node, []).append((anchor, sentence))

    def label(self, node: str) -> str:
        """What a node is called."""
        return label_text(self.elements.nodes[node])

    def node(self, node: str) -> str:
        """A link to a node in the index."""
        if node not in self.elements.nodes:
            return safe(node)
        if node not in self.indexed:
            return safe(self.label(node))
        return link(f"node-{self.indexed[node]}", self.label(node))

    def named(self, text: str) -> str:
        """Text, with links where it is the name of exactly one node, or of several with arrows between."""
        return " → ".join(self._named(part) for part in text.split(" → "))

    def _named(self, text: str) -> str:
        node = self._by_label.get(text)
        return safe(text) if node is None else self.node(node)

    def where(self, nodes: Iterable[str], flows: Iterable[str]) -> str:
        """All elements that something is about, as links with commas between."""
        known: Mapping[str, Attributes] = self.elements.nodes
        drawn = [key for key in dict.fromkeys(flows) if key in self.elements.flows]
        ends = {self.elements.flows[key][end] for key in drawn for end in ("source", "target")}
        found = [self.node(node) for node in dict.fromkeys(nodes) if node in known and node not in ends]
        return ", ".join([*found, *(" → ".join(map(self.node, way)) for way in self._ways(drawn))])

    def _ways(self, flows: Iterable[str]) -> list[list[str]]:
        """Flows as the nodes that they lead through, one way for as long as each begins where the one before ends."""
        ways: list[list[str]] = []
        for key in flows:
            source, target = self.elements.flows[key]["source"], self.elements.flows[key]["target"]
            if ways and ways[-1][-1] == source:
                ways[-1].append(target)
            else:
                ways.append([source, target])
        return ways
