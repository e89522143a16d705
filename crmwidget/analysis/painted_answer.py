"""An answer on the map: painted, asked again as the map changes, tried with other changes, and taken off."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from crmwidget.analysis.chart import Chart
from crmwidget.errors import AnalysisError, CrmWidgetError
from crmwidget.graph.showing import Painter
from crmwidget.shown import Finding, Overlay, Segments

if TYPE_CHECKING:
    from crmwidget.analysis.result import Result
    from crmwidget.graph.changes import Change
    from crmwidget.graph.model import ChangeEvent, MapModel

__all__ = ["PaintedAnswer"]


class PaintedAnswer(ABC):
    """The part of a `Result` that lies on a map, and follows it."""

    name: str
    title: str
    findings: list[Finding]
    overlay: Overlay | None
    notes: list[str]
    drawing: Chart | Callable[[], Chart] | None
    segments: Segments | None
    trial: Callable[[MapModel, Any], Result] | None

    _map: MapModel | None = None
    _again: Callable[[MapModel], Result] | None = None
    _stop: Callable[[], object] | None = None
    _is_repainting: bool = False
    _reads: frozenset[str] | None = None
    _asks_the_map_itself: bool = False
    _turn: int = 0

    @property
    @abstractmethod
    def painted(self) -> Overlay:
        """What `show` paints."""

    def bind(
        self,
        m: MapModel,
        again: Callable[[MapModel], Result] | None = None,
        *,
        reads: frozenset[str] | None = None,
        asks_the_map_itself: bool = False,
    ) -> Self:
        """Say which map it was asked of, and how to ask again; done by the registry, and for an answer of a copy."""
        self._map = m
        if again is not None:
            self._again, self._reads, self._asks_the_map_itself = again, reads, asks_the_map_itself
        return self

    def show(self, *, live: bool = False) -> Self:
        """Paint the answer on the live map, in every view of it.

        A change of the map's filter asks again and repaints in any case.

        Parameters
        ----------
        live
            Ask again after each edit that the question looks at, and whenever something is attached or detached, and
            repaint, until `hide()`, or until the answer is taken off in a view or another of this name is painted.
            `table` and `findings` follow. While the map is seen in a notebook this happens on a copy of it, a moment
            after the edit and once for several in a row, so that no gesture waits for it.

        Raises
        ------
        AnalysisError
            The result belongs to no map: it was made by hand.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> answer = crm.bottlenecks(m)
        >>> answer.show(live=True) is answer
        True
        >>> list(m.overlays)
        ['bottlenecks']
        """
        m = self._bound_map()
        self._stop_following()
        self._paint(m)
        if live:
            stops = m.on_change(self._follow_edit), m.on_shown(self._follow_data)
            self._stop = lambda: [stop() for stop in stops]
        return self

    def try_out(self, changes: Any) -> Self:
        """Ask the same with these changes instead (see `crm.what_if`), and paint that, which then follows the map.

        It is what the sliders of a painted what-if do. `table` and `findings` are those of the new answer.

        Raises
        ------
        AnalysisError
            The question takes no changes, or not these; then everything stays as it is.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> answer = crm.what_if(m).try_out({"demo": {"delay_days": 5}})
        >>> list(m.overlays)
        ['what_if']
        """
        m = self._bound_map()
        if self.trial is None:
            raise AnalysisError(f"The question {self.name!r} takes no changes, so there is nothing to try out.")
        new = self.trial(m, changes)
        self._again = new._again
        self._turn += 1  # what was asked for before, and is still on its way, is out of date
        self._take_over(new)
        return self.show(live=True)

    def hide(self) -> Self:
        """Take the answer off the map; a live one stops following it.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> answer = crm.bottlenecks(m)
        >>> answer.show().hide() is answer, m.overlays
        (True, {})
        """
        self._stop_following()
        self._bound_map().paint(self.name, None)
        return self

    def _bound_map(self) -> MapModel:
        if self._map is None:
            raise AnalysisError(
                f"The result {self.name!r} belongs to no map. A question registered with @question gives one that does."
            )
        return self._map

    def _paint(self, m: MapModel, painter: Painter | None = None) -> None:
        if painter is None and self._again is not None:
            painter = Painter(self._write_anew, self.ask_anew, self.try_out if self.trial is not None else None)
        m.paint(self.name, self.painted, painter=painter, segments=self.segments)

    def _stop_following(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _follow_edit(self, event: ChangeEvent) -> None:
        if not self._is_repainting and any(concerns(change, self._reads) for change in event.changes):
            self.ask_anew(False)

    def _follow_data(self, path: tuple[str, ...], value: object) -> None:
        if path[0] == "about":
            self.ask_anew(False)

    def ask_anew(self, at_once: bool) -> None:
        """Ask again and repaint, as what it was asked of is another now; what is no longer painted stays as it is."""
        m = self._bound_map()
        if self._again is None or not self._is_painted_on(m):
            self._stop_following()
            return
        at_once = at_once or self._asks_the_map_itself
        self._turn += at_once  # what was asked for before, and is still on its way, is out of date
        turn = self._turn
        m.ask_again(self.name, self._again, lambda answer: self._take(answer, turn), at_once=at_once)

    def _is_painted_on(self, m: MapModel) -> bool:
        """Whether nobody has taken it off, or painted over it."""
        return m.overlays.get(self.name) is self.painted

    def _take(self, answer: Result | Exception, turn: int) -> None:
        if turn != self._turn:
            return
        m = self._bound_map()
        if not self._is_painted_on(m):
            self._stop_following()
            return
        self._is_repainting = True
        try:
            if isinstance(answer, Exception):
                self._say_that_there_is_none(answer)
            else:
                self._take_over(answer)
            self._paint(m, m.painters.get(self.name))
        finally:
            self._is_repainting = False

    def _say_that_there_is_none(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, CrmWidgetError) else f"The question failed ({type(error).__name__})."
        self.findings = [Finding("info", "There is no answer for the map as it is now.", reason, "", [], [])]
        self.overlay, self.segments = Overlay(self.title, reason, None, {}, {}, self.findings, None), None

    def _write_anew(self) -> None:
        """Ask again and paint, because numbers are written otherwise now; what has no answer any more stays."""
        m = self._bound_map()
        assert self._again is not None
        try:
            new = self._again(m)
        except CrmWidgetError:
            return
        except Exception as error:  # the question is the user's own
            warnings.warn(
                f"the question {self.name!r} failed when its numbers were to be written anew: {error!r}",
                RuntimeWarning,
                stacklevel=2,
            )
            return
        self._turn += 1
        self._take_over(new)
        self._paint(m)

    def _take_over(self, new: Result) -> None:
        vars(self).update({name: vars(new)[name] for name in ("table", "public", "flows")})  # made or not
        self.findings, self.notes, self.overlay = new.findings, new.notes, new.painted
        self.drawing, self.segments = new.drawing, new.segments


def concerns(change: Change, reads: frozenset[str] | None) -> bool:
    """Whether an edit may alter the answer of a question that reads these attributes; None stands for all.

    What comes and goes always does; where a card lies, and what is written in comments, never; votes where "votes" is
    among them.
    """
    if change.path[0] == "vote":
        return reads is not None and "votes" in reads
    if change.path[0] not in {"node", "flow", "map"}:
        return False
    before, after = change.before, change.after
    if reads is None or before is None or after is None:
        return True
    return any(before.get(name) != after.get(name) for name in reads)
