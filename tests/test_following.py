"""A live answer follows the map and its data: a moment after the hand, once for many edits, for those that matter."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hand_loop import HandLoop
from view_client import View

import crmwidget as crm
from crmwidget import following
from crmwidget.analysis import registry

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _forget_own_questions() -> Iterator[None]:
    before = set(registry.questions())
    yield
    for name in set(registry.questions()) - before:
        registry.forget(name)


class Room:
    """A map that is seen by one view, a log of 30 cases, and a loop that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop = HandLoop()
        self.m = crm.from_text("Lead -> Deal -> Won", name="Followed")
        self.m.attach(log_of(30))
        self.session = self.m.widget.session
        self.view = View(self.session.document(), "c")
        self.session._send = self.view.inbox.append
        monkeypatch.setattr(following, "main_loop", lambda: self.loop)
        self.pump()

    def pump(self) -> None:
        """Let all messages through, both ways."""
        while self.view.outbox or self.view.inbox:
            while self.view.outbox:
                self.session.receive(self.view.outbox.popleft())
            while self.view.inbox:
                self.view.receive()

    def edit(self, **change: Any) -> None:
        self.view.edit("edit", [change])
        self.pump()

    def catch_up(self) -> None:
        """Let the time pass in which edits gather, and wait for the answer."""
        self.loop.pass_time(following.CALM_S)
        self.loop.turn()
        self.pump()

    @property
    def shown(self) -> Any:
        return self.view.effective().get(("overlay", "nodes_seen"))


def log_of(n: int) -> crm.EventLog:
    rows = [(f"c{i}", stage, day) for i in range(n) for day, stage in enumerate(("Lead", "Won"))]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at"])
    frame["at"] = pd.to_datetime(frame["at"], unit="D")
    return crm.EventLog(frame, case="case", activity="activity", timestamp="at", now=NOW)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


@pytest.fixture
def seen() -> list[Any]:
    """What the question of these tests was asked of, in order; it reads labels, and what flows join."""
    found: list[Any] = []

    @crm.question(title="Nodes", reads=("label", "source", "target"))
    def nodes_seen(m: crm.CrmMap) -> crm.Result:
        found.append((threading.current_thread(), m))
        if "broken" in m.graph:
            raise ZeroDivisionError("broken")
        labels = [str(label) for _, label in m.graph.nodes(data="label")]
        n = next(iter(m.logs.values())).log.n_cases if m.logs else 0
        return crm.Result("nodes_seen", "Nodes", pd.DataFrame({"label": labels, "n_cases": [n] * len(labels)}))

    return found


def labels(room: Room) -> list[str]:
    return [row[0] for row in room.shown["table"]["rows"]]


def ask(m: crm.CrmMap) -> crm.Result:
    return registry.ask(m, "nodes_seen")


def test_an_edit_is_answered_before_anything_is_asked_and_the_answer_comes_from_a_copy_in_a_thread(
    room: Room, seen: list[Any]
) -> None:
    result = ask(room.m).show(live=True)
    room.pump()
    room.edit(at=["node", "~n"], add={"kind": "stage", "label": "New"})
    assert not room.view.pending and len(seen) == 1 and labels(room) == ["Lead", "Deal", "Won"]
    room.catch_up()
    assert labels(room) == ["Lead", "Deal", "Won", "New"] == result.table["label"].tolist()
    thread, m = seen[-1]
    assert thread is not threading.main_thread() and m is not room.m


def test_many_edits_in_a_row_are_answered_once_and_what_came_meanwhile_once_more(room: Room, seen: list[Any]) -> None:
    ask(room.m).show(live=True)
    for i in range(20):
        room.edit(at=["node", f"~{i}"], add={"kind": "stage", "label": f"New {i}"})
    room.loop.pass_time(following.CALM_S)
    for i in range(20, 25):  # while the answer is under way
        room.edit(at=["node", f"~{i}"], add={"kind": "stage", "label": f"New {i}"})
    room.loop.turn()
    room.catch_up()
    assert len(seen) == 3 and len(labels(room)) == 28
    room.loop.pass_time(10)
    assert len(seen) == 3


def test_moving_commenting_and_what_the_question_does_not_read_ask_nothing(room: Room, seen: list[Any]) -> None:
    ask(room.m).show(live=True)
    room.edit(at=["position", "lifecycle", "lead"], set={"x": 800.0, "y": 80.0, "pinned": True})
    room.edit(at=["node", "lead"], set={"owner": "Ann"})
    room.edit(at=["flow", "f1"], set={"volume": 7})
    room.m.comment("lead", "why?")
    room.loop.pass_time(10)
    assert len(seen) == 1
    room.edit(at=["node", "lead"], set={"label": "Leads"})
    room.catch_up()
    assert len(seen) == 2 and labels(room)[0] == "Leads"
    room.m.undo()
    room.catch_up()
    assert labels(room)[0] == "Lead"


def test_a_map_without_an_answer_says_so_and_the_next_edit_brings_it_back(room: Room, seen: list[Any]) -> None:
    ask(room.m).show(live=True)
    room.m.graph.add_node("broken", kind="stage", label="x")
    room.m.flush()
    room.catch_up()
    assert room.shown["findings"][0]["evidence"] == "The question failed (ZeroDivisionError)."
    room.m.undo()
    room.catch_up()
    assert labels(room) == ["Lead", "Deal", "Won"]


def test_an_answer_that_was_taken_off_meanwhile_is_not_painted_again(room: Room, seen: list[Any]) -> None:
    result = ask(room.m).show(live=True)
    room.pump()
    room.edit(at=["node", "~n"], add={"kind": "stage", "label": "New"})
    room.loop.pass_time(following.CALM_S)
    room.view.operate("hide", overlay="nodes_seen")
    room.pump()
    room.loop.turn()
    assert not room.m.overlays and len(result.table) == 3
    room.edit(at=["node", "lead"], set={"label": "Leads"})
    room.loop.pass_time(10)
    assert len(seen) == 2


def test_a_live_answer_follows_what_is_attached_and_a_still_one_does_not(room: Room, seen: list[Any]) -> None:
    still = ask(room.m).show()
    room.m.attach(log_of(40))
    room.loop.pass_time(10)
    assert still.table["n_cases"].tolist() == [30] * 3
    live = ask(room.m).show(live=True)
    room.m.attach(log_of(50))
    room.catch_up()
    assert live.table["n_cases"].tolist() == [50] * 3


def test_a_question_that_is_asked_of_the_map_itself_is_so_again(room: Room) -> None:
    asked_of: list[Any] = []

    @crm.question(title="Itself", at_once=True)
    def itself(m: crm.CrmMap) -> crm.Result:
        asked_of.append(m)
        return crm.Result("itself", "Itself", pd.DataFrame({"n": [len(m.graph)]}))

    itself(room.m).show(live=True)
    room.edit(at=["node", "~n"], add={"kind": "stage", "label": "New"})
    assert asked_of == [room.m, room.m] and room.m.overlays["itself"].table is not None


def test_a_question_that_edits_its_copy_is_told_so(room: Room) -> None:
    @crm.question(title="Tidy")
    def tidy(m: crm.CrmMap) -> crm.Result:
        m.graph.nodes["lead"]["n"] = len(m.graph)
        return crm.Result("tidy", "Tidy", pd.DataFrame({"n": [len(m.graph)]}))

    tidy(room.m).show(live=True)
    room.m.add_stage("New")
    room.catch_up()
    assert "edits the map" in room.m.overlays["tidy"].findings[0].evidence


def test_a_filter_from_a_view_is_answered_first_and_what_is_painted_follows(room: Room, seen: list[Any]) -> None:
    crm.variants(room.m).show()
    room.view.operate("filter", values={}, since="2000-01-01", until="", outcome=[])
    room.pump()
    assert room.m.filters and not room.view.waiting
    assert "filtered" not in room.view.effective()["overlay", "variants"]["subtitle"]
    room.catch_up()
    assert room.view.effective()["overlay", "variants"]["subtitle"] == "0 cases · filtered"
    assert room.view.effective()["about",]["filter"]["sentence"] == "Filtered: 0 of 30 cases"
    room.m.filter()  # from Python it is painted when the call returns
    assert room.m.overlays["variants"].subtitle == "30 cases"


def test_an_answer_that_comes_late_does_not_cover_one_that_python_has_asked_for_since(
    room: Room, seen: list[Any]
) -> None:
    crm.variants(room.m).show()
    room.view.operate("filter", values={}, since="2000-01-01", until="", outcome=[])
    room.pump()
    room.loop.pass_time(following.CALM_S)  # the thread works on the filter of the view
    room.m.filter()
    room.loop.turn()
    room.pump()
    assert room.view.effective()["overlay", "variants"]["subtitle"] == "30 cases"
    live = ask(room.m).show(live=True)
    room.edit(at=["node", "~n"], add={"kind": "stage", "label": "New"})
    room.loop.pass_time(following.CALM_S)
    room.m.widget.locale = "de-DE"  # writes everything anew, the node that has just come included
    room.edit(at=["node", "~o"], add={"kind": "stage", "label": "Newer"})
    room.loop.turn()
    assert live.table["label"].tolist()[-1] == "New"
    room.catch_up()
    assert live.table["label"].tolist()[-1] == "Newer"
