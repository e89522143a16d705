"""The map model and its history: what is committed is what the graph says, and undo gives back what was."""

from __future__ import annotations

import random

import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from hypothesis import strategies as st
from map_states import committed, content, model, order, whole

from crmwidget.errors import CrmWidgetError, EditError, RuleError
from crmwidget.formats import map_json
from crmwidget.graph.changes import Proposal, apply, invert, squash
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import ChangeEvent, MapModel
from crmwidget.vocabulary import LIMITS

edit_names = st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.booleans()), min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(edit_names, st.integers(0, 2**32 - 1))
def test_after_any_networkx_edits_the_committed_map_equals_the_graph(edits: list[tuple[str, bool]], seed: int) -> None:
    m, r = model(), random.Random(seed)
    replica = whole(m)

    def follow(event: ChangeEvent) -> None:
        apply(replica, event.changes)

    m.on_change(follow)
    for name, flush in edits:
        EDITS[name](m.graph, r)
        if flush:
            m.flush()
            assert content(m) == committed(m), name
    m.flush()
    assert content(m) == committed(m)
    assert replica == m.elements
    for u, vs in m.graph._succ.items():
        for v, keys in vs.items():
            assert m.graph._pred[v][u] is keys
    keys = [k for _, _, k in m.graph.edges(keys=True)]
    assert len(keys) == len(set(keys)) and all(isinstance(k, str) for k in keys)


@settings(max_examples=120, deadline=None)
@given(edit_names, st.integers(0, 2**32 - 1))
def test_undo_to_the_start_gives_the_first_map_exactly_and_redo_the_last(
    edits: list[tuple[str, bool]], seed: int
) -> None:
    m, r = model(), random.Random(seed)
    m.graph.add_edge("lead", "won", label="closes")
    m.propose([Proposal(("position", "lifecycle", "lead"), set={"x": 1, "y": 2})])
    m.propose([Proposal(("comment", "~1"), add={"on": "lead", "text": "why?"})])
    m.flush()
    m.history.done.clear()
    states = [whole(m)]
    first_order = order(m)
    for name, _ in edits:
        EDITS[name](m.graph, r)
        if m.graph.has_node("a") and r.random() < 0.5:
            m.propose([Proposal(("position", "lifecycle", "a"), set={"x": r.random(), "y": 0.0})])
        m.flush()
    last = whole(m)
    last_order = order(m)
    n_steps = len(m.history.done)
    for _ in range(n_steps):
        m.undo()
    assert m.elements == states[0]
    assert order(m) == first_order
    assert content(m) == committed(m)
    for _ in range(n_steps):
        m.redo()
    assert m.elements == last
    assert order(m)[:3] == last_order[:3]
    assert content(m) == committed(m)


def test_changes_squash_and_invert_as_sequences_do() -> None:
    m = model()
    events: list[ChangeEvent] = []
    m.on_change(events.append)
    m.graph.add_node("a")
    m.flush()
    m.graph.nodes["a"]["owner"] = "Ann"
    m.flush()
    m.graph.remove_node("a")
    m.flush()
    together = [change for event in events for change in event.changes]
    assert squash(together) == []
    replica = whole(m)
    apply(replica, invert(together))
    assert replica == m.elements


def test_one_edit_block_is_one_step_and_an_error_in_it_takes_all_back() -> None:
    m = model()
    with m.edit("two stages"):
        m.graph.add_node("a")
        m.flush()
        m.propose([Proposal(("node", "b"), add={"kind": "stage", "label": "B"})])
    assert [s.label for s in m.history.done] == ["two stages"]
    before = whole(m)

    def break_off() -> None:
        with m.edit("broken"):
            m.graph.add_node("c")
            m.flush()
            m.graph.remove_node("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert m.elements == before and content(m) == committed(m)
    assert m.undo() == "two stages"
    assert not m.elements.nodes


def test_a_block_cannot_be_undone_from_inside() -> None:
    m = model()
    with m.edit("block"):
        m.graph.add_node("a")
        with pytest.raises(EditError, match=r"inside `with m\.edit"):
            m.undo()
    assert list(m.elements.nodes) == ["a"]


def test_a_broken_rule_takes_the_whole_batch_back_and_is_raised_by_the_next_call() -> None:
    m = model()
    m.graph.add_node("a")
    m.flush()
    before = whole(m)
    m.graph.add_node("b", label="B")
    m.graph.add_edge("a", "b", kind="mapping")
    m.flush_quietly()
    assert m.elements == before and content(m) == committed(m)
    assert "mapping" in m.problem
    with pytest.raises(RuleError, match=r"cannot lead from a stage to a stage.*allowed: field/dataset"):
        m.flush()
    m.flush()


def test_what_was_taken_back_is_in_its_old_order() -> None:
    m = model()
    m.graph.add_edges_from([("a", "b"), ("b", "c"), ("c", "a")])
    m.flush()
    before = order(m)
    m.graph.remove_node("a")
    m.graph.add_edge("b", "c", kind="mapping")
    m.flush_quietly()
    assert order(m) == before
    with pytest.raises(RuleError, match="mapping"):
        m.flush()
    with pytest.raises(EditError, match="nope"):
        m.propose([Proposal(("node", "b"), remove=True), Proposal(("node", "nope"), set={"label": "x"})])
    assert order(m) == before


def test_listeners_of_an_undo_see_the_old_order_already() -> None:
    m, seen = model(), []
    m.graph.add_edges_from([("a", "b"), ("b", "c"), ("c", "a")])
    m.flush()
    before = order(m)
    m.graph.remove_node("a")
    m.flush()
    m.on_change(lambda event: seen.append(order(m)))
    m.undo()
    assert seen == [before]


def test_an_element_has_no_more_attributes_than_its_file_may_hold() -> None:
    m = model()
    m.graph.add_edge("a", "b")
    m.flush()
    for element in (m.graph.nodes["a"], m.graph.edges["a", "b", "f1"], m.graph.graph):
        most = {f"k{n}": n for n in range(LIMITS.attributes - ("label" in element))}
        element.update(most)
        m.flush()
        element["one_more"] = 1
        with pytest.raises(RuleError, match="at most 200 attributes; given 201"):
            m.flush()
    assert map_json.loads(map_json.dumps(m.elements)) == m.elements


def test_ten_thousand_nodes_in_one_cell_are_one_event() -> None:
    m = MapModel(Elements(attributes={"name": "T"}), clock=lambda: 0.0)
    events: list[ChangeEvent] = []
    m.on_change(events.append)
    m.history.open("cell")
    for i in range(10_000):
        m.graph.add_node(f"n{i}")
    m.flush()
    assert [len(e.changes) for e in events] == [10_000]


def test_in_a_long_cell_edits_are_committed_every_quarter_second_and_stay_one_step() -> None:
    now = [0.0]
    m = MapModel(Elements(attributes={"name": "T"}), clock=lambda: now[0])
    events: list[ChangeEvent] = []
    m.on_change(events.append)
    m.history.open("cell")
    for i in range(10):
        m.graph.add_node(f"n{i}")
        now[0] += 0.1
    m.flush()
    m.history.close()
    assert len(events) > 1
    assert len(m.history.done) == 1
    m.undo()
    assert not m.elements.nodes


def test_a_failing_listener_does_not_undo_the_edit() -> None:
    m = model()

    def fail(event: ChangeEvent) -> None:
        raise ValueError("mine")

    m.on_change(fail)
    m.graph.add_node("a")
    with pytest.warns(RuntimeWarning, match="mine"):
        m.flush()
    assert "a" in m.elements.nodes


def test_all_or_nothing_of_proposals() -> None:
    m = model()
    m.graph.add_node("a")
    m.flush()
    before = whole(m)
    for bad in (
        Proposal(("node", "nope"), set={"label": "x"}),
        Proposal(("node", "a"), add={"label": "x"}),
        Proposal(("flow", "~f"), add={"source": "a", "target": "nope"}),
        Proposal(("flow", "f9"), set={"label": "x"}),
        Proposal(("position", "lifecycle", "a"), set={"x": float("nan"), "y": 1}),
        Proposal(("position", "lifecycle", "a"), set={"x": 1e12, "y": 1}),
        Proposal(("position", "lifecycl", "a"), set={"x": 1, "y": 1}),
        Proposal(("comment", "~c"), add={"on": "a", "text": " "}),
        Proposal(("map",), set={"name": ""}),
        Proposal(("node", "a"), unset=["label"]),
    ):
        with pytest.raises(CrmWidgetError):
            m.propose(
                [
                    Proposal(("node", "~n"), add={"label": "New"}),
                    Proposal(("position", "lifecycle", "~n"), set={"x": 1, "y": 1}),
                    bad,
                ]
            )
        assert m.elements == before and content(m) == committed(m), bad
