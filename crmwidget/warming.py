"""In a notebook's kernel: loads what the first map needs once the cell that imports the package has ended."""

from __future__ import annotations

import asyncio
from importlib import import_module

__all__ = ["load_when_idle"]

_NEEDED = ("crmwidget.crm_map", "anywidget", "crmwidget.widget", "crmwidget.view_commands")


def load_when_idle() -> None:
    """Load it in the loop's next turns, while nobody waits: the first map is not the one that pays for it."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no cell is running
        return
    loop.call_soon(_load, loop, _NEEDED)


def _load(loop: asyncio.AbstractEventLoop, modules: tuple[str, ...]) -> None:
    first, *rest = modules
    import_module(first)
    if rest:  # in a turn of its own: a cell that has come meanwhile runs first
        loop.call_soon(_load, loop, tuple(rest))
