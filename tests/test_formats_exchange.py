"""Maps in the formats of others: what the table in docs/formats.md says is kept, is kept."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from random_maps import maps

import crmwidget as crm
from crmwidget.errors import FileFormatError
from crmwidget.formats import by_name, excel, graphml, map_json, node_tables, xml_reading
from crmwidget.formats.xml_reading import fits_in_xml
from crmwidget.graph.elements import Elements

EVIL = '=HYPERLINK("x"; \'A1\') <b>&amp; "quoted", ünïcode 🎈'


def normal(elements: Elements) -> Elements:
    """As it is when it has been saved and opened once."""
    return map_json.loads(map_json.dumps(replace(elements, id="m")))


def in_tables(elements: Elements) -> Elements:
    """What two tables keep of a map: its nodes, flows, and the places under the lens that it shows."""
    shelf = elements.positions.get("lifecycle")
    return Elements(
        attributes={"name": "sales"},
        nodes=elements.nodes,
        flows=elements.flows,
        positions={"lifecycle": shelf} if shelf else {},
    )


@given(maps())
@settings(deadline=None, max_examples=25)
def test_graphml_keeps_the_whole_map(elements: Elements) -> None:
    elements = normal(elements)
    names = [name for e in [elements.attributes, *elements.nodes.values(), *elements.flows.values()] for name in e]
    if not all(map(fits_in_xml, names)):
        with pytest.raises(FileFormatError, match="that XML has not"):
            graphml.dumps(elements)
        return
    again = graphml.loads(graphml.dumps(elements))
    assert map_json.dumps(again) == map_json.dumps(elements)


@given(maps())
@settings(deadline=None, max_examples=25)
def test_tables_keep_nodes_flows_and_places(elements: Elements) -> None:
    elements = in_tables(normal(elements))
    again = node_tables.from_tables(node_tables.node_rows(elements), node_tables.flow_rows(elements), name="sales")
    assert map_json.dumps(again) == map_json.dumps(elements)


@given(maps())
@settings(deadline=None, max_examples=10)
def test_a_workbook_keeps_what_tables_keep(elements: Elements) -> None:
    pytest.importorskip("openpyxl")
    elements = in_tables(normal(elements))
    assert map_json.dumps(excel.loads(excel.dumps(elements), name="sales")) == map_json.dumps(elements)


def test_attributes_with_the_names_of_places_and_columns_are_no_places(tmp_path: Path) -> None:
    m = crm.CrmMap("Sales")
    m.add_stage("Lead")
    own = {
        "x": 7,
        "y": "up",
        "pinned": 1,
        "id": "A1",
        "Label": "L",
        "Owner": "O",
        "n (json)": 1,
        "n": "=1",
        "a (own)": 2,
    }
    m.graph.nodes["lead"].update(own)
    m.graph.add_edge("lead", "lead", key="k", x=1.5, id="B2", Source="s")
    for suffix in ("graphml", "csv", "bpmn"):
        again = crm.open(m.save(tmp_path / f"m.{suffix}"))
        assert again.graph.nodes["lead"] == m.graph.nodes["lead"], suffix
        assert again.graph.edges["lead", "lead", "k"] == m.graph.edges["lead", "lead", "k"], suffix
        assert again.positions == m.positions, suffix


@given(maps())
@settings(deadline=None, max_examples=25)
def test_no_cell_of_a_table_can_be_taken_for_a_formula(elements: Elements) -> None:
    for rows in (node_tables.node_rows(elements), node_tables.flow_rows(elements)):
        for cell in (cell for row in rows for cell in row):
            is_number = cell.lstrip("+-").replace(".", "", 1).replace("e-", "", 1).replace("e+", "", 1).isdigit()
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or is_number


@pytest.mark.parametrize("suffix", ["crm.json", "graphml", "csv", "xlsx"])
def test_what_is_saved_by_suffix_opens_by_suffix_and_by_content(suffix: str, tmp_path: Path) -> None:
    m = crm.CrmMap("Sales")
    m.add_stage("Lead", owner=EVIL, description="line\n=1+1", actions=[EVIL, "b"])
    m.graph.nodes["lead"].update(score=7, since=None)
    m.add_flow("lead", m.add("end", EVIL, outcome="won"), label="-> ")
    path = m.save(tmp_path / f"Sales.{suffix}")
    again = crm.open(path)
    assert dict(again.graph.nodes(data=True)) == dict(m.graph.nodes(data=True))
    assert list(again.graph.edges(data=True, keys=True)) == list(m.graph.edges(data=True, keys=True))
    assert again.positions == m.positions and again.name == "Sales"
    assert (m.path == path) == (suffix == "crm.json") and again.path == m.path
    if suffix != "csv":
        other = path.rename(tmp_path / "sales.of_no_suffix")
        assert dict(crm.open(other).graph.nodes(data=True)) == dict(m.graph.nodes(data=True))


def test_a_format_can_be_named_whatever_the_suffix(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Won")
    path = m.save(tmp_path / "map.xml", format="graphml")
    assert crm.open(path, format="graphml").graph.has_edge("lead", "won")
    assert m.save(tmp_path / "map.txt", format="python").read_text().startswith("import crmwidget")
    assert m.save(tmp_path / "map.txt", format="dot").read_text().startswith("digraph")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, at: m.save(at / "map.graphmll"), r"no suffix of a format that is written; did you mean '.graphml'"),
        (lambda m, at: m.save(at / "map"), "allowed suffixes: '.crm.json'"),
        (lambda m, at: m.save(at / "map.json", format="graphlm"), "did you mean 'graphml'"),
        (lambda m, at: m.autosave(at / "map.graphml"), "a map saves itself as its own JSON, such as map.crm.json"),
        (lambda m, at: crm.open(m.save(at / "map.dot")), "DOT is written, not read"),
        (lambda m, at: crm.open(m.save(at / "map.csv"), format="dott"), "no format that is read; .*'csv'"),
        (lambda m, at: crm.open(m.save(at / "a.graphml"), format="csv"), "cannot open 'a.graphml' as CSV"),
    ],
)
def test_an_error_names_the_formats_and_the_nearest(
    call: Callable[[crm.CrmMap, Path], object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(FileFormatError, match=message):
        call(crm.from_text("Lead -> Won"), tmp_path)


def test_a_copy_never_takes_the_place_of_the_maps_own_file(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Won")
    path = m.save(tmp_path / "sales.crm.json")
    before = path.read_bytes()
    for target in (None, path):
        with pytest.raises(crm.EditError, match="the map's own file; GraphML is a copy"):
            m.save(target, format="graphml")
    assert path.read_bytes() == before


# ---- files of others -------------------------------------------------------------------------------


def test_networkx_reads_and_writes_the_same_graphml(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Won")
    m.update("lead", capacity=4, owner="Ann")
    read = nx.read_graphml(m.save(tmp_path / "ours.graphml"))
    assert read.nodes["lead"]["label"] == "Lead" and float(read.nodes["lead"]["capacity"]) == 4
    graph = nx.DiGraph([("a b", "c"), ("c", "c")])
    graph.nodes["c"].update(label="See", weight=2.5, ok=True, cost="high")
    nx.write_graphml(graph, tmp_path / "theirs.graphml")
    again = crm.open(tmp_path / "theirs.graphml")
    assert sorted(again.graph.edges()) == sorted(graph.edges()) and again.name == "theirs"
    assert again.graph.nodes["c"] == {
        "kind": "stage", "label": "See", "weight": 2.5, "ok": True, "source_cost": "high",
    }  # fmt: skip


def test_a_drawing_of_yed_has_its_labels_places_and_groups() -> None:
    text = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
    <key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d9" yfiles.type="edgegraphics"/>
    <graph edgedefault="directed" id="G">
      <node id="n0"><data key="d6"><y:ProxyAutoBoundsNode><y:NodeLabel>Team</y:NodeLabel></y:ProxyAutoBoundsNode></data>
        <graph id="n0:"><node id="n0::n0"><data key="d6"><y:ShapeNode>
          <y:Geometry height="30" width="60" x="10" y="20"/><y:NodeLabel>Ask\n the customer</y:NodeLabel>
        </y:ShapeNode></data></node></graph></node>
      <edge id="e0" source="n0" target="n0::n0"><data key="d9"><y:PolyLineEdge><y:EdgeLabel>asks</y:EdgeLabel>
        </y:PolyLineEdge></data></edge>
    </graph></graphml>"""
    elements = graphml.loads(text.encode())
    assert elements.nodes["n0"] == {"kind": "group", "label": "Team"}
    assert elements.nodes["n0::n0"] == {"kind": "stage", "label": "Ask the customer", "parent": "n0"}
    assert elements.flows["e0"]["label"] == "asks"
    assert elements.positions["lifecycle"]["n0::n0"] == {"x": 40.0, "y": 35.0, "pinned": True}


def test_tables_of_others_are_read_with_what_they_have(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("Source;Target;Volume\nLead;Won;7\nWon;Lead;\n")
    m = crm.open(tmp_path / "edges.csv")
    assert list(m.graph) == ["Lead", "Won"] and m.graph.edges["Lead", "Won", "f1"]["volume"] == 7
    (tmp_path / "nodes.csv").write_text("Id,Label,Team,Emotion\n1,Lead,Sales,happy\n,Won deal,,1\n")
    nodes = crm.open(tmp_path / "nodes.csv").graph.nodes
    assert nodes["1"] == {"kind": "stage", "label": "Lead", "team": "Sales", "source_emotion": "happy"}
    assert nodes["won_deal"]["label"] == "Won deal"
    (tmp_path / "stages.csv").write_text('Stage,Description,Actions\nLead,,"call, mail"\nWon,yes,\n')
    assert crm.open(tmp_path / "stages.csv").graph.nodes["lead"]["actions"] == ("call", "mail")


def test_a_spreadsheet_sees_text_where_a_formula_could_be(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    m = crm.CrmMap("Sales")
    m.add_stage("=1+1", id="a", owner="@SUM(A1)", description="'-1 is typed so")
    book = openpyxl.load_workbook(m.save(tmp_path / "m.xlsx"))
    assert {cell.data_type for row in book["Nodes"].iter_rows() for cell in row} <= {"s", "n"}
    rows = list(csv.reader(io.StringIO(m.save(tmp_path / "m.csv").read_text("utf-8-sig"))))
    assert {"'=1+1", "'@SUM(A1)", "''-1 is typed so"} <= set(rows[1])
    assert crm.open(tmp_path / "m.csv").graph.nodes["a"] == m.graph.nodes["a"]


# ---- hostile files ---------------------------------------------------------------------------------

LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;">]><graphml>&c;</graphml>'
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml>&x;</graphml>"""


@pytest.mark.parametrize("format", ["graphml", "bpmn"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LAUGHS, "document type or entities"),
        (OUTSIDE, "document type or entities"),
        (b"<graphml>" + b"<a>" * 200, "at most 100 levels deep"),
        (b"<!DOCTYPE graphml><graphml/>", "document type or entities"),
        (b"<graphml><graph>", r"cut off, at line 1"),
        (b"", "not XML"),
        (b"<html/>", "<html>"),
        (b'<?xml version="1.0" encoding="no-such"?><graphml/>', "not XML"),
        (b"\x00\x01PK", "not XML"),
    ],
)
def test_hostile_xml_ends_in_a_sentence(format: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "evil.xml"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=message):
        crm.open(path, format=format)


def test_too_much_xml_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "XML_ELEMENTS", 3)
    with pytest.raises(FileFormatError, match="at most 3 elements"):
        graphml.loads(b"<graphml><graph><node id='a'/><node id='b'/></graph></graphml>")
    with pytest.raises(FileFormatError, match="no tag or text of more than 1,000,000 bytes"):
        graphml.loads(b"<graphml><graph><node id='" + b"a" * 1_000_000 + b"'/></graph></graphml>")
    monkeypatch.setattr(xml_reading, "XML_BYTES", 20)
    with pytest.raises(FileFormatError, match="at most 20 bytes; this one has 50"):
        graphml.loads(b"<graphml>" + b" " * 31 + b"</graphml>")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    pytest.importorskip("openpyxl")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book, book.open("xl/workbook.xml", "w") as part:
        for _ in range(160):
            part.write(bytes(1_000_000))
    with pytest.raises(FileFormatError, match="unpacks to at most 150,000,000 bytes; this one to 160,000,000"):
        excel.loads(packed.getvalue())
    for broken in (b"PK\x03\x04nothing", b"", packed.getvalue()[:1000]):
        with pytest.raises(FileFormatError, match="no workbook"):
            excel.loads(broken)


def test_wrong_tables_say_what_is_wrong(tmp_path: Path) -> None:
    cases: dict[str, tuple[str, str]] = {
        "id,label\na,A\na,B\n": ("nodes.csv", "the node 'a' stands twice"),
        "id,label,label\na,A,B\n": ("nodes.csv", "the column 'label' stands twice"),
        "id,kind,label,n (json)\na,stage,A,{\n": ("nodes.csv", "row 2: the file is"),
        'id,label\na,"' + "x" * 1_100_000: ("nodes.csv", "a line has at most 1,000,000 characters"),
        'id,label\na,"' + "x\n" * 90_000: ("nodes.csv", "is no CSV"),
    }
    for text, (name, message) in cases.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(FileFormatError, match=message):
            crm.open(tmp_path / name)
    (tmp_path / "n.csv").write_text("id,label\na,A\n")
    (tmp_path / "n.flows.csv").write_text("source,target\na,b\n")
    with pytest.raises(FileFormatError, match="its target 'b' is no node"):
        crm.open(tmp_path / "n.csv")


def test_a_graphml_that_contradicts_itself_says_where() -> None:
    inside: dict[str, str] = {
        "<node id='a'/><node id='a'/>": "the node 'a' stands twice",
        "<node id='a'><data key='k'>1</data></node>": "of the key 'k', which is not declared",
        "<node id='a'/><edge source='a' target='b'/>": "its target 'b' is no node",
    }
    for text, message in inside.items():
        with pytest.raises(FileFormatError, match=message):
            graphml.loads(f"<graphml><graph>{text}</graph></graphml>".encode())


def test_every_format_is_in_the_table_of_the_documentation() -> None:
    text = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    for found in by_name.FORMATS.values():
        assert f"`{found.name}`" in text and all(f"`{suffix}`" in text for suffix in found.suffixes), found.name


def test_dot_names_every_node_and_flow_and_its_text_cannot_break_out(tmp_path: Path) -> None:
    m = crm.CrmMap("Sales")
    m.add_stage('a"]; evil [label="\\', id="lead")
    m.add_flow("lead", m.add_stage("Won"), label='"')
    m.add_group("Team", members=["lead"])
    text = m.save(tmp_path / "m.dot").read_text()
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "Q", text)
    assert '"' not in bare and "evil" not in bare
    assert (
        bare.count("Q -> Q [") == 1 and bare.count("subgraph Q {") == 1 and len(re.findall(r"^ +Q \[", bare, re.M)) == 3
    )


def test_graphml_is_ordinary_xml() -> None:
    root = ElementTree.fromstring(graphml.dumps(crm.from_text("A -> B").elements))
    assert root.tag == "{http://graphml.graphdrawing.org/xmlns}graphml" and root[-1].tag.endswith("graph")
