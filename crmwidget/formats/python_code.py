"""A map as Python that makes it again: readable calls of the library, the same map to the byte."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from crmwidget.formats.python_calls import call, imports, text
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.graph.nesting import holds
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_LENS, FLOW_KINDS, NODE_KINDS

__all__ = ["TEMPORARY", "comments_of", "dumps", "flows_of", "nodes_of", "of_map", "places_of", "split", "votes_of"]

TEMPORARY = "~"  # a proposal takes an id that begins so for one that it may choose


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
        nodes_of(elements.nodes),
        flows_of(elements.flows),
        _positions(elements, lens),
        comments_of(elements.comments),
        votes_of(elements.votes, elements.nodes),
    ]
    code = "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))
    return "\n\n".join([*imports(code), "import crmwidget as crm", f"{code}\n"])


def dumps(elements: Elements) -> bytes:
    """The code of a map as a file holds it."""
    return of_map(elements, lens=str(elements.attributes.get("lens", DEFAULT_LENS))).encode()


# ---- elements --------------------------------------------------------------------------------------


def _map(elements: Elements) -> Iterator[str]:
    attributes = dict(elements.attributes)
    name = str(attributes.pop("name", "Map"))
    called = name if name.strip() else "Map"
    options = {} if elements.id in ("", slug(called)) else {"id": elements.id}
    yield f"m = {call('crm.CrmMap', [called], options)}"
    if called != name:
        attributes = {"name": name, **attributes}
    yield from _set("m.graph.graph", attributes)


def nodes_of(
    nodes: Mapping[str, Attributes],
    *,
    beside: Collection[str] = (),
    members: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[str]:
    """Each in its turn; what belongs to a node that comes later is put into it then.

    `beside` are nodes that are there already, `members` those of them that a new group is made around.
    """
    done = set(beside)
    waiting = {group: list(inside) for group, inside in members.items()}
    for node, attributes in nodes.items():
        parent = attributes.get("parent")
        if parent is not None and parent not in done:
            waiting.setdefault(parent, []).append(node)
            attributes = {name: value for name, value in attributes.items() if name != "parent"}
        yield from _node(node, attributes, done, waiting.pop(node, []))
        done.add(node)


def _node(node: str, attributes: Attributes, taken: Collection[str], members: list[str]) -> Iterator[str]:
    kind, label = attributes["kind"], attributes["label"]
    given, other = split(attributes, NODE_KINDS[kind].attributes, ("kind", "label"))
    if not label.strip() or node.startswith(TEMPORARY):
        yield call("m.graph.add_node", [node], {"kind": kind, "label": label})
        yield from _set(f"m.graph.nodes[{text(node)}]", {**given, **other})
    else:
        if unique(slug(label), taken) != node:
            given = {"id": node, **given}
        if members and holds(attributes) == "frame":
            yield call("m.add_group", [label], {"members": members, **given})
            members = []
        elif kind == "stage":
            yield call("m.add_stage", [label], given)
        else:
            yield call("m.add", [kind, label], given)
        yield from _set(f"m.graph.nodes[{text(node)}]", other)
    for member in members:
        yield f'm.graph.nodes[{text(member)}]["parent"] = {text(node)}'


def flows_of(flows: Mapping[str, Attributes], *, keyed: bool = False) -> Iterator[str]:
    """Each in its turn; with `keyed` each says its key, whichever would be free."""
    done: set[str] = set()
    keys = flow_keys()
    free = next(keys)
    for key, attributes in flows.items():
        kind, ends = attributes["kind"], [attributes["source"], attributes["target"]]
        given, other = split(attributes, FLOW_KINDS[kind].attributes, ("kind", "source", "target"))
        while free in done:
            free = next(keys)
        if key.startswith(TEMPORARY):
            yield call("m.graph.add_edge", ends, {"key": key, "kind": kind})
        else:
            options = {} if kind == DEFAULT_FLOW_KIND else {"kind": kind}
            if key != free or keyed:
                options["key"] = key
            yield call("m.add_flow", ends, {**options, **given})
            given = {}
        done.add(key)
        yield from _set(f"m.graph.edges[{', '.join(map(text, [*ends, key]))}]", {**given, **other})


def _positions(elements: Elements, lens: str) -> Iterator[str]:
    for name, shelf in elements.positions.items():
        if not shelf:
            continue
        nodes = [node for node in elements.nodes if node in shelf]
        yield places_of(shelf, nodes, lens="" if name == lens else name)


def places_of(
    shelf: Mapping[str, Attributes], nodes: Sequence[str], *, lens: str = "", sized: Collection[str] = ()
) -> str:
    """The places of these nodes; of those that had a size by hand (`sized`) also that they have none any more."""
    pinned = [node for node in nodes if shelf[node].get("pinned")]
    sizes = {
        node: (shelf[node]["width"], shelf[node]["height"]) if "width" in shelf[node] else None
        for node in nodes
        if "width" in shelf[node] or node in sized
    }
    options: dict[str, Any] = {}
    if pinned:
        options["pinned"] = True if pinned == nodes else pinned
    if sizes:
        options["sizes"] = sizes
    if lens:
        options["lens"] = lens
    return call("m.move_all", [{node: (shelf[node]["x"], shelf[node]["y"]) for node in nodes}], options)


def comments_of(comments: Mapping[str, Attributes], *, beside: Collection[str] = ()) -> Iterator[str]:
    """Each in its turn, beside those that are there already; then which threads are settled."""
    done = set(beside)
    for name, comment in comments.items():
        options = {"author": comment.get("author", ""), "at": comment.get("at", "")}
        if "reply_to" in comment:
            options["reply_to"] = comment["reply_to"]
        if name != next(free for n in range(1, len(done) + 2) if (free := f"c{n}") not in done):
            options["id"] = name
        done.add(name)
        yield call("m.comment", [comment["on"], comment["text"]], options)
    yield from (f"m.resolve({text(name)})" for name, comment in comments.items() if comment.get("resolved"))


def votes_of(votes: Mapping[str, Collection[str]], nodes: Iterable[str]) -> Iterator[str]:
    """Each vote, in the order of these nodes."""
    for node in nodes:
        yield from (call("m.vote", [node], {"by": voter}) for voter in sorted(votes.get(node, ())))


def split(
    attributes: Attributes, known: tuple[str, ...], apart: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a call takes as keywords, and what only the graph does: names of one's own, and missing values."""
    given: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, value in attributes.items():
        if name not in apart:
            (given if name in known and value is not None else other)[name] = value
    return given, other


def _set(target: str, attributes: Attributes) -> Iterator[str]:
    if attributes:
        yield call(f"{target}.update", [dict(attributes)], {})
