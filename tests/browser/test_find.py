"""Search with jump, the outline and the minimap: what is anywhere on the map is found and reached."""

from __future__ import annotations

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
m = crm.CrmMap("Sales")
m.add("group", "Closing")
for label, owner in (("Lead", "Ann"), ("Qualified lead", "Lea"), ("Deal", "Bo"), ("Support", "Ann")):
    m.add_stage(label, owner=owner)
m.graph.nodes["deal"]["parent"] = "closing"
m.add_flow("lead", "qualified_lead", label="62 %")
m.add_flow("qualified_lead", "deal")
for node, x, y in (("lead", 0, 0), ("qualified_lead", 352, 0), ("deal", 704, 0), ("support", 352, 240),
                   ("closing", 704, 0)):
    m.move(node, x, y)
m.history.done.clear()
"""
# Ten thousand cards that are placed already, so that no layout has to be waited for.
MANY = """
import crmwidget as crm
from crmwidget.graph.elements import Elements
ids = [f"n{i}" for i in range(10_000)]
m = crm.CrmMap("Many", elements=Elements(
    nodes={n: {"kind": "stage", "label": f"Stage {i}", "team": f"Team {'ABCD'[i % 4]}"} for i, n in enumerate(ids)},
    flows={f"f{i}": {"kind": "flow", "source": ids[i * 2 // 3], "target": ids[i * 2 // 3 + 1]} for i in range(14_000)},
    positions={"lifecycle": {n: {"x": i % 100 * 352, "y": i // 100 * 192, "pinned": True} for i, n in enumerate(ids)}},
))
m.widget.height = 700
"""
ROOT = "v.surface.element.getRootNode()"
# All rows that there are, as [level, text, is selected].
ROWS = f"""[...{ROOT}.querySelectorAll('[role=treeitem]')]
    .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
    .map(e => [Number(e.ariaLevel), e.ariaLabel, e.ariaSelected === 'true'])"""


def shown(notebook: Open, *cells: str) -> View:
    nb = notebook(cells)
    nb.run_all(len(cells))
    view = nb.view()
    view.show()
    view.js("v.surface.element.focus()")
    return view


@pytest.fixture
def sales(notebook: Open) -> View:
    return shown(notebook, SALES, "m")


def press(view: View, *keys: str) -> None:
    for key in keys:
        view.page.keyboard.press(key)


def open_find(view: View, text: str = "", *, key: str = "/") -> None:
    press(view, key)
    view.until(f"{ROOT}.activeElement?.matches('.crm-find input')")
    view.page.keyboard.type(text)


def hits(view: View) -> list[str]:
    return [text.strip() for text in view.locator(".crm-find .choice-title").all_inner_texts()]


def selected(view: View) -> list[str]:
    return sorted(view.js("[...v.view.session.nodes, ...v.view.session.flows]"))


def rows(view: View) -> list[tuple[int, str]]:
    return [(level, text) for level, text, _ in view.js(ROWS)]


def open_outline(view: View) -> None:
    press(view, "o")
    view.until(f"{ROOT}.activeElement?.matches('[role=treeitem]')")


def focused_row(view: View) -> Any:
    return view.js(f"{ROOT}.activeElement.ariaLabel")


# ---- search --------------------------------------------------------------------------------------------


def test_what_is_typed_is_found_at_once_the_best_first_and_counted(sales: View) -> None:
    open_find(sales, "lea")
    sales.until(f"{ROOT}.querySelectorAll('.crm-find .choice').length === 2")
    assert hits(sales) == ["Lead", "Qualified lead"]
    sales.page.keyboard.type("d")
    expect(sales.locator(".picker-count")).to_have_text("2 found")
    press(sales, "Control+a")
    sales.page.keyboard.type("ann")
    sales.until(f"{ROOT}.querySelector('.crm-find .choice-note')?.textContent === 'Owner: Ann'")
    assert hits(sales) == ["Lead", "Support"]
    press(sales, "Control+a")
    sales.page.keyboard.type("62")
    sales.until(f"{ROOT}.querySelectorAll('.crm-find .choice').length === 1")
    expect(sales.locator(".crm-find .choice-note")).to_have_text("Lead → Qualified lead")


def test_arrows_walk_the_hits_and_enter_flies_there_selects_and_closes(sales: View) -> None:
    sales.js("v.surface.setCamera({x: -4000, y: 900, k: 0.3})")
    open_find(sales, "lead")
    sales.until("v.surface.state.found?.active === 'lead'")
    press(sales, "ArrowDown")
    sales.until("v.surface.state.found?.active === 'qualified_lead'")
    press(sales, "ArrowDown")
    sales.until("v.surface.state.found?.active === 'lead'")
    press(sales, "ArrowUp", "Enter")
    sales.until("!v.view.session.findOpen && v.surface.state.found === null")
    assert selected(sales) == ["qualified_lead"]
    sales.until(f"{ROOT}.activeElement === v.surface.element")
    sales.until(
        """(() => { const r = v.surface.nodeRect('qualified_lead'), b = v.surface.element.getBoundingClientRect();
        const at = v.surface.toClient({x: r.x + r.width / 2, y: r.y + r.height / 2});
        return Math.abs(at.x - b.x - b.width / 2) < b.width / 4 && v.surface.camera.k === 1; })()"""
    )


def test_hits_stand_out_on_the_map_and_all_else_is_dimmed_until_it_closes(sales: View) -> None:
    open_find(sales, "lead")
    sales.until("v.surface.state.found?.nodes.size === 2")
    dim = "getComputedStyle(v.surface.element.querySelector('.picture')).opacity < 0.5"
    sales.until(dim)
    sales.js("v.surface.setCamera({x: 200, y: 300, k: 1})")
    sales.js("v.surface.flush()")
    sales.until("getComputedStyle(v.surface.cardElement('support')).opacity < 0.5")
    assert sales.js("getComputedStyle(v.surface.cardElement('lead')).opacity") == "1"
    press(sales, "Escape")
    sales.until(f"!({dim})")
    assert sales.js(f"{ROOT}.activeElement === v.surface.element")
    assert selected(sales) == []


def test_the_browsers_own_search_key_opens_it_too_and_the_pointer_chooses(sales: View) -> None:
    open_find(sales, "deal", key="Control+f")
    sales.locator(".crm-find .choice").first.click()
    sales.until("!v.view.session.findOpen")
    assert selected(sales) == ["deal"]
    sales.locator("[aria-label='Find']").click()
    sales.until(f"{ROOT}.activeElement?.matches('.crm-find input')")
    sales.locator(".crm-find [aria-label='Close']").click()
    sales.until("!v.view.session.findOpen")


def test_what_is_not_there_can_be_added_under_that_name(sales: View) -> None:
    open_find(sales, "Won at  last")
    sales.until(f"{ROOT}.querySelector('.picker-count').textContent === 'Nothing found'")
    expect(sales.locator(".picker-offer")).to_contain_text("Add the stage “Won at last”")
    press(sales, "Enter")
    sales.until("v.store.nodes.get('won_at_last')?.label === 'Won at last'")
    sales.settled()
    assert sales.notebook.value("m.graph.nodes['won_at_last']['kind']") == "stage"
    assert selected(sales) == ["won_at_last"]
    rects = sales.js("[...v.store.nodes.keys()].filter(id => id !== 'closing').map(id => v.surface.nodeRect(id))")
    new = rects.pop()
    apart = [
        r["x"] + r["width"] <= new["x"]
        or new["x"] + new["width"] <= r["x"]
        or r["y"] + r["height"] <= new["y"]
        or new["y"] + new["height"] <= r["y"]
        for r in rects
    ]
    assert all(apart)


def test_hits_follow_the_map_while_it_is_edited(sales: View) -> None:
    open_find(sales, "lead")
    sales.until(f"{ROOT}.querySelectorAll('.crm-find .choice').length === 2")
    sales.notebook.kernel("m.update('support', label='Lead support')")
    sales.until(f"{ROOT}.querySelectorAll('.crm-find .choice').length === 3")
    sales.until("v.surface.state.found.nodes.has('support')")


# ---- outline -------------------------------------------------------------------------------------------


def test_the_outline_is_a_tree_of_cards_with_their_flows_that_keys_walk(sales: View) -> None:
    open_outline(sales)
    assert rows(sales) == [
        (1, "Lead, Stage"),
        (1, "Qualified lead, Stage"),
        (1, "Support, Stage"),
        (1, "Closing, Group"),
        (2, "Deal, Stage"),
    ]
    assert focused_row(sales) == "Lead, Stage"
    press(sales, "ArrowRight")
    sales.until(f"{ROOT}.activeElement.ariaExpanded === 'true'")
    press(sales, "ArrowRight")
    sales.until(f"{ROOT}.activeElement.ariaLabel === 'Flow to Qualified lead, 62 %'")
    assert selected(sales) == ["f1"]
    press(sales, "ArrowLeft", "ArrowLeft", "End")
    sales.until(f"{ROOT}.activeElement.ariaLabel === 'Deal, Stage'")
    assert selected(sales) == ["deal"]
    place = "[e.ariaPosInSet, e.ariaSetSize, e.ariaLevel]"
    assert sales.js(f"(() => {{ const e = {ROOT}.activeElement; return {place}; }})()") == ["1", "1", "2"]
    press(sales, "Home")
    sales.page.keyboard.type("su")
    sales.until(f"{ROOT}.activeElement.ariaLabel === 'Support, Stage'")
    press(sales, "Enter")
    sales.until(f"{ROOT}.activeElement === v.surface.element")
    assert selected(sales) == ["support"]
    assert sales.js(f"[...{ROOT}.querySelectorAll('[role=treeitem]')].filter(e => e.tabIndex === 0).length") == 1


def test_the_outline_follows_selection_and_edits_of_the_canvas_and_of_python(sales: View) -> None:
    open_outline(sales)
    press(sales, "Escape")
    sales.js("v.view.session.select(['support'])")
    sales.until(f"{ROWS}.filter(r => r[2]).map(r => r[1]).join() === 'Support, Stage'")
    sales.js("v.view.session.select(['lead', 'deal'])")
    sales.until(f"{ROWS}.filter(r => r[2]).length === 2")
    sales.notebook.kernel("m.update('lead', label='Leads'); m.remove('support'); m.add_stage('Last', parent='closing')")
    sales.until(f"{ROWS}.map(r => r[1]).join('; ').startsWith('Leads, Stage; Qualified lead, Stage; Closing')")
    sales.notebook.kernel("m.move('lead', 2000, 0)")
    sales.until(f"{ROWS}.at(-1)[1] === 'Leads, Stage'")


def test_cards_are_gathered_renamed_and_removed_from_the_outline(sales: View) -> None:
    open_outline(sales)
    press(sales, "ArrowDown")
    sales.until("v.view.session.nodes.has('qualified_lead')")
    press(sales, "F2")
    sales.until(f"{ROOT}.activeElement?.matches('.rename input')")
    sales.page.keyboard.type("Hot")
    press(sales, "Enter")
    sales.until(f"{ROWS}.some(r => r[1] === 'Hot, Stage')")
    sales.locator("[role=treeitem]").filter(has_text="Support").click()
    sales.until("v.view.session.nodes.has('support')")
    press(sales, "Delete")
    sales.until("!v.store.nodes.has('support')")
    sales.settled()
    assert sales.notebook.value("[n['label'] for n in m.graph.nodes.values()]") == ["Closing", "Lead", "Hot", "Deal"]


def test_of_ten_thousand_cards_every_one_is_found_and_few_have_an_element(notebook: Open, shots: Path) -> None:
    view = shown(notebook, MANY, "m")
    rows_there = f"{ROOT}.querySelectorAll('[role=treeitem]').length"
    view.until(f"{rows_there} > 0")
    assert view.js(rows_there) <= 301, "closed, too"
    open_outline(view)
    view.until(f"{rows_there} < 60")
    assert view.js(f"{ROOT}.activeElement.ariaSetSize") == "10000"
    press(view, "End")
    view.until(f"{ROOT}.activeElement.ariaPosInSet === '10000'")
    assert focused_row(view) == "Stage 9999, Stage"
    # With all of the map in sight nothing flies, and a slow machine hears the letters as one word.
    view.js("(v.surface.setCamera({x: 350, y: 100, k: 0.025}), v.surface.flush())")
    view.page.keyboard.type("stage 4217")
    view.until(f"{ROOT}.activeElement.ariaLabel === 'Stage 4217, Stage'")
    assert view.js(rows_there) < 60
    press(view, "Escape")
    open_find(view, "stage 9876")
    view.until(f"{ROOT}.querySelector('.picker-count').textContent === '1 found'")
    press(view, "Control+a")
    view.page.keyboard.type("team b")
    view.until(f"{ROOT}.querySelector('.picker-count').textContent === '2\\u202f500 found'")
    assert view.js(f"{ROOT}.querySelectorAll('.crm-find .choice').length") < 40
    view.js("v.view.flush()")
    view.host.screenshot(path=str(shots / "find-10000.png"))


# ---- minimap -------------------------------------------------------------------------------------------


def test_the_minimap_shows_where_the_map_does_not_fit_and_moves_the_view(notebook: Open) -> None:
    view = shown(notebook, maps.cell(100, figures=False, height=720), "m")
    view.js("v.surface.setCamera({x: -2000, y: -1000, k: 1})")
    minimap = view.locator(".crm-minimap .minimap")
    minimap.wait_for()
    assert view.js(f"!!{ROOT}.querySelector('.crm-minimap').closest('[aria-hidden=true]')")
    box = minimap.bounding_box()
    before = view.js("v.surface.camera")
    view.page.mouse.click(box["x"] + 15, box["y"] + box["height"] / 2)
    view.until("v.surface.camera.x > arg", before["x"] + 300)
    view.js("v.surface.flush()")
    assert view.js("v.surface.camera.k") == before["k"]
    frame = view.locator(".minimap-frame").bounding_box()
    start = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    held = view.js("v.surface.camera")
    view.drag(start, (start[0] + 40, start[1]))
    view.until("v.surface.camera.x < arg", held["x"] - 200)
    moved = view.locator(".minimap-frame").bounding_box()
    assert abs(moved["x"] - frame["x"] - 40) < 3

    minimap.hover()
    view.locator("[aria-label='Fold the overview']").click()
    view.until("!v.view.session.minimapOpen")
    view.js("v.surface.setCamera({...v.surface.camera, k: 0.02, x: 600, y: 400})")
    view.until(f"{ROOT}.querySelector('.crm-minimap') === null")
    view.js("v.surface.setCamera({x: -2000, y: -1000, k: 1})")
    view.locator("[aria-label='Overview of the map']").wait_for()
    assert view.js(f"{ROOT}.querySelector('.minimap') === null"), "it stays folded"


def test_the_minimap_is_painted_when_the_map_changes_and_only_then(notebook: Open) -> None:
    view = shown(notebook, maps.cell(100, figures=False, height=720), "m")
    view.js("v.surface.setCamera({x: -2000, y: -1000, k: 1})")
    view.locator(".crm-minimap .minimap").wait_for()
    view.js("v.surface.flush()")
    view.js(
        """(() => { const m = v.surface.minimap, paint = m.paint.bind(m); window.paints = 0;
        m.paint = () => { window.paints += 1; paint(); }; })()"""
    )
    frame = f"{ROOT}.querySelector('.minimap-frame').getBoundingClientRect().x"
    before = view.js(frame)
    for i in range(10):
        view.js("(v.surface.setCamera({x: -2000 - 40 * arg, y: -1000, k: 1}), v.surface.flush())", i)
    assert view.js(frame) > before
    assert view.js("window.paints") == 0
    view.notebook.kernel("m.move(ids[50], -4000, 0)")
    view.until("window.paints > 0")


@pytest.mark.parametrize(("width", "height"), [(500, 700), (1000, 300)])
def test_a_small_output_keeps_its_room_from_the_minimap(notebook: Open, width: int, height: int) -> None:
    size = f"m.widget.layout.width = '{width}px'; m.widget.layout.flex = '0 0 auto'"
    view = shown(notebook, maps.cell(100, figures=False, height=height) + size, "m")
    view.js("(v.surface.setCamera({x: -2000, y: -1000, k: 1}), v.view.flush(), v.view.flush())")
    assert view.js(f"{ROOT}.querySelector('.crm-minimap')") is None
