"""What a map shows beside its graph: figures on cards and painted answers, in one locale, of what a filter leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmwidget.data.log_filter import LogFilter
from crmwidget.graph.changes import Path
from crmwidget.graph.telling import listen
from crmwidget.shown import Card, Overlay, Segments

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Painter", "Showing", "answer_of"]


@dataclass(frozen=True, slots=True)
class Painter:
    """What can paint an answer once more.

    Attributes
    ----------
    write_anew
        Its numbers are written otherwise now; without an answer it stays as it is painted.
    ask_anew
        What it was asked of is another now. With `at_once` it is painted when the call returns.
    try_out
        Ask the same with other changes and paint that; None for an answer that has nothing to change.
    """

    write_anew: Callable[[], None]
    ask_anew: Callable[[bool], None]
    try_out: Callable[[Any], object] | None = None


class Showing:
    """The shown half of a `MapModel`."""

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.overlays: dict[str, Overlay] = {}
        self.segments: dict[str, Segments] = {}  # of the painted answers that were asked by segment
        self.painters: dict[str, Painter] = {}  # of the painted answers that can be painted once more
        self.locale = ""  # how numbers on it are written
        self._filters = LogFilter()
        self._shown_listeners: list[Callable[[Path, Any], None]] = []

    @property
    def filters(self) -> LogFilter:
        """What questions are narrowed to; false where they are asked of all cases. `m.filter(…)` sets it."""
        return self._filters

    def on_shown(self, callback: Callable[[Path, Any], None]) -> Callable[[], None]:
        """Call `callback(path, value)` when figures, a painted answer, the status, the offer or the filter change.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> heard = []
        >>> stop = m.on_shown(lambda path, value: heard.append(path))
        >>> m.paint("mine", None)
        >>> heard
        [('overlay', 'mine')]
        """
        return listen(self._shown_listeners, callback)

    def _tell_shown(self, path: Path, value: Any) -> None:
        for listener in list(self._shown_listeners):
            listener(path, value)

    def show_card(self, node: str, card: Card | None) -> None:
        """Put figures on a node's card, or take them off with None.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.show_card("lead", Card(figures=[], tables=["deals"]))
        >>> m.cards["lead"].tables
        ['deals']
        """
        _put(self.cards, node, card)
        self._tell_shown(("card", node), card)

    def paint(
        self,
        name: str,
        overlay: Overlay | None,
        *,
        painter: Painter | None = None,
        segments: Segments | None = None,
    ) -> None:
        """Paint an answer on the map under `name`, or take it off with None.

        `painter` can paint it once more; `segments` go with it into a page without a kernel.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.paint("mine", Overlay("Mine", "", None, {}, {}, [], None))
        >>> list(m.overlays)
        ['mine']
        """
        _put(self.overlays, name, overlay)
        _put(self.segments, name, segments)
        _put(self.painters, name, painter)
        self._tell_shown(("overlay", name), overlay)

    def write_in(self, locale: str) -> None:
        """Write the numbers of painted answers as `locale` does, such as `"de-DE"`; `""` is the style of the house."""
        if locale != self.locale:
            self.locale = locale
            for painter in list(self.painters.values()):
                painter.write_anew()

    def narrow(self, filters: LogFilter, *, at_once: bool = True) -> None:
        """Ask all questions, those that are painted too, of the cases that `filters` leave; nothing is checked here.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.narrow(LogFilter(outcomes=("won",)))
        >>> m.filters
        <filter: won>
        """
        if filters == self._filters:
            return
        self._filters = filters
        self._tell_shown(("filter",), filters)
        for painter in list(self.painters.values()):
            painter.ask_anew(at_once)

    def ask_again(
        self,
        name: str,
        ask: Callable[[MapModel], Any],
        take: Callable[[Any], None],
        *,
        at_once: bool = False,
    ) -> None:
        """Ask of the map as it is now, and hand the answer, or the error, to `take`.

        Unless it has to be `at_once`, a map that is seen somewhere may do so later and elsewhere, on a copy of itself,
        so that no hand waits for it; and once for several calls under one name.
        """
        take(answer_of(ask, self))


def answer_of(ask: Callable[[Any], Any], m: object) -> Any:
    """The answer, or the error in its place."""
    try:
        return ask(m)
    except Exception as error:  # a half-edited map may have no answer, and an edit must never fail for it
        return error


def _put(shelf: dict[str, Any], name: str, value: Any) -> None:
    shelf.pop(name, None)
    if value is not None:
        shelf[name] = value
