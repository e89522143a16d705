"""Operations that go on: each is done once and answered once, whatever is lost, sent again or given up."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from session_kernel import Kernel, edit, gesture, greeted

from crmwidget.shown import Overlay
from crmwidget.sync.clients import MAX_CLIENTS
from crmwidget.sync.under_way import UnderWay


def asking(id: int = 1, question: str = "long", client: str = "c1") -> dict[str, Any]:
    return {"op": "ask", "client": client, "id": id, "question": question}


def test_an_operation_that_goes_on_is_answered_when_it_is_done_and_later_ones_before_it() -> None:
    kernel = greeted()
    kernel.session.receive(asking())
    kernel.session.receive(edit(id=2, at=["node", "lead"], set={"owner": "Ann"}))
    assert [m["ack"] for m in kernel.sent] == [["c1", 2]]
    (under_way,) = kernel.commands.running
    under_way.tell(0.5, "half")
    assert kernel.sent[-1] == {"op": "progress", "client": "c1", "id": 1, "fraction": 0.5, "text": "half"}
    under_way.end(lambda: kernel.model.paint("long", Overlay("T", "s", None, {}, {}, [], None)))
    assert kernel.sent[-1]["ack"] == ["c1", 1] and kernel.sent[-1]["changes"][0]["at"] == ["overlay", "long"]
    n = len(kernel.sent)
    under_way.tell(1.0, "over")
    under_way.end(lambda: kernel.model.paint("long", None))
    under_way.fail(ValueError("late"))
    under_way.give_up()
    assert len(kernel.sent) == n and not kernel.commands.stopped


def test_an_operation_that_ends_without_a_change_is_acknowledged_and_one_that_fails_at_its_end_is_refused() -> None:
    kernel = greeted()
    kernel.session.receive(asking())
    kernel.session.receive(asking(2))
    first, second = kernel.commands.running
    second.end(lambda: [][0])
    first.end(lambda: None)
    assert kernel.sent[-2:] == [
        {"op": "refusal", "client": "c1", "id": 2, "reason": "IndexError: list index out of range"},
        {"op": "ack", "client": "c1", "id": 1, "seq": kernel.session.seq},
    ]


def test_what_still_goes_on_is_not_acknowledged_when_it_is_sent_again_and_not_done_twice() -> None:
    kernel = greeted()
    kernel.session.receive(asking())
    kernel.session.receive(asking())
    assert kernel.sent == []
    kernel.commands.running[0].tell(None, "thinking")
    kernel.session.receive(asking())
    assert [m["op"] for m in kernel.sent] == ["progress", "progress"]
    assert kernel.commands.asked == ["long"]
    kernel.commands.running[0].end(lambda: None)
    kernel.session.receive(asking())
    assert [m["op"] for m in kernel.sent[2:]] == ["ack", "ack"]


def test_a_refusal_is_told_again_to_a_view_that_asks_again() -> None:
    kernel = greeted()
    kernel.session.receive(asking())
    kernel.commands.running[0].fail(ValueError("mine"))
    kernel.session.receive(edit(id=2, at=["node", "lead"], set={"emotion": 9}))
    for message in (asking(), edit(id=2, at=["node", "lead"], set={"emotion": 9})):
        n = len(kernel.sent)
        kernel.session.receive(message)
        assert kernel.sent[n:] == [m for m in kernel.sent[:n] if m["id"] == message["id"]]


def test_a_snapshot_leaves_what_goes_on_unsettled() -> None:
    kernel = greeted()
    kernel.session.receive(edit(at=["node", "lead"], set={"owner": "Ann"}))
    kernel.session.receive(asking(2))
    kernel.session.receive(edit(id=3, at=["node", "lead"], set={"owner": "Bea"}))
    kernel.session.receive({"op": "resync", "client": "c1"})
    assert kernel.sent[-1]["last_id"] == 1
    kernel.commands.running[0].end(lambda: None)
    kernel.session.receive({"op": "resync", "client": "c1"})
    assert kernel.sent[-1]["last_id"] == 3


def test_only_the_view_that_asked_can_give_up() -> None:
    kernel = greeted()
    kernel.session.receive({"op": "hello", "client": "c2"})
    kernel.session.receive(asking())
    for cancel in ({"client": "c2", "operation": 1}, {"client": "c1", "operation": 7}):
        kernel.session.receive({"op": "cancel", **cancel})
    assert kernel.sent == [] and not kernel.commands.stopped
    kernel.session.receive({"op": "cancel", "client": "c1", "operation": 1})
    assert kernel.sent == [{"op": "refusal", "client": "c1", "id": 1, "reason": "given up"}]
    assert kernel.commands.stopped == kernel.commands.running


def test_of_very_many_tabs_the_one_not_heard_of_for_longest_is_forgotten_and_may_say_hello_again() -> None:
    kernel = greeted()
    kernel.session.receive(asking())
    for i in range(MAX_CLIENTS):
        kernel.session.receive({"op": "hello", "client": f"tab {i}"})
        kernel.session.receive(edit(f"tab {i}", at=["node", "lead"], set={"owner": f"{i}"}))
    assert sum("ack" in m for m in kernel.sent) == MAX_CLIENTS
    kernel.session.receive(edit(id=2, at=["node", "lead"], set={"owner": "Ann"}))
    assert "unknown here" in kernel.sent[-1]["reason"]
    kernel.session.receive({"op": "hello", "client": "c1"})
    kernel.session.receive(edit(id=2, at=["node", "lead"], set={"owner": "Ann"}))
    kernel.commands.running[0].end(lambda: None)
    assert [m.get("ack") for m in kernel.sent[-2:]] == [["c1", 2], None]
    assert kernel.sent[-1] == {"op": "ack", "client": "c1", "id": 1, "seq": kernel.session.seq}


def test_a_new_kernel_takes_an_operation_that_the_old_one_never_ended() -> None:
    old = greeted()
    view = old.view("c1")
    view.operate("ask", question="long")
    old.settle()
    assert view.waiting and old.commands.running
    new = Kernel()
    new.views.append(view)
    view.outbox.append({"op": "hello", "client": "c1"})
    view.resend()
    new.settle()
    new.commands.running[0].end(lambda: None)
    new.settle()
    assert not view.waiting and new.commands.asked == ["long"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_operation_is_done_once_and_answered_whatever_is_lost_and_sent_again(seed: int) -> None:
    kernel, r = Kernel(), random.Random(seed)
    views = [kernel.view("c1"), kernel.view("c2")]
    kernel.settle()
    n_asked = 0

    def end(under_way: UnderWay) -> None:
        kernel.commands.running.remove(under_way)
        if r.random() < 0.3:
            under_way.fail(ValueError("no"))
        else:
            under_way.end(lambda: kernel.model.paint("long", Overlay(str(r.random()), "", None, {}, {}, [], None)))

    for _ in range(r.randrange(10, 60)):
        view = r.choice(views)
        step = r.randrange(9)
        if step == 0:
            view.operate("ask", question=r.choice(["long", "quick"]))
            n_asked += 1
        elif step == 1:
            gesture(r, view)
        elif step == 2 and view.waiting:
            view.operate("cancel", operation=r.choice(list(view.waiting)))
        elif step == 3 and kernel.commands.running:
            end(r.choice(kernel.commands.running))
        elif step == 4 and kernel.commands.running:
            r.choice(kernel.commands.running).tell(r.random(), "on its way")
        elif step == 5 and r.random() < 0.3:
            view.resend()
        elif step <= 6 and view.outbox:
            kernel.let_out(view)
        elif view.inbox:
            if view.inbox[0]["op"] == "patch" and r.random() < 0.2:
                view.inbox.popleft()
            else:
                view.receive()
    kernel.settle()
    for under_way in list(kernel.commands.running):
        end(under_way)
    for owner in ("Ann", "Bea"):  # a patch that was lost is missed when the next one comes
        kernel.model.graph.add_node("last", owner=owner)
        kernel.settle()
    for view in views:
        assert not view.pending and not view.waiting and not view.progress
        assert view.effective() == kernel.truth()
    assert len(kernel.commands.asked) == n_asked
