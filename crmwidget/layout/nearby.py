"""Places for few new nodes on a large map, by what is near them: the ground is kept between edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crmwidget.graph.changes import Change
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.nesting import has_parents
from crmwidget.layout.ground import Ground
from crmwidget.layout.problem import Positions, Problem
from crmwidget.layout.stable import beside

__all__ = ["Nearby"]

_FEW = 50  # more new nodes at once are a matter of the whole map, see `arrange`
_MANY = 500  # after more changes at once the ground is read anew when it is needed


class Nearby:
    """The ground of a flat map under the lens that it shows, as long as it hears of every batch of changes.

    Nodes that belong to others, another lens or other lanes end it; then it is read from the whole map once more.
    """

    def __init__(self) -> None:
        self._ground: Ground | None = None
        self._drawing: tuple[str, object] = ("", None)  # the lens and the lanes

    def forget(self) -> None:
        """Something has come that it will not hear of."""
        self._ground = None

    def follow(self, elements: Elements, changes: Sequence[Change], *, lens: str) -> None:
        """Hear of a batch of changes that has come into `elements`."""
        ground = self._ground
        if ground is None:
            return
        touched = dict.fromkeys(c.path[2] for c in changes if c.path[:2] == ("position", lens))
        touched |= dict.fromkeys(c.path[1] for c in changes if c.path[0] == "node")
        known = {node: elements.nodes[node] for node in touched if node in elements.nodes}
        is_another = self._drawing != (lens, elements.attributes.get("lanes"))
        if is_another or len(touched) > _MANY or has_parents(known):
            self.forget()
            return
        part = _part(elements, touched, lens=lens)
        lanes = part.lanes or {}
        for node in touched:
            if node in part.placed:
                ground.put(node, part.placed[node], part.sizes[node], lanes.get(node, ""))
            else:
                ground.remove(node)

    def places(
        self, elements: Elements, changes: Sequence[Change], *, lens: str, is_alone: Callable[[str], bool]
    ) -> Positions | None:
        """Centres for the nodes without a place, the same as `arrange(…, only_missing=True)` finds.

        None where the whole map has to be looked at: when other nodes have no place either than those that `changes`,
        which it has heard of, have added; when they are many; when a node belongs to another; and when nothing has a
        place. `is_alone` tells whether no flow joins a node to another one.
        """
        shelf = elements.positions.get(lens, {})
        fresh = {c.path[1] for c in changes if c.path[0] == "node" and _is_new(c) and c.path[1] not in shelf}
        if not shelf or len(fresh) > _FEW or len(fresh) + len(shelf) != len(elements.nodes):
            return None
        joined = [c for c in changes if c.path[0] == "flow" and c.after is not None and _ends(c.after) & fresh]
        if not all(map(_is_new, joined)):  # its rank in the order of adding is not at the end
            return None
        if self._ground is None:
            if has_parents(elements.nodes):
                return None
            self._ground = Ground(Problem.of(replace(elements, flows={}), lens=lens))
            self._drawing = (lens, elements.attributes.get("lanes"))
        ground = self._ground
        near = [c.path[1] for c in changes if c.path[0] == "node" and c.path[1] in fresh]
        near += [node for c in joined for node in _ends(c.after or {}) if node not in fresh]
        problem = _part(elements, near, flows={c.path[1]: c.after or {} for c in joined}, lens=lens)

        def last_alone() -> str | None:
            return next((n for n in reversed(elements.nodes) if n not in fresh and is_alone(n)), None)

        found = beside(problem, ground, last_alone)
        for node in found:  # they go onto the shelf in this order
            ground.places[node] = ground.places.pop(node)
        return found


def _part(
    elements: Elements, nodes: Iterable[str], *, lens: str, flows: dict[str, Attributes] | None = None
) -> Problem:
    """The problem of some of the nodes of a map."""
    shelf = elements.positions.get(lens, {})
    known = {node: elements.nodes[node] for node in nodes if node in elements.nodes}
    positions = {lens: {node: shelf[node] for node in known if node in shelf}}
    part = Elements(attributes=elements.attributes, nodes=known, flows=flows or {}, positions=positions)
    return Problem.of(part, lens=lens)


def _is_new(change: Change) -> bool:
    """Whether this has come to the end of the order of adding."""
    return change.before is None and change.after is not None and change.follows is None


def _ends(flow: Attributes) -> set[str]:
    return {flow["source"], flow["target"]}
