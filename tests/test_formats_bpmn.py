"""BPMN: real files of several makers come in whole and go out whole, and what is edited between is what changes."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from random_maps import maps

import crmwidget as crm
from crmwidget.formats import bpmn, map_json
from crmwidget.formats.bpmn_names import BPMN, DC, KINDS
from crmwidget.formats.bpmn_names import bpmn as named
from crmwidget.graph.elements import Elements

FILES = (
    "bpmnio_pizza-collaboration",
    "bpmnviz_pools",
    "moddle_signavio-complex-no-extensions",
    "pm4py_receipt",
    "pm4py_running-example",
)
SMALL = f"""<?xml version="1.0"?>
<b:definitions xmlns:b="{BPMN}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
  <b:message id="m1" name="Order" />
  <b:process id="p" isExecutable="true">
    <b:extensionElements>
      <camunda:properties><camunda:property name="a" value="1 &lt; 2&#10;" /></camunda:properties>
    </b:extensionElements>
    <b:startEvent id="s" name="Order&#10;received">
      <b:outgoing>f</b:outgoing><b:messageEventDefinition messageRef="m1" />
    </b:startEvent>
    <b:sequenceFlow id="f" sourceRef="s" targetRef="u">
      <b:conditionExpression xsi:type="b:tFormalExpression">x &gt; 5</b:conditionExpression>
    </b:sequenceFlow>
    <b:userTask id="u" name="Check it" camunda:assignee="ann">
      <b:documentation>why <i xmlns="urn:x">now</i>?</b:documentation><b:incoming>f</b:incoming>
    </b:userTask>
    <b:boundaryEvent id="e" attachedToRef="u" />
    <b:textAnnotation id="note"><b:text>Look</b:text></b:textAnnotation>
    <b:association id="as" sourceRef="u" targetRef="note" />
  </b:process>
</b:definitions>"""


def parts(text: bytes) -> Counter[str]:
    return Counter(str(element.tag) for element in ElementTree.fromstring(text).iter())


def facts(elements: Elements) -> tuple[Any, ...]:
    """What BPMN keeps of a map: nodes and flows with all that they have, and where they lie."""
    places = {
        node: (round(place["x"], 1), round(place["y"], 1))
        for node, place in elements.positions.get("lifecycle", {}).items()
        if elements.nodes[node]["kind"] != "group"  # a group is drawn as its frame
    }
    return elements.attributes["name"], dict(elements.nodes), dict(elements.flows), places


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_has_a_node_and_a_flow_for_each_element(name: str, real_data: Path) -> None:
    path = real_data / "bpmn" / f"{name}.bpmn"
    counted = parts(path.read_bytes())
    m = crm.open(path)
    n_nodes = sum(counted[named(tag)] for tag in KINDS)
    assert len(m.graph) == n_nodes
    assert m.graph.number_of_edges() == counted[named("sequenceFlow")] + counted[named("messageFlow")]
    by_kind = Counter(kind for _, kind in m.graph.nodes(data="kind"))
    assert by_kind["start"] == counted[named("startEvent")] and by_kind["end"] == counted[named("endEvent")]
    assert by_kind["decision"] == sum(counted[named(tag)] for tag, kind in KINDS.items() if kind == "decision")
    assert by_kind["group"] == counted[named("participant")] + counted[named("lane")]
    assert len(m.elements.positions["lifecycle"]) == n_nodes and m.name == name


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_opened_saved_and_opened_is_the_same_map_and_the_same_parts(
    name: str, real_data: Path, tmp_path: Path
) -> None:
    path = real_data / "bpmn" / f"{name}.bpmn"
    m = crm.open(path)
    again = crm.open(m.save(tmp_path / "again.bpmn"))
    assert map_json.dumps(again.elements).split("\n", 4)[4] == map_json.dumps(m.elements).split("\n", 4)[4]
    assert parts((tmp_path / "again.bpmn").read_bytes()) == parts(path.read_bytes())
    first = (tmp_path / "again.bpmn").read_bytes()
    assert again.save(tmp_path / "again.bpmn").read_bytes() == first


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(2))
def test_what_is_edited_on_a_real_file_is_what_its_bpmn_says_then(
    name: str, seed: int, real_data: Path, tmp_path: Path
) -> None:
    r = random.Random(seed)
    m = crm.open(real_data / "bpmn" / f"{name}.bpmn")
    m.save(tmp_path / "m.crm.json")
    for _ in range(30):
        with suppress(crm.EditError, KeyError):
            edit(m, r)
    again = crm.open(m.save(tmp_path / "edited.bpmn"))
    assert facts(again.elements) == facts(m.elements)
    text = (tmp_path / "edited.bpmn").read_bytes()
    assert_whole(text)


def edit(m: crm.CrmMap, r: random.Random) -> None:
    nodes, flows = list(m.graph), [key for *_, key in m.graph.edges(keys=True)]
    node, other, flow = r.choice(nodes), r.choice(nodes), r.choice(flows or ["?"])
    edits: list[Any] = [
        lambda: m.remove(node),
        lambda: m.remove(flow),
        lambda: m.update(node, label=f"Renamed {r.random()} < & \" '"),
        lambda: m.update(flow, label="way", condition="x > 1"),
        lambda: m.update(flow, target=other),
        lambda: m.update(node, parent=other),
        lambda: m.update(node, owner="Ann", kind=r.choice(["stage", "decision", "touchpoint"])),
        lambda: m.add_flow(node, other, key=f"new {r.random()}", kind=r.choice(["flow", "message", "depends"])),
        lambda: m.add(r.choice(["stage", "end", "system", "dataset"]), "New", parent=node),
        lambda: m.add_group("Around", members=[node]),
        lambda: m.move(node, r.randrange(900), r.randrange(900)),
    ]
    r.choice(edits)()


def assert_whole(text: bytes) -> None:
    """Nothing in the document names something that is not in it, and no id stands twice."""
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        for name in ("sourceRef", "targetRef", "processRef", "attachedToRef", "bpmnElement", "categoryValueRef"):
            assert element.get(name) is None or element.get(name) in ids, (element.tag, element.attrib)
        if element.tag in {named(tag) for tag in ("incoming", "outgoing", "flowNodeRef")}:
            assert (element.text or "").strip() in ids, element.text


@given(maps())
@settings(deadline=None, max_examples=20)
def test_any_map_comes_back_from_bpmn(elements: Elements) -> None:
    elements.id = "m"
    m = map_json.loads(map_json.dumps(elements))
    text = bpmn.dumps(m)
    again = bpmn.loads(text)
    assert (dict(again.nodes), dict(again.flows)) == (dict(m.nodes), dict(m.flows))
    shelf = m.positions.get("lifecycle", {})
    assert all(
        abs(again.positions["lifecycle"][n][axis] - shelf[n][axis]) < 0.01
        for n in shelf
        for axis in "xy"
        if m.nodes[n]["kind"] != "group"
    )
    assert_whole(text)
    assert bpmn.dumps(again) == text


@pytest.mark.parametrize("seed", range(4))
def test_a_map_edited_by_networkx_comes_back_from_bpmn(seed: int) -> None:
    r = random.Random(seed)
    m = crm.CrmMap("Sales")
    for _ in range(100):
        with suppress(crm.RuleError):
            r.choice(list(EDITS.values()))(m.graph, r)
            m.flush()
    again = bpmn.loads(bpmn.dumps(m.elements))
    assert (dict(again.nodes), dict(again.flows)) == (m.elements.nodes, m.elements.flows)


def test_what_is_not_understood_is_written_back() -> None:
    first = bpmn.loads(SMALL.encode())
    text = bpmn.dumps(first).decode()
    for kept in (
        '<camunda:property name="a" value="1 &lt; 2&#10;" />',
        '<b:message id="m1" name="Order" />',
        'name="Order&#10;received"',
        'camunda:assignee="ann"',
        '<b:messageEventDefinition messageRef="m1" />',
        'xsi:type="b:tFormalExpression">x &gt; 5<',
        "<b:text>Look</b:text>",
        'targetRef="note"',
        "why <ns0:i>now</ns0:i>?",
    ):
        assert kept in text, kept
    assert first.nodes["s"] == {"kind": "start", "label": "Order received"}
    assert first.nodes["u"] == {"kind": "activity", "label": "Check it", "bpmn": "userTask"}
    assert first.flows["f"] == {"source": "s", "target": "u", "kind": "flow", "condition": "x > 5"}


def test_an_edit_touches_only_what_it_is_about(tmp_path: Path) -> None:
    path = tmp_path / "small.bpmn"
    path.write_text(SMALL)
    before = crm.open(path).save(tmp_path / "before.bpmn").read_text().splitlines()
    m = crm.open(path)
    m.update("u", label="Check twice")
    after = m.save(tmp_path / "after.bpmn").read_text().splitlines()
    changed = [
        (a.strip(), b.strip())
        for a, b in zip(before, after, strict=True)
        if a != b and "Bounds" not in a and "waypoint" not in a and "definitions" not in a
    ]
    assert changed == [
        ('<b:userTask id="u" name="Check it" camunda:assignee="ann">',
         '<b:userTask id="u" name="Check twice" camunda:assignee="ann">'),
    ]  # fmt: skip


def test_what_hangs_on_a_removed_task_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "small.bpmn").write_text(SMALL)
    m = crm.open(tmp_path / "small.bpmn")
    m.remove("u")
    assert_whole(m.save(tmp_path / "less.bpmn").read_bytes())
    root = ElementTree.parse(tmp_path / "less.bpmn").getroot()
    ids = {element.get("id") for element in root.iter()}
    assert not ids & {"u", "f", "as"} and {"s", "note", "e"} <= ids
    assert root.find(f".//{named('intermediateCatchEvent')}") is not None


def test_lanes_by_an_attribute_are_a_pool_with_lanes_and_no_nodes(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Offer -> Order -> Invoice", name="Sales")
    for node, team in zip(list(m.graph), ("Sales", "Sales", "Desk", "Desk"), strict=True):
        m.update(node, team=team)
    m.layout(lanes="team")
    path = m.save(tmp_path / "m.bpmn")
    root = ElementTree.parse(path).getroot()
    lanes = {
        lane.get("name"): [ref.text for ref in lane.iter(named("flowNodeRef"))] for lane in root.iter(named("lane"))
    }
    assert lanes == {"Sales": ["lead", "offer"], "Desk": ["order", "invoice"]}
    shapes = {shape.get("bpmnElement"): shape.find(f"{{{DC}}}Bounds") for shape in root.iter()}
    boxes = {
        name: [float(bounds.get(side, "")) for side in ("x", "y", "width", "height")]
        for name, bounds in shapes.items()
        if bounds is not None
    }
    for lane in root.iter(named("lane")):
        left, top, width, height = boxes[lane.get("id")]
        for ref in lane.iter(named("flowNodeRef")):
            x, y, w, h = boxes[ref.text]
            assert left <= x and x + w <= left + width and top <= y and y + h <= top + height
    again = crm.open(path)
    assert dict(again.graph.nodes(data=True)) == dict(m.graph.nodes(data=True))
    assert again.graph.graph["lanes"] == "team"
    text = path.read_bytes()
    assert again.save(tmp_path / "again.bpmn").read_bytes().replace(b"again", b"m") == text.replace(b"again", b"m")
    again.layout(lanes="")
    text = again.save(tmp_path / "none.bpmn").read_bytes()
    assert not {named(tag) for tag in ("lane", "laneSet", "participant", "collaboration")} & parts(text).keys()
    assert_whole(text)


def test_a_new_map_is_drawn_where_its_cards_are(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Won", name="Sales")
    m.move("lead", 200, 100)
    root = ElementTree.parse(m.save(tmp_path / "m.bpmn")).getroot()
    (bounds,) = [shape.find(f"{{{DC}}}Bounds") for shape in root.iter() if shape.get("bpmnElement") == "lead"]
    assert bounds is not None and bounds.attrib == {"x": "50", "y": "20", "width": "100", "height": "60"}
    assert [element.get("name") for element in root.iter(named("task"))] == ["Lead", "Won"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<definitions/>", "a BPMN 2.0 file is a <definitions> of http"),
        (SMALL.replace('id="u"', 'id="s"'), "the id 's' stands twice"),
        (SMALL[:700], "cut off, at line"),
        (SMALL.replace('id="s"', f'id="{"s" * 300}"'), "at most 200 characters"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(crm.FileFormatError, match=message):
        bpmn.loads(text.encode())


def test_a_damaged_document_in_the_map_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "small.bpmn").write_text(SMALL)
    m = crm.open(tmp_path / "small.bpmn")
    m.graph.graph["bpmn"] = ("eJw=",)
    with pytest.raises(crm.FileFormatError, match=r"del m\.graph\.graph\['bpmn'\]"):
        m.save(tmp_path / "again.bpmn")
    del m.graph.graph["bpmn"]
    assert m.save(tmp_path / "again.bpmn").is_file()
