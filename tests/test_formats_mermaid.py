"""Mermaid: what a map writes it reads, and so it does the flowcharts of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_maps import drawings

import crmwidget as crm
from crmwidget.formats import mermaid
from crmwidget.graph.elements import Elements

LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30)


def kept(elements: Elements) -> tuple[Any, ...]:
    """What the table says: labels, kinds, groups, and flows with their label."""
    nodes = {name: (given["kind"], given["label"], given.get("parent")) for name, given in elements.nodes.items()}
    return nodes, [(f["source"], f["target"], f["kind"], f.get("label")) for f in elements.flows.values()]


@given(drawings(max_nodes=8), st.data())
@settings(deadline=None, max_examples=60)
def test_a_map_comes_back_with_labels_kinds_groups_and_flows(elements: Elements, data: st.DataObject) -> None:
    spaced = LABELS.map(lambda text: " ".join(text.split())).filter(bool)
    groups = [name for name, given in elements.nodes.items() if given["kind"] == "group"]
    for n, (name, about) in enumerate(elements.nodes.items()):
        earlier = [group for group in groups if group in list(elements.nodes)[:n]]
        elements.nodes[name] = {
            **about,
            "label": data.draw(spaced),
            **({"parent": data.draw(st.sampled_from(earlier))} if earlier and data.draw(st.booleans()) else {}),
        }
    for key, about in elements.flows.items():
        elements.flows[key] = {**about, "kind": data.draw(st.sampled_from(["flow", "message"]))}
        if data.draw(st.booleans()):
            elements.flows[key] = {**elements.flows[key], "label": data.draw(spaced)}
    again = mermaid.loads(mermaid.dumps(elements))
    assert kept(again) == kept(elements)


@pytest.mark.parametrize(
    "label", ["#quot; #35; #", '"q" `b` <i>', "a; b --> c | d", "%% no comment", "end", "[(x)]", "<br/>"]
)
def test_text_that_looks_like_mermaid_stays_text(label: str) -> None:
    nodes = {name: {"kind": "stage", "label": label} for name in "ab"}
    flows = {"f1": {"source": "a", "target": "b", "kind": "flow", "label": label}}
    again = mermaid.loads(mermaid.dumps(Elements(nodes=nodes, flows=flows)))
    assert [given["label"] for given in (*again.nodes.values(), *again.flows.values())] == [label] * 3


def test_a_flowchart_of_others_is_read() -> None:
    text = """---
title: How we sell
---
%% a comment
graph TD;
    A[Christmas] -->|Get money| B(Go shopping)
    B --> C{Let me think?}; C -- One --> D[Laptop]
    C -.->|"Two: #quot;yes#quot;"| E["iPhone (new)"]
    C ==> F[fa:fa-car Car<br/>red] & G((Circle))
    subgraph one [The first]
      direction LR
      H([Begin]) --- I[(Orders)]
      subgraph Inner things
        J
      end
    end
    one --> K[[Sub]]
    A-->L-->M
    F -. maybe .-> A
    classDef red fill:#f00,stroke:#333
    class A,B red
    style C fill:#bbf
    click A "https://example.org"
    linkStyle 0 stroke:red
"""
    elements = mermaid.loads(text.encode())
    nodes = elements.nodes
    assert elements.attributes["name"] == "How we sell"
    assert {name: given["label"] for name, given in nodes.items()} == {
        "A": "Christmas", "B": "Go shopping", "C": "Let me think?", "D": "Laptop", "E": "iPhone (new)",
        "F": "fa:fa-car Car red", "G": "Circle", "one": "The first", "H": "Begin", "I": "Orders",
        "subgraph11": "Inner things", "J": "J", "K": "Sub", "L": "L", "M": "M",
    }  # fmt: skip
    assert nodes["C"]["kind"] == "decision" and nodes["I"]["kind"] == "dataset" and nodes["H"]["kind"] == "start"
    assert nodes["J"]["parent"] == "subgraph11" and nodes["subgraph11"]["parent"] == "one"
    assert [(f["source"], f["target"], f["kind"], f.get("label")) for f in elements.flows.values()] == [
        ("A", "B", "flow", "Get money"), ("B", "C", "flow", None), ("C", "D", "flow", "One"),
        ("C", "E", "message", 'Two: "yes"'), ("C", "F", "flow", None), ("C", "G", "flow", None),
        ("H", "I", "flow", None), ("one", "K", "flow", None), ("A", "L", "flow", None), ("L", "M", "flow", None),
        ("F", "A", "message", "maybe"),
    ]  # fmt: skip


@pytest.mark.parametrize("arrow", ["-->", "---", "--->", "-.->", "-.-", "==>", "===", "--o", "--x", "<-->"])
def test_a_chain_of_links_of_any_look_has_one_flow_for_each(arrow: str) -> None:
    for text in (f"A{arrow}B{arrow}C", f"A {arrow} B {arrow}|x| C"):
        flows = mermaid.loads(f"flowchart LR\n{text}".encode()).flows.values()
        assert [(f["source"], f["target"]) for f in flows] == [("A", "B"), ("B", "C")], text


@pytest.mark.parametrize("link", ["-- on the way -->", "-- other ---", "-. on -.->", "-.on.->", "== on ==>"])
def test_text_in_a_link_is_its_label(link: str) -> None:
    (made,) = mermaid.loads(f"flowchart LR\nA {link} B".encode()).flows.values()
    assert made["label"] in link and len(made["label"]) > 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("sequenceDiagram\n A->>B: x", "line 1: a Mermaid flowchart begins with 'flowchart' or 'graph'"),
        ("flowchart LR\n A[open", "line 2: a bracket is not closed"),
        ("flowchart LR\n A --> ", "line 2: a node was expected"),
        ("flowchart LR\n A ??? B", "line 2: cannot read ' ..."),
        ("flowchart LR\n end", "line 2: there is no subgraph"),
        ("flowchart LR\n subgraph x\n A", "'x' has no 'end'"),
        ("flowchart LR\n" + "subgraph a\n" * 60, "at most 50 deep"),
        ("flowchart LR\n" + ";" * 30_000, "line 2: a line has at most 20,000 characters; this one has 30,000"),
        ("flowchart LR\n" + "A" * 300, "at most 200 characters"),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(crm.FileFormatError, match=message.replace("?", r"\?").replace("...", ".*")):
        mermaid.loads(text.encode())


def test_too_much_is_refused_with_the_number() -> None:
    with pytest.raises(crm.FileFormatError, match="at most 5,000,000 bytes; this one has 6,000,000"):
        mermaid.loads(b" " * 6_000_000)


def test_names_that_mermaid_does_not_take_are_written_as_others(tmp_path: Path) -> None:
    m = crm.CrmMap("Sales")
    m.add_stage("End", id="end")
    m.add_stage("Größe", id="große")
    m.add_stage("Two", id="n1")
    text = m.save(tmp_path / "m.mmd").read_text()
    assert '  n1_2["End"]:::stage' in text and len(crm.open(tmp_path / "m.mmd").graph) == 3


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        mermaid.loads(b"flowchart LR\n" + text.encode("utf-8", "replace"))
    except crm.FileFormatError as error:
        assert str(error)  # noqa: PT017
