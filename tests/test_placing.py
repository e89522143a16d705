"""Large maps are laid out apart: the map is edited on, the view hears of it and may give it up."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hand_loop import HandLoop
from random_maps import boxes, overlapping

import crmwidget as crm
from crmwidget import placing
from crmwidget.layout import background


class Room:
    """A map that counts as large, with a view, and a loop that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop = HandLoop()
        self.m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        self.session = self.m.widget.session
        self.sent: list[dict[str, Any]] = []
        self.session._send = self.sent.append
        self.view("hello")
        for i, node in enumerate(self.m.graph):
            self.m.move(node, 0, 3000 * i, pinned=False)
        monkeypatch.setattr(placing, "main_loop", lambda: self.loop)
        monkeypatch.setattr(placing.layouts, "is_slow", lambda elements: True)
        self.sent.clear()

    def view(self, op: str, **rest: Any) -> None:
        self.session.receive({"op": op, "client": "c", **rest})

    def edit(self, id: int, **change: Any) -> None:
        self.view("edit", id=id, base=0, label="edit", changes=[change])


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_edits_are_taken_while_a_layout_runs_and_what_they_moved_or_added_stays_where_it_is(room: Room) -> None:
    room.view("arrange", id=1)
    room.edit(2, at=["position", "lifecycle", "deal"], set={"x": 808.0, "y": 808.0, "pinned": True})
    room.edit(3, at=["node", "won"], remove=True)
    room.m.add_stage("New")
    new = room.m.positions["new"]
    assert [m["ack"] for m in room.sent if "ack" in m] == [["c", 2], ["c", 3]]
    room.loop.turn()
    assert room.sent[-1]["ack"] == ["c", 1]
    assert room.m.positions["deal"] == (808, 808) and room.m.positions["new"] == new
    assert room.m.positions["lead"] != (0, 0) and room.m.elements.positions["lifecycle"]["deal"]["pinned"]


def test_a_layout_apart_is_one_step_with_its_lanes(room: Room) -> None:
    before = copy.deepcopy(room.m.elements)
    room.view("arrange", id=1, lanes="team", unpin=True)
    assert room.m.elements == before
    room.loop.turn()
    assert room.m.graph.graph["lanes"] == "team" and room.m.positions["lead"] != (0, 0)
    assert room.m.history.done[-1].label == "layout"
    room.m.undo()
    assert room.m.elements == before


def test_what_is_locked_stays_and_unknown_lanes_are_refused(room: Room) -> None:
    room.m.update("won", locked=True)
    room.view("arrange", id=1, unpin=True)
    room.loop.turn()
    assert room.m.positions["won"] == (0, 6000) and room.m.positions["lead"] != (0, 0)
    room.view("arrange", id=2, lanes="tem")
    assert "did you mean 'team'" in room.sent[-1]["reason"]


def test_a_layout_tells_what_it_does_and_can_be_given_up(room: Room) -> None:
    before = copy.deepcopy(room.m.elements)
    room.view("arrange", id=1)
    whole = room.m._placing._whole
    assert whole is not None and whole._job is not None
    room.loop.pass_time(0.3)
    assert room.sent == [
        {"op": "progress", "client": "c", "id": 1, "fraction": None, "text": "Laying out 3 cards"},
    ]
    room.view("cancel", operation=1)
    assert room.sent[1:] == [{"op": "refusal", "client": "c", "id": 1, "reason": "given up"}]
    assert whole._job.wait(60) and whole._job._process.poll() is not None
    assert room.m.elements == before


def test_a_newer_layout_takes_the_place_of_an_older_from_wherever_it_comes(room: Room) -> None:
    room.view("arrange", id=1)
    room.view("arrange", id=2)
    reason = "a newer layout has taken its place"
    assert room.sent[-1] == {"op": "refusal", "client": "c", "id": 1, "reason": reason}
    room.m.layout()
    assert room.sent[-2]["reason"] == reason or room.sent[-1].get("reason") == reason
    assert {m["id"] for m in room.sent if m["op"] == "refusal"} == {1, 2}


def test_a_layout_whose_process_fails_is_refused_with_what_it_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_CHILD", "raise SystemExit('no such luck')")
    room.view("arrange", id=1)
    room.loop.turn()
    assert room.sent == [{"op": "refusal", "client": "c", "id": 1, "reason": "the layout did not finish: no such luck"}]


def test_many_new_nodes_find_their_places_apart_also_those_of_the_batch_before(room: Room) -> None:
    m = room.m
    before = dict(m.positions)
    m.add_text(" -> ".join(f"A{i}" for i in range(60)))
    grid = dict(m.positions)
    m.move("a7", 20_000, 20_000)
    m.add_text("\n".join(f"B{i}" for i in range(60)))
    n_steps = len(m.history.done)
    room.loop.turn()
    after = dict(m.positions)
    assert {node: after[node] for node in before} == before
    assert after["a0"] != grid["a0"] and after["a7"] == (20_000, 20_000)
    assert overlapping(boxes(m.elements, after)) == []
    assert len(m.history.done) == n_steps


def test_the_layout_that_a_canvas_needs_begins_when_a_view_has_painted_and_knows_what_came_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = HandLoop()
    begun: list[int] = []
    monkeypatch.setattr(placing, "main_loop", lambda: loop)
    monkeypatch.setattr(placing.layouts, "is_slow", lambda elements: True)
    begin = placing._Apart.begin
    monkeypatch.setattr(placing._Apart, "begin", lambda *args, **how: (begun.append(1), begin(*args, **how)))
    m = crm.from_text(" -> ".join(f"A{i}" for i in range(60)))
    session = m.widget.session
    grid = dict(m.positions)
    m.add_text("A59 -> Late")
    m.remove("a7")
    assert not begun
    session.receive({"op": "hello", "client": "c"})
    assert not begun
    loop.pass_time(placing.PAINTED_S)
    assert begun == [1]
    loop.turn()
    after = dict(m.positions)
    assert after.keys() == (grid.keys() - {"a7"}) | {"late"} and after["a0"] != grid["a0"]
    assert overlapping(boxes(m.elements, after)) == []


def test_a_layout_that_no_view_waits_for_begins_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = HandLoop()
    monkeypatch.setattr(placing, "main_loop", lambda: loop)
    monkeypatch.setattr(placing.layouts, "is_slow", lambda elements: True)
    m = crm.from_text(" -> ".join(f"A{i}" for i in range(60)))
    assert not m.widget.session.has_views
    grid = dict(m.positions)
    loop.pass_time(placing.UNSEEN_S)
    loop.turn()
    assert dict(m.positions) != grid


def test_a_layout_that_is_asked_for_is_not_undone_by_the_one_that_a_canvas_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = HandLoop()
    monkeypatch.setattr(placing, "main_loop", lambda: loop)
    monkeypatch.setattr(placing.layouts, "is_slow", lambda elements: True)
    m = crm.from_text(" -> ".join(f"A{i}" for i in range(60)))
    assert not m.widget.session.has_views
    for i, node in enumerate(m.graph):
        m.update(node, team="Odd" if i % 2 else "Even")
    m.layout(lanes="team")
    asked_for = dict(m.positions)
    monkeypatch.setattr(placing, "arrange_in_background", lambda *args, **how: pytest.fail("it began all the same"))
    loop.pass_time(placing.UNSEEN_S)
    assert dict(m.positions) == asked_for
