"""What of a painted answer is another than before, as changes that travel: at most as much as the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from crmwidget.sync.messages import Change

__all__ = ["repainting"]

# Where an answer holds a part of its own for each element: those are compared one by one, all else as a whole.
_BY_ELEMENT = {("nodes",), ("flows",), ("levers",), ("levers", "nodes"), ("levers", "flows")}


def repainting(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """The changes that make `after` of the answer `before`, both as plain values; None was not painted.

    They name parts (`["overlay", name, "nodes"]`) and what is set and unset of them, so that an answer of hundreds of
    elements of which one is otherwise costs as much as that one. The first always names the answer itself: painted
    again it is the newest, even where it is the same.

    Examples
    --------
    >>> before = {"title": "What if", "nodes": {"lead": {"text": "8"}, "won": {"text": "5"}, "lost": {"text": "3"}}}
    >>> after = {**before, "nodes": {**before["nodes"], "lead": {"text": "9"}}}
    >>> for change in repainting("what_if", before, after):
    ...     print(change.at, change.set)
    ['overlay', 'what_if'] {}
    ['overlay', 'what_if', 'nodes'] {'lead': {'text': '9'}}
    """
    at = ["overlay", name]
    whole = [Change(at=at, add=dict(after))]
    if before is None:
        return whole
    head, *parts = _differences(at, before, after)
    changes = [Change(at=at, set=head.set or {}, unset=head.unset), *(part for part in parts if part.set or part.unset)]
    return changes if _size(changes) < _size(whole) else whole


def _differences(at: list[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """The differences of one part, then those of the parts within it that are compared by themselves."""
    written: dict[str, Any] = {}
    within: list[str] = []
    for name, value in after.items():
        if name not in before:
            written[name] = value
        elif value != before[name]:
            by_element = (*at[2:], name) in _BY_ELEMENT and isinstance(value, dict) and isinstance(before[name], dict)
            if by_element:
                within.append(name)
            else:
                written[name] = value
    gone = [name for name in before if name not in after]
    yield Change(at=at, set=written or None, unset=gone or None)
    for name in within:
        yield from _differences([*at, name], before[name], after[name])


def _size(changes: list[Change]) -> int:
    return len(msgspec.json.encode(changes))
