"""Which attached table says where cases are, by which column, and how many are where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import narwhals as nw

from crmwidget.data.binding import BoundTable
from crmwidget.data.frames import cell_text, column_of, is_missing
from crmwidget.data.matching import Labels, StageMatch, match_counts
from crmwidget.data.numerals import percent_text
from crmwidget.errors import AnalysisError, DataError, nearest, shorten
from crmwidget.graph.narrowed_tables import narrowed

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["AMOUNT_NAMES", "StageTable", "Tally", "has_stage_table", "says_stages", "stage_table"]

AMOUNT_NAMES = ("amount", "value", "close_value", "revenue", "deal_value", "deal_amount", "opportunity_amount")
MOST_STAGES = 1_000  # a column with more different texts than this names no stages
LEAST_MATCH = 0.5


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows of one stage: how many, how many with an amount, and the sum of those amounts."""

    n_rows: int
    n_amounts: int
    amount: float

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.n_rows + other.n_rows, self.n_amounts + other.n_amounts, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class StageTable:
    """Where cases are: the table and columns that say so, and the rows at each stage value.

    `notes` say in sentences what was chosen, where nothing was given. `whole` is the same of all rows, where the map's
    filter narrowed the table.
    """

    table: BoundTable
    stage: str
    amount: str | None
    by_value: Mapping[str, Tally]
    match: StageMatch
    notes: tuple[str, ...]
    whole: StageTable | None = None


def has_stage_table(m: MapModel) -> bool:
    """Whether a table of the whole map is attached that could say where cases are."""
    return any(table.to is None for table in m.tables.values())


def says_stages(m: MapModel) -> bool:
    """Whether an attached table of the whole map says where cases are: it was attached so, or a column names nodes."""
    labels: Labels = dict(m.graph.nodes(data="label"))
    whole = [bound for bound in m.tables.values() if bound.to is None]
    try:
        return any(bound.stage is not None or _likely_stage(bound, labels, []) is not None for bound in whole)
    except AnalysisError:  # several columns do: which is for stage_table to ask
        return True


def stage_table(m: MapModel, labels: Labels, *, table: str | None, stage: str | None, amount: str | None) -> StageTable:
    """Find the table and the columns that a question is asked of; `AnalysisError` where that is not clear."""
    notes: list[str] = []
    bound, column = _chosen_table(m, labels, table, stage, notes)
    try:
        column_of(bound.frame, column, role="stage column", table=bound.name)
        if amount is not None:
            column_of(bound.frame, amount, role="amount column", table=bound.name)
    except DataError as error:
        raise AnalysisError(str(error)) from None
    money = amount if amount is not None else _likely_amount(bound, notes)
    if money is not None and not bound.frame[money].dtype.is_numeric():
        raise AnalysisError(f"The amount column {money!r} holds {bound.frame[money].dtype}, not numbers.")
    part = narrowed(m, bound)
    whole = None
    if part.by:
        by_value, n_missing = _tallied(bound, column, money)
        match = match_counts({value: tally.n_rows for value, tally in by_value.items()}, labels, n_missing=n_missing)
        whole = StageTable(bound, column, money, by_value, match, ())
    by_value, n_missing = _tallied(part.table, column, money)
    match = match_counts({value: tally.n_rows for value, tally in by_value.items()}, labels, n_missing=n_missing)
    if by_value and not match.node_of:
        names = [label or node for node, label in labels.items()]
        raise AnalysisError(
            f"No value of the column {column!r} of table {bound.name!r} means a node of the map; "
            f"{nearest('', names, noun='nodes')}. Give stage= another column, or rename the nodes."
        )
    return StageTable(bound, column, money, by_value, match, tuple(notes), whole)


def _chosen_table(
    m: MapModel, labels: Labels, table: str | None, stage: str | None, notes: list[str]
) -> tuple[BoundTable, str]:
    if table is not None:
        if table not in m.tables:
            raise AnalysisError(f"No table is called {shorten(table)}; {nearest(table, m.tables, noun='tables')}.")
        bound = m.tables[table]
        column = stage or bound.stage or _likely_stage(bound, labels, notes)
        if column is None:
            raise AnalysisError(
                f"No column of table {table!r} holds the names of nodes; "
                f"say which one says the stage: stage= one of {', '.join(map(repr, bound.columns[:20]))}."
            )
        return bound, column
    whole = [bound for bound in m.tables.values() if bound.to is None]
    if stage is not None:
        fitting = {bound.name: stage for bound in whole if stage in bound.columns}
        if whole and not fitting:
            columns = [name for bound in whole for name in bound.columns]
            raise AnalysisError(f"No attached table has a column {shorten(stage)}; {nearest(stage, columns)}.")
    else:
        fitting = {bound.name: bound.stage for bound in whole if bound.stage is not None}
        if not fitting:
            likely = {bound.name: _likely_stage(bound, labels, notes) for bound in whole}
            fitting = {name: column for name, column in likely.items() if column is not None}
    if len(fitting) > 1:
        raise AnalysisError(f"Several tables say a stage; say which: table= one of {', '.join(map(repr, fitting))}.")
    if not fitting:
        raise AnalysisError(
            "This asks where each opportunity is now. Attach a table with one row per opportunity and a column that "
            "names its stage: m.attach(frame, stage='deal_stage')."
        )
    ((name, column),) = fitting.items()
    return m.tables[name], column


def _likely_stage(bound: BoundTable, labels: Labels, notes: list[str]) -> str | None:
    """The text column most of whose rows name nodes."""
    rates: dict[str, float] = {}
    for column, dtype in bound.frame.schema.items():
        if not (dtype in {nw.String, nw.Categorical, nw.Object} or isinstance(dtype, nw.Enum)):
            continue
        if _n_distinct(bound, column) > MOST_STAGES:
            continue
        by_value, _ = _tallied(bound, column, None)
        if not by_value:
            continue
        match = match_counts({value: tally.n_rows for value, tally in by_value.items()}, labels)
        rates[column] = match.n_matched / sum(match.n_rows.values())
    best = max(rates.values(), default=0.0)
    if best < LEAST_MATCH:
        return None
    winners = [column for column, rate in rates.items() if rate == best]
    if len(winners) > 1:
        raise AnalysisError(
            f"Several columns of table {bound.name!r} name nodes equally well; "
            f"say which: stage= one of {', '.join(map(repr, winners))}."
        )
    notes.append(f"The stage is read from the column {winners[0]!r}: {percent_text(best)} of its rows name a node.")
    return winners[0]


def _likely_amount(bound: BoundTable, notes: list[str]) -> str | None:
    numeric = {name.lower().replace(" ", "_"): name for name, dtype in bound.frame.schema.items() if dtype.is_numeric()}
    name = next((numeric[likely] for likely in AMOUNT_NAMES if likely in numeric), None)
    if name is not None:
        notes.append(f"Amounts are read from the column {name!r}, in its own unit.")
    return name


# An attached table never changes, so what was counted once holds for as long as it is attached: while a map is
# edited under a live answer only the map's side is worked out again.
_COUNTED: WeakKeyDictionary[BoundTable, dict[tuple[str, str | None], tuple[dict[str, Tally], int]]] = (
    WeakKeyDictionary()
)

_DISTINCT: WeakKeyDictionary[BoundTable, dict[str, int]] = WeakKeyDictionary()


def _n_distinct(bound: BoundTable, column: str) -> int:
    distinct = _DISTINCT.setdefault(bound, {})
    if column not in distinct:
        values = bound.frame[column]
        is_mixed = values.dtype == nw.Object
        distinct[column] = len({cell_text(value) for value in values.to_list()}) if is_mixed else values.n_unique()
    return distinct[column]


def _tallied(bound: BoundTable, stage: str, amount: str | None) -> tuple[dict[str, Tally], int]:
    """The rows of each stage value (as text), and how many rows have none."""
    counted = _COUNTED.setdefault(bound, {})
    if (stage, amount) not in counted:
        counted[stage, amount] = _counted(bound, stage, amount)
    return counted[stage, amount]


def _counted(bound: BoundTable, stage: str, amount: str | None) -> tuple[dict[str, Tally], int]:
    values = bound.frame[stage]
    if values.dtype == nw.Object:  # may mix types, which no backend groups
        texts = [None if is_missing(value) else cell_text(value) for value in values.to_list()]
        values = nw.new_series("stage", texts, nw.String, backend=bound.frame.implementation)
    amounts = bound.frame[amount].cast(nw.Float64) if amount is not None else None
    frame = values.alias("stage").to_frame()
    if amounts is not None:
        frame = frame.with_columns(amounts.alias("amount"))
        frame = frame.with_columns(amount=nw.when(nw.col("amount").is_finite()).then(nw.col("amount")))
        sums = {"n_amounts": nw.col("amount").count(), "amount": nw.col("amount").sum()}
    else:
        sums = {}
    found: dict[str, Tally] = {}
    n_missing = 0
    for row in (
        frame.group_by("stage", drop_null_keys=False).agg(nw.len().alias("n_rows"), **sums).iter_rows(named=True)
    ):
        value: Any = row["stage"]
        if is_missing(value):
            n_missing += int(row["n_rows"])
            continue
        old = found.get(cell_text(value), Tally(0, 0, 0.0))
        new = Tally(int(row["n_rows"]), int(row.get("n_amounts") or 0), float(row.get("amount") or 0.0))
        found[cell_text(value)] = old + new
    return found, n_missing
