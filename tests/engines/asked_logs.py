"""The logs that every engine is asked about, the map that they are read on, and every question, with plain answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np
import pandas as pd
from answers import NOW, SECOND, random_rows

import crmwidget as crm
from crmwidget.analysis.filtered import filtered, filtered_text, n_by_outcome
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.data.log_filter import OUTCOMES
from crmwidget.filter_bar import filter_bar

__all__ = ["LOGS", "QUESTIONS", "Asked", "asked", "map_of", "open_and_closed"]

DRAWN = (
    "Lead -> Qualification -> Demo -> Offer -> Contract -> Won\nContract -> Lost\nConfirmation of receipt -> "
    "T02 Check confirmation of receipt -> T04 Determine confirmation of receipt -> T05 Print and send confirmation of "
    "receipt -> T06 Determine necessity of stop advice -> T10 Determine necessity to stop indication"
)
TEAMS = ("it's {who} %s", "Älter\\", "zeta", "Back")  # the rules of a language sort them otherwise than their bytes


class Asked(NamedTuple):
    """Rows, and how a log of them is read."""

    frame: pd.DataFrame
    options: dict[str, Any]


def map_of(log: crm.EventLog) -> crm.CrmMap:
    """A map with all that questions look at: ends and outcomes, teams, capacities, targets, what a case is worth."""
    m = crm.from_text(DRAWN)
    m.update("won", kind="end", outcome="won", case_value=100)
    m.update("lost", kind="end", outcome="lost")
    m.update("lead", target_cases=3, target_retention_rate=0.5, capacity=1)
    m.update("offer", capacity=4, target_conversion_rate=0.7)
    m.update("contract", capacity=40)
    for place, node in enumerate(list(m.graph)):
        m.update(node, team=TEAMS[place % len(TEAMS)])
    m.attach(log, name="log")
    return m


# ---- the logs --------------------------------------------------------------------------------------------


def _planted(_: Path) -> Asked:
    sample = crm.samples.events(200)
    frame = sample.events.set_axis(["case", "activity", "begun", "at", "owner", "segment"], axis=1)
    frame["owner"] = [TEAMS[i] for i in np.random.default_rng(8).integers(0, len(TEAMS), len(frame))]
    return Asked(_valued(frame), {"start": "begun", "ends": list(sample.ends), "attributes": ATTRIBUTES})


def _random(_: Path) -> Asked:
    """Ties, gaps, cases of one event, repeats and open cases; half of the events say when they began."""
    frame = random_rows(3)
    frame.loc[frame["row"] % 2 == 0, "begun"] = pd.NaT
    alone = pd.DataFrame({"case": [f"one {i}" for i in range(12)], "activity": ["Lead", "Won", "Älter"] * 4})
    alone["at"] = pd.to_datetime(range(12), unit="us").as_unit("us")
    frame = pd.concat([frame, alone], ignore_index=True).rename(columns={"who": "owner"})
    frame["at"] = frame["at"].astype("datetime64[us]")
    frame["begun"] = frame["begun"].astype("datetime64[us]")
    frame["segment"] = frame["size"].astype("str").where(frame["size"].notna(), None)
    return Asked(_valued(frame), {"start": "begun", "ends": ["Won", "offer"], "attributes": ATTRIBUTES})


def _real(folder: Path) -> Asked:
    frame = pd.read_csv(folder / "eventlogs" / "receipt.csv")
    names = {"case:concept:name": "case", "concept:name": "activity", "time:timestamp": "at", "org:resource": "owner"}
    frame = frame.rename(columns={**names, "org:group": "segment"})
    frame["at"] = pd.to_datetime(frame["at"], utc=True).dt.as_unit("us")
    ends = ["T10 Determine necessity to stop indication"]
    return Asked(_valued(frame), {"ends": ends, "attributes": ATTRIBUTES})


LOGS: dict[str, Callable[[Path], Asked]] = {"planted": _planted, "random": _random, "real": _real}
ATTRIBUTES = ["owner", "agent", "segment", "amount", "nps", "vip", "due", "called"]


def _valued(frame: pd.DataFrame) -> pd.DataFrame:
    """With amounts, scores, truths, days and moments, some of them missing."""
    draw, n = np.random.default_rng(11), len(frame)
    day = pd.Timestamp("2026-03-28")
    return pd.DataFrame(
        {
            **{name: frame[name] for name in ("case", "activity", "at", "begun", "owner", "segment") if name in frame},
            "row": range(n),
            "agent": pd.Series(draw.integers(0, 4, n) + 7.0).where(draw.random(n) > 0.2),
            "amount": pd.Series(draw.integers(0, 1000, n) / 8).where(draw.random(n) > 0.3),
            "nps": pd.Series(draw.integers(0, 11, n), dtype="Int64").where(draw.random(n) > 0.3),
            "vip": pd.Series(draw.random(n) > 0.5),
            "due": [(day + pd.Timedelta(int(i), unit="D")).date() for i in draw.integers(0, 4, n)],
            "called": pd.Series([day + pd.Timedelta(int(i), unit="h") for i in draw.integers(0, 30, n)]).dt.as_unit(
                "us"
            ),
        }
    )


def open_and_closed(n_closed: int) -> Asked:
    """Any number of closed cases of few paths, over three months, and twelve open ones."""
    paths = [("Lead", "Offer", "Won"), ("Lead", "Lost"), ("Lead", "Offer", "Lost"), ("Lead", "Offer", "Offer", "Won")]
    draw = np.random.default_rng(5)
    rows = []
    for case in range(n_closed + 12):
        path = paths[case % len(paths)] if case >= 12 else ("Lead", "Offer")
        begins = int(draw.integers(90)) if case >= 24 else 90 * (case % 2)  # the span is the same for any number
        for place, activity in enumerate(path):
            at = pd.Timestamp("2026-01-01") + pd.Timedelta(begins + place, unit="D")
            rows.append((f"C{case}", activity, at, "ABC"[case % 3], ["x", "y"][case // 3 % 2]))
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "owner", "segment"])
    frame["at"] = frame["at"].astype("datetime64[us]")
    return Asked(
        _valued(frame), {"ends": ["Won", "Lost"], "attributes": ["owner", "agent", "segment", "amount", "nps"]}
    )


# ---- the questions ---------------------------------------------------------------------------------------

Ask: TypeAlias = "Callable[[crm.CrmMap], Any]"


def _filtered(m: crm.CrmMap) -> dict[str, Any]:
    """What there is to choose, and what is answered of what is chosen."""
    (bound,) = m.logs.values()
    bar = filter_bar(m)
    assert bar is not None
    segments = [
        choice.value for field in bar.fields if field.name == "segment" for choice in field.choices if choice.value
    ]
    found: dict[str, Any] = {"bar": msgspec.to_builtins(bar), "ended": n_by_outcome(m, bound, OUTCOMES)}
    chosen: list[dict[str, Any]] = [
        {
            "segment": next(value for value in segments if value != "missing"),
            "outcome": ["won", "open"],
            "period": (None, dt.date(2026, 2, 28)),
        }
    ]
    if "called" in bound.log.attributes:
        chosen.append({"called": dt.datetime(2026, 3, 28, 3), "due": [dt.date(2026, 3, 29), dt.date(2026, 3, 28)]})
        chosen.append({"vip": True, "nps": [3, None], "amount": None, "outcome": ("lost", "other", "open")})
    try:
        for i, one in enumerate(chosen):
            m.filter(**one)
            part = filtered(m, bound)
            found[f"filtered {i}"] = [filtered_text(m, bound), part.log.n_cases, part.log.counts]
    finally:
        m.filter()
    return found


def _model(m: crm.CrmMap) -> dict[str, Any]:
    model = calibrated(m, log=None, at=NOW, case_value=None)
    found = {name: getattr(model, name) for name in model.__dataclass_fields__}
    return {name: _value(value) for name, value in found.items()}


def _every(m: crm.CrmMap) -> str:
    (bound,) = m.logs.values()
    first, last = bound.log.rows("select min(first_at_us), max(last_at_us) from {cases}")[0]
    return "day" if last - first < 30 * 86_400_000_000 else "month"


QUESTIONS: dict[str, Ask] = {
    "bottlenecks": lambda m: crm.bottlenecks(m),
    "rework": lambda m: crm.rework(m),
    "hand_offs": lambda m: crm.hand_offs(m),
    "hand_offs by agent": lambda m: crm.hand_offs(m, by="agent"),
    "hand_offs by team": lambda m: crm.hand_offs(m, by="team"),
    "conformance": lambda m: crm.conformance(m),
    "slow_to_close": lambda m: crm.slow_to_close(m, unusual=0.6),
    "kpis": lambda m: crm.kpis(m, every=_every(m)),
    "retention": lambda m: crm.retention(m, every=_every(m)),
    "retention by activity": lambda m: crm.retention(m, every=_every(m), activity=next(iter(_log(m).counts))),
    "what_if": lambda m: crm.what_if(m, at=NOW),
    "calibration": _model,
    "filter": _filtered,
}


def _log(m: crm.CrmMap) -> crm.EventLog:
    (bound,) = m.logs.values()
    return bound.log


def asked(question: str, m: crm.CrmMap) -> Any:
    """The answer as plain values; durations in seconds."""
    return _plain(QUESTIONS[question](m))


def _plain(answer: Any) -> Any:
    if not isinstance(answer, crm.Result):
        return answer
    found = {
        "table": _rows(answer.table),
        "public": _rows(answer.public),
        "flows": _rows(answer.flows),
        "findings": msgspec.to_builtins(answer.findings),
        "painted": msgspec.to_builtins(answer.painted),
        "notes": answer.notes,
    }
    more = {name: getattr(answer, name) for name in ("n_all", "n_fitting", "fitness") if hasattr(answer, name)}
    return {**found, **{name: _value(value) for name, value in more.items()}}


def _rows(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    if table is None:
        return []
    return [
        {str(name): _value(value) for name, value in zip(table.columns, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def _value(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _value(value.tolist())
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, pd.Timedelta):
        return value / SECOND
    if isinstance(value, frozenset):
        return sorted(value)
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value
