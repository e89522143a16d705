"""A map as a page of its own: one HTML file with the live canvas and a still picture, without anything from outside."""

from __future__ import annotations

import json

from crmwidget.design import THEMES
from crmwidget.formats.page_head import page_head, source_of
from crmwidget.formats.svg_text import safe

__all__ = ["page"]

_STYLE = f"""
body{{margin:0;background:{THEMES["light"]["background"]};font-family:system-ui,sans-serif}}
.still{{padding:16px;text-align:center}}
.live .still,.still .dark{{display:none}}
.crmwidget{{resize:none!important}}
@media (prefers-color-scheme:dark){{
body{{background:{THEMES["dark"]["background"]}}}
.still .light{{display:none}}
.still .dark{{display:block}}
}}
@media print{{
body{{background:none}}
#map,.still .dark{{display:none!important}}
.still,.still .light{{display:block!important}}
}}
"""
# The canvas is imported from a blob, as it is in a notebook; until then, and without a script, the picture stands.
_SCRIPT = """
const { bundle, map, locale, segments } = JSON.parse(document.getElementById("data").textContent);
const url = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
const { openPage } = await import(url);
URL.revokeObjectURL(url);
document.body.classList.add("live");
openPage(document.getElementById("map"), map, locale, segments);
"""


def page(*, title: str, bundle: str, document: str, segments: str, locale: str, light: str, dark: str) -> str:
    """The text of the page. Its content policy lets in nothing but what it holds, and of scripts only its own.

    Parameters
    ----------
    title
        What the map is called.
    bundle
        The script of the canvas, a module that exports `openPage`.
    document
        What the canvas shows, as JSON.
    segments
        The answers by segment, as JSON.
    locale
        How the canvas writes numbers.
    light, dark
        The picture as SVG, for either theme of the system.

    Examples
    --------
    >>> text = page(
    ...     title="Sales", bundle="", document="{}", segments="{}", locale="", light="<svg></svg>", dark="<svg></svg>"
    ... )
    >>> text.startswith("<!doctype html>"), "<title>Sales</title>" in text
    (True, True)
    """
    may = [f"script-src {source_of(_SCRIPT)} blob:", "style-src 'unsafe-inline'", "img-src data: blob:"]
    data = f'{{"bundle":{json.dumps(bundle)},"locale":{json.dumps(locale)},"segments":{segments},"map":{document}}}'
    return f"""{page_head(safe(title), style=_STYLE, may=may)}<body>
<main>
<div id="map"></div>
<div class="still"><div class="light">{light}</div><div class="dark">{dark}</div></div>
</main>
<script type="application/json" id="data">{_in_script(data)}</script>
<script type="module">{_SCRIPT}</script>
</body>
</html>
"""


def _in_script(data: str) -> str:
    """JSON that no parser of HTML takes for the end of its script: `<` occurs only in strings, where it has a name."""
    return data.replace("<", "\\u003c")
