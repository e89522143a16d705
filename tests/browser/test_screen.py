"""The map on the whole screen, as a picture on the clipboard or in the downloads, and its last edits as code."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, one_notebook
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Server) -> Iterator[Notebook]:
    with one_notebook(browser, lab, "screen.ipynb", [maps.SALES, "m"], accept_downloads=True) as nb:
        nb.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield nb


@pytest.fixture
def sales(tab: Notebook) -> View:
    return shown(tab)


def shown(nb: Notebook) -> View:
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("(v.surface.element.focus(), v.surface.fit(undefined, {animate: false}), v.surface.flush())")
    return view


IS_FULL = "document.fullscreenElement === v.surface.element.getRootNode().host"


def is_all_in_sight(view: View) -> bool:
    return bool(
        view.js(
            """(() => { const h = v.surface.element.getBoundingClientRect();
            return [...v.store.nodes.keys()].every(n => { const r = v.surface.nodeRect(n), a = v.surface.toClient(r),
              b = v.surface.toClient({x: r.x + r.width, y: r.y + r.height});
              return a.x >= h.left && b.x <= h.right && a.y >= h.top && b.y <= h.bottom; }); })()"""
        )
    )


@pytest.mark.parametrize("way", ["key", "button"])
def test_the_map_fills_the_screen_is_fitted_anew_and_escape_leaves(sales: View, shots: Path, way: str) -> None:
    before = sales.js("[v.surface.element.clientWidth, v.surface.element.clientHeight]")
    if way == "key":
        sales.page.keyboard.press("Shift+F")
    else:
        sales.locator(".crm-zoom [aria-label='Full screen']").click()
    sales.until(f"{IS_FULL} && v.surface.element.clientHeight > arg", before[1])
    sales.until("v.surface.element.clientWidth === innerWidth && v.surface.element.clientHeight === innerHeight")
    sales.locator("[aria-label='Leave the full screen']").wait_for()
    sales.js("v.view.flush()")
    assert is_all_in_sight(sales)
    sales.page.screenshot(path=str(shots / "full-screen.png"))
    sales.page.keyboard.press("Escape")
    sales.until("document.fullscreenElement === null")
    sales.until("v.surface.element.clientHeight === arg", before[1])
    sales.js("v.view.flush()")
    assert is_all_in_sight(sales)
    assert sales.js("v.surface.element.getRootNode().activeElement === v.surface.element")


def test_escape_first_lets_go_of_what_is_selected(sales: View) -> None:
    sales.page.keyboard.press("Shift+F")
    sales.until(IS_FULL)
    sales.js("v.view.session.select(['lead'])")
    sales.page.keyboard.press("Escape")
    assert sales.js("v.view.session.isEmpty")
    assert sales.js(IS_FULL)
    sales.page.keyboard.press("Shift+F")
    sales.until("document.fullscreenElement === null")


def clipboard_picture(view: View, path: Path) -> dict[str, Any]:
    """The picture on the clipboard: its size, and some of its colours; written to `path` for eyes."""
    taken = view.page.evaluate(
        """async () => {
        const [item] = await navigator.clipboard.read();
        const blob = await item.getType('image/png');
        const bitmap = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        const colours = new Map();
        for (let i = 0; i < data.length; i += 4) {
          const c = '#' + [0, 1, 2].map(j => data[i + j].toString(16).padStart(2, '0')).join('');
          colours.set(c, (colours.get(c) ?? 0) + 1);
        }
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = ''; for (const b of bytes) text += String.fromCharCode(b);
        return { width: bitmap.width, height: bitmap.height, colours: Object.fromEntries(colours), png: btoa(text) };
      }"""
    )
    path.write_bytes(base64.b64decode(taken.pop("png")))
    return dict(taken)


def reds(picture: dict[str, Any]) -> int:
    rgb = ((int(c[1:3], 16), int(c[3:5], 16), int(c[5:7], 16), n) for c, n in picture["colours"].items())
    return sum(n for r, g, b, n in rgb if r > 200 and g < 100 and b < 90)


def copied(view: View, keys: str = "Control+Shift+C") -> None:
    view.page.evaluate("() => navigator.clipboard.writeText('before')")
    view.page.keyboard.press(keys)
    view.page.evaluate(
        """async () => {
        while (!(await navigator.clipboard.read())[0].types.includes('image/png'))
            await new Promise(requestAnimationFrame);
    }"""
    )
    view.locator(".toast").filter(has_text="copied as a picture").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_whole_map_is_copied_at_twice_its_size_in_the_theme_of_the_view(
    sales: View, shots: Path, theme: str
) -> None:
    sales.notebook.kernel(f"m.widget.theme = {theme!r}")
    sales.until("v.view.settings.theme === arg", theme)
    copied(sales)
    picture = clipboard_picture(sales, shots / f"picture-{theme}.png")
    cards = sales.js("v.surface.extent(v.store.nodes.keys())")
    assert 2 * cards["width"] < picture["width"] <= 2 * (cards["width"] + 140)
    assert 2 * cards["height"] < picture["height"] <= 2 * (cards["height"] + 140)
    background = {"light": "#fbfbfa", "dark": "#14181f"}[theme]
    assert picture["colours"].get(background, 0) > 10_000


def test_only_the_selection_is_copied_with_the_flows_within_it(sales: View, shots: Path) -> None:
    sales.js("v.view.session.select(['lead', 'qualified'])")
    copied(sales)
    picture = clipboard_picture(sales, shots / "picture-selection.png")
    cards = sales.js("v.surface.extent(['lead', 'qualified'])")
    assert 2 * cards["width"] < picture["width"] <= 2 * (cards["width"] + 140)


def test_a_painted_answer_comes_with_its_legend(tab: Notebook, shots: Path) -> None:
    tab.run(0)
    tab.kernel(
        "m.paint('wait', crm.shown.Overlay('Waiting time', '', crm.shown.Legend('Share of waiting', '%', "
        "['0', '30', '60']), {'lead': crm.shown.Paint(heat=1.0, text='58 %')}, {}, [], None))"
    )
    tab.run(1)
    view = tab.view()
    view.show()
    view.until("v.surface.state.overlay === 'wait'")
    view.js("v.surface.element.focus()")
    copied(view)
    with_legend = clipboard_picture(view, shots / "picture-legend.png")
    view.js("v.store.hide('wait')")
    view.until("v.surface.state.overlay === null && v.store.unsaved() === 0")
    copied(view)
    without = clipboard_picture(view, shots / "picture-without-legend.png")
    assert with_legend["height"] > without["height"] + 100
    assert reds(with_legend) > 500 > reds(without)  # the hot end of the scale


def test_where_the_page_may_not_copy_the_picture_is_downloaded(sales: View, tmp_path: Path) -> None:
    sales.page.evaluate(
        "() => { window.__write = navigator.clipboard.write; navigator.clipboard.write = () => Promise.reject(1); }"
    )
    try:
        with sales.page.expect_download() as download:
            sales.page.mouse.click(*sales.world(352, 150), button="right")
            sales.locator("[data-action=copy_picture]").click()
        assert download.value.suggested_filename == f"{sales.js('v.store.map.id')}.png"
        download.value.save_as(tmp_path / "map.png")
        assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
        sales.locator(".toast").filter(has_text="downloads").first.wait_for()
    finally:
        sales.page.evaluate("() => { navigator.clipboard.write = window.__write; }")


def test_the_last_edits_are_copied_as_code_that_makes_them_again(sales: View) -> None:
    sales.page.evaluate("() => navigator.clipboard.writeText('before')")
    sales.notebook.kernel("from crmwidget.formats import map_json; before = map_json.dumps(m.elements)")
    sales.click("lead")
    for key in ("ArrowDown", "Shift+L"):
        sales.page.keyboard.press(key)
    sales.until("v.store.nodes.get('lead').locked === true && v.store.unsaved() === 0")
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Escape")
    sales.locator(".crm-toolbar [aria-label=More]").click()
    sales.locator("[role=menuitem]").filter(has_text="Copy code of the last edits").click()
    sales.locator(".toast").filter(has_text="The code of the last 2 edits is copied.").wait_for()
    code = str(sales.page.evaluate("() => navigator.clipboard.readText()"))
    assert 'm.update("lead", locked=True)' in code
    equal = "map_json.dumps(made.elements) == map_json.dumps(m.elements).replace(m.id, made.id)"
    run = f"made = crm.CrmMap(elements=map_json.loads(before)); exec({code!r}, {{'m': made}}); made.flush()"
    sales.notebook.kernel(run)
    assert sales.notebook.value(equal)


def test_a_map_of_thousands_is_a_picture_that_can_be_held(tab: Notebook, shots: Path) -> None:
    tab.kernel(maps.cell(3000, figures=False))
    tab.run(1)
    view = tab.view()
    view.show()
    view.until("v.store.nodes.size === 3000")
    view.js("v.surface.element.focus()")
    copied(view)
    picture = clipboard_picture(view, shots / "picture-3000.png")
    assert picture["width"] * picture["height"] <= 40_100_000
    assert len(picture["colours"]) > 20
