"""The flows of a still picture: a way for each beside those that it meets, its line, its head, and its label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from crmwidget.formats.svg_flow_style import flow_dashes
from crmwidget.formats.svg_marks import short
from crmwidget.formats.svg_outlines import Outline
from crmwidget.formats.svg_routes import Lane, Route, head_length, head_width, natural_sides, route_between
from crmwidget.formats.svg_row import Row
from crmwidget.formats.svg_scene import DrawnFlow
from crmwidget.layout.boxes import Box

__all__ = ["CAREFUL", "draw_flow", "routes_of"]

CAREFUL = 60  # cards; on larger maps that are drawn in a hurry, flows go straight behind the cards


def routes_of(
    flows: Sequence[DrawnFlow],
    outlines: Mapping[str, Outline],
    widths: Sequence[float],
    cards: Row | None,
) -> list[Route]:
    """A route for every flow, in order; around the `cards` that would be in its way, if any are given."""
    ways = _Ways(flows, outlines)
    crossed = None if cards is None else cards.near
    return [
        route_between(outlines[flow.source], outlines[flow.target], ways.lane(n, width), crossed)
        for n, (flow, width) in enumerate(zip(flows, widths, strict=True))
    ]


def draw_flow(drawn: DrawnFlow, route: Route, width: float, colour: str, background: str) -> str:
    """The line and its head, which is hollow where the flow is not on the map."""
    (x0, y0), *rest = route.curve
    dx, dy = route.direction
    end_x, end_y = route.curve[3][0] + dx, route.curve[3][1] + dy  # into the head, so that no seam shows
    controls = " ".join(f"{short(x)} {short(y)}" for x, y in rest)
    path = f"M{short(x0)} {short(y0)}C{controls}L{short(end_x)} {short(end_y)}"
    dashes = flow_dashes(drawn, width, returns=route.returns)
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in dashes)}"' if dashes else ""
    if dashes and dashes[0] <= 2:  # short steps are dots
        dash += ' stroke-linecap="round"'
    (tip_x, tip_y), half = route.tip, head_width(width) / 2
    base_x, base_y = tip_x - dx * head_length(width), tip_y - dy * head_length(width)
    head = (
        f"M{short(tip_x)} {short(tip_y)}L{short(base_x - dy * half)} {short(base_y + dx * half)}"
        f"L{short(base_x + dy * half)} {short(base_y - dx * half)}Z"
    )
    ink = f'fill="{background}" stroke="{colour}" stroke-width="1.6"' if drawn.is_ghost else f'fill="{colour}"'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"{dash}/><path d="{head}" {ink}/>'


class _Ways:
    """What flows know of those that they meet at their ends."""

    def __init__(self, flows: Sequence[DrawnFlow], outlines: Mapping[str, Outline]) -> None:
        self._flows, self._outlines = flows, outlines
        self._between: defaultdict[frozenset[str], list[int]] = defaultdict(list)
        self._at: defaultdict[str, list[int]] = defaultdict(list)
        for n, flow in enumerate(flows):
            self._between[frozenset((flow.source, flow.target))].append(n)
            for end in {flow.source, flow.target}:
                self._at[end].append(n)
        self._sides: dict[str, tuple[set[str], set[str]]] = {}

    def lane(self, n: int, width: float) -> Lane:
        """How one flow lies among the others; what is drawn stays where it is when ghosts come."""
        flow = self._flows[n]
        beside = [i for i in self._siblings(flow) if flow.is_ghost or not self._flows[i].is_ghost]
        same = [i for i in beside if self._flows[i].source == flow.source]
        is_crossed = flow.is_ghost and any(
            self._flows[i].source != flow.source and not self._flows[i].is_ghost for i in beside
        )
        source, target = self._box(flow.source), self._box(flow.target)
        return Lane(
            index=same.index(n),
            count=len(same),
            is_against=is_crossed or (len(same) < len(beside) and not _is_forward(source, target)),
            width=width,
            arriving=self._sides_of(flow.source)[0],  # type: ignore[arg-type]
            leaving=self._sides_of(flow.target)[1],  # type: ignore[arg-type]
        )

    def _siblings(self, flow: DrawnFlow) -> list[int]:
        return self._between[frozenset((flow.source, flow.target))]

    def _box(self, node: str) -> Box:
        return self._outlines[node].box

    def _sides_of(self, node: str) -> tuple[set[str], set[str]]:
        """The sides at which flows come in and go out, as far as nothing is in their way."""
        if node not in self._sides:
            arriving, leaving = self._sides[node] = set(), set()
            for n in self._at[node]:
                flow = self._flows[n]
                if flow.is_ghost or flow.source == flow.target:
                    continue
                source, target = self._box(flow.source), self._box(flow.target)
                others = (self._flows[i] for i in self._siblings(flow))
                is_mutual = any(other.source == flow.target and not other.is_ghost for other in others)
                out, into = natural_sides(source, target, is_against=is_mutual and not _is_forward(source, target))
                if flow.source == node:
                    leaving.add(out)
                else:
                    arriving.add(into)
        return self._sides[node]


def _is_forward(source: Box, target: Box) -> bool:
    """Which of two opposite ways is the way on: to the right, else down."""
    (sx, sy), (tx, ty) = source.middle, target.middle
    return tx > sx if abs(tx - sx) > 20 else ty > sy
