"""The picture of the map in a report: light and dark, and over both the places of its nodes, to go to and come from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crmwidget.data.numerals import written_in
from crmwidget.design import GEOMETRY, THEMES
from crmwidget.formats import svg
from crmwidget.formats.svg_scene import scene_of
from crmwidget.graph.folded_lanes import with_folded_lanes
from crmwidget.graph.nesting import Nesting
from crmwidget.layout.boxes import Box
from crmwidget.reporting.anchors import Anchors
from crmwidget.reporting.words import safe
from crmwidget.shown import Overlay

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Places", "picture_html", "places_of"]

CARDS = 300  # beyond, blocks are drawn, which nobody points at one by one
_VIEW = re.compile(r'viewBox="([^"]+)"')
_STYLE = ' style="max-width:100%;height:auto"'  # the page's own style says it: its policy lets in no other


class Places:
    """Where the nodes of a map are in its picture.

    Attributes
    ----------
    boxes
        What can be seen.
    shown_as
        Node → what can be seen of it: itself, or what it is folded into.
    """

    def __init__(self, boxes: dict[str, Box], shown_as: dict[str, str]) -> None:
        self.boxes, self.shown_as = boxes, shown_as

    def of(self, node: str) -> str | None:
        """What can be seen of a node, if anything."""
        shown = self.shown_as.get(node)
        return shown if shown in self.boxes else None


def places_of(m: MapModel) -> Places:
    """The places in the picture of a map; none for one of too many nodes."""
    elements = with_folded_lanes(m.elements, lens=m.lens)
    scene = scene_of(elements, lens=m.lens, within=None, overlay=None)
    boxes = {**scene.frames, **scene.cards} if len(scene.cards) <= CARDS else {}
    return Places(boxes, Nesting(elements.nodes).shown_as())


def picture_html(m: MapModel, overlay: Overlay | None, places: Places, anchors: Anchors, caption: str) -> str:
    """The figure: two pictures of which a reader sees one, and the links over them."""
    elements = replace(m.elements, comments={})
    with written_in(m.locale):
        drawn = {
            theme: svg.draw(
                elements, lens=m.lens, cards=m.cards, overlay=overlay, theme=theme, max_cards=CARDS
            ).replace(_STYLE, "", 1)
            for theme in THEMES
        }
    view = _VIEW.search(drawn["light"])
    assert view is not None
    links = "".join(_place(anchors, node, box) for node, box in places.boxes.items() if node in anchors.indexed)
    over = f'<svg class="places" viewBox="{view[1]}" xmlns="http://www.w3.org/2000/svg">{links}</svg>' if links else ""
    pictures = "".join(f'<div class="{theme}">{picture}</div>' for theme, picture in drawn.items())
    return (
        '<figure class="map" id="map"><div class="scroll" role="region" aria-label="The map" tabindex="0">'
        f'<div class="layers">{pictures}{over}</div></div><figcaption>{safe(caption)}</figcaption></figure>'
    )


def _place(anchors: Anchors, node: str, box: Box) -> str:
    name = anchors.indexed[node]
    near = box.grown(3, 3)
    return (
        f'<a id="map-{name}" href="#node-{name}" aria-label="{safe(anchors.label(node))}, in the index of nodes">'
        f'<rect x="{near.left:.1f}" y="{near.top:.1f}" width="{near.right - near.left:.1f}" '
        f'height="{near.bottom - near.top:.1f}" rx="{GEOMETRY["card_radius"] + 3:g}"/></a>'
    )
