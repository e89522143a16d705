"""What a conversion from a log shows: findings in sentences, and heat, texts, widths and a legend on the map."""

from __future__ import annotations

from typing import Any

import msgspec
import pandas as pd

from crmwidget.analysis.conversion_log_chart import log_conversion_chart
from crmwidget.analysis.conversion_log_shown import Asked, held_back, public_table
from crmwidget.analysis.result import SHOWN_ROWS, Result
from crmwidget.analysis.table_cells import count_of, float_of, rows_of
from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import DASH, percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint, Segments

__all__ = ["log_conversion_result"]

NAME, TITLE = "conversion", "Conversion and drop-off"
HELD_BACK = "…"  # of few, or a few could be worked out from it
_OF_SHOWN = " (of those that may be shown)"
_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_UNITS = {"first": "cases", "every": "visits"}


def log_conversion_result(
    asked: Asked, table: pd.DataFrame, flows: pd.DataFrame, whole: pd.DataFrame, whole_flows: pd.DataFrame, note: str
) -> Result:
    """The result: the exact tables, and what may be shown of them; on the map stand all segments together."""
    held = held_back(asked)
    public, shown_flows = public_table(asked, whole, held), public_table(asked, whole_flows, held)
    public_rows = public if asked.by is None else public_table(asked, table, held)
    findings = _findings(asked, whole, public, table, public_rows)
    notes = _notes(asked, note, is_held=bool(held))
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="group", public=public_rows, flows=flows)
    top = _top(public_rows)
    result.overlay = _overlay(asked, public, public_rows, shown_flows, findings, top=top)
    if asked.by is not None:
        result.segments = _segments(asked, table, public_rows, public_table(asked, flows, held), top=top)
    window = _window(asked) if asked.window is not None else ""
    result.drawing = lambda: log_conversion_chart(asked, public, public_rows, window=window, unit=_UNITS[asked.visits])
    return result


def _segments(asked: Asked, table: pd.DataFrame, public: pd.DataFrame, flows: pd.DataFrame, *, top: float) -> Segments:
    """Each segment of which anything may be shown as it is painted alone, on the scale of all of them."""
    parts = {}
    for segment in asked.segments.values():
        exact, rows = (rows_of_all[rows_of_all["segment"] == segment] for rows_of_all in (table, public))
        if rows.filter(like="n_").notna().any(axis=None):
            findings = _findings_of_one(asked, exact, rows)
            painted = _overlay(asked, rows, rows, flows[flows["segment"] == segment], findings, top=top)
            parts[segment] = msgspec.structs.replace(painted, subtitle=f"{asked.by} {segment}, {_once(asked)}")
    return Segments(str(asked.by), parts)


# ---- sentences -----------------------------------------------------------------------------------------


def _findings(
    asked: Asked, whole: pd.DataFrame, public: pd.DataFrame, table: pd.DataFrame, rows: pd.DataFrame
) -> list[Finding]:
    if whole.empty:
        return [Finding("info", "The log has no event.", "", "Look at log.issues.", [], [])]
    return [
        *_losses(asked, whole, public),
        *_between_segments(asked, table, rows),
        *_standing(asked, whole, public),
        *_win_rate(asked, public),
    ]


def _findings_of_one(asked: Asked, exact: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    return [*_losses(asked, exact, public), *_standing(asked, exact, public), *_win_rate(asked, public)]


def _losses(asked: Asked, exact: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    return [*_drop_off(asked, exact, public), *_latest(asked, exact, public)]


def _most(exact: pd.DataFrame, public: pd.DataFrame, column: str) -> tuple[Any, str]:
    """The row with the most that may be shown, and words that say so where another has more."""
    known, all_of = (table[column].astype("float64") for table in (public, exact))
    if not known.notna().any():
        return None, ""
    place: Any = known.idxmax()
    return public.loc[place], "" if all_of[place] == all_of.max() else _OF_SHOWN


def _drop_off(asked: Asked, whole: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    row, of_shown = _most(whole, public, "lost_rate")
    if row is None or not row["lost_rate"] > 0:
        return []
    is_open = f"; {_n(row['n_open'])} are still open there" if pd.notna(row["n_open"]) and row["n_open"] else ""
    return [
        Finding(
            "bad",
            f"{row['activity']} loses the most: {percent_text(row['lost_rate'])} of those that enter{of_shown}.",
            f"{_n(row['n_lost_here'])} of {_n(row['n_entered'])} entered were lost directly from here{is_open}.",
            f"Compare the won with the lost at {row['activity']}, by segment, product and owner.",
            _node(row),
            [],
        )
    ]


def _latest(asked: Asked, whole: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    if asked.window is None:
        return []
    row, of_shown = _most(whole, public, "late_rate")
    if row is None or not row["late_rate"] > 0:
        return []
    return [
        Finding(
            "warn",
            f"At {row['activity']} most are still there after {_window(asked)}: "
            f"{percent_text(row['late_rate'])}{of_shown}.",
            f"{_n(row['n_late'])} of {_n(row['n_observed'])} that entered long enough ago to tell.",
            f"Ask what cases at {row['activity']} wait for.",
            _node(row),
            [],
        )
    ]


def _span(rows: pd.DataFrame, rate: str) -> pd.Series[float]:
    """Stage → how far its segments lie apart; no stage where they do not."""
    rates = rows[rows[rate].notna()].groupby("activity", sort=False)[rate]
    spans = rates.max() - rates.min()
    return spans[spans > 0]


def _between_segments(asked: Asked, table: pd.DataFrame, rows: pd.DataFrame) -> list[Finding]:
    if asked.by is None:
        return []
    rate = "forward_of_left" if asked.window is None else "in_time_rate"
    part, base = ("n_forward", "n_left") if asked.window is None else ("n_in_time", "n_observed")
    spans, exact = _span(rows, rate), _span(table, rate)
    if spans.empty:
        return []
    stage: Any = spans.idxmax()
    here = rows[(rows["activity"] == stage) & rows[rate].notna()]
    of_shown = "" if spans[stage] == exact.max() else _OF_SHOWN
    best, worst = here.iloc[int(here[rate].to_numpy().argmax())], here.iloc[int(here[rate].to_numpy().argmin())]
    within = f" within {_window(asked)}" if asked.window is not None else ""
    of_left = "" if asked.window is not None else " that left"
    return [
        Finding(
            "info",
            f"At {stage} {asked.by} makes the largest difference{of_shown}: {percent_text(best[rate])} of "
            f"{best['segment']} go on{within}, {percent_text(worst[rate])} of {worst['segment']}.",
            f"{_n(best[part])} of {_n(best[base])}{of_left}, against {_n(worst[part])} of {_n(worst[base])}.",
            f"Ask what is done otherwise at {stage} for {worst['segment']}.",
            _node(best),
            [],
        )
    ]


def _standing(asked: Asked, whole: pd.DataFrame, public: pd.DataFrame) -> list[Finding]:
    row, of_shown = _most(whole, public, "n_open")
    if row is None or not row["n_open"] > 0 or pd.isna(row["n_entered"]):
        return []
    return [
        Finding(
            "info",
            f"Most of what is open stands at {row['activity']}{of_shown}.",
            f"{_n(row['n_open'])} of {_n(row['n_entered'])} entered ({percent_text(row['n_open'] / row['n_entered'])}) "
            "are there now; they are counted as open, not as lost.",
            f"Ask how long they have been at {row['activity']}: slow_to_close.",
            _node(row),
            [],
        )
    ]


def _win_rate(asked: Asked, public: pd.DataFrame) -> list[Finding]:
    known = public[public["win_rate_of_closed"].notna() & public["n_closed"].notna() & public["n_entered"].notna()]
    if known.empty:
        return []
    row: Any = known.iloc[int(known["n_closed"].astype("int64").to_numpy().argmax())]
    if row["outcome"] is not None and pd.notna(row["outcome"]):
        return []
    return [
        Finding(
            "info",
            f"{percent_text(row['win_rate_of_closed'])} of the closed are won.",
            f"{_n(row['n_won'])} won of {_n(row['n_closed'])} closed, among {_n(row['n_entered'])} that entered "
            f"{row['activity']}.",
            "",
            _node(row),
            [],
        )
    ]


def _notes(asked: Asked, note: str, *, is_held: bool) -> list[str]:
    log = asked.bound.log
    notes = [
        f"Log {asked.bound.name!r}: {_few(log.n_cases)} cases.",
        note,
        "Each case is counted once at a stage, by its first visit."
        if asked.visits == "first"
        else "Each visit is counted: a case that comes back counts again.",
        "A stage that is repeated directly is one visit; a visit goes on to the first other stage.",
    ]
    if asked.window is not None:
        notes.append(
            f"Within {_window(asked)}: of those that entered at least so long before the last event of the whole log; "
            "who entered later counts in neither number."
        )
    if asked.by is not None:
        notes.append(f"A case is of the {asked.by} that its first event has; on the map stand all together.")
    if any(visit.target is None and not visit.stays for visit in asked.counts):
        notes.append("After some events comes one that is not known: how such visits went on is counted as unknown.")
    if is_held:
        notes.append(
            f"{HELD_BACK}: of fewer than {small_text()[1:]}, or so few could be worked out from it, or "
            "whether they could is too much to find out."
        )
    return notes


# ---- on the map ----------------------------------------------------------------------------------------


def _overlay(
    asked: Asked,
    public: pd.DataFrame,
    rows: pd.DataFrame,
    flows: pd.DataFrame,
    findings: list[Finding],
    *,
    top: float,
) -> Overlay:
    drawn = flows[flows["flow"].notna()]
    at_nodes = public[public["node"].notna()].sort_values("n_entered", ascending=False, kind="stable")
    at_nodes = at_nodes.drop_duplicates("node")
    legend = Legend("Share lost of entered", "%", [percent_text(top * step / 2) for step in range(3)])
    is_split = asked.by is not None and rows["segment"].nunique() > 1
    head = ["Stage", *([str(asked.by)] if is_split else []), "Entered", "Went on", "Lost", "Open"]
    within = [f"Within {_window(asked)}"] if asked.window is not None else []
    table = OverlayTable(
        [*head, *within], [_cells(asked, row, is_split=is_split) for row in rows_of(rows)[:SHOWN_ROWS]]
    )
    return Overlay(
        TITLE,
        f"{_few(asked.bound.log.n_cases)} cases, {_once(asked)}",
        legend if at_nodes["lost_rate"].notna().any() else None,
        {str(row.node): _stage_paint(asked, row, top) for row in rows_of(at_nodes)},
        {str(row.flow): _flow_paint(asked, row) for row in rows_of(drawn)},
        findings,
        table,
    )


def _top(rows: pd.DataFrame) -> float:
    """The end of the scale of heat: the next round share."""
    most = rows["lost_rate"].max()
    return next((top for top in _TOPS if top >= most), 1.0)


def _once(asked: Asked) -> str:
    return f"{asked.visits} visit{'s' if asked.visits == 'first' else ''}"


def _cells(asked: Asked, row: Any, *, is_split: bool) -> list[str]:
    lost = _n(row.n_lost_here) if asked.has("lost") else DASH
    within = [percent_text(float_of(row.in_time_rate))] if asked.window is not None else []
    segment = [row.segment] if is_split else []
    return [row.activity, *segment, _n(row.n_entered), _n(row.n_forward), lost, _n(row.n_open), *within]


def _stage_paint(asked: Asked, row: Any, top: float) -> Paint:
    if row.activity in asked.endings:
        word = row.outcome or "closed"
        return Paint(text=f"{_n(row.n_entered)} {word}")
    lost = float_of(row.lost_rate)
    parts = [f"{_n(row.n_forward)} went on{_in_brackets(row.forward_rate)}"]
    if asked.has("lost"):
        parts.append(f"{_n(row.n_lost_here)} lost here{_in_brackets(row.lost_rate)}")
    parts.append(f"{_n(row.n_open)} open")
    headline = _n(row.n_entered)
    detail = f"Of {_n(row.n_entered)} {_UNITS[asked.visits]} that entered: {', '.join(parts)}."
    if asked.window is not None:
        rate = percent_text(float_of(row.in_time_rate))
        headline += f" · {rate} within {_window(asked)}"
        detail += f" {_n(row.n_in_time)} of {_n(row.n_observed)} went on within {_window(asked)}."
    elif lost:
        headline += f" · {percent_text(lost)} lost"
    elif pd.notna(row.forward_rate):
        headline += f" · {percent_text(row.forward_rate)} went on"
    return Paint(heat=min(1.0, lost / top) if lost is not None else None, text=headline, detail=detail)


def _flow_paint(asked: Asked, row: Any) -> Paint:
    detail = f"{_n(row.n_taken)} of {_n(row.n_source_entered)} {_UNITS[asked.visits]} that entered."
    if asked.window is not None:
        detail += f" {_n(row.n_in_time)} of {_n(row.n_source_observed)} within {_window(asked)}."
    return Paint(
        text=f"{_n(row.n_taken)}{f' · {percent_text(row.taken_rate)}' if pd.notna(row.taken_rate) else ''}",
        detail=detail,
        width=float_of(row.n_taken),
    )


def _n(value: Any) -> str:
    return HELD_BACK if pd.isna(value) else count_of(value)


def _few(n: int) -> str:
    return small_text() if is_small(n) else count_of(n)


def _window(asked: Asked) -> str:
    return DASH if asked.window is None else duration_text(asked.window.total_seconds())


def _in_brackets(rate: Any) -> str:
    return f" ({percent_text(float(rate))})" if pd.notna(rate) else ""


def _node(row: Any) -> list[str]:
    return [row["node"]] if row["node"] is not None and pd.notna(row["node"]) else []
