"""Locked cards and read-only maps in a real JupyterLab: no hand changes them, whatever it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for i, label in enumerate(("Lead", "Qualified", "Deal")):
    m.move(m.add_stage(label, owner="Sales"), 352 * i, 0)
m.add_flow("lead", "qualified", label="62 %")
m.update("lead", locked=True, capacity=12.5, actions=["SEO", "Events"])
m.history.done.clear()
"""


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


@pytest.fixture
def viewer(notebook: Open) -> View:
    """The same map, to be looked at only."""
    nb = notebook([SALES + "m.widget.read_only = True", "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def told(view: View) -> Any:
    return view.locator(".toast").filter(has_text="“Lead” is locked")


def test_a_locked_card_bears_a_lock_and_says_so(sales: View) -> None:
    sales.js("v.surface.flush()")
    assert "locked" in sales.js("v.surface.cardElement('lead').getAttribute('aria-label')")
    icons = "v.surface.cardElement(arg).querySelectorAll('svg.icon').length"
    assert [sales.js(icons, node) for node in ("lead", "deal")] == [1, 0]


@pytest.mark.parametrize("deed", ["drag", "rename", "remove", "nudge"])
def test_a_locked_card_stays_as_it_is_under_the_hand(sales: View, deed: str) -> None:
    revision = python(sales, "m.revision")
    if deed == "drag":
        x, y = sales.at("lead", 0, -0.3)
        sales.drag((x, y), (x + 80, y + 80))
    elif deed == "rename":
        sales.page.mouse.dblclick(*sales.at("lead", 0, -0.5))
        expect(sales.locator(".inplace")).to_have_count(0)
    else:
        sales.click("lead")
        sales.page.keyboard.press("Delete" if deed == "remove" else "ArrowDown")
    told(sales).wait_for()
    assert python(sales, "m.revision") == revision
    assert sales.position("lead") == (0, 0)


def test_the_toast_unlocks_and_undo_locks_again(sales: View) -> None:
    x, y = sales.at("lead", 0, -0.3)
    sales.drag((x, y), (x + 80, y + 80))
    told(sales).get_by_role("button", name="Unlock").click()
    sales.notebook.await_value("'locked' in m.graph.nodes['lead']", False)
    sales.locator("[aria-label^='Undo']").click()
    sales.notebook.await_value("m.graph.nodes['lead'].get('locked')", True)


def test_a_key_locks_what_is_selected_and_frees_it_again(sales: View) -> None:
    sales.click("deal")
    sales.page.keyboard.press("Shift+L")
    sales.notebook.await_value("m.graph.nodes['deal'].get('locked')", True)
    assert python(sales, "m.history.done[-1].label") == "Lock Deal"
    sales.locator(".spoken").filter(has_text="Deal locked").wait_for(state="attached")
    sales.page.keyboard.press("Shift+L")
    sales.notebook.await_value("'locked' in m.graph.nodes['deal']", False)


def test_the_inspector_shows_a_locked_card_as_text_with_the_way_to_unlock_it(sales: View) -> None:
    sales.click("lead")
    side = sales.locator(".crm-side")
    side.locator(".locked").wait_for()
    expect(side.locator("input, select, textarea")).to_have_count(0)
    facts = dict(zip(side.locator("dt").all_text_contents(), side.locator("dd").all_text_contents(), strict=True))
    assert facts == {"Kind": "Stage", "Owner": "Sales", "Activities": "SEO\nEvents", "Capacity": "12.5"}
    side.get_by_role("button", name="Unlock").click()
    side.get_by_label("Owner", exact=True).wait_for()


def test_a_read_only_map_offers_nothing_that_changes_it(viewer: View) -> None:
    viewer.locator(".view-only").wait_for()
    expect(viewer.locator(".crm-palette")).to_have_count(0)
    expect(viewer.locator("[aria-label^='Undo'], [aria-label^='Redo'], [aria-label^='Lay the map']")).to_have_count(0)
    viewer.click("deal")
    viewer.locator(".crm-side").wait_for()
    expect(viewer.locator(".crm-side :is(input, select, textarea)")).to_have_count(0)
    expect(viewer.locator(".crm-side button").filter(has_text="Remove")).to_have_count(0)
    viewer.page.mouse.move(*viewer.at("deal", 0, -0.3))
    viewer.until("v.surface.state.hover?.type === 'node'")
    viewer.js("v.surface.flush()")
    expect(viewer.locator(".port")).to_have_count(0)


def test_a_read_only_map_is_not_changed_by_any_hand(viewer: View) -> None:
    revision = python(viewer, "m.revision")
    before = viewer.js("v.surface.camera.x")
    x, y = viewer.at("deal", 0, -0.3)
    viewer.drag((x, y), (x - 60, y + 40))
    viewer.until("v.surface.camera.x !== arg", before)  # the whole map is what is dragged
    assert viewer.position("deal") == (704, 0)
    viewer.page.mouse.dblclick(*viewer.at("deal", 0, -0.4))
    viewer.page.mouse.dblclick(*viewer.world(352, 240))
    viewer.click("deal")
    for key in ("Delete", "Enter", "n", "ArrowDown", "Shift+L", "m", "Control+z"):
        viewer.page.keyboard.press(key)
    expect(viewer.locator(".inplace, .ghost, .comment-box")).to_have_count(0)
    assert python(viewer, "m.revision") == revision


def test_a_read_only_map_is_still_walked_zoomed_and_selected(viewer: View) -> None:
    viewer.js("v.surface.element.focus()")
    viewer.page.keyboard.press("Tab")
    viewer.notebook.await_value("list(m.selection)", ["lead"])
    k = viewer.js("v.surface.camera.k")
    viewer.page.keyboard.press("+")
    viewer.until("v.surface.camera.k > arg", k)


def test_read_only_is_switched_while_it_is_looked_at(sales: View) -> None:
    sales.locator(".crm-palette").wait_for()
    sales.notebook.kernel("m.widget.read_only = True")
    sales.locator(".crm-palette").wait_for(state="detached")
    sales.notebook.kernel("m.widget.read_only = False")
    sales.locator(".crm-palette").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_only_read_can_be_read(viewer: View, shots: Path, theme: str) -> None:
    viewer.notebook.kernel(f"m.widget.theme = {theme!r}")
    viewer.click("lead")
    viewer.locator(".locked").wait_for()
    viewer.js("v.view.flush()")
    viewer.host.screenshot(path=str(shots / f"read-only-{theme}.png"))
    assert [t for t in viewer.texts() if t["ratio"] < 4.5 or t["clipped"]] == []
