"""An event log belongs to a map: its activities mean nodes, by id, label or mapping, and what means none is listed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

import crmwidget as crm
from crmwidget.data.log_binding import BoundLog
from crmwidget.errors import DataError, EditError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def log_of(*activities: str, n: int = 6, **options: Any) -> crm.EventLog:
    """`n` cases that go through these activities."""
    rows = [(case, activity, day) for case in range(n) for day, activity in enumerate(activities)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "day"])
    frame["at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(frame["day"], unit="D")
    return crm.EventLog(frame, case="case", activity="activity", timestamp="at", now=NOW, **options)


@pytest.fixture
def m() -> crm.CrmMap:
    m = crm.from_text("Lead -> Offer -> Won", name="Sales")
    m.graph.nodes["won"]["label"] = "Closed won"
    return m


def test_activities_mean_nodes_by_id_label_or_mapping(m: crm.CrmMap) -> None:
    bound = m.attach(log_of("LEAD", "offer", "Closed Won", "Signed"), mapping={"Signed": "won"})
    assert isinstance(bound, BoundLog)
    assert dict(bound.match().node_of) == {"LEAD": "lead", "offer": "offer", "Closed Won": "won", "Signed": "won"}
    assert bound.unmatched == () and "every activity means a node" in repr(bound)
    assert list(m.logs) == ["log"]


def test_what_is_no_mapping_and_no_name_is_said(m: crm.CrmMap) -> None:
    with pytest.raises(DataError, match="mapping= is activity → node id"):
        m.attach(log_of("Lead"), mapping=["lead"])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="A log's name is a text"):
        m.attach(log_of("Lead"), name="")
    with pytest.raises(DataError, match=r"No table is called 'moves', and no log; there are no tables or logs yet\.$"):
        m.detach("moves")


def test_what_means_no_node_is_listed_with_the_nearest_and_mapped_by_one_call(m: crm.CrmMap) -> None:
    log = log_of("Lead", "Ofer", "Won")
    bound = m.attach(log)
    assert isinstance(bound, BoundLog)
    assert [(item.value, item.n_rows, item.nearest) for item in bound.unmatched] == [("Ofer", 6, "offer")]
    assert "1 of 3 activities mean no node: 'Ofer' (6 events, nearest 'offer')" in repr(bound)
    again = m.attach(log, mapping={"Ofer": "offer"})
    assert isinstance(again, BoundLog)
    assert again.unmatched == () and list(m.logs) == ["log"]


def test_what_means_no_node_gets_one_in_one_step_of_undo(m: crm.CrmMap) -> None:
    bound = m.attach(log_of("Lead", "Demo", "Contract", "Won"))
    assert isinstance(bound, BoundLog)
    assert m.add_unmatched(kind="activity") == ["demo", "contract"]
    assert bound.unmatched == () and m.graph.nodes["contract"]["label"] == "Contract"
    assert m.graph.nodes["demo"]["kind"] == "activity"
    m.undo()
    assert [item.value for item in bound.unmatched] == ["Contract", "Demo"]
    assert m.add_unmatched("log") == ["demo", "contract"] and m.add_unmatched() == []


def test_an_activity_between_several_nodes_of_its_name_gets_no_more_of_them(m: crm.CrmMap) -> None:
    m.add_stage("Offer", id="offer_2")
    bound = m.attach(log_of("Lead", "OFFER", "Closed won"))
    assert isinstance(bound, BoundLog)
    assert [item.candidates for item in bound.unmatched] == [("offer", "offer_2")]
    assert m.add_unmatched() == []


def test_a_log_that_there_is_not_and_an_unknown_kind_are_said_with_the_nearest(m: crm.CrmMap) -> None:
    with pytest.raises(EditError, match="Say which log"):
        m.add_unmatched()
    m.attach(log_of("Lead", "Demo"), name="deals")
    with pytest.raises(EditError, match="did you mean 'deals'"):
        m.add_unmatched("deal")
    with pytest.raises(EditError, match="unknown node kind"):
        m.add_unmatched(kind="stag")
    assert "demo" not in m.graph


def test_the_map_as_it_is_now_decides(m: crm.CrmMap) -> None:
    bound = m.attach(log_of("Lead", "Demo", "Won"))
    assert isinstance(bound, BoundLog)
    assert [item.value for item in bound.unmatched] == ["Demo"]
    m.add_stage("Demo")
    assert bound.unmatched == ()
    m.remove("demo")
    assert [item.value for item in bound.unmatched] == ["Demo"]


def test_a_map_without_a_log_loads_nothing_that_logs_need() -> None:
    """In a process of its own: here everything is loaded already."""
    program = (
        "import sys, crmwidget; m = crmwidget.CrmMap('a'); m.add_stage('Lead'); m.attach; "
        "print(*sorted({'pandas', 'duckdb', 'sqlglot', 'defusedxml'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_a_rare_activity_is_not_named_in_a_repr(m: crm.CrmMap) -> None:
    bound = m.attach(log_of("Lead", "Call of Mrs Secret", n=3))
    assert "Secret" not in repr(bound) and "1 more" in repr(bound)


def test_logs_are_named_replaced_and_detached(m: crm.CrmMap) -> None:
    m.attach(log_of("Lead", "Won"))
    m.attach(log_of("Lead", "Offer"))  # a cell that ran again
    m.attach(log_of("Lead"), name="support")
    assert list(m.logs) == ["log", "support"]
    assert m.logs["log"].log.activities == ["Lead", "Offer"]
    m.detach("support")
    assert list(m.logs) == ["log"]
    with pytest.raises(crm.DataError, match="No table is called 'support'"):
        m.detach("support")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"mapping": {"Led": "lead"}}, crm.DataError, "did you mean 'Lead'"),
        ({"mapping": {"Lead": "leed"}}, crm.DataError, "did you mean 'lead'"),
        ({"stage": "activity"}, crm.EditError, "stage= goes with a table"),
        ({"to": "lead"}, crm.EditError, "to= goes with a table"),
        ({"name": ""}, crm.DataError, "not empty"),
    ],
)
def test_a_wrong_binding_is_refused(m: crm.CrmMap, options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        m.attach(log_of("Lead", "Won"), **options)
    assert list(m.logs) == []
    with pytest.raises(crm.EditError, match="goes with an event log"):
        m.attach(pd.DataFrame({"a": [1]}), mapping={})


def test_questions_take_the_only_log_or_say_which_there_are(m: crm.CrmMap) -> None:
    with pytest.raises(crm.AnalysisError, match="No event log is attached"):
        crm.variants(m)
    whole = log_of("Lead", "Ofer", "Won")
    m.attach(whole, name="sales", mapping={"Ofer": "offer"})
    assert crm.flows(m).table["target_node"].tolist() == ["offer", "won"]
    assert crm.flows(m, log=whole.where(activity="Won")).table["target_node"].tolist() == ["offer", "won"]
    m.attach(log_of("Lead"), name="other")
    with pytest.raises(crm.AnalysisError, match="'sales', 'other'"):
        crm.flows(m)
    assert len(crm.flows(m, log="sales").table) == 2
    with pytest.raises(crm.AnalysisError, match="did you mean 'sales'"):
        crm.flows(m, log="sale")
