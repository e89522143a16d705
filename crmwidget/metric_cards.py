"""Which figures are on which card, and keeping them in step with the tables that they are made from."""

from __future__ import annotations

from crmwidget.data.binding import BoundTable, rows_at
from crmwidget.data.metrics import Metric, evaluate
from crmwidget.data.numerals import written_in
from crmwidget.errors import CrmWidgetError, DataError, nearest, shorten
from crmwidget.graph.model import MapModel
from crmwidget.graph.narrowed_tables import narrowed
from crmwidget.shown import Card, Figure
from crmwidget.vocabulary import NODE_KINDS

__all__ = ["MAX_FIGURES", "MetricCards"]

MAX_FIGURES = 3


class MetricCards:
    """The metrics of one map. The figures are aggregates; the rows stay in the tables."""

    def __init__(self, model: MapModel) -> None:
        self._model = model
        self._metrics: dict[str, list[Metric]] = {}

    def show(self, metric: Metric) -> None:
        """Put a metric on its card; an error in it is raised here, before anything is shown."""
        shown = self._metrics.get(metric.node, [])
        others = [other for other in shown if other.label != metric.label]
        if len(others) >= MAX_FIGURES:
            labels = ", ".join(repr(other.label) for other in others)
            raise DataError(
                f"a card shows at most {MAX_FIGURES} figures; {metric.node!r} already shows {labels}: "
                "m.hide_metric(node, label) makes room"
            )
        self._figure(metric, strict=True)
        at = next((i for i, other in enumerate(shown) if other.label == metric.label), len(others))
        self._metrics[metric.node] = [*others[:at], metric, *others[at:]]
        self.refresh(metric.node)

    def hide(self, node: str, label: str | None) -> None:
        """Take one figure, or all, off a card."""
        shown = self._metrics.get(node, [])
        labels = [metric.label for metric in shown]
        if label is not None and label not in labels:
            raise DataError(f"{node!r} shows no figure {shorten(label)}; {nearest(label, labels, noun='figures')}")
        self._metrics[node] = [] if label is None else [metric for metric in shown if metric.label != label]
        self.refresh(node)

    def forget_table(self, name: str) -> None:
        """Drop the figures that name a table which is gone."""
        for node, metrics in self._metrics.items():
            self._metrics[node] = [metric for metric in metrics if metric.table != name]

    def refresh(self, node: str | None = None) -> None:
        """Compute the figures of one node, or of all, again."""
        with_tables = {table.to for table in self._model.tables.values() if table.to is not None}
        nodes = {*self._metrics, *with_tables, *self._model.cards} if node is None else {node}
        for one in sorted(nodes):
            figures = [self._shown(metric) for metric in self._metrics.get(one, [])]
            tables = [name for name, table in self._model.tables.items() if table.to == one]
            card = Card(figures=figures, tables=tables) if figures or tables else None
            if card != self._model.cards.get(one):
                self._model.show_card(one, card)

    def _shown(self, metric: Metric) -> Figure:
        try:
            return self._figure(metric, strict=False)
        except CrmWidgetError as error:
            return Figure(label=metric.label, value=None, text="–", unit=metric.unit, hint=str(error))

    def _figure(self, metric: Metric, *, strict: bool) -> Figure:
        table = self._table(metric)
        labels, part = self._labels(metric.node), narrowed(self._model, table)
        with written_in(self._model.locale):
            rows = rows_at(part.table, metric.node, labels)
            if not self._model.filters:
                return evaluate(metric, rows, strict=strict)
            figure = evaluate(metric, rows, strict=strict, whole=rows_at(table, metric.node, labels))
            figure.hint = f"{figure.hint} {'Filtered: ' if part.by else ''}{part.text}.".strip()
            return figure

    def _labels(self, node: str) -> dict[str, str]:
        """What rows may name: `node` itself, and all that is no frame around others."""
        return {
            name: str(attributes["label"])
            for name, attributes in self._model.elements.nodes.items()
            if name == node or NODE_KINDS[attributes["kind"]].holds != "frame"
        }

    def _table(self, metric: Metric) -> BoundTable:
        """The named table, else the only one of the node, else the only one of the whole map that has stages."""
        tables = self._model.tables
        if metric.table is not None:
            return tables.named(metric.table)
        own = [table for table in tables.values() if table.to == metric.node]
        whole = [table for table in tables.values() if table.to is None and table.stage is not None]
        for found in (own, whole):
            if len(found) == 1:
                return found[0]
            if found:
                names = [table.name for table in found]
                raise DataError(
                    f"several tables could feed {metric.label!r}: name one with table=; {nearest('', names)}"
                )
        raise DataError(
            f"no table feeds {metric.label!r} on {metric.node!r}: attach one with m.attach(frame, to={metric.node!r}), "
            "or one for the whole map with m.attach(frame, stage=<the column that says where each row is>)"
        )
