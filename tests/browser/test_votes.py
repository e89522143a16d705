"""Votes on the canvas in a real JupyterLab: given and taken back by a key, counted on cards, listed, cleared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
m.author = "Ann"
m.votes_each = 2
for i, label in enumerate(("Lead", "Qualified", "Deal")):
    m.move(m.add_stage(label, owner="Sales"), 352 * i, 0)
m.vote("deal", by="Bo")
"""
VOTES = "m.votes()[['id', 'votes']].values.tolist()"


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


def spoken_by(view: View, node: str) -> str:
    return str(view.js("(v.surface.flush(), v.surface.cardElement(arg).getAttribute('aria-label'))", node))


def test_a_key_votes_and_takes_back_up_to_the_limit_and_python_has_it(sales: View) -> None:
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Tab")
    sales.page.keyboard.press("v")
    sales.notebook.await_value("m.votes()['by'].tolist()", [["Ann"], ["Bo"]])
    assert spoken_by(sales, "lead").endswith("1 vote with yours") and spoken_by(sales, "deal").endswith("1 vote")
    sales.locator(".spoken").filter(has_text="Vote for Lead added").wait_for(state="attached")
    outline = sales.locator(".crm-outline [role=treeitem][aria-label='Lead, Stage, 1 vote']")
    expect(outline).to_have_count(1)
    sales.page.keyboard.press("Tab")
    sales.page.keyboard.press("v")
    sales.page.keyboard.press("Tab")
    sales.page.keyboard.press("v")
    sales.locator(".toast").filter(has_text="You have 2 votes, used for").wait_for()
    sales.locator(".crm-side .row button").filter(has_text="Vote").wait_for()
    assert sum(n for _, n in sales.notebook.value(VOTES)) == 3
    sales.click("lead")
    sales.locator(".crm-side .row button").filter(has_text="Take back my vote").click()
    sales.notebook.await_value("'lead' in set(m.votes()['id'])", False)


def test_the_list_has_the_most_first_follows_each_vote_flies_there_and_ends_with_the_round(
    sales: View, shots: Path
) -> None:
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Shift+V")
    findings = sales.locator(".crm-side .finding")
    expect(findings).to_have_count(1)
    sales.notebook.kernel("for name in ('Ann', 'Cleo'): m.vote('lead', by=name)")
    expect(findings).to_have_count(2)
    expect(findings.first).to_contain_text("Lead: 2 votes")
    sales.host.screenshot(path=str(shots / "votes.png"))
    findings.first.click()
    sales.until("v.view.session.nodes.has('lead')")
    sales.js("v.view.session.clear()")
    sales.settled()  # the flight there is over: a menu closes when the map moves under it
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Shift+F10")
    sales.locator("[data-action=clear_votes]").click()
    sales.notebook.await_value("len(m.votes())", 0)
    sales.locator(".toast").filter(has_text="Took all votes off").get_by_role("button", name="Undo").click()
    sales.notebook.await_value("len(m.votes())", 2)
