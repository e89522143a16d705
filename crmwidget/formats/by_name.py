"""Which formats there are, which one a file is of, and the way into and out of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from crmwidget.errors import CrmWidgetError, FileFormatError, nearest, shorten
from crmwidget.formats import whole_file
from crmwidget.graph.elements import Elements

__all__ = ["FORMATS", "OWN", "Format", "check_own", "for_reading", "for_writing", "read", "write"]

OWN = "map"
_HEAD = 4_000  # bytes that tell what a file is


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files; `module` has `loads` and `dumps` of bytes, or `read` and `write` of paths."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    module: str
    is_read: bool = True
    is_written: bool = True


FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        Format(OWN, "the map's own JSON", (".crm.json", ".json"), "map_json"),
        Format("bpmn", "BPMN 2.0", (".bpmn", ".bpmn20.xml"), "bpmn"),
        Format("graphml", "GraphML", (".graphml",), "graphml"),
        Format("mermaid", "Mermaid", (".mmd", ".mermaid"), "mermaid"),
        Format("dot", "DOT", (".dot", ".gv"), "dot", is_read=False),
        Format("csv", "CSV", (".csv",), "csv_files"),
        Format("excel", "Excel", (".xlsx",), "excel"),
        Format("python", "Python", (".py",), "python_code", is_read=False),
    )
}


def for_writing(path: Path, name: str | None = None) -> Format:
    """The format that a file is to be written in, by its name or the path's suffix.

    Examples
    --------
    >>> for_writing(Path("sales.crm.json")).name, for_writing(Path("sales.txt"), "graphml").name
    ('map', 'graphml')
    """
    if name is not None:
        return _named(name, [found for found in FORMATS.values() if found.is_written], "written")
    found = _by_suffix(path)
    if found is None:
        raise FileFormatError(
            f"{path.name!r} has no suffix of a format that is written; {_suffixes(path, 'is_written')}"
        )
    return found


def for_reading(path: Path, name: str | None = None) -> Format:
    """The format that a file is in: as named, by the path's suffix, else by how its content begins."""
    if name is not None:
        return _named(name, [found for found in FORMATS.values() if found.is_read], "read")
    found = _by_suffix(path)
    if found is None:
        found = _by_content(path)
    if found is None:
        raise FileFormatError(f"{path.name!r} is of no format that is read; {_suffixes(path, 'is_read')}")
    if not found.is_read:
        raise FileFormatError(f"{found.title} is written, not read; {_suffixes(path, 'is_read')}")
    return found


def check_own(path: Path) -> None:
    """A `FileFormatError` for a path whose suffix is that of another format than the map's own."""
    found = _by_suffix(path)
    if found is not None and found.name != OWN:
        raise FileFormatError(
            f"a map saves itself as its own JSON, such as {path.name.split('.')[0]}.crm.json; {path.name!r} would be "
            f"{found.title}: m.save({path.name!r}) writes such a copy"
        )


def read(path: Path, chosen: Format) -> Elements:
    """The map in a file of a format; without a name of its own it is called as the file."""
    module = import_module(f"crmwidget.formats.{chosen.module}")
    try:
        if hasattr(module, "read"):
            elements = cast(Elements, module.read(path))
        else:
            elements = cast(Elements, module.loads(whole_file.read(path)))
    except FileFormatError as error:
        raise FileFormatError(f"cannot open {path.name!r} as {chosen.title}: {error}") from error
    except CrmWidgetError as error:
        if isinstance(error, ImportError):
            raise
        raise FileFormatError(f"cannot open {path.name!r} as {chosen.title}: {error}") from error
    if elements.attributes.get("name", "Map") == "Map":
        elements.attributes["name"] = path.name.split(".")[0] or "Map"
    return elements


def write(elements: Elements, path: Path, chosen: Format) -> None:
    """Write a map to a file in a format, whole or not at all."""
    module: Any = import_module(f"crmwidget.formats.{chosen.module}")
    try:
        if hasattr(module, "write"):
            module.write(elements, path)
        else:
            dumps = cast(Callable[[Elements], bytes], module.dumps)
            whole_file.write(dumps(elements), path)
    except FileFormatError as error:
        raise FileFormatError(f"cannot write {path.name!r} as {chosen.title}: {error}") from error


def _named(name: str, allowed: list[Format], done: str) -> Format:
    for found in allowed:
        if found.name == name:
            return found
    names = [found.name for found in allowed]
    raise FileFormatError(f"{shorten(name)} is no format that is {done}; {nearest(name, names, noun='formats')}")


def _by_suffix(path: Path) -> Format | None:
    name = path.name.lower()
    return next((found for found in FORMATS.values() if name.endswith(found.suffixes)), None)


def _suffixes(path: Path, use: str) -> str:
    allowed = [suffix for found in FORMATS.values() if getattr(found, use) for suffix in found.suffixes]
    return nearest(path.suffix, allowed, noun="suffixes") + "; or say format="


def _by_content(path: Path) -> Format | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        return FORMATS[OWN]
    if text.startswith("<"):
        names = (("http://www.omg.org/spec/bpmn/", "bpmn"), ("<graphml", "graphml"))
        return next((FORMATS[name] for mark, name in names if mark in text.lower()), None)
    if text.startswith(("flowchart", "graph ", "---\n", "%%")):
        return FORMATS["mermaid"]
    return FORMATS["excel"] if head.startswith(b"PK\x03\x04") else None
