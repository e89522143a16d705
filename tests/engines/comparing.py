"""Whether two engines said the same."""

from __future__ import annotations

from typing import Any

import pytest

__all__ = ["same"]


def same(ours: Any, theirs: Any, place: str = "") -> None:
    """Equal to the last row and in order; floats to a billionth or a millionth, which of seconds is a microsecond."""
    if isinstance(theirs, dict):
        assert isinstance(ours, dict) and list(ours) == list(theirs), place
        for key in theirs:
            same(ours[key], theirs[key], f"{place}.{key}")
    elif isinstance(theirs, list | tuple):
        assert len(ours) == len(theirs), place
        for i, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            same(mine, other, f"{place}[{i}]")
    elif isinstance(theirs, float) and ours is not None:
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1.01e-6), place
    else:
        assert ours == theirs, f"{place}: {ours!r} is not {theirs!r}"
