"""Which table belongs where on the map: attaching, detaching, and which rows are at which node."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NoReturn

import narwhals as nw

from crmwidget.data.frames import Frame, cell_text, column_of, is_missing, read_frame, type_counts
from crmwidget.data.matching import Labels, match_stages
from crmwidget.data.numerals import number_text
from crmwidget.errors import DataError, nearest, shorten

__all__ = ["Bindings", "BoundTable", "checked_name", "rows_at"]

NAME_CHARACTERS = 200


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class BoundTable:
    """A table that belongs to the map; its rows stay in the kernel.

    Attributes
    ----------
    name
        What it is called in `m.tables`.
    frame
        The narwhals frame, one row per row of what was attached; `native` is the same in its own library.
    to
        The node that all rows belong to; None where the table belongs to the whole map.
    key
        The column whose value names one row, never missing, never twice; None where none was given.
    stage
        The column that says at which node each row is, for a table of the whole map; None where none was given.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Prospecting -> Won")
    >>> table = m.attach(crm.samples.opportunities(100), name="deals", key="opportunity_id", stage="stage")
    >>> table.name, table.n_rows, table.columns[:2], table.key, table.stage, table.to
    ('deals', 100, ['opportunity_id', 'account_id'], 'opportunity_id', 'stage', None)
    >>> type(table.frame).__module__.partition(".")[0], type(table.native).__module__.partition(".")[0]
    ('narwhals', 'pandas')
    """

    name: str
    frame: Frame = field(compare=False)
    to: str | None = None
    key: str | None = None
    stage: str | None = None

    @property
    def native(self) -> Any:
        """The table in the library that it came from."""
        return self.frame.to_native()

    @property
    def n_rows(self) -> int:
        """How many rows it has."""
        return len(self.frame)

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.frame.columns)

    def __repr__(self) -> str:
        place = "the whole map" if self.to is None else f"node {self.to!r}"
        roles = "".join(f", {role}={name!r}" for role, name in (("key", self.key), ("stage", self.stage)) if name)
        columns = ", ".join(shorten(name, 40)[1:-1] for name in self.columns[:20])
        more = f" … {len(self.columns) - 20} more" if len(self.columns) > 20 else ""
        shape = f"{self.n_rows:,} rows × {len(self.columns)} columns"
        return f"<table {self.name!r} of {place}: {shape} ({columns}{more}){roles}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise DataError(
            f"The table {self.name!r} cannot be pickled: the rows of attached tables stay in the kernel. "
            "Save the frame itself where it may lie, and attach it again."
        )

    def __copy__(self) -> BoundTable:
        return self

    def __deepcopy__(self, memo: object) -> BoundTable:
        return self


class Bindings(Mapping[str, BoundTable]):
    """The tables attached to one map, by name, in the order of attaching.

    Examples
    --------
    >>> import pandas as pd
    >>> tables = Bindings()
    >>> deals = pd.DataFrame({"id": ["a", "b"], "stage": ["Lead", "Won"]})
    >>> tables.attach(deals, key="id", stage="stage", name="deals", node_ids=["lead", "won"])
    <table 'deals' of the whole map: 2 rows × 2 columns (id, stage), key='id', stage='stage'>
    >>> list(tables)
    ['deals']
    """

    def __init__(self) -> None:
        self._tables: dict[str, BoundTable] = {}

    def __getitem__(self, name: str) -> BoundTable:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        n = len(self)
        return (
            f"<{n} table{'' if n == 1 else 's'}: {', '.join(map(repr, self._tables.values()))}>"
            if self._tables
            else "<no tables>"
        )

    def copy(self) -> Bindings:
        """The same tables by the same names, for a copy of the map."""
        copied = Bindings()
        copied._tables.update(self._tables)
        return copied

    def named(self, name: str) -> BoundTable:
        """The table of that name, or a `DataError` with the nearest name."""
        if name not in self._tables:
            raise DataError(f"No table is called {shorten(name)}; {nearest(name, self._tables, noun='tables')}.")
        return self._tables[name]

    def attach(
        self,
        frame: object,
        *,
        to: str | None = None,
        key: str | None = None,
        name: str | None = None,
        stage: str | None = None,
        node_ids: Iterable[str],
    ) -> BoundTable:
        """Attach a table to a node, or to the whole map.

        Parameters
        ----------
        frame
            Any table that `read_frame` takes; it may have no rows. Later changes of it do not reach the map.
        to
            The node that all rows belong to; None for the whole map.
        key
            A column that names each row: no missing value, none twice, compared as text.
        name
            What to call it; a table of that name is replaced, so that a cell can be run again. Without a name it is
            `to`, or "table", made unique by a number, and takes the place of an unnamed table of the same columns
            at the same place.
        stage
            For a table of the whole map: the column that says at which node each row is (by id or by label).
        node_ids
            The nodes of the map.

        Returns
        -------
        BoundTable

        Raises
        ------
        DataError
            What is given is no table; there is no such node or column; the key repeats, is missing somewhere or
            mixes types; both `to` and `stage` are given. What was attached before stays as it was.
        """
        table = read_frame(frame)
        if to is not None:
            nodes = list(node_ids)
            if to not in nodes:
                raise DataError(f"No node {shorten(to)} to attach a table to; {nearest(to, nodes, noun='nodes')}.")
            if stage is not None:
                raise DataError(
                    f"Give either to={shorten(to)} (all rows belong to that node) or stage={shorten(stage)} "
                    "(each row says its own node), not both."
                )
        label = name if name is not None else to or "table"
        if key is not None:
            check_key(table, key, table=label)
        if stage is not None:
            column_of(table, stage, role="stage column", table=label)
        chosen = self._free_name(label, table, to, key, stage) if name is None else checked_name(name)
        bound = BoundTable(chosen, table, to, key, stage)
        self._tables[chosen] = bound
        return bound

    def detach(self, name: str) -> BoundTable:
        """Take a table off the map and give it back; `DataError` if there is none of that name."""
        bound = self.named(name)
        del self._tables[name]
        return bound

    def _free_name(self, stem: str, frame: Frame, to: str | None, key: str | None, stage: str | None) -> str:
        for n in count(1):
            name = stem if n == 1 else f"{stem}_{n}"
            old = self._tables.get(name)
            if old is None or (old.columns, old.to, old.key, old.stage) == (list(frame.columns), to, key, stage):
                return name
        raise AssertionError("count() has no end")


def check_key(frame: Frame, key: str, *, table: str) -> None:
    """Raise a `DataError` unless the column `key` names each row: never missing, never twice, of one type."""
    values = column_of(frame, key, role="key column", table=table).to_list()
    n_missing = sum(1 for value in values if is_missing(value))
    types = type_counts(values) if frame[key].dtype == nw.Object else {}
    if len(types) > 1:
        listed = ", ".join(f"{number_text(n)} {kind}" for kind, n in types.items())
        raise DataError(
            f"The key column {key!r} of table {table!r} mixes types: {listed}. "
            "Make them one type first, for example with .astype(str)."
        )
    texts = [cell_text(value) for value in values if not is_missing(value)]
    n_repeated = len(texts) - len(set(texts))
    if not n_missing and not n_repeated:
        return
    faults = [f"{number_text(n_missing)} missing"] if n_missing else []
    if n_repeated:
        faults.append(f"{number_text(n_repeated)} repeated ({number_text(len(set(texts)))} different)")
    raise DataError(
        f"The key column {key!r} of table {table!r} does not name each row: of {number_text(len(values))} values "
        f"{' and '.join(faults)}. Give another column, or leave key= out."
    )


def rows_at(table: BoundTable, node: str, labels: Labels) -> Frame:
    """The rows of a table that belong to one node.

    A table of that node gives all its rows; a table of the whole map with a stage column gives the rows whose stage
    is that node; one without gives all its rows. `labels` has the label of each node.

    Raises
    ------
    DataError
        There is no such node, or the table belongs to another node.
    """
    if node not in labels:
        raise DataError(f"No node {shorten(node)}; {nearest(node, labels, noun='nodes')}.")
    if table.to is not None and table.to != node:
        raise DataError(f"The table {table.name!r} belongs to node {table.to!r}, not to {node!r}.")
    if table.to is not None or table.stage is None:
        return table.frame
    values = table.frame[table.stage].to_list()
    node_of = match_stages(values, labels).node_of
    return table.frame.filter([not is_missing(v) and node_of.get(cell_text(v)) == node for v in values])


def checked_name(name: object, what: str = "table") -> str:
    """The name of a table or a log, or a `DataError` that says why it is none."""
    if not isinstance(name, str) or not name.strip():
        raise DataError(f"A {what}'s name is a text that is not empty; given {shorten(name)}.")
    if len(name) > NAME_CHARACTERS:
        raise DataError(f"A {what}'s name has at most {NAME_CHARACTERS} characters; given {shorten(name)}.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in name):
        raise DataError(f"A {what}'s name cannot hold control characters; given {shorten(name)}.")
    return name
