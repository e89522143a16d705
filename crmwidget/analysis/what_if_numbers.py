"""The columns of a what-if: numbers of the whole map and of each stage, and the tables that are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmwidget.analysis.queueing import Steady
from crmwidget.analysis.simulation import Simulated
from crmwidget.analysis.stage_model import DAYS_A_MONTH, Floats, StageModel

__all__ = ["OVERLOADED", "Numbers", "flow_table", "numbers_of", "public_table", "stage_table", "statuses_of"]

Numbers = dict[str, Floats]  # each column, the whole map first; times are days
TIMES = ("wait", "throughput_time")
OVERLOADED = "overloaded"


def numbers_of(model: StageModel, answer: Steady) -> Numbers:
    """Each column of an answer."""
    inflow = float(model.inflow.sum())
    in_progress = float(answer.in_progress.sum())  # NaN as soon as one stage has no steady state
    has_queue = answer.is_reached & np.isfinite(model.capacity)
    waiting = float((answer.arrivals * answer.wait)[has_queue].sum()) if has_queue.any() else float("nan")
    won = np.where(model.is_won, answer.arrivals, np.nan) * DAYS_A_MONTH
    revenue = answer.arrivals * model.case_value * DAYS_A_MONTH
    return {
        "arrivals_per_month": _whole_first(inflow * DAYS_A_MONTH, answer.arrivals * DAYS_A_MONTH),
        "utilisation": _whole_first(np.nan, answer.utilisation),
        "wait": _whole_first(waiting / inflow, np.where(has_queue, answer.wait, np.nan)),
        "throughput_time": _whole_first(in_progress / inflow, answer.time),
        "work_in_progress": _whole_first(in_progress, answer.in_progress),
        "won_per_month": _whole_first(_sum(won), won),
        "revenue_per_month": _whole_first(_sum(revenue), revenue),
    }


def statuses_of(answer: Steady) -> list[str]:
    """The status of the whole map, then of each stage."""
    return [OVERLOADED if answer.has_no_end else "ok", *answer.statuses]


def stage_table(
    model: StageModel, found: Mapping[str, Steady], numbers: Mapping[str, Numbers], played: Simulated | None
) -> pd.DataFrame:
    """The exact table, from what was `found` and its numbers, "baseline" and "changed"."""
    columns: dict[str, Any] = {
        "node": pd.Series([None, *model.nodes], dtype="object"),
        "label": pd.Series(["Whole map", *model.labels], dtype="str"),
    }
    for when, answer in found.items():
        columns[f"status_{when}"] = pd.Series(statuses_of(answer), dtype="str")
    for name in numbers["baseline"]:
        for when, of in numbers.items():
            columns[f"{name}_{when}"] = _times(of[name]) if name in TIMES else of[name]
    if played is not None:
        for name, values in played.columns().items():
            columns[name] = _times(values) if name.startswith(TIMES) else values
    return pd.DataFrame(columns)


def public_table(table: pd.DataFrame, model: StageModel) -> pd.DataFrame:
    """The table without the numbers of stages that too few cases came to."""
    public = table.copy()
    small = [False, *(key in model.small for key in model.keys)]
    for name in table.columns:
        if name not in {"node", "label"} and any(small):
            public[name] = public[name].mask(pd.Series(small))
    return public


def flow_table(before: StageModel, after: StageModel) -> pd.DataFrame:
    """Each pair of stages that cases go between, as it is or as it would be."""
    sources, targets = np.nonzero((before.routes > 0) | (after.routes > 0))
    return pd.DataFrame(
        {
            "source": pd.Series([before.labels[i] for i in sources], dtype="str"),
            "target": pd.Series([before.labels[i] for i in targets], dtype="str"),
            "probability_baseline": before.routes[sources, targets],
            "probability_changed": after.routes[sources, targets],
        }
    )


def _whole_first(whole: float, each: Floats) -> Floats:
    return np.concatenate([[whole], each])


def _sum(values: Floats) -> float:
    """The sum of what is defined; NaN where nothing is."""
    return float(np.nansum(values)) if not np.isnan(values).all() else float("nan")


def _times(days: Floats) -> pd.Series[pd.Timedelta]:
    microseconds = np.full(len(days), np.iinfo(np.int64).min)  # NaT
    known = np.isfinite(days)
    microseconds[known] = np.rint(days[known] * 86_400e6).astype(np.int64)
    return pd.Series(microseconds.view("timedelta64[us]"))
