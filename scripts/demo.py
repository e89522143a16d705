"""Run the first notebook without a browser, say where its outputs lie, then open it in JupyterLab."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "example_notebooks" / "01_first_map.ipynb"
OUTPUT = ROOT / "build" / "demo"


def run_notebook() -> Path:
    """The executed copy; the web page lies beside it, and the notebook in the repository stays as it is."""
    print(f"Running {NOTEBOOK.relative_to(ROOT)} …", flush=True)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    context = {"metadata": {"path": str(NOTEBOOK.parent), "name": NOTEBOOK.stem}}
    # Without the widgets, whose kernel is gone: the pictures beside them are there until the cells are run again.
    NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources=context,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # its warnings are about machines that others can reach into
    ).execute()
    html, _ = HTMLExporter().from_notebook_node(notebook, resources=context)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    executed, page = OUTPUT / NOTEBOOK.name, OUTPUT / f"{NOTEBOOK.stem}.html"
    nbformat.write(notebook, executed)
    page.write_text(html, encoding="utf-8")
    print(f"  executed notebook  {executed.relative_to(ROOT)}")
    print(f"  as a web page      {page.relative_to(ROOT)}  (pictures; run the cells for the canvas)", flush=True)
    return executed


def open_in_lab(executed: Path) -> None:
    """Become a JupyterLab that shows the notebook."""
    # We ran it ourselves, just now: Jupyter may show its outputs.
    NotebookNotary().sign(nbformat.read(executed, as_version=4))
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    print("Starting JupyterLab on it (Ctrl+C ends it) …", flush=True)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "jupyter", "lab", *as_root, str(executed.relative_to(ROOT))])


if __name__ == "__main__":
    notebook_with_outputs = run_notebook()
    if os.environ.get("CI") != "true" and os.environ.get("HEADLESS") != "1":
        open_in_lab(notebook_with_outputs)
