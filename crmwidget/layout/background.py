"""A layout in a process of its own, which can be cancelled: for maps that would hold up the notebook."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import arrange
from crmwidget.layout.problem import lane_name
from crmwidget.vocabulary import DEFAULT_LENS

__all__ = ["Job", "arrange_in_background"]

Centres = dict[str, tuple[float, float]]

# The child sees what this process sees, wherever it was started, and never what lies beside the notebook ("").
_CHILD = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from crmwidget.layout.background import main; main()"


class Job:
    """A layout on its way.

    `on_done` or `on_error` is called once, from a thread of the job's own, never after `cancel()` gave True.
    """

    def __init__(
        self, request: str, on_done: Callable[[Centres], object], on_error: Callable[[str], object] | None
    ) -> None:
        self._on_done, self._on_error = on_done, on_error
        self._lock = threading.Lock()
        self._settled = False
        self._ended = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CHILD, json.dumps([path for path in sys.path if path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        atexit.register(self._kill)
        threading.Thread(target=self._run, args=(request,), name="crmwidget-layout", daemon=True).start()

    @property
    def is_running(self) -> bool:
        """Whether an answer may still come."""
        return not self._settled

    def cancel(self) -> bool:
        """Stop the layout; True if its answer will not come, False if it had come already."""
        if not self._settle():
            return False
        self._kill()
        return True

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the job has ended and its callback has returned; False if that took longer than `timeout_s`."""
        return self._ended.wait(timeout_s)

    def _settle(self) -> bool:
        with self._lock:
            first, self._settled = not self._settled, True
            return first

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def _run(self, request: str) -> None:
        try:
            answer, complaint = self._process.communicate(request)
            atexit.unregister(self._kill)
            if not self._settle():
                return
            if self._process.returncode == 0:
                self._on_done({node: (x, y) for node, (x, y) in json.loads(answer).items()})
            elif self._on_error is not None:
                last_line = (complaint.strip().splitlines() or [f"exit status {self._process.returncode}"])[-1]
                self._on_error(f"the layout did not finish: {last_line}")
        finally:
            self._ended.set()


def arrange_in_background(
    elements: Elements,
    *,
    lens: str | None = None,
    only_missing: bool = False,
    unpin: bool = False,
    on_done: Callable[[Centres], object],
    on_error: Callable[[str], object] | None = None,
) -> Job:
    """`arrange` in a process of its own.

    Only ids, kinds, parents, flows, lanes and positions go there, as JSON over pipes; no file is written and nothing of
    the notebook is imported.

    Parameters
    ----------
    elements, lens, only_missing, unpin
        As for `arrange`. `elements` is read before this function returns.
    on_done
        Called with the centres, from another thread.
    on_error
        Called with a sentence, from another thread, when the process fails.

    Returns
    -------
    Job
        With `cancel()`, `wait()` and `is_running`.
    """
    lens = lens or str(elements.attributes.get("lens") or DEFAULT_LENS)
    lanes = elements.attributes.get("lanes")
    attribute = lanes if isinstance(lanes, str) and lanes else None
    request = {
        "lens": lens,
        "only_missing": only_missing,
        "unpin": unpin,
        "has_lanes": attribute is not None,
        "nodes": {
            node: {
                "kind": attributes.get("kind"),
                "lane": lane_name(attributes.get(attribute)) if attribute else "",
                "parent": attributes.get("parent"),
                "collapsed": attributes.get("collapsed") is True,
            }
            for node, attributes in elements.nodes.items()
        },
        "flows": [[flow["source"], flow["target"]] for flow in elements.flows.values()],
        "positions": {node: dict(position) for node, position in elements.positions.get(lens, {}).items()},
    }
    return Job(json.dumps(request), on_done, on_error)


def main() -> None:
    """The child process: a request on standard input, centres on standard output."""
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    elements = Elements(
        attributes={"name": "", "lanes": "lane"} if request["has_lanes"] else {"name": ""},
        nodes={node: {"label": node, **attributes} for node, attributes in request["nodes"].items()},
        flows={str(n): {"source": a, "target": b, "kind": "flow"} for n, (a, b) in enumerate(request["flows"])},
        positions={request["lens"]: request["positions"]},
    )
    centres = arrange(elements, lens=request["lens"], only_missing=request["only_missing"], unpin=request["unpin"])
    sys.stdout.write(json.dumps(centres))


if __name__ == "__main__":
    main()
