"""The map is there wherever a notebook is handed on: converted, reopened, printed, with no kernel and no network."""

from __future__ import annotations

import base64
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from handed import (
    PICTURE,
    PLANTED,
    VIEW,
    all_done,
    as_a_viewer_shows,
    assert_no_word_of_a_widget,
    documents_in,
    offline,
    outputs_of,
    pdf_text,
    pictures_in,
    pictures_of,
    rows_in,
    save,
    saving_widgets,
    shown_alone,
    to_html,
    words_of,
    write_notebook,
)
from lab import Notebook, Server, page_of
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

EXAMPLES = sorted((Path(__file__).parents[2] / "example_notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every notebook was run once: the examples by nbconvert, ours twice by papermill."""
    folder = tmp_path_factory.mktemp("ran")
    for name in ("one", "two"):
        (folder / name).mkdir()
        write_notebook(folder / name / "in.ipynb")
    papermill = [
        ("papermill", f"{name}/in.ipynb", f"{name}/out.ipynb", "--cwd", name, "-p", "first", "First contact")
        for name in ("one", "two")
    ]
    nbconvert = [("nbconvert", "--execute", "--to", "html", f"--output-dir={folder}", example) for example in EXAMPLES]
    all_done([*papermill, *nbconvert], cwd=folder)
    return folder


@pytest.fixture(scope="module")
def template_asks(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What nbconvert's own page asks for, before any map is on it: its scripts for formulas and for widgets."""
    folder = tmp_path_factory.mktemp("empty")
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    nbformat.write(notebook, folder / "empty.ipynb")  # type: ignore[no-untyped-call]
    with offline(browser) as opened:
        opened.open(to_html(folder / "empty.ipynb", folder / "empty.html"))
        return set(opened.asked)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_that_is_run_and_converted_shows_each_map_as_its_canvas_would(
    example: Path, ran: Path, browser: Browser, template_asks: set[str], shots: Path
) -> None:
    path = ran / f"{example.stem}.html"
    text = path.read_text(encoding="utf-8")
    pictures = pictures_in(text)
    n_displays = text.count(f'<script type="{VIEW}">')
    wanted = {d["map"]["name"]: {n["label"] for n in d["nodes"].values()} for d in documents_in(text)}
    assert wanted and len(pictures) == n_displays
    for svg in pictures:
        words = words_of(svg)
        assert wanted[words[0]] <= set(words)
    with offline(browser) as opened:
        opened.open(path)
        opened.shown_alone(n_displays)
        assert set(opened.asked) <= template_asks


# ---- run by papermill, and never looked at -----------------------------------------------------------


def test_papermill_sets_a_parameter_and_two_runs_give_the_same_pictures_to_the_byte(ran: Path) -> None:
    one, two = (
        [data["text/html"] for data in outputs_of(ran / name / "out.ipynb") if PICTURE in data.get("text/html", "")]
        for name in ("one", "two")
    )
    assert len(one) == 1 and one == two
    (svg,) = pictures_in(one[0])
    assert svg == (ran / "one" / "handed.svg").read_text(), "the picture of a map that was edited after it was shown"
    assert {"First contact", "Qualification", "Offer", "Won"} <= set(words_of(svg))


def test_the_picture_on_a_converted_page_is_that_of_the_map_to_the_pixel(ran: Path, browser: Browser) -> None:
    with offline(browser) as opened:
        opened.open(to_html(ran / "one" / "out.ipynb", ran / "one" / "out.html"))
        opened.shown_alone(1)
        image = opened.page.locator(".crmwidget-picture img")
        shown = image.screenshot()
        for file, is_same in (("handed.svg", True), ("before.svg", False)):
            image.evaluate("(i, url) => { i.src = url; return i.decode(); }", (ran / "one" / file).as_uri())
            assert (image.screenshot() == shown) is is_same, file


def test_without_scripts_a_converted_page_shows_the_picture(ran: Path, browser: Browser) -> None:
    with offline(browser, java_script_enabled=False) as opened:
        opened.open(to_html(ran / "one" / "out.ipynb", ran / "one" / "out.html"))
        opened.shown_alone(1)
        assert opened.asked == []


@pytest.fixture(scope="module")
def printed(ran: Path, browser: Browser) -> Path:
    """The converted page as Chromium prints it into a PDF."""
    with offline(browser) as opened:
        opened.open(to_html(ran / "one" / "out.ipynb", ran / "one" / "out.html", exclude_input=True))
        opened.shown_alone(1)
        opened.page.pdf(path=ran / "one" / "out.pdf")
    return ran / "one" / "out.pdf"


def test_a_pdf_by_way_of_the_page_says_what_is_on_the_map(ran: Path, printed: Path) -> None:
    said = pdf_text(printed.read_bytes())
    for word in words_of((ran / "one" / "handed.svg").read_text()):
        assert "".join(unicodedata.normalize("NFKC", word).split()) in "".join(said.split())


@pytest.mark.parametrize("keeps_images", [True, False])
def test_a_viewer_of_no_widgets_styles_and_scripts_shows_the_picture_or_says_it(
    keeps_images: bool, ran: Path, browser: Browser
) -> None:
    """Stands for GitHub and the like: what they leave of HTML is theirs to say, and changes."""
    page = ran / "viewer.html"
    page.write_text(as_a_viewer_shows(ran / "one" / "out.ipynb", keeps_images=keeps_images))
    with offline(browser, java_script_enabled=False) as opened:
        opened.open(page)
        image = opened.page.get_by_role(
            "img", name="A map of 4 nodes and 3 flows: First contact, Qualification, Offer, Won"
        )
        expect(image).to_have_count(1)
        assert (image.evaluate("i => i.naturalWidth") > 400) is keeps_images


# ---- drawn by hand in JupyterLab, and saved ----------------------------------------------------------


@dataclass
class Saved:
    """What came of one notebook in JupyterLab, run and edited by hand: saved without its widgets, and with them."""

    folder: Path
    unedited: list[str]


# In the page: whether the notebook that it would save has the picture `wanted` beside the canvas.
IN_THE_MODEL = """wanted => {
    const html = String(__lab.notebook().widgets[2].model.outputs.get(1).toJSON().data['text/html']);
    const bytes = Uint8Array.from(atob(html.match(/base64,([^"]*)/)[1]), c => c.charCodeAt(0));
    return new TextDecoder().decode(bytes) === wanted;
}"""


@pytest.fixture(scope="module")
def saved(lab: Server, browser: Browser) -> Saved:
    folder = lab.notebooks / "handed"
    folder.mkdir()
    write_notebook(folder / "drawn.ipynb")
    with page_of(browser) as (_, page):
        nb = Notebook(page, lab, "handed/drawn.ipynb").open()
        nb.run_all(5)
        view = nb.view()
        save(page)
        unedited = pictures_of(folder / "drawn.ipynb")
        view.show()
        view.js("v.store.edit('rename', [{at: ['node', 'offer'], set: {label: 'Offer by hand'}}])")
        x, y = view.at("lead", 0, -0.3)
        view.drag((x, y), (x, y + 90))
        view.settled()
        moved = view.position("lead")
        assert nb.value("list(m.positions['lead'])") == list(moved)
        nb.await_value("'Offer by hand' in m.to_svg()", True)
        page.wait_for_function(IN_THE_MODEL, arg=nb.value("m.to_svg()"))
        expect(page.locator(".crmwidget-picture img")).to_be_hidden()
        save(page)
        # A page that was loaded since has not run the cell whose picture it saves.
        view = nb.open().view()
        view.js("v.store.edit('rename', [{at: ['node', 'won'], set: {label: 'Won after all'}}])")
        view.settled()
        page.wait_for_function(IN_THE_MODEL, arg=nb.value("m.to_svg()"))
        save(page)
        shutil.copy(folder / "drawn.ipynb", folder / "plain.ipynb")
        with saving_widgets(page):
            save(page)
            shutil.copy(folder / "drawn.ipynb", folder / "state.ipynb")
        assert nb.foreign == []
    lab.shut_kernels()
    return Saved(folder, unedited)


PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
OPEN = """([path, kernelPreference]) => jupyterapp.commands.execute(
    'docmanager:open', { path, factory: 'Notebook', kernelPreference })"""
KINDS = pytest.mark.parametrize("kind", ["plain", "state"])


def test_after_edits_by_hand_the_file_has_the_edited_picture(saved: Saved) -> None:
    (before,) = saved.unedited
    (after,) = pictures_of(saved.folder / "plain.ipynb")
    assert "Offer" in words_of(before) and {"Offer by hand", "Won after all"} <= set(words_of(after))


@KINDS
@pytest.mark.parametrize("scripts", [True, False])
def test_a_saved_notebook_is_converted_to_a_page_with_the_map_on_it(
    kind: str, scripts: bool, saved: Saved, browser: Browser, template_asks: set[str]
) -> None:
    page = to_html(saved.folder / f"{kind}.ipynb", saved.folder / f"{kind}.html")
    assert bool(documents_in(page.read_text())) == (kind == "state")
    with offline(browser, java_script_enabled=scripts) as opened:
        opened.open(page)
        opened.shown_alone(1)
        assert set(opened.asked) <= (template_asks if scripts else set())


def test_saved_widgets_hold_the_edited_map(saved: Saved) -> None:
    text = to_html(saved.folder / "state.ipynb", saved.folder / "state.html").read_text()
    (document,) = documents_in(text)
    assert document["nodes"]["offer"]["label"] == "Offer by hand"


# ---- opened again with no kernel ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def without_kernel(saved: Saved, lab: Server, browser: Browser) -> Iterator[Page]:
    """JupyterLab, in which notebooks are opened one after the other."""
    with page_of(browser) as (_, page):
        page.goto(f"{lab.base}/lab?token={lab.token}")
        page.wait_for_function("() => window.jupyterapp && jupyterapp.restored.then(() => true)")
        yield page


def given(saved: Saved, kind: str, *, trusted: bool) -> str:
    """A copy as somebody gets it, whose kernel is not on this machine."""
    notebook = nbformat.read(saved.folder / f"{kind}.ipynb", as_version=4)
    notebook.metadata["kernelspec"] = {"name": "elsewhere", "display_name": "Elsewhere", "language": "elsewhere"}
    notebook.metadata["language_info"] = {"name": "elsewhere"}
    name = f"{kind}-{'trusted' if trusted else 'untrusted'}.ipynb"
    notebook.metadata["title"] = name  # trust is in what a notebook holds, not in where it lies
    nbformat.write(notebook, saved.folder / name)  # type: ignore[no-untyped-call]
    if trusted:
        NotebookNotary(data_dir=str(saved.folder.parents[1] / "data")).sign(notebook)
    return f"handed/{name}"


@KINDS
@pytest.mark.parametrize("trusted", [True, False])
def test_jupyterlab_without_a_kernel_shows_the_picture(
    kind: str, trusted: bool, saved: Saved, without_kernel: Page
) -> None:
    page = without_kernel
    page.evaluate(OPEN, [given(saved, kind, trusted=trusted), {"shouldStart": False, "canStart": False}])
    shown_alone(page.locator(PANEL), 1)
    is_trusted = "() => jupyterapp.shell.currentWidget.content.model.cells.get(2).trusted"
    assert page.evaluate(is_trusted) is trusted


def test_jupyterlab_with_a_new_kernel_shows_the_picture_or_the_canvas_that_was_saved(
    saved: Saved, without_kernel: Page
) -> None:
    page = without_kernel
    page.evaluate(OPEN, ["handed/plain.ipynb", {}])
    page.get_by_text("| Idle").wait_for()
    shown_alone(page.locator(PANEL), 1)
    page.evaluate(OPEN, ["handed/state.ipynb", {}])
    place = page.locator(PANEL)
    expect(place.locator(".crmwidget")).to_be_visible()
    expect(place.locator(".crmwidget").get_by_text("Offer by hand").first).to_be_attached()
    expect(place.locator(".crmwidget-picture")).to_be_hidden()
    assert_no_word_of_a_widget(place)


def test_notebook_7_without_a_kernel_shows_the_picture(saved: Saved, lab: Server, browser: Browser) -> None:
    with page_of(browser) as (_, page):
        for kind in ("plain", "state"):
            for trusted in (True, False):
                page.goto(f"{lab.base}/notebooks/{given(saved, kind, trusted=trusted)}?token={lab.token}")
                page.locator(".jp-Dialog-button", has_text="No Kernel").click()
                shown_alone(page.locator(".jp-Notebook"), 1)
                expect(page.get_by_text("Trusted" if trusted else "Not Trusted", exact=True)).to_be_visible()


# ---- what is in all of these files ---------------------------------------------------------------------


def test_no_file_that_is_handed_on_holds_a_row(ran: Path, printed: Path, saved: Saved) -> None:
    for kind in ("plain", "state"):
        to_html(saved.folder / f"{kind}.ipynb", saved.folder / f"{kind}.html")
    hidden = ran / "hidden.txt"
    hidden.write_bytes(b"data:" + base64.b64encode((ran / "one" / "rows.csv").read_bytes()))
    assert len(rows_in(hidden)) >= 3 * 60, "rows are found where they are"
    hidden.unlink()
    files = [
        path
        for folder in (ran, saved.folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("rows.csv", "events.csv")
    ]
    suffixes = {"".join(path.suffixes) for path in files}
    assert {".ipynb", ".html", ".svg", ".pdf", ".crm.json"} <= suffixes
    assert rows_in(*files) == []
    assert not PLANTED.search(pdf_text(printed.read_bytes()).encode())
