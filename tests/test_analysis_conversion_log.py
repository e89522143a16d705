"""Conversion from a log: as plain Python counts it, as it was planted; nothing of few follows from what is shown."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from event_reference import cases_of
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.analysis.conversion_log import asked_of, flow_table, stage_table, window_of
from crmwidget.analysis.conversion_log_shown import held_back, public_table
from crmwidget.analysis.conversion_visits import CASES_SQL, VISITS_SQL, Visits
from crmwidget.data import samples
from crmwidget.data.dialects import in_dialect
from crmwidget.errors import AnalysisError
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
SegmentRow = tuple[str, str | None, int, str | None]  # case, activity, microseconds since 1970, segment


def log_of(rows: list[SegmentRow], **options: Any) -> crm.EventLog:
    frame = pd.DataFrame(
        {
            "case": pd.Series([row[0] for row in rows], dtype="str"),
            "activity": pd.Series([row[1] for row in rows], dtype="str"),
            "at": pd.to_datetime(pd.Series([row[2] for row in rows], dtype="Int64"), unit="us").astype(
                "datetime64[us]"
            ),
            "segment": pd.Series([row[3] for row in rows], dtype="str"),
        }
    )
    columns = {"case": "case", "activity": "activity", "timestamp": "at"}
    return crm.EventLog(frame, **columns, attributes=["segment"], now=NOW, **options)


def paths(segment: str | None = None, **n_of: int) -> list[SegmentRow]:
    """`paths(LOW=3)`: 3 cases that go through L, O and W, a day apart."""
    return [
        (f"{path}{segment}{i}", letter, day * DAY, segment)
        for path, n in n_of.items()
        for i in range(n)
        for day, letter in enumerate(path)
    ]


# ---- the long way ----------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """A visit: of which case, where, when, and what came next and when (None: nothing, or it is not known)."""

    case: str
    stage: str
    since: int
    target: str | None
    until: int | None
    stays: bool


def visits_of(rows: list[SegmentRow], visits: Visits) -> list[Seen]:
    found: list[Seen] = []
    for case, events in cases_of([(*row[:3], None) for row in rows]).items():
        runs: list[list[Any]] = []  # stage, since, last place
        for place, (_, activity, at, _) in enumerate(events):
            if activity is None:
                continue
            if not runs or runs[-1][0] != activity or runs[-1][2] != place - 1:
                runs.append([activity, at, place])
            runs[-1][2] = place
        last = max(place for place, event in enumerate(events) if event[1] is not None)
        known: set[str] = set()
        for run, after in itertools.zip_longest(runs, runs[1:]):
            stage, since, place = run
            follows = events[place + 1] if place + 1 < len(events) and events[place + 1][1] is not None else None
            target, until = (follows[1], follows[2]) if follows else (None, None)
            if visits == "every" or stage not in known:
                found.append(Seen(case, stage, since, target, until, target is None and place == last))
            known.add(stage)
            assert target is None or after[0] == target
    return found


def counts_of(seen: list[Seen], ended: dict[str, str], window: int, until: int) -> dict[str, int]:
    lost = {seen_one.target for seen_one in seen} & {"Lost"}
    is_seen = [v for v in seen if v.since + window <= until and (v.target is not None or v.stays)]
    in_time = [v for v in is_seen if v.until is not None and v.until - v.since <= window]
    ending = [ended.get(v.case, "open") for v in seen]
    return {
        "n_entered": len(seen),
        "n_forward": sum(v.target is not None and v.target not in lost for v in seen),
        "n_lost_here": sum(v.target in lost for v in seen),
        "n_open": sum(v.stays and ended.get(v.case, "open") == "open" for v in seen),
        "n_ended": sum(v.stays and ended.get(v.case, "open") != "open" for v in seen),
        "n_unknown": sum(v.target is None and not v.stays for v in seen),
        "n_left": sum(v.target is not None for v in seen),
        "n_won": ending.count("Won"),
        "n_lost": ending.count("Lost"),
        "n_closed": ending.count("Won") + ending.count("Lost"),
        "n_under_way": ending.count("open"),
        "n_observed": len(is_seen),
        "n_in_time": sum(v.target not in lost for v in in_time),
        "n_lost_in_time": sum(v.target in lost for v in in_time),
        "n_late": len(is_seen) - len(in_time),
    }


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["Lead", "Offer", "Won", "Lost", None]),
        st.integers(0, 9).map(lambda day: day * DAY + day % 2),
        st.sampled_from(["X", "Y", None]),
    ),
    min_size=1,
    max_size=40,
).filter(lambda rows: {"Won", "Lost"} <= {row[1] for row in rows})


@given(rows_strategy, st.sampled_from(["first", "every"]), st.booleans(), st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_the_numbers_are_what_plain_python_says(
    rows: list[SegmentRow], visits: Visits, is_split: bool, days: int
) -> None:
    log = log_of(rows, ends=["Won", "Lost"])
    by = "segment" if is_split else None
    result = crm.conversion(crm.from_text("Lead -> Won"), log=log, within=f"{days} days", visits=visits, by=by)
    seen = visits_of(rows, visits)
    known = sorted((row for row in rows if row[1] is not None), key=lambda row: row[2])
    until, first, last = known[-1][2], {}, {}
    for case, activity, _, segment in known:
        first.setdefault(case, segment or "missing")
        last[case] = activity
    ended = {case: str(activity) for case, activity in last.items() if activity in ("Won", "Lost")}
    groups: dict[tuple[Any, ...], list[Seen]] = defaultdict(list)
    for visit in seen:
        groups[(visit.stage, first[visit.case]) if is_split else (visit.stage,)].append(visit)
    keys = ["activity", "segment"] if is_split else ["activity"]
    assert result.table["n_entered"].sum() == len(seen)
    for row in result.table.to_dict("records"):
        here = groups.get(tuple(row[key] for key in keys), [])
        truth = counts_of(here, ended, days * DAY, until)
        assert {name: row[name] for name in truth} == truth
        parts = ("n_forward", "n_lost_here", "n_open", "n_ended", "n_unknown")
        assert sum(row[name] for name in parts) == row["n_entered"]
        assert row["n_won"] + row["n_lost"] + row["n_under_way"] == row["n_entered"]
        if row["activity"] in ("Won", "Lost") or not truth["n_observed"]:
            assert pd.isna(row["in_time_rate"])
        else:
            assert row["in_time_rate"] == truth["n_in_time"] / truth["n_observed"]
    assert result.flows is not None
    assert result.flows["n_taken"].sum() == sum(visit.target is not None for visit in seen)
    for row in result.flows.to_dict("records"):
        here = groups.get(tuple(row[{"activity": "source"}.get(key, key)] for key in keys), [])
        there = [visit for visit in here if visit.target == row["target"]]
        in_time = [v for v in there if v.since + days * DAY <= until and v.until - v.since <= days * DAY]  # type: ignore[operator]
        assert (row["n_taken"], row["n_source_entered"], row["n_in_time"]) == (len(there), len(here), len(in_time))


# ---- what may be seen ------------------------------------------------------------------------------------


WAY = MapModel(
    Elements(
        nodes={
            name: {"kind": "stage", "label": name, **more}
            for name, more in (("L", {}), ("O", {}), ("C", {}), ("W", {"outcome": "won"}), ("X", {"outcome": "lost"}))
        },
    )
)


def all_ways(kinds: Iterable[tuple[str, str]], longest: int = 6) -> list[tuple[str, str]]:
    """All ways that cases could have taken, by segment: from where any begins, over flows that any took, to any end.

    That is what somebody knows who sees which flows there are, and not which of them a case took together.
    """
    found: dict[tuple[str, str], None] = dict.fromkeys(kinds)
    for segment in {kind[1] for kind in kinds}:
        ways = [way for way, its in kinds if its == segment]
        flows = {pair for way in ways for pair in itertools.pairwise(way)}
        begun = sorted({way[0] for way in ways})
        while begun:
            found |= {(way, segment): None for way in begun if way[-1] in {other[-1] for other in ways}}
            begun = sorted({way + b for way in begun for a, b in flows if way[-1] == a and len(way) < longest})
    return list(found)


def shown_sums(
    log: crm.EventLog, kinds: list[tuple[str, str]], visits: Visits, public: list[tuple[pd.DataFrame, bool]]
) -> tuple[list[np.ndarray[Any, Any]], list[tuple[str, np.ndarray[Any, Any]]]]:
    """What the shown counts say, and all counts there are, each as a sum over kinds of cases (path, segment)."""
    by_kind = {
        kind: visits_of([("case", letter, day, None) for day, letter in enumerate(kind[0])], visits) for kind in kinds
    }
    ended = {kind: {"W": "Won", "X": "Lost"}.get(kind[0][-1], "open") for kind in kinds}
    known, every = ([np.ones(len(kinds))] if log.n_cases >= 5 else [np.zeros(len(kinds))]), []
    for table, is_split in public:
        for row in table.to_dict("records"):
            stage = row.get("activity", row.get("source"))
            for name in (name for name in row if name.startswith("n_")):
                sums = np.zeros(len(kinds))
                for place, kind in enumerate(kinds):
                    if is_split and row["segment"] != kind[1]:
                        continue
                    seen = [visit for visit in by_kind[kind] if visit.stage == stage]
                    if "target" in row and name == "n_taken":
                        sums[place] = sum(visit.target == row["target"] for visit in seen)
                        continue
                    lettered = [
                        visit._replace(target={"X": "Lost"}.get(str(visit.target), visit.target)) for visit in seen
                    ]
                    counts = counts_of(lettered, {"case": ended[kind]}, 0, 0)
                    sums[place] = counts[name.replace("n_source_", "n_")]
                every.append((f"{name} of {stage} {row.get('target', '')} {row.get('segment', '')}", sums))
                if pd.notna(row[name]):
                    known.append(sums)
    return known, every


@given(
    st.dictionaries(
        st.tuples(st.text("LOC", min_size=1, max_size=4), st.sampled_from(["", "W", "X"]), st.sampled_from("AB")),
        st.sampled_from([1, 3, 9, 20, 50]),
        min_size=2,
        max_size=7,
    ),
    st.sampled_from(["first", "every"]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_no_count_of_few_follows_from_those_that_are_shown(
    given_kinds: dict[tuple[str, str, str], int], visits: Visits, is_split: bool
) -> None:
    """Linear algebra over kinds of cases as the oracle; it knows nothing of how it is found what to hold back."""
    n_of: dict[tuple[str, str], int] = defaultdict(int)
    for (way, end, segment), n in given_kinds.items():
        letters = [letter for letter, _ in itertools.groupby(way + end)]
        path = "".join(letters)
        n_of[path, segment if is_split else "all"] += n
    rows = [row for (path, segment), n in n_of.items() for row in paths(segment, **{path: n})]
    log = log_of(rows, ends=[name for name in "WX" if any(row[1] == name for row in rows)])
    asked, _ = asked_of(WAY, log=log, by="segment" if is_split else None, within=None, visits=visits)
    held = held_back(asked)
    public: list[tuple[pd.DataFrame, bool]] = []
    for split in {False, is_split}:  # with segments all together are shown too, on the map
        tables = stage_table(asked, {}, split=split), flow_table(WAY, asked, {}, split=split)
        public += [(public_table(asked, table, held), split) for table in tables]
    kinds = all_ways(n_of)
    sizes = np.array([n_of.get(kind, 0) for kind in kinds])
    known, every = shown_sums(log, kinds, visits, public)
    rank = np.linalg.matrix_rank(np.array(known))
    for name, sums in every:
        if 0 < sums @ sizes < 5:
            more = np.linalg.matrix_rank(np.array([*known, sums]))
            assert more > rank, f"{name} follows from what is shown: {n_of}"


def test_few_that_are_lost_are_shown_nowhere_and_nor_is_what_they_follow_from() -> None:
    m = crm.discover(log := log_of(paths(LOW=60, LX=3, LO=20), ends=["W", "X"]))
    m.update("x", outcome="lost")
    result = crm.conversion(m, log=log).show()
    lead = result.to_dict()["rows"][0]
    assert (lead["n_entered"], lead["n_lost_here"], lead["lost_rate"], lead["n_forward"]) == (83, None, None, None)
    rows = {row["activity"]: row for row in result.to_dict()["rows"]}
    assert rows["O"]["n_entered"] is None  # 83 - 80 would tell
    assert result.table.set_index("activity").loc["L", "n_lost_here"] == 3
    assert m.overlays["conversion"].nodes["x"].text == "… lost"
    said = json.dumps(result.to_dict(), allow_nan=False, default=str) + repr(m.overlays["conversion"])
    assert "3.6" not in said and " 3 " not in said


# ---- by hand, and as planted -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> samples.EventSample:
    return samples.events()


@pytest.fixture(scope="module")
def planted(sample: samples.EventSample) -> crm.EventLog:
    columns = {"case": "case_id", "activity": "activity", "timestamp": "finished_at", "attributes": ["segment"]}
    return crm.EventLog(sample.events, **columns, ends=sample.ends, now=NOW)


def test_the_planted_losses_skips_and_open_cases_are_named_exactly(
    sample: samples.EventSample, planted: crm.EventLog
) -> None:
    m = crm.discover(planted)
    result = crm.conversion(m).show()  # no table says stages, so the log is asked
    table = result.table.set_index("activity")
    truth = sample.truths
    assert table.loc["Offer", ["n_entered", "n_open", "n_under_way"]].tolist() == [2000, truth["open"]["n_cases"], 100]
    assert table.loc["Demo", "n_entered"] == 2000 - truth["skip"]["n_cases"]
    assert table.loc["Contract", ["n_won", "n_lost", "n_open", "win_rate_of_closed"]].tolist() == [1425, 475, 0, 0.75]
    assert result.flows is not None
    flows = result.flows.set_index(["source", "target"])
    assert flows.loc[("Qualification", "Offer"), ["n_taken", "taken_rate"]].tolist() == [240, 0.12]
    assert flows.loc[("Contract", "Offer"), "n_taken"] == truth["rework"]["n_cases"]
    assert result.findings[0].sentence.replace("\u202f", " ") == "Contract loses the most: 23 % of those that enter."
    assert m.overlays["conversion"].nodes["contract"].text.replace("\u202f", " ") == "1 900 · 23 % lost"
    every = crm.conversion(m, visits="every").table.set_index("activity")
    assert every.loc["Offer", "n_entered"] == 2000 + truth["rework"]["n_cases"]
    assert every.loc["Contract", "n_lost_here"] == 475  # those who came back are lost later too


def test_the_planted_slow_flow_is_the_one_that_is_late(sample: samples.EventSample, planted: crm.EventLog) -> None:
    result = crm.conversion(crm.discover(planted), within=dt.timedelta(days=30))
    row = result.table.set_index("activity").loc[sample.truths["slow_flow"]["source"]]
    assert row["late_rate"] == row["n_late"] / row["n_observed"] == result.table["late_rate"].max()
    (late,) = [finding for finding in result.findings if "after" in finding.sentence]
    assert late.sentence.startswith("At Qualification most are still there after 30")


def test_segments_add_up_to_all_and_have_a_row_at_each_stage(planted: crm.EventLog) -> None:
    m = crm.discover(planted)
    split, whole = crm.conversion(m, by="segment"), crm.conversion(m)
    assert len(split.table) == 3 * len(whole.table)
    counts = [name for name in whole.table if name.startswith("n_")]
    sums = split.table.groupby("activity")[counts].sum().loc[whole.table["activity"]]
    assert (sums.to_numpy() == whole.table[counts].to_numpy()).all()
    assert split.painted.nodes["contract"].text == whole.painted.nodes["contract"].text  # all together on the map
    assert split.painted.table is not None and split.painted.table.columns[:2] == ["Stage", "segment"]


def test_an_open_case_is_never_lost_and_who_entered_lately_is_not_late() -> None:
    rows: list[SegmentRow] = [(f"old{i}", "L", 0, None) for i in range(10)]
    rows += [(f"old{i}", "W", 2 * DAY, None) for i in range(6)]
    rows += [(f"new{i}", "L", 95 * DAY, None) for i in range(20)] + [("last", "L", 100 * DAY, None)]
    table = crm.conversion(crm.from_text("L -> W"), log=log_of(rows, ends=["W"]), within="10 days").table
    row = table.set_index("activity").loc["L"]
    assert (row["n_entered"], row["n_forward"], row["n_open"]) == (31, 6, 25)
    assert pd.isna(row["n_lost_here"])  # no activity means lost
    assert (row["n_observed"], row["n_in_time"], row["n_late"], row["in_time_rate"]) == (10, 6, 4, 0.6)
    assert row["forward_of_left"] == 1.0


def test_a_window_ends_with_its_last_moment() -> None:
    log = log_of([*paths(LW=6), ("z", "L", 30 * DAY, None)], ends=["W"])
    m = crm.from_text("L -> W")
    rates = [
        crm.conversion(m, log=log, within=within).table.set_index("activity").loc["L", "n_in_time"]
        for within in ("1 day", "23 hours", dt.timedelta(days=1, microseconds=-1), "30 days")
    ]
    assert rates == [6, 0, 0, 6]


def test_a_stage_repeated_directly_is_one_visit_and_a_gap_hides_where_it_went() -> None:
    rows: list[SegmentRow] = [*paths(LLOLW=6)]
    rows += [(f"gap{i}", letter, day * DAY, None) for i in range(5) for day, letter in enumerate(["L", None, "O"])]
    m, log = crm.from_text("L -> O -> W"), log_of(rows, ends=["W"])
    first = crm.conversion(m, log=log).table.set_index("activity")
    every = crm.conversion(m, log=log, visits="every").table.set_index("activity")
    assert first.loc["L", ["n_entered", "n_forward", "n_unknown", "n_open"]].tolist() == [11, 6, 5, 0]
    assert every.loc["L", ["n_entered", "n_forward", "n_unknown", "n_open"]].tolist() == [17, 12, 5, 0]
    flows = crm.conversion(m, log=log, visits="every").flows
    assert flows is not None and set(zip(flows["source"], flows["target"], strict=True)) == {
        ("L", "O"),
        ("O", "L"),
        ("L", "W"),
    }


def test_where_nothing_says_what_closes_a_case_all_are_open_and_that_is_said() -> None:
    result = crm.conversion(crm.from_text("L -> O"), log=log_of(paths(LO=9)))
    assert result.table.set_index("activity").loc["O", ["n_open", "n_ended"]].tolist() == [9, 0]
    assert result.table["n_won"].isna().all() and result.table["lost_rate"].isna().all()
    assert any("each is open at its last stage" in note for note in result.notes)


def test_a_missing_segment_is_one_of_its_own_and_never_mixed_up_with_a_value_of_that_name() -> None:
    log = log_of([*paths("missing", LO=9), *paths(None, LO=7), *paths("A", LO=8)])
    table = crm.conversion(crm.from_text("L -> O"), log=log, by="segment").table
    assert dict(zip(table["segment"], table["n_entered"], strict=True)) == {"A": 8, "missing": 9, "(missing)": 7}


# ---- which is asked --------------------------------------------------------------------------------------


def both(m: MapModel | None = None) -> Any:
    m = crm.from_text("L -> O -> W")
    m.attach(pd.DataFrame({"stage": ["L"] * 20 + ["O"] * 10}), stage="stage")
    m.attach(log_of(paths(LOW=30), ends=["W"]))
    return m


def test_with_both_attached_the_table_is_asked_unless_the_log_is_meant() -> None:
    m = both()
    by_table = crm.conversion(m)
    assert by_table.table["n_entered"].tolist()[0] == 30 and "label" in by_table.table
    assert any("log= asks" in note for note in by_table.notes)
    for options in ({"log": "log"}, {"within": "3 days"}, {"by": "segment"}, {"visits": "every"}):
        assert "activity" in crm.conversion(m, **options).table
    with pytest.raises(AnalysisError, match="give one kind"):
        crm.conversion(m, table="table", within="3 days")


def test_a_table_that_says_no_stage_does_not_stand_in_the_way_of_a_log() -> None:
    m = crm.from_text("L -> O -> W")
    m.attach(log_of(paths(LOW=30), ends=["W"]))
    m.attach(pd.DataFrame({"colour": ["red", "blue"]}))
    assert "activity" in crm.conversion(m).table


@pytest.mark.parametrize("options", [{}, {"by": "segment"}])
def test_the_filter_of_the_map_narrows_the_log_and_is_said(options: dict[str, Any]) -> None:
    m = crm.from_text("L -> O -> W")
    m.attach(log_of([*paths("A", LOW=30), *paths("B", LO=20)], ends=["W"]))
    m.filter(segment="A")
    result = crm.conversion(m, **options)
    assert result.table["n_entered"].tolist() == [30, 30, 30]
    assert result.notes[0].startswith("Filtered: 30 of 50 cases")
    table = both()
    table.filter(segment=None)
    assert crm.conversion(table).notes[0] == "table has no column segment: shown unfiltered (segment missing)."


@pytest.mark.parametrize("within", ["soon", "0 days", "-3 days", 30, "3 months", dt.timedelta(0)])
def test_a_window_that_is_none_is_refused_with_what_is_allowed(within: object) -> None:
    with pytest.raises(AnalysisError, match="'30 days'"):
        window_of(within)


def test_what_cannot_be_asked_is_said_with_the_nearest() -> None:
    log = log_of([*paths("A", LOW=9)])
    m = crm.from_text("L -> O -> W")
    with pytest.raises(AnalysisError, match="did you mean 'segment'"):
        crm.conversion(m, log=log, by="segmnt")
    with pytest.raises(AnalysisError, match="did you mean 'every'"):
        crm.conversion(m, log=log, visits="evry")  # type: ignore[arg-type]
    many = log_of([row for i in range(13) for row in paths(f"s{i}", LO=1)])
    with pytest.raises(AnalysisError, match="13 values"):
        crm.conversion(m, log=many, by="segment")
    with pytest.raises(AnalysisError, match="No event log is attached"):
        crm.conversion(m, within="3 days")


def test_an_empty_log_has_no_rows_and_says_so() -> None:
    result = crm.conversion(crm.from_text("L -> W"), log=log_of([]), within="1 day").show()
    assert len(result.table) == 0 and result.findings[0].sentence == "The log has no event."
    json.dumps(result.to_dict(), allow_nan=False)


# ---- other engines, other data ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
@pytest.mark.parametrize("query", [VISITS_SQL, CASES_SQL])
def test_every_query_can_be_said_in_other_dialects(query: str, dialect: str) -> None:
    log = log_of(paths("A", LW=5), ends=["W"])
    for word in ("ENDING", "WATCHED", "SEGMENTS"):
        query = query.replace(word, "0" if word != "SEGMENTS" else "")
    query = query.replace("CHOSEN", "nth = 1").replace("SEGMENT", "case_id % 2")
    said = in_dialect(log.where(activity="W").sql(query), dialect).lower()  # type: ignore[arg-type]
    for word in ("hash(", "hugeint", "approx", "qualify"):
        assert word not in said


def test_the_receipt_log_enters_and_goes_on_as_pandas_counts(real_data: Path) -> None:
    path = real_data / "eventlogs" / "receipt.csv"
    log = crm.EventLog(path, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    result = crm.conversion(crm.discover(log), within="7 days")
    frame = pd.read_csv(path)
    frame["at"] = pd.to_datetime(frame["time:timestamp"], format="ISO8601", utc=True)
    frame = frame.sort_values("at", kind="stable")
    case, activity = frame["case:concept:name"], frame["concept:name"]
    runs = frame[activity != activity.groupby(case).shift()]
    case = runs["case:concept:name"]
    runs = runs.assign(next=runs.groupby(case)["concept:name"].shift(-1), until=runs.groupby(case)["at"].shift(-1))
    first = runs.drop_duplicates(["case:concept:name", "concept:name"])
    week = pd.Timedelta(days=7)
    first = first.assign(is_observed=first["at"] + week <= frame["at"].max())
    first["is_in_time"] = first["is_observed"] & (first["until"] - first["at"] <= week)
    table = result.table.set_index("activity")
    by_stage = first.groupby("concept:name")
    assert table["n_entered"].to_dict() == by_stage.size().to_dict()
    assert table["n_observed"].to_dict() == by_stage["is_observed"].sum().to_dict()
    assert table["n_in_time"].to_dict() == by_stage["is_in_time"].sum().to_dict()
    assert result.flows is not None
    taken = first[first["next"].notna()].groupby(["concept:name", "next"]).size()
    assert result.flows.set_index(["source", "target"])["n_taken"].to_dict() == taken.to_dict()
