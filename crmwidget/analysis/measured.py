"""Whether a step says how well it goes: by a target, or by a figure on its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmwidget.vocabulary import ATTRIBUTES

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["UNMEASURED_TAG", "has_measure", "is_customer_facing", "is_measured"]

UNMEASURED_TAG = "internal"  # the tag of a step that customers never notice
TARGETS = tuple(name for name in ATTRIBUTES if name.startswith("target_"))


def is_customer_facing(m: MapModel, node: str) -> bool:
    """Whether customers notice the step: all do but those tagged `internal`."""
    tags = m.elements.nodes[node].get("tags") or ()
    return UNMEASURED_TAG not in (str(tag).strip().lower() for tag in tags)


def has_measure(m: MapModel, node: str) -> bool:
    """Whether the node has a target, or its card a figure."""
    attributes = m.elements.nodes[node]
    card = m.cards.get(node)
    return any(attributes.get(name) is not None for name in TARGETS) or bool(card is not None and card.figures)


def is_measured(m: MapModel, node: str) -> bool:
    """Whether the step has a measure, or needs none."""
    return has_measure(m, node) or not is_customer_facing(m, node)
