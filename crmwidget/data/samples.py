"""Synthetic CRM data from a seed, with what was planted in it: for examples, and for tests that must find it.

Examples
--------
>>> FLOWS[0], STAGES["Proposal declined"]
(('Prospecting', 'Qualification'), 'lost')
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import pandas as pd

from crmwidget.data.sample_accounts import sample_accounts
from crmwidget.data.sample_events import EventSample, sample_events
from crmwidget.data.shuffling import shuffled
from crmwidget.errors import DataError, shorten

__all__ = ["FLOWS", "STAGES", "EventSample", "Sample", "accounts", "crm", "events", "history", "opportunities"]

# The map as designed: each stage with what arriving there decides, and each flow. Every stage that loses has an end of
# its own, so that a loss can be placed from the current stage alone.
STAGES: dict[str, str | None] = {
    "Prospecting": None,
    "Qualification": None,
    "Demo": None,
    "Proposal": None,
    "Negotiation": None,
    "Won": "won",
    "Disqualified": "lost",
    "Proposal declined": "lost",
    "Negotiation failed": "lost",
}
FLOWS: tuple[tuple[str, str], ...] = (
    ("Prospecting", "Qualification"),
    ("Qualification", "Demo"),
    ("Demo", "Proposal"),
    ("Proposal", "Negotiation"),
    ("Negotiation", "Won"),
    ("Qualification", "Disqualified"),
    ("Proposal", "Proposal declined"),
    ("Negotiation", "Negotiation failed"),
)
WAY = ("Prospecting", "Qualification", "Demo", "Proposal", "Negotiation", "Won")
LOST_TO = {
    "Qualification": "Disqualified",
    "Proposal": "Proposal declined",
    "Negotiation": "Negotiation failed",
}

OPEN_RATE = {"Prospecting": 0.06, "Qualification": 0.05, "Demo": 0.05, "Proposal": 0.06, "Negotiation": 0.08}
LOST_RATE = {"Qualification": 0.09, "Proposal": 0.38, "Negotiation": 0.12}
SKIP_RATE = 0.09  # of those that go on from Qualification: straight to Proposal
LOOP_RATE = 0.12  # of those that reach Negotiation: back to Proposal once, and on
MEDIAN_DAYS = {"Prospecting": 4.0, "Qualification": 5.0, "Demo": 21.0, "Proposal": 6.0, "Negotiation": 5.0}
SPREAD = 0.4  # of the logarithm of a duration
START = dt.datetime(2025, 1, 1, 8)
PRODUCTS = {"Starter": 1_200.0, "Team": 4_800.0, "Business": 12_500.0, "Enterprise": 36_000.0}
OWNERS = ("Ada Brandt", "Bela Costa", "Chidi Okoro", "Dana Lind", "Emil Haas", "Farah Nadir")


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """Synthetic CRM data, and the truths planted in it.

    Attributes
    ----------
    opportunities
        One row per opportunity: `opportunity_id`, `account_id`, `segment`, `owner`, `product`, `stage` (now),
        `created_at`, `closed_at` (missing while open), `amount` (missing while in Prospecting).
    history
        One row per stage entered, in order: `opportunity_id`, `stage`, `entered_at`.
    accounts
        One row per account record, some of them duplicates of another: `account_id`, `name`, `segment`, `city`,
        `phone`.
    truths
        `drop_off` (stage, n_entered, n_lost, rate), `slow_flow` (source, target, n, median_days), `loop` (source,
        target, n_opportunities), `skip` (source, skipped, target, n_opportunities), `won` (n, amount),
        `duplicate_pairs` (pairs of account ids).

    Examples
    --------
    >>> sample = crm(200)
    >>> len(sample.opportunities), len(sample.accounts), len(sample.history) > 200
    (200, 66, True)
    >>> sample.truths["loop"]["source"], sample.truths["loop"]["target"]
    ('Negotiation', 'Proposal')
    """

    opportunities: pd.DataFrame
    history: pd.DataFrame
    accounts: pd.DataFrame
    truths: dict[str, Any]

    def __repr__(self) -> str:
        return (
            f"<Sample: {len(self.opportunities):,} opportunities, {len(self.history):,} stage changes, "
            f"{len(self.accounts):,} accounts; truths: {', '.join(self.truths)}>"
        )


def crm(n: int = 2000, *, seed: int = 7) -> Sample:
    """Make synthetic CRM data with planted truths.

    Parameters
    ----------
    n
        How many opportunities, 100 to 1 000 000.
    seed
        The same seed gives the same data to the byte, on every machine.

    Returns
    -------
    Sample
        The frames, and what was planted: nothing in the truths is an expectation, all of it is counted.

    Examples
    --------
    >>> sample = crm(200, seed=1)
    >>> sample  # doctest: +ELLIPSIS
    <Sample: 200 opportunities, ... stage changes, 66 accounts; truths: drop_off, slow_flow, loop, skip, won, ...>
    >>> sample.truths["drop_off"]["stage"]
    'Proposal'
    """
    _check(n, seed, "opportunities")
    # only random() is promised to give the same numbers in every version of Python, so all is drawn from it
    draw = random.Random(seed)
    paths = _paths(n, draw)
    moments = _moments(paths, draw)
    companies, pairs = sample_accounts(max(20, n * 3 // 10), draw)
    deals = _opportunities(paths, moments, companies, draw)
    moves = pd.DataFrame(
        {
            "opportunity_id": [f"O{i + 1:06d}" for i, path in enumerate(paths) for _ in path],
            "stage": [stage for path in paths for stage in path],
            "entered_at": pd.to_datetime([at for times in moments for at in times]).as_unit("us"),
        }
    )
    return Sample(deals, moves, companies, _truths(paths, moments, deals, pairs))


def opportunities(n: int = 2000, *, seed: int = 7) -> pd.DataFrame:
    """The opportunities of `crm(n, seed=seed)`: one row per opportunity with its stage now.

    Examples
    --------
    >>> opportunities(100).columns.to_list()[:6]
    ['opportunity_id', 'account_id', 'segment', 'owner', 'product', 'stage']
    """
    return crm(n, seed=seed).opportunities


def history(n: int = 2000, *, seed: int = 7) -> pd.DataFrame:
    """The history of `crm(n, seed=seed)`: one row per stage that an opportunity entered, in order.

    Examples
    --------
    >>> history(100).columns.to_list()
    ['opportunity_id', 'stage', 'entered_at']
    """
    return crm(n, seed=seed).history


def accounts(n: int = 2000, *, seed: int = 7) -> pd.DataFrame:
    """The accounts of `crm(n, seed=seed)`: one row per account record, duplicates among them.

    Examples
    --------
    >>> accounts(100).columns.to_list()
    ['account_id', 'name', 'segment', 'city', 'phone']
    """
    return crm(n, seed=seed).accounts


def events(n: int = 2000, *, seed: int = 7) -> EventSample:
    """A synthetic event log of `n` cases with planted truths: 12 % skip a stage, 7 % go back, one flow is slow.

    Parameters
    ----------
    n
        How many cases, 100 to 1 000 000.
    seed
        The same seed gives the same data to the byte, on every machine.

    Examples
    --------
    >>> sample = events(200)
    >>> sample.truths["skip"]["rate"], sample.truths["rework"]["rate"]
    (0.12, 0.07)
    """
    _check(n, seed, "cases")
    return sample_events(n, random.Random(seed))


def _check(n: object, seed: object, noun: str) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or not 100 <= n <= 1_000_000:
        raise DataError(f"n is a whole number of {noun}, 100 to 1 000 000; given {shorten(n)}.")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise DataError(f"seed is a whole number; given {shorten(seed)}.")


def _paths(n: int, draw: random.Random) -> list[list[str]]:
    """The stages that each opportunity entered. Shares are met exactly: who they fall on is drawn, not how many."""
    paths: list[list[str]] = [["Prospecting"] for _ in range(n)]
    here = shuffled(range(n), draw)
    skipping: list[int] = []
    for stage, following in pairwise(WAY):
        n_open = round(OPEN_RATE[stage] * len(here))
        n_lost = round(LOST_RATE.get(stage, 0.0) * len(here))
        if stage == "Negotiation":
            for i in here[len(here) - round(LOOP_RATE * len(here)) :]:
                paths[i] += ["Proposal", "Negotiation"]
        for i in here[n_open : n_open + n_lost]:
            paths[i].append(LOST_TO[stage])
        onward = here[n_open + n_lost :]
        if stage == "Qualification":
            n_skipping = round(SKIP_RATE * len(onward))
            skipping, onward = onward[:n_skipping], onward[n_skipping:]
        for i in onward:
            paths[i].append(following)
        if stage == "Demo":  # the others meet those that went past
            for i in skipping:
                paths[i].append(following)
            onward += skipping
        here = shuffled(onward, draw)
    return paths


def _moments(paths: Sequence[Sequence[str]], draw: random.Random) -> list[list[dt.datetime]]:
    """When each stage was entered. Durations are the quantiles of their distribution, dealt out: medians are exact."""
    steps: dict[tuple[str, str], int] = {}
    for path in paths:
        for step in pairwise(path):
            steps[step] = steps.get(step, 0) + 1
    normal = NormalDist()
    waits: dict[tuple[str, str], list[float]] = {}
    for (source, target), count in steps.items():
        quantiles = [normal.inv_cdf((i + 0.5) / count) for i in range(count)]
        waits[source, target] = shuffled([MEDIAN_DAYS[source] * math.exp(SPREAD * z) for z in quantiles], draw)
    moments = []
    for path in paths:
        is_open = path[-1] in OPEN_RATE
        day = 250 + 110 * draw.random() if is_open else 300 * draw.random()
        times = [START + dt.timedelta(seconds=round(day * 86400))]
        for step in pairwise(path):
            times.append(times[-1] + dt.timedelta(seconds=round(waits[step].pop() * 86400)))
        moments.append(times)
    return moments


def _opportunities(
    paths: Sequence[Sequence[str]],
    moments: Sequence[Sequence[dt.datetime]],
    companies: pd.DataFrame,
    draw: random.Random,
) -> pd.DataFrame:
    ids, segments = companies["account_id"].tolist(), companies["segment"].tolist()
    prices = list(PRODUCTS.items())
    rows = []
    for i, (path, times) in enumerate(zip(paths, moments, strict=True)):
        account = int(draw.random() * len(ids))
        product, price = prices[int(draw.random() * len(prices))]
        amount = round(price * (0.7 + 0.6 * draw.random()), -1)
        rows.append(
            {
                "opportunity_id": f"O{i + 1:06d}",
                "account_id": ids[account],
                "segment": segments[account],
                "owner": OWNERS[int(draw.random() * len(OWNERS))],
                "product": product,
                "stage": path[-1],
                "created_at": times[0],
                "closed_at": None if path[-1] in OPEN_RATE else times[-1],
                "amount": None if path[-1] == "Prospecting" else amount,
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("created_at", "closed_at"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame.astype({"amount": "float64"})


def _truths(
    paths: Sequence[Sequence[str]],
    moments: Sequence[Sequence[dt.datetime]],
    deals: pd.DataFrame,
    pairs: list[tuple[str, str]],
) -> dict[str, Any]:
    n_entered = sum("Proposal" in path for path in paths)
    n_lost = sum(path[-1] == "Proposal declined" for path in paths)
    waits = sorted(
        (times[i + 1] - times[i]).total_seconds() / 86400
        for path, times in zip(paths, moments, strict=True)
        for i in range(len(path) - 1)
        if (path[i], path[i + 1]) == ("Demo", "Proposal")
    )
    middle = len(waits) // 2
    median = waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) / 2
    won = deals[deals["stage"] == "Won"]
    return {
        "drop_off": {"stage": "Proposal", "n_entered": n_entered, "n_lost": n_lost, "rate": n_lost / n_entered},
        "slow_flow": {"source": "Demo", "target": "Proposal", "n": len(waits), "median_days": median},
        "loop": {
            "source": "Negotiation",
            "target": "Proposal",
            "n_opportunities": sum(path.count("Negotiation") == 2 for path in paths),
        },
        "skip": {
            "source": "Qualification",
            "skipped": "Demo",
            "target": "Proposal",
            "n_opportunities": sum("Proposal" in path and "Demo" not in path for path in paths),
        },
        "won": {"n": len(won), "amount": float(won["amount"].sum())},
        "duplicate_pairs": pairs,
    }
