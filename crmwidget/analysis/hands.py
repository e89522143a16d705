"""Who does what, as SQL: where work passes to another, how long it waits there, and what comes straight back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.engine import literal
from crmwidget.data.event_sql import median_and_p95_sql
from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["BACK_SQL", "FLOW_HANDS_SQL", "PAIRS_SQL", "WHOLE_SQL", "who_sql", "with_hands"]

# attributes of a log that say who, the most exact first; and those of a node
USUAL = ("resource", "org:resource", "owner", "user", "agent", "team", "group", "org:group", "department", "role")
OF_NODES = ("team", "owner")

_STEPS = (
    "select case_id, place, activity, next_activity, WAITED as waited_us, who, "
    "lead(who) over (partition by case_id order by place) as next_who from "
    "(select case_id, place, activity, next_activity, at_us, next_at_us, STARTED WHO as who from {steps}) known"
)
_TAKEN = f"(select * from ({_STEPS}) steps_taken where next_activity is not null)"
_HANDED = "who <> next_who"  # not known, and so not true, where either is missing
_KEPT = "who = next_who"


def _times(condition: str, name: str = "") -> str:
    timed = f"case when {condition} then waited_us end"
    return (
        f"count({timed}) as n_timed{name}, "
        f"{median_and_p95_sql(timed, median=f'median_us{name}', p95=f'p95_us{name}')}, "
        f"sum(cast({timed} as double)) as total_us{name}"
    )


PAIRS_SQL = (
    f"select who, next_who, count(*) as n, count(distinct case_id) as n_cases, {_times('1 = 1')} "
    f"from {_TAKEN} taken where {_HANDED} group by who, next_who"
)
FLOW_HANDS_SQL = (
    f"select activity, next_activity, sum(case when {_HANDED} then 1 else 0 end) as n_handed, "
    f"count(distinct case when {_HANDED} then case_id end) as n_handed_cases, "
    f"sum(case when {_KEPT} then 1 else 0 end) as n_kept, "
    f"count(distinct case when {_KEPT} then case_id end) as n_kept_cases, "
    f"{_times(_HANDED)} from {_TAKEN} taken group by activity, next_activity order by activity, next_activity"
)
WHOLE_SQL = (
    f"select count(*) as n_steps, sum(case when {_HANDED} then 1 else 0 end) as n_handed, "
    f"sum(case when {_KEPT} then 1 else 0 end) as n_kept, "
    f"count(distinct case when {_HANDED} then case_id end) as n_handed_cases, "
    f"count(distinct case when {_KEPT} then case_id end) as n_kept_cases, "
    f"{_times(_HANDED, '_handed')}, {_times(_KEPT, '_kept')} from {_TAKEN} taken"
)
# of each hand-over: whether the next one of the same case goes straight back
BACK_SQL = (
    "select who, next_who, count(*) as n_returned, count(distinct case_id) as n_returned_cases from "
    "(select case_id, who, next_who, lead(who) over (partition by case_id order by place) as then_from, "
    "lead(next_who) over (partition by case_id order by place) as then_to "
    f"from {_TAKEN} taken where {_HANDED}) handed "
    "where then_from = next_who and then_to = who group by who, next_who"
)


def with_hands(query: str, log: EncodedLog, who: str) -> str:
    """One of these queries, for a log and what says who in it."""
    started, waited = "", "next_at_us - at_us"
    if log.has_start:
        started = "next_started_us,"
        waited = (
            "case when next_started_us > at_us then next_started_us - at_us when next_started_us is not null then 0 end"
        )
    return query.replace("STARTED", started).replace("WAITED", waited).replace("WHO", who)


def who_sql(m: MapModel, log: EncodedLog, node_of: Any, by: str | None) -> tuple[str, str]:
    """What says who does an event, as SQL, and in words.

    Raises
    ------
    AnalysisError
        There is no such attribute, or nothing says who.
    """
    if by is not None and not isinstance(by, str):
        raise AnalysisError(f"by= is the name of an attribute; given {shorten(by)}.")
    chosen = by or next((name for name in USUAL if name in log.attributes), None)
    if chosen in log.attributes:
        return f"nullif(trim({log.text_of(chosen)}), '')", f"{chosen} of the log"
    of_nodes = [name for name in OF_NODES if any(m.graph.nodes[node].get(name) for node in node_of.values())]
    if by is None and of_nodes:
        chosen = of_nodes[0]
    if chosen in of_nodes:
        return _of_nodes(m, log, node_of, chosen), f"{chosen} of each stage on the map"
    if by is not None:
        known = [*log.attributes, *of_nodes]
        raise AnalysisError(
            f"Nothing is called {shorten(by)} that could say who does the work; "
            f"{nearest(by, known, noun='attributes')}. EventLog(…, attributes=[{by!r}]) keeps a column."
        )
    raise AnalysisError(
        "Nothing says who does the work: keep a column of it, EventLog(…, attributes=['owner']), or give the stages a "
        "team, m.update(stage, team='Sales')."
    )


def _of_nodes(m: MapModel, log: EncodedLog, node_of: Any, name: str) -> str:
    whens = [
        f"when {code} then {_text(str(m.graph.nodes[node_of[label]][name]))}"
        for code, label in log.labels.items()
        if label in node_of and m.graph.nodes[node_of[label]].get(name)
    ]
    return f"case activity {' '.join(whens)} end"


def _text(name: str) -> str:
    """A text as SQL, its braces left for the templates of tables to skip."""
    return literal(name).replace("{", "{{").replace("}", "}}")
