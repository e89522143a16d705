"""Selecting by a line drawn freely around cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import maps
import pytest
from lab import Notebook, Server, View, one_notebook
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

# Around Lead and Deal, but not around Qualified between them: the line passes below it.
HOOK = ((-110, -80), (110, -80), (110, 90), (600, 90), (600, -80), (810, -80), (810, 160), (-110, 160))


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Server) -> Iterator[Notebook]:
    with one_notebook(browser, lab, "lasso.ipynb", [maps.SALES, "m"]) as nb:
        yield nb


@pytest.fixture
def sales(tab: Notebook) -> View:
    tab.run_all(2)
    view = tab.view()
    view.show()
    view.js("(v.surface.element.focus(), v.surface.setCamera({x: 260, y: 200, k: 0.8}), v.surface.flush())")
    return view


def draw(view: View, line: Sequence[tuple[float, float]], *, drop: bool = True) -> None:
    mouse = view.page.mouse
    mouse.move(*view.world(*line[0]))
    mouse.down()
    for n, corner in enumerate(line[1:], start=2):
        mouse.move(*view.world(*corner))
        view.until("v.surface.state.lasso?.length === arg", n)
    if drop:
        mouse.up()


def selected(view: View) -> list[str]:
    return sorted(view.js("[...v.view.session.nodes]"))


def test_the_lasso_takes_the_cards_whose_middle_lies_inside_and_is_put_away(sales: View, shots: Path) -> None:
    sales.page.keyboard.press("l")
    sales.until("v.view.session.tool === 'lasso'")
    before = sales.js("({...v.surface.camera})")
    draw(sales, HOOK, drop=False)
    sales.host.screenshot(path=str(shots / "lasso.png"))
    sales.page.mouse.up()
    assert selected(sales) == ["deal", "lead"]
    assert sales.js("v.view.session.tool") is None
    assert sales.js("v.surface.state.lasso") is None
    assert sales.js("({...v.surface.camera})") == before
    sales.notebook.await_value("sorted(m.selection)", ["deal", "lead"])


def test_it_begins_on_a_card_too_and_moves_nothing(sales: View) -> None:
    sales.locator(".crm-palette [aria-label=Lasso]").click()
    sales.until("v.view.session.tool === 'lasso'")
    draw(sales, ((0, 20), (60, 200), (500, 200), (500, -70), (300, -70), (250, 100), (60, 30)))
    assert selected(sales) == ["qualified"]
    sales.settled()
    assert sales.notebook.value("[list(p) for p in m.positions.values()]") == [[0.0, 0.0], [352.0, 0.0], [704.0, 0.0]]


def test_shift_and_alt_draw_it_without_the_tool_and_add_to_the_selection(sales: View) -> None:
    sales.js("v.view.session.select(['qualified'])")
    for key in ("Shift", "Alt"):
        sales.page.keyboard.down(key)
    draw(sales, HOOK)
    for key in ("Alt", "Shift"):
        sales.page.keyboard.up(key)
    assert selected(sales) == ["deal", "lead", "qualified"]


def test_escape_takes_back_the_line_and_then_the_tool(sales: View) -> None:
    sales.js("v.view.session.select(['qualified'])")
    sales.page.keyboard.press("l")
    draw(sales, HOOK, drop=False)
    assert selected(sales) == ["deal", "lead"]
    sales.page.keyboard.press("Escape")
    sales.page.mouse.up()
    assert selected(sales) == ["qualified"]
    sales.page.keyboard.press("l")
    sales.until("v.view.session.tool === 'lasso'")
    sales.page.keyboard.press("Escape")
    sales.until("v.view.session.tool === null")
    assert selected(sales) == ["qualified"]
