"""Who comes back: cohorts by the period of their first event, and how many of each are active in later periods."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.log_periods import LogPeriod, log_periods, periods_sql
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.retention_chart import retention_chart
from crmwidget.data.numerals import number_text, percent_text
from crmwidget.data.periods import Every
from crmwidget.data.privacy import hidden_counts, is_small, small_text
from crmwidget.errors import AnalysisError, nearest, shorten
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.data.log_binding import BoundLog
    from crmwidget.graph.model import MapModel

__all__ = ["retention"]

NAME, TITLE = "retention", "Retention"
HELD_BACK = "…"
SHOWN_COHORTS, SHOWN_PERIODS = 24, 6

# PERIODS stands for the table of periods, COUNTED for the condition on events that count
COHORTS_SQL = (
    "select c.period as cohort, active.period as period, count(*) as n, c.first_activity from ("
    "select distinct case_id, period from (select case_id, at_us from {steps} where COUNTED) s "
    "join PERIODS on at_us >= from_us and at_us < until_us) active join ("
    "select case_id, period, first_activity from (select case_id, first_at_us, first_activity from {cases}) k "
    "join PERIODS on first_at_us >= from_us and first_at_us < until_us) c on c.case_id = active.case_id "
    "group by c.period, active.period, c.first_activity order by c.period, active.period, c.first_activity"
)
SIZES_SQL = (
    "select period, first_activity, count(*) as n from (select first_at_us, first_activity from {cases}) k "
    "join PERIODS on first_at_us >= from_us and first_at_us < until_us "
    "group by period, first_activity order by period, first_activity"
)


@question(title=TITLE, group="customer", needs=("nodes", "log"))
def retention(
    m: MapModel,
    *,
    log: LogChoice = None,
    every: Every = "month",
    activity: str | None = None,
    at: dt.datetime | None = None,
) -> Result:
    """How many of those that came in a period are active again one, two, three … periods later.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` whose cases are customers, or the name of an attached one; None for the only one.
    every
        The length of a period: day, week, month, quarter or year, of the calendar in UTC.
    activity
        What counts as being active, such as "Purchase"; by default any event. The cohort is that of the first event of
        any kind.
    at
        The moment as of which the log is, not before its last event, which is the default. A period that is
        not over by then is left out.

    Returns
    -------
    Result
        `.table` has one row per cohort and period that is over:

        - `cohort`: the first day of the period of the first event (`datetime64`); `cohort_name`: how it is called;
        - `period`: how many periods later, from 0;
        - `n_cohort`: cases of the cohort; `n_active`: of these, with an event in that period;
          `retention_rate` = n_active / n_cohort.

        Counts are `Int64`, rates fractions. A cohort of nobody has no row; a period in which nobody was active has
        n_active 0, which is known. `.chart()` is the matrix of cohorts and later periods.

    Raises
    ------
    AnalysisError
        No log is attached, or several are; there is no such period or activity; more than 400 periods.

    Notes
    -----
    *Definition.* The rate is a share of the whole cohort. The retention rate of Fader and Hardie (*How to Project
    Customer Retention*, 2007), of those that were there a period before, is the quotient of two in a row where nobody
    comes back. The map shows, at the stage where cases begin, how many are active in the period after.

    *Ties.* An event at the very moment between two periods belongs to the later one.

    *Open cases.* Whether a case is closed plays no part: who is still open is active only by an event.

    *Missing values.* A period that is not over has no row; nobody active in one that is over is a 0 that is known.

    *Small groups.* Cohorts of fewer than 5 cases lose their numbers in what leaves the kernel, and so do counts of 1 to
    4 active or inactive ones, and those that would give them away.

    *Source.* Cohorts are those of Ryder (*The Cohort as a Concept in the Study of Social Change*, 1965).

    Examples
    --------
    >>> import crmwidget as crm
    >>> import pandas as pd
    >>> orders = pd.DataFrame({
    ...     "who": [*"abcdefgh", *"abcde", "z"],
    ...     "what": "Order",
    ...     "on": pd.to_datetime(["2026-01-10"] * 8 + ["2026-02-10"] * 5 + ["2026-03-31"]),
    ... })
    >>> m = crm.discover(crm.EventLog(orders, case="who", activity="what", timestamp="on"))
    >>> crm.retention(m).table[["cohort_name", "period", "n_cohort", "n_active", "retention_rate"]]
      cohort_name  period  n_cohort  n_active  retention_rate
    0    Jan 2026       0         8         8           1.000
    1    Jan 2026       1         8         5           0.625
    """
    bound = attached_log(m, log)
    if activity is not None and activity not in bound.log.counts:
        raise AnalysisError(
            f"No activity {shorten(activity)}; {nearest(activity, bound.log.counts, noun='activities')}."
        )
    periods = log_periods(bound.log, every, at)
    sizes, active = _counted(bound, periods, activity)
    table = _table(periods, sizes, active)
    public, hidden = _public(table)
    findings = _findings(public, every)
    what = f"an event {activity!r}" if activity is not None else "an event"
    notes = [
        f"Log {bound.name!r}: a case is active in a period with {what} in it.",
        "Periods are those of the calendar, in UTC; only those that are over are counted.",
    ]
    if hidden:
        notes.append(f"{small_text()} or {HELD_BACK}: of too few cases to show, or a few could be worked out from it.")
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="group", public=public)
    result.overlay = _overlay(bound, periods, table, public, sizes, active, findings, every)
    result.drawing = lambda: retention_chart(public, every=every)
    return result


Sizes = dict[tuple[int, str], int]  # (cohort, first activity) → cases
Active = dict[tuple[int, int, str], int]  # (cohort, period, first activity) → active cases


def _counted(bound: BoundLog, periods: list[LogPeriod], activity: str | None) -> tuple[Sizes, Active]:
    log = bound.log
    codes = {label: code for code, label in log.labels.items()}
    counted = "1 = 1" if activity is None else f"activity = {codes[activity]}"
    inline = periods_sql(periods)
    sizes = log.rows(SIZES_SQL.replace("PERIODS", inline), what="Counting the cohorts")
    found = log.rows(COHORTS_SQL.replace("PERIODS", inline).replace("COUNTED", counted), what="Counting who came back")
    return (
        {(int(cohort), log.labels[first]): int(n) for cohort, first, n in sizes},
        {(int(cohort), int(period), log.labels[first]): int(n) for cohort, period, n, first in found},
    )


def _table(periods: list[LogPeriod], sizes: Sizes, active: Active) -> pd.DataFrame:
    n_cohort: dict[int, int] = {}
    for (cohort, _), n in sizes.items():
        n_cohort[cohort] = n_cohort.get(cohort, 0) + n
    n_active: dict[tuple[int, int], int] = {}
    for (cohort, period, _), n in active.items():
        n_active[cohort, period] = n_active.get((cohort, period), 0) + n
    n_over = sum(period.is_over for period in periods)
    rows = [
        (periods[cohort].start, periods[cohort].name, period - cohort, n, n_active.get((cohort, period), 0))
        for cohort, n in sorted(n_cohort.items())
        for period in range(cohort, n_over)
    ]
    table = pd.DataFrame(rows, columns=["cohort", "cohort_name", "period", "n_cohort", "n_active"])
    table["cohort"] = pd.to_datetime(table["cohort"]).astype("datetime64[us]")
    kinds = {"cohort_name": "str", "period": "Int64", "n_cohort": "Int64", "n_active": "Int64"}
    table = table.astype(kinds)
    table["retention_rate"] = (table["n_active"] / table["n_cohort"]).astype("float64")
    return table


def _public(table: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """The table without small cohorts, small groups of active or inactive ones, and what gives either away."""
    cohorts = {str(name): int(n) for name, n in zip(table["cohort_name"], table["n_cohort"], strict=True)}
    queries: dict[str, list[str]] = {name: [name] for name in cohorts} | {"": list(cohorts)}
    hidden_cohorts = hidden_counts(queries, cohorts)
    public = table.copy()
    rest = table["n_cohort"] - table["n_active"]
    is_held = table["cohort_name"].isin(list(hidden_cohorts)) | table["n_active"].map(is_small) | rest.map(is_small)
    is_held = is_held.astype("bool")
    public.loc[is_held, "n_active"] = pd.NA
    public.loc[is_held, "retention_rate"] = float("nan")
    public.loc[table["cohort_name"].isin(list(hidden_cohorts)), "n_cohort"] = pd.NA
    return public, bool(is_held.any())


def _findings(public: pd.DataFrame, every: Every) -> list[Finding]:
    if public.empty:
        return [Finding("info", "No period of the log is over yet.", "", f"Take a shorter one than a {every}.", [], [])]
    found = []
    for later in (1, 3):
        known = public[(public["period"] == later) & public["n_active"].notna()]
        if known.empty:
            continue
        n, n_active = int(known["n_cohort"].sum()), int(known["n_active"].sum())
        found.append(
            Finding(
                "info",
                f"{percent_text(n_active / n)} are active {_later(later, every)}.",
                f"{number_text(n_active, style='full')} of {number_text(n, style='full')}, in {len(known)} cohorts.",
                "",
                [],
                [],
            )
        )
    first = public[(public["period"] == 1) & public["n_active"].notna()]
    if len(first) > 1:
        best: Any = first.iloc[int(first["retention_rate"].to_numpy().argmax())]
        worst: Any = first.iloc[int(first["retention_rate"].to_numpy().argmin())]
        if best["retention_rate"] > worst["retention_rate"]:
            found.append(
                Finding(
                    "warn",
                    f"Of those of {worst['cohort_name']} the fewest come back: "
                    f"{percent_text(worst['retention_rate'])}.",
                    f"{number_text(int(worst['n_active']))} of {number_text(int(worst['n_cohort']))} "
                    f"{_later(1, every)}; of those of {best['cohort_name']} {percent_text(best['retention_rate'])}.",
                    "Compare what the two met with at first.",
                    [],
                    [],
                )
            )
    return found or [Finding("info", "No group is large enough to show who comes back.", "", "", [], [])]


def _later(n: int, every: Every) -> str:
    return f"{n} {every}{'' if n == 1 else 's'} later"


def _overlay(
    bound: BoundLog,
    periods: list[LogPeriod],
    table: pd.DataFrame,
    public: pd.DataFrame,
    sizes: Sizes,
    active: Active,
    findings: list[Finding],
    every: Every,
) -> Overlay:
    node_of = bound.match().node_of
    n_over = sum(period.is_over for period in periods)
    began: dict[str, int] = {}
    back: dict[str, int] = {}
    for (cohort, first), n in sizes.items():
        node = node_of.get(first)
        if node is not None and cohort + 1 < n_over:
            began[node] = began.get(node, 0) + n
            back[node] = back.get(node, 0) + active.get((cohort, cohort + 1, first), 0)
    # beside the table by cohort a single node's few could be worked out, so that then no node has a number
    counts = [(back[node], began[node] - back[node]) for node in began]
    has_held = bool(public.loc[public["period"] == 1, "n_active"].isna().any())
    is_telling = has_held or any(is_small(n) for pair in counts for n in pair)
    paints = {
        node: Paint(text=HELD_BACK)
        if is_telling
        else Paint(
            heat=back[node] / n,
            text=f"{percent_text(back[node] / n)} {_later(1, every)}",
            detail=f"{number_text(back[node], style='full')} of {number_text(n, style='full')} that begin here.",
        )
        for node, n in began.items()
    }
    n_shown = min(SHOWN_PERIODS, int(table["period"].max()) + 1) if len(table) else 0
    rows: list[list[str]] = []
    for _, group in list(public.groupby("cohort", sort=True))[-SHOWN_COHORTS:]:
        sized = group["n_cohort"].iloc[0]
        rates = [_rate_text(rate) for rate in group["retention_rate"].iloc[:n_shown]]
        size = small_text() if pd.isna(sized) else number_text(int(sized), style="full")
        rows.append([str(group["cohort_name"].iloc[0]), size, *rates, *[""] * (n_shown - len(rates))])
    columns = ["Cohort", "Cases", *(f"+{n}" for n in range(n_shown))]
    return Overlay(
        TITLE,
        f"by {every} of the first event",
        Legend(f"Share that is active {_later(1, every)}", "%", [percent_text(tick) for tick in (0.0, 0.5, 1.0)]),
        paints,
        {},
        findings,
        OverlayTable(columns, rows),
    )


def _rate_text(rate: Any) -> str:
    return HELD_BACK if pd.isna(rate) else percent_text(float(rate))
