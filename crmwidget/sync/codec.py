"""Between the map's values and what travels: attributes to JSON and back, committed changes to wire changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from crmwidget.errors import EditError, WireError
from crmwidget.graph.changes import Change, Proposal, difference
from crmwidget.json_values import decode, encode
from crmwidget.sync import messages
from crmwidget.vocabulary import ATTRIBUTES, LIMITS

__all__ = ["encode_attributes", "parse", "plain", "to_proposals", "to_wire"]


def encode_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON values; a date that the vocabulary knows to be one is plain ISO text."""
    return {name: value if type(value) is str else _encoded(name, value) for name, value in attributes.items()}


def _encoded(name: str, value: Any) -> Any:
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return int(value)  # the same number in JSON, and shorter: most cards lie on the grid
    if type(value) is tuple and all(type(item) is str for item in value):
        return list(value)
    return value.isoformat() if name in ATTRIBUTES and isinstance(value, date) else encode(value)


def to_wire(changes: Iterable[Change]) -> list[messages.Change]:
    """Committed changes as views get them: whole elements when new, attribute deltas otherwise."""
    return [_to_wire(change) for change in changes]


def _to_wire(change: Change) -> messages.Change:
    path = list(change.path)
    if change.after is None:
        return messages.Change(at=path, remove=True)
    if change.before is None:
        return messages.Change(at=path, add=encode_attributes(change.after))
    written, gone = difference(change.before, change.after)
    return messages.Change(at=path, set=encode_attributes(written) if written else None, unset=gone or None)


def to_proposals(changes: Iterable[messages.Change]) -> list[Proposal]:
    """What a view proposes, decoded; an `EditError` if a change is not one of add, set/unset, remove."""
    return [_to_proposal(change) for change in changes]


def _to_proposal(change: messages.Change) -> Proposal:
    ways = (change.add is not None, change.set is not None or change.unset is not None, change.remove)
    if sum(ways) != 1:
        raise EditError(f"a change of {change.at!r} is either add, set/unset or remove; given {sum(ways)} of them")
    return Proposal(
        tuple(change.at),
        add=None if change.add is None else {name: decode(value) for name, value in change.add.items()},
        set={name: decode(value) for name, value in (change.set or {}).items()},
        unset=tuple(change.unset or ()),
        remove=change.remove,
    )


def parse(content: object) -> messages.FromView:
    """A message from a view, checked against the schema and the size limits; else a `WireError`."""
    try:
        size = len(msgspec.json.encode(content))
    except (TypeError, ValueError, RecursionError) as error:
        raise WireError(f"a message from a view is not JSON: {error}") from None
    if size > LIMITS.message_bytes:
        raise WireError(f"a message from a view has at most {LIMITS.message_bytes:,} bytes; given {size:,}")
    try:
        message: messages.FromView = msgspec.convert(content, messages.FromView)
    except (msgspec.ValidationError, RecursionError) as error:
        given = content.get("op") if isinstance(content, Mapping) else type(content).__name__
        raise WireError(f"a message from a view is malformed ({str(given)[:40]!r}): {error}") from None
    if isinstance(message, messages.Edit) and len(message.changes) > LIMITS.message_changes:
        raise WireError(f"an edit has at most {LIMITS.message_changes:,} changes; given {len(message.changes):,}")
    return message


def plain(message: Any) -> dict[str, Any]:
    """A message as the dict that is sent."""
    return msgspec.to_builtins(message)  # type: ignore[no-any-return]
