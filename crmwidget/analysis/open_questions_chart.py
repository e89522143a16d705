"""What is open as a chart: a bar for each sort of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import Rows, amounts, described, heading, labelled_bars, tooltip
from crmwidget.data.numerals import number_text

__all__ = ["open_questions_chart"]


def open_questions_chart(sorts: Iterable[str], subtitle: str) -> Chart:
    """A bar for each sort, the most frequent first."""
    counts = Counter(sorts)
    values: Rows = [
        {"name": sort[:1].upper() + sort[1:], "open": n, "label": number_text(n, style="full")}
        for sort, n in counts.most_common()
    ]
    title = "What the map leaves open"
    bars = labelled_bars(
        values,
        order=[row["name"] for row in values],
        axis=amounts("open", "open questions", most=float(max(counts.values(), default=1))),
        told=tooltip(name="What", label="Open"),
    )
    said = [f"{row['name']}: {row['label']}" for row in values]
    return Chart(title, {"title": heading(title, subtitle), **bars}, described(title, said))
