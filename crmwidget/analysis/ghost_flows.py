"""Flows that happen and are not drawn, as an answer paints them: the most frequent of each pair of nodes."""

from __future__ import annotations

from collections.abc import Iterable

from crmwidget.shown import Ghost

__all__ = ["GHOSTS_TITLE", "ghosts_of"]

GHOSTS_TITLE = "Happens, but is not drawn"  # in a legend
MOST = 24  # more dashed lines would hide the map that they are about


def ghosts_of(ghosts: Iterable[Ghost]) -> list[Ghost]:
    """Of those given, most frequent first, one for each source and target.

    Examples
    --------
    >>> from crmwidget.shown import Paint
    >>> often, rarely = Ghost("a", "b", Paint(text="9"), "Often."), Ghost("a", "b", Paint(text="5"), "Rarely.")
    >>> [ghost.sentence for ghost in ghosts_of([often, rarely])]
    ['Often.']
    """
    found: dict[tuple[str, str], Ghost] = {}
    for ghost in ghosts:
        found.setdefault((ghost.source, ghost.target), ghost)
    return list(found.values())[:MOST]
