"""The public face: what a user calls, and what a user is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from small_maps import lead_and_deal

import crmwidget as crm


@pytest.fixture
def m() -> crm.CrmMap:
    return lead_and_deal()


def test_the_three_ways_to_edit_are_the_same_edits(m: crm.CrmMap) -> None:
    events: list[Any] = []
    m.on_change(events.append)
    m.graph.nodes["deal"]["owner"] = "Sales"
    m.update("lead", owner="Ann")
    m.widget.session.receive({"op": "hello", "client": "c"})
    change = {"at": ["node", "lead"], "set": {"owner": "Bea"}}
    m.widget.session.receive({"op": "edit", "client": "c", "id": 1, "base": 0, "label": "owner", "changes": [change]})
    owners = [(e.origin, c.path[1], c.after["owner"]) for e in events for c in e.changes if c.path[0] == "node"]
    assert owners == [("python", "deal", "Sales"), ("python", "lead", "Ann"), ("view", "lead", "Bea")]
    assert m.undo() == "owner"
    assert m.graph.nodes["lead"]["owner"] == "Ann"


def test_undo_and_redo_go_step_by_step(m: crm.CrmMap) -> None:
    m.remove("lead")
    assert list(m.graph) == ["deal"] and not m.graph.edges
    m.undo()
    assert m.graph.nodes["lead"]["owner"] == "Marketing" and m.graph.has_edge("lead", "deal", "f1")
    m.undo()
    assert not m.graph.edges
    m.redo()
    m.redo()
    assert list(m.graph) == ["deal"]
    assert m.redo() is None


def test_a_new_edit_ends_what_could_be_redone(m: crm.CrmMap) -> None:
    m.undo()
    m.add_stage("Won")
    assert m.redo() is None


def test_ids_are_slugs_and_collisions_are_numbered(m: crm.CrmMap) -> None:
    assert m.add_stage("Lead") == "lead_2"
    assert m.add("system", "Größe & Co.", vendor="x") == "große_co"
    assert m.add_stage("Lead", id="mine") == "mine"


def test_an_update_reconnects_a_flow_and_none_removes_an_attribute(m: crm.CrmMap) -> None:
    m.add_stage("Won")
    m.update("f1", target="won", label=None, volume=12)
    assert m.graph.edges["lead", "won", "f1"] == {"kind": "flow", "volume": 12}


def test_a_group_is_drawn_around_nodes_and_taken_away_again_each_as_one_step(m: crm.CrmMap) -> None:
    m.ensure_placed()
    before = json.dumps(m.widget.session.document()["nodes"])
    outer = m.add_group("Selling", members=["lead", "deal"], owner="Ann")
    inner = m.add_group("First half", members="lead")
    assert m.graph.nodes[inner]["parent"] == outer and m.graph.nodes["lead"]["parent"] == inner
    (lx, ly), (dx, dy) = m.positions["lead"], m.positions["deal"]
    assert m.positions[outer] == ((lx + dx) / 2, (ly + dy) / 2) and m.positions[inner] == (lx, ly)
    both = m.add_group("Both", members=[inner, "lead", "deal"])
    assert (m.graph.nodes["lead"]["parent"], m.graph.nodes[inner]["parent"]) == (inner, both)
    m.ungroup(both)
    assert m.graph.nodes["deal"]["parent"] == outer == m.graph.nodes[inner]["parent"]
    for _ in range(4):
        m.undo()
    assert json.dumps(m.widget.session.document()["nodes"]) == before
    assert m.add_group("Empty") == "empty" and "parent" not in m.graph.nodes["empty"]


def test_analyses_tables_and_figures_pass_over_groups(m: crm.CrmMap) -> None:
    m.add("end", "Lost", outcome="lost")
    m.add_flow("deal", "lost")
    rows = pd.DataFrame({"stage": ["Lead"] * 10 + ["Deal"] * 20 + ["Lost"] * 30})
    m.attach(rows, stage="stage", name="deals")
    m.show_metric("deal", label="here", value="count")
    alone, table = crm.conversion(m), m.to_table()
    m.add_group("Deal", members=["lead", "deal"], id="group")
    m.add_flow("group", "lost")
    m.attach(rows, stage="stage", name="deals")
    grouped = crm.conversion(m)
    pd.testing.assert_frame_equal(grouped.table, alone.table)
    pd.testing.assert_frame_equal(m.to_table(), table)
    assert m.cards["deal"].figures[0].value == 20
    assert nx.has_path(m.graph, "group", "lost") and set(nx.descendants(m.graph, "lead")) == {"deal", "lost"}


def test_comments_live_on_their_node(m: crm.CrmMap) -> None:
    name = m.comment("lead", "Why so few?", author="Ann")
    assert m.elements.comments[name]["text"] == "Why so few?"
    m.remove("lead")
    assert not m.elements.comments
    m.undo()
    assert m.elements.comments[name]["author"] == "Ann"


def test_a_thread_is_answered_settled_and_opened_again(m: crm.CrmMap) -> None:
    first = m.comment("lead", "Why so few?", author="Ann")
    m.author = "Bea"
    reply = m.comment("lead", "The campaign ended.", reply_to=first)
    m.resolve(reply)
    assert m.comments[first].resolved and m.comments[reply].author == "Bea"
    m.reopen(first)
    assert not m.comments[first].resolved
    m.undo()
    assert m.comments[first].resolved
    table = pd.DataFrame(m.comments.values(), index=list(m.comments))
    assert table.loc[reply, "reply_to"] == first and list(table["author"]) == ["Ann", "Bea"]


def test_the_author_is_the_user_and_views_are_told_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    m = crm.CrmMap("Hub")
    assert m.author == "ada" == m.widget.session.document()["about"]["author"]
    sent: list[Any] = []
    m.widget.session._send = sent.append
    m.author = "Ada L."
    assert sent[-1]["changes"][0]["add"]["author"] == "Ada L."
    for nobody in ("jovyan", "root", "a\x07"):
        monkeypatch.setenv("JUPYTERHUB_USER", nobody)
        assert crm.CrmMap("Hub").author == ""


def errors() -> dict[str, tuple[Any, str]]:
    return {
        "unknown kind": (lambda m: m.add("stgae", "X"), "did you mean 'stage'"),
        "unknown keyword": (
            lambda m: m.add_stage("X", ownr="me"),
            "a stage has no attribute 'ownr'; did you mean 'owner'",
        ),
        "keyword of another kind": (lambda m: m.add_stage("X", emotion=1), "a stage has no attribute 'emotion'"),
        "taken id": (lambda m: m.add_stage("X", id="lead"), "'lead' is taken; free is 'lead_2'"),
        "bad id": (lambda m: m.add_stage("X", id="a\nb"), "control characters"),
        "empty label": (lambda m: m.add_stage("  "), "says something"),
        "label of 1 MB": (lambda m: m.add_stage("x" * 1_000_000), "1,000,000 characters"),
        "control characters": (lambda m: m.add_stage("a\x1bb"), "control character"),
        "mutable value": (lambda m: m.add_stage("X", tags=pd.Series([1])), "'tags'"),
        "flow to a missing node": (lambda m: m.add_flow("lead", "dael"), "no target node 'dael'; did you mean 'deal'"),
        "flow from a missing node": (lambda m: m.add_flow(None, "deal"), "no source node None"),
        "unknown flow kind": (lambda m: m.add_flow("lead", "deal", kind="date"), "did you mean 'data'"),
        "forbidden flow": (lambda m: m.add_flow("lead", "deal", kind="mapping"), "cannot lead from a stage to a stage"),
        "taken key": (lambda m: m.add_flow("deal", "lead", key="f1"), "'f1' is taken"),
        "update of nothing": (lambda m: m.update("leda", label="x"), "did you mean 'lead'"),
        "removal of nothing": (lambda m: m.remove("lead", "nope"), "no node or flow 'nope'"),
        "nan position": (lambda m: m.move("lead", float("nan"), 0), "finite numbers; given x=nan"),
        "infinite position": (lambda m: m.move("lead", 0, float("inf")), "finite numbers; given y=inf"),
        "comment on nothing": (lambda m: m.comment("nope", "x"), "no node 'nope'"),
        "empty comment": (lambda m: m.comment("lead", ""), "needs a text"),
        "reply to nothing": (lambda m: m.comment("lead", "x", reply_to="c1"), "cannot reply to 'c1'"),
        "resolve nothing": (lambda m: m.resolve("c1"), "there is no comment 'c1'"),
        "author of two lines": (lambda m: m.comment("lead", "x", author="a\nb"), "one line of text"),
        "no author": (lambda m: setattr(m, "author", None), "empty for nobody; given None"),
        "group of nothing there": (lambda m: m.add_group("G", members=["leda"]), "did you mean 'lead'"),
        "group of no ids": (lambda m: m.add_group("G", members=[None]), "there is no node None"),
        "group with no name": (lambda m: m.add_group(" ", members=["lead"]), "says something"),
        "ungroup a stage": (lambda m: m.ungroup("lead"), "'lead' is a stage, no group"),
        "ungroup nothing": (lambda m: m.ungroup("leda"), "did you mean 'lead'"),
        "lanes by nonsense": (lambda m: m.layout(lanes="tem"), "did you mean 'team'"),
        "select nothing": (lambda m: setattr(m, "selection", ["leda"]), "did you mean 'lead'"),
        "save without a path": (lambda m: m.save(), "has no file yet"),
        "attach to nothing": (lambda m: m.attach(pd.DataFrame({"a": [1]}), to="leda"), "did you mean 'lead'"),
        "attach no table": (lambda m: m.attach(object()), "object"),
        "columns twice": (
            lambda m: m.attach(pd.DataFrame([[1, 2]], columns=["a", "a"]), to="lead"),
            "'a'",
        ),
        "missing key column": (
            lambda m: m.attach(pd.DataFrame({"amount": [1]}), to="lead", key="amout"),
            "did you mean 'amount'",
        ),
        "mixed key": (lambda m: m.attach(pd.DataFrame({"id": [1, "1", None]}), to="lead", key="id"), "'id'"),
        "metric without table": (lambda m: m.show_metric("lead", label="n", value="count"), "m.attach"),
        "metric on nothing": (lambda m: m.show_metric("leda", label="n", value="count"), "did you mean 'lead'"),
        "template": (lambda m: crm.template("lifecicle"), "did you mean 'lifecycle'"),
        "no graph": (lambda m: crm.from_networkx({"a": "b"}), "wants a networkx graph"),
        "public name": (lambda m: crm.from_netwrkx, "did you mean 'from_networkx'"),
        "no map name": (lambda m: crm.CrmMap(""), "a map's name"),
        "no function": (lambda m: m.on_change("x"), "function"),
    }


@pytest.mark.parametrize("name", sorted(errors()))
def test_bad_input_is_refused_with_what_is_allowed_and_nothing_is_lost(name: str, m: crm.CrmMap) -> None:
    m.move("lead", 8, 8)
    before = json.dumps(m.widget.session.document()["nodes"]), m.revision, len(m.history.done), dict(m.tables)
    act, message = errors()[name]
    with pytest.raises((crm.CrmWidgetError, AttributeError)) as caught:
        act(m)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 1500
    after = json.dumps(m.widget.session.document()["nodes"]), m.revision, len(m.history.done), dict(m.tables)
    assert after == before


def test_from_networkx_keeps_all_that_the_graph_knew() -> None:
    g = nx.MultiDiGraph(name="Old")
    g.add_node(1, cost="high", pos=(10, 20), tags=["x"])
    g.add_node(("a", 2), label="A two", kind="system")
    g.add_edge(1, ("a", 2), key=7, weight=2.5, source="web")
    g.add_edge(1, ("a", 2), key=8)
    m = crm.from_networkx(g)
    assert m.name == "Old"
    assert m.graph.nodes["1"] == {"source_id": 1, "source_cost": "high", "tags": ("x",), "label": "1", "kind": "stage"}
    assert m.graph.nodes["a_2"]["kind"] == "system"
    assert m.graph.edges["1", "a_2", "f1"] == {"weight": 2.5, "source_source": "web", "source_key": 7, "kind": "flow"}
    assert m.positions["1"] == (10, 20)
    assert g.nodes[1] == {"cost": "high", "pos": (10, 20), "tags": ["x"]}


@pytest.mark.parametrize("make", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_from_networkx_takes_every_kind_of_graph(make: Any) -> None:
    g = make([(1, 2), (2, 3)])
    m = crm.from_networkx(g)
    assert nx.is_isomorphic(nx.Graph(m.graph), nx.Graph(g))


def test_the_map_is_saved_and_opened_again_byte_for_byte(m: crm.CrmMap, tmp_path: Path) -> None:
    path = m.save(tmp_path / "sales.crm.json")
    again = crm.open(path)
    assert again.saved == "saved"
    assert again.positions == m.positions
    again.save(tmp_path / "again.crm.json")
    first, second = json.loads(path.read_text()), json.loads((tmp_path / "again.crm.json").read_text())
    assert {**first, "id": ""} == {**second, "id": ""}
    again.graph.nodes["lead"]["owner"] = "x"
    assert again.saved == "edited"


def test_two_live_maps_of_one_name_have_two_ids() -> None:
    first, second = crm.CrmMap("Twin"), crm.CrmMap("Twin")
    assert (first.id, second.id) == ("twin", "twin_2")


def test_positions_are_there_for_every_node_and_new_nodes_move_no_other(m: crm.CrmMap) -> None:
    before = dict(m.positions)
    m.graph.add_edge("deal", "won")
    m.flush()
    assert {n: p for n, p in m.positions.items() if n != "won"} == before
    assert m.positions["won"][0] > before["deal"][0]
    m.undo()
    assert dict(m.positions) == before


def test_pinned_nodes_stay_when_the_map_is_laid_out(m: crm.CrmMap) -> None:
    m.move("lead", 1000, 1000)
    m.layout()
    assert m.positions["lead"] == (1000, 1000)
    m.layout(unpin=True)
    assert m.positions["lead"] != (1000, 1000)


def test_a_view_lays_out_around_what_is_locked_and_python_does_not(m: crm.CrmMap) -> None:
    m.move("lead", 1000, 1000, pinned=False)
    m.move("deal", 5000, 1000)
    m.update("lead", locked=True)
    session = m.widget.session
    session.receive({"op": "hello", "client": "c"})
    session.receive({"op": "arrange", "client": "c", "id": 1, "unpin": True})
    assert m.positions["lead"] == (1000, 1000) and m.positions["deal"] != (5000, 1000)
    session.receive({"op": "arrange", "client": "c", "id": 2, "lanes": "team"})
    assert m.positions["lead"] == (1000, 1000) and m.graph.graph["lanes"] == "team"
    m.layout()
    assert m.positions["lead"] != (1000, 1000)


def test_a_group_is_moved_with_its_content_as_one_step() -> None:
    m = crm.CrmMap("Groups")
    m.add("group", "Sales")
    for label in ("Offer", "Won"):
        m.add("stage", label, parent="sales")
    before = dict(m.positions)
    m.move("sales", before["sales"][0] + 800, before["sales"][1] + 80)
    assert {node: (x - 800, y - 80) for node, (x, y) in m.positions.items()} == before
    assert [p["pinned"] for p in m.elements.positions[m.lens].values()] == [True, False, False]
    assert m.undo() == "move sales" and dict(m.positions) == before


def test_no_view_can_lift_the_read_only_of_a_map_or_write_its_document(m: crm.CrmMap) -> None:
    m.widget.read_only = True
    m.widget.set_state({"read_only": False, "document": "{}", "theme": "dark"})
    assert m.widget.read_only and m.widget.theme == "dark"
    sent: list[Any] = []
    m.widget.session._send = sent.append
    m.widget.session.receive({"op": "hello", "client": "c"})
    m.widget.session.receive({"op": "build", "client": "c", "id": 1, "text": "a"})
    assert "read-only here" in sent[-1]["reason"]
    m.add_stage("Won")
    assert "won" in m.graph


def test_script_tags_are_text_everywhere(m: crm.CrmMap) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    m.update("lead", label=evil, description=evil, owner=evil)
    m.comment("lead", evil, author=evil)
    m.attach(pd.DataFrame({evil: range(9)}), to="lead", name=evil)
    bundle, _ = m._repr_mimebundle_()
    assert "<script>alert" not in bundle["image/svg+xml"] and "onerror=alert(1)>" not in bundle["image/svg+xml"]


def test_the_reference_tables_and_templates_are_there() -> None:
    assert set(crm.templates()) >= {"lifecycle", "process_table"}
    m = crm.template("lifecycle")
    assert list(m.graph) == [
        "lead_generation",
        "nurture",
        "opportunity",
        "pipeline",
        "onboarding",
        "support",
        "cross_sell",
    ]
    table = crm.template("process_table").to_table()
    pd.testing.assert_frame_equal(crm.from_table(table).to_table(), table)


def test_lanes_can_be_made_by_kind() -> None:
    m = crm.CrmMap("Kinds")
    m.add_stage("Lead")
    m.add("end", "Won")
    m.add_stage("Deal")
    m.layout(lanes="kind")
    rows = [m.positions[node][1] for node in ("lead", "deal", "won")]
    assert rows[0] == rows[1] < rows[2]
