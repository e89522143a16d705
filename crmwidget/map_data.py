"""What a map is fed: tables and event logs attached to it, and the figures on cards that are made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmwidget.data.binding import BoundTable
from crmwidget.data.log_binding import BoundLog, is_log
from crmwidget.data.log_filter import LogFilter
from crmwidget.data.matching import NodeLabels
from crmwidget.data.metrics import Metric
from crmwidget.errors import DataError, EditError, nearest, shorten
from crmwidget.graph.elements import Elements
from crmwidget.map_filter import MapFilter
from crmwidget.metric_cards import MetricCards

if TYPE_CHECKING:
    from crmwidget.data.encoded_log import EncodedLog

__all__ = ["MapData"]


class MapData(MapFilter):
    """The part of a `CrmMap` that takes data in, and keeps the figures in step with it."""

    def __init__(self, elements: Elements) -> None:
        super().__init__(elements)
        self._metrics = MetricCards(self)

    def attach(
        self,
        frame: object,
        *,
        to: str | None = None,
        key: str | None = None,
        name: str | None = None,
        stage: str | None = None,
        mapping: Mapping[str, str] | None = None,
    ) -> BoundTable | BoundLog:
        """Attach a table to a node or to the whole map, or an event log. The rows stay in the kernel.

        Parameters
        ----------
        frame
            A pandas, Polars or Arrow table, or whatever else narwhals reads; or a `crm.EventLog`.
        to
            The node that it belongs to; None for the whole map.
        key
            The column that names a row, without missing or repeated values.
        name
            What it is called in `m.tables` or `m.logs`; made up if not given.
        stage
            For a table of the whole map: the column that says at which node each row is.
        mapping
            For an event log: activity → node id. The others are matched by what a node is `known_as`, its id or its
            label; the log's `unmatched`, and its repr, list those that mean no node.

        Raises
        ------
        DataError
            For repeated or missing columns (with the nearest), a key that is not one, something that is no table.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Prospecting -> Won")
        >>> m.attach(crm.samples.opportunities(100), name="deals", stage="stage").stage
        'stage'
        """
        self.flush()
        if to is not None and to not in self.elements.nodes:
            raise EditError(f"there is no node {shorten(to)}; {nearest(to, self.elements.nodes, noun='nodes')}")
        if is_log(frame):
            return self._attach_log(frame, mapping, name, to=to, key=key, stage=stage)
        if mapping is not None:
            raise EditError("mapping= goes with an event log; for a table say stage=, the column that names the node")
        before = set(self.tables)
        bound = self.tables.attach(frame, to=to, key=key, name=name, stage=stage, node_ids=self.elements.nodes)
        # A new table of one node is nothing to the cards of others.
        self._data_changed(None if bound.name in before else bound.to)
        return bound

    def _attach_log(
        self, log: EncodedLog, mapping: Mapping[str, str] | None, name: str | None, **of_tables: str | None
    ) -> BoundLog:
        for option, given in of_tables.items():
            if given is not None:
                raise EditError(f"{option}= goes with a table; an event log belongs to the whole map: mapping=, name=")
        bound = self.logs.attach(log, labels=self._labels, mapping=mapping, name=name)
        self._data_changed()
        return bound

    def add_unmatched(self, log: str | None = None, *, kind: str = "stage") -> list[str]:
        """Add a node for each activity of an attached log that means none, in one step of undo, and return their ids.

        What an activity means that is only written otherwise says `m.attach(log, mapping={activity: node})`.

        Parameters
        ----------
        log
            The name of the log; None for the only one.
        kind
            The kind of node that an activity becomes.

        Raises
        ------
        EditError
            There is no such log, or several and none is named; there is no such kind (with the nearest).

        Examples
        --------
        >>> import crmwidget as crm
        >>> sample = crm.samples.events(100)
        >>> m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Won")
        >>> log = crm.EventLog(sample.events, case="case_id", activity="activity", timestamp="finished_at")
        >>> bound = m.attach(log)
        >>> m.add_unmatched()
        ['contract', 'lost']
        >>> bound.unmatched
        ()
        """
        self.flush()
        if log is None and len(self.logs) == 1:
            (log,) = self.logs
        if log is None or log not in self.logs:
            given = "Say which log" if log is None else f"No log is called {shorten(log)}"
            raise EditError(f"{given}; {nearest(log or '', self.logs, noun='logs')}.")
        unmatched = {item.value for item in self.logs[log].unmatched if not item.candidates}
        with self.edit(f"add what {log} has"[:80]):
            return [self.add(kind, label) for label in self.logs[log].log.counts if label in unmatched]

    def _labels(self) -> NodeLabels:
        return NodeLabels(self._nodes().items())

    def detach(self, name: str) -> None:
        """Take a table or an event log off the map; figures made from it go too.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.discover(crm.samples.events(100).log())
        >>> m.detach("log")
        """
        if name not in self.tables and name not in self.logs:
            there = nearest(name, [*self.tables, *self.logs], noun="tables or logs")
            raise DataError(f"No table is called {shorten(name)}, and no log; {there}.")
        if name in self.logs and name not in self.tables:
            self.logs.detach(name)
        else:
            self.tables.detach(name)
            self._metrics.forget_table(name)
        self._forget_lost_attributes()
        self._data_changed()

    def narrow(self, filters: LogFilter, *, at_once: bool = True) -> None:
        """Ask all questions, those that are painted too, and figures of what `filters` leave; it is not checked."""
        if filters != self.filters:
            super().narrow(filters, at_once=at_once)
            self._metrics.refresh()

    def _data_changed(self, node: str | None = None) -> None:
        """Work out again the figures of one node, or of all."""
        self._metrics.refresh(node)
        self._tell_shown(("about",), None)

    def show_metric(
        self,
        node: str,
        *,
        label: str,
        value: Callable[[Any], float] | str | tuple[str, str],
        target: float | None = None,
        unit: str = "",
        table: str | None = None,
        over: str | None = None,
        every: str = "month",
        previous: float | None = None,
        higher_is_better: bool = True,
    ) -> None:
        """Put a figure on a node's card; it is computed again whenever its table is attached again.

        Parameters
        ----------
        node
            The node whose card shows it. A card has room for three; a label that is there already is replaced.
        label
            What the figure is, in a word or two.
        value
            `"count"`, a pair of column and aggregate such as `("amount", "sum")`, or a function of the node's rows.
        target
            What it should be: gives the bar and the status.
        unit
            Such as `"€"`, `"%"` or `"d"`.
        table
            The attached table; may be left out where there is only one for this node.
        over, every
            A date column and `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`: gives the trend and the sparkline.
        previous
            What to compare with, where there is no date column.
        higher_is_better
            Whether a rise is good news.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Prospecting -> Won")
        >>> bound = m.attach(crm.samples.opportunities(100), stage="stage")
        >>> m.show_metric("won", label="won", value=("amount", "sum"), unit="€")
        """
        if node not in self._nodes():
            raise EditError(f"there is no node {shorten(node)}; {nearest(node, self._nodes(), noun='nodes')}")
        self._metrics.show(
            Metric(
                node,
                label,
                value,
                target=target,
                unit=unit,
                table=table,
                over=over,
                every=every,
                previous=previous,
                higher_is_better=higher_is_better,
            )
        )

    def hide_metric(self, node: str, label: str | None = None) -> None:
        """Take one figure, or all, off a node's card."""
        self._metrics.hide(node, label)

    def _nodes(self) -> Mapping[str, Any]:
        self.flush()
        return self.elements.nodes
