"""Every query that makes or asks a log can be said in the words of the other engines."""

from __future__ import annotations

import pytest

from crmwidget.data.dialects import in_dialect
from crmwidget.data.event_sql import cases_sql, duplicates_sql, steps_sql
from crmwidget.errors import DataError

QUERIES = [
    steps_sql("coded"),
    steps_sql("coded", extra=["a_0"], ties=["tie_no"], has_start=True, has_gaps=True),
    cases_sql(),
    duplicates_sql(has_start=False),
    duplicates_sql(has_start=True),
]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_said_without_words_of_one_engine_alone(query: str, dialect: str) -> None:
    said = in_dialect(query, dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx", "exclude", "list(", "epoch_us"):
        assert word not in said


def test_a_percentile_stays_exact_in_spark() -> None:
    query = "select percentile_cont(0.95) within group (order by next_at_us - at_us) as p95 from steps"
    assert in_dialect(query, "spark") == "SELECT PERCENTILE(next_at_us - at_us, 0.95) AS p95 FROM steps"
    assert "WITHIN GROUP" in in_dialect(query, "postgres")


def test_an_unknown_dialect_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'postgres'"):
        in_dialect("select 1", "postgresql")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="cannot be said"):
        in_dialect("select from from", "spark")
