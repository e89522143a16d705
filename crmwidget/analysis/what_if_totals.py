"""The four totals of a what-if: what each is called, how it is written, and whether more of it is better."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from crmwidget.analysis.what_if_asked import days_text
from crmwidget.data.numerals import mean_text, number_text

__all__ = ["TOTALS", "Total"]


class Total(NamedTuple):
    """A number of the whole map that the work of a what-if comes to.

    Attributes
    ----------
    name
        What its columns begin with, such as `won_per_month_changed`.
    title, short
        What it is called where a case has to be named, and where it goes without saying.
    text
        How a number of it is written; of a time the days.
    is_gain
        Whether more of it is better. What is none grows without end as soon as one stage is overloaded.
    """

    name: str
    title: str
    short: str
    text: Callable[[float], str]
    is_gain: bool


TOTALS = (
    Total("won_per_month", "Won cases a month", "Won a month", mean_text, is_gain=True),
    Total("revenue_per_month", "Revenue a month", "Revenue a month", number_text, is_gain=True),
    Total("throughput_time", "Throughput time", "Throughput time", days_text, is_gain=False),
    Total("work_in_progress", "Work in progress", "Work in progress", mean_text, is_gain=False),
)
