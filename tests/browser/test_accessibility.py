"""For those who cannot see the canvas, or bear what moves: judged by axe, and by what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, page_of
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
LIGHT_AND_DARK = ["light", "dark"]
ROOT = "v.surface.element.getRootNode()"
FAR, MIDDLE, NEAR = 0.12, 0.4, 1.0
# What each state is reached by, from the canvas, after which Escape leads back.
PANELS = {
    "details of a card": ["Tab"],
    "details of a flow": ["Tab", "]"],
    "several cards": ["Control+a"],
    "search": ["/", "a"],
    "search without a hit": ["/", "q", "q", "q"],
    "connecting": ["Tab", "c", "ArrowRight"],
    "outline": ["o", "ArrowRight"],
    "keys": ["?"],
    "naming a card": ["n"],
    "comments of a card": ["Tab", "m"],
    "all comments": ["Shift+M"],
    "menu of a card": ["Tab", "."],
    "typed cards": ["q"],
}


def shown(notebook: Open, *cells: str) -> View:
    nb = notebook(cells)
    nb.run_all(len(cells))
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    view.show()
    view.js("v.surface.element.focus()")
    return view


def zoomed(view: View, k: float) -> None:
    view.js(
        """(() => { const [p] = v.store.positions.values();
        v.surface.setCamera({k: arg, x: 300 - p.x * arg, y: 320 - p.y * arg}); v.view.flush(); })()""",
        k,
    )


def violations(view: View) -> list[str]:
    """What axe calls serious or critical within the map."""
    if not view.page.evaluate("() => 'axe' in window"):
        view.page.evaluate(AXE.read_text(encoding="utf-8"))
    view.js("v.view.flush()")
    found: list[dict[str, Any]] = view.page.evaluate(
        """async i => { const host = __lab.views()[i].querySelector('.crmwidget') ?? __lab.views()[i];
        const { violations } = await axe.run(host, { resultTypes: ['violations'] });
        return violations.map(({ id, impact, nodes }) =>
            ({ id, impact, at: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) })); }""",
        view.index,
    )
    return [f"{v['id']}: {v['at'][:3]}" for v in found if v["impact"] in {"serious", "critical"}]


@pytest.fixture
def painted(notebook: Open, request: pytest.FixtureRequest) -> View:
    """A map with figures, an answer, a group and a comment."""
    code = maps.cell(12, paint=True) + (
        f"m.widget.theme = {request.param!r}\n"
        "m.graph.add_node('team', kind='group', label='Team'); m.graph.nodes[ids[0]]['parent'] = 'team'\n"
    )
    return shown(notebook, code, "m")


def states(view: View) -> Iterator[str]:
    """Each panel in turn, open; the canvas has the focus again after each."""
    for name, keys in PANELS.items():
        view.js("(v.view.session.clear(), v.view.session.set({left: null}), v.surface.element.focus())")
        for key in keys:
            view.page.keyboard.press(key)
            view.js("v.view.flush()")
        yield name
        view.page.keyboard.press("Escape")
        view.js("v.view.flush()")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: `make test` does it")
@pytest.mark.parametrize("painted", LIGHT_AND_DARK, indirect=True)
def test_axe_finds_nothing_serious_at_any_zoom_with_any_panel_open(painted: View) -> None:
    found = {}
    for k in (FAR, MIDDLE, NEAR):
        zoomed(painted, k)
        found[f"zoom {k}"] = violations(painted)
    for name in states(painted):
        found[name] = violations(painted)
    painted.js("v.view.session.clear()")
    painted.locator("button").filter(has_text="Ask the map").click()
    found["questions"] = violations(painted)
    assert len(found) == 3 + len(PANELS) + 1
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: `make test` does it")
@pytest.mark.parametrize("theme", LIGHT_AND_DARK)
def test_axe_finds_nothing_serious_in_an_empty_and_in_a_narrow_map(notebook: Open, theme: str) -> None:
    code = f"import crmwidget as crm\nm = crm.CrmMap('New')\nm.widget.theme = {theme!r}\n"
    narrow = "m.widget.layout.width = '340px'; m.widget.layout.flex = '0 0 auto'\n"
    view = shown(notebook, code + narrow, "m")
    assert violations(view) == []
    view.notebook.kernel("m.add_stage('Lead'); m.add_stage('Deal'); m.add_flow('lead', 'deal')")
    view.until("v.store.nodes.size === 2")
    for name in states(view):
        assert violations(view) == [], name


def test_a_screen_reader_finds_every_card_where_only_the_canvas_is_to_be_seen(notebook: Open) -> None:
    view = shown(notebook, maps.cell(100, figures=False), "m")
    zoomed(view, 0.1)
    assert view.js("v.surface.element.querySelectorAll('.card:not([style*=\"display: none\"])').length") == 0
    assert not view.locator(".crm-outline").evaluate("e => e.classList.contains('open')")
    view.until(f"{ROOT}.querySelectorAll('[role=treeitem]').length === 100")
    session = view.page.context.new_cdp_session(view.page)
    told = session.send("Accessibility.getFullAXTree")["nodes"]
    items = [n for n in told if n.get("role", {}).get("value") == "treeitem" and not n["ignored"]]
    names = {n["name"]["value"] for n in items}
    assert names == {f"{label}, Stage" for label in view.labels().values()}
    properties = [{p["name"]: p["value"].get("value") for p in n["properties"]} for n in items]
    assert {p["level"] for p in properties} == {1}
    trees = [n for n in told if n.get("role", {}).get("value") == "tree" and not n["ignored"]]
    assert [n["name"]["value"] for n in trees] == ["Cards and their flows"]


def test_the_hidden_outline_shows_while_it_has_the_focus(notebook: Open) -> None:
    view = shown(notebook, maps.cell(12, figures=False), "m")
    view.until(f"{ROOT}.querySelectorAll('[role=treeitem]').length === 12")
    hidden = f"{ROOT}.querySelector('.crm-outline').getBoundingClientRect().width < 4"
    view.until(hidden)
    for _ in range(13):
        view.page.keyboard.press("Tab")
    view.until(f"{ROOT}.activeElement.matches('[role=treeitem]')")
    view.until(f"{ROOT}.querySelector('.crm-outline').getBoundingClientRect().width > 200")
    expect(view.locator(".crm-outline header")).to_be_visible()
    view.page.keyboard.press("Tab")
    view.page.keyboard.press("Tab")
    view.until(f"!{ROOT}.activeElement.closest('.crm-outline')")
    view.until(hidden)


def test_cards_are_told_whole_and_edits_are_told_politely(notebook: Open) -> None:
    view = shown(notebook, maps.cell(12), "m")
    view.page.keyboard.press("Tab")
    region = f"{ROOT}.querySelector('[aria-live=polite]')"
    view.until(f"{region}.textContent.startsWith('Lead intake, Stage, Marketing')")
    said = view.js(f"{region}.textContent")
    assert "pipeline" in said
    assert said.endswith("flows")


def test_nothing_flies_and_nothing_fades_for_those_who_want_it_still(browser: Browser, lab: Server) -> None:
    with page_of(browser, reduced_motion="reduce") as (_, page):
        lab.write("still.ipynb", [maps.cell(100, figures=False), "m"])
        nb = Notebook(page, lab, "still.ipynb").open()
        nb.run_all(2)
        view = nb.view()
        view.show()
        view.js("v.surface.element.focus()")
        target = view.js("[...v.store.nodes.keys()].at(-1)")
        view.page.keyboard.press("/")
        view.until(f"{ROOT}.activeElement?.matches('.crm-find input')")
        view.page.keyboard.type(view.labels()[target])
        view.until("v.surface.state.found !== null")
        view.js("window.seen = []; v.surface.onCamera(() => window.seen.push(v.surface.camera.k))".replace("; ", ", "))
        view.page.keyboard.press("Enter")
        view.until("v.surface.camera.k === 1")
        view.page.keyboard.press("f")
        view.page.keyboard.press("Escape")
        view.page.keyboard.press("f")
        view.until("window.seen.length === 3 || v.surface.camera.k < 1")
        assert len(view.js("window.seen")) <= 3, "each flight is one step"
        moving = view.js(
            f"""[...{ROOT}.querySelectorAll('*')].filter(e => ['', '::before', '::after'].some(part => {{
            const s = getComputedStyle(e, part || undefined);
            return s.transitionDuration.split(', ').some(d => d !== '0s') || s.animationName !== 'none'; }}))
            .map(e => e.className)"""
        )
        assert moving == []
    lab.shut_kernels()


@pytest.mark.parametrize("theme", LIGHT_AND_DARK)
def test_the_focus_is_always_to_be_seen(notebook: Open, shots: Path, theme: str) -> None:
    view = shown(notebook, maps.cell(12, paint=True) + f"m.widget.theme = {theme!r}", "m")
    view.page.keyboard.press("o")
    view.until(f"{ROOT}.activeElement.matches('[role=treeitem]')")
    seen: dict[str, float] = {}
    ring = """(() => {
      const e = %s.activeElement;
      const style = getComputedStyle(e.matches('.surface') ? e : e.closest('.picker-field') ?? e,
        e.matches('.surface') ? '::after' : undefined);
      const width = parseFloat(e.matches('.surface') ? style.borderTopWidth : style.outlineWidth);
      const colour = e.matches('.surface') ? style.borderTopColor : style.outlineColor;
      const numbers = c => c.match(/[\\d.]+/g).map(Number);
      // A ring outside of a thing is seen against what lies around it.
      let back = parseFloat(style.outlineOffset) < 0 || e.matches('.surface') ? e : e.parentElement;
      while (back && (numbers(getComputedStyle(back).backgroundColor)[3] ?? 1) === 0) back = back.parentElement;
      const linear = v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
      const light = c => { const [r, g, b] = numbers(c).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const [a, b] = [light(colour), light(getComputedStyle(back ?? e).backgroundColor)].sort((x, y) => y - x);
      return [e.className + ' ' + (e.ariaLabel ?? ''), width, (a + 0.05) / (b + 0.05), style.outlineStyle]; })()"""
    view.page.keyboard.press("Escape")
    for _ in range(60):
        name, width, contrast, _ = view.js(ring % ROOT)
        seen[name] = contrast
        assert width >= 2, name
        view.page.keyboard.press("Tab")
        if not view.js(f"{ROOT}.activeElement"):
            break
    assert len(seen) > 20
    assert {name: ratio for name, ratio in seen.items() if ratio < 3} == {}


def test_it_can_be_used_in_forced_colours(browser: Browser, lab: Server, shots: Path) -> None:
    with page_of(browser, forced_colors="active") as (_, page):
        lab.write("forced.ipynb", [maps.cell(12, paint=True), "m"])
        nb = Notebook(page, lab, "forced.ipynb").open()
        nb.run_all(2)
        view = nb.view()
        view.show()
        view.js("v.surface.element.focus()")
        zoomed(view, 1)
        for key in ("Tab", "o", "ArrowDown"):
            page.keyboard.press(key)
            view.js("v.view.flush()")
        view.host.screenshot(path=str(shots / "forced-colours.png"))
        chosen = view.locator("[role=treeitem][aria-selected=true]").first
        assert chosen.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    lab.shut_kernels()
