"""Two versions of a map: what came, what went, what was changed, led elsewhere or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmwidget.graph.changes import Change, apply, invert, reorder
from crmwidget.graph.elements import Attributes, Elements

__all__ = ["Difference", "compare", "earlier"]

_ENDS = ("source", "target")


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that differs.

    Attributes
    ----------
    what
        `"added"`, `"removed"`, `"changed"`, `"rewired"` (a flow that leads elsewhere) or `"moved"`.
    sort
        `"map"`, `"node"`, `"flow"`, `"comment"` or `"vote"`.
    id
        Of the element; `""` for the map. A vote has the id of its node, and says as `by` whose it is.
    attributes
        Name → (before, after), None where it is not there. Of what came or went, all that it has or had.
    lens
        Under which a node moved.
    """

    what: str
    sort: str
    id: str
    attributes: Mapping[str, tuple[Any, Any]]
    lens: str = ""


def compare(before: Elements, after: Elements) -> list[Difference]:
    """What has to be done to `before` to make `after` of it, as far as it can be seen: not their order, not their ids.

    Examples
    --------
    >>> one = Elements(attributes={"name": "Sales"}, nodes={"lead": {"kind": "stage", "label": "Lead"}})
    >>> other = Elements(attributes={"name": "Sales"}, nodes={"lead": {"kind": "stage", "label": "Lead", "owner": "A"}})
    >>> compare(one, other)
    [Difference(what='changed', sort='node', id='lead', attributes={'owner': (None, 'A')}, lens='')]
    """
    found = []
    if changed := _changed(before.attributes, after.attributes):
        found.append(Difference("changed", "map", "", changed))
    for sort, old, new in (
        ("node", before.nodes, after.nodes),
        ("flow", before.flows, after.flows),
        ("comment", before.comments, after.comments),
    ):
        found += [Difference("removed", sort, id, _changed(old[id], {})) for id in old if id not in new]
        found += [Difference("added", sort, id, _changed({}, new[id])) for id in new if id not in old]
        for id in new:
            changed = _changed(old[id], new[id]) if id in old else {}
            if ends := {name: pair for name, pair in changed.items() if sort == "flow" and name in _ENDS}:
                found.append(Difference("rewired", sort, id, ends))
            if others := {name: pair for name, pair in changed.items() if name not in ends}:
                found.append(Difference("changed", sort, id, others))
    return found + _voted(before, after) + _moved(before, after)


def earlier(elements: Elements, steps: Sequence[Sequence[Change]]) -> Elements:
    """The map before these steps, the last of which has made it what it is: as an undo of each would leave it."""
    found = elements.copied()
    for changes in reversed(steps):
        returned = invert(changes)
        apply(found, returned)
        for shelf, kind in ((found.nodes, "node"), (found.flows, "flow"), (found.comments, "comment")):
            reorder(shelf, returned, kind)
    return found


def _voted(before: Elements, after: Elements) -> list[Difference]:
    """Votes that came or went."""
    old, new = (
        {(node, voter) for node, voters in elements.votes.items() for voter in voters} for elements in (before, after)
    )
    return [
        Difference(what, "vote", node, _changed(*({"by": voter} if has else {} for has in ends)))
        for what, votes, ends in (("removed", old - new, (True, False)), ("added", new - old, (False, True)))
        for node, voter in sorted(votes)
    ]


def _moved(before: Elements, after: Elements) -> list[Difference]:
    """Nodes of both that lie elsewhere under a lens; one that came, went or was placed for the first time did not."""
    return [
        Difference("moved", "node", node, changed, lens)
        for lens, shelf in after.positions.items()
        for node, place in shelf.items()
        if node in before.positions.get(lens, {}) and (changed := _changed(before.positions[lens][node], place))
    ]


def _changed(before: Attributes, after: Attributes) -> dict[str, tuple[Any, Any]]:
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if (name in before) != (name in after)
        or type(before[name]) is not type(after[name])
        or before[name] != after[name]
    }
