"""How a bar writes the name of an attribute."""

from __future__ import annotations

__all__ = ["field_title"]


def field_title(name: str) -> str:
    """An attribute's name as a bar writes it.

    Examples
    --------
    >>> field_title("deal_size")
    'Deal size'
    """
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
