"""Where one comes to on a graph, going on and on from some places."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

__all__ = ["reached"]

T = TypeVar("T", bound=Hashable)


def reached(seeds: Iterable[T], onward: Callable[[T], Iterable[T]]) -> set[T]:
    """All places that ways lead to from the seeds, they themselves included; `onward` gives the next ones of a place.

    Examples
    --------
    >>> onward = {"lead": ["offer"], "offer": ["lead", "won"], "won": [], "lost": []}
    >>> sorted(reached(["lead"], onward.__getitem__))
    ['lead', 'offer', 'won']
    """
    found = set(seeds)
    waiting = list(found)
    while waiting:
        for following in onward(waiting.pop()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
