"""Room for a frame that has grown: what it would cover steps aside, no further than it must."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from crmwidget.design import GEOMETRY
from crmwidget.layout.boxes import Box, overlap
from crmwidget.layout.lanes import BETWEEN, Band
from crmwidget.layout.problem import LARGEST, RANK_GAP, ROW_GAP, Point, snap_up

__all__ = ["make_room", "part_lanes"]

_NEAR = GEOMETRY["frame_padding"]  # nearer than this to a frame is in its way
_FAR = LARGEST.width + RANK_GAP  # a rank of the widest: what would have to go further stays, and is covered
_GAPS = (RANK_GAP / 2, ROW_GAP)
_RIGHT, _DOWN, _LEFT, _UP = (0, 1), (1, 1), (0, -1), (1, -1)


def make_room(
    boxes: Mapping[str, Box], grown: Mapping[str, Box], movable: Collection[str], *, has_lanes: bool = False
) -> dict[str, Point]:
    """How far each box steps aside for the frames that have grown; boxes that stay are left out.

    What lay right of a frame goes right, what lay below it goes down, and pushes along what stands in that way. A way
    on which something that is not `movable` stands, or anything would go further than a rank, is not taken; then the
    shortest of the others is, and where there is none the box stays, and is covered.

    Parameters
    ----------
    boxes
        All boxes of one level, the frames as large as they are now.
    grown
        Of the frames that have grown, the boxes before. What was in their way then already is left as it is.
    movable
        The boxes that may be moved.
    has_lanes
        Nothing is pushed up, into the lane above.
    """
    ways = (_RIGHT, _DOWN, _LEFT) if has_lanes else (_RIGHT, _DOWN, _LEFT, _UP)
    now = dict(boxes)
    for name, before in grown.items():
        for other, box in boxes.items():
            if other == name or not _comes_upon(before, now[name], box, now[other]):
                continue
            distances = {way: _distance(now[name], now[other], way) for way in ways}
            for way in sorted(ways, key=lambda way: (not _lay_there(before, boxes[other], way), distances[way])):
                pushed = _pushed(now, name, other, way, movable)
                if pushed is not None:
                    now |= pushed
                    break
    moved = {name: (now[name].left - box.left, now[name].top - box.top) for name, box in boxes.items()}
    return {name: by for name, by in moved.items() if by != (0, 0)}


def part_lanes(before: Sequence[Band], after: Sequence[Band]) -> dict[str, float]:
    """How far down each lane has to go so that strips that were apart are apart again, by the lane's name."""
    ordered = sorted(before, key=lambda band: band.top)
    if any(upper.bottom > lower.top for upper, lower in pairwise(ordered)):
        return {}
    now = {band.name: band for band in after}
    down: dict[str, float] = {}
    reached = -math.inf
    for strip in (now[band.name] for band in ordered):
        down[strip.name] = max(0, snap_up(reached - strip.top)) if reached > -math.inf else 0
        reached = strip.bottom + down[strip.name] + BETWEEN
    return {name: by for name, by in down.items() if by}


def _pushed(
    now: Mapping[str, Box], frame: str, first: str, way: tuple[int, int], movable: Collection[str]
) -> dict[str, Box] | None:
    """The boxes that move, and where to, when `first` goes one way out of a frame; None if it cannot."""
    pushed = {first: _moved(now[first], _distance(now[frame], now[first], way), way)}
    waiting = [first]
    for name in waiting:
        box = pushed[name]
        if name == frame or name not in movable or _gone(now[name], box) > _FAR:
            return None
        for other, there in now.items():
            if other != name and _comes_upon(now[name], box, there, pushed.get(other, there)):
                pushed[other] = _moved(there, _distance(box, there, way), way)
                waiting.append(other)
    return pushed


def _comes_upon(before: Box, now: Box, other_before: Box, other_now: Box) -> bool:
    """Whether a frame or box is in the way of another as it was not: over it, or nearer than it may."""
    covers = overlap(now, other_now) and not overlap(before, other_before)
    return covers or (_is_near(now, other_now) and not _is_near(before, other_before))


def _is_near(frame: Box, box: Box) -> bool:
    return overlap(frame.grown(_NEAR, _NEAR), box)


def _lay_there(frame: Box, box: Box, way: tuple[int, int]) -> bool:
    axis, sign = way
    return box[axis] >= frame[axis + 2] if sign > 0 else box[axis + 2] <= frame[axis]


def _distance(frame: Box, box: Box, way: tuple[int, int]) -> float:
    """How far a box goes one way to be clear of a frame, in whole steps of the grid."""
    axis, sign = way
    return snap_up((frame[axis + 2] - box[axis] if sign > 0 else box[axis + 2] - frame[axis]) + _GAPS[axis])


def _moved(box: Box, by: float, way: tuple[int, int]) -> Box:
    axis, sign = way
    return box.moved(sign * by, 0) if axis == 0 else box.moved(0, sign * by)


def _gone(before: Box, after: Box) -> float:
    return max(abs(after.left - before.left), abs(after.top - before.top))
