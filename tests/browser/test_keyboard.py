"""Everything by the keyboard alone, in a real JupyterLab: what Python has then, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for label in ("Lead", "Qualified", "Deal", "Support"):
    m.add_stage(label)
m.add_flow("lead", "qualified", label="62 %")
m.add_flow("qualified", "deal")
for node, x, y in (("lead", 0, 0), ("qualified", 352, 0), ("deal", 704, 0), ("support", 352, 240)):
    m.move(node, x, y)
m.history.done.clear()
"""
SYSTEMS = """
import crmwidget as crm
m = crm.CrmMap("Systems")
m.graph.graph["lens"] = "integration"
m.add("system", "Lead")
m.add("stage", "Odd")
"""
# The seven stages, who owns each, and the flow that leads back.
STAGES = {
    "Lead generation": "Marketing",
    "Nurture": "Marketing",
    "Opportunity": "Sales",
    "Pipeline": "Sales",
    "Onboarding": "Success",
    "Support": "Success",
    "Cross-sell": "Success",
}


class Keyboard:
    """Hands that know no mouse."""

    def __init__(self, view: View) -> None:
        self.view, self.keys = view, view.page.keyboard

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)

    def type(self, text: str) -> None:
        self.keys.type(text)

    def focused(self, selector: str) -> None:
        """Wait until the focus is on such an element."""
        self.view.until("v.surface.element.getRootNode().activeElement?.matches(arg)", selector)

    def on_canvas(self) -> None:
        self.focused(".surface, .surface *")

    def to_field(self, label: str) -> None:
        """Tab through the details until this field has the focus."""
        named = "v.surface.element.getRootNode().activeElement.labels?.[0]?.textContent.trim()"
        for _ in range(20):
            if self.view.js(named) == label:
                return
            self.press("Tab")
        raise AssertionError(f"no field {label!r} within twenty steps; the focus is on {self.view.js(named)!r}")

    def hears(self, sentence: str) -> None:
        """Wait until the live region says this, among whatever else."""
        self.view.until(
            "v.surface.element.getRootNode().querySelector('[aria-live]').textContent.includes(arg)", sentence
        )


def shown(notebook: Open, *cells: str) -> View:
    nb = notebook(cells)
    nb.run_all(len(cells))
    nb.page.wait_for_function("() => __lab.view(0)")
    view = View(nb, 0)
    view.show()
    return view


@pytest.fixture
def sales(notebook: Open) -> View:
    view = shown(notebook, SALES, "m")
    view.js("v.surface.element.focus()")
    return view


@pytest.fixture
def hands(sales: View) -> Keyboard:
    return Keyboard(sales)


def python(view: View, expression: str) -> Any:
    view.settled()
    return view.notebook.value(expression)


def selected(view: View) -> list[str]:
    return sorted(view.js("[...v.view.session.nodes, ...v.view.session.flows]"))


def add_first(hands: Keyboard, label: str) -> None:
    hands.press("n")
    hands.focused(".ghost input")
    hands.type(label)
    hands.press("Enter")
    hands.on_canvas()


def connect(hands: Keyboard, label: str) -> None:
    """To the card of that name, or to a new one."""
    hands.press("c")
    hands.focused("[role=combobox]")
    hands.type(label)
    hands.press("Enter")
    hands.on_canvas()


def give_owner(hands: Keyboard, owner: str) -> None:
    hands.press("i")
    hands.focused(".crm-side .input")
    hands.to_field("Owner")
    hands.type(owner)
    hands.press("Enter", "Escape")
    hands.on_canvas()


def comment(hands: Keyboard, text: str) -> None:
    """On the card where the keyboard is."""
    hands.press("m")
    hands.focused(".comment-box textarea")
    hands.type(text)
    hands.press("Control+Enter", "Escape")
    hands.on_canvas()


def find(hands: Keyboard, label: str) -> None:
    hands.press("/")
    hands.focused("[role=combobox]")
    hands.type(label)
    hands.press("Enter")
    hands.on_canvas()


def test_the_seven_stage_lifecycle_is_built_without_a_mouse(notebook: Open) -> None:
    view = shown(notebook, "import crmwidget as crm\nm = crm.CrmMap('Lifecycle')\nm.author = 'Ann'\nm")
    hands = Keyboard(view)
    # From the notebook into the map as a keyboard comes: by Tab, from the cell that shows it.
    view.page.evaluate("() => __lab.notebook().node.focus()")
    for _ in range(60):
        if view.js("v.surface.element.getRootNode().activeElement === v.surface.element"):
            break
        hands.press("Tab")
    hands.on_canvas()
    first, *others = STAGES
    add_first(hands, first)
    give_owner(hands, STAGES[first])
    for label in others:
        connect(hands, label)
        give_owner(hands, STAGES[label])
    connect(hands, "Opportunity")
    hands.press("Enter")
    hands.focused(".rename-flow input")
    hands.type("again")
    hands.press("Enter")
    hands.on_canvas()
    find(hands, first)
    comment(hands, "Which events bring the best leads?")

    ids = [label.lower().replace(" ", "_").replace("-", "_") for label in STAGES]
    assert python(view, "[n['label'] for n in m.graph.nodes.values()]") == list(STAGES)
    assert python(view, "list(m.graph)") == ids
    assert python(view, "[n['owner'] for n in m.graph.nodes.values()]") == list(STAGES.values())
    chain = [list(pair) for pair in pairwise(ids)]
    assert python(view, "list(map(list, m.graph.edges()))") == [*chain, ["cross_sell", "opportunity"]]
    assert python(view, "[e[2] for e in m.graph.edges(data='label') if e[2]]") == ["again"]
    said = python(view, "[[c.on, c.text, c.author] for c in m.comments.values()]")
    assert said == [["lead_generation", "Which events bring the best leads?", "Ann"]]
    assert python(view, "len(set(m.positions.values()))") == 7
    assert selected(view) == ["lead_generation"]


def test_tab_walks_in_reading_order_and_alt_arrows_to_the_nearest_card_that_way(hands: Keyboard) -> None:
    view = hands.view
    revision = python(view, "m.revision")
    seen = []
    for _ in range(4):
        hands.press("Tab")
        seen += selected(view)
    assert seen == ["lead", "qualified", "support", "deal"]
    hands.press("Shift+Tab")
    assert selected(view) == ["support"]
    walked = []
    for arrow in ("ArrowUp", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight"):
        hands.press(f"Alt+{arrow}")
        walked += selected(view)
    assert walked == ["qualified", "lead", "qualified", "deal", "deal"]
    hands.hears("Nothing lies farther to the right")
    hands.press("Alt+ArrowLeft")
    hands.hears("Qualified, Stage")
    assert python(view, "m.revision") == revision, "plain arrows move a card, those with Alt only walk"


def test_the_flows_of_a_card_are_walked_labelled_and_left_by_keys(hands: Keyboard) -> None:
    view = hands.view
    hands.press("Tab", "Tab", "]")
    assert selected(view) == ["f2"]
    hands.hears("Flow 1 of 2: Qualified to Deal")
    hands.press("]")
    assert selected(view) == ["f1"]
    hands.hears("Flow 2 of 2: Lead to Qualified, 62 %")
    hands.press("[", "Enter")
    hands.focused(".rename-flow input")
    hands.type("1 in 3")
    hands.press("Enter")
    hands.hears("1 in 3 written on the flow from Qualified to Deal")
    assert python(view, "m.graph.edges['qualified', 'deal', 'f2']['label']") == "1 in 3"
    hands.on_canvas()
    hands.press("Alt+ArrowRight")
    assert selected(view) == ["deal"]


def test_a_flow_is_drawn_to_the_card_that_the_arrows_choose(hands: Keyboard) -> None:
    view = hands.view
    hands.press("Tab", "c")
    hands.focused("[role=combobox]")
    hands.press("ArrowRight", "ArrowDown")
    hands.hears("Support, Stage")
    assert view.js("v.surface.state.draft") == {"from": "lead", "to": "support"}
    hands.press("Enter")
    hands.hears("Lead connected to Support")
    hands.on_canvas()
    assert python(view, "m.graph.has_edge('lead', 'support')")
    assert view.js("v.surface.state.draft") is None


def test_escape_leaves_the_connecting_and_draws_nothing(hands: Keyboard) -> None:
    view = hands.view
    revision = python(view, "m.revision")
    hands.press("Tab", "c")
    hands.focused("[role=combobox]")
    hands.press("Tab", "Tab", "Escape")
    hands.on_canvas()
    assert view.js("[v.surface.state.draft, v.view.session.connecting]") == [None, None]
    assert python(view, "m.revision") == revision


def test_either_end_of_a_flow_is_led_elsewhere_and_keeps_its_key_and_label(hands: Keyboard) -> None:
    view = hands.view
    hands.press("Tab", "]", "r")
    hands.focused("[role=combobox]")
    hands.type("supp")
    hands.press("Enter")
    hands.hears("The flow now leads from Lead to Support")
    hands.on_canvas()
    hands.press("Shift+R")
    hands.focused("[role=combobox]")
    hands.type("deal")
    hands.press("Enter")
    hands.hears("The flow now leads from Deal to Support")
    assert python(view, "[list(e) for e in m.graph.edges(keys=True, data='label')][-1]") == [
        "deal",
        "support",
        "f1",
        "62 %",
    ]


def test_a_flow_that_may_not_be_is_refused_with_the_reason_and_the_choice_stays_open(notebook: Open) -> None:
    view = shown(notebook, SYSTEMS, "m")
    view.js("v.surface.element.focus()")
    hands = Keyboard(view)
    find(hands, "lead")
    hands.press("c")
    hands.focused("[role=combobox]")
    hands.type("odd")
    hands.press("Enter")
    view.locator(".toast").filter(has_text="goes from").first.wait_for()
    assert view.flows() == []
    assert view.js("v.surface.state.draft") is None
    hands.focused("[role=combobox]")


def test_space_gathers_cards_that_then_move_together(hands: Keyboard) -> None:
    view = hands.view
    hands.press("Tab", "Space", "Tab", "Tab")
    assert selected(view) == ["lead"]
    assert view.js("v.surface.state.cursor") == "support"
    hands.press("Space")
    hands.hears("Support taken, 2 cards selected")
    assert selected(view) == ["lead", "support"]
    hands.press("Space")
    assert selected(view) == ["lead"]
    hands.press("Space", "Escape")
    hands.hears("2 cards selected")
    hands.press("Shift+ArrowDown")
    assert python(view, "[m.positions[n][1] for n in ('lead', 'qualified', 'support')]") == [40.0, 0.0, 280.0]
    hands.press("Escape")
    assert selected(view) == []


def test_space_still_pans_while_it_is_held(sales: View) -> None:
    before = sales.js("v.surface.camera")
    x, y = sales.at("lead", 0, -0.3)
    sales.page.mouse.move(x, y)
    sales.page.keyboard.down("Space")
    sales.drag((x, y), (x + 40, y + 30))
    sales.page.keyboard.up("Space")
    after = sales.js("v.surface.camera")
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (40, 30)
    assert selected(sales) == []


def test_a_card_that_is_removed_leaves_the_keyboard_at_its_place(hands: Keyboard) -> None:
    view = hands.view
    hands.press("Tab", "Tab", "Delete")
    hands.hears("Qualified removed")
    assert python(view, "sorted(m.graph)") == ["deal", "lead", "support"]
    hands.press("Tab")
    assert selected(view) == ["support"]


def test_the_details_are_reached_by_i_and_left_by_escape(hands: Keyboard) -> None:
    view = hands.view
    give = "Everybody who wrote to us"
    hands.press("Tab", "i")
    hands.to_field("Description")
    hands.type(give)
    hands.press("Escape")
    assert view.js("v.surface.element.getRootNode().activeElement.value") == "", "the first Escape takes back the text"
    hands.type(give)
    hands.press("Control+Enter")
    hands.hears(f"Description of Lead is now {give}")
    hands.press("Escape")
    hands.on_canvas()
    assert selected(view) == ["lead"]
    assert python(view, "m.graph.nodes['lead']['description']") == give


def test_edits_of_python_are_told_in_one_short_sentence(hands: Keyboard) -> None:
    nb = hands.view.notebook
    nb.kernel("m.update('lead', label='Leads')")
    hands.hears("Elsewhere: Lead renamed to Leads")
    nb.kernel("for i in range(20): m.add_stage(f'Late {i}')")
    hands.hears("Elsewhere: 20 cards added")


def test_the_sheet_of_keys_tells_every_key_and_leaves_the_map_in_use(hands: Keyboard) -> None:
    view = hands.view
    hands.press("?")
    sheet = view.locator(".crm-keys")
    sheet.wait_for()
    told = sheet.inner_text()
    actions = ("Rename", "Undo", "Connect to", "Find", "Outline", "Next flow of the card", "Take or leave the card")
    assert [title for title in (*actions, "Move the selection", "Double-click") if title not in told] == []
    view.click("deal")
    assert selected(view) == ["deal"]
    expect(sheet).to_be_visible()
    hands.press("Escape")
    sheet.wait_for(state="detached")
    assert selected(view) == ["deal"], "one thing at a time"
    hands.press("?")
    sheet.wait_for()
    hands.press("Escape")
    sheet.wait_for(state="detached")
    hands.on_canvas()


def test_a_read_only_map_is_walked_and_searched_but_not_changed(notebook: Open) -> None:
    view = shown(notebook, SALES + "m.widget.read_only = True", "m")
    view.js("v.surface.element.focus()")
    hands = Keyboard(view)
    revision = python(view, "m.revision")
    hands.press("Tab", "c", "n", "Delete", "]", "r", "Shift+R", "Delete")
    assert view.js("v.view.session.connecting") is None
    assert selected(view) == ["f1"]
    find(hands, "deal")
    assert selected(view) == ["deal"]
    hands.press("/")
    hands.focused("[role=combobox]")
    hands.type("nothing of that name")
    hands.press("Enter", "Escape")
    hands.press("?")
    view.locator(".crm-keys").wait_for()
    expect(view.locator(".crm-keys")).not_to_contain_text("Remove")
    assert python(view, "m.revision") == revision


def test_what_is_typed_on_the_canvas_never_reaches_the_notebook(hands: Keyboard) -> None:
    view = hands.view
    page = view.page
    before = page.evaluate("() => __lab.notebook().widgets.map(w => w.model.sharedModel.getSource())")
    count = page.evaluate("() => __lab.notebook().widgets[1].model.executionCount")
    for keys in ("a", "x", "dd", "b", "m", "y", "z", "k"):
        hands.type(keys)
    for key in ("Enter", "Escape", "Shift+Enter", "Control+Enter", "Alt+Enter", "Tab", "Enter", "Shift+Enter"):
        hands.press(key)
    hands.press("Escape", "Escape")
    assert page.evaluate("() => __lab.notebook().widgets.map(w => w.model.sharedModel.getSource())") == before
    assert page.evaluate("() => __lab.notebook().widgets[1].model.executionCount") == count
    assert page.evaluate("() => __lab.notebook().widgets.every(w => w.model.type === 'code')")
