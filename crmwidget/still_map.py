"""A map as it was at one moment, for a question that takes its time while the map itself is edited on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from crmwidget.crm_map import CrmMap
from crmwidget.errors import AnalysisError
from crmwidget.graph.elements import Elements
from crmwidget.graph.writing import fill

if TYPE_CHECKING:
    from crmwidget.widget import MapWidget

__all__ = ["StillMap", "keep"]


def keep(live: CrmMap) -> Callable[[], StillMap]:
    """Note what the map is now; the function that is returned makes a copy of it, on whatever thread it is called.

    Noting takes next to no time, on a map of any size: the attributes of an element are never changed in place.
    """
    live.flush_quietly()
    elements = live.elements
    with live.lock:
        kept = elements.copied()
    tables, cards, overlays = live.tables.copy(), dict(live.cards), dict(live.overlays)
    logs, filters = live.logs.copied(dict), live.filters
    path, selection, author, locale = live.path, live.selection, live.author, live.locale

    def make() -> StillMap:
        still = StillMap(elements=kept)
        still.tables, still.cards, still.overlays = tables, cards, overlays
        still.logs, still._filters = logs.copied(still._labels), filters
        still.path, still.kept_selection, still.author, still.locale = path, selection, author, locale
        return still

    return make


class StillMap(CrmMap):
    """A copy of a map that nobody looks at and nothing registers. Edits of it are lost, so they are noticed."""

    _is_live = False
    kept_selection: tuple[str, ...] = ()

    def _fill(self, elements: Elements) -> None:
        """Take in what a map has checked already."""
        self.elements = elements
        fill(self.graph, elements)

    @property
    def was_edited(self) -> bool:
        return self.is_pending or bool(self.history.done)

    @property
    def widget(self) -> MapWidget:
        return self._has_no_canvas()

    @property
    def selection(self) -> tuple[str, ...]:
        """What was selected."""
        return self.kept_selection

    @selection.setter
    def selection(self, elements: tuple[str, ...] | list[str]) -> None:
        self._has_no_canvas()

    def _has_no_canvas(self) -> NoReturn:
        raise AnalysisError(
            "a question that a view asks reads a copy of the map, which has no canvas: "
            "@crm.question(at_once=True, …) asks it of the map itself"
        )
