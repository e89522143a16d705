"""Typing or pasting cards onto a map that has some, in a real JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for i, label in enumerate(("Lead", "Deal")):
    m.move(m.add_stage(label), 352 * i, 0)
m.add_flow("lead", "deal")
m.history.done.clear()
"""


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.surface.element.focus()")
    return view


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def type_in(view: View, text: str) -> None:
    view.page.keyboard.press("q")
    view.locator(".crm-entry textarea").fill(text)


def preview(view: View) -> tuple[int, int]:
    """Cards and flows that the line under the text speaks of."""
    cards, flows = re.findall(r"(\d+) (?:card|flow)", view.locator(".typed [role=status]").inner_text())
    return int(cards), int(flows)


def test_a_chain_is_typed_and_lies_in_the_middle_of_what_is_in_sight_as_one_step(sales: View) -> None:
    sales.js("v.surface.setCamera({x: -2000, y: -900, k: 1})")
    type_in(sales, "Ask -> Listen -> Offer")
    assert preview(sales) == (3, 2)
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.store.nodes.size === 5")
    sales.locator(".crm-entry").wait_for(state="detached")
    assert python(sales, "[list(e) for e in m.graph.edges('ask')]") == [["ask", "listen"]]
    assert sales.js("[...v.view.session.nodes].sort()") == ["ask", "listen", "offer"]
    sales.locator(".spoken").filter(has_text="3 cards and 2 flows added").wait_for(state="attached")
    middle = sales.js(
        """(() => { const b = v.surface.element.getBoundingClientRect();
        return v.surface.toWorld({x: b.x + b.width / 2, y: b.y + b.height / 2}); })()"""
    )
    assert abs(sales.position("listen")[0] - middle["x"]) < 700 and abs(sales.position("listen")[1] - middle["y"]) < 500
    sales.page.keyboard.press("Control+z")
    sales.until("v.store.nodes.size === 2")
    assert python(sales, "[sorted(m.graph), m.graph.number_of_edges()]") == [["deal", "lead"], 1]


@pytest.mark.parametrize(
    "text",
    [
        "Lead => Qualified → won\nlead --> Lost",
        "Lead -> Won: 20 %\nLead -> Won: 30 %",
        "- Ask\n- Listen\n\n* Offer",
        "1. Ask\n2. ask\n3. Listen",
        "Stage\tActions\nAsk\tcall\nListen\t",
        "| Stage | Description |\n|---|---|\n| Ask | why |\n| Listen | |",
    ],
    ids=["branches", "labels", "list", "numbered", "table", "framed"],
)
def test_what_is_told_while_typing_is_what_is_built(notebook: Open, text: str) -> None:
    nb = notebook(["import crmwidget as crm\nm = crm.CrmMap('New')\nm"])
    nb.run(0)
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    view.locator(".crm-empty textarea").fill(text)
    told = preview(view)
    view.locator(".crm-empty button[type=submit]").click()
    view.until("v.store.nodes.size > 0 && v.store.waiting().length === 0")
    assert told == (nb.value("len(m.graph)"), nb.value("m.graph.number_of_edges()"))


def test_a_name_that_is_on_the_map_is_that_card(sales: View) -> None:
    type_in(sales, "lead -> Lost")
    sales.locator(".typed").filter(has_text="2 cards (1 here already), 1 flow").wait_for()
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.store.nodes.size === 3")
    assert python(sales, "sorted(m.graph.successors('lead'))") == ["deal", "lost"]


def test_what_the_kernel_refuses_is_said_beside_the_text_which_is_kept(sales: View) -> None:
    revision = python(sales, "m.revision")
    type_in(sales, "Lead ->")
    sales.page.keyboard.press("Control+Enter")
    sales.locator(".crm-entry [role=alert]").filter(has_text="an arrow leads from one name to another").wait_for()
    expect(sales.locator(".crm-entry textarea")).to_have_value("Lead ->")
    expect(sales.locator(".toast")).to_have_count(0)
    assert python(sales, "m.revision") == revision
    sales.page.keyboard.press("End")
    sales.page.keyboard.type(" Lost")
    expect(sales.locator(".crm-entry [role=alert]")).to_have_count(0)
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.store.nodes.has('lost')")


def test_escape_closes_and_what_was_typed_is_there_again(sales: View) -> None:
    type_in(sales, "half a thou")
    sales.page.keyboard.press("Escape")
    sales.locator(".crm-entry").wait_for(state="detached")
    sales.until("v.surface.element.getRootNode().activeElement === v.surface.element")
    sales.locator(".crm-palette [aria-label='Type or paste cards']").click()
    expect(sales.locator(".crm-entry textarea")).to_have_value("half a thou")


def test_the_key_goes_to_the_text_of_an_empty_map(notebook: Open) -> None:
    nb = notebook(["import crmwidget as crm\nm = crm.CrmMap('New')\nm"])
    nb.run(0)
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    view.js("v.surface.element.focus()")
    view.page.keyboard.press("q")
    view.page.keyboard.type("Lead -> Won")
    view.page.keyboard.press("Control+Enter")
    view.until("v.store.nodes.size === 2")
    assert nb.value("list(m.graph)") == ["lead", "won"]


@pytest.mark.parametrize("width", [0, 320])
def test_the_place_to_type_can_be_read(notebook: Open, shots: Path, width: int) -> None:
    narrow = f"m.widget.layout.width = '{width}px'; m.widget.layout.flex = '0 0 auto'" if width else ""
    nb = notebook([SALES + narrow, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.js("v.surface.element.focus()")
    type_in(view, "Lead -> Lost")
    view.js("v.view.flush()")
    view.host.screenshot(path=str(shots / f"quick-entry-{width or 'wide'}.png"))
    assert [t for t in view.texts() if t["ratio"] < 4.5 or t["clipped"]] == []
