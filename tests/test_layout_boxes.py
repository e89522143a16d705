"""Room on the map: a whole map read at once takes the same room as its boxes one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmwidget.layout.boxes import Box, Taken
from crmwidget.layout.problem import Point, Size

POINTS = st.tuples(st.integers(-2_000, 2_000).map(float), st.integers(-2_000, 2_000).map(float))
SIZES = st.sampled_from([Size(208, 88), Size(96, 48), Size(1_600, 900)])


@given(st.lists(st.tuples(POINTS, SIZES), max_size=30), st.lists(POINTS, min_size=1, max_size=5), SIZES)
def test_a_map_read_at_once_takes_the_room_of_its_boxes(
    boxes: list[tuple[Point, Size]], wishes: list[Point], size: Size
) -> None:
    one_by_one = Taken()
    for centre, box in boxes:
        one_by_one.add(Box.around(centre, box))
    places = {str(i): centre for i, (centre, _) in enumerate(boxes)}
    at_once = Taken.by(places, {str(i): box for i, (_, box) in enumerate(boxes)})
    for wish in wishes:
        assert at_once.nearest_free(wish, size) == one_by_one.nearest_free(wish, size)


def test_a_box_that_ends_a_rounding_error_behind_the_grid_keeps_nobody_looking_for_ever() -> None:
    taken = Taken()
    taken.add(Box(396.0, -725.15, 733.375, 500.00000000000006))
    assert taken.nearest_free((456, 416.0), Size(200, 120)) == (456.0, 640.0)


def test_a_band_high_enough_for_a_card_but_not_on_the_grid_keeps_nobody_looking_for_ever() -> None:
    assert Taken().nearest_free((0, 0), Size(200, 88), low=5, high=94) == (0.0, 0.0)
