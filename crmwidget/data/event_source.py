"""Whatever holds events comes in at one door: a frame, a lazy or remote table, a file; SQL can read it from then on."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import literal, quoted
from crmwidget.data.frames import Frame, cell_text, cure, is_missing, read_frame, type_counts
from crmwidget.data.numerals import number_text
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Source", "columns_in", "open_source"]

CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
PARQUET_ENDINGS = (".parquet", ".pq")
XES_ENDINGS = (".xes", ".xes.gz")
_READABLE = (
    "a pandas or Polars frame, an Arrow table, a DuckDB relation, an Ibis table, a Spark frame, a SQLAlchemy engine or "
    "the URL of a database with table=, or the path of a CSV, Parquet or XES file"
)
_NAMING = {"case column", "activity column"}
_NUMBERS = {"int", "float", "Decimal", "int64", "int32", "float64"}


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that SQL can read.

    Attributes
    ----------
    sql
        What stands behind FROM.
    types
        Column → its DuckDB type, for the columns that were asked for.
    row
        The number of a row in its file or frame, as SQL; 0 where rows have no order.
    close
        Lets go of what was opened for reading.
    notes
        What was found while reading: kind, number of events, number of cases, sentence.
    has_row_order
        Whether its rows have an order, as those of a frame and a file do, and those of a table on a server do not.
    """

    sql: str
    types: dict[str, str]
    row: str
    close: Callable[[], None] = lambda: None
    notes: tuple[tuple[str, int | None, int | None, str], ...] = ()
    has_row_order: bool = True

    def check(self, column: str, role: str) -> str:
        """The column as SQL, or a `DataError` with the nearest name."""
        if column not in self.types:
            raise DataError(f"There is no {role} {shorten(column)}; {nearest(column, self.types, noun='columns')}.")
        return quoted(column)


def open_source(
    engine: DuckDBEngine, data: object, columns: dict[str, str], *, table: str | None = None, text: Sequence[str] = ()
) -> Source:
    """Make `data` readable.

    Parameters
    ----------
    data
        A frame that narwhals reads, a DuckDB relation, an Ibis table, a Spark frame, a SQLAlchemy engine or the URL of
        a database (with `table`), or the path of a CSV, Parquet or XES file.
    columns
        The columns that are needed, each with what it is for; only these are read.
    text
        Columns of a CSV file that are read as the text they are: ids keep their zeros, dates are not guessed.

    Raises
    ------
    DataError
        It is none of these, there is no such file or column, or a column cannot be read.
    """
    from crmwidget.data.sql_source import connected, open_table

    data = connected(data)
    if isinstance(data, str | os.PathLike):
        return _open_file(engine, Path(data).expanduser(), columns, text)
    module = type(data).__module__.partition(".")[0]
    if module == "sqlalchemy":
        return open_table(engine, data, table, columns)
    if module == "pyarrow" and hasattr(data, "__arrow_c_stream__"):
        import pyarrow as pa

        data = pa.table(data)  # a stream of batches, which can be read once
    is_duckdb = module in {"duckdb", "_duckdb"}
    if not (is_duckdb or _is_frame(data)) or type(data).__name__ == "DuckDBPyConnection":
        way_out = "; connection.table(…) is a relation of it" if is_duckdb else cure(data)
        raise DataError(f"An event log is read from {_READABLE}; given {type(data).__name__}{way_out}.")
    if table is not None:
        raise DataError(f"table={shorten(table)} goes with a SQLAlchemy engine; given {type(data).__name__}.")
    if is_duckdb and hasattr(data, "to_parquet"):
        return _open_relation(engine, data, columns)
    return _open_frame(engine, _needed(data, columns))


# ---- files -----------------------------------------------------------------------------------------------


def _open_file(engine: DuckDBEngine, path: Path, columns: dict[str, str], text: Sequence[str]) -> Source:
    name = _checked_file(path)
    if name.endswith(PARQUET_ENDINGS):
        return _parquet(engine, path, columns)
    if name.endswith(CSV_ENDINGS):
        return _open_csv(engine, path, columns, text)
    from crmwidget.data.xes import open_xes

    return open_xes(engine, path, columns)


def columns_in(path: Path) -> list[str]:
    """The columns of a CSV or Parquet file of events, in their order; those of an XES file are known.

    Raises
    ------
    DataError
        There is no such file, or it cannot be read.
    """
    name = _checked_file(path)
    if name.endswith(XES_ENDINGS):
        from crmwidget.data.xes import XES_COLUMNS

        return list(XES_COLUMNS.values())
    engine = DuckDBEngine()
    is_parquet = name.endswith(PARQUET_ENDINGS)
    read = f"read_parquet({literal(str(path))})" if is_parquet else f"{_csv_sql(path)})"
    with _said(f"{path.name!r} cannot be read as Parquet." if is_parquet else f"{path.name!r} cannot be read as CSV."):
        return list(engine.types(f"select * from {read}", what="Looking into the file"))


def _checked_file(path: Path) -> str:
    """The name of a file that is there and may hold events, in lower case."""
    name = path.name.lower()
    if not name.endswith((*CSV_ENDINGS, *PARQUET_ENDINGS, *XES_ENDINGS)):
        allowed = ", ".join((*CSV_ENDINGS[:3], *PARQUET_ENDINGS[:1], *XES_ENDINGS))
        raise DataError(f"A file of events ends in one of {allowed} (.csv and .xes also gzipped); given {path.name!r}.")
    if not path.is_file():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(f"There is no file {str(path)!r}; {nearest(path.name, sorted(beside), noun='files there')}.")
    if not path.stat().st_size:
        raise DataError(f"The file {path.name!r} is empty.")
    return name


def _csv_sql(path: Path) -> str:
    """How a CSV file is read, without its last bracket: the names are in the first line, whatever it holds."""
    return f"read_csv({literal(str(path))}, header = true, skip = 0"


def _parquet(
    engine: DuckDBEngine, path: Path, columns: dict[str, str], close: Callable[[], None] = lambda: None
) -> Source:
    read = f"read_parquet({literal(str(path))}, file_row_number = true)"
    with _said(f"{path.name!r} cannot be read as Parquet."):
        types = engine.types(f"select * from {read}", what="Looking into the file")
    _check(columns, [name for name in types if name != "file_row_number"])
    return Source(read, {name: types[name] for name in columns}, "file_row_number", close)


def _open_csv(engine: DuckDBEngine, path: Path, columns: dict[str, str], text: Sequence[str]) -> Source:
    """The needed columns, rewritten once as Parquet: that numbers its rows, and is read again at little cost."""
    read = _csv_sql(path)
    wanted = "Its names are in the first line, every line has as many columns, and it is written in UTF-8."
    with _said(f"{path.name!r} cannot be read as CSV. {wanted}"):
        found = engine.types(f"select * from {read})", what="Looking into the file")
    _check(columns, found)
    as_text = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns if name in text)
    typed = f"{read}, types = {{{as_text}}})" if as_text else f"{read})"
    with _said(f"{path.name!r} cannot be read as CSV to its end. {wanted}"):
        return _rewritten(engine, f"select {', '.join(map(quoted, columns))} from {typed}", columns)


@contextmanager
def _said(sentence: str) -> Iterator[None]:
    """Say what is expected of a file, in place of the engine's own words."""
    try:
        yield
    except DataError as error:
        if "memory_limit" in str(error):
            raise
        raise DataError(sentence) from None


def _rewritten(engine: DuckDBEngine, query: str, columns: dict[str, str]) -> Source:
    target = engine.folder / f"{engine.fresh('source')}.parquet"
    with engine.in_file_order():
        engine.run(f"copy ({query}) to {literal(str(target))} (format parquet)", what="Reading the file")
    return _parquet(engine, target, columns, lambda: target.unlink(missing_ok=True))


def _open_relation(engine: DuckDBEngine, relation: Any, columns: dict[str, str]) -> Source:
    """A relation of another DuckDB: it is run once, by its own connection, into a file."""
    import duckdb

    target = engine.folder / f"{engine.fresh('source')}.parquet"
    try:
        types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        _check(columns, types)
        chosen = [duckdb.ColumnExpression(name) for name in columns]
        for at, (name, role) in enumerate(columns.items()):
            if "HUGEINT" in types[name] and role in _NAMING:  # Parquet would round it: two cases would be one
                chosen[at] = chosen[at].cast("VARCHAR").alias(name)
        relation.select(*chosen).to_parquet(str(target))
    except duckdb.Error as error:
        raise DataError(f"The DuckDB relation could not be read ({type(error).__name__}).") from None
    return _parquet(engine, target, columns, lambda: target.unlink(missing_ok=True))


# ---- frames ----------------------------------------------------------------------------------------------


def _is_frame(data: Any) -> bool:
    if isinstance(data, nw.DataFrame | nw.LazyFrame):
        return True
    try:
        return isinstance(nw.from_native(data, pass_through=True), nw.DataFrame | nw.LazyFrame)
    except Exception:  # a frame with something wrong in it, which is said where it is read
        return True


def _needed(data: object, columns: dict[str, str]) -> Frame:
    """The needed columns of any frame; a lazy or remote one is asked for these alone."""
    frame: Any = None
    if not isinstance(data, nw.DataFrame | nw.LazyFrame):
        try:
            frame = nw.from_native(data)
        except Exception:  # what is wrong with it is said by the door for tables
            frame = None
    lazy = data if isinstance(data, nw.LazyFrame) else frame
    if isinstance(lazy, nw.LazyFrame):
        try:
            there = lazy.collect_schema().names()
        except Exception as error:  # of the plan, whichever library's it is
            raise DataError(
                f"The lazy table cannot be read ({type(error).__name__}); collect it yourself to see why."
            ) from error
        _check(columns, there)
        return _collected(lazy.select(*columns))
    table = read_frame(data)
    _check(columns, table.columns)
    return table.select(*columns)


def _collected(lazy: nw.LazyFrame[Any]) -> Frame:
    try:
        return lazy.collect()
    except Exception as first:  # the way by Arrow is not open everywhere
        native: Any = lazy.to_native()
        for method in ("toPandas", "to_pandas", "execute"):
            if hasattr(native, method):
                try:
                    return read_frame(getattr(native, method)())
                except Exception:
                    continue
        raise DataError(
            f"The lazy table could not be collected ({type(first).__name__}); collect it yourself and give the result."
        ) from first


def _open_frame(engine: DuckDBEngine, frame: Frame) -> Source:
    columns = list(frame.columns)
    row = next(name for name in ("row", "row_", "row__") if name not in columns)
    plain = [_plain(frame[name]).alias(name) for name in columns if frame[name].dtype == nw.Object]
    number = np.arange(len(frame), dtype="int32" if len(frame) < 2**31 else "int64")  # half as much to hold
    numbered = frame.with_columns(*plain, nw.new_series(row, number, backend=frame.implementation))
    if not (numbered.implementation.is_pandas() or numbered.implementation.is_polars()):
        native: Any = numbered.to_native() if numbered.implementation.is_pyarrow() else numbered.to_pandas()
    else:
        native = numbered.to_native()
    import duckdb

    try:
        name = engine.register(native)
    except Exception as error:  # whatever its kind of frame makes of a column
        raise _odd_column(frame, error) from None
    try:
        types = engine.types(f"select * from {name}", what="Looking into the table")
    except duckdb.Error as error:
        raise _odd_column(frame, error) from None
    return Source(
        name,
        {column: types[column] for column in columns},
        f"cast({quoted(row)} as bigint)",
        lambda: engine.forget(name),
    )


def _odd_column(frame: Frame, error: Exception) -> DataError:
    odd = {column: str(frame[column].dtype).partition("(")[0] for column in frame.columns}  # categories are values
    return DataError(
        f"A column of the table cannot be read ({type(error).__name__}); they are {odd}. "
        "Make it text, numbers or dates first."
    )


def _plain(series: nw.Series[Any]) -> nw.Series[Any]:
    """A column of Python objects as one of text or of times; mixed types are refused with their numbers."""
    values = series.to_list()
    kinds = type_counts(values)
    if kinds and set(kinds) <= {"datetime", "date", "Timestamp"}:
        return nw.new_series(series.name, [_moment_text(v) for v in values], nw.String, backend=series.implementation)
    if len(kinds) > 1 and not set(kinds) <= _NUMBERS:
        listed = ", ".join(f"{number_text(n)} {kind}" for kind, n in kinds.items())
        raise DataError(
            f"The column {series.name!r} mixes types: {listed}. Whether 7 and '7' are the same is not guessed: "
            "make them one type first, for example with .astype(str)."
        )
    texts = [None if is_missing(value) else cell_text(value) for value in values]
    return nw.new_series(series.name, texts, nw.String, backend=series.implementation)


def _moment_text(value: Any) -> str | None:
    if is_missing(value):
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return str(value.isoformat())


def _check(columns: dict[str, str], present: Sequence[str] | dict[str, str]) -> None:
    names = list(present)
    for name, role in columns.items():
        if name not in names:
            raise DataError(f"There is no {role} {shorten(name)}; {nearest(name, names, noun='columns')}.")
