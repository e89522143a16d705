"""What is planted in the synthetic data is found in it again, by other means."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from crmwidget.data import samples
from crmwidget.errors import DataError


@pytest.fixture(scope="module")
def sample() -> samples.Sample:
    return samples.crm()


@pytest.fixture(scope="module")
def moves(sample: samples.Sample) -> pd.DataFrame:
    """The history with the stage that followed."""
    ordered = sample.history.sort_values(["opportunity_id", "entered_at"], kind="stable")
    grouped = ordered.groupby("opportunity_id")
    return ordered.assign(after=grouped["stage"].shift(-1), left_at=grouped["entered_at"].shift(-1))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, again, other = samples.crm(300, seed=3), samples.crm(300, seed=3), samples.crm(300, seed=4)
    for name in ("opportunities", "history", "accounts"):
        assert getattr(first, name).to_csv().encode() == getattr(again, name).to_csv().encode()
        assert getattr(first, name).to_csv() != getattr(other, name).to_csv()
    assert first.truths == again.truths


def test_each_frame_can_be_had_alone() -> None:
    whole = samples.crm(150, seed=2)
    pd.testing.assert_frame_equal(samples.opportunities(150, seed=2), whole.opportunities)
    pd.testing.assert_frame_equal(samples.history(150, seed=2), whole.history)
    pd.testing.assert_frame_equal(samples.accounts(150, seed=2), whole.accounts)


def test_the_drop_off_is_at_its_stage_with_its_rate(sample: samples.Sample, moves: pd.DataFrame) -> None:
    truth = sample.truths["drop_off"]
    lost_ends = [stage for stage, outcome in samples.STAGES.items() if outcome == "lost"]
    entered = moves.groupby("stage")["opportunity_id"].nunique()
    lost = moves[moves["after"].isin(lost_ends)].groupby("stage")["opportunity_id"].nunique()
    rates = (lost / entered).dropna()
    assert rates.idxmax() == truth["stage"]
    assert (entered[truth["stage"]], lost[truth["stage"]]) == (truth["n_entered"], truth["n_lost"])
    assert rates.max() == pytest.approx(truth["rate"])
    assert truth["rate"] == pytest.approx(0.38, abs=0.001)
    assert rates.drop(truth["stage"]).max() < 0.15


def test_the_slow_flow_takes_its_median(sample: samples.Sample, moves: pd.DataFrame) -> None:
    truth = sample.truths["slow_flow"]
    days = (moves["left_at"] - moves["entered_at"]).dt.total_seconds() / 86400
    median = days.groupby([moves["stage"], moves["after"]]).median()
    assert median.loc[(truth["source"], truth["target"])] == pytest.approx(truth["median_days"], abs=1e-6)
    assert truth["median_days"] == pytest.approx(21.0, abs=0.05)
    assert median.drop((truth["source"], truth["target"])).max() < 10


def test_the_loop_and_the_skip_are_where_they_were_put(sample: samples.Sample, moves: pd.DataFrame) -> None:
    loop, skip = sample.truths["loop"], sample.truths["skip"]
    backward = moves[(moves["stage"] == loop["source"]) & (moves["after"] == loop["target"])]
    assert backward["opportunity_id"].nunique() == loop["n_opportunities"] > 50
    past = moves[(moves["stage"] == skip["source"]) & (moves["after"] == skip["target"])]
    visited = set(moves.loc[moves["stage"] == skip["skipped"], "opportunity_id"])
    assert past["opportunity_id"].nunique() == skip["n_opportunities"] > 50
    assert not set(past["opportunity_id"]) & visited
    drawn = set(samples.FLOWS)
    went = set(moves.dropna(subset=["after"])[["stage", "after"]].itertuples(index=False, name=None))
    assert went - drawn == {(loop["source"], loop["target"]), (skip["source"], skip["target"])}


def test_the_duplicates_share_a_phone_and_nobody_else_does(sample: samples.Sample) -> None:
    digits = sample.accounts["phone"].map(lambda phone: re.sub(r"\D", "", phone))
    pairs = sample.accounts.groupby(digits)["account_id"].apply(tuple)
    assert sorted(pair for pair in pairs if len(pair) > 1) == sorted(sample.truths["duplicate_pairs"])
    assert len(sample.truths["duplicate_pairs"]) == 60
    names = sample.accounts.set_index("account_id")["name"]
    assert all(names[a] != names[b] for a, b in sample.truths["duplicate_pairs"])


def test_the_stage_now_is_the_last_of_the_history(sample: samples.Sample, moves: pd.DataFrame) -> None:
    last = moves[moves["after"].isna()].set_index("opportunity_id")["stage"]
    assert sample.opportunities.set_index("opportunity_id")["stage"].equals(
        last.reindex(sample.opportunities["opportunity_id"])
    )
    won = sample.opportunities[sample.opportunities["stage"] == "Won"]
    assert sample.truths["won"] == {"n": len(won), "amount": won["amount"].sum()}
    assert sample.opportunities["account_id"].isin(sample.accounts["account_id"]).all()
    closed = sample.opportunities["stage"].map(samples.STAGES).notna()
    assert (sample.opportunities["closed_at"].notna() == closed).all()
    assert (sample.opportunities["amount"].isna() == (sample.opportunities["stage"] == "Prospecting")).all()


@pytest.mark.parametrize(("n", "seed"), [(99, 7), (1_000_001, 7), (True, 7), (200.0, 7), (200, "a")])
def test_a_size_or_seed_that_is_none_is_refused(n: int, seed: int) -> None:
    with pytest.raises(DataError, match="whole number"):
        samples.crm(n, seed=seed)
