"""The few numbers that a report begins with: how much data there is, of when, how it ended; and figures on cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.filtered import n_by_outcome
from crmwidget.data.durations import duration_text
from crmwidget.data.filter_choices import first_and_last_day
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import number_text, percent_text
from crmwidget.data.privacy import count_text, is_small, small_text
from crmwidget.errors import CrmWidgetError

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Headline", "Number", "headline"]

_MEDIAN_SQL = "select percentile_cont(0.5) within group (order by last_at_us - first_at_us) from {cases} where CLOSED"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what it is of."""

    label: str
    text: str
    base: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What a report begins with; `period` is the months of the data, `basis` how much data there is."""

    numbers: list[Number]
    period: str
    basis: str
    filtered: str


def headline(m: MapModel, log: LogChoice = None) -> Headline:
    """The numbers of the log that questions are asked of, of the attached tables, and of the map itself."""
    numbers, period, basis = [], "", ""
    bound = _bound(m, log)
    if bound is not None:
        numbers = _of_log(m, bound)
        period = _months(*first_and_last_day(bound.log))
        of = f" of the log “{bound.name}”" if len(m.logs) > 1 else ""
        basis = f"{count_text(bound.log.n_cases)} cases{of}"
    for name in m.tables:
        table = m.tables[name]
        one_per = f", one per {table.key}" if table.key else ""
        numbers.append(Number("Rows", count_text(table.n_rows), f"in the table “{name}”{one_per}"))
    if not numbers:
        n_flows = m.graph.number_of_edges()
        numbers.append(
            Number("Nodes", number_text(len(m.graph)), f"on the map, joined by {number_text(n_flows)} flows")
        )
    is_narrowed = bool(m.filters) and (log is None or isinstance(log, str))
    return Headline(numbers, period, basis, m.filters.text if is_narrowed else "")


def _bound(m: MapModel, log: LogChoice) -> BoundLog | None:
    """The log that is meant; none where none is, or where several are and nothing says which."""
    try:
        return attached_log(m, log)
    except CrmWidgetError:
        if log is not None:
            raise
        return None


def _of_log(m: MapModel, bound: BoundLog) -> list[Number]:
    log = bound.log
    n = log.n_cases
    found = [Number("Cases", count_text(n), f"with {_safe_count(log.n_events, n)} events")]
    ends, _ = ends_of(m, bound)
    if not ends or is_small(n):
        return found
    closed_sql = log.ended_by(ends)
    n_closed = int(log.rows(f"select count(*) from {{cases}} where {closed_sql}")[0][0])
    found.append(_share("Closed", n_closed, n, "cases"))
    if not n_closed or is_small(n_closed) or is_small(n - n_closed):
        return found  # what is of the closed cases would tell how many they are
    n_won = n_by_outcome(m, bound, ["won"])["won"]
    if n_won:
        found.append(_share("Won", n_won, n_closed, "closed"))
    ((median_us,),) = log.rows(_MEDIAN_SQL.replace("CLOSED", closed_sql))
    of = f"median of {count_text(n_closed)} closed cases"
    return [*found, Number("Throughput time", duration_text(float(median_us) / 1e6), of)]


def _safe_count(count: int, n: int) -> str:
    return small_text() if is_small(n) else number_text(count, style="full")


def _share(label: str, part: int, whole: int, noun: str) -> Number:
    """A share with both its counts; held back where it, or what it leaves, is a small group."""
    base = count_text(whole)
    if is_small(part) or is_small(whole - part):
        return Number(label, "…", f"of {base} {noun}; too few to be told apart")
    return Number(label, percent_text(part / whole), f"{count_text(part)} of {base} {noun}")


def _months(first: str, last: str) -> str:
    if not first:
        return ""
    since, until = (dt.date.fromisoformat(day) for day in (first, last))
    if (since.year, since.month) == (until.year, until.month):
        return f"{until:%B %Y}"
    return f"{since:%B}{f' {since.year}' if since.year != until.year else ''} to {until:%B %Y}"
