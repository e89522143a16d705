"""The dicts inside a live graph: each write is checked, then marks its element as touched.

networkx keeps a graph as dicts of dicts: node → attributes, and node → neighbour → key → attributes. Every public
and most private ways to change a graph end in a write to one of them, so here is where all of them are seen.
A dict reports only while it is part of the graph; one that was taken out, or a copy, is silent.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from crmwidget.errors import EditError
from crmwidget.graph.ids import check_id
from crmwidget.graph.values import admit
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_NODE_KIND

__all__ = [
    "EDGE",
    "MAP",
    "NODE",
    "AttributeDict",
    "KeyDict",
    "Mark",
    "NodeDict",
    "SuccessorDict",
    "Watcher",
    "check_edges",
    "check_nodes",
    "checked",
]

NODE, EDGE, MAP = "node", "edge", "map"
Mark = tuple[Any, ...]  # (NODE, id) · (EDGE, source, target, key) · (MAP,)
_ENDS = ("source", "target")
_ABSENT: Any = object()


class Watcher(Protocol):
    """What the dicts report to; while it is `trusting`, what is written has been checked already."""

    trusting: bool

    def touch(self, mark: Mark) -> None: ...


def _pairs(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[Any, Any]:
    return dict(*args, **kwargs)


class _Plain(dict[Any, Any]):
    """A dict whose copies, deep copies and pickles are ordinary dicts, so that nothing observed leaks out."""

    __slots__ = ()

    def copy(self) -> dict[Any, Any]:
        return dict(self)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        memo[id(self)] = result
        for key, value in self.items():
            result[copy.deepcopy(key, memo)] = copy.deepcopy(value, memo)
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        return (dict, (dict(self),))


class AttributeDict(_Plain):
    """The attributes of a node, an edge or the map; checked and reporting once `join` has been called."""

    __slots__ = ("_mark", "_watcher")
    _watcher: Watcher | None
    _mark: Mark

    def join(self, watcher: Watcher, mark: Mark) -> None:
        if self and not watcher.trusting:
            dict.update(self, {name: _admit(name, value, mark[0]) for name, value in self.items()})
        self._watcher, self._mark = watcher, mark
        if mark[0] == NODE:
            dict.setdefault(self, "kind", DEFAULT_NODE_KIND)
            dict.setdefault(self, "label", mark[1])
        elif mark[0] == EDGE:
            dict.setdefault(self, "kind", DEFAULT_FLOW_KIND)
        watcher.touch(mark)

    def leave(self) -> None:
        self._watcher = None

    @property
    def mark(self) -> Mark | None:
        return self._mark if getattr(self, "_watcher", None) is not None else None

    def _touch(self) -> None:
        watcher = getattr(self, "_watcher", None)
        if watcher is not None:
            watcher.touch(self._mark)

    def __setitem__(self, name: Any, value: Any) -> None:
        if getattr(self, "_watcher", None) is not None:
            value = _admit(name, value, self._mark[0])
        dict.__setitem__(self, name, value)
        self._touch()

    def update(self, *args: Any, **kwargs: Any) -> None:
        new = _pairs(args, kwargs)
        watcher = getattr(self, "_watcher", None)
        if watcher is not None and not watcher.trusting:
            new = {name: _admit(name, value, self._mark[0]) for name, value in new.items()}
        dict.update(self, new)
        self._touch()

    def __ior__(self, other: Any) -> AttributeDict:  # type: ignore[misc]
        self.update(other)
        return self

    def setdefault(self, name: Any, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return dict.__getitem__(self, name)

    def __delitem__(self, name: Any) -> None:
        dict.__delitem__(self, name)
        self._touch()

    def pop(self, *args: Any) -> Any:
        value = dict.pop(self, *args)
        self._touch()
        return value

    def popitem(self) -> tuple[Any, Any]:
        item = dict.popitem(self)
        self._touch()
        return item

    def clear(self) -> None:
        dict.clear(self)
        self._touch()


def _admit(name: Any, value: Any, on: str) -> Any:
    if on == EDGE and name in _ENDS:
        raise EditError(
            f"{name!r} is an end of the flow, not an attribute: reconnect it with m.update(flow, {name}=…), "
            "or give the attribute another name"
        )
    return admit(name, value, on="flow" if on == EDGE else on)


def _attributes(value: Mapping[Any, Any], watcher: Watcher, mark: Mark) -> AttributeDict:
    """`value` joined to the graph at `mark`: itself if it is free, else a private copy."""
    own = value if type(value) is AttributeDict and value.mark in (None, mark) else AttributeDict(value)
    own.join(watcher, mark)
    return own


class _Level(_Plain):
    """A dict whose values are observed dicts: `_enter` may replace a value on its way in, `_leave` lets one go."""

    __slots__ = ()

    def _enter(self, key: Any, value: Any) -> Any:
        return value

    def _leave(self, key: Any, value: Any) -> None:
        """Nothing to let go at this level unless it says so."""

    def __setitem__(self, key: Any, value: Any) -> None:
        dict.__setitem__(self, key, self._enter(key, value))

    def __delitem__(self, key: Any) -> None:
        value = dict.__getitem__(self, key)
        dict.__delitem__(self, key)
        self._leave(key, value)

    def pop(self, key: Any, default: Any = _ABSENT) -> Any:
        if key not in self:
            if default is _ABSENT:
                raise KeyError(key)
            return default
        value = dict.pop(self, key)
        self._leave(key, value)
        return value

    def popitem(self) -> tuple[Any, Any]:
        key, value = dict.popitem(self)
        self._leave(key, value)
        return key, value

    def clear(self) -> None:
        items = list(self.items())
        dict.clear(self)
        for key, value in items:
            self._leave(key, value)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in _pairs(args, kwargs).items():
            self[key] = value

    def __ior__(self, other: Any) -> _Level:  # type: ignore[misc]
        self.update(other)
        return self

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return dict.__getitem__(self, key)


class _TopLevel(_Level):
    """A level that belongs to a graph from the start."""

    __slots__ = ("_watcher",)

    def __init__(self, watcher: Watcher, items: Mapping[Any, Any] = {}) -> None:
        super().__init__()
        self._watcher = watcher
        self.update(items)


class NodeDict(_TopLevel):
    """`G._node`: node → attributes."""

    __slots__ = ()

    def _enter(self, key: Any, value: Any) -> Any:
        check_id(key)
        previous = dict.get(self, key)
        entered = _attributes(value, self._watcher, (NODE, key))
        if previous is not None and previous is not entered:
            previous.leave()
        return entered

    def _leave(self, key: Any, value: Any) -> None:
        value.leave()
        self._watcher.touch((NODE, key))


class KeyDict(_Level):
    """`G._succ[source][target]`, the same object as `G._pred[target][source]`: key → attributes."""

    __slots__ = ("_place", "_watcher")
    _place: tuple[Any, Any] | None
    _watcher: Watcher

    def _enter(self, key: Any, value: Any) -> Any:
        place = self.place
        if place is None:
            return value if type(value) is AttributeDict else AttributeDict(value)
        previous = dict.get(self, key)
        entered = _attributes(value, self._watcher, (EDGE, *place, key))
        if previous is not None and previous is not entered:
            previous.leave()
        return entered

    def _leave(self, key: Any, value: Any) -> None:
        if type(value) is AttributeDict:
            value.leave()
        place = self.place
        if place is not None:
            self._watcher.touch((EDGE, *place, key))

    @property
    def place(self) -> tuple[Any, Any] | None:
        return getattr(self, "_place", None)

    def join(self, watcher: Watcher, source: Any, target: Any) -> None:
        self._watcher, self._place = watcher, (source, target)
        for key, value in list(self.items()):
            dict.__setitem__(self, key, _attributes(value, watcher, (EDGE, source, target, key)))

    def leave(self) -> None:
        place, self._place = self._place, None
        for key, value in self.items():
            value.leave()
            self._watcher.touch((EDGE, *(place or ()), key))


def _free_keys(value: Mapping[Any, Any]) -> KeyDict:
    if type(value) is KeyDict and value.place is None:
        return value
    free = KeyDict()
    for key, attributes in value.items():
        dict.__setitem__(free, key, AttributeDict(attributes))
    return free


class NeighbourDict(_Level):
    """`G._succ[source]`: target → `KeyDict`."""

    __slots__ = ("_source", "_watcher")

    def __init__(self, watcher: Watcher, source: Any, items: Mapping[Any, Any]) -> None:
        super().__init__()
        self._watcher: Watcher | None = watcher
        self._source = source
        self.update(items)

    def _enter(self, key: Any, value: Any) -> Any:
        previous = dict.get(self, key)
        if previous is value:
            return value
        if previous is not None and self._watcher is not None:
            previous.leave()
        keys = _free_keys(value)
        if self._watcher is not None:
            keys.join(self._watcher, self._source, key)
        return keys

    def _leave(self, key: Any, value: Any) -> None:
        if self._watcher is not None:
            value.leave()

    def leave(self) -> None:
        for value in self.values():
            value.leave()
        self._watcher = None


class SuccessorDict(_TopLevel):
    """`G._succ`: source → `NeighbourDict`."""

    __slots__ = ()

    def _enter(self, key: Any, value: Any) -> Any:
        check_id(key)
        previous = dict.get(self, key)
        if previous is value:
            return value
        if previous is not None:
            previous.leave()
        return NeighbourDict(self._watcher, key, value)

    def _leave(self, key: Any, value: Any) -> None:
        value.leave()


def checked(attributes: Mapping[Any, Any], on: str) -> dict[str, Any]:
    """All of `attributes` checked before any is written."""
    return {name: _admit(name, value, on) for name, value in attributes.items()}


def check_edges(edges: Iterable[Any], also: Mapping[Any, Any]) -> list[Any]:
    """`edges` in any of networkx's forms, as a list, once all ids and attributes have been checked."""
    checked(also, EDGE)
    listed = [edge if isinstance(edge, (tuple, list)) else tuple(edge) for edge in edges]
    for edge in listed:
        for end in edge[:2]:
            check_id(end)
        for part in edge[2:]:
            if isinstance(part, Mapping):
                checked(part, EDGE)
    return listed


def check_nodes(nodes: Iterable[Any], also: Mapping[Any, Any]) -> list[Any]:
    """`nodes`, ids or (id, attributes) pairs, as a list, once all have been checked."""
    checked(also, NODE)
    listed = list(nodes)
    for node in listed:
        if isinstance(node, tuple) and len(node) == 2 and isinstance(node[1], Mapping):
            check_id(node[0])
            checked(node[1], NODE)
        else:
            check_id(node)
    return listed
