"""CSV: a map as a file of its nodes and one of its flows beside it, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from crmwidget.errors import FileFormatError
from crmwidget.formats import whole_file
from crmwidget.formats.node_tables import Row, flow_rows, from_tables, is_flow_table, node_rows
from crmwidget.graph.elements import Elements

__all__ = ["CSV_LINE", "beside", "read", "write"]

CSV_LINE = 1_000_000  # characters
_MARK = b"\xef\xbb\xbf"  # by it a spreadsheet sees that the text is UTF-8


def beside(path: Path) -> tuple[Path, Path]:
    """The files of the nodes and of the flows that belong to a path.

    Examples
    --------
    >>> [found.name for found in beside(Path("sales.csv"))]
    ['sales.csv', 'sales.flows.csv']
    """
    stem = path.name.removesuffix(path.suffix)
    for part in (".nodes", ".flows"):
        if stem.endswith(part):
            stem = stem.removesuffix(part)
            return path.with_name(f"{stem}{'.nodes' if part == '.nodes' else ''}.csv"), path.with_name(
                f"{stem}.flows.csv"
            )
    return path, path.with_name(f"{stem}.flows.csv")


def write(elements: Elements, path: Path) -> None:
    """Write both files, each whole or not at all, that of the flows first."""
    nodes, flows = beside(path)
    whole_file.write(_text(flow_rows(elements)), flows)
    whole_file.write(_text(node_rows(elements)), nodes)


def read(path: Path) -> Elements:
    """The map of a file of nodes with the flows beside it, of a list of flows alone, or of a table of stages.

    Raises
    ------
    FileFormatError
        As `from_tables` does, and for what is no CSV.
    """
    nodes, flows = beside(path)
    name = nodes.name.removesuffix(".csv").removesuffix(".nodes")
    rows = _rows(path)
    heading = next(rows, [])
    rows = chain([heading], rows)
    if is_flow_table(heading):
        return from_tables(_rows(nodes) if nodes != path and nodes.exists() else [], rows, name=name)
    return from_tables(rows, _rows(flows) if flows != path and flows.exists() else [], name=name)


def _text(rows: list[Row]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return _MARK + written.getvalue().encode()


def _rows(path: Path) -> Iterator[Row]:
    """The rows of a file, one by one, so that one which is too large ends before it is in memory."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        whole_file.check_size(os.fstat(file.fileno()).st_size, "CSV file")
        try:
            heading = file.readline(CSV_LINE)
            file.seek(0)
            separator = max(",;\t", key=heading.count)
            yield from (row for row in csv.reader(_lines(file), delimiter=separator) if row)
        except UnicodeDecodeError:
            raise FileFormatError(f"{path.name!r} is not UTF-8 text") from None
        except csv.Error as error:
            raise FileFormatError(f"{path.name!r} is no CSV: {error}") from None


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(CSV_LINE + 1):
        if len(line) > CSV_LINE:
            raise FileFormatError(f"a line has at most {CSV_LINE:,} characters; one of the file has more")
        yield line
