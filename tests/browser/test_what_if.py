"""Sliders on a painted what-if in a real JupyterLab: what they show is what Python answers, and the map waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

FUNNEL = """
import crmwidget as crm
m = crm.CrmMap("Funnel")
m.add_stage("Lead", inflow=100, duration_days=1.0, capacity=5)
m.add_stage("Deal", duration_days=4.0, capacity=9)
m.add("end", "Won", outcome="won", case_value=1000)
m.add("end", "Lost", outcome="lost")
for way, share in (("lead deal", 0.5), ("lead lost", 0.5), ("deal won", 0.4), ("deal lost", 0.6)):
    m.add_flow(*way.split(), probability=share)
m.widget.height = 760
m.history.done.clear()
answer = crm.what_if(m).show()
"""


def figures(nb: Notebook, changes: str) -> list[list[str]]:
    """Each figure of the whole map as Python answers it, as it is and as it would be."""
    effects = f"[[e.before, e.after] for e in crm.what_if(m, {changes}).painted.levers.effects]"
    return list(nb.value(effects))


def test_dragging_shows_what_python_answers_and_take_over_is_one_step_that_undo_takes_back(
    notebook: Open, shots: Path
) -> None:
    nb = notebook([FUNNEL, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    trying = view.locator(".trying")
    shown = trying.locator(".effects dd")

    def expect_figures(changes: str) -> None:
        told = figures(nb, changes)
        expect(shown).to_have_text([now if now == then else f"{now} → becomes{then}" for now, then in told])

    expect(trying.get_by_text("Select one stage or flow to try other numbers.")).to_be_visible()
    expect_figures("{}")
    view.click("lead")
    inflow, capacity = (trying.get_by_role("slider", name=name) for name in ("Inflow", "Capacity"))
    expect(inflow).to_have_attribute("aria-valuetext", "100 a month")
    inflow.focus()
    for _ in range(10):
        inflow.press("ArrowRight")
    expect(inflow).to_have_attribute("aria-valuetext", "120 a month, was 100 a month")
    expect_figures("{'lead': {'inflow': 120}}")
    capacity.focus()
    capacity.press("ArrowLeft")
    capacity.press("ArrowLeft")
    expect_figures("{'lead': {'inflow': 120, 'capacity': 3}}")
    expect(trying.locator(".effects")).to_contain_text("overloaded")
    nb.await_value("answer.table.loc[1, 'status_changed']", "overloaded")
    for theme in ("light", "dark"):
        nb.kernel(f"m.widget.theme = {theme!r}")
        view.until("v.view.settings.theme === arg", theme)
        view.host.screenshot(path=shots / f"what-if-{theme}.png")
        assert [text for text in view.texts() if text["ratio"] < 4.5] == []
    assert nb.value("[m.graph.nodes['lead']['inflow'], m.graph.nodes['lead']['capacity'], len(m.history.done)]") == [
        100,
        5,
        0,
    ]
    trying.get_by_role("button", name="Reset: Capacity").click()
    expect(capacity).to_have_attribute("aria-valuetext", "5 at once")
    expect_figures("{'lead': {'inflow': 120}}")

    # a flow, and what follows from it
    view.js("v.view.session.select([], [arg])", nb.value("next(iter(m.graph['lead']['deal']))"))
    share = trying.get_by_role("slider", name="Probability")
    share.focus()
    share.press("ArrowRight")
    expect(share).to_have_attribute("aria-valuetext", "51\u202f%, was 50\u202f%")
    tried = "{'lead': {'inflow': 120}, ('lead', 'deal'): {'probability': 0.51}}"
    expect_figures(tried)
    after = [now for _, now in figures(nb, tried)]

    trying.get_by_role("button", name="Take over").click()
    expect(shown).to_have_text(after)
    expect(trying.get_by_role("button", name="Take over")).to_have_count(0)
    facts = "[m.graph.nodes['lead']['inflow'], [d['probability'] for _, _, d in m.graph.edges(data=True)]]"
    assert nb.value(facts) == [120, [0.51, 0.49, 0.4, 0.6]]
    assert nb.value("[step.label for step in m.history.done]") == ["Take over what was tried"]
    view.js("v.surface.element.focus()")
    view.page.keyboard.press("Control+z")
    expect(shown).to_have_text([now for now, _ in figures(nb, "{}")])
    assert nb.value(facts) == [100, [0.5, 0.5, 0.4, 0.6]]

    # what the kernel refuses is said beside the slider, which stays
    view.click("lead")
    inflow.focus()
    inflow.press("Home")
    expect(trying.get_by_role("alert")).to_contain_text("No case comes in")
    expect(inflow).to_have_attribute("aria-valuetext", "0 a month, was 100 a month")
    trying.get_by_role("button", name="Reset all").click()
    expect(trying.get_by_role("alert")).to_have_count(0)
    expect_figures("{}")

    # narrow, and read-only
    nb.kernel("m.widget.layout.width = '320px'")
    view.until("v.view.root.clientWidth <= 320")
    expect(view.page.get_by_role("button", name="Unfold the sheet")).to_be_visible()
    view.page.get_by_role("button", name="Unfold the sheet").click()
    inflow.press("ArrowRight")
    expect_figures("{'lead': {'inflow': 102}}")
    assert (
        view.js(
            "(() => { const s = v.view.root.querySelector('.side-body'); return s.scrollWidth - s.clientWidth; })()"
        )
        <= 0
    )
    view.host.screenshot(path=shots / "what-if-narrow.png")
    nb.kernel("m.widget.read_only = True")
    expect(trying.get_by_role("button", name="Take over")).to_have_count(0)
    inflow.press("ArrowRight")
    expect_figures("{'lead': {'inflow': 104}}")
