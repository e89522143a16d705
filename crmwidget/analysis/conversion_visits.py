"""The visits of cases to the stages of an event log, counted by all that a conversion tells apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from crmwidget.analysis.conversion_groups import outcomes_of as outcomes_of_nodes
from crmwidget.analysis.filtered import closing_activities, outcomes_of
from crmwidget.analysis.passage import walked
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.log_binding import BoundLog

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["CASES_SQL", "VISITS_SQL", "Ending", "Visit", "Visits", "counted_cases", "counted_visits", "endings_of"]

Visits: TypeAlias = Literal["first", "every"]
Ending: TypeAlias = Literal["open", "won", "lost", "other"]
_ENDINGS: tuple[Ending, ...] = ("open", "won", "lost", "other")

# A visit is of one event or of several of one activity that follow each other directly; after an event that is not
# known a new one begins. ENDING stands for the number of how the case ended, WATCHED for what was seen of the visit,
# CHOSEN for the condition on visits, SEGMENT and SEGMENTS for the column of the segment and the table that has it.
VISITS_SQL = (
    "select activity, going_to, is_last, ending, watched, SEGMENT as segment, count(*) as n from ("
    "select v.case_id, v.activity, v.going_to, v.nth, case when v.place = c.n_events - 1 then 1 else 0 end as is_last, "
    "ENDING as ending, WATCHED as watched from ("
    "select case_id, activity, since_us, until_us, going_to, place, "
    "row_number() over (partition by case_id, activity order by visit) as nth from ("
    "select case_id, visit, activity, min(at_us) as since_us, max(place) as place, "
    "max(case when next_activity <> activity then next_activity end) as going_to, "
    "max(case when next_activity <> activity then next_at_us end) as until_us from ("
    "select case_id, place, activity, at_us, next_activity, next_at_us, "
    "sum(begins) over (partition by case_id order by place rows between unbounded preceding and current row) as visit "
    "from (select case_id, place, activity, at_us, next_activity, next_at_us, "
    "case when lag(activity) over (partition by case_id order by place) = activity "
    "and lag(next_activity) over (partition by case_id order by place) is not null then 0 else 1 end as begins "
    "from {steps}) marked) numbered group by case_id, visit, activity) grouped) v "
    "join (select case_id, n_events, last_activity from {cases}) c on c.case_id = v.case_id) told SEGMENTS"
    "where CHOSEN group by activity, going_to, is_last, ending, watched, SEGMENT"
)
CASES_SQL = (
    "select last_activity, SEGMENT as segment, count(*) as n from (select case_id, last_activity from {cases}) told "
    "SEGMENTS"
    "group by last_activity, SEGMENT"
)
_SEGMENTS = (
    "left join (select case_id as of_case, COLUMN as segment from {steps} where place = 0) s "
    "on s.of_case = told.case_id "
)


class Visit(NamedTuple):
    """What is told of a visit; equal ones are counted together.

    `target` is the next activity; without one the case `stays` at the stage as its last, or what followed is not known.
    `watched` is 0 where a window is not over yet, 1 where it is over and the case had not moved on by then, 2 where it
    had.
    """

    activity: str
    target: str | None
    stays: bool
    ending: Ending
    watched: int
    segment: object


def counted_visits(
    log: EncodedLog,
    endings: Mapping[str, Ending],
    *,
    visits: Visits,
    within_us: int | None,
    by: str | None,
) -> dict[Visit, int]:
    """How many visits are of each kind; `visits="first"` has only the first of each case to each stage."""
    codes = {label: code for code, label in log.labels.items()}
    parts = []
    for number, ending in enumerate(_ENDINGS):
        meant = [str(codes[label]) for label, its in endings.items() if its == ending]
        if meant:
            parts.append(f"when c.last_activity in ({', '.join(meant)}) then {number}")
    watched = "0"
    if within_us is not None:
        (last,) = log.rows("select coalesce(max(last_at_us), 0) from cases")[0]  # of the whole log: how far it is known
        is_known = "(v.going_to is not null or v.place = c.n_events - 1)"
        watched = (
            f"case when {is_known} and v.since_us <= {int(last) - within_us} then "
            f"case when v.until_us - v.since_us <= {within_us} then 2 else 1 end else 0 end"
        )
    said = _by_segment(VISITS_SQL, log, by)
    for word, means in {
        "ENDING": f"case {' '.join(parts)} else 0 end" if parts else "0",
        "WATCHED": watched,
        "CHOSEN": "nth = 1" if visits == "first" else "1 = 1",
    }.items():
        said = said.replace(word, means)
    found: dict[Visit, int] = {}
    for activity, target, is_last, ending, seen, *rest in log.rows(said, what="Counting the visits"):
        visit = Visit(
            log.labels[activity],
            None if target is None else log.labels[target],
            target is None and bool(is_last),
            _ENDINGS[int(ending)],
            int(seen),
            _segment(rest[0]) if by is not None else None,
        )
        found[visit] = found.get(visit, 0) + int(rest[-1])
    return found


def counted_cases(
    log: EncodedLog, endings: Mapping[str, Ending], *, by: str | None
) -> dict[tuple[Ending, object], int]:
    """How many cases ended how, by segment."""
    found: dict[tuple[Ending, object], int] = {}
    for last, *rest in log.rows(_by_segment(CASES_SQL, log, by)):
        key = endings.get(log.labels[last], "open"), _segment(rest[0]) if by is not None else None
        found[key] = found.get(key, 0) + int(rest[-1])
    return found


def _by_segment(query: str, log: EncodedLog, by: str | None) -> str:
    for word, means in {
        "SEGMENTS": _SEGMENTS.replace("COLUMN", f"a_{log.attributes.index(by)}") if by is not None else "",
        ", SEGMENT as segment": ", s.segment as segment" if by is not None else "",
        ", SEGMENT": ", s.segment" if by is not None else "",
    }.items():
        query = query.replace(word, means)
    return query


def endings_of(m: MapModel, bound: BoundLog) -> tuple[dict[str, Ending], str]:
    """The activities that close a case, each with how, and a sentence that says how that is known.

    As the map's filter has it: the log's `ends`, else the ends on the map and nodes with an outcome. Without `ends` a
    node without a way out whose name says won or lost closes a case too, as for a table.
    """
    by_outcome = outcomes_of(m, bound)
    found: dict[str, Ending] = {}
    is_said = bool(closing_activities(m, bound))  # where nothing says what closes a case, all that is left is "other"
    for outcome in _ENDINGS[1:] if is_said else _ENDINGS[1:3]:
        found.update(dict.fromkeys(by_outcome.get(outcome, ()), outcome))
    if not bound.log.ends:
        of_node, _ = outcomes_of_nodes(walked(m.graph))
        for activity, node in bound.match().node_of.items():
            if node in of_node:
                found[activity] = of_node[node]
    if not found:
        return {}, (
            "Nothing says which activities close a case, so each is open at its last stage: EventLog(…, ends=[…]), or "
            "a node with an outcome."
        )
    how = [f"{activity} ({'closed' if ending == 'other' else ending})" for activity, ending in found.items()]
    return found, f"A case is closed by {', '.join(how)}; else it is open, whatever its age, and never counted as lost."


def _segment(value: object) -> object:
    """A value as one plain thing to group by; what is no number counts as missing."""
    return None if value is None or value != value else value
