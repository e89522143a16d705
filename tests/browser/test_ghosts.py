"""What happens beside the drawn map, in a real JupyterLab: named, drawn and taken back by hand and by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

DESIGNED = """
import crmwidget as crm
sample = crm.samples.events(600)
log = crm.EventLog(sample.events, case="case_id", activity="activity", timestamp="finished_at", ends=sample.ends)
m = crm.from_text("Lead -> Qualification -> Demos -> Offer -> Contract -> Won", name="Designed")
m.attach(log)
m.widget.height = 640
result = crm.conformance(m).show(live=True)
"""
GHOSTS = "[...v.view.ghosts.flows.keys()].filter(key => key.startsWith('~')).map(key => key.slice(7).split('\\n'))"
SKIP, BACK = ["qualification", "offer"], ["contract", "offer"]


def test_what_the_log_has_beside_the_map_is_matched_added_and_drawn_by_one_click_each(
    notebook: Open, shots: Path
) -> None:
    nb = notebook([DESIGNED, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    page = view.page

    # what means no card: two activities, of which one is called otherwise here
    chip = view.locator(".crm-filter").get_by_role("button", name="2 not on the map")
    chip.click()
    panel = view.locator(".crm-unmatched")
    expect(panel.get_by_label("What “Demo” is")).to_have_value("demos")
    expect(panel.get_by_label("What “Demo” is")).to_be_focused()
    view.host.screenshot(path=shots / "unmatched.png")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    nb.await_value("m.graph.nodes['demos'].get('known_as')", ["Demo"])
    expect(panel.get_by_role("button", name="Add “Lost” as a stage")).to_be_visible()
    panel.get_by_role("button", name="Add “Lost” as a stage").click()
    expect(panel).to_have_count(0)
    nb.await_value("(list(m.graph.nodes)[-1], m.history.done[-1].label)", ["lost", "add 'Lost'"])

    # ghosts: pointed at and read out, drawn by Enter, from the menu and by a double click; the answer follows
    view.until(f"{GHOSTS}.length === 3")
    view.settled()
    at = view.label("~ghost " + "\n".join(SKIP))
    page.mouse.move(*at)
    view.until("v.surface.element.title.includes('pass over Demos')")
    view.host.screenshot(path=shots / "ghosts.png")
    page.mouse.click(*at)
    expect(view.locator(".crm-side")).to_contain_text("pass over Demos")
    expect(view.locator(".crm-panels > .spoken[aria-live]")).to_contain_text("pass over Demos")
    before = nb.value("result.fitness")
    page.keyboard.press("Enter")
    view.until(f"{GHOSTS}.length === 2")
    nb.await_value("m.history.done[-1].label", "Draw Qualification → Offer")
    nb.await_value(f"result.fitness > {before}", True)
    page.mouse.click(*view.label("~ghost " + "\n".join(BACK)), button="right")
    page.get_by_role("menuitem", name="Draw this flow").click()
    view.until(f"JSON.stringify({GHOSTS}) === arg", '[["contract","lost"]]')
    page.mouse.dblclick(*view.label("~ghost contract\nlost"))
    view.until(f"{GHOSTS}.length === 0")
    nb.await_value("result.fitness", 1.0)
    for _ in range(3):
        page.keyboard.press("Control+z")
    view.until(f"{GHOSTS}.length === 3")

    # in the outline they are read like flows, and Delete leaves them alone
    page.keyboard.press("o")
    outline = view.locator(".crm-outline")
    outline.get_by_role("treeitem", name="Contract, Stage").locator(".twist").click()
    row = outline.get_by_role("treeitem", name="Flow to Offer")
    expect(row).to_have_attribute("aria-label", "Flow to Offer, 7\u202f% 42, not drawn")
    row.click()
    page.keyboard.press("Delete")
    expect(row).to_have_attribute("aria-selected", "true")
    view.host.screenshot(path=shots / "ghosts-outline.png")
    assert [text for text in view.texts() if text["ratio"] < 4.5] == []
