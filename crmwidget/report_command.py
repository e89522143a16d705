"""The command `crmwidget report`: a map's file and a log's file in, one page or notebook out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from crmwidget import making
from crmwidget.errors import DataError, EditError

if TYPE_CHECKING:
    from crmwidget.data.event_log import EventLog

__all__ = ["ProgressLine", "add_report", "guessed_columns"]

# The names of XES come first; of the others one is taken where it is the only one in the file.
_COLUMNS = {
    "case": ("case:concept:name", ("case_id", "case id", "caseid", "case")),
    "activity": ("concept:name", ("activity",)),
    "timestamp": ("time:timestamp", ("timestamp",)),
}
_EPILOG = """\
Without --question everything is asked that can be asked of the map and the log; what cannot is named with its reason.
Columns called as in XES (case:concept:name, concept:name, time:timestamp), or case_id, activity and timestamp, are
found by themselves; an XES file needs no columns at all. A page needs nothing to be read; a notebook makes it anew.

Exit status: 0 fine, 1 a question has no answer (the report says why), 2 it could not be done.

examples:
  crmwidget report sales.crm.json --log events.xes
  crmwidget report sales.crm.json --log moves.csv --case deal --activity stage --timestamp moved_at \\
      --end Won --end Lost -o sales.html
  crmwidget report sales.crm.json --log moves.csv --question bottlenecks --question variants
  crmwidget report sales.crm.json --log events.xes -o sales.ipynb      a notebook, to write around
"""


def add_report(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Say what the command takes; `command` makes a parser of a name, what it runs, a title and an epilog."""
    report = command("report", _report, "ask a map everything and write the answers as one page", _EPILOG)
    report.add_argument("map", metavar="MAP", type=Path, help="the file of a map, of any format that is read")
    report.add_argument("--log", metavar="FILE", type=Path, help="events of cases: CSV, Parquet or XES")
    report.add_argument("--case", metavar="COLUMN", help="says which case an event belongs to")
    report.add_argument("--activity", metavar="COLUMN", help="says what happened")
    report.add_argument("--timestamp", metavar="COLUMN", help="says when it happened")
    report.add_argument("--start", metavar="COLUMN", help="says when the work on it began")
    report.add_argument(
        "--attribute", metavar="COLUMN", action="append", default=[], help="a further column to keep (repeatable)"
    )
    report.add_argument(
        "--end", metavar="ACTIVITY", action="append", default=[], help="an activity that closes a case (repeatable)"
    )
    report.add_argument(
        "--question", metavar="NAME", action="append", default=[], help="ask this one, such as variants (repeatable)"
    )
    report.add_argument("--title", help="what the report is called; else as the map")
    report.add_argument("--at", metavar="DAY", help="the day as of which it is, to be written on it")
    report.add_argument("-o", "--output", metavar="FILE", type=Path, help=".html or .ipynb (MAP-report.html)")
    report.add_argument("--force", action="store_true", help="overwrite FILE if it is there")


def guessed_columns(path: Path, given: dict[str, str | None]) -> dict[str, str]:
    """Which columns of a file are the case, the activity and the time: as given, else as their names say.

    Raises
    ------
    DataError
        Names say it of no column, or of several; the message has all columns.
    """
    from crmwidget.data.event_source import columns_in

    if path.name.lower().endswith((".xes", ".xes.gz")):
        return {role: column for role, column in given.items() if column}
    columns = columns_in(path)
    found, unclear = {}, []
    for role, (standard, others) in _COLUMNS.items():
        alike = [column for column in columns if column.strip().lower() in others]
        column = given[role] or (standard if standard in columns else alike[0] if len(alike) == 1 else None)
        if column is None:
            unclear.append(role)
        else:
            found[role] = column
    if unclear:
        raise DataError(
            f"which column of {path.name} is the {', which the '.join(unclear)}? "
            f"Say it by {', '.join(f'--{role}' for role in unclear)}; its columns: {', '.join(columns)}"
        )
    return found


class ProgressLine:
    """One line on a terminal that says what is being done, and is gone when it is done; nothing on anything else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream if stream.isatty() else None

    def __call__(self, share: float | None, text: str = "") -> None:
        if self._stream is not None:
            head = "" if share is None else f"{min(max(share, 0.0), 1.0):4.0%} "
            self._stream.write(f"\r\x1b[K{head}{text[:68]}")
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _report(given: argparse.Namespace) -> int:
    from crmwidget.analysis.registry import registered
    from crmwidget.reporting.report import checked_target, report

    target = checked_target(given.output or f"{given.map.name.partition('.')[0]}-report.html")
    for name in given.question:
        registered(name)  # before anything is read
    if not target.parent.is_dir():
        raise EditError(f"there is no folder {target.parent} to write {target.name} into")
    if target.exists() and not given.force:
        raise EditError(f"{target} is there already; --force overwrites it")
    options = _log_options(given)
    with ProgressLine(sys.stderr) as progress:
        m = making.open(given.map)
        if given.log is not None:
            m.attach(_read(given.log, options, progress), name="log")
        made = report(
            m,
            given.question or None,
            target,
            title=given.title,
            at=given.at,
            setup=_setup(given, options, target) if target.suffix.lower() == ".ipynb" else None,
            progress=progress,
        )
    n_failed = len(made.failed)
    sys.stdout.write(
        f"{target}: {len(made.findings):,} findings, {len(made.plan):,} steps"
        f"{f', {n_failed} without an answer' if n_failed else ''}\n"
    )
    return 1 if n_failed else 0


def _log_options(given: argparse.Namespace) -> dict[str, Any]:
    if given.log is None:
        named = [
            name for name in ("case", "activity", "timestamp", "start", "attribute", "end") if getattr(given, name)
        ]
        if named:
            raise EditError(f"--{named[0]} says something of a log; --log FILE says of which")
        return {}
    roles = {role: getattr(given, role) for role in _COLUMNS}
    options: dict[str, Any] = dict(guessed_columns(given.log, roles))
    if given.start:
        options["start"] = given.start
    if given.attribute:
        options["attributes"] = given.attribute
    if given.end:
        options["ends"] = given.end
    return options


def _read(path: Path, options: dict[str, Any], progress: ProgressLine) -> EventLog:
    from crmwidget.data.event_log import EventLog

    return EventLog(path, **options, progress=lambda share, what: progress(None, f"{path.name}: {what} ({share:.0%})"))


def _setup(given: argparse.Namespace, options: dict[str, Any], target: Path) -> str:
    """The code that makes the same map with the same log, from files named as seen from the notebook."""

    def seen(path: Path) -> str:
        return Path(os.path.relpath(path, target.parent)).as_posix()

    lines = [f"MAP = {seen(given.map)!r}"]
    if given.log is None:
        return "\n".join([*lines, "import crmwidget as crm", "", "m = crm.open(MAP)"])
    lines.append(f"LOG = {seen(given.log)!r}")
    lines += [f"{name.upper()} = {value!r}" for name, value in options.items()]
    told = "".join(f"    {name}={name.upper()},\n" for name in options)
    attach = f'log = crm.EventLog(\n    LOG,\n{told})\nm.attach(log, name="log")'
    return "\n".join([*lines, "import crmwidget as crm", "", "m = crm.open(MAP)", attach])
