"""How the canvas looks and behaves, set from it and from Python; lanes, locales, tips, and work that takes its time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
import pandas as pd
m = crm.CrmMap("Sales")
for i, label in enumerate(("Lead", "Qualified", "Deal")):
    m.move(m.add_stage(label, team="Sales" if i else "Marketing"), 352 * i, 0)
m.add_flow("lead", "qualified", volume=12345)
m.attach(pd.DataFrame({"amount": [1000.5] * 6}), to="lead", name="rows")
m.show_metric("lead", label="open", value=("amount", "sum"), unit="€")
m.history.done.clear()
"""

SLOW = (
    SALES
    + """
import time
@crm.question(title="Patience", group="Test")
def patience(m, *, progress=None):
    while True:
        progress(0.25, "Counting sheep")
        time.sleep(0.05)
"""
)


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def choose(view: View, menu: str, item: str) -> None:
    button = view.locator(f".crm-toolbar {menu}").first
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    view.locator("[role=menu] button").filter(has_text=item).first.click()


def background(view: View) -> str:
    root = "v.surface.element.getRootNode().querySelector('.crm-root')"
    return str(view.js(f"getComputedStyle({root}).getPropertyValue('--crm-background').trim()"))


def readable(view: View) -> list[dict[str, Any]]:
    return [t for t in view.texts() if t["ratio"] < 4.5 or t["clipped"]]


def test_the_menu_sets_the_theme_which_is_a_trait(sales: View) -> None:
    choose(sales, "button[aria-label=More]", "Dark")
    sales.notebook.await_value("m.widget.theme", "dark")
    assert background(sales) == "#14181f"
    choose(sales, "button[aria-label=More]", "Auto")
    sales.notebook.await_value("m.widget.theme", "auto")
    assert background(sales) == "#fbfbfa"
    assert readable(sales) == []


def test_the_menu_is_used_by_keys_alone(sales: View) -> None:
    sales.locator(".crm-toolbar button[aria-label=More]").focus()
    sales.page.keyboard.press("Enter")
    sales.locator("[role=menu]").wait_for()
    for _ in range(2):
        sales.page.keyboard.press("ArrowDown")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.widget.theme", "dark")
    sales.page.keyboard.press("Escape")
    sales.locator("[role=menu]").wait_for(state="detached")
    sales.until("v.surface.element.getRootNode().activeElement.ariaLabel === 'More'")


def test_snap_is_switched_and_is_a_trait(sales: View) -> None:
    choose(sales, "button[aria-label=More]", "Snap")
    sales.notebook.await_value("m.widget.snap", False)
    sales.notebook.kernel("m.widget.snap = True")
    sales.locator("[role=menuitemcheckbox][aria-checked=true]").wait_for()


def test_compact_panels_leave_more_room_to_the_map_at_once(sales: View, shots: Path) -> None:
    sales.click("deal")
    side = sales.locator(".crm-side")
    side.wait_for()
    toolbar = sales.locator(".crm-toolbar")
    before = side.bounding_box()["width"], toolbar.bounding_box()["height"]
    expect(sales.locator(".crm-toolbar .primary .wide")).to_be_visible()
    choose(sales, "button[aria-label=More]", "Compact")
    sales.notebook.await_value("m.widget.density", "compact")
    after = side.bounding_box()["width"], toolbar.bounding_box()["height"]
    assert after[0] < before[0] and after[1] < before[1]
    expect(sales.locator(".crm-toolbar .primary .wide")).not_to_be_visible()
    sales.page.keyboard.press("Escape")
    sales.js("v.view.flush()")
    sales.host.screenshot(path=str(shots / "compact.png"))
    assert readable(sales) == []
    sales.notebook.kernel("m.widget.density = 'comfortable'")
    sales.until("!v.view.root.classList.contains('crm-compact')")


def test_two_views_of_one_map_share_what_is_set(notebook: Open) -> None:
    nb = notebook([SALES, "m", "m"])
    nb.run_all(3)
    first, second = nb.view(0), nb.view(1)
    first.show()
    choose(first, "button[aria-label=More]", "Compact")
    second.until("v.view.root.classList.contains('crm-compact')")


def test_figures_volumes_and_fields_are_in_the_locale(sales: View) -> None:
    def card() -> str:
        return str(sales.js("(v.surface.flush(), v.surface.cardElement('lead').textContent.replace(/\\s/g, ' '))"))

    def volume() -> str:
        return str(sales.js("v.surface.scene().labels.find(l => l.key === 'f1').text.replace(/\\s/g, ' ')"))

    assert "€ 6 003" in card() and volume() == "12 345"
    sales.notebook.kernel("m.widget.locale = 'de-DE'")
    sales.until("v.view.settings.locale === 'de-DE'")
    assert "6.003 €" in card() and volume() == "12.345"
    sales.click("lead")
    capacity = sales.locator(".crm-side").get_by_label("Capacity", exact=True)
    capacity.fill("1.250,5")
    capacity.blur()
    sales.notebook.await_value("m.graph.nodes['lead'].get('capacity')", 1250.5)
    sales.until("v.store.unsaved() === 0")
    expect(capacity).to_have_value("1250,5")


def test_lanes_are_laid_out_by_what_the_cards_say(sales: View) -> None:
    choose(sales, ".lanes", "Team")
    sales.notebook.await_value("m.graph.graph.get('lanes')", "team")
    sales.locator(".lanes").filter(has_text="Lanes: team").wait_for()
    assert python(sales, "m.positions['lead'][1] == m.positions['deal'][1]")  # they were put there by hand
    stay = sales.locator(".toast").filter(has_text="3 cards stay where they were put")
    stay.get_by_role("button", name="Move them too").click()
    sales.notebook.await_value("m.positions['lead'][1] < m.positions['deal'][1]", True)
    sales.locator(".lanes").click()
    expect(sales.locator("[role=menu] button[aria-disabled=true]").filter(has_text="no card has one")).to_have_count(2)
    expect(sales.locator("[role=menu] [aria-checked=true]")).to_have_text(re.compile("^Team"))
    sales.locator("[role=menu] button").filter(has_text="None").click()
    sales.notebook.await_value("m.graph.graph.get('lanes')", None)


def test_a_button_tells_what_it_does_and_its_key_when_it_is_pointed_at(sales: View) -> None:
    sales.locator("[aria-label='Open comments']").hover()
    tip = sales.locator(".tip").filter(has_text="Open comments")
    tip.wait_for()
    expect(tip.locator("kbd")).to_have_text("Shift+M")
    expect(sales.locator("button[title]")).to_have_count(0)
    box, room = tip.bounding_box(), sales.host.bounding_box()
    assert room["x"] <= box["x"] and box["x"] + box["width"] <= room["x"] + room["width"]
    sales.page.mouse.move(*sales.at("deal"))
    tip.wait_for(state="hidden")


def test_slow_work_is_told_with_how_far_it_is_and_can_be_cancelled(notebook: Open, shots: Path) -> None:
    nb = notebook([SLOW, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    choose(view, ".primary", "Patience")
    view.locator(".work").filter(has_text="Counting sheep").filter(has_text="25 %").wait_for()
    expect(view.locator("[role=progressbar]")).to_have_attribute("aria-valuenow", "25")
    view.locator(".work").get_by_role("button", name="Cancel").wait_for()
    view.js("v.view.flush()")
    view.host.screenshot(path=str(shots / "progress.png"))
    x, y = view.at("deal", 0, -0.3)
    view.drag((x, y), (x, y + 120))  # nothing is held up meanwhile
    nb.await_value("m.positions['deal'][1] > 0", True)
    view.locator(".work").get_by_role("button", name="Cancel").click()
    view.locator(".work").wait_for(state="detached")
    view.locator(".toast").filter(has_text="Cancelled").wait_for()
    assert nb.value("list(m.overlays)") == []


def test_what_is_over_at_once_is_not_told(sales: View) -> None:
    sales.js("v.seen = new MutationObserver(() => { v.told ||= !!v.view.root.querySelector('.work'); })")
    sales.js("v.seen.observe(v.view.root, {childList: true, subtree: true})")
    sales.locator("[aria-label^='Lay the map']").click()
    sales.until("v.store.waiting().length === 0")
    assert not sales.js("v.told")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menus_can_be_read_where_it_is_narrow(notebook: Open, shots: Path, theme: str) -> None:
    narrow = f"m.widget.theme = {theme!r}; m.widget.layout.width = '320px'; m.widget.layout.flex = '0 0 auto'"
    nb = notebook([SALES + narrow, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.locator(".crm-toolbar button[aria-label=More]").click()
    view.locator("[role=menu] button").filter(has_text="Team").wait_for()
    view.js("v.view.flush()")
    view.host.screenshot(path=str(shots / f"more-narrow-{theme}.png"))
    assert readable(view) == []


def test_a_theme_that_changes_while_the_view_is_resized_is_painted_to_the_end(notebook: Open) -> None:
    nb = notebook([maps.cell(1000, figures=False), "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.surface.flush()")
    view.js(
        """(async () => { const frame = () => new Promise(requestAnimationFrame);
        v.view.setSettings({...v.view.settings, theme: 'dark'});
        await frame(); await frame();  // the picture of 1000 cards takes more than these
        __lab.views()[0].querySelector('.crmwidget').style.height = '720px'; })()"""
    )
    view.until("v.surface.element.clientHeight > 702")
    view.until(
        """[...v.surface.element.querySelectorAll('.picture canvas')].filter(c => c.style.visibility !== 'hidden')
        .every(c => { const [r, g, b] = c.getContext('2d').getImageData(1, 1, 1, 1).data;
          return [r, g, b].join() === '20,24,31'; })"""
    )
