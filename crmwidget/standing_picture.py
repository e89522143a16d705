"""The still picture that stands beside a canvas in a notebook, for whoever opens the file without a kernel."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmwidget.formats.picture_html import picture_html, picture_words
from crmwidget.graph.changes import Path
from crmwidget.notebook import main_loop, publish

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap
    from crmwidget.widget import MapWidget

__all__ = ["StandingPicture"]

REST_S = 0.5  # for so long nobody may have edited before the picture is drawn anew beside a canvas that somebody sees


class StandingPicture:
    """The picture of one map in all outputs that show its canvas. It shows what the canvas shows.

    Where no canvas lives (a notebook that is only run, and never looked at) it is brought up to date at the end of each
    cell, and so is the document of the widget, which whoever runs the notebook stores. Where one lives, the document
    stays current in the page, and the picture is drawn in a thread once the hands have come to rest.
    """

    def __init__(self, model: CrmMap) -> None:
        self._model = model
        self._widget: MapWidget | None = None
        self._display_id = ""  # of all outputs with the picture; empty while there are none
        self._shown = ""
        self._is_stale = False
        self._is_drawing = False
        self._timer: asyncio.TimerHandle | None = None

    def follow(self, widget: MapWidget) -> None:
        """Keep step with the map from now on, whose canvas is `widget`."""
        if self._widget is None:
            self._model.on_change(lambda _: self._changed())
            self._model.on_shown(self._on_shown)
            self._model.at_cell_end = self._cell_ended
        self._widget = widget

    def show(self, canvas: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        """Put out a canvas, and the picture after it: two outputs, as no viewer falls back from one to the other."""
        publish(canvas, metadata=metadata)
        self._display_id = self._display_id or secrets.token_hex(8)
        self._put(self._model.drawing()(), update=False)

    # ---- keeping step --------------------------------------------------------------------------------

    def _on_shown(self, path: Path, _value: object) -> None:
        if path[0] in ("card", "overlay"):
            self._changed()

    def _changed(self) -> None:
        self._is_stale = True
        if self._is_seen:
            self._draw_later()

    @property
    def _is_seen(self) -> bool:
        return self._widget is not None and self._widget.session.has_views

    def _cell_ended(self) -> None:
        if not self._is_stale or self._is_seen:
            return
        self._is_stale = False
        if self._widget is not None and self._widget.comm is not None:
            self._widget.send_state("document")
        if self._display_id:
            self._put(self._model.drawing()(), update=True)

    def _draw_later(self) -> None:
        loop = main_loop()
        if loop is None or not self._display_id:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(REST_S, self._draw_apart, loop)

    def _draw_apart(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._is_drawing:  # one after the other, so that the latest comes last
            self._draw_later()
            return
        self._is_stale, self._is_drawing = False, True
        loop.run_in_executor(None, self._model.drawing()).add_done_callback(self._drawn)

    def _drawn(self, picture: asyncio.Future[str]) -> None:
        self._is_drawing = False
        self._put(picture.result(), update=True)

    def _put(self, picture: str, *, update: bool) -> None:
        if picture == self._shown and update:
            return
        self._shown = picture
        data = {"text/html": picture_html(picture), "text/plain": picture_words(picture)}
        publish(data, display_id=self._display_id, update=update)
        if update and self._widget is not None:
            self._widget.put_picture(data)
