"""Event logs in XES, streamed: traces, events and their attributes; starts and completions become one event."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pandas as pd
from defusedxml import ElementTree, common

from crmwidget.data.duckdb_engine import DuckDBEngine
from crmwidget.data.engine import quoted
from crmwidget.data.event_source import Source
from crmwidget.errors import DataError, FileFormatError, nearest, shorten

__all__ = ["CASE", "XES_COLUMNS", "open_xes"]

CASE = "case:concept:name"
START = "start_timestamp"
XES_COLUMNS = {"case": CASE, "activity": "concept:name", "timestamp": "time:timestamp", "start": START}
BLOCK = 20_000  # events at a time
DEPTH = 100  # of nested elements; attributes of attributes are not read
_VALUES = {"string", "date", "int", "float", "boolean", "id"}


def open_xes(engine: DuckDBEngine, path: Path, columns: dict[str, str]) -> Source:
    """The events of an XES file, one row each, in the order of the file.

    Columns are the keys of the event's attributes, those of its trace behind `case:`. An event with transition
    `start` and one with `complete`, of one activity in one trace (and of one `concept:instance`, where it is given),
    are one row, first come first served: `time:timestamp` is its completion, `start_timestamp` its start. A start
    without a completion is a row at its start. Other transitions are left out and counted.

    Raises
    ------
    FileFormatError
        It is not XES, is cut off, or defines entities.
    DataError
        No event has an attribute that is asked for.
    """
    target = engine.fresh("xes")
    typed = ", ".join(f"{quoted(name)} varchar" for name in columns)
    engine.run(f"create table {target} (row_no bigint, {typed})")
    found: set[str] = set()
    others: Counter[str] = Counter()
    n_rows = n_unfinished = 0
    block: list[dict[str, str]] = []

    def write() -> None:
        nonlocal n_rows
        frame = pd.DataFrame({name: pd.Series([row.get(name) for row in block], dtype="str") for name in columns})
        name = engine.register(frame.assign(row_no=range(n_rows, n_rows + len(block))))
        engine.run(
            f"insert into {target} select row_no, {', '.join(map(quoted, columns))} from {name}",
            what="Reading the file",
        )
        engine.forget(name)
        n_rows += len(block)
        block.clear()

    for trace in _traces(path):
        rows, n_open = _paired(trace, others)
        n_unfinished += n_open
        for row in rows:
            found.update(row)
        block += rows
        if len(block) >= BLOCK:
            write()
    write()
    for name, role in columns.items():
        if name not in found and n_rows and name != START:
            raise DataError(f"No event has the {role} {shorten(name)}; {nearest(name, sorted(found), noun='keys')}.")
    notes: list[tuple[str, int | None, int | None, str]] = []
    if others:
        told = ", ".join(name for name, _ in others.most_common(5))
        notes.append(("other_transition", others.total(), None, told))
    if n_unfinished:
        notes.append(("unfinished", n_unfinished, None, ""))
    types = {name: "VARCHAR" for name in columns if name != START or START in found}
    return Source(target, types, "row_no", lambda: engine.drop(target), tuple(notes))


def _paired(trace: list[dict[str, str]], others: Counter[str]) -> tuple[list[dict[str, str]], int]:
    """The events of one trace, each start joined with its completion; how many starts have none."""
    rows: list[dict[str, str] | None] = []
    waiting: dict[tuple[str, str], deque[int]] = {}
    for event in trace:
        transition = event.get("lifecycle:transition", "complete").strip().lower()
        which = event.get("concept:name", ""), event.get("concept:instance", "")
        if transition == "start":
            waiting.setdefault(which, deque()).append(len(rows))
            rows.append(event)
        elif transition == "complete":
            queue = waiting.get(which)
            begun = rows[queue[0]] if queue else None
            if queue and begun is not None:
                rows[queue.popleft()] = None  # it stands where it was completed, in the order of the file
                event = {**begun, **event, **({START: begun["time:timestamp"]} if "time:timestamp" in begun else {})}
            rows.append(event)
        else:
            others[transition] += 1
    return [row for row in rows if row is not None], sum(map(len, waiting.values()))


def _traces(path: Path) -> Iterator[list[dict[str, str]]]:
    """The events of each trace, with the attributes of the trace behind `case:`."""
    try:
        with _opened(path) as file:
            yield from _parsed(file)
    except common.DefusedXmlException:
        raise FileFormatError(
            f"{path.name!r} defines entities of its own, which XES has no use for: it is not read."
        ) from None
    except (ElementTree.ParseError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        place = getattr(error, "position", None)
        where = f" at line {place[0]}" if place else ""
        raise FileFormatError(f"{path.name!r} is no XES file, or is cut off{where} ({type(error).__name__}).") from None


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb"))


def _parsed(file: IO[bytes]) -> Iterator[list[dict[str, str]]]:
    stack: list[Any] = []
    about: dict[str, str] = {}
    events: list[dict[str, str]] = []
    event: dict[str, str] = {}
    for moment, element in ElementTree.iterparse(file, events=("start", "end"), forbid_dtd=True):
        tag = element.tag.rpartition("}")[2]
        if moment == "start":
            if not stack and tag != "log":
                raise FileFormatError(f"An XES file is a <log>; this one is a <{tag[:40]}>.")
            stack.append(element)
            if len(stack) > DEPTH:
                raise FileFormatError(f"The XES file is nested deeper than {DEPTH} levels.")
            continue
        stack.pop()
        inside = stack[-1].tag.rpartition("}")[2] if stack else ""
        if tag in _VALUES and inside in {"event", "trace"}:
            key, value = element.get("key"), element.get("value")
            if key and value is not None:
                if inside == "event":
                    event[key] = value
                else:
                    about[f"case:{key}"] = value
        elif tag == "event":
            events.append(event)
            event = {}
        elif tag == "trace":
            yield [{**about, **one} for one in events]  # attributes of a trace may stand behind its events
            about, events = {}, []
        if tag in {"event", "trace"} or len(stack) <= 1:
            element.clear()
            if stack and tag == "trace":
                stack[-1].remove(element)  # the log itself must not grow with its traces
