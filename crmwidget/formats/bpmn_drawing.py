"""The drawing in a BPMN document: shapes where a map's nodes lie, edges between them, the same where nothing moved."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from crmwidget.formats.bpmn_names import DC, DI, HOLDERS, SCALE, SHAPE, WAY
from crmwidget.formats.bpmn_tree import Tree
from crmwidget.formats.foreign import shown_lens
from crmwidget.formats.xml_reading import local
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import unique
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.boxes import Box
from crmwidget.layout.frames import shown_boxes
from crmwidget.layout.problem import Problem

__all__ = ["Drawing"]


class Drawing:
    """The shapes and edges of one map in one document."""

    def __init__(self, tree: Tree, elements: Elements, ids: Mapping[str, str], flows: Mapping[str, Attributes]) -> None:
        self._tree, self._map, self._ids, self._flows = tree, elements, ids, flows
        self._moved: set[str] = set()

    def apply(self) -> None:
        """Put every shape where its node lies, then every edge that has an end which moved, or is new."""
        lens = shown_lens(self._map)
        places = self._map.positions.get(lens, {})
        problem, nesting = Problem.of(self._map, lens=lens), Nesting(self._map.nodes)
        boxes: dict[str, Box] = {}
        for holder in nesting.holders:
            boxes |= shown_boxes(problem, nesting, problem.placed, within=holder)
        for node in self._map.nodes:
            if node in places:
                self._shape(self._ids[node], places[node], boxes.get(node))
        for name, flow in self._flows.items():
            source, target = self._ids[flow["source"]], self._ids[flow["target"]]
            if name not in self._tree.edges or {source, target} & self._moved or self._is_led_elsewhere(name):
                self._edge(name, source, target)

    def _plane(self) -> Element:
        root = self._tree.root
        diagram = next((child for child in root if child.tag == f"{{{DI}}}BPMNDiagram"), None)
        if diagram is None:
            diagram = SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": unique("diagram", self._tree.ids)})
        plane = diagram.find(f"{{{DI}}}BPMNPlane")
        if plane is None:
            top = [child for tag in ("collaboration", "process") for child in root if local(child.tag) == tag]
            drawn = {"id": unique("plane", self._tree.ids), "bpmnElement": top[0].get("id", "")}
            plane = SubElement(diagram, f"{{{DI}}}BPMNPlane", drawn)
        return plane

    def _shape(self, name: str, place: Attributes, box: Box | None) -> None:
        tree = self._tree
        tag = local(tree.ids[name].tag)
        before = tree.bounds(name)
        width, height = SHAPE[tag] if before is None else before[2:]
        is_frame = tag in ("group", "participant", "lane")
        middle = (place["x"] / SCALE, place["y"] / SCALE)
        if is_frame and "width" in place:
            width, height = place["width"] / SCALE, place["height"] / SCALE
        elif is_frame and box is not None and before is None:
            width, height = (box.right - box.left) / SCALE, (box.bottom - box.top) / SCALE
            middle = (box.middle[0] / SCALE, box.middle[1] / SCALE)
        after = (middle[0] - width / 2, middle[1] - height / 2, width, height)
        if before is not None and all(abs(a - b) < 0.001 for a, b in zip(before, after, strict=True)):
            return
        self._moved.add(name)
        shape = tree.shapes.get(name)
        if shape is None:
            told = {"id": unique(f"{name}_shape", tree.ids), "bpmnElement": name}
            if tag in HOLDERS:
                told["isExpanded"] = "false"
            if tag in ("participant", "lane"):
                told["isHorizontal"] = "true"
            shape = SubElement(self._plane(), f"{{{DI}}}BPMNShape", told)
            tree.shapes[name] = shape
        for label in [child for child in shape if local(child.tag) == "BPMNLabel"]:
            shape.remove(label)  # it would stay behind
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is None:
            bounds = Element(f"{{{DC}}}Bounds")
            shape.insert(0, bounds)
        for part, value in zip(("x", "y", "width", "height"), after, strict=True):
            bounds.set(part, _number(value))

    def _is_led_elsewhere(self, name: str) -> bool:
        """Whether an edge does not begin or end at its shapes any more, because the flow was led elsewhere."""
        element, edge = self._tree.ids[name], self._tree.edges[name]
        points = edge.findall(f"{{{WAY}}}waypoint")
        for point, end in zip(points[:: max(1, len(points) - 1)], ("sourceRef", "targetRef"), strict=False):
            bounds = self._tree.bounds(element.get(end, "").rpartition(":")[2])
            if bounds is None:
                continue
            x, y, width, height = bounds
            try:
                at = float(point.get("x", "")), float(point.get("y", ""))
            except ValueError:
                return True
            if not (x - 60 <= at[0] <= x + width + 60 and y - 60 <= at[1] <= y + height + 60):
                return True
        return False

    def _edge(self, name: str, source: str, target: str) -> None:
        tree = self._tree
        ends = [tree.bounds(end) for end in (source, target)]
        one, other = ends
        if one is None or other is None:
            return
        edge = tree.edges.get(name)
        if edge is None:
            told = {"id": unique(f"{name}_edge", tree.ids), "bpmnElement": name}
            edge = tree.edges[name] = SubElement(self._plane(), f"{{{DI}}}BPMNEdge", told)
        for child in list(edge):
            edge.remove(child)
        for x, y in (_rim(one, other), _rim(other, one)):
            SubElement(edge, f"{{{WAY}}}waypoint", {"x": _number(x), "y": _number(y)})


def _rim(box: tuple[float, float, float, float], towards: tuple[float, float, float, float]) -> tuple[float, float]:
    """Where the line from the middle of one box to that of another leaves it."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    dx, dy = towards[0] + towards[2] / 2 - x, towards[1] + towards[3] / 2 - y
    if not dx and not dy:
        return x + box[2] / 2, y
    part = min(box[2] / 2 / abs(dx) if dx else float("inf"), box[3] / 2 / abs(dy) if dy else float("inf"))
    return x + dx * part, y + dy * part


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
