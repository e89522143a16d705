"""The saved map: one JSON file, written atomically, read with limits and clear errors."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from json import JSONDecodeError
from pathlib import Path
from typing import Any, NoReturn

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.map_reading import MIGRATIONS, elements_from
from crmwidget.graph.comments import FIELDS
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.json_values import encode
from crmwidget.vocabulary import ATTRIBUTES, FLOW_KINDS, LIMITS, NODE_KINDS

__all__ = ["FORMAT", "MIGRATIONS", "VERSION", "dumps", "loads", "read", "write"]

FORMAT = "crmwidget/map"
VERSION = 1

_CONSTANTS = "NaN and infinite numbers have no place in a map"


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
        document = {
            "format": FORMAT,
            "version": VERSION,
            "id": elements.id,
            "name": elements.attributes.get("name", ""),
            "attributes": {
                name: encode(value) for name, value in sorted(elements.attributes.items()) if name != "name"
            },
            "nodes": {node: _node(attributes) for node, attributes in elements.nodes.items()},
            "flows": {key: _flow(attributes) for key, attributes in elements.flows.items()},
            "lenses": {
                lens: {"positions": {node: _position(positions[node]) for node in sorted(positions)}}
                for lens, positions in sorted(elements.positions.items())
                if positions
            },
            "comments": [{"id": key, **_comment(comment)} for key, comment in elements.comments.items()],
        }
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
        text.encode()
    except ValueError as error:
        raise FileFormatError(f"the map cannot be written: {error}") from error
    return text + "\n"


def loads(text: str) -> Elements:
    """The map of a file's text.

    Raises
    ------
    FileFormatError
        For text that is not JSON or is cut off (with line and column), another format, a newer version, a key that
        stands twice in one object, an unknown kind (with the nearest), a value of a wrong type, a flow, position or
        comment of a missing node, control characters in an id, a number that is not finite, or too much of anything.
    """
    if len(text) > LIMITS.file_bytes:
        raise FileFormatError(_too_large(len(text)))
    try:
        document = json.loads(
            text, object_pairs_hook=_no_duplicates, parse_constant=_refuse_constant, parse_float=_finite
        )
    except FileFormatError:
        raise
    except JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if not text.strip():
            raise FileFormatError("the file is empty, not a map") from error
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise FileFormatError(f"the file is cut off at {where}: {error.msg}") from error
        raise FileFormatError(f"the file is not JSON at {where}: {error.msg}") from error
    except RecursionError as error:
        raise FileFormatError(
            f"the file is nested too deep; values nest at most {LIMITS.nested_depth} levels"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise FileFormatError(f"the file is not JSON that can be read: {error}") from error
    return elements_from(document, format_name=FORMAT, newest=VERSION)


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
        size = path.stat().st_size
        if size > LIMITS.file_bytes:
            raise FileFormatError(_too_large(size))
        with path.open("rb") as file:
            content = file.read(LIMITS.file_bytes + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileFormatError(
                f"the file is not UTF-8 text: byte {error.start:,} is {content[error.start]:#04x}"
            ) from error
        return loads(text)
    except FileFormatError as error:
        raise FileFormatError(f"cannot open {path.name!r}: {error}") from error


def write(elements: Elements, path: str | os.PathLike[str]) -> None:
    """Write a map to a file, whole or not at all.

    The text goes to a new file in the same folder, reaches the disk, and takes the old file's place and permissions in
    one step; if anything fails the old file is as it was. A symbolic link stays one, and its target is replaced.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    content = dumps(elements).encode()
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


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


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise FileFormatError(
                    f"the key {shorten(key)} stands twice in one object; which is meant cannot be known"
                )
            seen.add(key)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise FileFormatError(f"{_CONSTANTS}; the file holds {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise FileFormatError(f"{_CONSTANTS}; the file holds {shorten(digits)}")
    return number


def _too_large(size: int) -> str:
    return f"a map file has at most {LIMITS.file_bytes:,} bytes; this one has {size:,}"


def _sync_folder(folder: Path) -> None:
    """The new name reaches the disk too, where the system lets a folder be synced."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
