"""Take the pictures of the README: the example notebook's map with its painted answer, in a real JupyterLab.

`python scripts/pictures.py` writes docs/pictures/map-light.png and map-dark.png.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import chromium  # noqa: E402
from lab import FLAGS, Notebook, Server, page_of  # noqa: E402

NOTEBOOK = ROOT / "example_notebooks" / "01_first_map.ipynb"
TARGET = ROOT / "docs" / "pictures"


def cells() -> list[str]:
    """The example's code up to the painted answer, as one cell, and the map alone in another."""
    sources = [c.source for c in nbformat.read(NOTEBOOK, 4).cells if c.cell_type == "code"]
    upto = next(i for i, source in enumerate(sources) if "answer.show()" in source)
    code = "\n".join(sources[: upto + 1])
    lines = [line for line in code.splitlines() if line not in ("m", "m.tables", "deals.head(3)")]
    return ["\n".join([*lines, "m.widget.height = 720", "None"]), "m"]


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    server = Server(Path(tempfile.mkdtemp()))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with page_of(browser, device_scale_factor=2) as (_, page):
                server.write("picture.ipynb", cells())
                notebook = Notebook(page, server, "picture.ipynb").open()
                notebook.run_all(2)
                view = notebook.view()
                for theme in ("light", "dark"):
                    notebook.kernel(f"m.widget.theme = {theme!r}")
                    view.until("v.view.root.isConnected")
                    view.show()
                    view.js("v.view.flush()")
                    path = TARGET / f"map-{theme}.png"
                    view.host.screenshot(path=str(path))
                    print(f"{path}: {path.stat().st_size:,} bytes")
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
