"""What a map leaves for readers without a notebook: a still picture as SVG, PNG or PDF, and a page with the canvas."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import overload

import msgspec

from crmwidget.data.numerals import written_in
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.formats import page, rendered, svg, whole_file
from crmwidget.graph.elements import Elements
from crmwidget.graph.stakeholders import without_register
from crmwidget.graph.votes import without_names
from crmwidget.map_files import MapFiles
from crmwidget.shown import Overlay
from crmwidget.sync import codec, messages
from crmwidget.sync.document import document_of
from crmwidget.sync.page_filter import page_filter

__all__ = ["PICTURE_CARDS", "MapPictures"]

PICTURE_CARDS = 300  # beyond, the picture beside a canvas shows blocks: it must not keep the canvas waiting

File = str | os.PathLike[str]


class MapPictures(MapFiles):
    """The part of a `CrmMap` that makes pictures of it."""

    @overload
    def to_svg(
        self, path: None = None, *, theme: str = ..., overlay: str | bool = ..., within: str | None = ...
    ) -> str: ...

    @overload
    def to_svg(self, path: File, *, theme: str = ..., overlay: str | bool = ..., within: str | None = ...) -> Path: ...

    def to_svg(
        self, path: File | None = None, *, theme: str = "light", overlay: str | bool = True, within: str | None = None
    ) -> str | Path:
        """The map as one SVG, which needs no script, no font and no network, and no browser to be made.

        Cards, flows, groups and lanes are where they are on the canvas, with figures, the numbers of comments and
        votes, and the painted answer with its legend. A title and a description tell it to who does not see it.

        Parameters
        ----------
        path
            A file to write, whole or not at all; without one the picture itself is returned.
        theme
            `"light"` or `"dark"`.
        overlay
            The answer that is painted over it: True is the one that the canvas shows, False none, and a name such as
            `"conversion"` one of those that are painted on the map.
        within
            A group, or a node with a map behind it, whose content is drawn alone.

        Returns
        -------
        str or pathlib.Path
            The text of one `<svg>` element; the file, where a path was given.

        Raises
        ------
        EditError
            For an unknown theme or answer (with the nearest), or a `within` that is no node or can hold nothing.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        >>> picture = m.to_svg(theme="dark")
        >>> picture.startswith("<svg "), "3 nodes · 2 flows" in picture
        (True, True)
        """
        picture = self._drawn(theme=theme, overlay=overlay, within=within)
        return picture if path is None else _written(picture.encode(), path)

    @overload
    def to_png(
        self,
        path: None = None,
        scale: float = ...,
        *,
        theme: str = ...,
        overlay: str | bool = ...,
        within: str | None = ...,
    ) -> bytes: ...

    @overload
    def to_png(
        self, path: File, scale: float = ..., *, theme: str = ..., overlay: str | bool = ..., within: str | None = ...
    ) -> Path: ...

    def to_png(
        self,
        path: File | None = None,
        scale: float = 2,
        *,
        theme: str = "light",
        overlay: str | bool = True,
        within: str | None = None,
    ) -> bytes | Path:
        """The picture of `to_svg` as PNG, `scale` pixels for each of its own; needs the extra `report`.

        It returns the bytes, or the file, where a path was given.

        Raises
        ------
        MissingExtraError
            Without the extra `report`.
        EditError
            As `to_svg` does, and for a scale that is no number above 0 or makes more than 100 million pixels.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        >>> m.to_png()[:4]
        b'\\x89PNG'
        """
        png = rendered.to_png(self._drawn(theme=theme, overlay=overlay, within=within), scale=scale)
        return png if path is None else _written(png, path)

    @overload
    def to_pdf(
        self, path: None = None, *, theme: str = ..., overlay: str | bool = ..., within: str | None = ...
    ) -> bytes: ...

    @overload
    def to_pdf(self, path: File, *, theme: str = ..., overlay: str | bool = ..., within: str | None = ...) -> Path: ...

    def to_pdf(
        self, path: File | None = None, *, theme: str = "light", overlay: str | bool = True, within: str | None = None
    ) -> bytes | Path:
        """The picture of `to_svg` as a PDF of one page, sharp at every size; needs the extra `report`.

        It returns the bytes, or the file, where a path was given.

        Raises
        ------
        MissingExtraError
            Without the extra `report`.
        EditError
            As `to_svg` does.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        >>> m.to_pdf()[:5]
        b'%PDF-'
        """
        pdf = rendered.to_pdf(self._drawn(theme=theme, overlay=overlay, within=within))
        return pdf if path is None else _written(pdf, path)

    @overload
    def to_html(self, path: None = None, *, comments: bool = ...) -> str: ...

    @overload
    def to_html(self, path: File, *, comments: bool = ...) -> Path: ...

    def to_html(self, path: File | None = None, *, comments: bool = False) -> str | Path:
        """The map as one HTML file with the live canvas, to look at: pan, zoom, search, go into groups, read answers.

        It opens from a disk, asks for nothing outside of itself, and cannot edit. Where scripts do not run, and on
        paper, it is a still picture. It follows the light or dark of the system. The stakeholder register is in it only
        with the comments.

        It holds what the map shows: nodes and flows with their attributes, the figures on cards, and the painted
        answers, between which the menu *Ask the map* goes back and forth. An answer that was asked by segment, such as
        `crm.conversion(m, by="segment").show()`, is in it for each of its segments too, and a filter bar goes from one
        to the next: all of them together are held back like one answer. It holds no row of an attached table or log,
        nothing of the map's own filter bar, and no history; of votes how many there are, not whose.

        Parameters
        ----------
        path
            A file to write, whole or not at all; without one the text of the page is returned.
        comments
            Whether the comments, with who wrote them, and the names of who voted are in it too.

        Returns
        -------
        str or pathlib.Path
            The page, the same for the same map; the file, where a path was given.

        Raises
        ------
        CrmWidgetError
            In a checkout whose canvas was never built.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        >>> m.comment("deal", "Ask Bo")
        'c1'
        >>> "Ask Bo" in m.to_html(), "Ask Bo" in m.to_html(comments=True)
        (False, True)
        """
        from crmwidget.widget import built_bundle  # only a page needs the widget's packages here

        self.flush()
        self.ensure_placed()
        elements = self.elements
        if not comments:
            elements = without_register(replace(elements, comments={}, votes=without_names(elements)))
        document = document_of(
            elements,
            cards=self.cards,
            overlays=self.overlays,
            status=messages.Status(False, False, "", "", saved="", problem=""),
            about=messages.About(
                questions=[messages.Question(name, shown.title, "", "") for name, shown in self.overlays.items()],
                templates=[],
                filter=page_filter(self.segments),
            ),
            epoch="page",
            seq=0,
        )
        light, dark = (self._drawing(elements, theme=theme, max_cards=PICTURE_CARDS)() for theme in ("light", "dark"))
        text = page.page(
            title=self.name,
            bundle=built_bundle().read_text(encoding="utf-8"),
            document=msgspec.json.encode(codec.plain(document)).decode(),
            segments=msgspec.json.encode(self.segments).decode(),
            locale=self.locale,
            light=light,
            dark=dark,
        )
        return text if path is None else _written(text.encode(), path)

    def _drawn(self, *, theme: str, overlay: str | bool, within: str | None) -> str:
        self.flush()
        self.ensure_placed()
        return self._drawing(self.elements, theme=theme, overlay=overlay, within=within)()

    def drawing(self) -> Callable[[], str]:
        """Note what the map shows now; the function that is returned draws it for a notebook, on whatever thread.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> draw = m.drawing()
        >>> m.update("won", label="Lost")
        >>> "Won" in draw(), "Lost" in draw()
        (True, False)
        """
        self.flush_quietly()
        self.ensure_placed()
        with self.lock:
            kept = self.elements.copied()
        return self._drawing(kept, theme="light", max_cards=PICTURE_CARDS, is_quick=True)

    def _drawing(
        self,
        elements: Elements,
        *,
        theme: str,
        overlay: str | bool = True,
        within: str | None = None,
        max_cards: int = 2_000,
        is_quick: bool = False,
    ) -> Callable[[], str]:
        lens, locale, cards, painted = self.lens, self.locale, dict(self.cards), self._painted(overlay)

        def draw() -> str:
            with written_in(locale):
                return svg.draw(
                    elements,
                    lens=lens,
                    within=within,
                    cards=cards,
                    overlay=painted,
                    theme=theme,
                    max_cards=max_cards,
                    is_quick=is_quick,
                )

        return draw

    def _painted(self, overlay: str | bool) -> Overlay | None:
        """An answer that is painted on the map: the one that the canvas shows (True), none (False), or by its name."""
        if overlay is False:
            return None
        if overlay is True:
            return next(reversed(self.overlays.values()), None)
        if overlay not in self.overlays:
            painted = nearest(overlay, self.overlays) if self.overlays else "no answer is: crm.conversion(m).show()"
            raise EditError(f"nothing is painted as {shorten(overlay)}; {painted}")
        return self.overlays[overlay]


def _written(content: bytes, path: File) -> Path:
    target = Path(path)
    whole_file.write(content, target)
    return target
