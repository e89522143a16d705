"""Copy, cut, paste and duplicate: within a map, between maps, notebooks and other programs, by keys and by the menu."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import maps
import pytest
from lab import Notebook, Server, View, one_notebook, page_of
from playwright.sync_api import Browser, expect

import crmwidget as crm

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Server) -> Iterator[Notebook]:
    with one_notebook(browser, lab, "clipboard.ipynb", [maps.SALES, "m", ""]) as nb:
        nb.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield nb


@pytest.fixture
def sales(tab: Notebook) -> View:
    return shown(tab)


def shown(nb: Notebook) -> View:
    """A new map of three cards, on the screen."""
    nb.run_all(3)
    view = nb.view()
    view.show()
    view.js("v.surface.fit(undefined, {animate: false})")
    view.settled()
    return view


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def undone(view: View) -> None:
    before = view.notebook.value("m.revision")
    view.page.keyboard.press("Control+z")
    view.notebook.await_value(f"m.revision > {before}", True)
    view.settled()


def select(view: View, *nodes: str) -> None:
    view.js("(v.surface.element.focus(), v.view.session.select(arg))", list(nodes))


def clipboard(view: View) -> str:
    return str(view.page.evaluate("() => navigator.clipboard.readText()"))


def paste_event(view: View, **flavours: str) -> None:
    """A paste as another program might forge it."""
    view.js(
        """(() => { const data = new DataTransfer();
        for (const [flavour, text] of Object.entries(arg)) data.setData(flavour.replaceAll('_', '/'), text);
        v.surface.element.focus();
        v.surface.element.dispatchEvent(
          new ClipboardEvent('paste', {clipboardData: data, bubbles: true, composed: true, cancelable: true})); })()""",
        flavours,
    )


def test_copied_cards_are_pasted_at_the_pointer_with_their_flows_and_attributes_as_one_step(sales: View) -> None:
    select(sales, "lead", "qualified")
    sales.page.keyboard.press("Control+c")
    sales.page.mouse.move(*sales.world(176, 240))
    sales.page.keyboard.press("Control+v")
    sales.until("v.store.nodes.has('lead_2') && v.store.unsaved() === 0")
    assert python(sales, "[m.graph.nodes['lead_2']['owner'], list(m.positions['lead_2'])]") == ["Sales", [0.0, 240.0]]
    assert python(sales, "list(m.positions['qualified_2'])") == [352.0, 240.0]
    assert python(sales, "[d['label'] for _, _, d in m.graph.edges('lead_2', data=True)]") == ["62 %"]
    assert sorted(sales.js("[...v.view.session.nodes]")) == ["lead_2", "qualified_2"]
    assert python(sales, "m.history.done[-1].label") == "Paste 2 cards and 1 flow"
    undone(sales)
    assert python(sales, "[sorted(m.graph), m.graph.number_of_edges()]") == [["deal", "lead", "qualified"], 2]


def test_a_second_paste_at_one_place_lies_clear_of_the_first(sales: View) -> None:
    select(sales, "lead")
    sales.page.keyboard.press("Control+c")
    sales.page.mouse.move(*sales.world(352, 240))
    for _ in range(3):
        sales.page.keyboard.press("Control+v")
    sales.until("v.store.nodes.size === 6 && v.store.unsaved() === 0")
    at = python(sales, "[list(p) for p in m.positions.values()]")
    near = [(a, b) for i, a in enumerate(at) for b in at[:i] if abs(a[0] - b[0]) < 200 and abs(a[1] - b[1]) < 120]
    assert near == []
    assert at[3] == [352.0, 240.0]


def test_cut_cards_go_and_come_back_by_paste(sales: View) -> None:
    select(sales, "deal")
    sales.page.keyboard.press("Control+x")
    sales.until("!v.store.nodes.has('deal')")
    assert python(sales, "m.history.done[-1].label") == "Cut Deal"
    sales.page.mouse.move(*sales.world(352, 240))
    sales.page.keyboard.press("Control+v")
    sales.until("v.store.nodes.has('deal')")
    assert python(sales, "[m.graph.nodes['deal']['owner'], list(m.positions['deal'])]") == ["Sales", [352.0, 240.0]]
    undone(sales)
    undone(sales)
    assert python(sales, "m.graph.has_edge('qualified', 'deal')")


def test_cards_are_pasted_into_another_map_of_the_notebook(sales: View) -> None:
    nb = sales.notebook
    nb.page.evaluate("() => __lab.notebook().widgets[2].model.sharedModel.setSource(\"o = crm.CrmMap('Other'); o\")")
    nb.run(2)
    other = nb.view(1)
    select(sales, "lead", "qualified")
    sales.page.keyboard.press("Control+c")
    other.show()
    other.until("v.surface.element.clientWidth > 0")
    box = other.host.bounding_box()
    # An empty map has its invitation in the middle: beside it the canvas is free.
    nb.page.mouse.click(box["x"] + box["width"] - 60, box["y"] + 200)
    nb.page.keyboard.press("Control+v")
    other.until("v.store.nodes.size === 2 && v.store.unsaved() === 0")
    assert nb.value("sorted(o.graph)") == ["lead", "qualified"]
    assert nb.value("o.graph.edges['lead', 'qualified', 'f1']['label']") == "62 %"
    assert nb.value("len(m.graph)") == 3
    nb.page.evaluate("() => __lab.notebook().widgets[2].model.sharedModel.setSource('')")


def test_cards_are_pasted_into_another_notebook(browser: Browser, lab: Server, sales: View) -> None:
    select(sales, "lead", "qualified", "deal")
    sales.page.keyboard.press("Control+c")
    lab.write("elsewhere.ipynb", ["import crmwidget as crm\nm = crm.CrmMap('Elsewhere')\nm.add('stage', 'Here')\nm"])
    page = sales.page.context.new_page()
    try:
        nb = Notebook(page, lab, "elsewhere.ipynb").open()
        nb.run(0)
        view = nb.view()
        view.show()
        view.click("here")
        page.keyboard.press("Control+v")
        view.until("v.store.nodes.size === 4 && v.store.unsaved() === 0")
        assert nb.value("sorted(m.graph)") == ["deal", "here", "lead", "qualified"]
        assert nb.value("[m.graph.nodes['lead']['owner'], m.graph.number_of_edges()]") == ["Sales", 2]
    finally:
        page.close()
        sales.page.bring_to_front()


def test_as_text_a_copy_is_what_quick_entry_reads(sales: View) -> None:
    select(sales, "lead", "qualified", "deal")
    sales.page.keyboard.press("Control+c")
    assert clipboard(sales) == "Lead -> Qualified: 62 %\nQualified -> Deal"
    for seed in range(12):
        sales.notebook.kernel(
            f"""
import random
r = random.Random({seed})
with m.edit("random"):
    for node in list(m.graph): m.remove(node)
    names = r.sample(["Lead: new", "1. First", "a) Second", "A -> B", "Won", "Lost", "- x", "Ends:", "B => C"], 6)
    ids = [m.add("stage", name) for name in names]
    for _ in range(7):
        a, b = r.sample(ids, 2)
        if m.graph.has_edge(a, b): continue
        m.add_flow(a, b, **({{"label": f"{{r.randrange(99)}} %"}} if r.random() < 0.5 else {{}}))
"""
        )
        sales.until("v.store.nodes.size === 6")
        sales.settled()
        sales.js("v.surface.element.focus()")
        sales.page.keyboard.press("Control+a")
        sales.page.keyboard.press("Control+c")
        text = clipboard(sales)
        read = crm.from_text(text)
        wanted = python(sales, "sorted([a, b, d.get('label', '')] for a, b, d in m.graph.edges(data=True))")
        assert len(read.graph) == 6, text
        assert read.graph.number_of_edges() == len(wanted), text
        labels = sorted(d.get("label", "") for _, _, d in read.graph.edges(data=True))
        assert labels == sorted(label for _, _, label in wanted), text


def test_flows_alone_are_copied_as_text(sales: View) -> None:
    sales.page.mouse.click(*sales.label("f1"))
    sales.until("v.view.session.flows.size === 1")
    sales.page.keyboard.press("Control+c")
    assert clipboard(sales) == "Lead -> Qualified: 62 %"


def test_pasted_text_is_asked_of_the_kernel_at_the_pointer(sales: View) -> None:
    sales.page.evaluate("() => navigator.clipboard.writeText('Lead -> Nurture -> Won')")
    sales.click("lead")
    sales.page.mouse.move(*sales.world(352, 240))
    sales.js(
        """(() => { const build = v.store.build.bind(v.store); window.__sent = [];
        v.store.build = (from) => { window.__sent.push(from); return build(from); }; })()"""
    )
    sales.page.keyboard.press("Control+v")
    sales.page.wait_for_function("() => window.__sent.length === 1")
    assert sales.page.evaluate("() => window.__sent") == [{"text": "Lead -> Nurture -> Won", "x": 352, "y": 240}]


def test_a_table_from_a_spreadsheet_becomes_a_map_and_is_selected(tab: Notebook) -> None:
    tab.run(0)
    tab.kernel("m = crm.CrmMap('New')")
    tab.run(1)
    view = tab.view()
    view.show()
    rows = ["Stage\tDescription\tActions", "Lead\tWho might buy\tSEO, Events", "Won\t\tInvoice"]
    html = "<table><tr><td>Stage</td></tr></table>"
    paste_event(view, text_plain="\r\n".join(rows) + "\r\n", text_html=html)
    view.until("v.store.nodes.size === 2 && v.store.unsaved() === 0")
    assert tab.value("[m.graph.nodes['lead']['description'], m.graph.nodes['lead']['actions']]") == [
        "Who might buy",
        ["SEO", "Events"],
    ]
    view.until("v.view.session.nodes.size === 2")
    view.page.keyboard.press("Control+z")
    view.until("v.store.nodes.size === 0")


@pytest.mark.parametrize(
    ("flavours", "said"),
    [
        ({"application_x-crmwidget+json": "{"}, "not whole"),
        ({"application_x-crmwidget+json": json.dumps({"format": "crmwidget/clip", "version": 9})}, "version 9"),
        ({"text_html": "<ul data-crmwidget='{&quot;format&quot;:1}'></ul>", "text_plain": "A -> B"}, "is not known"),
        ({"text_plain": "x" * 100_001}, "at most 100,000 characters"),
        ({"text_plain": " \n"}, "nothing to paste"),
    ],
    ids=["broken", "later", "forged", "endless", "blank"],
)
def test_what_cannot_be_pasted_changes_nothing_and_is_said(sales: View, flavours: dict[str, str], said: str) -> None:
    revision = python(sales, "m.revision")
    paste_event(sales, **flavours)
    sales.locator(".toast").filter(has_text=said).first.wait_for()
    assert python(sales, "m.revision") == revision


def test_a_hostile_paste_is_text_and_nothing_else(sales: View) -> None:
    label = "<img src=x onerror='window.__hacked = 1'>"
    clip = {
        "format": "crmwidget/clip",
        "version": 1,
        "nodes": [{"id": "lead", "x": 0, "y": 0, "attributes": {"kind": "stage", "label": label, "__proto__": 1}}],
        "flows": [],
    }
    sales.page.mouse.move(*sales.world(352, 240))
    paste_event(sales, **{"application_x-crmwidget+json": json.dumps(clip)})
    sales.until("v.store.nodes.size === 4 && v.store.unsaved() === 0")
    assert python(sales, "list(m.graph.nodes(data='label'))[-1][1]") == label
    assert not sales.page.evaluate("() => !!window.__hacked")
    expect(sales.locator(".surface img")).to_have_count(0)


@pytest.fixture
def boxed(sales: View) -> View:
    """The same map with Lead in the group Box."""
    sales.notebook.kernel(
        "with m.edit('box'):\n    m.add('group', 'Box'); m.update('lead', parent='box')\nm.history.done.clear()"
    )
    sales.until("v.store.nodes.get('lead').parent === 'box'")
    sales.settled()
    return sales


def test_a_group_is_copied_with_what_it_holds(boxed: View) -> None:
    select(boxed, "box")
    boxed.page.keyboard.press("Control+c")
    boxed.page.mouse.move(*boxed.world(352, 320))
    boxed.page.keyboard.press("Control+v")
    boxed.until("v.store.nodes.has('lead_2') && v.store.unsaved() === 0")
    assert python(boxed, "[m.graph.nodes[n].get('parent') for n in ('lead', 'box_2', 'lead_2')]") == [
        "box",
        None,
        "box_2",
    ]
    undone(boxed)
    assert python(boxed, "len(m.graph)") == 4


def test_what_is_pasted_belongs_to_the_frame_that_it_lies_in_and_to_none_beside_it(boxed: View) -> None:
    select(boxed, "deal")
    boxed.page.keyboard.press("Control+c")
    boxed.page.mouse.move(*boxed.at("box", 0, 0.9))
    # Where Lead lies there is no room: it lies clear of it, in the frame or beside it.
    boxed.page.keyboard.press("Control+v")
    boxed.until("v.store.nodes.has('deal_2') && v.store.unsaved() === 0")
    assert boxed.js("v.surface.frameAt(v.store.positions.get('deal_2')) === v.store.nodes.get('deal_2').parent")


def test_a_copy_that_is_dropped_into_a_group_belongs_to_it(boxed: View) -> None:
    boxed.page.keyboard.down("Alt")
    boxed.drag(boxed.at("qualified", 0, -0.3), boxed.at("box", -0.9, 0.9))
    boxed.page.keyboard.up("Alt")
    boxed.until("v.store.nodes.has('qualified_2') && v.store.unsaved() === 0")
    assert python(boxed, "[m.graph.nodes[n].get('parent') for n in ('qualified', 'qualified_2')]") == [None, "box"]
    assert python(boxed, "m.history.done[-1].label") == "Duplicate Qualified into Box"
    undone(boxed)
    assert python(boxed, "len(m.graph)") == 4


def test_what_is_pasted_inside_of_a_card_belongs_to_it(sales: View) -> None:
    select(sales, "deal")
    sales.page.keyboard.press("Control+c")
    sales.js("(v.view.shown.enter('lead'), v.surface.element.focus())")
    box = sales.host.bounding_box()
    sales.page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 200)
    sales.page.keyboard.press("Control+v")
    sales.until("v.store.nodes.has('deal_2') && v.store.unsaved() === 0")
    assert python(sales, "m.graph.nodes['deal_2']['parent']") == "lead"


def test_in_a_field_the_clipboard_is_the_browsers_own(sales: View) -> None:
    sales.page.evaluate("() => navigator.clipboard.writeText('typed')")
    sales.page.mouse.dblclick(*sales.at("lead", 0, -0.5))
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.press("Control+v")
    sales.page.keyboard.press("Enter")
    sales.notebook.await_value("m.graph.nodes['lead']['label']", "typed")
    assert python(sales, "len(m.graph)") == 3


def test_duplicate_lies_right_beside_as_one_step(sales: View) -> None:
    sales.notebook.kernel("m.graph.nodes['lead']['shape_of_old'] = 7")
    select(sales, "lead")
    sales.page.keyboard.press("Control+d")
    sales.until("v.store.nodes.has('lead_2') && v.store.unsaved() === 0")
    x, y = python(sales, "list(m.positions['lead_2'])")
    assert abs(x) <= 240
    assert abs(y) <= 160
    assert python(sales, "[m.graph.nodes['lead_2'][n] for n in ('owner', 'shape_of_old')]") == ["Sales", 7]
    assert python(sales, "m.history.done[-1].label") == "Duplicate Lead"
    assert sales.js("[...v.view.session.nodes]") == ["lead_2"]
    undone(sales)
    assert python(sales, "len(m.graph)") == 3


def test_alt_and_drag_drops_a_copy_and_leaves_the_original(sales: View) -> None:
    select(sales, "lead", "qualified")
    k = sales.js("v.surface.camera.k")
    x, y = sales.at("lead", 0, -0.3)
    sales.page.keyboard.down("Alt")
    sales.drag((x, y), (x + 80 * k, y + 240 * k), drop=False)
    sales.until("v.store.nodes.size === 5 && v.surface.state.dragging.size === 2")
    sales.page.mouse.up()
    sales.page.keyboard.up("Alt")
    sales.until("v.store.nodes.has('lead_2') && v.store.unsaved() === 0")
    assert python(sales, "[list(m.positions[n]) for n in ('lead', 'lead_2')]") == [[0.0, 0.0], [80.0, 240.0]]
    assert python(sales, "m.graph.has_edge('lead_2', 'qualified_2')")
    assert sorted(sales.js("[...v.view.session.nodes]")) == ["lead_2", "qualified_2"]
    undone(sales)
    assert python(sales, "len(m.graph)") == 3


def test_escape_takes_a_copy_in_the_hand_away(sales: View) -> None:
    revision = python(sales, "m.revision")
    x, y = sales.at("lead", 0, -0.3)
    sales.page.keyboard.down("Alt")
    sales.drag((x, y), (x + 60, y + 90), drop=False)
    sales.until("v.store.nodes.size === 4")
    sales.page.keyboard.press("Escape")
    sales.until("v.store.nodes.size === 3")
    sales.page.mouse.up()
    sales.page.keyboard.up("Alt")
    assert python(sales, "m.revision") == revision


def test_the_menu_copies_and_pastes_all_of_it_where_it_was_opened(sales: View) -> None:
    sales.page.mouse.click(*sales.at("lead", 0, -0.3), button="right")
    sales.locator("[data-action=copy]").click()
    assert clipboard(sales) == "Lead"
    sales.page.mouse.click(*sales.world(352, 240), button="right")
    sales.locator("[data-action=paste]").click()
    sales.until("v.store.nodes.has('lead_2') && v.store.unsaved() === 0")
    assert python(sales, "[m.graph.nodes['lead_2']['owner'], list(m.positions['lead_2'])]") == ["Sales", [352.0, 240.0]]


def test_a_read_only_map_gives_and_does_not_take(sales: View) -> None:
    sales.notebook.kernel("m.widget.read_only = True")
    sales.until("v.view.isReadOnly")
    select(sales, "lead")
    for keys in ("Control+c", "Control+x", "Control+v", "Control+d"):
        sales.page.keyboard.press(keys)
    sales.locator(".toast").filter(has_text="only be read").first.wait_for()
    assert clipboard(sales) == "Lead"
    assert python(sales, "len(m.graph)") == 3


def test_where_the_page_may_not_look_the_menu_says_so(browser: Browser, lab: Server) -> None:
    with page_of(browser) as (_, page):
        lab.write("shut.ipynb", [maps.SALES, "m"])
        nb = Notebook(page, lab, "shut.ipynb").open()
        nb.run_all(2)
        view = nb.view()
        view.show()
        page.evaluate("() => { navigator.clipboard.read = () => Promise.reject(new Error('not allowed')); }")
        page.mouse.click(*view.world(352, 240), button="right")
        view.locator("[data-action=paste]").click()
        view.locator(".toast").filter(has_text="paste with the key").first.wait_for()
        assert view.js("v.store.nodes.size") == 3
