"""The last edits of a map as Python: run on the map as it was before, the code gives the map as it is, to the byte."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from graph_edits import EDITS
from test_formats_python_code import by_name
from wire_edits import Hand

import crmwidget as crm
from crmwidget.formats import map_json
from crmwidget.graph.changes import Proposal
from crmwidget.graph.versions import earlier


def opened(text: str) -> crm.CrmMap:
    return crm.CrmMap(elements=map_json.loads(text))


def run(code: str, m: crm.CrmMap) -> str:
    exec(code, {"m": m, "crm": crm})
    m.flush()
    return map_json.dumps(m.elements).replace(m.id, "id")


def some_edits(m: crm.CrmMap, r: random.Random, n: int) -> None:
    for _ in range(n):
        with suppress(crm.EditError, crm.RuleError, KeyError):
            if r.random() < 0.4:
                r.choice(list(EDITS.values()))(m.graph, r)
                m.flush()
            elif r.random() < 0.3:
                by_hand(m, r)
            else:
                by_name(m, r)
            m.flush()


def by_hand(m: crm.CrmMap, r: random.Random) -> None:
    """What only a canvas does: several changes at once, comments changed and removed, sizes given and taken."""
    nodes, comments = list(m.graph) or ["?"], list(m.comments) or ["?"]
    node, other = r.choice(nodes), r.choice(nodes)
    edits: list[Any] = [
        lambda: m.change_comment(r.choice(comments), f"Text {r.random()}"),
        lambda: m.remove_comment(r.choice(comments)),
        lambda: m.reopen(r.choice(comments)),
        lambda: m.clear_votes(),
        lambda: m.update(node, kind=r.choice(["stage", "dataset", "group", "field", "system"])),
        lambda: m.add_flow(node, other, kind=r.choice(["mapping", "flow", "message", "data"])),
        lambda: m.move_all({node: (9, 9)}, sizes={node: r.choice([(500, 400), None])}),
        lambda: swap(m, node, other),
    ]
    r.choice(edits)()


def swap(m: crm.CrmMap, node: str, other: str) -> None:
    """What holds and what is held change places, and one becomes something else, in one batch."""
    m.graph.nodes[other].pop("parent", None)
    m.graph.nodes[node].update(parent=other)
    m.graph.nodes[other]["kind"] = "group"
    m.flush()


@pytest.mark.parametrize("is_seen", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_the_code_of_the_last_edits_makes_them_again_on_the_map_before(seed: int, is_seen: bool) -> None:
    """Whether a canvas has seen the map, which gives each new card a place at once, or not."""
    r = random.Random(seed)
    m = crm.CrmMap(f"Steps {seed}")
    if is_seen:
        m.ensure_placed()
    some_edits(m, r, r.choice([30, 100]))
    m.ensure_placed()
    n = r.randint(1, max(1, min(len(m.history.done), 30)))
    before = map_json.dumps(earlier(m.elements, [step.changes for step in list(m.history.done)[-n:]]))
    code, after = m.to_code(last=n), map_json.dumps(m.elements).replace(m.id, "id")
    again = opened(before)
    if is_seen:
        again.ensure_placed()
    assert run(code, again) == after, code


@pytest.mark.parametrize("seed", range(12))
def test_the_button_gives_the_code_of_what_was_done_on_the_canvas_since_it_was_last_pressed(seed: int) -> None:
    m = crm.from_text("Lead -> Qualified -> Deal -> Won", name=f"Canvas {seed}")
    m.history.end_cell()
    hand = Hand(m, seed, undoes=False)
    before = map_json.dumps(m.elements)
    n_done = len(m.history.done)
    for n in (1, 5, 15):
        for _ in range(n):
            hand.view.edit("rename", [{"at": ["node", "lead"], "set": {"label": f"Lead {hand.r.random()}"}}])
            hand.settle()
            hand.edit()
        n_made, n_done = len(m.history.done) - n_done, len(m.history.done)
        hand.view.operate("code")
        (code,) = [message for message in hand.settle() if message["op"] == "code_text"]
        assert not hand.view.waiting and code["n_edits"] == n_made
        again = opened(before)
        again.ensure_placed()
        assert run(code["text"], again) == map_json.dumps(m.elements).replace(m.id, "id"), code["text"]
        before = map_json.dumps(m.elements)


def test_edits_are_counted_from_the_last_cell_that_made_one_and_else_from_the_last_copying() -> None:
    m = crm.from_text("Lead -> Won", name="Counted")
    history = m.history

    def by_hand(n: int) -> None:
        for x in range(n):
            m.move("lead", x, history.n_by_hand())

    history.begin_cell()
    m.add_stage("Deal")
    m.flush()
    history.end_cell()
    assert history.n_by_hand() == 0
    by_hand(3)
    history.begin_cell()
    history.end_cell()  # it has only looked
    assert history.n_by_hand() == 3
    history.note_copied()
    assert history.n_by_hand() == 3  # once more the same
    by_hand(2)
    assert history.n_by_hand() == 2
    m.undo()
    m.undo()
    m.undo()
    assert history.n_by_hand() == 2  # of the three that were copied
    history.begin_cell()
    m.vote("lead", by="Ada")
    history.end_cell()
    by_hand(1)
    assert history.n_by_hand() == 1


@pytest.mark.parametrize("last", [0, -1, 4, True, 1.0, "2"])
def test_what_is_no_number_of_edits_is_refused_with_how_many_there_are(last: Any) -> None:
    m = crm.CrmMap("Three")
    for label in "ABC":
        m.add_stage(label)
    with pytest.raises(crm.EditError, match="there are 3 that can be undone; given"):
        m.to_code(last=last)
    with pytest.raises(crm.EditError, match="there are none"):
        crm.CrmMap("None").to_code(last=1)


def test_the_code_reads_as_one_would_write_it_and_leaves_out_what_came_to_nothing() -> None:
    m = crm.from_text("Lead -> Deal -> Won", name="Told")
    m.ensure_placed()
    m.comment("lead", "Why?", author="Ann", at="2026-01-31T09:00:00Z")
    n = len(m.history.done)
    m.remove(m.add_stage("A mistake"))
    m.update("deal", label="Opportunity", owner="Bo")
    m.add_group("Selling", members=["lead", "deal"])
    m.move_all({"selling": (300, 64)})
    m.update("f2", label="62 %")
    m.remove_comment("c1")
    m.vote("deal", by="Ann")
    assert m.to_code(last=len(m.history.done) - n) == (
        """\
# 8 edits: add A mistake · remove a_mistake · change deal · group Selling · move · change f2 and 2 more

m.remove_comment("c1")

m.add_group("Selling", members=["lead", "deal"])
m.update("deal", label="Opportunity", owner="Bo")

m.update("f2", label="62 %")

m.move_all({"selling": (300.0, 64.0)})

m.vote("deal", by="Ann")
"""
    )
    m.move("lead", 1, 1)
    m.undo()
    m.vote("won", by="Ann")
    m.take_back_vote("won", by="Ann")
    assert m.to_code(last=2) == "# 2 edits: vote for won · take back vote for won\n# come to nothing\n"


def test_labels_of_edits_are_never_code() -> None:
    m = crm.CrmMap("Evil")
    label = "\nimport os; os.abort()\u202e\r\x85\u2028"  # as any view may send
    m.propose([Proposal(("node", "a"), add={"kind": "stage", "label": "A"})], label=label, origin="view")
    first, rest = m.to_code(last=1).split("\n", 1)
    assert first.startswith("# 1 edit:") and "\u202e" not in first and "os.abort" not in rest
    assert len(first.splitlines()) == 1


def test_comments_are_changed_and_removed_by_name() -> None:
    m = crm.from_text("Lead", name="Said")
    m.comment("lead", "Why?", author="Ann")
    m.comment("lead", "So.", author="Bo", reply_to="c1")
    m.change_comment("c2", "Because.")
    assert [(c.text, c.author) for c in m.comments.values()] == [("Why?", "Ann"), ("Because.", "Bo")]
    for edit in (lambda: m.change_comment("c3", "?"), lambda: m.remove_comment("c3")):
        with pytest.raises(crm.EditError, match="there is no comment 'c3'"):
            edit()
    with pytest.raises(crm.EditError, match="needs a text"):
        m.change_comment("c1", " ")
    m.remove_comment("c1")
    assert not m.comments
    m.undo()
    assert list(m.comments) == ["c1", "c2"]
