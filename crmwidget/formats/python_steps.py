"""The last edits of a map as Python: what has to be called on the map as it was before, to make it what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crmwidget.formats.python_calls import call, imports, text
from crmwidget.formats.python_code import TEMPORARY, comments_of, flows_of, nodes_of, places_of, split, votes_of
from crmwidget.graph.changes import Path, Proposal, difference
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.model import MapModel
from crmwidget.vocabulary import DEFAULT_LENS, FLOW_KINDS, NODE_KINDS

__all__ = ["between", "of_steps"]

_ENDS = ("source", "target")
_TOLD = 6  # edits by name


def between(before: Elements, after: Elements) -> str:
    """The code that makes `after` of `before`, as a map called `m`; empty where there is nothing to do.

    Examples
    --------
    >>> lead = {"kind": "stage", "label": "Lead"}
    >>> before = Elements(attributes={"name": "Sales"}, nodes={"lead": lead})
    >>> won = {"kind": "end", "label": "Won"}
    >>> after = Elements(attributes={"name": "Sales"}, nodes={"lead": {**lead, "owner": "Ann"}, "won": won})
    >>> print(between(before, after))
    m.add("end", "Won")
    m.update("lead", owner="Ann")
    <BLANKLINE>
    """
    parts = [list(part) for part in _Between(before, after).parts()]
    code = "\n\n".join("\n".join(lines) for lines in parts if lines)
    return "\n\n".join([*imports(code), f"{code}\n"]) if code else ""


def of_steps(before: Elements, after: Elements, labels: Sequence[str]) -> str:
    """The same under a line that says which edits they were, or that they come to nothing."""
    told = " · ".join(labels[:_TOLD]) + (f" and {len(labels) - _TOLD} more" if len(labels) > _TOLD else "")
    line = "".join(letter if letter.isprintable() else " " for letter in told)
    code = between(before, after)
    return f"# {len(labels)} edit{'s' * (len(labels) != 1)}: {line}\n" + (
        f"\n{code}" if code else "# come to nothing\n"
    )


class _Between:
    """Two states of a map. `now` is what the calls so far have made of the first: first what goes is taken away.

    What is new comes at the end of a map. So what is there in both, but behind something new, goes and comes again.
    """

    def __init__(self, before: Elements, after: Elements) -> None:
        self.model = MapModel(before.copied())
        self.after = after
        self.removals = list(self._taken_away())
        self.now = self.model.elements
        self.new = {node: after.nodes[node] for node in after.nodes if node not in self.now.nodes}
        self.is_tangled = self._is_tangled()

    def parts(self) -> Iterator[Iterator[str]]:
        yield iter(self.removals)
        yield self._attributes()
        yield self._nodes()
        yield self._flows()
        yield self._places()
        yield self._comments()
        now, votes = self.now.votes, self.after.votes
        yield votes_of({node: votes[node].keys() - now.get(node, {}).keys() for node in votes}, self.after.nodes)

    # ---- what goes ---------------------------------------------------------------------------------

    def _taken_away(self) -> Iterator[str]:
        now, after = self.model.elements, self.after
        gone = [
            (node, by) for node, voters in now.votes.items() for by in voters if by not in after.votes.get(node, {})
        ]
        if len(gone) > 1 and not after.votes:
            yield "m.clear_votes()"
        else:
            yield from (call("m.take_back_vote", [node], {"by": by}) for node, by in gone)
        self._remove(*(("vote", node, by) for node, by in gone))
        for name in _lost(now.comments, after.comments, self._is_same_comment):
            if name in now.comments:
                yield call("m.remove_comment", [name], {})
                self._remove(("comment", name))
        yield from self._removed("node", _lost(now.nodes, after.nodes, self._is_same_node))
        yield from self._removed("flow", _lost(now.flows, after.flows))

    def _is_same_node(self, node: str) -> bool:
        """Whether it is no other one of that name, which has lost its place under a lens where it had one."""
        places = self.after.positions
        return all(
            node in places.get(lens, {}) for lens, shelf in self.model.elements.positions.items() if node in shelf
        )

    def _is_same_comment(self, name: str) -> bool:
        """Whether nothing of it but what can be changed is another."""
        was, now = self.model.elements.comments[name], self.after.comments[name]
        return all(was.get(field) == now.get(field) for field in ("on", "author", "at", "reply_to"))

    def _removed(self, sort: str, names: Sequence[str]) -> Iterator[str]:
        """Removals in one call, but for a name that both a node and a flow have."""
        now = self.model.elements
        twice = [name for name in names if self._is_twice(name)]
        once = [name for name in names if name not in twice]
        if once:
            yield call("m.remove", list(once), {})
        for name in twice:
            if sort == "node":
                yield call("m.graph.remove_node", [name], {})
            else:
                yield call("m.graph.remove_edge", [*(now.flows[name][end] for end in _ENDS), name], {})
        self._remove(*((sort, name) for name in names))

    def _remove(self, *paths: Path) -> None:
        if paths:
            self.model.propose([Proposal(path, remove=True) for path in paths])

    def _is_twice(self, name: str) -> bool:
        return name in self.model.elements.nodes and name in self.model.elements.flows

    # ---- what changes and comes --------------------------------------------------------------------

    def _attributes(self) -> Iterator[str]:
        yield from _altered("m.graph.graph", self.now.attributes, self.after.attributes)

    def _is_tangled(self) -> bool:
        """Whether a node of another kind is held to a rule by its neighbours, so that all has to change at once."""
        changed = {n for n, was in self.now.nodes.items() if was["kind"] != self.after.nodes[n]["kind"]}
        if not changed:
            return False
        maps = (self.now, self.after)
        nested = {name for each in maps for n, a in each.nodes.items() if a.get("parent") for name in (n, a["parent"])}
        bound = {
            f[end] for each in maps for f in each.flows.values() if FLOW_KINDS[f["kind"]].connects for end in _ENDS
        }
        return bool(changed & (nested | bound))

    def _nodes(self) -> Iterator[str]:
        now, after = self.now.nodes, self.after.nodes
        if self.is_tangled:
            for node, attributes in after.items():
                if node not in now:
                    yield call("m.graph.add_node", [node], {"kind": attributes["kind"], "label": attributes["label"]})
            for node, attributes in after.items():
                was = now.get(node) or {name: attributes[name] for name in ("kind", "label")}
                yield from _altered(f"m.graph.nodes[{text(node)}]", was, attributes)
            return
        movers = {n: was for n, was in now.items() if was.get("parent") != after[n].get("parent")}
        loose = dict(now)  # once what belongs elsewhere then belongs to nothing, nothing goes round in a ring
        if len(movers) > 1 or any(after[n].get("parent") in self.new for n in movers):
            for node, was in movers.items():
                if was.get("parent") is not None:
                    loose[node] = {name: value for name, value in was.items() if name != "parent"}
                    yield from self._update(node, was, loose[node])
        joined: dict[str, list[str]] = {}
        for node in movers:
            group = after[node].get("parent")
            if group in self.new and self._may_join(group, node):
                joined.setdefault(group, []).append(node)
                loose[node] = {**loose[node], "parent": group}
        yield from nodes_of(self.new, beside=now, members=joined)
        for node, was in loose.items():
            yield from self._update(node, was, after[node])

    def _may_join(self, group: str, node: str) -> bool:
        """Whether a new group may be made around a node: it comes to lie where that does, in each lens."""
        places = self.after.positions
        is_frame = NODE_KINDS[self.new[group]["kind"]].holds == "frame"
        label = str(self.new[group]["label"]).strip()
        is_named = bool(label) and not group.startswith(TEMPORARY)
        lenses = [lens for lens, shelf in self.now.positions.items() if node in shelf]
        return is_frame and is_named and all(group in places.get(lens, {}) for lens in lenses)

    def _update(self, node: str, was: Attributes, attributes: Attributes) -> Iterator[str]:
        known = ("kind", *NODE_KINDS[attributes["kind"]].attributes)
        yield from self._altered(node, f"m.graph.nodes[{text(node)}]", was, attributes, known)

    def _altered(
        self, name: str, target: str, was: Attributes, attributes: Attributes, known: tuple[str, ...]
    ) -> Iterator[str]:
        written, gone = difference(was, attributes)
        if self._is_twice(name):
            yield from _altered(target, was, attributes)
            return
        given, other = split(written, known, ())
        if not str(given.get("label", " ")).strip() and "label" in given:
            other["label"] = given.pop("label")
        given |= {attribute: None for attribute in gone if attribute in known}
        if given:
            yield call("m.update", [name], given)
        yield from _altered(
            target,
            {n: was[n] for n in gone if n not in known},
            other,
        )

    def _flows(self) -> Iterator[str]:
        now, after = self.now.flows, self.after.flows
        for key, was in now.items():
            ends, known = [was[end] for end in _ENDS], FLOW_KINDS[after[key]["kind"]].attributes
            if not self.is_tangled and not self._is_twice(key):
                target = f"m.graph.edges[{', '.join(map(text, [*(after[key][end] for end in _ENDS), key]))}]"
                yield from self._altered(key, target, was, after[key], ("kind", *_ENDS, *known))
                continue
            wanted = [after[key][end] for end in _ENDS]
            attributes = {name: value for name, value in after[key].items() if name not in _ENDS}
            old = {name: value for name, value in was.items() if name not in _ENDS}
            if wanted != ends:
                yield call("m.graph.remove_edge", [*ends, key], {})
                yield call("m.graph.add_edge", wanted, {"key": key, "kind": attributes["kind"]})
                old = {"kind": attributes["kind"]}
            yield from _altered(f"m.graph.edges[{', '.join(map(text, [*wanted, key]))}]", old, attributes)
        new = {key: flow for key, flow in after.items() if key not in now}
        if not self.is_tangled:
            yield from flows_of(new, keyed=True)
            return
        for key, flow in new.items():
            ends = [flow[end] for end in _ENDS]
            yield call("m.graph.add_edge", ends, {"key": key, "kind": flow["kind"]})
            attributes = {name: value for name, value in flow.items() if name not in _ENDS}
            target = f"m.graph.edges[{', '.join(map(text, [*ends, key]))}]"
            yield from _altered(target, {"kind": flow["kind"]}, attributes)

    # ---- places and what is said -------------------------------------------------------------------

    def _places(self) -> Iterator[str]:
        shown = str(self.after.attributes.get("lens", DEFAULT_LENS))
        for lens, shelf in self.after.positions.items():
            old = self.now.positions.get(lens, {})
            is_whole = lens == shown and self._makes_room()
            nodes = [
                n for n in self.after.nodes if n in shelf and (is_whole or n in self.new or old.get(n) != shelf[n])
            ]
            if nodes:
                sized = [node for node in nodes if "width" in old.get(node, {})]
                yield places_of(shelf, nodes, lens="" if lens == shown else lens, sized=sized)

    def _makes_room(self) -> bool:
        """Whether what is new may push others aside before it comes to its place: then all places are told."""
        now, after = self.now.attributes, self.after.attributes
        is_laid_anew = any(now.get(name) != after.get(name) for name in ("lens", "lanes"))
        return is_laid_anew or bool(
            self.new and (after.get("lanes") or any(node.get("parent") for node in self.new.values()))
        )

    def _comments(self) -> Iterator[str]:
        now, after = self.now.comments, self.after.comments
        for name, was in now.items():
            if was["text"] != after[name]["text"]:
                yield call("m.change_comment", [name, after[name]["text"]], {})
            if was.get("resolved") != after[name].get("resolved"):
                yield call("m.resolve" if after[name].get("resolved") else "m.reopen", [name], {})
        yield from comments_of({name: comment for name, comment in after.items() if name not in now}, beside=now)


def _lost(
    before: Mapping[str, Attributes],
    after: Mapping[str, Attributes],
    is_same: Callable[[str], bool] = lambda name: True,
) -> list[str]:
    """What of `before` goes: it is not in `after`, or comes there behind something that is new or has come again."""
    place = {name: n for n, name in enumerate(before)}
    kept: dict[str, None] = {}
    last = -1
    for name in after:
        if name not in place or place[name] < last or not is_same(name):
            break
        kept[name] = None
        last = place[name]
    return [name for name in before if name not in kept]


def _altered(target: str, was: Mapping[str, Any], attributes: Mapping[str, Any]) -> Iterator[str]:
    """Attributes through the graph itself, which takes every name and value."""
    written, gone = difference(was, attributes)
    yield from (call(f"{target}.pop", [name], {}) for name in gone)
    if written:
        yield call(f"{target}.update", [written], {})
