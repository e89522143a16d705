"""What follows what in an event log: counts and times per flow, where cases begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crmwidget.analysis.flow_privacy import held_back
from crmwidget.analysis.time_columns import durations
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.event_sql import median_and_p95_sql
from crmwidget.data.privacy import THRESHOLD

__all__ = [
    "ACTIVITY_CASES_SQL",
    "CASES_SQL",
    "FLOWS_SQL",
    "PAIR_SQL",
    "PLACES_SQL",
    "TERMINALS_SQL",
    "FlowCounts",
    "flow_counts",
]

_BETWEEN = "next_at_us - at_us"
FLOWS_SQL = (
    "select activity, next_activity, count(*) as n, "
    f"{median_and_p95_sql(_BETWEEN)} "
    "from {steps} where next_activity is not null group by activity, next_activity order by activity, next_activity"
)
TERMINALS_SQL = (
    "select first_activity, last_activity, count(*) as n from {cases} "
    "group by first_activity, last_activity order by first_activity, last_activity"
)
PLACES_SQL = "select activity, count(*) as n, sum(place) as places from {steps} group by activity order by activity"
# a pair of activities as one number: a list of numbers is looked up, a list of conditions tried one after the other
_SHIFT = 65_536
PAIR_SQL = f"cast(activity as bigint) * {_SHIFT} + next_activity"
# in how many cases; CHOSEN stands for the condition that says of which flows, and of which activities
CASES_SQL = (
    "select activity, next_activity, count(distinct case_id) as n_cases from {steps} "
    "where next_activity is not null and (CHOSEN) group by activity, next_activity"
)
ACTIVITY_CASES_SQL = (
    "select activity, count(distinct case_id) as n_cases from {steps} where activity in (CHOSEN) group by activity"
)


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """The flows of a log.

    Attributes
    ----------
    flows
        One row per directly-follows pair, by first appearance of its activities: `source`, `target` (activities), `n`
        (how often), `n_cases` (in how many cases; missing where it was not asked for), `median_time`, `p95_time`
        (`timedelta64`, from the end of one event to the end of the next).
    activities
        Activity → how many events, in the order in which cases come by: by mean place in the case.
    starts, ends
        Activity → how many cases begin or end with it.
    hidden
        What must not be shown, because it is of fewer than 5 cases or would give such a number away:
        `("flow", source, target)`, `("start", activity)`, `("end", activity)`, `("node", activity)`.
    small
        Those of the hidden that are themselves of fewer than 5 cases.
    """

    flows: pd.DataFrame
    activities: Mapping[str, int]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    hidden: frozenset[tuple[str, ...]]
    small: frozenset[tuple[str, ...]]


def flow_counts(log: EncodedLog, *, with_cases: bool) -> FlowCounts:
    """Count a log's flows; `with_cases` also counts the cases of each, which is most of the work on a large log."""
    found = log.arrays(FLOWS_SQL, what="Counting the flows")
    pairs = list(zip(found["activity"].tolist(), found["next_activity"].tolist(), strict=True))
    counts = dict(zip(pairs, found["n"].tolist(), strict=True))
    # a flow that is taken more often than 4 of the longest cases could take it is of 5 cases at the least
    (longest,) = log.rows("select coalesce(max(n_events), 0) from {cases}")[0]
    sure = (THRESHOLD - 1) * max(1, int(longest))
    doubtful = [pair for pair in pairs if with_cases or counts[pair] <= sure]
    n_cases = _cases(log, doubtful, whole=with_cases or len(doubtful) == len(pairs))
    places = log.rows(PLACES_SQL)
    rare = [code for code, n, _ in places if n <= sure]
    of_activity = _activity_cases(log, rare)
    labels = log.labels
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for first, last, n in log.rows(TERMINALS_SQL):
        starts[first] = starts.get(first, 0) + int(n)
        ends[last] = ends.get(last, 0) + int(n)
    by_place = sorted(places, key=lambda row: (row[2] / row[1], row[0]))
    activities = {labels[code]: int(n) for code, n, _ in by_place}
    small: set[tuple[str, ...]] = {("flow", labels[a], labels[b]) for a, b in doubtful if n_cases[a, b] < THRESHOLD}
    small |= {("start", labels[code]) for code, n in starts.items() if n < THRESHOLD}
    small |= {("end", labels[code]) for code, n in ends.items() if n < THRESHOLD}
    small |= {("node", labels[code]) for code in rare if of_activity[code] < THRESHOLD}
    named_starts = {labels[code]: starts[code] for code in sorted(starts)}
    named_ends = {labels[code]: ends[code] for code in sorted(ends)}
    named = {(labels[a], labels[b]): int(n) for (a, b), n in counts.items()}
    flows = pd.DataFrame(
        {
            "source": pd.Series([pair[0] for pair in named], dtype="str"),
            "target": pd.Series([pair[1] for pair in named], dtype="str"),
            "n": pd.Series(list(named.values()), dtype="Int64"),
            "n_cases": pd.Series([n_cases.get(pair, pd.NA) if with_cases else pd.NA for pair in pairs], dtype="Int64"),
            "median_time": durations(found["median_us"]),
            "p95_time": durations(found["p95_us"]),
        }
    )
    hidden = held_back(named, named_starts, named_ends, activities, small)
    return FlowCounts(flows, activities, named_starts, named_ends, hidden, frozenset(small))


def _cases(log: EncodedLog, pairs: list[tuple[int, int]], *, whole: bool) -> dict[tuple[int, int], int]:
    if not pairs:
        return {}
    chosen = "1 = 1" if whole else f"{PAIR_SQL} in ({', '.join(str(a * _SHIFT + b) for a, b in pairs)})"
    found = log.rows(CASES_SQL.replace("CHOSEN", chosen), what="Counting the cases")
    return {(a, b): int(n) for a, b, n in found}


def _activity_cases(log: EncodedLog, codes: list[int]) -> dict[int, int]:
    if not codes:
        return {}
    found = log.rows(ACTIVITY_CASES_SQL.replace("CHOSEN", ", ".join(map(str, codes))), what="Counting the cases")
    return {code: int(n) for code, n in found}
