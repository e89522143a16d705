"""Slow to close as a chart: how old open cases are beside what closed ones took, and where the slow ones stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import (
    MOST_ROWS,
    STEP,
    WIDTH,
    Rows,
    amounts,
    described,
    heading,
    names,
    panel,
    parts_of,
    tooltip,
)
from crmwidget.analysis.chart_theme import Colour
from crmwidget.analysis.table_cells import count_of
from crmwidget.data.durations import duration_text
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import is_small

__all__ = ["AGES_SQL", "curve", "slow_to_close_chart"]

STEPS = 48  # of the time that is shown; beyond it all counts as the last
OPEN, CLOSED = "Open: age so far", "Closed: what they took"
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_WIDTHS = tuple(
    number * unit
    for unit, numbers in (
        (1.0, (1, 5, 15)),
        (_MINUTE, (1, 5, 15)),
        (_HOUR, (1, 3, 6, 12)),
        (_DAY, (1, 2, 5, 10, 20, 30, 60, 90, 180, 365)),
    )
    for number in numbers
)
_AXIS = ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes"), (1.0, "seconds"))
# WIDTH stands for the length of a step in microseconds, CLOSED for the condition that says which cases are
AGES_SQL = (
    "select step, count(*) as n from (select cast(floor(cast(last_at_us - first_at_us as double) / WIDTH) as bigint) "
    "as step from {cases} where CLOSED) aged group by step order by step"
)
LONGEST_SQL = (
    "select percentile_cont(0.98) within group (order by last_at_us - first_at_us) as longest_us from {cases} "
    "where CLOSED"
)


def slow_to_close_chart(
    log: EncodedLog,
    closed: str,
    table: pd.DataFrame,
    stages: Mapping[str, tuple[int | None, int | None]],
    *,
    unusual: float,
    has_open: bool,
) -> Chart:
    """Two cumulative curves, and under them the open cases of each stage, the slow ones apart.

    `stages` has of each stage how many are open and how many of these slow; None is held back. No step of a curve is of
    1 to 4 cases.
    """
    (longest,) = log.rows(LONGEST_SQL.replace("CLOSED", closed))[0]
    ages = table["age"].dt.total_seconds()
    far = max(float(longest or 0.0) / 1e6, float(ages.quantile(0.98)) if len(ages) else 0.0)
    width = next((one for one in _WIDTHS if far <= one * STEPS), far / STEPS)
    said = AGES_SQL.replace("WIDTH", str(round(width * 1e6))).replace("CLOSED", closed)
    n_closed: dict[int, int] = {}
    for step, n in log.rows(said, what="Counting what closed cases took"):
        n_closed[min(int(step), STEPS)] = n_closed.get(min(int(step), STEPS), 0) + int(n)
    n_open: dict[int, int] = {}
    for step in (ages // width).astype("int64").tolist():
        n_open[min(step, STEPS)] = n_open.get(min(step, STEPS), 0) + 1
    size, unit = next(((size, unit) for size, unit in _AXIS if width * STEPS >= 2 * size), _AXIS[-1])
    values: Rows = []
    for part, counts in ((CLOSED, n_closed), (OPEN, n_open if has_open else {})):
        n_all = sum(counts.values())
        values += [
            {
                "part": part,
                "age": place * width / size,
                "share": n / n_all if n_all else 0.0,
                "told": f"{percent_text(n / n_all)}, {count_of(n)} of {count_of(n_all)}",
                "at": duration_text(place * width),
            }
            for place, n in curve(counts)
        ]
    usual = next((row for row in values if row["part"] == CLOSED and row["share"] >= unusual), None)
    subtitle = f"{percent_text(usual['share'])} of the closed cases took less than {usual['at']}" if usual else ""
    title = "How old open cases are, and where the slow ones stand"
    bars, told = _bars(stages)
    drawn = [_curves(values, unit, unusual), *([bars] if told else [])]
    lines = [subtitle] if subtitle else []
    return Chart(
        title,
        {
            "title": heading(title, subtitle),
            "vconcat": drawn,
            "spacing": 26,
            "resolve": {"scale": {"color": "independent"}},
        },
        described(title, [*lines, *told]),
    )


def curve(counts: Mapping[int, int]) -> list[tuple[int, int]]:
    """A cumulative count by steps: (end of the step, how many by then), steps of few joined until they are none.

    Examples
    --------
    >>> curve({0: 7, 1: 2, 2: 1, 4: 9, 5: 3})
    [(0, 0), (1, 7), (6, 22)]
    >>> curve({0: 3})
    []
    """
    ends: list[tuple[int, int]] = [(0, 0)]
    before = 0
    for step in sorted(counts):
        before += counts[step]
        if not is_small(before - ends[-1][1]):
            if counts[step] == before - ends[-1][1] and step > ends[-1][0]:
                ends.append((step, ends[-1][1]))  # nobody in between, which is known
            ends.append((step + 1, before))
    while len(ends) > 1 and before > ends[-1][1]:  # a few are left at the end: they go with those before them
        ends.pop()
        if len(ends) > 1 and ends[-1][1] == ends[-2][1]:
            ends.pop()
        if not is_small(before - ends[-1][1]):
            ends.append((max(counts) + 1, before))
    return ends if len(ends) > 1 else []


def _curves(values: Rows, unit: str, unusual: float) -> dict[str, Any]:
    present = [part for part in (CLOSED, OPEN) if any(row["part"] == part for row in values)]
    colours = {CLOSED: Colour("faint"), OPEN: Colour("accent")}
    lines = {
        "data": {"values": values},
        "mark": {"type": "line", "point": {"size": 18}},
        "encoding": {
            "x": amounts("age", unit),
            "y": {**amounts("share", "share of the cases", is_share=True), "scale": {"domain": [0, 1]}},
            "color": parts_of({part: colours[part] for part in present}),
            "tooltip": tooltip(part="Cases", at="Up to", told="So many"),
        },
    }
    limit = {
        "data": {"values": [{"at": unusual}]},
        "mark": {"type": "rule", "strokeDash": [4, 4]},
        "encoding": {"y": {"field": "at", "type": "quantitative"}},
    }
    return {"width": WIDTH, "height": 190, "layer": [limit, lines]}


def _bars(stages: Mapping[str, tuple[int | None, int | None]]) -> tuple[dict[str, Any], Sequence[str]]:
    values: Rows = []
    labels: Rows = []
    known = [(stage, n, slow) for stage, (n, slow) in stages.items() if n]
    for stage, n, slow in sorted(known, key=lambda row: -(row[1] or 0))[:MOST_ROWS]:
        assert n is not None
        said = f"{count_of(slow)} of {count_of(n)} slow" if slow is not None else f"{count_of(n)} open"
        labels.append({"name": stage, "n": n, "label": said})
        if n > (slow or 0):
            values.append({"name": stage, "part": "Open", "from": slow or 0, "to": n, "told": said})
        if slow:
            values.append({"name": stage, "part": "Slow", "from": 0, "to": slow, "told": said})
    parts = {"Slow": Colour("bad"), "Open": Colour("whole")}
    axis = amounts("from", "open cases", most=None)
    return {
        "title": panel("Where open cases stand"),
        "width": WIDTH,
        "height": {"step": STEP},
        "encoding": {"y": names("name", [row["name"] for row in labels])},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar"},
                "encoding": {
                    "x": axis,
                    "x2": {"field": "to"},
                    "color": parts_of(
                        {part: colour for part, colour in parts.items() if part in {v["part"] for v in values}}
                    ),
                    "tooltip": tooltip(name="Stage", part="Which", told="Open cases"),
                },
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": {"field": "n", "type": "quantitative"}, "text": {"field": "label"}},
            },
        ],
    }, [f"{row['name']}: {row['label']}" for row in labels]
