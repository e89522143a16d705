"""Every question that is asked of a log has one answer, wherever its rows lie, and only aggregates come from there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from answers import log_of
from asked_logs import LOGS, QUESTIONS, asked, map_of, open_and_closed
from comparing import same

import crmwidget as crm

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def there(lay_for_all: Any) -> Any:
    """The map on which a log lies on a server; each is laid and encoded once."""
    return cache(lambda name, folder: _read(name, folder, lay_for_all))


@pytest.fixture(scope="module")
def here() -> Any:
    """The answer of the embedded engine, and the rows it fetched; asked once, for what a log has counted it keeps."""
    map_at = cache(lambda name, folder: _read(name, folder, lambda frame: (frame, {})))
    return cache(lambda question, name, folder: _fetched(question, map_at(name, folder)))


def _read(name: str, folder: Path, lay: Any) -> crm.CrmMap:
    frame, options = LOGS[name](folder)
    data, told = lay(frame)
    return map_of(log_of(data, order="row", **options, **told))


def _fetched(question: str, m: crm.CrmMap) -> tuple[Any, int]:
    log = m.logs["log"].log
    before = log.fetched_rows
    return asked(question, m), log.fetched_rows - before


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", ["planted", "random"])
def test_a_question_has_the_same_answer_on_a_server(there: Any, here: Any, name: str, question: str) -> None:
    ours, fetched = _fetched(question, there(name, Path()))
    theirs, fetched_here = here(question, name, Path())
    same(ours, theirs)
    assert fetched == fetched_here


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_the_real_log_has_the_same_answer_on_a_server(
    there: Any, here: Any, real_data: Path, question: str
) -> None:
    ours, fetched = _fetched(question, there("real", real_data))
    theirs, fetched_here = here(question, "real", real_data)
    same(ours, theirs)
    assert fetched == fetched_here


def test_only_aggregates_are_fetched_so_that_more_cases_bring_no_more_rows() -> None:
    """The embedded engine speaks for the others: the tests above see that each fetches as many rows as it does."""
    fetched = []
    for n_closed in (400, 4000):
        frame, options = open_and_closed(n_closed)
        m = map_of(log_of(frame.sample(frac=1, random_state=1), order="row", **options))
        fetched.append({question: _fetched(question, m)[1] for question in QUESTIONS})
    assert fetched[0] == fetched[1]
    assert max(fetched[0].values()) < 400
