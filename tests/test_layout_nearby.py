"""New nodes on a large map: what is near them tells the same places as the whole map does."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from graph_edits import EDITS
from hypothesis import event, given, settings
from hypothesis import strategies as st
from nested_maps import nested_drawings
from random_maps import chain, drawings

from crmwidget import placing as placing_module
from crmwidget.errors import CrmWidgetError
from crmwidget.graph.changes import Change, Proposal
from crmwidget.graph.elements import Elements
from crmwidget.graph.locks import locked_in_place
from crmwidget.graph.model import MapModel
from crmwidget.layout.arrange import arrange
from crmwidget.placing import Placing
from crmwidget.vocabulary import NODE_KINDS

Places = Mapping[str, tuple[float, float]]
STEPS: dict[str, Callable[[Map, random.Random], object]] = {}


class Map:
    """A map in which every place that is found is held against what the whole map tells."""

    def __init__(self, elements: Elements) -> None:
        self.model = MapModel(elements)
        self.placing = Placing(self.model)
        self.placing.ensure()
        self.model.placer = self._checked
        self.n_new = 0
        self.broken: list[str] = []
        self.ways: list[str] = []

    def _checked(self, elements: Elements, changes: Sequence[Change]) -> Places:
        lens = self.model.lens
        shelf = elements.positions.get(lens, {})
        waits = any(
            change.path[0] == "map" or (change.path[0] == "node" and change.after and change.path[1] not in shelf)
            for change in changes
        )
        whole = arrange(locked_in_place(elements, lens=lens), lens=lens, only_missing=True) if waits else {}
        found = self.placing._placed(elements, changes)
        if list(found.items()) != list(whole.items()):
            self.broken.append(f"{found} instead of {whole}")
        ground = self.placing._nearby._ground
        if found:
            self.ways.append("the whole map" if ground is None else "what is near")
        return found

    def name(self, r: random.Random) -> str:
        return r.choice([*self.model.graph, "lonely"])

    def node(self, r: random.Random, **attributes: Any) -> str:
        self.n_new += 1
        name, kind = f"new{self.n_new}", r.choice(sorted(NODE_KINDS))
        self.model.graph.add_node(name, kind=kind, team=r.choice(["Sales", "Support", "New"]), **attributes)
        return name


def in_groups_only(elements: Elements) -> Elements:
    """The same map without parents that the rules of a map forbid."""
    for node, attributes in elements.nodes.items():
        parent = attributes.get("parent")
        if parent is not None and elements.nodes[parent]["kind"] != "group":
            elements.nodes[node] = {name: value for name, value in attributes.items() if name != "parent"}
    return elements


def step(function: Callable[[Map, random.Random], object]) -> Callable[[Map, random.Random], object]:
    STEPS[function.__name__] = function
    return function


@step
def a_node_with_flows(m: Map, r: random.Random) -> None:
    ends = [m.name(r) for _ in range(r.randint(1, 3))]
    new = m.node(r)
    for end in ends:
        m.model.graph.add_edge(*r.sample([end, new], 2), key=r.choice([None, "f0", "f1"]))


@step
def a_part(m: Map, r: random.Random) -> None:
    graph, ends = m.model.graph, [m.name(r) for _ in range(3)]
    new = [m.node(r) for _ in range(r.randint(1, 5))]
    old = r.sample(list(graph.edges(keys=True)), min(r.choice([0, 0, 3]), graph.number_of_edges()))
    graph.remove_edges_from(old)  # some flows lead elsewhere now
    for key in [*(key for _, _, key in old), *[None] * r.randint(0, 6)]:
        graph.add_edge(*r.sample([r.choice(new), r.choice([*new, *ends])], 2), key=key)


@step
def a_lonely_node(m: Map, r: random.Random) -> None:
    new = m.node(r)
    if r.random() < 0.3:
        m.model.graph.add_edge(new, new)


@step
def many_nodes(m: Map, r: random.Random) -> None:
    if m.n_new < 60:
        m.model.graph.add_edges_from([(m.name(r), m.node(r)) for _ in range(55)])


@step
def a_node_in_another(m: Map, r: random.Random) -> None:
    if r.random() < 0.3:
        m.node(r, parent=m.name(r))


@step
def a_view_adds_with_a_place(m: Map, r: random.Random) -> None:
    m.n_new += 1
    at = ("position", m.model.lens, "~1")
    node = Proposal(("node", "~1"), add={"kind": "stage", "label": f"New{m.n_new}", "team": "Sales"})
    m.model.propose([node, Proposal(at, add={"x": 8.0, "y": 99.25, "pinned": True})], origin="view")


@step
def moved(m: Map, r: random.Random) -> None:
    at = ("position", r.choice(["lifecycle", "system"]), m.name(r))
    values: dict[str, Any] = {"x": r.uniform(-900, 900), "y": r.choice([0.0, 8.1, 415.9]), "pinned": r.random() < 0.5}
    if r.random() < 0.3:
        values |= {"width": 600.3, "height": 401.7}
    m.model.propose([Proposal(at, set=values)], origin=r.choice(["python", "view"]))


@step
def place_lost(m: Map, r: random.Random) -> None:
    m.model.propose([Proposal(("position", m.model.lens, m.name(r)), remove=True)], origin="view")


@step
def changed(m: Map, r: random.Random) -> None:
    name = r.choice(["kind", "team", "locked", "collapsed"])
    value = {"kind": r.choice(sorted(NODE_KINDS)), "team": r.choice(["", "Sales", "Marketing"])}.get(name, True)
    m.model.graph.nodes[m.name(r)][name] = value


@step
def lanes_or_lens(m: Map, r: random.Random) -> None:
    if r.random() < 0.5:
        m.model.graph.graph["lens"] = r.choice(["lifecycle", "system"])
    else:
        m.model.graph.graph["lanes"] = r.choice(["team", "kind", ""])
    if r.random() < 0.5:
        m.node(r)


@step
def laid_out(m: Map, r: random.Random) -> None:
    m.placing.arrange(lanes=None, unpin=r.random() < 0.5, keeps_locked=r.random() < 0.5)


@step
def undone(m: Map, r: random.Random) -> None:
    for _ in range(r.randint(1, 3)):
        m.model.undo()


@step
def redone(m: Map, r: random.Random) -> None:
    m.model.redo()


@step
def any_edit(m: Map, r: random.Random) -> None:
    EDITS[r.choice(sorted(EDITS))](m.model.graph, r)


ADDING = ["a_node_with_flows", "a_part", "a_lonely_node"]


@settings(max_examples=250, deadline=None)
@given(
    drawings(max_nodes=14) | drawings(max_nodes=14) | nested_drawings(max_nodes=8, has_lanes=None).map(in_groups_only),
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(ADDING)), min_size=1, max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_what_is_near_tells_the_places_that_the_whole_map_tells(
    elements: Elements, steps: list[tuple[str, str]], seed: int
) -> None:
    m, r = Map(elements), random.Random(seed)
    for pair in steps:
        for name in pair:
            with suppress(CrmWidgetError, KeyError):
                STEPS[name](m, r)
                m.model.flush()
            assert not m.broken, name
    for way in m.ways:
        event(way)
    ground = m.placing._nearby._ground
    if ground is not None:
        shelf = m.model.elements.positions[m.model.lens]
        assert list(ground.places.items()) == [(node, (place["x"], place["y"])) for node, place in shelf.items()]


@pytest.mark.parametrize("lanes", ["", "team"])
def test_the_whole_map_is_read_once_for_many_additions_moves_and_undos(
    lanes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    elements = chain(*"abcdefgh", **({"lanes": lanes} if lanes else {}))
    m, r = Map(elements), random.Random(1)
    STEPS["a_node_with_flows"](m, r)
    m.model.flush()
    ground = m.placing._nearby._ground
    assert ground is not None
    monkeypatch.setattr(placing_module.layouts, "arrange", None)
    for name in [*ADDING, "a_view_adds_with_a_place", "moved", *ADDING, "undone", "a_lonely_node", "undone"]:
        STEPS[name](m, r)
        m.model.flush()
    assert m.placing._nearby._ground is ground and not m.broken
    assert m.ways == ["what is near"] * 8
