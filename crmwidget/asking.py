"""Questions asked from a view: each in a thread of its own, on a copy of the map, so that nothing waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from weakref import WeakSet

from crmwidget.analysis import registry
from crmwidget.analysis.result import Result
from crmwidget.crm_map import CrmMap
from crmwidget.errors import AnalysisError, CancelledError, CrmWidgetError
from crmwidget.notebook import main_loop
from crmwidget.slow import Telling
from crmwidget.still_map import StillMap, keep
from crmwidget.sync.under_way import UnderWay

__all__ = ["Asking"]

MOST = 8  # questions at a time; also those that were given up and have not noticed yet


class Asking:
    """The questions that the views of one map ask.

    A question works on the map as it was when it was asked; meanwhile the map is edited on. Its answer is painted by
    the main thread's loop. Without a loop, and for one that wants it so, it is answered at once on the map itself.
    """

    def __init__(self, model: CrmMap) -> None:
        self._model = model
        self._threads: WeakSet[threading.Thread] = WeakSet()

    def ask(self, name: str, under_way: UnderWay) -> None:
        """Ask a registered question, and paint its answer."""
        question, loop = registry.ready(self._model, name), main_loop()
        if loop is None or question.at_once:
            registry.ask(self._model, name).show(live=question.live)
            return
        if sum(thread.is_alive() for thread in self._threads) >= MOST:
            raise AnalysisError(
                f"{MOST} questions are under way already; one that was given up ends when it next tells its progress"
            )
        given_up = threading.Event()
        telling = Telling(loop, under_way, question.title)

        def progress(fraction: float | None, text: str = "") -> None:
            if given_up.is_set():
                raise CancelledError(f"the question {name!r} was given up")
            telling.note(fraction, text)

        work = partial(self._work, name, keep(self._model), progress, loop, under_way)
        thread = threading.Thread(target=work, name=f"crmwidget-{name}", daemon=True)
        under_way.begin(given_up.set)
        self._threads.add(thread)
        thread.start()

    def _work(
        self,
        name: str,
        make: Callable[[], StillMap],
        progress: registry.Progress,
        loop: asyncio.AbstractEventLoop,
        under_way: UnderWay,
    ) -> None:
        """What the thread does: nothing in it touches the map."""
        try:
            still = make()
            end = partial(under_way.end, partial(self._paint, _answer(still, name, progress), still.locale))
        except Exception as error:
            end = partial(under_way.fail, error)
        except BaseException as error:  # such as SystemExit: it ends the question, not the kernel
            end = partial(under_way.fail, AnalysisError(f"the question {name!r} ended with {type(error).__name__}"))
        with contextlib.suppress(RuntimeError):  # the loop is closed: the kernel is going
            loop.call_soon_threadsafe(end)

    def _paint(self, result: Result, locale: str) -> None:
        result.bind(self._model).show()
        painter = self._model.painters[result.name]
        self._model.painters[result.name] = replace(painter, write_anew=partial(self._ask_anew, result.name))
        if locale != self._model.locale:  # it has changed while the question was at work
            self._ask_anew(result.name)

    def _ask_anew(self, name: str) -> None:
        """Ask again because numbers are written otherwise now; what has no answer any more stays as it is painted."""

        def paint(work: Callable[[], object]) -> None:
            if name in self._model.overlays:
                with contextlib.suppress(Exception):  # as the question is the user's own
                    work()

        with contextlib.suppress(CrmWidgetError):
            self.ask(name, UnderWay(tell=lambda fraction, text: None, settle=paint))


def _answer(still: StillMap, name: str, progress: registry.Progress) -> Result:
    result = registry.ask(still, name, progress=progress)
    if still.was_edited:
        raise AnalysisError(
            f"the question {name!r} edits the map, but a view asks it of a copy: "
            "@crm.question(at_once=True, …) asks it of the map itself"
        )
    return result
