"""The embedded engine can be watched and stopped, spills to its own folder, and leaves nothing behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import Hooks
from crmwidget.errors import CancelledError, DataError

ENDLESS = "select count(*) from range(10000000) a(i), range(10000000) b(j) where i * 7 + j < 3"


def test_a_long_query_tells_its_progress_and_stops_when_asked() -> None:
    seen: list[float] = []
    engine = DuckDBEngine(hooks=Hooks(lambda share, what: seen.append(share), lambda: len(seen) > 3))
    with pytest.raises(CancelledError, match="Counting was stopped"):
        engine.run(ENDLESS, what="Counting")
    assert all(0 <= share <= 1 for share in seen)
    engine.hooks = Hooks()
    assert engine.one("select 42") == (42,)


def test_a_query_is_interrupted_from_another_thread() -> None:
    engine = DuckDBEngine()
    running = threading.Event()

    def stop() -> None:
        running.wait()
        while not done.is_set():  # it may not have begun yet
            engine.interrupt()
            done.wait(0.01)

    done = threading.Event()
    thread = threading.Thread(target=stop)
    thread.start()
    running.set()
    with pytest.raises(CancelledError):
        engine.run(ENDLESS, what="Counting")
    done.set()
    thread.join()


def test_a_keyboard_interrupt_stops_the_query_and_goes_on() -> None:
    def pressed(share: float, what: str) -> None:
        seen.append(share)
        if len(seen) > 1:
            raise KeyboardInterrupt

    seen: list[float] = []
    engine = DuckDBEngine()
    with engine.watched(Hooks(progress=pressed)), pytest.raises(KeyboardInterrupt):
        engine.run(ENDLESS, what="Counting")
    assert engine.one("select 1") == (1,)


def test_beyond_its_memory_it_writes_to_its_folder() -> None:
    engine = DuckDBEngine(memory_limit="100MB")
    written: list[int] = []

    def look(share: float, what: str) -> None:
        written.append(sum(1 for path in engine.folder.rglob("*") if path.is_file()))

    with engine.watched(Hooks(progress=look)):
        engine.run(
            "create table t as select i, md5(i::varchar) as text from range(3000000) t(i) order by text",
            what="Sorting",
        )
    assert max(written) > 0
    assert engine.one("select count(*), count(distinct i) from t") == (3_000_000, 3_000_000)


def test_too_little_memory_says_what_to_give() -> None:
    engine = DuckDBEngine(memory_limit="10MB")
    with pytest.raises(DataError, match="memory_limit= more"):
        engine.run("select list(i) from range(30000000) t(i)", what="Collecting")


def test_its_folder_is_private_and_goes_with_it() -> None:
    engine = DuckDBEngine()
    folder = engine.folder
    assert folder.stat().st_mode & 0o077 == 0
    (folder / "spilled").write_text("rows")
    engine._finalize()
    assert not folder.exists()


def test_it_reads_no_variable_of_the_notebook_and_loads_no_extension() -> None:
    engine = DuckDBEngine()
    settings = dict(
        engine.run(
            "select name, value from duckdb_settings() where name in ('python_enable_replacements', "
            "'autoinstall_known_extensions', 'autoload_known_extensions', 'TimeZone', 'temp_directory')"
        )
    )
    assert settings["TimeZone"] == "UTC"
    assert Path(settings["temp_directory"]) == engine.folder
    assert {value for name, value in settings.items() if name.startswith(("python", "auto"))} == {"false"}
