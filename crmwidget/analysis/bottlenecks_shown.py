"""What of bottlenecks may leave the kernel: no time of a few cases, and none from which one could be worked out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crmwidget.analysis.flow_counts import FlowCounts
from crmwidget.analysis.flow_privacy import filled
from crmwidget.analysis.table_cells import blank
from crmwidget.data.privacy import is_small

__all__ = ["Held", "public_flows", "public_stages", "withheld"]

# what is a sum over all events of a stage, or one in another unit
_SUMS = (
    "total_waiting_time",
    "total_service_time",
    "total_time",
    "time_rate",
    "mean_wip",
    "peak_wip",
    "mean_in_work",
    "utilisation_rate",
)
_TIMES = (
    "median_waiting_time",
    "p95_waiting_time",
    "median_service_time",
    "p95_service_time",
    "median_time",
    "p95_time",
)


@dataclass(frozen=True, slots=True)
class Held:
    """The stages and the flows (source, target) whose sums of time are held back."""

    stages: frozenset[str]
    flows: frozenset[tuple[str, str]]


def withheld(counts: FlowCounts, stages: pd.DataFrame, flows: pd.DataFrame, *, is_started: bool) -> Held:
    """Whose sums of time are held back.

    The waiting of a stage is the sum over the flows into it (without start times its stays are those over the flows out
    of it), and all stages together have a known time. So beside a held-back flow another of the same stage goes, the
    least frequent; where there is none the stage goes too, and beside a stage another stage.
    """
    held = {(query[1], query[2]) for query in counts.small if query[0] == "flow"}
    gone = {query[1] for query in counts.small if query[0] == "node"}
    beside = _beside(flows, is_started=is_started)
    for name in stages["activity"]:
        if not filled(held, beside.get(name, {})):
            gone.add(name)
    n_cases = dict(zip(stages["activity"], stages["n_cases"], strict=True))
    if not filled(gone, {name: n for name, n in n_cases.items() if name in beside}):  # the others have no sum to hide
        gone |= set(n_cases)
    for name in gone:  # what is shown of all its flows would tell its sum
        if not held & set(beside.get(name, {})):
            held |= set(beside.get(name, {}))
    return Held(frozenset(gone), frozenset(held))


def _beside(flows: pd.DataFrame, *, is_started: bool) -> dict[str, dict[tuple[str, str], int]]:
    """Stage → the flows that add up to its time, each with its number of cases."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    for source, target, n in zip(flows["source"], flows["target"], flows["n_cases"], strict=True):
        found.setdefault(target if is_started else source, {})[source, target] = int(n)
    return found


def public_stages(counts: FlowCounts, stages: pd.DataFrame, held: Held) -> pd.DataFrame:
    """The stages without what is held back."""
    public = stages.copy()
    hidden = {query[1] for query in counts.hidden if query[0] == "node"}
    small = {query[1] for query in counts.small if query[0] == "node"}
    ends = {name for query in counts.hidden for name in query[1:]}  # how often it is the first or last would follow
    is_hidden, is_few = stages["activity"].isin(hidden), stages["activity"].isin(small)
    public.loc[stages["activity"].isin(ends), ["n_waited", "n_served", "n_left"]] = pd.NA
    public.loc[is_hidden, ["n_events", "n_cases"]] = pd.NA
    public.loc[(stages["n_events"] - stages["n_cases"]).map(is_small).astype(bool), "n_cases"] = pd.NA  # who came twice
    is_gone = stages["activity"].isin(held.stages)
    blank(public, is_gone, _SUMS)
    blank(public, is_hidden, ("cases_per_day",))
    blank(public, is_few, _TIMES)
    if len(stages) and is_gone.all():
        public["all_time"] = pd.NaT
    return public


def public_flows(counts: FlowCounts, flows: pd.DataFrame, held: Held) -> pd.DataFrame:
    """The flows without what is held back."""
    public = flows.copy()
    pairs = list(zip(flows["source"], flows["target"], strict=True))
    is_hidden = pd.Series([("flow", *pair) in counts.hidden for pair in pairs], index=flows.index, dtype="bool")
    is_few = pd.Series([("flow", *pair) in counts.small for pair in pairs], index=flows.index, dtype="bool")
    is_held = pd.Series([pair in held.flows for pair in pairs], index=flows.index, dtype="bool")
    public.loc[is_hidden, ["n", "n_cases", "n_timed"]] = pd.NA
    blank(public, is_held, ("total_time", "time_rate"))
    blank(public, is_few, ("median_time", "p95_time"))
    if len(flows) and is_held.all():
        public["all_time"] = pd.NaT
    return public
