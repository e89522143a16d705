"""Write proposals into a live graph: what is asked for is checked against what is there now."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Path, Proposal
from crmwidget.graph.comments import OPTIONAL, check_fields
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import check_id, slug, unique
from crmwidget.graph.live import LiveGraph
from crmwidget.graph.votes import check_voter
from crmwidget.graph.writing import flow_attributes
from crmwidget.vocabulary import LENSES, LIMITS

__all__ = ["SIZES", "TEMPORARY", "Writer", "additions", "check_position"]

TEMPORARY = "~"
SIZES = ("width", "height")  # of a frame that was given a size by hand


def additions(elements: Elements) -> list[Proposal]:
    """A whole map as what makes it of an empty one."""
    proposals = [Proposal(("map",), set=elements.attributes)] if elements.attributes else []
    proposals += [Proposal(("node", node), add=attributes) for node, attributes in elements.nodes.items()]
    proposals += [Proposal(("flow", key), add=attributes) for key, attributes in elements.flows.items()]
    proposals += [
        Proposal(("position", lens, node), add=position)
        for lens, positions in elements.positions.items()
        for node, position in positions.items()
    ]
    proposals += [Proposal(("comment", name), add=comment) for name, comment in elements.comments.items()]
    proposals += [
        Proposal(("vote", node, voter), add=vote)
        for node, voters in elements.votes.items()
        for voter, vote in voters.items()
    ]
    return proposals


def check_position(values: Mapping[str, Any], *, node: str) -> dict[str, Any]:
    """`x`, `y`, `pinned` and a frame's `width` and `height` as kept, or an `EditError` naming what is wrong."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if name == "pinned":
            if not isinstance(value, bool):
                raise EditError(f"'pinned' of {node!r} is True or False; given {shorten(value)}")
            result[name] = value
        elif name in ("x", "y"):
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise EditError(f"the position of {node!r} must be finite numbers; given {name}={shorten(value)}")
            if abs(value) > LIMITS.coordinate:
                raise EditError(
                    f"the position of {node!r} lies within ±{LIMITS.coordinate:,.0f}; given {name}={value!r}"
                )
            result[name] = round(float(value), 3)
        elif name in SIZES:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LIMITS.coordinate:
                raise EditError(
                    f"the {name} of {node!r} is a number above 0 and at most {LIMITS.coordinate:,.0f}; "
                    f"given {shorten(value)}"
                )
            result[name] = round(float(value), 3)
        else:
            raise EditError(f"a position has no {name!r}; {nearest(name, ('x', 'y', 'pinned', *SIZES))}")
    return result


class Writer:
    """One batch of proposals on its way into the graph.

    `ids` maps the temporary ids of new elements to their real ones; `beside` collects positions, comments and votes,
    which do not live in the graph.
    """

    def __init__(
        self, graph: LiveGraph, elements: Elements, beside: dict[Path, Attributes | None], ids: dict[str, str]
    ):
        self.graph, self.elements, self.beside, self.ids = graph, elements, beside, ids

    def write(self, proposals: Iterable[Proposal]) -> None:
        for proposal in proposals:
            path = (proposal.path[0], *(self.ids.get(part, part) for part in proposal.path[1:]))
            getattr(self, f"_write_{path[0]}")(path, proposal)

    # ---- nodes -------------------------------------------------------------------------------------

    def _write_node(self, path: Path, proposal: Proposal) -> None:
        node = path[1]
        if proposal.remove:
            if node in self.graph:
                self.graph.remove_node(node)
        elif proposal.add is not None:
            attributes = self._resolved(proposal.add)
            if node.startswith(TEMPORARY):
                label = attributes.get("label")
                if not isinstance(label, str) or not label.strip():
                    raise EditError(f"a new node needs a label; given {shorten(label)}")
                self.ids[node] = node = unique(slug(label), self.graph)
            elif node in self.graph:
                raise EditError(f"the id {node!r} is taken; free is {unique(node, self.graph)!r}")
            self.graph.add_node(node, **attributes)
        else:
            attributes = self.graph.nodes[self._node(node)]
            for name in proposal.unset:
                if name in ("kind", "label"):
                    raise EditError(f"a node always has a {name}; it cannot be removed from {node!r}")
                attributes.pop(name, None)
            attributes.update(self._resolved(proposal.set))

    def _node(self, node: object, *, role: str = "node") -> str:
        if node not in self.graph:
            raise EditError(f"there is no {role} {shorten(node)}; {nearest(node, self.graph, noun='nodes')}")
        return str(node)

    def _resolved(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        resolved = dict(attributes)
        if resolved.get("parent") in self.ids:
            resolved["parent"] = self.ids[resolved["parent"]]
        return resolved

    # ---- flows -------------------------------------------------------------------------------------

    def place_of(self, key: str) -> tuple[str, str] | None:
        """The ends of a flow as the graph is now, committed or not."""
        committed = self.elements.flows.get(key)
        if committed is not None and self.graph.has_edge(committed["source"], committed["target"], key):
            return committed["source"], committed["target"]
        return next(iter(self.graph.touched_places(key)), None)

    def _write_flow(self, path: Path, proposal: Proposal) -> None:
        key = path[1]
        place = self.place_of(key)
        if proposal.remove:
            if place is not None:
                self.graph.remove_edge(*place, key)
            return
        if proposal.add is not None:
            source, target = (self._end(proposal.add, end) for end in ("source", "target"))
            if key.startswith(TEMPORARY):
                self.ids[key] = self.graph.add_edge(source, target, **flow_attributes(proposal.add))
                return
            if place is not None:
                raise EditError(f"the flow key {key!r} is taken")
            self.graph.add_edge(source, target, key=check_id(key, what="flow key"), **flow_attributes(proposal.add))
            return
        if place is None:
            keys = [k for _, _, k in self.graph.edges(keys=True)]
            raise EditError(f"there is no flow {shorten(key)}; {nearest(key, keys, noun='flows')}")
        wanted = tuple(
            self._end(proposal.set, end) if end in proposal.set else now
            for end, now in zip(("source", "target"), place, strict=True)
        )
        if wanted != place:
            attributes = dict(self.graph.edges[(*place, key)])
            self.graph.remove_edge(*place, key)
            self.graph.add_edge(wanted[0], wanted[1], key=key, **attributes)
        attributes = self.graph.edges[wanted[0], wanted[1], key]
        for name in proposal.unset:
            if name in ("kind", "source", "target"):
                raise EditError(f"a flow always has a {name}; it cannot be removed from {key!r}")
            attributes.pop(name, None)
        attributes.update(flow_attributes(proposal.set))

    def _end(self, attributes: Mapping[str, Any], end: str) -> str:
        given = attributes.get(end)
        return self._node(self.ids.get(given, given) if isinstance(given, str) else given, role=f"{end} node")

    # ---- positions, comments, votes, the map ----------------------------------------------------------------

    def _write_position(self, path: Path, proposal: Proposal) -> None:
        lens, node = path[1:]
        if lens not in LENSES:
            raise EditError(f"there is no lens {shorten(lens)}; {nearest(lens, LENSES)}")
        if proposal.remove:
            self.beside[path] = None
            return
        self._node(node)
        before = self.beside[path] if path in self.beside else self.elements.positions.get(lens, {}).get(node)
        values = check_position({**(proposal.add or {}), **proposal.set}, node=node)
        merged = {"pinned": False, **(before or {}), **values}
        for name in proposal.unset:
            if name not in SIZES:
                raise EditError(f"only {' and '.join(SIZES)} of a position can be unset; given {shorten(name)}")
            merged.pop(name, None)
        if "x" not in merged or "y" not in merged:
            raise EditError(f"a position needs x and y; {node!r} has none yet")
        self.beside[path] = {name: merged[name] for name in ("x", "y", "pinned", *SIZES) if name in merged}

    def _write_comment(self, path: Path, proposal: Proposal) -> None:
        name = path[1]
        if proposal.remove:
            self.beside[path] = None
            return
        taken = {*self.elements.comments, *(p[1] for p in self.beside if p[0] == "comment")}
        values = check_fields({**(proposal.add or {}), **proposal.set})
        before = self._comment(name)
        if proposal.add is not None:
            before = {"author": "", "at": ""}
            if name.startswith(TEMPORARY):
                self.ids[name] = next(n for i in range(1, len(taken) + 2) if (n := f"c{i}") not in taken)
                path = ("comment", self.ids[name])
            elif name in taken:
                raise EditError(f"the comment id {name!r} is taken")
        elif not before:
            raise EditError(f"there is no comment {shorten(name)}; {nearest(name, taken, noun='comments')}")
        merged = {**before, **values}
        for field in proposal.unset:
            if field not in OPTIONAL:
                raise EditError(f"a comment always has {field!r}; only {' and '.join(OPTIONAL)} can be unset")
            merged.pop(field, None)
        merged["on"] = self._node(self.ids.get(merged.get("on", ""), merged.get("on")))
        if not str(merged.get("text", "")).strip():
            raise EditError("a comment needs a text")
        if not merged.get("resolved"):
            merged.pop("resolved", None)
        if "reply_to" in merged:
            told = self.ids.get(merged["reply_to"], merged["reply_to"])
            merged["reply_to"] = self._comment(told).get("reply_to", told)  # a reply to a reply is one of its thread
        self.beside[path] = merged

    def _comment(self, name: str) -> Attributes:
        path = ("comment", name)
        return (self.beside[path] if path in self.beside else self.elements.comments.get(name)) or {}

    def _write_vote(self, path: Path, proposal: Proposal) -> None:
        """A vote that is there already stays as it is: whoever votes in two places at once has voted."""
        voter = proposal.path[2]  # a name, whatever it looks like
        if proposal.remove:
            self.beside["vote", path[1], voter] = None
            return
        if proposal.add is None or proposal.add:
            raise EditError("a vote is added or removed and has no attributes; given some")
        self.beside["vote", self._node(path[1]), check_voter(voter)] = {}

    def _write_map(self, path: Path, proposal: Proposal) -> None:
        if proposal.add is not None or proposal.remove:
            raise EditError("the map itself can be changed (set, unset), not added or removed")
        if "name" in proposal.unset:
            raise EditError("a map always has a name")
        name = proposal.set.get("name", self.graph.graph.get("name"))
        if not isinstance(name, str) or not name.strip():
            raise EditError(f"a map's name is a text; given {shorten(name)}")
        for given in proposal.unset:
            self.graph.graph.pop(given, None)
        self.graph.graph.update(proposal.set)
