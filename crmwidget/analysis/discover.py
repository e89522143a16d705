"""The map that a log really follows: activities as nodes, what follows directly as flows, with counts and times."""

from __future__ import annotations

from typing import Any

from crmwidget.analysis.flow_counts import FlowCounts, flow_counts
from crmwidget.analysis.variants import covering
from crmwidget.data.durations import duration_text
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.privacy import small_text
from crmwidget.errors import AnalysisError, nearest, shorten
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.vocabulary import LIMITS, NODE_KINDS

__all__ = ["discovered"]


def discovered(
    log: EncodedLog, *, coverage: float = 1.0, kind: str = "stage", terminals: bool = True, name: str = "Discovered"
) -> Elements:
    """A log as the elements of a map.

    Parameters
    ----------
    log
        The log. Its `ends` become nodes of kind "end".
    coverage
        The share of cases to draw, above 0 to 1: the fewest variants, most frequent first, that make it up. What is
        drawn is these cases whole, so that every way on the map was really gone.
    kind
        The kind of node that an activity becomes.
    terminals
        Whether to draw where cases begin, and where they end if the log says no `ends`: a node of kind "start" and one
        of kind "end", with flows of their own.

    Returns
    -------
    Elements
        Nodes in the order in which cases come by, with `n_events`, `n_started`, `n_ended`. Flows with `volume` (how
        often), `median_s` and `p95_s` (seconds from the end of one event to the end of the next) and the median as
        label. Numbers of fewer than 5 cases, and those that would give them away, are left out: a map is saved and
        shown.

    Raises
    ------
    AnalysisError
        `coverage` is no share, there is no such kind, or the log has no event.

    Examples
    --------
    >>> from crmwidget.data import samples
    >>> from crmwidget.data.event_log import EventLog
    >>> sample = samples.events(200)
    >>> log = EventLog(
    ...     sample.events, case="case_id", activity="activity", timestamp="finished_at", ends=sample.ends
    ... )
    >>> elements = discovered(log)
    >>> list(elements.nodes)
    ['start', 'lead', 'qualification', 'demo', 'offer', 'contract', 'won', 'lost']
    >>> elements.flows["f1"]["target"], elements.flows["f1"]["volume"]
    ('lead', 200)
    """
    if isinstance(coverage, bool) or not isinstance(coverage, int | float) or not 0 < coverage <= 1:
        raise AnalysisError(f"coverage= is a share above 0 and up to 1; given {shorten(coverage)}.")
    if kind not in NODE_KINDS:
        raise AnalysisError(f"kind={shorten(kind)} is unknown; {nearest(kind, NODE_KINDS)}.")
    if not isinstance(log, EncodedLog):
        raise AnalysisError(
            f"A map is discovered from an EventLog; given {type(log).__name__}: "
            "crm.EventLog(frame, case=…, activity=…, timestamp=…) makes one."
        )
    if not log.n_events:
        raise AnalysisError("The log has no event, so there is nothing to draw; log.issues says what was left out.")
    drawn = covering(log, coverage) if coverage < 1 else log
    counts = flow_counts(drawn, with_cases=False)
    elements = Elements(attributes={"name": name})
    if log.n_cases > drawn.n_cases:
        elements.attributes["coverage"] = round(drawn.n_cases / log.n_cases, 4)
    ids = _nodes(elements, counts, log.ends, kind, terminals)
    _flows(elements, counts, log.ends, ids, terminals)
    return elements


def _nodes(
    elements: Elements, counts: FlowCounts, closing: tuple[str, ...], kind: str, terminals: bool
) -> dict[str, str]:
    """Add a node per activity, and where cases begin and end; activity → node id."""
    if terminals:
        elements.nodes["start"] = {"kind": "start", "label": "Start"}
    ids: dict[str, str] = {}
    for activity, n in counts.activities.items():
        ids[activity] = node = unique(slug(activity), elements.nodes)
        figures = {
            "n_events": None if ("node", activity) in counts.hidden else n,
            "n_started": _shown(counts, "start", activity, counts.starts),
            "n_ended": _shown(counts, "end", activity, counts.ends),
        }
        elements.nodes[node] = {
            "kind": "end" if activity in closing else kind,
            "label": activity[: LIMITS.label_characters],
            **{name: figure for name, figure in figures.items() if figure is not None},
        }
    if terminals and not closing:
        ids[""] = end = unique("end", elements.nodes)
        elements.nodes[end] = {"kind": "end", "label": "End"}
    return ids


def _flows(
    elements: Elements, counts: FlowCounts, closing: tuple[str, ...], ids: dict[str, str], terminals: bool
) -> None:
    keys = flow_keys()

    def add(source: str, target: str, about: dict[str, Any]) -> None:
        elements.flows[next(keys)] = {"source": source, "target": target, "kind": "flow", **about}

    if terminals:
        for activity in counts.starts:
            add("start", ids[activity], _volume(_shown(counts, "start", activity, counts.starts)))
    rows: list[Any] = list(counts.flows.itertuples(index=False))
    for row in rows:
        about = _volume(None if ("flow", row.source, row.target) in counts.hidden else int(row.n))
        if ("flow", row.source, row.target) not in counts.small:
            median, p95 = row.median_time.total_seconds(), row.p95_time.total_seconds()
            about |= {"label": duration_text(median), "median_s": median, "p95_s": p95}
        add(ids[row.source], ids[row.target], about)
    if terminals and not closing:
        for activity in counts.ends:
            add(ids[activity], ids[""], _volume(_shown(counts, "end", activity, counts.ends)))


def _shown(counts: FlowCounts, kind: str, activity: str, numbers: Any) -> int | None:
    return None if (kind, activity) in counts.hidden else numbers.get(activity)


def _volume(n: int | None) -> dict[str, Any]:
    return {"volume": n} if n is not None else {"label": small_text()}
