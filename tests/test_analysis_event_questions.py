"""Flows, variants and the discovered map say what the log says, and show no small group."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from event_reference import Row, frame_of, percentile, reference
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import flow_counts, variants
from crmwidget.analysis.discover import discovered
from crmwidget.analysis.flow_privacy import held_back
from crmwidget.analysis.variants_view import REST, public_variants
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
US = pd.Timedelta(1, unit="us")


def log_of(data: object, **options: Any) -> crm.EventLog:
    return crm.EventLog(data, **{"case": "case", "activity": "activity", "timestamp": "at", "now": NOW, **options})


def log_of_paths(**paths: int) -> crm.EventLog:
    """`log_of_paths(LOW=3)`: 3 cases that go through L, O and W, a day apart."""
    rows: list[Row] = []
    for path, n in paths.items():
        for i in range(n):
            rows += [(f"{path}{i}", letter, day * DAY) for day, letter in enumerate(path)]
    return log_of(frame_of(rows))


def a_map(*activities: str) -> crm.CrmMap:
    return crm.from_text(" -> ".join(activities))


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", "f"]),
        st.sampled_from(["Lead", "Offer", "Won", "start", None]),
        st.integers(0, 5).map(lambda day: day * DAY + day % 2),
    ),
    min_size=1,
    max_size=60,
)


@given(rows_strategy)
@settings(max_examples=30, deadline=None)
def test_flows_and_variants_say_what_plain_python_says(rows: list[Row]) -> None:
    log, truth = log_of(frame_of(rows)), reference(rows)
    m = a_map("Lead", "Won")
    table = crm.flows(m, log=log).table
    pairs = list(zip(table["source"], table["target"], strict=True))
    assert dict(zip(pairs, table["n"], strict=True)) == truth.flows
    assert dict(zip(pairs, table["n_cases"], strict=True)) == {p: len(c) for p, c in truth.flow_cases.items()}
    for column, share in (("median_time", 0.5), ("p95_time", 0.95)):
        for pair, time in zip(pairs, table[column], strict=True):
            assert abs(time / US - percentile(truth.durations[pair], share)) <= 1
    paths = crm.variants(m, log=log).table
    assert dict(zip(paths["path"], paths["n_cases"], strict=True)) == truth.variants
    for path, time in zip(paths["path"], paths["median_throughput_time"], strict=True):
        assert abs(time / US - percentile(truth.spans[path], 0.5)) <= 1
    assert paths["n_cases"].is_monotonic_decreasing
    assert paths["case_rate"].sum() == pytest.approx(1.0 if truth.n_cases else 0.0)
    counts = flow_counts.flow_counts(log, with_cases=False)
    assert (dict(counts.starts), dict(counts.ends)) == (truth.starts, truth.ends)
    assert counts.hidden == flow_counts.flow_counts(log, with_cases=True).hidden


# ---- what is planted is found ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


@pytest.fixture(scope="module")
def planted(sample: samples.EventSample) -> crm.EventLog:
    return crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        start="started_at",
        attributes=["segment"],
        ends=sample.ends,
        now=NOW,
    )


def test_the_same_seed_gives_the_same_log(sample: samples.EventSample) -> None:
    again = samples.events()
    pd.testing.assert_frame_equal(sample.events, again.events)
    assert again.truths == sample.truths and samples.events(seed=8).truths != sample.truths
    assert (sample.truths["skip"]["rate"], sample.truths["rework"]["rate"]) == (0.12, 0.07)
    assert "C0" not in repr(sample)


def test_planted_skips_rework_slow_flow_and_open_cases_are_found_as_exactly_that(
    sample: samples.EventSample, planted: crm.EventLog
) -> None:
    truths = sample.truths
    m = crm.discover(planted)
    table = crm.flows(m).table.set_index(["source", "target"])
    skip, rework, slow = truths["skip"], truths["rework"], truths["slow_flow"]
    assert table.loc[(skip["source"], skip["target"]), "n_cases"] == skip["n_cases"] == 240
    assert table.loc[(rework["source"], rework["target"]), "n_cases"] == rework["n_cases"] == 140
    assert table["median_time"].idxmax() == (slow["source"], slow["target"])
    median = table.loc[(slow["source"], slow["target"]), "median_time"] / pd.Timedelta(days=1)
    assert median == pytest.approx(slow["median_days"], abs=1e-9)
    paths = crm.variants(m).table
    assert dict(zip(paths["path"], paths["n_cases"], strict=True)) == truths["variants"]
    assert planted.n_open == paths["n_open"].sum() == truths["open"]["n_cases"]
    stands = paths[paths["path"].map(lambda path: path[-1] == "Offer")]
    assert stands["median_throughput_time"].isna().all() and (stands["n_open"] == stands["n_cases"]).all()


def test_a_part_of_a_log_is_asked_as_the_rows_of_that_part(sample: samples.EventSample, planted: crm.EventLog) -> None:
    part = sample.events[sample.events["segment"] == "Enterprise"]
    alone = crm.EventLog(part, case="case_id", activity="activity", timestamp="finished_at", ends=sample.ends, now=NOW)
    m = a_map("Lead", "Won")
    ours, theirs = (
        crm.flows(m, log=log).table.set_index(["source", "target"]).sort_index()
        for log in (planted.where(segment="Enterprise"), alone)
    )
    pd.testing.assert_frame_equal(ours, theirs)


# ---- the discovered map ----------------------------------------------------------------------------------


def test_a_discovered_map_is_the_graph_of_what_follows_what(planted: crm.EventLog) -> None:
    m = crm.discover(planted, name="As it is")
    assert m.graph.nodes["won"]["kind"] == "end" and m.graph.nodes["start"]["kind"] == "start"
    drawn = {(m.graph.nodes[a]["label"], m.graph.nodes[b]["label"]) for a, b in m.graph.edges()}
    table = crm.flows(m).table
    assert drawn == {("Start", "Lead"), *zip(table["source"], table["target"], strict=True)}
    assert table["flow"].notna().all()
    volume = m.graph.edges["lead", "qualification", "f2"]["volume"]
    assert volume == m.graph.nodes["lead"]["n_events"] == 2000
    assert m.graph.nodes["lead"]["n_started"] == 2000
    assert m.logs["log"].unmatched == ()
    assert nx.is_weakly_connected(m.graph)


def test_coverage_draws_the_fewest_variants_that_make_it_up() -> None:
    log = log_of_paths(LOW=50, LW=30, LX=15, LOX=5)
    for coverage, n_cases in ((0.3, 50), (0.5, 50), (0.51, 80), (0.8, 80), (0.95, 95), (1.0, 100)):
        part = variants.covering(log, coverage)
        assert part.n_cases == n_cases
    elements = discovered(log, coverage=0.8)
    assert [node for node in elements.nodes if node not in ("start", "end")] == ["l", "o", "w"]
    assert elements.attributes["coverage"] == 0.8
    assert variants.covering(log.where(activity="O"), 0.5).n_cases == 50


def test_without_ends_there_is_an_end_and_without_terminals_neither() -> None:
    log = log_of_paths(LW=10, L=7)
    elements = discovered(log)
    flows = {(about["source"], about["target"]): about.get("volume") for about in elements.flows.values()}
    assert flows == {("start", "l"): 17, ("l", "w"): 10, ("l", "end"): 7, ("w", "end"): 10}
    assert list(discovered(log, terminals=False, kind="activity").nodes) == ["l", "w"]


def test_activities_called_start_and_end_are_nodes_of_their_own() -> None:
    rows: list[Row] = [(str(i), name, day) for i in range(9) for day, name in enumerate(("Start", "end"))]
    elements = discovered(log_of(frame_of(rows)))
    assert {node: about["label"] for node, about in elements.nodes.items()} == {
        "start": "Start",
        "start_2": "Start",
        "end": "end",
        "end_2": "End",
    }
    assert [about.get("volume") for about in elements.flows.values()] == [9, 9, 9]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"coverage": 0}, "above 0"), ({"coverage": 1.2}, "up to 1"), ({"kind": "stge"}, "did you mean 'stage'")],
)
def test_what_cannot_be_drawn_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(crm.AnalysisError, match=said):
        discovered(log_of_paths(LW=9), **options)
    with pytest.raises(crm.AnalysisError, match="no event"):
        discovered(log_of(frame_of([])))
    with pytest.raises(crm.AnalysisError, match=r"from an EventLog; given DataFrame: crm\.EventLog"):
        crm.discover(frame_of([]))  # type: ignore[arg-type]


def test_an_empty_log_has_no_variants_and_no_flows() -> None:
    m = a_map("Lead", "Won")
    for question in (crm.variants, crm.flows):
        result = question(m, log=log_of(frame_of([])))
        assert len(result.table) == 0
        result.show()
        json.dumps(result.to_dict(), allow_nan=False)


def test_one_reads_as_one_and_what_takes_no_time_is_not_the_slowest() -> None:
    m = a_map("L", "O")
    log = log_of(frame_of([(f"c{case}", letter, 0) for case in range(20) for letter in "LOW"[: 2 + case % 2]]))
    assert [f.sentence for f in crm.flows(m, log=log).findings] == ["One activity of the log means no node of the map."]
    of_one = [f.sentence for f in crm.variants(m, log=log_of_paths(LOW=20)).findings]
    assert of_one == ["The most frequent way is taken by 100\u202f% of the cases."]
    of_two = crm.variants(m, log=log_of_paths(LOW=20, LW=5)).findings[1]
    assert of_two.sentence == "One of 2 variants covers 80\u202f% of the cases."
    rows = [
        (f"{last}{i}", step, day * 86_400_000_000)
        for last, n in (("W", 9), ("X", 7))
        for i in range(n)
        for step, day in (("L", 0), (last, 3 if last == "W" else 1))
    ]
    slowest = crm.variants(m, log=log_of(frame_of(rows))).findings[-1]
    assert slowest.evidence == "9 cases: L → W; it is the most frequent one too."
    assert crm.flows(m, log=log_of(frame_of([]))).findings[0].sentence == "The log has no event."


# ---- on the map ------------------------------------------------------------------------------------------


def test_flows_and_variants_are_painted_on_the_map(planted: crm.EventLog) -> None:
    m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Contract -> Won", name="Drawn")
    m.attach(planted)
    result = crm.flows(m).show()
    paint = m.overlays["flows"]
    key = next(iter(m.graph["qualification"]["demo"]))
    assert paint.flows[key].heat == 1.0 and paint.legend is not None
    assert [f.sentence for f in result.findings] == [
        "One activity of the log means no node of the map.",
        "Qualification → Demo takes longest: " + paint.flows[key].text.split(" · ")[1] + " (median).",
        "2 flows of the log are not drawn.",
    ]
    assert [(ghost.source, ghost.target) for ghost in paint.ghosts] == [
        ("qualification", "offer"),
        ("contract", "offer"),
    ]
    assert paint.ghosts[0].paint.text.startswith("240 · ") and paint.ghosts[0].sentence.startswith("Qualification → ")
    shown = crm.variants(m).show()
    assert shown.findings[0].nodes[0] == "lead"
    assert m.overlays["variants"].flows[key].width == 1000 or m.overlays["variants"].flows[key].width is not None
    assert {"conversion", "flows", "variants"} <= set(crm.questions())


# ---- no small group --------------------------------------------------------------------------------------


def circulation(
    paths: dict[str, int],
) -> tuple[dict[tuple[str, str], int], dict[str, int], dict[str, int], dict[str, int]]:
    flows: dict[tuple[str, str], int] = {}
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for path, n in paths.items():
        starts[path[0]] = starts.get(path[0], 0) + n
        ends[path[-1]] = ends.get(path[-1], 0) + n
        for letter in path:
            numbers[letter] = numbers.get(letter, 0) + n
        for pair in itertools.pairwise(path):
            flows[pair] = flows.get(pair, 0) + n
    return flows, starts, ends, numbers


@given(st.dictionaries(st.text("ABCD", min_size=1, max_size=5), st.integers(1, 30), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_small_count_follows_from_those_that_are_shown(paths: dict[str, int]) -> None:
    """Linear algebra as the oracle: is a held-back count determined by the shown ones and the balance of each node?"""
    flows, starts, ends, numbers = circulation(paths)
    counts: dict[tuple[str, ...], int] = {("flow", *pair): n for pair, n in flows.items()}
    for kind, of in (("start", starts), ("end", ends), ("node", numbers)):
        counts.update({(kind, name): n for name, n in of.items()})
    small = {query for query, n in counts.items() if n < 5}
    hidden = held_back(flows, starts, ends, numbers, small)
    assert small <= hidden
    place = {query: i for i, query in enumerate(counts)}
    known = []
    for name in numbers:
        into, out = np.zeros(len(place)), np.zeros(len(place))
        for query, i in place.items():
            into[i] += query == ("start", name) or (query[0] == "flow" and query[2] == name)
            out[i] += query == ("end", name) or (query[0] == "flow" and query[1] == name)
        for side in (into, out):
            side[place["node", name]] -= 1
            known.append(side)
    total = np.array([float(query[0] == "start") for query in place])
    known.append(total)
    known += [np.eye(len(place))[place[query]] for query in counts if query not in hidden]
    rank = np.linalg.matrix_rank(np.array(known))
    if sum(paths.values()) < 5:
        return  # the number of cases is small itself, and everybody knows it
    for query in small:
        more = np.linalg.matrix_rank(np.vstack([known, np.eye(len(place))[place[query]]]))
        assert more > rank, f"{query} follows from what is shown"


def test_a_flow_of_few_cases_has_no_number_anywhere_it_is_shown() -> None:
    log = log_of_paths(LOW=40, LX=3, LOX=20)
    m = crm.discover(log)
    small = next(about for _, _, about in m.graph.edges("l", data=True) if about.get("label") == "<5")
    assert "volume" not in small and "median_s" not in small
    other = m.graph.get_edge_data("l", "o")
    assert all("volume" not in about for about in other.values())  # 63 in, 60 out would tell the 3
    result = crm.flows(m)
    rows = {(row["source"], row["target"]): row for row in result.to_dict()["rows"]}
    assert rows["L", "X"]["n"] is rows["L", "O"]["n"] is rows["L", "X"]["median_time"] is None
    assert rows["L", "O"]["n_source"] is None or rows["L", "O"]["taken_rate"] is None
    assert result.table.set_index(["source", "target"]).loc[("L", "X"), "n"] == 3


def test_a_flow_that_one_case_takes_often_is_small() -> None:
    rows: list[Row] = [("a", "LO"[i % 2], i) for i in range(40)]
    rows += [(str(i), letter, day) for i in range(9) for day, letter in enumerate("LO")]
    counts = flow_counts.flow_counts(log_of(frame_of(rows)), with_cases=False)
    assert ("flow", "O", "L") in counts.small and ("flow", "L", "O") not in counts.small


def test_rare_variants_are_shown_together_and_the_rest_is_never_small() -> None:
    m = a_map("L", "W")
    for paths, shown in (
        ({"LOW": 40, "LW": 3, "LX": 3}, [40, 6]),
        ({"LOW": 40, "LW": 9, "LX": 3}, [40, 12]),
        ({"LOW": 40, "LW": 9}, [40, 9]),
        ({"LOW": 3}, [None]),
    ):
        result = crm.variants(m, log=log_of_paths(**paths))
        rows = result.to_dict()["rows"]
        assert [row["n_cases"] for row in rows] == shown
        text = json.dumps(result.to_dict()) + result._repr_html_() + str(result.painted)
        assert "LX" not in text and "'X'" not in text and "→ X" not in text
    assert public_variants(crm.variants(m, log=log_of_paths(LW=6)).table)["path"].tolist() == [("L", "W")]
    assert REST not in crm.variants(m, log=log_of_paths(LW=6, LX=2)).table["path"].tolist()


# ---- other engines, other tools --------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize(
    "query",
    [
        flow_counts.FLOWS_SQL,
        flow_counts.TERMINALS_SQL,
        flow_counts.PLACES_SQL,
        flow_counts.CASES_SQL.replace("CHOSEN", f"{flow_counts.PAIR_SQL} in (65538, 65539)"),
        flow_counts.ACTIVITY_CASES_SQL.replace("CHOSEN", "1, 2"),
        variants.VARIANTS_SQL.replace("CLOSED", "last_activity in (1)"),
        variants.PATHS_SQL,
        variants.COVERING_SQL.replace("SHARE", "0.8"),
    ],
)
def test_every_question_can_be_said_in_other_dialects(query: str, dialect: str) -> None:
    log = log_of_paths(LW=5).where(activity="W", since=dt.date(1970, 1, 1))
    said = in_dialect(log.sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "quantile_cont", "approx"):
        assert word not in said


def test_the_receipt_log_has_its_known_flows_and_variants(real_data: Path) -> None:
    log = crm.EventLog(
        real_data / "eventlogs" / "receipt.csv",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        now=NOW,
    )
    assert (log.n_cases, log.n_events, len(log.activities)) == (1_434, 8_577, 27)
    m = crm.discover(log, name="Receipt")
    assert (len(crm.flows(m).table), len(crm.variants(m).table)) == (99, 116)
    assert len(m.graph) == 27 + 2
    assert m.logs["log"].unmatched == ()


@pytest.mark.parametrize("name", ["receipt.csv", "running-example.csv"])
def test_pm4py_finds_the_same(name: str, real_data: Path) -> None:
    pm4py = pytest.importorskip("pm4py")
    path = real_data / "eventlogs" / name
    log = crm.EventLog(path, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    frame = pd.read_csv(path)
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    frame["case:concept:name"] = frame["case:concept:name"].astype(str)
    frame = frame.sort_values(["case:concept:name", "time:timestamp"], kind="stable")  # ties in the order of the file
    flows, starts, ends = pm4py.discover_dfg(frame)
    m = a_map("Lead", "Won")
    table = crm.flows(m, log=log).table
    assert dict(zip(zip(table["source"], table["target"], strict=True), table["n"], strict=True)) == dict(flows)
    counts = flow_counts.flow_counts(log, with_cases=False)
    assert (dict(counts.starts), dict(counts.ends)) == (dict(starts), dict(ends))
    performance, _, _ = pm4py.discover_performance_dfg(frame)
    for row in table.itertuples():
        theirs = performance[row.source, row.target]["median"]
        assert row.median_time.total_seconds() == pytest.approx(theirs, abs=1e-3)
    paths = crm.variants(m, log=log).table
    theirs = {variant: n if isinstance(n, int) else len(n) for variant, n in pm4py.get_variants(frame).items()}
    assert dict(zip(paths["path"], paths["n_cases"], strict=True)) == theirs
