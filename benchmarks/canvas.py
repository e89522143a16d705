"""Claim: in a real JupyterLab a map is there at once, moves at 60 frames a second, and is in step with Python."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import maps
from benchmarks.canvas_page import heap_megabytes, install
from benchmarks.measuring import Measure, quantile

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAINT_MS = {100: 300.0, 5_000: 700.0}
FRAME_MS = 17.0
SHOWN_MS = 30.0
DROP_MS = 10.0
LEAST_SIGHTS = 10  # of camera and card in one run of frames: fewer, and nothing has moved
WORKED_AT = (100, 1_000, 10_000)  # sizes at which the map is also moved and edited

IMPORT = "from benchmarks import maps; import asyncio, time, crmwidget as crm; m = None"
BUILD = "m and m.widget.close(); m = maps.crm_map({n})"
# Edits of Python, with a pause between two that is no multiple of a frame; and what Python hears of edits in the view.
LISTEN = """
told = []
m.on_change(lambda event: told.append((event.origin, time.time() * 1000)))
"""
EDITS = """
made = {{}}
async def edit(n):
    for i in range(n):
        await asyncio.sleep(0.101)
        start = time.time() * 1000
        {change}
        m.flush()
        made[m.widget.session.seq] = start
edits = asyncio.get_running_loop().create_task(edit({repeats}))
"""
RENAME = "m.graph.nodes[maps.node({middle} + i % 3)]['label'] = f'Renamed {{i}}'"
ADD = "m.graph.add_node(f'late_{{i}}', label=f'Late {{i}}'); m.graph.add_edge(maps.node({middle}), f'late_{{i}}')"


def load_lab() -> ModuleType:
    """The tests' driver of JupyterLab."""
    spec = importlib.util.spec_from_file_location("lab", ROOT / "tests" / "browser" / "lab.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["lab"] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def jupyterlab(lab: ModuleType) -> Iterator[tuple[Any, Browser]]:
    """A server whose kernels find the checkout, and a browser."""
    chromium = os.environ.get("CRMWIDGET_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    with tempfile.TemporaryDirectory(prefix="crmwidget-bench-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=lab.FLAGS)
        try:
            server = lab.Server(Path(folder))
            try:
                yield server, browser
            finally:
                server.shut_kernels()
                server.stop()
        finally:
            browser.close()


class Shown:
    """One notebook with a map of n stages, measured step by step."""

    def __init__(self, notebook: Any, view_of: Callable[[], Any], n: int, *, quick: bool) -> None:
        self.notebook, self.page, self.n, self.quick = notebook, notebook.page, n, quick
        self._view_of = view_of
        self.measures: list[Measure] = []

    def tell(self, name: str, values: list[float], unit: str, limit: float | None = None) -> None:
        is_main = self.n in (*FIRST_PAINT_MS, WORKED_AT[-1])
        self.measures.append(Measure(f"{name} at {self.n:,}", tuple(values), unit, limit, is_main=is_main))

    # ---- the first picture ---------------------------------------------------------------------------

    def first_paints(self, repeats: int) -> None:
        self.notebook.run(0)
        before = heap_megabytes(self.page)
        seen = []
        for i in range(repeats + 1):
            self.notebook.run(1)
            seen.append(self.page.evaluate("() => __bench.paint(2)"))
            self.page.wait_for_function("() => __lab.finished")
            self._await_layout()
            if i == 0:
                heap = heap_megabytes(self.page) - before
        first, later = seen[0], seen[1:]
        limit = FIRST_PAINT_MS.get(self.n)
        self.tell("first paint of a kernel's first map", [first["ms"]], "ms", limit)
        self.tell("first paint of a further map", [s["ms"] for s in later], "ms", limit)
        self.tell("… of which until the view is made", [s["mounted"] for s in later], "ms")
        self.tell("bytes on the websocket to first paint", [s["bytes"] / 1_000 for s in later], "kB")
        self.tell("messages to first paint", [float(s["messages"]) for s in later], "")
        self.tell("page's heap after load, over an empty notebook", [heap], "MB")

    def _await_layout(self) -> None:
        """Until the layout of a large map has come from the background, and the view has it."""
        self.notebook.await_value("maps.is_laid_out(m)", True)
        seq = self.notebook.value("m.widget.session.seq")
        self.view.until("v.store.seq >= arg", seq)
        self.view.settled()

    # ---- moving --------------------------------------------------------------------------------------

    @property
    def view(self) -> Any:
        return self._view_of()

    def frames(self, name: str, moves: Callable[[int], None], *, limit: float | None = FRAME_MS) -> None:
        """p95 of the intervals between frames while `moves` goes on; of several runs, the middle one."""
        p95, work = [], []
        for i in range(1 if self.quick else 2):
            self.page.evaluate("id => __bench.start(__bench.sight(id))", self.handle)
            moves(i)
            seen = self.page.evaluate("() => __bench.stop()")
            if limit is not None and seen["sights"] < LEAST_SIGHTS:
                raise RuntimeError(f"{name}: {len(seen['intervals'])} frames, but only {seen['sights']} sights")
            p95.append(quantile(seen["intervals"], 0.95))
            work.append(quantile(seen["work"], 0.95))
        self.tell(f"{name}: p95 frame", p95, "ms", limit)
        self.tell("… p95 of scripts in a frame", work, "ms")

    def moving(self) -> None:
        view, mouse = self.view, self.page.mouse
        view.show()
        steps = 60
        x, y = view.js(
            "(() => { const b = v.surface.element.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )

        def idle(_: int) -> None:
            mouse.move(x, y)
            self.page.wait_for_function("() => __bench.run.intervals.length >= 40")

        def pan(_: int) -> None:
            mouse.move(x, y)
            mouse.down(button="middle")
            for i in range(steps):
                share = 1 - abs(1 - 2 * i / steps)
                mouse.move(x + 180 * share, y + 120 * share)
            mouse.up(button="middle")

        def zoom(_: int) -> None:
            mouse.move(x, y)
            for i in range(steps):
                mouse.wheel(0, -45 if i < steps / 2 else 45)

        def drag(_: int) -> None:
            view.js("v.surface.setState({hover: null})")
            start = view.at(self.handle)
            mouse.move(*start)
            mouse.down()
            for i in range(1, steps):
                mouse.move(start[0] + 150 * i / steps, start[1] + 90 * i / steps)
            mouse.move(*start)
            mouse.up()
            view.settled()

        self.frames("an idle page", idle, limit=None)
        view.js("v.surface.element.focus()")
        fitted = view.js("v.surface.fit() ?? v.surface.camera.k")
        for k in sorted({round(fitted, 3), 1.0} if self.quick else {round(fitted, 3), 0.25, 1.0}):
            zoomed = "the whole map" if k == round(fitted, 3) else f"zoom {k:g}"
            self._look(k)
            self.frames(f"pan, {zoomed}", pan)
            self._look(k)
            self.frames(f"wheel, from {zoomed}", zoom)
            self._look(k)
            self.frames(f"drag a card, {zoomed}", drag)

    @property
    def handle(self) -> str:
        return maps.node(self.n // 2)

    def _look(self, k: float) -> None:
        """The camera on the middle node at zoom k, everything painted."""
        self.view.js(
            "(() => { const p = v.store.positions.get(arg[0]), k = arg[1], e = v.surface.element;"
            " v.surface.setCamera({k, x: e.clientWidth / 2 - p.x * k, y: e.clientHeight / 2 - p.y * k});"
            " v.surface.flush(); })()",
            [self.handle, k],
        )

    # ---- in step with Python ---------------------------------------------------------------------------

    def in_step(self) -> None:
        repeats = 10 if self.quick else 20
        self.page.evaluate("() => __bench.watch()")
        for k, zoomed in ((1.0, "near"), (None, "the whole map")):
            if k is None:
                self.view.js("v.surface.fit() ?? v.surface.flush()")
            else:
                self._look(k)
            self._edits_of_python(f"renamed in Python → painted, {zoomed}", RENAME, repeats)
        self._edits_of_python("added in Python → painted", ADD, repeats // 2)
        self._drops(repeats)

    def _edits_of_python(self, name: str, change: str, repeats: int) -> None:
        self.notebook.kernel(EDITS.format(change=change.format(middle=self.n // 2), repeats=repeats))
        self.notebook.kernel("await edits")
        made = {int(seq): start for seq, start in self.notebook.value("made").items()}
        self.view.until("arg.every(seq => __bench.edits[seq])", list(made))
        seen = {int(seq): times for seq, times in self.page.evaluate("() => __bench.edits").items()}
        self.tell(name, [seen[seq]["painted"] - start for seq, start in made.items()], "ms", SHOWN_MS)
        arrived = [seen[seq]["arrived"] - start for seq, start in made.items()]
        self.tell("… of which until it had arrived", arrived, "ms")

    def _drops(self, repeats: int) -> None:
        view, mouse = self.view, self.page.mouse
        self._look(1.0)
        self.notebook.kernel(LISTEN)
        self.page.evaluate("() => { __bench.drops = []; __bench.sent = []; }")
        for i in range(repeats):
            x, y = view.at(self.handle)
            step = 24 if i % 2 else -24  # to and fro: it must not wander under a panel
            mouse.move(x, y)
            mouse.down()
            mouse.move(x + step, y + step, steps=4)
            mouse.up()
            view.settled()
        drops, sent = self.page.evaluate("() => [__bench.drops, __bench.sent]")
        heard = [when for origin, when in self.notebook.value("told") if origin == "view"]
        if not 0 < len(heard) <= len(drops):
            raise RuntimeError(f"{len(drops)} drops, of which Python heard {len(heard)}")
        # Each drop is settled before the next begins.
        ends = [*drops[1:], float("inf")]
        whole = [when - drop for drop, end in zip(drops, ends, strict=True) for when in heard if drop <= when < end]
        left = [when - drop for drop in drops for when in [next((s for s in sent if s >= drop), None)] if when]
        self.tell("drop → Python", whole, "ms", DROP_MS)
        self.tell("… of which until the page had sent it", left, "ms")


def run(*, quick: bool) -> Iterator[Measure]:
    lab = load_lab()
    with jupyterlab(lab) as (server, browser):
        for n in (100, 5_000, 10_000) if quick else (100, 1_000, 5_000, 10_000):
            with lab.page_of(browser) as (_, page):
                name = f"bench-{n}.ipynb"
                server.write(name, [IMPORT, BUILD.format(n=n), "m"])
                notebook = lab.Notebook(page, server, name)
                install(page)
                shown = Shown(notebook.open(), notebook.view, n, quick=quick)
                shown.first_paints(1 if quick or n > 5_000 else 3)
                if n in WORKED_AT:
                    shown.moving()
                    shown.in_step()
                yield from shown.measures
            server.shut_kernels()
