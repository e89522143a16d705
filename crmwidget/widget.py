"""The anywidget: traits and comm messages on one side, a sync session on the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

from crmwidget.errors import CrmWidgetError, EditError
from crmwidget.graph.model import ChangeEvent, MapModel
from crmwidget.notebook import main_loop, on_main_thread
from crmwidget.sync.session import Commands, Session

__all__ = ["MapWidget", "built_bundle"]

BUNDLE: Final = Path(__file__).parent / "static" / "widget.js"
_NOT_BY_VIEWS = ("document", "read_only")


def built_bundle() -> Path:
    """The file of the canvas; a `CrmWidgetError` if it was never built."""
    if not BUNDLE.exists():
        raise CrmWidgetError(
            f"the canvas was not built ({BUNDLE.name} is missing beside {Path(__file__).name}): "
            "run `make setup` in the checkout, or `pip install .`"
        )
    return BUNDLE


class MapWidget(anywidget.AnyWidget):
    """The view of one map, an ordinary ipywidget: it nests in boxes, and its traits can be observed and linked.

    Attributes
    ----------
    selection
        The ids of the selected nodes and the keys of the selected flows, as one tuple of strings, in the view that was
        touched last. Setting it selects in every view.
    revision
        The number of committed batches of edits; rises by one with each.
    height
        The height of the canvas in CSS pixels.
    theme
        `"auto"` follows the notebook; `"light"` and `"dark"` do not.
    read_only
        Whether views may only look, search and ask; what edits the map is refused, and no view can change this.
        Python may always edit.
    snap
        Whether dragged cards meet the grid and the lines of their neighbours.
    density
        `"comfortable"`, or `"compact"` for panels that leave more room to the map.
    locale
        How numbers and amounts of money are written, such as `"de-DE"`; empty for groups of three set apart by a thin
        space and a decimal point. Changing it writes the figures on cards and the painted answers anew, for which their
        questions are asked again.
    """

    _esm = BUNDLE
    document = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(560, min=160, max=4000).tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)
    read_only = traitlets.Bool(False).tag(sync=True)
    snap = traitlets.Bool(True).tag(sync=True)
    density = traitlets.Enum(["comfortable", "compact"], "comfortable").tag(sync=True)
    locale = traitlets.Unicode().tag(sync=True)
    selection = traitlets.Tuple()
    revision = traitlets.Int(0)

    def __init__(self, model: MapModel, commands: Commands, **traits: Any) -> None:
        built_bundle()
        self._model = model
        self._loop = main_loop()
        self._session = Session(model, commands, self._send_message)
        self._telling = False
        # In a box beside other widgets a canvas has no width of its own to claim: it takes what is left.
        super().__init__(**{"layout": {"flex": "1 1 320px", "min_width": "0"}, **traits})
        self.revision = model.revision
        model.wake = self._schedule
        self._stop: Callable[[], None] = model.on_change(self._on_change)
        self.on_msg(self._on_message)

    @property
    def session(self) -> Session:
        """The kernel's side of the sync."""
        return self._session

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The state for a new view; the document is made when it is asked for, so that it is never stale.

        It is one text of JSON: ipywidgets walks through every dict that it sends, in search of bytes.
        """
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if "document" in state:
            if threading.current_thread() is threading.main_thread():
                self._model.flush_quietly()
            state["document"] = self._session.document_json()
        return state

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what a view has set; what it is to see, and whether it may edit, is not for it to say."""
        super().set_state({name: value for name, value in sync_data.items() if name not in _NOT_BY_VIEWS})

    def put_picture(self, data: Mapping[str, str]) -> None:
        """Have pages that did not run the cells put a picture into the notebook that they save."""
        if self._session.n_pages > 1:
            self._send_message({"op": "picture", "data": dict(data)})

    def _send_message(self, message: dict[str, Any]) -> None:
        if self.comm is not None:
            self.send(message)

    def _on_message(self, _widget: object, content: Any, _buffers: object) -> None:
        on_main_thread(self._loop, lambda: self._session.receive(content))

    def _on_change(self, event: ChangeEvent) -> None:
        self.revision = event.revision

    def _schedule(self) -> None:
        loop = main_loop()
        if loop is not None:
            loop.call_soon(self._model.flush_quietly)

    def selected_by_view(self, nodes: Sequence[str], flows: Sequence[str]) -> None:
        """Take over what a view has selected, without telling it back."""
        self._telling = True
        try:
            self.selection = (*nodes, *flows)
        finally:
            self._telling = False

    @traitlets.validate("locale")
    def _check_locale(self, proposal: Any) -> str:
        if not proposal["value"]:
            return ""
        from crmwidget.data.locales import locale_name  # Babel is loaded where a locale is asked for, and not before

        try:
            return locale_name(proposal["value"])
        except EditError as error:
            raise traitlets.TraitError(str(error)) from None

    @traitlets.observe("locale")
    def _on_locale(self, change: Any) -> None:
        on_main_thread(self._loop, lambda: self._model.write_in(change["new"]))

    @traitlets.observe("selection")
    def _on_selection(self, change: Any) -> None:
        if not self._telling:
            flows = self._model.elements.flows
            chosen = [str(name) for name in change["new"]]
            self._session.select([n for n in chosen if n not in flows], [n for n in chosen if n in flows])

    def close(self) -> None:
        """End this widget; the map lives on, and can be displayed again."""
        self._stop()
        self._session.close()
        if self._model.wake == self._schedule:
            self._model.wake = None
        super().close()
