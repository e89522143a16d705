"""A map as a still picture: one SVG that needs no script, no font and no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crmwidget.design import CATEGORIES, GEOMETRY, HEAT, THEMES
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.formats.svg_card_content import CardContent, card_content, label_text, troubles
from crmwidget.formats.svg_cards import draw_halo, draw_node, draw_shadow
from crmwidget.formats.svg_flow_style import flow_label, flow_width, widest
from crmwidget.formats.svg_flows import CAREFUL, draw_flow, routes_of
from crmwidget.formats.svg_frames import draw_frame, draw_lane
from crmwidget.formats.svg_labels import Labelled, draw_label, fit_label, place_labels
from crmwidget.formats.svg_legend import draw_legend
from crmwidget.formats.svg_marks import heat_colour, rect, text
from crmwidget.formats.svg_outlines import Outline
from crmwidget.formats.svg_routes import Route
from crmwidget.formats.svg_row import Row
from crmwidget.formats.svg_scene import DrawnFlow, Scene, scene_of
from crmwidget.formats.svg_text import FAMILY, fitted, one_line, safe, text_width
from crmwidget.graph.elements import Elements
from crmwidget.graph.folded_lanes import is_lane_card, with_folded_lanes
from crmwidget.layout.boxes import Box
from crmwidget.shown import Card, Overlay
from crmwidget.vocabulary import DEFAULT_NODE_KIND, NODE_KINDS

__all__ = ["draw"]

_MARGIN = 28.0
_HEADER = 48.0
_LEAST_WIDTH = 480.0
_SHOWN_WIDTH = 1_400  # wider pictures are shown smaller, and grow when zoomed
_SMALL = GEOMETRY["small_size"]


def draw(
    elements: Elements,
    *,
    lens: str | None = None,
    within: str | None = None,
    cards: Mapping[str, Card] | None = None,
    overlay: Overlay | None = None,
    theme: str = "light",
    max_cards: int = 2_000,
    is_quick: bool = False,
) -> str:
    """The picture of a map, or of what lies within one of its nodes.

    Groups are frames around their content. A folded group or lane is a card, and so is a node with a map behind it; all
    tell how much they hold, and the flows of what they hold are drawn to them, several between the same two as one.

    Parameters
    ----------
    elements
        The map. Nodes without a position in the lens are placed for the picture; nothing is written to `elements`.
    lens
        Whose positions; by default the lens that the map shows.
    within
        A group, or a node with a map behind it, whose content is drawn alone; None for the top of the map.
    cards
        What data says about nodes, by node id.
    overlay
        An answer painted over the map, with its legend; what happens and is not drawn is dashed, with a hollow head.
    theme
        `"light"` or `"dark"`.
    max_cards
        Beyond so many nodes only coloured blocks and plain lines are drawn.
    is_quick
        Whether flows of a map of more than 60 cards may lie on cards, which saves most of the time.

    Returns
    -------
    str
        One `<svg>` element with a title and a description for screen readers. All text is escaped, control characters
        are dropped, and nothing outside is referred to; it has no ids, so several can stand on one page.

    Raises
    ------
    EditError
        For an unknown theme (with the nearest), or a `within` that is no node or can hold nothing.

    Examples
    --------
    >>> picture = draw(Elements(attributes={"name": "Sales"}))
    >>> picture.startswith("<svg "), "no stages yet" in picture
    (True, True)
    """
    if theme not in THEMES:
        raise EditError(f"unknown theme {shorten(theme)}; {nearest(theme, THEMES)}")
    if within is None:
        elements = with_folded_lanes(elements, lens=lens)
    scene = scene_of(elements, lens=lens, within=within, overlay=overlay)
    title = _title(elements, within)
    if not scene.n_nodes:
        return _empty(title, THEMES[theme], is_within=within is not None)
    return _Picture(elements, scene, title, cards or {}, overlay, theme, max_cards, is_quick).svg()


class _Picture:
    """The parts of one picture, each a method that gives SVG text."""

    def __init__(
        self,
        elements: Elements,
        scene: Scene,
        title: str,
        cards: Mapping[str, Card],
        overlay: Overlay | None,
        theme: str,
        max_cards: int,
        is_quick: bool,
    ) -> None:
        self.elements, self.scene, self.title = elements, scene, title
        self.cards, self.overlay, self.theme = cards, overlay, theme
        self.colours = THEMES[theme]
        self.in_blocks = len(scene.cards) > max_cards
        self.is_quick = is_quick
        # A colour is the same in every picture of a map, whatever is folded away; the legend names what can be seen.
        names = {_category(attributes) for attributes in elements.nodes.values()}
        self.categories = {name: index for index, name in enumerate(sorted(names))}
        self.seen = sorted({_category(elements.nodes[node]) for node in scene.cards})
        self.zoom = 1.0
        self.n_comments = Counter(
            comment.get("on")
            for comment in elements.comments.values()
            if comment.get("reply_to") not in elements.comments and not comment.get("resolved")
        )
        self._troubles = troubles(overlay)
        self._contents: dict[str, CardContent] = {}

    def svg(self) -> str:
        scene = self.scene
        if self.in_blocks:
            body, labels = self._block_flows() + self._blocks(), ""
            reach = list(scene.boxes.values())
        else:
            widths = self._widths()
            routes = self._routes(widths)
            labels, label_boxes = self._labels(routes, widths)
            body = self._halos() + self._flows(routes, widths) + self._nodes()
            bends = [Box(x, y, x, y) for route in routes for x, y in route.curve]
            reach = [box.grown(4, 14) for box in scene.boxes.values()] + label_boxes + bends
        reach += [Box(*band[1:]) for band in scene.bands]
        left = min(box.left for box in reach) - _MARGIN
        width = max(max(box.right for box in reach) + _MARGIN - left, _LEAST_WIDTH)
        # What is written around the map stays legible when it is shown smaller.
        self.zoom = max(1.0, width / _SHOWN_WIDTH)
        top = min(box.top for box in reach) - _MARGIN / 2 - _HEADER * self.zoom
        bottom = max(box.bottom for box in reach)
        legend, legend_height = draw_legend(
            None if self.overlay is None else self.overlay.legend,
            [(_category_title(name), self._category_colour(name)) for name in self.seen],
            (width - 2 * _MARGIN) / self.zoom,
            colours=self.colours,
            scale=HEAT[self.theme],
        )
        height = bottom + ((20 + legend_height) * self.zoom if legend else 0) + _MARGIN - top
        legend = self._zoomed(legend, left + _MARGIN, bottom + 20 * self.zoom) if legend else ""
        header = self._zoomed(self._header((width - 2 * _MARGIN) / self.zoom), left + _MARGIN, top)
        return _document(
            Box(left, top, left + width, top + height),
            self.title,
            self._description(),
            header + self._lanes() + self._frames() + body + labels + legend,
            self.colours,
        )

    # ---- words --------------------------------------------------------------------------------------

    def _counts(self) -> str:
        n_nodes, n_flows = self.scene.n_nodes, self.scene.n_flows
        return f"{n_nodes:,} node{'s' * (n_nodes != 1)} · {n_flows:,} flow{'s' * (n_flows != 1)}"

    def _description(self) -> str:
        shown = self.scene.boxes
        names = [label_text(attributes) for node, attributes in self.elements.nodes.items() if node in shown][:40]
        more = f" and {self.scene.n_nodes - len(names):,} more" if self.scene.n_nodes > len(names) else ""
        said = [f"A map of {self._counts().replace(' · ', ' and ')}: {', '.join(names)}{more}."]
        if self.overlay is not None:
            said.append(f"{self.overlay.title}. {self.overlay.subtitle}")
            said += [finding.sentence for finding in self.overlay.findings[:6]]
            said += [f"Not drawn: {ghost.sentence}" for ghost in self.overlay.ghosts[:6]]
        return " ".join(said)

    def _header(self, width: float) -> str:
        title = fitted(self.title, width * 0.5, 15, bold=True)
        after = text_width(title, 15, bold=True) + 10
        said = self._counts()
        if self.overlay is not None:
            said = " · ".join(one_line(part) for part in (self.overlay.title, self.overlay.subtitle) if part)
        rest = text(fitted(said, width - after, 12), after, 33, 12, self.colours["soft"]) if width - after > 60 else ""
        return text(title, 0, 33, 15, self.colours["text"], bold=True) + rest

    def _zoomed(self, content: str, x: float, y: float) -> str:
        return f'<g transform="translate({x:g} {y:g}) scale({self.zoom:.4g})">{content}</g>'

    # ---- what lies behind -----------------------------------------------------------------------------

    def _lanes(self) -> str:
        folded = {one_line(self.elements.nodes[node]["label"]) for node in self.scene.cards if is_lane_card(node)}
        bands = sorted(self.scene.bands, key=lambda band: band.top)
        return "".join(
            draw_lane(band, self.colours, is_other=n % 2 == 1, is_folded=one_line(band.name) in folded)
            for n, band in enumerate(bands)
        )

    def _frames(self) -> str:
        """Frames from the outside in, in two shades that take turns; lanes have the first, on them the other begins."""
        return "".join(
            draw_frame(
                self._content(node),
                box,
                is_other=(self.scene.depths[node] + bool(self.scene.bands)) % 2 == 1,
                theme=self.theme,
                heat="" if (heat := self._heat(node)) is None else heat_colour(heat, HEAT[self.theme]),
            )
            for node, box in self.scene.frames.items()
        )

    def _widths(self) -> list[float]:
        greatest = widest(self.scene.flows)
        return [flow_width(drawn, greatest) for drawn in self.scene.flows]

    def _routes(self, widths: Sequence[float]) -> list[Route]:
        """On a large map that is drawn in a hurry, flows do not look what is in their way."""
        outlines = {node: Outline(box, "frame") for node, box in self.scene.frames.items()}
        outlines |= {node: Outline(box, self._content(node).shape) for node, box in self.scene.cards.items()}
        is_careful = not self.is_quick or len(self.scene.cards) <= CAREFUL
        return routes_of(self.scene.flows, outlines, widths, Row(self.scene.cards.values()) if is_careful else None)

    def _flows(self, routes: Sequence[Route], widths: Sequence[float]) -> str:
        return "".join(
            draw_flow(drawn, route, width, self._flow_colour(drawn), self.colours["background"])
            for drawn, route, width in zip(self.scene.flows, routes, widths, strict=True)
        )

    def _flow_colour(self, drawn: DrawnFlow) -> str:
        heat = None if drawn.paint is None else drawn.paint.heat
        if drawn.is_ghost:  # never as pale as what is drawn
            heat = 0.35 + 0.65 * (heat or 0.0)
        return self.colours["flow"] if heat is None else heat_colour(0.25 + 0.75 * heat, HEAT[self.theme])

    # ---- what lies on it ----------------------------------------------------------------------------------

    def _content(self, node: str) -> CardContent:
        if node not in self._contents:
            painted = self.overlay.nodes if self.overlay is not None else {}
            self._contents[node] = card_content(
                self.elements.nodes[node],
                card=self.cards.get(node),
                paint=painted.get(node),
                trouble=self._troubles.get(node, ""),
                n_comments=self.n_comments[node],
                n_votes=len(self.elements.votes.get(node, ())),
                n_inside=self.scene.n_inside.get(node, 0),
            )
        return self._contents[node]

    def _heat(self, node: str) -> float | None:
        paint = self.overlay.nodes.get(node) if self.overlay is not None else None
        return None if paint is None else paint.heat

    def _halos(self) -> str:
        """What shines under the flows."""
        return "".join(
            draw_halo(Outline(box, self._content(node).shape), heat, self.theme)
            + draw_shadow(Outline(box, self._content(node).shape), self.theme)
            for node, box in self.scene.cards.items()
            if (heat := self._heat(node)) is not None
        )

    def _nodes(self) -> str:
        parts = []
        for node, box in self.scene.cards.items():
            content = self._content(node)
            if self._heat(node) is None:
                parts.append(draw_shadow(Outline(box, content.shape), self.theme))
            colour = self._category_colour(_category(self.elements.nodes[node]))
            parts.append(draw_node(content, box, colour, self.theme))
        return "".join(parts)

    def _labels(self, routes: Sequence[Route], widths: Sequence[float]) -> tuple[str, list[Box]]:
        said, ghosts = [], []
        for drawn, route, width in zip(self.scene.flows, routes, widths, strict=True):
            strong, soft = flow_label(drawn)
            if strong or soft:
                weight = width + (100 if drawn.paint is not None else 0)
                is_loop = drawn.source == drawn.target
                said.append(Labelled(fit_label(strong, soft), route, weight, is_loop))
                ghosts.append(drawn.is_ghost)
        badges = [
            Box(box.left, box.top - 12, box.right, box.top + 12).grown(2, 2)
            for node, box in self.scene.cards.items()
            if self._content(node).has_badges
        ]
        places = place_labels(said, Row(self.scene.cards.values()), Row(badges))
        drawn_labels = [
            draw_label(flow.label, box, self.colours, is_ghost=is_ghost)
            for flow, box, is_ghost in zip(said, places, ghosts, strict=True)
            if box is not None
        ]
        return "".join(drawn_labels), [box for box in places if box is not None]

    # ---- a map too large for cards -----------------------------------------------------------------------

    def _block_flows(self) -> str:
        middle = {node: "{:.0f} {:.0f}".format(*box.middle) for node, box in self.scene.boxes.items()}
        drawn = [flow for flow in self.scene.flows if not flow.is_ghost]
        lines = "".join(f"M{middle[flow.source]}L{middle[flow.target]}" for flow in drawn)
        return f'<path d="{lines}" fill="none" stroke="{self.colours["flow"]}" stroke-width="3" opacity="0.5"/>'

    def _blocks(self) -> str:
        painted = self.overlay.nodes if self.overlay is not None else {}
        by_colour: dict[str, list[str]] = {}
        for node, box in self.scene.cards.items():
            paint = painted.get(node)
            colour = self._category_colour(_category(self.elements.nodes[node]))
            if paint is not None and paint.heat is not None:
                colour = heat_colour(0.25 + 0.75 * paint.heat, HEAT[self.theme])
            width, height = box.right - box.left, box.bottom - box.top
            by_colour.setdefault(colour, []).append(
                f"M{box.left:.0f} {box.top:.0f}h{width:.0f}v{height:.0f}h-{width:.0f}z"
            )
        return "".join(f'<path d="{"".join(d)}" fill="{colour}"/>' for colour, d in by_colour.items())

    # ---- what the colours mean ------------------------------------------------------------------------------

    def _category_colour(self, name: str) -> str:
        colours = CATEGORIES[self.theme]
        return colours[self.categories[name] % len(colours)]


def _category(attributes: Mapping[str, Any]) -> str:
    for name in ("team", "owner"):
        value = attributes.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return str(attributes.get("kind") or DEFAULT_NODE_KIND)


def _category_title(name: str) -> str:
    return NODE_KINDS[name].title if name in NODE_KINDS else one_line(name)


def _title(elements: Elements, within: str | None) -> str:
    name = one_line(elements.attributes.get("name") or "Map")
    return name if within is None else f"{name} › {label_text(elements.nodes[within])}"


def _empty(name: str, colours: Mapping[str, str], *, is_within: bool) -> str:
    words = "Nothing lies in here yet." if is_within else "This map has no stages yet."
    hint = "Double-click the canvas, type a list, or begin with a template."
    body = text(fitted(name, 440, 15, bold=True), 260, 68, 15, colours["text"], bold=True, anchor="middle")
    body += text(words, 260, 98, 13, colours["soft"], anchor="middle")
    if not is_within:
        body += text(hint, 260, 120, 12, colours["soft"], anchor="middle")
    return _document(Box(0, 0, 520, 180), name, words, body, colours)


def _document(box: Box, title: str, description: str, body: str, colours: Mapping[str, str]) -> str:
    width, height = box.right - box.left, box.bottom - box.top
    scale = min(1.0, _SHOWN_WIDTH / width)
    frame = box.grown(-0.5, -0.5)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width * scale:.0f}" height="{height * scale:.0f}" '
        f'viewBox="{box.left:g} {box.top:g} {width:g} {height:g}" style="max-width:100%;height:auto" '
        f'font-family="{FAMILY}"><title>{safe(title)}</title><desc>{safe(description)}</desc>'
        f"{rect(frame, colours['background'], radius=12, stroke=colours['line'])}{body}</svg>"
    )
