"""A chart of an answer: a Vega-Lite specification that notebooks draw themselves, without another package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Chart"]

MIME = "application/vnd.vegalite.v5+json"


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A chart that JupyterLab, Notebook and VS Code draw by themselves.

    It holds what may leave the kernel: aggregates, small groups missing.

    Attributes
    ----------
    title
        What it shows.
    spec
        The Vega-Lite specification, its data inside; `altair.Chart.from_dict(chart.spec)` works on with it.

    Examples
    --------
    >>> chart = Chart("Deals by team", {"mark": "bar", "data": {"values": [{"team": "North", "n": 120}]}})
    >>> chart
    <Chart: Deals by team>
    >>> chart.to_json()
    '{"mark": "bar", "data": {"values": [{"team": "North", "n": 120}]}}'

    >>> chart.title, chart.spec["mark"]
    ('Deals by team', 'bar')
    """

    title: str
    spec: Mapping[str, Any]

    def to_json(self) -> str:
        """The specification as text, for any tool that draws Vega-Lite."""
        return json.dumps(self.spec, allow_nan=False)

    def __repr__(self) -> str:
        return f"<Chart: {self.title}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {MIME: dict(self.spec), "text/plain": repr(self)}
