"""One query for every engine: written as DuckDB has it, said in the words of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Dialect", "in_dialect"]

Dialect: TypeAlias = Literal["duckdb", "postgres", "spark"]


def in_dialect(sql: str, dialect: Dialect, *, tables: Mapping[str, str] | None = None) -> str:
    """A query in another engine's dialect.

    Parameters
    ----------
    tables
        Table → what it is called there; in the query it keeps its name as an alias.

    Raises
    ------
    DataError
        There is no such dialect, or the query uses something that the other engine has no word for.

    Examples
    --------
    >>> in_dialect("select percentile_cont(0.5) within group (order by x) as median from t", "spark")
    'SELECT PERCENTILE(x, 0.5) AS median FROM t'
    >>> in_dialect("select (percentile_cont([0.5, 0.95]) within group (order by x))[2] as p95 from t", "spark")
    'SELECT ELEMENT_AT(PERCENTILE(x, ARRAY(0.5, 0.95)), 2) AS p95 FROM t'
    >>> in_dialect("select steps.place from steps", "postgres", tables={"steps": "log_7_steps"})
    'SELECT steps.place FROM log_7_steps AS steps'
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    if dialect not in get_args(Dialect):
        raise DataError(f"There is no dialect {shorten(dialect)}; {nearest(dialect, get_args(Dialect))}.")
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        if dialect == "spark":
            tree = tree.transform(_exact_percentile)
        if tables:
            _rename(tree, tables)
        return tree.sql(dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as error:
        raise DataError(f"The query cannot be said in {dialect} ({type(error).__name__}): {error}") from None


def _rename(tree: Any, tables: Mapping[str, str]) -> None:
    from sqlglot import exp

    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if table.name in tables and table.name not in own and not table.db:
            alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
            table.set("this", exp.to_identifier(tables[table.name]))
            table.set("alias", alias)


def _exact_percentile(node: Any) -> Any:
    """Spark's exact percentile: left to itself, sqlglot takes the approximate one, without a word."""
    from sqlglot import exp

    if isinstance(node, exp.Bracket) and isinstance(node.this.unnest(), exp.WithinGroup):
        # an index in brackets counts from 0 there, ELEMENT_AT from 1 as here
        return exp.Anonymous(this="ELEMENT_AT", expressions=[_exact_percentile(node.this.unnest()), *node.expressions])
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0].this
        return exp.Anonymous(this="PERCENTILE", expressions=[ordered, node.this.this])
    return node
