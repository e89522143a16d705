"""Which open cases have been open unusually long, and at which stage they stand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log, ends_of
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.slow_to_close_chart import slow_to_close_chart
from crmwidget.analysis.stage_times import as_of_us
from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import number_text, percent_text
from crmwidget.data.privacy import hidden_counts, is_small, small_text
from crmwidget.errors import AnalysisError, shorten
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.data.log_binding import BoundLog
    from crmwidget.graph.model import MapModel

__all__ = ["slow_to_close"]

NAME, TITLE = "slow_to_close", "Slow to close"
HELD_BACK = "…"

# CLOSED stands for the condition that says which cases are closed, AS_OF for the moment as of which the log is. Among
# closed and open cases by age, each open one has before it the closed ones that took no longer.
AGES_SQL = (
    "select case_id, last_activity, age_us, here_us, n_shorter, n_closed from ("
    "select case_id, last_activity, is_open, age_us, here_us, "
    "sum(1 - is_open) over (order by age_us range between unbounded preceding and current row) as n_shorter, "
    "sum(1 - is_open) over () as n_closed from ("
    "select case_id, last_activity, case when CLOSED then 0 else 1 end as is_open, "
    "case when CLOSED then last_at_us else AS_OF end - first_at_us as age_us, AS_OF - last_at_us as here_us "
    "from {cases}) aged) ranked where is_open = 1"
)
STAYS_SQL = (
    "select case_id, n_shorter, n_stays from (select case_id, is_open, "
    "sum(1 - is_open) over (partition by activity order by stay_us range between unbounded preceding and current row) "
    "as n_shorter, sum(1 - is_open) over (partition by activity) as n_stays from ("
    "select case_id, activity, 0 as is_open, next_at_us - at_us as stay_us from {steps} where "
    "next_activity is not null and case_id in (select case_id from {cases} where CLOSED) union all "
    "select case_id, last_activity as activity, 1 as is_open, AS_OF - last_at_us as stay_us from {cases} "
    "where not (CLOSED)) stays) ranked where is_open = 1"
)
USUAL_SQL = (
    "select activity, percentile_cont(0.5) within group (order by next_at_us - at_us) as median_us from {steps} "
    "where next_activity is not null and case_id in (select case_id from {cases} where CLOSED) group by activity"
)
NAMES_SQL = "select case_id, label from case_names where case_id in (select case_id from {cases} where not (CLOSED))"


@question(title=TITLE, group="flow", needs=("nodes", "log"))
def slow_to_close(m: MapModel, *, log: LogChoice = None, at: dt.datetime | None = None, unusual: float = 0.9) -> Result:
    """Which open cases have stood longer than closed ones used to, and where.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.
    at
        The moment as of which ages are counted: not before the log's last event, which is the default. UTC without a
        zone.
    unusual
        From which percentile on a case is called slow, above 0 and below 1.

    Returns
    -------
    Result
        `.table` has one row per open case, the most unusual first. It is of single cases, so it is shown only by its
        shape and columns, never serialised, and comes by asking for `.table`:

        - `case`; `activity` where it stands; `node` that it means, missing where none;
        - `age`: since its first event; `time_at_stage`: since its last; `usual_time_at_stage`: the median of closed
          cases there (`timedelta64`, missing where no closed case left that stage);
        - `n_shorter` of `n_closed`: closed cases whose throughput time was at most this age;
          `age_percentile` = n_shorter / n_closed;
        - `n_shorter_stays` of `n_stays`: times that closed cases stayed at that stage and that were at most this long;
          `stage_percentile` = n_shorter_stays / n_stays;
        - `is_slow`: either percentile is at least `unusual`.

        Counts are `Int64`, percentiles fractions; undefined (nothing to compare with) is NaN, never 0. `.chart()` has
        how old open cases are beside what closed ones took, in steps of 5 cases or more, and where the slow ones stand.

    Raises
    ------
    AnalysisError
        No log is attached, or several are; nothing says which activities close a case; `unusual` is out of bounds.

    Notes
    -----
    *Definition.* The percentile is the empirical distribution function of closed cases at the age that an open one has
    reached: how many would have been closed by now.

    *Ties.* A closed case that took exactly as long counts as shorter.

    *Open cases.* They are what is asked about, and are compared with closed cases alone. Where a log is young, closed
    cases are the quick ones, so that percentiles come out too high.

    *Missing values.* Where there is nothing to compare with a percentile is missing, never 0, and makes nobody slow.

    *Small groups.* Counts by stage of 1 to 4 are held back on the map, and what gives them away; single cases are in
    `.table` alone.

    *Source.* A. W. van der Vaart, *Asymptotic Statistics*, 1998, ch. 19, for the empirical distribution function; E. L.
    Kaplan and P. Meier, *Nonparametric Estimation from Incomplete Observations*, 1958, for what open cases do to it.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> answer = crm.slow_to_close(m)
    >>> answer
    <Result 'slow_to_close': Slow to close, 10 rows × 13 columns (case, activity, node, age, time_at_stage, ...)>
    >>> int(answer.table["is_slow"].sum()), set(answer.table["activity"])
    (10, {'Offer'})
    """
    if isinstance(unusual, bool) or not isinstance(unusual, int | float) or not 0 < unusual < 1:
        raise AnalysisError(f"unusual= is a share above 0 and below 1; given {shorten(unusual)}.")
    bound = attached_log(m, log)
    ends, note = ends_of(m, bound)
    if not ends:
        raise AnalysisError(
            "Nothing says which activities close a case, so none is known to be open: EventLog(…, ends=[…]), or give a "
            "node of the map kind='end' or an outcome."
        )
    table = _table(bound, ends, as_of_us(bound.log, at), unusual)
    shown = _by_stage(table)
    findings = _findings(bound, table, shown, unusual)
    notes = [
        note,
        f"Slow: at least {percent_text(unusual)} of the closed cases were closed at that age, or had left that stage "
        "after that time.",
    ]
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="case")
    result.overlay = _overlay(table, shown, findings)
    result.drawing = lambda: slow_to_close_chart(
        bound.log,
        bound.log.ended_by(ends),
        table,
        {stage: _public(row) for stage, row in shown.items() if stage},
        unusual=unusual,
        has_open=_is_shown(shown[""][2]),
    )
    return result


def _table(bound: BoundLog, ends: tuple[str, ...], as_of: int, unusual: float) -> pd.DataFrame:
    log = bound.log

    def frame(query: str, what: str) -> pd.DataFrame:
        said = query.replace("CLOSED", log.ended_by(ends)).replace("AS_OF", str(as_of))
        return pd.DataFrame({name: np.ma.getdata(values) for name, values in log.arrays(said, what=what).items()})

    cases = frame(AGES_SQL, "Comparing ages").merge(
        frame(STAYS_SQL, "Comparing stays"), on="case_id", suffixes=("", "_s")
    )
    cases = cases.merge(frame(NAMES_SQL, "Naming the cases"), on="case_id")
    usual = dict(log.rows(USUAL_SQL.replace("CLOSED", log.ended_by(ends))))
    node_of = bound.match().node_of
    activities = [log.labels[int(code)] for code in cases["last_activity"]]
    medians = [usual.get(int(code)) for code in cases["last_activity"]]
    table = pd.DataFrame(
        {
            "case": cases["label"].astype("str"),
            "activity": pd.Series(activities, dtype="str"),
            "node": pd.Series([node_of.get(activity) for activity in activities], dtype="object"),
            "age": _times(cases["age_us"]),
            "time_at_stage": _times(cases["here_us"]),
            "usual_time_at_stage": pd.to_timedelta(pd.Series(medians, dtype="float64").round(), unit="us"),
            "n_shorter": cases["n_shorter"].astype("int64").astype("Int64"),
            "n_closed": cases["n_closed"].astype("int64").astype("Int64"),
            "age_percentile": _share(cases["n_shorter"], cases["n_closed"]),
            "n_shorter_stays": cases["n_shorter_s"].astype("int64").astype("Int64"),
            "n_stays": cases["n_stays"].astype("int64").astype("Int64"),
            "stage_percentile": _share(cases["n_shorter_s"], cases["n_stays"]),
        }
    )
    most = table[["age_percentile", "stage_percentile"]].max(axis=1)
    table["is_slow"] = (most >= unusual).astype("bool")
    order = most.fillna(-1.0).to_frame("most").assign(age=table["age"], case=table["case"])
    in_order = order.sort_values(["most", "age", "case"], ascending=[False, False, True], kind="stable")
    return table.loc[in_order.index].reset_index(drop=True)


def _times(microseconds: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series(microseconds.to_numpy(dtype="int64").astype("timedelta64[us]"))


def _share(part: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[Any]:
    total = whole.astype("float64")
    return part.astype("float64") / total.where(total > 0)


def _by_stage(table: pd.DataFrame) -> dict[str, tuple[int, int, str, str]]:
    """Activity → how many are open and slow there, and both as they may be shown."""
    cells: dict[tuple[str, bool], int] = {}
    for activity, is_slow in zip(table["activity"], table["is_slow"], strict=True):
        cells[activity, bool(is_slow)] = cells.get((activity, bool(is_slow)), 0) + 1
    stages = list(dict.fromkeys(activity for activity, _ in cells))
    queries: dict[tuple[str, str], list[tuple[str, bool]]] = {("", "open"): list(cells)}
    queries["", "slow"] = [cell for cell in cells if cell[1]]
    for stage in stages:
        queries[stage, "open"] = [cell for cell in cells if cell[0] == stage]
        queries[stage, "slow"] = [(stage, True)] if (stage, True) in cells else []
    hidden = hidden_counts(queries, cells)
    found = {}
    for stage in ("", *stages):
        counts = {kind: sum(cells[cell] for cell in queries[stage, kind]) for kind in ("open", "slow")}
        texts = [
            small_text() if is_small(n) else HELD_BACK if (stage, kind) in hidden else number_text(n, style="full")
            for kind, n in counts.items()
        ]
        found[stage] = (counts["open"], counts["slow"], texts[0], texts[1])
    return found


def _public(row: tuple[int, int, str, str]) -> tuple[int | None, int | None]:
    """How many are open and slow, as far as that may be shown."""
    n_open, n_slow, open_text, slow_text = row
    return n_open if _is_shown(open_text) else None, n_slow if _is_shown(slow_text) else None


def _is_shown(text: str) -> bool:
    return text not in {small_text(), HELD_BACK}


def _findings(
    bound: BoundLog, table: pd.DataFrame, shown: dict[str, tuple[int, int, str, str]], unusual: float
) -> list[Finding]:
    if table.empty:
        return [Finding("good", "No case is open.", "", "", [], [])]
    n_open, n_slow, open_text, slow_text = shown[""]
    found = [
        Finding(
            "bad" if n_slow / n_open > 2 * (1 - unusual) else "info",
            f"{slow_text} of {open_text} open cases are slow to close.",
            f"They stand longer than {percent_text(unusual)} of the closed ones did, as a whole or at their stage.",
            "Ask for .table: it has each case with its stage and age, and stays in the kernel.",
            [],
            [],
        )
    ]
    node_of = bound.match().node_of
    worst = [(row[1], stage) for stage, row in shown.items() if stage and row[1] and _is_shown(row[3])]
    if worst:
        stage = max(worst)[1]
        here = table[table["activity"] == stage]
        usual, n_stays = here["usual_time_at_stage"].iloc[0], int(here["n_stays"].iloc[0])
        is_known = pd.notna(usual) and not is_small(n_stays)
        usually = f"; usually it is left after {duration_text(usual.total_seconds())} (median)" if is_known else ""
        found.append(
            Finding(
                "bad",
                f"Most of them stand at {stage}: {shown[stage][3]}.",
                f"{shown[stage][2]} are open there{usually}.",
                f"Ask what holds them up at {stage}, or close those that are lost.",
                [node_of[stage]] if stage in node_of else [],
                [],
            )
        )
    return found


def _overlay(table: pd.DataFrame, shown: dict[str, tuple[int, int, str, str]], findings: list[Finding]) -> Overlay:
    node_of = dict(zip(table["activity"], table["node"], strict=True))
    paints: dict[str, Paint] = {}
    for stage, (n_open, n_slow, open_text, slow_text) in shown.items():
        node = node_of.get(stage)
        if node is not None:
            may_show = _is_shown(open_text) and _is_shown(slow_text)
            paints[node] = Paint(
                heat=n_slow / n_open if may_show else None,
                text=f"{slow_text} of {open_text} slow",
                detail="Open cases that stand longer than closed ones used to.",
            )
    rows = [[stage, row[2], row[3]] for stage, row in shown.items() if stage]
    return Overlay(
        TITLE,
        f"{shown[''][2]} open cases" if len(table) else "No open case",
        Legend("Share of the open cases that are slow", "%", [percent_text(tick) for tick in (0.0, 0.5, 1.0)]),
        paints,
        {},
        findings,
        OverlayTable(["Stage", "Open", "Slow"], rows),
    )
