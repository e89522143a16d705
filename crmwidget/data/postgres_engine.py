"""A PostgreSQL server: the log is encoded there, in temporary tables of one connection, and asked there."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from crmwidget.data.dialects import Dialect
from crmwidget.data.engine import Hooks, quoted, stopped
from crmwidget.data.event_source import Source
from crmwidget.data.remote_engine import Answer, RemoteEngine
from crmwidget.data.sql_source import duckdb_type, find_table
from crmwidget.errors import DataError

__all__ = ["PostgresEngine"]

_MAY_NOT = {"42501", "25006"}  # no right to make temporary tables; a server that only reads
_LOST = {"08000", "08003", "08006", "57P01", "57P02", "57P03"}


class PostgresEngine(RemoteEngine):
    """A connection of its own to a PostgreSQL, closed when the log is let go.

    Parameters
    ----------
    server
        A SQLAlchemy engine. Its user needs the right to read the table, and that of making temporary tables
        (`TEMPORARY` on the database, which everybody has unless it was taken away). A pooler between has to pool
        sessions.
    hooks
        Who watches and may stop it.

    Raises
    ------
    DataError
        The server does not answer.
    """

    dialect: ClassVar[Dialect] = "postgres"

    def __init__(self, server: Any, *, hooks: Hooks | None = None) -> None:
        import sqlalchemy as sa

        super().__init__(hooks)
        self._server = server
        try:
            # without parameters, so that the % of a remainder is no placeholder
            options = {"isolation_level": "AUTOCOMMIT", "no_parameters": True}
            self._connection = server.connect().execution_options(**options)
            self._driver = self._connection.connection.driver_connection  # it alone can stop what runs
            self._connection.detach()  # not back to the pool: temporary tables go when it is closed
        except sa.exc.DBAPIError as error:
            raise self._told(error, "Connecting") from None
        self._finalize = weakref.finalize(self, _close, self._connection)

    def open(self, table: str | None, columns: dict[str, str]) -> Source:
        """The needed columns of one table, as a temporary view: nothing is read.

        Raises
        ------
        DataError
            No table is named, there is no such table or column.
        """
        schema, bare, found = find_table(self._server, table, columns)
        types = {name: duckdb_type(found[name]) for name in columns}
        # texts are compared byte by byte, as everywhere else, whatever the language of the database
        chosen = [
            f'cast({quoted(name)} as text) collate "C" as {quoted(name)}' if types[name] == "VARCHAR" else quoted(name)
            for name in columns
        ]
        there, from_table = self._called("source"), ".".join(quoted(part) for part in (schema, bare) if part)
        view = f"create temporary view {there} as select {', '.join(chosen)} from {from_table}"
        self._stoppable(lambda: self._ask(view), "Looking into the table")
        self._tables["source"] = there

        def close() -> None:
            del self._tables["source"]
            self._directly(lambda: self._ask(f"drop view if exists {there}"))

        return Source("source", types, "0", close, has_row_order=False)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """While in this block, every query sees the table as it was at its beginning."""
        self._stoppable(lambda: self._ask("begin transaction isolation level repeatable read"), "")
        try:
            yield
        except BaseException:
            with suppress(DataError):  # why it failed is said already
                self._directly(lambda: self._ask("rollback"))
            raise
        self._stoppable(lambda: self._ask("commit"), "")

    def put(self, table: str, columns: Mapping[str, Any], types: Mapping[str, str]) -> None:
        """Make a small table of values from here."""
        import sqlalchemy as sa

        kinds: dict[str, Any] = {"varchar": sa.Text(), "smallint": sa.SmallInteger(), "integer": sa.Integer()}
        there = self._called(table)
        made = sa.Table(
            there,
            sa.MetaData(),
            *(sa.Column(name, kinds.get(dtype, sa.BigInteger())) for name, dtype in types.items()),
            prefixes=["TEMPORARY"],
        )
        rows = [
            {name: value.item() if hasattr(value, "item") else value for name, value in zip(columns, row, strict=True)}
            for row in zip(*columns.values(), strict=True)
        ]

        def work() -> None:
            self._connection.execute(sa.schema.CreateTable(made))
            if rows:
                self._connection.execute(sa.insert(made), rows, execution_options={"no_parameters": False})
            self._ask(f"analyze {there}")

        self._stoppable(work, "")
        self._tables[table] = there

    def hashed(self, text: str, salt: int) -> str:
        """A text (SQL) as a whole number of 63 bits (SQL)."""
        return f"cast(hashtextextended({text}, {salt}) & 9223372036854775807 as bigint)"

    def micros(self, column: str, dtype: str) -> str:
        """A column of times (SQL) as microseconds since 1970 (SQL); infinity is no time."""
        moment = column if "TIME ZONE" in dtype else f"cast({column} as timestamp)"
        return f"case when isfinite({moment}) then cast(extract(epoch from {moment}) * 1000000 as bigint) end"

    # ---- the connection ------------------------------------------------------------------------------

    def _ask(self, sql: str) -> Answer:
        result = self._connection.exec_driver_sql(sql)
        if not result.returns_rows:
            return [], []
        return list(result.keys()), [tuple(row) for row in result]

    def _keep(self, table: str, sql: str) -> None:
        self._ask(f"create temporary table {table} as {sql}")
        self._ask(f"analyze {table}")  # nobody else does it for a temporary table, and joins are planned by it

    def _forget(self, table: str) -> None:
        self._ask(f"drop table if exists {table}")

    def _stop(self) -> None:
        cancel = getattr(self._driver, "cancel_safe", None) or getattr(self._driver, "cancel", None)
        if cancel is not None:
            cancel()

    def _told(self, error: BaseException, what: str) -> BaseException:
        import sqlalchemy as sa

        if self._is_stopped:
            return stopped(what)
        if not isinstance(error, sa.exc.SQLAlchemyError):
            return error
        cause = getattr(error, "orig", None) or error
        state, did = getattr(cause, "sqlstate", None), what or "The work"
        if state in _MAY_NOT:
            return DataError(
                f"{did} failed: on this server the user may not read the table or make temporary tables "
                f"({type(cause).__name__}). Have that allowed, or have the rows fetched, with engine='duckdb'."
            )
        if state in _LOST or getattr(error, "connection_invalidated", False):
            return DataError(f"{did} failed: the connection to the server is lost. Make the log anew.")
        return DataError(f"{did} failed on the server ({type(cause).__name__}).")


def _close(connection: Any) -> None:
    with suppress(Exception):  # the server may be gone already
        connection.close()
