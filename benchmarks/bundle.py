"""Claim: the canvas, with everything in it, travels as one script of at most 150 kB, and is unpacked in no time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.measuring import Measure, against
from crmwidget.widget import BUNDLE

ROOT = Path(__file__).resolve().parent.parent
PLAIN = ROOT / "build" / "widget.plain.js"
LIMIT_BYTES = 150_000
KB = 1_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# As anywidget does it: from a text to a module.
LOAD = """async (script) => {
    const start = performance.now();
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    await import(url);
    URL.revokeObjectURL(url);
    return performance.now() - start;
}"""


def run(*, quick: bool) -> list[Measure]:
    subprocess.run(
        [sys.executable, "hatch_build.py", "npm", "run", "build", "--", "--plain"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    packed, plain = Path(BUNDLE).read_text("utf-8"), PLAIN.read_text("utf-8")
    times = loading({"packed": packed, "plain": plain}, 7 if quick else 25)
    return [
        Measure("bundle, as it is sent with every widget", (len(packed.encode()) / KB,), "kB", LIMIT_BYTES / KB),
        Measure("… unpacked", (len(plain.encode()) / KB,), "kB"),
        against("loading it in a page", times["packed"], times["plain"], "ms", "plain", allowed=None),
    ]


def loading(scripts: dict[str, str], repeats: int) -> dict[str, list[float]]:
    """Milliseconds from text to module, the scripts in turn, each time in a page that has not loaded any yet."""
    chromium = os.environ.get("CRMWIDGET_CHROMIUM") or shutil.which("chromium")
    times: dict[str, list[float]] = {name: [] for name in scripts}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        for _ in range(repeats):
            for name, script in scripts.items():
                page = browser.new_page()
                times[name].append(page.evaluate(LOAD, script))
                page.close()
        browser.close()
    return times
