"""The sync session: what views are told, what they say, and that all end equal."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from hypothesis import strategies as st
from session_kernel import Kernel, edit, gesture, greeted

from crmwidget.graph.changes import Proposal
from crmwidget.shown import Card, Overlay
from crmwidget.sync.under_way import UnderWay
from crmwidget.vocabulary import LIMITS


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=5, max_size=60), st.integers(0, 2**32 - 1))
def test_two_views_with_delayed_and_interleaved_edits_end_equal_to_python(steps: list[int], seed: int) -> None:
    kernel, r = Kernel(), random.Random(seed)
    views = [kernel.view("c1"), kernel.view("c2")]
    for step in steps:
        view = r.choice(views)
        if step <= 1:
            gesture(r, view)
        elif step == 2:
            EDITS[r.choice(sorted(EDITS))](kernel.model.graph, r)
            if r.random() < 0.7:
                kernel.model.flush_quietly()
        elif step <= 4 and view.outbox:
            kernel.let_out(view)
        elif view.inbox:
            view.receive()
    kernel.settle()
    truth = kernel.truth()
    for view in views:
        assert view.gaps == 0 and not view.pending
        assert view.effective() == truth
    committed = {p[1]: v for p, v in truth.items() if p[0] == "node"}
    assert committed.keys() == set(kernel.model.graph)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_view_that_missed_messages_catches_up_by_a_snapshot_and_loses_no_edit(seed: int) -> None:
    kernel, r = Kernel(), random.Random(seed)
    view = kernel.view("c1")
    kernel.settle()
    for i in range(12):
        view.edit("rename", [{"at": ["node", "lead"], "set": {"label": f"L{i}", f"mark{i}": i}}])
        while view.outbox and r.random() < 0.7:
            kernel.let_out(view)
        while view.inbox:
            if view.inbox[0]["op"] == "patch" and r.random() < 0.3:
                view.inbox.popleft()
            else:
                view.receive()
    kernel.model.graph.nodes["won"]["owner"] = "Ann"
    kernel.settle()
    kernel.model.graph.nodes["won"]["owner"] = "Bea"
    kernel.settle()
    assert view.base == kernel.truth()
    assert kernel.model.graph.nodes["lead"]["label"] == "L11"
    assert all(kernel.model.graph.nodes["lead"][f"mark{i}"] == i for i in range(12))


def test_an_edit_is_answered_by_the_patch_that_it_caused() -> None:
    kernel = greeted()
    kernel.session.receive(edit(at=["node", "lead"], set={"label": "Leads"}))
    patch = kernel.sent[-1]
    assert patch["op"] == "patch" and patch["seq"] == 1 and patch["ack"] == ["c1", 1]
    assert patch["changes"][0] == {"at": ["node", "lead"], "set": {"label": "Leads"}}
    assert kernel.model.graph.nodes["lead"]["label"] == "Leads"


def test_one_edit_on_the_wire_is_at_most_200_bytes_whatever_the_size_of_the_map() -> None:
    kernel = greeted()
    kernel.model.graph.add_nodes_from(f"n{i}" for i in range(3000))
    kernel.model.flush()
    kernel.session.receive(edit(at=["position", "lifecycle", "n77"], set={"x": 1200.0, "y": 880.0, "pinned": True}))
    kernel.session.receive(
        edit(id=2, at=["position", "lifecycle", "n77"], set={"x": 1208.0, "y": 880.0, "pinned": True})
    )
    sizes = [len(json.dumps(m, separators=(",", ":"))) for m in kernel.sent[-2:]]
    assert max(sizes) <= 200, kernel.sent[-2:]


def test_ten_thousand_nodes_in_one_cell_are_one_message() -> None:
    kernel = greeted()
    kernel.model._clock = lambda: 0.0
    kernel.model.history.open("cell")
    n = len(kernel.sent)
    for i in range(10_000):
        kernel.model.graph.add_node(f"n{i}")
    kernel.model.flush()
    assert len(kernel.sent) - n == 1


def test_a_replayed_operation_is_acknowledged_and_done_once() -> None:
    kernel = greeted()
    message = edit(at=["node", "~1"], add={"kind": "stage", "label": "New"})
    kernel.session.receive(message)
    kernel.session.receive(message)
    assert [m["op"] for m in kernel.sent[-2:]] == ["patch", "ack"]
    assert kernel.sent[-1]["ids"] == {"~1": "new"} == kernel.sent[-2]["ids"]
    assert len(kernel.model.graph) == 4


def test_a_temporary_id_may_still_be_used_in_later_edits() -> None:
    kernel = greeted()
    kernel.session.receive(edit(at=["node", "~1"], add={"kind": "stage", "label": "New"}))
    kernel.session.receive(edit(id=2, at=["flow", "~2"], add={"source": "lead", "target": "~1"}))
    assert kernel.model.graph.has_edge("lead", "new")


def bad_messages() -> dict[str, tuple[Any, str]]:
    return {
        "not a dict": ("hello", "malformed"),
        "no op": ({"client": "c1"}, "malformed"),
        "unknown op": ({"op": "format disk", "client": "c1", "id": 1}, "malformed"),
        "unknown field": ({**edit(at=["node", "lead"], set={}), "extra": 1}, "malformed"),
        "wrong type": ({**edit(at=["node", "lead"], set={}), "id": "1"}, "malformed"),
        "not JSON": ({**edit(at=["node", "lead"], set={}), "base": object()}, "not JSON"),
        "oversized": (
            edit(at=["node", "lead"], set={"x": "y" * (LIMITS.message_bytes + 1)}),
            "at most 4,000,000 bytes",
        ),
        "too many changes": (
            {**edit(), "changes": [{"at": ["node", "lead"], "remove": True}] * (LIMITS.message_changes + 1)},
            "at most 20,000 changes",
        ),
        "out of order": (edit(id=9, at=["node", "lead"], set={"label": "x"}), "came before operation 2"),
        "from the future": (edit(id=2, base=77, at=["node", "lead"], set={"label": "x"}), "the map is at"),
        "unknown client": (edit("stranger", at=["node", "lead"], set={"label": "x"}), "unknown here"),
        "two ways at once": (edit(id=2, at=["node", "lead"], set={"label": "x"}, remove=True), "either add"),
        "no such element": (edit(id=2, at=["node", "laed"], set={"label": "x"}), "did you mean 'lead'"),
        "kernel's own path": (edit(id=2, at=["status"], set={"problem": "x"}), "cannot edit"),
        "path too long": (edit(id=2, at=["node", "lead", "x"], set={"label": "x"}), "has 2 parts"),
        "flow to nowhere": (edit(id=2, at=["flow", "~f"], add={"source": "lead", "target": "nope"}), "no target node"),
        "not a number": (edit(id=2, at=["position", "lifecycle", "lead"], set={"x": "left", "y": 0}), "finite numbers"),
        "control character": (edit(id=2, at=["node", "lead"], set={"label": "a\x00b"}), "control character"),
        "label of 1 MB": (edit(id=2, at=["node", "lead"], set={"label": "x" * 1_000_000}), "1,000,000 characters"),
    }


@pytest.mark.parametrize("name", sorted(bad_messages()))
def test_a_bad_message_is_answered_with_the_reason_and_changes_nothing(name: str) -> None:
    kernel = greeted()
    kernel.session.receive(edit(at=["node", "lead"], set={"owner": "Ann"}))
    before, n, revision = kernel.truth(), len(kernel.sent), kernel.model.revision
    message, reason = bad_messages()[name]
    kernel.session.receive(message)
    answers = kernel.sent[n:]
    assert [a["op"] for a in answers] in (["refusal"], ["notice"])
    assert reason in (answers[0].get("reason") or answers[0]["text"])
    assert len(json.dumps(answers)) < 2000
    assert kernel.truth() == before and kernel.model.revision == revision
    kernel.session.receive(
        edit(id=3 if name not in ("out of order",) else 2, at=["node", "lead"], set={"owner": "Bea"})
    )


def test_a_view_works_on_after_a_refusal() -> None:
    kernel = greeted()
    view = kernel.view("c2")
    view.edit("bad", [{"at": ["node", "lead"], "set": {"emotion": 5}}])
    view.edit("good", [{"at": ["node", "lead"], "set": {"owner": "Ann"}}])
    kernel.settle()
    assert view.refusals == ["'emotion' must be -2 to 2; given 5"]
    assert kernel.model.graph.nodes["lead"]["owner"] == "Ann"
    assert view.effective() == kernel.truth()


def test_a_broken_rule_from_python_is_told_to_the_views() -> None:
    kernel = greeted()
    kernel.model.graph.add_edge("lead", "won", kind="mapping")
    kernel.model.flush_quietly()
    assert [m["op"] for m in kernel.sent[-2:]] == ["patch", "notice"]
    assert "cannot lead from a stage" in kernel.sent[-1]["text"]


def test_figures_and_answers_reach_views_and_are_no_step_of_the_history() -> None:
    kernel = greeted()
    view = kernel.view("c2")
    kernel.model.show_card("lead", Card(figures=[], tables=["deals"]))
    overlay = Overlay("T", "s", None, {}, {}, [], None)
    kernel.model.paint("conversion", overlay)
    kernel.settle()
    assert view.base[("card", "lead")]["tables"] == ["deals"]
    assert view.base[("overlay", "conversion")] == msgspec.to_builtins(overlay)
    assert not kernel.model.history.done
    kernel.session.receive({"op": "hide", "client": "c2", "id": 1, "overlay": "conversion"})
    kernel.settle()
    assert ("overlay", "conversion") not in view.base
    assert view.base == kernel.truth()


def test_a_question_that_fails_is_refused_with_its_reason() -> None:
    kernel = greeted()

    def fail(question: str, under_way: UnderWay) -> None:
        raise ZeroDivisionError("no cases")

    kernel.commands.ask = fail  # type: ignore[method-assign]
    kernel.session.receive({"op": "ask", "client": "c1", "id": 1, "question": "conversion"})
    assert kernel.sent[-1] == {"op": "refusal", "client": "c1", "id": 1, "reason": "ZeroDivisionError: no cases"}


def test_python_edits_before_a_view_edit_come_first() -> None:
    kernel = greeted()
    kernel.model.graph.nodes["lead"]["owner"] = "Ann"
    kernel.session.receive(edit(at=["node", "lead"], set={"owner": "Bea"}))
    assert [c["changes"][0]["set"]["owner"] for c in kernel.sent[-2:]] == ["Ann", "Bea"]
    assert [s.label for s in kernel.model.history.done] == ["edit", "test"]


def test_a_document_is_json_without_nan_and_holds_every_part() -> None:
    kernel = greeted()
    kernel.model.graph.nodes["lead"].update(review_date="2026-01-31", source_id=2**60)
    kernel.model.propose([Proposal(("comment", "~"), add={"on": "lead", "text": "</script>"})])
    document = kernel.session.document()
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text) == document
    assert document["nodes"]["lead"]["review_date"] == "2026-01-31"
