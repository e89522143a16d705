"""Claim: of the graph widgets for JupyterLab, crmwidget alone shows, moves and edits a graph at every size to 10 000.

A graph of 1.5 labelled edges a node, every node with its place, is shown by crmwidget and by each peer that is
installed (ipycytoscape, ipysigma, pyvis, yfiles_jupyter_graphs): each in a notebook of its own, in one JupyterLab and
one Chromium that draws in software, which is hardest on those that draw with WebGL (ipysigma, yfiles_jupyter_graphs).
The clock starts when the cell runs that makes the widget and shows it, its imports not counted, and stops with the
frame in which all nodes and edges are painted. Then, with the whole graph in view, the view is panned and one node is
dragged, renamed from Python, and dropped. All take their turn in each of three rounds; figures are medians over the
rounds, and "3×" is three times what crmwidget took in the same run.

Bytes and messages are those of the kernel's websocket: crmwidget's script travels on it with the widget, and pyvis's
with its page; the scripts of the others come by HTTP and are not counted.

What does not paint within a minute, or has no way to do a thing, stands in the tables as that. A run takes more than
half an hour, so `make bench` leaves it out and `make bench ARGS=peers` runs it; with `--quick` it is one round at 100
and 1 000 nodes.
"""

from __future__ import annotations

import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser

from benchmarks.canvas import jupyterlab, load_lab
from benchmarks.measuring import Measure, Table, figure
from benchmarks.peers_adapters import LIBRARIES, OURS, Library
from benchmarks.peers_page import install
from benchmarks.peers_trial import LIMIT_S, Answer, Trial, cells

SIZES = (100, 1_000, 5_000, 10_000)
ROUNDS = 3
NOT_PAINTED = "not painted"
INSTALL = ".venv/bin/python -m pip install --constraint constraints.txt --group peers"
QUESTIONS = {
    "import": ("Importing what is needed, where networkx is already", "ms"),
    "paint": ("First paint after the cell runs", "ms"),
    "bytes": ("Bytes on the websocket to first paint", "kB"),
    "messages": ("Messages on the websocket to first paint", ""),
    "pan": ("Panning the whole graph: p95 frame", "ms"),
    "drag": ("Dragging one node: p95 frame", "ms"),
    "edit": ("A node renamed in Python → painted", "ms"),
    "drop": ("A dragged node dropped → Python has heard", "ms"),
}


@dataclass(frozen=True, slots=True)
class Seen(Measure):
    """One library's answer to one question at one size."""

    question: str = ""
    library: str = ""
    n: int = 0
    word: str = ""
    why: str = ""


def missing() -> list[str]:
    return [library.name for library in LIBRARIES if library.version is None]


def advice() -> str:
    """What is not measured because it is not there, and how it comes here."""
    return f"Not installed, so not measured: {', '.join(missing())}. `{INSTALL}` installs them." if missing() else ""


def trial(
    lab: ModuleType, server: Any, browser: Browser, library: Library, n: int, *, repeats: int
) -> dict[str, Answer]:
    """All questions to one library at one size; a view that never came answers only what it took to import it."""
    log = Path(server.folder / "server.log")
    before = log.stat().st_size
    name = f"{library.name}-{n}.ipynb"
    server.write(name, cells(library, n))
    try:
        with lab.page_of(browser) as (_, page):
            notebook = lab.Notebook(page, server, name)
            install(page)
            asked = Trial(notebook.open(), library, n, repeats=repeats)
            imported = {"import": asked.imported()}
            shown = asked.shown()
            if shown is not None:
                return {**imported, **shown, **asked.worked()}
            why = asked.error()
    finally:
        server.shut_kernels()
    if not why:
        why = f"no picture of all nodes and edges within {LIMIT_S} s"
        if b"rate exceeded" in log.read_bytes()[before:]:
            why += "; Jupyter dropped messages, as they came faster than its limit allows"
    return {**dict.fromkeys(QUESTIONS, Answer(word=NOT_PAINTED, why=why)), **imported}


def merged(rounds: Sequence[Answer]) -> Answer:
    """All values that there are; a round without any takes none away from the others, and is told."""
    values = tuple(value for answer in rounds for value in answer.values)
    failures = [answer for answer in rounds if not answer.values]
    if not values or not failures:
        return Answer(values, rounds[0].word, rounds[0].why)
    word = f"({len(rounds) - len(failures)} of {len(rounds)} rounds)"
    return Answer(values, word, f"{failures[0].word} in the others, {failures[0].why}")


def run(*, quick: bool) -> Iterator[Measure]:
    here = [library for library in LIBRARIES if library.version is not None]
    if missing():
        print(advice(), file=sys.stderr)
    if here == [OURS]:
        return  # there is nobody to be measured against
    lab = load_lab()
    with jupyterlab(lab) as (server, browser):
        for n in SIZES[:2] if quick else SIZES:
            found: dict[tuple[str, str], list[Answer]] = defaultdict(list)
            hopeless: set[str] = set()
            for _ in range(1 if quick else ROUNDS):
                for library in here:
                    if library.name in hopeless:
                        continue
                    given = trial(lab, server, browser, library, n, repeats=5 if quick else 10)
                    paint = given["paint"]
                    if not paint.values:
                        hopeless.add(library.name)
                    told = figure(paint.values[0], "ms") if paint.values else f"{paint.word}: {paint.why}"
                    print(f"{library.name} at {n:,}: {told}", file=sys.stderr, flush=True)
                    for question in QUESTIONS:
                        found[question, library.name].append(given[question])
            yield from measures(n, {key: merged(rounds) for key, rounds in found.items()})


def measures(n: int, found: dict[tuple[str, str], Answer]) -> Iterator[Seen]:
    """Each answer, with crmwidget's as its reference."""
    for (question, library), answer in found.items():
        title, unit = QUESTIONS[question]
        ours = found[question, OURS.name].values
        yield Seen(
            f"{title}, {library} at {n:,}",
            answer.values,
            unit,
            reference=statistics.median(ours) if ours and library != OURS.name else None,
            peer=OURS.name,
            allowed=None,
            question=question,
            library=library,
            n=n,
            word=answer.word,
            why=answer.why,
        )


def cell(seen: Seen) -> str:
    """A figure and its ratio, or the word for there being none."""
    if not seen.values:
        return seen.word
    ratio = "" if seen.ratio is None else f" · {seen.ratio:.2g}×" if seen.ratio < 10 else f" · {seen.ratio:,.0f}×"
    return f"{figure(seen.median, seen.unit)}{ratio} {seen.word}".rstrip()


def listed(sizes: Sequence[int]) -> str:
    return " / ".join(f"{n:,}" for n in sizes)


def tables(found: Sequence[Measure]) -> list[Table]:
    """One table a question: a row a library, a column a size, and under it why something has no figure."""
    seen = [measure for measure in found if isinstance(measure, Seen)]
    sizes = sorted({one.n for one in seen})
    made = []
    for question, (title, _) in QUESTIONS.items():
        by_library: dict[str, dict[int, Seen]] = defaultdict(dict)
        reasons: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for one in seen:
            if one.question == question:
                by_library[one.library][one.n] = one
                if one.why and (one.word != NOT_PAINTED or question == "paint"):  # once is enough
                    reasons[one.library, one.word, one.why].append(one.n)
        rows = [[name, *(cell(at[n]) if n in at else "" for n in sizes)] for name, at in by_library.items()]
        notes = [
            f"{library}, {word}{'' if at == sizes else f' at {listed(at)}'}: {why}"
            for (library, word, why), at in reasons.items()
        ]
        made.append(Table(title, ("", *(f"{n:,} nodes" for n in sizes)), rows, (0,), tuple(notes)))
    return made
