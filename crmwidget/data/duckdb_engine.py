"""One embedded DuckDB: runs SQL while the caller can watch and stop it, and spills to a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from crmwidget.data.dialects import Dialect
from crmwidget.data.engine import MEMORY_LIMIT, Engine, Hooks, literal, stopped
from crmwidget.errors import DataError, shorten

if TYPE_CHECKING:
    import duckdb

__all__ = ["DuckDBEngine"]


class DuckDBEngine(Engine):
    """An in-memory DuckDB for one event log and all that is filtered from it.

    Parameters
    ----------
    memory_limit
        What DuckDB may hold in memory, such as `"1GB"`; beyond it, it writes to a temporary folder that only this user
        can read, and that goes away with the engine.
    hooks
        Who watches and may stop it; see `watched` for a while only.

    Examples
    --------
    >>> engine = DuckDBEngine()
    >>> engine.put("activities", {"activity": [0, 1]}, {"activity": "smallint"})
    >>> engine.one("select count(*) from activities")
    (2,)
    """

    dialect: ClassVar[Dialect] = "duckdb"

    def __init__(self, *, memory_limit: str = MEMORY_LIMIT, hooks: Hooks | None = None) -> None:
        import duckdb  # a map without a log needs none of it

        super().__init__(hooks)
        self.folder = Path(tempfile.mkdtemp(prefix="crmwidget-"))
        self._connection = duckdb.connect()
        self._finalize = weakref.finalize(self, _close, self._connection, self.folder)
        try:
            self._connection.execute("set memory_limit = ?", [memory_limit])
        except duckdb.Error:
            raise DataError(
                f"memory_limit is a size such as '1GB' or '800MB'; given {shorten(memory_limit)}."
            ) from None
        for setting in (
            f"temp_directory = {literal(str(self.folder))}",
            "TimeZone = 'UTC'",  # else a query answers in the zone of whoever runs it
            "preserve_insertion_order = false",  # every table has its own row number, which needs less memory
            "python_enable_replacements = false",  # a name in SQL is never a variable of the notebook
            "autoinstall_known_extensions = false",  # no network call that nobody made
            "autoload_known_extensions = false",
            "enable_progress_bar = true",
            "enable_progress_bar_print = false",
            "progress_bar_time = 0",
        ):
            self._connection.execute(f"set {setting}")

    # ---- asking --------------------------------------------------------------------------------------

    def run(self, sql: str, *, what: str = "") -> list[tuple[Any, ...]]:
        """Run one statement and give its rows; see `Engine.run`."""
        rows = self._watched_run(lambda: self._connection.execute(sql).fetchall(), what)
        self.fetched_rows += len(rows)
        return rows

    def arrays(self, sql: str, *, what: str = "") -> dict[str, Any]:
        """Run one query and give its columns as numpy arrays, masked where values are missing."""
        found = self._watched_run(lambda: dict(self._connection.execute(sql).fetchnumpy()), what)
        self.fetched_rows += len(next(iter(found.values()), ()))
        return found

    def types(self, sql: str, *, what: str = "") -> dict[str, str]:
        """The columns of a query and their types; nothing is run."""
        return {str(row[0]): str(row[1]) for row in self.run(f"describe {sql}", what=what)}

    # ---- tables --------------------------------------------------------------------------------------

    def create(self, table: str, query: str, *, what: str = "") -> None:
        """Keep what a query gives as a table."""
        self._do(f"create table {table} as {query}", what)

    def replace(self, table: str, query: str) -> None:
        """Keep what a query on a table gives in that table's place."""
        self._do(f"create or replace table {table} as {query}")

    def _do(self, statement: str, what: str = "") -> None:
        """Run what gives no rows of a table, but says how many it has made."""
        self._watched_run(lambda: self._connection.execute(statement), what)

    def put(self, table: str, columns: Mapping[str, Any], types: Mapping[str, str]) -> None:
        """Make a small table of values from here."""
        frame = self.register(pd.DataFrame(dict(columns)))
        typed = ", ".join(f"cast({column} as {dtype}) as {column}" for column, dtype in types.items())
        self.create(table, f"select {typed} from {frame}")
        self.forget(frame)

    def register(self, data: object) -> str:
        """Make a frame readable in SQL, without copying it; the name it has there."""
        name = self.fresh("frame")
        with self._lock:
            self._connection.register(name, data)
        return name

    def forget(self, name: str) -> None:
        """Take back what `register` did."""
        with self._lock:
            self._connection.unregister(name)

    def drop(self, table: str) -> None:
        """Take a table away."""
        self.run(f"drop table if exists {table}")

    def _drop_now(self, table: str) -> None:
        self._connection.execute(f"drop table if exists {table}")

    @contextmanager
    def in_file_order(self) -> Iterator[None]:
        """While reading a file that numbers no rows: they stay in the order in which they lie there."""
        self.run("set preserve_insertion_order = true")
        try:
            yield
        finally:
            self.run("set preserve_insertion_order = false")

    # ---- what it says in its own way -----------------------------------------------------------------

    def hashed(self, text: str, salt: int) -> str:
        """A text (SQL) as a whole number of 63 bits (SQL)."""
        salted = f"{text} || '{salt}'" if salt else text
        return f"cast(hash({salted}) >> 1 as bigint)"

    def micros(self, column: str, dtype: str) -> str:
        """A column of times (SQL) as microseconds since 1970 (SQL)."""
        return f"epoch_us(cast({column} as {'timestamptz' if 'TIME ZONE' in dtype else 'timestamp'}))"

    # ---- watching ------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop the query that runs now; may be called from any thread."""
        self._connection.interrupt()

    def _share(self) -> float:
        return max(0.0, self._connection.query_progress() / 100)

    def _told(self, error: BaseException, what: str) -> BaseException:
        import duckdb

        did = what or "The work"
        if isinstance(error, duckdb.InterruptException):
            return stopped(what)
        if isinstance(error, duckdb.OutOfMemoryException):
            return DataError(f"{did} needs more memory than it may have: give memory_limit= more, such as '4GB'.")
        telling = (
            duckdb.ConversionException,
            duckdb.InvalidInputException,
            duckdb.OutOfRangeException,
            duckdb.IOException,
        )
        if isinstance(error, telling):
            return DataError(f"{did} failed: the data could not be read as expected ({type(error).__name__}).")
        return error


def _close(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)
