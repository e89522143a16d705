"""One Chromium and one JupyterLab for all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from lab import FLAGS, Notebook, Server, page_of
from playwright.sync_api import Browser, sync_playwright


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a busy machine a browser may come late: what fails is tried again, and named in the closing lines."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


def chromium() -> str | None:
    """The browser that `make test` found, else one of this machine."""
    given = os.environ.get("CRMWIDGET_CHROMIUM")
    return given or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests cannot run, and in CI they must")
        pytest.skip("no Chromium: `make test` says how to get one")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def notebook(
    lab: Server, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[[Sequence[str]], Notebook]]:
    """Open a new notebook with the given cells in JupyterLab; its kernel ends with the test."""
    with page_of(browser) as (_, page):

        def open_notebook(cells: Sequence[str]) -> Notebook:
            name = f"{request.node.name[:60]}.ipynb".replace("[", "-").replace("]", "").replace("/", "-")
            lab.write(name, cells)
            return Notebook(page, lab, name).open()

        yield open_notebook
    lab.shut_kernels()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where pictures go that a person should look at."""
    folder = Path(os.environ.get("CRMWIDGET_SHOTS", "build/shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
