"""The steps of a map, where work is done: which customers notice, and which say how well they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmwidget.analysis.conversion_groups import outcomes_of
from crmwidget.analysis.passage import walked
from crmwidget.vocabulary import ATTRIBUTES

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["KINDS", "UNMEASURED_TAG", "decided", "has_measure", "is_customer_facing", "steps_of"]

KINDS = ("stage", "activity", "touchpoint")
UNMEASURED_TAG = "internal"  # the tag of a step that customers never notice
TARGETS = tuple(name for name in ATTRIBUTES if name.startswith("target_"))


def decided(m: MapModel) -> set[str]:
    """The nodes that decide a case: by their outcome, or, without a way out, by a name such as "Closed won"."""
    outcomes, _ = outcomes_of(walked(m.graph))
    return set(outcomes)


def steps_of(m: MapModel) -> list[str]:
    """The stages, activities and touchpoints, but for those that decide a case, in the order of the map."""
    ends = decided(m)
    return [node for node, about in m.elements.nodes.items() if about["kind"] in KINDS and node not in ends]


def is_customer_facing(m: MapModel, node: str) -> bool:
    """Whether customers notice the step: all do but those tagged `internal`."""
    tags = m.elements.nodes[node].get("tags") or ()
    return UNMEASURED_TAG not in (str(tag).strip().lower() for tag in tags)


def has_measure(m: MapModel, node: str) -> bool:
    """Whether the node has a target, or its card a figure."""
    attributes = m.elements.nodes[node]
    card = m.cards.get(node)
    return any(attributes.get(name) is not None for name in TARGETS) or bool(card is not None and card.figures)
