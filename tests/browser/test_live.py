"""The map stays one map: several tabs, reloads, running cells, cells out of sight, and no word to the outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook, Server, View, page_of
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for label in ("Lead", "Qualified", "Deal"):
    m.add_stage(label)
m.add_flow("lead", "qualified")
m.add_flow("qualified", "deal")
for i, node in enumerate(("lead", "qualified", "deal")):
    m.move(node, 352 * i, 0)
"""


def second_tab(first: Notebook) -> Notebook:
    """The same notebook and kernel in another tab, its map restored from the kernel."""
    page = first.page.context.new_page()
    return Notebook(page, first.server, first.name).open()


def same_in(view: View, other: View) -> None:
    facts = "JSON.stringify([[...v.store.nodes].sort(), [...v.store.flows].sort(), [...v.store.positions].sort()])"
    view.settled()
    other.settled()
    other.until(f"{facts} === arg", view.js(facts))


def test_two_tabs_drag_rename_and_edit_at_once_and_end_equal_to_python(notebook: Open) -> None:
    first = notebook([SALES, "m"])
    first.run_all(2)
    one = first.view()
    first.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    second = second_tab(first)
    two = second.view()
    one.show()
    x, y = one.at("lead", 0, -0.3)
    k = one.js("v.surface.camera.k")
    one.drag((x, y), (x, y + 80 * k), drop=False)
    two.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'From the other tab'}}])")
    two.js("v.store.edit('add', [{at: ['node', '~n'], add: {kind: 'stage', label: 'New'}}])")
    one.until("v.store.nodes.get('lead').label === 'From the other tab'")
    assert one.position("lead")[1] == 80, "the card stays in the hand while others edit it"
    one.page.mouse.up()
    same_in(one, two)
    assert first.value("[m.graph.nodes['lead']['label'], m.positions['lead'][1], 'new' in m.graph]") == [
        "From the other tab",
        80.0,
        True,
    ]
    for i in range(10):
        one.js("v.store.edit('a', [{at: ['node', 'deal'], set: {owner: arg}}])", f"one {i}")
        two.js("v.store.edit('b', [{at: ['node', 'deal'], set: {owner: arg}}])", f"two {i}")
    same_in(one, two)
    assert first.value("m.graph.nodes['deal']['owner']") == one.js("v.store.nodes.get('deal').owner")


def test_both_tabs_delete_the_same_card_and_nothing_breaks(notebook: Open) -> None:
    first = notebook([SALES, "m"])
    first.run_all(2)
    one = first.view()
    first.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    two = second_tab(first).view()
    remove = "v.store.edit('remove', [{at: ['node', 'lead'], remove: true}])"
    one.js(remove)
    two.js(remove)
    two.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'too late'}}])")
    same_in(one, two)
    assert first.value("sorted(m.graph)") == ["deal", "qualified"]


def test_after_a_reload_the_map_is_as_it_was_and_edits_go_on(notebook: Open) -> None:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'Leads'}}])")
    view.settled()
    nb.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    nb.open()
    view = nb.view()
    assert view.labels()["lead"] == "Leads"
    view.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'Again'}}])")
    view.settled()
    assert nb.value("m.graph.nodes['lead']['label']") == "Again"


def test_the_graph_does_not_change_under_a_running_cell(notebook: Open) -> None:
    """Also after a reload, when JupyterLab sends a widget's messages to a thread of their own in the kernel."""
    running = """
import pathlib
seen = set()
began.touch()
while not go.exists():
    seen.add(tuple(m.positions['lead'])); seen.add(m.graph.nodes['lead']['label'])
print(len(seen))
"""
    nb = notebook(
        [
            SALES
            + "import pathlib, tempfile\nfolder = pathlib.Path(tempfile.mkdtemp())\n"
            + "began, go = folder / 'began', folder / 'go'\nprint(folder)",
            "m",
            running,
        ]
    )
    folder = Path(nb.run(0).strip().splitlines()[-1])
    nb.run(1)
    nb.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    nb.open()
    view = nb.view()
    nb.page.evaluate("() => __lab.start(2)")
    nb.page.wait_for_function("() => __lab.panel().sessionContext.session.kernel.status === 'busy'")
    while not (folder / "began").exists():
        view.js("v.surface.flush()")
    view.show()
    x, y = view.at("lead", 0, -0.3)
    view.drag((x, y), (x + 40, y + 80))
    view.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'While running'}}])")
    assert view.js("v.store.unsaved()") == 2
    for _ in range(20):
        view.js("v.surface.flush()")
    (folder / "go").touch()
    nb.page.wait_for_function("() => __lab.finished")
    assert nb.page.evaluate("() => __lab.text(2)").strip() == "2", "one place and one name: nothing changed meanwhile"
    view.settled()
    assert nb.value("m.graph.nodes['lead']['label']") == "While running"
    assert nb.value("m.positions['lead'][1] > 0")


def test_a_long_cell_shows_what_it_has_done_so_far(notebook: Open) -> None:
    cell = """
import time
for i in range(600):
    m.add_stage(f"Step {i}")
    if (folder / 'go').exists(): break
    time.sleep(0.05)
else:
    print("nobody saw it")
"""
    nb = notebook(
        [SALES + "import pathlib, tempfile\nfolder = pathlib.Path(tempfile.mkdtemp())\nprint(folder)", "m", cell]
    )
    folder = Path(nb.run(0).strip().splitlines()[-1])
    nb.run(1)
    view = nb.view()
    nb.page.evaluate("() => __lab.start(2)")
    view.until("v.store.nodes.has('step_2')")
    (folder / "go").touch()
    nb.page.wait_for_function("() => __lab.finished")
    assert "nobody" not in nb.page.evaluate("() => __lab.text(2)")


def test_a_cell_that_was_scrolled_away_comes_back_painted(notebook: Open) -> None:
    filler = "print('\\n'.join('line %d' % i for i in range(200)))"
    nb = notebook([SALES, "m", *[filler] * 12])
    nb.run_all(14)
    view = nb.view()
    nb.page.evaluate("() => __lab.notebook().scrollToItem(13, 'end')")
    nb.page.wait_for_function(
        "() => { const e = __lab.views()[0]; return !e || e.getBoundingClientRect().bottom < 0; }"
    )
    nb.kernel("m.update('lead', label='Changed out of sight')")
    nb.page.evaluate("() => __lab.notebook().scrollToItem(1, 'start')")
    nb.page.wait_for_function(
        """() => { const r = __lab.views()[0]?.getBoundingClientRect();
        return !!r && r.top < innerHeight && r.bottom > 0; }"""
    )
    view.until("v.store.nodes.get('lead').label === 'Changed out of sight'")
    view.locator("text=Changed out of sight").first.wait_for()


def test_several_views_of_one_map_and_several_maps_keep_apart(notebook: Open) -> None:
    nb = notebook(
        [
            SALES,
            "from IPython.display import display\nm.widget.height = 300\ndisplay(m, m)",
            "n = crm.from_text('A -> B'); n.widget.height = 300; n",
        ]
    )
    nb.run_all(3)
    nb.page.wait_for_function("() => __lab.views().length === 3")
    one, two, other = (nb.view(i) for i in range(3))
    one.show()
    one.click("lead")
    one.until("v.surface.state.selectedNodes.has('lead')")
    assert two.js("v.surface.state.selectedNodes.size") == 0
    camera = two.js("v.surface.camera")
    one.js("v.surface.setCamera({x: 0, y: 0, k: 0.3})")
    assert two.js("v.surface.camera") == camera
    one.js("v.store.edit('rename', [{at: ['node', 'lead'], set: {label: 'Both'}}])")
    two.until("v.store.nodes.get('lead').label === 'Both'")
    assert other.labels() == {"a": "A", "b": "B"}
    nb.kernel("m.selection = ['deal']")
    one.until("v.surface.state.selectedNodes.has('deal')")
    two.until("v.surface.state.selectedNodes.has('deal')")
    assert nb.value("n.selection") == []


def test_no_request_leaves_the_machine_and_nothing_fails_in_the_console(notebook: Open) -> None:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.click("lead")
    view.page.keyboard.press("F2")
    view.page.keyboard.press("Escape")
    view.settled()
    assert nb.foreign == []
    assert [line for line in nb.console if "crmwidget" in line or "rmwidget" in line] == []


def test_hostile_text_is_shown_as_text(notebook: Open) -> None:
    evil = "<img src=x onerror=window.__evil=1><script>window.__evil=1</script>"
    nb = notebook(
        [
            SALES + f"evil = {evil!r}\n"
            "m.update('lead', label=evil, description=evil, owner=evil, team=evil, systems=[evil])\n"
            "m.update('f1', label=evil)\nm.comment('lead', evil, author=evil)\nm.graph.graph['name'] = evil\n"
            "m.graph.nodes['lead'][evil] = evil",
            "m",
        ]
    )
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.click("lead")
    view.locator(".crm-side").wait_for()
    view.settled()
    assert nb.page.evaluate("() => window.__evil") is None
    expect(view.locator("img[src=x]")).to_have_count(0)


def test_it_nests_in_boxes_and_python_observes_the_selection(notebook: Open) -> None:
    nb = notebook(
        [
            SALES + "import ipywidgets as w\nseen = []\nlabel = w.Label()\n"
            "m.widget.observe(lambda c: setattr(label, 'value', ', '.join(c['new'])), 'selection')",
            "w.HBox([m.widget, label])",
        ]
    )
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.surface.fit()")
    view.js("v.surface.flush()")
    view.click("lead")
    nb.page.locator(".widget-label").filter(has_text="lead").wait_for()


def test_a_display_that_has_gone_is_kept_by_nobody(notebook: Open) -> None:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    nb.view().js("(window.__gone = new WeakRef(v.view), 0)")
    nb.run(1)
    nb.page.wait_for_function("() => __lab.view(0) && __lab.view(0).view !== __gone.deref()")
    nb.view()
    collector = nb.page.context.new_cdp_session(nb.page)
    for _ in range(20):  # what the last event still holds goes with a later collection
        collector.send("HeapProfiler.collectGarbage")
        if nb.page.evaluate("() => __gone.deref() === undefined"):
            return
    raise AssertionError("the view of a display that has gone is still there")


def test_notebook_7_shows_the_map_and_takes_an_edit(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path, app="notebook")
    try:
        with page_of(browser) as (_, page):
            server.write("smoke.ipynb", [SALES, "m"])
            nb = Notebook(page, server, "smoke.ipynb").open()
            nb.run_all(2)
            view = nb.view()
            view.show()
            x, y = view.at("lead", 0, -0.3)
            view.drag((x, y), (x, y + 60))
            view.settled()
            assert nb.value("m.positions['lead'][1] > 0")
    finally:
        server.stop()
