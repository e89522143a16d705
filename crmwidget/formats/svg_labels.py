"""Where the label of a flow goes in a still picture: along its curve, then beside it (`js/src/drawing/labels.ts`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_marks import rect, text
from crmwidget.formats.svg_routes import Curve, Route, curve_length, point_at, tangent_at
from crmwidget.formats.svg_row import Row
from crmwidget.formats.svg_text import fitted, text_width, whole_parts
from crmwidget.layout.boxes import Box, overlap

__all__ = ["Label", "Labelled", "draw_label", "fit_label", "place_labels"]

_ALONG = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8)
_BESIDE = (0.5, 0.36, 0.64, 0.24, 0.76)
_SIZE = GEOMETRY["small_size"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words cut to size, and the places of both parts within a label of this width."""

    strong: str
    soft: str
    width: float
    soft_x: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """A flow that has something to say; what weighs more is placed first."""

    label: Label
    route: Route
    weight: float
    is_loop: bool = False


def fit_label(strong: str, soft: str) -> Label:
    """A label as wide as it may be, the soft part cut short first."""
    pad = GEOMETRY["label_padding"]
    most = GEOMETRY["label_max_width"] - 2 * pad
    gap = 4.0 if strong and soft else 0.0
    strong, _ = whole_parts(strong, most, _SIZE, bold=True)
    used = text_width(strong, _SIZE, bold=True)
    room = most - used - gap
    soft = fitted(soft, room, _SIZE) if soft and room >= 14 else ""
    end = pad + used + gap + text_width(soft, _SIZE) if soft else pad + used
    return Label(strong, soft, math.ceil(end + pad), pad + used + gap)


def place_labels(flows: Sequence[Labelled], cards: Row, badges: Row) -> list[Box | None]:
    """The box of each label, None where there is no room: they meet no card, none of its badges, and not each other."""
    places: list[Box | None] = [None] * len(flows)
    taken: list[Box] = []

    def is_free(box: Box) -> bool:
        wide = box.grown(2, 2)
        if any(overlap(wide, other) for other in taken):
            return False
        return not cards.near(box.grown(3, 3)) and not badges.near(wide)

    for n in sorted(range(len(flows)), key=lambda n: (-flows[n].weight, n)):
        flow = flows[n]
        box = _place(flow, is_free)
        if box is not None:
            places[n] = box
            taken.append(box)
    return places


def draw_label(label: Label, box: Box, colours: dict[str, str], *, is_ghost: bool) -> str:
    """A pill with the words."""
    border = colours["line_strong" if is_ghost else "line"]
    parts = [rect(box.grown(-0.5, -0.5), colours["pill"], radius=box.size[1] / 2, stroke=border, dashed=is_ghost)]
    y = box.top + 13
    if label.strong:
        parts.append(text(label.strong, box.left + GEOMETRY["label_padding"], y, _SIZE, colours["text"], bold=True))
    if label.soft:
        colour = colours["soft" if label.strong else "text"]
        parts.append(text(label.soft, box.left + label.soft_x, y, _SIZE, colour))
    return "".join(parts)


def _place(flow: Labelled, is_free: Callable[[Box], bool]) -> Box | None:
    curve, width, height = flow.route.curve, flow.label.width, GEOMETRY["label_height"]
    for x, y in _points(flow):
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if is_free(box):
            return box
    return next(filter(is_free, _beside(curve, width, height)), None)


def _points(flow: Labelled) -> Iterable[tuple[float, float]]:
    if flow.is_loop:  # a flow back to its own node is too small to bear its label: that stands outside of the loop
        x, y = point_at(flow.route.curve, 0.45)
        yield x + flow.label.width / 2 - 7, y
    for t in _ALONG:
        yield point_at(flow.route.curve, t)


def _beside(curve: Curve, width: float, height: float) -> Iterable[Box]:
    """Just far enough from the line that the box touches it with its edge."""
    if curve_length(curve) < 24:
        return
    for t in _BESIDE:
        (x, y), (dx, dy) = point_at(curve, t), tangent_at(curve, t)
        off = (abs(dy) * width + abs(dx) * height) / 2 + 3
        for side in (-1, 1):
            cx, cy = x - dy * off * side, y + dx * off * side
            yield Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
