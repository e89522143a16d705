"""Excel: a map as a workbook with a sheet of its nodes and one of its flows, in which no cell is a formula."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crmwidget.errors import FileFormatError, MissingExtraError
from crmwidget.formats.node_tables import Row, flow_rows, from_tables, is_flow_table, node_rows
from crmwidget.graph.elements import Elements
from crmwidget.vocabulary import LIMITS

__all__ = ["dumps", "loads"]

_CELL = 32_767  # characters, the most that Excel takes
_UNPACKED = 150_000_000  # bytes
_COLUMNS = 500


def dumps(elements: Elements) -> bytes:
    """A map as a workbook. All cells are text, and what looks like a formula has an apostrophe before it."""
    openpyxl = _openpyxl()
    book = openpyxl.Workbook(write_only=True)
    for title, rows in (("Nodes", node_rows(elements)), ("Flows", flow_rows(elements))):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_cell(openpyxl, sheet, text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(openpyxl: Any, sheet: Any, text: str) -> Any:
    if len(text) > _CELL:
        raise FileFormatError(f"a cell of Excel holds at most {_CELL:,} characters; one of the map has {len(text):,}")
    cell = openpyxl.cell.WriteOnlyCell(sheet, value="")
    cell.value = text or None
    if text:
        cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def loads(content: bytes, *, name: str = "Map") -> Elements:
    """The map of a workbook: the sheets Nodes and Flows, or the first sheet, whichever of the two it is.

    Raises
    ------
    MissingExtraError
        Without openpyxl.
    FileFormatError
        For what is no workbook, one that unpacks to too much, and as `from_tables` does.
    """
    openpyxl = _openpyxl()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _UNPACKED:
            raise FileFormatError(f"a workbook unpacks to at most {_UNPACKED:,} bytes; this one to {size:,}")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        if not sheets:
            raise FileFormatError("the workbook has no sheet of cells")
        nodes, flows = sheets.get("nodes"), sheets.get("flows")
        if nodes is None and flows is None:
            first = list(_rows(book.worksheets[0]))
            of_flows = is_flow_table(first[0] if first else [])
            return from_tables([] if of_flows else first, first if of_flows else [], name=name)
        return from_tables(_rows(nodes) if nodes else [], _rows(flows) if flows else [], name=name)
    except FileFormatError:
        raise
    except Exception as error:  # whatever a damaged workbook makes its reader stumble over
        raise FileFormatError(f"the file is no workbook that can be read: {type(error).__name__}: {error}") from error


def _rows(sheet: Any) -> Iterator[Row]:
    for n, row in enumerate(sheet.iter_rows(values_only=True, max_col=_COLUMNS)):
        if n > LIMITS.flows:
            raise FileFormatError(f"a sheet has at most {LIMITS.flows:,} rows; this one has more")
        cells = [_text(value) for value in row]
        if any(cells):
            yield cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    return str(value)


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError(
            "Excel files need openpyxl, which the extra `excel` brings: pip install 'crmwidget[excel]'"
        ) from error
    return openpyxl
