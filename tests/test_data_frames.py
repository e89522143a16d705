"""Any table comes in at one door, and what cannot come in is named."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest

from crmwidget.data.frames import cell_text, read_frame
from crmwidget.errors import DataError


def test_pandas_polars_and_arrow_give_the_same_rows() -> None:
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    columns = {"a": [1, 2], "b": ["x", None]}
    for data in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns), pl.LazyFrame(columns)):
        frame = read_frame(data)
        assert isinstance(frame, nw.DataFrame)
        assert frame.columns == ["a", "b"]
        assert frame["a"].to_list() == [1, 2]


def test_later_changes_of_the_frame_do_not_reach_what_was_read() -> None:
    data = pd.DataFrame({"a": [1, 2]})
    frame = read_frame(data)
    data.loc[0, "a"] = 99
    data["b"] = 0
    assert frame["a"].to_list() == [1, 2]
    assert frame.columns == ["a"]


@pytest.mark.parametrize(
    ("data", "given", "cure"),
    [
        ({"a": [1]}, "dict", "pandas.DataFrame"),
        ("deals.csv", "str", "read_csv"),
        (pd.Series([1], name="a"), "Series", "to_frame"),
        (None, "NoneType", "Allowed"),
        (42, "int", "Allowed"),
    ],
)
def test_what_is_no_table_is_refused_by_its_type(data: object, given: str, cure: str) -> None:
    with pytest.raises(DataError, match=given) as error:
        read_frame(data)
    assert cure in str(error.value)


def test_doubled_column_names_are_named() -> None:
    with pytest.raises(DataError, match=r"'amount' \(2 times\)"):
        read_frame(pd.DataFrame([[1, 2, 3]], columns=["amount", "amount", "id"]))


def test_columns_that_are_alike_as_text_are_refused() -> None:
    with pytest.raises(DataError, match=r"'1' \(2 times\)"):
        read_frame(pd.DataFrame([[1, 2]], columns=[1, "1"]))


def test_other_column_names_become_text() -> None:
    levels = pd.MultiIndex.from_tuples([("won", "n"), ("lost", "n")])
    assert read_frame(pd.DataFrame([[1, 2]], columns=levels)).columns == ["won_n", "lost_n"]


def test_a_table_without_columns_is_refused_and_one_without_rows_is_not() -> None:
    with pytest.raises(DataError, match="no columns"):
        read_frame(pd.DataFrame(index=[1, 2]))
    assert len(read_frame(pd.DataFrame({"a": []}))) == 0


def test_whole_floats_and_integers_are_one_key() -> None:
    assert cell_text(7) == cell_text(7.0) == "7"
    assert cell_text(7.5) == "7.5"
