"""Room on the map: a whole map read at once takes the same room as its boxes one by one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from crmwidget.layout.boxes import Box, Taken, overlap
from crmwidget.layout.problem import LARGEST, Point, Size

ALONG = st.integers(-2_000, 2_000).map(float) | st.floats(-2_000, 2_000).map(lambda value: round(value, 3))
POINTS = st.tuples(ALONG, ALONG)
SIZES = st.sampled_from([Size(208, 88), Size(96, 48), LARGEST, Size(1_600, 900)])


class Plain(Taken):
    """The same, looking at every box."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[Box] = []

    def add(self, box: Box) -> None:
        self.boxes.append(box)

    def blocker(self, box: Box) -> Box | None:
        wide = box.grown(self.gap_x, self.gap_y)
        return next((other for other in self.boxes if overlap(wide, other)), None)


@example([((-774.119, 160.556), LARGEST)], [(-840.0, 288.0)], Size(208, 88))  # a rounding error wider than a card
@given(st.lists(st.tuples(POINTS, SIZES), max_size=30), st.lists(POINTS, min_size=1, max_size=5), SIZES)
def test_a_map_read_at_once_or_box_by_box_takes_the_room_of_all_its_boxes(
    boxes: list[tuple[Point, Size]], wishes: list[Point], size: Size
) -> None:
    one_by_one, plain = Taken(), Plain()
    for centre, box in boxes:
        one_by_one.add(Box.around(centre, box))
        plain.add(Box.around(centre, box))
    places = {str(i): centre for i, (centre, _) in enumerate(boxes)}
    at_once = Taken.by(places, {str(i): box for i, (_, box) in enumerate(boxes)})
    for wish in wishes:
        free = plain.nearest_free(wish, size)
        assert at_once.nearest_free(wish, size) == one_by_one.nearest_free(wish, size) == free
        for taken in (at_once, one_by_one, plain):
            taken.add(Box.around(free, size))


@given(st.lists(st.tuples(POINTS, SIZES, st.booleans()), max_size=20), POINTS, st.lists(POINTS, max_size=5))
def test_room_given_back_is_as_if_it_had_never_been_taken(
    boxes: list[tuple[Point, Size, bool]], wish: Point, looked: list[Point]
) -> None:
    names = {str(i): (centre, size) for i, (centre, size, _) in enumerate(boxes)}
    taken = Taken.by({n: centre for n, (centre, _) in names.items()}, {n: size for n, (_, size) in names.items()})
    for place in looked:  # some columns have been read before
        taken.nearest_free(place, Size(208, 88))
    plain = Plain()
    for centre, size, stays in boxes:
        if stays:
            plain.add(Box.around(centre, size))
        else:
            taken.remove(centre, size)
    assert taken.nearest_free(wish, LARGEST) == plain.nearest_free(wish, LARGEST)


def test_a_box_that_ends_a_rounding_error_behind_the_grid_keeps_nobody_looking_for_ever() -> None:
    taken = Taken()
    taken.add(Box(396.0, -725.15, 733.375, 500.00000000000006))
    assert taken.nearest_free((456, 416.0), Size(200, 120)) == (456.0, 640.0)


def test_a_band_high_enough_for_a_card_but_not_on_the_grid_keeps_nobody_looking_for_ever() -> None:
    assert Taken().nearest_free((0, 0), Size(200, 88), low=5, high=94) == (0.0, 0.0)
