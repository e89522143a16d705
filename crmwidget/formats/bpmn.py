"""BPMN 2.0: a map of a BPMN file and back, with all that a map has no place for kept as it was in the file."""

from __future__ import annotations

import base64
import zlib
from typing import Any

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.bpmn_names import BPMN, NAMESPACES, bpmn
from crmwidget.formats.bpmn_tree import Tree
from crmwidget.formats.bpmn_writing import Patch
from crmwidget.formats.foreign import checked
from crmwidget.formats.xml_reading import XML_BYTES, local, parse
from crmwidget.formats.xml_writing import without_layout, written
from crmwidget.graph.elements import Elements

__all__ = ["dumps", "loads"]

_KEPT = "bpmn"  # the attribute of the map that holds the document
_PIECE = 15_000  # characters
_EMPTY = (
    f'<definitions xmlns="{BPMN}" id="definitions" targetNamespace="urn:crmwidget:map"><process id="process" />'
    "</definitions>"
)


def loads(content: bytes) -> Elements:
    """The map of a BPMN file.

    Pools and lanes are groups, tasks and events between start and end activities, gateways decisions, data objects
    and stores datasets, a sub-process is an activity with a map behind it. `bpmn` of a node says what it was where that
    is not the plainest of its kind. The document itself is kept, packed, in the map's attribute `bpmn`, so that `dumps`
    writes back what a map has no place for.

    Raises
    ------
    FileFormatError
        For what is not BPMN 2.0, an id twice, entities, or too much of anything.
    """
    root, namespaces = parse(content, what="BPMN")
    if root.tag != bpmn("definitions"):
        raise FileFormatError(f"a BPMN 2.0 file is a <definitions> of {BPMN}; this one is a <{local(root.tag)[:40]}>")
    without_layout(root)
    elements = Tree(root).elements()
    root.attrib.pop("name", None)
    elements.attributes[_KEPT] = _packed(written(root, {**_ours(namespaces), **namespaces}))
    return checked(elements)


def dumps(elements: Elements) -> bytes:
    """A map as BPMN: the document that it came from with what has changed since, or a new one.

    What BPMN has no place for (the kinds of a map, attributes of one's own) stands in extension elements, so that
    `loads` gives it back.
    """
    kept = elements.attributes.get(_KEPT)
    root, namespaces = parse(_unpacked(kept) if kept is not None else _EMPTY.encode(), what="BPMN")
    without_layout(root)
    if kept is None:
        namespaces = {"": BPMN}
    Patch(root, elements).apply()
    root.set("name", str(elements.attributes.get("name", "Map")))
    return written(root, {**_ours(namespaces), **namespaces}).encode()


def _ours(namespaces: dict[str, str]) -> dict[str, str]:
    """The prefixes of what a diagram needs, where the document has none for it."""
    return {prefix: uri for prefix, uri in NAMESPACES.items() if uri not in namespaces.values()}


def _packed(text: str) -> tuple[str, ...]:
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    return tuple(packed[at : at + _PIECE] for at in range(0, len(packed), _PIECE))


def _unpacked(kept: Any) -> bytes:
    try:
        pieces = (kept,) if isinstance(kept, str) else tuple(kept)
        opened = zlib.decompressobj()
        text = opened.decompress(base64.b64decode("".join(pieces), validate=True), XML_BYTES + 1)
        if not opened.eof:
            raise ValueError(f"it unpacks to more than {XML_BYTES:,} bytes, or is cut off")
    except (TypeError, ValueError, zlib.error) as error:
        raise FileFormatError(
            f"the BPMN document that the map keeps in its attribute {_KEPT!r} is damaged ({shorten(str(error))}): "
            f"del m.graph.graph[{_KEPT!r}] writes a new one"
        ) from None
    return text
