"""Small groups in counts that hang together: which to hold back, where some sums are known to everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crmwidget.data.privacy import THRESHOLD, is_small

__all__ = ["hidden_rows", "hidden_sums"]

TINY = 1e-7  # below this a residual of sums of ones is nothing but rounding

Q = TypeVar("Q", bound=Hashable)
C = TypeVar("C", bound=Hashable)


def hidden_sums(
    queries: Mapping[Q, Mapping[C, int]],
    cells: Mapping[C, int],
    *,
    known: Iterable[Mapping[C, int]] = (),
    secrets: Iterable[Mapping[C, int]] = (),
    shown: Iterable[Mapping[C, int]] = (),
) -> frozenset[Q]:
    """Which sums to hold back so that no small group can be worked out from those that are shown and what is known.

    Parameters
    ----------
    queries
        What one would like to show: each a sum over cells, as cell → factor.
    cells
        What everything is made of, with sizes; a size of 0 is taken as known to everybody. One may be negative, where
        it is a difference.
    known
        Sums that everybody knows, such as that what goes in comes out; in this order, the sure ones first, as one that
        would give a secret away is passed over: it is not known then.
    secrets
        More sums that may not be told where they are of a small group, such as the rest of a shown one.
    shown
        Sums that are shown elsewhere already, whatever comes of it: what follows from them alone is no secret any more.

    Returns
    -------
    frozenset
        The small queries, and as many others, the smaller first, as it takes until no small cell, query or secret is a
        linear combination of what is shown and known.

    Notes
    -----
    `privacy.hidden_counts` does the same for disjoint cells with nothing known beside. Cells that only ever appear
    together are one: no sum tells them apart.

    Examples
    --------
    Of 63 leads 60 went on and 3 were lost. That all who went on came to the offer is known, so that its 60 go too.

    >>> cells = {"Lead → Offer": 60, "Lead → Lost": 3, "at Offer": 60}
    >>> queries = {"leads": {"Lead → Offer": 1, "Lead → Lost": 1}, "lost": {"Lead → Lost": 1}}
    >>> queries["offers"] = {"at Offer": 1}
    >>> sorted(hidden_sums(queries, cells, known=[{"Lead → Offer": 1, "at Offer": -1}]))
    ['lost', 'offers']
    """
    laws, others, before = list(known), list(secrets), list(shown)
    columns, sizes = _merged([*queries.values(), *laws, *others, *before], cells)

    def vector(sums: Mapping[C, int]) -> NDArray[np.float64]:
        found = np.zeros(len(sizes))
        for cell, factor in sums.items():
            if cell in columns:
                found[columns[cell]] = factor
        return found

    by_sum: dict[bytes, list[Q]] = defaultdict(list)
    vectors: dict[bytes, NDArray[np.float64]] = {}
    for query, sums in queries.items():
        row = vector(sums)
        if row.any():
            by_sum[row.tobytes()].append(query)
            vectors[row.tobytes()] = row
    rows = [*vectors.values(), *np.eye(len(sizes)), *map(vector, others)]
    few = {row.tobytes(): row for row in rows if is_small(abs(round(float(row @ sizes))), threshold=THRESHOLD)}
    if not few:
        return frozenset()
    unknown = np.array(list(few.values()))
    left = (unknown**2).sum(axis=1)  # of each secret: what is not told yet, squared
    told = np.zeros((0, len(sizes)))  # orthonormal: its rows span all that is known

    def news_of(row: NDArray[np.float64]) -> NDArray[np.float64] | None:
        for _ in range(2):  # twice is enough to stay orthogonal in floating point
            row = row - told.T @ (told @ row)
        size = float(np.linalg.norm(row))
        return None if size < TINY else row / size

    for sums in before:
        news = news_of(vector(sums))
        if news is not None:
            left, told = left - (unknown @ news) ** 2, np.vstack([told, news])
    is_secret = left > TINY
    unknown, left = unknown[is_secret], left[is_secret]
    held: list[bytes] = []
    # largest first: what would complete a secret is refused, so the smaller sums are the ones held back
    wanted = sorted((key for key in vectors if key not in few), key=lambda key: -float(vectors[key] @ sizes))
    for key, row in [*((None, vector(law)) for law in laws), *((key, vectors[key]) for key in wanted)]:
        news = news_of(row)
        if news is None:
            continue  # follows from what is told already
        still = left - (unknown @ news) ** 2
        if (still > TINY).all():
            left, told = still, np.vstack([told, news])
        elif key is not None:
            held.append(key)
    return frozenset(query for key in (*few, *held) for query in by_sum.get(key, ()))


def hidden_rows(
    rows: Mapping[Q, tuple[NDArray[np.float64], int]],
    *,
    known: Iterable[NDArray[np.float64]],
    secrets: Iterable[tuple[NDArray[np.float64], int]],
) -> frozenset[Q]:
    """The same of counts whose parts are not told by their sizes: each is what every part adds to it, and its number.

    Examples
    --------
    Two ways, A → B and B alone: of 60 cases at B 57 were at A, so that 3 came to B at once, which is a rest.

    >>> ways = {"at A": (np.array([1.0, 0.0]), 57), "at B": (np.array([1.0, 1.0]), 60)}
    >>> hidden_rows(ways, known=[np.ones(2)], secrets=[(np.array([0.0, 1.0]), 3)])
    frozenset({'at A'})
    """
    by_sum: dict[bytes, list[Q]] = defaultdict(list)
    vectors: dict[bytes, tuple[NDArray[np.float64], int]] = {}
    for query, (row, n) in rows.items():
        by_sum[row.tobytes() + str(n).encode()].append(query)
        vectors[row.tobytes() + str(n).encode()] = (row, n)
    few = {key: row for key, (row, n) in vectors.items() if is_small(n)}
    others = {row.tobytes(): row for row, n in secrets if is_small(n)}
    if not few and not others:
        return frozenset()
    told = _Told(np.array([*few.values(), *others.values()]))
    for row in known:
        told.takes(row, whatever=True)
    held = [
        key
        for key, (row, _) in sorted(vectors.items(), key=lambda item: -item[1][1])
        if key not in few and not told.takes(row)
    ]
    return frozenset(query for key in (*few, *held) for query in by_sum[key])


class _Told:
    """What is told already, and how much of each secret is not."""

    def __init__(self, unknown: NDArray[np.float64]) -> None:
        self._unknown = unknown
        self._left = (unknown**2).sum(axis=1)
        self._rows = np.zeros((0, unknown.shape[1]))  # orthonormal

    def takes(self, row: NDArray[np.float64], *, whatever: bool = False) -> bool:
        """Take in one more sum, unless it would tell a secret; `whatever` comes of it, what it tells is none then."""
        for _ in range(2):  # twice is enough to stay orthogonal in floating point
            row = row - self._rows.T @ (self._rows @ row)
        size = float(np.linalg.norm(row))
        if size < TINY:
            return True
        row = row / size
        left = self._left - (self._unknown @ row) ** 2
        if not whatever and not (left > TINY).all():
            return False
        still = left > TINY
        self._rows = np.vstack([self._rows, row])
        self._unknown, self._left = self._unknown[still], left[still]
        return True


def _merged(rows: list[Mapping[C, int]], cells: Mapping[C, int]) -> tuple[dict[C, int], NDArray[np.float64]]:
    """Cell → the number of its column, those that only ever appear together in one; and the size of each column."""
    appears: dict[C, list[tuple[int, int]]] = defaultdict(list)
    for number, row in enumerate(rows):
        for cell, factor in row.items():
            if cells.get(cell):
                appears[cell].append((number, factor))
    numbers: dict[tuple[tuple[int, int], ...], int] = {}
    columns = {cell: numbers.setdefault(tuple(where), len(numbers)) for cell, where in appears.items()}
    sizes = np.zeros(len(numbers))
    for cell, column in columns.items():
        sizes[column] += cells[cell]
    return columns, sizes
