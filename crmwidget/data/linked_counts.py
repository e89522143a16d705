"""Small groups in counts that hang together: which to hold back, where some sums are known to everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from crmwidget.data.privacy import THRESHOLD, is_small

__all__ = ["hidden_rows", "hidden_sums"]

TINY = 1e-7  # below this a residual of sums of ones is nothing but rounding
MOST_WORK = 10_000_000_000  # multiplications, some seconds of them; what is not looked at by then is held back
MOST_NUMBERS = 50_000_000  # at once in memory, 8 bytes each

Q = TypeVar("Q", bound=Hashable)
C = TypeVar("C", bound=Hashable)
Sparse: TypeAlias = "tuple[tuple[int, int], ...]"  # column and factor, by column


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
        linear combination of what is shown and known. Of very many sums those that could not be looked at in some
        seconds are held back too.

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

    def sparse(sums: Mapping[C, int]) -> Sparse:
        found = {columns[cell]: factor for cell, factor in sums.items() if factor and cell in columns}
        return tuple(sorted(found.items()))

    def dense(row: Sparse) -> NDArray[np.float64]:
        found = np.zeros(len(sizes))
        for column, factor in row:
            found[column] = factor
        return found

    def size_of(row: Sparse) -> float:
        return sum(float(sizes[column]) * factor for column, factor in row)

    by_sum: dict[Sparse, list[Q]] = defaultdict(list)
    for query, sums in queries.items():
        row = sparse(sums)
        if row:
            by_sum[row].append(query)
    rows = [*by_sum, *(((column, 1),) for column in range(len(sizes))), *map(sparse, others)]
    few = {row: None for row in rows if is_small(abs(round(size_of(row))), threshold=THRESHOLD)}
    if not few:
        return frozenset()
    # largest first: what would complete a secret is refused, so the smaller sums are the ones held back
    wanted = sorted((row for row in by_sum if row not in few), key=lambda row: -size_of(row))
    held = wanted
    n_laws = len(before) + len(laws)
    numbers = len(sizes) * (len(few) + n_laws)
    if wanted and numbers <= MOST_NUMBERS and 2 * numbers * n_laws <= MOST_WORK:
        told = _Told(np.array([dense(row) for row in few]))
        for sums in before:
            told.takes(dense(sparse(sums)), whatever=True)
        for law in laws:
            told.takes(dense(sparse(law)))
        held = [row for row in wanted if told.is_too_much_work or not told.takes(dense(row))]
    return frozenset(query for row in (*few, *held) for query in by_sum.get(row, ()))


def hidden_rows(
    rows: Mapping[Q, tuple[NDArray[np.bool_], int]],
    *,
    known: Iterable[NDArray[np.bool_]],
    secrets: Iterable[tuple[NDArray[np.bool_], int]],
) -> frozenset[Q]:
    """The same of counts whose parts are not told by their sizes: each is which parts add to it, and its number.

    Examples
    --------
    Two ways, A → B and B alone: of 60 cases at B 57 were at A, so that 3 came to B at once, which is a rest.

    >>> ways = {"at A": (np.array([True, False]), 57), "at B": (np.array([True, True]), 60)}
    >>> hidden_rows(ways, known=[np.array([True, True])], secrets=[(np.array([False, True]), 3)])
    frozenset({'at A'})
    """
    by_sum: dict[bytes, list[Q]] = defaultdict(list)
    vectors: dict[bytes, tuple[NDArray[np.bool_], int]] = {}
    for query, (row, n) in rows.items():
        by_sum[row.tobytes() + str(n).encode()].append(query)
        vectors[row.tobytes() + str(n).encode()] = (row, n)
    few = {key: row for key, (row, n) in vectors.items() if is_small(n)}
    others = {row.tobytes(): row for row, n in secrets if is_small(n)}
    if not few and not others:
        return frozenset()
    held = wanted = sorted((key for key in vectors if key not in few), key=lambda key: -vectors[key][1])
    unknown = [*few.values(), *others.values()]
    if wanted and len(unknown) * len(unknown[0]) <= MOST_NUMBERS:
        told = _Told(np.array(unknown, dtype=np.float64))
        for row in known:
            told.takes(row.astype(np.float64), whatever=True)
        held = [key for key in wanted if told.is_too_much_work or not told.takes(vectors[key][0].astype(np.float64))]
    return frozenset(query for key in (*few, *held) for query in by_sum[key])


class _Told:
    """What is told already, and how much of each secret is not."""

    def __init__(self, unknown: NDArray[np.float64]) -> None:
        self._unknown = unknown
        self._left = (unknown**2).sum(axis=1)
        self._rows = np.zeros((64, unknown.shape[1]))  # orthonormal, as far as they are in use
        self._n = 0
        self._work = 0

    @property
    def is_too_much_work(self) -> bool:
        """Whether to hold back what is left unlooked at: to tell less is no harm, to work for ever is."""
        return self._work > MOST_WORK

    def takes(self, row: NDArray[np.float64], *, whatever: bool = False) -> bool:
        """Take in one more sum, unless it would tell a secret; `whatever` comes of it, what it tells is none then."""
        told = self._rows[: self._n]
        self._work += (4 * self._n + len(self._unknown)) * len(row)
        for _ in range(2):  # twice is enough to stay orthogonal in floating point
            row = row - told.T @ (told @ row)
        size = float(np.linalg.norm(row))
        if size < TINY:
            return True  # follows from what is told already
        row = row / size
        left = self._left - (self._unknown @ row) ** 2
        still = left > TINY
        if not still.all():
            if not whatever:
                return False
            self._unknown, left = self._unknown[still], left[still]
        if self._n == len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
        self._rows[self._n] = row
        self._n, self._left = self._n + 1, left
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
