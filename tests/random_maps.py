"""Random maps as plain elements, for the tests of layout and formats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from crmwidget.graph.elements import Elements
from crmwidget.layout.arrange import arrange
from crmwidget.layout.boxes import Box, overlap
from crmwidget.layout.problem import size_of
from crmwidget.vocabulary import ATTRIBUTES, NODE_KINDS

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=24).filter(
    lambda text: text.strip() != ""
)
paragraphs = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=60)
coordinates = st.floats(-10_000, 10_000).map(lambda value: round(value, 2))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC) | st.none())
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | paragraphs
    | st.dates(date(1, 1, 1))
    | moments
    | st.timedeltas(timedelta(days=-99_999), timedelta(days=99_999))
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(words | st.just("$date"), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def drawings(draw: st.DrawFn, *, max_nodes: int = 24, has_lanes: bool | None = None) -> Elements:
    """A map of mixed kinds with cycles, self-loops, parallel flows and lonely nodes; some have lanes."""
    count = draw(st.integers(0, max_nodes))
    nodes: dict[str, Any] = {}
    for n in range(count):
        nodes[f"n{n}"] = {"kind": draw(st.sampled_from(sorted(NODE_KINDS))), "label": f"Node {n}"}
        team = draw(st.sampled_from(["", "Sales", "Support", "Marketing"]))
        if team:
            nodes[f"n{n}"]["team"] = team
    names = st.sampled_from(sorted(nodes) or [""])
    pairs = draw(st.lists(st.tuples(names, names), max_size=count * 2)) if count else []
    lanes = draw(st.booleans()) if has_lanes is None else has_lanes
    return Elements(
        attributes={"name": "Random", **({"lanes": "team"} if lanes else {})},
        nodes=nodes,
        flows={f"f{n}": {"source": a, "target": b, "kind": "flow"} for n, (a, b) in enumerate(pairs)},
    )


def boxes(elements: Elements, centres: dict[str, tuple[float, float]]) -> dict[str, Box]:
    return {node: Box.around(centre, size_of(elements.nodes[node]["kind"])) for node, centre in centres.items()}


def overlapping(found: dict[str, Box]) -> list[tuple[str, str]]:
    """Pairs of nodes whose cards share any room."""
    names = list(found)
    return [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if overlap(found[a], found[b])]


def place(elements: Elements, centres: dict[str, tuple[float, float]], *, pinned: bool = False) -> None:
    shelf = elements.positions.setdefault("lifecycle", {})
    for node, (x, y) in centres.items():
        shelf[node] = {"x": x, "y": y, "pinned": pinned}


def chain(*names: str, **attributes: Any) -> Elements:
    """A chain of stages."""
    return Elements(
        attributes={"name": "Chain", **attributes},
        nodes={name: {"kind": "stage", "label": name} for name in names},
        flows={f"f{n}": {"source": a, "target": b, "kind": "flow"} for n, (a, b) in enumerate(pairwise(names))},
    )


@st.composite
def maps(draw: st.DrawFn) -> Elements:
    """A map with values, places, comments and votes of every kind."""
    elements = draw(drawings(max_nodes=6))
    unknown = words.filter(lambda name: name not in ATTRIBUTES and name not in {"kind", "label", "source", "target"})
    for attributes in [*elements.nodes.values(), *elements.flows.values(), elements.attributes]:
        attributes |= draw(st.dictionaries(unknown.filter(lambda name: name != "name"), values, max_size=2))
    for attributes in elements.nodes.values():
        attributes |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "description": paragraphs,
                    "tags": st.lists(words, max_size=2).map(tuple),
                    "review_date": st.dates(),
                    "capacity": st.floats(0, 9),
                },
            )
        )
    if draw(st.booleans()):
        place(elements, arrange(elements))
    for n, node in enumerate(
        draw(st.lists(st.sampled_from(sorted(elements.nodes)), max_size=2)) if elements.nodes else []
    ):
        elements.comments[f"c{n}"] = {
            "on": node,
            "text": draw(paragraphs),
            "author": "Ada",
            "at": "2026-01-31T09:00:00Z",
        }
    for n, (first, comment) in enumerate(list(elements.comments.items())):
        reply = {"on": comment["on"], "text": draw(paragraphs), "author": "Bea", "at": "", "reply_to": first}
        if draw(st.booleans()):
            elements.comments[f"r{n}"] = reply
        if draw(st.booleans()):
            elements.comments[first] = {**comment, "resolved": True}
    for node in draw(st.lists(st.sampled_from(sorted(elements.nodes)), max_size=3)) if elements.nodes else []:
        elements.votes[node] = {voter: {} for voter in draw(st.lists(words, min_size=1, max_size=3))}
    return elements
