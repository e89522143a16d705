"""The documentation says what is true: its code runs, the site builds, no link is dead, no page fetches elsewhere."""

from __future__ import annotations

import doctest
import html.parser
import io
import json
import re
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import crmwidget
from crmwidget import questions
from crmwidget.analysis import registry

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from public_names import GIVEN_BACK, Sort, public_names  # noqa: E402
from question_pages import asks_a_log  # noqa: E402

DOCS = ROOT / "docs"
PAGES = [DOCS / "index.md", *sorted((DOCS / "guides").glob("*.md"))]
FETCHES = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
BUILT_IN = [question.name for question in questions().values() if question.origin.startswith("crmwidget.")]
PICTURE = '<div class="crmwidget-picture">'  # one that stands beside a canvas
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


# ---- what is written by hand ---------------------------------------------------------------------------


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the questions of the package, whatever else is registered in this process; a page may register more."""
    monkeypatch.setattr(registry, "_REGISTERED", {name: questions()[name] for name in BUILT_IN})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.usefixtures("known")
def test_the_code_of_a_page_runs_and_prints_what_it_says(page: Path) -> None:
    names: dict[str, Any] = {}
    parser = doctest.DocTestParser()
    for kind, code in re.findall(r"^```(python|pycon)\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        if kind == "python":
            exec(compile(code, str(page), "exec"), names)
            continue
        examples = parser.get_doctest(code, names, page.stem, str(page), 0)
        told = io.StringIO()
        results = doctest.DocTestRunner(optionflags=OPTIONS).run(examples, out=told.write, clear_globs=False)
        names.update(examples.globs)
        assert not results.failed, told.getvalue()


def test_the_page_of_keys_has_every_key_there_is() -> None:
    page = (DOCS / "guides" / "keyboard.md").read_text("utf-8")
    gestures = ROOT / "js" / "src" / "gestures"
    source = "".join(path.read_text("utf-8") for path in sorted(gestures.glob("*_actions.ts")))
    listed = re.findall(r'keys: \[((?:"[^"]*"(?:, )?)+)\]', source)
    keys = {key for one in listed for key in re.findall(r'"([^"]*)"', one)}
    assert len(keys) > 40
    missing = [key for key in sorted(keys) if f"`{key}`" not in page]
    assert not missing, f"docs/guides/keyboard.md does not tell of {missing}"


def test_every_test_that_the_docs_name_is_there() -> None:
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text("utf-8")
        for path in re.findall(r"`((?:tests|scripts|docs|example_notebooks)/[\w/.-]*)`", text):
            assert (ROOT / path).exists(), f"{page.name}: {path}"
        for file, test in re.findall(r"`(test_\w+\.py)::(\w+)`", text):
            (found,) = (ROOT / "tests").rglob(file)
            assert f"def {test}(" in found.read_text("utf-8"), f"{page.name}: {test}"


# ---- the site --------------------------------------------------------------------------------------------


@dataclass
class Page(html.parser.HTMLParser):
    """What a built page links to, fetches, and can be linked to."""

    text: str
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in FETCHES and given.get(FETCHES[tag]) and given.get("rel") not in ("canonical", "next", "prev"):
            self.fetched.append(given[FETCHES[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, for all tests below."""
    pytest.importorskip("sphinx", reason="the group docs is not installed")
    folder = tmp_path_factory.mktemp("docs")
    build = [sys.executable, str(ROOT / "scripts" / "build_docs.py"), str(folder / "source"), str(folder / "site")]
    built = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {path.relative_to(site).as_posix(): Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def test_no_link_is_dead(site: Path, pages: dict[str, Page]) -> None:
    dead = []
    for name, page in pages.items():
        for link in [*page.links, *page.fetched]:
            split = urllib.parse.urlsplit(link)
            if split.scheme in ("http", "https", "mailto", "data"):
                continue
            target = (site / name).parent / urllib.parse.unquote(split.path) if split.path else site / name
            known = pages.get(target.resolve().relative_to(site.resolve()).as_posix()) if target.exists() else None
            if not target.exists() or (split.fragment and known and split.fragment not in known.anchors):
                dead.append(f"{name}: {link}")
    assert not dead


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    assert [
        f"{name}: {what}" for name, page in pages.items() for what in page.fetched if re.match(r"(https?:)?//", what)
    ] == []
    for sheet in sorted(site.rglob("*.css")):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", sheet.read_text("utf-8")), sheet.name


def test_every_question_has_its_page_with_an_answer_and_a_picture(site: Path, pages: dict[str, Page]) -> None:
    for name in [*BUILT_IN, "discover"]:
        page = pages[f"questions/{name}.html"]
        assert f"crmwidget.{name}" in page.anchors, name
        assert [Path(picture).name for picture in page.fetched if picture.endswith(".svg")] == [
            f"{name}-light.svg",
            f"{name}-dark.svg",
        ]
        if not asks_a_log(getattr(crmwidget, name)):
            continue
        for said in ("Open cases.", "Missing values.", "Small groups.", "Source."):
            assert said in page.text, f"{name}: {said}"


def test_every_lesson_has_its_page_with_the_pictures_that_are_stored(site: Path, pages: dict[str, Page]) -> None:
    for path in sorted((ROOT / "example_notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        stored = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
        n_stored = sum("image/svg+xml" in data or PICTURE in "".join(data.get("text/html", "")) for data in stored)
        page = pages[f"lessons/{path.stem}.html"]
        shown = [what for what in page.fetched if "_images/" in what]
        assert n_stored == len(shown) + page.text.count(PICTURE) > 0, path.name
        assert all((site / "lessons" / what).resolve().is_file() for what in shown)


def test_every_public_name_stands_in_the_reference_or_among_the_questions(pages: dict[str, Page]) -> None:
    anchors = {anchor for page in pages.values() for anchor in page.anchors}
    elsewhere = {thing.__name__: f"{thing.__module__}.{thing.__name__}" for thing in GIVEN_BACK}
    for name in public_names():
        if name.sort in (Sort.MODULE, Sort.FIELD):
            continue
        first, dot, rest = name.path.partition(".")
        assert {f"crmwidget.{name.path}", f"{elsewhere.get(first, '')}{dot}{rest}"} & anchors, name.path


def test_every_decision_and_the_changelog_are_in_it(pages: dict[str, Page]) -> None:
    decisions = [path.stem for path in (DOCS / "adr").glob("*.md")]
    assert decisions and all(f"adr/{name}.html" in pages for name in decisions)
    assert "[0.1.0]" in pages["changelog.html"].text


def test_a_dead_link_is_noticed() -> None:
    page = Page('<a href="nowhere.html">x</a><img src="https://example.org/x.png"><h1 id="top">y</h1>')
    assert (page.links, page.fetched, page.anchors) == (["nowhere.html"], ["https://example.org/x.png"], {"top"})
