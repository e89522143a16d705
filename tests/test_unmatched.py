"""What of an event log means no node is listed for every view, and matched or added from one, a step of undo each."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.errors import CrmWidgetError
from crmwidget.unmatched import say_what_is_meant, unmatched

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def log_of(**events: int) -> crm.EventLog:
    """`log_of(Lead=9)`: 9 cases of one event, a lead."""
    rows = [(f"{activity}{i}", activity, NOW) for activity, n in events.items() for i in range(n)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at"])
    return crm.EventLog(frame, case="case", activity="activity", timestamp="at", now=NOW)


@pytest.fixture
def m() -> crm.CrmMap:
    m = crm.from_text("Lead -> Demos -> Won", name="Drawn")
    m.attach(log_of(Lead=30, Demo=20, Won=9, Lost=7))
    return m


def listed(m: crm.CrmMap) -> list[tuple[str, str]]:
    return [(item.activity, item.count) for item in unmatched(m)]


class Hand:
    """A view of a map that says what activities mean, and what it is told."""

    def __init__(self, m: crm.CrmMap) -> None:
        self.sent, self._id = list[dict[str, Any]](), 0
        self.session = m.widget.session
        self.session._send = self.sent.append
        self.session.receive({"op": "hello", "client": "c"})

    def match(self, **said: Any) -> dict[str, Any]:
        self._id += 1
        self.sent.clear()
        self.session.receive({"op": "match", "client": "c", "id": self._id, **said})
        return self.sent[-1]

    @property
    def listed(self) -> list[str]:
        return [item["activity"] for item in self.session.document()["about"]["unmatched"]]

    @property
    def told(self) -> list[list[str]]:
        """What the messages say about what is on the list."""
        changes = [change for message in self.sent for change in message.get("changes", [])]
        lists = [change["set"]["unmatched"] for change in changes if change["at"] == ["about"] and "set" in change]
        return [[item["activity"] for item in found] for found in lists]


def test_a_view_lists_what_means_no_node_and_each_click_is_one_step_of_undo(m: crm.CrmMap) -> None:
    hand = Hand(m)
    assert listed(m) == [("Demo", "20"), ("Lost", "7")] and hand.listed == ["Demo", "Lost"]
    assert hand.match(means={"Demo": "demos"})["ack"] == ["c", 1]
    assert m.graph.nodes["demos"]["known_as"] == ("Demo",) and m.logs["log"].match().node_of["Demo"] == "demos"
    assert hand.told == [["Lost"]] and m.history.done[-1].label == "'Demo' is 'Demos'"
    assert hand.match(add=["Lost"])["ack"] == ["c", 2]
    assert m.graph.nodes["lost"]["kind"] == "stage" and "lost" in m.positions and listed(m) == []
    assert hand.told == [[]]
    m.undo()
    assert "lost" not in m.graph and listed(m) == [("Lost", "7")]
    m.undo()
    assert listed(m) == [("Demo", "20"), ("Lost", "7")] and hand.listed == ["Demo", "Lost"]
    hand.match(add=["Demo", "Lost"])
    assert listed(m) == [] and {"demo", "lost"} <= set(m.graph)
    m.undo()
    assert set(m.graph) == {"lead", "demos", "won"}


def test_all_that_is_painted_is_asked_again_and_views_hear_it_with_the_answer(m: crm.CrmMap) -> None:
    result = crm.conformance(m).show()
    assert "Demo" in set(result.table["source"])
    hand = Hand(m)
    answer = hand.match(means={"Demo": "demos"})
    assert "Demo" not in set(result.table.loc[result.table["deviation"] == "undrawn_activity", "source"])
    assert answer["ack"] == ["c", 1] and answer["changes"][0]["at"][:2] == ["overlay", "conformance"]


def test_the_list_follows_the_map_and_is_told_only_where_an_edit_may_alter_it(m: crm.CrmMap) -> None:
    hand = Hand(m)
    m.update("lead", owner="Ada")
    m.move("lead", 5, 5)
    m.add_flow("lead", "won")
    assert hand.told == []
    m.update("demos", label="Demo")
    m.add_stage("Lost")
    m.remove("won")
    m.detach("log")
    assert hand.listed == [] and hand.told == [["Lost"], [], ["Won"]]
    assert Hand(crm.from_text("a -> b")).listed == []


def test_a_name_goes_before_an_id_and_a_label_and_a_mapping_before_a_name() -> None:
    m = crm.from_text("A -> B -> C")
    m.update("c", known_as=["A", "B"])
    bound = m.attach(log_of(A=9, B=9, C=9), mapping={"B": "a"})
    assert bound.match().node_of == {"A": "c", "B": "a", "C": "c"}
    m.update("b", known_as=["A"])  # of two that are known as the same the first in order is meant
    assert bound.match().node_of["A"] == "b"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"means": {"Demmo": "demos"}}, "did you mean 'Demo'"),
        ({"means": {"Demo": "demoes"}}, "did you mean 'demos'"),
        ({"means": {"Lead": "demos"}}, "is no activity without a node"),
        ({"add": ["Lead"]}, "is no activity without a node"),
        ({"means": {"Demo": "won"}}, "locked"),
        ({}, "say what an activity means"),
        ({"add": "Demo"}, "array"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_nearest_and_nothing_is_done(
    m: crm.CrmMap, said: dict[str, Any], reason: str
) -> None:
    m.update("won", locked=True)
    hand, before = Hand(m), m.revision
    answer = hand.match(**said)
    assert answer["op"] == "refusal" and reason in answer["reason"], answer
    assert m.revision == before and len(listed(m)) == 2
    m.widget.read_only = True
    assert "read-only" in hand.match(add=["Demo"])["reason"]


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(1, 12), min_size=1))
@settings(deadline=None, max_examples=40)
def test_no_count_of_few_events_is_told_nor_follows_from_the_others(counts: dict[str, int]) -> None:
    m = crm.from_text("X -> Y")
    m.attach(log_of(**counts))
    told = dict(listed(m))
    assert list(told) == sorted(counts, key=lambda name: (-counts[name], name))
    assert all(text in {"…", str(counts[name])} if counts[name] >= 5 else text == "<5" for name, text in told.items())
    # One count alone that is not told would be the number of all events less the others.
    assert sum(not text.isdigit() for text in told.values()) != 1 or len(told) == 1


def test_what_is_told_is_json_and_needs_no_log(m: crm.CrmMap) -> None:
    json.dumps(Hand(m).session.document()["about"]["unmatched"], allow_nan=False)
    with pytest.raises(CrmWidgetError, match="no activity without a node"):
        say_what_is_meant(crm.from_text("a -> b"), {"x": "a"}, [])
