"""Groups, lanes and the inside of cards, by mouse and keys in a real JupyterLab, with one undo back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from lab import Notebook, View

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for label, team in (("Lead", "Marketing"), ("Deal", "Sales"), ("Won", "Sales"), ("Support", "Success")):
    m.add_stage(label, team=team)
for a, b in (("lead", "deal"), ("deal", "won"), ("won", "support")):
    m.add_flow(a, b)
for i, node in enumerate(("lead", "deal", "won", "support")):
    m.move(node, 352 * i, 0)
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


def undone(view: View) -> None:
    before = view.notebook.value("m.revision")
    view.locator("[aria-label^='Undo']").first.click()
    view.notebook.await_value(f"m.revision > {before}", True)
    view.settled()


def grouped(view: View) -> None:
    """Deal and Won in a group called Room, made by keys."""
    view.js("v.view.session.select(['deal', 'won'])")
    view.js("v.surface.element.focus()")
    view.page.keyboard.press("Control+g")
    view.page.keyboard.type("Room")
    view.page.keyboard.press("Enter")
    view.until("[...v.store.nodes.values()].some(n => n.label === 'Room')")
    view.settled()
    view.js("v.view.session.clear()")


def shown(view: View) -> list[str]:
    view.settled()
    return sorted(view.js("[...v.view.shown.nodes.keys()]"))


def test_cards_are_grouped_by_keys_and_the_frame_lies_round_them(sales: View) -> None:
    grouped(sales)
    assert python(sales, "[m.graph.nodes[n].get('parent') for n in m.graph if n != 'group']") == [
        None,
        "group",
        "group",
        None,
    ]
    frame, card = sales.js("[v.surface.nodeRect('group'), v.surface.nodeRect('won')]")
    assert frame["x"] + frame["width"] > card["x"] + card["width"]
    assert frame["y"] < card["y"]
    assert sales.notebook.value("m.graph.nodes['group']['label']") == "Room"


def test_a_card_is_dragged_into_a_group_and_out_again(sales: View) -> None:
    grouped(sales)
    sales.drag(sales.at("lead", 0, -0.3), sales.world(528, 40), drop=False)
    sales.until("v.surface.state.dropTarget === 'group'")
    sales.page.mouse.up()
    assert python(sales, "m.graph.nodes['lead']['parent']") == "group"
    assert python(sales, "m.history.done[-1].label") == "Move Lead into Room"
    undone(sales)
    assert python(sales, "'parent' in m.graph.nodes['lead']") is False
    sales.drag(sales.at("won", 0, -0.3), sales.world(704, 320))
    assert python(sales, "'parent' in m.graph.nodes['won']") is False


def test_a_group_moves_with_its_content_and_is_one_undo(sales: View) -> None:
    grouped(sales)
    x, y = sales.js("(() => { const r = v.surface.nodeRect('group'); return [r.x + 80, r.y + 16]; })()")
    sales.drag(sales.world(x, y), sales.world(x, y + 160))
    assert python(sales, "[m.positions[n][1] for n in ('lead', 'deal', 'won')]") == [0, 160, 160]
    undone(sales)
    assert python(sales, "[m.positions[n][1] for n in ('lead', 'deal', 'won')]") == [0, 0, 0]


def test_a_corner_gives_a_frame_its_size_but_never_less_than_its_content_needs(sales: View) -> None:
    grouped(sales)
    sales.js("v.view.session.select(['group'])")
    # The side panel opens, and the frame comes out from under it.
    sales.until(
        """(() => {
        const side = v.view.root.querySelector('.crm-side')?.getBoundingClientRect();
        const r = v.surface.nodeRect('group');
        return side && v.surface.toClient({x: r.x + r.width, y: r.y}).x < side.left;
    })()"""
    )
    sales.js("v.surface.flush()")
    before = sales.js("v.surface.nodeRect('group')")
    corner = (before["x"] + before["width"], before["y"] + before["height"])
    sales.drag(sales.world(*corner), sales.world(corner[0] + 80, corner[1] + 96))
    sales.settled()
    after = sales.js("v.surface.nodeRect('group')")
    assert (after["width"] - before["width"], after["height"] - before["height"]) == pytest.approx((80, 96), abs=9)
    assert python(sales, "'width' in m.elements.positions['lifecycle']['group']")
    sales.drag(sales.world(after["x"], after["y"] + after["height"]), sales.world(after["x"] + 400, after["y"]))
    sales.settled()
    least = sales.js("v.surface.nodeRect('group')")
    assert (least["x"], least["height"]) == (before["x"], before["height"])


def test_a_folded_group_stands_for_its_content_and_its_flows(sales: View) -> None:
    grouped(sales)
    rect = sales.js("v.surface.nodeRect('group')")
    sales.page.mouse.click(*sales.world(rect["x"] + 19, rect["y"] + 18))  # the mark in its header
    sales.until("v.store.nodes.get('group').collapsed === true")
    assert shown(sales) == ["group", "lead", "support"]
    assert sorted(sales.js("[...v.view.shown.flows.values()].map(f => [f.source, f.target])")) == [
        ["group", "support"],
        ["lead", "group"],
    ]
    assert python(sales, "m.graph.nodes['group']['collapsed']") is True
    sales.page.mouse.click(*sales.at("group", 0.8, 1))  # the mark on its lower border
    sales.until("v.store.nodes.get('group').collapsed !== true")
    assert shown(sales) == ["deal", "group", "lead", "support", "won"]


def test_ungrouping_keeps_the_cards(sales: View) -> None:
    grouped(sales)
    sales.js("v.view.session.select(['group'])")
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Control+Shift+g")
    sales.until("!v.store.nodes.has('group')")
    assert python(sales, "sorted(m.graph)") == ["deal", "lead", "support", "won"]


def test_groups_nest_and_a_group_of_groups_folds_as_one(sales: View) -> None:
    grouped(sales)
    sales.js("v.view.session.select(['group', 'lead'])")
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Control+g")
    sales.page.keyboard.press("Enter")
    sales.until("v.store.nodes.get('group')?.parent !== undefined")
    sales.settled()
    outer = sales.js("v.store.nodes.get('group').parent")
    sales.js("v.view.session.select([arg])", outer)
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("e")
    sales.until("v.store.nodes.get(arg).collapsed === true", outer)
    assert shown(sales) == sorted([outer, "support"])


def test_one_goes_into_a_card_builds_there_and_comes_back(sales: View) -> None:
    sales.js("v.view.session.select(['support'])")
    sales.js("v.surface.element.focus()")
    sales.page.keyboard.press("Control+Enter")
    sales.until("v.view.shown.within === 'support'")
    sales.page.mouse.dblclick(*sales.world(-420, -120))
    sales.page.keyboard.type("Ticket")
    sales.page.keyboard.press("Enter")
    sales.until("[...v.view.shown.nodes.values()].some(n => n.label === 'Ticket')")
    assert python(sales, "m.graph.nodes['ticket']['parent']") == "support"
    sales.locator(".crm-way .link").first.click()
    sales.until("v.view.shown.within === null")
    assert shown(sales) == ["deal", "lead", "support", "won"]
    sales.page.mouse.click(*sales.at("support", 0.8, 1))  # the mark with the number of cards inside
    sales.until("v.view.shown.within === 'support'")


def test_lanes_are_moved_resized_renamed_folded_and_take_in_what_is_dropped(sales: View) -> None:
    sales.notebook.kernel("m.layout(lanes='team', unpin=True)")
    sales.until("v.surface.lanes.length === 3")
    sales.settled()
    sales.js("v.surface.fit()")
    sales.settled()
    bands = "v.surface.lanes.map(l => l.name)"
    assert sales.js(bands) == ["Marketing", "Sales", "Success"]
    lane = sales.js("v.surface.lanes[0].rect")

    # down past the next one
    sales.drag(
        sales.world(lane["x"] + 80, lane["y"] + 14), sales.world(lane["x"] + 80, lane["y"] + 14 + 1.6 * lane["height"])
    )
    sales.settled()
    assert sales.js(bands) == ["Sales", "Marketing", "Success"]
    undone(sales)
    assert sales.js(bands) == ["Marketing", "Sales", "Success"]

    # the border below it makes room
    below = lane["y"] + lane["height"] + 4
    sales.drag(sales.world(lane["x"] + 400, below), sales.world(lane["x"] + 400, below + 80))
    sales.settled()
    assert sales.js("v.surface.lanes[0].rect.height") == pytest.approx(lane["height"] + 80, abs=8)
    undone(sales)

    # a card that is dropped there is that team's
    target = sales.js("v.surface.lanes[0].rect")
    sales.drag(sales.at("won", 0, -0.3), sales.world(target["x"] + 700, target["y"] + 100))
    assert python(sales, "m.graph.nodes['won']['team']") == "Marketing"
    undone(sales)

    sales.page.mouse.dblclick(*sales.world(lane["x"] + 80, lane["y"] + 14))
    sales.page.keyboard.press("Control+a")
    sales.page.keyboard.type("Demand")
    sales.page.keyboard.press("Enter")
    assert python(sales, "m.graph.nodes['lead']['team']") == "Demand"

    middle = sales.js("v.surface.lanes.find(l => l.name === 'Sales').rect")
    sales.page.mouse.click(*sales.world(middle["x"] + 18, middle["y"] + 15))
    sales.until("v.view.shown.nodes.size === 3")
    assert python(sales, "m.graph.graph['folded_lanes']") == ["Sales"]
    undone(sales)
    assert shown(sales) == ["deal", "lead", "support", "won"]
