"""Data in which names, addresses and keys are planted in every column that nobody asks to see, and a map made of it."""

from __future__ import annotations

import pandas as pd

import crmwidget as crm

__all__ = ["deals", "mapped"]


def deals(n: int) -> pd.DataFrame:
    """Opportunities, each with a contact whose name is "ZoraQuill" and a number."""
    secret = [f"ZoraQuill{i}" for i in range(n)]
    return crm.samples.opportunities(n, seed=7).assign(
        opportunity_id=[f"key-{s}" for s in secret],
        contact=secret,
        mail=[f"{s}@private.example" for s in secret],
        note=[f"Call {s}" for s in secret],
    )


def mapped(n: int) -> crm.CrmMap:
    """The map of a log of so many cases, called "case-ZoraQuill" and a number, with the deals attached."""
    sample = crm.samples.events(n)
    cases = {case: f"case-ZoraQuill{i}" for i, case in enumerate(sample.events["case_id"].unique())}
    case = sample.events["case_id"].map(cases)
    log = crm.EventLog(
        sample.events.assign(case_id=case, mail=case + "@private.example"),
        case="case_id",
        activity="activity",
        start="started_at",
        timestamp="finished_at",
        attributes=["segment", "owner"],
        ends=sample.ends,
    )
    m = crm.discover(log, name="Sales")
    m.attach(deals(n), key="opportunity_id", stage="stage", name="deals")
    return m
