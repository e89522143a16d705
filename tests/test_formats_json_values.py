"""Attribute values travel as JSON without loss."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_maps import values

from crmwidget.json_values import decode, encode


@given(values)
def test_every_value_of_a_map_comes_back_through_json(value: Any) -> None:
    again = decode(json.loads(json.dumps(encode(value), allow_nan=False)))
    assert again == value and type(again) is type(value)


@given(st.dictionaries(st.text("$ab", min_size=1), st.integers(), max_size=4))
def test_keys_that_begin_with_a_dollar_survive(value: dict[str, int]) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**53, 2**53),
        (2**53 + 1, {"$int": "9007199254740993"}),
        (date(2026, 1, 31), {"$date": "2026-01-31"}),
        (datetime(2026, 1, 31, 9), {"$datetime": "2026-01-31T09:00:00"}),
        (timedelta(days=-1), {"$timedelta": -86_400}),
        ((1, (2,)), [1, [2]]),
        ({"$x": 1}, {"$map": [["$x", 1]]}),
        (True, True),
    ],
)
def test_each_type_has_one_form(value: Any, written: Any) -> None:
    assert encode(value) == written and decode(written) == value


def test_the_longest_duration_keeps_its_microseconds() -> None:
    assert decode(encode(timedelta.max)) == timedelta.max
    assert decode(encode(timedelta.min)) == timedelta.min


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), object(), "\ud800", {"a": {1, 2}}, b"x"], ids=lambda v: type(v).__name__
)
def test_what_json_has_no_form_for_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"cannot write|finite|surrogate"):
        encode(value)


@pytest.mark.parametrize(
    "written",
    [
        {"$date": "soon"},
        {"$date": 7},
        {"$datetime": None},
        {"$timedelta": "NaN"},
        {"$timedelta": 1e300},
        {"$timedelta": True},
        {"$int": 7},
        {"$int": "seven"},
        {"$map": [[1]]},
        {"$map": [[[1], {"a": 1}], [{"a": 1}, 1]]},
        {"$map": 3},
        {"$date": "2026-01-31", "more": 1},
        {"$code": "print()"},
        float("inf"),
        object(),
    ],
    ids=str,
)
def test_what_encode_does_not_write_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match=r"\$|finite|cannot read"):
        decode(written)


def test_deep_nesting_is_refused_before_it_can_overflow() -> None:
    value: Any = 1
    for _ in range(50):
        value = [value]
    with pytest.raises(ValueError, match="nested deeper"):
        encode(value)
    with pytest.raises(ValueError, match="nested deeper"):
        decode(value)
