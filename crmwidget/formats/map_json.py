"""The saved map: one JSON file, the same bytes for the same map, read with limits and clear errors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crmwidget.errors import FileFormatError
from crmwidget.formats import whole_file
from crmwidget.formats.map_reading import MIGRATIONS, elements_from
from crmwidget.formats.strict_json import parse
from crmwidget.graph.comments import FIELDS
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.json_values import encode
from crmwidget.vocabulary import ATTRIBUTES, FLOW_KINDS, NODE_KINDS

__all__ = [
    "FORMAT",
    "MIGRATIONS",
    "VERSION",
    "document",
    "dumps",
    "form",
    "from_document",
    "loads",
    "read",
    "to_document",
    "write",
]

FORMAT = "crmwidget/map"
VERSION = 1


def dumps(elements: Elements) -> str:
    """The text of the file of a map: two-space JSON, every key in a fixed place.

    Nodes, flows and comments are written in their order in the map, because that order is content: colours, lanes and
    the rows of `to_table` follow it. All else is sorted. So maps that are equal, order included, give equal bytes.
    Attributes that the vocabulary knows for the kind stand by themselves, others under `"other"`.

    Raises
    ------
    FileFormatError
        If a value has no form in JSON. Values of a map always have one.

    Examples
    --------
    >>> text = dumps(Elements(id="sales", attributes={"name": "Sales"}))
    >>> loads(text).attributes
    {'name': 'Sales'}
    """
    try:
        text = json.dumps(to_document(elements), ensure_ascii=False, allow_nan=False, indent=2)
        text.encode()
    except ValueError as error:
        raise FileFormatError(f"the map cannot be written: {error}") from error
    return text + "\n"


def to_document(elements: Elements) -> dict[str, Any]:
    """The document that `dumps` writes, which `from_document` reads; a `ValueError` if a value has no form in JSON."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": elements.id,
        **_map(elements.attributes),
        "nodes": {node: _node(attributes) for node, attributes in elements.nodes.items()},
        "flows": {key: _flow(attributes) for key, attributes in elements.flows.items()},
        "lenses": {
            lens: {"positions": {node: _position(positions[node]) for node in sorted(positions)}}
            for lens, positions in sorted(elements.positions.items())
            if positions
        },
        "comments": [{"id": key, **_comment(comment)} for key, comment in elements.comments.items()],
        **_votes(elements),
    }


def loads(text: str) -> Elements:
    """The map of a file's text.

    Raises
    ------
    FileFormatError
        For text that is not JSON or is cut off (with line and column), another format, a newer version, a key that
        stands twice in one object, an unknown kind (with the nearest), a value of a wrong type, a flow, position,
        comment or vote of a missing node, control characters in an id, a number that is not finite, or too much of
        anything.
    """
    return from_document(document(text.encode("utf-8", "surrogatepass")))


def read(path: str | os.PathLike[str]) -> Elements:
    """The map in a file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    FileFormatError
        As for `loads`, naming the file; also if it is larger than `LIMITS.file_bytes`, which is seen before it is read.
    """
    path = Path(path)
    try:
        return from_document(document(whole_file.read(path)))
    except FileFormatError as error:
        raise FileFormatError(f"cannot open {path.name!r}: {error}") from error


def write(elements: Elements, path: str | os.PathLike[str]) -> None:
    """Write a map to a file, whole or not at all: the old file is there until the new one is.

    Raises
    ------
    FileFormatError
        If it could not be read again: more than `LIMITS.file_bytes`.
    OSError
        If the folder cannot be written to.
    """
    whole_file.write(dumps(elements).encode(), Path(path))


def document(content: bytes) -> Any:
    """The JSON in a map file's bytes, with nothing looked at yet."""
    whole_file.check_size(len(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"the file is not UTF-8 text: byte {error.start:,} is {content[error.start]:#04x}"
        ) from error
    if not text.strip():
        raise FileFormatError("the file is empty, not a map")
    return parse(text)


def from_document(found: object) -> Elements:
    """The map that a `document` describes, checked piece by piece."""
    return elements_from(found, format_name=FORMAT, newest=VERSION)


def form(path: Sequence[str], attributes: Attributes) -> Any:
    """One element as it stands in the file."""
    return _FORMS[path[0]](attributes)


def _node(attributes: Attributes) -> dict[str, Any]:
    kind = NODE_KINDS.get(attributes["kind"])
    return _element(attributes, ("kind", "label"), kind.attributes if kind else ())


def _flow(attributes: Attributes) -> dict[str, Any]:
    kind = FLOW_KINDS.get(attributes["kind"])
    return _element(attributes, ("source", "target", "kind"), kind.attributes if kind else ())


def _element(attributes: Attributes, first: tuple[str, ...], known: tuple[str, ...]) -> dict[str, Any]:
    written = {name: attributes[name] for name in first}
    rest = sorted(name for name in attributes if name not in first)
    written |= {name: _value(name, attributes[name]) for name in rest if name in known}
    other = {name: _value(name, attributes[name]) for name in rest if name not in known}
    return {**written, "other": other} if other else written


def _value(name: str, value: object) -> Any:
    known = ATTRIBUTES.get(name)
    if known is not None and known.type == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return encode(value)


def _position(position: Attributes) -> dict[str, Any]:
    place = {"x": float(position["x"]), "y": float(position["y"]), "pinned": bool(position.get("pinned", False))}
    return place | {name: float(position[name]) for name in ("width", "height") if name in position}


def _comment(comment: Attributes) -> dict[str, Any]:
    return {name: encode(comment[name]) for name in FIELDS if name in comment}


def _votes(elements: Elements) -> dict[str, Any]:
    """They are there only where somebody has voted."""
    votes = {node: sorted(voters) for node, voters in sorted(elements.votes.items())}
    return {"votes": votes} if votes else {}


def _map(attributes: Attributes) -> dict[str, Any]:
    return {
        "name": attributes.get("name", ""),
        "attributes": {name: encode(value) for name, value in sorted(attributes.items()) if name != "name"},
    }


_FORMS: dict[str, Callable[[Attributes], dict[str, Any]]] = {
    "map": _map,
    "node": _node,
    "flow": _flow,
    "position": _position,
    "comment": _comment,
    "vote": dict,
}
