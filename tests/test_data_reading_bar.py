"""A cell that reads a long event log has a bar, which says in the end what came of it; any other cell has none."""

from __future__ import annotations

import datetime as dt
import sys
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from crmwidget.data import reading_bar
from crmwidget.data.event_log import EventLog
from crmwidget.errors import CancelledError, DataError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
MOVES = pd.DataFrame({"deal": ["a", "a"], "stage": ["Lead", "Won"], "at": ["2026-01-01", "2026-01-02"]})
COLUMNS = {"case": "deal", "activity": "stage", "timestamp": "at"}


class Cell:
    """What the kernel of a notebook puts out; each look at the clock is a second later than the last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.put_out: list[tuple[str, str, bool]] = []
        self.ids: set[str] = set()
        self._now = 0.0
        shell = SimpleNamespace(kernel=object(), display_pub=SimpleNamespace(publish=self._publish))
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
        monkeypatch.setattr(reading_bar, "monotonic", self._later)

    def _later(self) -> float:
        self._now += 1.0
        return self._now

    def _publish(self, data: dict[str, Any], metadata: object, *, transient: dict[str, str], update: bool) -> None:
        self.put_out.append((data["text/plain"], data["text/html"], update))
        self.ids.add(transient["display_id"])


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    return Cell(monkeypatch)


def test_a_log_that_takes_long_to_read_shows_one_bar_that_moves_and_ends(cell: Cell) -> None:
    EventLog(MOVES, **COLUMNS, now=NOW)
    texts, pages, updates = zip(*cell.put_out, strict=True)
    assert len(cell.ids) == 1 and updates[0] is False and all(updates[1:])
    assert "Encoding the events: 100\u202f%" in texts and texts[-1] == "The event log is read."
    assert '<progress max="1" value="1.000" aria-label="Encoding the events"' in "".join(pages)
    assert "<progress" not in pages[-1]


def test_other_shapes_have_it_too(cell: Cell) -> None:
    changes = MOVES.assign(before=[None, "Lead"])
    EventLog.from_field_history(changes, case="deal", timestamp="at", old="before", new="stage", now=NOW)
    assert any(text.startswith("Making the events") for text, *_ in cell.put_out)
    assert cell.put_out[-1][0] == "The event log is read."


def test_what_is_stopped_or_fails_says_so(cell: Cell) -> None:
    with pytest.raises(CancelledError):
        EventLog(MOVES, **COLUMNS, now=NOW, cancelled=lambda: len(cell.put_out) > 2)
    assert cell.put_out[-1][0] == "Reading the event log was stopped."
    with pytest.raises(DataError):
        EventLog(MOVES.assign(at="01/02/2026"), **COLUMNS, now=NOW)
    assert cell.put_out[-1][0] == "The event log was not read."


def test_what_is_read_at_once_has_none_and_nor_has_a_script_or_who_watches_for_himself(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    EventLog(MOVES, **COLUMNS, now=NOW, progress=lambda share, what: seen.append(share))
    assert seen and not cell.put_out
    monkeypatch.setattr(reading_bar, "monotonic", lambda: 0.0)
    EventLog(MOVES, **COLUMNS, now=NOW)
    assert not cell.put_out
    monkeypatch.delitem(sys.modules, "IPython")
    with reading_bar.watched_reading(None) as told:
        assert told is None
