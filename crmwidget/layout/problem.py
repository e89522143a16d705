"""What a layout is asked: sizes, flows, lanes, and what already has a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from crmwidget.design import GEOMETRY
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import holds
from crmwidget.vocabulary import DEFAULT_LENS, DEFAULT_NODE_KIND, NODE_KINDS

__all__ = [
    "CARD",
    "GRID",
    "LARGEST",
    "RANK_GAP",
    "ROW_GAP",
    "Point",
    "Positions",
    "Problem",
    "Size",
    "size_of",
    "snap",
    "snap_up",
]

GRID = int(GEOMETRY["grid"])
RANK_GAP = int(GEOMETRY["rank_gap"])
ROW_GAP = int(GEOMETRY["row_gap"])

Point = tuple[float, float]
Positions = dict[str, Point]


class Size(NamedTuple):
    """How much room a node takes, in pixels at zoom 1."""

    width: float
    height: float


_SIZES = {kind.name: Size(kind.width, kind.height) for kind in NODE_KINDS.values()}
_CARDS = {name: size for name, size in _SIZES.items() if NODE_KINDS[name].holds != "frame"}  # whatever else they are
CARD = _SIZES[DEFAULT_NODE_KIND]  # of a group whose content is folded away
LARGEST = Size(*map(max, zip(*_SIZES.values(), strict=True)))
"""What every card fits in; larger is only the frame of a group."""


def size_of(kind: object) -> Size:
    """The size of a node of this kind; an unknown kind is drawn as the default one."""
    return _SIZES.get(kind if isinstance(kind, str) else "", CARD)


def snap(value: float) -> int:
    """The nearest point of the grid."""
    return GRID * round(value / GRID)


def snap_up(value: float) -> int:
    """The next point of the grid that is not before `value`."""
    return GRID * -int(-value // GRID)


@dataclass(frozen=True, slots=True)
class Problem:
    """A map as a layout sees it.

    Attributes
    ----------
    sizes
        Node id → size, in order of adding; of a group, what it takes while nothing is seen in it.
    flows
        (source, target) of every flow between two known nodes; may hold loops and repeats.
    starts
        Nodes that lead every path they are on.
    lanes
        Node id → name of its lane, `""` for none; `None` when the map has no lanes.
    placed
        Centres of the nodes that have a finite position in this lens.
    pinned
        Those of `placed` that the user has put there.
    given
        Sizes that a hand has given to frames.
    is_in_frame
        Whether this is the content of a group: cards without flows stand close together.
    is_of_many
        Whether this is one of the many drawings that make a large map: fewer settings are tried for each.
    """

    sizes: dict[str, Size]
    flows: list[tuple[str, str]]
    starts: frozenset[str] = frozenset()
    lanes: dict[str, str] | None = None
    placed: Positions = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()
    given: dict[str, Size] = field(default_factory=dict)
    is_in_frame: bool = False
    is_of_many: bool = False

    @classmethod
    def of(cls, elements: Elements, *, lens: str | None = None) -> Problem:
        """The layout problem of a map under a lens, by default the one that the map shows."""
        lens = lens or str(elements.attributes.get("lens") or DEFAULT_LENS)
        sizes = _sizes(elements.nodes)
        placed: Positions = {}
        pinned = set()
        given: dict[str, Size] = {}
        for node, position in elements.positions.get(lens, {}).items():
            if node not in sizes:
                continue
            placed[node] = (float(position["x"]), float(position["y"]))
            if position.get("pinned"):
                pinned.add(node)
            if "width" in position and "height" in position and holds(elements.nodes[node]) == "frame":
                given[node] = Size(float(position["width"]), float(position["height"]))
                if elements.nodes[node].get("collapsed") is not True:
                    sizes[node] = given[node]
        return cls(
            sizes=sizes,
            flows=[
                (flow["source"], flow["target"])
                for flow in elements.flows.values()
                if flow["source"] in sizes and flow["target"] in sizes
            ],
            starts=frozenset(n for n, attributes in elements.nodes.items() if attributes.get("kind") == "start"),
            lanes=_lanes(elements.nodes, elements.attributes.get("lanes")),
            placed=placed,
            pinned=frozenset(pinned),
            given=given,
        )

    def only(self, nodes: set[str]) -> Problem:
        """The same problem for some of the nodes, none of them placed."""
        return Problem(
            sizes={node: size for node, size in self.sizes.items() if node in nodes},
            flows=[(a, b) for a, b in self.flows if a in nodes and b in nodes],
            starts=self.starts & nodes,
            lanes=None if self.lanes is None else {n: lane for n, lane in self.lanes.items() if n in nodes},
        )


def _sizes(nodes: Mapping[str, Mapping[str, object]]) -> dict[str, Size]:
    sizes = {}
    for node, attributes in nodes.items():  # an edit waits for this, so most nodes take one look
        kind = attributes.get("kind")
        size = _CARDS.get(kind) if type(kind) is str else CARD
        sizes[node] = _size(attributes) if size is None else size
    return sizes


def _size(attributes: Mapping[str, object]) -> Size:
    is_folded = holds(attributes) == "frame" and attributes.get("collapsed") is True
    return CARD if is_folded else size_of(attributes.get("kind"))


def _lanes(nodes: Mapping[str, Mapping[str, object]], attribute: object) -> dict[str, str] | None:
    if not isinstance(attribute, str) or not attribute:
        return None
    return {node: lane_name(attributes.get(attribute)) for node, attributes in nodes.items()}


def lane_name(value: object) -> str:
    """How a lane is called: the value as text, several joined by commas, `""` for nothing."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)
