"""Comments on the canvas in a real JupyterLab: written, answered, changed, settled and removed, each one step."""

from __future__ import annotations

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
m.author = "Ann"
for i, label in enumerate(("Lead", "Qualified", "Deal")):
    m.move(m.add_stage(label, owner="Sales"), 352 * i, 0)
m.add_flow("lead", "qualified")
first = m.comment("qualified", "Why so few?", author="Bea")
m.comment("qualified", "The campaign ended.", author="Cleo", reply_to=first)
m.history.done.clear()
"""


@pytest.fixture
def sales(notebook: Open) -> View:
    nb = notebook([SALES, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    return view


def comments(view: View) -> list[list[Any]]:
    """[on, text, author, reply_to, resolved] of every comment, as Python has it."""
    view.settled()
    fields = "[c.on, c.text, c.author, c.reply_to, c.resolved]"
    return list(view.notebook.value(f"[{fields} for c in m.comments.values()]"))


def open_on(view: View, node: str) -> int:
    """How many open threads the card says that it has."""
    return int(view.js("(v.surface.flush(), +v.surface.cardElement(arg).textContent.match(/\\d*$/)[0])", node))


def test_a_comment_is_written_by_keyboard_alone_and_python_has_it(sales: View) -> None:
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Tab")
    sales.page.keyboard.press("m")
    box = sales.locator(".comment-box textarea")
    box.wait_for()
    assert box.evaluate("e => e.getRootNode().activeElement === e")
    sales.page.keyboard.type("Who calls them?\nAnd when?")
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.store.comments.size === 3")
    assert comments(sales)[-1] == ["lead", "Who calls them?\nAnd when?", "Ann", None, False]
    assert sales.notebook.value("m.history.done[-1].label") == "Comment on Lead"
    sales.locator(".spoken").filter(has_text="Comment added to Lead").wait_for(state="attached")
    assert open_on(sales, "lead") == 1
    sales.page.keyboard.press("Escape")  # back on the canvas, where undo is one key
    sales.page.keyboard.press("Control+z")
    sales.until("v.store.comments.size === 2")
    assert len(comments(sales)) == 2


def test_a_thread_is_answered_resolved_and_opened_again(sales: View) -> None:
    sales.click("qualified")
    sales.locator(".crm-side [role=tab]").filter(has_text="Comments").click()
    thread = sales.locator(".thread")
    expect(thread.locator(".said")).to_have_count(2)
    thread.get_by_role("button", name="Reply").click()
    sales.page.keyboard.type("We start again on Monday")
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.store.comments.size === 3")
    assert comments(sales)[-1] == ["qualified", "We start again on Monday", "Ann", "c1", False]
    assert open_on(sales, "qualified") == 1
    thread.get_by_role("button", name="Resolve").click()
    sales.until("v.store.comments.get('c1').resolved === true")
    assert comments(sales)[0][-1] is True
    assert (
        sales.js("(v.surface.flush(), v.surface.cardElement('qualified').getAttribute('aria-label'))").count("open")
        == 0
    )
    sales.locator(".fold summary").filter(has_text="Resolved").click()
    thread.get_by_role("button", name="Reopen").click()
    sales.until("!v.store.comments.get('c1').resolved")
    assert comments(sales)[0][-1] is False


def test_only_ones_own_comments_are_changed_and_removed_here(sales: View) -> None:
    sales.notebook.kernel("mine = m.comment('lead', 'Too late')")
    sales.click("lead")
    sales.page.keyboard.press("m")
    mine = sales.locator(".said").filter(has_text="Too late")
    mine.get_by_role("button", name="Change this comment").click()
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("Too early")
    sales.page.keyboard.press("Control+Enter")
    sales.notebook.await_value("m.comments[mine].text", "Too early")
    sales.locator(".said").get_by_role("button", name="Remove this comment").click()
    sales.notebook.await_value("mine in m.comments", False)
    sales.locator(".toast").filter(has_text="Removed a comment").get_by_role("button", name="Undo").click()
    sales.notebook.await_value("m.comments[mine].text", "Too early")
    sales.click("qualified")
    sales.locator(".said").filter(has_text="Why so few?").wait_for()
    expect(sales.locator(".said-tools")).to_have_count(0)


def test_the_button_counts_open_threads_and_lists_them_with_a_way_to_their_card(sales: View) -> None:
    sales.notebook.kernel("m.comment('deal', 'Signed on paper?')")
    button = sales.locator(".crm-toolbar button[aria-label='2 open comments']")
    button.wait_for()
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Shift+M")
    places = sales.locator(".thread .place")
    places.first.wait_for()
    expect(places).to_have_text(["Deal", "Qualified"])
    places.first.press("Enter")
    assert sales.js("[...v.view.session.nodes]") == ["deal"]
    sales.locator(".crm-side h3").filter(has_text="Deal").wait_for()
    expect(sales.locator(".thread")).to_have_count(1)


def test_the_list_of_all_comments_is_closed_by_escape_and_the_canvas_has_the_keys_again(sales: View) -> None:
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Shift+M")
    sales.locator(".threads").wait_for()
    sales.until("v.surface.element.getRootNode().activeElement.closest('.crm-side')")
    sales.page.keyboard.press("Escape")
    sales.locator(".threads").wait_for(state="detached")
    sales.until("v.surface.element.getRootNode().activeElement === v.surface.element")


def test_a_name_is_asked_for_once_and_remembered(sales: View) -> None:
    sales.notebook.kernel("m.author = ''")
    sales.until("v.store.about.author === ''")
    sales.click("lead")
    sales.page.keyboard.press("m")
    sales.page.keyboard.type("Anybody?")
    sales.page.keyboard.press("Control+Enter")
    name = sales.locator("[aria-label='Your name']")
    sales.until("v.surface.element.getRootNode().activeElement.ariaLabel === 'Your name'")
    assert len(comments(sales)) == 2
    sales.page.keyboard.type("Dora")
    name.press("Enter")
    sales.until("v.store.comments.size === 3")
    assert comments(sales)[-1][1:3] == ["Anybody?", "Dora"]
    assert sales.page.evaluate("localStorage.getItem('crmwidget:author')") == "Dora"


def test_what_is_half_written_waits_while_another_card_is_looked_at(sales: View) -> None:
    sales.click("lead")
    sales.page.keyboard.press("m")
    sales.page.keyboard.type("I was about to")
    sales.click("deal")
    sales.locator(".crm-side h3").filter(has_text="Deal").wait_for()
    expect(sales.locator(".comment-box textarea")).to_have_value("")
    sales.click("lead")
    sales.locator(".crm-side h3").filter(has_text="Lead").wait_for()
    expect(sales.locator(".comment-box textarea")).to_have_value("I was about to")


def test_what_a_comment_says_is_text_and_nothing_else(sales: View) -> None:
    sales.notebook.kernel("m.comment('lead', '<img src=x onerror=alert(1)>', author='<b>Eve</b>')")
    sales.click("lead")
    sales.page.keyboard.press("m")
    sales.locator(".said").filter(has_text="<img src=x onerror=alert(1)>").wait_for()
    expect(sales.locator(".said img, .said b b")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_comments_can_be_read(sales: View, shots: Path, theme: str) -> None:
    sales.notebook.kernel(f"m.widget.theme = {theme!r}; m.widget.height = 700")
    sales.click("qualified")
    sales.page.keyboard.press("m")
    sales.page.keyboard.type("So few what?")
    sales.js("v.view.flush()")
    texts = [t for t in sales.texts() if t["text"]]
    sales.host.screenshot(path=str(shots / f"comments-{theme}.png"))
    assert [t for t in texts if t["ratio"] < 4.5 or t["clipped"]] == []
