"""The live graph: networkx works on it as on any other, and every write is noticed, checked and frozen."""

from __future__ import annotations

import copy
import pickle
import random
from typing import Any

import networkx as nx
import pytest
from graph_edits import EDITS
from map_states import committed, content, model, whole

from crmwidget.errors import EditError
from crmwidget.graph.changes import Proposal
from crmwidget.graph.live import LiveGraph


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


def test_a_live_graph_cannot_be_made_by_hand() -> None:
    assert type(LiveGraph([("a", "b")])) is nx.MultiDiGraph
