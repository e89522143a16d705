"""One library's view of one graph in one notebook: shown, moved, edited and listened to, each step timed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error

from benchmarks import graphs
from benchmarks.measuring import quantile
from benchmarks.peers_adapters import ANCHOR_COLOUR, MARK_COLOUR, OURS, Library
from benchmarks.peers_page import centres, wants

__all__ = ["LIMIT_S", "Answer", "Trial", "cells"]

LIMIT_S = 60  # to first paint; a notebook that shows nothing for a minute is taken for broken
ANSWER_S = 30  # for one edit, one drop, or a view to come to rest
GESTURE_S = 15  # a page that takes longer for the moves of one gesture has shown what it can
MOVES = 60
END = (60.0, 40.0)  # where a gesture ends, from where it began: far enough to be told from standing still

SETUP = """
import asyncio, math, time
from benchmarks import graphs
start = time.perf_counter()
{imports}
imported = (time.perf_counter() - start) * 1000
g = graphs.placed_graph({n})
mark, anchor = {mark!r}, {anchor!r}
colours = {{mark: {mark_colour!r}, anchor: {anchor_colour!r}}}
size = max(45.0, {rows} * graphs.ROW / 56)  # ten pixels where the whole graph fits into the view
told, made = [], {{}}
"""
# Not in the cell's own run: only what the edit itself costs is between its start and its picture.
EDIT = """
def edit(label={label!r}):
    made[label] = time.time() * 1000
    {rename}
asyncio.get_running_loop().call_later(0.1, edit)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one measure gave: values, or a word that says why there are none, and the reason behind it."""

    values: tuple[float, ...] = ()
    word: str = ""
    why: str = ""


def landmarks(n: int) -> tuple[str, str]:
    """The node in the middle, and one in the upper left quarter."""
    columns = graphs.columns(n)
    rows = math.ceil(n / columns)
    return graphs.node(rows // 2 * columns + columns // 2), graphs.node(rows // 4 * columns + columns // 4)


def css(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def cells(library: Library, n: int) -> list[str]:
    """The notebook: what is there before the clock starts, and the cell that is measured."""
    mark, anchor = landmarks(n)
    setup = SETUP.format(
        imports=library.imports,
        n=n,
        mark=mark,
        anchor=anchor,
        mark_colour=css(MARK_COLOUR),
        anchor_colour=css(ANCHOR_COLOUR),
        rows=math.ceil(n / graphs.columns(n)),
    )
    return [setup.strip(), library.show.strip()]


class Trial:
    """The steps, in the order in which they have to be taken."""

    def __init__(self, notebook: Any, library: Library, n: int, *, repeats: int) -> None:
        self.notebook, self.page, self.library, self.n, self.repeats = notebook, notebook.page, library, n, repeats
        self.mark, self.anchor = landmarks(n)

    def imported(self) -> Answer:
        """The first cell, and what importing the library took of it."""
        self.notebook.run(0)
        return Answer((self.notebook.value("imported"),))

    def shown(self) -> dict[str, Answer] | None:
        """First paint and what it took; None if there was none in time."""
        flows = int(graphs.FLOWS_A_NODE * self.n)
        wants(self.page, self.library.view, n=self.n, flows=flows, mark=self.mark)
        self.page.evaluate("() => { __bench.paint(1, __peers.painting()).then((seen) => { __peers.first = seen; }); }")
        try:
            self.page.wait_for_function("() => __peers.first", timeout=LIMIT_S * 1_000)
            self.page.wait_for_function("() => __lab.finished", timeout=LIMIT_S * 1_000)
        except Error:
            return None
        first = self.page.evaluate("() => __peers.first")
        self.page.evaluate("() => __peers.look().element.scrollIntoView({ block: 'center' })")
        return {
            "paint": Answer((first["ms"],)),
            "bytes": Answer((first["bytes"] / 1_000,)),
            "messages": Answer((float(first["messages"]),)),
        }

    def error(self) -> str:
        """What the cell raised, as far as the page still answers."""
        try:
            told = self.page.wait_for_function("() => [__lab.text(1)]", timeout=ANSWER_S * 1_000).json_value()
        except Error:
            return ""
        return str(told[0].partition("ERROR ")[2].strip())

    def worked(self) -> dict[str, Answer]:
        """Everything that is done with a view that is there; one step that fails leaves the others."""
        steps = {"pan": self.pan, "drag": self.drag, "edit": self.edit, "drop": self.drop}
        return {name: self._attempt(step) for name, step in steps.items()}

    def _attempt(self, step: Callable[[], Answer]) -> Answer:
        try:
            return step()
        except (Error, AssertionError, RuntimeError) as error:
            return Answer(word="failed", why=(str(error).splitlines() or [repr(error)])[0])

    # ---- where things are ----------------------------------------------------------------------------

    def places(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where the two landmarks are on the page, once they stand still. A peer's are found by their colours."""
        before = None
        end = time.monotonic() + ANSWER_S
        while time.monotonic() < end:
            if self.library is OURS:
                view = self.notebook.view()
                now = [view.at(self.mark), view.at(self.anchor)]
            else:
                now = centres(self.page, [MARK_COLOUR, ANCHOR_COLOUR])
            if None not in now and now == before:
                return now[0], now[1]
            before = now
        was = "not both to be seen" if before is None or None in before else "still moving"
        raise RuntimeError(f"after {ANSWER_S} s the two coloured nodes were {was}")

    def _margin(self) -> tuple[float, float]:
        """A place where no node is: the whole graph fits into the view by its height, so that its sides are empty."""
        box = self.page.evaluate("() => __peers.box()")
        return box["x"] + 0.1 * box["width"], box["y"] + 0.5 * box["height"]

    # ---- moving --------------------------------------------------------------------------------------

    def _frames(self, start: tuple[float, float]) -> float:
        """p95 of the intervals between frames while the pointer carries what is at `start` in a loop and a bit on."""
        mouse = self.page.mouse
        mouse.move(*start)
        self.page.evaluate("() => __bench.start(() => 0)")
        mouse.down()
        end = time.monotonic() + GESTURE_S
        for i in range(1, MOVES):
            share = i / MOVES
            bow = math.sin(math.pi * share)
            mouse.move(start[0] + END[0] * share + 150 * bow, start[1] + END[1] * share + 90 * bow)
            if time.monotonic() > end:
                break
        mouse.move(start[0] + END[0], start[1] + END[1])
        mouse.up()
        seen = self.page.evaluate("() => __bench.stop()")
        mouse.move(*self._margin())
        return quantile(seen["intervals"], 0.95)

    def _moved(self, start: tuple[float, float]) -> tuple[float, bool, bool]:
        """The frames of one gesture; whether the marked node has moved by it, and whether the other one has."""
        before = self.places()
        p95 = self._frames(start)
        mark, anchor = (math.dist(was, now) > 10 for was, now in zip(before, self.places(), strict=True))
        return p95, mark, anchor

    def pan(self) -> Answer:
        p95, mark, anchor = self._moved(self._margin())
        if not (mark and anchor):
            raise RuntimeError("a drag on the empty canvas did not move the view")
        return Answer((p95,))

    def drag(self) -> Answer:
        """It is tried with every library: that it cannot is seen, not believed."""
        p95, mark, anchor = self._moved(self.places()[0])
        if mark and not anchor:
            return Answer((p95,))
        why = self.library.cannot.get("drag")
        if why:
            return Answer(word="cannot", why=why)
        raise RuntimeError("a drag on the node moved the view" if anchor else "a drag on the node moved nothing")

    # ---- in step with Python -------------------------------------------------------------------------

    def edit(self) -> Answer:
        if not self.library.rename:
            return Answer(word="cannot", why=self.library.cannot["rename"])
        self.page.evaluate("() => __peers.watch()")
        labels = [f"Renamed {i}" for i in range(self.repeats)]
        for label in labels:
            self.notebook.kernel(EDIT.format(label=label, rename=self.library.rename))
            self.page.wait_for_function("label => __peers.painted[label]", arg=label, timeout=ANSWER_S * 1_000)
        made, seen = self.notebook.value("made"), self.page.evaluate("() => __peers.painted")
        return Answer(tuple(seen[label] - made[label] for label in labels))

    def drop(self) -> Answer:
        if not self.library.listen:
            return Answer(word="cannot", why=self.library.cannot["listen"])
        self.notebook.kernel(self.library.listen)
        x, y = self.places()[0]
        self.page.mouse.move(x, y)
        taken = []
        for i in range(self.repeats):
            step = 24 if i % 2 else -24  # to and fro: it must not wander under a panel
            self.page.evaluate("() => { __bench.drops = []; }")
            self.page.mouse.down()
            x, y = x + step, y + step
            self.page.mouse.move(x, y, steps=4)
            self.page.mouse.up()
            heard = self._heard(i)
            taken.append(heard - self.page.evaluate("() => __bench.drops[0]"))
        return Answer(tuple(taken))

    def _heard(self, already: int) -> float:
        """When Python heard of the drop; it hears in the order of sending, so that asking comes after hearing."""
        end = time.monotonic() + ANSWER_S
        while time.monotonic() < end:
            told: list[float] = self.notebook.value("told")
            if len(told) > already:
                return told[already]
        raise RuntimeError(f"Python did not hear of a drop within {ANSWER_S} s")
