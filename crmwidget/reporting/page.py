"""A report as a page: one HTML file without a script, without anything from outside, the same for the same answers."""

from __future__ import annotations

from collections.abc import Sequence

from crmwidget.formats.page_head import page_head, source_of
from crmwidget.reporting.anchors import link
from crmwidget.reporting.look import STYLE
from crmwidget.reporting.words import safe

__all__ = ["page"]


def page(*, title: str, of: Sequence[str], contents: Sequence[tuple[str, str]], body: str) -> str:
    """The text of the page; its content policy lets in its own style and its own pictures, and nothing else.

    Parameters
    ----------
    title
        What the report is called.
    of
        Lines below the title: of when the data is, and what it was narrowed to.
    contents
        Anchor and name of each part.
    body
        The parts, as HTML.

    Examples
    --------
    >>> text = page(title="Sales", of=["January 2026"], contents=[("plan", "Plan")], body="")
    >>> text.startswith("<!doctype html>"), "<h1>Sales</h1>" in text, "<script" in text
    (True, True, False)
    """
    may = [f"style-src {source_of(STYLE)}", "img-src data:"]
    lines = "".join(f'<p class="of">{safe(line)}</p>' for line in of if line)
    items = "".join(f"<li>{link(anchor, name)}</li>" for anchor, name in contents)
    return f"""{page_head(safe(title), style=STYLE, may=may, follows_system=True)}<body>
<main>
<header>
<p class="kind">Report</p>
<h1>{safe(title)}</h1>
{lines}
<nav aria-label="Contents"><ul>{items}</ul></nav>
</header>
{body}
</main>
</body>
</html>
"""
