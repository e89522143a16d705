"""CrmMap: the public face of a map; each method is a thin call into a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from crmwidget.data.numerals import counted
from crmwidget.errors import EditError, shorten
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import check_id, slug, unique
from crmwidget.map_data import MapData
from crmwidget.notebook import follow_cells, has_front_end
from crmwidget.standing_picture import StandingPicture

if TYPE_CHECKING:
    from crmwidget.widget import MapWidget

__all__ = ["CrmMap"]

_LIVE: WeakValueDictionary[str, CrmMap] = WeakValueDictionary()


class CrmMap(MapData):
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
        self._standing = StandingPicture(self)
        if self._is_live:
            _LIVE[elements.id] = self
            follow_cells(self)

    def __repr__(self) -> str:
        n_nodes, n_flows = len(self.graph), self.graph.number_of_edges()
        return f"<CrmMap {self.name!r}: {counted(n_nodes, 'node')}, {counted(n_flows, 'flow')}>"

    # ---- the canvas --------------------------------------------------------------------------------

    @property
    def widget(self) -> MapWidget:
        """The map's ipywidget; it nests in boxes, links, and its `selection` and `revision` can be observed."""
        if self._widget is None or self._widget.comm is None:
            from crmwidget.view_commands import ViewCommands  # only a map that is displayed needs the widget's packages
            from crmwidget.widget import MapWidget

            self._placing.hold()
            self.ensure_placed()
            self._widget = MapWidget(self, ViewCommands(self), locale=self.locale)
            self._widget.session.on_first_view = self._placing.note_view
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

    # ---- numbers -----------------------------------------------------------------------------------

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
