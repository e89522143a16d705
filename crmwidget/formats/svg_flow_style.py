"""What the line of a flow says in a still picture: its width by volume, its dashes, and the words of its label."""

from __future__ import annotations

from collections.abc import Sequence

from crmwidget.data.numerals import number_text
from crmwidget.design import GEOMETRY
from crmwidget.formats.svg_card_content import short_detail
from crmwidget.formats.svg_scene import DrawnFlow
from crmwidget.formats.svg_text import one_line
from crmwidget.vocabulary import FLOW_KINDS

__all__ = ["GHOST_DASH", "flow_dashes", "flow_label", "flow_width", "widest"]

GHOST_DASH = (GEOMETRY["ghost_dash"], GEOMETRY["ghost_gap"])
_RETURN_DASH = (6.0, 5.0)


def flow_label(drawn: DrawnFlow) -> tuple[str, str]:
    """The strong and the soft words of a flow's label."""
    flow, paint = drawn.attributes, drawn.paint
    strong, soft = ("", "") if paint is None else (one_line(paint.text), short_detail(paint))
    if strong or soft:
        return strong, soft
    words = one_line(flow.get("label") or "") or one_line(flow.get("condition") or "")
    volume = flow.get("volume")
    if words or isinstance(volume, bool) or not isinstance(volume, (int, float)):
        return "", words
    return number_text(volume, style="full"), ""


def widest(flows: Sequence[DrawnFlow]) -> tuple[float, float]:
    """The greatest volume and the greatest painted width: what the widest line stands for."""
    volumes = [v for flow in flows if isinstance(v := flow.attributes.get("volume"), int | float)]
    painted = [flow.paint.width for flow in flows if flow.paint is not None and flow.paint.width is not None]
    return max(volumes, default=0.0), max(painted, default=0.0)


def flow_width(drawn: DrawnFlow, greatest: tuple[float, float]) -> float:
    """By the square root of the share of the greatest, as on the canvas."""
    flow, paint = drawn.attributes, drawn.paint
    volume = flow.get("volume")
    share = 0.0
    if paint is not None and paint.width is not None:
        share = paint.width / max(greatest[1], 1e-9)
    elif isinstance(volume, (int, float)) and greatest[0] > 0:
        share = volume / greatest[0]
    least, most = GEOMETRY["flow_width"], GEOMETRY["flow_width_max"]
    return float(least + (most - least) * min(max(share, 0.0), 1.0) ** 0.5)


def flow_dashes(drawn: DrawnFlow, width: float, *, returns: bool) -> list[float]:
    """The dashes of its line, longer on a wide one: those of its kind, or of what comes back; none for a whole line."""
    kind = FLOW_KINDS.get(drawn.attributes.get("kind", ""))
    dashes = GHOST_DASH if drawn.is_ghost else kind.dash if kind is not None else ()
    return [max(d, width * 1.6 if d > 2 else d) for d in dashes or (_RETURN_DASH if returns else ())]
