"""The table of an answer for a report: as it is shown beside the map, each row with the number that it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmwidget.analysis.result import Result
from crmwidget.data.numerals import DASH
from crmwidget.data.privacy import count_text
from crmwidget.reporting.words import safe
from crmwidget.shown import OverlayTable

__all__ = ["ROWS", "public_table", "table_html"]

ROWS = 30  # a page of paper
# What a row may be of, the nearest first; the heading that says it.
_BASES = {
    "n_base": "Of",
    "n_entered": "Entered",
    "n_cohort": "Cases",
    "n_cases": "Cases",
    "n_stays": "Stays",
    "n": "Times",
    "n_events": "Events",
}


def public_table(result: Result) -> OverlayTable | None:
    """What the answer shows beside the map; None for one whose table stays in the kernel.

    Where no number of a row is the count that its rates and medians are of, a column with that count is added: it is
    found in the public table, by the names that both rows have.
    """
    shown = result.painted.table
    if shown is None or not shown.rows or result.grain == "case":
        return shown if shown is not None and shown.rows else None
    public: list[dict[str, Any]] = result.to_dict()["rows"]
    found = [_row_of(public, row) for row in shown.rows]
    if any(match is None for match in found):
        return shown
    matches = [match for match in found if match is not None]
    for column, heading in _BASES.items():
        texts = [_count(match.get(column)) for match in matches]
        if all(text == DASH for text in texts):
            continue
        if any(
            all(row[place] == text for row, text in zip(shown.rows, texts, strict=True)) for place in _places(shown)
        ):
            return shown
        rows = [
            [*row[: _first(shown)], text, *row[_first(shown) :]] for row, text in zip(shown.rows, texts, strict=True)
        ]
        columns = [*shown.columns[: _first(shown)], heading, *shown.columns[_first(shown) :]]
        return OverlayTable(columns, rows)
    return shown


def table_html(table: OverlayTable, caption: str, named: Callable[[str], str], *, id: str) -> str:
    """A table with its caption, the names of nodes in it as links; longer ones are cut, and say so."""
    rows = table.rows[:ROWS]
    more = f" The first {len(rows)} of {len(table.rows)} rows." if len(table.rows) > len(rows) else ""
    is_figure = [_is_figure(rows, place) for place in range(len(table.columns))]
    head = "".join(
        f'<th scope="col"{_side(figure)}>{safe(name)}</th>'
        for name, figure in zip(table.columns, is_figure, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            (f'<th scope="row"{_side(figure)}>' if not place else f"<td{_side(figure)}>")
            + (safe(text) if figure else named(text))
            + ("</th>" if not place else "</td>")
            for place, (text, figure) in enumerate(zip(row, is_figure, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-labelledby="{id}" tabindex="0"><table>'
        f'<caption id="{id}">{safe(caption)}{more}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row_of(public: Sequence[Mapping[str, Any]], row: Sequence[str]) -> Mapping[str, Any] | None:
    """The last row of the public table that has all the names of a row, and a value: of several periods the latest."""
    names = {text for text in row if text and not _starts_as_figure(text)}
    if not names:
        return None
    known = (one for one in reversed(public) if one.get("value", 0) is not None)
    return next((one for one in known if names <= set(map(_said, one.values()))), None)


def _said(cell: object) -> str:
    return " → ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


def _count(value: object) -> str:
    return count_text(value) if isinstance(value, int) else DASH


def _first(shown: OverlayTable) -> int:
    """Where the first column of figures is."""
    return next(iter(_places(shown)), len(shown.columns))


def _places(shown: OverlayTable) -> list[int]:
    return [place for place in range(1, len(shown.columns)) if _is_figure(shown.rows, place)]


def _is_figure(rows: Sequence[Sequence[str]], place: int) -> bool:
    return bool(place) and all(_starts_as_figure(row[place]) for row in rows)


def _starts_as_figure(text: str) -> bool:
    return not text or not text[0].isalpha()


def _side(is_figure: bool) -> str:
    return ' class="figure"' if is_figure else ""
