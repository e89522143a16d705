"""What listeners of a map are told, and how they are told it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from crmwidget.graph.changes import Change

__all__ = ["ChangeEvent", "Origin", "listen", "tell"]

Origin = Literal["python", "view", "undo", "redo", "layout"]


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One committed batch: what changed, why, and who did it.

    `token` is whatever the proposer gave, so that a session can tell its own edits.
    """

    revision: int
    label: str
    origin: Origin
    changes: tuple[Change, ...]
    token: object = None


def tell(listeners: Iterable[Callable[[ChangeEvent], None]], event: ChangeEvent, *, name: str) -> None:
    """Call each listener of the map called `name`, in their order."""
    for listener in list(listeners):
        try:
            listener(event)
        except Exception as error:  # a listener's fault must not undo an edit that is already made
            warnings.warn(f"a listener of the map {name!r} failed: {error!r}", RuntimeWarning, stacklevel=3)


def listen(listeners: list[Any], callback: Callable[..., None], *, first: bool = False) -> Callable[[], None]:
    """Add `callback`, with `first` before all others; the returned function takes it away."""
    listeners.insert(0 if first else len(listeners), callback)

    def stop() -> None:
        if callback in listeners:
            listeners.remove(callback)

    return stop
