"""Text in a still picture: how wide it will be about, what fits, and what is safe to write."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape

__all__ = ["FAMILY", "fitted", "one_line", "safe", "text_width", "whole_parts", "wrapped"]

FAMILY = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

# Advance widths in thousandths of the size, of the widest font in `FAMILY`: what fits here fits in the others.
_WIDTHS: dict[str, int] = {
    character: width
    for characters, width in (
        ("ijlI'|J", 295), (" .,·:;/!\\", 338), ("ft-()[]r", 415), ("sczJ?", 550), ("kvxyL_*\"", 600),
        ("aeoFTYP", 615), ("bdghnpqu0123456789EBSZ$€£", 638), ("AVXRCKQ", 700), ("UHNDGO&", 790),
        ("w+=<>~^#→←", 838), ("Mm%", 975), ("W@…—–", 1000),
    )
    for character in characters
}  # fmt: skip
_BOLD = 1.12
_FORMATTING = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF)}


def one_line(text: object) -> str:
    """Text on one line that any XML reader takes: white space and control characters become single spaces."""
    kept = (
        " " if unicodedata.category(c) == "Cc" else c
        for c in str(text)[:2_000]
        if c not in _FORMATTING and unicodedata.category(c) != "Cs" and ord(c) & 0xFFFE != 0xFFFE
    )
    return re.sub(r"[^\S\u00a0\u202f]+", " ", "".join(kept)).strip()


def safe(text: object) -> str:
    """`one_line`, escaped for the text and the attributes of XML."""
    return escape(one_line(text), {'"': "&quot;", "'": "&#39;"})


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is in pixels, rather too wide than too narrow."""
    units = sum(_WIDTHS.get(c) or _unlisted(c) for c in text)
    return units / 1000 * size * (_BOLD if bold else 1)


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis."""
    if text_width(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,;:·-") + "…"


def whole_parts(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, str]:
    """What of a figure fits, and what is left over: its parts from the first on, else its number alone with its unit.

    Examples
    --------
    >>> whole_parts("34.8\u202f% · 421 of 1\u202f210", 60, 11)
    ('34.8\u202f%', '421 of 1\u202f210')
    """
    parts = text.split(" · ")
    for n in range(len(parts), 0, -1):
        shown = " · ".join(parts[:n])
        if text_width(shown, size, bold=bold) <= width:
            return shown, " · ".join(parts[n:])
    number, _, rest = text.partition(" ")
    if re.match(r"\W*\d", number) and text_width(number, size, bold=bold) <= width:
        return number, rest
    return fitted(text, width, size, bold=bold), ""


def wrapped(text: str, width: float, most: int, size: float, *, bold: bool = False) -> list[str]:
    """The text in at most `most` lines, broken at spaces; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold=bold) <= width:
            taken += 1
        lines.append(fitted(" ".join(words[:taken]), width, size, bold=bold))
        words = words[taken:]
    if words:
        lines.append(fitted(" ".join(words), width, size, bold=bold))
    return lines


def _unlisted(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    base = unicodedata.normalize("NFKD", character)[0]
    return _WIDTHS.get(base) or (700 if character.isupper() else 640)
