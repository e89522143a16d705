"""Bring a BPMN document up to what a map says now, touching nothing that is the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.bpmn_drawing import Drawing
from crmwidget.formats.bpmn_lanes import draw_lanes, take_lanes_away
from crmwidget.formats.bpmn_names import HOLDERS, KINDS, TAGS, bpmn, called
from crmwidget.formats.bpmn_tree import EXTENSION, Tree, extension_text
from crmwidget.formats.foreign import one_line
from crmwidget.formats.xml_reading import fits_in_xml, local
from crmwidget.graph.elements import Attributes, Elements, above
from crmwidget.graph.ids import unique

__all__ = ["Patch"]

_NAME = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
_ENDS = ("sourceRef", "targetRef")
_FIRST = ("documentation", "extensionElements")  # they stand before all else


class Patch:
    """One map on its way into one document."""

    def __init__(self, root: Element, elements: Elements) -> None:
        self.tree = Tree(root)
        self._root, self._map = root, elements
        self._before = self.tree.elements()
        self._ids: dict[str, str] = {}  # id on the map → id in the file
        self._taken = set(self.tree.ids)  # also what is gone in the end: an id never changes its meaning
        self._lanes = [element for element in self.tree.ids.values() if element.tag == bpmn("lane")]
        self._holding = {attributes.get("parent") for attributes in elements.nodes.values()}

    def apply(self) -> None:
        """Nodes first, then flows, then what is gone, then where all of it lies, and last what only the map knows."""
        nodes = self._map.nodes
        take_lanes_away(self.tree)
        self._forget_notes()
        for node in nodes:
            self._ids[node] = self.tree.node_ids.get(node) or self._fresh(node)
        for node in sorted(nodes, key=lambda name: len(above(nodes, name))):  # what holds others is in its place first
            self._node(node, nodes[node])
        for key, attributes in self._map.flows.items():
            self._ids[f"\0{key}"] = self.tree.flow_ids.get(key) or self._fresh(key)
            self._flow(key, attributes)
        gone = [name for key, name in self.tree.flow_ids.items() if key not in self._map.flows]
        gone += [name for node, name in self.tree.node_ids.items() if node not in nodes]
        referring = self._referring() if gone else {}
        for name in gone:
            self._remove(name, referring.get(name, ()))
        flows = {self._ids[f"\0{key}"]: flow for key, flow in self._map.flows.items()}
        Drawing(self.tree, self._map, self._ids, flows).apply()
        draw_lanes(self.tree, self._map, self._ids)
        self._note()

    def _fresh(self, name: str) -> str:
        """An id that XML takes and nothing else has."""
        wanted = name if _NAME.fullmatch(name) else "_" + re.sub(r"[^A-Za-z0-9_.\-]", "_", name)
        fresh = unique(wanted, self._taken)
        self._taken.add(fresh)
        return fresh

    # ---- nodes -------------------------------------------------------------------------------------

    def _node(self, node: str, attributes: Attributes) -> None:
        tree, name = self.tree, self._ids[node]
        tag = self._tag(node, attributes)
        container = self._container(node, tag)
        element = tree.ids.get(name)
        if element is None:
            element = self._added(container, tag, name)
            if tag == "participant":
                process = self._added(self._root, "process", unique(f"{name}_process", tree.ids))
                element.set("processRef", process.get("id", ""))
            if tag == "group":
                self._give_category(element, name)
        else:
            if local(element.tag) != tag:
                self._become(element, tag)
            if tree.above[element] is not container:
                tree.above[element].remove(element)
                container.append(element)
                tree.above[element] = container
        before = self._before.nodes.get(node)
        if before is None or before["label"] != attributes["label"]:
            self._name(element, tag, attributes["label"])
        if before is None or before.get("parent") != attributes.get("parent"):
            self._put_in_lane(name, attributes.get("parent"))

    def _tag(self, node: str, attributes: Attributes) -> str:
        kind = attributes["kind"]
        wanted = attributes.get("bpmn")
        tag = wanted if isinstance(wanted, str) and KINDS.get(wanted) == kind else TAGS[kind]
        if KINDS[tag] == "activity" and tag not in HOLDERS and node in self._holding:
            return "subProcess"
        if tag == "lane" and self._pool(node) is None and self._lane_holder(node) is None:
            return "group"
        return tag

    def _become(self, element: Element, tag: str) -> None:
        """Give an element another tag, without what only the one that it had knows."""
        element.tag = bpmn(tag)
        element.attrib.pop("processRef", None)
        for child in list(element):
            if local(child.tag) in ("flowNodeRef", "childLaneSet"):
                element.remove(child)

    def _lane_holder(self, node: str) -> Element | None:
        """The process or sub-process whose lane a node is now."""
        element = self.tree.ids.get(self._ids[node])
        if element is None or element.tag != bpmn("lane"):
            return None
        while local(element.tag) in ("lane", "laneSet", "childLaneSet"):
            element = self.tree.above[element]
        return element

    def _pool(self, node: str) -> Element | None:
        """The process of the pool that a node lies in."""
        for holder in above(self._map.nodes, node):
            element = self.tree.ids.get(self._ids.get(holder, ""))
            if element is not None and element.tag == bpmn("participant"):
                process = self.tree.ids.get(element.get("processRef", "").rpartition(":")[2])
                if process is None:
                    process = self._added(self._root, "process", unique(f"{element.get('id')}_process", self.tree.ids))
                    element.set("processRef", process.get("id", ""))
                return process
        return None

    def _container(self, node: str, tag: str) -> Element:
        """What a node's element is to lie in: where it lies already, if nothing speaks against it."""
        tree, name = self.tree, self._ids[node]
        now = tree.above.get(tree.ids[name]) if name in tree.ids else None
        if tag == "participant":
            return now if now is not None else self._collaboration()
        if tag == "group" and now is not None and local(now.tag) not in ("laneSet", "childLaneSet"):
            return now
        if tag == "lane":
            return self._lane_set(node)
        for holder in above(self._map.nodes, node):
            element = tree.ids.get(self._ids.get(holder, ""))
            if element is not None and local(element.tag) in HOLDERS:
                return element
        pool = self._pool(node)
        if pool is not None:
            return pool
        pools = {pool.get("processRef") for top in self._root.findall(bpmn("collaboration")) for pool in top}
        free = [child for child in self._root if child.tag == bpmn("process") and child.get("id") not in pools]
        if now is not None and now in free:
            return now
        return free[0] if free else self._added(self._root, "process", unique("process", tree.ids))

    def _collaboration(self) -> Element:
        found = self._root.find(bpmn("collaboration"))
        return found if found is not None else self._added(self._root, "collaboration", unique("pools", self.tree.ids))

    def _lane_set(self, node: str) -> Element:
        holder = self.tree.ids.get(self._ids.get(str(self._map.nodes[node].get("parent")), ""))
        name = "childLaneSet"
        if holder is None or holder.tag != bpmn("lane"):
            pool = self._pool(node)
            holder, name = self._lane_holder(node) if pool is None else pool, "laneSet"
        assert holder is not None  # `_tag` has seen to it
        now = self.tree.above.get(self.tree.ids.get(self._ids[node], self._root))
        if now is not None and self.tree.above.get(now) is holder:
            return now
        found = holder.find(bpmn(name))
        return (
            found
            if found is not None
            else self._added(holder, name, unique(f"{holder.get('id')}_lanes", self.tree.ids))
        )

    def _added(self, container: Element, tag: str, name: str) -> Element:
        """A new element, at the place among its siblings that the schema wants."""
        element = Element(bpmn(tag), {"id": name})
        at = len(container)
        if tag in ("collaboration", "process", "category"):  # before the diagrams, and pools before processes
            at = next((n for n, child in enumerate(container) if local(child.tag) == "BPMNDiagram"), at)
            if tag == "collaboration":
                at = next((n for n, child in enumerate(container) if child.tag == bpmn("process")), at)
        elif tag == "laneSet":
            at = sum(local(child.tag) in _FIRST for child in container)
        elif tag == "participant":
            at = next((n for n, c in enumerate(container) if local(c.tag) not in (*_FIRST, "participant")), at)
        elif tag not in ("association", "group"):  # artifacts stand behind all else
            while at and local(container[at - 1].tag) in ("association", "group", "textAnnotation"):
                at -= 1
        container.insert(at, element)
        self.tree.note(element, container)
        self._taken.add(name)
        if tag == "lane":
            self._lanes.append(element)
        return element

    def _give_category(self, element: Element, name: str) -> None:
        category = self._added(self._root, "category", unique(f"{name}_category", self.tree.ids))
        value = self._added(category, "categoryValue", unique(f"{name}_value", self.tree.ids))
        element.set("categoryValueRef", value.get("id", ""))

    def _name(self, element: Element, tag: str, label: str) -> None:
        name, holder = "name", element
        if tag == "group":
            value = self.tree.ids.get(element.get("categoryValueRef", "").rpartition(":")[2])
            if value is None:
                self._give_category(element, element.get("id", ""))
                value = self.tree.ids[element.get("categoryValueRef", "")]
            name, holder = "value", value
        if label != called(tag) and one_line(label) == label and fits_in_xml(label):
            holder.set(name, label)
        else:  # as it is called without one, or noted apart
            holder.attrib.pop(name, None)

    def _put_in_lane(self, name: str, parent: str | None) -> None:
        lane = self.tree.ids.get(self._ids.get(parent or "", parent or ""))
        for other in self._lanes:
            for ref in other.findall(bpmn("flowNodeRef")):
                if (ref.text or "").strip() == name:
                    other.remove(ref)
        if lane is not None and lane.tag == bpmn("lane") and local(self.tree.ids[name].tag) not in ("lane", "group"):
            ref = Element(bpmn("flowNodeRef"))
            ref.text = name
            at = next((n for n, child in enumerate(lane) if child.tag == bpmn("childLaneSet")), len(lane))
            lane.insert(at, ref)

    # ---- flows -------------------------------------------------------------------------------------

    def _flow(self, key: str, attributes: Attributes) -> None:
        name = self._ids[f"\0{key}"]
        before = self._before.flows.get(key)
        source, target = (self._ids[attributes[end]] for end in ("source", "target"))
        element = self.tree.ids.get(name)
        if element is None:
            tag = self._flow_tag(attributes["kind"], source, target)
            container = self._collaboration() if tag == "messageFlow" else self._home(source)
            element = self._added(container, tag, name)
        if before is None or (before["source"], before["target"]) != (attributes["source"], attributes["target"]):
            self._disconnect(name)
            element.set("sourceRef", source)
            element.set("targetRef", target)
            if element.tag == bpmn("sequenceFlow"):
                self._connect(source, "outgoing", name)
                self._connect(target, "incoming", name)
        if element.tag == bpmn("association"):
            return
        if before is None or before.get("label") != attributes.get("label"):
            label = attributes.get("label")
            if isinstance(label, str) and label and one_line(label) == label and fits_in_xml(label):
                element.set("name", label)
            else:
                element.attrib.pop("name", None)
        if element.tag == bpmn("sequenceFlow") and (before or {}).get("condition") != attributes.get("condition"):
            self._condition(element, attributes.get("condition"))

    def _flow_tag(self, kind: str, source: str, target: str) -> str:
        """A sequence flow within a process, a message flow between pools, an association for all that is neither."""
        data = ("dataObjectReference", "dataStoreReference", "participant", "lane", "group")
        ends = [local(self.tree.ids[end].tag) for end in (source, target)]
        is_apart = self._process(source) is not self._process(target)
        if kind in ("flow", "message") and is_apart and not {*ends} & {*data[:2], *data[3:]}:
            return "messageFlow"
        return "sequenceFlow" if kind == "flow" and not {*ends} & {*data} else "association"

    def _home(self, name: str) -> Element:
        """The process or sub-process that an element lies in; of a pool, the collaboration."""
        element = self.tree.above[self.tree.ids[name]]
        while local(element.tag) in ("laneSet", "childLaneSet", "lane"):
            element = self.tree.above[element]
        return element

    def _process(self, name: str) -> Element:
        element = self.tree.ids[name]
        while element.tag not in (bpmn("process"), bpmn("participant")) and element in self.tree.above:
            element = self.tree.above[element]
        return element

    def _connect(self, end: str, side: str, name: str) -> None:
        element = self.tree.ids[end]
        before = (
            *_FIRST,
            "auditing",
            "monitoring",
            "categoryValueRef",
            "incoming",
            *(["outgoing"] * (side != "incoming")),
        )
        at = next((n for n, child in enumerate(element) if local(child.tag) not in before), len(element))
        ref = Element(bpmn(side))
        ref.text = name
        element.insert(at, ref)

    def _disconnect(self, name: str) -> None:
        for end in _ENDS:
            element = self.tree.ids.get(self.tree.ids[name].get(end, ""))
            for ref in list(element) if element is not None else ():
                if local(ref.tag) in ("incoming", "outgoing") and (ref.text or "").strip() == name:
                    element.remove(ref)  # type: ignore[union-attr]

    def _condition(self, element: Element, text: Any) -> None:
        found = element.find(bpmn("conditionExpression"))
        if not isinstance(text, str) or not text.strip() or text != text.strip() or not fits_in_xml(text):
            if found is not None:
                element.remove(found)
            return
        if found is None:
            found = SubElement(element, bpmn("conditionExpression"))
        found.text = text

    # ---- what is gone, and what only the map knows -------------------------------------------------

    def _referring(self) -> Mapping[str, list[Element]]:
        """Id → what leads from or to it, or is attached to it."""
        found: defaultdict[str, list[Element]] = defaultdict(list)
        for element in self._root.iter():
            for end in (*_ENDS, "attachedToRef"):
                found[element.get(end, "")].append(element)
            for part in element:
                if local(part.tag) in _ENDS:
                    found[(part.text or "").strip()].append(element)
        return found

    def _remove(self, name: str, referring: Iterable[Element]) -> None:
        tree = self.tree
        element = tree.ids.get(name)
        if element is None:
            return
        if local(element.tag) in ("sequenceFlow", "messageFlow", "association"):
            self._disconnect(name)
        self._put_in_lane(name, None)
        for other in referring:
            if other.get("attachedToRef") == name:
                del other.attrib["attachedToRef"]
                other.tag = bpmn("intermediateCatchEvent")
            elif (
                other.get("sourceRef") == name or other.get("targetRef") == name or local(other.tag).startswith("data")
            ):
                tree.forget(other)
        tree.forget(element)

    def _forget_notes(self) -> None:
        for element in self.tree.ids.values():
            holder = element.find(bpmn("extensionElements"))
            noted = None if holder is None else holder.find(EXTENSION)
            if holder is not None and noted is not None:
                holder.remove(noted)
                if not len(holder):
                    element.remove(holder)

    def _note(self) -> None:
        """Note in each element what the document would be read as and the map is not."""
        tree = Tree(self._root)
        said = tree.elements()
        names = {self._ids[node]: node for node in self._map.nodes}
        for node, attributes in self._map.nodes.items():
            if self._ids[node] not in said.nodes:
                raise FileFormatError(f"the node {shorten(node)} has no place in BPMN")
            derived = dict(said.nodes[self._ids[node]])
            back = names.get(derived.get("parent", ""))
            self._extend(tree.ids[self._ids[node]], node, attributes, {**derived, **({"parent": back} if back else {})})
        for key, attributes in self._map.flows.items():
            name = self._ids[f"\0{key}"]
            ends = {"source": attributes["source"], "target": attributes["target"]}
            found = said.flows.get(name, {"kind": "flow"})
            self._extend(tree.ids[name], key, attributes, {**found, **ends})

    def _extend(self, element: Element, name: str, wanted: Attributes, derived: Mapping[str, Any]) -> None:
        noted: dict[str, Any] = {} if name == element.get("id") else {"id": name}
        other = {key: value for key, value in wanted.items() if key not in derived or not _same(derived[key], value)}
        if other:
            noted["set"] = other
        if unset := sorted(derived.keys() - wanted.keys()):
            noted["unset"] = unset
        if not noted and element.tag != bpmn("association"):
            return
        holder = element.find(bpmn("extensionElements"))
        if holder is None:
            holder = Element(bpmn("extensionElements"))
            element.insert(sum(local(child.tag) == "documentation" for child in element), holder)
        SubElement(holder, EXTENSION).text = extension_text(noted)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
