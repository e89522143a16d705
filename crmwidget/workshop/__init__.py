"""Workshops: exercises that look at a participant's own map, the stakeholder register, what is still open.

`crm.workshop.exercises("1")` lists what to do, `crm.workshop.check(m, "1.2")` says whether it is done.
"""

from __future__ import annotations

from crmwidget.analysis.open_questions import open_questions
from crmwidget.workshop.checking import Check, check, progress
from crmwidget.workshop.exercises import Exercise, Verdict, exercise, exercises, not_yet, passed
from crmwidget.workshop.sheet import Sheet
from crmwidget.workshop.stakeholders import Stakeholders

__all__ = [
    "Check",
    "Exercise",
    "Sheet",
    "Stakeholders",
    "Verdict",
    "check",
    "exercise",
    "exercises",
    "not_yet",
    "open_questions",
    "passed",
    "progress",
]
