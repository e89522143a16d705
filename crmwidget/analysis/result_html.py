"""An answer as HTML for the notebook: escaped, readable in light and dark, and by a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from crmwidget.shown import Finding, OverlayTable

__all__ = ["SEVERITIES", "finding_text", "result_html"]

SHOWN_ROWS = 12
# said in words as well as in colour
SEVERITIES = {"bad": "Problem", "warn": "Attention", "good": "Good", "info": "Note"}
_COLOUR = {"bad": "#b92c23", "warn": "#9a4f06", "good": "#13734a", "info": "#566070"}
_SOFT = "color:var(--jp-ui-font-color2,inherit)"
_LINE = "1px solid var(--jp-border-color2,#c9ced6)"


def finding_text(finding: Finding) -> str:
    """A finding in one line of plain text."""
    return f"{SEVERITIES[finding.severity]}: {finding.sentence} {finding.evidence}".rstrip()


def result_html(
    title: str, subtitle: str, findings: Sequence[Finding], table: OverlayTable | None, notes: Sequence[str]
) -> str:
    """A section with the title, the findings, a small table and the notes; all text in it is escaped."""
    parts = [
        f'<section aria-label="{escape(title)}" style="font-family:var(--jp-ui-font-family,system-ui,sans-serif);'
        'font-size:13px;line-height:1.45;max-width:760px;overflow-wrap:anywhere">',
        f'<h4 style="margin:0;font-size:15px">{escape(title)}</h4>',
    ]
    if subtitle:
        parts.append(f'<p style="margin:0 0 8px;{_SOFT}">{escape(subtitle)}</p>')
    if findings:
        parts.append('<ul style="list-style:none;margin:8px 0;padding:0">')
        parts.extend(_finding(finding) for finding in findings)
        parts.append("</ul>")
    if table is not None and table.rows:
        parts.append(_table(table, title))
    if notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        parts.append(
            f'<details style="margin-top:6px;{_SOFT}"><summary>How this was worked out</summary>'
            f'<ul style="margin:4px 0;padding-left:18px">{items}</ul></details>'
        )
    return "".join([*parts, "</section>"])


def _finding(finding: Finding) -> str:
    # the colour is only on the edge: the word in front says the same, readable on any background
    head = f"<strong>{SEVERITIES[finding.severity]}: {escape(finding.sentence)}</strong>"
    evidence = f'<div style="{_SOFT}">{escape(finding.evidence)}</div>' if finding.evidence else ""
    step = f"<div><em>Next: {escape(finding.suggestion)}</em></div>" if finding.suggestion else ""
    edge = f"border-left:3px solid {_COLOUR[finding.severity]}"
    return f'<li style="margin:0 0 8px;padding:0 0 0 10px;{edge}">{head}{evidence}{step}</li>'


def _table(table: OverlayTable, title: str) -> str:
    rows = table.rows[:SHOWN_ROWS]
    more = f", the first {len(rows)} of {len(table.rows)} rows" if len(table.rows) > len(rows) else ""
    is_figure = [
        all(not row[place] or not row[place][0].isalpha() for row in rows) for place in range(len(table.columns))
    ]
    align = ["right" if place and figure else "left" for place, figure in enumerate(is_figure)]
    cell = f"padding:3px 10px;border-bottom:{_LINE};font-variant-numeric:tabular-nums"
    head = "".join(
        f'<th scope="col" style="{cell};text-align:{side}">{escape(name)}</th>'
        for name, side in zip(table.columns, align, strict=True)
    )
    body = "".join(
        "<tr>"
        + f'<th scope="row" style="{cell};text-align:{align[0]};font-weight:normal">{escape(row[0])}</th>'
        + "".join(
            f'<td style="{cell};text-align:{side}">{escape(text)}</td>'
            for text, side in zip(row[1:], align[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div style="overflow-x:auto"><table style="border-collapse:collapse">'
        f'<caption style="caption-side:bottom;text-align:left;{_SOFT}">{escape(title)}{more}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
