"""What a log answers, in a form to compare; by itself, what it answers on another Spark than the tests' own."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import numpy as np
import pandas as pd

import crmwidget as crm
from crmwidget.analysis.discover import discovered

__all__ = ["NOW", "SECOND", "answers", "flows", "log_of", "random_rows"]

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = 86_400_000_000
SECOND = pd.Timedelta(1, unit="s")
LABELS = ["Lead", "Offer", "Won", "offer ", "back\\slash", "it's %s {x}", "Zürich\t", "Älter", None]


def log_of(data: object, **options: Any) -> crm.EventLog:
    return crm.EventLog(data, **{"case": "case", "activity": "activity", "timestamp": "at", "now": NOW, **options})


def answers(log: crm.EventLog, *, coverage: float = 0.6) -> dict[str, Any]:
    """Everything that there is to ask, as plain values; durations in seconds."""
    m = crm.from_text("Lead -> Offer -> Won")
    drawn = discovered(log, coverage=coverage)
    return {
        "shape": [log.n_events, log.n_cases, log.n_open],
        "counts": list(log.counts.items()),
        "issues": _plain(log.issues),
        "flows": _plain(crm.flows(m, log=log).table),
        "variants": _plain(crm.variants(m, log=log).table),
        "conversion": _plain(crm.conversion(m, log=log, within="2 days", visits="every").table),
        "segments": _plain(crm.conversion(m, log=log, by="who").table) if "who" in log.attributes else [],
        "nodes": list(drawn.nodes.items()),
        "drawn": list(drawn.flows.values()),
    }


def flows(log: crm.EventLog) -> list[dict[str, Any]]:
    """What follows what, as plain values."""
    return _plain(crm.flows(crm.from_text("Lead -> Offer -> Won"), log=log).table)


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.copy()
    for name in plain.columns:
        if plain[name].dtype.kind == "m":
            plain[name] = plain[name] / SECOND
    values = plain.astype(object).where(plain.notna(), None)
    return [dict(zip(values.columns, row, strict=True)) for row in values.itertuples(index=False)]


def random_rows(seed: int, n: int = 240) -> pd.DataFrame:
    """Events with ties, without a case, activity or time, and with labels that SQL might stumble over.

    `row` is their order; `at` names no zone, `begun` is mostly before it; `size` and `who` are of every third case.
    """
    draw = np.random.default_rng(seed)
    cases = draw.integers(0, n // 4, n)
    at = pd.Series(pd.to_datetime(draw.integers(-3, 4, n) * DAY + draw.integers(0, 2, n), unit="us")).dt.as_unit("us")
    frame = pd.DataFrame(
        {
            "row": draw.permutation(n),
            "case": pd.Series([None if c == 0 else f" C{c}" if c % 5 == 0 else f"C{c}" for c in cases], dtype="str"),
            "activity": pd.Series([LABELS[i] for i in draw.integers(0, len(LABELS), n)], dtype="str"),
            "at": at.where(draw.random(n) > 0.05),
            "begun": at - pd.to_timedelta(draw.integers(-1, 30, n), unit="h"),
            "size": pd.Series(np.where(cases % 3 == 0, cases % 4, -1), dtype="Int64").replace(-1, pd.NA),
            "who": pd.Series([["Ann", "bob", None][c % 3] for c in cases], dtype="str"),
        }
    )
    return frame.sort_values("row", ignore_index=True)


def main(master: str, path: str) -> None:
    """Print some answers that Spark gives at another master, and how many rows came from it."""
    from servers import spark_session

    session = spark_session(master)
    log = log_of(session.read.parquet(path), order="row")
    sys.stdout.write(json.dumps({"answers": flows(log), "fetched_rows": log.fetched_rows}) + "\n")
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
