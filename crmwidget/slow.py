"""What takes its time, told to the view that waits: nothing at first, then how far it is, and not too often."""

from __future__ import annotations

import asyncio

from crmwidget.sync.under_way import UnderWay

__all__ = ["PATIENCE_S", "Telling"]

PATIENCE_S = 0.3  # what is done by then is not talked about
EVERY_S = 0.2
_TEXT = 200  # characters; a view shows one line


class Telling:
    """Tells a view how far its operation is, from the main thread's loop, for as long as it runs.

    `note` may be called from any thread, as often as it likes: the latest is told.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, under_way: UnderWay, text: str) -> None:
        self._loop, self._under_way = loop, under_way
        self._latest: tuple[float | None, str] = (None, text)
        self._told: tuple[float | None, str] | None = None
        loop.call_later(PATIENCE_S, self._tell)

    def note(self, fraction: float | None, text: str = "") -> None:
        """How far it is, from 0 to 1 or None, and what is being done; without a text it is what it was."""
        if fraction is not None:
            fraction = min(1.0, max(0.0, float(fraction)))
        self._latest = (fraction, str(text)[:_TEXT] or self._latest[1])

    def _tell(self) -> None:
        if not self._under_way.is_running:
            return
        if self._latest != self._told:
            self._told = self._latest
            self._under_way.tell(*self._told)
        self._loop.call_later(EVERY_S, self._tell)
