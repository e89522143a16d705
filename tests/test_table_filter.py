"""A filter narrows attached tables as well: to the rows that pandas leaves, in words, and telling of no small group."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.data.log_filter import log_filter
from crmwidget.data.table_filter import column_named
from crmwidget.errors import DataError
from crmwidget.filter_bar import filter_bar
from crmwidget.graph.model import MapModel
from crmwidget.graph.narrowed_tables import narrowed

STAGES = ("Lead", "Offer", "Won", "Declined")
COUNTS = ["n_entered", "n_current", "n_open", "n_forward", "n_lost_here", "n_won", "n_lost"]


def a_map() -> crm.CrmMap:
    m = crm.from_text("Lead -> Offer -> Won", name="Narrowed")
    m.add("end", "Declined", outcome="lost")
    m.add_flow("offer", "declined")
    return m


def deals_of(n_of: dict[tuple[str, str | None], int]) -> pd.DataFrame:
    rows = [(stage, segment) for (stage, segment), n in n_of.items() for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["stage", "segment"]).astype({"segment": "object"})
    frame["amount"] = np.arange(len(frame)) + 100.0
    frame["created_at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(len(frame)) % 90, unit="D")
    return frame


DEALS = deals_of({(stage, segment): 12 + 7 * i for i, stage in enumerate(STAGES) for segment in ("A", "B", None)})


@pytest.fixture
def m() -> crm.CrmMap:
    m = a_map()
    m.attach(DEALS, stage="stage", name="deals")
    m.show_metric("offer", label="open", value=("amount", "sum"), table="deals")
    return m


def figure(m: crm.CrmMap, node: str = "offer") -> Any:
    return m.cards[node].figures[0]


def same(m: crm.CrmMap, left: pd.DataFrame) -> None:
    """The answer is that of a map with these rows alone."""
    other = a_map()
    other.attach(left, stage="stage", name="deals")
    pd.testing.assert_frame_equal(crm.conversion(m).table, crm.conversion(other).table)


@pytest.mark.parametrize("make", [lambda frame: frame, pl.from_pandas], ids=["pandas", "polars"])
def test_figures_and_answers_are_those_of_the_rows_that_meet_every_part(make: Any) -> None:
    m = a_map()
    m.attach(make(DEALS), stage="stage", name="deals")
    m.show_metric("offer", label="open", value=("amount", "sum"), table="deals")
    whole = figure(m).value
    assert whole == DEALS.loc[DEALS["stage"] == "Offer", "amount"].sum()
    m.filter(segment=["A", None], period=("2026-01-10", "2026-03-05"))
    began = DEALS["created_at"].between("2026-01-10", "2026-03-05")
    left = DEALS[(DEALS["segment"].isna() | (DEALS["segment"] == "A")) & began]
    assert figure(m).value == left.loc[left["stage"] == "Offer", "amount"].sum() != whole
    same(m, left)
    m.filter()
    assert figure(m).value == whole


@pytest.mark.parametrize(
    ("outcome", "stages"), [("won", ["Won"]), ("lost", ["Declined"]), (["open", "won"], ["Lead", "Offer", "Won"])]
)
def test_how_a_row_ended_is_told_by_the_node_of_its_stage(m: crm.CrmMap, outcome: Any, stages: list[str]) -> None:
    m.filter(outcome=outcome)
    same(m, DEALS[DEALS["stage"].isin(stages)])
    m.graph.nodes["offer"]["outcome"] = "lost"
    m.flush()
    assert narrowed(m, m.tables["deals"]).table.n_rows != DEALS["stage"].isin(stages).sum() or outcome == "won"


def test_a_column_that_says_the_outcome_comes_before_the_stage() -> None:
    m = a_map()
    frame = DEALS.assign(outcome=np.where(DEALS["segment"].eq("A"), "Won", None))
    m.attach(frame, stage="stage", name="deals")
    m.filter(outcome="won")
    assert narrowed(m, m.tables["deals"]).table.n_rows == DEALS["segment"].eq("A").sum()
    m.filter(outcome="open")
    assert narrowed(m, m.tables["deals"]).table.n_rows == (~DEALS["segment"].eq("A")).sum()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from(["A", "B", None])), st.integers(1, 30), min_size=1
    ),
    st.sets(st.sampled_from(["A", "B", None]), min_size=1),
    st.integers(0, 60),
    st.integers(0, 60),
)
@settings(max_examples=30, deadline=None)
def test_a_filter_leaves_the_rows_that_pandas_leaves(
    n_of: dict[tuple[str, str | None], int], wanted: set[str | None], one: int, other: int
) -> None:
    frame = deals_of(n_of)
    m = a_map()
    m.attach(frame, stage="stage", name="deals")
    there = wanted & {None if segment is None else segment for _, segment in n_of}
    if not there:
        with pytest.raises(DataError, match="No case or row has"):
            m.filter(segment=list(wanted))
        return
    since, until = (dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in sorted((one, other)))
    m.filter(segment=list(there), period=(since, until))
    has_one = frame["segment"].map(lambda one: (None if pd.isna(one) else one) in there)
    is_left = has_one & frame["created_at"].dt.date.between(since, until)
    left = narrowed(m, m.tables["deals"]).table.native
    pd.testing.assert_frame_equal(left.reset_index(drop=True), frame[is_left].reset_index(drop=True))


def test_moments_are_those_of_utc_whatever_zone_a_column_is_in() -> None:
    begun = pd.to_datetime(["2026-01-31 23:30", "2026-02-01 00:30"] * 5).tz_localize("Europe/Berlin")
    m = a_map()
    m.attach(pd.DataFrame({"stage": "Lead", "Created At": begun}), stage="stage", name="deals")
    m.filter(period=("2026-02-01", None))  # in Berlin it is February an hour before
    assert narrowed(m, m.tables["deals"]).table.n_rows == 0
    m.filter(period=(None, "2026-01-31"))
    assert narrowed(m, m.tables["deals"]).table.n_rows == 10


# ---- what cannot be narrowed -------------------------------------------------------------------------------


def test_what_a_table_is_not_narrowed_by_is_said_on_cards_in_notes_and_in_the_bar(m: crm.CrmMap) -> None:
    m.attach(
        pd.DataFrame({"name": list("abcdefgh"), "closed_at": pd.Timestamp("2026-01-05")}), to="won", name="accounts"
    )
    m.show_metric("won", label="accounts", value="count", table="accounts")
    m.filter(segment="A", period=("2026-01-01", "2026-12-31"))
    said = "Filtered: deals by segment and created_at"
    assert figure(m).hint.endswith(f"{said}.")
    assert crm.conversion(m).notes[0] == f"{said} (segment A; from 2026-01-01 to 2026-12-31)."
    assert crm.conversion(m).painted.subtitle.endswith("filtered")
    lacks = "accounts has no column segment and no date to tell when a row began: shown unfiltered"
    assert figure(m, "won").text == "8" and figure(m, "won").hint.endswith(f"{lacks}.")
    bar = filter_bar(m)
    assert bar is not None and bar.is_on and bar.sentence == f"{said}; {lacks}"
    m.filter()
    assert filter_bar(m) is None and "accounts has" not in figure(m, "won").hint


def test_a_log_and_a_table_are_narrowed_together() -> None:
    sample = crm.samples.events(300)
    log = crm.EventLog(
        sample.events,
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        attributes=["segment"],
        ends=sample.ends,
    )
    m = crm.discover(log, name="Both")
    accounts = pd.DataFrame({"Segment": ["Enterprise", "Mid-market"] * 20, "owner": ["Ada", "Bo", "Cy", "Di"] * 10})
    m.attach(accounts, name="accounts")
    m.filter(segment="Enterprise")
    bar = filter_bar(m)
    assert bar is not None and bar.sentence.startswith("Filtered: ")
    assert bar.sentence.endswith("of 300 cases; accounts by Segment")
    m.filter(owner="Ada")  # that the table alone has
    bar = filter_bar(m)
    assert bar is not None and bar.sentence == ("Filtered: all of 300 cases, which has no owner; accounts by owner")
    m.detach("accounts")
    assert not m.filters  # nobody could see it, or take it away


def test_what_no_table_has_is_refused_with_the_nearest(m: crm.CrmMap) -> None:
    for given_filter, said in (
        ({"segmnt": "A"}, "did you mean 'segment'"),
        ({"segment": "AA"}, "did you mean 'A'"),
    ):
        with pytest.raises(DataError, match=said):
            m.filter(**given_filter)
    assert not m.filters


def test_columns_that_are_called_alike_are_not_guessed_between() -> None:
    m = a_map()
    bound = m.attach(pd.DataFrame({"Owner": ["a"] * 6, "owner ": ["b"] * 6, "begun": pd.Timestamp("2026-01-01")}))
    assert isinstance(bound, type(m.tables["table"]))
    assert column_named(bound, "owner") is None and column_named(bound, "Owner") == "Owner"
    assert column_named(bound, "Begun") == "begun"


# ---- small groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_left", "n_gone", "text"), [(3, 50, "<5"), (50, 3, "…"), (50, 5, "50"), (5, 50, "5"), (50, 0, "50")]
)
def test_a_figure_over_a_few_or_over_all_but_a_few_is_held_back(n_left: int, n_gone: int, text: str) -> None:
    m = a_map()
    m.attach(deals_of({("Offer", "A"): n_left, ("Offer", "B"): n_gone, ("Lead", "B"): 9}), stage="stage")
    m.show_metric("offer", label="deals", value="count")
    m.filter(segment="A")
    assert figure(m).text == text and (figure(m).value is None) == (text in ("<5", "…"))
    assert str(n_left) not in figure(m).hint or text == str(n_left)


def test_a_course_over_all_but_a_few_of_a_period_ends_before_it() -> None:
    m = a_map()
    days = pd.date_range("2026-01-01", "2026-04-30", freq="12h")
    frame = pd.DataFrame({"on": days, "segment": "A"})
    frame.loc[frame["on"].isin(pd.to_datetime(["2026-02-03", "2026-02-09"])), "segment"] = "B"
    frame.loc[frame["on"].dt.month == 1, "segment"] = np.where(frame.loc[frame["on"].dt.month == 1].index % 2, "A", "B")
    m.attach(frame, to="offer", name="calls")
    m.show_metric("offer", label="calls", value="count", over="on")
    assert figure(m).spark is not None and len(figure(m).spark) == 4
    m.filter(segment="A")
    assert figure(m).spark is not None and len(figure(m).spark) == 2  # in February 2 were left out


def units() -> dict[str, np.ndarray[Any, Any]]:
    """Stage → what one row there adds to each count of each node."""
    found = {}
    for stage in STAGES:
        m = a_map()
        m.attach(pd.DataFrame({"stage": [stage]}), stage="stage")
        found[stage] = crm.conversion(m).table[COUNTS].to_numpy(dtype=float, na_value=0.0)
    return found


UNITS = units()
A_MAP = a_map().elements


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from("AB")), st.sampled_from([1, 2, 3, 4, 6, 20, 45]), min_size=2
    )
)
@settings(max_examples=25, deadline=None)
def test_no_count_of_few_follows_from_an_answer_with_a_filter_beside_the_one_without(
    n_of: dict[tuple[str, str], int],
) -> None:
    """Linear algebra over groups of a stage and a segment as the oracle."""
    if not any(segment == "A" for _, segment in n_of):
        return
    m = MapModel(A_MAP)
    m.tables.attach(deals_of(dict(n_of)), stage="stage", name="deals", node_ids=m.graph)
    groups = list(n_of)
    sizes = np.array([n_of[group] for group in groups])
    known: list[Any] = []
    without: list[Any] = [np.zeros(len(groups))]  # what the answer without a filter says
    secrets: list[Any] = list(np.eye(len(groups)))
    for segments in ("AB", "A"):
        m.narrow(log_filter({"segment": "A"} if segments == "A" else {}))
        public = crm.conversion(m).public
        assert public is not None
        shown = public[COUNTS].notna().to_numpy()
        for row, column in np.ndindex(*shown.shape):
            sums = np.array([UNITS[stage][row, column] * (segment in segments) for stage, segment in groups])
            secrets.append(sums)
            if segments == "A":  # what the filter leaves out
                secrets.append(np.array([UNITS[stage][row, column] * (segment == "B") for stage, segment in groups]))
            if shown[row, column]:
                known.append(sums)
                without += [sums] if segments == "AB" else []
    rank = np.linalg.matrix_rank(np.array(known)) if known else 0
    for sums in np.unique(np.array(secrets), axis=0):
        was_told = np.linalg.matrix_rank(np.array([*without, sums])) == np.linalg.matrix_rank(np.array(without))
        if 0 < sums @ sizes < 5 and not was_told:
            assert np.linalg.matrix_rank(np.array([*known, sums])) > rank, n_of
