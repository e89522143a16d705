"""What was found wrong or remarkable in an event log, how often, and what was done about it: counts, never rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from crmwidget.data.numerals import number_text

__all__ = ["Issue", "issue_table"]

# kind → what was done, and the sentence; {n} is the number of events, {c} of cases, {x} whatever else is to be said
KINDS: dict[str, tuple[str, str]] = {
    "missing_case": ("left out", "{n} without a case: nothing says where they belong."),
    "missing_activity": (
        "left out",
        "{n} without an activity, in {c}: what comes before and after them does not count as following directly.",
    ),
    "missing_time": ("left out", "{n} without a time, in {c}: their place in the case is not known."),
    "unreadable_time": ("left out", "{n} with a text that is no time."),
    "undated_case": ("left out", "{c} without any event that has a time."),
    "unzoned_time": ("read", "{n} without a time zone, while others name one: read as {x}."),
    "repeated_hour": ("read", "{n} in an hour that {x} has twice: read as the first of both."),
    "skipped_hour": ("read", "{n} in an hour that {x} skips: read as if the clock had not changed."),
    "future_time": ("kept", "{n} after {x}, in {c}."),
    "future_left_out": ("left out", "{n} after {x}, in {c}."),
    "start_after_end": ("start left out", "{n} with a start after the end: the start is taken as not known."),
    "duplicate": ("kept", "{n} repeating another of the same case, activity and time, in {c}."),
    "duplicate_left_out": ("left out", "{n} repeating another of the same case, activity and time, in {c}."),
    "same_time": (
        "put in order",
        "{n} at the time of the one before, in {c}: what is of one time stands in the order of {x}.",
    ),
    "one_event_case": ("kept", "{c} of a single event: without a flow, with a throughput time of 0."),
    "open_case": ("kept", "{c} not yet at one of the ends ({x}): until then the throughput time is not known."),
    "near_label": ("kept", "{x}: almost the same name; rename= makes them one activity."),
    "renamed": ("renamed", "{n} of an activity that rename= calls otherwise."),
    # of the shapes that CRMs export
    "no_change": ("left out", "{n} without a change: the old value is the new one."),
    "broken_chain": (
        "kept",
        "{n} not beginning where the change before ended, in {c}: one between is missing, so no flow joins the two.",
    ),
    "undated_first_stage": ("left out", "{c} in a stage before the first change; since when is not known."),
    "snapshot_precision": ("kept", "Times are those of the snapshots, which are {x} apart (median)."),
    "begun_before": ("kept", "{c} in the first snapshot; since when in that stage is not known."),
    "vanished_case": ("kept", "{c} no longer in the last snapshot."),
    "out_of_order": ("kept", "{c} with dates that run against the order of the stages."),
    # of XES
    "other_transition": ("left out", "{n} of neither the start nor the completion of an activity ({x})."),
    "unfinished": (
        "kept",
        "{n} with a start and no completion: put at the start, with the service time open.",
    ),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was found.

    Attributes
    ----------
    kind
        Its name, such as `"missing_time"`.
    n_events, n_cases
        How many it is about; None where it is not counted.
    treatment
        What was done: `"left out"`, `"kept"`, `"read"` …
    sentence
        The same for reading.
    """

    kind: str
    n_events: int | None
    n_cases: int | None
    treatment: str
    sentence: str

    @classmethod
    def of(cls, kind: str, n_events: int | None = None, n_cases: int | None = None, told: str = "") -> Issue:
        treatment, sentence = KINDS[kind]
        n = _counted(n_events, "event") if n_events is not None else ""
        c = _counted(n_cases, "case") if n_cases is not None else ""
        return cls(kind, n_events, n_cases, treatment, sentence.format(n=n, c=c, x=told))


def issue_table(issues: Iterable[Issue]) -> pd.DataFrame:
    """One row per issue: `issue`, `n_events`, `n_cases` (Int64, missing where not counted), `treatment`, `sentence`."""
    rows = [(i.kind, i.n_events, i.n_cases, i.treatment, i.sentence) for i in issues]
    table = pd.DataFrame(rows, columns=["issue", "n_events", "n_cases", "treatment", "sentence"], dtype=object)
    return table.astype(
        {"issue": "str", "n_events": "Int64", "n_cases": "Int64", "treatment": "str", "sentence": "str"}
    )


def _counted(n: int, noun: str) -> str:
    return f"{number_text(n, style='full')} {noun}{'' if n == 1 else 's'}"
