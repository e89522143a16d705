"""A map as Python that makes it again: readable calls of the library, the same map to the byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.graph.nesting import holds
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_LENS, FLOW_KINDS, NODE_KINDS

__all__ = ["dumps", "of_map"]

_WIDTH = 110
_TEMPORARY = "~"  # a proposal takes an id that begins so for one that it may choose


def of_map(elements: Elements, *, lens: str = DEFAULT_LENS) -> str:
    """The code of a whole map, which it binds to the name `m`.

    Examples
    --------
    >>> lead = {"kind": "stage", "label": "Lead", "owner": "Ann", "score": 7}
    >>> print(of_map(Elements(id="sales", attributes={"name": "Sales"}, nodes={"lead": lead})))
    import crmwidget as crm
    <BLANKLINE>
    m = crm.CrmMap("Sales")
    <BLANKLINE>
    m.add_stage("Lead", owner="Ann")
    m.graph.nodes["lead"].update({"score": 7})
    <BLANKLINE>
    """
    parts = [
        _map(elements),
        _nodes(elements.nodes),
        _flows(elements.flows),
        _positions(elements, lens),
        _comments(elements.comments),
    ]
    code = "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))
    return f"{_imports(code)}\n\n{code}\n"


def dumps(elements: Elements) -> bytes:
    """The code of a map as a file holds it."""
    return of_map(elements, lens=str(elements.attributes.get("lens", DEFAULT_LENS))).encode()


def _imports(code: str) -> str:
    used = [name for name in ("date", "datetime", "timedelta") if re.search(rf"(?<![\w.]){name}[(.]", code)]
    return (f"from datetime import {', '.join(used)}\n\n" if used else "") + "import crmwidget as crm"


# ---- elements --------------------------------------------------------------------------------------


def _map(elements: Elements) -> Iterator[str]:
    attributes = dict(elements.attributes)
    name = str(attributes.pop("name", "Map"))
    called = name if name.strip() else "Map"
    options = {} if elements.id in ("", slug(called)) else {"id": elements.id}
    yield f"m = {_call('crm.CrmMap', [called], options)}"
    if called != name:
        attributes = {"name": name, **attributes}
    yield from _set("m.graph.graph", attributes)


def _nodes(nodes: Mapping[str, Attributes]) -> Iterator[str]:
    """Each in its turn; what belongs to a node that comes later is put into it then."""
    done: set[str] = set()
    members: dict[str, list[str]] = {}
    for node, attributes in nodes.items():
        parent = attributes.get("parent")
        if parent is not None and parent not in done:
            members.setdefault(parent, []).append(node)
            attributes = {name: value for name, value in attributes.items() if name != "parent"}
        yield from _node(node, attributes, done, members.pop(node, []))
        done.add(node)


def _node(node: str, attributes: Attributes, taken: Collection[str], members: list[str]) -> Iterator[str]:
    kind, label = attributes["kind"], attributes["label"]
    given, other = _split(attributes, NODE_KINDS[kind].attributes, ("kind", "label"))
    if not label.strip() or node.startswith(_TEMPORARY):
        yield _call("m.graph.add_node", [node], {"kind": kind, "label": label})
        yield from _set(f"m.graph.nodes[{_text(node)}]", {**given, **other})
    else:
        if unique(slug(label), taken) != node:
            given = {"id": node, **given}
        if members and holds(attributes) == "frame":
            yield _call("m.add_group", [label], {"members": members, **given})
            members = []
        elif kind == "stage":
            yield _call("m.add_stage", [label], given)
        else:
            yield _call("m.add", [kind, label], given)
        yield from _set(f"m.graph.nodes[{_text(node)}]", other)
    for member in members:
        yield f'm.graph.nodes[{_text(member)}]["parent"] = {_text(node)}'


def _flows(flows: Mapping[str, Attributes]) -> Iterator[str]:
    done: set[str] = set()
    keys = flow_keys()
    free = next(keys)
    for key, attributes in flows.items():
        kind, ends = attributes["kind"], [attributes["source"], attributes["target"]]
        given, other = _split(attributes, FLOW_KINDS[kind].attributes, ("kind", "source", "target"))
        while free in done:
            free = next(keys)
        if key.startswith(_TEMPORARY):
            yield _call("m.graph.add_edge", ends, {"key": key, "kind": kind})
        else:
            options = {} if kind == DEFAULT_FLOW_KIND else {"kind": kind}
            if key != free:
                options["key"] = key
            yield _call("m.add_flow", ends, {**options, **given})
            given = {}
        done.add(key)
        yield from _set(f"m.graph.edges[{', '.join(map(_text, [*ends, key]))}]", {**given, **other})


def _positions(elements: Elements, lens: str) -> Iterator[str]:
    for name, shelf in elements.positions.items():
        if not shelf:
            continue
        nodes = [node for node in elements.nodes if node in shelf]
        pinned = [node for node in nodes if shelf[node].get("pinned")]
        sizes = {node: (shelf[node]["width"], shelf[node]["height"]) for node in nodes if "width" in shelf[node]}
        options: dict[str, Any] = {}
        if pinned:
            options["pinned"] = True if pinned == nodes else pinned
        if sizes:
            options["sizes"] = sizes
        if name != lens:
            options["lens"] = name
        yield _call("m.move_all", [{node: (shelf[node]["x"], shelf[node]["y"]) for node in nodes}], options)


def _comments(comments: Mapping[str, Attributes]) -> Iterator[str]:
    done: set[str] = set()
    for name, comment in comments.items():
        options = {"author": comment.get("author", ""), "at": comment.get("at", "")}
        if "reply_to" in comment:
            options["reply_to"] = comment["reply_to"]
        if name != next(free for n in range(1, len(done) + 2) if (free := f"c{n}") not in done):
            options["id"] = name
        done.add(name)
        yield _call("m.comment", [comment["on"], comment["text"]], options)
    yield from (f"m.resolve({_text(name)})" for name, comment in comments.items() if comment.get("resolved"))


def _split(
    attributes: Attributes, known: tuple[str, ...], apart: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a call takes as keywords, and what only the graph does: names of one's own, and missing values."""
    given: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, value in attributes.items():
        if name not in apart:
            (given if name in known and value is not None else other)[name] = value
    return given, other


# ---- calls and values ------------------------------------------------------------------------------


def _set(target: str, attributes: Attributes) -> Iterator[str]:
    if attributes:
        yield _call(f"{target}.update", [dict(attributes)], {})


def _call(function: str, arguments: list[Any], options: Mapping[str, Any]) -> str:
    parts = [*map(_value, arguments), *(f"{name}={_value(value)}" for name, value in options.items())]
    line = f"{function}({', '.join(parts)})"
    if len(line) <= _WIDTH:
        return line
    if len(arguments) == 1 and isinstance(arguments[0], dict):
        items = [f"        {_value(name)}: {_value(value)},\n" for name, value in arguments[0].items()]
        parts[0] = "{\n" + "".join(items) + "    }"
    return f"{function}(\n" + "".join(f"    {part},\n" for part in parts) + ")"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(key)}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_value, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, datetime):
        return f"datetime.fromisoformat({_text(value.isoformat())})"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, timedelta):
        parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        return _call("timedelta", [], {name: part for name, part in parts.items() if part})
    return repr(value)


def _text(text: str) -> str:
    """A text in double quotes where that needs no escape; what cannot be seen is always written as one."""
    quoted = repr("'" + text)  # with a single quote in it, Python prefers double ones
    return repr(text) if '"' in text else f'"{quoted[2:]}'
