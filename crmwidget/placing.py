"""Keep every node of a map in a place: beside its neighbours when it is new, all of them when asked, big maps apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Proposal
from crmwidget.graph.elements import Elements
from crmwidget.graph.locks import locked_in_place
from crmwidget.graph.model import MapModel
from crmwidget.layout import arrange as layouts
from crmwidget.layout.background import Job, arrange_in_background
from crmwidget.notebook import main_loop
from crmwidget.vocabulary import ATTRIBUTES

__all__ = ["Placing"]

_LANE_ATTRIBUTES = ("kind", *(name for name, attribute in ATTRIBUTES.items() if attribute.type in ("text", "choice")))
_FEW = 50  # so many new nodes are placed beside their neighbours at once, on a map of any size

Places = Mapping[str, tuple[float, float]]


class Placing:
    """The layout of one map, from the first time that somebody looks at it."""

    def __init__(self, model: MapModel) -> None:
        self._model = model
        self._job: Job | None = None

    def ensure(self) -> None:
        """From now on, keep a place for every node: beside its neighbours, moving nothing else."""
        model = self._model
        if model.placer is None:
            model.placer = self._missing
        model.flush_quietly()
        if self._unplaced(model.elements):
            model.place(self._missing(model.elements), label="layout", origin="layout")

    def arrange(self, *, lanes: str | None, unpin: bool, keeps_locked: bool = False) -> None:
        """Lay the whole map out, as one step of undo; with `keeps_locked` what is locked stays where it is."""
        model = self._model
        if lanes and lanes not in _LANE_ATTRIBUTES:
            raise EditError(f"lanes cannot be made by {shorten(lanes)}; {nearest(lanes, _LANE_ATTRIBUTES)}")
        model.flush()
        with model.edit("layout"):
            if lanes == "":
                model.propose([Proposal(("map",), unset=("lanes",))], label="lanes")
            elif lanes is not None:
                model.propose([Proposal(("map",), set={"lanes": lanes})], label="lanes")
            seen, moves_pinned = self._seen(unpin=unpin, keeps_locked=keeps_locked)
            self._put(layouts.arrange(seen, lens=model.lens, unpin=moves_pinned), unpin=unpin)

    def arrange_for_view(self, *, lanes: str | None, unpin: bool) -> None:
        """Lay the map out because a view asks for it: locked nodes stay, a large map is laid out apart."""
        if lanes is None and layouts.is_slow(self._model.elements):
            self.arrange_apart(unpin=unpin, keeps_locked=True)
        else:
            self.arrange(lanes=lanes, unpin=unpin, keeps_locked=True)

    def _seen(self, *, unpin: bool, keeps_locked: bool) -> tuple[Elements, bool]:
        """The map as the layout is to see it, and whether it is to move what is pinned there."""
        model = self._model
        if not keeps_locked:
            return model.elements, unpin
        return locked_in_place(model.elements, lens=model.lens, unpin=unpin), False

    def arrange_apart(
        self, *, unpin: bool = False, keeps_locked: bool = False, only: Collection[str] | None = None
    ) -> None:
        """Lay out in a process of its own, and take over the result when it is there; a newer call cancels an older.

        With `only`, these nodes alone are moved, as a part of the step that added them.
        """
        model, loop = self._model, main_loop()
        if loop is None:
            self.arrange(lanes=None, unpin=unpin, keeps_locked=keeps_locked)
            return
        if self._job is not None:
            self._job.cancel()

        def take_over(places: Places) -> None:
            if only is None:
                self._put(places, unpin=unpin)
            else:
                chosen = {node: place for node, place in places.items() if node in only}
                model.place(chosen, label="layout", origin="layout")

        seen, moves_pinned = self._seen(unpin=unpin, keeps_locked=keeps_locked)
        self._job = arrange_in_background(
            seen,
            lens=model.lens,
            unpin=moves_pinned,
            on_done=lambda places: loop.call_soon_threadsafe(take_over, places),
        )

    def _put(self, places: Places, *, unpin: bool) -> None:
        model = self._model
        shelf = model.elements.positions.get(model.lens, {})
        proposals = [
            Proposal(
                ("position", model.lens, node),
                set={"x": float(x), "y": float(y), "pinned": not unpin and bool(shelf.get(node, {}).get("pinned"))},
            )
            for node, (x, y) in places.items()
            if node in model.graph
        ]
        model.propose(proposals, label="layout")

    def _unplaced(self, elements: Elements) -> set[str]:
        return elements.nodes.keys() - elements.positions.get(self._model.lens, {}).keys()

    def _missing(self, elements: Elements) -> dict[str, tuple[float, float]]:
        missing = self._unplaced(elements)
        elements = locked_in_place(elements, lens=self._model.lens)  # it makes no room for what is new either
        if len(missing) <= _FEW or main_loop() is None or not layouts.is_slow(elements):
            return layouts.arrange(elements, lens=self._model.lens, only_missing=True)
        self.arrange_apart(only=missing)
        grid = layouts.grid(elements, lens=self._model.lens)
        return {node: place for node, place in grid.items() if node in missing}
