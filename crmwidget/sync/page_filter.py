"""The filter bar of a page without a kernel: the segments that its answers were worked out for."""

from __future__ import annotations

from collections.abc import Mapping

from crmwidget.data.field_titles import field_title
from crmwidget.shown import Segments
from crmwidget.sync.messages import FilterBar, FilterChoice, FilterField

__all__ = ["page_filter"]


def page_filter(segments: Mapping[str, Segments]) -> FilterBar | None:
    """One field for each attribute that an answer was asked by; None where there is none.

    How many cases a segment has is not said: each answer says what of it may be shown.

    Examples
    --------
    >>> from crmwidget.shown import Overlay
    >>> north = Overlay("Conversion", "", None, {}, {}, [], None)
    >>> bar = page_filter({"conversion": Segments("sales_region", {"North": north})})
    >>> bar.fields[0].title, [choice.value for choice in bar.fields[0].choices]
    ('Sales region', ['North'])
    """
    offered: dict[str, dict[str, None]] = {}
    for answer in segments.values():
        if answer.parts:
            offered.setdefault(answer.by, {}).update(dict.fromkeys(answer.parts))
    if not offered:
        return None
    fields = [
        FilterField(name=by, title=field_title(by), choices=[FilterChoice(v, v, "") for v in values], chosen=[])
        for by, values in offered.items()
    ]
    return FilterBar(
        fields=fields,
        outcomes=[],
        outcome=[],
        since="",
        until="",
        first_day="",
        last_day="",
        sentence="All cases",
        is_on=False,
    )
