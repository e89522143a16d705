"""Logs of very many activities are answered too: whole in the kernel, in part beside the map, nothing of few told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import crmwidget as crm
from crmwidget.analysis.result import SHOWN_ROWS
from crmwidget.data import linked_counts

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def log_of(paths: np.ndarray, *, ends: list[str] | None = None) -> crm.EventLog:
    """One case per row of numbers, an activity each; a minute between two events."""
    n_cases, n_steps = paths.shape
    frame = pd.DataFrame(
        {
            "case": np.repeat(np.arange(n_cases), n_steps),
            "activity": [f"step {number}" for number in paths.ravel()],
            "at": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(paths.size), unit="min"),
        }
    )
    return crm.EventLog(frame, case="case", activity="activity", timestamp="at", ends=ends or [], now=NOW)


def numbers(n_activities: int) -> np.ndarray:
    """Each activity four times, in cases of ten events, some of which come back to where they were."""
    return np.random.default_rng(1).permutation(np.arange(4 * n_activities) % n_activities).reshape(-1, 10)


def test_ten_thousand_activities_have_their_conversion_and_none_of_it_is_told() -> None:
    m = crm.from_text("step 1 -> step 2")
    m.attach(log_of(numbers(10_000)))
    answer = crm.conversion(m)
    assert len(answer.table) == 10_000 and answer.table["n_entered"].between(1, 4).all()
    answer.show()
    told = m.overlays["conversion"]
    assert told.table is not None and len(told.table.rows) == SHOWN_ROWS
    assert {row[1] for row in told.table.rows} == {"…"}
    assert {paint.text for paint in told.nodes.values()} == {"…"}


@pytest.mark.parametrize("name", ["variants", "bottlenecks", "rework", "conformance", "flows", "retention", "what_if"])
def test_every_question_answers_of_a_thousand_activities_with_a_short_table_beside_the_map(name: str) -> None:
    m = crm.discover(log_of(numbers(1_000)))
    crm.questions()[name].function(m).show()
    told = m.overlays[name].table
    assert told is None or len(told.rows) <= SHOWN_ROWS


def test_what_is_too_much_to_look_at_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    cells = {number: int(n) for number, n in enumerate(rng.integers(0, 9, 12))}
    queries = {number: dict.fromkeys(rng.choice(12, 3, replace=False).tolist(), 1) for number in range(40)}
    laws = [{0: 1, 1: 1, 2: -1}, {3: 1, 4: -1}]
    held = linked_counts.hidden_sums(queries, cells, known=laws)
    assert 0 < len(held) < len(queries)
    for most in (0, 1_000, 3_000):
        monkeypatch.setattr(linked_counts, "MOST_WORK", most)
        assert held <= linked_counts.hidden_sums(queries, cells, known=laws), most
    monkeypatch.setattr(linked_counts, "MOST_WORK", 0)
    is_empty = {query for query, ones in queries.items() if not any(cells[cell] for cell in ones)}
    assert linked_counts.hidden_sums(queries, cells, known=laws) == queries.keys() - is_empty
