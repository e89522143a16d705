"""Ways that cases may have taken as far as anybody can tell: what first visits tell where cases come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from crmwidget.analysis.conversion_visits import Ending, Visit

__all__ = ["first_visits", "possible_ways"]

Way = tuple[str, ...]
MOST_WAYS = 1_500  # of all segments together; fewer ways only mean that more is held back
LONGEST = 14
GAP = ""  # an event follows that is not known


def first_visits(
    every: Mapping[Visit, int], endings: Mapping[str, Ending], *, has_window: bool
) -> list[tuple[Visit, ...]]:
    """The first visits of a case on each way that is tried, and in a window how each of them may have been watched."""
    ways = possible_ways(every, most=MOST_WAYS // (24 if has_window else 1))
    found: dict[tuple[Visit, ...], None] = {}
    for way, segment in ways:
        for usual in (0, 1, 2) if has_window else (0,):
            found[_visits_on(way, segment, endings, usual, None, 0)] = None
            for stage in dict.fromkeys(way) if has_window else ():
                for other in {0, 1, 2} - {usual}:
                    found[_visits_on(way, segment, endings, usual, stage, other)] = None
    return list(found)


def possible_ways(every: Mapping[Visit, int], *, most: int = MOST_WAYS) -> list[tuple[Way, object]]:
    """Ways with a segment each: from where cases begin, over flows that are taken, to where cases end.

    `every` has all visits. Of each segment there are the shortest ways, and one over each of its flows.
    """
    segments = list(dict.fromkeys(visit.segment for visit in every))
    found: list[tuple[Way, object]] = []
    for segment in segments:
        onward: dict[str, list[str]] = defaultdict(list)
        begun: dict[str, int] = defaultdict(int)
        ends: dict[str, None] = {}
        gaps: dict[str, None] = {}
        for visit, n in every.items():
            if visit.segment != segment:
                continue
            begun[visit.activity] += n
            if visit.target is not None:
                onward[visit.activity].append(visit.target)
                begun[visit.target] -= n
            elif visit.stays:
                ends[visit.activity] = None
            else:
                gaps[visit.activity] = None
        begins = sorted(stage for stage, n in begun.items() if n > 0)
        found += [(way, segment) for way in _ways(begins, onward, ends, gaps, most // len(segments))]
    return found


def _ways(
    begins: list[str], onward: Mapping[str, list[str]], ends: Collection[str], gaps: Collection[str], most: int
) -> list[Way]:
    steps = {stage: sorted(set(targets)) for stage, targets in onward.items()}
    found: dict[Way, None] = {}
    waiting: list[Way] = [(stage,) for stage in begins]
    first: dict[str, Way] = {}
    for way in waiting:  # grows while it is gone through: the shorter ways come first
        first.setdefault(way[-1], way)
        if len(found) < most and way[-1] in ends:
            found[way] = None
        if len(way) < LONGEST and len(waiting) < 8 * most:
            waiting += [(*way, stage) for stage in steps.get(way[-1], ())]
    last: dict[str, Way] = {}
    behind: list[Way] = [(stage,) for stage in ends]
    for way in behind:
        if way[0] not in last:
            last[way[0]] = way
            behind += [(stage, *way) for stage, targets in steps.items() if way[0] in targets]
    for stage, targets in steps.items():
        for target in targets:
            if stage in first and target in last:
                found[(*first[stage], *last[target])] = None
    for stage in gaps:
        found |= {(*first[stage], GAP, end): None for end in ends if stage in first}
    return list(found)


def _visits_on(
    way: Way, segment: object, endings: Mapping[str, Ending], usual: int, stage_apart: str | None, other: int
) -> tuple[Visit, ...]:
    """The first visits on a way; `usual` says how they were watched, `other` how the one at the stage apart was."""
    ending = endings.get(way[-1], "open")
    found: dict[str, Visit] = {}
    for stage, target in zip(way, [*way[1:], None], strict=True):
        if stage == GAP or stage in found:
            continue
        if target == GAP:
            found[stage] = Visit(stage, None, False, ending, 0, segment)
            continue
        seen = other if stage == stage_apart else usual
        watched = min(seen, 1) if target is None else seen  # who stays has not gone on
        found[stage] = Visit(stage, target, target is None, ending, watched, segment)
    return tuple(found.values())
