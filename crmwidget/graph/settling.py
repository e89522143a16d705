"""From touched marks to changes: what really differs from the committed map, with its consequences."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from crmwidget.errors import EditError
from crmwidget.graph.changes import Change, Path, squash, value_at
from crmwidget.graph.comments import hanging_on
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import check_id
from crmwidget.graph.live import LiveGraph
from crmwidget.graph.observed import EDGE, MAP, NODE, AttributeDict, Mark
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_NODE_KIND

__all__ = ["settle"]

Place = tuple[str, str]
_NODE_AT = {"position": 2, "vote": 1}  # where in their paths the node stands
_ORDERED = ("node", "flow", "comment")  # what comes back to its place in the order of adding


def settle(
    graph: LiveGraph, elements: Elements, marks: Iterable[Mark], beside: Mapping[Path, Attributes | None]
) -> list[Change]:
    """The changes from `elements` to `graph` at the touched `marks`, and to what is written `beside` the graph.

    On the way a node without kind or label gets the defaults, a flow whose key is no string or is used elsewhere in the
    map gets a new key (the old one is kept as `source_key`), and what hung on a removed node or comment goes with it;
    what belonged to a removed node comes one level up.
    """
    nodes = dict.fromkeys(mark[1] for mark in marks if mark[0] == NODE)
    edges = [mark[1:] for mark in marks if mark[0] == EDGE]
    changes: list[Change] = []
    if any(mark[0] == MAP for mark in marks):
        if not isinstance(graph.graph.get("name"), str):
            graph.graph["name"] = elements.attributes["name"]
        changes.append(Change(("map",), elements.attributes, dict(graph.graph)))
    gone: set[str] = set()
    for node in nodes:
        before = elements.nodes.get(node)
        if node not in graph:
            if before is not None:
                gone.add(node)
            continue
        attributes = graph._node[node]
        dict.setdefault(attributes, "kind", DEFAULT_NODE_KIND)
        dict.setdefault(attributes, "label", node)
        changes.append(Change(("node", node), before, dict(attributes)))
    for node in _orphans(graph, gone):
        _one_level_up(graph._node[node], elements, gone)
        changes.append(Change(("node", node), elements.nodes.get(node), dict(graph._node[node])))
    changes += _settle_flows(graph, elements, edges)
    changes += _hanging_on(elements, gone)
    changes += [Change(("node", node), elements.nodes[node], None) for node in sorted(gone)]
    graph.take()  # the marks that settling itself has made
    return _with_places(elements, squash([*changes, *_settle_beside(graph, elements, beside)]))


def _settle_beside(graph: LiveGraph, elements: Elements, beside: Mapping[Path, Attributes | None]) -> list[Change]:
    """Positions, comments and votes: none of a node that is not there, no reply without its thread."""
    changes = []
    for path, after in beside.items():
        node = (after or {}).get("on") if path[0] == "comment" else path[_NODE_AT[path[0]]]
        kept = None if node is not None and node not in graph else after
        changes.append(Change(path, value_at(elements, path), kept))
    comments = {change.path[1]: change.after for change in changes if change.path[0] == "comment"}
    gone = {name for name, after in comments.items() if after is None}
    if gone:
        changes += [
            Change(("comment", name), elements.comments.get(name), None)
            for name in hanging_on({**elements.comments, **comments}, gone)
        ]
    return changes


def _with_places(elements: Elements, changes: list[Change]) -> list[Change]:
    """The removals among `changes` with what each element came after, in that order."""
    removed = {change.path for change in changes if change.after is None and change.path[0] in _ORDERED}
    if not removed:
        return changes
    placed = []
    for kind, shelf in zip(_ORDERED, (elements.nodes, elements.flows, elements.comments), strict=True):
        previous = ""
        for name, before in shelf.items():
            if (kind, name) in removed:
                placed.append(Change((kind, name), before, None, previous))
            previous = name
    return [change for change in changes if change.path not in removed] + placed


def _orphans(graph: LiveGraph, gone: set[str]) -> list[str]:
    if not gone:
        return []
    return [node for node, attributes in graph._node.items() if attributes.get("parent") in gone]


def _one_level_up(attributes: AttributeDict, elements: Elements, gone: set[str]) -> None:
    """What belonged to something that goes belongs to what that belonged to."""
    parent = attributes["parent"]
    while parent in gone:
        parent = elements.nodes[parent].get("parent")
    if parent is None:
        del attributes["parent"]
    else:
        attributes["parent"] = parent


def _hanging_on(elements: Elements, gone: set[str]) -> list[Change]:
    if not gone:
        return []
    changes = [
        Change(("position", lens, node), positions[node], None)
        for lens, positions in elements.positions.items()
        for node in sorted(gone)
        if node in positions
    ]
    changes += [
        Change(("vote", node, voter), vote, None)
        for node in sorted(gone)
        for voter, vote in elements.votes.get(node, {}).items()
    ]
    return changes + [
        Change(("comment", name), comment, None) for name, comment in elements.comments.items() if comment["on"] in gone
    ]


def _settle_flows(graph: LiveGraph, elements: Elements, edges: list[tuple[Any, ...]]) -> list[Change]:
    places: dict[Any, list[Place]] = {}
    for source, target, key in edges:
        found = places.setdefault(key, [])
        if graph.has_edge(source, target, key) and (source, target) not in found:
            found.append((source, target))
    for key, found in list(places.items()):
        committed = elements.flows.get(key) if isinstance(key, str) else None
        if committed is not None:
            home = (committed["source"], committed["target"])
            if graph.has_edge(*home, key):
                places[key] = found = [home, *(place for place in found if place != home)]
        rightful = found[:1] if _is_key(key) else []
        for place in found[len(rightful) :]:
            places[_rekey(graph, place, key, places)] = [place]
        places[key] = rightful
    changes = []
    for key, found in places.items():
        if not isinstance(key, str):
            continue
        after: Attributes | None = None
        if found:
            source, target = found[0]
            attributes = graph._succ[source][target][key]
            dict.setdefault(attributes, "kind", DEFAULT_FLOW_KIND)
            after = {"source": source, "target": target, **attributes}
        changes.append(Change(("flow", key), elements.flows.get(key), after))
    return changes


def _is_key(key: object) -> bool:
    try:
        check_id(key, what="flow key")
    except EditError:
        return False
    return True


def _rekey(graph: LiveGraph, place: Place, key: object, taken: Container[Any]) -> str:
    """Give the flow at `place` a key of its own; the one that it came with is kept as an attribute."""
    keys = graph._succ[place[0]][place[1]]
    attributes = dict(keys.pop(key))
    new = next(name for name in iter(lambda: graph.new_edge_key(*place), None) if name not in taken)
    try:
        keys[new] = {**attributes, "source_key": key}
    except EditError:
        keys[new] = {**attributes, "source_key": repr(key)}
    return new
