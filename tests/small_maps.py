"""A map as small as a test can do with."""

from __future__ import annotations

import crmwidget as crm


def lead_and_deal() -> crm.CrmMap:
    """Two stages, the first with an owner, and the flow `f1` between them."""
    made = crm.CrmMap("Sales")
    made.add_stage("Lead", owner="Marketing")
    made.add_stage("Deal")
    made.add_flow("lead", "deal", label="qualified")
    return made
