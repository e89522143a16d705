"""A report opened from a disk with no network: judged by axe in light and dark, wide and narrow, and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import page_of
from playwright.sync_api import Browser, expect

import crmwidget as crm

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sample = crm.samples.events(200)
    log = crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        start="started_at",
        timestamp="finished_at",
        attributes=["owner"],
        ends=sample.ends,
    )
    m = crm.discover(log, name="Sales <script>")
    m.update("demo", owner="Ann")
    questions = ["bottlenecks", "variants", "rework", "kpis"]
    made = crm.report(m, questions, tmp_path_factory.mktemp("report") / "report.html")
    assert made.path is not None
    return made.path


def test_a_report_reads_in_light_dark_narrow_and_on_paper_with_no_network(
    browser: Browser, report: Path, shots: Path
) -> None:
    problems: list[str] = []
    requests: list[str] = []
    with page_of(browser, offline=True, reduced_motion="reduce") as (_, page):
        page.on("console", lambda message: problems.append(message.text))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(report.as_uri())
        page.screenshot(path=shots / "report-light.png")
        # From a finding to the index, from there to the card in the picture, and back to the index.
        page.locator(".finding a", has_text="Demo").first.click()
        expect(page.locator("#node-demo")).to_be_in_viewport()
        page.locator("#node-demo a").first.click()
        expect(page.locator("#map-demo")).to_be_in_viewport()
        page.locator("#map-demo").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#node-demo")).to_be_in_viewport()
        for scheme, width in (("light", 1200), ("dark", 1200), ("dark", 375), ("light", 375)):
            page.emulate_media(color_scheme=scheme, media="screen")  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            other = "dark" if scheme == "light" else "light"
            expect(page.locator(f".layers .{scheme}")).to_be_visible()
            expect(page.locator(f".layers .{other}")).to_be_hidden()
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.screenshot(path=shots / f"report-{scheme}-{width}.png", full_page=True)
            if AXE.is_file() and (scheme, width) in (("light", 1200), ("dark", 375)):
                page.evaluate(AXE.read_text(encoding="utf-8"))
                found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
                assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        page.emulate_media(color_scheme="dark", media="print")
        expect(page.locator(".layers .light")).to_be_visible()
        expect(page.locator(".layers .dark")).to_be_hidden()
        expect(page.locator("nav")).to_be_hidden()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 48)"
    assert [url for url in requests if not url.startswith("data:") and not url.startswith(report.as_uri())] == []
    assert problems == []
