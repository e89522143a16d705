"""Keep every node of a map in a place: beside its neighbours when it is new, all of them when asked, big maps apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from crmwidget.data.numerals import number_text, written_in
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Change, Proposal
from crmwidget.graph.elements import Elements
from crmwidget.graph.locks import locked_in_place
from crmwidget.graph.model import MapModel
from crmwidget.graph.nesting import Nesting, holds
from crmwidget.layout import arrange as layouts
from crmwidget.layout.background import Job, arrange_in_background
from crmwidget.layout.frames import moved
from crmwidget.layout.nearby import Nearby
from crmwidget.layout.problem import Problem
from crmwidget.notebook import main_loop
from crmwidget.slow import Telling
from crmwidget.sync.under_way import UnderWay
from crmwidget.vocabulary import ATTRIBUTES

__all__ = ["Placing"]

_LANE_ATTRIBUTES = ("kind", *(name for name, attribute in ATTRIBUTES.items() if attribute.type in ("text", "choice")))
_FEW = 50  # so many new nodes are placed beside their neighbours at once, on a map of any size
# A layout apart and a page that paints its first picture want the same cores: the picture goes first.
PAINTED_S = 0.5  # after a view has said hello it is painted
UNSEEN_S = 2.0  # so long a view is waited for

Places = Mapping[str, tuple[float, float]]


class Placing:
    """The layout of one map, from the first time that somebody looks at it."""

    def __init__(self, model: MapModel) -> None:
        self._model = model
        self._whole: _Apart | None = None  # of the whole map
        self._fresh: _Apart | None = None  # of nodes that lie on a provisional grid
        self._fresh_nodes: set[str] = set()
        self._nearby = Nearby()
        self._is_held = False
        self._held: Callable[[], None] | None = None  # begins the layout that waits

    def ensure(self) -> None:
        """From now on, keep a place for every node; nothing else moves but what a growing frame would cover."""
        model = self._model
        if model.placer is None:
            model.placer = self._placed
        model.flush_quietly()
        if self._unplaced(model.elements):
            model.place(self._missing(model.elements), label="layout", origin="layout")

    def hold(self) -> None:
        """A canvas is on its way: what has to be laid out apart for it begins when it is painted, or nobody looks."""
        loop = main_loop()
        if loop is not None:
            self._is_held = True
            loop.call_later(UNSEEN_S, self._release)

    def note_view(self) -> None:
        """A view is there, and paints."""
        loop = main_loop()
        if loop is not None:
            loop.call_later(PAINTED_S, self._release)
        else:
            self._release()

    def _release(self) -> None:
        begin, self._is_held, self._held = self._held, False, None
        if begin is not None:
            begin()

    def moved(self, node: str, centre: tuple[float, float]) -> Places:
        """Where a node, and what lies in its frame, come to lie when the node is put at `centre`."""
        elements = self._model.elements
        if holds(elements.nodes[node]) != "frame":  # most nodes: they take nothing along
            return {node: centre}
        return moved(Problem.of(elements, lens=self._model.lens), Nesting(elements.nodes), node, centre)

    # ---- the whole map -------------------------------------------------------------------------------

    def arrange(self, *, lanes: str | None, unpin: bool, keeps_locked: bool = False) -> None:
        """Lay the whole map out, as one step of undo; with `keeps_locked` what is locked stays where it is."""
        model = self._model
        _check_lanes(lanes)
        model.flush()
        self._supersede()
        self._held = None
        if self._fresh is not None:  # what is new finds its place here
            self._fresh.supersede()
        with model.edit("layout"):
            self._set_lanes(lanes)
            seen, moves_pinned = _seen(model.elements, model.lens, unpin=unpin, keeps_locked=keeps_locked)
            self._put(layouts.arrange(seen, lens=model.lens, unpin=moves_pinned), model.lens, unpin=unpin)

    def arrange_for_view(self, *, lanes: str | None, unpin: bool, under_way: UnderWay) -> None:
        """Lay the map out because a view asks for it: locked nodes stay, a large map is laid out apart."""
        if layouts.is_slow(self._model.elements):
            self.arrange_apart(lanes=lanes, unpin=unpin, keeps_locked=True, under_way=under_way)
        else:
            self.arrange(lanes=lanes, unpin=unpin, keeps_locked=True)

    def arrange_apart(
        self,
        *,
        unpin: bool = False,
        lanes: str | None = None,
        keeps_locked: bool = False,
        under_way: UnderWay | None = None,
    ) -> None:
        """Lay out in a process of its own, and take over the result when it is there, as one step of undo.

        What was moved or added meanwhile stays where it is. A newer layout of the whole map cancels an older one.
        """
        model, loop = self._model, main_loop()
        if loop is None:
            self.arrange(lanes=lanes, unpin=unpin, keeps_locked=keeps_locked)
            return
        _check_lanes(lanes)
        model.flush_quietly()
        lens, elements = model.lens, _with_lanes(model.elements, lanes)
        before = dict(elements.positions.get(lens, {}))
        seen, moves_pinned = _seen(elements, lens, unpin=unpin, keeps_locked=keeps_locked)

        def put(places: Places) -> None:
            now = model.elements.positions.get(lens, {})
            with model.edit("layout"):
                self._set_lanes(lanes)
                still = {node: place for node, place in places.items() if now.get(node) == before.get(node)}
                self._put(still, lens, unpin=unpin)

        self._supersede()
        with written_in(model.locale):
            text = f"Laying out {number_text(len(elements.nodes), style='full')} cards"
        self._whole = _Apart(loop, put, under_way, text)
        self._whole.begin(seen, lens=lens, unpin=moves_pinned)

    def _supersede(self) -> None:
        if self._whole is not None:
            self._whole.supersede()
            self._whole = None

    def _set_lanes(self, lanes: str | None) -> None:
        if lanes == "":
            self._model.propose([Proposal(("map",), unset=("lanes",))], label="lanes")
        elif lanes is not None:
            self._model.propose([Proposal(("map",), set={"lanes": lanes})], label="lanes")

    def _put(self, places: Places, lens: str, *, unpin: bool) -> None:
        model = self._model
        shelf = model.elements.positions.get(lens, {})
        proposals = [
            Proposal(
                ("position", lens, node),
                set={"x": float(x), "y": float(y), "pinned": not unpin and bool(shelf.get(node, {}).get("pinned"))},
            )
            for node, (x, y) in places.items()
            if node in model.graph
        ]
        model.propose(proposals, label="layout")

    # ---- what is new ---------------------------------------------------------------------------------

    def _unplaced(self, elements: Elements) -> set[str]:
        return elements.nodes.keys() - elements.positions.get(self._model.lens, {}).keys()

    def _placed(self, elements: Elements, changes: Sequence[Change]) -> Places:
        """Places for what a batch of changes has added without one, or has brought onto a lens that has none for it."""
        lens, graph = self._model.lens, self._model.graph
        shelf = elements.positions.get(lens, {})
        self._nearby.follow(elements, changes, lens=lens)
        came = any(c.path[0] == "node" and c.after is not None and c.path[1] not in shelf for c in changes)
        if not came and not any(c.path[0] == "map" for c in changes):
            return {}

        def is_alone(node: str) -> bool:
            return graph._succ[node].keys() <= {node} and graph._pred[node].keys() <= {node}

        places = self._nearby.places(elements, changes, lens=lens, is_alone=is_alone) if came else None
        if places is None:
            self._nearby.forget()
            return self._missing(elements)
        return places

    def _missing(self, elements: Elements) -> Places:
        missing = self._unplaced(elements)
        elements = locked_in_place(elements, lens=self._model.lens)  # it makes no room for what is new either
        if len(missing) <= _FEW or main_loop() is None or not layouts.is_slow(elements):
            return layouts.arrange(elements, lens=self._model.lens, only_missing=True)
        self._place_apart(elements, missing)
        return layouts.grid(elements, lens=self._model.lens)

    def _place_apart(self, elements: Elements, fresh: set[str]) -> None:
        """Find places for many new nodes in a process of its own, as a part of the step that added them."""
        model, loop, lens = self._model, main_loop(), self._model.lens
        assert loop is not None
        if self._fresh is not None and self._fresh.is_running:  # it goes on with those that lie on the grid still
            self._fresh.supersede()
            fresh = fresh | (self._fresh_nodes & elements.nodes.keys())
        shelf = {node: place for node, place in elements.positions.get(lens, {}).items() if node not in fresh}

        def put(places: Places) -> None:
            now = model.elements.positions.get(lens, {})
            free = {node: place for node, place in places.items() if not now.get(node, {}).get("pinned")}
            model.place(free, label="layout", origin="layout")

        self._fresh, self._fresh_nodes = _Apart(loop, put), fresh
        without = replace(elements, positions={**elements.positions, lens: shelf})
        begin = partial(self._fresh.begin, without, lens=lens, only_missing=True)
        if self._is_held:
            self._fresh.is_running, self._held = True, begin
        else:
            begin()


class _Apart:
    """One layout in a process of its own; its end comes to the main thread's loop."""

    def __init__(
        self, loop: Any, put: Callable[[Places], None], under_way: UnderWay | None = None, text: str = ""
    ) -> None:
        self._loop, self._put, self._under_way, self._text = loop, put, under_way, text
        self._job: Job | None = None
        self.is_running = False

    def begin(self, elements: Elements, *, lens: str, unpin: bool = False, only_missing: bool = False) -> None:
        self.is_running = True
        self._job = arrange_in_background(
            elements,
            lens=lens,
            unpin=unpin,
            only_missing=only_missing,
            on_done=lambda places: self._loop.call_soon_threadsafe(self._end, places),
            on_error=lambda problem: self._loop.call_soon_threadsafe(self._fail, problem),
        )
        if self._under_way is not None:
            self._under_way.begin(self._stop)
            Telling(self._loop, self._under_way, self._text)

    def supersede(self) -> None:
        """Another layout takes its place."""
        if self.is_running:
            self._stop()
            self._fail("a newer layout has taken its place")

    def _stop(self) -> None:
        self.is_running = False
        if self._job is not None:
            self._job.cancel()

    def _end(self, places: Places) -> None:
        if not self.is_running:
            return
        self.is_running = False
        if self._under_way is None:
            self._put(places)
        else:
            self._under_way.end(lambda: self._put(places))

    def _fail(self, problem: str) -> None:
        self.is_running = False
        if self._under_way is not None:
            self._under_way.fail(EditError(problem))


def _check_lanes(lanes: str | None) -> None:
    if lanes and lanes not in _LANE_ATTRIBUTES:
        raise EditError(f"lanes cannot be made by {shorten(lanes)}; {nearest(lanes, _LANE_ATTRIBUTES)}")


def _with_lanes(elements: Elements, lanes: str | None) -> Elements:
    if lanes is None:
        return elements
    others = {name: value for name, value in elements.attributes.items() if name != "lanes"}
    return replace(elements, attributes={**others, "lanes": lanes} if lanes else others)


def _seen(elements: Elements, lens: str, *, unpin: bool, keeps_locked: bool) -> tuple[Elements, bool]:
    """The map as the layout is to see it, and whether it is to move what is pinned there."""
    if not keeps_locked:
        return elements, unpin
    return locked_in_place(elements, lens=lens, unpin=unpin), False
