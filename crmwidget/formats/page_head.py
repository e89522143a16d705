"""How a page of its own begins: what it may load, which is nothing from outside, its title and its style."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

__all__ = ["page_head", "source_of"]


def page_head(title: str, *, style: str, may: Sequence[str], follows_system: bool = False) -> str:
    """The page up to its body. Its content policy lets in what `may` lists, and nothing else.

    Parameters
    ----------
    title
        What stands in the tab, escaped already.
    style
        The style sheet.
    may
        Directives of the content policy that allow something, such as `"img-src data:"`.
    follows_system
        Whether what the browser draws by itself is light or dark as the system is.

    Examples
    --------
    >>> print(page_head("Sales", style="", may=["img-src data:"]).splitlines()[4].partition("content=")[2])
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'">
    """
    policy = "; ".join(("default-src 'none'", *may, "base-uri 'none'", "form-action 'none'"))
    scheme = '<meta name="color-scheme" content="light dark">\n' if follows_system else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{scheme}<title>{title}</title>
<style>{style}</style>
</head>
"""


def source_of(text: str) -> str:
    """A script or a style of the page as its content policy names it: by what it is, so that no other will do."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
