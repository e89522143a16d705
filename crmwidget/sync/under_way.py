"""An operation of a view that takes its time: how far it is, how it ends, and that it can be given up."""

from __future__ import annotations

from collections.abc import Callable

from crmwidget.errors import CancelledError

__all__ = ["UnderWay"]


class UnderWay:
    """One operation of a view, as the command that does it sees it.

    A command that is done when it returns leaves it alone. One that goes on calls `begin` before it returns, `tell` as
    often as it likes, and `end` or `fail` when it is done. The first of `end`, `fail` and `give_up` answers the view;
    what comes after it does nothing. All of it is called on the thread that the session lives on.
    """

    def __init__(
        self, *, tell: Callable[[float | None, str], None], settle: Callable[[Callable[[], object]], None]
    ) -> None:
        self._tell, self._settle = tell, settle
        self._stop: Callable[[], object] | None = None
        self._latest: tuple[float | None, str] | None = None
        self.is_running = False

    @property
    def has_begun(self) -> bool:
        return self._stop is not None

    def begin(self, stop: Callable[[], object]) -> None:
        """The operation goes on after its command has returned; `stop` is called if it is given up."""
        self._stop, self.is_running = stop, True

    def tell(self, fraction: float | None, text: str) -> None:
        """Tell the view how far it is: a fraction from 0 to 1 where it is known, and what is being done."""
        if self.is_running:
            self._latest = (fraction, text)
            self._tell(fraction, text)

    def tell_again(self) -> None:
        """Tell a view that asks once more what it may have missed."""
        if self._latest is not None:
            self.tell(*self._latest)

    def end(self, work: Callable[[], object]) -> None:
        """Do what is left, such as painting an answer, and acknowledge the operation; an error in it is a refusal."""
        if self.is_running:
            self.is_running = False
            self._settle(work)

    def fail(self, error: Exception) -> None:
        """Refuse the operation, with what went wrong."""

        def refuse() -> None:
            raise error

        self.end(refuse)

    def give_up(self) -> None:
        """Stop the operation, and refuse it."""
        if self.is_running and self._stop is not None:
            self._stop()
            self.fail(CancelledError("given up"))

    def abandon(self) -> None:
        """Stop the operation without an answer: there is nobody to give it to, or there was one already."""
        if self.is_running and self._stop is not None:
            self.is_running = False
            self._stop()
