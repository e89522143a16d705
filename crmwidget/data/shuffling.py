"""An order drawn by lot that is the same in every version of Python and on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["shuffled"]

T = TypeVar("T")


def shuffled(items: Sequence[T], draw: random.Random) -> list[T]:
    """The items in an order drawn after Fisher and Yates.

    It draws from `random()` alone: `Random.shuffle` may use its numbers otherwise in another version.

    Examples
    --------
    >>> shuffled(range(5), random.Random(7))
    [2, 3, 4, 0, 1]
    """
    order = list(items)
    for i in range(len(order) - 1, 0, -1):
        j = int(draw.random() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order
