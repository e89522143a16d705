"""The answer to a question: a table, findings and a chart, for the notebook and for plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec
import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.later import Later, MadeWhenAsked
from crmwidget.analysis.painted_answer import PaintedAnswer
from crmwidget.analysis.plain_values import cell_text, records, without_small_groups
from crmwidget.analysis.result_html import finding_text, result_html
from crmwidget.data.numerals import written_in
from crmwidget.errors import AnalysisError, nearest, shorten
from crmwidget.shown import Finding, Overlay, OverlayTable, Segments

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Grain", "Result"]

Grain = Literal["node", "flow", "group", "case"]
SHOWN_ROWS = 200  # of a table that is painted beside the map


@dataclass(eq=False, repr=False)
class Result(PaintedAnswer):
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

    def __post_init__(self) -> None:
        if self.grain not in get_args(Grain):
            raise AnalysisError(f"grain={shorten(self.grain)} is unknown; {nearest(self.grain, get_args(Grain))}.")
        if not isinstance(vars(self)["table"], pd.DataFrame | Later):
            raise AnalysisError(f"A result's table is a pandas DataFrame; given {type(self.table).__name__}.")

    @property
    def painted(self) -> Overlay:
        """What `show` paints."""
        if self.overlay is None:
            with written_in("" if self._map is None else self._map.locale):
                table = self._small_table()
            self.overlay = Overlay(self.title, "", None, {}, {}, list(self.findings), table)
        return self.overlay

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


def _shape(table: pd.DataFrame) -> str:
    return f"{len(table):,} rows × {len(table.columns)} columns"
