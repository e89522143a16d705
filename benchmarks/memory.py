"""Claim: however long a map is edited and however often it is shown, neither the page nor the kernel grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.canvas import jupyterlab, load_lab
from benchmarks.canvas_page import heap_megabytes
from benchmarks.measuring import Measure

NODES = 200
GROWTH = 1.10  # of what is kept once the work has gone on for a while and the history is full
BATCH = 50  # edits under way at once
STEPS = 1_000  # that the history keeps, and so what the edits begin with

MAKE = f"import tracemalloc; tracemalloc.start(); from benchmarks import maps; m = maps.crm_map({NODES})"
KEPT = "(__import__('gc').collect(), tracemalloc.get_traced_memory()[0] / 1e6, len(__import__('gc').get_objects()))[1:]"
EDIT = """(() => { for (let i = arg[0]; i < arg[1]; i++) {
  const id = `stage_${i % 200}`, place = {x: i, y: -i, pinned: true};
  v.store.edit('Move', [{at: ['position', 'lifecycle', id], set: place}]);
} })()"""
SHOWN_ANEW = """() => { const e = __lab.views()[0];
  return e && e !== window.__before && e.__crmwidget?.surface.painted > 0; }"""


def edits(notebook: Any, start: int, end: int) -> None:
    view = notebook.view()
    for i in range(start, end, BATCH):
        view.js(EDIT, [i, min(end, i + BATCH)])
        view.settled()


def displays(notebook: Any, start: int, end: int) -> None:
    for _ in range(start, end):
        notebook.page.evaluate("() => { window.__before = __lab.views()[0]; }")
        notebook.run(1)
        notebook.page.wait_for_function(SHOWN_ANEW)
    notebook.page.evaluate("() => { window.__before = null; }")


def growth(
    notebook: Any, name: str, work: Callable[[Any, int, int], None], *, first: int, last: int
) -> Iterator[Measure]:
    work(notebook, 0, first)
    before = [heap_megabytes(notebook.page), *notebook.value(KEPT)]
    work(notebook, first, last)
    after = [heap_megabytes(notebook.page), *notebook.value(KEPT)]
    kept = ("page's heap", "MB"), ("kernel's traced memory", "MB"), ("kernel's objects", "")
    for (what, unit), now, then in zip(kept, after, before, strict=True):
        yield Measure(f"{what} after {last:,} {name}", (now,), unit, then, f"after {first:,}", GROWTH)


def run(*, quick: bool) -> Iterator[Measure]:
    lab = load_lab()
    with jupyterlab(lab) as (server, browser), lab.page_of(browser) as (_, page):
        server.write("memory.ipynb", [MAKE, "m"])
        notebook = lab.Notebook(page, server, "memory.ipynb").open()
        notebook.run_all(2)
        yield from growth(notebook, "displays", displays, first=20, last=60 if quick else 200)
        yield from growth(notebook, "edits", edits, first=STEPS, last=2_000 if quick else 10_000)
