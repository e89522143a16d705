"""The templates: maps to begin with, as data, by name."""

from __future__ import annotations

from crmwidget.catalog.lifecycle import LIFECYCLE
from crmwidget.catalog.process_table import PROCESS_TABLE
from crmwidget.catalog.template import Template
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.elements import Elements

__all__ = ["build", "templates"]

_TEMPLATES: dict[str, Template] = {template.name: template for template in (LIFECYCLE, PROCESS_TABLE)}


def templates() -> dict[str, str]:
    """Name → title of every template.

    Examples
    --------
    >>> templates()["lifecycle"]
    'Customer lifecycle'
    """
    return {name: template.title for name, template in _TEMPLATES.items()}


def build(name: str) -> Elements:
    """A new map from the template `name`.

    Raises
    ------
    EditError
        For an unknown name, with the nearest.

    Examples
    --------
    >>> list(build("lifecycle").nodes)[:2]
    ['lead_generation', 'nurture']
    """
    if name not in _TEMPLATES:
        raise EditError(f"unknown template {shorten(name)}; {nearest(name, _TEMPLATES)}")
    return _TEMPLATES[name].elements()
