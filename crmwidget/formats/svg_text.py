"""Text in a still picture: how wide it will be about, what fits, and what is safe to write."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape

__all__ = ["FAMILY", "fitted", "one_line", "safe", "text_width", "whole_parts", "wrapped"]

FAMILY = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

# Advance widths in thousandths of the size, of the widest font in `FAMILY` (DejaVu Sans): what fits here fits in the
# others, and where that font is the one that is there, texts are cut where the canvas cuts them.
_REGULAR = (
    ("\u202f", 200), ("'", 275), ("ijl", 278), ("IJ", 295), (" ,.·‘’", 318), ("/:;\\|", 337), ("f", 352), ("-", 361),
    ("()[]", 390), ("t", 392), ("!", 401), ("r", 411), ('"', 460), ("*_`–", 500), ("„“”", 518), ("s", 521), ("z", 525),
    ("?", 531), ("c", 550), ("L", 557), ("F", 575), ("k", 579), ("•", 590), ("vxy", 592), ("P", 603), ("TY", 611),
    ("o", 612), ("a", 613), ("e", 615), ("E", 632), ("hnu", 634), ("Sbdgpq", 635), ("$0123456789{}€£", 636), ("K", 656),
    ("AV", 684), ("XZ", 685), ("B", 686), ("R", 695), ("C", 698), ("U", 732), ("N", 748), ("H", 752), ("D", 770),
    ("G", 775), ("&", 780), ("OQ", 787), ("w", 818), ("#+<=>^~→←↑↓−±×≤≥", 838), ("M", 863), ("%", 950), ("m", 974),
    ("W", 989), ("@…—", 1000),
)  # fmt: skip
_BOLD = (
    ("\u202f", 200), ("'", 306), ("ijl", 343), (" ", 348), ("/\\|", 365), ("IJ", 372), (",.·‘’", 380), (":;", 400),
    ("-", 415), ("f", 435), ("!", 456), ("()[]", 457), ("t", 478), ("r", 493), ("_`–", 500), ('"', 521), ("*", 523),
    ("?", 580), ("z", 582), ("c", 593), ("s", 595), ("L", 637), ("•", 639), ("x", 645), ("vy", 652), ("„“”", 657),
    ("k", 665), ("a", 675), ("e", 678), ("T", 682), ("EF", 683), ("o", 687), ("$0123456789€£", 696), ("hnu{}", 712),
    ("bdgpq", 716), ("S", 720), ("Y", 724), ("Z", 725), ("P", 733), ("C", 734), ("B", 762), ("R", 770), ("X", 771),
    ("AV", 774), ("K", 775), ("U", 812), ("G", 821), ("D", 830), ("HN", 837), ("#+<=>^~→←↑↓−±×≤≥", 838), ("OQ", 850),
    ("&", 872), ("w", 924), ("M", 995), ("@…—", 1000), ("%", 1002), ("m", 1042), ("W", 1103),
)  # fmt: skip
_WIDTHS: tuple[dict[str, int], dict[str, int]] = tuple(
    {character: width for characters, width in widths for character in characters} for widths in (_REGULAR, _BOLD)
)  # type: ignore[assignment]
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
    widths = _WIDTHS[bold]
    return sum(widths.get(c) or _unlisted(c, widths) for c in text) / 1000 * size


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


def _unlisted(character: str, widths: dict[str, int]) -> int:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    base = unicodedata.normalize("NFKD", character)[0]
    return widths.get(base) or (800 if character.isupper() else 720)
