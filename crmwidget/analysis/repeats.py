"""Which events repeat one of their case: directly, or after something else; and how much time the repetition takes.

Only activities and flows of cases that repeat something come by.
"""

from __future__ import annotations

__all__ = ["FLOW_REPEATS_SQL", "REWORKED_SQL", "STAGE_REPEATS_SQL"]

# Most cases repeat nothing, and are left out before anything is ordered.
_REPEATING = "select case_id from {steps} group by case_id, activity having count(*) > 1"
# `visit` counts from 1 how often the case has the activity by now; what comes before is missing after a gap
_VISITS = (
    "select case_id, place, activity, at_us, next_activity, next_at_us, "
    "row_number() over (partition by case_id, activity order by place) as visit "
    f"from (select * from {{steps}}) steps_of where case_id in ({_REPEATING})"
)
_MARKED = (
    "select case_id, activity, at_us, next_activity, next_at_us, visit, "
    "lag(case when next_activity is not null then activity end) over (partition by case_id order by place) as before, "
    "lag(case when next_activity is not null then at_us end) over (partition by case_id order by place) as before_us, "
    "lead(visit) over (partition by case_id order by place) as next_visit "
    f"from ({_VISITS}) visits"
)
_IS_REPEAT = "visit > 1"
_IS_LOOP = "visit > 1 and before is not null and before = activity"
_IS_RETURN = "visit > 1 and (before is null or before <> activity)"
STAGE_REPEATS_SQL = (
    "select activity, "
    + ", ".join(
        f"sum(case when {condition} then 1 else 0 end) as n_{name}, "
        f"count(distinct case when {condition} then case_id end) as n_{name}_cases"
        for name, condition in (("repeat", _IS_REPEAT), ("loop", _IS_LOOP), ("return", _IS_RETURN))
    )
    + f", sum(case when {_IS_REPEAT} then cast(at_us - before_us as double) end) as extra_us, "
    f"percentile_cont(0.5) within group (order by case when {_IS_REPEAT} then at_us - before_us end) as median_us "
    f"from ({_MARKED}) marked group by activity order by activity"
)
_IS_BACK = "next_visit > 1 and next_activity <> activity"
FLOW_REPEATS_SQL = (
    "select activity, next_activity, "
    f"sum(case when {_IS_BACK} then 1 else 0 end) as n_return, "
    f"count(distinct case when {_IS_BACK} then case_id end) as n_return_cases, "
    f"sum(case when {_IS_BACK} and visit = 1 then 1 else 0 end) as n_begun, "
    f"count(distinct case when {_IS_BACK} and visit = 1 then case_id end) as n_begun_cases, "
    "sum(case when next_visit > 1 then cast(next_at_us - at_us as double) end) as extra_us, "
    "percentile_cont(0.5) within group (order by case when next_visit > 1 then next_at_us - at_us end) as median_us "
    f"from ({_MARKED}) marked where next_activity is not null "
    "group by activity, next_activity order by activity, next_activity"
)
# of all cases: how many repeat something, how many come back to something
REWORKED_SQL = (
    f"select count(distinct case when {_IS_REPEAT} then case_id end), "
    f"count(distinct case when {_IS_LOOP} then case_id end), "
    f"count(distinct case when {_IS_RETURN} then case_id end), "
    f"sum(case when {_IS_REPEAT} then cast(at_us - before_us as double) end) from ({_MARKED}) marked"
)
