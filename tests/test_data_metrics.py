"""Figures say what they are made of, undefined is a dash, and small groups stay small."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from crmwidget.data.metrics import Metric, evaluate
from crmwidget.data.numerals import NARROW_SPACE, change_text, number_text, percent_text
from crmwidget.data.privacy import count_text, hidden_counts, suppress
from crmwidget.errors import DataError
from crmwidget.shown import Figure

SECRET = "ann.secret@mail.example"


def figure(value: Any, data: pd.DataFrame, *, strict: bool = True, **options: Any) -> Figure:
    return evaluate(Metric("n", "x", value, **options), data, strict=strict)


def plain(text: str) -> str:
    return text.replace(NARROW_SPACE, " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (8300, "", "8 300"),
        (1_900_000, "€", "€ 1.9 M"),
        (10_005_534, "", "10 M"),
        (999_999, "", "999 999"),
        (2_500_000_000, "$", "$ 2.5 B"),
        (999_960_000, "", "1 B"),
        (12.5, "£", "£ 12.50"),
        (-1200, "€", "−€ 1 200"),
        (31, "d", "31 d"),
        (9.4711, "", "9.47"),
        (0, "", "0"),
        (-0.0, "", "0"),
        (0.964, "%", "96.4 %"),
        (float("nan"), "€", "–"),
        (float("inf"), "", "–"),
        (None, "%", "–"),
    ],
)
def test_numbers_read_as_people_write_them(value: float | None, unit: str, text: str) -> None:
    assert plain(number_text(value, unit=unit)) == text


def test_a_share_is_never_rounded_to_nothing_or_all() -> None:
    assert [plain(percent_text(rate)) for rate in (0.0, 0.0004, 0.9996, 1.0)] == ["0 %", "<0.1 %", ">99.9 %", "100 %"]


def test_changes_are_relative_in_points_or_absolute() -> None:
    assert plain(change_text(110, 100)) == "+10 %"
    assert plain(change_text(-110, -100)) == "−10 %"
    assert plain(change_text(0.5, 0.6, unit="%")) == "−10 pts"
    assert plain(change_text(7, 0)) == "+7"
    assert plain(change_text(5, 5)) == "±0 %"


@pytest.mark.parametrize(
    ("how", "value"),
    [
        ("sum", 210.0),
        ("mean", 35.0),
        ("median", 35.0),
        ("min", 10.0),
        ("max", 60.0),
        ("count", 6.0),
        ("nunique", 6.0),
    ],
)
@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_aggregates_leave_missing_values_out_in_every_library(how: str, value: float, library: str) -> None:
    numbers = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, None, float("nan")]
    if library == "pandas":
        data: Any = pd.DataFrame({"v": numbers})
    elif library == "polars":
        data = pytest.importorskip("polars").DataFrame({"v": numbers})
    else:
        data = pytest.importorskip("pyarrow").table({"v": numbers})
    assert evaluate(Metric("n", "x", ("v", how)), data, strict=True).value == value


def test_a_share_is_true_among_true_and_false() -> None:
    shown = figure(("w", "share"), pd.DataFrame({"w": [True] * 6 + [False] * 2 + [None] * 2}))
    assert (shown.value, plain(shown.text), shown.unit) == (0.75, "75 %", "%")
    assert shown.hint.startswith("Over 8 of 10 rows")


def test_durations_are_given_in_the_unit_asked_for() -> None:
    data = pd.DataFrame({"t": pd.to_timedelta([1, 2, 3, 4, 5], unit="D")})
    assert plain(figure(("t", "median"), data, unit="d").text) == "3 d"
    assert figure(("t", "median"), data, unit="h").value == 72.0


def test_no_rows_no_values_and_few_rows_are_three_different_things() -> None:
    data = pd.DataFrame({"v": [1.0, 2.0, 3.0, 4.0, None, None]})
    none, few = figure(("v", "sum"), data.iloc[:0]), figure(("v", "sum"), data)
    nothing = figure(("v", "sum"), data.iloc[4:])
    assert (none.text, few.text, nothing.text) == ("no rows", "<5", "–")
    assert none.value is few.value is nothing.value is None
    assert figure("count", data.iloc[:4]).text == "<5"
    assert figure("count", data.iloc[:5]).text == "5"
    assert figure(lambda rows: len(rows), data.iloc[:3]).text == "<5"


@pytest.mark.parametrize(
    ("value", "target", "higher_is_better", "status", "progress"),
    [
        (100, 100, True, "good", 1.0),
        (90, 100, True, "warn", 0.9),
        (89, 100, True, "bad", 0.89),
        (100, 110, False, "good", 1.0),
        (120, 110, False, "warn", 110 / 120),
        (220, 110, False, "bad", 0.5),
        (5, 0, True, "good", None),
    ],
)
def test_status_is_against_the_target(
    value: float, target: float, higher_is_better: bool, status: str, progress: float | None
) -> None:
    data = pd.DataFrame({"v": [0] * 9})
    shown = figure(lambda rows: value, data, target=target, higher_is_better=higher_is_better)
    assert (shown.status, shown.progress) == (status, progress)


def test_the_trend_compares_the_last_two_full_periods() -> None:
    days = [dt.datetime(2025, 1, 1) + dt.timedelta(days=i) for i in range(31 + 28 + 10)]
    data = pd.DataFrame({"at": days, "v": [1.0] * 31 + [2.0] * 28 + [50.0] * 10})
    shown = figure(("v", "sum"), data, over="at")
    assert shown.spark == [31.0, 56.0]  # March has only begun
    assert shown.trend is not None
    assert (shown.trend.direction, shown.trend.is_good, plain(shown.trend.text)) == ("up", True, "+80.6 %")
    assert "Feb 2025 against Jan 2025" in shown.hint
    fewer = figure(("v", "sum"), data, over="at", higher_is_better=False)
    assert fewer.trend is not None
    assert fewer.trend.is_good is False


def test_a_period_too_small_to_show_ends_the_course_and_cannot_be_subtracted() -> None:
    def month(number: int, n: int) -> list[dt.datetime]:
        return [dt.datetime(2025, number, 1 + i) for i in range(n)]

    broken = [*month(1, 9), *month(2, 3), *month(3, 9), *month(4, 8), dt.datetime(2025, 4, 30)]
    assert figure("count", pd.DataFrame({"at": broken}), over="at").spark == [9.0, 9.0]
    # all but the 3 of May would be shown: the first month goes too
    rest = [*month(1, 9), *month(2, 9), *month(3, 9), *month(4, 8), *month(5, 3)]
    assert figure("count", pd.DataFrame({"at": rest}), over="at").spark == [9.0, 9.0, 8.0]


def test_times_keep_their_zone_and_dates_will_do() -> None:
    days = pd.date_range("2025-01-01", "2025-03-31", freq="h", tz="Europe/Berlin")
    assert len(figure("count", pd.DataFrame({"at": days}), over="at").spark or ()) == 3
    pl = pytest.importorskip("polars")
    dates = pl.DataFrame({"at": [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(90)]})
    shown = evaluate(Metric("n", "x", "count", over="at", every="week"), dates, strict=True)
    assert set(shown.spark or ()) == {7.0}


def test_a_failing_function_is_raised_when_defined_and_shown_later() -> None:
    data = pd.DataFrame({"v": [SECRET] * 6})
    with pytest.raises(DataError, match="ValueError"):
        figure(lambda rows: float(rows.v[0]), data)
    shown = figure(lambda rows: float(rows.v[0]), data, strict=False)
    assert (shown.value, shown.text) == (None, "–")
    assert "ValueError" in shown.hint
    assert SECRET not in shown.hint
    with pytest.raises(DataError, match="one number; this is of type str"):
        figure(lambda rows: "many", data)


def test_an_unfit_column_is_named_with_what_it_holds() -> None:
    mixed = pd.DataFrame({"v": pd.Series([1, SECRET, 2], dtype=object), "t": ["a", "b", "c"]})
    with pytest.raises(DataError, match="holds 2 int, 1 str") as error:
        figure(("v", "sum"), mixed)
    assert SECRET not in str(error.value)
    with pytest.raises(DataError, match="did you mean 'v'"):
        figure(("V", "sum"), mixed)
    with pytest.raises(DataError, match="to_datetime"):
        figure("count", mixed, over="t")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"value": ("v", "summ")}, "did you mean 'sum'"),
        ({"value": 7}, "says no figure"),
        ({"value": "count", "every": "moon"}, "did you mean 'month'"),
        ({"value": "count", "target": float("nan")}, "no finite number"),
        ({"value": "count", "label": " "}, "needs a label"),
    ],
)
def test_a_metric_that_makes_no_sense_is_refused_when_made(options: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        Metric(**{"node": "n", "label": "x", **options})


def test_small_counts_are_suppressed_and_nobody_is_not_small() -> None:
    assert [suppress(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
    assert [count_text(n) for n in (0, 4, 5, None)] == ["0", "<5", "5", "–"]


def test_no_small_group_can_be_worked_out_from_what_is_shown() -> None:
    import numpy as np

    cells = {"a": 900, "b": 3, "c": 40, "d": 0, "e": 12}
    parts = {
        "all": "abcde",
        "ab": "ab",
        "abc": "abc",
        "a": "a",
        "b": "b",
        "c": "c",
        "d": "d",
        "e": "e",
        "ce": "ce",
    }
    hidden = hidden_counts(parts, cells)
    assert "b" in hidden
    assert "d" not in hidden
    shown = np.array([[cell in part for cell in "abce"] for name, part in parts.items() if name not in hidden], float)
    with_b = np.vstack([shown, [0, 1, 0, 0]])
    assert np.linalg.matrix_rank(with_b) == np.linalg.matrix_rank(shown) + 1


def test_nothing_is_held_back_where_no_group_is_small() -> None:
    assert hidden_counts({"all": "ab", "a": "a"}, {"a": 5, "b": 500}) == frozenset()
