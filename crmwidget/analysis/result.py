"""The answer to a question: a table, findings, and what it paints on the map."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec
import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.later import Later, MadeWhenAsked
from crmwidget.analysis.plain_values import cell_text, records, without_small_groups
from crmwidget.analysis.result_html import finding_text, result_html
from crmwidget.data.numerals import written_in
from crmwidget.errors import AnalysisError, CrmWidgetError, nearest, shorten
from crmwidget.graph.showing import Painter
from crmwidget.shown import Finding, Overlay, OverlayTable, Segments

if TYPE_CHECKING:
    from crmwidget.graph.changes import Change
    from crmwidget.graph.model import ChangeEvent, MapModel

__all__ = ["Grain", "Result"]

Grain = Literal["node", "flow", "group", "case"]
SHOWN_ROWS = 200  # of a table that is painted beside the map


@dataclass(eq=False, repr=False)
class Result:
    """What a question answers.

    Attributes
    ----------
    name, title
        The question's name (an overlay of that name is painted) and its title.
    table
        The full answer, exact; it stays in the kernel until you show it.
    findings
        What is worth saying, in sentences with their evidence.
    overlay
        What `show` paints; made from title, findings and table where none is given.
    notes
        How it was worked out, and what was left out.
    grain
        What a row of `table` is: a node, a flow, a group, or a case (also a person). A table of cases is shown only by
        its shape and columns, and is never serialised.
    public
        `table` as it may leave the kernel, small groups missing. Without one, rows of `table` in which a count
        (`n_…`) is of 1 to 4 lose their numbers.
    flows
        A second table, one row per flow, for questions that have one.
    drawing
        What `chart` gives, or what makes it when it is asked for, for questions that have one.
    segments
        What `show` would paint for each segment, for questions asked by segment; `m.to_html()` takes it along.
    trial
        Asks a map the same with other changes, for questions that take some.

    Examples
    --------
    >>> counts = pd.DataFrame({"team": ["North", "South"], "n_deals": [120, 3]})
    >>> Result("teams", "Deals by team", counts)
    <Result 'teams': Deals by team, 2 rows × 2 columns, no findings>
    >>> Result("teams", "Deals by team", counts).to_dict()["rows"]
    [{'team': 'North', 'n_deals': 120}, {'team': 'South', 'n_deals': None}]

    What a registered question answers knows its map:

    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(100).log())
    >>> answer = crm.bottlenecks(m)
    >>> answer.name, answer.title, answer.grain, answer.table["activity"].iloc[0]
    ('bottlenecks', 'Bottlenecks', 'group', 'Lead')
    >>> answer.findings[0].sentence.startswith("Demo"), len(answer.notes) > 0
    (True, True)
    >>> answer.painted is answer.overlay, answer.public is None, answer.trial is None, answer.segments is None
    (True, False, True, True)
    >>> len(answer.flows), answer.chart() is answer.drawing
    (8, True)
    >>> answer.show().ask_anew(True)
    >>> Result("teams", "Deals by team", counts).bind(m).show().name
    'teams'
    """

    name: str
    title: str
    table: MadeWhenAsked[pd.DataFrame] = MadeWhenAsked()
    findings: list[Finding] = field(default_factory=list)
    overlay: Overlay | None = None
    notes: list[str] = field(default_factory=list)
    grain: Grain = "group"
    public: MadeWhenAsked[pd.DataFrame | None] = MadeWhenAsked(None)
    flows: MadeWhenAsked[pd.DataFrame | None] = MadeWhenAsked(None)
    drawing: Chart | Callable[[], Chart] | None = None
    segments: Segments | None = None
    trial: Callable[[MapModel, Any], Result] | None = None
    _map: MapModel | None = field(default=None, init=False)
    _again: Callable[[MapModel], Result] | None = field(default=None, init=False)
    _stop: Callable[[], object] | None = field(default=None, init=False)
    _is_repainting: bool = field(default=False, init=False)
    _reads: frozenset[str] | None = field(default=None, init=False)
    _asks_the_map_itself: bool = field(default=False, init=False)
    _turn: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.grain not in get_args(Grain):
            raise AnalysisError(f"grain={shorten(self.grain)} is unknown; {nearest(self.grain, get_args(Grain))}.")
        if not isinstance(vars(self)["table"], pd.DataFrame | Later):
            raise AnalysisError(f"A result's table is a pandas DataFrame; given {type(self.table).__name__}.")

    # ---- on the map --------------------------------------------------------------------------------

    def bind(
        self,
        m: MapModel,
        again: Callable[[MapModel], Result] | None = None,
        *,
        reads: frozenset[str] | None = None,
        asks_the_map_itself: bool = False,
    ) -> Result:
        """Say which map it was asked of, and how to ask again; done by the registry, and for an answer of a copy."""
        self._map = m
        if again is not None:
            self._again, self._reads, self._asks_the_map_itself = again, reads, asks_the_map_itself
        return self

    @property
    def painted(self) -> Overlay:
        """What `show` paints."""
        if self.overlay is None:
            with written_in("" if self._map is None else self._map.locale):
                table = self._small_table()
            self.overlay = Overlay(self.title, "", None, {}, {}, list(self.findings), table)
        return self.overlay

    def show(self, *, live: bool = False) -> Result:
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

    def try_out(self, changes: Any) -> Result:
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

    def hide(self) -> Result:
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
            if isinstance(answer, Result):
                self._take_over(answer)
            else:
                self._say_that_there_is_none(answer)
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

    # ---- in the notebook, and out of it ------------------------------------------------------------

    def chart(self) -> Chart:
        """The answer as a chart, which a notebook draws by itself.

        Raises
        ------
        AnalysisError
            This question has no chart.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> answer = crm.bottlenecks(m)
        >>> answer.chart()
        <Chart: Where the time goes>
        """
        if self.drawing is None:
            raise AnalysisError(f"The question {self.name!r} has no chart; .table and .show() say the same.")
        if not isinstance(self.drawing, Chart):
            with written_in("" if self._map is None else self._map.locale):
                self.drawing = self.drawing()
        return self.drawing

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values that JSON can hold: small groups and everything undefined are None.

        Returns
        -------
        dict
            `name`, `title`, `grain`, `shape`, `columns`, `rows` (None for a table of cases), `findings`, `notes`.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> answer = crm.bottlenecks(m)
        >>> said = answer.to_dict()
        >>> said["shape"] == list(answer.table.shape), said["rows"][0]["activity"]
        (True, 'Lead')
        """
        return {
            "name": self.name,
            "title": self.title,
            "grain": self.grain,
            "shape": list(self.table.shape),
            "columns": [str(column) for column in self.table.columns],
            "rows": None if self.grain == "case" else records(self._public_table()),
            "findings": [msgspec.to_builtins(finding) for finding in self.findings],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        head = f"{self.title}, {_shape(self.table)}"
        if self.grain == "case":
            return f"<Result {self.name!r}: {head} ({', '.join(map(str, self.table.columns))})>"
        if not self.findings:
            return f"<Result {self.name!r}: {head}, no findings>"
        lines = [f"  {finding_text(finding)}" for finding in self.findings[:6]]
        return "\n".join([f"<Result {self.name!r}: {head}", *lines]) + ">"

    def _repr_html_(self) -> str:
        if self.grain == "case":
            columns = ", ".join(map(str, self.table.columns))
            notes = [f"A table of single cases, {_shape(self.table)} ({columns}); ask for .table to see them."]
            return result_html(self.title, "", self.findings, None, [*notes, *self.notes])
        painted = self.painted
        return result_html(self.title, painted.subtitle, self.findings, painted.table, self.notes)

    def __reduce_ex__(self, protocol: object) -> Any:
        raise AnalysisError(f"The result {self.name!r} is not pickled, it belongs to a live map; take .to_dict().")

    def _public_table(self) -> pd.DataFrame:
        return self.public if self.public is not None else without_small_groups(self.table)

    def _small_table(self) -> OverlayTable | None:
        if self.grain == "case" or self.table.empty:
            return None
        exact, public = self.table.head(SHOWN_ROWS), self._public_table().head(SHOWN_ROWS)
        rows = [
            [cell_text(value, was) for value, was in zip(shown, full, strict=True)]
            for shown, full in zip(
                public.itertuples(index=False, name=None), exact.itertuples(index=False, name=None), strict=True
            )
        ]
        return OverlayTable([str(column) for column in public.columns], rows)


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


def _shape(table: pd.DataFrame) -> str:
    return f"{len(table):,} rows × {len(table.columns)} columns"
