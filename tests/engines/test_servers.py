"""A server is left as it was found: what is made there goes with the log, what is stopped stops, no value is told."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from answers import NOW, answers, log_of, random_rows
from event_reference import asked, frame_of
from servers import laid_in_postgres, laid_in_spark

import crmwidget as crm
from crmwidget.errors import CancelledError, DataError

pytestmark = pytest.mark.engines

# Billions of pairs. Spark's tasks look whether they are to stop at each row that was sorted, so the first pairs are.
ENDLESS = (
    "select count(*) from (select a.at_us, row_number() over (partition by a.case_id, a.place, b.case_id, b.place "
    "order by b.at_us) as n from {steps} a, {steps} b) x, {steps} c, {steps} d where x.at_us + c.at_us < d.at_us + x.n"
)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what comes by itself, a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come"
        gc.collect()


def test_tables_of_a_log_on_postgres_go_with_it(server: Any) -> None:
    log = log_of(server, table=laid_in_postgres(server, random_rows(1)), order="row")
    here = log.rows("select pg_backend_pid()")[0][0]

    def lives() -> int:
        with server.connect() as connection:
            return int(
                connection.exec_driver_sql(f"select count(*) from pg_stat_activity where pid = {here}").scalar_one()
            )

    with server.connect() as connection:
        made = "select relname from pg_class where starts_with(relname, 'crmwidget') and relpersistence <> 't'"
        assert connection.exec_driver_sql(made).all() == []
    part = log.where(activity="Lead")
    assert part.n_cases and lives() == 1
    del log, part
    until(lambda: lives() == 0)


def test_tables_of_a_log_on_spark_go_with_it(spark: Any, tmp_path: Path) -> None:
    frame = laid_in_spark(spark, frame_of([("a", "Lead", 0), ("a", "Won", 1)]), tmp_path / "events.parquet")

    def made() -> set[str]:
        views = {name for _, name, *_ in spark.sql("show views").collect() if name.startswith("crmwidget")}
        return views | {f"rows {number}" for number in spark._jsc.getPersistentRDDs()}

    before = made()  # of other tests' logs, which go when they go
    log = log_of(frame)
    part = log.where(activity="Won")
    assert asked(part).flows == {("Lead", "Won"): 1}
    own = made() - before
    assert {name.startswith("rows ") for name in own} == {True, False}
    del log, part
    until(lambda: not made() & own)


@pytest.mark.parametrize("where", ["server", "spark"])
def test_a_question_stops_when_asked_and_the_next_one_is_answered(
    where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place, frame = request.getfixturevalue(where), random_rows(1)
    if where == "server":
        log = log_of(place, table=laid_in_postgres(place, frame))
    else:
        log = log_of(laid_in_spark(place, frame, tmp_path / "events.parquet"))
    looks: list[int] = []

    def cancelled() -> bool:
        looks.append(1)
        return len(looks) > 3

    with log.watched(cancelled=cancelled), pytest.raises(CancelledError, match="Counting was stopped"):
        log.rows(ENDLESS, what="Counting")
    (told,) = log.rows("select count(*), count(distinct case_id) from {steps}")
    assert told == (log.n_events, log.n_cases), "what was stopped is in nobody's way"


def test_reading_that_is_stopped_leaves_nothing_on_the_server(server: Any) -> None:
    table = laid_in_postgres(server, random_rows(1))
    seen: list[str] = []
    with pytest.raises(CancelledError):
        log_of(
            server,
            table=table,
            progress=lambda _, what: seen.append(what),
            cancelled=lambda: "Ordering the events" in seen,
        )
    open_ones = "select count(*) from pg_stat_activity where starts_with(state, 'idle in transaction')"

    def count() -> int:
        with server.connect() as connection:
            return int(connection.exec_driver_sql(open_ones).scalar_one())

    until(lambda: count() == 0)


def test_rows_that_are_added_while_reading_belong_to_the_next_log(server: Any) -> None:
    frame = random_rows(1)
    table = laid_in_postgres(server, frame)
    added: list[str] = []

    def add(share: float, what: str) -> None:
        if what == "Reading the activities" and not added:
            added.append(what)
            more = frame_of([("new", "Never seen", 0)] * 50).assign(row=0)
            more.to_sql(table, server, index=False, if_exists="append")

    log = log_of(server, table=table, order="row", progress=add)
    assert added and answers(log) == answers(log_of(frame, order="row"))


def test_a_users_tables_are_read_whatever_they_are_called(server: Any) -> None:
    frame = frame_of([("a", "Lead", 0), ("a", "Won", 1)]).assign(kind=pd.Series(["x", "x"]))
    frame.to_sql("steps", server, index=False, if_exists="replace")
    with server.begin() as connection:
        connection.exec_driver_sql("create schema if not exists sales")
        connection.exec_driver_sql("create materialized view sales.kept as select * from steps")
    for name in ("steps", "sales.kept"):
        log = log_of(server, table=name, attributes=["kind"])
        assert asked(log.where(kind="x")).flows == {("Lead", "Won"): 1}
    with pytest.raises(DataError, match="did you mean 'steps'"):
        log_of(server, table="stepps")


def test_a_url_is_as_good_as_an_engine(postgres: str, server: Any) -> None:
    table = laid_in_postgres(server, random_rows(2))
    by_url = log_of(postgres.replace("+psycopg", ""), table=table, order="row")
    assert by_url.counts == log_of(server, table=table, order="row").counts


def test_infinity_is_no_time(server: Any) -> None:
    with server.begin() as connection:
        connection.exec_driver_sql('create table open_ended ("case" uuid, activity char(6), at timestamp)')
        connection.exec_driver_sql(
            "insert into open_ended values (gen_random_uuid(), 'Lead', 'infinity'), (gen_random_uuid(), 'Won', now())"
        )
    log = log_of(server, table="open_ended")
    assert (log.counts, log.issues["issue"].tolist()[0]) == ({"Won": 1}, "missing_time")


def test_texts_are_no_times_on_a_server_and_fetching_reads_them(server: Any) -> None:
    frame = frame_of([("a", "Lead", 0), ("a", "Won", 1)])
    table = laid_in_postgres(server, frame.assign(at=frame["at"].astype("str")))
    with pytest.raises(DataError, match="engine='duckdb'"):
        log_of(server, table=table)
    assert asked(log_of(server, table=table, engine="duckdb")).flows == {("Lead", "Won"): 1}


def test_who_may_not_make_temporary_tables_is_told_so(postgres: str, server: Any) -> None:
    table = laid_in_postgres(server, frame_of([("a", "Lead", 0)]))
    with server.begin() as connection:
        connection.exec_driver_sql("create role reader login")
        connection.exec_driver_sql(f"grant select on {table} to reader")
        connection.exec_driver_sql("revoke temporary on database postgres from public")
    reader = postgres.replace("crm@", "reader@")
    with pytest.raises(DataError, match="engine='duckdb'"):
        log_of(reader, table=table)


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="the extra 'postgres' is not installed")
    with pytest.raises(DataError, match="Connecting failed") as error:
        log_of("postgresql://crm:secret@127.0.0.1:1/none", table="moves")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("where", ["server", "spark", "postgres"])
def test_other_shapes_are_fetched(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    deals = pd.DataFrame({"id": ["a", "b"], "lead": [NOW, NOW], "won": pd.to_datetime(["2026-01-05", None], utc=True)})
    place = request.getfixturevalue(where)
    if where == "spark":
        data, told = laid_in_spark(place, deals, tmp_path / "deals.parquet"), {}
    else:
        data, told = place, {"table": laid_in_postgres(request.getfixturevalue("server"), deals)}
    log, wanted = (
        crm.EventLog.from_stage_dates(one, case="id", stages=["lead", "won"], now=NOW, **more)
        for one, more in ((data, told), (deals, {}))
    )
    assert asked(log).variants == asked(wanted).variants == {("won", "lead"): 1, ("lead",): 1}
