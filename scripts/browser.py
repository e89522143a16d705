"""Print the path of a Chromium that starts, and get one where there is none: Playwright's, else the distribution's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
NOTHING = (
    "There is no Chromium for the browser tests and none could be fetched: install Chromium or Google Chrome so that "
    "`chromium` or `google-chrome` is on PATH, or set CRMWIDGET_CHROMIUM to its path."
)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def on_machine() -> Iterator[str]:
    """Paths worth trying, the wanted one first."""
    named = os.environ.get("CRMWIDGET_CHROMIUM")
    if named:
        yield named
    yield from filter(None, map(shutil.which, NAMES))
    if Path(MAC).exists():
        yield MAC


def first_that_starts(paths: Iterator[str]) -> str | None:
    """A browser that is there may still lack a library, or be a wrapper that says `install me`."""
    for path in paths:
        try:
            with sync_playwright() as playwright:
                playwright.chromium.launch(executable_path=path, args=FLAGS).close()
        except Error as error:
            say(f"{path} does not start: {str(error).splitlines()[0]}")
        else:
            return path
    return None


def playwrights_own(*, fetch: bool) -> Iterator[str]:
    """Where Playwright keeps its browser, if it is there (or can be fetched)."""
    if fetch:
        say("There is no Chromium on this machine: fetching Playwright's own.")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).exists():
        yield path


def distributions() -> Iterator[str]:
    """Debian's and Ubuntu's package, where we may install it."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    say("Installing the distribution's chromium with apt-get, as root.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "chromium", "fonts-liberation"]):
        subprocess.run(["apt-get", *arguments], stdout=sys.stderr, env=environment)
    yield from on_machine()


def main() -> int:
    for source in (
        on_machine,
        lambda: playwrights_own(fetch=False),
        lambda: playwrights_own(fetch=True),
        distributions,
    ):
        path = first_that_starts(source())
        if path:
            print(path)
            return 0
    say(NOTHING)
    return 1


if __name__ == "__main__":
    sys.exit(main())
