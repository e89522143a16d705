"""How large the frames of groups are: around what they hold, and at least what a hand has given them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from crmwidget.design import GEOMETRY
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.boxes import Box
from crmwidget.layout.problem import Point, Positions, Problem

__all__ = ["around", "frame", "moved", "shown_boxes"]

_PADDING, _HEADER = GEOMETRY["frame_padding"], GEOMETRY["frame_header"]


def around(boxes: Iterable[Box]) -> Box:
    """The least box that holds all of `boxes`, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def frame(content: Box, *, given: Box | None = None) -> Box:
    """A group's frame: around its content with padding and a header, and around the rectangle `given` by hand."""
    left, top, right, bottom = content.grown(_PADDING, _PADDING)
    needed = Box(left, top - _HEADER, right, bottom)
    return needed if given is None else around((needed, given))


def shown_boxes(
    problem: Problem, nesting: Nesting, centres: Mapping[str, Point], *, within: str | None = None
) -> dict[str, Box]:
    """The boxes of all nodes that are drawn within a holder or at the top, each frame before what lies in it.

    A frame is as large as what can be seen in it; one without content, and all that is no open frame, lies around its
    own centre. What has no place is left out.
    """
    shown = nesting.shown(within)
    found: dict[str, Box] = {}
    content: defaultdict[str | None, list[Box]] = defaultdict(list)
    for node in reversed(shown):
        centre = centres.get(node)
        if node in content:
            given = problem.given.get(node)
            rectangle = None if given is None or centre is None else Box.around(centre, given)
            found[node] = frame(around(content[node]), given=rectangle)
        elif centre is not None:
            found[node] = Box.around(centre, problem.sizes[node])
        else:
            continue
        content[nesting.holder.get(node)].append(found[node])
    return {node: found[node] for node in shown if node in found}


def moved(problem: Problem, nesting: Nesting, node: str, centre: Point) -> Positions:
    """Where a node comes to lie, and all that lies in its frame, when the middle of its card or frame is put somewhere.

    Only nodes that have a place are moved.
    """
    along = [node] if node in nesting.frames else []
    for holder in along:
        along += nesting.content.get(holder, []) if holder in nesting.frames else []
    boxes = shown_boxes(problem, nesting, problem.placed, within=nesting.holder.get(node))
    if len(along) < 2 or node not in boxes:
        return {node: centre}
    x, y = boxes[node].middle
    dx, dy = centre[0] - x, centre[1] - y
    places = {n: (problem.placed[n][0] + dx, problem.placed[n][1] + dy) for n in along if n in problem.placed}
    return places if node in problem.given else {**places, node: centre}
