"""Answers that follow the map: asked again in a thread, on a copy of it, so that no hand on the map waits."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from crmwidget.errors import AnalysisError
from crmwidget.graph.showing import answer_of
from crmwidget.notebook import main_loop
from crmwidget.still_map import StillMap, keep

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap

__all__ = ["Following"]

CALM_S = 0.05  # edits within it are answered together

Ask: TypeAlias = Callable[[Any], Any]
Take: TypeAlias = Callable[[Any], None]


class Following:
    """What is asked again of one map, each name on its own.

    An answer is waited for by nobody: it comes a moment after the first edit, is of the map as it was at that moment,
    and is painted by the main thread's loop. What is edited while one is worked out is asked of once more after it,
    however many edits there are. Without a loop all is done at once.
    """

    def __init__(self, model: CrmMap) -> None:
        self._model = model
        self._wanted: dict[str, tuple[Ask, Take]] = {}  # to be asked next, by name
        self._busy: set[str] = set()  # names whose answer is waited for, or worked out

    def ask(self, name: str, ask: Ask, take: Take) -> None:
        """Ask soon, and hand the answer or the error to `take`."""
        loop = main_loop()
        if loop is None:
            take(answer_of(ask, self._model))
            return
        self._wanted[name] = ask, take
        if name not in self._busy:
            self._busy.add(name)
            loop.call_later(CALM_S, lambda: self._begin(name, loop))

    def _begin(self, name: str, loop: asyncio.AbstractEventLoop) -> None:
        ask, take = self._wanted.pop(name)
        make = keep(self._model)

        def work() -> None:
            answer = answer_of(lambda _: _asked(make, name, ask), None)
            with contextlib.suppress(RuntimeError):  # the loop is closed: the kernel is going
                loop.call_soon_threadsafe(self._end, name, loop, take, answer)

        threading.Thread(target=work, name=f"crmwidget-again-{name}", daemon=True).start()

    def _end(self, name: str, loop: asyncio.AbstractEventLoop, take: Take, answer: Any) -> None:
        try:
            take(answer)
        finally:
            if name in self._wanted:
                loop.call_later(CALM_S, lambda: self._begin(name, loop))
            else:
                self._busy.discard(name)


def _asked(make: Callable[[], StillMap], name: str, ask: Ask) -> Any:
    still = make()
    answer = ask(still)
    if still.was_edited:
        raise AnalysisError(
            f"the question {name!r} edits the map, but is asked again of a copy: "
            "@crm.question(at_once=True, …) asks it of the map itself"
        )
    return answer
