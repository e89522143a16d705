"""Engines to compare: a PostgreSQL server, a Spark session, and the embedded DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pytest
from servers import laid_in_postgres, laid_in_spark, postgres_server, spark_session

Lay: TypeAlias = "Callable[[pd.DataFrame], tuple[Any, dict[str, Any]]]"  # where the rows lie, and options to read them


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server that is started for this run, and goes with it."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    session = spark_session("local[2]")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def server(postgres: str) -> Iterator[Any]:
    """A SQLAlchemy engine for the server."""
    import sqlalchemy as sa

    engine = sa.create_engine(postgres)
    yield engine
    engine.dispose()


@pytest.fixture(params=["duckdb", "postgres", "spark"])
def lay(request: pytest.FixtureRequest, tmp_path: Path) -> Lay:
    """Puts the rows of a frame where one of the engines reads them."""
    return _laying(request, tmp_path)


@pytest.fixture(scope="module", params=["postgres", "spark"])
def lay_for_all(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lay:
    """The same on a server, for all tests of a module: one engine after the other."""
    return _laying(request, tmp_path_factory.mktemp("rows"))


def _laying(request: pytest.FixtureRequest, folder: Path) -> Lay:
    if request.param == "postgres":
        server = request.getfixturevalue("server")
        return lambda frame: (server, {"table": laid_in_postgres(server, frame)})
    if request.param == "spark":
        session, names = request.getfixturevalue("spark"), count(1)
        return lambda frame: (laid_in_spark(session, frame, folder / f"{next(names)}.parquet"), {})
    return lambda frame: (frame, {})
