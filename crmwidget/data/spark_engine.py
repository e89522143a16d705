"""Spark: the log is encoded there, kept by the executors as temporary views, and asked there."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from crmwidget.data.dialects import Dialect
from crmwidget.data.engine import Hooks, stopped
from crmwidget.data.event_source import Source
from crmwidget.data.remote_engine import Answer, RemoteEngine
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["SparkEngine", "duckdb_type_of_spark"]

_TYPES = {
    "string": "VARCHAR",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
}


class SparkEngine(RemoteEngine):
    """Temporary views in the session of a Spark frame, taken away when the log is let go.

    No setting of the session is changed, and none matters: times are told apart by their type, not by its zone.

    Parameters
    ----------
    frame
        A frame of PySpark.
    hooks
        Who watches and may stop it.
    """

    dialect: ClassVar[Dialect] = "spark"

    def __init__(self, frame: Any, *, hooks: Hooks | None = None) -> None:
        super().__init__(hooks)
        self._frame, self._session = frame, frame.sparkSession
        # A session's tags are those of one thread, so none can stop what another has begun: a context's can. Far away
        # (Spark Connect) there is no context, and the session's tags are the whole session's.
        self._context = getattr(self._session, "sparkContext", None)
        self._kept: dict[str, Any] = {}
        self._finalize = weakref.finalize(self, _forget_all, self._session, self._kept)
        self._finalize.atexit = False  # then the session goes, and all with it

    def open(self, columns: dict[str, str]) -> Source:
        """The needed columns of the frame, worked out once: a lazy frame may give other rows each time.

        Raises
        ------
        DataError
            There is no such column.
        """
        from pyspark.sql import functions

        given = dict(self._frame.dtypes)
        for name, role in columns.items():
            if name not in given:
                raise DataError(f"There is no {role} {shorten(name)}; {nearest(name, given, noun='columns')}.")
        types = {name: duckdb_type_of_spark(given[name]) for name in columns}
        chosen = []
        for name in columns:
            column = functions.col(f"`{name.replace('`', '``')}`")
            is_told = types[name] != "VARCHAR" or given[name] == "string"
            chosen.append(column if is_told else column.cast("string").alias(name))
        there = self._called("source")
        self._stoppable(lambda: self._keep_frame(there, self._frame.select(*chosen)), "Reading the table")
        self._tables["source"] = there
        del self._frame
        return Source("source", types, "0", lambda: self.drop("source"), has_row_order=False)

    def put(self, table: str, columns: Mapping[str, Any], types: Mapping[str, str]) -> None:
        """Make a small table of values from here."""
        rows = [
            tuple(value.item() if hasattr(value, "item") else value for value in row)
            for row in zip(*columns.values(), strict=True)
        ]
        said = {"varchar": "string", "integer": "int"}
        schema = ", ".join(f"{name} {said.get(dtype, dtype)}" for name, dtype in types.items())
        there = self._called(table)

        def work() -> None:
            self._keep_frame(there, self._session.createDataFrame(rows, schema))

        self._stoppable(work, "")
        self._tables[table] = there

    def hashed(self, text: str, salt: int) -> str:
        """A text (SQL) as a whole number of 63 bits (SQL)."""
        return f"cast(xxhash64({text}, {salt}) & 9223372036854775807 as bigint)"

    def micros(self, column: str, dtype: str) -> str:
        """A column of times (SQL) as microseconds since 1970 (SQL)."""
        if dtype == "TIMESTAMP WITH TIME ZONE":
            return f"unix_micros({column})"
        # by way of its text: everything else reads a time without a zone in that of the session
        behind = " 00:00:00+00:00" if dtype == "DATE" else "+00:00"
        return f"unix_micros(cast(cast({column} as varchar) || '{behind}' as timestamptz))"

    # ---- the session ---------------------------------------------------------------------------------

    def _ask(self, sql: str) -> Answer:
        with self._tagged():
            frame = self._session.sql(sql)
            return list(frame.columns), [tuple(row) for row in frame.collect()]

    def _keep(self, table: str, sql: str) -> None:
        self._keep_frame(table, self._session.sql(sql))

    def _keep_frame(self, table: str, frame: Any) -> None:
        from pyspark import StorageLevel

        kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            with self._tagged():
                kept.write.format("noop").mode("overwrite").save()  # worked out now, and no row comes here
        except BaseException:
            kept.unpersist()
            raise
        kept.createOrReplaceTempView(table)
        self._kept[table] = kept

    def _forget(self, table: str) -> None:
        self._session.catalog.dropTempView(table)
        self._kept.pop(table).unpersist()

    @property
    def _tag(self) -> str:
        return self._prefix.rstrip("_")

    @contextmanager
    def _tagged(self) -> Iterator[None]:
        """What this thread has Spark do within the block can be stopped from another thread."""
        session, context = self._session, self._context
        (session.addTag if context is None else context.addJobTag)(self._tag)
        try:
            yield
        finally:
            (session.removeTag if context is None else context.removeJobTag)(self._tag)

    def _stop(self) -> None:
        if self._context is None:
            self._session.interruptTag(self._tag)
        else:
            self._context.cancelJobsWithTag(self._tag)

    def _told(self, error: BaseException, what: str) -> BaseException:
        if self._is_stopped:
            return stopped(what)
        if not type(error).__module__.startswith(("pyspark", "py4j")):
            return error
        condition = error.getCondition() if hasattr(error, "getCondition") else None
        return DataError(f"{what or 'The work'} failed on Spark ({condition or type(error).__name__}).")


def duckdb_type_of_spark(dtype: str) -> str:
    """The embedded engine's name for one of Spark's types; what it has no name for is read as text.

    Examples
    --------
    >>> duckdb_type_of_spark("timestamp_ntz"), duckdb_type_of_spark("decimal(9,2)"), duckdb_type_of_spark("array<int>")
    ('TIMESTAMP', 'DOUBLE', 'VARCHAR')
    """
    return "DOUBLE" if dtype.startswith("decimal") else _TYPES.get(dtype, "VARCHAR")


def _forget_all(session: Any, kept: dict[str, Any]) -> None:
    """In a thread of its own: this may be called in the midst of another call to Spark, on the same line to it."""

    def go() -> None:
        for table, frame in list(kept.items()):
            with suppress(Exception):  # the session may be stopped already
                session.catalog.dropTempView(table)
                frame.unpersist()

    with suppress(RuntimeError):  # the interpreter is going, and so is the session
        threading.Thread(target=go, name="crmwidget-letting-go", daemon=True).start()
