"""Text of a report as HTML: escaped, on one line, with numbers that never part from their thousands or their unit."""

from __future__ import annotations

import re

from crmwidget.data.numerals import NARROW_SPACE
from crmwidget.formats import svg_text

__all__ = ["safe"]

_BOUND = re.compile(f"([{NARROW_SPACE}\xa0])")


def safe(text: object) -> str:
    """Text for the content and the attributes of HTML; the spaces that hold a number together stay.

    Examples
    --------
    >>> safe("<2\\u202f000  cases>")
    '&lt;2\\u202f000 cases&gt;'
    """
    return "".join(part if _BOUND.fullmatch(part) else svg_text.safe(part) for part in _BOUND.split(str(text)))
