"""Small groups: which counts must not leave the kernel, and which others would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crmwidget.data.numerals import DASH, number_text

__all__ = ["THRESHOLD", "count_text", "hidden_counts", "is_small", "small_text", "suppress"]

THRESHOLD = 5
TINY = 1e-7  # below this a residual of sums of ones is nothing but rounding

Q = TypeVar("Q", bound=Hashable)
C = TypeVar("C", bound=Hashable)


def is_small(count: float | None, *, threshold: int = THRESHOLD) -> bool:
    """Whether a count is of a group too small to be shown; nobody is no group, so 0 may be shown."""
    return count is not None and 0 < count < threshold


def suppress(count: int, *, threshold: int = THRESHOLD) -> int | None:
    """The count, or None where its group is too small to be shown.

    Examples
    --------
    >>> suppress(4), suppress(5), suppress(0)
    (None, 5, 0)
    """
    return None if is_small(count, threshold=threshold) else count


def small_text(threshold: int = THRESHOLD) -> str:
    """What is written in place of a small count."""
    return f"<{threshold}"


def count_text(count: int | None, *, threshold: int = THRESHOLD) -> str:
    """A count for reading: grouped digits, `<5` for a small group, "–" for an undefined one."""
    if count is None:
        return DASH
    return small_text(threshold) if is_small(count, threshold=threshold) else number_text(count, style="full")


def hidden_counts(
    queries: Mapping[Q, Iterable[C]], cells: Mapping[C, int], *, threshold: int = THRESHOLD
) -> frozenset[Q]:
    """Which counts to hold back so that no small group can be worked out from those that are shown.

    Parameters
    ----------
    queries
        What one would like to show: each a sum over disjoint `cells`, named by the cells that it adds up.
    cells
        The disjoint groups that everything is made of, with their sizes.
    threshold
        Groups of 1 to `threshold - 1` are small.

    Returns
    -------
    frozenset
        The queries to hold back: every small one (primary), and as many others, smallest first, as it takes until
        no small cell and no small query is a linear combination of what stays (complementary suppression). Cells of
        size 0 are taken as known to everybody.

    Notes
    -----
    This is the audit by linear dependence of tabular disclosure control (Hundepool et al., *Statistical Disclosure
    Control*, 2012, ch. 4): it stops every exact subtraction. It does not bound from which interval a hidden count is.

    Examples
    --------
    A total of 100 and parts of 60, 37 and 3: hiding the 3 alone would not do.

    >>> cells = {"won": 60, "open": 37, "lost": 3}
    >>> queries = {"all": ["won", "open", "lost"], "won": ["won"], "open": ["open"], "lost": ["lost"]}
    >>> sorted(hidden_counts(queries, cells))
    ['lost', 'open']
    """
    sizes = {cell: size for cell, size in cells.items() if size}
    by_sum: dict[frozenset[C], list[Q]] = {}
    for query, parts in queries.items():
        by_sum.setdefault(frozenset(cell for cell in parts if cell in sizes), []).append(query)
    by_sum.pop(frozenset(), None)
    totals = {parts: sum(sizes[cell] for cell in parts) for parts in by_sum}
    small = [parts for parts, total in totals.items() if is_small(total, threshold=threshold)]
    small += [frozenset([cell]) for cell, size in sizes.items() if is_small(size, threshold=threshold)]
    secrets = dict.fromkeys(small)
    if not secrets:
        return frozenset()
    place = {cell: index for index, cell in enumerate(sizes)}

    def vector(parts: frozenset[C]) -> NDArray[np.float64]:
        sums = np.zeros(len(place))
        sums[[place[cell] for cell in parts]] = 1.0
        return sums

    # largest first: what would complete a secret is refused, so the smaller sums are the ones held back
    shown = sorted((parts for parts in totals if parts not in secrets), key=lambda parts: -totals[parts])
    unknown = np.array([vector(parts) for parts in secrets])
    known = np.zeros((0, len(place)))  # orthonormal: its rows span all that the shown sums tell
    held: list[frozenset[C]] = []
    for parts in shown:
        news = vector(parts)
        for _ in range(2):  # twice is enough to stay orthogonal in floating point
            news = news - known.T @ (known @ news)
        size = float(np.linalg.norm(news))
        if size < TINY:
            continue  # follows from what is shown already
        news /= size
        still_unknown = unknown - np.outer(unknown @ news, news)
        if np.linalg.norm(still_unknown, axis=1).min() < TINY:
            held.append(parts)
            continue
        unknown, known = still_unknown, np.vstack([known, news])
    return frozenset(query for parts in (*secrets, *held) for query in by_sum.get(parts, ()))
