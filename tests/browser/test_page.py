"""A map as a page of its own, opened from a disk with no network: it is looked at, searched, and never edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab import page_of
from playwright.sync_api import Browser, Page, expect

import crmwidget as crm
from crmwidget.widget import built_bundle

pytestmark = pytest.mark.browser

HOSTILE = "<img src='https://example.org/x.png' onerror='alert(1)'></script>"
VIEW = "document.getElementById('map').__crmwidget"


def sales() -> crm.CrmMap:
    """A pipeline with a hostile name on it, two answers painted over it and one comment."""
    m = crm.from_text("Prospecting -> Qualification -> Demo -> Proposal -> Negotiation -> Won", name="Sales </script>")
    for source, end in (
        ("qualification", "Disqualified"),
        ("proposal", "Proposal declined"),
        ("negotiation", "Negotiation failed"),
    ):
        m.add_flow(source, m.add("end", end, outcome="lost"))
    m.add("system", HOSTILE)
    m.attach(crm.samples.opportunities(400, seed=7), key="opportunity_id", stage="stage")
    m.show_metric("proposal", label="open", value=("amount", "sum"), unit="€")
    sample = crm.samples.events(600)
    log = crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        attributes=["segment"],
        ends=sample.ends,
    )
    m.attach(log, mapping={"Contract": "negotiation", "Offer": "proposal"})
    crm.conversion(m, log=log, by="segment").show()
    m.paint("later", crm.shown.Overlay("Painted later", "", None, {}, {}, [], None))
    m.comment("demo", "Ask Bo")
    return m


@dataclass
class Opened:
    page: Page
    errors: list[str]
    requests: list[str]

    def js(self, body: str) -> Any:
        return self.page.evaluate(f"(() => {{ const v = {VIEW}; return ({body}); }})()")

    def until(self, body: str) -> None:
        """Wait until `body` holds, frame by frame: the page's policy lets no waiter of the browser's driver in."""
        done = self.page.evaluate(
            f"""async (frames) => {{
                for (let n = 0; n < frames; n++, await new Promise(requestAnimationFrame)) {{
                    const v = {VIEW};
                    if (v && ({body})) return true;
                }}
            }}""",
            3_600,
        )
        assert done, f"never: {body}"


def opened_in(page: Page, path: Path) -> Opened:
    opened = Opened(page, [], [])
    page.on("console", lambda m: opened.errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: opened.errors.append(str(e)))
    page.on("request", lambda r: opened.requests.append(r.url))
    page.goto(path.as_uri())
    return opened


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    path = sales().to_html(tmp_path / "sales.html")
    with page_of(browser, offline=True) as (_, page):
        opened = opened_in(page, path)
        opened.until("v.surface.painted > 0")
        yield opened
        # The file itself, and the canvas out of it.
        outside = [url for url in opened.requests if not url.startswith(("blob:", "data:")) and url != path.as_uri()]
        assert outside == []
        assert opened.errors == []


def test_a_page_shows_the_map_is_searched_and_tells_its_answers_but_edits_nothing(opened: Opened, shots: Path) -> None:
    page, root = opened.page, opened.page.locator("#map")
    expect(page.locator(".still")).to_be_hidden()
    for label in ("Prospecting", "Negotiation", HOSTILE):
        expect(root.get_by_text(label, exact=True).first).to_be_attached()
    expect(root.get_by_text("View only")).to_be_visible()

    # The answer that was painted last shows; the other is a question away, and none is lost when it is taken off.
    expect(root.locator(".crm-side h3")).to_have_text("Painted later")
    for _ in range(2):
        root.get_by_role("button", name="Ask the map").click()
        root.get_by_role("menuitem", name="Conversion and drop-off").click()
        expect(root.locator(".crm-side .finding").first).to_contain_text("lose")
        page.screenshot(path=shots / "page-light.png")
        root.get_by_role("button", name="Take this answer off the map").click()
        expect(root.locator(".crm-side h3")).to_have_text("Painted later")

    # The answer that was asked by segment is there for each of them; the one that was not stays as it is.
    root.get_by_role("button", name="Ask the map").click()
    root.get_by_role("menuitem", name="Conversion and drop-off").click()
    whole = root.locator(".crm-side .finding b").first.inner_text()
    bar = root.locator(".crm-filter")
    expect(bar).to_contain_text("All cases")
    for segment in ("Enterprise", "Mid-market"):
        bar.get_by_role("button", name="Segment:").click()
        root.get_by_role("menuitemcheckbox", name=segment).click()
        page.keyboard.press("Escape")
        expect(bar).to_contain_text(f"Segment {segment} in Conversion and drop-off")
        expect(root.locator(".crm-side")).to_contain_text(f"segment {segment}, first visits")
        page.screenshot(path=shots / f"page-{segment}.png")
    bar.get_by_role("button", name="Ask about all cases").click()
    expect(bar).to_contain_text("All cases")
    expect(root.locator(".crm-side .finding b").first).to_have_text(whole)
    root.get_by_role("button", name="Take this answer off the map").click()

    # Search goes to a card.
    opened.js("v.surface.element.focus()")
    page.keyboard.press("/")
    page.keyboard.type("negot")
    page.keyboard.press("Enter")
    opened.until("v.view.session.nodes.has('negotiation')")
    # Its comments were left out: nothing on the page speaks of any.
    expect(root.get_by_role("tab")).to_have_text(["Answer", "Details"])
    expect(root.get_by_role("button", name="comment")).to_have_count(0)

    # No hand edits, and what asks all the same is refused.
    before = opened.js("JSON.stringify([...v.store.nodes])")
    for key in ("Delete", "Enter", "n", "m", "Control+z", "Control+g", "ArrowRight"):
        page.keyboard.press(key)
    assert root.locator("input, textarea").count() == 0
    opened.js("v.store.edit('by force', [{at: ['node', 'demo'], remove: true}])")
    expect(root.get_by_text("This page is a copy of the map")).to_be_visible()
    opened.until("v.store.unsaved() === 0")
    assert opened.js("JSON.stringify([...v.store.nodes])") == before

    # It is as dark as the system.
    page.emulate_media(color_scheme="dark")
    opened.until("v.view.settings.theme === 'dark'")
    page.screenshot(path=shots / "page-dark.png")

    # On paper it is the picture, on white.
    page.emulate_media(media="print")
    expect(page.locator(".still .light svg")).to_be_visible()
    expect(page.locator(".still .dark svg")).to_be_hidden()
    expect(root).to_be_hidden()


def test_without_scripts_a_page_is_a_still_picture_that_is_light_or_dark(browser: Browser, tmp_path: Path) -> None:
    path = sales().to_html(tmp_path / "sales.html")
    with page_of(browser, offline=True, java_script_enabled=False, color_scheme="dark") as (_, page):
        page.goto(path.as_uri())
        expect(page.locator(".still .dark svg")).to_be_visible()
        expect(page.locator(".still .light svg")).to_be_hidden()
        page.emulate_media(color_scheme="light")
        expect(page.locator(".still .light svg")).to_be_visible()
        expect(page.locator(".still .dark svg")).to_be_hidden()


def test_a_page_unpacks_the_canvas_once_for_all_its_maps(browser: Browser) -> None:
    same = """async (script) => {
        const load = async () => import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
        const [first, again] = [await load(), await load()];
        return first !== again && first.default === again.default && first.openPage === again.openPage;
    }"""
    with page_of(browser) as (_, page):
        assert page.evaluate(same, built_bundle().read_text(encoding="utf-8"))
