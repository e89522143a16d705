"""XML out of a tree, with the prefixes that its namespaces had, indented, the same text for the same tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

__all__ = ["without_layout", "written"]

_XML = "http://www.w3.org/XML/1998/namespace"


def without_layout(root: Element) -> None:
    """Take the white space away that only sets elements apart."""
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None


def written(root: Element, namespaces: Mapping[str, str]) -> str:
    """The document of a tree. `namespaces` are declared in the root; one that is missing there gets a prefix."""
    prefixes: dict[str, list[str]] = {_XML: ["xml"]}
    declared = dict(namespaces)
    for prefix, uri in namespaces.items():
        prefixes.setdefault(uri, []).append(prefix)
    for element in root.iter():
        for name in (element.tag, *element.keys()):
            uri = _uri(name)
            needs_prefix = name is not element.tag
            if uri and not any(prefix or not needs_prefix for prefix in prefixes.get(uri, [])):
                fresh = next(new for n in range(len(declared) + 2) if (new := f"ns{n}") not in declared)
                declared[fresh] = uri
                prefixes.setdefault(uri, []).append(fresh)
    lines = _lines(root, prefixes, declared, declared.get("", ""), 0)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(lines)


def _lines(
    element: Element, prefixes: Mapping[str, list[str]], declare: Mapping[str, str], default: str, depth: int
) -> Iterator[str]:
    indent = "  " * depth
    uri = _uri(element.tag)
    attributes = [f"xmlns{':' if prefix else ''}{prefix}={_quoted(uri)}" for prefix, uri in sorted(declare.items())]
    if not uri and default:
        attributes.append('xmlns=""')
        default = ""
    name = _name(element.tag, prefixes, default)
    attributes += [f"{_name(key, prefixes, None)}={_quoted(value)}" for key, value in element.items()]
    head = " ".join([name, *attributes])
    is_mixed = bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
    if not len(element):
        text = escape(element.text or "").replace("\r", "&#13;")
        yield f"{indent}<{head}>{text}</{name}>\n" if text else f"{indent}<{head} />\n"
        return
    if not is_mixed:
        yield f"{indent}<{head}>\n"
        for child in element:
            yield from _lines(child, prefixes, {}, default, depth + 1)
        yield f"{indent}</{name}>\n"
        return
    yield f"{indent}<{head}>{escape(element.text or '')}"
    for child in element:
        yield "".join(_lines(child, prefixes, {}, default, 0)).rstrip("\n") + escape(child.tail or "")
    yield f"</{name}>\n"


def _uri(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def _name(name: str, prefixes: Mapping[str, list[str]], default: str | None) -> str:
    """A name with its prefix; without one only where `default` is its namespace (no attribute has a default)."""
    uri = _uri(name)
    if not uri:
        return name
    plain = name.rpartition("}")[2]
    if uri == default:
        return plain
    return f"{next(prefix for prefix in prefixes[uri] if prefix)}:{plain}"


def _quoted(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
