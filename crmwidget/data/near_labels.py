"""Names that are almost the same: other case or signs, a letter missing, doubled, wrong or in the wrong place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["near_labels"]

LEAST_LETTERS = 5  # shorter words differ by one letter and mean something else: Won, Wan
MOST_HITS = 50  # a hole that so many names share says nothing
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")


def near_labels(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of labels that probably mean one thing, in the order of `labels`.

    Labels whose numbers differ (`Call 1`, `Call 2`) are different. It takes time in proportion to the letters, not to
    the pairs: names with one letter taken out are compared, instead of each with each.

    Examples
    --------
    >>> near_labels(["Qualified", "Won", "qualified ", "Qualifed", "Call 1", "Call 2"])
    [('Qualified', 'qualified '), ('Qualified', 'Qualifed')]
    """
    found: dict[tuple[str, str], None] = {}
    by_fold: dict[str, str] = {}
    for label in labels:
        known = by_fold.setdefault(_folded(label), label)
        if known != label:
            found[known, label] = None
    holes: dict[str, list[str]] = {}
    for fold in by_fold:
        if len(fold) < LEAST_LETTERS:
            continue
        near: dict[str, None] = {}
        for hole in _with_holes(fold):
            others = holes.setdefault(hole, [])
            if len(others) < MOST_HITS:
                near.update(dict.fromkeys(others))
                others.append(fold)
        for other in near:
            if _DIGITS.findall(other) == _DIGITS.findall(fold) and _is_one_slip(other, fold):
                found[by_fold[other], by_fold[fold]] = None
    return list(found)


def _with_holes(text: str) -> set[str]:
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


def _is_one_slip(a: str, b: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours makes one of the other."""
    if len(a) > len(b):
        a, b = b, a
    start = next((i for i in range(len(a)) if a[i] != b[i]), len(a))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) < len(b):
        return len(b) - len(a) == 1 and rest_a == rest_b[1:]
    return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(_WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c))))
