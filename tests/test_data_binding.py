"""Tables belong to nodes or to the whole map, and their rows stay where they are."""

from __future__ import annotations

import copy
import json
import pickle

import pandas as pd
import pytest

from crmwidget.data.binding import Bindings, rows_at
from crmwidget.data.matching import match_stages
from crmwidget.errors import DataError

NODES = ["lead", "won", "lost"]
SECRET = "ann.secret@mail.example"


def deals(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["a", "b", "c"], "who": [SECRET, "bob", "cat"], "stage": ["Lead", "Won", "Won"], **columns}
    )


def test_a_name_is_found_for_an_unnamed_table_and_running_again_replaces_it() -> None:
    tables = Bindings()
    for _ in range(2):
        tables.attach(deals(), to="lead", node_ids=NODES)
        tables.attach(deals(), stage="stage", node_ids=NODES)
        tables.attach(pd.DataFrame({"other": [1]}), to="lead", node_ids=NODES)
    assert list(tables) == ["lead", "table", "lead_2"]


def test_a_given_name_is_replaced() -> None:
    tables = Bindings()
    tables.attach(deals(), name="deals", node_ids=NODES)
    tables.attach(pd.DataFrame({"x": [1]}), name="deals", node_ids=NODES)
    assert tables["deals"].columns == ["x"]


def test_a_missing_node_column_or_name_is_answered_with_the_nearest() -> None:
    tables = Bindings()
    with pytest.raises(DataError, match="did you mean 'lead'"):
        tables.attach(deals(), to="leed", node_ids=NODES)
    with pytest.raises(DataError, match="did you mean 'stage'"):
        tables.attach(deals(), stage="stagee", node_ids=NODES)
    with pytest.raises(DataError, match="did you mean 'id'"):
        tables.attach(deals(), key="ID", node_ids=NODES)
    with pytest.raises(DataError, match="reset_index"):
        tables.attach(deals().set_index("id"), key="id", node_ids=NODES)
    tables.attach(deals(), name="deals", node_ids=NODES)
    with pytest.raises(DataError, match="did you mean 'deals'"):
        tables.detach("deal")
    assert list(tables) == ["deals"]


def test_a_node_and_a_stage_column_exclude_each_other() -> None:
    with pytest.raises(DataError, match="not both"):
        Bindings().attach(deals(), to="lead", stage="stage", node_ids=NODES)


@pytest.mark.parametrize("name", ["", "  ", 7, "x" * 201, "a\x00b"])
def test_a_name_that_is_none_is_refused(name: object) -> None:
    with pytest.raises(DataError, match="name"):
        Bindings().attach(deals(), name=name, node_ids=NODES)  # type: ignore[arg-type]


def test_a_key_names_each_row_or_is_refused_with_counts() -> None:
    tables = Bindings()
    with pytest.raises(DataError, match=r"of 3 values 1 repeated \(2 different\)"):
        tables.attach(deals(), key="stage", node_ids=NODES)
    with pytest.raises(DataError, match="of 3 values 2 missing"):
        tables.attach(deals(k=["x", None, " "]), key="k", node_ids=NODES)
    with pytest.raises(DataError, match="repeated"):
        tables.attach(pd.DataFrame({"k": ["7", "7 "]}), key="k", node_ids=NODES)
    assert not tables


def test_a_key_of_mixed_types_is_refused_without_showing_a_row() -> None:
    mixed = pd.DataFrame({"k": pd.Series([1, SECRET, 2.5, 7], dtype=object)})
    with pytest.raises(DataError, match="mixes types: 2 int, 1 str, 1 float") as error:
        Bindings().attach(mixed, key="k", node_ids=NODES)
    assert SECRET not in str(error.value)


def test_an_empty_table_can_be_attached() -> None:
    table = Bindings().attach(deals().iloc[:0], key="id", stage="stage", node_ids=NODES)
    assert table.n_rows == 0


def test_no_way_out_of_the_kernel_shows_a_row() -> None:
    tables = Bindings()
    table = tables.attach(deals(), key="id", stage="stage", name="deals", node_ids=NODES)
    for text in (repr(table), str(table), repr(tables), f"{table}"):
        assert SECRET not in text
        assert "who" in text
    for dump in (pickle.dumps, json.dumps):
        for what in (table, tables):
            with pytest.raises((DataError, TypeError)) as error:
                dump(what)
            assert SECRET not in str(error.value)
    assert copy.deepcopy(table) is table
    assert not hasattr(table, "_repr_html_")


def test_rows_are_split_by_stage_given_whole_or_refused() -> None:
    tables = Bindings()
    labels = {"lead": "Lead", "won": "Closed won", "lost": None}
    split = tables.attach(deals(stage=["Lead", "closed-won", None]), stage="stage", node_ids=NODES)
    assert rows_at(split, "won", labels)["id"].to_list() == ["b"]
    assert len(rows_at(split, "lost", labels)) == 0
    own = tables.attach(deals(), to="lead", node_ids=NODES)
    assert len(rows_at(own, "lead", labels)) == 3
    with pytest.raises(DataError, match="belongs to node 'lead'"):
        rows_at(own, "won", labels)


def test_stages_match_by_id_then_label_then_regardless_of_case_and_signs() -> None:
    labels = {"a": "Großer Auftrag", "b": "a", "closed_won": "Gewonnen"}
    match = match_stages(["a", "GROSSER  auftrag", "Closed-Won", "gewonnen", float("nan"), "", "nix"], labels)
    assert match.node_of == {
        "a": "a",  # the id goes before the label of another node
        "GROSSER  auftrag": "a",
        "Closed-Won": "closed_won",
        "gewonnen": "closed_won",
    }
    assert match.n_missing == 2
    assert match.n_matched == 4
    assert [item.value for item in match.unmatched] == ["nix"]


def test_a_value_that_means_two_nodes_matches_none_and_names_both() -> None:
    (item,) = match_stages(["Review"] * 3, {"r1": "Review", "r2": "Review"}).unmatched
    assert (item.n_rows, item.candidates) == (3, ("r1", "r2"))


def test_numbers_match_labels_that_look_like_them() -> None:
    assert match_stages([1, 2.0], {"x": "1", "y": "2"}).node_of == {"1": "x", "2": "y"}
