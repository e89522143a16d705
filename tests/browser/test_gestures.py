"""Every gesture on the canvas, with a real mouse in a real JupyterLab: what Python has then, and one undo back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    m.move(node, 352 * i, 0)
m.history.done.clear()
"""


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


def undone(view: View) -> None:
    """One click on undo takes the gesture back, everywhere."""
    before = view.notebook.value("m.revision")
    view.locator("[aria-label^='Undo']").click()
    view.notebook.await_value(f"m.revision > {before}", True)
    view.settled()


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def test_a_card_is_dragged_and_python_has_its_place(sales: View) -> None:
    x, y = sales.at("lead", 0, -0.3)
    k = sales.js("v.surface.camera.k")
    sales.drag((x, y), (x + 80 * k, y + 160 * k))
    assert python(sales, "m.elements.positions['lifecycle']['lead']") == {"x": 80.0, "y": 160.0, "pinned": True}
    assert python(sales, "m.history.done[-1].label").lower().startswith("move")
    undone(sales)
    assert python(sales, "list(m.positions['lead'])") == [0.0, 0.0]
    assert sales.position("lead") == (0, 0)


def test_many_cards_are_dragged_together_as_one_step(sales: View) -> None:
    sales.click("deal")
    sales.page.keyboard.down("Shift")
    sales.click("lead")
    sales.page.keyboard.up("Shift")
    sales.until("v.surface.state.selectedNodes.size === 2")
    k = sales.js("v.surface.camera.k")
    x, y = sales.at("lead", 0, -0.3)
    sales.drag((x, y), (x, y + 80 * k))
    assert python(sales, "[m.positions[n][1] for n in ('lead', 'qualified', 'deal')]") == [80.0, 0.0, 80.0]
    undone(sales)
    assert python(sales, "[m.positions[n][1] for n in ('lead', 'qualified', 'deal')]") == [0.0, 0.0, 0.0]


def test_escape_ends_a_drag_and_nothing_has_changed(sales: View) -> None:
    revision = python(sales, "m.revision")
    x, y = sales.at("lead", 0, -0.3)
    sales.drag((x, y), (x + 60, y + 60), drop=False)
    sales.until("v.store.positions.get('lead').x !== 0")
    sales.page.keyboard.press("Escape")
    sales.until("v.store.positions.get('lead').x === 0")
    sales.page.mouse.up()
    assert python(sales, "m.revision") == revision


def test_shift_and_drag_selects_by_a_box(sales: View) -> None:
    left, top = sales.world(-140, -100)
    right, bottom = sales.world(500, 100)
    sales.page.keyboard.down("Shift")
    sales.drag((left, top), (right, bottom))
    sales.page.keyboard.up("Shift")
    assert sales.js("[...v.surface.state.selectedNodes].sort()") == ["lead", "qualified"]
    sales.notebook.await_value("sorted(n for n in m.selection if n in m.graph)", ["lead", "qualified"])


def test_a_flow_is_drawn_from_a_port_to_a_card(sales: View) -> None:
    sales.page.mouse.move(*sales.at("lead", 0, -0.3))
    x, y = sales.at("lead", 0, 1)
    sales.page.mouse.move(x, y)
    sales.until("v.surface.hit(arg).type === 'port'", {"x": x, "y": y})
    sales.drag((x, y), sales.at("deal", 0, 0.4))
    assert python(sales, "m.graph.has_edge('lead', 'deal')")
    assert ["lead", "deal"] in sales.flows()
    undone(sales)
    assert not python(sales, "m.graph.has_edge('lead', 'deal')")


def test_a_flow_drawn_to_the_empty_canvas_asks_for_a_name_and_adds_both(sales: View) -> None:
    sales.page.mouse.move(*sales.at("deal", 0, -0.3))
    sales.drag(sales.at("deal", 0, 1), sales.world(704, 240))
    sales.page.keyboard.type("Won")
    sales.page.keyboard.press("Enter")
    sales.until("[...v.store.nodes.values()].some(n => n.label === 'Won')")
    assert python(sales, "m.graph.has_edge('deal', 'won') and m.graph.nodes['won']['label']") == "Won"
    undone(sales)
    assert python(sales, "sorted(m.graph)") == ["deal", "lead", "qualified"]


def test_an_end_of_a_flow_is_dragged_to_another_card_and_keeps_its_key(sales: View) -> None:
    sales.page.mouse.click(*sales.label("f1"))
    sales.until("v.surface.state.selectedFlows.has('f1')")
    end = sales.js(
        """(() => { const r = v.surface.element.getBoundingClientRect();
        for (let x = r.left; x < r.right; x += 3) for (let y = r.top; y < r.bottom; y += 3) {
          const h = v.surface.hit({x, y}); if (h.type === 'end' && h.end === 'target') return {x, y}; }
        return null; })()"""
    )
    assert end, "a selected flow shows a handle at its end"
    sales.drag((end["x"] + 3, end["y"] + 3), sales.at("deal", 0, 0.3))
    assert python(sales, "[list(e) for e in m.graph.edges(keys=True) if e[2] == 'f1']") == [["lead", "deal", "f1"]]
    assert python(sales, "m.graph.edges['lead', 'deal', 'f1']['label']") == "62 %"
    undone(sales)
    assert python(sales, "m.graph.has_edge('lead', 'qualified', 'f1')")


def test_a_double_click_renames_a_card_in_place(sales: View) -> None:
    sales.page.mouse.dblclick(*sales.at("lead", 0, -0.5))
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("Leads & <b>more</b>")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.graph.nodes['lead']['label']", "Leads & <b>more</b>")
    expect(sales.locator(".crm-card b, .card b")).to_have_count(0)
    undone(sales)
    assert python(sales, "m.graph.nodes['lead']['label']") == "Lead"


def test_escape_leaves_the_name_as_it_was(sales: View) -> None:
    revision = python(sales, "m.revision")
    sales.page.mouse.dblclick(*sales.at("lead", 0, -0.5))
    sales.page.keyboard.type("x")
    sales.page.keyboard.press("Escape")
    assert python(sales, "m.revision") == revision
    assert sales.labels()["lead"] == "Lead"


def test_a_flow_is_renamed_in_place(sales: View) -> None:
    sales.page.mouse.dblclick(*sales.label("f1"))
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("half")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.graph.edges['lead', 'qualified', 'f1']['label']", "half")
    undone(sales)


def test_a_double_click_on_the_empty_canvas_adds_a_stage_there(sales: View) -> None:
    sales.page.mouse.dblclick(*sales.world(352, 240))
    sales.page.keyboard.type("Lost")
    sales.page.keyboard.press("Enter")
    sales.until("[...v.store.nodes.keys()].includes('lost')")
    assert python(sales, "[m.graph.nodes['lost']['kind'], *m.positions['lost']]") == ["stage", 352.0, 240.0]
    undone(sales)
    assert "lost" not in python(sales, "list(m.graph)")


def test_the_palette_adds_by_click_and_by_drag(sales: View) -> None:
    button = sales.locator("[aria-label='Add a stage']").first
    button.click()
    sales.page.keyboard.type("Clicked")
    sales.page.keyboard.press("Enter")
    sales.until("[...v.store.nodes.keys()].includes('clicked')")
    box = button.bounding_box()
    sales.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), sales.world(0, 240))
    sales.page.keyboard.type("Dropped")
    sales.page.keyboard.press("Enter")
    sales.until("[...v.store.nodes.keys()].includes('dropped')")
    assert python(sales, "list(m.positions['dropped'])") == [0.0, 240.0]


def test_delete_removes_cards_and_flows_and_undo_brings_them_back(sales: View) -> None:
    sales.click("qualified")
    sales.page.keyboard.press("Delete")
    sales.until("!v.store.nodes.has('qualified')")
    assert python(sales, "[sorted(m.graph), m.graph.number_of_edges()]") == [["deal", "lead"], 0]
    undone(sales)
    assert python(sales, "[sorted(m.graph), m.graph.number_of_edges()]") == [["deal", "lead", "qualified"], 2]
    sales.page.mouse.click(*sales.label("f1"))
    sales.page.keyboard.press("Delete")
    sales.until("!v.store.flows.has('f1')")
    assert python(sales, "m.graph.number_of_edges()") == 1


def test_undo_and_redo_by_key_are_the_history_of_python_too(sales: View) -> None:
    sales.click("lead")
    sales.notebook.kernel("m.update('lead', label='From Python')")
    sales.until("v.store.nodes.get('lead').label === 'From Python'")
    sales.page.keyboard.press("Control+z")
    sales.until("v.store.nodes.get('lead').label === 'Lead'")
    sales.page.keyboard.press("Control+Shift+Z")
    sales.until("v.store.nodes.get('lead').label === 'From Python'")
    assert python(sales, "m.undo() and m.graph.nodes['lead']['label']") == "Lead"
    sales.until("v.store.nodes.get('lead').label === 'Lead'")


def test_drag_on_the_empty_canvas_pans_wheel_zooms_and_fit_shows_all(sales: View) -> None:
    revision = python(sales, "m.revision")
    before = sales.js("v.surface.camera")
    x, y = sales.world(352, 200)
    sales.drag((x, y), (x + 50, y + 30))
    after = sales.js("v.surface.camera")
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (50, 30)
    sales.page.keyboard.down("Control")
    sales.page.mouse.wheel(0, -240)
    sales.page.keyboard.up("Control")
    sales.until("v.surface.camera.k > arg", after["k"])
    sales.locator("[aria-label^='Show all']").first.click()
    sales.until(
        """(() => { const h = v.surface.element.getBoundingClientRect(); return ['lead', 'deal'].every(n => {
        const r = v.surface.nodeRect(n), a = v.surface.toClient(r),
          b = v.surface.toClient({x: r.x + r.width, y: r.y + r.height});
        return a.x >= h.left && b.x <= h.right && a.y >= h.top && b.y <= h.bottom; }); })()"""
    )
    assert python(sales, "m.revision") == revision


def test_the_wheel_scrolls_the_notebook_while_the_canvas_is_not_asked(sales: View) -> None:
    k = sales.js("v.surface.camera.k")
    sales.page.mouse.move(*sales.world(352, 200))
    sales.page.mouse.wheel(0, 200)
    sales.js("v.surface.flush()")
    assert sales.js("v.surface.camera.k") == k


def test_the_inspector_edits_every_type_of_attribute(sales: View) -> None:
    sales.click("lead")
    field = sales.locator(".crm-side")
    field.wait_for()

    def fill(label: str, value: str) -> None:
        control = field.get_by_label(label, exact=True).first
        control.fill(value)
        control.blur()

    fill("Owner", "Ann")
    fill("Description", "Everybody who wrote to us")
    fill("Activities", "SEO\nEvents")
    fill("Capacity", "12.5")
    field.get_by_text("Governance").first.click()
    fill("Review date", "2026-12-31")
    sales.notebook.await_value("str(m.graph.nodes['lead'].get('review_date'))", "2026-12-31")
    wanted = ["Ann", "Everybody who wrote to us", ["SEO", "Events"], 12.5]
    assert (
        python(sales, "[m.graph.nodes['lead'][n] for n in ('owner', 'description', 'actions', 'capacity')]") == wanted
    )
    revision = python(sales, "m.revision")
    fill("Capacity", "-3")
    assert python(sales, "m.revision") == revision
    expect(field.get_by_text("at least 0").first).to_be_visible()


def test_typing_in_the_canvas_leaves_the_notebook_alone(sales: View) -> None:
    cells = sales.page.evaluate("() => __lab.notebook().widgets.length")
    sales.click("lead")
    for key in ("a", "b", "x", "d", "d", "m", "y"):
        sales.page.keyboard.press(key)
    assert sales.page.evaluate("() => __lab.notebook().widgets.length") == cells
    assert sales.page.evaluate("() => __lab.notebook().widgets.every(w => w.model.type === 'code')")


def test_a_forbidden_flow_is_refused_with_the_reason_and_falls_back(sales: View) -> None:
    sales.js("v.store.edit('bad', [{at: ['flow', '~x'], add: {source: 'lead', target: 'deal', kind: 'mapping'}}])")
    sales.until("v.store.unsaved() === 0")
    assert ["lead", "deal"] not in sales.flows()
    sales.locator("text=cannot lead from a stage to a stage").first.wait_for()


def test_an_empty_map_invites_and_is_built_from_typed_text(notebook: Open) -> None:
    nb = notebook(["import crmwidget as crm\nm = crm.CrmMap('New')\nm"])
    nb.run(0)
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    area = view.locator(".crm-empty textarea")
    area.fill("Lead -> Qualified -> Won")
    view.locator(
        ".crm-empty button",
    ).filter(has_text="Build").click()
    view.until("v.store.nodes.size === 3 && v.store.unsaved() === 0")
    assert python(view, "sorted(map(list, m.graph.edges()))") == [["lead", "qualified"], ["qualified", "won"]]
    undone(view)
    view.locator(".crm-empty button").filter(has_text="lifecycle").first.click()
    view.until("v.store.nodes.size === 7")
    assert python(view, "m.name") == "New"


def test_a_question_is_asked_from_the_canvas_and_painted_with_a_legend(notebook: Open) -> None:
    nb = notebook(
        [
            SALES + "import pandas as pd\n"
            "m.add('end', 'Lost', outcome='lost'); m.add_flow('qualified', 'lost')\n"
            "deals = pd.DataFrame({'id': range(300), 'stage': ['Lead'] * 150 + ['Lost'] * 100 + ['Deal'] * 50})\n"
            "m.attach(deals, key='id', stage='stage', name='deals')",
            "m",
        ]
    )
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.locator("button").filter(has_text="Ask the map").click()
    view.locator("[role=menuitem], [role=option], .crm-item").filter(has_text="onversion").first.click()
    view.until("v.store.overlays.has('conversion')")
    view.locator(".crm-legend").wait_for()
    view.locator(".crm-side").wait_for()
    assert view.js("v.surface.state.overlay") == "conversion"
    assert nb.value("list(m.overlays)") == ["conversion"]
