"""CrmMap: the public face of a map; each method is a thin call into a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from crmwidget.data.binding import BoundTable
from crmwidget.data.log_binding import BoundLog, is_log
from crmwidget.data.log_filter import LogFilter
from crmwidget.data.matching import NodeLabels
from crmwidget.data.metrics import Metric
from crmwidget.errors import DataError, EditError, nearest, shorten
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import check_id, slug, unique
from crmwidget.map_filter import MapFilter
from crmwidget.metric_cards import MetricCards
from crmwidget.notebook import follow_cells, has_front_end
from crmwidget.standing_picture import StandingPicture

if TYPE_CHECKING:
    from crmwidget.data.encoded_log import EncodedLog
    from crmwidget.widget import MapWidget

__all__ = ["CrmMap"]

_LIVE: WeakValueDictionary[str, CrmMap] = WeakValueDictionary()


class CrmMap(MapFilter):
    """A CRM map: a live networkx graph, a canvas in the notebook, and questions asked on both.

    Parameters
    ----------
    name
        What the map is called.
    id
        What its file and its views know it by; made from the name if not given, and numbered where a map of this
        kernel has it already.
    elements
        What the map holds at first (the `from_…` functions, `template` and `open` give it).

    Examples
    --------
    >>> m = CrmMap("Sales")
    >>> m.add_stage("Lead", owner="Marketing")
    'lead'
    >>> m.graph.add_node("won", label="Won")
    >>> m.add_flow("lead", "won", label="closed")
    'f1'
    >>> m.graph.nodes["lead"]["owner"]
    'Marketing'
    >>> m
    <CrmMap 'Sales': 2 nodes, 1 flow>

    What is read of a map, its widget, and how its numbers are written:

    >>> m.name, m.id.partition("_")[0], m.lens, m.saved, m.filters
    ('Sales', 'sales', 'lifecycle', '', <no filter>)
    >>> m.arrange_in_background()
    >>> dict(m.positions)
    {'lead': (104.0, 64.0), 'won': (456.0, 64.0)}
    >>> m.selection = ["lead"]
    >>> m.selection == m.widget.selection == ("lead",)
    True
    >>> m.hide_metric("lead")
    >>> m.write_in("de-DE")
    >>> m.locale
    'de-DE'
    """

    _is_live = True  # its id is its own among all live maps, and cells are its steps

    def __init__(self, name: str = "Map", *, id: str | None = None, elements: Elements | None = None) -> None:
        if elements is None:
            if not isinstance(name, str) or not name.strip():
                raise EditError(f"a map's name is a text; given {shorten(name)}")
            elements = Elements(attributes={"name": name})
        if id is not None:
            elements.id = check_id(id, what="map id")
        if self._is_live:
            elements.id = unique(elements.id or slug(str(elements.attributes.get("name", name))), _LIVE)
        super().__init__(elements)
        self._shown_picture = ""
        self._metrics = MetricCards(self)
        self._standing = StandingPicture(self)
        if self._is_live:
            _LIVE[elements.id] = self
            follow_cells(self)

    def __repr__(self) -> str:
        n_nodes, n_flows = len(self.graph), self.graph.number_of_edges()
        return f"<CrmMap {self.name!r}: {_counted(n_nodes, 'node')}, {_counted(n_flows, 'flow')}>"

    # ---- the canvas --------------------------------------------------------------------------------

    @property
    def widget(self) -> MapWidget:
        """The map's ipywidget; it nests in boxes, links, and its `selection` and `revision` can be observed."""
        if self._widget is None or self._widget.comm is None:
            from crmwidget.view_commands import ViewCommands  # only a map that is displayed needs the widget's packages
            from crmwidget.widget import MapWidget

            self.ensure_placed()
            self._widget = MapWidget(self, ViewCommands(self), locale=self.locale)
            self._standing.follow(self._widget)
        return self._widget

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the selected nodes and keys of the selected flows; assigning selects them in every view."""
        return tuple(self._widget.selection) if self._widget is not None else ()

    @selection.setter
    def selection(self, elements: tuple[str, ...] | list[str]) -> None:
        if isinstance(elements, str):
            elements = [elements]
        for element in elements:
            self._element(element)
        self.widget.selection = tuple(elements)

    def _ipython_display_(self) -> None:
        """In a notebook the canvas, and after it the picture for whoever has no kernel (see `StandingPicture`)."""
        if not has_front_end():
            raise NotImplementedError  # by which IPython asks for the bundle below
        self.flush()
        bundle = self.widget._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        self._standing.show({**(data or {}), "text/plain": repr(self)}, metadata)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | dict[str, Any]:
        """The canvas where a widget can run, a still picture elsewhere, a line of text at the least."""
        self.flush()
        self.ensure_placed()
        fallback = {"image/svg+xml": self._picture(), "text/plain": repr(self)}
        bundle = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), **fallback}, metadata

    def _picture(self) -> str:
        drawn = self.drawing()()
        if drawn != self._shown_picture:  # IPython keeps every output; of an unchanged map it keeps this one text
            self._shown_picture = drawn
        return self._shown_picture

    # ---- layout ------------------------------------------------------------------------------------

    @property
    def positions(self) -> Mapping[str, tuple[float, float]]:
        """Node id → centre (x, y) in the current lens, for all nodes; networkx's drawing functions take it as `pos`."""
        self.flush()
        self.ensure_placed()
        shelf = self.elements.positions.get(self.lens, {})
        return {node: (place["x"], place["y"]) for node, place in shelf.items()}

    def layout(self, *, lanes: str | None = None, unpin: bool = False) -> None:
        """Lay the map out again, as one step; pinned nodes stay where they are unless `unpin`.

        Locked nodes are moved like others: a lock holds for views, whose layouts leave them where they are.

        Parameters
        ----------
        lanes
            An attribute such as `"team"`: each of its values becomes a lane. `""` takes the lanes away; None keeps
            what is set.
        unpin
            Forget where nodes were put by hand.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.update("lead", team="Marketing")
        >>> m.layout(lanes="team")
        """
        self._placing.arrange(lanes=lanes, unpin=unpin)

    def arrange_in_background(self, *, unpin: bool = False) -> None:
        """Lay out in a process of its own, and take over the result when it is there; a newer call cancels an older."""
        self._placing.arrange_apart(unpin=unpin)

    # ---- data --------------------------------------------------------------------------------------

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

    def write_in(self, locale: str) -> None:
        """Write the numbers on cards and in painted answers as a locale does; `m.widget.locale` says which it is.

        Parameters
        ----------
        locale
            Such as `"de-DE"`; `""` for the style of the house: groups of three set apart by a thin space, a decimal
            point. Painted answers are asked again for it.

        Raises
        ------
        EditError
            For a language that is not known, with the nearest.
        """
        if locale:
            from crmwidget.data.locales import locale_name  # Babel is loaded where a locale is asked for

            locale = locale_name(locale)
        if locale == self.locale:
            return
        super().write_in(locale)
        self._metrics.refresh()
        if self._widget is not None:
            self._widget.locale = locale

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


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
