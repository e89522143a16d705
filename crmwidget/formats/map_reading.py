"""From the JSON of a map file to the map, checked piece by piece."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

from crmwidget.errors import FileFormatError, nearest, shorten
from crmwidget.graph.changes import Change
from crmwidget.graph.comments import FIELDS
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import check_id
from crmwidget.graph.rules import check
from crmwidget.graph.values import admit
from crmwidget.graph.votes import check_voter
from crmwidget.json_values import decode
from crmwidget.vocabulary import FLOW_KINDS, LIMITS, NODE_KINDS

__all__ = ["MIGRATIONS", "elements_from"]

# Version n → the function that makes a document of version n + 1 of it.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_KEYS = ("format", "version", "id", "name", "attributes", "nodes", "flows", "lenses", "comments", "votes")


def elements_from(document: object, *, format_name: str, newest: int) -> Elements:
    """The map that a parsed file describes, or a `FileFormatError` that says where it is wrong."""
    top = _object(document, "the file")
    if top.get("format") != format_name:
        raise FileFormatError(
            f"the file is not a map: its 'format' is {shorten(top.get('format'))}, not {format_name!r}"
        )
    top = _migrated(dict(top), newest)
    for key in top:
        if key not in _KEYS:
            raise FileFormatError(f"unknown key {shorten(key)}; {nearest(key, _KEYS)}")
    for key in ("id", "name", "nodes", "flows"):
        if key not in top:
            raise FileFormatError(f"the key {key!r} is missing")
    if top["id"] != "":
        _id(top["id"], "map id", "the file")
    attributes = _values(_object(top.get("attributes", {}), "'attributes'"), "map", "'attributes'")
    if "name" in attributes:
        raise FileFormatError("the map's name stands in 'name' and again in 'attributes'")
    elements = Elements(id=top["id"], attributes={"name": _value("name", top["name"], "map", "the file"), **attributes})
    _expect(isinstance(elements.attributes["name"], str), "'name'", "a text", top["name"])
    _read_nodes(elements, _object(top["nodes"], "'nodes'"))
    _read_flows(elements, _object(top["flows"], "'flows'"))
    _read_lenses(elements, _object(top.get("lenses", {}), "'lenses'"))
    _read_comments(elements, top.get("comments", []))
    _read_votes(elements, _object(top.get("votes", {}), "'votes'"))
    _check_rules(elements)
    return elements


def _migrated(document: dict[str, Any], newest: int) -> dict[str, Any]:
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise FileFormatError(f"'version' is a whole number from 1 to {newest}; the file has {shorten(version)}")
    if version > newest:
        raise FileFormatError(
            f"the file was written by a newer crmwidget (format version {version}; "
            f"this one reads up to {newest}); upgrade crmwidget"
        )
    for older in range(version, newest):
        document = MIGRATIONS[older](document)
    return document


def _read_nodes(elements: Elements, nodes: Mapping[str, Any]) -> None:
    _at_most(len(nodes), LIMITS.nodes, "nodes")
    for node, given in nodes.items():
        where = f"node {shorten(node)}"
        _id(node, "node id", where)
        kind = _kind(given, where, NODE_KINDS)
        if not isinstance(given.get("label"), str):
            raise FileFormatError(f"{where}: 'label' must be a text; the file has {shorten(given.get('label'))}")
        elements.nodes[node] = {"kind": kind, **_element(given, "node", where)}


def _read_flows(elements: Elements, flows: Mapping[str, Any]) -> None:
    _at_most(len(flows), LIMITS.flows, "flows")
    for key, given in flows.items():
        where = f"flow {shorten(key)}"
        _id(key, "flow key", where)
        kind = _kind(given, where, FLOW_KINDS)
        for end in ("source", "target"):
            if not isinstance(given.get(end), str) or given[end] not in elements.nodes:
                raise FileFormatError(
                    f"{where}: its {end} {shorten(given.get(end))} is no node; "
                    f"{nearest(given.get(end), elements.nodes, noun='nodes')}"
                )
        elements.flows[key] = {
            "source": given["source"],
            "target": given["target"],
            "kind": kind,
            **_element(given, "flow", where),
        }


def _read_lenses(elements: Elements, lenses: Mapping[str, Any]) -> None:
    for lens, given in lenses.items():
        where = f"lens {shorten(lens)}"
        _id(lens, "lens", where)
        content = _object(given, where)
        _only(content, ("positions",), where)
        positions: dict[str, Mapping[str, Any]] = {}
        for node, position in _object(content.get("positions", {}), f"{where}: 'positions'").items():
            place = f"{where}, position of {shorten(node)}"
            if node not in elements.nodes:
                raise FileFormatError(f"{place}: there is no such node; {nearest(node, elements.nodes, noun='nodes')}")
            found = _object(position, place)
            _only(found, ("x", "y", "pinned", "width", "height"), place)
            pinned = found.get("pinned", False)
            _expect(isinstance(pinned, bool), f"{place}: 'pinned'", "true or false", pinned)
            positions[node] = {
                "x": _coordinate(found, "x", place),
                "y": _coordinate(found, "y", place),
                "pinned": pinned,
                **{name: _size(found, name, place) for name in ("width", "height") if name in found},
            }
        if positions:
            elements.positions[lens] = positions


def _read_comments(elements: Elements, comments: object) -> None:
    if not isinstance(comments, list):
        raise FileFormatError(f"'comments' must be a list; the file has {shorten(comments)}")
    for n, given in enumerate(comments):
        where = f"comment {n + 1}"
        comment = dict(_object(given, where))
        _only(comment, ("id", *FIELDS), where)
        key = comment.pop("id", None)
        _id(key, "comment id", where)
        if key in elements.comments:
            raise FileFormatError(f"{where}: the id {shorten(key)} stands twice")
        for name, value in comment.items():
            if name == "resolved":
                _expect(value is True, f"{where}: {name!r}", "true, or left out", value)
            else:
                _expect(isinstance(value, str), f"{where}: {name!r}", "a text", value)
        if "text" not in comment:
            raise FileFormatError(f"{where}: its 'text' is missing")
        if comment.get("on") not in elements.nodes:
            raise FileFormatError(
                f"{where}: it is on {shorten(comment.get('on'))}, which is no node; "
                f"{nearest(comment.get('on'), elements.nodes, noun='nodes')}"
            )
        elements.comments[key] = {name: _value(name, value, "map", where) for name, value in comment.items()}


def _read_votes(elements: Elements, votes: Mapping[str, Any]) -> None:
    for node, voters in votes.items():
        where = f"votes for {shorten(node)}"
        if node not in elements.nodes:
            raise FileFormatError(f"{where}: there is no such node; {nearest(node, elements.nodes, noun='nodes')}")
        _expect(isinstance(voters, list) and len(voters) > 0, where, "a list of names", voters)
        for voter in voters:
            try:
                check_voter(voter)
            except ValueError as error:
                raise FileFormatError(f"{where}: {error}") from error
            if voter in elements.votes.get(node, {}):
                raise FileFormatError(f"{where}: {shorten(voter)} stands twice")
            elements.votes.setdefault(node, {})[voter] = {}


def _check_rules(elements: Elements) -> None:
    changes = [Change(("node", node), None, attributes) for node, attributes in elements.nodes.items()]
    changes += [Change(("flow", key), None, attributes) for key, attributes in elements.flows.items()]
    changes += [Change(("comment", name), None, comment) for name, comment in elements.comments.items()]
    changes.append(Change(("map",), None, elements.attributes))
    try:
        check(elements, changes)
    except ValueError as error:
        raise FileFormatError(f"the map breaks a rule: {error}") from error


def _element(given: Mapping[str, Any], on: Literal["node", "flow"], where: str) -> dict[str, Any]:
    """The attributes of a node or flow but its kind and ends, those under "other" among them."""
    own = {name: value for name, value in given.items() if name not in ("kind", "source", "target", "other")}
    if on == "node":
        own |= {name: given[name] for name in ("source", "target") if name in given}
    other = _object(given.get("other", {}), f"{where}: 'other'")
    for name in other:
        if (name in given and name != "other") or name in (
            ("kind", "label") if on == "node" else ("kind", "source", "target")
        ):
            raise FileFormatError(f"{where}: {shorten(name)} stands under 'other' and cannot, it has its own place")
    return _values({**own, **other}, on, where)


def _values(given: Mapping[str, Any], on: str, where: str) -> dict[str, Any]:
    _at_most(len(given), LIMITS.attributes, f"attributes of {where}")
    return {name: _value(name, value, on, where) for name, value in given.items()}


def _value(name: str, value: object, on: str, where: str) -> Any:
    try:
        return admit(name, decode(value), on=on)
    except ValueError as error:
        raise FileFormatError(f"{where}: {error}") from error


def _kind(given: object, where: str, kinds: Mapping[str, object]) -> str:
    kind = _object(given, where).get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise FileFormatError(f"{where}: unknown kind {shorten(kind)}; {nearest(kind, kinds)}")
    return kind


def _id(value: object, what: str, where: str) -> None:
    try:
        check_id(value, what=what)
    except ValueError as error:
        raise FileFormatError(f"{where}: {error}") from error


def _coordinate(position: Mapping[str, Any], name: str, where: str) -> float:
    value = position.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FileFormatError(f"{where}: {name!r} must be a number; the file has {shorten(value)}")
    if abs(value) > LIMITS.coordinate:
        raise FileFormatError(
            f"{where}: {name!r} is at most {LIMITS.coordinate:,.0f} from the middle; the file has {value:g}"
        )
    return float(value)


def _size(position: Mapping[str, Any], name: str, where: str) -> float:
    value = _coordinate(position, name, where)
    _expect(value > 0, f"{where}: {name!r}", "above 0", value)
    return value


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FileFormatError(f"{where} must be an object ({{…}}); the file has {shorten(value)}")
    return value


def _only(given: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in allowed:
            raise FileFormatError(f"{where}: unknown key {shorten(key)}; {nearest(key, allowed)}")


def _expect(condition: bool, what: str, wanted: str, value: object) -> None:
    if not condition:
        raise FileFormatError(f"{what} must be {wanted}; the file has {shorten(value)}")


def _at_most(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise FileFormatError(f"there are at most {limit:,} {what}; the file has {count:,}")
    return
