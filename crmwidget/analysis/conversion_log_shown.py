"""What of a conversion from a log may leave the kernel: nothing of few, nor what a few could be worked out from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmwidget.analysis.conversion_visits import Ending, Visit, Visits
from crmwidget.analysis.conversion_ways import first_visits
from crmwidget.data.linked_counts import hidden_rows, hidden_sums
from crmwidget.data.log_binding import BoundLog

__all__ = ["Asked", "HeldBack", "held_back", "public_table"]

Test: TypeAlias = Callable[[Visit], bool]
Query: TypeAlias = Hashable
Row: TypeAlias = "tuple[NDArray[np.bool_], int]"
ALL = "all segments"
MOST_STAGES = 500
MOST_ADDED = 100_000_000  # what each way adds to each count, a byte each
# what each derived number is made of: it is held back with its parts
PARTS = {
    "forward_rate": ("n_forward", "n_entered"),
    "lost_rate": ("n_lost_here", "n_entered"),
    "forward_of_left": ("n_forward", "n_left"),
    "won_of_entered": ("n_won", "n_entered"),
    "win_rate_of_closed": ("n_won", "n_closed"),
    "in_time_rate": ("n_in_time", "n_observed"),
    "late_rate": ("n_late", "n_observed"),
}
FLOW_PARTS = {"taken_rate": ("n_taken", "n_source_entered"), "in_time_rate": ("n_in_time", "n_source_observed")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a log; the visits counted, the cases by how they ended and segment, and all visits."""

    bound: BoundLog
    by: str | None
    window: dt.timedelta | None
    visits: Visits
    endings: Mapping[str, Ending]
    stages: tuple[str, ...]
    counts: Mapping[Visit, int]
    cases: Mapping[tuple[Ending, object], int]
    segments: Mapping[object, str]
    every: Mapping[Visit, int]
    _at: dict[str, list[tuple[Visit, int]]] = field(default_factory=dict)

    @property
    def measures(self) -> dict[str, Test]:
        """The counts of a stage, each with the condition on its visits."""
        lost = {stage for stage, ending in self.endings.items() if ending == "lost"}
        found: dict[str, Test] = {
            "n_entered": lambda v: True,
            "n_forward": lambda v: v.target is not None and v.target not in lost,
            "n_lost_here": lambda v: v.target in lost,
            "n_open": lambda v: v.stays and v.ending == "open",
            "n_ended": lambda v: v.stays and v.ending != "open",
            "n_unknown": lambda v: v.target is None and not v.stays,
            "n_left": lambda v: v.target is not None,
            "n_won": lambda v: v.ending == "won",
            "n_lost": lambda v: v.ending == "lost",
            "n_closed": lambda v: v.ending in ("won", "lost"),
            "n_under_way": lambda v: v.ending == "open",
        }
        if self.window is not None:
            found |= {
                "n_observed": lambda v: v.watched > 0,
                "n_in_time": lambda v: v.watched == 2 and v.target not in lost,
                "n_lost_in_time": lambda v: v.watched == 2 and v.target in lost,
                "n_late": lambda v: v.watched == 1,
            }
        return found

    @property
    def rates(self) -> list[str]:
        return [name for name in PARTS if self.window is not None or name not in ("in_time_rate", "late_rate")]

    def has(self, ending: Ending) -> bool:
        """Whether any activity of the log means this."""
        return ending in self.endings.values()

    def chosen(self, *, split: bool) -> list[object]:
        """The segments, or one that stands for all of them."""
        return list(self.segments) if split else [ALL]

    def rows(self, *, split: bool) -> list[tuple[str, object]]:
        return [(stage, segment) for stage in self.stages for segment in self.chosen(split=split)]

    def pairs(self) -> list[tuple[str, str]]:
        """The flows that were taken, in the order of the stages."""
        place = {stage: i for i, stage in enumerate(self.stages)}
        found = {(visit.activity, visit.target) for visit in self.counts if visit.target is not None}
        return sorted(found, key=lambda pair: (place[pair[0]], place[pair[1]]))

    def visits_of(self, stage: str, segment: object, test: Test) -> dict[Visit, int]:
        if not self._at:
            for visit, n in self.counts.items():
                self._at.setdefault(visit.activity, []).append((visit, n))
        return {
            visit: n
            for visit, n in self._at.get(stage, [])
            if (segment is ALL or visit.segment == segment) and test(visit)
        }

    def count(self, stage: str, segment: object, test: Test) -> int:
        return sum(self.visits_of(stage, segment, test).values())


HeldBack: TypeAlias = frozenset[Query]


def held_back(asked: Asked) -> HeldBack:
    """The counts that are held back: `("stage", stage, segment, name)` and `("flow", source, target, segment, name)`.

    What goes into a stage comes out of it, by segment and by how cases ended, so the counts of all stages hang
    together: the entries of a stage follow from the flows into it. Entries that no flow explains (where cases begin,
    come again, or come from what is not known) are a number of their own, which may be of few as well. Where each case
    counts once, those at a stage and those that never were there are all the cases that ended so. Where cases come back
    to where they were, first visits do not come out of each other, and `held_by_ways` looks at whole ways instead.
    """
    if len(asked.stages) > MOST_STAGES:
        return _every_count(asked)
    if asked.visits == "first" and sum(asked.every.values()) > sum(asked.counts.values()):
        return held_by_ways(asked)
    sizes: dict[Hashable, int] = dict(asked.counts.items())
    laws: dict[Hashable, dict[Hashable, int]] = defaultdict(dict)
    entries: dict[Hashable, int] = defaultdict(int)
    here: dict[Hashable, dict[Hashable, int]] = defaultdict(dict)
    for visit, n in asked.counts.items():
        at = (visit.activity, visit.ending, visit.segment)
        laws[at][visit] = here[at][visit] = 1
        entries[at] += n
        if visit.target is not None:
            to = (visit.target, visit.ending, visit.segment)
            laws[to][visit] = -1
            entries[to] -= n
    whole: dict[Hashable, int] = {}
    for place, n in entries.items():  # so that the sum of each law is 0
        sizes["else", place] = n
        laws[place]["else", place] = -1
        whole["else", place] = 1
    # how many cases there are is said; where each is counted once, that is the sum of all that begin somewhere
    sizes["again"] = asked.bound.log.n_cases - sum(entries.values())
    whole["again"] = 1
    known: list[Mapping[Hashable, int]] = [*laws.values(), whole]
    if asked.visits == "first":
        known.append({("case", *key): 1 for key in asked.cases})
        for (ending, segment), n in asked.cases.items():
            sizes["case", ending, segment] = n
            for stage in asked.stages:
                at = (stage, ending, segment)
                sizes["never", at] = n - sum(asked.counts[visit] for visit in here[at] if isinstance(visit, Visit))
                known.append({**here[at], ("never", at): 1, ("case", ending, segment): -1})
    queries: dict[Query, dict[Hashable, int]] = {}
    rests: list[dict[Hashable, int]] = []
    for segment in (*asked.chosen(split=False), *(asked.chosen(split=True) if asked.by is not None else ())):
        for stage in asked.stages:
            found = {name: _ones(asked, stage, segment, test) for name, test in asked.measures.items()}
            queries.update({("stage", stage, segment, name): ones for name, ones in found.items()})
            rests += [_rest(found["n_entered"], ones) for ones in found.values()]
            if asked.visits == "first":
                ended = [key for key in asked.cases if segment is ALL or key[1] == segment]
                rests.append({("never", (stage, *key)): 1 for key in ended})
            if asked.window is not None:
                rests += [_rest(found["n_observed"], found[name]) for name in ("n_in_time", "n_lost_in_time", "n_late")]
        for source, target in asked.pairs():
            taken = _ones(asked, source, segment, lambda v, target=target: v.target == target)  # type: ignore[misc]
            queries["flow", source, target, segment, "n_taken"] = taken
            rests.append(_rest(queries["stage", source, segment, "n_entered"], taken))
            if asked.window is not None:
                in_time = _ones(asked, source, segment, lambda v, target=target: v.target == target and v.watched == 2)  # type: ignore[misc]
                queries["flow", source, target, segment, "n_in_time"] = in_time
                rests.append(_rest(queries["stage", source, segment, "n_observed"], in_time))
    return hidden_sums(queries, sizes, known=known, secrets=rests)


def held_by_ways(asked: Asked) -> HeldBack:
    """The same for first visits where cases come back, by the ways that cases may have taken.

    Whoever sees the counts knows that each case took some way, and not which. What can be worked out, whatever ways the
    cases took, can be worked out on some of these ways as well: so a count is held back if a small group would follow
    from it even if there were no other ways than those that are tried.
    """
    ways = first_visits(asked.every, asked.endings, has_window=asked.window is not None)
    n_segments = 1 if asked.by is None else 1 + len(asked.segments)
    n_counts = len(asked.stages) * len(asked.measures) + 2 * len(asked.pairs())
    if n_segments * n_counts * len(ways) > MOST_ADDED:
        return _every_count(asked)
    at: dict[str, list[tuple[int, Visit]]] = defaultdict(list)
    for number, way in enumerate(ways):
        for visit in way:
            at[visit.activity].append((number, visit))

    def row(stage: str, segment: object, test: Test) -> Row:
        """What each way adds to a count, and the count."""
        adds = np.zeros(len(ways), dtype=bool)
        adds[[number for number, v in at[stage] if (segment is ALL or v.segment == segment) and test(v)]] = True
        return adds, asked.count(stage, segment, test)

    def rest(whole: Row, part: Row) -> Row:
        return whole[0] & ~part[0], whole[1] - part[1]

    rows: dict[Query, Row] = {}
    secrets: list[Row] = []
    for segment in (*asked.chosen(split=False), *(asked.chosen(split=True) if asked.by is not None else ())):
        of_segment = [segment is ALL or way[0].segment == segment for way in ways]
        for stage in asked.stages:
            found = {name: row(stage, segment, test) for name, test in asked.measures.items()}
            rows.update({("stage", stage, segment, name): one for name, one in found.items()})
            secrets += [rest(found["n_entered"], one) for one in found.values()]
            n_cases = sum(n for key, n in asked.cases.items() if segment is ALL or key[1] == segment)
            secrets.append(rest((np.array(of_segment), n_cases), found["n_entered"]))
            if asked.window is not None:
                parts = ("n_in_time", "n_lost_in_time", "n_late")
                secrets += [rest(found["n_observed"], found[name]) for name in parts]
        for source, target in asked.pairs():
            whole = rows["stage", source, segment, "n_entered"]
            rows["flow", source, target, segment, "n_taken"] = row(source, segment, lambda v, to=target: v.target == to)  # type: ignore[misc]
            secrets.append(rest(whole, rows["flow", source, target, segment, "n_taken"]))
            if asked.window is not None:
                in_time = row(source, segment, lambda v, to=target: v.target == to and v.watched == 2)  # type: ignore[misc]
                rows["flow", source, target, segment, "n_in_time"] = in_time
                secrets.append(rest(rows["stage", source, segment, "n_observed"], in_time))
    return hidden_rows(rows, known=[np.ones(len(ways), dtype=bool)], secrets=secrets)


def _every_count(asked: Asked) -> HeldBack:
    """All counts: of so many activities nobody reads them on a map, and which of them tell what would take for ever."""
    segments = (*asked.chosen(split=False), *(asked.chosen(split=True) if asked.by is not None else ()))
    names = list(asked.measures)
    stages = {("stage", stage, segment, name) for segment in segments for stage in asked.stages for name in names}
    taken = ("n_taken", "n_in_time")
    return frozenset(
        stages | {("flow", *pair, segment, name) for segment in segments for pair in asked.pairs() for name in taken}
    )


def _ones(asked: Asked, stage: str, segment: object, test: Test) -> dict[Hashable, int]:
    return dict.fromkeys(asked.visits_of(stage, segment, test), 1)


def _rest(whole: Mapping[Hashable, int], part: Mapping[Hashable, int]) -> dict[Hashable, int]:
    return {visit: 1 for visit in whole if visit not in part}


def public_table(asked: Asked, table: pd.DataFrame, held: HeldBack) -> pd.DataFrame:
    """A table of stages or of flows without what is held back."""
    public = table.copy()
    is_flows = "target" in table
    named = {text: segment for segment, text in asked.segments.items()}
    rows = table.to_dict("records")
    segments = [named[row["segment"]] if "segment" in row else ALL for row in rows]

    def query(name: str, row: dict[Any, Any], segment: object) -> Query:
        if not is_flows:
            return "stage", row["activity"], segment, name
        if name.startswith("n_source_"):
            return "stage", row["source"], segment, f"n_{name.removeprefix('n_source_')}"
        return "flow", row["source"], row["target"], segment, name

    def is_held(name: str) -> NDArray[np.bool_]:
        found = [query(name, row, segment) in held for row, segment in zip(rows, segments, strict=True)]
        return np.array(found, dtype=bool)

    parts = FLOW_PARTS if is_flows else PARTS
    for name in table.columns:
        if name.startswith("n_"):
            public.loc[is_held(name), name] = pd.NA
        elif name in parts:
            public.loc[np.logical_or.reduce([is_held(part) for part in parts[name]]), name] = float("nan")
    return public
