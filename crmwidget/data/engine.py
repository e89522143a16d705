"""Where an event log is kept and asked: what every engine can do, and how the caller watches and stops it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar, TypeVar

from crmwidget.data.dialects import Dialect
from crmwidget.errors import CancelledError

__all__ = ["MEMORY_LIMIT", "Engine", "Hooks", "literal", "quoted", "stopped"]

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


class Engine(ABC):
    """Tables of one event log and of all that is filtered from it, asked in DuckDB's dialect of SQL.

    Attributes
    ----------
    dialect
        What the engine itself speaks.
    hooks
        Who watches and may stop it; see `watched` for a while only.
    fetched_rows
        How many rows have come from the engine's tables to this process so far.
    """

    dialect: ClassVar[Dialect]

    def __init__(self, hooks: Hooks | None = None) -> None:
        self.hooks = hooks or Hooks()
        self.fetched_rows = 0
        self._lock = threading.RLock()
        self._names = count(1)
        self._retired: deque[str] = deque()

    # ---- asking --------------------------------------------------------------------------------------

    @abstractmethod
    def run(self, sql: str, *, what: str = "") -> list[tuple[Any, ...]]:
        """Run one statement and give its rows.

        Raises
        ------
        CancelledError
            It was stopped by `interrupt()` or a hook; tables that were there before are as they were.
        DataError
            A value could not be read, or the engine could not do it; the message names no value.
        """

    @abstractmethod
    def arrays(self, sql: str, *, what: str = "") -> dict[str, Any]:
        """Run one query and give its columns as numpy arrays, masked where values are missing."""

    def one(self, sql: str, *, what: str = "") -> tuple[Any, ...]:
        """The only row of a query."""
        return self.run(sql, what=what)[0]

    # ---- tables --------------------------------------------------------------------------------------

    @abstractmethod
    def create(self, table: str, query: str, *, what: str = "") -> None:
        """Keep what a query gives, worked out once, as a table that goes away with the engine."""

    @abstractmethod
    def replace(self, table: str, query: str) -> None:
        """Keep what a query on a table gives in that table's place."""

    @abstractmethod
    def put(self, table: str, columns: Mapping[str, Any], types: Mapping[str, str]) -> None:
        """Make a small table of values from here."""

    @abstractmethod
    def drop(self, table: str) -> None:
        """Take a table away."""

    def retire(self, table: str) -> None:
        """Take a table away before the next query; may be called from anywhere, as when an object is collected."""
        self._retired.append(table)

    def fresh(self, stem: str) -> str:
        """A name that nothing in this engine has."""
        return f"{stem}_{next(self._names)}"

    def snapshot(self) -> AbstractContextManager[object]:
        """While in this block, every query sees the source as it was at its beginning."""
        return nullcontext()

    # ---- what each engine says in its own way -------------------------------------------------------

    @abstractmethod
    def hashed(self, text: str, salt: int) -> str:
        """A text (SQL) as a whole number of 63 bits (SQL), another one with each salt."""

    @abstractmethod
    def micros(self, column: str, dtype: str) -> str:
        """A column of times (SQL) as microseconds since 1970 (SQL): of UTC, or local where it names no zone."""

    # ---- watching ------------------------------------------------------------------------------------

    @contextmanager
    def watched(self, hooks: Hooks) -> Iterator[None]:
        """Let somebody else watch for a while."""
        before, self.hooks = self.hooks, hooks
        try:
            yield
        finally:
            self.hooks = before

    @abstractmethod
    def interrupt(self) -> None:
        """Stop the query that runs now; may be called from any thread."""

    def _share(self) -> float:
        """How much of the running query is done, 0 to 1, where the engine knows."""
        return 0.0

    @abstractmethod
    def _drop_now(self, table: str) -> None:
        """Take a table away, without being watched."""

    @abstractmethod
    def _told(self, error: BaseException, what: str) -> BaseException:
        """What to raise in place of an error of the engine, whose message may hold values of rows."""

    def _watched_run(self, work: Callable[[], T], what: str) -> T:
        """Do `work` in a thread of its own: no engine hears a keyboard interrupt, and the caller is to see progress."""
        with self._lock:
            self._look(what, 0.0)
            while self._retired:
                self._drop_now(self._retired.popleft())
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
                    self._look(what, self._share())
            except BaseException:
                while not done.wait(BREATH_S):  # an interrupt before the query has begun is lost, so it is repeated
                    self.interrupt()
                raise
            finally:
                thread.join()
            if failure:
                raise self._told(failure[0], what) from None
            self._look(what, 1.0)
            return outcome[0]

    def _look(self, what: str, share: float) -> None:
        if self.hooks.cancelled is not None and self.hooks.cancelled():
            raise stopped(what)
        if self.hooks.progress is not None and what:
            self.hooks.progress(min(1.0, share), what)


def stopped(what: str) -> CancelledError:
    """What is raised when work was stopped."""
    return CancelledError(f"{what or 'The work'} was stopped; what was there before is as it was.")


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
