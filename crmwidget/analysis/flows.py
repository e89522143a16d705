"""What really follows what: how often each flow is taken, in how many cases, and how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.attached_log import LogChoice, attached_log
from crmwidget.analysis.flow_counts import FlowCounts, flow_counts
from crmwidget.analysis.flow_places import placed
from crmwidget.analysis.flows_chart import flows_chart
from crmwidget.analysis.ghost_flows import GHOSTS_TITLE, ghosts_of
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.table_cells import cases_text, count_of, rows_of, size_text, time_of
from crmwidget.data.durations import duration_text
from crmwidget.data.log_binding import BoundLog
from crmwidget.data.numerals import percent_text
from crmwidget.data.privacy import is_small, small_text
from crmwidget.shown import Finding, Ghost, Legend, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["flows"]

NAME, TITLE = "flows", "Flows and their times"
HELD_BACK = "…"
SHOWN_ROWS = 200
LEAST_RATE = 0.01  # of all flows taken: a rarer one is not called the slowest


@question(title=TITLE, group="flow", needs=("nodes", "log"), reads=("label", "known_as", "source", "target"))
def flows(m: MapModel, *, log: LogChoice = None) -> Result:
    """What follows directly on what in an event log, how often and how fast, and which of it the map does not show.

    Parameters
    ----------
    m
        The map.
    log
        An `EventLog` (such as `log.where(…)`), or the name of an attached one; None for the only one.

    Returns
    -------
    Result
        `.table` has one row per pair of activities of which one follows the other directly in some case:

        - `source`, `target`: the activities; `source_node`, `target_node`: the nodes that they mean, missing where
          none; `flow`: the key of the drawn flow, missing where none is drawn;
        - `n`: how often it is taken; `n_cases`: in how many cases; `n_source`: how often any flow leaves `source`;
          `taken_rate` = n / n_source;
        - `median_time`, `p95_time`: from the end of one event to the end of the next, `timedelta64`, percentiles with
          linear interpolation.

        Counts are `Int64`, rates fractions. `.chart()` has how often each flow is taken beside how long it takes.
        Painted, what is not drawn between two nodes is dashed, the most frequent of it; a click tells it, and draws it.

    Raises
    ------
    AnalysisError
        No event log is attached, or several are.

    Notes
    -----
    *Definition.* One activity follows another directly where its event is the next one of the same case.

    *Ties.* Events of one case and time keep their order in the log.

    *Open cases.* They count with the flows that they have taken so far.

    *Missing values.* After an event that is not known (a gap) nothing follows directly; what has no time is missing,
    never 0.

    *Small groups.* In what leaves the kernel, flows of fewer than 5 cases lose their numbers, and so do others from
    which these could be worked out; `.table` is exact.

    *Source.* The directly-follows graph of van der Aalst (*Process Mining*, 2016), with the care that he asks for (*A
    practitioner's guide to process mining: Limitations of the directly-follows graph*, 2019): no flow is left out for
    being rare, and times are of pairs that really follow each other.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.discover(crm.samples.events(200).log())
    >>> crm.flows(m).table[["source", "target", "n", "n_cases"]].head(2)
              source         target    n  n_cases
    0           Lead  Qualification  200      200
    1  Qualification           Demo  176      176
    """
    bound = attached_log(m, log)
    counts = flow_counts(bound.log, with_cases=True)
    node_of = bound.match().node_of
    table = _table(m, counts, node_of)
    public = _public(table, counts)
    findings = _findings(bound, public, counts)
    notes = [
        f"{size_text(bound)}.",
        "A flow joins an event with the next one of the same case; its time is from the end of one to the end of the "
        "other.",
    ]
    if counts.hidden:
        notes.append(f"{small_text()}: of too few cases to show; {HELD_BACK}: held back, as one could be worked out.")
    result = Result(NAME, TITLE, table, findings=findings, notes=notes, grain="flow", public=public)
    result.overlay = _overlay(bound, public, counts, node_of, findings)
    result.drawing = lambda: flows_chart(public)
    return result


def _table(m: MapModel, counts: FlowCounts, node_of: Any) -> pd.DataFrame:
    table = placed(m, counts.flows, node_of)
    n_source = table.groupby("source")["n"].transform("sum")
    table.insert(7, "n_source", n_source.astype("Int64"))
    table.insert(8, "taken_rate", (table["n"] / n_source).astype("float64"))
    return table


def _public(table: pd.DataFrame, counts: FlowCounts) -> pd.DataFrame:
    """The table without what is held back; a rate goes with any count of its source's flows."""
    public = table.copy()
    pairs = list(zip(table["source"], table["target"], strict=True))
    hidden = [("flow", *pair) in counts.hidden for pair in pairs]
    small = [("flow", *pair) in counts.small for pair in pairs]
    partly = {source for (source, _), is_hidden in zip(pairs, hidden, strict=True) if is_hidden}
    of_partly = [source in partly for source, _ in pairs]
    public.loc[hidden, ["n", "n_cases"]] = pd.NA
    public.loc[of_partly, "n_source"] = pd.NA
    public.loc[of_partly, "taken_rate"] = float("nan")
    public.loc[small, ["median_time", "p95_time"]] = pd.NaT
    return public


def _findings(bound: BoundLog, public: pd.DataFrame, counts: FlowCounts) -> list[Finding]:
    found: list[Finding] = []
    if not bound.log.n_events:
        return [Finding("info", "The log has no event.", "", "Look at log.issues.", [], [])]
    without = bound.unmatched
    unmatched = [item for item in without if not is_small(item.n_rows)]
    if without:
        listed = "; ".join(
            f"“{item.value[:40]}” {count_of(item.n_rows)}" + (f", nearest: {item.nearest}" if item.nearest else "")
            for item in unmatched[:5]
        )
        found.append(
            Finding(
                "warn",
                f"{len(without)} activities of the log mean no node of the map."
                if len(without) > 1
                else "One activity of the log means no node of the map.",
                f"{listed}." if listed else "",
                "Say what they mean, m.attach(log, mapping={activity: node}), or add nodes of these names.",
                list(dict.fromkeys(item.nearest for item in unmatched if item.nearest)),
                [],
            )
        )
    shown = public[public["n"].notna() & public["median_time"].notna()]
    frequent = shown[shown["n"] >= LEAST_RATE * float(shown["n"].sum())] if len(shown) else shown
    if len(frequent) and frequent["median_time"].max() > pd.Timedelta(0):
        slow: Any = frequent.iloc[int(frequent["median_time"].to_numpy().argmax())]
        found.append(
            Finding(
                "bad",
                f"{slow['source']} → {slow['target']} takes longest: {time_of(slow['median_time'])} (median).",
                f"{count_of(slow['n'])} times; 95 % take at most {time_of(slow['p95_time'])}.",
                f"Ask what happens between {slow['source']} and {slow['target']}.",
                [node for node in (slow["source_node"], slow["target_node"]) if node],
                [slow["flow"]] if slow["flow"] else [],
            )
        )
    missing = public[public["flow"].isna() & public["source_node"].notna() & public["target_node"].notna()]
    if len(missing):
        known = missing[missing["n"].notna()].sort_values("n", ascending=False, kind="stable").head(5)
        listed = "; ".join(f"{row.source} → {row.target} {count_of(row.n)}" for row in rows_of(known))
        found.append(
            Finding(
                "info",
                f"{len(missing)} flows of the log are not drawn."
                if len(missing) > 1
                else "One flow of the log is not drawn.",
                f"{listed}." if listed else "",
                "Draw them if they should be, or ask why they happen.",
                list(dict.fromkeys([*known["source_node"], *known["target_node"]])),
                [],
            )
        )
    return found


def _overlay(
    bound: BoundLog, public: pd.DataFrame, counts: FlowCounts, node_of: Any, findings: list[Finding]
) -> Overlay:
    drawn = public[public["flow"].notna()]
    slowest = (drawn if len(drawn) else public)["median_time"].max()
    top_s = 0.0 if pd.isna(slowest) else slowest.total_seconds()
    ghosts = _ghosts(public, counts, top_s)
    ticks = [duration_text(top_s * step / 2) for step in range(3)]
    legend = Legend("Median time", "", ticks, GHOSTS_TITLE if ghosts else "") if top_s else None
    paints = {str(row.flow): _paint(row, counts, top_s) for row in rows_of(drawn)}
    nodes = {
        node: Paint(
            text=_count(counts, ("node", activity), counts.activities[activity]),
            detail=f"{_count(counts, ('start', activity), counts.starts.get(activity, 0))} cases begin here, "
            f"{_count(counts, ('end', activity), counts.ends.get(activity, 0))} end here.",
        )
        for activity, node in node_of.items()
        if activity in counts.activities
    }
    frequent = public.sort_values("n", ascending=False, kind="stable", na_position="last").head(SHOWN_ROWS)
    table = OverlayTable(
        ["Flow", "Times", "Median", "95 %"],
        [
            [
                f"{row.source} → {row.target}",
                _count(counts, ("flow", row.source, row.target), row.n),
                time_of(row.median_time),
                time_of(row.p95_time),
            ]
            for row in rows_of(frequent)
        ],
    )
    title = cases_text(bound.log.n_cases)
    return Overlay(TITLE, title, legend, nodes, paints, findings, table, ghosts=ghosts)


def _paint(row: Any, counts: FlowCounts, top_s: float) -> Paint:
    count = _count(counts, ("flow", row.source, row.target), row.n)
    has_time = not pd.isna(row.median_time)
    rate = f" · {percent_text(row.taken_rate)}" if pd.notna(row.taken_rate) else ""
    return Paint(
        heat=min(row.median_time.total_seconds() / top_s, 1.0) if has_time and top_s else None,
        text=f"{count} · {time_of(row.median_time)}" if has_time else count,
        detail=f"{count} times{rate}; 95 % take at most {time_of(row.p95_time)}." if has_time else "",
        width=None if pd.isna(row.n) else float(row.n),
    )


def _ghosts(public: pd.DataFrame, counts: FlowCounts, top_s: float) -> list[Ghost]:
    """What follows directly between two nodes that no flow joins; a count that is held back is not painted."""
    known = public[public["flow"].isna() & public["n"].notna()]
    known = known[known["source_node"].notna() & known["target_node"].notna()]
    known = known[(known["source_node"] != known["target_node"]) | (known["source"] == known["target"])]
    return ghosts_of(
        Ghost(
            row.source_node,
            row.target_node,
            paint := _paint(row, counts, top_s),
            f"{row.source} → {row.target} is not drawn. {paint.detail or f'{paint.text} times.'}",
        )
        for row in rows_of(known.sort_values("n", ascending=False, kind="stable"))
    )


def _count(counts: FlowCounts, query: tuple[str, ...], n: Any) -> str:
    if query in counts.small:
        return small_text()
    return HELD_BACK if query in counts.hidden or pd.isna(n) else count_of(n)
