"""Workshops: the stakeholder register of a map, with sign-off."""

from __future__ import annotations

from crmwidget.workshop.sheet import Sheet
from crmwidget.workshop.stakeholders import Stakeholders

__all__ = ["Sheet", "Stakeholders"]
