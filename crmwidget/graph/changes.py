"""Changes of a map as data: apply, invert, squash, and the difference of two attribute sets. All pure but `apply`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmwidget.errors import EditError, nearest
from crmwidget.graph.elements import Attributes, Elements

__all__ = [
    "BESIDE",
    "Change",
    "Path",
    "Proposal",
    "align",
    "apply",
    "difference",
    "invert",
    "position_changes",
    "reorder",
    "squash",
    "value_at",
]

# ("map",) · ("node", id) · ("flow", key) · ("position", lens, id) · ("comment", id) · ("vote", node, who)
Path = tuple[str, ...]
BESIDE = ("position", "comment", "vote")  # what does not live in the graph
_LENGTHS = {"map": 1, "node": 2, "flow": 2, "position": 3, "comment": 2, "vote": 3}


@dataclass(frozen=True, slots=True)
class Change:
    """One element's attributes before and after; None means that it was, or is, not there.

    `follows` is kept for a node or flow that was removed: the id of the one before it in the order of adding, `""` if
    it was the first. So an undo can bring it back to its place.
    """

    path: Path
    before: Attributes | None
    after: Attributes | None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody asks for: an element to `add`, attributes to `set` and `unset`, or an element to `remove`."""

    path: Path
    add: Mapping[str, Any] | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    unset: Sequence[str] = ()
    remove: bool = False

    def __post_init__(self) -> None:
        wanted = _LENGTHS.get(self.path[0]) if self.path else None
        if wanted is None:
            raise EditError(f"cannot edit {self.path[:1]!r}; {nearest(self.path[0] if self.path else '', _LENGTHS)}")
        if len(self.path) != wanted:
            raise EditError(f"a path to a {self.path[0]} has {wanted} parts; given {self.path!r}")


def _shelf(elements: Elements, path: Path) -> MutableMapping[str, Attributes]:
    kind = path[0]
    if kind == "node":
        return elements.nodes
    if kind == "flow":
        return elements.flows
    if kind == "comment":
        return elements.comments
    return _shelves(elements, path).setdefault(path[1], {})


def _shelves(elements: Elements, path: Path) -> dict[str, dict[str, Attributes]]:
    """The shelves of what lies by lens, or by node."""
    return elements.votes if path[0] == "vote" else elements.positions


def value_at(elements: Elements, path: Path) -> Attributes | None:
    """The attributes at `path`, None if there is no such element."""
    if path[0] == "map":
        return elements.attributes
    if len(path) == 3:
        return _shelves(elements, path).get(path[1], {}).get(path[2])
    return _shelf(elements, path).get(path[-1])


def apply(elements: Elements, changes: Iterable[Change]) -> None:
    """Write the `after` of each change into `elements`."""
    for change in changes:
        if change.path[0] == "map":
            elements.attributes = dict(change.after or {})
            continue
        shelf = _shelf(elements, change.path)
        if change.after is None:
            shelf.pop(change.path[-1], None)
            if len(change.path) == 3 and not shelf:
                del _shelves(elements, change.path)[change.path[1]]
        else:
            shelf[change.path[-1]] = change.after


def invert(changes: Sequence[Change]) -> list[Change]:
    """The changes that take `changes` back."""
    return [Change(change.path, change.after, change.before, change.follows) for change in reversed(changes)]


def squash(changes: Iterable[Change]) -> list[Change]:
    """One change for each element: its first `before` and its last `after`; those that come to nothing are left out."""
    merged: dict[Path, Change] = {}
    for change in changes:
        earlier = merged.get(change.path)
        merged[change.path] = (
            change
            if earlier is None
            else Change(
                change.path, earlier.before, change.after, earlier.follows if change.follows is None else change.follows
            )
        )
    return [change for change in merged.values() if change.before != change.after]


def position_changes(elements: Elements, lens: str, places: Mapping[str, tuple[float, float]]) -> list[Change]:
    """The changes that bring nodes to `places` (centres), each keeping its size and whether it is pinned."""
    shelf = elements.positions.get(lens, {})
    changes = []
    for node, (x, y) in places.items():
        before = shelf.get(node)
        after = {"pinned": False, **(before or {}), "x": round(float(x), 3), "y": round(float(y), 3)}
        if before != after:
            changes.append(Change(("position", lens, node), before, after))
    return changes


def reorder(shelf: dict[str, Any], changes: Iterable[Change], kind: str) -> None:
    """Put what `changes` brought back to where it was in the order of `shelf`, which is rebuilt in place."""
    returned = {
        c.path[1]: c.follows for c in changes if c.path[0] == kind and c.before is None and c.follows is not None
    }
    if not returned:
        return
    after: dict[str, list[str]] = {}
    for name, previous in returned.items():
        after.setdefault(previous, []).append(name)
    order: dict[str, None] = {}
    for name in ["", *shelf]:
        waiting = [] if name in returned else [name]
        while waiting:
            order[waiting[-1]] = None
            waiting.extend(reversed(after.pop(waiting.pop(), [])))
    del order[""]
    order |= dict.fromkeys(name for name in shelf if name not in order)  # what it came after is gone for good
    items = {name: shelf[name] for name in order}
    dict.clear(shelf)
    dict.update(shelf, items)


def align(shelf: dict[str, Any], wanted: Mapping[str, Any]) -> None:
    """Put the items of `shelf`, the same as in `wanted`, into its order; nothing is told, for nothing has changed."""
    if list(shelf) != list(wanted):
        items = {name: shelf[name] for name in wanted}
        dict.clear(shelf)
        dict.update(shelf, items)


def difference(before: Attributes, after: Attributes) -> tuple[dict[str, Any], list[str]]:
    """What to set and what to unset to come from `before` to `after`.

    Examples
    --------
    >>> difference({"label": "Lead", "owner": "Ann"}, {"label": "Leads"})
    ({'label': 'Leads'}, ['owner'])
    """
    written = {name: value for name, value in after.items() if name not in before or before[name] != value}
    return written, [name for name in before if name not in after]
