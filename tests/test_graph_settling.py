"""What hangs on a node: its flows, places, comments and what it holds, when it goes and when it comes back."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_states import committed, content, model, order, whole

from crmwidget.errors import EditError, RuleError
from crmwidget.graph.changes import Proposal
from crmwidget.graph.elements import above
from crmwidget.graph.model import MapModel


def test_a_removed_node_takes_its_flows_position_and_comments_and_undo_brings_all_back() -> None:
    m = model()
    m.graph.add_edge("a", "b")
    m.graph.add_node("f", kind="field", parent="a")
    m.propose([Proposal(("position", "lifecycle", "a"), set={"x": 8, "y": 16, "pinned": True})])
    m.propose([Proposal(("comment", "~c"), add={"on": "a", "text": "?"})])
    before = whole(m)
    m.graph.remove_node("a")
    m.flush()
    assert not m.elements.flows and not m.elements.comments and not m.elements.positions
    assert "parent" not in m.graph.nodes["f"]
    m.undo()
    assert m.elements == before


def nested() -> MapModel:
    """Outer group ⊃ inner group ⊃ stage ⊃ activity; and a lone stage."""
    m = model()
    m.graph.add_node("outer", kind="group")
    m.graph.add_node("inner", kind="group", parent="outer")
    m.graph.add_node("deal", parent="inner")
    m.graph.add_node("call", kind="activity", parent="deal")
    m.graph.add_node("lone")
    m.graph.add_edge("lone", "inner")
    m.flush()
    return m


@pytest.mark.parametrize(
    ("gone", "parents"),
    [
        (["inner"], {"deal": "outer", "call": "deal"}),
        (["outer"], {"inner": None, "deal": "inner", "call": "deal"}),
        (["outer", "inner"], {"deal": None, "call": "deal"}),
        (["inner", "deal"], {"call": "outer"}),
        (["inner", "deal", "outer"], {"call": None}),
    ],
)
def test_what_a_removed_group_held_comes_one_level_up_and_undo_puts_all_back(gone: list[str], parents: Any) -> None:
    m = nested()
    before, names = whole(m), order(m)
    m.graph.remove_nodes_from(gone)
    m.flush()
    assert {node: m.graph.nodes[node].get("parent") for node in m.graph if node not in ("outer", "lone")} == parents
    assert content(m) == committed(m)
    m.undo()
    assert m.elements == before and order(m) == names and content(m) == committed(m)


def test_only_what_holds_nodes_may_be_a_parent() -> None:
    m = nested()
    m.graph.add_node("table", kind="dataset", parent="outer")
    m.graph.add_node("column", kind="field", parent="table")
    m.graph.add_node("done", kind="end")
    m.flush()
    before = whole(m)
    for node, parent, said in (
        ("lone", "done", "what is of kind 'end' holds no nodes; allowed: stage, activity"),
        ("lone", "table", "a dataset holds fields alone"),
        ("table", "column", "cannot belong to itself"),
        ("lone", "column", "what is of kind 'field' holds no nodes"),
        ("outer", "call", "cannot belong to itself"),
    ):
        with pytest.raises(RuleError, match=said):
            m.propose([Proposal(("node", node), set={"parent": parent})])
    for node in ("inner", "deal", "table"):
        with pytest.raises(RuleError, match="cannot belong to"):
            m.propose([Proposal(("node", node), set={"kind": "start"})])
    assert m.elements == before and content(m) == committed(m)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_however_nodes_are_nested_and_removed_every_parent_is_there_and_undo_is_exact(seed: int) -> None:
    m, r = nested(), random.Random(seed)
    m.history.done.clear()
    states = [(whole(m), order(m))]
    for i in range(r.randrange(3, 25)):
        nodes = list(m.graph)
        one, other = (r.choice(nodes or ["x"]) for _ in range(2))
        step = r.randrange(4)
        with suppress(EditError):
            if step == 0:
                m.graph.add_node(f"n{i}", kind=r.choice(["group", "stage", "dataset", "field", "end"]), parent=other)
            elif step == 1 and nodes:
                m.graph.nodes[one]["parent"] = other
            elif step == 2 and nodes:
                m.graph.remove_nodes_from({one, other} if r.random() < 0.4 else {one})
            elif step == 3 and nodes:
                m.graph.nodes[one]["kind"] = r.choice(["group", "end", "stage"])
            n_steps = len(m.history.done)
            m.flush()
            if len(m.history.done) > n_steps:
                states.append((whole(m), order(m)))
        assert (m.elements, order(m)) == states[-1] and content(m) == committed(m)
        for node in m.elements.nodes:
            assert above(m.elements.nodes, node) is not None
    for state, names in reversed(states[:-1]):
        m.undo()
        assert m.elements == state and order(m) == names


def test_a_parent_must_exist_and_cannot_be_itself() -> None:
    m = model()
    m.graph.add_nodes_from(["orders", "total"], kind="dataset")
    m.flush()
    with pytest.raises(RuleError, match="did you mean 'orders'"):
        m.propose([Proposal(("node", "total"), set={"parent": "order"})])
    with pytest.raises(RuleError, match="cannot belong to itself"):
        m.propose(
            [
                Proposal(("node", "total"), set={"parent": "orders"}),
                Proposal(("node", "orders"), set={"parent": "total"}),
            ]
        )
    assert content(m) == committed(m)
