"""Counts that hang together are held back like those that do not, and what is known beside is taken into account."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmwidget.data.linked_counts import hidden_sums
from crmwidget.data.privacy import hidden_counts


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
    st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=8),
)
@settings(max_examples=100, deadline=None)
def test_with_nothing_known_it_is_the_suppression_of_disjoint_groups(sizes: list[int], parts: list[set[int]]) -> None:
    cells = dict(enumerate(sizes))
    queries = {number: [cell for cell in sorted(part) if cell in cells] for number, part in enumerate(parts)}
    ones = {number: dict.fromkeys(listed, 1) for number, listed in queries.items()}
    assert hidden_sums(ones, cells) == hidden_counts(queries, cells)


def test_what_follows_from_a_known_sum_is_held_back_too() -> None:
    cells = {"out": 60, "lost": 3, "in": 60}
    queries = {"all": {"out": 1, "lost": 1}, "lost": {"lost": 1}, "in": {"in": 1}}
    assert hidden_sums(queries, cells) == {"lost"}
    assert hidden_sums(queries, cells, known=[{"out": 1, "in": -1}]) == {"lost", "in"}


def test_a_rest_of_few_is_not_told_by_what_is_shown_of_the_others() -> None:
    cells = {"a": 2, "b": 50, "c": 2}
    queries = {"all": {"a": 1, "b": 1, "c": 1}, "b": {"b": 1}}
    assert hidden_sums(queries, cells, secrets=[{"a": 1, "c": 1}]) == {"b"}


def test_a_known_sum_that_would_give_a_few_away_is_passed_over() -> None:
    assert hidden_sums({"a": {"a": 1}, "b": {"b": 1}}, {"a": 3, "b": 9}, known=[{"a": 1}]) == {"a"}
