"""Which engine a log is asked in is known from where its rows lie, and what is missing for it is named."""

from __future__ import annotations

import sys

import pytest
from event_reference import frame_of

from crmwidget.data.event_log import EventLog
from crmwidget.errors import DataError, MissingExtraError

ROLES = {"case": "case", "activity": "activity", "timestamp": "at"}


@pytest.mark.parametrize("missing", ["sqlalchemy", "psycopg"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=r"crmwidget\[postgres\]"):
        EventLog("postgresql://crm:secret@127.0.0.1/none", table="moves", **ROLES)


def test_an_engine_is_where_the_rows_lie() -> None:
    frame = frame_of([("a", "Lead", 0)])
    assert EventLog(frame, engine="duckdb", **ROLES).n_events == 1
    with pytest.raises(DataError, match="did you mean 'postgres'"):
        EventLog(frame, engine="postgre", **ROLES)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="read by engine='duckdb'"):
        EventLog(frame, engine="spark", **ROLES)
