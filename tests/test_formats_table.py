"""The three-column table becomes a map and comes back without loss."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_maps import paragraphs, words

from crmwidget.catalog import build
from crmwidget.errors import DataError
from crmwidget.formats.table import from_frame, join_actions, split_actions, to_frame

one_line = words.map(lambda text: " ".join(text.split())).filter(bool)
cells = st.none() | st.lists(paragraphs, max_size=4).map(join_actions)
rows = st.lists(st.tuples(one_line, st.none() | paragraphs, cells), min_size=1, max_size=6)


@given(rows)
def test_any_table_of_such_texts_comes_back_the_same(given_rows: list[tuple[str, str | None, str | None]]) -> None:
    table = pd.DataFrame(given_rows, columns=["Stage", "Description", "Actions"], dtype=object)
    back = to_frame(from_frame(table))
    assert [tuple(row) for row in back.itertuples(index=False)] == given_rows


@given(st.lists(paragraphs, max_size=5))
def test_actions_survive_commas_and_quotes(actions: list[str]) -> None:
    assert split_actions(join_actions(actions)) == tuple(actions)


def test_the_reference_table_comes_back_without_loss() -> None:
    table = to_frame(build("process_table"))
    elements = from_frame(table)
    assert elements.nodes == build("process_table").nodes
    assert elements.flows == build("process_table").flows
    pd.testing.assert_frame_equal(to_frame(elements), table)


def test_headings_are_read_without_regard_to_case_and_order() -> None:
    table = pd.DataFrame({" actions ": ["a, b"], "STAGE": ["Lead"]})
    assert from_frame(table).nodes == {"lead": {"kind": "stage", "label": "Lead", "actions": ("a", "b")}}


def test_missing_cells_stay_missing_and_equal_names_get_ids_of_their_own() -> None:
    table = pd.DataFrame({"Stage": ["Call", "Call"], "Description": [float("nan"), "again"], "Actions": [None, pd.NA]})
    nodes = from_frame(table).nodes
    assert list(nodes) == ["call", "call_2"]
    assert nodes["call"] == {"kind": "stage", "label": "Call"}
    assert to_frame(from_frame(table))["Description"][0] is None


def test_quotes_inside_an_action_are_only_letters() -> None:
    assert split_actions('the "A" team, "A" team, "call, mail"') == ('the "A" team', '"A" team', "call, mail")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"Stage": ["a"], "Action": ["x"]}, "did you mean 'Actions'"),
        ({"Description": ["a"]}, "no column 'Stage'"),
        ({"Stage": ["a"], "stage": ["b"]}, "'Stage' stands twice"),
        ({"Stage": []}, "no rows"),
        ({"Stage": ["a", None]}, "Row 2 has no Stage"),
        ({"Stage": ["x" * 1_000_000]}, "Row 1: 'label' holds at most 500"),
        ({"Stage": ["a"], "Description": ["b\x00"]}, "Row 1: .*control character"),
    ],
)
def test_a_wrong_table_is_refused_with_what_is_wrong_in_it(table: dict[str, list[Any]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        from_frame(pd.DataFrame(table))


def test_numbers_in_the_stage_column_become_text() -> None:
    assert [a["label"] for a in from_frame(pd.DataFrame({"Stage": [1.0, "two"]})).nodes.values()] == ["1", "two"]
