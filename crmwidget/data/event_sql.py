"""The SQL that makes an encoded log, in forms that every engine understands."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["HASH_PRIME", "cases_sql", "duplicates_sql", "median_and_p95_sql", "steps_sql"]

HASH_PRIME = 2_147_483_647  # products of two residues fit in 64 bits


def steps_sql(
    coded: str, *, extra: Sequence[str] = (), ties: Sequence[str] = (), has_start: bool = False, has_gaps: bool = False
) -> str:
    """One row per event that has a case, an activity and a time: what it is, its place in the case, what follows.

    `place` counts from 0. `next_activity` and `next_at_us` are missing at the last event of a case, and where an event
    without an activity lies between: what follows directly is then not known. Same times keep the order of `ties`,
    then of the rows.
    """
    window = f"over (partition by case_id order by {', '.join(('at_us', *ties, 'row_no'))})"
    place = (
        f"cast(row_number() {window} as integer) - 1"
        if not has_gaps
        else "cast(count(activity) "
        + window.removesuffix(")")
        + " rows between unbounded preceding and current row) as integer) - 1"
    )
    next_at = f"lead(at_us) {window}"
    next_start = f"lead(started_us) {window}"
    if has_gaps:
        next_at, next_start = (
            f"case when lead(activity) {window} is not null then {x} end" for x in (next_at, next_start)
        )
    columns = [
        "case_id",
        f"{place} as place",
        "activity",
        "at_us",
        f"lead(activity) {window} as next_activity",
        f"{next_at} as next_at_us",
        *(["started_us", f"{next_start} as next_started_us"] if has_start else []),
        *extra,
    ]
    dated = f"select {', '.join(columns)} from {coded} where at_us is not null"
    return f"select * from ({dated}) dated where activity is not null" if has_gaps else dated


def cases_sql() -> str:
    """One row per case: how many events, from when to when, from what to what, and two numbers that name its path.

    The path's numbers are sums of the activities' codes, each times the random residue of its place (J. Carter and M.
    Wegman, *Universal classes of hash functions*, 1979): two different paths of one length have both in common with a
    probability of 1 in 2⁶².
    """
    hashed = (
        f"cast(sum(w.weight_{n} * (s.activity + 1) % {HASH_PRIME}) as bigint) as path_{n}"  # never above 2⁶²
        for n in (1, 2)
    )
    return (
        "select s.case_id, cast(count(*) as integer) as n_events, "
        "min(s.at_us) as first_at_us, max(s.at_us) as last_at_us, "
        "max(case when s.place = 0 then s.activity end) as first_activity, "
        "cast(max(cast(s.place as bigint) * 65536 + s.activity) % 65536 as integer) as last_activity, "
        f"{', '.join(hashed)} "
        "from steps s join place_weights w on w.place = s.place "
        "group by s.case_id"
    )


def duplicates_sql(*, has_start: bool) -> str:
    """How many events repeat another of the same case, activity and time, and in how many cases."""
    same = "s.case_id, s.at_us, s.activity" + (", s.started_us" if has_start else "")
    return (
        "select cast(coalesce(sum(n - 1), 0) as bigint), count(distinct case_id) from ("
        f"select s.case_id, count(*) as n from steps s join ("
        "select distinct case_id, at_us from steps where next_at_us = at_us) tied "
        f"on tied.case_id = s.case_id and tied.at_us = s.at_us group by {same} having count(*) > 1) repeated"
    )


def median_and_p95_sql(of: str, *, median: str = "median_us", p95: str = "p95_us") -> str:
    """Two columns, the median and the 95th percentile of `of`: asked as one list, the values are gathered once.

    Missing values do not count; where there is no other, both are missing.

    Examples
    --------
    >>> median_and_p95_sql("n_events", median="half", p95="most").partition(", (")[0]
    '(percentile_cont([0.5, 0.95]) within group (order by n_events))[1] as half'
    """
    both = f"(percentile_cont([0.5, 0.95]) within group (order by {of}))"
    return f"{both}[1] as {median}, {both}[2] as {p95}"
