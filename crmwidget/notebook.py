"""The notebook's side of time: what a cell is, and how work gets to the main thread's event loop."""

from __future__ import annotations

import asyncio
import getpass
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakSet

from crmwidget.graph.model import MapModel

__all__ = ["follow_cells", "has_front_end", "main_loop", "on_main_thread", "publish", "shell", "user_name"]

_LIVE: WeakSet[MapModel] = WeakSet()
_FOLLOWED: WeakSet[Any] = WeakSet()
_NOBODY = ("jovyan", "root")  # whom containers run as


def shell() -> Any | None:
    """The running IPython shell, None outside of one."""
    try:
        from IPython import get_ipython  # an optional guest: scripts do without
    except ImportError:
        return None
    return get_ipython()


def has_front_end() -> bool:
    """Whether this is the kernel of a notebook or the like, which shows more than text."""
    return getattr(shell(), "kernel", None) is not None


def publish(
    data: Mapping[str, Any],
    *,
    metadata: Mapping[str, Any] | None = None,
    display_id: str = "",
    update: bool = False,
) -> None:
    """Put out one output of a cell, or with `update` put this in the place of all that have the `display_id`."""
    ip = shell()
    if ip is not None:
        transient = {"display_id": display_id} if display_id else {}
        ip.display_pub.publish(dict(data), dict(metadata or {}), transient=transient, update=update)


def follow_cells(model: MapModel) -> None:
    """Make each cell one step of undo for `model`, committed at the latest when the cell ends."""
    ip = shell()
    if ip is None:
        return
    _LIVE.add(model)
    model.history.begin_cell()
    if ip not in _FOLLOWED:
        _FOLLOWED.add(ip)
        ip.events.register("pre_run_cell", _cell_begins)
        ip.events.register("post_run_cell", _cell_ends)


def _cell_begins(*_: object) -> None:
    for model in list(_LIVE):
        model.flush_quietly()
        model.history.begin_cell()


def _cell_ends(*_: object) -> None:
    for model in list(_LIVE):
        model.flush_quietly()
        model.history.end_cell()
        if model.at_cell_end is not None:
            model.at_cell_end()


def main_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs on this thread, None if there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def on_main_thread(loop: asyncio.AbstractEventLoop | None, work: Callable[[], None]) -> None:
    """Do `work` now if this is the main thread, else hand it to the main thread's `loop`.

    After a page reload JupyterLab may route a widget's messages to a subshell's thread of the kernel. Taken there, they
    would change the graph in the middle of a running cell.
    """
    if threading.current_thread() is threading.main_thread() or loop is None or loop.is_closed():
        work()
    else:
        loop.call_soon_threadsafe(work)


def user_name() -> str:
    """Who works here: the user of JupyterHub, else of the system; empty where neither says."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (ImportError, KeyError, OSError):  # no such variable, and no entry for the process's user
        return ""
    return name if name not in _NOBODY and name.isprintable() else ""
