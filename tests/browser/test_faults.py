"""What goes wrong in a real JupyterLab loses nothing that was acknowledged, and offers again what was not."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook, Server, View, page_of
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for label in ("Lead", "Qualified", "Deal"):
    m.add_stage(label)
m.add_flow("lead", "qualified")
for i, node in enumerate(("lead", "qualified", "deal")):
    m.move(node, 352 * i, 0)
"""


def rename(view: View, node: str, label: str) -> None:
    view.js("v.store.edit('Rename', [{at: ['node', arg[0]], set: {label: arg[1]}}])", [node, label])


def another(view: View) -> View:
    """The view that has come in the place of this one, with a store of its own."""
    newer = "__lab.views().findIndex(e => e.__crmwidget.store !== window.__before)"
    view.page.wait_for_function(f"{newer} >= 0")
    return view.notebook.view(view.page.evaluate(newer))


def remember(view: View) -> None:
    view.js("window.__before = v.store")


def opened(notebook: Open, *more: str) -> View:
    nb = notebook([SALES, "m", *more])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


# Cuts the line, makes an edit in the very moment in which it is gone, and says how many edits wait.
CUT_AND_EDITED = """() => new Promise((resolve) => {
    const { kernel } = __lab.panel().sessionContext.session;
    const { store } = __lab.view(0);
    kernel.connectionStatusChanged.connect(function cut(_, status) {
        if (status === 'connected') return;
        kernel.connectionStatusChanged.disconnect(cut);
        store.edit('Rename', [{at: ['node', 'lead'], set: {label: 'Leads'}}]);
        resolve(store.unsaved());
    });
    kernel._ws.close();
})"""


def test_a_cut_websocket_comes_back_with_the_edits_of_both_sides(notebook: Open) -> None:
    view = opened(notebook)
    later = "m.graph.nodes['deal']['owner'] = 'Ann'; m.flush()"
    view.notebook.kernel(f"import asyncio; asyncio.get_running_loop().call_later(0.5, exec, {later!r}, {{'m': m}})")
    unsaved = view.page.evaluate(CUT_AND_EDITED)
    assert unsaved == 1
    view.page.wait_for_function("__lab.panel().sessionContext.session.kernel.connectionStatus === 'connected'")
    view.settled()
    view.until("v.store.nodes.get('deal').owner === 'Ann'")
    assert view.notebook.value("m.graph.nodes['lead']['label']") == "Leads"


def test_a_busy_kernel_is_told_of_and_takes_the_edits_when_it_is_free(notebook: Open, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    busy = f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.05)"
    view = opened(notebook, busy)
    view.page.evaluate("__lab.start(2)")
    view.page.wait_for_function("__lab.panel().sessionContext.session.kernel.status === 'busy'")
    rename(view, "lead", "Leads")
    rename(view, "deal", "Deals")
    view.locator(".toast").filter(has_text="2 edits not saved").wait_for()
    gate.touch()
    view.settled()
    assert view.notebook.value("[m.graph.nodes[n]['label'] for n in m.graph]") == ["Leads", "Qualified", "Deals"]
    view.locator(".toast").filter(has_text="not saved").wait_for(state="detached")


def test_edits_that_a_restarted_kernel_never_took_are_offered_again(notebook: Open, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    busy = f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.05)"
    view = opened(notebook, busy)
    view.page.evaluate("__lab.start(2)")
    view.page.wait_for_function("__lab.panel().sessionContext.session.kernel.status === 'busy'")
    rename(view, "lead", "Leads")
    view.locator(".toast").filter(has_text="1 edit not saved").wait_for()
    remember(view)
    view.page.evaluate("__lab.panel().sessionContext.session.kernel.restart()")
    view.page.wait_for_function("() => __lab.ready()")
    view.notebook.run_all(2)
    fresh = another(view)
    assert fresh.labels()["lead"] == "Lead"
    fresh.locator(".toast").filter(has_text="1 edit from before").get_by_text("Put back").click()
    fresh.settled()
    assert fresh.notebook.value("m.graph.nodes['lead']['label']") == "Leads"
    assert fresh.js("v.store.leftBehind().length") == 0


def test_a_tab_that_dies_in_mid_drag_leaves_the_map_whole_and_the_other_tab_going(
    notebook: Open, lab: Server, browser: Browser
) -> None:
    view = opened(notebook)
    view.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    with page_of(browser) as (_, other):
        second = Notebook(other, lab, view.notebook.name).open().view()
        second.show()
        x, y = second.at("deal", 0, -0.3)
        second.drag((x, y), (x + 60, y + 90), drop=False)
        second.until("v.store.positions.get('deal').x !== 704")
        other.close(run_before_unload=False)
    rename(view, "deal", "Deals")
    view.settled()
    assert view.notebook.value("[m.graph.nodes['deal']['label'], *m.positions['deal']]") == ["Deals", 704, 0]
    assert view.position("deal") == (704, 0)


def test_one_map_in_five_cells_is_one_map(notebook: Open) -> None:
    nb = notebook([SALES, *["m"] * 5])
    nb.page.set_viewport_size({"width": 1400, "height": 4000})
    nb.run_all(6)
    views = [nb.view(i) for i in range(5)]
    rename(views[3], "lead", "Leads")
    for view in views:
        view.until("v.store.nodes.get('lead').label === 'Leads' && v.store.unsaved() === 0")
    views[0].js("v.view.session.select(['deal'])")
    views[0].js("v.surface.element.focus()")
    nb.page.keyboard.press("Delete")
    for view in views:
        view.until("!v.store.nodes.has('deal')")


def test_a_closed_widget_is_opened_anew_and_edits_go_on(notebook: Open) -> None:
    view = opened(notebook)
    rename(view, "lead", "Leads")
    view.settled()
    remember(view)
    view.notebook.kernel("m.widget.close()")
    view.notebook.run(1)
    fresh = another(view)
    fresh.until("v.store.nodes.get('lead').label === 'Leads'")
    rename(fresh, "lead", "Leads again")
    fresh.settled()
    assert fresh.notebook.value("m.graph.nodes['lead']['label']") == "Leads again"


def test_8000_edits_in_a_row_all_arrive_in_order(notebook: Open) -> None:
    view = opened(notebook)
    before = view.notebook.value("m.revision")
    view.page.set_default_timeout(300_000)
    view.page.evaluate(
        """async () => {
        const { store } = __lab.view(0);
        for (let i = 1; i <= 8000; i++) {
            store.edit('Move', [{at: ['position', 'lifecycle', 'lead'], set: {x: i, y: -i, pinned: true}}]);
            if (i % 200 === 0) await new Promise(requestAnimationFrame);
        }
    }"""
    )
    view.until("v.store.unsaved() === 0")
    assert view.notebook.value("list(m.positions['lead'])") == [8000, -8000]
    assert view.position("lead") == (8000, -8000)
    assert view.notebook.value("m.revision") == before + 8000


def test_what_was_acknowledged_survives_the_kernels_death_where_it_saves_by_itself(
    notebook: Open, tmp_path: Path
) -> None:
    path = tmp_path / "sales.crm.json"
    nb = notebook([SALES + f"m.autosave({str(path)!r})", "m", f"m = crm.open({str(path)!r}); m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    rename(view, "lead", "Leads")
    view.settled()
    nb.page.evaluate(
        """() => {
        const { kernel } = __lab.panel().sessionContext.session;
        kernel.statusChanged.connect((_, status) => { window.__died ||= /restarting/.test(status); });
    }"""
    )
    os.kill(nb.value("__import__('os').getpid()"), 9)
    nb.page.wait_for_function("() => window.__died && __lab.ready()")
    nb.kernel("import crmwidget as crm")
    nb.run(2)
    assert nb.value("m.graph.nodes['lead']['label']") == "Leads"
