"""Conformance finds what cases do beside the drawn way, counts as plain Python does, and follows the drawing hand."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from itertools import pairwise
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from event_reference import Row, frame_of
from hand_loop import HandLoop
from hypothesis import given, settings
from hypothesis import strategies as st
from view_client import View

import crmwidget as crm
from crmwidget import following
from crmwidget.analysis.attached_log import attached_log, ends_of
from crmwidget.analysis.conformance import FITNESS_SQL
from crmwidget.data.dialects import in_dialect
from crmwidget.data.numerals import percent_text
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
DESIGNED = """Lead -> Qualification
Qualification -> Demo
Demo -> Offer
Offer -> Contract
Contract -> Won
Contract -> Lost"""


def log_of(data: object, **options: Any) -> crm.EventLog:
    return crm.EventLog(data, **{"case": "case", "activity": "activity", "timestamp": "at", "now": NOW, **options})


def log_of_paths(ends: tuple[str, ...] = (), /, **paths: int) -> crm.EventLog:
    """`log_of_paths(ABC=3)`: 3 cases that go through A, B and C, a day apart."""
    rows: list[Row] = []
    for path, n in paths.items():
        for i in range(n):
            rows += [(f"{path}{i}", letter, day * DAY) for day, letter in enumerate(path)]
    return log_of(frame_of(rows), ends=ends)


def rows_of(result: crm.Result) -> dict[tuple[Any, ...], tuple[int, int]]:
    table = result.table
    keys = zip(table["deviation"], table["source"], table["target"], strict=True)
    return dict(zip(keys, zip(table["n"], table["n_cases"], strict=True), strict=True))


# ---- the definitions, word by word ------------------------------------------------------------------------


class Truth:
    """The answer worked out case by case, with the drawn ways found by trying all paths."""

    def __init__(self, m: MapModel, rows: list[Row], node_of: dict[str, str], closing: set[str]) -> None:
        self.graph = nx.DiGraph(m.graph)
        self.kind = dict(m.graph.nodes(data="kind"))
        known = set(node_of.values())
        self.silent = {n for n in self.graph if n not in known and self.kind[n] in ("start", "end", "decision")}
        self.node_of = node_of
        self.found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        self.fitness: list[float] = []
        cases: dict[str, list[tuple[int, int, str | None]]] = defaultdict(list)
        for number, (case, activity, at) in enumerate(rows):
            if case is not None and at is not None:
                cases[case].append((at, number, activity))
        begins, ends = self.terminals("start", self.graph), self.terminals("end", self.graph.reverse())
        outcomes = {n for n, outcome in m.graph.nodes(data="outcome") if outcome}
        steps = set(self.graph) - self.silent
        begins, ends = begins or steps, (ends | (outcomes - self.silent)) or steps
        for case, events in cases.items():
            path = [activity for _, _, activity in sorted(events)]
            if any(path):
                self.judge(case, path, begins, ends, closing)

    def judge(self, case: str, path: list[str | None], begins: set[str], ends: set[str], closing: set[str]) -> None:
        n_judged = n_off = 0
        known = [activity for activity in path if activity is not None]

        def judged(deviation: str | None, source: str | None, target: str | None) -> None:
            nonlocal n_judged, n_off
            n_judged += 1
            if deviation:
                n_off += 1
                self.found[deviation, source, target].append(case)

        for activity in known:
            if activity not in self.node_of:
                judged("undrawn_activity", activity, None)
        if known[0] in self.node_of:
            judged("undrawn_start" if self.node_of[known[0]] not in begins else None, None, known[0])
        for a, b in pairwise(path):
            if a in self.node_of and b in self.node_of:
                judged(self.step(a, b), a, b)
        last = known[-1]
        if last in self.node_of and (not closing or last in closing):
            judged("undrawn_end" if self.node_of[last] not in ends else None, last, None)
        self.fitness.append(1 - n_off / n_judged)

    def between(self, a: str, b: str) -> int | None:
        """The fewest steps that lie between on any drawn way, None where there is none."""
        firsts = self.graph.successors(a) if a == b else [a]
        ways = [[a, *way] if a == b else way for first in firsts for way in self.ways(first, b)]
        return min((len([n for n in way[1:-1] if n not in self.silent]) for way in ways), default=None)

    def ways(self, a: str, b: str) -> list[list[str]]:
        return [[a]] if a == b else list(nx.all_simple_paths(self.graph, a, b))

    def step(self, source: str, target: str) -> str | None:
        a, b = self.node_of[source], self.node_of[target]
        if (a == b and source != target) or self.between(a, b) == 0:
            return None
        if a == b:
            return "repeat"
        onward, back = self.between(a, b), self.between(b, a)
        if onward is None and back is None:
            return "undrawn_flow"
        return "skip" if back is None or (onward is not None and onward <= back) else "reorder"

    def terminals(self, kind: str, graph: Any) -> set[str]:
        firsts = {n for n in graph if self.kind[n] == kind or not set(graph.predecessors(n)) - {n}}
        found = firsts - self.silent
        for first in firsts & self.silent:
            for node in set(graph) - self.silent:
                found |= {node for way in nx.all_simple_paths(graph, first, node) if set(way[:-1]) <= self.silent}
        return found


NODES = {
    "lead": "stage",
    "offer": "stage",
    "won": "end",
    "demo": "stage",
    "gate": "decision",
    "in": "start",
    "out": "end",
}
maps = st.lists(st.tuples(st.sampled_from(sorted(NODES)), st.sampled_from(sorted(NODES))), max_size=12, unique=True)
logs = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.sampled_from(["Lead", "Offer", "Won", "won!", "Extra", None]),
        st.integers(0, 9).map(lambda day: day * DAY),
    ),
    min_size=1,
    max_size=30,
)


@given(maps, logs, st.booleans(), st.sets(st.sampled_from(sorted(NODES)), max_size=3))
@settings(max_examples=40, deadline=None)
def test_it_counts_what_plain_python_counts_on_any_map_and_log(
    pairs: list[tuple[str, str]], rows: list[Row], has_ends: bool, left_out: set[str]
) -> None:
    nodes = {n: {"kind": kind, "label": n.title()} for n, kind in NODES.items() if n not in left_out}
    flows = {
        f"f{i}": {"source": a, "target": b, "kind": "flow"}
        for i, (a, b) in enumerate(pairs)
        if a in nodes and b in nodes
    }
    m = MapModel(Elements(nodes=nodes, flows=flows))
    there = {activity for _, activity, _ in rows if activity}
    log = log_of(frame_of(rows), ends=[a for a in ("Won", "Extra") if a in there] if has_ends else [])
    bound = attached_log(m, log)
    result = crm.conformance(m, log=log)
    truth = Truth(m, rows, dict(bound.match().node_of), set(ends_of(m, bound)[0]))
    assert rows_of(result) == {key: (len(cases), len(set(cases))) for key, cases in truth.found.items()}
    assert result.n_all == len(truth.fitness) == log.n_cases
    assert result.n_fitting == sum(share == 1 for share in truth.fitness)
    if truth.fitness:
        assert result.fitness == pytest.approx(sum(truth.fitness) / len(truth.fitness))
    for row in result.table.itertuples():
        if row.deviation == "skip":
            assert len(row.passed_over) == truth.between(row.source_node, row.target_node)
        assert row.case_rate == pytest.approx(row.n_cases / result.n_all)
    json.dumps(result.to_dict(), allow_nan=False)


# ---- what is planted is found ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Any:
    return crm.samples.events(1000)


@pytest.fixture
def planted(sample: Any) -> crm.CrmMap:
    m = crm.from_text(DESIGNED, name="As designed")
    log = crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        attributes=["segment"],
        ends=sample.ends,
        now=NOW,
    )
    m.attach(log)
    return m


def test_the_planted_twelve_percent_of_skips_and_the_rework_are_found_as_exactly_that(
    planted: crm.CrmMap, sample: Any
) -> None:
    result = crm.conformance(planted)
    skip, rework = sample.truths["skip"], sample.truths["rework"]
    assert rows_of(result) == {
        ("skip", "Qualification", "Offer"): (skip["n_cases"],) * 2,
        ("reorder", "Contract", "Offer"): (rework["n_cases"],) * 2,
    }
    first = result.table.iloc[0]
    assert (first["passed_over"], first["case_rate"], first["n_all"]) == (("demo",), 0.12, 1000)
    fitting = sum(
        n
        for path, n in sample.truths["variants"].items()
        if ("Qualification", "Offer") not in pairwise(path) and ("Contract", "Offer") not in pairwise(path)
    )
    assert (result.n_fitting, result.fitting_rate) == (fitting, fitting / 1000)
    assert [finding.sentence for finding in result.findings] == [
        f"{percent_text(fitting / 1000)} of the cases run along drawn flows only.",
        "12\u202f% of the cases pass over Demo.",
        "7\u202f% of the cases go back: Contract → Offer.",
    ]
    assert result.findings[1].nodes == ["qualification", "demo", "offer"] and result.findings[1].severity == "bad"
    assert result.findings[1].flows == ["f2", "f3"]
    paint = result.show().painted
    assert paint.nodes["demo"].heat == 1.0 and paint.nodes["demo"].text == "120 · 12\u202f%"
    assert paint.flows["f1"].width == 1000 and paint.legend is not None
    assert paint.table is not None and paint.table.rows[0] == [
        "Passed over",
        "Qualification → Offer (past Demo)",
        "120",
        "12\u202f%",
    ]
    assert [(ghost.source, ghost.target, ghost.paint.text, ghost.paint.detail) for ghost in paint.ghosts] == [
        ("qualification", "offer", "12\u202f%", "120"),
        ("contract", "offer", "7\u202f%", "70"),
    ]
    assert paint.ghosts[0].paint.heat == 1.0 and paint.ghosts[0].paint.width == 120
    assert paint.ghosts[0].sentence.startswith(result.findings[1].sentence)
    assert paint.legend.ghosts == "Happens, but is not drawn"


def test_a_discovered_map_fits_its_log_and_a_filter_narrows_the_answer(planted: crm.CrmMap) -> None:
    whole = crm.discover(planted.logs["log"].log, name="As it is")
    result = crm.conformance(whole)
    assert result.table.empty and (result.fitting_rate, result.fitness) == (1.0, 1.0)
    assert result.findings[0].sentence == "All cases run along drawn flows."
    planted.filter(segment="Enterprise")
    assert crm.conformance(planted).n_all == planted.logs["log"].log.where(segment="Enterprise").n_cases


def test_open_cases_are_not_judged_by_where_they_stand() -> None:
    m = crm.from_text("A -> B -> C")
    for ends, found in ((("C",), {}), ((), {("undrawn_end", "B", None): (7, 7)})):
        assert rows_of(crm.conformance(m, log=log_of_paths(ends, ABC=9, AB=7))) == found


def test_each_kind_of_deviation_is_called_by_its_name() -> None:
    m = crm.from_text("A -> B\nB -> C\nC -> D\nE -> F")
    log = log_of_paths(ABCD=20, ABD=6, ACBCD=7, ABBCD=8, ABFD=9, AXBCD=10, BCD=11, ABC=12)
    assert rows_of(crm.conformance(m, log=log)) == {
        ("skip", "B", "D"): (6, 6),
        ("skip", "A", "C"): (7, 7),
        ("reorder", "C", "B"): (7, 7),
        ("repeat", "B", "B"): (8, 8),
        ("undrawn_flow", "B", "F"): (9, 9),
        ("undrawn_flow", "F", "D"): (9, 9),
        ("undrawn_activity", "X", None): (10, 10),
        ("undrawn_start", None, "B"): (11, 11),
        ("undrawn_end", "C", None): (12, 12),
    }


def test_on_a_round_the_shorter_way_says_what_a_step_is_and_a_tie_is_a_skip() -> None:
    m = crm.from_text("A -> B -> C -> D -> A")
    assert rows_of(crm.conformance(m, log=log_of_paths(AC=9, DC=8))) == {
        ("skip", "A", "C"): (9, 9),
        ("reorder", "D", "C"): (8, 8),
    }


def test_a_way_leads_through_decisions_but_not_through_a_stage_that_nobody_entered() -> None:
    m = crm.from_text("A -> G\nG -> B\nA -> H\nH -> C")
    m.update("g", kind="decision")
    assert rows_of(crm.conformance(m, log=log_of_paths(AB=9, AC=8))) == {("skip", "A", "C"): (8, 8)}


def test_an_empty_log_and_an_undrawn_map_have_answers_too() -> None:
    m = crm.from_text("A -> B")
    empty = crm.conformance(m, log=log_of(frame_of([])))
    assert empty.table.empty and pd.isna(empty.fitness) and pd.isna(empty.fitting_rate)
    empty.show()
    other = crm.conformance(crm.from_text("P -> Q"), log=log_of_paths(AB=9))
    assert rows_of(other) == {("undrawn_activity", "A", None): (9, 9), ("undrawn_activity", "B", None): (9, 9)}
    assert other.fitness == 0.0


def test_a_ghost_stands_for_the_most_frequent_step_between_two_nodes_and_they_are_the_two_dozen_most_frequent() -> None:
    names = [chr(ord("A") + i) for i in range(8)]
    m = crm.from_text(" -> ".join(names))
    pairs = [f"{a}{b}" for a in names for b in names if ord(b) != ord(a) + 1]
    log = log_of_paths(**{pair: 10 + n for n, pair in enumerate(pairs)})
    painted = crm.conformance(m, log=log).painted
    assert [ghost.source + ghost.target for ghost in painted.ghosts] == [pair.lower() for pair in pairs[:-25:-1]]
    m = crm.from_text("A -> B -> C")
    m.attach(log_of_paths(AC=30, XC=9), mapping={"X": "a"})
    (ghost,) = crm.conformance(m).painted.ghosts
    assert ghost.paint.detail == "30" and "A → C" in ghost.sentence


# ---- no small group --------------------------------------------------------------------------------------


def test_a_deviation_of_few_cases_has_no_number_anywhere_it_is_shown() -> None:
    m = crm.from_text("A -> B -> C")
    result = crm.conformance(m, log=log_of_paths(ABC=60, AC=3)).show()
    assert result.table["n_cases"].tolist() == [3]
    row = result.to_dict()["rows"][0]
    assert row["n"] is row["n_cases"] is row["case_rate"] is None
    shown = json.dumps(result.to_dict()["findings"]) + str(result.painted) + " ".join(result.notes)
    assert "60 of" not in shown and "95" not in shown and "AC" not in shown
    assert result.painted.ghosts == [] and result.painted.legend is None
    assert result.painted.nodes["b"].text == "<5" and result.painted.nodes["b"].heat is None
    assert "f1" not in result.painted.flows  # 60 of 63 would tell the 3


# ---- on the canvas ---------------------------------------------------------------------------------------


def test_drawing_the_missing_flow_on_the_canvas_lowers_the_deviations_at_once(
    planted: crm.CrmMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = HandLoop()
    session = planted.widget.session
    view = View(session.document(), "c")
    session._send = view.inbox.append
    monkeypatch.setattr(following, "main_loop", lambda: loop)

    def pump() -> None:
        while view.outbox or view.inbox:
            while view.outbox:
                session.receive(view.outbox.popleft())
            while view.inbox:
                view.receive()

    def shown() -> Any:
        return view.effective()["overlay", "conformance"]

    result = crm.conformance(planted).show(live=True)
    pump()
    before, fitting = result.fitness, result.n_fitting
    assert [row[2] for row in shown()["table"]["rows"]] == ["120", "70"]
    assert [ghost["target"] for ghost in shown()["ghosts"]] == ["offer", "offer"]
    flow = {"source": "qualification", "target": "offer", "kind": "flow"}
    view.edit("draw a flow", [{"at": ["flow", "~1"], "add": flow}])
    pump()
    assert not view.pending  # answered before anything is asked again
    loop.pass_time(following.CALM_S)
    loop.turn()
    pump()
    assert [row[2] for row in shown()["table"]["rows"]] == ["70"] and "demo" not in shown()["nodes"]
    assert shown()["flows"]["f7"]["text"] == "120"
    assert [ghost["source"] for ghost in shown()["ghosts"]] == ["contract"]
    assert result.fitness > before and result.n_fitting > fitting
    view.edit("move", [{"at": ["position", "lifecycle", "lead"], "set": {"x": 0.0, "y": 400.0, "pinned": True}}])
    pump()
    painted = planted.overlays["conformance"]
    loop.pass_time(10)
    assert planted.overlays["conformance"] is painted
    view.operate("undo")
    view.operate("undo")
    pump()
    loop.pass_time(following.CALM_S)
    loop.turn()
    pump()
    assert [row[2] for row in shown()["table"]["rows"]] == ["120", "70"] and result.fitness == pytest.approx(before)


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
def test_the_replay_can_be_said_in_other_dialects(dialect: Any) -> None:
    sql = FITNESS_SQL
    for word, codes in (("OFF_STEPS", "65538"), ("OFF_BEGINS", "1"), ("OFF_ENDS", "-1"), ("DRAWN", "1, 2")):
        sql = sql.replace(word, codes)
    sql = sql.replace("CLOSED", "last_activity in (2)")
    assert in_dialect(log_of_paths(AB=9).where(activity="A").sql(sql), dialect)
