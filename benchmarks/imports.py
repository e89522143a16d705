"""Claim: `import crmwidget` costs at most 1.2 times what `import anywidget, networkx` costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from benchmarks.measuring import Measure, against

PEER = "import anywidget, networkx"
OURS = {
    "import crmwidget": "import crmwidget",
    "… and the first CrmMap": "import crmwidget; crmwidget.CrmMap('a')",
    "… and its first widget": "import crmwidget; crmwidget.CrmMap('a').widget",
}
WHOLE_PEER = "import anywidget, networkx, pandas, narwhals, msgspec"


def seconds(statement: str) -> float:
    """Milliseconds of `statement` in a fresh interpreter, without the interpreter's own start."""
    code = f"import time; start = time.perf_counter(); {statement}; print((time.perf_counter() - start) * 1_000)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def interleaved(statements: Sequence[str], repeats: int) -> dict[str, list[float]]:
    """All statements in turn, again and again, so that a busy moment of the machine hits each alike."""
    for statement in statements:
        seconds(statement)  # byte code is written, files are in the page cache
    taken: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(repeats):
        for statement in statements:
            taken[statement].append(seconds(statement))
    return taken


def run(*, quick: bool) -> list[Measure]:
    taken = interleaved([*OURS.values(), PEER, WHOLE_PEER], 4 if quick else 9)
    measures = []
    for name, statement in OURS.items():
        if name == "import crmwidget":
            measures.append(against(name, taken[statement], taken[PEER], "ms", PEER, allowed=1.2))
        else:
            peer = "its dependencies"
            measures.append(against(name, taken[statement], taken[WHOLE_PEER], "ms", peer, allowed=None))
    return measures
