"""GraphML: a whole map for Gephi, yEd, networkx and others, and the graphs that they write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.cell_values import Form, form_of, from_text, to_text
from crmwidget.formats.foreign import check_counts, checked, flow, node, one_line, shown_lens
from crmwidget.formats.map_json import form
from crmwidget.formats.strict_json import parse as parse_json
from crmwidget.formats.xml_reading import fits_in_xml, local, parse
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import flow_keys

__all__ = ["dumps", "loads"]

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_PLACE = ("x", "y", "pinned", "width", "height")
_REST = "crmwidget"  # the map's own key for what a graph has no place for
_TYPES: dict[Form, str] = {"text": "string", "number": "double", "boolean": "boolean", "json": "string"}
_FORMS: dict[str, Form] = {"int": "number", "long": "number", "float": "number", "double": "number"}


def dumps(elements: Elements) -> bytes:
    """A map as GraphML, which `loads` gives back whole.

    Attributes of one type are data of that type; others, and values that GraphML has no type for, are JSON, as the
    `desc` of their key says. The places under the shown lens are `x` and `y`.
    """
    root = ElementTree.Element("graphml", xmlns=_NAMESPACE)
    graph = ElementTree.Element("graph", id=elements.id or "map", edgedefault="directed")
    places = elements.positions.get(shown_lens(elements), {})
    of_graph = _Keys("graph", [elements.attributes], root)
    of_nodes = _Keys("node", elements.nodes.values(), root)
    of_places = _Keys("node", places.values(), root, prefix="p", is_own=False)
    of_flows = _Keys("edge", elements.flows.values(), root, apart=("source", "target"))
    of_graph.write(graph, elements.attributes)
    rest = {
        "lenses": {
            lens: {"positions": {name: form(("position",), place) for name, place in shelf.items()}}
            for lens, shelf in elements.positions.items()
            if lens != shown_lens(elements)
        },
        "comments": [{"id": name, **form(("comment",), comment)} for name, comment in elements.comments.items()],
        "votes": {node: sorted(voters) for node, voters in elements.votes.items()},
    }
    if any(rest.values()):
        key = ElementTree.SubElement(root, "key", {"id": _REST, "for": "graph", "attr.name": _REST})
        key.set("attr.type", "string")
        ElementTree.SubElement(graph, "data", key=_REST).text = json.dumps(rest)
    root.append(graph)  # behind all keys
    for name, attributes in elements.nodes.items():
        written = ElementTree.SubElement(graph, "node", id=_id(name))
        of_nodes.write(written, attributes)
        of_places.write(written, places.get(name, {}))
    for name, attributes in elements.flows.items():
        ends = {"source": _id(attributes["source"]), "target": _id(attributes["target"])}
        of_flows.write(ElementTree.SubElement(graph, "edge", {"id": _id(name), **ends}), attributes)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n'.encode()


class _Keys:
    """The keys of one sort of element, declared in the root, and their data."""

    def __init__(
        self,
        sort: str,
        items: Iterable[Attributes],
        root: ElementTree.Element,
        *,
        prefix: str = "",
        is_own: bool = True,
        apart: tuple[str, ...] = (),
    ) -> None:
        values: dict[str, list[Any]] = {}
        for attributes in items:
            for name, value in attributes.items():
                if name not in apart:
                    values.setdefault(name, []).append(value)
        self._keys: dict[str, tuple[str, Form]] = {}
        for n, (name, found) in enumerate(values.items()):
            written = "json" if not _all_fit(found) else form_of(found, ("text", "boolean", "number"))
            if not fits_in_xml(name):
                raise FileFormatError(f"the attribute {shorten(name)} has a character that XML has not")
            self._keys[name] = f"{prefix or sort[0]}{n}", written
            key = ElementTree.SubElement(root, "key", {"id": self._keys[name][0], "for": sort, "attr.name": name})
            key.set("attr.type", _TYPES[written])
            marks = ["json"] * (written == "json") + ["own"] * (is_own and sort == "node" and name in _PLACE)
            if marks:
                ElementTree.SubElement(key, "desc").text = " ".join(marks)

    def write(self, element: ElementTree.Element, attributes: Attributes) -> None:
        for name, value in attributes.items():
            if name in self._keys:
                key, written = self._keys[name]
                ElementTree.SubElement(element, "data", key=key).text = to_text(value, written)


def _all_fit(values: Iterable[Any]) -> bool:
    return all(not isinstance(value, str) or fits_in_xml(value) for value in values)


def _id(name: str) -> str:
    if not fits_in_xml(name):
        raise FileFormatError(f"the id {shorten(name)} has a character that XML has not")
    return name


# ---- reading ---------------------------------------------------------------------------------------


def loads(content: bytes) -> Elements:
    """The map of a GraphML file; graphs in nodes become what belongs to them, and yEd's labels and places are read.

    Raises
    ------
    FileFormatError
        For what is not GraphML, an edge to a node that is not there, a data of no key, or too much of anything.
    """
    root, _ = parse(content, what="GraphML")
    if local(root.tag) != "graphml":
        raise FileFormatError(f"a GraphML file is a <graphml>; this one is a <{local(root.tag)[:40]}>")
    reading = _Reading({found.get("id", ""): found for found in root if local(found.tag) == "key"})
    graph = next((found for found in root if local(found.tag) == "graph"), None)
    if graph is None:
        raise FileFormatError("the file has no <graph>")
    return reading.whole(graph)


class _Reading:
    def __init__(self, keys: Mapping[str, ElementTree.Element]) -> None:
        self._keys = keys
        self._elements = Elements()
        self._places: dict[str, dict[str, Any]] = {}
        self._flow_keys = flow_keys()

    def whole(self, graph: ElementTree.Element) -> Elements:
        elements = self._elements
        attributes = self._data(graph, "graph")
        rest = parse_json(attributes.pop("\0rest", "{}"))
        if not isinstance(rest, dict):
            raise FileFormatError(f"the data of the key {_REST!r} is no object; the file has {shorten(rest)}")
        elements.attributes = {"name": "Map", **attributes}
        if not isinstance(elements.attributes["name"], str):
            elements.attributes["name"] = str(elements.attributes["name"])
        elements.id = graph.get("id", "")
        edges: list[ElementTree.Element] = []
        self._nodes(graph, None, edges)
        for edge in edges:
            self._flow(edge)
        if self._places:
            elements.positions[shown_lens(elements)] = dict(self._places)
        return checked(elements, lenses=rest.get("lenses"), comments=rest.get("comments"), votes=rest.get("votes"))

    def _nodes(self, graph: ElementTree.Element, holder: str | None, edges: list[ElementTree.Element]) -> None:
        for found in graph:
            tag = local(found.tag)
            if tag == "edge":
                edges.append(found)
            if tag != "node":
                continue
            name = found.get("id", "")
            if name in self._elements.nodes:
                raise FileFormatError(f"the node {shorten(name)} stands twice")
            given = self._data(found, "node")
            place = {part: given.pop(f"\0{part}") for part in _PLACE if f"\0{part}" in given}
            inside = next((child for child in found if local(child.tag) == "graph"), None)
            if holder is not None:
                given.setdefault("parent", holder)
            if inside is not None:
                given.setdefault("kind", "group")
            self._elements.nodes[name] = node(name, given)
            check_counts(len(self._elements.nodes), len(edges))
            if isinstance(place.get("x"), (int, float)) and isinstance(place.get("y"), (int, float)):
                self._places[name] = {"pinned": True, **place}
            if inside is not None:
                self._nodes(inside, name, edges)

    def _flow(self, edge: ElementTree.Element) -> None:
        flows = self._elements.flows
        key = edge.get("id", "")
        if not key or key in flows:
            key = next(free for free in self._flow_keys if free not in flows)
        flows[key] = flow(key, edge.get("source", ""), edge.get("target", ""), self._data(edge, "edge"))

    def _data(self, element: ElementTree.Element, sort: str) -> dict[str, Any]:
        """What the data of an element say; a place under names that no attribute can have."""
        found: dict[str, Any] = {}
        for data in element:
            if local(data.tag) != "data":
                continue
            key = self._keys.get(data.get("key", ""))
            if key is None:
                raise FileFormatError(f"a <data> is of the key {shorten(data.get('key'))}, which is not declared")
            if len(data):
                found |= _drawn(data)
                continue
            marks = next((child.text or "" for child in key if local(child.tag) == "desc"), "").split()
            name = key.get("attr.name") or str(key.get("id"))
            if key.get("id") == _REST:
                name = "\0rest"
            elif sort == "node" and name in _PLACE and "own" not in marks:
                name = f"\0{name}"
            found[name] = _value(data.text or "", key.get("attr.type", "string"), is_json="json" in marks)
        return found


def _value(text: str, type_name: str, *, is_json: bool) -> Any:
    written: Form = "json" if is_json else "boolean" if type_name == "boolean" else _FORMS.get(type_name, "text")
    try:
        return from_text(text if written in ("text", "json") else text.strip(), written)
    except FileFormatError:
        if is_json:
            raise
        return text


def _drawn(data: ElementTree.Element) -> dict[str, Any]:
    """The label and place of yEd's drawing of a node or edge."""
    found: dict[str, Any] = {}
    for part in data.iter():
        tag = local(part.tag)
        if tag in ("NodeLabel", "EdgeLabel") and "label" not in found and (part.text or "").strip():
            found["label"] = one_line(part.text or "")
        elif tag == "Geometry" and "\0x" not in found:
            try:
                left, top, width, height = (float(part.get(name, "")) for name in ("x", "y", "width", "height"))
            except ValueError:
                continue
            found |= {"\0x": left + width / 2, "\0y": top + height / 2}
    return found
