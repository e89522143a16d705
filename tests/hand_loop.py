"""An event loop that a test turns by hand: what other threads hand over waits, and time passes when it is told to."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

__all__ = ["HandLoop"]

PATIENCE_S = 60  # until a thread that hands over nothing fails the test


class HandLoop:
    def __init__(self) -> None:
        self.now = 0.0
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._handed: queue.Queue[Callable[[], None]] = queue.Queue()

    def call_soon_threadsafe(self, work: Callable[..., object], *arguments: Any) -> None:
        self._handed.put(lambda: work(*arguments))  # type: ignore[arg-type, return-value]

    def call_soon(self, work: Callable[..., object], *arguments: Any) -> None:
        self.call_soon_threadsafe(work, *arguments)

    def call_later(self, delay: float, work: Callable[[], None]) -> None:
        self._later.append((self.now + delay, work))

    def is_closed(self) -> bool:
        return False

    def turn(self) -> None:
        """Wait for what the next thread hands over, and do it."""
        self._handed.get(timeout=PATIENCE_S)()

    def pass_time(self, seconds: float) -> None:
        """Do what is due until then, in its order."""
        end = self.now + seconds
        while due := sorted((item for item in self._later if item[0] <= end + 1e-9), key=lambda item: item[0]):
            self._later.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = end
