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

    def undo(self) -> Step | None:
        if not self.done:
            return None
        step = self.done.pop()
        self._open = None
        self.undone.append(step)
        return step

    def redo(self) -> Step | None:
        if not self.undone:
            return None
        step = self.undone.pop()
        self.done.append(step)
        return step
