"""How edits become committed: settled, checked, applied as one batch and told, or taken back whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from threading import RLock

from crmwidget.data.binding import Bindings
from crmwidget.data.log_binding import LogBindings
from crmwidget.errors import CrmWidgetError, EditError, RuleError
from crmwidget.graph.changes import Change, Path, align, apply, invert, position_changes, reorder
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.history import History
from crmwidget.graph.ids import slug
from crmwidget.graph.live import LiveGraph
from crmwidget.graph.locks import check_locks
from crmwidget.graph.proposing import Writer, additions
from crmwidget.graph.rules import check
from crmwidget.graph.settling import settle
from crmwidget.graph.showing import Showing
from crmwidget.graph.telling import ChangeEvent, Origin, listen, tell
from crmwidget.graph.writing import write
from crmwidget.vocabulary import DEFAULT_LENS

__all__ = ["Committing"]

BREATH_S = 0.25  # in a long cell, how long edits may wait before they are committed and shown


class Committing(Showing):
    """The part of a `MapModel` that holds the live graph beside the committed state, and brings one to the other."""

    def __init__(self, elements: Elements, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.elements = Elements(id=elements.id or slug(str(elements.attributes.get("name", "map"))))
        self.elements.attributes = {"name": "Map"}
        self.revision = 0
        self.lock = RLock()
        self.tables = Bindings()
        self.logs = LogBindings()
        self.history = History()
        self.problem = ""
        self.wake: Callable[[], None] | None = None
        self.at_cell_end: Callable[[], None] | None = None
        self.placer: Callable[[Elements, Sequence[Change]], Mapping[str, tuple[float, float]]] | None = None
        self._clock = clock
        self._first_touch: float | None = None
        self._beside: dict[Path, Attributes | None] = {}
        self._raise_next: RuleError | None = None
        self._listeners: list[Callable[[ChangeEvent], None]] = []
        self._busy = False
        self._edit_depth = 0
        self.graph = LiveGraph.watched(
            is_key_used=lambda key: key in self.elements.flows, wake=self._woken, breathe=self._breathe
        )
        self.graph.graph["name"] = "Map"
        self._fill(elements)

    def _fill(self, elements: Elements) -> None:
        """Take in a whole map as the starting point: checked, but no step of the history."""
        self._writer({}).write(additions(elements))
        changes = self._settled()
        self._check_and_apply(changes)

    @property
    def id(self) -> str:
        return self.elements.id

    @property
    def name(self) -> str:
        return str(self.graph.graph.get("name", ""))

    @property
    def lens(self) -> str:
        return str(self.elements.attributes.get("lens", DEFAULT_LENS))

    # ---- committing --------------------------------------------------------------------------------

    @property
    def is_pending(self) -> bool:
        """Whether there are edits that are not committed yet."""
        return self.graph.is_touched or bool(self._beside)

    def flush(self) -> None:
        """Commit what has been edited by Python so far.

        Raises
        ------
        RuleError
            If this batch, or an earlier one that nobody was there to be told about, broke a rule. It was taken back.
        """
        self.flush_quietly()
        if self._raise_next is not None:
            error, self._raise_next = self._raise_next, None
            raise error

    def flush_quietly(self) -> None:
        """Commit as `flush` does; a broken rule is kept for the next call on the map and told to the views."""
        if self._busy or not self.is_pending:
            return
        try:
            self._commit("edit", "python")
        except RuleError as error:
            self._raise_next = error
            self.problem = str(error)
            self._tell_shown(("status",), None)

    def _commit(
        self,
        label: str,
        origin: Origin,
        token: object = None,
        *,
        alone: bool = False,
        returned: Sequence[Change] = (),
    ) -> bool:
        """Settle, check, apply, record and tell. True if anything changed. On an error all is as it was.

        What `returned` brings back goes to its old place in the order, before anybody is told.
        """
        self._busy = True
        try:
            changes = self._settled()
            if not changes:
                return False
            try:
                if origin == "view":
                    check_locks(self.elements, changes)
                self._check_and_apply(changes)
            except CrmWidgetError:
                self._take_back(changes)
                raise
        finally:
            self._busy = False
        self._put_in_order(returned)
        changes += self._placed(changes)
        if origin in ("python", "view"):
            self.history.record(changes, label, alone=alone)
        elif origin == "layout":
            self.history.amend(changes)
        self._published(changes, label, origin, token)
        return True

    def _settled(self) -> list[Change]:
        self._first_touch = None
        marks, beside = self.graph.take(), self._beside
        self._beside = {}
        return settle(self.graph, self.elements, marks, beside)

    def _check_and_apply(self, changes: Sequence[Change]) -> None:
        with self.lock:
            apply(self.elements, changes)
            try:
                check(self.elements, changes)
            except CrmWidgetError:
                apply(self.elements, invert(changes))
                raise
            self.revision += 1

    def _placed(self, changes: Sequence[Change]) -> list[Change]:
        """Where the placer, who hears of every batch, puts nodes that came without a position: part of the batch."""
        if self.placer is None:
            return []
        placed = position_changes(self.elements, self.lens, self.placer(self.elements, changes))
        with self.lock:
            apply(self.elements, placed)
        return placed

    def place(self, positions: Mapping[str, tuple[float, float]], *, label: str, origin: Origin) -> None:
        """Put nodes where a layout wants them. With origin "layout" it is part of the step before, else its own."""
        self.flush_quietly()
        known = {node: place for node, place in positions.items() if node in self.graph}
        for change in position_changes(self.elements, self.lens, known):
            self._beside[change.path] = change.after
        self._commit(label, origin, alone=origin == "python")

    def _published(self, changes: Sequence[Change], label: str, origin: Origin, token: object) -> None:
        self.problem = ""
        tell(self._listeners, ChangeEvent(self.revision, label, origin, tuple(changes), token), name=self.name)

    def _woken(self) -> None:
        if self._busy:
            return
        self._first_touch = self._clock()
        if self.wake is not None:
            self.wake()

    def _breathe(self) -> None:
        """Called by the graph before an addition: in a long cell, commit now and then so that views keep up."""
        if self._busy or self._edit_depth or self._first_touch is None or not self.history.is_open:
            return
        if self._clock() - self._first_touch >= BREATH_S:
            self.flush_quietly()

    # ---- taking back -------------------------------------------------------------------------------

    def _roll_back(self) -> None:
        self._take_back(self._settled())

    def _take_back(self, changes: Sequence[Change]) -> None:
        """Bring the graph back to before `changes`, which never came to be committed, its order too."""
        returned = invert(changes)
        write(self.graph, returned)
        self.graph.take()
        self._put_in_order(returned)

    def _put_in_order(self, returned: Sequence[Change]) -> None:
        with self.lock:
            reorder(self.elements.nodes, returned, "node")
            reorder(self.elements.flows, returned, "flow")
            reorder(self.elements.comments, returned, "comment")
        if returned:
            align(self.graph._node, self.elements.nodes)

    # ---- writing and telling -----------------------------------------------------------------------

    def _writer(self, ids: dict[str, str]) -> Writer:
        return Writer(self.graph, self.elements, self._beside, ids)

    def on_change(self, callback: Callable[[ChangeEvent], None], *, first: bool = False) -> Callable[[], None]:
        """Call `callback` with each `ChangeEvent`, with `first` before all others; the returned function ends it."""
        if not callable(callback):
            raise EditError(f"on_change wants a function of one ChangeEvent; given {callback!r}")
        return listen(self._listeners, callback, first=first)
