"""The business-process table: seven stages with a description and their actions."""

from __future__ import annotations

from crmwidget.catalog.template import Template, chain
from crmwidget.formats.table import split_actions
from crmwidget.graph.ids import slug

__all__ = ["PROCESS_TABLE"]

_ROWS = (
    ("Lead Generation", "Identify potential customers", "Marketing campaigns, SEO, social media"),
    ("Lead Qualification", "Evaluate potential customers", "Lead scoring, data analysis"),
    ("Lead Nurturing", "Build relationships with potential customers", "Email marketing, webinars, events"),
    ("Sales Process", "Convert leads into customers", "CRM software, sales meetings, negotiations"),
    ("Customer Onboarding", "Set up new customers", "CRM software, product demos, training"),
    ("Customer Support", "Address customer issues", "CRM software, customer service reps, support tickets"),
    (
        "Retention and Upselling",
        "Retain customers and increase revenue",
        "CRM software, loyalty programs, upselling campaigns",
    ),
)

_STAGES = {
    slug(stage): {"label": stage, "description": description, "actions": split_actions(actions)}
    for stage, description, actions in _ROWS
}

PROCESS_TABLE = Template(
    name="process_table",
    title="Business process",
    nodes=_STAGES,
    flows=chain(*_STAGES),
)
