"""The lanes that a map draws by an attribute, as a pool with lanes in BPMN: drawn anew each time, never nodes."""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from crmwidget.formats.bpmn_names import DC, DI, KINDS, SCALE, bpmn
from crmwidget.formats.bpmn_tree import EXTENSION, Tree, extension, extension_text
from crmwidget.formats.foreign import shown_lens
from crmwidget.formats.xml_reading import fits_in_xml, local
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import unique
from crmwidget.layout.lanes import Band, bands
from crmwidget.layout.problem import Problem

__all__ = ["draw_lanes", "take_lanes_away"]

_HEADER = 30  # what a pool's and a lane's name take at the left
_APART = ("dataset", "group")  # kinds that no lane of BPMN refers to


def take_lanes_away(tree: Tree) -> None:
    """Take what `draw_lanes` has drawn out of a document."""
    drawn = [element for element in tree.ids.values() if "drawn" in extension(element)]
    holders = {tree.above[element] for element in drawn}
    for element in drawn:
        tree.forget(element)
    for holder in holders:
        if not len(holder):
            tree.forget(holder)
    if drawn:
        _lead_plane(tree)


def draw_lanes(tree: Tree, elements: Elements, ids: dict[str, str]) -> None:
    """Draw the lanes of a map, if it has some and its document has no pools and lanes of its own."""
    processes = [child for child in tree.root if child.tag == bpmn("process")]
    own = (bpmn("participant"), bpmn("lane"))
    problem = Problem.of(elements, lens=shown_lens(elements))
    if problem.lanes is None or len(processes) != 1 or any(element.tag in own for element in tree.ids.values()):
        return
    process, by = processes[0], str(elements.attributes["lanes"])
    inside = {element.get("id") for element in process}
    placed = {node: at for node, at in problem.placed.items() if ids[node] in inside}
    strips = [strip for strip in bands(problem.sizes, problem.lanes, placed) if fits_in_xml(strip.name)]
    if not strips:
        return
    collaboration = Element(bpmn("collaboration"), {"id": unique("pools", tree.ids)})
    tree.root.insert(list(tree.root).index(process), collaboration)
    tree.note(collaboration, tree.root)
    pool = _drawn(tree, collaboration, "participant", str(elements.attributes.get("name", "")), by)
    pool.set("processRef", process.get("id", ""))
    lanes = Element(bpmn("laneSet"), {"id": unique("lanes", tree.ids)})
    process.insert(sum(local(child.tag) in ("documentation", "extensionElements") for child in process), lanes)
    tree.note(lanes, process)
    left, right = strips[0].left / SCALE, strips[0].right / SCALE
    edges = _edges(strips)
    _shape(tree, pool, left - 2 * _HEADER, edges[0], right, edges[-1])
    for strip, (top, bottom) in zip(sorted(strips, key=lambda one: one.top), pairwise(edges), strict=True):
        lane = _drawn(tree, lanes, "lane", strip.name, by)
        for node, attributes in elements.nodes.items():
            is_in = node in placed and problem.lanes.get(node, "") == strip.name
            if is_in and KINDS.get(local(tree.ids[ids[node]].tag)) not in _APART and attributes["kind"] not in _APART:
                SubElement(lane, bpmn("flowNodeRef")).text = ids[node]
        _shape(tree, lane, left - _HEADER, top, right, bottom)
    _lead_plane(tree)


def _drawn(tree: Tree, holder: Element, tag: str, name: str, by: str) -> Element:
    element = SubElement(holder, bpmn(tag), {"id": unique(tag, tree.ids)})
    if name and fits_in_xml(name):
        element.set("name", name)
    tree.note(element, holder)
    SubElement(SubElement(element, bpmn("extensionElements")), EXTENSION).text = extension_text({"drawn": by})
    return element


def _edges(strips: list[Band]) -> list[float]:
    """Where lanes begin and end from top to bottom; each begins where the one above it ends."""
    ordered = sorted(strips, key=lambda strip: strip.top)
    between = [(one.bottom + other.top) / 2 for one, other in pairwise(ordered)]
    edges = [ordered[0].top, *between, max(strip.bottom for strip in ordered)]
    return [edge / SCALE for edge in sorted(edges)]


def _shape(tree: Tree, element: Element, left: float, top: float, right: float, bottom: float) -> None:
    name = element.get("id", "")
    told = {"id": unique(f"{name}_shape", tree.ids), "bpmnElement": name, "isHorizontal": "true"}
    shape = Element(f"{{{DI}}}BPMNShape", told)
    plane = next(tree.root.iter(f"{{{DI}}}BPMNPlane"))
    at = sum(
        "drawn" in extension(tree.ids[ref]) for child in plane if (ref := child.get("bpmnElement", "")) in tree.ids
    )
    plane.insert(at, shape)  # behind the cards
    tree.above[shape], tree.shapes[name] = plane, shape
    sides = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    SubElement(
        shape, f"{{{DC}}}Bounds", {side: f"{value:.3f}".rstrip("0").rstrip(".") for side, value in sides.items()}
    )


def _lead_plane(tree: Tree) -> None:
    """A diagram is of the collaboration, where there is one."""
    plane = next(tree.root.iter(f"{{{DI}}}BPMNPlane"), None)
    tops = [child for tag in ("collaboration", "process") for child in tree.root if child.tag == bpmn(tag)]
    if plane is not None and tops:
        plane.set("bpmnElement", tops[0].get("id", ""))
