"""The one door to a map: it owns the live graph, the committed state, the history and what is bound and shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock

from crmwidget.data.binding import Bindings
from crmwidget.data.log_binding import LogBindings
from crmwidget.errors import CrmWidgetError, EditError, RuleError
from crmwidget.graph.changes import (
    BESIDE,
    Change,
    Path,
    Proposal,
    align,
    apply,
    invert,
    position_changes,
    reorder,
)
from crmwidget.graph.comments import Comment, comments_of
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
from crmwidget.graph.values import freeze
from crmwidget.graph.writing import write
from crmwidget.vocabulary import DEFAULT_LENS

__all__ = ["ChangeEvent", "MapModel", "Origin"]

BREATH_S = 0.25  # in a long cell, how long edits may wait before they are committed and shown


class MapModel(Showing):
    """A map: one live graph, its committed state, one history.

    All edits, from networkx calls on `graph`, from methods and from views, become `Change`s here. They are checked,
    committed as a batch, recorded for undo and told to whoever listens, in this order; a batch that breaks a rule is
    taken back whole.

    Examples
    --------
    >>> from crmwidget import from_text
    >>> m = from_text("Lead -> Won")
    >>> stop = m.on_change(lambda event: print(event.label))
    >>> m.place({"won": (300, 0)}, label="arrange", origin="python")
    arrange
    >>> m.propose([Proposal(("flow", "~new"), add={"source": "won", "target": "lead"})], label="loop")
    loop
    {'~new': 'f2'}
    >>> stop()
    >>> m.graph.add_node("lost")  # committed at the end of the cell, or now; a broken rule is raised, or kept for later
    >>> m.is_pending, m.flush(), m.flush_quietly(), m.is_pending, len(m.comments)
    (True, None, None, False, 0)
    """

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
        self.placer: Callable[[Elements], Mapping[str, tuple[float, float]]] | None = None
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

    # ---- reading -----------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self.elements.id

    @property
    def name(self) -> str:
        return str(self.graph.graph.get("name", ""))

    @property
    def lens(self) -> str:
        return str(self.elements.attributes.get("lens", DEFAULT_LENS))

    @property
    def comments(self) -> Mapping[str, Comment]:
        """The comments by id, in the order of writing, as they are now: `m.comments["c1"].text`.

        `pandas.DataFrame(m.comments.values(), index=list(m.comments))` is a table of them.
        """
        self.flush()
        return comments_of(self.elements)

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
        """Where the placer puts nodes that came without a position: part of the same batch."""
        if self.placer is None:
            return []
        lens = self.lens
        shelf = self.elements.positions.get(lens, {})
        came = [c for c in changes if c.path[0] == "node" and c.after is not None and c.path[1] not in shelf]
        if not came and not any(c.path[0] == "map" for c in changes):
            return []
        placed = position_changes(self.elements, lens, self.placer(self.elements))
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

    # ---- editing -----------------------------------------------------------------------------------

    def _writer(self, ids: dict[str, str]) -> Writer:
        return Writer(self.graph, self.elements, self._beside, ids)

    def propose(
        self,
        proposals: Sequence[Proposal],
        *,
        label: str = "edit",
        origin: Origin = "python",
        token: object = None,
        alone: bool = False,
        ids: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """Make all of `proposals` or none of them; return the real ids of elements with temporary (`~…`) ids.

        `ids` are the real ids of earlier temporary ones that the proposals may still name. What a view proposes is
        refused if it touches a locked node; with any other origin locks do not hinder.

        Raises
        ------
        EditError
            With what was given, what is allowed and the nearest match; the map is as it was.
        """
        if origin == "view":
            self.flush_quietly()
        else:
            self.flush()
        known = dict(ids or {})
        resolved = dict(known)
        self._busy = True
        try:
            self._writer(resolved).write(proposals)
        except Exception:
            self._roll_back()
            raise
        finally:
            self._busy = False
        self._commit(label, origin, token, alone=alone)
        return {name: real for name, real in resolved.items() if name not in known}

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

    @contextmanager
    def edit(self, label: str = "edit") -> Iterator[None]:
        """Everything inside is one step of undo; an exception takes all of it back.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> with m.edit("set owners"):
        ...     m.update("lead", owner="Ann")
        ...     m.update("won", owner="Bea")
        """
        if not isinstance(freeze(label, "label"), str):
            raise EditError(f"the reason of an edit is a text; given {label!r}")
        self.flush()
        if self._edit_depth:  # nested: part of the outer one
            yield
            return
        cell_was_open = self.history.is_open
        self.history.open(label)
        self._edit_depth += 1
        try:
            yield
            self.flush()
        except BaseException:
            self._take_back_open_step()
            raise
        finally:
            self._edit_depth -= 1
            self.history.close()
            if cell_was_open:
                self.history.open("cell")

    def _take_back_open_step(self) -> None:
        self._roll_back()
        step = self.history.take_open()
        if step is not None:
            self._apply_step(invert(step.changes), f"take back {step.label}", "undo")

    def undo(self) -> str | None:
        """Take back the last step, whoever made it; its label, or None if there is none.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.remove("won")
        >>> m.undo()
        'remove won'
        """
        self._not_in_a_block("undo")
        self.flush()
        step = self.history.undo()
        if step is None:
            return None
        self._apply_step(invert(step.changes), f"undo {step.label}", "undo")
        return step.label

    def redo(self) -> str | None:
        """Make the last step that was taken back again; its label, or None if there is none.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.remove("won")
        >>> m.undo(), m.redo(), m.redo()
        ('remove won', 'remove won', None)
        """
        self._not_in_a_block("redo")
        self.flush()
        step = self.history.redo()
        if step is None:
            return None
        self._apply_step(step.changes, f"redo {step.label}", "redo")
        return step.label

    def _not_in_a_block(self, what: str) -> None:
        if self._edit_depth:
            raise EditError(f"{what} is not possible inside `with m.edit(…)`: an exception there takes the block back")

    def _apply_step(self, changes: Sequence[Change], label: str, origin: Origin) -> None:
        self._busy = True
        try:
            write(self.graph, changes)
            self._beside.update({c.path: c.after for c in changes if c.path[0] in BESIDE})
        finally:
            self._busy = False
        self._commit(label, origin, returned=changes)

    # ---- telling -----------------------------------------------------------------------------------

    def on_change(self, callback: Callable[[ChangeEvent], None], *, first: bool = False) -> Callable[[], None]:
        """Call `callback` with each `ChangeEvent`, with `first` before all others; the returned function ends it."""
        if not callable(callback):
            raise EditError(f"on_change wants a function of one ChangeEvent; given {callback!r}")
        return listen(self._listeners, callback, first=first)
