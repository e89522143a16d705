"""A bar in the cell of a notebook that reads a long event log: what is being done, and how far it is."""

from __future__ import annotations

import html
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeAlias

from crmwidget.data.numerals import percent_text
from crmwidget.errors import CancelledError

__all__ = ["watched_reading"]

Progress: TypeAlias = "Callable[[float, str], object]"
PATIENCE_S = 3.0  # what is read sooner needs no bar
EVERY_S = 0.25  # so often is enough to see that it moves


@contextmanager
def watched_reading(given: Progress | None) -> Iterator[Progress | None]:
    """Who is told how far a log is read: `given`, else a bar where this is a notebook, else nobody."""
    put_out = _put_out() if given is None else None
    if put_out is None:
        yield given
        return
    bar = _Bar(put_out)
    try:
        yield bar.move
    except (CancelledError, KeyboardInterrupt):
        bar.end("Reading the event log was stopped.")
        raise
    except BaseException:
        bar.end("The event log was not read.")
        raise
    bar.end("The event log is read.")


class _Bar:
    """One output of the cell, which each step replaces; there is none until it takes long."""

    def __init__(self, put_out: Callable[..., object]) -> None:
        self._put_out = put_out
        self._id = uuid.uuid4().hex
        self._next = monotonic() + PATIENCE_S
        self._is_seen = False

    def move(self, share: float, what: str) -> None:
        if monotonic() < self._next:
            return
        said = html.escape(what)
        bar = f'<progress max="1" value="{share:.3f}" aria-label="{said}" style="vertical-align:middle"></progress>'
        self._show(f"{what}: {percent_text(round(share, 2))}", f"<div>{bar} {said}</div>")
        self._next = monotonic() + EVERY_S

    def end(self, sentence: str) -> None:
        if self._is_seen:
            self._show(sentence, f"<div>{sentence}</div>")

    def _show(self, text: str, page: str) -> None:
        data = {"text/plain": text, "text/html": page}
        self._put_out(data, {}, transient={"display_id": self._id}, update=self._is_seen)
        self._is_seen = True


def _put_out() -> Callable[..., Any] | None:
    """What puts out an output of the cell; None where this is no kernel of a notebook."""
    ipython = sys.modules.get("IPython")  # where it was never loaded there is no notebook
    shell: Any = ipython.get_ipython() if ipython is not None else None
    return shell.display_pub.publish if getattr(shell, "kernel", None) is not None else None
