"""A question that a view asks takes its time: the map is edited on, the view hears how far it is and may give it up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hand_loop import HandLoop

import crmwidget as crm
from crmwidget import asking
from crmwidget.analysis import registry
from crmwidget.still_map import StillMap, keep

PATIENCE_S = 60
Progress = Callable[..., None]


@pytest.fixture(autouse=True)
def _forget_own_questions() -> Iterator[None]:
    before = set(registry.questions())
    yield
    for name in set(registry.questions()) - before:
        registry.forget(name)


class Room:
    """A map with a widget, one view that has said hello, and a loop that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop = HandLoop()
        self.m = crm.from_text("Lead -> Deal -> Won", name="Sales")
        self.session = self.m.widget.session
        self.sent: list[dict[str, Any]] = []
        self.session._send = self.sent.append
        self.view("hello")
        monkeypatch.setattr(asking, "main_loop", lambda: self.loop)

    def view(self, op: str, **rest: Any) -> None:
        self.session.receive({"op": op, "client": "c", **rest})

    def edit(self, id: int, **change: Any) -> None:
        self.view("edit", id=id, base=0, label="edit", changes=[change])

    def ops(self) -> list[str]:
        return [message["op"] for message in self.sent]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


class Gate:
    """A question that waits in its thread until the test lets it go on."""

    def __init__(self, **options: Any) -> None:
        self.seen: list[Any] = []
        self.reached, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

        @crm.question(title="Gate", name="gate", **options)
        def gate(m: crm.CrmMap, *, progress: Progress) -> crm.Result:
            for part in (0.25, 0.75):
                progress(part, f"Part {part}")
                self.seen.append((threading.current_thread(), m, list(m.graph)))
                self.reached.release()
                assert self.go_on.acquire(timeout=PATIENCE_S)
            return crm.Result("gate", "Gate", pd.DataFrame({"node": list(m.graph)}), grain="node")

    def wait(self) -> None:
        assert self.reached.acquire(timeout=PATIENCE_S)


def test_while_a_question_runs_edits_are_taken_at_once_and_its_answer_is_of_the_map_that_it_was_asked_of(
    room: Room,
) -> None:
    gate = Gate()
    room.view("ask", id=1, question="gate")
    gate.wait()
    room.edit(2, at=["node", "~n"], add={"kind": "stage", "label": "New"})
    room.edit(3, at=["node", "lead"], remove=True)
    assert [m["ack"] for m in room.sent] == [["c", 2], ["c", 3]]
    gate.go_on.release(2)
    room.loop.turn()
    last = room.sent[-1]
    assert last["ack"] == ["c", 1] and last["changes"][0]["at"] == ["overlay", "gate"]
    thread, m, first = gate.seen[0]
    assert thread is not threading.main_thread() and m is not room.m and isinstance(m, crm.CrmMap)
    assert first == gate.seen[1][2] == ["lead", "deal", "won"]
    assert "lead" not in room.m.graph
    rows = last["changes"][0]["add"]["table"]["rows"]
    assert [row[0] for row in rows] == ["lead", "deal", "won"]


def test_progress_is_told_after_a_while_not_too_often_and_never_after_the_answer(room: Room) -> None:
    gate = Gate()
    room.view("ask", id=1, question="gate")
    gate.wait()
    room.loop.pass_time(0.29)
    assert room.sent == []
    room.loop.pass_time(0.02)
    assert room.sent == [{"op": "progress", "client": "c", "id": 1, "fraction": 0.25, "text": "Part 0.25"}]
    room.loop.pass_time(1)
    assert len(room.sent) == 1
    gate.go_on.release()
    gate.wait()
    room.loop.pass_time(0.2)
    assert room.sent[-1]["fraction"] == 0.75 and len(room.sent) == 2
    gate.go_on.release()
    room.loop.turn()
    n = len(room.sent)
    room.loop.pass_time(5)
    assert len(room.sent) == n and room.ops()[-1] == "patch"


def test_a_quick_question_and_one_without_progress_are_answered_without_a_word_on_the_way(room: Room) -> None:
    @crm.question(title="Plain")
    def plain(m: crm.CrmMap) -> crm.Result:
        return crm.Result("plain", "Plain", pd.DataFrame({"node": list(m.graph)}), grain="node")

    room.view("ask", id=1, question="plain")
    room.loop.turn()
    assert room.ops() == ["patch"] and room.sent[0]["ack"] == ["c", 1]
    assert list(room.m.overlays) == ["plain"]


def test_a_question_that_is_given_up_is_refused_at_once_and_stops_when_it_next_tells_how_far_it_is(room: Room) -> None:
    gate = Gate()
    room.view("ask", id=1, question="gate")
    gate.wait()
    room.view("cancel", operation=1)
    assert room.sent == [{"op": "refusal", "client": "c", "id": 1, "reason": "given up"}]
    room.edit(2, at=["node", "lead"], set={"owner": "Ann"})
    gate.go_on.release()
    room.loop.turn()
    assert len(gate.seen) == 1 and not room.m.overlays
    room.view("cancel", operation=1)
    room.view("ask", id=1, question="gate")
    assert room.ops() == ["refusal", "patch", "refusal"]


def test_the_answer_of_a_plain_question_that_was_given_up_is_dropped(room: Room) -> None:
    go_on = threading.Event()

    @crm.question(title="Deaf")
    def deaf(m: crm.CrmMap) -> crm.Result:
        assert go_on.wait(PATIENCE_S)
        return crm.Result("deaf", "Deaf", pd.DataFrame({"a": [1]}))

    room.view("ask", id=1, question="deaf")
    room.view("cancel", operation=1)
    go_on.set()
    room.loop.turn()
    assert room.ops() == ["refusal"] and not room.m.overlays


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("no cases"), "ZeroDivisionError: no cases"),
        (crm.AnalysisError("Attach a log."), "Attach a log."),
        (SystemExit(3), "the question 'broken' ended with SystemExit"),
    ],
)
def test_an_error_in_a_question_reaches_the_view_and_leaves_the_map_whole(
    room: Room, error: BaseException, said: str
) -> None:
    @crm.question(title="Broken")
    def broken(m: crm.CrmMap) -> crm.Result:
        m.graph.remove_node("lead")
        raise error

    room.view("ask", id=1, question="broken")
    room.loop.turn()
    assert room.sent == [{"op": "refusal", "client": "c", "id": 1, "reason": said}]
    assert list(room.m.graph) == ["lead", "deal", "won"] and not room.m.overlays


def test_what_cannot_be_asked_is_refused_before_a_thread_begins(room: Room) -> None:
    room.view("ask", id=1, question="conversion")
    assert "m.attach" in room.sent[-1]["reason"]
    room.view("ask", id=2, question="convertion")
    assert "did you mean 'conversion'" in room.sent[-1]["reason"]


def test_a_question_that_edits_is_told_to_ask_the_map_itself_and_may(room: Room) -> None:
    def tidy(m: crm.CrmMap) -> crm.Result:
        m.graph.nodes["lead"]["owner"] = "Ann"
        return crm.Result("tidy", "Tidy", pd.DataFrame({"a": [1]}))

    crm.question(title="Tidy")(tidy)
    room.view("ask", id=1, question="tidy")
    room.loop.turn()
    assert "edits the map, but a view asks it of a copy" in room.sent[-1]["reason"]
    assert "owner" not in room.m.graph.nodes["lead"]
    crm.question(title="Tidy", at_once=True)(tidy)
    room.view("ask", id=2, question="tidy")
    assert room.sent[-1]["ack"] == ["c", 2] and room.m.graph.nodes["lead"]["owner"] == "Ann"


def test_there_is_an_end_to_how_many_questions_run(room: Room) -> None:
    gate = Gate()
    for i in range(asking.MOST):
        room.view("ask", id=i + 1, question="gate")
        gate.wait()
        room.view("cancel", operation=i + 1)
    room.view("ask", id=asking.MOST + 1, question="gate")
    assert "8 questions are under way already" in room.sent[-1]["reason"]
    gate.go_on.release(asking.MOST)
    for _ in range(asking.MOST):
        room.loop.turn()


def test_python_asks_as_ever_and_may_listen_to_the_progress_itself(room: Room) -> None:
    @crm.question(title="Slow")
    def slow(m: crm.CrmMap, *, progress: Progress, n: int = 3) -> crm.Result:
        for i in range(n):
            progress(i / n)
        return crm.Result("slow", "Slow", pd.DataFrame({"node": list(m.graph)}), grain="node")

    told: list[Any] = []
    assert slow(room.m).table["node"].tolist() == ["lead", "deal", "won"]
    slow(room.m, progress=lambda fraction, text="": told.append(fraction), n=2)
    assert told == [0.0, 0.5]
    result = slow(room.m, progress=lambda fraction, text="": told.append(fraction)).show(live=True)
    room.m.graph.add_node("x")
    room.m.flush()
    assert result.table["node"].tolist()[-1] == "x" and len(told) == 5


def test_a_change_of_locale_asks_again_in_a_thread_what_a_view_has_asked(room: Room) -> None:
    @crm.question(title="Many")
    def many(m: crm.CrmMap) -> crm.Result:
        return crm.Result("many", "Many", pd.DataFrame({"node": list(m.graph), "amount": [8300.0] * len(m.graph)}))

    def texts() -> set[str]:
        table = room.m.overlays["many"].table
        return {row[1] for row in table.rows} if table else set()

    room.view("ask", id=1, question="many")
    room.loop.turn()
    assert texts() == {"8\u202f300"}
    room.m.widget.locale = "de-DE"
    assert texts() == {"8\u202f300"}
    room.loop.turn()
    assert texts() == {"8.300"}
    room.m.widget.locale = "en-US"
    room.view("hide", id=2, overlay="many")
    room.loop.turn()
    assert not room.m.overlays


def test_a_locale_that_changes_while_a_question_runs_is_the_one_that_its_answer_ends_in(room: Room) -> None:
    gate = Gate()
    room.view("ask", id=1, question="gate")
    gate.wait()
    room.m.widget.locale = "de-DE"
    gate.go_on.release(4)
    room.loop.turn()
    assert room.sent[-1]["ack"] == ["c", 1]
    room.loop.turn()
    assert [m.locale for _, m, _ in gate.seen] == ["", "", "de-DE", "de-DE"]
    assert room.sent[-1]["changes"][0]["at"] == ["overlay", "gate"] and "ack" not in room.sent[-1]


def test_a_closed_canvas_gives_up_what_it_has_asked(room: Room) -> None:
    gate = Gate()
    room.view("ask", id=1, question="gate")
    gate.wait()
    room.m.widget.close()
    gate.go_on.release()
    room.loop.turn()
    assert len(gate.seen) == 1 and room.ops() == []


def test_a_copy_is_the_map_as_it_was_and_takes_no_part_in_the_live_one() -> None:
    m = crm.from_text("Lead -> Won: 20 %", name="Copied")
    m.update("lead", tags=["a"], owner="Ann")
    m.attach(pd.DataFrame({"a": range(9)}), to="lead", name="leads")
    m.move("lead", 80, 80)
    m.comment("lead", "why?")
    make = keep(m)
    before, places, table = m.graph.copy(), dict(m.positions), m.to_table()
    m.remove("lead")
    m.detach("leads")
    still = make()
    assert isinstance(still, StillMap) and (still.id, still.name) == ("copied", "Copied") == (m.id, m.name)
    assert nx.utils.graphs_equal(nx.MultiDiGraph(still.graph), nx.MultiDiGraph(before))
    assert list(still.graph) == list(before) and dict(still.positions) == places
    pd.testing.assert_frame_equal(still.to_table(), table)
    assert still.tables["leads"].n_rows == 9 and still.comments["c1"].text == "why?"
    assert not still.was_edited
    still.graph.add_edge("won", "new")
    still.add_stage("Other")
    assert still.was_edited and set(m.graph) == {"won"}
    with pytest.raises(crm.AnalysisError, match="has no canvas"):
        still.selection = ["won"]
    assert crm.CrmMap("Copied").id == "copied_2"
