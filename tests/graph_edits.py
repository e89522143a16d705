"""Every way that networkx has to change a graph, for random edits: each takes (graph, random) and does one."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import networkx as nx

Edit = Callable[[Any, random.Random], None]
EDITS: dict[str, Edit] = {}
NAMES = ["a", "b", "c", "d", "e", "lead", "won"]


def edit(function: Edit) -> Edit:
    EDITS[function.__name__] = function
    return function


def name(r: random.Random) -> str:
    return r.choice(NAMES)


def some_node(g: Any, r: random.Random) -> Any:
    return r.choice(list(g)) if len(g) else None


def some_edge(g: Any, r: random.Random) -> Any:
    edges = list(g.edges(keys=True))
    return r.choice(edges) if edges else None


@edit
def add_node(g: Any, r: random.Random) -> None:
    g.add_node(name(r), owner=str(r.random()))


@edit
def add_nodes_from(g: Any, r: random.Random) -> None:
    g.add_nodes_from([name(r), (name(r), {"q": r.random()})], z=1)


@edit
def add_nodes_from_generator(g: Any, r: random.Random) -> None:
    g.add_nodes_from(n for n in [name(r), name(r)])


@edit
def add_edge(g: Any, r: random.Random) -> None:
    g.add_edge(name(r), name(r), w=r.random())


@edit
def add_edge_key(g: Any, r: random.Random) -> None:
    g.add_edge(name(r), name(r), key=r.choice(["k", "l", 0, 7, "f1"]), w=r.random())


@edit
def add_edges_from(g: Any, r: random.Random) -> None:
    g.add_edges_from(
        [(name(r), name(r)), (name(r), name(r), {"a": 1}), (name(r), name(r), "k", {"b": r.random()})], c=2
    )


@edit
def add_weighted_edges_from(g: Any, r: random.Random) -> None:
    g.add_weighted_edges_from([(name(r), name(r), r.random())])


@edit
def remove_node(g: Any, r: random.Random) -> None:
    if len(g):
        g.remove_node(some_node(g, r))


@edit
def remove_nodes_from(g: Any, r: random.Random) -> None:
    g.remove_nodes_from([name(r), name(r)])


@edit
def remove_edge(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.remove_edge(*e)


@edit
def remove_edge_without_key(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.remove_edge(*e[:2])


@edit
def remove_edges_from(g: Any, r: random.Random) -> None:
    g.remove_edges_from([(name(r), name(r)), (name(r), name(r), "k")])


@edit
def clear(g: Any, r: random.Random) -> None:
    if r.random() < 0.1:
        attributes = dict(g.graph)
        g.clear()
        g.graph.update(attributes)


@edit
def clear_edges(g: Any, r: random.Random) -> None:
    if r.random() < 0.2:
        g.clear_edges()


@edit
def update_with_graph(g: Any, r: random.Random) -> None:
    g.update(nx.MultiDiGraph([(name(r), name(r))]))


@edit
def update_edges_nodes(g: Any, r: random.Random) -> None:
    g.update(edges=[(name(r), name(r))], nodes=[name(r)])


def _node_attributes(change: Callable[[Any, random.Random], object]) -> Edit:
    def run(g: Any, r: random.Random) -> None:
        if len(g):
            change(g.nodes[some_node(g, r)], r)

    return run


EDITS["node_attribute_set"] = _node_attributes(lambda d, r: d.__setitem__("owner", str(r.random())))
EDITS["node_attribute_update"] = _node_attributes(lambda d, r: d.update(owner=str(r.random()), m=2))
EDITS["node_attribute_pop"] = _node_attributes(lambda d, r: d.pop("owner", None))
EDITS["node_attribute_popitem"] = _node_attributes(lambda d, r: d.popitem() if d else None)
EDITS["node_attribute_setdefault"] = _node_attributes(lambda d, r: d.setdefault("sd", r.random()))
EDITS["node_attribute_ior"] = _node_attributes(lambda d, r: d.__ior__({"i": r.random()}))
EDITS["node_attribute_delete"] = _node_attributes(lambda d, r: d.__delitem__(next(iter(d))) if d else None)
EDITS["node_attribute_clear"] = _node_attributes(lambda d, r: d.clear())
EDITS["node_attribute_list"] = _node_attributes(lambda d, r: d.__setitem__("tags", ["x", str(r.random())]))


@edit
def nodes_data_loop(g: Any, r: random.Random) -> None:
    for _, d in g.nodes(data=True):
        d["loop"] = r.random()


@edit
def edge_attribute(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.edges[e]["w"] = r.random()


@edit
def edge_attribute_by_adjacency(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g[e[0]][e[1]][e[2]]["w2"] = r.random()


@edit
def edge_attribute_by_predecessors(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.pred[e[1]][e[0]][e[2]]["w3"] = r.random()


@edit
def edge_attribute_in_edges(g: Any, r: random.Random) -> None:
    for _, _, _, d in g.in_edges(keys=True, data=True):
        d["in"] = r.random()


@edit
def get_edge_data(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.get_edge_data(*e)["ged"] = r.random()


@edit
def set_node_attributes(g: Any, r: random.Random) -> None:
    nx.set_node_attributes(g, {n: r.random() for n in list(g)[:3]}, "sna")


@edit
def set_node_attributes_dicts(g: Any, r: random.Random) -> None:
    nx.set_node_attributes(g, {n: {"u": r.random()} for n in list(g)[:3]})


@edit
def set_edge_attributes(g: Any, r: random.Random) -> None:
    nx.set_edge_attributes(g, {e: {"s": r.random()} for e in list(g.edges(keys=True))[:3]})


@edit
def set_edge_attributes_scalar(g: Any, r: random.Random) -> None:
    nx.set_edge_attributes(g, r.random(), "sea")


@edit
def remove_node_attributes(g: Any, r: random.Random) -> None:
    nx.remove_node_attributes(g, "z", "owner")


@edit
def remove_edge_attributes(g: Any, r: random.Random) -> None:
    nx.remove_edge_attributes(g, "w")


@edit
def relabel_in_place(g: Any, r: random.Random) -> None:
    if len(g):
        nx.relabel_nodes(g, {some_node(g, r): name(r)}, copy=False)


@edit
def relabel_many_in_place(g: Any, r: random.Random) -> None:
    with suppress(nx.NetworkXUnfeasible):
        nx.relabel_nodes(g, {n: name(r) for n in list(g)[:3]}, copy=False)


@edit
def contracted_nodes(g: Any, r: random.Random) -> None:
    if len(g) > 1:
        u, v = r.sample(list(g), 2)
        nx.contracted_nodes(g, u, v, copy=False, store_contraction_as=None, self_loops=r.random() < 0.5)


@edit
def contracted_edge(g: Any, r: random.Random) -> None:
    e = some_edge(g, r)
    if e and e[0] != e[1]:
        nx.contracted_nodes(g, e[0], e[1], copy=False, self_loops=False, store_contraction_as=None)


@edit
def add_path(g: Any, r: random.Random) -> None:
    nx.add_path(g, [name(r), name(r), name(r)], p=1)


@edit
def add_star(g: Any, r: random.Random) -> None:
    nx.add_star(g, [name(r), name(r), name(r)])


@edit
def add_cycle(g: Any, r: random.Random) -> None:
    nx.add_cycle(g, [name(r), name(r)])


@edit
def graph_attribute(g: Any, r: random.Random) -> None:
    g.graph["t"] = r.random()


@edit
def graph_name(g: Any, r: random.Random) -> None:
    g.name = f"map {r.random()}"


@edit
def private_node_replaced(g: Any, r: random.Random) -> None:
    if len(g):
        g._node[some_node(g, r)] = {"replaced": r.random()}


@edit
def private_node_update(g: Any, r: random.Random) -> None:
    g._node.update({n: {"upd": r.random()} for n in list(g)[:1]})


@edit
def private_key_dict(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g._adj[e[0]][e[1]][e[2]] = {"replaced": r.random()}


@edit
def private_adjacency_reassigned(g: Any, r: random.Random) -> None:
    stamp = r.random()
    adjacency = {
        u: {v: {k: {**d, "reassigned": stamp} for k, d in keys.items()} for v, keys in vs.items()}
        for u, vs in g._adj.items()
    }
    predecessors: dict[Any, dict[Any, Any]] = {n: {} for n in g}
    for u, vs in adjacency.items():
        for v, keys in vs.items():
            predecessors[v][u] = keys
    g._adj = adjacency
    g._pred = predecessors


@edit
def held_attributes_of_a_removed_node(g: Any, r: random.Random) -> None:
    if len(g):
        n = some_node(g, r)
        held = g.nodes[n]
        g.remove_node(n)
        held["ghost"] = 1


@edit
def remove_and_add_again(g: Any, r: random.Random) -> None:
    if len(g):
        n = some_node(g, r)
        g.remove_node(n)
        g.add_node(n, again=r.random())


@edit
def through_a_subgraph_view(g: Any, r: random.Random) -> None:
    if len(g):
        n = some_node(g, r)
        g.subgraph([n]).nodes[n]["sub"] = r.random()


@edit
def through_a_reversed_view(g: Any, r: random.Random) -> None:
    if e := some_edge(g, r):
        g.reverse(copy=False).edges[e[1], e[0], e[2]]["rv"] = r.random()


@edit
def through_an_undirected_view(g: Any, r: random.Random) -> None:
    if len(g):
        n = some_node(g, r)
        g.to_undirected(as_view=True).nodes[n]["uv"] = r.random()
