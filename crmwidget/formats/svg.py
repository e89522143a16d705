"""A map as a still picture: one SVG that needs no script, no font and no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crmwidget.design import CATEGORIES, GEOMETRY, HEAT, THEMES
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.formats.svg_cards import CardLook, draw_halo, draw_node, label_text, short_detail
from crmwidget.formats.svg_flow_style import flow_dashes, flow_label, flow_width, widest
from crmwidget.formats.svg_flows import CAREFUL, Route, Row, head, label_place, route_all
from crmwidget.formats.svg_frames import draw_frame, header_box
from crmwidget.formats.svg_legend import draw_legend
from crmwidget.formats.svg_marks import heat_colour, rect, text
from crmwidget.formats.svg_scene import DrawnFlow, Scene, scene_of
from crmwidget.formats.svg_text import FAMILY, fitted, one_line, safe, text_width, whole_parts
from crmwidget.graph.elements import Elements
from crmwidget.graph.folded_lanes import with_folded_lanes
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
    return _Picture(elements, scene, title, cards or {}, overlay, theme, max_cards).svg()


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
    ) -> None:
        self.elements, self.scene, self.title = elements, scene, title
        self.cards, self.overlay, self.theme = cards, overlay, theme
        self.colours = THEMES[theme]
        self.in_blocks = len(scene.cards) > max_cards
        # A colour is the same in every picture of a map, whatever is folded away; the legend names what can be seen.
        names = {_category(attributes) for attributes in elements.nodes.values()}
        self.categories = {name: index for index, name in enumerate(sorted(names))}
        self.seen = sorted({_category(elements.nodes[node]) for node in scene.cards})
        self.zoom = 1.0
        self.n_comments = Counter(comment.get("on") for comment in elements.comments.values())

    def svg(self) -> str:
        scene = self.scene
        if self.in_blocks:
            body, labels = self._block_flows() + self._blocks(), ""
            reach = list(scene.boxes.values())
        else:
            ends = [(flow.source, flow.target) for flow in scene.flows]
            names = [
                header_box(label_text(self.elements.nodes[node]), box, scene.n_inside.get(node, 0))
                for node, box in scene.frames.items()
            ]
            routes = route_all(
                scene.cards,
                ends,
                pointed=self._pointed(),
                frames=scene.frames,
                names=names,
                n_ghosts=sum(drawn.is_ghost for drawn in scene.flows),
            )
            labels, label_boxes = self._labels(routes, names)
            halos, nodes = self._nodes()
            body = halos + self._flows(routes) + nodes
            bends = [Box(x, y, x, y) for route in routes for x, y in route.points]
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

    def _pointed(self) -> set[str]:
        shapes = {kind.name for kind in NODE_KINDS.values() if kind.shape == "diamond"}
        return {node for node, attributes in self.elements.nodes.items() if attributes.get("kind") in shapes}

    # ---- what lies behind -----------------------------------------------------------------------------

    def _lanes(self) -> str:
        parts = []
        for n, band in enumerate(sorted(self.scene.bands, key=lambda band: band.top)):
            box = Box(band.left, band.top, band.right, band.bottom)
            parts.append(rect(box, self.colours["lane_other" if n % 2 else "lane"], radius=12))
            name = fitted(
                (one_line(band.name) or "no lane").upper(), box.right - box.left - 40, _SMALL * 1.1, bold=True
            )
            colour = self.colours["faint"]
            parts.append(text(name, box.left + 14, box.top + 21, _SMALL, colour, bold=True, spacing=0.5))
        return "".join(parts)

    def _frames(self) -> str:
        """Frames from the outside in, in two shades that take turns; lanes have the first, on them the other begins."""
        painted = self.overlay.nodes if self.overlay is not None else {}
        parts = []
        for node, box in self.scene.frames.items():
            paint = painted.get(node)
            parts.append(
                draw_frame(
                    label_text(self.elements.nodes[node]),
                    box,
                    self.scene.n_inside.get(node, 0),
                    is_other=(self.scene.depths[node] + bool(self.scene.bands)) % 2 == 1,
                    colours=self.colours,
                    heat="" if paint is None or paint.heat is None else heat_colour(paint.heat, HEAT[self.theme]),
                    said="" if paint is None else one_line(f"{paint.text} {short_detail(paint)}"),
                    n_comments=self.n_comments[node],
                    n_votes=len(self.elements.votes.get(node, ())),
                )
            )
        return "".join(parts)

    def _flows(self, routes: Sequence[Route]) -> str:
        greatest = widest(self.scene.flows)
        parts = []
        for drawn, route in zip(self.scene.flows, routes, strict=True):
            width = flow_width(drawn, greatest)
            colour = self._flow_colour(drawn)
            dashes = flow_dashes(drawn, width, returns=route.returns)
            dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in dashes)}"' if dashes else ""
            # The head of what is not on the map is hollow.
            tip = (
                f'fill="{self.colours["background"]}" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"'
                if drawn.is_ghost
                else f'fill="{colour}"'
            )
            parts.append(
                f'<path d="{route.path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"{dash}/>'
                f'<path d="{head(route, width)}" {tip}/>'
            )
        return "".join(parts)

    def _flow_colour(self, drawn: DrawnFlow) -> str:
        heat = None if drawn.paint is None else drawn.paint.heat
        if drawn.is_ghost:  # never as pale as what is drawn
            heat = 0.35 + 0.65 * (heat or 0.0)
        return self.colours["flow"] if heat is None else heat_colour(heat, HEAT[self.theme])

    # ---- what lies on it ----------------------------------------------------------------------------------

    def _nodes(self) -> tuple[str, str]:
        """What shines under the flows, and the nodes that lie on them."""
        painted = self.overlay.nodes if self.overlay is not None else {}
        halos, parts = [], []
        for node, box in self.scene.cards.items():
            attributes, paint = self.elements.nodes[node], painted.get(node)
            heat = None if paint is None else paint.heat
            look = CardLook(
                self.colours,
                self._category_colour(_category(attributes)),
                None if heat is None else heat_colour(heat, HEAT[self.theme]),
                0.0 if heat is None else min(max(heat, 0.0), 1.0),
            )
            n_inside = self.scene.n_inside.get(node, 0)
            halos.append(draw_halo(attributes, box, look))
            n_votes = len(self.elements.votes.get(node, ()))
            card, n_comments = self.cards.get(node), self.n_comments[node]
            parts.append(draw_node(attributes, box, look, card, paint, n_comments, n_inside, n_votes))
        return "".join(halos), "".join(parts)

    def _labels(self, routes: Sequence[Route], names: Sequence[Box]) -> tuple[str, list[Box]]:
        cards = Row(self.scene.cards.values())
        placed: list[Box] = []
        parts = []
        most = GEOMETRY["label_max_width"] - 2 * GEOMETRY["label_padding"]
        for drawn, route in zip(self.scene.flows, routes, strict=True):
            strong, soft = flow_label(drawn)
            if not strong and not soft:
                continue
            strong, _ = whole_parts(strong, most, _SMALL, bold=True)
            gap = 4 if strong and soft else 0
            used = text_width(strong, _SMALL, bold=True) + gap
            soft = fitted(soft, most - used, _SMALL) if soft and most - used > 14 else ""
            inner = used + text_width(soft, _SMALL)
            width, height = inner + 2 * GEOMETRY["label_padding"], GEOMETRY["label_height"]
            x, y = route.points[0]
            area = Box(x, y, x, y).grown(400, 400)
            near = [*cards.near(area), *names, *placed] if len(cards) <= CAREFUL else []
            box = label_place(route, width, height, near)
            placed.append(box)
            parts.append(
                rect(
                    box,
                    self.colours["pill"],
                    radius=height / 2,
                    stroke=self._flow_colour(drawn) if drawn.is_ghost else self.colours["line"],
                    dashed=drawn.is_ghost,
                )
                + f'<text x="{(box.left + box.right) / 2:.1f}" y="{box.top + 14:.1f}" font-size="{_SMALL:g}" '
                f'text-anchor="middle" fill="{self.colours["soft"]}">'
                + (f'<tspan font-weight="650" fill="{self.colours["text"]}">{safe(strong)}</tspan>' if strong else "")
                + (" " if strong and soft else "")
                + f"{safe(soft)}</text>"
            )
        return "".join(parts), placed

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
                colour = heat_colour(paint.heat, HEAT[self.theme])
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
