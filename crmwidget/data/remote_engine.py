"""An engine somewhere else: its tables are temporary and have names of their own, its answers become arrays here."""

from __future__ import annotations

import decimal
import secrets
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from crmwidget.data.dialects import in_dialect
from crmwidget.data.engine import Engine, Hooks

__all__ = ["Answer", "RemoteEngine", "as_array"]

Answer: TypeAlias = "tuple[list[str], list[tuple[Any, ...]]]"  # the names of the columns, and the rows


class RemoteEngine(Engine):
    """What PostgreSQL and Spark have in common.

    Whoever asks calls the tables `steps`, `cases` …; on the server they are called otherwise, so that several logs,
    and whatever tables there are, never meet.
    """

    def __init__(self, hooks: Hooks | None = None) -> None:
        super().__init__(hooks)
        self._prefix = f"crmwidget_{secrets.token_hex(6)}_"
        self._tables: dict[str, str] = {}
        self._is_stopped = False

    # ---- what each of them does in its own way -------------------------------------------------------

    @abstractmethod
    def _ask(self, sql: str) -> Answer:
        """Run a statement of its own dialect."""

    @abstractmethod
    def _keep(self, table: str, sql: str) -> None:
        """Keep what a query of its own dialect gives as a temporary table."""

    @abstractmethod
    def _forget(self, table: str) -> None:
        """Take a temporary table away."""

    @abstractmethod
    def _stop(self) -> None:
        """Stop what runs."""

    # ---- asking --------------------------------------------------------------------------------------

    def said(self, sql: str) -> str:
        """A query in the server's words, with the names that its tables have there."""
        return in_dialect(sql, self.dialect, tables=self._tables)

    def run(self, sql: str, *, what: str = "") -> list[tuple[Any, ...]]:
        """Run one query and give its rows; see `Engine.run`."""
        return self._answer(sql, what)[1]

    def arrays(self, sql: str, *, what: str = "") -> dict[str, Any]:
        """Run one query and give its columns as numpy arrays, masked where values are missing."""
        names, rows = self._answer(sql, what)
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return {name: as_array(values) for name, values in zip(names, columns, strict=True)}

    def _answer(self, sql: str, what: str) -> Answer:
        said = self.said(sql)
        names, rows = self._stoppable(lambda: self._ask(said), what)
        self.fetched_rows += len(rows)
        return names, [tuple(map(_plain, row)) for row in rows]

    def _stoppable(self, work: Callable[[], Any], what: str) -> Any:
        with self._lock:
            self._is_stopped = False
            return self._watched_run(work, what)

    def _directly(self, work: Callable[[], object]) -> None:
        """Tidy up: that is quick, and nobody is asked whether to stop."""
        with self._lock:
            try:
                work()
            except Exception as error:
                raise self._told(error, "Tidying up") from None

    # ---- tables --------------------------------------------------------------------------------------

    def create(self, table: str, query: str, *, what: str = "") -> None:
        """Keep what a query gives as a temporary table on the server."""
        said, there = self.said(query), self._called(table)
        self._stoppable(lambda: self._keep(there, said), what)
        self._tables[table] = there

    def replace(self, table: str, query: str) -> None:
        """Keep what a query on a table gives in that table's place."""
        before = self._tables[table]
        self.create(table, query)
        self._directly(lambda: self._forget(before))

    def drop(self, table: str) -> None:
        """Take a table away."""
        self._directly(lambda: self._drop_now(table))

    def _drop_now(self, table: str) -> None:
        if table in self._tables:
            self._forget(self._tables.pop(table))

    def _called(self, table: str) -> str:
        return self.fresh(f"{self._prefix}{table}")

    # ---- watching ------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop the query that runs now; may be called from any thread."""
        self._is_stopped = True
        self._stop()


def as_array(values: Sequence[Any]) -> Any:
    """A column of an answer as DuckDB would give it: masked where a value is missing.

    Examples
    --------
    >>> as_array([1, 2]).dtype.name, as_array(["a", "b"]).dtype.name
    ('int64', 'object')
    >>> as_array([1.5, None])
    masked_array(data=[1.5, --],
                 mask=[False,  True],
           fill_value=1e+20)
    """
    known = [value for value in values if value is not None]
    is_text = any(not isinstance(value, bool | int | float) for value in known)
    filler = known[0] if known else 0.0
    array = np.array(
        [filler if value is None else value for value in values],
        dtype=object if is_text else None if values else np.int64,
    )
    if len(known) == len(values):
        return array
    return np.ma.MaskedArray(array, mask=[value is None for value in values])


def _plain(value: Any) -> Any:
    """Sums of whole numbers come as decimals."""
    if not isinstance(value, decimal.Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
