"""Hand-offs say between whom work passes: as plain Python counts it, on data with known answers, and of nobody few."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from event_reference import percentile, started_frame
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis import hands
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
US, MS = pd.Timedelta(1, unit="us"), pd.Timedelta(1, unit="ms")
TEAMS = {"lead": "Marketing", "qualification": "Marketing", "demo": "Sales", "offer": "Sales", "contract": "Legal"}

Done = tuple[str, str | None, int, int | None, str | None]  # case, activity, its end and start, who


def log_of(done: list[Done], *, has_start: bool = True, who: str = "owner", **options: Any) -> crm.EventLog:
    frame = started_frame([event[:4] for event in done])
    frame[who] = pd.Series([event[4] for event in done], dtype="str")
    start = {"start": "start"} if has_start else {}
    roles = {"case": "case", "activity": "activity", "timestamp": "at"}
    return crm.EventLog(frame, **roles, **start, attributes=[who], now=NOW, **options)


def by_hands(**numbers: int) -> list[Done]:
    """`by_hands(ABA=3)`: 3 cases that A does, then B, then A again, a day each and a day between."""
    return [
        (f"{hands}{i}", "first" if day == 0 else "then", (2 * day + 1) * DAY, 2 * day * DAY, who)
        for hands, n in numbers.items()
        for i in range(n)
        for day, who in enumerate(hands)
    ]


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


@pytest.fixture
def m() -> crm.CrmMap:
    return crm.from_text("First -> Then")


done_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["Lead", "Offer", None]),
        st.integers(0, 9).map(lambda day: day * DAY + day % 2),
        st.none() | st.integers(0, 9).map(lambda day: day * DAY),
        st.sampled_from(["Ann", "Bob", "Cem", " ", None]),
    ),
    min_size=1,
    max_size=40,
)


@given(done_strategy, st.booleans())
@settings(max_examples=20, deadline=None)
def test_hand_overs_are_what_plain_python_says(done: list[Done], has_start: bool) -> None:
    result = crm.hand_offs(crm.from_text("Lead -> Offer"), log=log_of(done, has_start=has_start))
    cases: dict[str, list[Done]] = defaultdict(list)
    for event in done:
        cases[event[0]].append(event)
    waits: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    of_cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    back: dict[tuple[str, str], list[str]] = defaultdict(list)
    handed: dict[tuple[str, str], int] = defaultdict(int)
    for case, listed in cases.items():
        listed.sort(key=lambda event: event[2])
        passes = []
        for one, two in itertools.pairwise(listed):
            giver, taker = ((event[4] or "").strip() for event in (one, two))
            if one[1] is None or two[1] is None or not giver or not taker or giver == taker:
                continue
            start = two[3] if two[3] is not None and two[3] <= two[2] else None
            wait = two[2] - one[2] if not has_start else None if start is None else max(0, start - one[2])
            waits[giver, taker].append(wait)
            of_cases[giver, taker].add(case)
            handed[one[1], two[1]] += 1
            passes.append((giver, taker))
        for one_pass, next_pass in itertools.pairwise(passes):
            if next_pass == one_pass[::-1]:
                back[one_pass].append(case)
    assert set(zip(result.table["source"], result.table["target"], strict=True)) == set(waits)
    for row in result.table.itertuples():
        pair = (row.source, row.target)
        assert (row.n, row.n_cases) == (len(waits[pair]), len(of_cases[pair]))
        assert row.n_source == sum(len(listed) for (giver, _), listed in waits.items() if giver == row.source)
        assert (row.n_returned, row.n_returned_cases) == (len(back[pair]), len(set(back[pair])))
        known = [wait for wait in waits[pair] if wait is not None]
        assert row.n_timed == len(known)
        if known:
            assert abs(row.median_waiting_time / US - percentile(known, 0.5)) <= 1
            assert abs(row.p95_waiting_time / US - percentile(known, 0.95)) <= 1
            assert abs(row.total_waiting_time / MS - sum(known) / 1000) <= 1
        else:
            assert pd.isna(row.median_waiting_time) and pd.isna(row.total_waiting_time)
    for row in result.flows.itertuples():
        assert row.n_handed == handed[row.source, row.target]


# ---- by hand, and as planted -----------------------------------------------------------------------------


def test_what_goes_straight_back_is_ping_pong(m: crm.CrmMap) -> None:
    result = crm.hand_offs(m, log=log_of(by_hands(ABA=10, ABBA=10, ABC=20)))
    table = result.table.set_index(["source", "target"])
    assert table.loc[("A", "B"), ["n", "n_returned", "n_returned_cases"]].tolist() == [40, 20, 20]
    assert table.loc[("B", "A"), "n_returned"] == table.loc[("B", "C"), "n_returned"] == 0
    sentence = result.findings[-1].sentence.replace("\u202f", " ")
    assert sentence == "Ping-pong: B gives back 50 % of what A hands over."


def test_an_event_of_nobody_known_breaks_the_chain(m: crm.CrmMap) -> None:
    done: list[Done] = []
    for case in map(str, range(9)):
        done += [(case, "first", day * DAY, None, who) for day, who in enumerate(["A", "", "B", "A"])]
    table = crm.hand_offs(m, log=log_of(done)).table
    assert table[["source", "target", "n"]].to_numpy().tolist() == [["B", "A", 9]]


def test_teams_of_the_map_hand_over_as_the_planted_paths_say(sample: samples.EventSample) -> None:
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at", "start": "started_at"}
    log = crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW)
    m = crm.discover(log)
    for node, team in TEAMS.items():
        m.graph.nodes[node]["team"] = team
    truth: dict[tuple[str, str], int] = defaultdict(int)
    for path, n in sample.truths["variants"].items():
        for one, two in itertools.pairwise(TEAMS.get(stage.lower()) for stage in path):
            if one and two and one != two:
                truth[one, two] += n
    result = crm.hand_offs(m).show()
    table = result.table.set_index(["source", "target"])
    assert table["n"].to_dict() == truth
    rework = sample.truths["rework"]["n_cases"]
    assert table.loc[("Legal", "Sales"), ["n", "n_cases"]].tolist() == [rework, rework]
    assert table.loc[("Sales", "Legal"), "n_returned"] == rework
    assert result.findings[1].sentence.startswith("Marketing → Sales waits most")
    flows = result.flows.set_index(["source", "target"])
    assert flows.loc[("Demo", "Offer"), ["n_handed", "n_kept"]].tolist() == [0, 1760]
    painted = m.overlays["hand_offs"]
    assert set(painted.flows) == set(flows.loc[flows["n_handed"] > 0, "flow"])
    assert painted.flows[flows.loc[("Qualification", "Demo"), "flow"]].heat == 1.0 and painted.legend is not None
    assert "team of each stage" in result.notes[0]
    result.hide()
    assert "hand_offs" not in m.overlays
    by_owner = crm.hand_offs(m, log=crm.EventLog(sample.events, **columns, attributes=["owner"], now=NOW))
    assert [finding.sentence for finding in by_owner.findings] == ["No work changes hands."]  # one owner a case


def test_a_team_may_be_called_anything(m: crm.CrmMap) -> None:
    m.graph.nodes["first"]["team"], m.graph.nodes["then"]["team"] = "O'{steps} WAITED", "WHO; drop table steps"
    table = crm.hand_offs(m, log=log_of(by_hands(AA=9)), by="team").table
    assert table[["source", "target", "n"]].to_numpy().tolist() == [["O'{steps} WAITED", "WHO; drop table steps", 9]]


def test_who_does_the_work_has_to_be_known(m: crm.CrmMap) -> None:
    done = by_hands(AB=9)
    with pytest.raises(crm.AnalysisError, match="did you mean 'owner'"):
        crm.hand_offs(m, log=log_of(done), by="ownr")
    with pytest.raises(crm.AnalysisError, match="Nothing says who does the work"):
        crm.hand_offs(m, log=log_of(done, who="colour"))
    assert crm.hand_offs(m, log=log_of(done, who="colour"), by="colour").table["n"].tolist() == [9]
    with pytest.raises(crm.AnalysisError, match="by= is the name"):
        crm.hand_offs(m, log=log_of(done), by=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ([], "nothing follows"),
        (by_hands(A=9), "nothing follows"),
        ([(str(i), "first", day * DAY, None, None) for i in range(9) for day in range(2)], "Nobody is known"),
        (by_hands(AA=9), "No work changes hands."),
    ],
)
def test_where_nothing_is_handed_over_that_is_said(done: list[Done], said: str, m: crm.CrmMap) -> None:
    result = crm.hand_offs(m, log=log_of(done)).show()
    assert len(result.table) == 0 and said in result.findings[0].sentence
    json.dumps(result.to_dict(), allow_nan=False)
    json.loads(result.chart().to_json())


# ---- what may be seen ------------------------------------------------------------------------------------


def test_pairs_of_few_cases_are_shown_nowhere(m: crm.CrmMap) -> None:
    result = crm.hand_offs(m, log=log_of(by_hands(AB=40, AX=3, BC=9, CA=20)))
    assert len(result.table) == 4
    rows = {(row["source"], row["target"]): row for row in result.to_dict()["rows"]}
    assert set(rows) == {("A", "B"), ("C", "A")}  # with the 9 beside the 3 their sum tells neither
    assert rows["A", "B"]["n_source"] is rows["A", "B"]["handed_rate"] is None
    seen = json.dumps(result.to_dict()) + result._repr_html_() + str(result.painted) + result.chart().to_json()
    assert "X" not in seen


def test_few_that_come_back_are_not_told(m: crm.CrmMap) -> None:
    for numbers in ({"ABA": 3, "ABC": 20}, {"ABA": 20, "ABC": 3}):
        result = crm.hand_offs(m, log=log_of(by_hands(**numbers)))
        row = next(row for row in result.to_dict()["rows"] if (row["source"], row["target"]) == ("A", "B"))
        assert row["n"] == 23 and row["n_returned"] is row["returned_rate"] is None
        assert not any("Ping-pong" in finding.sentence for finding in result.findings)


# ---- other engines, other data ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [hands.PAIRS_SQL, hands.FLOW_HANDS_SQL, hands.WHOLE_SQL, hands.BACK_SQL])
def test_every_query_can_be_said_in_other_dialects(query: str, dialect: str, m: crm.CrmMap) -> None:
    log = log_of(by_hands(AB=9))
    for has_team in (False, True):
        m.graph.nodes["first"]["team"] = "Sales"
        who, _ = hands.who_sql(m, log, {"first": "first"}, "team" if has_team else None)
        said = in_dialect(log.sql(hands.with_hands(query, log, who)), dialect).lower()  # type: ignore[arg-type]
        for word in ("hash(", "hugeint", "quantile_cont", "approx", "qualify"):
            assert word not in said


def test_the_receipt_log_hands_over_what_pandas_counts(real_data: Path) -> None:
    path = real_data / "eventlogs" / "receipt.csv"
    roles = {"case": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}
    log = crm.EventLog(path, **roles, attributes=["org:resource"], now=NOW)
    table = crm.hand_offs(crm.discover(log)).table
    frame = pd.read_csv(path)
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True, format="ISO8601")
    frame = frame.sort_values(["case:concept:name", "time:timestamp"], kind="stable")
    frame["next"] = frame.groupby("case:concept:name")["org:resource"].shift(-1)
    handed = frame[frame["next"].notna() & (frame["next"] != frame["org:resource"])]
    truth = handed.groupby(["org:resource", "next"]).size().to_dict()
    assert dict(zip(zip(table["source"], table["target"], strict=True), table["n"], strict=True)) == truth
