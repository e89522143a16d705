"""An event log says what its rows say: compared with plain Python, on odd data, from every kind of source."""

from __future__ import annotations

import copy
import datetime as dt
import gc
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from event_reference import Reference, Row, asked, frame_of, reference
from hypothesis import given, settings
from hypothesis import strategies as st

from crmwidget.data.event_log import EventLog
from crmwidget.errors import CancelledError, DataError

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
ROLES = {"case": "case", "activity": "activity", "timestamp": "at"}


def log_of(data: object, **options: Any) -> EventLog:
    return EventLog(data, **{**ROLES, "now": NOW, **options})


def rows_of(*texts: str) -> list[Row]:
    """`rows_of("a:LOW", "b:LW")`: cases with an event a day, one letter each."""
    return [(text[0], letter, i * DAY) for text in texts for i, letter in enumerate(text[2:])]


def issues(log: EventLog) -> dict[str, tuple[int | None, int | None]]:
    table = log.issues
    counts = table[["n_events", "n_cases"]].astype(object).where(table[["n_events", "n_cases"]].notna(), None)
    return {kind: (n, c) for kind, n, c in zip(table["issue"], counts["n_events"], counts["n_cases"], strict=True)}


def same(log: EventLog, rows: list[Row]) -> None:
    ours, theirs = asked(log), reference(rows)
    assert (ours.n_events, ours.n_cases) == (theirs.n_events, theirs.n_cases)
    assert ours.flows == theirs.flows
    assert {pair: len(cases) for pair, cases in ours.flow_cases.items()} == {
        pair: len(cases) for pair, cases in theirs.flow_cases.items()
    }
    for mine, other in ((ours.durations, theirs.durations), (ours.spans, theirs.spans)):
        assert {key: sorted(values) for key, values in mine.items()} == {
            key: sorted(values) for key, values in other.items()
        }
    assert (ours.starts, ours.ends, ours.variants) == (theirs.starts, theirs.ends, theirs.variants)


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "a", "b", "b", None]),
        st.sampled_from(["Lead", "Offer", "Won", "Lost", "Lead", "Offer", None]),
        st.sampled_from([0, 0, DAY, DAY, 2 * DAY, -1, None]),  # many at the same time
    ),
    max_size=40,
)


@given(rows_strategy)
@settings(max_examples=40, deadline=None)
def test_any_log_says_what_plain_python_says(rows: list[Row]) -> None:
    same(log_of(frame_of(rows)), rows)


@given(rows_strategy, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_rows_of_different_times_may_come_in_any_order(rows: list[Row], draw: Any) -> None:
    apart = [(case, activity, None if at is None else at * 100 + i) for i, (case, activity, at) in enumerate(rows)]
    shuffled = list(apart)
    draw.shuffle(shuffled)
    assert asked(log_of(frame_of(shuffled))).variants == reference(apart).variants


def test_same_times_keep_the_order_of_the_rows_and_are_counted() -> None:
    rows: list[Row] = [("a", "Lead", 0), ("a", "Offer", 0), ("a", "Won", 0), ("b", "Offer", 0), ("b", "Lead", 0)]
    log = log_of(frame_of(rows))
    assert asked(log).flows == {("Lead", "Offer"): 1, ("Offer", "Won"): 1, ("Offer", "Lead"): 1}
    assert issues(log)["same_time"] == (3, 2)
    assert asked(log).durations["Lead", "Offer"] == [0]


def test_a_column_may_order_events_of_the_same_time() -> None:
    frame = frame_of([("a", "Won", 0), ("a", "Lead", 0)]).assign(step=[2, 1])
    assert asked(log_of(frame, order="step")).flows == {("Lead", "Won"): 1}


def test_nulls_are_counted_and_make_no_flow() -> None:
    rows: list[Row] = [
        ("a", "Lead", 0),
        ("a", None, DAY),
        ("a", "Won", 2 * DAY),
        ("b", "Lead", 0),
        ("b", "Offer", None),
        (None, "Lead", 0),
        (None, "Won", DAY),
        ("c", "Lost", None),
        (" ", "Won", 0),
    ]
    log = log_of(frame_of(rows))
    assert asked(log).flows == {}
    assert log.rows("select count(next_activity), count(next_at_us) from {steps}") == [(0, 0)]
    assert log.n_cases == 2
    found = issues(log)
    assert found["missing_case"] == (3, None)
    assert found["missing_activity"] == (1, 1)
    assert found["missing_time"] == (2, 2)
    assert found["undated_case"] == (None, 1)
    assert asked(log).variants == {("Lead", "Won"): 1, ("Lead",): 1}


def test_future_events_are_counted_and_left_out_only_if_asked() -> None:
    rows = rows_of("a:LOW")
    now = dt.datetime(1970, 1, 2, 12, tzinfo=dt.UTC)
    kept, cut = log_of(frame_of(rows), now=now), log_of(frame_of(rows), now=now, future="leave_out")
    assert (issues(kept)["future_time"], kept.n_events) == ((1, 1), 3)
    assert (issues(cut)["future_left_out"], cut.activities) == ((1, 1), ["L", "O"])


def test_duplicate_rows_are_counted_and_left_out_only_if_asked() -> None:
    rows: list[Row] = [*rows_of("a:LW"), ("a", "L", 0), ("a", "L", 0), ("b", "L", 0)]
    kept, cut = log_of(frame_of(rows)), log_of(frame_of(rows), duplicates="leave_out")
    assert (issues(kept)["duplicate"], kept.n_events) == ((2, 1), 5)
    assert (issues(cut)["duplicate_left_out"], cut.n_events) == ((2, 1), 3)
    assert asked(cut).flows == {("L", "W"): 1}


def test_an_empty_log_and_one_event_and_one_activity_have_no_flow() -> None:
    for rows in ([], rows_of("a:L"), rows_of("a:LLL", "b:L")):
        log = log_of(frame_of(rows))
        same(log, rows)
    assert issues(log_of(frame_of(rows_of("a:L", "b:LL"))))["one_event_case"] == (None, 1)
    assert "0 events" in repr(log_of(frame_of([])))


def test_ten_thousand_activities_are_no_trouble_and_ids_are_no_activities() -> None:
    rows: list[Row] = [("a", f"Step {i}", i) for i in range(10_000)]
    log = log_of(frame_of(rows))
    assert (len(log.activities), log.n_events) == (10_000, 10_000)
    assert not [kind for kind in issues(log) if kind == "near_label"]
    with pytest.raises(DataError, match="has over 32\u202f767 different values"):
        log_of(frame_of([("a", f"id {i}", i) for i in range(33_000)]))


def test_a_case_of_many_events_keeps_its_path() -> None:
    rows: list[Row] = [("a", "LOW"[i % 3], i) for i in range(20_000)] + [("b", "LOW"[i % 3], i) for i in range(20_000)]
    log = log_of(frame_of(rows))
    assert log.rows("select count(distinct path_1), count(distinct path_2) from {cases}") == [(1, 1)]


def test_paths_that_differ_by_swaps_have_different_names() -> None:
    """Words of Thue and Morse: sums with polynomial weights cannot tell them apart."""
    word = "A"
    for _ in range(5):
        word += word.translate(str.maketrans("AB", "BA"))
    other = word.translate(str.maketrans("AB", "BA"))
    rows: list[Row] = [("a", letter, i) for i, letter in enumerate(word)]
    rows += [("b", letter, i) for i, letter in enumerate(other)]
    assert len(asked(log_of(frame_of(rows))).variants) == 2


def test_near_labels_are_named_and_renamed_on_request() -> None:
    rows: list[Row] = [("a", "Qualified", 0), ("b", "qualified", 0), ("c", "Qualifed", 0), ("d", " Qualified ", 0)]
    log = log_of(frame_of(rows))
    assert log.counts == {"Qualified": 2, "qualified": 1, "Qualifed": 1}
    said = " ".join(log.issues.loc[log.issues["issue"] == "near_label", "sentence"])
    assert "'Qualified' and 'qualified'" in said and "'Qualified' and 'Qualifed'" in said
    one = log_of(frame_of(rows), rename={"qualified": "Qualified", "Qualifed": "Qualified"})
    assert one.counts == {"Qualified": 4}
    assert issues(one)["renamed"] == (2, None)
    with pytest.raises(DataError, match="did you mean 'Qualified'"):
        log_of(frame_of(rows), rename={"Qualifiedd": "X"})


def test_mixed_ids_are_refused_and_whole_floats_are_whole() -> None:
    frame = frame_of(rows_of("a:LW", "b:LW"))
    with pytest.raises(DataError, match=r"mixes types: .* (int|str).*not guessed"):
        log_of(frame.assign(case=pd.Series([7, "7", 7, "7"], dtype=object)))
    floats = log_of(frame.assign(case=[7.0, 7.0, 8.0, float("nan")]))
    assert floats.to_frame()["case"].tolist() == ["7", "7", "8"]
    assert issues(floats)["missing_case"] == (1, None)
    numbers = log_of(frame.assign(case=pd.Series([7, 7.0, 8, None], dtype=object)))
    assert numbers.to_frame()["case"].tolist() == ["7", "7", "8"]
    whole = log_of(frame.assign(case=pd.Series([7, 7, 8, None], dtype="Int64")))
    assert asked(whole).flows == asked(floats).flows == {("L", "W"): 1}


def test_columns_may_have_any_name() -> None:
    frame = frame_of(rows_of("a:LOW")).set_axis(["row_no", 'act"ivity', "raw"], axis=1).assign(activity=1, case_id=2)
    log = EventLog(
        frame, case="row_no", activity='act"ivity', timestamp="raw", attributes=["activity", "case_id"], now=NOW
    )
    assert asked(log).variants == {("L", "O", "W"): 1}
    assert log.columns == ["case", "activity", "timestamp", "activity_", "case_id"]
    assert log.to_frame()["activity_"].tolist() == [1, 1, 1] and log.to_frame()["activity"].tolist() == ["L", "O", "W"]
    assert log.where({"activity": 1}).n_cases == 1 and log.where({"activity": 2}).n_cases == 0
    assert log.where(activity="O").n_cases == 1
    assert log.where() is log
    with pytest.raises(DataError, match="No activity 3; "):
        log.where(activity=3)  # type: ignore[arg-type]


# ---- service times ---------------------------------------------------------------------------------------


def test_a_start_after_the_end_is_left_out_and_counted() -> None:
    frame = frame_of(rows_of("a:LOW"))
    frame["begun"] = frame["at"] - pd.to_timedelta([1, -1, 2], unit="h")
    log = log_of(frame, start="begun")
    assert log.has_start and issues(log)["start_after_end"] == (1, None)
    assert log.rows("select at_us - started_us, next_started_us - at_us from {steps} order by place") == [
        (3_600_000_000, None),
        (None, DAY - 7_200_000_000),
        (7_200_000_000, None),
    ]


# ---- parts of it -----------------------------------------------------------------------------------------


def test_where_keeps_whole_cases() -> None:
    frame = frame_of(rows_of("a:LOW", "b:LW", "c:LOX")).assign(
        owner=["Ann", "Bea", "Ann", "Ann", "Ann", "Cy", "Cy", None], size=[1, 1, 1, 2, 2, 3, 3, 3]
    )
    log = log_of(frame, attributes=["owner", "size"])
    assert asked(log.where(owner="Bea")).variants == {("L", "O", "W"): 1}
    assert log.where(owner=["Bea", "Cy"]).n_cases == 2
    assert log.where(owner=None).n_cases == 1
    assert log.where(size=[2, 3], owner="Ann").n_cases == 1
    assert log.where(activity="O").where(activity=["X"]).n_cases == 1
    assert log.where(owner="Nobody' or 1=1 --").n_cases == 0
    assert log.n_cases == 3 and not log.is_filtered and log.where(size=1).is_filtered
    with pytest.raises(DataError, match="did you mean 'owner'"):
        log.where(ownr="Ann")
    with pytest.raises(DataError, match="No activity 'Q'"):
        log.where(activity="Q")
    with pytest.raises(DataError, match="of another type: size holds BIGINT"):
        log.where(size="large")


def test_a_period_is_of_when_cases_begin() -> None:
    rows: list[Row] = [("a", "L", 0), ("a", "W", 9 * DAY), ("b", "L", 5 * DAY)]
    log = log_of(frame_of(rows))
    assert log.where(since=dt.date(1970, 1, 2)).n_cases == 1
    assert log.where(before=dt.datetime(1970, 1, 2, tzinfo=dt.UTC)).n_events == 2
    assert log.where(since=dt.date(1970, 1, 1), before=dt.date(1970, 1, 6)).n_cases == 1


def test_the_cases_of_a_part_are_chosen_once_and_go_with_it() -> None:
    frame = pd.DataFrame({"case": ["a", "b"], "activity": ["L", "L"], "at": pd.to_datetime(["2026-01-01"] * 2)})
    log = EventLog(frame, case="case", activity="activity", timestamp="at", attributes=["case"])

    def kept() -> int:
        return len(log._engine.run("select * from duckdb_tables() where table_name like 'kept%'"))

    assert kept() == 0
    part = log.where(case="a")
    assert (part.n_cases, part.n_events, part.counts) == (1, 1, {"L": 1})
    assert kept() == 1
    del part
    gc.collect()
    assert kept() == 0


def test_cases_without_an_end_are_open() -> None:
    log = log_of(frame_of(rows_of("a:LOW", "b:LO", "c:LX")), ends=["W", "X"])
    assert log.n_open == 1 and issues(log)["open_case"] == (None, 1)
    assert log.where(activity="W").n_open == 0
    with pytest.raises(DataError, match=r"ends= has 'Wn'; did you mean|ends= has 'Wn'"):
        log_of(frame_of(rows_of("a:LOW")), ends=["Wn"])


# ---- what stays in the kernel ----------------------------------------------------------------------------


def test_a_repr_shows_shape_and_columns_alone() -> None:
    frame = frame_of([("secret-case", "secret activity", 0)]).assign(mail="secret@mail")
    log = log_of(frame, attributes=["mail"])
    assert repr(log) == (
        "<EventLog: 1 event × 4 columns (case, activity, timestamp, mail), 1 case, 1 activity, 1 issue>"
    )
    assert "secret" not in repr(log)
    with pytest.raises(DataError, match="stay in the kernel"):
        pickle.dumps(log)
    assert copy.copy(log) is copy.deepcopy(log) is log


def test_no_error_of_the_engine_shows_a_value() -> None:
    log = log_of(frame_of(rows_of("a:L")).assign(mail="secret@mail"), attributes=["mail"])
    with pytest.raises(DataError) as error:
        log.rows("select cast(a_0 as integer) from {steps}")
    assert "secret" not in str(error.value)


def test_later_changes_of_the_data_do_not_reach_the_log() -> None:
    frame = frame_of(rows_of("a:LW"))
    log = log_of(frame)
    frame.loc[:, "activity"] = "X"
    assert log.activities == ["L", "W"]


# ---- watching and stopping -------------------------------------------------------------------------------


def test_reading_tells_how_far_it_is_and_stops_on_request() -> None:
    seen: list[tuple[float, str]] = []
    frame = frame_of(rows_of("a:LOW"))
    log_of(frame, progress=lambda share, what: seen.append((share, what)))
    assert {0.0, 1.0} <= {share for share, _ in seen}
    assert "Encoding the events" in {what for _, what in seen}
    with pytest.raises(CancelledError, match="stopped"):
        log_of(frame, cancelled=lambda: len(seen) > 0)


def test_what_goes_wrong_with_who_watches_is_not_taken_for_a_fault_of_the_table() -> None:
    def broken(share: float, what: str) -> None:
        raise ZeroDivisionError(what)

    with pytest.raises(ZeroDivisionError):
        log_of(frame_of(rows_of("a:LOW")), progress=broken)


# ---- from everywhere -------------------------------------------------------------------------------------

SOURCES = ["pandas", "polars", "lazy", "arrow", "duckdb", "csv", "gz", "parquet", "sqlalchemy", "categories", "zoned"]


def made(kind: str, frame: pd.DataFrame, folder: Path) -> tuple[Any, dict[str, Any]]:
    """The same rows in another form."""
    if kind == "polars":
        return pytest.importorskip("polars").from_pandas(frame), {}
    if kind == "lazy":
        return pytest.importorskip("polars").from_pandas(frame).lazy(), {}
    if kind == "arrow":
        return pytest.importorskip("pyarrow").Table.from_pandas(frame, preserve_index=False), {}
    if kind == "duckdb":
        connection = pytest.importorskip("duckdb").connect()
        connection.register("frame", frame)
        return connection.sql("select * from frame"), {}
    if kind == "sqlalchemy":
        sa = pytest.importorskip("sqlalchemy")
        engine = sa.create_engine(f"sqlite:///{folder / 'events.db'}")
        frame.to_sql("moves", engine, index=False)
        return engine, {"table": "moves"}
    if kind == "categories":
        return frame.astype({"case": "category", "activity": "category"}), {}
    if kind == "zoned":
        return frame.assign(at=frame["at"].dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")), {}
    path = folder / f"events.{ {'csv': 'csv', 'gz': 'csv.gz', 'parquet': 'parquet'}.get(kind, '') }"
    if kind in {"csv", "gz"}:
        frame.to_csv(path, index=False)
        return path, {}
    if kind == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
        return str(path), {}
    return frame, {}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_same_log(kind: str, tmp_path: Path) -> None:
    rows: list[Row] = [("007", "Lead", 5), ("007", "Offer", 5), ("7", None, 3), ("7", "Won", 9), ("x y", "Lead", None)]
    rows += [("b", "Lead", 2_000_000), ("b", "Offer", 1_000_000), (None, "Won", 0)]
    data, options = made(kind, frame_of(rows), tmp_path)
    log = log_of(data, **options)
    same(log, rows)
    assert sorted(set(log.to_frame()["case"])) == ["007", "7", "b"]
    found = issues(log)
    assert (found["missing_case"], found["missing_activity"], found["missing_time"]) == ((1, None), (1, 1), (1, 1))


def test_batches_of_arrow_come_in_as_tables_do() -> None:
    pa = pytest.importorskip("pyarrow")
    rows = rows_of("a:LOW", "b:LW")
    table = pa.Table.from_pandas(frame_of(rows), preserve_index=False)
    same(log_of(table.to_reader()), rows)
    same(log_of(table.combine_chunks().to_batches()[0]), rows)


def test_giant_numbers_of_a_relation_stay_different_cases() -> None:
    relation = duckdb.connect().sql(
        "select (170141183460469231731687303715884105000 + i)::hugeint as \"case\", 'L' as activity, "
        "timestamp '2026-01-01' as at from range(3) rows(i)"
    )
    assert log_of(relation).n_cases == 3


def test_an_error_names_the_types_of_columns_and_none_of_their_values() -> None:
    frame = frame_of(rows_of("a:LW")).assign(case=pd.cut(pd.Series([417, 418]), 2))
    with pytest.raises(DataError, match="Make it text") as error:
        log_of(frame)
    assert "41" not in str(error.value) and "Enum" in str(error.value)


def test_a_lazy_table_or_a_relation_that_cannot_be_read_any_more_says_so() -> None:
    polars = pytest.importorskip("polars")
    lazy = polars.from_pandas(frame_of(rows_of("a:LW"))).lazy().select("nothing")
    with pytest.raises(DataError, match="lazy table cannot be read"):
        log_of(lazy)
    connection = duckdb.connect()
    relation = connection.sql("select 1")
    connection.close()
    with pytest.raises(DataError, match="relation could not be read"):
        log_of(relation)


def test_ibis_tables_come_in(tmp_path: Path) -> None:
    ibis = pytest.importorskip("ibis")
    rows = rows_of("a:LOW", "b:LW")
    same(log_of(ibis.memtable(frame_of(rows))), rows)


def file_of(path: Path, text: str) -> Path:
    path.write_text(text, encoding="latin-1")
    return path


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        (lambda folder: frame_of([]), {"case": "cas"}, "no case column 'cas'; did you mean 'case'"),
        (lambda folder: frame_of([]), {"timestamp": "att"}, "did you mean 'at'"),
        (lambda folder: frame_of([]), {"attributes": ["owner"]}, "no attribute 'owner'"),
        (lambda folder: frame_of([]), {"activity": None}, "missing: activity="),
        (lambda folder: frame_of([]), {"time_zone": "Europe/Berln"}, "did you mean 'Europe/Berlin'"),
        (lambda folder: frame_of([]), {"duplicates": "drop"}, "duplicates='drop' is unknown"),
        (lambda folder: frame_of([]), {"memory_limit": "much"}, "such as '1GB'"),
        (lambda folder: frame_of([]), {"table": "moves"}, "goes with a SQLAlchemy engine"),
        (lambda folder: frame_of([]), {"rename": ["L"]}, "such as {'Closed won': 'Won'}; given"),
        (lambda folder: frame_of(rows_of("a:L")), {"rename": {"L": None}}, "a name that is a text; given None"),
        (lambda folder: frame_of([]), {"attributes": None}, "attributes= are names; given None"),
        (lambda folder: frame_of([]), {"case": 0}, "case= is the name of a column, as text; given 0"),
        (lambda folder: folder / "nothing.csv", {}, "There is no file"),
        (lambda folder: folder / "none" / "nothing.csv", {}, "; there are no files there yet.$"),
        (lambda folder: "~/nothing.csv", {}, f"no file '{Path.home()}"),
        (lambda folder: file_of(folder / "e.csv", ""), {}, "'e.csv' is empty"),
        (lambda folder: file_of(folder / "e.parquet", ""), {}, "'e.parquet' is empty"),
        (lambda folder: "sqlite+nothing:///moves.db", {}, "Nothing is known of sqlite"),
        (lambda folder: "s3://bucket/moves.csv", {}, "the path of a file on this machine"),
        (lambda folder: duckdb.connect(), {}, "connection.table"),
        (lambda folder: duckdb.connect(), {"table": "moves"}, "connection.table"),
        (lambda folder: None, {}, "the path of a CSV, Parquet or XES file; given NoneType"),
        (lambda folder: folder / "events.xlsx", {}, "ends in one of"),
        (lambda folder: {"case": [1]}, {}, "pandas.DataFrame"),
        (lambda folder: frame_of(rows_of("a:L")).assign(at=pd.period_range("2026-01", periods=1)), {}, "Make it text"),
        (lambda folder: file_of(folder / "e.csv", "case,activity,at\na,Prüfung,2026-01-01\n"), {}, "in UTF-8"),
        (lambda folder: file_of(folder / "e.parquet", "nothing"), {}, "cannot be read as Parquet"),
        (lambda folder: frame_of(rows_of("a:LW")).assign(at=[1, 2]), {}, "holds BIGINT, not times"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_nearest(
    data: Callable[[Path], Any], options: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=said):
        log_of(data(tmp_path), **options)


def test_the_url_of_a_database_is_as_good_as_an_engine(tmp_path: Path) -> None:
    engine, _ = made("sqlalchemy", frame_of(rows_of("a:LOW")), tmp_path)
    same(log_of(str(engine.url), table="moves"), rows_of("a:LOW"))


def test_a_broken_csv_says_so_without_a_row(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text('case,activity,at\na,L,2026-01-01\n"secret,L\n' + "x,y,z,secret,5\n" * 3)
    with pytest.raises(DataError) as error:
        log_of(path)
    assert "secret" not in str(error.value)


def test_a_database_table_is_named_with_the_nearest(tmp_path: Path) -> None:
    engine, _ = made("sqlalchemy", frame_of(rows_of("a:LW")), tmp_path)
    with pytest.raises(DataError, match="table= is the name of a table, as text; given 3"):
        log_of(engine, table=3)
    with pytest.raises(DataError, match="did you mean 'moves'"):
        log_of(engine, table="move")
    with pytest.raises(DataError, match="Say which table"):
        log_of(engine)


# ---- real data -------------------------------------------------------------------------------------------


def test_the_receipt_log_has_its_known_shape(real_data: Path) -> None:
    log = EventLog(
        real_data / "eventlogs" / "receipt.csv",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        now=NOW,
    )
    found: Reference = asked(log)
    assert (log.n_cases, log.n_events, len(log.activities)) == (1434, 8577, 27)
    assert (len(found.variants), len(found.flows)) == (116, 99)


def test_the_receipt_log_is_the_same_by_pandas_alone(real_data: Path) -> None:
    frame = pd.read_csv(real_data / "eventlogs" / "receipt.csv")
    at = pd.to_datetime(frame["time:timestamp"], utc=True).dt.as_unit("us").astype("int64")
    rows: list[Row] = list(zip(frame["case:concept:name"], frame["concept:name"], at.tolist(), strict=True))
    log = EventLog(frame, case="case:concept:name", activity="concept:name", timestamp="time:timestamp", now=NOW)
    same(log, rows)


def test_other_separators_are_found_in_a_csv(real_data: Path) -> None:
    log = EventLog(
        real_data / "eventlogs" / "running_example_broken.csv",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        attributes=["costs"],
        now=NOW,
    )
    assert log.n_cases == 6
