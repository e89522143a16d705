"""Fingers on the canvas, by the browser's own touch events; and the page that must still scroll under them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, one_notebook
from playwright.sync_api import Browser, CDPSession, expect

pytestmark = pytest.mark.browser

At = tuple[float, float]


class Hand:
    """Fingers by their numbers; each call says where all of them are."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    def _send(self, kind: str, points: tuple[At, ...]) -> None:
        touch = [{"x": x, "y": y, "id": i, "radiusX": 6, "radiusY": 6} for i, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch})

    def down(self, *points: At) -> None:
        self._send("touchStart", points)

    def move(self, *points: At) -> None:
        self._send("touchMove", points)

    def up(self) -> None:
        self._send("touchEnd", ())

    def tap(self, at: At) -> None:
        self.down(at)
        self.up()

    def swipe(self, start: At, end: At, *, steps: int = 8, lift: bool = True) -> None:
        self.down(start)
        for i in range(1, steps + 1):
            self.move((start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps))
        if lift:
            self.up()


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Server) -> Iterator[Notebook]:
    cells = [maps.SALES, "m", *["'more'"] * 12]
    with one_notebook(browser, lab, "touch.ipynb", cells, has_touch=True) as nb:
        yield nb


@pytest.fixture(scope="module")
def hand(tab: Notebook) -> Hand:
    return Hand(tab.page.context.new_cdp_session(tab.page))


@pytest.fixture
def sales(tab: Notebook) -> View:
    """A map that is not in use yet."""
    tab.run_all(2)
    view = tab.view()
    view.show()
    tab.page.evaluate("() => { document.activeElement?.blur(); }")
    view.js("(v.surface.setCamera({x: 200, y: 200, k: 1}), v.surface.flush())")
    return view


def camera(view: View) -> dict[str, float]:
    return dict(view.js("({...v.surface.camera})"))


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def taken_into_use(view: View, hand: Hand) -> None:
    hand.tap(view.world(170, 250))
    view.until("v.surface.element.getRootNode().activeElement === v.surface.element")


def scrolled(view: View) -> float:
    return float(view.page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"))


def test_a_tap_selects_and_takes_the_map_into_use(sales: View, hand: Hand) -> None:
    hand.tap(sales.at("lead", 0, -0.3))
    sales.until("v.view.session.nodes.has('lead')")
    assert sales.js("v.surface.element.getRootNode().activeElement === v.surface.element")
    hand.tap(sales.world(170, 250))
    sales.until("v.view.session.isEmpty")


def test_a_swipe_over_a_map_that_is_not_in_use_scrolls_the_page_and_leaves_the_map(sales: View, hand: Hand) -> None:
    sales.page.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0; }")
    before, at = camera(sales), scrolled(sales)
    x, y = sales.at("lead", 0, -0.3)
    hand.swipe((x, y + 60), (x, y - 200))
    sales.page.wait_for_function(
        "before => document.querySelector('.jp-WindowedPanel-outer').scrollTop > before + 40", arg=at
    )
    assert camera(sales) == before
    assert sales.js("v.view.session.isEmpty")
    assert python(sales, "list(m.positions['lead'])") == [0.0, 0.0]


def test_in_use_one_finger_pans_on_the_empty_canvas_and_the_page_stays(sales: View, hand: Hand) -> None:
    taken_into_use(sales, hand)
    before, at = camera(sales), scrolled(sales)
    x, y = sales.world(170, 250)
    hand.swipe((x, y), (x + 60, y - 90))
    sales.until("v.surface.camera.y < arg - 60", before["y"])
    after = camera(sales)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (60, -90)
    assert scrolled(sales) == at


@pytest.mark.parametrize("in_use", [False, True], ids=["not in use", "in use"])
def test_two_fingers_pinch_about_their_middle_and_the_page_stays(sales: View, hand: Hand, in_use: bool) -> None:
    if in_use:
        taken_into_use(sales, hand)
    x, y = sales.world(352, 100)
    world = sales.js("v.surface.toWorld({x: arg[0], y: arg[1]})", [x, y])
    scale = sales.page.evaluate("() => visualViewport.scale")
    hand.down((x - 50, y), (x + 50, y))
    for reach in (60, 70, 80, 90, 100):
        hand.move((x - reach, y), (x + reach, y))
    sales.until("v.surface.camera.k > 1.9")
    hand.up()
    there = sales.js("v.surface.toWorld({x: arg[0], y: arg[1]})", [x, y])
    assert abs(there["x"] - world["x"]) < 3
    assert abs(there["y"] - world["y"]) < 3
    assert sales.page.evaluate("() => visualViewport.scale") == scale
    assert python(sales, "[list(p) for p in m.positions.values()]") == [[0.0, 0.0], [352.0, 0.0], [704.0, 0.0]]


def test_a_card_is_dragged_by_a_finger_as_one_step(sales: View, hand: Hand) -> None:
    taken_into_use(sales, hand)
    x, y = sales.at("lead", 0, -0.3)
    hand.swipe((x, y), (x + 41, y + 161))
    sales.until("v.store.positions.get('lead').y > 100 && v.store.unsaved() === 0")
    assert python(sales, "list(m.positions['lead'])") == [40.0, 160.0]
    sales.page.keyboard.press("Control+z")
    sales.notebook.await_value("list(m.positions['lead'])", [0.0, 0.0])


def test_a_second_finger_takes_the_drag_back_and_pinches(sales: View, hand: Hand) -> None:
    taken_into_use(sales, hand)
    revision = python(sales, "m.revision")
    x, y = sales.at("lead", 0, -0.3)
    hand.swipe((x, y), (x + 60, y + 90), lift=False)
    sales.until("v.store.positions.get('lead').y > 40")
    hand.down((x + 60, y + 90), (x + 160, y + 90))
    sales.until("v.store.positions.get('lead').y === 0")
    hand.move((x + 20, y + 90), (x + 200, y + 90))
    sales.until("v.surface.camera.k > 1.3")
    hand.up()
    assert python(sales, "m.revision") == revision


def test_a_finger_that_rests_opens_the_menu_with_a_cue_and_large_targets(sales: View, hand: Hand, shots: Path) -> None:
    hand.down(sales.at("lead", 0, -0.3))
    sales.locator(".cue").wait_for(state="attached")
    sales.locator(".context-menu").wait_for()
    assert sales.js("[...v.view.session.nodes]") == ["lead"]
    hand.up()
    sizes = sales.locator(".context-menu [role=menuitem]").evaluate_all(
        "es => es.map(e => e.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert min(height for _, height in sizes) >= 44
    sales.locator(".context-menu").evaluate("e => Promise.all(e.getAnimations().map(a => a.finished))")
    sales.host.screenshot(path=str(shots / "touch-menu.png"))
    box = sales.locator(".context-menu [data-action=duplicate]").bounding_box()
    hand.tap((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    sales.until("v.store.nodes.has('lead_2')")
    expect(sales.locator(".context-menu")).to_have_count(0)


def test_a_finger_that_moves_opens_no_menu(sales: View, hand: Hand) -> None:
    taken_into_use(sales, hand)
    x, y = sales.world(170, 250)
    hand.swipe((x, y), (x + 40, y), lift=False)
    sales.page.evaluate("() => new Promise(r => setTimeout(r, 650))")  # longer than a finger has to rest
    expect(sales.locator(".context-menu")).to_have_count(0)
    hand.up()


def test_two_taps_rename_a_card_and_add_one_on_the_empty_canvas(sales: View, hand: Hand) -> None:
    for _ in range(2):
        hand.tap(sales.at("lead", 0, -0.3))
    sales.locator(".inplace.rename input").wait_for()
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("Leads")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.graph.nodes['lead']['label']", "Leads")
    for _ in range(2):
        hand.tap(sales.world(170, 250))
    sales.locator(".inplace.ghost input").wait_for()
    sales.page.keyboard.type("New")
    sales.page.keyboard.press("Enter")
    sales.until("v.store.nodes.has('new')")


def test_a_flow_is_drawn_from_a_port_that_a_finger_can_hit(sales: View, hand: Hand, shots: Path) -> None:
    hand.tap(sales.at("lead", 0, -0.3))
    sales.until("v.view.session.nodes.has('lead')")
    sales.js("v.surface.flush()")
    sales.host.screenshot(path=str(shots / "touch-ports.png"))
    ports = sales.locator(".surface .port").evaluate_all(
        "es => es.map(e => e.getBoundingClientRect()).map(r => [r.x + r.width / 2, r.y + r.height / 2])"
    )
    assert len(ports) == 4
    x, y = max(ports, key=lambda port: port[1])  # the one below the card
    for dx, dy in ((0, 0), (21, 0), (-21, 0), (0, 21)):
        hit = sales.js("v.surface.hit({x: arg[0], y: arg[1]})", [x + dx, y + dy])
        assert hit["type"] == "port", (dx, dy)
    hand.swipe((x + 15, y + 10), sales.at("qualified", 0, 0.5))
    sales.until("v.store.flows.size === 3 && v.store.unsaved() === 0")
    assert python(sales, "m.graph.number_of_edges('lead', 'qualified')") == 2


def test_the_lasso_is_drawn_by_a_finger(sales: View, hand: Hand) -> None:
    # Not by a tap: after the swipe of the test before, the browser takes the first one for the end of a fling.
    sales.locator(".crm-palette [aria-label=Lasso]").click()
    sales.until("v.view.session.tool === 'lasso'")
    before = camera(sales)
    corners = [sales.world(*at) for at in ((-120, -90), (180, -90), (180, 110), (-120, 110), (-120, -70))]
    hand.down(corners[0])
    for n, corner in enumerate(corners[1:], start=2):
        hand.move(corner)
        sales.until("v.surface.state.lasso?.length === arg", n)
    hand.up()
    sales.until("v.view.session.tool === null")
    assert sales.js("[...v.view.session.nodes]") == ["lead"]
    assert camera(sales) == before
