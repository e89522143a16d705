"""The customer lifecycle in seven stages, from first contact to repeat business."""

from __future__ import annotations

from crmwidget.catalog.template import Template, chain

__all__ = ["LIFECYCLE"]

_STAGES = {
    "lead_generation": {
        "label": "Lead generation and prospecting",
        "objective": "Find the most promising leads",
        "actions": ("market research", "lead capture", "lead qualification"),
    },
    "nurture": {
        "label": "Lead nurture and qualification",
        "objective": "Build the relationship and pick qualified leads",
        "actions": ("targeted communication", "valuable content", "lead scoring on interest and fit"),
    },
    "opportunity": {
        "label": "Opportunity management",
        "objective": "Turn qualified leads into opportunities with a fitting solution",
        "actions": ("needs discovery", "product demonstrations", "negotiation", "proposal creation"),
    },
    "pipeline": {
        "label": "Sales pipeline management",
        "objective": "A steady flow of revenue",
        "actions": ("progress tracking", "bottleneck identification", "proactive follow-up"),
    },
    "onboarding": {
        "label": "Customer onboarding",
        "objective": "A smooth start after the sale",
        "actions": ("product training", "configuration", "resources"),
    },
    "support": {
        "label": "Customer support and service",
        "objective": "Prompt, effective help",
        "actions": ("ticket management", "resolution tracking", "proactive communication"),
    },
    "cross_sell": {
        "label": "Cross-selling and upselling",
        "objective": "More value per customer, loops back into opportunities",
        "actions": ("data and preference analysis", "recommendations"),
    },
}

LIFECYCLE = Template(
    name="lifecycle",
    title="Customer lifecycle",
    nodes=_STAGES,
    flows=chain(*_STAGES, "opportunity"),
)
