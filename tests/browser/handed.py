"""Notebooks as they are handed on: run without a page, converted, and opened where no network and no kernel is."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pandas as pd
from lab import page_of
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = '<div class="crmwidget-picture">'
STAGES = ("Lead", "Qualification", "Offer", "Won")
# What no file may hold: of each row of the attached table and of the log something that is found again.
ROWS = [
    {
        "account": f"ACC-PLANTED-{n:03}",
        "contact": f"Zebulon Quackenbush {n:03}",
        "mail": f"zebulon.{n:03}@planted.example",
        "stage": STAGES[n % 3],
        "amount": 1_000 + n,
    }
    for n in range(60)
]
EVENTS = [
    {
        "case": f"CASE-PLANTED-{n:03}",
        "activity": stage,
        "at": f"2026-01-{1 + 3 * i + n % 2:02}T09:00:00",
        "contact": ROWS[n]["contact"],
        "mail": ROWS[n]["mail"],
    }
    for n in range(60)
    for i, stage in enumerate(STAGES)
]
PLANTED = re.compile(rb"(?:ACC|CASE)-PLANTED|Quackenbush|planted\.example")

CELLS = (
    'first = "Lead"',
    """\
import pandas as pd
import crmwidget as crm

m = crm.from_text("Lead -> Qualification -> Offer -> Won", name="Handed on")
m.update("lead", label=first)
m.attach(pd.read_csv("rows.csv"), key="account", stage="stage")
log = crm.EventLog(pd.read_csv("events.csv"), case="case", activity="activity", timestamp="at",
                   attributes=["contact", "mail"])
m.attach(log, mapping={"Lead": "lead"})
m.show_metric("offer", label="open", value=("amount", "sum"), unit="€")
m.autosave("handed.crm.json")""",
    'm.to_svg("before.svg")\nm',
    "crm.bottlenecks(m).show()",
    'm.to_svg("handed.svg"), m.to_html("handed.html")',
)


def write_notebook(path: Path, cells: Sequence[str] = CELLS) -> Path:
    """The notebook, its first cell for parameters, and beside it the rows that it reads."""
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    pd.DataFrame(ROWS).to_csv(path.parent / "rows.csv", index=False)
    pd.DataFrame(EVENTS).to_csv(path.parent / "events.csv", index=False)
    return path


def all_done(commands: Sequence[Sequence[str | Path]], *, cwd: Path, at_once: int = 2) -> None:
    """Run commands of this environment's Python (`-m …`), a few at once."""
    waiting, running = list(commands), list[subprocess.Popen[str]]()
    while waiting or running:
        while waiting and len(running) < at_once:
            command = [sys.executable, "-m", *map(str, waiting.pop(0))]
            running.append(
                subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            )
        done = running.pop(0)
        said, _ = done.communicate()
        assert done.returncode == 0, said[-3_000:]


def to_html(notebook: Path, page: Path, **options: Any) -> Path:
    """What `jupyter nbconvert --to html` writes."""
    html, _ = HTMLExporter(**options).from_notebook_node(nbformat.read(notebook, as_version=4))
    page.write_text(html, encoding="utf-8")
    return page


# ---- what a file holds -------------------------------------------------------------------------------


def outputs_of(notebook: Path) -> list[dict[str, Any]]:
    cells = nbformat.read(notebook, as_version=4).cells
    return [output["data"] for cell in cells for output in cell.get("outputs", []) if "data" in output]


def pictures_in(text: str) -> list[str]:
    """The SVG of each picture of a map that stands in HTML."""
    found = re.findall(r'class="crmwidget-picture"><img [^>]*?src="data:image/svg\+xml;base64,([^"]*)"', text)
    return [base64.b64decode(data).decode() for data in found]


def pictures_of(notebook: Path) -> list[str]:
    return [svg for data in outputs_of(notebook) for svg in pictures_in(str(data.get("text/html", "")))]


def words_of(svg: str) -> list[str]:
    """Every text that is drawn, and no title or description."""
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()) for text in texts]


def documents_in(text: str) -> list[dict[str, Any]]:
    """What the canvases of a page would show: the documents in its stored widget state."""
    found = re.search(rf'<script type="{re.escape(STATE)}">(.*?)</script>', text, re.DOTALL)
    state = json.loads(unescape(found[1]))["state"] if found else {}
    given = [model["state"]["document"] for model in state.values() if "document" in model["state"]]
    return [json.loads(document) if isinstance(document, str) else document for document in given]


def readings(content: bytes) -> Iterator[bytes]:
    """A file, and whatever is in it as base64, to any depth."""
    yield content
    for run in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", content):
        try:
            yield from readings(base64.b64decode(run[: len(run) // 4 * 4]))
        except binascii.Error:
            continue


def rows_in(*files: Path) -> list[str]:
    """What of the planted rows is found in the files."""
    return [
        f"{file.name}: {row.decode()}"
        for file in files
        for content in readings(file.read_bytes())
        for said in (content, content.replace(b"\x00", b""))
        for row in PLANTED.findall(said)
    ]


def pdf_text(pdf: bytes) -> str:
    """Its words, with the ligatures that a font has made taken apart."""
    return unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def as_a_viewer_shows(notebook: Path, *, keeps_images: bool) -> str:
    """A page of the outputs by a viewer that knows no widget: HTML before text, and of HTML what is harmless."""
    shown = []
    for data in outputs_of(notebook):
        if "text/html" in data:
            harmless = re.sub(r"<style>.*?</style>|(style|class)=\"[^\"]*\"", "", data["text/html"], flags=re.DOTALL)
            shown.append(harmless if keeps_images else re.sub(r'src="data:[^"]*"', "", harmless))
        else:
            shown.append(f"<pre>{escape(data['text/plain'])}</pre>")
    return "\n".join(shown)


# ---- a page with no network --------------------------------------------------------------------------


@dataclass
class Offline:
    """A page that can reach its own files and nothing else, and what else it asked for."""

    page: Page
    asked: list[str] = field(default_factory=list)

    def open(self, path: Path) -> None:
        self.asked.clear()
        self.page.goto(path.as_uri())

    def shown_alone(self, n: int) -> None:
        """Wait until `n` pictures are painted, with nothing in place of their canvases."""
        shown_alone(self.page.locator("body"), n)


@contextmanager
def offline(browser: Browser, **options: Any) -> Iterator[Offline]:
    with page_of(browser, offline=True, **options) as (context, page):
        opened = Offline(page)
        context.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else opened.asked.append(r.url),
        )
        yield opened


def shown_alone(place: Locator, n: int) -> None:
    """Wait until `n` pictures are painted in `place`, with nothing in place of their canvases."""
    pictures = place.locator(".crmwidget-picture img")
    expect(pictures).to_have_count(n)
    for image in pictures.all():
        expect(image).to_be_visible()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("i => i.naturalWidth") > 400
    assert_no_word_of_a_widget(place)


def assert_no_word_of_a_widget(place: Locator) -> None:
    for text in ("model not found", "Error displaying widget", "Loading widget"):
        expect(place.get_by_text(text).locator("visible=true")).to_have_count(0)


# ---- JupyterLab ----------------------------------------------------------------------------------------


def save(page: Page) -> None:
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")


@contextmanager
def saving_widgets(page: Page) -> Iterator[None]:
    """What *Settings → Save Widget State Automatically* does, on and off again."""
    command = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
    for is_on in (True, False):
        page.evaluate("command => jupyterapp.commands.execute(command)", command)
        page.wait_for_function("([c, on]) => jupyterapp.commands.isToggled(c) === on", arg=[command, is_on])
        if is_on:
            yield
