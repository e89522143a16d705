"""Comments on nodes, in threads: what one holds, what hangs on what, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crmwidget.errors import EditError, RuleError, nearest, shorten
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.values import freeze

__all__ = ["FIELDS", "OPTIONAL", "Comment", "check_fields", "check_threads", "comments_of", "hanging_on"]

FIELDS = ("on", "text", "author", "at", "reply_to", "resolved")
OPTIONAL = ("reply_to", "resolved")  # they are there only where they say something


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as it is read.

    Attributes
    ----------
    on
        The id of the node that it is on.
    text
        What it says; several lines are possible.
    author
        Who wrote it, empty where that is not known.
    at
        When it was written: an ISO time in UTC, empty where that is not known.
    reply_to
        The id of the first comment of its thread; None for that first comment itself.
    resolved
        Whether the thread is settled; only its first comment can be.
    """

    on: str
    text: str
    author: str = ""
    at: str = ""
    reply_to: str | None = None
    resolved: bool = False


def comments_of(elements: Elements) -> Mapping[str, Comment]:
    """The comments of a map as they are now, by id, in the order of writing."""
    return MappingProxyType({name: Comment(**comment) for name, comment in elements.comments.items()})


def check_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a comment as they are kept, or an `EditError` naming what is wrong."""
    for field, value in values.items():
        if field not in FIELDS:
            raise EditError(f"a comment has no {field!r}; {nearest(field, FIELDS)}")
        if field == "resolved":
            if not isinstance(value, bool):
                raise EditError(f"'resolved' of a comment is True or False; given {shorten(value)}")
        elif not isinstance(freeze(value, field), str):
            raise EditError(f"{field!r} of a comment is text; given {shorten(value)}")
    return dict(values)


def check_threads(elements: Elements, changed: Collection[str]) -> None:
    """Raise a `RuleError` if a thread that `changed` comments belong to is none: it has one level, on one node."""
    for name, comment in elements.comments.items():
        first = comment.get("reply_to")
        if first is None or (name not in changed and first not in changed):
            continue
        found = elements.comments.get(first)
        if found is None or first == name:
            others = [other for other in elements.comments if other != name]
            raise RuleError(
                f"comment {name!r} cannot reply to {shorten(first)}; {nearest(first, others, noun='comments')}"
            )
        if "reply_to" in found:
            raise RuleError(
                f"comment {name!r} cannot reply to {first!r}, which is itself a reply: a thread has one level; "
                f"its first comment is {found['reply_to']!r}"
            )
        if found["on"] != comment["on"]:
            raise RuleError(
                f"comment {name!r} is on {comment['on']!r}, but its thread {first!r} is on {found['on']!r}: "
                "a thread lies on one node"
            )
        if comment.get("resolved"):
            raise RuleError(f"comment {name!r} is a reply and cannot be resolved; its thread {first!r} can")


def hanging_on(comments: Mapping[str, Attributes | None], gone: Collection[str]) -> list[str]:
    """The replies that go because the first comment of their thread does."""
    return [
        name
        for name, comment in comments.items()
        if comment is not None and comment.get("reply_to") in gone and name not in gone
    ]
