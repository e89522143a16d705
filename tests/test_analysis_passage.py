"""What being at a place says about the way there, held against counting every simple path."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from crmwidget.analysis.passage import passage, walked


def way_of(*pairs: tuple[str, str], **kinds: str) -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for node in dict.fromkeys(node for pair in pairs for node in pair):
        graph.add_node(node, kind=kinds.get(node, "stage"))
    graph.add_edges_from(pairs)
    return graph


@pytest.mark.parametrize("seed", range(40))
def test_on_random_maps_without_loops_it_is_what_all_simple_paths_say(seed: int) -> None:
    draw = random.Random(seed)
    n = draw.randint(3, 8)
    names = [f"n{i}" for i in range(n)]
    way: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    way.add_nodes_from(names, kind="stage")
    for i in range(n):
        for j in range(i + 1, n):
            for _ in range(draw.choice((0, 0, 1, 2)) if draw.random() < 0.6 else 0):
                way.add_edge(names[i], names[j])
    entries = [node for node in names if not way.in_degree(node)]
    simple = nx.DiGraph(way)
    found = passage(way, names)
    for place in names:
        paths = [
            path
            for entry in entries
            for path in (nx.all_simple_paths(simple, entry, place) if entry != place else [[entry]])
        ]
        steps = [set(pairwise(path)) for path in paths]
        for node in names:
            on = [node in path for path in paths]
            assert (place in found.members(found.entered[node])) == all(on)
            assert (place in found.members(found.perhaps_entered[node])) == (any(on) and not all(on))
        for pair in set(way.edges()):
            on = [pair in path for path in steps]
            assert (place in found.members(found.taken[pair])) == all(on)
            assert (place in found.members(found.perhaps_taken[pair])) == (any(on) and not all(on))
        certain = [node for node in names if node != place and all(node in path for path in paths)]
        last = max(certain, key=lambda node: paths[0].index(node)) if certain else None
        assert found.before[place] == last


def test_a_way_back_changes_nothing_but_is_marked() -> None:
    straight = way_of(("a", "b"), ("b", "c"), ("c", "d"))
    looped = way_of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("c", "c"))
    before, after = passage(straight, list("abcd")), passage(looped, list("abcd"))
    assert dict(after.entered) == dict(before.entered)
    assert dict(after.perhaps_entered) == dict(before.perhaps_entered)
    assert after.returning == {("d", "b"), ("c", "c")}
    assert after.taken["d", "b"] == after.perhaps_taken["d", "b"] == 0


def test_a_circle_that_nothing_leads_into_is_assumed_to_begin_at_its_first_node() -> None:
    pairs = (("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"))
    found = passage(way_of(*pairs), list("abcd"))
    assert found.assumed_entries == ("a",)
    assert found.members(found.entered["a"]) == ["a", "b", "c", "d"]
    assert found.returning == {("c", "a")}
    started = passage(way_of(*pairs, b="start"), list("abcd"))
    assert started.assumed_entries == ()
    assert started.members(started.entered["a"]) == ["a"]


def test_a_start_in_the_middle_opens_a_second_way() -> None:
    found = passage(way_of(("a", "b"), ("b", "c"), b="start"), list("abc"))
    assert found.members(found.entered["a"]) == ["a"]
    assert found.members(found.perhaps_entered["a"]) == ["b", "c"]


def test_only_flows_and_their_stages_are_walked() -> None:
    graph = way_of(("a", "b"))
    graph.add_node("erp", kind="system")
    graph.add_edge("erp", "b", kind="supports")
    graph.add_node("alone", kind="stage")
    assert list(walked(graph)) == ["a", "b", "alone"]
    assert walked(graph).number_of_edges() == 1


def test_ten_thousand_nodes_in_a_row_are_no_recursion() -> None:
    names = [f"n{i}" for i in range(10_000)]
    found = passage(way_of(*pairwise(names)), [names[-1]])
    assert found.members(found.entered[names[0]]) == [names[-1]]
