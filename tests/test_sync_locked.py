"""What a view may not do: to a locked node, and on a map that is read-only."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from session_kernel import Kernel, edit, gesture, greeted

from crmwidget.graph.changes import Proposal
from crmwidget.shown import Overlay


def locked(*nodes: str) -> Kernel:
    kernel = greeted()
    for node in nodes:
        kernel.model.graph.nodes[node]["locked"] = True
    for i, node in enumerate(["lead", "deal", "won"]):
        kernel.model.propose([Proposal(("position", "lifecycle", node), set={"x": 300.0 * i, "y": 0.0})])
    kernel.model.history.done.clear()
    kernel.session.refresh_status()
    return kernel


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ([{"at": ["position", "lifecycle", "lead"], "set": {"x": 8.0}}], "moved"),
        ([{"at": ["position", "lifecycle", "lead"], "remove": True}], "moved"),
        ([{"at": ["node", "lead"], "set": {"label": "Leads"}}], "renamed"),
        ([{"at": ["node", "lead"], "set": {"owner": "Ann"}}], "changed"),
        ([{"at": ["node", "lead"], "set": {"parent": "won"}}], "changed"),
        ([{"at": ["node", "lead"], "unset": ["locked"], "set": {"owner": "Ann"}}], "changed"),
        ([{"at": ["node", "lead"], "remove": True}], "removed"),
        (  # unlocked and moved in one: not while it is locked
            [
                {"at": ["node", "lead"], "unset": ["locked"]},
                {"at": ["position", "lifecycle", "lead"], "set": {"x": 8.0}},
            ],
            "moved",
        ),
        (  # a group carries it along
            [{"at": ["position", "lifecycle", node], "set": {"x": 8.0, "y": 8.0}} for node in ("won", "deal", "lead")],
            "moved",
        ),
    ],
)
def test_a_view_may_not_touch_a_locked_node_and_nothing_of_its_edit_is_made(changes: Any, what: str) -> None:
    kernel = locked("lead")
    before, order = kernel.truth(), list(kernel.model.elements.nodes)
    also = {"at": ["node", "deal"], "set": {"owner": "Bea"}}
    kernel.session.receive({**edit(), "changes": [also, *changes]})
    reason = f"'lead' is locked and cannot be {what} on the canvas: unlock it first"
    assert kernel.sent[-1] == {"op": "refusal", "client": "c1", "id": 1, "reason": reason}
    assert kernel.truth() == before and list(kernel.model.elements.nodes) == order
    assert list(kernel.model.graph) == order


def test_a_locked_node_may_be_unlocked_linked_and_commented_and_python_is_not_hindered() -> None:
    kernel = locked("lead")
    kernel.session.receive(edit(at=["flow", "~1"], add={"source": "won", "target": "lead"}))
    kernel.session.receive(edit(id=2, at=["flow", "f1"], remove=True))
    kernel.session.receive(edit(id=3, at=["comment", "~2"], add={"on": "lead", "text": "why locked?"}))
    kernel.model.graph.nodes["lead"]["owner"] = "Ann"
    kernel.model.propose([Proposal(("position", "lifecycle", "lead"), set={"x": 80.0})])
    kernel.session.receive(edit(id=4, at=["node", "lead"], set={"locked": False}))
    kernel.session.receive(edit(id=5, at=["node", "lead"], set={"label": "Leads"}))
    assert not [m for m in kernel.sent if m["op"] == "refusal"]
    assert kernel.model.graph.nodes["lead"]["label"] == "Leads"


def test_a_view_may_undo_what_python_did_to_a_locked_node() -> None:
    kernel = locked("lead")
    kernel.model.graph.nodes["lead"]["owner"] = "Ann"
    kernel.model.flush()
    for i, op in enumerate(["undo", "redo", "undo"], start=1):
        kernel.session.receive({"op": op, "client": "c1", "id": i})
    assert "owner" not in kernel.model.graph.nodes["lead"] and kernel.model.graph.nodes["lead"]["locked"]
    assert kernel.sent[-1]["op"] == "patch"


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_views_try_a_locked_node_stays_as_it_is(seed: int) -> None:
    kernel, r = locked("lead"), random.Random(seed)
    views = [kernel.view("c1"), kernel.view("c2")]
    kernel.settle()
    before = dict(kernel.model.elements.nodes["lead"]), kernel.model.elements.positions["lifecycle"]["lead"]
    for _ in range(30):
        gesture(r, r.choice(views))
        if r.random() < 0.5:
            kernel.settle()
    kernel.settle()
    after = dict(kernel.model.elements.nodes["lead"]), kernel.model.elements.positions["lifecycle"]["lead"]
    assert after == before
    assert all(view.effective() == kernel.truth() for view in views)


def test_a_read_only_map_refuses_what_edits_it_and_answers_all_else() -> None:
    kernel = greeted()
    kernel.model.graph.nodes["lead"]["owner"] = "Ann"
    kernel.model.flush()
    kernel.model.paint("x", Overlay("T", "s", None, {}, {}, [], None))
    kernel.commands.read_only = True
    before, n = kernel.truth(), len(kernel.sent)
    editing = [{"op": op} for op in ("undo", "redo", "arrange", "build")]
    for i, message in enumerate([edit(at=["node", "lead"], set={"label": "x"}), *editing], start=1):
        kernel.session.receive({**message, "client": "c1", "id": i})
    assert [m["op"] for m in kernel.sent[n:]] == ["refusal"] * 5
    assert all("read-only here" in m["reason"] for m in kernel.sent[n:])
    assert kernel.truth() == before
    kernel.session.receive({"op": "ask", "client": "c1", "id": 6, "question": "conversion"})
    kernel.session.receive({"op": "hide", "client": "c1", "id": 7, "overlay": "x"})
    kernel.session.receive({"op": "select", "client": "c1", "nodes": ["lead"], "flows": []})
    kernel.session.receive({"op": "resync", "client": "c1"})
    assert [m["op"] for m in kernel.sent[n + 5 :]] == ["ack", "patch", "snapshot"]
    assert kernel.commands.asked == ["conversion"] and kernel.commands.selection == (["lead"], [])
    kernel.model.graph.nodes["lead"]["owner"] = "Bea"
    kernel.model.flush()
    kernel.commands.read_only = False
    kernel.session.receive(edit(id=8, at=["node", "lead"], set={"label": "x"}))
    assert kernel.model.graph.nodes["lead"]["label"] == "x"
