"""A chart of an answer: a Vega-Lite specification that notebooks draw themselves, without another package."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

from crmwidget.analysis.chart_theme import Theme, coloured, look

__all__ = ["Chart"]

# what a kernel may not use is no reason for a notebook not to draw: JupyterLab and Notebook know this one without help
MIME = "application/vnd.vegalite.v5+json"

File = str | os.PathLike[str]


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A chart that JupyterLab, Notebook and VS Code draw by themselves, on a light page and a dark one.

    It holds what may leave the kernel: aggregates, small groups missing.

    Attributes
    ----------
    title
        What it shows.
    drawn
        What is drawn, as Vega-Lite without a look; its data are inside. `spec` has the look too.
    description
        What a screen reader says of it; the title, where none is given.

    Examples
    --------
    >>> chart = Chart("Deals by team", {"mark": "bar", "data": {"values": [{"team": "North", "n": 120}]}})
    >>> chart
    <Chart: Deals by team>
    >>> chart.title, chart.spec["mark"], chart.spec["data"]["values"], chart.spec["description"]
    ('Deals by team', 'bar', [{'team': 'North', 'n': 120}], 'Deals by team')
    >>> "config" in chart.spec, "config" in chart.drawn  # the look
    (True, False)

    With Altair, where it is installed, it goes on as a chart of its own: `altair.Chart.from_dict(chart.spec)`.
    """

    title: str
    drawn: Mapping[str, Any] = field(compare=False)
    description: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The whole Vega-Lite specification, readable on a light page and on a dark one."""
        return self.themed("any")

    def themed(self, theme: Theme) -> dict[str, Any]:
        """The whole Vega-Lite specification for a page that is "light", "dark", or "any" of both.

        Raises
        ------
        AnalysisError
            There is no such theme (with the nearest).

        Examples
        --------
        >>> chart = Chart("Nothing", {"mark": "bar", "data": {"values": []}})
        >>> chart.themed("light")["config"] == chart.themed("dark")["config"]
        False
        """
        config = look(theme)
        own = self.drawn.get("config", {})
        return {
            "description": self.description or self.title,
            **coloured(self.drawn, theme),
            "config": {**config, **coloured(own, theme)},
        }

    def to_json(self, *, theme: Theme = "any") -> str:
        """The specification as text, for any tool that draws Vega-Lite.

        Examples
        --------
        >>> chart = Chart("Nothing", {"mark": "bar", "data": {"values": []}})
        >>> json.loads(chart.to_json()) == chart.spec
        True
        """
        return json.dumps(self.themed(theme), allow_nan=False)

    @overload
    def to_svg(self, path: None = None, *, theme: Theme = ...) -> str: ...

    @overload
    def to_svg(self, path: File, *, theme: Theme = ...) -> Path: ...

    def to_svg(self, path: File | None = None, *, theme: Theme = "light") -> str | Path:
        """The chart as one SVG, the same for the same chart; needs the extra `report`, and no browser.

        Parameters
        ----------
        path
            A file to write; without one the picture itself is returned.
        theme
            The page that it is put on: "light", "dark", or "any" of both. Its own ground is transparent.

        Returns
        -------
        str or pathlib.Path
            The text of one `<svg>` element; the file, where a path was given.

        Raises
        ------
        MissingExtraError
            Without the extra `report`.
        AnalysisError
            There is no such theme (with the nearest).

        Examples
        --------
        >>> values = [{"team": "North", "n": 120}, {"team": "South", "n": 80}]
        >>> bars = {"x": {"field": "n", "type": "quantitative"}, "y": {"field": "team", "type": "nominal"}}
        >>> chart = Chart("Deals by team", {"mark": "bar", "data": {"values": values}, "encoding": bars})
        >>> chart.to_svg().startswith("<svg "), "Deals by team" in chart.to_svg()
        (True, True)
        """
        from crmwidget.analysis.chart_picture import svg_of  # only a still picture needs the renderer

        picture = svg_of(self.themed(theme))
        return picture if path is None else _written(picture.encode(), path)

    @overload
    def to_png(self, path: None = None, scale: float = ..., *, theme: Theme = ...) -> bytes: ...

    @overload
    def to_png(self, path: File, scale: float = ..., *, theme: Theme = ...) -> Path: ...

    def to_png(self, path: File | None = None, scale: float = 2, *, theme: Theme = "light") -> bytes | Path:
        """The picture of `to_svg` as PNG, `scale` pixels for each of its own; needs the extra `report`.

        Raises
        ------
        MissingExtraError
            Without the extra `report`.
        AnalysisError
            There is no such theme; `scale` is no number above 0 and at most 10.

        Examples
        --------
        >>> Chart("Nothing", {"mark": "bar", "data": {"values": []}}).to_png()[:4]
        b'\\x89PNG'
        """
        from crmwidget.analysis.chart_picture import png_of

        png = png_of(self.themed(theme), scale=scale)
        return png if path is None else _written(png, path)

    def __repr__(self) -> str:
        return f"<Chart: {self.title}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {MIME: self.spec, "text/plain": f"{self!r} {self.description}".strip()}


def _written(content: bytes, path: File) -> Path:
    target = Path(path)
    target.write_bytes(content)
    return target
