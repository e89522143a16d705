"""One embedded DuckDB: runs SQL while the caller can watch and stop it, and spills to a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from crmwidget.errors import CancelledError, DataError, shorten

if TYPE_CHECKING:
    import duckdb

__all__ = ["MEMORY_LIMIT", "Engine", "Hooks", "literal", "quoted"]

MEMORY_LIMIT = "1GB"
BREATH_S = 0.05  # how often a running query is asked how far it is, and whether it should stop

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who watches: both are called in the thread that asked, never in another.

    `progress(share, what)` gets the share that is done, 0 to 1, and what is being done; `cancelled()` says whether to
    stop.
    """

    progress: Callable[[float, str], object] | None = None
    cancelled: Callable[[], bool] | None = None


class Engine:
    """An in-memory DuckDB for one event log and all that is filtered from it.

    Parameters
    ----------
    memory_limit
        What DuckDB may hold in memory, such as `"1GB"`; beyond it, it writes to a temporary folder that only this user
        can read, and that goes away with the engine.
    hooks
        Who watches and may stop it; see `watched` for a while only.
    """

    def __init__(self, *, memory_limit: str = MEMORY_LIMIT, hooks: Hooks | None = None) -> None:
        import duckdb  # a map without a log needs none of it

        self.hooks = hooks or Hooks()
        self.folder = Path(tempfile.mkdtemp(prefix="crmwidget-"))
        self._lock = threading.RLock()
        self._names = count(1)
        self._retired: deque[str] = deque()
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
        """Run one statement and give its rows.

        Raises
        ------
        CancelledError
            It was stopped by `interrupt()` or a hook; tables that were there before are as they were.
        DataError
            A value could not be read, or there was not enough memory; the message names no value.
        """
        return self._watched_run(lambda: self._connection.execute(sql).fetchall(), what)

    def arrays(self, sql: str, *, what: str = "") -> dict[str, Any]:
        """Run one query and give its columns as numpy arrays, masked where values are missing."""
        return self._watched_run(lambda: dict(self._connection.execute(sql).fetchnumpy()), what)

    def one(self, sql: str, *, what: str = "") -> tuple[Any, ...]:
        """The only row of a query."""
        return self.run(sql, what=what)[0]

    def types(self, sql: str, *, what: str = "") -> dict[str, str]:
        """The columns of a query and their types; nothing is run."""
        return {str(row[0]): str(row[1]) for row in self.run(f"describe {sql}", what=what)}

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

    def retire(self, table: str) -> None:
        """Take a table away before the next query; may be called from anywhere, as when an object is collected."""
        self._retired.append(table)

    def fresh(self, stem: str) -> str:
        """A name that nothing in this engine has."""
        return f"{stem}_{next(self._names)}"

    @contextmanager
    def in_file_order(self) -> Iterator[None]:
        """While reading a file that numbers no rows: they stay in the order in which they lie there."""
        self.run("set preserve_insertion_order = true")
        try:
            yield
        finally:
            self.run("set preserve_insertion_order = false")

    # ---- watching ------------------------------------------------------------------------------------

    @contextmanager
    def watched(self, hooks: Hooks) -> Iterator[None]:
        """Let somebody else watch for a while."""
        before, self.hooks = self.hooks, hooks
        try:
            yield
        finally:
            self.hooks = before

    def interrupt(self) -> None:
        """Stop the query that runs now; may be called from any thread."""
        self._connection.interrupt()

    def _watched_run(self, work: Callable[[], T], what: str) -> T:
        """Do `work` in a thread of its own: DuckDB hears no keyboard interrupt, and the caller is to see progress."""
        with self._lock:
            self._look(what, 0.0)
            while self._retired:
                self._connection.execute(f"drop table if exists {self._retired.popleft()}")
            outcome: list[T] = []
            failure: list[BaseException] = []
            done = threading.Event()

            def go() -> None:
                try:
                    outcome.append(work())
                except BaseException as error:  # handed over to the thread that waits
                    failure.append(error)
                finally:
                    done.set()

            thread = threading.Thread(target=go, name="crmwidget-query", daemon=True)
            thread.start()
            try:
                while not done.wait(BREATH_S):
                    self._look(what, max(0.0, self._connection.query_progress() / 100))
            except BaseException:
                while not done.wait(BREATH_S):  # an interrupt before the query has begun is lost, so it is repeated
                    self._connection.interrupt()
                raise
            finally:
                thread.join()
            if failure:
                raise _told(failure[0], what) from None
            self._look(what, 1.0)
            return outcome[0]

    def _look(self, what: str, share: float) -> None:
        if self.hooks.cancelled is not None and self.hooks.cancelled():
            raise CancelledError(f"{what or 'The work'} was stopped; what was there before is as it was.")
        if self.hooks.progress is not None and what:
            self.hooks.progress(min(1.0, share), what)


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A plain value as SQL has it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def _told(error: BaseException, what: str) -> BaseException:
    """What to raise in place of an error of the engine, whose message may hold values of rows."""
    import duckdb

    did = what or "The work"
    if isinstance(error, duckdb.InterruptException):
        return CancelledError(f"{did} was stopped; what was there before is as it was.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return DataError(f"{did} needs more memory than it may have: give memory_limit= more, such as '4GB'.")
    telling = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException, duckdb.IOException)
    if isinstance(error, telling):
        return DataError(f"{did} failed: the data could not be read as expected ({type(error).__name__}).")
    return error


def _close(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)
