"""Votes as a chart: a bar for each card that has some, the most first."""

from __future__ import annotations

from collections.abc import Sequence

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import MOST_ROWS, Rows, amounts, described, heading, labelled_bars, tooltip
from crmwidget.data.numerals import number_text

__all__ = ["votes_chart"]


def votes_chart(found: Sequence[tuple[str, int]], subtitle: str) -> Chart:
    """A bar for each label with its votes, in the order in which they are given."""
    n_all = sum(n for _, n in found)
    values: Rows = [
        {
            "name": f"{label} ({place})" if [other for other, _ in found].count(label) > 1 else label,
            "votes": n,
            "label": number_text(n, style="full"),
            "share": f"{number_text(n, style='full')} of {number_text(n_all, style='full')}",
        }
        for place, (label, n) in enumerate(found[:MOST_ROWS], 1)
    ]
    title = "What has the most votes"
    bars = labelled_bars(
        values,
        order=[row["name"] for row in values],
        axis=amounts("votes", "votes", most=float(max((n for _, n in found), default=1))),
        told=tooltip(name="Card", share="Votes"),
    )
    said = [f"{row['name']}: {row['share']}" for row in values]
    return Chart(title, {"title": heading(title, subtitle), **bars}, described(title, said))
