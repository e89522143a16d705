"""Which engine a log is kept and asked in: where its rows lie, if that is one, else the embedded one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias, get_args

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import Engine, Hooks
from crmwidget.data.event_source import Source, open_source
from crmwidget.data.sql_source import connected
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["EngineChoice", "reading"]

EngineChoice: TypeAlias = Literal["duckdb", "postgres", "spark"]


@contextmanager
def reading(
    data: object,
    columns: dict[str, str],
    *,
    engine: EngineChoice | None,
    table: str | None,
    text: Sequence[str],
    memory_limit: str,
    hooks: Hooks,
) -> Iterator[tuple[Engine, Source]]:
    """An engine in which `data` can be read, as it is at the beginning of the block.

    Parameters
    ----------
    engine
        None for where the rows lie; `"duckdb"` fetches them. Another one has to be where they lie.

    Others are as for `open_source`.

    Raises
    ------
    DataError
        There is no such engine, or the rows do not lie there; or as for `open_source`.
    MissingExtraError
        The packages that talk to the server are not installed.
    """
    if engine is not None and engine not in get_args(EngineChoice):
        raise DataError(f"engine={shorten(engine)} is unknown; {nearest(engine, get_args(EngineChoice))}.")
    data = connected(data)
    lies_in = _lies_in(data)
    if engine not in (None, "duckdb", lies_in):
        place = f"{shorten(type(data).__name__)} is read by engine={lies_in!r}"
        raise DataError(f"engine={engine!r} asks rows that lie there; {place}.")
    where: Engine
    if engine == "duckdb" or lies_in == "duckdb":
        where = local = DuckDBEngine(memory_limit=memory_limit, hooks=hooks)
        source = open_source(local, data, columns, table=table, text=text)
    elif lies_in == "postgres":
        from crmwidget.data.postgres_engine import PostgresEngine

        where = postgres = PostgresEngine(data, hooks=hooks)
        source = postgres.open(table, columns)
    else:
        from crmwidget.data.spark_engine import SparkEngine

        if table is not None:
            raise DataError(f"table={shorten(table)} goes with a SQLAlchemy engine; given a Spark frame.")
        where = spark = SparkEngine(data, hooks=hooks)
        source = spark.open(columns)
    try:
        with where.snapshot():
            yield where, source
    finally:
        source.close()


def _lies_in(data: Any) -> EngineChoice:
    module = type(data).__module__
    if module.partition(".")[0] == "sqlalchemy" and hasattr(data, "dialect") and data.dialect.name == "postgresql":
        return "postgres"
    if module.startswith("pyspark.sql") and hasattr(data, "createOrReplaceTempView"):
        return "spark"
    return "duckdb"
