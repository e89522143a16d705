"""One query for every engine: written as DuckDB has it, said in the words of another."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Dialect", "in_dialect"]

Dialect: TypeAlias = Literal["duckdb", "postgres", "spark"]


def in_dialect(sql: str, dialect: Dialect) -> str:
    """A query in another engine's dialect.

    Raises
    ------
    DataError
        There is no such dialect, or the query uses something that the other engine has no word for.

    Examples
    --------
    >>> in_dialect("select percentile_cont(0.5) within group (order by x) as median from t", "spark")
    'SELECT PERCENTILE(x, 0.5) AS median FROM t'
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    if dialect not in get_args(Dialect):
        raise DataError(f"There is no dialect {shorten(dialect)}; {nearest(dialect, get_args(Dialect))}.")
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        if dialect == "spark":
            tree = tree.transform(_exact_percentile)
        return tree.sql(dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as error:
        raise DataError(f"The query cannot be said in {dialect} ({type(error).__name__}): {error}") from None


def _exact_percentile(node: Any) -> Any:
    """Spark's exact percentile: left to itself, sqlglot takes the approximate one, without a word."""
    from sqlglot import exp

    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0].this
        return exp.Anonymous(this="PERCENTILE", expressions=[ordered, node.this.this])
    return node
