"""A BPMN document as a tree with its ids, shapes and edges at hand, and the map that it says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.bpmn_names import CRM, DC, DI, HOLDERS, KINDS, SCALE, TAGS, bpmn, called
from crmwidget.formats.foreign import check_counts, one_line
from crmwidget.formats.strict_json import parse
from crmwidget.formats.xml_reading import local
from crmwidget.graph.elements import Elements
from crmwidget.json_values import decode, encode
from crmwidget.vocabulary import LIMITS

__all__ = ["EXTENSION", "Tree", "extension", "extension_text"]

EXTENSION = f"{{{CRM}}}element"
_SIZES = ("width", "height")


class Tree:
    """One document.

    Attributes
    ----------
    ids
        Id → the element of the model that has it.
    shapes, edges
        Id of an element of the model → what draws it, in the first diagram.
    above
        Element → the element that it lies in.
    node_ids, flow_ids
        What `elements` called a node or flow → its id in the document.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.above: dict[Element, Element] = {}
        self.ids: dict[str, Element] = {}
        self.shapes: dict[str, Element] = {}
        self.edges: dict[str, Element] = {}
        self.node_ids: dict[str, str] = {}
        self.flow_ids: dict[str, str] = {}
        self._index(root, is_drawing=False)

    def _index(self, element: Element, *, is_drawing: bool) -> None:
        is_drawing = is_drawing or element.tag.startswith(f"{{{DI}}}")
        name = element.get("id")
        if name is not None and not is_drawing and element.tag.startswith(bpmn("")):
            if name in self.ids:
                raise FileFormatError(f"the id {shorten(name)} stands twice")
            self.ids[name] = element
        tag = local(element.tag)
        if is_drawing and tag in ("BPMNShape", "BPMNEdge"):
            shelf = self.shapes if tag == "BPMNShape" else self.edges
            shelf.setdefault(element.get("bpmnElement", "").rpartition(":")[2], element)
        for child in element:
            self.above[child] = element
            self._index(child, is_drawing=is_drawing)

    def note(self, element: Element, holder: Element) -> None:
        """Take in an element of the model that now lies in `holder`."""
        self.above[element] = holder
        self.ids[element.get("id", "")] = element

    def forget(self, element: Element) -> None:
        """Take an element away, with all in it and what draws it."""
        holder = self.above.get(element)
        if holder is None or element not in holder:
            return
        holder.remove(element)
        for part in element.iter():
            name = part.get("id", "")
            self.ids.pop(name, None)
            for drawing in (self.shapes.pop(name, None), self.edges.pop(name, None)):
                if drawing is not None and drawing in self.above[drawing]:
                    self.above[drawing].remove(drawing)

    # ---- what it says ------------------------------------------------------------------------------

    def elements(self) -> Elements:
        """The map: pools, lanes, what lies in them, flows, places, and what is noted for the map alone."""
        elements = Elements(attributes={"name": one_line(self.root.get("name", "")) or "Map"})
        names: dict[str, str] = {}  # id in the file → id on the map
        for name, tag, parent in self._nodes():
            element = self.ids[name]
            told = extension(element)
            if isinstance(told.get("drawn"), str):  # lanes by an attribute are no nodes
                elements.attributes["lanes"] = told["drawn"]
                continue
            names[name] = node = str(told.get("id", name))
            kind = KINDS[tag]
            attributes: dict[str, Any] = {"kind": kind, "label": self._label(element, tag)}
            if TAGS[kind] != tag:
                attributes["bpmn"] = tag
            if parent in names:
                attributes["parent"] = names[parent]
            team = self._team(parent)
            if team and kind != "group":
                attributes["team"] = team
            if node in elements.nodes:
                raise FileFormatError(f"the node {shorten(node)} stands twice")
            elements.nodes[node] = _told(attributes, told)
            self.node_ids[node] = name
            check_counts(len(elements.nodes))
            self._place(elements, name, node, kind)
        for name, source, target in self._flows(names):
            element = self.ids[name]
            told = extension(element)
            kind = "message" if local(element.tag) == "messageFlow" else "flow"
            attributes = {"source": names[source], "target": names[target], "kind": kind}
            if one_line(element.get("name", "")):
                attributes["label"] = one_line(element.get("name", ""))
            condition = element.find(bpmn("conditionExpression"))
            if condition is not None and (text := (condition.text or "").strip()):
                attributes["condition"] = text[: LIMITS.text_characters]
            key = str(told.get("id", name))
            elements.flows[key] = _told(attributes, told)
            self.flow_ids[key] = name
            check_counts(0, len(elements.flows))
        return elements

    def _nodes(self) -> Iterator[tuple[str, str, str | None]]:
        """Id, element and what it lies in, of all that becomes a node; each holder before what it holds."""
        pools: dict[str, str] = {}
        for element in self.root:
            if element.tag == bpmn("collaboration"):
                for child in element:
                    tag = local(child.tag)
                    if tag in ("participant", "group") and child.get("id"):
                        pools.setdefault(child.get("processRef", "").rpartition(":")[2], child.get("id", ""))
                        yield child.get("id", ""), tag, None
        for element in self.root:
            if element.tag == bpmn("process"):
                yield from self._content(element, pools.get(element.get("id", "")))

    def _content(self, container: Element, holder: str | None) -> Iterator[tuple[str, str, str | None]]:
        lanes: dict[str, str] = {}
        for lane, parent in _lanes(container, holder):
            yield lane.get("id", ""), "lane", parent
            for ref in lane.findall(bpmn("flowNodeRef")):
                lanes[(ref.text or "").strip()] = lane.get("id", "")
        for child in container:
            tag, name = local(child.tag), child.get("id")
            if name is None or tag not in KINDS or not child.tag.startswith(bpmn("")):
                continue
            yield name, tag, lanes.get(name, holder)
            if tag in HOLDERS:
                yield from self._content(child, name)

    def _flows(self, nodes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """Flows between nodes; an association is one only if this library has written it for one."""
        for name, element in self.ids.items():
            tag = local(element.tag)
            if tag not in ("sequenceFlow", "messageFlow", "association"):
                continue
            source, target = (element.get(end, "").rpartition(":")[2] for end in ("sourceRef", "targetRef"))
            is_flow = tag != "association" or element.find(f".//{EXTENSION}") is not None
            if is_flow and source in nodes and target in nodes:
                yield name, source, target

    def _label(self, element: Element, tag: str) -> str:
        name = element.get("name", "")
        if tag == "group":
            value = self.ids.get(element.get("categoryValueRef", "").rpartition(":")[2])
            name = "" if value is None else value.get("value", "")
        return one_line(name) or called(tag)

    def _team(self, parent: str | None) -> str:
        """The name of the innermost lane that has one."""
        while parent is not None and (element := self.ids[parent]).tag == bpmn("lane"):
            if one_line(element.get("name", "")):
                return one_line(element.get("name", ""))
            above = self.above[self.above[element]]
            parent = above.get("id") if above.tag == bpmn("lane") else None
        return ""

    # ---- places ------------------------------------------------------------------------------------

    def bounds(self, name: str) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of a shape as the file draws it."""
        shape = self.shapes.get(name)
        found = None if shape is None else shape.find(f"{{{DC}}}Bounds")
        if found is None:
            return None
        try:
            x, y, width, height = (float(found.get(part, "")) for part in ("x", "y", "width", "height"))
        except ValueError:
            raise FileFormatError(f"the shape of {shorten(name)} has bounds that are no numbers") from None
        if not all(map(math.isfinite, (x, y, width, height))) or width < 0 or height < 0:
            raise FileFormatError(f"the shape of {shorten(name)} has bounds that are no place")
        return x, y, width, height

    def _place(self, elements: Elements, name: str, node: str, kind: str) -> None:
        bounds = self.bounds(name)
        if bounds is None:
            return
        x, y, width, height = bounds
        place = {"x": round((x + width / 2) * SCALE, 3), "y": round((y + height / 2) * SCALE, 3), "pinned": True}
        if kind == "group" and width and height:
            place |= {"width": round(width * SCALE, 3), "height": round(height * SCALE, 3)}
        elements.positions.setdefault("lifecycle", {})[node] = place


def _lanes(container: Element, holder: str | None) -> Iterator[tuple[Element, str | None]]:
    for lanes in (child for child in container if local(child.tag) in ("laneSet", "childLaneSet")):
        for lane in lanes:
            if lane.tag == bpmn("lane") and lane.get("id"):
                yield lane, holder
                yield from _lanes(lane, lane.get("id"))


# ---- what only the map knows -----------------------------------------------------------------------


def extension(element: Element) -> dict[str, Any]:
    """What the map has noted in an element: its `id` there, attributes to `set` and to `unset`."""
    holder = element.find(bpmn("extensionElements"))
    found = None if holder is None else holder.find(EXTENSION)
    if found is None:
        return {}
    told = parse(found.text or "{}")
    if not isinstance(told, dict) or not isinstance(told.get("set", {}), dict):
        raise FileFormatError(f"what is noted in {shorten(element.get('id'))} is no object")
    return told


def extension_text(noted: Mapping[str, Any]) -> str:
    """`extension` as text of ASCII characters."""
    own = {name: encode(value) for name, value in noted.get("set", {}).items()}
    return json.dumps({**noted, "set": own} if own else dict(noted))


def _told(attributes: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    for name in told.get("unset", ()):
        attributes.pop(name, None)
    try:
        return attributes | {name: decode(value) for name, value in told.get("set", {}).items()}
    except ValueError as error:
        raise FileFormatError(f"what is noted of {shorten(attributes['label'])} cannot be read: {error}") from error
