"""Sliders on a painted what-if: a view tries what Python answers, the map stays, and taking over is one step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from event_reference import frame_of
from hand_loop import HandLoop
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_maps import a_map
from view_client import View

import crmwidget as crm
from crmwidget import asking
from crmwidget.sync import codec

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000


def funnel() -> crm.CrmMap:
    """100 leads a month; half are qualified, of which two fifths are won, worth 1 000 each."""
    return a_map(
        {
            "lead": {"inflow": 100, "duration_days": 1.0, "capacity": 5},
            "deal": {"duration_days": 4.0},
            "won": {"case_value": 1_000},
            "lost": {},
        },
        {("lead", "deal"): 0.5, ("lead", "lost"): 0.5, ("deal", "won"): 0.4, ("deal", "lost"): 0.6},
    )


def logged() -> crm.CrmMap:
    """40 leads, one a day, each worked on for two days; half are won. Three of them were lost by another way."""
    rows = []
    for i in range(40):
        rows.append((f"c{i}", "Lead", i * DAY))
        last = "Rare" if i < 3 else ("Won" if i % 2 else "Lost")
        rows.append((f"c{i}", last, (i + 2) * DAY))
    m = a_map(
        {"lead": {}, "rare": {}, "won": {}, "lost": {}},
        {("lead", "won"): None, ("lead", "lost"): None, ("lead", "rare"): None},
    )
    log = crm.EventLog(frame_of(rows), case="case", activity="activity", timestamp="at", now=NOW, ends=["Won", "Lost"])
    m.attach(log)
    return m


class Hand:
    """A view with its hand on the sliders of a map."""

    def __init__(self, m: crm.CrmMap) -> None:
        self.m, self.session = m, m.widget.session
        self.view = View(self.session.document(), "c")
        self.session._send = self.view.inbox.append
        self.pass_on()

    def pass_on(self) -> None:
        while self.view.outbox:
            self.session.receive(self.view.outbox.popleft())
        while self.view.inbox:
            self.view.receive()

    def operate(self, op: str, **arguments: Any) -> None:
        self.view.operate(op, **arguments)
        self.pass_on()

    def try_out(self, nodes: Any = None, flows: Any = None) -> None:
        self.operate("what_if", nodes=nodes or {}, flows=flows or {})

    def edit(self, *changes: Any) -> None:
        self.view.edit("Take over what was tried", list(changes))
        self.pass_on()

    @property
    def painted(self) -> Any:
        return self.view.base.get(("overlay", "what_if"))

    @property
    def levers(self) -> Any:
        return self.painted["levers"]

    def effects(self) -> dict[str, tuple[str, str]]:
        return {effect["label"]: (effect["before"], effect["after"]) for effect in self.levers["effects"]}


def key_of(m: crm.CrmMap, source: str, target: str) -> str:
    (key,) = m.graph[source][target]
    return str(key)


def test_what_a_view_tries_is_painted_as_python_answers_it_and_the_map_stays_as_it_is() -> None:
    m = funnel()
    answer = crm.what_if(m).show()
    hand, before, steps = Hand(m), m.elements, len(m.history.done)
    nodes_before = {node: dict(about) for node, about in m.graph.nodes(data=True)}
    hand.try_out({"lead": {"inflow": 120.0, "capacity": None}}, {key_of(m, "lead", "deal"): 0.6})
    changes = {"lead": {"inflow": 120.0, "capacity": None}, ("lead", "deal"): {"probability": 0.6}}
    asked = crm.what_if(m, changes)
    assert hand.painted == codec.plain(asked.painted)
    assert answer.table.equals(asked.table), "the answer in the notebook is what is dragged"
    assert hand.effects()["Won a month"] == ("20", "28.8")
    assert hand.view.waiting == {} and hand.view.refusals == []
    assert m.elements is before and len(m.history.done) == steps
    assert {node: dict(about) for node, about in m.graph.nodes(data=True)} == nodes_before
    hand.try_out()
    assert hand.painted == codec.plain(crm.what_if(m).painted)


def test_an_answer_that_a_view_has_asked_for_is_tried_on_the_live_map(monkeypatch: pytest.MonkeyPatch) -> None:
    m, loop = funnel(), HandLoop()
    hand = Hand(m)
    monkeypatch.setattr(asking, "main_loop", lambda: loop)
    hand.operate("ask", question="what_if")
    loop.turn()
    hand.pass_on()
    assert hand.painted == codec.plain(crm.what_if(m).painted)
    m.update("lead", inflow=200)
    m.flush()
    hand.try_out({"lead": {"capacity": None}})
    assert hand.painted == codec.plain(crm.what_if(m, {"lead": {"capacity": None}}).painted)
    assert hand.levers["nodes"]["lead"]["inflow"]["baseline"] == 200


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.1, 400, allow_nan=False),
            st.integers(1, 12),
            st.floats(0.01, 20),
            st.floats(0, 1),
            st.floats(0, 1),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_however_a_hand_drags_the_last_position_alone_is_shown(
    drags: list[tuple[float, int, float, float, float]],
) -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)
    for inflow, capacity, days, first, second in drags:
        lead = {"inflow": inflow, "capacity": capacity, "duration_days": days}
        hand.try_out({"lead": lead}, {key_of(m, "lead", "deal"): first, key_of(m, "deal", "won"): second})
    changes = {"lead": lead, ("lead", "deal"): {"probability": first}, ("deal", "won"): {"probability": second}}
    assert hand.painted == codec.plain(crm.what_if(m, changes).painted)
    assert hand.painted == codec.plain(crm.what_if(funnel(), changes).painted), "what was tried before leaves no trace"


def test_each_lever_says_what_is_what_is_tried_and_what_follows_from_it() -> None:
    m = funnel()
    crm.what_if(m, {("lead", "deal"): {"probability": 0.7}, "lead": {"capacity": 8}}).show()
    levers = Hand(m).levers
    capacity, won = levers["nodes"]["lead"]["capacity"], levers["flows"][key_of(m, "lead", "deal")]
    assert (capacity["baseline"], capacity["value"], capacity["is_given"], capacity["unit"]) == (5, 8, True, "at once")
    assert (won["baseline"], won["value"], won["least"], won["most"]) == (0.5, 0.7, 0, 1)
    lost = levers["flows"][key_of(m, "lead", "lost")]
    assert (lost["baseline"], lost["value"], lost["most"]) == (0.5, 0.3, 0.3), "the rest is all that is left to it"
    assert "is_given" not in lost
    assert levers["nodes"]["lead"]["inflow"]["baseline"] == 100
    assert levers["nodes"]["deal"]["capacity"]["baseline"] is None
    assert set(levers["nodes"]) == {"lead", "deal"}, "nothing is worked on at an end"


def test_a_bound_holds_while_its_lever_is_dragged() -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)

    def bounds() -> list[tuple[float, float, float]]:
        lead = hand.levers["nodes"]["lead"]
        return [(lever["least"], lever["most"], lever["step"]) for lever in lead.values()]

    before = bounds()
    hand.try_out({"lead": {"inflow": 190.0, "capacity": 9, "duration_days": 0.25}})
    assert bounds() == before


def test_too_small_a_capacity_is_said_to_be_overloaded() -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)
    hand.try_out({"lead": {"capacity": 3}})
    assert hand.effects()["Throughput time"][1] == "overloaded"
    judged = {effect["label"]: effect["is_good"] for effect in hand.levers["effects"]}
    assert judged["Throughput time"] is False and judged["Work in progress"] is False
    assert judged["Won a month"] is False, "no more are won than are worked on"
    assert hand.painted["nodes"]["lead"]["text"] == "overloaded"


@pytest.mark.parametrize(
    ("nodes", "flows", "reason"),
    [
        ({"laed": {"inflow": 3}}, {}, "There is no stage 'laed'; did you mean 'lead'"),
        ({"lead": {"inflwo": 3}}, {}, "'inflwo' of the stage 'lead' cannot be changed"),
        ({"lead": {"capacity": -1}}, {}, "The capacity of 'lead' is a number of at least 0; given -1"),
        ({}, {"nowhere": 0.5}, "there is no flow 'nowhere'"),
        ({"lead": {"inflow": "many"}}, {}, "malformed ('what_if')"),
    ],
)
def test_a_change_that_is_wrong_is_answered_and_what_is_painted_stays(nodes: Any, flows: Any, reason: str) -> None:
    m = funnel()
    crm.what_if(m, {"lead": {"inflow": 130}}).show()
    hand = Hand(m)
    painted = hand.painted
    hand.try_out(nodes, flows)
    (refused,) = hand.view.refusals
    assert reason in refused
    assert hand.painted == painted


def test_shares_that_add_up_to_more_than_one_are_answered() -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)
    hand.try_out({}, {key_of(m, "lead", "deal"): 0.8, key_of(m, "lead", "lost"): 0.7})
    assert "add up to 1.5" in hand.view.refusals[0]


def test_a_what_if_that_is_not_painted_has_nothing_to_try() -> None:
    m = funnel()
    hand = Hand(m)
    hand.try_out({"lead": {"inflow": 3}})
    assert hand.view.refusals == ["no what-if is painted on the map: ask it first, then try other numbers"]
    crm.what_if(m).show()
    hand.pass_on()
    hand.operate("hide", overlay="what_if")
    hand.try_out({"lead": {"inflow": 3}})
    assert len(hand.view.refusals) == 2 and hand.painted is None


def test_what_was_asked_along_with_the_changes_holds_for_what_is_tried() -> None:
    m = funnel()
    crm.what_if(m, case_value=50.0).show()
    hand = Hand(m)
    hand.try_out({"lead": {"inflow": 200.0, "capacity": None}})
    assert hand.effects()["Revenue a month"] == ("1\u202f000", "2\u202f000")


def test_taken_over_is_one_step_after_which_as_it_is_is_what_was_tried_and_undo_brings_all_back() -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)
    deal, lost = key_of(m, "lead", "deal"), key_of(m, "lead", "lost")
    hand.try_out({"lead": {"capacity": 8}}, {deal: 0.75})
    tried, steps = hand.effects(), len(m.history.done)
    values = {key: hand.levers["flows"][key]["value"] for key in (deal, lost)}
    hand.edit(
        {"at": ["node", "lead"], "set": {"capacity": 8}},
        *({"at": ["flow", key], "set": {"probability": value}} for key, value in values.items()),
    )
    assert hand.view.refusals == [] and len(m.history.done) == steps + 1
    hand.try_out()
    assert hand.effects() == {label: (after, after) for label, (_, after) in tried.items()}
    hand.operate("undo")
    assert hand.effects() == {label: (before, before) for label, (before, _) in tried.items()}, "the answer follows"
    assert m.graph.nodes["lead"]["capacity"] == 5


def test_on_a_read_only_map_numbers_are_tried_and_none_is_taken_over() -> None:
    m = funnel()
    m.widget.read_only = True
    crm.what_if(m).show()
    hand = Hand(m)
    hand.try_out({"lead": {"inflow": 50.0}})
    assert hand.effects()["Won a month"] == ("20", "10") and hand.view.refusals == []
    hand.edit({"at": ["node", "lead"], "set": {"inflow": 50.0}})
    assert "read-only" in hand.view.refusals[0]


def test_levers_of_a_log_say_so_and_those_of_few_cases_are_not_offered() -> None:
    m = logged()
    crm.what_if(m).show()
    hand = Hand(m)
    assert set(hand.levers["nodes"]) == {"lead"}
    lead = hand.levers["nodes"]["lead"]
    assert lead["duration_days"]["baseline"] == pytest.approx(2.0, abs=0.5) and lead["duration_days"]["is_measured"]
    assert lead["inflow"]["is_measured"] and "is_measured" not in lead["capacity"]
    assert hand.levers["flows"] == {}, "of three cases that left by one way no share of any way is shown"
    assert "as the log tells it" in hand.levers["note"]
    hand.try_out({"lead": {"duration_days": 1.0, "inflow": 60.0}})
    asked = crm.what_if(m, {"lead": {"duration_days": 1.0, "inflow": 60.0}})
    assert hand.painted == codec.plain(asked.painted)


def test_an_answer_that_takes_no_changes_says_so() -> None:
    with pytest.raises(crm.AnalysisError, match="'flows' takes no changes"):
        crm.flows(logged()).try_out({})


def test_a_stage_that_moves_tells_what_it_was_and_any_other_is_painted_as_before() -> None:
    m = funnel()
    crm.what_if(m).show()
    hand = Hand(m)
    before = hand.painted
    hand.try_out({"deal": {"duration_days": 8.0}})
    nodes, rows = hand.painted["nodes"], hand.painted["table"]["rows"]
    assert nodes["deal"]["detail"] == "50 a month; time 8\u202fd (was 4\u202fd)."
    assert nodes["lead"] == before["nodes"]["lead"] and rows[1] == before["table"]["rows"][1]
    assert "time 4\u202fd." in before["nodes"]["deal"]["detail"]
    hand.try_out({"lead": {"inflow": 60.0}})
    assert "60 a month (was 100)" in hand.painted["nodes"]["lead"]["detail"]
    assert "30 a month (was 50); time 4\u202fd." in hand.painted["nodes"]["deal"]["detail"]
    hand.try_out()
    assert hand.painted == before
