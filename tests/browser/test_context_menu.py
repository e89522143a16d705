"""The context menu: where it opens, what it offers, how it is used by keys, and what it leaves alone."""

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
for label in ("Lead", "Qualified", "Deal"):
    m.add_stage(label, owner="Sales")
m.add_flow("lead", "qualified", label="62 %")
m.add_flow("qualified", "deal")
for i, node in enumerate(("lead", "qualified", "deal")):
    m.move(node, 352 * i, 40 * i)
m.history.done.clear()
"""

MENU = ".context-menu"


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


def offered(view: View) -> list[str]:
    """The names of what the open menu offers."""
    view.locator(MENU).wait_for()
    view.rest()  # it has grown to its size
    return list(view.locator(f"{MENU} [role=menuitem]").evaluate_all("es => es.map(e => e.dataset.action)"))


def focused(view: View) -> str | None:
    """The action whose item has the focus, "canvas" when that has it."""
    name = view.js(
        """(() => { const a = v.surface.element.getRootNode().activeElement;
        return a === v.surface.element ? 'canvas' : a?.dataset.action ?? a?.className ?? null; })()"""
    )
    return None if name is None else str(name)


def is_inside(view: View) -> bool:
    """Whether the menu is whole inside the output."""
    return bool(
        view.js(
            """(() => { const tree = v.surface.element.getRootNode();
            const m = tree.querySelector('.context-menu').getBoundingClientRect();
            const r = v.surface.element.getBoundingClientRect();
            return m.left >= r.left && m.top >= r.top && m.right <= r.right && m.bottom <= r.bottom; })()"""
        )
    )


def right_click(view: View, at: tuple[float, float]) -> None:
    view.page.mouse.click(*at, button="right")


def test_a_right_click_on_a_card_selects_it_and_opens_the_menu_at_the_pointer(sales: View) -> None:
    x, y = sales.at("lead", 0, -0.3)
    right_click(sales, (x, y))
    names = offered(sales)
    assert "rename" in names
    assert "remove" in names
    assert "add" not in names
    assert sales.js("[...v.view.session.nodes]") == ["lead"]
    box = sales.locator(MENU).bounding_box()
    x, y = sales.at("lead", 0, -0.3)  # a map that is fitted may fit itself anew, and takes the menu along
    assert abs(box["x"] - x) < 3
    assert box["y"] - 3 <= y <= box["y"] + box["height"] + 3  # it goes up where there is no room below
    assert is_inside(sales)


def test_a_right_click_on_one_of_many_keeps_them_all_and_offers_to_align(sales: View) -> None:
    sales.page.keyboard.press("Escape")
    sales.click("lead")
    sales.page.keyboard.press("Control+a")
    right_click(sales, sales.at("deal", 0, -0.3))
    names = offered(sales)
    assert {"align_top", "align_middle", "distribute_x"} <= set(names)
    assert sorted(sales.js("[...v.view.session.nodes]")) == ["deal", "lead", "qualified"]
    sales.locator(f"{MENU} [data-action=align_top]").click()
    assert python(sales, "[m.positions[n][1] for n in ('lead', 'qualified', 'deal')]") == [0.0, 0.0, 0.0]
    assert python(sales, "m.history.done[-1].label") == "Align top"
    sales.page.keyboard.press("Control+z")
    sales.notebook.await_value("[m.positions[n][1] for n in ('lead', 'qualified', 'deal')]", [0.0, 40.0, 80.0])


def test_a_right_click_on_a_flow_is_about_the_flow(sales: View) -> None:
    right_click(sales, sales.label("f1"))
    assert "remove" in offered(sales)
    assert sales.js("[...v.view.session.flows]") == ["f1"]
    sales.locator(f"{MENU} [data-action=remove]").click()
    assert python(sales, "m.graph.number_of_edges()") == 1


def test_on_the_empty_canvas_it_adds_where_it_was_opened(sales: View) -> None:
    sales.click("lead")
    right_click(sales, sales.world(352, 280))
    names = offered(sales)
    assert "add" in names
    assert "remove" not in names
    assert sales.js("v.view.session.isEmpty")
    sales.locator(f"{MENU} [data-action=add]").click()
    sales.page.keyboard.type("Lost")
    sales.page.keyboard.press("Enter")
    sales.until("v.store.nodes.has('lost')")
    assert python(sales, "list(m.positions['lost'])") == [352.0, 280.0]


@pytest.mark.parametrize("key", ["Shift+F10", "ContextMenu", "."])
def test_the_keyboard_opens_it_at_the_selected_card_with_the_first_item_in_focus(sales: View, key: str) -> None:
    sales.click("qualified")
    sales.page.keyboard.press(key)
    names = offered(sales)
    assert focused(sales) == names[0]
    box, (x, y) = sales.locator(MENU).bounding_box(), sales.at("qualified")
    assert (abs(box["x"] - x) < 3, abs(box["y"] - y) < 3 or is_inside(sales)) == (True, True)


def test_arrows_letters_and_escape_work_and_the_focus_returns_to_the_canvas(sales: View) -> None:
    sales.click("qualified")
    sales.page.keyboard.press(".")
    names = offered(sales)
    sales.page.keyboard.press("ArrowDown")
    assert focused(sales) == names[1]
    sales.page.keyboard.press("End")
    assert focused(sales) == names[-1]
    sales.page.keyboard.press("ArrowDown")
    assert focused(sales) == names[0]
    sales.page.keyboard.press("ArrowUp")
    assert focused(sales) == names[-1]
    sales.page.keyboard.type("rem")
    assert focused(sales) == "remove"
    sales.page.keyboard.press("Escape")
    sales.locator(MENU).wait_for(state="detached")
    assert focused(sales) == "canvas"
    assert sales.js("[...v.view.session.nodes]") == ["qualified"]
    sales.page.keyboard.press(".")
    offered(sales)
    sales.page.keyboard.type("ren")
    sales.page.keyboard.press("Enter")
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("Fit")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.graph.nodes['qualified']['label']", "Fit")


def test_the_menu_stays_inside_the_output_in_every_corner(sales: View) -> None:
    box = sales.js(
        "(() => { const r = v.surface.element.getBoundingClientRect(); return [r.x, r.y, r.right, r.bottom]; })()"
    )
    left, top, right, bottom = box
    for x, y in ((left + 90, top + 90), (right - 4, top + 90), (left + 90, bottom - 4), (right - 70, bottom - 4)):
        right_click(sales, (x, y))
        offered(sales)
        assert is_inside(sales)
        sales.page.keyboard.press("Escape")
        sales.locator(MENU).wait_for(state="detached")


def test_a_press_elsewhere_closes_it(sales: View) -> None:
    right_click(sales, sales.at("lead", 0, -0.3))
    offered(sales)
    sales.page.mouse.click(*sales.world(352, 300))
    sales.locator(MENU).wait_for(state="detached")


def test_jupyterlab_keeps_its_own_menu_outside_and_with_shift_none_of_ours_opens(sales: View) -> None:
    sales.page.keyboard.down("Shift")
    right_click(sales, sales.at("lead", 0, -0.3))
    sales.page.keyboard.up("Shift")
    expect(sales.locator(MENU)).to_have_count(0)
    sales.page.keyboard.press("Escape")
    sales.page.locator(".jp-InputArea-editor").first.click(button="right")
    sales.page.locator(".lm-Menu").first.wait_for()
    expect(sales.locator(MENU)).to_have_count(0)
    sales.page.keyboard.press("Escape")
    right_click(sales, sales.at("lead", 0, -0.3))
    offered(sales)
    expect(sales.page.locator(".lm-Menu")).to_have_count(0)


def test_a_read_only_map_offers_nothing_that_edits(sales: View) -> None:
    sales.notebook.kernel("m.widget.read_only = True")
    sales.until("v.view.isReadOnly")
    right_click(sales, sales.at("lead", 0, -0.3))
    assert {"rename", "remove", "add", "cut", "paste", "duplicate"} & set(offered(sales)) == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_can_be_read(sales: View, shots: Path, theme: str) -> None:
    sales.notebook.kernel(f"m.widget.theme = {theme!r}")
    sales.until("v.view.settings.theme === arg", theme)
    sales.click("lead")
    sales.page.keyboard.press("Control+a")
    right_click(sales, sales.at("qualified", 0, -0.3))
    offered(sales)
    sales.locator(MENU).evaluate("e => Promise.all(e.getAnimations().map(a => a.finished))")
    sales.host.screenshot(path=str(shots / f"context-menu-{theme}.png"))
    texts = sales.texts()
    assert [t for t in texts if t["ratio"] < 4.5 or t["clipped"]] == []
