"""Threads of comments: whole in every order of saying and unsaying."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_states import model, order, whole

from crmwidget.errors import EditError
from crmwidget.graph.changes import Proposal
from crmwidget.graph.model import MapModel


def say(m: MapModel, on: str = "a", **fields: Any) -> str:
    return m.propose([Proposal(("comment", "~c"), add={"on": on, "text": "?", **fields})])["~c"]


def test_replies_go_with_the_first_comment_of_their_thread_and_come_back_in_their_order() -> None:
    m = model()
    m.graph.add_nodes_from("ab")
    first, other, reply = say(m), say(m, "b"), say(m, reply_to="c1")
    answer = say(m, reply_to=reply)
    assert m.comments[answer].reply_to == first
    before, names = whole(m), list(m.comments)
    m.propose([Proposal(("comment", first), remove=True)])
    assert list(m.comments) == [other]
    m.undo()
    assert m.elements == before and list(m.comments) == names
    m.graph.remove_node("a")
    m.flush()
    assert list(m.comments) == [other]
    m.undo()
    assert m.elements == before and list(m.comments) == names


def test_only_a_settled_thread_says_so_and_a_reply_to_a_new_comment_may_come_with_it() -> None:
    m = model()
    m.graph.add_node("a")
    ids = m.propose(
        [
            Proposal(("comment", "~1"), add={"on": "a", "text": "?", "resolved": False}),
            Proposal(("comment", "~2"), add={"on": "a", "text": "!", "reply_to": "~1"}),
        ]
    )
    assert ids == {"~1": "c1", "~2": "c2"}
    assert m.elements.comments["c1"] == {"on": "a", "text": "?", "author": "", "at": ""}
    m.propose([Proposal(("comment", "c1"), set={"resolved": True})])
    assert m.elements.comments["c1"]["resolved"] is True
    m.propose([Proposal(("comment", "c1"), unset=("resolved",))])
    assert "resolved" not in m.elements.comments["c1"]
    m.propose([Proposal(("comment", "c2"), remove=True), Proposal(("comment", "c1"), remove=True)])
    assert not m.comments


@pytest.mark.parametrize(
    ("proposal", "said"),
    [
        (Proposal(("comment", "~"), add={"on": "b", "text": "!", "reply_to": "c1"}), "a thread lies on one node"),
        (Proposal(("comment", "~"), add={"on": "a", "text": "!", "reply_to": "c9"}), "cannot reply to 'c9'"),
        (Proposal(("comment", "c1"), set={"reply_to": "c1"}), "cannot reply to 'c1'"),
        (Proposal(("comment", "c1"), set={"reply_to": "c3"}), "itself a reply: a thread has one level"),
        (Proposal(("comment", "c1"), set={"on": "b"}), "a thread lies on one node"),
        (Proposal(("comment", "c2"), set={"resolved": True}), "its thread 'c1' can"),
        (Proposal(("comment", "c1"), set={"resolved": "yes"}), "True or False; given 'yes'"),
        (Proposal(("comment", "c1"), set={"reply_to": 1}), "'reply_to' of a comment is text"),
        (Proposal(("comment", "c1"), set={"solved": True}), "did you mean 'resolved'"),
        (Proposal(("comment", "c1"), unset=("text",)), "always has 'text'"),
    ],
)
def test_a_thread_that_is_none_is_refused(proposal: Proposal, said: str) -> None:
    m = model()
    m.graph.add_nodes_from("ab")
    say(m)
    say(m, reply_to="c1")
    say(m)
    before = whole(m)
    with pytest.raises(EditError, match=said):
        m.propose([proposal])
    assert m.elements == before


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_said_and_unsaid_threads_stay_whole_and_undo_gives_all_back_exactly(seed: int) -> None:
    m, r = model(), random.Random(seed)
    m.graph.add_nodes_from("abc")
    m.flush()
    m.history.done.clear()
    states = [(whole(m), order(m))]
    for _ in range(r.randrange(3, 25)):
        names = list(m.elements.comments)
        one = r.choice(names or ["c1"])
        proposal = r.choice(
            [
                Proposal(("comment", "~"), add={"on": r.choice("abc"), "text": "?"}),
                Proposal(("comment", "~"), add={"on": r.choice("abc"), "text": "!", "reply_to": one}),
                Proposal(("comment", one), set={"text": str(r.random()), "resolved": r.random() < 0.5}),
                Proposal(("comment", one), set={"on": r.choice("abc")}),
                Proposal(("comment", one), set={"reply_to": r.choice(names or ["c2"])}),
                Proposal(("comment", one), unset=("reply_to",)),
                Proposal(("comment", one), remove=True),
                Proposal(("node", r.choice("abc")), remove=True),
                Proposal(("node", "~"), add={"label": r.choice("abc")}),
            ]
        )
        n_steps = len(m.history.done)
        with suppress(EditError):
            m.propose([proposal])
        if len(m.history.done) > n_steps:
            states.append((whole(m), order(m)))
        assert (m.elements, order(m)) == states[-1]
        for comment in m.comments.values():
            first = m.comments[comment.reply_to] if comment.reply_to else None
            assert first is None or (first.on == comment.on and not first.reply_to and not comment.resolved)
    for state, places in reversed(states[:-1]):
        m.undo()
        assert m.elements == state and order(m) == places
