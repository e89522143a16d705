"""Which flows lead forward, and the rank (column) of every node along them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

__all__ = ["before_and_after", "components", "forward_flows", "longest_path_ranks", "shallow_flows"]

Flow = tuple[int, int]
T = TypeVar("T", bound=Hashable)


def forward_flows(count: int, flows: Iterable[Flow], starts: Iterable[int] = ()) -> list[Flow]:
    """The flows without loops, repeats and the ones that close a cycle, in the order given.

    A depth-first walk begins at `starts`, then where nothing leads to, then at what is left in order of adding; a flow
    back to a node that the walk is still inside closes a cycle. So a map that loops back to an early stage still reads
    from left to right.
    """
    unique = list(dict.fromkeys(flow for flow in flows if flow[0] != flow[1]))
    following: defaultdict[int, list[int]] = defaultdict(list)
    has_source = [False] * count
    for source, target in unique:
        following[source].append(target)
        has_source[target] = True
    fresh, inside, done = 0, 1, 2
    state = [fresh] * count
    backward: set[Flow] = set()
    for root in (*starts, *(n for n in range(count) if not has_source[n]), *range(count)):
        if state[root] != fresh:
            continue
        state[root] = inside
        walk = [(root, iter(following[root]))]
        while walk:
            node, rest = walk[-1]
            for target in rest:
                if state[target] == inside:
                    backward.add((node, target))
                elif state[target] == fresh:
                    state[target] = inside
                    walk.append((target, iter(following[target])))
                    break
            else:
                state[node] = done
                walk.pop()
    return [flow for flow in unique if flow not in backward]


def shallow_flows(count: int, forward: Sequence[Flow]) -> list[Flow]:
    """Of flows without a cycle, those that lead further from the starts in steps: for maps too tangled to rank."""
    following: defaultdict[int, list[int]] = defaultdict(list)
    has_source = [False] * count
    for source, target in forward:
        following[source].append(target)
        has_source[target] = True
    queue = [n for n in range(count) if not has_source[n]]
    steps = dict.fromkeys(queue, 0)
    for node in queue:
        for target in following[node]:
            if target not in steps:
                steps[target] = steps[node] + 1
                queue.append(target)
    return [(source, target) for source, target in forward if steps[source] < steps[target]]


def longest_path_ranks(count: int, forward: Sequence[Flow]) -> list[int]:
    """The rank of every node: one more than the highest rank before it; a source stands right before what it feeds."""
    following: defaultdict[int, list[int]] = defaultdict(list)
    waiting = [0] * count
    has_source = [False] * count
    for source, target in forward:
        following[source].append(target)
        waiting[target] += 1
        has_source[target] = True
    ranks = [0] * count
    ready = [n for n in range(count) if not waiting[n]]
    for node in ready:
        for target in following[node]:
            ranks[target] = max(ranks[target], ranks[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in range(count):
        if following[node] and not has_source[node]:
            ranks[node] = min(ranks[target] for target in following[node]) - 1
    return ranks


def before_and_after(flows: Iterable[tuple[T, T]]) -> tuple[defaultdict[T, list[T]], defaultdict[T, list[T]]]:
    """For each node those that flows lead from to it, and those that they lead to, in the order of the flows."""
    before: defaultdict[T, list[T]] = defaultdict(list)
    after: defaultdict[T, list[T]] = defaultdict(list)
    for source, target in flows:
        before[target].append(source)
        after[source].append(target)
    return before, after


def components(count: int, flows: Iterable[Flow]) -> list[list[int]]:
    """The connected parts, each in order of adding, ordered by their first node."""
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in flows:
        neighbours[source].append(target)
        neighbours[target].append(source)
    parts: list[list[int]] = []
    seen = [False] * count
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        part = [first]
        for node in part:
            for other in neighbours[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return parts
