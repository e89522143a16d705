"""The one door to a map: proposals, blocks of edits, undo and redo, each checked and committed as a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from crmwidget.errors import EditError
from crmwidget.graph.changes import BESIDE, Change, Proposal, invert
from crmwidget.graph.comments import Comment, comments_of
from crmwidget.graph.committing import Committing
from crmwidget.graph.telling import ChangeEvent, Origin
from crmwidget.graph.values import freeze
from crmwidget.graph.writing import write

__all__ = ["ChangeEvent", "MapModel", "Origin"]


class MapModel(Committing):
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

    @property
    def comments(self) -> Mapping[str, Comment]:
        """The comments by id, in the order of writing, as they are now: `m.comments["c1"].text`.

        `pandas.DataFrame(m.comments.values(), index=list(m.comments))` is a table of them.
        """
        self.flush()
        return comments_of(self.elements)

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
