"""Retention as a chart: a row for each cohort with its size, a column for each later period."""

from __future__ import annotations

import pandas as pd

from crmwidget.analysis.chart import Chart
from crmwidget.analysis.chart_marks import Rows, described, heading, matrix, tooltip
from crmwidget.analysis.table_cells import rows_of
from crmwidget.data.numerals import number_text, percent_text

__all__ = ["retention_chart"]

MOST_COHORTS, MOST_PERIODS = 24, 13


def retention_chart(public: pd.DataFrame, *, every: str) -> Chart:
    """The share of each cohort that is active later; cells that may not be shown are empty."""
    cohorts = list(dict.fromkeys(public.sort_values("cohort", kind="stable")["cohort_name"]))[-MOST_COHORTS:]
    shown = public[public["cohort_name"].isin(cohorts) & (public["period"] < MOST_PERIODS)]
    sizes = dict(zip(shown["cohort_name"], shown["n_cohort"], strict=True))
    named = {
        name: f"{name}  (n {number_text(int(n), style='full')})" if pd.notna(n) else f"{name}  (few)"
        for name, n in sizes.items()
    }
    values: Rows = [
        {
            "cohort": named[row.cohort_name],
            "later": int(row.period),
            "rate": float(row.retention_rate),
            "label": f"{float(row.retention_rate) * 100:.0f}",
            "told": f"{percent_text(float(row.retention_rate))}, {number_text(int(row.n_active), style='full')} of "
            f"{number_text(int(row.n_cohort), style='full')}",
        }
        for row in rows_of(shown[shown["n_active"].notna() & shown["n_cohort"].notna()])
    ]
    title = "How many of each cohort come back"
    rows = matrix(
        values,
        across={
            "field": "later",
            "type": "ordinal",
            "title": f"{every}s later",
            "axis": {"labelAngle": 0, "orient": "top"},
        },
        down={
            "field": "cohort",
            "type": "nominal",
            "title": None,
            "sort": [named[name] for name in cohorts if name in named],
        },
        value="rate",
        title="active, % of the cohort",
        told=tooltip(cohort="Cohort", later=f"{every.capitalize()}s later", told="Active"),
        is_share=True,
    )
    subtitle = f"by {every} of the first event; numbers are percent, n is the size of the cohort"
    return Chart(
        title,
        {"title": heading(title, subtitle), **rows},
        described(title, [f"{row['cohort']}, {row['later']} later: {row['told']}" for row in values]),
    )
