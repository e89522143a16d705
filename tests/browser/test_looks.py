"""What a designer would check on each picture: nothing overlaps, nothing is clipped, everything can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, page_of
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

LIGHT_AND_DARK = ["light", "dark"]


def overlap(a: dict[str, float], b: dict[str, float]) -> float:
    """The area that two rectangles share."""
    width = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    height = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return max(0.0, width) * max(0.0, height)


def picture(view: View, path: Path) -> None:
    """A picture of the view, for eyes."""
    view.show()
    view.js("v.view.flush()")
    view.host.screenshot(path=str(path))


@pytest.mark.parametrize("n", [12, 100])
def test_no_two_cards_and_no_two_labels_overlap_after_layout(notebook: Open, shots: Path, n: int) -> None:
    nb = notebook([maps.cell(n, height=900), "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.surface.fit(undefined, {animate: false})")
    seen: dict[str, Any] = {}
    labels: dict[str, Any] = {}
    bounds = view.js(
        """(() => { const rs = [...v.store.nodes.keys()].map(id => v.surface.nodeRect(id));
        return [Math.min(...rs.map(r => r.x)), Math.min(...rs.map(r => r.y)),
                Math.max(...rs.map(r => r.x + r.width)), Math.max(...rs.map(r => r.y + r.height))]; })()"""
    )
    y = bounds[1]
    while y < bounds[3]:  # the whole map, window by window, at a zoom that shows all labels
        x = bounds[0]
        while x < bounds[2]:
            view.js(
                "(v.surface.setCamera({x: 100 - arg[0] * 0.7, y: 100 - arg[1] * 0.7, k: 0.7}), v.surface.flush())",
                [x, y],
            )
            scene = view.js("v.surface.scene()")
            seen.update({card["id"]: card["rect"] for card in scene["cards"]})
            labels.update({label["key"]: label["rect"] for label in scene["labels"]})
            x += 1200
        y += 900
    assert len(seen) == n
    assert len(labels) >= 0.9 * view.js("[...v.store.flows.values()].filter(f => f.label || f.volume).length")
    assert [p for p in combinations(seen, 2) if overlap(seen[p[0]], seen[p[1]]) > 0] == []
    assert [p for p in combinations(labels, 2) if overlap(labels[p[0]], labels[p[1]]) > 0] == []
    covered = [(k, c) for k, label in labels.items() for c, card in seen.items() if overlap(label, card) > 0]
    assert covered == []
    view.js("v.surface.fit(undefined, {animate: false})")
    picture(view, shots / f"map-{n}.png")


@pytest.mark.parametrize("theme", LIGHT_AND_DARK)
def test_every_text_can_be_read(notebook: Open, shots: Path, theme: str) -> None:
    nb = notebook([maps.cell(12, paint=True) + f"m.widget.theme = {theme!r}", "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    picture(view, shots / f"map-12-{theme}.png")
    view.js("v.surface.setCamera({x: 300, y: 200, k: 1})")
    view.js("v.view.flush()")
    texts = view.texts()
    view.click(view.js("v.surface.scene().cards[0].id"))
    view.locator(".crm-side").wait_for()
    texts += view.texts()
    view.locator("button").filter(has_text="Ask the map").click()
    texts += view.texts()
    picture(view, shots / f"inspector-{theme}.png")
    assert len(texts) > 60
    assert [t for t in texts if t["ratio"] < 4.5] == []
    assert [t for t in texts if t["clipped"]] == []


@pytest.mark.parametrize("theme", LIGHT_AND_DARK)
def test_the_empty_map_can_be_read(notebook: Open, shots: Path, theme: str) -> None:
    nb = notebook([f"import crmwidget as crm\nm = crm.CrmMap('New')\nm.widget.theme = {theme!r}", "m"])
    nb.run_all(2)
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    view.locator(".crm-empty textarea").wait_for()
    picture(view, shots / f"empty-{theme}.png")
    texts = view.texts()
    assert [t for t in texts if t["ratio"] < 4.5 or t["clipped"]] == []


@pytest.mark.parametrize("width", [320, 700])
def test_no_text_is_clipped_in_a_narrow_output(notebook: Open, shots: Path, width: int) -> None:
    code = maps.cell(12, paint=True) + f"\nm.widget.layout.width = '{width}px'; m.widget.layout.flex = '0 0 auto'"
    nb = notebook([code, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.view.flush()")
    picture(view, shots / f"narrow-{width}.png")
    left, right = view.js(
        "(() => { const r = v.surface.element.getBoundingClientRect(); return [r.left, r.right]; })()"
    )
    assert round(right - left) in range(width - 8, width + 1)
    texts = view.texts()
    assert [t for t in texts if t["clipped"]] == []
    panels = [t for t in texts if "card" not in t["className"]]
    assert [t for t in panels if t["left"] < left - 1 or t["right"] > right + 1] == []


@pytest.mark.parametrize("scale", [1, 2])
def test_it_is_crisp_at_every_device_pixel_ratio(browser: Browser, lab: Server, shots: Path, scale: int) -> None:
    with page_of(browser, device_scale_factor=scale) as (_, page):
        lab.write(f"scale-{scale}.ipynb", [maps.cell(100, figures=False), "m"])
        nb = Notebook(page, lab, f"scale-{scale}.ipynb").open()
        nb.run_all(2)
        view = nb.view()
        view.show()
        ratio = view.js(
            """(() => { const c = v.surface.element.querySelector('canvas');
            const zoom = new DOMMatrix(getComputedStyle(c).transform).a || 1;
            return c.width / c.getBoundingClientRect().width * zoom; })()"""
        )
        assert abs(ratio - scale) < 0.05
        picture(view, shots / f"map-100-at-{scale}x.png")
    lab.shut_kernels()


@pytest.mark.parametrize("theme", LIGHT_AND_DARK)
def test_a_thousand_cards_are_painted(notebook: Open, shots: Path, theme: str) -> None:
    nb = notebook([maps.cell(1000, figures=False) + f"m.widget.theme = {theme!r}", "m"])
    nb.run_all(2)
    view = nb.view()
    picture(view, shots / f"map-1000-{theme}.png")
    assert len(view.js("v.surface.scene()")["cards"]) == 1000


def test_the_theme_follows_jupyterlab(notebook: Open) -> None:
    nb = notebook([maps.cell(12, figures=False), "m"])
    nb.run_all(2)
    view = nb.view()
    root = "v.surface.element.getRootNode().querySelector('.crm-root')"
    background = f"getComputedStyle({root}).getPropertyValue('--crm-background')"
    assert view.js(background).strip() == "#fbfbfa"
    nb.page.evaluate("() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    view.until(f"{background}.trim() === '#14181f'")
    nb.page.evaluate("() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    view.until(f"{background}.trim() === '#fbfbfa'")
