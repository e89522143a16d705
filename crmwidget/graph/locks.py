"""Locked nodes: what a view may not do to them, and a map in which a layout leaves them where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crmwidget.errors import EditError
from crmwidget.graph.changes import Change, difference
from crmwidget.graph.elements import Attributes, Elements

__all__ = ["check_locks", "is_locked", "locked_in_place"]


def is_locked(attributes: Attributes | None) -> bool:
    """Whether a node is locked: no hand moves or changes it on the canvas, Python may."""
    return attributes is not None and attributes.get("locked") is True


def check_locks(elements: Elements, changes: Iterable[Change]) -> None:
    """Raise an `EditError` if `changes`, not applied to `elements` yet, do more to a locked node than unlock it.

    Flows to and from it, comments on it and votes for it are no change of the node. That it would go along with a
    group, or lose the one that it belongs to, is.
    """
    changes = [change for change in changes if change.path[0] in ("node", "position")]
    for change in sorted(changes, key=lambda change: change.path[0]):  # what was removed was not moved
        node = change.path[-1]
        if not is_locked(elements.nodes.get(node)):
            continue
        what = "moved"
        if change.path[0] == "node":
            what = "removed"
            if change.after is not None:
                written, gone = difference(change.before or {}, change.after)
                touched = {*written, *gone} - {"locked"}
                if not touched:
                    continue
                what = "renamed" if touched == {"label"} else "changed"
        label = elements.nodes[node]["label"]
        raise EditError(f"{label!r} is locked and cannot be {what} on the canvas: unlock it first")


def locked_in_place(elements: Elements, *, lens: str, unpin: bool = False) -> Elements:
    """The map with its locked nodes pinned where they are, and with `unpin` no others: as a layout is to see it."""
    locked = {node for node, attributes in elements.nodes.items() if is_locked(attributes)}
    if not locked and not unpin:
        return elements
    shelf: dict[str, Attributes] = {
        node: {**place, "pinned": node in locked or (not unpin and place.get("pinned") is True)}
        for node, place in elements.positions.get(lens, {}).items()
    }
    return replace(elements, positions={**elements.positions, lens: shelf})
