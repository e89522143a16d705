"""The filter as views show it: what there is to choose, what is chosen, how many cases it leaves; what they wish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmwidget.analysis.filtered import filtered_text, n_by_outcome
from crmwidget.data.field_titles import field_title
from crmwidget.data.filter_choices import (
    Choice,
    attribute_choices,
    first_and_last_day,
    with_few_values,
    without_small,
)
from crmwidget.data.log_filter import OUTCOMES, LogFilter, checked_values, log_filter, value_text
from crmwidget.data.numerals import number_text, written_in
from crmwidget.data.privacy import count_text
from crmwidget.errors import DataError, nearest, shorten
from crmwidget.graph.narrowed_tables import narrowed
from crmwidget.sync.messages import FilterBar, FilterChoice, FilterField

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap
    from crmwidget.data.encoded_log import EncodedLog

__all__ = ["filter_bar", "wished_filter"]

_OUTCOME_TITLES = {"won": "Won", "lost": "Lost", "open": "Open", "other": "Ended otherwise"}
MOST_FIELDS = 6  # a bar with more is no bar


def filter_bar(m: CrmMap) -> FilterBar | None:
    """What a view needs for a filter bar; None where no event log is attached, and no table is filtered.

    Choices are those of the first log; `m.filter` knows the others too, and tables.
    """
    bound = next(iter(m.logs.values()), None)
    chosen = m.filters
    if bound is None:
        return _bar_of_tables(m) if chosen else None
    with written_in(m.locale):
        offered = with_few_values(bound.log)[:MOST_FIELDS]
        names = [*offered, *(name for name in chosen.values if name not in offered)]
        fields = [_field(bound.log, name, chosen) for name in names]
        counts = n_by_outcome(m, bound, OUTCOMES)
        outcomes = [
            FilterChoice(str(choice.value), _OUTCOME_TITLES[str(choice.value)], _counted(choice))
            for choice in without_small([(outcome, n) for outcome, n in counts.items() if n])
        ]
        for outcome in chosen.outcomes:
            if outcome not in [choice.value for choice in outcomes]:
                outcomes.append(FilterChoice(outcome, _OUTCOME_TITLES[outcome], ""))
        first_day, last_day = first_and_last_day(bound.log)
        total = count_text(bound.log.n_cases)
        return FilterBar(
            fields=fields,
            outcomes=outcomes if len(outcomes) > 1 or chosen.outcomes else [],
            outcome=list(chosen.outcomes),
            since=_day(chosen.since),
            until=_day(chosen.until),
            first_day=first_day,
            last_day=last_day,
            sentence="; ".join([filtered_text(m, bound), *_tables(m)]) if chosen else f"All {total} cases",
            is_on=bool(chosen),
        )


def _tables(m: CrmMap) -> list[str]:
    """What the filter leaves of each attached table, in words."""
    return [narrowed(m, table).text for table in m.tables.values()]


def _bar_of_tables(m: CrmMap) -> FilterBar:
    """Where there are tables alone, what is chosen in Python is shown, and can be taken away."""
    chosen = m.filters
    with written_in(m.locale):
        picked = {name: list(map(value_text, values)) for name, values in chosen.values.items()}
        return FilterBar(
            fields=[
                FilterField(name, field_title(name), [FilterChoice(text, text, "") for text in texts], texts)
                for name, texts in picked.items()
            ],
            outcomes=[FilterChoice(outcome, _OUTCOME_TITLES[outcome], "") for outcome in chosen.outcomes],
            outcome=list(chosen.outcomes),
            since=_day(chosen.since),
            until=_day(chosen.until),
            first_day="",
            last_day="",
            sentence=f"Filtered: {'; '.join(_tables(m))}",
            is_on=True,
        )


def wished_filter(
    m: CrmMap, *, values: Mapping[str, Sequence[str]], since: str, until: str, outcome: Sequence[str]
) -> LogFilter:
    """The filter that a view asks for, checked as `m.filter` checks; a day that it leaves as it is stays exact."""
    before = m.filters
    found: dict[str, object] = {}
    for name, texts in values.items():
        if not texts:
            continue
        known = {value_text(value): value for value in before.values.get(name, ())}
        for bound in m.logs.values():
            if name in bound.log.attributes:
                known = {
                    value_text(choice.value): choice.value for choice in attribute_choices(bound.log, name)
                } | known
        for text in texts:
            if text not in known:
                raise DataError(f"{shorten(name)} cannot be {shorten(text)}; {nearest(text, known, noun='values')}.")
        found[name] = [known[text] for text in texts]
    kept = [
        before_day if before_day is not None and given == _day(before_day) else given or None
        for given, before_day in ((since, before.since), (until, before.until))
    ]
    chosen = log_filter(found, period=kept, outcome=outcome)
    if chosen:
        checked_values(chosen, [bound.log for bound in m.logs.values()], m.tables.values())
    return chosen


def _field(log: EncodedLog, name: str, chosen: LogFilter) -> FilterField:
    picked = [value_text(value) for value in chosen.values.get(name, ())]
    offered = attribute_choices(log, name) if name in log.attributes else ()
    choices = [FilterChoice(value_text(choice.value), value_text(choice.value), _counted(choice)) for choice in offered]
    known = {choice.value for choice in choices}
    choices += [FilterChoice(text, text, "") for text in picked if text not in known]
    return FilterField(name=name, title=field_title(name), choices=choices, chosen=picked)


def _counted(choice: Choice) -> str:
    return "" if choice.n_cases is None else number_text(choice.n_cases, style="full")


def _day(day: dt.date | None) -> str:
    if day is None:
        return ""
    return (day.date() if isinstance(day, dt.datetime) else day).isoformat()
