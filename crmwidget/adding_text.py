"""Typed text onto a map that may hold something already: what is the same, what is new, and where that goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.formats import typed_text
from crmwidget.graph.changes import Proposal
from crmwidget.graph.elements import Attributes, Elements, above
from crmwidget.layout.boxes import Box
from crmwidget.layout.free_room import in_free_room
from crmwidget.layout.problem import Point, Problem
from crmwidget.vocabulary import NODE_KINDS

__all__ = ["Addition"]


class Addition:
    """What a text adds to a map.

    Attributes
    ----------
    names
        The nodes that the text names, in its order: ids of the map, and temporary ones of what is new.
    proposals
        What makes the rest of it: new nodes, missing flows, places.
    """

    def __init__(self, elements: Elements, text: str, *, parent: str | None, at: Point | None, lens: str) -> None:
        if parent is not None and parent not in elements.nodes:
            raise EditError(f"there is no node {shorten(parent)}; {nearest(parent, elements.nodes, noun='nodes')}")
        self._map, self._typed, self._parent, self._lens = elements, typed_text.from_text(text), parent, lens
        self._ids = self._same_nodes()
        self.names = tuple(self._ids.values())
        self.proposals = [*self._nodes(), *self._flows()]
        if at is not None and not elements.attributes.get("lanes"):  # in lanes a card lies where its lane is
            self.proposals += self._places(at)

    def _same_nodes(self) -> dict[str, str]:
        """Typed id → the node of the map with this name (no group first, one of the parent's), else a temporary id."""
        known: dict[str, str] = {}
        nodes = self._map.nodes

        def rank(node: str) -> tuple[bool, bool]:
            return _holds(nodes[node]) == "frame", nodes[node].get("parent") != self._parent

        for node in sorted(nodes, key=rank):
            known.setdefault(_name(nodes[node]), node)
        return {node: known.get(_name(given), f"~node {node}") for node, given in self._typed.nodes.items()}

    def _nodes(self) -> Iterator[Proposal]:
        belongs = {} if self._parent is None else {"parent": self._parent}
        for node, attributes in self._typed.nodes.items():
            if self._ids[node] not in self._map.nodes:
                yield Proposal(("node", self._ids[node]), add={**attributes, **belongs})

    def _flows(self) -> Iterator[Proposal]:
        """The flows that are not there yet; one without a name is there if any of its kind leads that way."""
        drawn: set[tuple[Any, ...]] = set()
        for flow in self._map.flows.values():
            way = (flow["source"], flow["target"], flow["kind"])
            drawn |= {way, (*way, flow.get("label"))}
        for key, flow in self._typed.flows.items():
            source, target = self._ids[flow["source"]], self._ids[flow["target"]]
            way = (source, target, flow["kind"])
            is_drawn = (*way, flow["label"]) in drawn if "label" in flow else way in drawn
            if not is_drawn and (source != target or flow["source"] == flow["target"]):
                yield Proposal(("flow", f"~flow {key}"), add={**flow, "source": source, "target": target})

    def _places(self, at: Point) -> Iterator[Proposal]:
        typed = Problem.of(self._typed)
        part = typed.only({node for node, name in self._ids.items() if name not in self._map.nodes})
        for node, (x, y) in in_free_room(part, self._taken(), at).items():
            yield Proposal(("position", self._lens, self._ids[node]), set={"x": x, "y": y, "pinned": False})

    def _taken(self) -> list[Box]:
        """The room of what is drawn where the new nodes will be, without the frames that they lie in."""
        nodes = self._map.nodes
        around = [] if self._parent is None else [self._parent, *above(nodes, self._parent)]
        plane = _plane(nodes, around)
        problem = Problem.of(self._map, lens=self._lens)
        shelf = self._map.positions.get(self._lens, {})
        holding = {attributes.get("parent") for attributes in nodes.values()}
        found = []
        for node, place in problem.placed.items():
            box = Box.around(place, problem.sizes[node])
            if _holds(nodes[node]) == "frame":
                width, height = shelf[node].get("width"), shelf[node].get("height")
                if node in around or (width is None and node in holding):
                    continue  # it lies around its content, which takes the room
                if width is not None and height is not None:
                    box = Box(place[0] - width / 2, place[1] - height / 2, place[0] + width / 2, place[1] + height / 2)
            if _plane(nodes, above(nodes, node)) == plane:
                found.append(box)
        return found


def _name(attributes: Attributes) -> str:
    return " ".join(str(attributes["label"]).split()).casefold()


def _holds(attributes: Attributes) -> str:
    return NODE_KINDS[attributes["kind"]].holds


def _plane(nodes: Mapping[str, Attributes], around: Collection[str]) -> str | None:
    """The node whose map one is in, by what is around; None on the whole map."""
    return next((node for node in around if _holds(nodes[node]) == "map"), None)
