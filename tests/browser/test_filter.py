"""The filter bar in a real JupyterLab: what it says is the kernel's, by mouse and by keys, for every view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

LOGGED = """
import crmwidget as crm
sample = crm.samples.events(600)
log = crm.EventLog(sample.events, case="case_id", activity="activity", timestamp="finished_at",
                   attributes=["segment", "owner"], ends=sample.ends)
m = crm.discover(log, name="Filtered")
m.widget.height = 640
crm.flows(m).show()
"""


def test_the_filter_bar_narrows_what_is_painted_by_mouse_and_by_keys(notebook: Open, shots: Path) -> None:
    nb = notebook([LOGGED, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    bar, sentence = view.locator(".crm-filter"), view.locator(".crm-filter .filter-sentence")
    expect(sentence).to_have_text("All 600 cases")
    bar.get_by_role("button", name="Segment: all").click()
    view.host.screenshot(path=shots / "filter-menu.png")
    view.page.get_by_role("menuitemcheckbox", name="Enterprise").click()
    n = nb.value("m.logs['log'].log.where(segment='Enterprise').n_cases")
    expect(sentence).to_have_text(f"Filtered: {n} of 600 cases")
    assert nb.value("m.filters.text") == "segment Enterprise"
    nb.await_value("m.overlays['flows'].subtitle", f"{n} cases · filtered")
    view.page.keyboard.press("Escape")
    expect(view.locator(".menu-filter")).to_have_count(0)
    bar.get_by_label("Cases that begin until").fill("2025-06-30")
    nb.await_value("str(m.filters.until)", "2025-06-30")

    # by keys alone: into the bar, along it, into a menu, and out with everything
    view.js("v.surface.element.focus()")
    view.page.keyboard.press("w")
    expect(bar.get_by_role("button", name="Filtered:")).to_be_focused()
    for _ in range(4):
        view.page.keyboard.press("Tab")
    expect(bar.get_by_role("button", name="Outcome: all")).to_be_focused()
    view.page.keyboard.press("Enter")
    view.page.keyboard.press("ArrowDown")
    view.page.keyboard.press("Enter")
    nb.await_value("list(m.filters.outcomes)", ["lost"])
    view.page.keyboard.press("Escape")
    for theme in ("light", "dark"):
        nb.kernel(f"m.widget.theme = {theme!r}")
        view.until("v.view.settings.theme === arg", theme)
        view.host.screenshot(path=shots / f"filter-{theme}.png")
    assert [text for text in view.texts() if text["ratio"] < 4.5] == []
    view.js("v.surface.element.focus()")
    view.page.keyboard.press("Shift+W")
    expect(sentence).to_have_text("All 600 cases")
    nb.kernel("m.filter(owner='Ada')")
    expect(bar.get_by_role("button", name="Owner: Ada")).to_be_visible()
    nb.kernel("m.widget.layout.width = '360px'")
    view.host.screenshot(path=shots / "filter-narrow-open.png")
    sentence.click()
    expect(bar.get_by_role("button", name="Owner: Ada")).to_have_count(0)
    expect(sentence).to_contain_text("Filtered:")
    view.host.screenshot(path=shots / "filter-narrow.png")


def test_an_answer_lies_over_no_card_until_someone_has_moved_the_map(notebook: Open) -> None:
    nb = notebook([LOGGED.replace("crm.flows(m).show()", ""), "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    nb.kernel("crm.bottlenecks(m).show()")
    expect(view.locator(".crm-side")).to_be_visible()
    view.until(
        """(() => { const side = v.view.root.querySelector('.crm-side').getBoundingClientRect().left;
        return [...v.store.nodes.keys()].every(id => { const r = v.surface.nodeRect(id);
            return v.surface.toClient({x: r.x + r.width, y: r.y}).x < side; }); })()"""
    )
    view.js("v.surface.setCamera({x: 40, y: 200, k: 0.7})")
    nb.kernel("crm.rework(m).show()")
    expect(view.locator(".crm-side")).to_contain_text("Rework")
    assert view.js("v.surface.camera") == {"x": 40, "y": 200, "k": 0.7}
