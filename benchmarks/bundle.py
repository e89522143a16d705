"""Claim: the canvas, with everything in it, is one script of at most 150 kB minified."""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.measuring import Measure
from crmwidget.widget import BUNDLE

LIMIT_BYTES = 150_000
KB = 1_000


def run(*, quick: bool) -> list[Measure]:
    script = Path(BUNDLE).read_bytes()
    return [
        Measure("bundle, as it is sent with every widget", (len(script) / KB,), "kB", LIMIT_BYTES / KB),
        Measure("bundle, gzip", (len(gzip.compress(script, 9, mtime=0)) / KB,), "kB"),
    ]
