"""PostgreSQL, Spark and the embedded engine give the same answers to the same rows, and only sums leave a server."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from answers import DAY, NOW, answers, flows, log_of, random_rows
from comparing import same
from event_reference import Row, asked, frame_of, reference

import crmwidget as crm
from crmwidget.errors import DataError

pytestmark = pytest.mark.engines


def test_any_log_gives_the_same_answers_and_those_of_plain_python(lay: Any) -> None:
    frame = random_rows(1)
    options: dict[str, Any] = {"order": "row", "attributes": ["size", "who"], "start": "begun"}
    data, told = lay(frame)
    log, embedded = log_of(data, **options, **told), log_of(frame, **options)
    same(answers(log), answers(embedded))
    same(answers(log.where(who="Ann", size=[0, 1])), answers(embedded.where(who="Ann", size=[0, 1])))
    part, other = (one.where(activity="Won", who=None) for one in (log, embedded))
    assert (part.n_events, part.counts) == (other.n_events, other.counts)
    service = "select sum(at_us - started_us), count(started_us), count(next_started_us) from {steps}"
    assert log.rows(service) == embedded.rows(service)
    pd.testing.assert_frame_equal(log.to_frame(), embedded.to_frame(), check_dtype=False)
    ours, truth = asked(log), reference(_stripped(frame))
    assert (ours.n_events, ours.n_cases) == (truth.n_events, truth.n_cases)
    assert (ours.flows, ours.variants, ours.starts, ours.ends) == (
        truth.flows,
        truth.variants,
        truth.starts,
        truth.ends,
    )


def _stripped(frame: pd.DataFrame) -> list[Row]:
    plain = [column.astype(object).where(column.notna(), None) for column in (frame["case"], frame["activity"])]
    at = [None if pd.isna(moment) else moment.value // 1000 for moment in frame["at"]]
    return [
        (case and case.strip(), activity and activity.strip(), us)
        for case, activity, us in zip(*plain, at, strict=True)
    ]


@pytest.mark.parametrize("options", [{"duplicates": "leave_out", "future": "leave_out", "rename": {"offer": "Offer"}}])
def test_what_is_left_out_and_renamed_is_the_same(lay: Any, options: dict[str, Any]) -> None:
    rows: list[Row] = [("a", "Lead", 0), ("a", "Lead", 0), ("a", "offer", DAY), ("a", "Won", 9 * DAY)]
    rows += [("b", "Lead", 1), ("b", "Offer", 1), ("b", "Offer", 1), ("b", None, 1), ("b", "Won", 9 * DAY)]
    frame = frame_of(rows).assign(row=range(len(rows)))
    options = {**options, "order": "row", "now": dt.datetime(1970, 1, 5, tzinfo=dt.UTC)}
    data, told = lay(frame)
    log = log_of(data, **options, **told)
    same(answers(log, coverage=1), answers(log_of(frame, **options), coverage=1))
    assert {"duplicate_left_out", "future_left_out", "renamed"} <= set(log.issues["issue"])


def test_without_an_order_ties_follow_the_first_appearance_of_their_activities(lay: Any) -> None:
    """A server's table has no order of rows: the answer must not hang on the one in which they happen to lie."""
    rows: list[Row] = [("a", "Won", 5), ("a", "Lead", 5), ("a", "Offer", 5), ("b", "Lead", 1), ("b", "Offer", 2)]
    rows += [("b", "Won", 3), ("c", "Zeal", 3), ("c", "Älter", 3), ("c", "apt", 3), ("c", "Lead", 3)]
    frame = frame_of(rows)
    first = frame.groupby("activity")["at"].min()
    rank = {name: i for i, name in enumerate(sorted(first.index, key=lambda name: (first[name], name)))}
    in_order = frame.assign(rank=frame["activity"].map(rank)).sort_values(["at", "rank"], ignore_index=True)
    data, told = lay(in_order if not _is_remote(lay, frame) else frame.sample(frac=1, random_state=3))
    log, embedded = log_of(data, **told), log_of(in_order)
    told_issues, theirs = (answers(one, coverage=1) for one in (log, embedded))
    same({**told_issues, "issues": []}, {**theirs, "issues": []})
    assert asked(log).flows["Lead", "Offer"] == 2
    if told:
        assert "order= names a column" in " ".join(log.issues["sentence"])


def _is_remote(lay: Any, frame: pd.DataFrame) -> bool:
    return not isinstance(lay(frame)[0], pd.DataFrame)


BERLIN = [
    ("a", "Lead", "2024-03-31 01:59:59.999999"),
    ("a", "Offer", "2024-03-31 02:30:00"),  # skipped
    ("a", "Won", "2024-03-31 03:00:00"),
    ("b", "Lead", "2024-10-27 02:15:00.000001"),  # twice
    ("b", "Offer", "2024-10-27 03:00:00"),
    ("b", "Won", None),
    ("c", "Lead", "1893-03-31 23:59:59"),  # the zone's own clock before
    ("c", "Won", "1969-12-31 23:59:59.999999"),
]


@pytest.mark.parametrize("form", ["local", "zoned", "days"])
def test_times_are_the_same_whatever_the_zone_of_the_data_the_server_and_the_session(lay: Any, form: str) -> None:
    frame = pd.DataFrame(BERLIN, columns=["case", "activity", "at"]).assign(row=range(len(BERLIN)))
    at = pd.to_datetime(frame["at"], format="ISO8601").dt.as_unit("us")
    options: dict[str, Any] = {"order": "row", "time_zone": "Europe/Berlin"}
    if form == "zoned":
        at = at.dt.tz_localize("America/Sao_Paulo", nonexistent="shift_forward", ambiguous=True).dt.tz_convert("UTC")
    frame["at"] = at if form != "days" else at.dt.date
    data, told = lay(frame)
    log, embedded = log_of(data, **options, **told), log_of(frame, **options)
    same(answers(log, coverage=1), answers(embedded, coverage=1))
    moments = "select a.label, s.at_us from {steps} s join activities a on a.activity = s.activity order by 2, 1"
    assert log.rows(moments) == embedded.rows(moments)
    if form == "local":
        found = dict(zip(log.issues["issue"], log.issues["n_events"], strict=True))
        assert (found["repeated_hour"], found["skipped_hour"]) == (1, 1)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("whole", [7, 7, 8, 8]),
        ("parts", [7.0, 7.0, 8.5, float("nan")]),
        ("truth", [True, True, False, False]),
    ],
)
def test_cases_may_be_numbers(lay: Any, column: str, values: list[Any]) -> None:
    frame = frame_of([("", "Lead", 0), ("", "Won", 1), ("", "Lead", 0), ("", "Won", 1)]).assign(
        **{column: values, "row": range(4)}
    )
    data, told = lay(frame)
    options = {"case": column, "order": "row"}
    log, embedded = log_of(data, **options, **told), log_of(frame, **options)
    same(answers(log, coverage=1), answers(embedded, coverage=1))
    assert log.to_frame()["case"].tolist() == embedded.to_frame()["case"].tolist()


def test_columns_may_have_any_name(lay: Any) -> None:
    frame = frame_of([("a", "Lead", 0), ("a", "Won", 1)]).set_axis(["row.no", "act`ivity", "raw 100%"], axis=1)
    data, told = lay(frame.assign(activity=1, steps=2))
    roles = {"case": "row.no", "activity": "act`ivity", "timestamp": "raw 100%"}
    log = crm.EventLog(data, **roles, attributes=["activity", "steps"], now=NOW, **told)
    assert asked(log).variants == {("Lead", "Won"): 1}
    assert log.where(steps=2).n_cases == 1


# ---- what comes back -------------------------------------------------------------------------------------


def large(n_cases: int) -> pd.DataFrame:
    """Many cases of few paths, in rows that are no path's order."""
    paths = [("Lead", "Offer", "Won"), ("Lead", "Lost"), ("Lead", "Offer", "Lost"), ("Lead", "Offer", "Offer", "Won")]
    draw = np.random.default_rng(5)
    rows = [
        (f"C{case}", activity, place * DAY + int(draw.integers(DAY)))
        for case in range(n_cases)
        for place, activity in enumerate(paths[case % len(paths)])
    ]
    frame = frame_of(rows).assign(size=range(len(rows)), row=range(len(rows)))
    return frame.sample(frac=1, random_state=1)


def test_only_sums_come_back_so_that_a_larger_log_brings_no_more_rows(lay: Any) -> None:
    fetched = []
    for n_cases in (200, 2000):
        frame = large(n_cases)
        data, told = lay(frame)
        log = log_of(data, attributes=["size"], order="row", **told)
        answers(log)
        answers(log.where(activity="Offer"), coverage=1)
        assert log.n_events == len(frame)
        fetched.append(log.fetched_rows)
    assert fetched[0] == fetched[1] < 200


def test_the_real_log_gives_the_same_answers(lay: Any, real_data: Path) -> None:
    frame = pd.read_csv(real_data / "eventlogs" / "receipt.csv")
    frame = frame[["case:concept:name", "concept:name", "time:timestamp", "org:group"]].set_axis(
        ["case", "activity", "at", "group"], axis=1
    )
    frame["at"] = pd.to_datetime(frame["at"], utc=True).dt.as_unit("us")
    frame = frame.assign(row=range(len(frame)))
    data, told = lay(frame)
    log, embedded = (
        log_of(one, order="row", attributes=["group"], **more) for one, more in ((data, told), (frame, {}))
    )
    same(answers(log, coverage=0.8), answers(embedded, coverage=0.8))
    assert (log.n_cases, log.n_events, len(log.activities)) == (1434, 8577, 27)
    part, other = log.where(group="Group 1"), embedded.where(group="Group 1")
    same(answers(part), answers(other))


def test_a_value_of_another_type_is_said_without_it(lay: Any) -> None:
    data, told = lay(frame_of([("a", "Lead", 0)]).assign(size=1))
    log = log_of(data, attributes=["size"], **told)
    with pytest.raises(DataError, match="of another type: size holds BIGINT") as error:
        log.where(size="secret")
    assert "secret" not in str(error.value)
    assert log.where(size=1).n_cases == 1


def test_a_column_that_is_not_there_is_said_with_the_nearest(lay: Any) -> None:
    data, told = lay(frame_of([("a", "Lead", 0)]))
    with pytest.raises(DataError, match="no case column 'cas'; did you mean 'case'"):
        log_of(data, case="cas", **told)
    data, told = lay(frame_of([("a", "Lead", 0)]).assign(at=5))
    with pytest.raises(DataError, match="holds BIGINT, not times"):
        log_of(data, **told)


# ---- a cluster -------------------------------------------------------------------------------------------


def test_a_cluster_of_two_workers_gives_the_same_answers(spark: Any, tmp_path: Path) -> None:
    """Executors in processes of their own: what is kept lies with them, and goes over the wire between them."""
    frame = random_rows(4)
    path = tmp_path / "events.parquet"
    frame.to_parquet(path, index=False)
    script = Path(__file__).with_name("answers.py")
    ran = subprocess.run(
        [sys.executable, script, "local-cluster[2,1,1024]", path],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=_cluster_environment(),
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    embedded = log_of(frame, order="row")
    same(told["answers"], json.loads(json.dumps(flows(embedded))))


def _cluster_environment() -> dict[str, str]:
    import pyspark

    return {**os.environ, "SPARK_HOME": str(Path(pyspark.__file__).parent), "PYTHONPATH": os.pathsep.join(sys.path)}
