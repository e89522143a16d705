"""One linear history of steps, shared by Python and all views."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from crmwidget.graph.changes import Change, squash

__all__ = ["History", "Step"]

MAX_STEPS: Final = 1_000


@dataclass(slots=True, eq=False)
class Step:
    """What one undo takes back: the changes of one gesture, one cell or one `with m.edit(...)`."""

    label: str
    changes: list[Change]


class History:
    """Steps done and steps taken back. Changes recorded while a step is open become part of it."""

    def __init__(self) -> None:
        self.done: deque[Step] = deque(maxlen=MAX_STEPS)
        self.undone: list[Step] = []
        self._before_cell: Step | None = None  # the last step when the last cell began
        self._by_cell: Step | None = None  # and when a cell ended that had made one
        self._copied: Step | None = None  # and when the code of the last edits was copied
        self._open: Step | None = None
        self._open_label = ""
        self._is_open = False

    def open(self, label: str) -> None:
        """What is recorded until `close` is one step."""
        self.close()
        self._is_open, self._open_label = True, label

    def close(self) -> None:
        self._is_open, self._open = False, None

    @property
    def is_open(self) -> bool:
        return self._is_open

    def record(self, changes: list[Change], label: str, *, alone: bool = False) -> None:
        """Add changes: to the open step if there is one and they are not a gesture of their own (`alone`)."""
        self.undone.clear()
        if alone or not self._is_open:
            self.done.append(Step(label, changes))
            self._open = None
        elif self._open is not None:
            self._merge(self._open, changes)
        else:
            self._open = Step(self._open_label or label, changes)
            self.done.append(self._open)

    def amend(self, changes: list[Change]) -> None:
        """Add changes to the last step, as their consequence (such as where a new node was placed)."""
        if self.done:
            self._merge(self.done[-1], changes)

    def _merge(self, step: Step, changes: list[Change]) -> None:
        step.changes = squash([*step.changes, *changes])
        if not step.changes and self.done and self.done[-1] is step:
            self.done.pop()
            self._open = None

    def take_open(self) -> Step | None:
        """The open step so far, taken out of the history."""
        step, self._open = self._open, None
        if step is not None:
            self.done.remove(step)
        return step

    @property
    def last(self) -> Step | None:
        """The last step that can be undone."""
        return self.done[-1] if self.done else None

    def begin_cell(self) -> None:
        """What is recorded until `end_cell` is one step."""
        self.open("cell")
        self._before_cell = self.last

    def end_cell(self) -> None:
        """If the cell has made a step, what comes now is by hand."""
        self.close()
        if self.last is not self._before_cell:
            self._by_cell = self.last

    def note_copied(self) -> None:
        """The code of the last steps was copied."""
        self._copied = self.last

    def n_by_hand(self) -> int:
        """How many steps are newer than the last cell that made one, and than the last copying if there are any."""
        since_cell, since_copied = self._n_after(self._by_cell), self._n_after(self._copied)
        return min(since_cell, since_copied) or since_cell

    def _n_after(self, mark: Step | None) -> int:
        n = 0
        for step in reversed(self.done):
            if step is mark:
                break
            n += 1
        return n

    def undo(self) -> Step | None:
        if not self.done:
            return None
        step = self.done.pop()
        self._open = None
        self.undone.append(step)
        self._by_cell, self._copied = (self.last if mark is step else mark for mark in (self._by_cell, self._copied))
        return step

    def redo(self) -> Step | None:
        if not self.undone:
            return None
        step = self.undone.pop()
        self.done.append(step)
        return step
