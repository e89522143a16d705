"""A table behind a SQLAlchemy engine, streamed into the embedded engine in blocks."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import quoted
from crmwidget.data.event_source import Source
from crmwidget.errors import DataError, MissingExtraError, nearest, shorten

__all__ = ["connected", "duckdb_type", "find_table", "open_table"]

BLOCK = 50_000  # rows at a time


def open_table(engine: DuckDBEngine, data: Any, table: str | None, columns: dict[str, str]) -> Source:
    """The needed columns of one table, in the order in which the database gives them: a table has none of its own.

    Raises
    ------
    DataError
        No table is named, there is no such table or column, or `data` is no engine or connection.
    """
    import sqlalchemy as sa

    schema, bare, types = find_table(data, table, columns)
    target = engine.fresh("table")
    chosen = {name: duckdb_type(types[name]) for name in columns}
    typed = ", ".join(f"{quoted(name)} {dtype}" for name, dtype in chosen.items())
    engine.run(f"create table {target} (row_no bigint, {typed})")
    query = sa.select(*(sa.column(name, types[name]) for name in columns)).select_from(
        sa.table(bare, schema=schema or None)
    )
    with data.connect().execution_options(stream_results=True) as connection:
        n = 0
        for block in connection.execute(query).partitions(BLOCK):
            frame = pd.DataFrame([tuple(row) for row in block], columns=list(columns))
            frame = frame.assign(row_no=range(n, n + len(frame)))
            name = engine.register(frame)
            casts = ", ".join(f"cast({quoted(column)} as {dtype})" for column, dtype in chosen.items())
            engine.run(f"insert into {target} select row_no, {casts} from {name}", what="Reading the table")
            engine.forget(name)
            n += len(frame)
    return Source(target, chosen, "row_no", lambda: engine.drop(target))


def connected(data: object) -> object:
    """A SQLAlchemy engine in place of the URL of a database; anything else as it is.

    Raises
    ------
    MissingExtraError
        SQLAlchemy or its driver for the database is not installed.
    DataError
        It only begins like a URL.

    Examples
    --------
    >>> connected("sqlite://")
    Engine(sqlite://)
    >>> connected("moves.csv")
    'moves.csv'
    """
    scheme = re.match(r"([A-Za-z]\w*)(\+\w+)?://", data) if isinstance(data, str) else None
    if not isinstance(data, str) or scheme is None:
        return data
    is_postgres = scheme[1] in ("postgres", "postgresql")
    try:
        import sqlalchemy as sa

        url = sa.make_url(data)
        return sa.create_engine(url.set(drivername="postgresql+psycopg") if is_postgres and not scheme[2] else url)
    except ImportError as error:
        package = error.name or "a package of it"
        if not is_postgres:
            raise MissingExtraError(f"A table of {scheme[1]} needs its driver: {package} is not installed.") from None
        raise MissingExtraError(
            f"A table of PostgreSQL needs the extra 'postgres' ({package} is not installed): "
            "pip install 'crmwidget[postgres]'."
        ) from None
    except sa.exc.NoSuchModuleError:
        raise DataError(
            f"Nothing is known of {scheme[0]} that a table could be read from: give the URL of a database, such as "
            "postgresql://user@host/database, with table=, or the path of a file on this machine."
        ) from None
    except sa.exc.ArgumentError:
        raise DataError(
            f"The URL of a database is like {'postgresql' if is_postgres else scheme[1]}://user@host/database; this "
            "one is not."
        ) from None


def find_table(data: Any, table: str | None, columns: dict[str, str]) -> tuple[str | None, str, dict[str, Any]]:
    """The schema and the name of a table or view, and the types of its columns, as SQLAlchemy has them.

    Raises
    ------
    DataError
        No table is named, there is no such table or column, or `data` is no engine.
    """
    import sqlalchemy as sa

    if not isinstance(data, sa.Engine):
        raise DataError(f"An engine of SQLAlchemy is needed, from create_engine(…); given {type(data).__name__}.")
    inspector = sa.inspect(data)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    if table is None:
        raise DataError(f"Say which table of the database: table=…; {nearest('', names, noun='tables')}.")
    if not isinstance(table, str):
        raise DataError(f"table= is the name of a table, as text; given {shorten(table)}.")
    schema, _, bare = table.rpartition(".")
    if schema:
        names = [*inspector.get_table_names(schema=schema), *inspector.get_view_names(schema=schema)]
    if bare not in names and not inspector.has_table(bare, schema=schema or None):  # a view that is kept, say
        raise DataError(f"There is no table {shorten(table)}; {nearest(bare, names, noun='tables')}.")
    types = {str(column["name"]): column["type"] for column in inspector.get_columns(bare, schema=schema or None)}
    for name, role in columns.items():
        if name not in types:
            raise DataError(f"There is no {role} {shorten(name)}; {nearest(name, types, noun='columns')}.")
    return schema or None, bare, types


def duckdb_type(dtype: Any) -> str:
    """The embedded engine's type for one of SQLAlchemy's.

    Examples
    --------
    >>> import sqlalchemy as sa
    >>> duckdb_type(sa.DateTime(timezone=True)), duckdb_type(sa.Double()), duckdb_type(sa.Uuid())
    ('TIMESTAMP WITH TIME ZONE', 'DOUBLE', 'VARCHAR')
    """
    import sqlalchemy as sa

    if isinstance(dtype, sa.DateTime):
        return "TIMESTAMP WITH TIME ZONE" if dtype.timezone else "TIMESTAMP"
    for kind, name in (
        (sa.Date, "DATE"),
        (sa.Boolean, "BOOLEAN"),
        (sa.Integer, "BIGINT"),
        (sa.Numeric, "DOUBLE"),
        (sa.Float, "DOUBLE"),  # no longer a Numeric from SQLAlchemy 2.1 on
    ):
        if isinstance(dtype, kind):
            return name
    return "VARCHAR"
