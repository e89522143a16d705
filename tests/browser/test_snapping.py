"""A dragged card meets the lines and gaps of its neighbours, shows them, and does not where that is not wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, one_notebook
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Server) -> Iterator[Notebook]:
    with one_notebook(browser, lab, "snapping.ipynb", [maps.SALES, "m"]) as nb:
        yield nb


@pytest.fixture
def sales(tab: Notebook) -> View:
    """Lead at (0, 0), Qualified at (352, 0), Deal off the grid at (707, 203), at a zoom where a pixel is a unit."""
    tab.run(0)
    tab.kernel("m.move('deal', 707, 203); m.history.done.clear()")
    tab.run(1)
    view = tab.view()
    view.show()
    view.js("(v.surface.setCamera({x: 160, y: 180, k: 1}), v.surface.flush())")
    return view


def dragged(view: View, node: str, dx: float, dy: float, *, steps: int = 6) -> None:
    """The card is in the hand, that far from where it was."""
    x, y = view.at(node, 0, -0.5)
    view.drag((x, y), (x + dx, y + dy), steps=steps, drop=False)
    view.until("v.surface.state.dragging.size > 0")
    # The last move is taken in the next frame.
    view.page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def guides(view: View) -> list[dict[str, Any]]:
    return list(view.js("v.surface.state.guides"))


def dropped(view: View, node: str) -> list[float]:
    view.page.mouse.up()
    view.until("v.surface.state.dragging.size === 0 && v.store.unsaved() === 0")
    assert guides(view) == []
    return list(view.notebook.value(f"list(m.positions[{node!r}])"))


def test_a_card_meets_the_middle_of_another_one_off_the_grid_and_shows_the_line(sales: View, shots: Path) -> None:
    dragged(sales, "lead", 170, 200)
    lines = [g for g in guides(sales) if g["type"] == "line"]
    assert [(g["from"]["y"], g["to"]["y"]) for g in lines] == [(203, 203)]
    expect(sales.locator(".surface .guide.line")).to_have_count(1)
    sales.host.screenshot(path=str(shots / "snapping-line.png"))
    assert dropped(sales, "lead")[1] == 203.0
    sales.page.keyboard.press("Control+z")
    sales.notebook.await_value("list(m.positions['lead'])", [0.0, 0.0])


def test_where_no_line_is_near_it_meets_the_grid(sales: View) -> None:
    dragged(sales, "lead", 21, 157)
    assert guides(sales) == []
    assert dropped(sales, "lead") == [24.0, 160.0]


def test_equal_gaps_are_met_and_shown(sales: View, shots: Path) -> None:
    sales.notebook.kernel("m.move('deal', 900, 40)")
    sales.until("v.store.positions.get('deal').x === 900")
    dragged(sales, "deal", -193, -30)  # 704 would be as far from Qualified as that is from Lead
    gaps = [g for g in guides(sales) if g["type"] == "gap"]
    assert [(g["from"]["x"], g["to"]["x"]) for g in gaps] == [(100, 252), (452, 604)]
    sales.host.screenshot(path=str(shots / "snapping-gaps.png"))
    assert dropped(sales, "deal")[0] == 704.0


def test_alt_lets_it_lie_anywhere(sales: View) -> None:
    dragged(sales, "lead", 150, 199)
    sales.page.keyboard.down("Alt")
    x, y = sales.at("lead", 0, -0.5)
    sales.page.mouse.move(x + 1, y - 2)
    sales.until("v.surface.state.guides.length === 0")
    sales.page.mouse.up()
    sales.page.keyboard.up("Alt")
    sales.until("v.store.unsaved() === 0")
    _, y = sales.notebook.value("list(m.positions['lead'])")
    assert y != 203.0
    assert y % 8 != 0


def test_without_the_setting_it_lies_where_it_is_let_go(sales: View) -> None:
    sales.notebook.kernel("m.widget.snap = False")
    sales.until("!v.view.settings.snap")
    dragged(sales, "lead", 151, 201)
    assert guides(sales) == []
    assert dropped(sales, "lead") == [151.0, 201.0]


def test_the_reach_is_six_pixels_at_any_zoom(sales: View) -> None:
    sales.js("(v.surface.setCamera({x: 160, y: 180, k: 0.5}), v.surface.flush())")
    dragged(sales, "lead", 75, 98)  # 7 units off the line are 3.5 pixels
    assert dropped(sales, "lead")[1] == 203.0


def test_many_cards_meet_by_their_common_outline_and_escape_ends_it(sales: View) -> None:
    sales.js("(v.surface.element.focus(), v.view.session.select(['lead', 'qualified']))")
    dragged(sales, "lead", 40, 200)
    assert [g["from"]["y"] for g in guides(sales)] == [203]
    sales.page.keyboard.press("Escape")
    sales.until("v.surface.state.guides.length === 0 && v.surface.state.dragging.size === 0")
    sales.page.mouse.up()
    assert sales.notebook.value("list(m.positions['lead'])") == [0.0, 0.0]


def test_many_are_distributed_and_aligned_from_the_panel(sales: View) -> None:
    sales.notebook.kernel("m.move('qualified', 250, 0)")
    sales.until("v.store.positions.get('qualified').x === 250")
    sales.js("(v.surface.element.focus(), v.view.session.select(['lead', 'qualified', 'deal']))")
    panel = sales.locator(".crm-side")
    panel.get_by_label("Distribute horizontally").click()
    sales.notebook.await_value("m.positions['qualified'][0]", 353.5)
    panel.get_by_label("Align middle").click()
    sales.notebook.await_value("len({m.positions[n][1] for n in m.graph})", 1)
    assert sales.notebook.value("m.history.done[-1].label") == "Align middle"
