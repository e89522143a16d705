"""The live graph, the map model and its history."""

from __future__ import annotations

import copy
import pickle
import random
from contextlib import suppress
from typing import Any

import networkx as nx
import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from hypothesis import strategies as st

from crmwidget.errors import CrmWidgetError, EditError, RuleError
from crmwidget.formats import map_json
from crmwidget.graph.changes import Proposal, apply, invert, squash
from crmwidget.graph.elements import Elements, above
from crmwidget.graph.live import LiveGraph
from crmwidget.graph.model import ChangeEvent, MapModel
from crmwidget.vocabulary import LIMITS


def model(**attributes: Any) -> MapModel:
    return MapModel(Elements(attributes={"name": "Test", **attributes}))


def content(m: MapModel) -> dict[str, Any]:
    """Everything in the graph itself, by the names that changes use."""
    return {
        "nodes": {n: dict(d) for n, d in m.graph.nodes(data=True)},
        "flows": {k: {"source": u, "target": v, **d} for u, v, k, d in m.graph.edges(keys=True, data=True)},
        "map": dict(m.graph.graph),
    }


def committed(m: MapModel) -> dict[str, Any]:
    e = m.elements
    return {
        "nodes": {n: dict(d) for n, d in e.nodes.items()},
        "flows": {k: dict(d) for k, d in e.flows.items()},
        "map": dict(e.attributes),
    }


def whole(m: MapModel) -> Elements:
    return copy.deepcopy(m.elements)


def order(m: MapModel) -> tuple[list[str], ...]:
    return list(m.elements.nodes), list(m.elements.flows), list(m.elements.comments), list(m.graph)


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


@pytest.mark.parametrize("name", sorted(EDITS))
def test_each_networkx_mutator_is_noticed(name: str) -> None:
    noticed = 0
    for seed in range(60):
        m, r = model(), random.Random(seed)
        m.graph.add_nodes_from("abc", owner="x", z=1)
        m.graph.add_edges_from([("a", "b"), ("b", "c"), ("c", "a"), ("lead", "won")], w=1)
        m.flush()
        before = content(m)
        EDITS[name](m.graph, r)
        changed = content(m) != before
        m.flush()
        assert content(m) == committed(m)
        noticed += changed
    assert noticed, "this edit never changed anything: the test proves nothing"


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


@pytest.mark.parametrize(
    "copied",
    [
        lambda g: g.copy(),
        copy.copy,
        copy.deepcopy,
        lambda g: pickle.loads(pickle.dumps(g)),
        lambda g: g.subgraph(list(g)[:2]).copy(),
        lambda g: g.reverse(),
        lambda g: g.to_directed(),
        nx.MultiDiGraph,
        lambda g: nx.relabel_nodes(g, {"a": "z"}),
        nx.create_empty_copy,
        lambda g: nx.compose(g, g),
        lambda g: g.__class__(),
    ],
)
def test_copies_pickles_and_subgraphs_are_plain_and_do_not_touch_the_map(copied: Any) -> None:
    m = model()
    m.graph.add_edges_from([("a", "b"), ("b", "c")], tags=["x"])
    m.flush()
    other = copied(m.graph)
    assert type(other) is nx.MultiDiGraph
    assert not m.is_pending
    other.add_node(99, anything=object())
    for _, d in other.nodes(data=True):
        d["leak"] = [1]
    for _, _, d in other.edges(data=True):
        d["leak"] = [1]
    assert not m.is_pending
    assert not any("leak" in d for _, d in m.graph.nodes(data=True))


def algorithms() -> dict[str, Any]:
    return {
        "eigenvector centrality": lambda g: nx.eigenvector_centrality(nx.DiGraph(g).to_undirected(), max_iter=1000),
        "betweenness": lambda g: nx.betweenness_centrality(g),
        "shortest paths": lambda g: dict(nx.all_pairs_shortest_path_length(g)),
        "strong components": lambda g: sorted(map(sorted, nx.strongly_connected_components(g))),
        "cycles": lambda g: sorted(map(sorted, nx.simple_cycles(g))),
        "dominators": lambda g: nx.immediate_dominators(g, next(iter(g))),
        "condensation": lambda g: sorted(nx.condensation(nx.DiGraph(g)).edges),
        "adjacency": lambda g: nx.to_numpy_array(g).tolist(),
        "descendants": lambda g: {n: sorted(nx.descendants(g, n)) for n in g},
        "node link data": lambda g: nx.node_link_data(g, edges="edges"),
        "weighted paths": lambda g: nx.single_source_dijkstra_path_length(g, next(iter(g)), weight="w"),
        "maximum flow": lambda g: nx.maximum_flow_value(nx.DiGraph(g), "0", "1", capacity="w"),
    }


@pytest.mark.parametrize("name", sorted(algorithms()))
def test_algorithms_on_the_live_graph_give_what_they_give_on_a_plain_copy(name: str) -> None:
    m = model()
    g = nx.gnp_random_graph(12, 0.25, seed=3, directed=True)
    m.graph.add_edges_from((str(u), str(v), {"w": (u * 7 + v) % 5 + 1}) for u, v in g.edges)
    m.flush()
    run = algorithms()[name]
    assert run(m.graph) == run(m.graph.plain())
    assert not m.is_pending


def test_a_reconnected_flow_keeps_its_key_and_attributes() -> None:
    m = model()
    m.graph.add_edges_from([("a", "b", {"label": "x"}), ("b", "c")])
    m.flush()
    m.propose([Proposal(("flow", "f1"), set={"target": "c"})])
    assert m.elements.flows["f1"] == {"source": "a", "target": "c", "label": "x", "kind": "flow"}
    assert m.graph.has_edge("a", "c", "f1") and not m.graph.has_edge("a", "b")


def test_a_key_that_is_used_elsewhere_is_replaced_and_kept_as_an_attribute() -> None:
    m = model()
    m.graph.add_edge("a", "b", key="k")
    m.flush()
    m.graph.add_edge("b", "c", key="k")
    m.graph.add_edge("c", "d", key=5)
    m.flush()
    assert m.elements.flows["k"]["source"] == "a"
    assert sorted(str(f.get("source_key")) for f in m.elements.flows.values()) == ["5", "None", "k"]


def test_a_new_key_is_none_that_the_same_batch_brings() -> None:
    m = model()
    m.graph.add_edge("b", "b", key="f1")
    m.graph.add_edge("a", "d", key=0)
    m.graph.add_edge("a", "e")
    m.flush()
    assert sorted(m.elements.flows) == ["f1", "f2", "f3"]
    assert m.elements.flows["f1"]["source"] == "b"


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


def refused() -> dict[str, Any]:
    return {
        "number as id": (lambda g: g.add_node(7), "string"),
        "None as id": (lambda g: g.add_node(None), "string"),
        "empty id": (lambda g: g.add_node(""), "empty"),
        "control character in id": (lambda g: g.add_node("a\x07"), "control"),
        "long id": (lambda g: g.add_node("x" * 5000), "at most"),
        "unknown kind": (lambda g: g.add_node("z", kind="stge"), "did you mean 'stage'"),
        "unknown flow kind": (lambda g: g.add_edge("a", "b", kind="flwo"), "did you mean 'flow'"),
        "mutable value": (lambda g: g.nodes["a"].update(owner="x", thing=bytearray(b"x")), "could not be seen"),
        "function": (lambda g: g.add_node("z", f=print), "allowed: text"),
        "infinite number": (lambda g: g.nodes["a"].__setitem__("cost", float("inf")), "finite"),
        "wrong type": (lambda g: g.nodes["a"].__setitem__("owner", 7), "'owner' must be text"),
        "wrong choice": (lambda g: g.add_node("z", kind="end", outcome="own"), "did you mean 'won'"),
        "out of range": (lambda g: g.nodes["a"].__setitem__("emotion", 3), "-2 to 2"),
        "label of 1 MB": (lambda g: g.nodes["a"].__setitem__("label", "x" * 1_000_000), r"1,000,000 characters"),
        "control character": (lambda g: g.nodes["a"].__setitem__("owner", "x\x00y"), "control character"),
        "missing label": (lambda g: g.nodes["a"].__setitem__("label", None), "cannot be missing"),
        "one of many nodes": (lambda g: g.add_nodes_from(["ok", 7]), "string"),
        "one of many edges": (
            lambda g: g.add_edges_from([("a", "ok"), ("a", "b", {"kind": "x"})]),
            "unknown flow kind",
        ),
        "end as attribute": (lambda g: g.add_edge("a", "b", source="web"), "an end of the flow"),
        "change inside a value": (lambda g: g.nodes["a"]["details"].update(x=1), "assign a new one"),
        "giant number": (lambda g: g.nodes["a"].update(x=10**5000), "at most 3,000 digits"),
        "unknown lens": (lambda g: g.graph.update(lens="lifecicle"), "did you mean 'lifecycle'"),
        "deep nesting": (lambda g: g.nodes["a"].update(x=[[[[[[[[[1]]]]]]]]]), "nested deeper"),
    }


@pytest.mark.parametrize("name", sorted(refused()))
def test_bad_values_are_refused_at_the_write_and_change_nothing(name: str) -> None:
    m = model()
    m.graph.add_node("a", details={"x": 0})
    m.graph.add_edge("a", "b")
    m.flush()
    before = whole(m)
    act, message = refused()[name]
    with pytest.raises(EditError, match=message) as caught:
        act(m.graph)
    assert len(str(caught.value)) < 1000
    m.flush()
    assert m.elements == before and content(m) == committed(m)


def test_values_are_frozen_on_the_way_in() -> None:
    m = model()
    m.graph.add_node("a", tags=["x"], others={"q", "p"}, details={"k": [1]}, gone=float("nan"))
    d = m.graph.nodes["a"]
    assert d["tags"] == ("x",) and d["others"] == ("p", "q") and d["details"] == {"k": (1,)} and d["gone"] is None


def test_networkx_defaults_are_filled_in_at_once() -> None:
    m = model()
    m.graph.add_edge("lead", "won")
    assert dict(m.graph.nodes["lead"]) == {"kind": "stage", "label": "lead"}
    m.graph.nodes["lead"].clear()
    m.flush()
    assert dict(m.graph.nodes["lead"]) == {"kind": "stage", "label": "lead"}


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


def test_a_live_graph_cannot_be_made_by_hand() -> None:
    assert type(LiveGraph([("a", "b")])) is nx.MultiDiGraph


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
