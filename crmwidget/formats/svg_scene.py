"""What of a map a still picture shows: cards, frames, lanes, and flows that stand for what is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.folded_lanes import is_lane_card
from crmwidget.graph.nesting import Nesting, holds
from crmwidget.layout.arrange import arrange, grid, is_slow
from crmwidget.layout.boxes import Box
from crmwidget.layout.frames import shown_boxes
from crmwidget.layout.lanes import Band, bands
from crmwidget.layout.problem import Problem
from crmwidget.shown import Overlay, Paint
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, NODE_KINDS

__all__ = ["DrawnFlow", "Scene", "scene_of"]


@dataclass(frozen=True, slots=True)
class DrawnFlow:
    """One line of a picture: a flow, or all those that what is folded away makes one; a ghost is not on the map."""

    source: str
    target: str
    attributes: Attributes
    paint: Paint | None
    is_ghost: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn.

    Attributes
    ----------
    cards
        Boxes of what is no open frame, in order of adding.
    frames
        Boxes of the open groups, each before those within it.
    depths
        How many frames each frame lies in.
    n_inside
        How many nodes lie right within a card that hides them, or a frame that shows them.
    n_nodes, n_flows
        How much there is here, also of what is folded away.
    """

    cards: dict[str, Box]
    frames: dict[str, Box]
    flows: list[DrawnFlow]
    bands: list[Band] = field(default_factory=list)
    depths: dict[str, int] = field(default_factory=dict)
    n_inside: dict[str, int] = field(default_factory=dict)
    n_nodes: int = 0
    n_flows: int = 0

    @property
    def boxes(self) -> dict[str, Box]:
        return {**self.frames, **self.cards}


def scene_of(elements: Elements, *, lens: str | None, within: str | None, overlay: Overlay | None) -> Scene:
    """The scene at the top of a map, or within one node; nodes without a position are placed for the picture.

    Raises
    ------
    EditError
        If there is no such node, or nothing can lie in it.
    """
    nesting = Nesting(elements.nodes)
    if within is not None:
        _check_holder(elements, within)
    problem = Problem.of(elements, lens=lens)
    centres = dict(problem.placed)
    if len(centres) < len(problem.sizes):
        place = grid(elements, lens=lens) if is_slow(elements) else arrange(elements, lens=lens, only_missing=True)
        centres |= place
    boxes = shown_boxes(problem, nesting, centres, within=within)
    frames = {node: box for node, box in boxes.items() if node in nesting.frames - nesting.folded}
    depths: dict[str, int] = {}
    for node in frames:
        depths[node] = depths.get(nesting.holder.get(node, ""), -1) + 1
    shown_as = nesting.shown_as(within)
    return Scene(
        cards={node: boxes[node] for node in elements.nodes if node in boxes and node not in frames},
        frames=frames,
        flows=[
            *_drawn(elements.flows, nesting.shown_flows(elements.flows, within), overlay),
            *_ghosts(elements.flows, nesting, within, overlay),
        ],
        bands=_bands(problem, boxes, nesting.content.get(within, [])),
        depths=depths,
        n_inside={node: len(nesting.content[node]) for node in boxes if node in nesting.content},
        n_nodes=sum(not is_lane_card(node) for node in shown_as),
        n_flows=sum(flow["source"] in shown_as and flow["target"] in shown_as for flow in elements.flows.values()),
    )


def _check_holder(elements: Elements, within: str) -> None:
    if within not in elements.nodes:
        raise EditError(f"there is no node {shorten(within)}; {nearest(within, elements.nodes, noun='nodes')}")
    if not holds(elements.nodes[within]):
        kinds = ", ".join(kind.name for kind in NODE_KINDS.values() if kind.holds)
        kind = elements.nodes[within].get("kind")
        raise EditError(f"nothing lies within {within!r}, which is of the kind {kind!r}; what can hold others: {kinds}")


def _bands(problem: Problem, boxes: Mapping[str, Box], nodes: Iterable[str]) -> list[Band]:
    """The strips of the lanes; what lies in a frame is where the frame is, whatever its own lane."""
    if problem.lanes is None:
        return []
    placed = {node: boxes[node] for node in nodes if node in boxes}
    return bands(
        {node: box.size for node, box in placed.items()},
        problem.lanes,
        {node: box.middle for node, box in placed.items()},
    )


def _drawn(
    flows: Mapping[str, Attributes], shown: Mapping[str, tuple[str, str]], overlay: Overlay | None
) -> Iterable[DrawnFlow]:
    """Flows between nodes that are shown, one by one, and those that hidden nodes have, one for each pair of ends."""
    paints = overlay.flows if overlay is not None else {}
    bundles: dict[tuple[str, str], list[str]] = {}
    for key, ends in shown.items():
        flow = flows[key]
        if ends == (flow["source"], flow["target"]):
            yield DrawnFlow(*ends, flow, paints.get(key))
        else:
            bundles.setdefault(ends, []).append(key)
    for ends, keys in bundles.items():
        if len(keys) == 1:
            yield DrawnFlow(*ends, flows[keys[0]], paints.get(keys[0]))
        else:
            yield DrawnFlow(*ends, _together([flows[key] for key in keys]), _painted([paints.get(k) for k in keys]))


def _ghosts(
    flows: Mapping[str, Attributes], nesting: Nesting, within: str | None, overlay: Overlay | None
) -> Iterable[DrawnFlow]:
    """What a painted answer says is gone though not drawn, to what shows its ends; the first of each pair."""
    ghosts = overlay.ghosts if overlay is not None else []
    if not ghosts:
        return
    drawn = {(flow["source"], flow["target"]) for flow in flows.values() if flow.get("kind") == DEFAULT_FLOW_KIND}
    missing = {str(n): ghost for n, ghost in enumerate(ghosts) if (ghost.source, ghost.target) not in drawn}
    ends_of = {key: {"source": ghost.source, "target": ghost.target} for key, ghost in missing.items()}
    seen: set[tuple[str, str]] = set()
    for key, ends in nesting.shown_flows(ends_of, within).items():
        if ends not in seen:
            seen.add(ends)
            yield DrawnFlow(*ends, {}, missing[key].paint, is_ghost=True)


def _together(flows: list[Attributes]) -> Attributes:
    kinds = {flow.get("kind") for flow in flows}
    bundle: dict[str, Any] = {
        "kind": kinds.pop() if len(kinds) == 1 else DEFAULT_FLOW_KIND,
        "label": f"{len(flows)} flows",
    }
    volumes = [flow["volume"] for flow in flows if isinstance(flow.get("volume"), (int, float))]
    return {**bundle, "volume": sum(volumes)} if volumes else bundle


def _painted(paints: list[Paint | None]) -> Paint | None:
    """Of several painted flows: as hot as the hottest, as wide as all."""
    found = [paint for paint in paints if paint is not None]
    if not found:
        return None
    heats = [paint.heat for paint in found if paint.heat is not None]
    widths = [paint.width for paint in found if paint.width is not None]
    return Paint(heat=max(heats, default=None), width=sum(widths) if widths else None)
