"""Put the edits of a journal into the JSON of a map file, which is then read as any map file is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.journal import Edit

__all__ = ["replay"]


def replay(document: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """The document of a map file, which is a valid one, with `edits`; whether it is still a map is not looked at.

    Raises
    ------
    FileFormatError
        For an edit that is of no known form, with its line.

    Examples
    --------
    >>> empty = {"name": "Sales", "nodes": {}, "flows": {}}
    >>> replay(empty, [(2, [["node", "lead", {"kind": "stage", "label": "Lead"}]])])["nodes"]
    {'lead': {'kind': 'stage', 'label': 'Lead'}}
    """
    changed = _Changed(document)
    for line, changes in edits:
        for change in changes:
            match change:
                case ["map", {"name": name, "attributes": attributes, **others}] if not others:
                    changed.map = {"name": name, "attributes": attributes}
                case ["node" | "flow" | "comment" as kind, str(name), dict() | None as value] if name:
                    changed.shelves[kind].put(name, value)
                case ["node" | "flow" | "comment" as kind, str(name), dict(value), str(after)] if name:
                    if not changed.shelves[kind].put(name, value, after=after):
                        raise FileFormatError(
                            f"its line {line:,}: {shorten(name)} follows {shorten(after)}, which is no {kind}"
                        )
                case ["position", str(lens), str(node), dict() | None as value]:
                    _put(changed.positions.setdefault(lens, {}), node, value)
                case ["vote", str(node), str(voter), dict() | None as value]:
                    _put(changed.votes.setdefault(node, {}), voter, value)
                case _:
                    raise FileFormatError(f"its line {line:,} holds a change of no known form: {shorten(change)}")
    return changed.document()


def _put(shelf: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        shelf.pop(name, None)
    else:
        shelf[name] = value


class _Changed:
    """A document, taken apart so that each change costs the same on any size of map."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.map: dict[str, Any] = {}
        comments = {comment["id"]: comment for comment in document.get("comments", [])}
        self.shelves = {
            "node": _Shelf(document["nodes"]),
            "flow": _Shelf(document["flows"]),
            "comment": _Shelf(comments),
        }
        self.positions = {
            lens: dict(content.get("positions", {})) for lens, content in document.get("lenses", {}).items()
        }
        self.votes: dict[str, dict[str, Any]] = {
            node: {voter: {} for voter in voters} for node, voters in document.get("votes", {}).items()
        }

    def document(self) -> dict[str, Any]:
        return {
            **self._document,
            **self.map,
            "nodes": dict(self.shelves["node"]),
            "flows": dict(self.shelves["flow"]),
            "lenses": {lens: {"positions": positions} for lens, positions in self.positions.items()},
            "comments": [{**comment, "id": name} for name, comment in dict(self.shelves["comment"]).items()],
            "votes": {node: list(voters) for node, voters in self.votes.items() if voters},
        }


class _Shelf:
    """Elements in an order that takes a new one at any place: each knows its neighbours, `""` is both ends."""

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = dict(items)
        self._next = dict(pairwise(["", *items, ""]))
        self._previous = {b: a for a, b in self._next.items()}

    def put(self, name: str, value: Any, *, after: str | None = None) -> bool:
        """Set, add or (None) remove; a new one comes at the end, or behind `after`. False if there is no `after`."""
        if name in self._items:
            if value is not None:
                self._items[name] = value
                return True
            del self._items[name]
            before, behind = self._previous.pop(name), self._next.pop(name)
        elif value is None:
            return True
        else:
            before = self._previous[""] if after is None else after
            if before not in self._next:
                return False
            self._items[name] = value
            behind = self._next[before]
            self._next[before], self._previous[name] = name, before
            before = name
        self._next[before], self._previous[behind] = behind, before
        return True

    def keys(self) -> Iterator[str]:
        name = self._next[""]
        while name:
            yield name
            name = self._next[name]

    def __getitem__(self, name: str) -> Any:
        return self._items[name]
