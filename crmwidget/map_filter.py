"""Narrowing all questions and figures of a map to some cases and rows, and asking what is painted again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from crmwidget.data.log_filter import LogFilter, checked_values, log_filter
from crmwidget.data.table_filter import column_named
from crmwidget.graph.model import MapModel
from crmwidget.map_pictures import MapPictures

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap
    from crmwidget.following import Following

__all__ = ["MapFilter"]


class MapFilter(MapPictures):
    """The filtering part of a `CrmMap`.

    Examples
    --------
    `filter` checks what it is asked for; a filter that is made already is taken as it is:

    >>> from crmwidget import from_text
    >>> m = from_text("Lead -> Won")
    >>> m.narrow(LogFilter(outcomes=("won",)))
    >>> m.filters
    <filter: won>
    """

    _following: Following | None = None

    def filter(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        period: tuple[object, object] | None = None,
        outcome: str | Iterable[str] | None = None,
        **attributes: object,
    ) -> None:
        """Ask all questions of some cases only, and figures of some rows; `m.filter()` asks them of all again.

        Each call says the whole filter, so that a cell can be run again. What is painted is asked again at once, and
        every view shows the filter. `m.filters` is what is set. It is no step of undo and is not saved: it speaks of
        data that a saved map does not hold. `log.where(…)` gives a part of a log without any of this, and a log that is
        given to a question (`log=`) is read whole.

        Attached tables are narrowed as well, each by what it has: a column of the attribute's name; for a period the
        date when a row began (such as `created_at`, or the only date there is); for outcomes a column `outcome`, else
        the stage that it was attached with. What a table cannot be narrowed by is said where it is shown.

        Parameters
        ----------
        values
            The same as `attributes`, for names that are no names of Python, or that are `period` or `outcome`.
        period
            Two days, both in it, in which a case begins: `("2026-01-01", "2026-06-30")`; either may be None. Also
            dates, and datetimes, which without a zone are UTC.
        outcome
            How a case ended: "won", "lost", "open" (it has not come to an end) or "other", or several. Nodes say it
            by `outcome`; else closing activities called so do.
        **attributes
            An attribute that the log keeps, and the value, or several, of which a case has one in some event; None
            stands for a missing one.

        Raises
        ------
        DataError
            Nothing is attached, nothing attached has such an attribute, or no case or row has the value; the message
            has the nearest. The filter stays as it was.

        Examples
        --------
        >>> import crmwidget as crm
        >>> sample = crm.samples.events(200)
        >>> log = crm.EventLog(
        ...     sample.events, case="case_id", activity="activity", timestamp="finished_at",
        ...     attributes=["segment"], ends=sample.ends,
        ... )
        >>> m = crm.discover(log, name="Filtered")
        >>> m.filter(segment="Enterprise", outcome="won")
        >>> m.filters
        <filter: segment Enterprise; won>
        >>> set(path[-1] for path in crm.variants(m).table["path"])
        {'Won'}
        >>> m.filter()
        >>> m.filters
        <no filter>
        """
        self.flush()
        said = {**values, **attributes} if isinstance(values, Mapping) else values or attributes
        chosen = log_filter(said, period=period, outcome=outcome)
        if chosen:
            checked_values(chosen, [bound.log for bound in self.logs.values()], self.tables.values())
        self.narrow(chosen)

    def _forget_lost_attributes(self) -> None:
        """A filter by an attribute that nothing attached has any more is one that nobody can see or take away."""
        if not self.logs and not self.tables:
            self.narrow(LogFilter())
            return
        kept = {name for bound in self.logs.values() for name in bound.log.attributes}
        gone = [
            name
            for name in self.filters.values
            if name not in kept and not any(column_named(table, name) for table in self.tables.values())
        ]
        self.narrow(self.filters.without(gone))

    def ask_again(
        self, name: str, ask: Callable[[MapModel], Any], take: Callable[[Any], None], *, at_once: bool = False
    ) -> None:
        """Ask of the map as it is now; on one that is seen, a moment later and on a copy, unless it is `at_once`.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.ask_again("size", lambda asked: len(asked.graph), print)
        2
        """
        if at_once or self.wake is None:
            super().ask_again(name, ask, take)
            return
        if self._following is None:
            from crmwidget.following import Following  # it knows the map's public face, which this is a part of

            self._following = Following(cast("CrmMap", self))
        self._following.ask(name, ask, take)
