"""A small table of texts for the notebook: whole sentences, wrapped, for light, dark and a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

__all__ = ["FONT", "SOFT", "Sheet"]

FONT = "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.45"
SOFT = "color:var(--jp-ui-font-color2,inherit)"
_LINE = "1px solid var(--jp-border-color2,#c9ced6)"


@dataclass(eq=False, repr=False)
class Sheet:
    """A table as it is shown, and as a frame.

    Attributes
    ----------
    title
        What it is about.
    table
        The same as a frame, exact.
    columns, rows
        What is shown: headings, and a text for each cell.
    note
        A line below it.

    Examples
    --------
    >>> import crmwidget as crm
    >>> found = crm.workshop.progress(crm.CrmMap("Sales"), "1")
    >>> found.title, found.note, found.columns[:2], found.rows[0][:2]
    ('Sales: workshop 1', '0 of 9 are passed.', ['Number', 'Exercise'], ['1.1', 'Six stages'])
    >>> found.table.columns.tolist()
    ['number', 'title', 'is_passed', 'sentence', 'hint']
    >>> Sheet("Who", pd.DataFrame({"name": ["Ada"]}), ["Name", "Role"], [["Ada", "Sales"]])
    Who
      Name  Role
      Ada   Sales
    """

    title: str
    table: pd.DataFrame
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        told = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines]
        return "\n".join([self.title, *(f"  {line.rstrip()}" for line in told), *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        cell = f"padding:4px 14px 4px 0;border-bottom:{_LINE};text-align:left;vertical-align:top"
        head = "".join(
            f'<th scope="col" style="{cell};{SOFT};font-weight:600">{escape(name)}</th>' for name in self.columns
        )
        body = "".join(
            "<tr>"
            + f'<th scope="row" style="{cell};font-weight:600;white-space:nowrap">{escape(row[0])}</th>'
            + "".join(f'<td style="{cell}">{escape(text)}</td>' for text in row[1:])
            + "</tr>"
            for row in self.rows
        )
        note = f'<p style="margin:6px 0 0;{SOFT}">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<section aria-label="{escape(self.title)}" style="{FONT};max-width:860px;overflow-x:auto">'
            f'<h4 style="margin:0 0 6px;font-size:15px">{escape(self.title)}</h4>'
            f'<table style="border-collapse:collapse;margin:0"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>{note}</section>"
        )
