"""A report as a page: one HTML file without a script, without anything from outside, the same for the same answers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

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
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    lines = "".join(f'<p class="of">{safe(line)}</p>' for line in of if line)
    items = "".join(f"<li>{link(anchor, name)}</li>" for anchor, name in contents)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{safe(title)}</title>
<style>{STYLE}</style>
</head>
<body>
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
