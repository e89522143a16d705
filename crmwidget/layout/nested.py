"""Groups, and the maps behind nodes: each content is laid out by itself, a group is one box where it lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Set
from dataclasses import dataclass

from crmwidget.graph.nesting import Nesting
from crmwidget.layout.boxes import Box
from crmwidget.layout.frames import around, frame
from crmwidget.layout.lanes import bands
from crmwidget.layout.making_room import make_room, part_lanes
from crmwidget.layout.problem import CARD, Point, Positions, Problem, snap

__all__ = ["nested"]

Solve = Callable[[Problem], Positions]
_STAY: Point = (0.0, 0.0)
_NOWHERE = Box(0, 0, 0, 0)
_MANY = 500  # nodes; the groups of a smaller map are drawn with all care, and in no time


def nested(problem: Problem, nesting: Nesting, solve: Solve, *, fixed: Set[str], makes_room: bool = False) -> Positions:
    """Centres of the nodes of a map with groups and sub-maps, from a layout of flat maps.

    From the inside out the content of each group is laid out by `solve`; then the group is one box of the size of its
    frame where it lies itself, and the flows of its content are the group's own. What lies behind a node is a drawing
    by itself and takes no room on the map. The content of a folded group is laid out as well, with its frame beginning
    where the group's card does, so that it opens there.

    Parameters
    ----------
    problem
        The whole map; its sizes are those of cards.
    nesting
        What lies in what.
    solve
        Gives the centres of those nodes of a flat problem that are not `placed` in it. All that is placed is pinned.
    fixed
        Placed nodes that stay. A group with anything fixed in it stays where that is.
    makes_room
        What a frame that grows would cover steps aside, if nothing in it is pinned.

    Returns
    -------
    dict
        Node id → centre, of a group the middle of its frame, for all nodes that are not fixed and those that moved.
    """
    levels = _Levels(problem, nesting, solve, fixed, makes_room)
    for holder in reversed(nesting.holders):
        levels.add(holder)
    return levels.centres()


@dataclass(slots=True)
class _Level:
    """The direct content of one holder.

    Its coordinates are those of the map where something in it is fixed, else of its own; `shift` leads from them to
    those of where the holder lies. Of a group: its `frame`, its own place `centre`, and its frame `before` anything new
    came into it.
    """

    places: Positions
    is_fixed: bool
    shift: Point = _STAY
    frame: Box = _NOWHERE
    centre: Point = _STAY
    before: Box | None = None


class _Levels:
    def __init__(self, problem: Problem, nesting: Nesting, solve: Solve, fixed: Set[str], makes_room: bool) -> None:
        self.problem, self.nesting, self.solve = problem, nesting, solve
        self.fixed, self.makes_room = fixed, makes_room
        self.levels: dict[str | None, _Level] = {}
        self.moved: dict[str, Point] = {}
        self.flows: defaultdict[str | None, list[tuple[str, str]]] = defaultdict(list)
        if not nesting.holder:
            self.flows[None] = problem.flows
        for source, target in problem.flows if nesting.holder else ():
            holder, a, b = nesting.meeting(source, target)
            if a != b:
                self.flows[holder].append((a, b))
        self.starts = self._with_frames(problem.starts)
        self.held = self._with_frames(problem.pinned)  # what has something pinned in it

    def _with_frames(self, nodes: Set[str]) -> set[str]:
        """Some nodes, and the groups that they lie in."""
        found: set[str] = set()
        for node in nodes:
            at: str | None = node
            while at is not None and at not in found and (at == node or at in self.nesting.frames):
                found.add(at)
                at = self.nesting.holder.get(at)
        return found

    def _inside(self, node: str) -> _Level | None:
        """The content of a group, None if it is empty or the node is no group."""
        return self.levels.get(node) if node in self.nesting.frames else None

    # ---- from the inside out ---------------------------------------------------------------------------

    def add(self, holder: str | None) -> None:
        """Lay out the direct content of a holder, when all the groups in it are laid out."""
        groups = {node: inside for node in self.nesting.content[holder] if (inside := self._inside(node)) is not None}
        level = self._level_problem(holder, groups)
        if self.makes_room and groups and level.placed:
            self._make_room(level, groups)
        places = dict(level.placed)
        if len(places) < len(level.sizes):
            places |= self.solve(level)
        for node, inside in groups.items():
            inside.shift = self.moved.get(node, _STAY) if inside.is_fixed else self._shift(inside, node, places[node])
        self.levels[holder] = done = _Level(places, is_fixed=bool(level.placed))
        if holder in self.nesting.frames:
            self._frame(holder, done)

    def _level_problem(self, holder: str | None, groups: dict[str, _Level]) -> Problem:
        """The flat problem of a holder's content: each group a box, and what may not move pinned."""
        problem, lanes, content = self.problem, self.problem.lanes, self.nesting.content[holder]
        sizes = {node: problem.sizes[node] for node in content}
        placed = {node: problem.placed[node] for node in content if node in self.fixed}
        for node, inside in groups.items():
            if node not in self.nesting.folded:
                sizes[node] = inside.frame.size
            if inside.is_fixed:
                is_card = node in self.nesting.folded and node in problem.placed
                placed[node] = problem.placed[node] if is_card else inside.frame.middle
        is_in_frame = holder in self.nesting.frames
        return Problem(
            sizes=sizes,
            flows=self.flows[holder],
            starts=frozenset(self.starts.intersection(content)),
            lanes=None if lanes is None or is_in_frame else {node: lanes[node] for node in content},
            placed=placed,
            pinned=frozenset(placed),
            is_in_frame=is_in_frame,
            is_of_many=bool(self.nesting.holder) and len(problem.sizes) > _MANY,
        )

    def _shift(self, inside: _Level, node: str, place: Point) -> Point:
        """From the coordinates of a group's content to those of where the group lies, in whole steps of the grid."""
        at = inside.centre if node in self.fixed else inside.frame.middle
        if node in self.nesting.folded:
            at = inside.frame.left + CARD.width / 2, inside.frame.top + CARD.height / 2
        return float(snap(place[0] - at[0])), float(snap(place[1] - at[1]))

    def _box(self, node: str, place: Point) -> Box:
        inside = self._inside(node)
        if inside is None or node in self.nesting.folded:
            return Box.around(place, self.problem.sizes[node])
        return inside.frame.moved(*inside.shift)

    def _frame(self, holder: str, level: _Level) -> None:
        """Draw a holder's frame around its content and the size that a hand has given it."""
        content = around(self._box(node, place) for node, place in level.places.items())
        level.frame = frame(content)
        level.centre = level.frame.middle
        given = self.problem.given.get(holder)
        if given is not None:
            if level.is_fixed:
                level.centre = self.problem.placed.get(holder, level.centre)
            level.frame = frame(content, given=Box.around(level.centre, given))
        level.before = self._before(holder) if self.makes_room else None

    # ---- room for what grows ---------------------------------------------------------------------------

    def _before(self, holder: str) -> Box | None:
        """A holder's frame around what had a place already."""
        boxes = [box for node in self.nesting.content[holder] if (box := self._box_before(node)) is not None]
        if not boxes:
            return None
        given, centre = self.problem.given.get(holder), self.problem.placed.get(holder)
        return frame(around(boxes), given=None if given is None or centre is None else Box.around(centre, given))

    def _box_before(self, node: str) -> Box | None:
        inside, place = self._inside(node), self.problem.placed.get(node)
        if inside is not None and inside.before is not None and node not in self.nesting.folded:
            return inside.before
        return None if place is None else Box.around(place, self.problem.sizes[node])

    def _make_room(self, level: Problem, groups: dict[str, _Level]) -> None:
        """Move what stands in the way of frames that have grown, and write the new places into `level`."""
        grown = {}
        for node, inside in groups.items():
            box = self._box_before(node)
            if box is not None and node in level.placed and node not in self.nesting.folded:
                now = inside.frame if inside.is_fixed else Box.around(level.placed[node], level.sizes[node])
                if around((box, now)) != box:
                    grown[node] = box
        if not grown:
            return
        boxes = {node: Box.around(place, level.sizes[node]) for node, place in level.placed.items()}
        before = {node: box for node in boxes if (box := self._box_before(node)) is not None}
        moves = make_room(boxes, grown, boxes.keys() - self.held, has_lanes=level.lanes is not None)
        if level.lanes is not None:
            self._part_lanes(level, before, boxes, moves)
        for node, (dx, dy) in moves.items():
            x, y = level.placed[node]
            level.placed[node] = x + dx, y + dy
            self.moved[node] = dx, dy

    def _part_lanes(
        self, level: Problem, before: dict[str, Box], boxes: dict[str, Box], moves: dict[str, Point]
    ) -> None:
        lanes = level.lanes or {}
        sizes = {node: box.size for node, box in before.items()}
        now = {node: box.moved(*moves.get(node, _STAY)).middle for node, box in boxes.items() if node in before}
        strips = bands(sizes, lanes, {node: box.middle for node, box in before.items()})
        down = part_lanes(strips, bands({n: level.sizes[n] for n in now}, lanes, now))
        for node in boxes.keys() - self.held:
            if by := down.get(lanes[node]):
                dx, dy = moves.get(node, _STAY)
                moves[node] = dx, dy + by

    # ---- from the outside in ---------------------------------------------------------------------------

    def centres(self) -> Positions:
        """The centres on the map, in the order of adding."""
        origins: dict[str | None, Point] = {}
        found: Positions = {}
        for holder in self.nesting.holders:
            level = self.levels[holder]
            dx, dy = origins.setdefault(holder, _STAY)
            for node, (x, y) in level.places.items():
                inside = self._inside(node)
                if inside is not None:
                    origins[node] = dx + inside.shift[0], dy + inside.shift[1]
                if inside is not None and node not in self.nesting.folded:
                    x, y = inside.centre[0] + inside.shift[0], inside.centre[1] + inside.shift[1]
                if node not in self.fixed or self._is_elsewhere(node, inside, (dx, dy)):
                    found[node] = x + dx, y + dy
        return {node: found[node] for node in self.problem.sizes if node in found}

    def _is_elsewhere(self, node: str, inside: _Level | None, origin: Point) -> bool:
        """Whether what is fixed has stepped aside all the same, or is a group whose frame has another middle now."""
        if origin != _STAY or node in self.moved:
            return True
        if not self.makes_room or inside is None or not inside.is_fixed or node in self.nesting.folded:
            return False
        return node not in self.problem.pinned and node not in self.problem.given and inside.frame != inside.before
