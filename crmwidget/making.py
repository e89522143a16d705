"""The public ways to a new map: templates, graphs, tables, typed text and files."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmwidget import catalog
from crmwidget.autosaving import read_with_journal
from crmwidget.crm_map import CrmMap
from crmwidget.formats import by_name, table, typed_text
from crmwidget.graph.elements import Elements
from crmwidget.graph.importing import from_graph

if TYPE_CHECKING:
    import networkx as nx

    from crmwidget.data.event_log import EventLog

__all__ = ["discover", "from_networkx", "from_table", "from_text", "open", "template", "templates"]


def template(name: str) -> CrmMap:
    """A new map from a template; `crm.templates()` lists them.

    Examples
    --------
    >>> template("lifecycle").graph.nodes["onboarding"]["label"]
    'Customer onboarding'
    """
    return CrmMap(elements=catalog.build(name))


def templates() -> dict[str, str]:
    """The names of the templates, each with its title.

    Examples
    --------
    >>> templates()
    {'lifecycle': 'Customer lifecycle', 'process_table': 'Business process'}
    """
    return catalog.templates()


def discover(
    log: EventLog, *, coverage: float = 1.0, kind: str = "stage", terminals: bool = True, name: str = "Discovered"
) -> CrmMap:
    """A new map of what a log really says: its activities, what follows directly, how often and how fast.

    The log is attached to it, so that questions can be asked at once.

    Parameters
    ----------
    coverage
        The share of cases to draw: the fewest variants, most frequent first, that make it up.
    kind
        The kind of node that an activity becomes.
    terminals
        Whether to draw where cases begin, and where they end if the log says no `ends`.

    Returns
    -------
    CrmMap
        Flows with `volume`, `median_s`, `p95_s`; nodes with `n_events`, `n_started`, `n_ended`. Numbers of fewer than
        5 cases, and those that would give them away, are left out; `crm.flows(m).table` is exact.

    Raises
    ------
    AnalysisError
        The log has no event, `coverage` is no share, or there is no such kind.

    Notes
    -----
    *Definition.* A flow joins two activities of which one follows the other directly in a drawn case. What is drawn are
    whole cases, so that every way on the map was really gone.

    *Ties.* Events of one case and time keep their order in the log; of variants of equal frequency the one with fewer
    events is drawn first.

    *Open cases.* They are drawn as far as they have come. Without `ends` the last event of any case is an end.

    *Missing values.* After an event that is not known (a gap) no flow is made up.

    *Small groups.* Numbers of fewer than 5 cases are left out of the map, since a map is saved and shown.

    *Source.* The directly-follows graph of van der Aalst (*Process Mining*, 2016), thinned out by whole variants and
    not by rare flows, for the reasons that he gives (*A practitioner's guide to process mining: Limitations of the
    directly-follows graph*, 2019).

    Examples
    --------
    >>> from crmwidget import samples
    >>> log = samples.events(200).log(ends=())
    >>> discover(log, coverage=0.5, name="Sales")
    <CrmMap 'Sales': 8 nodes, 7 flows>
    """
    from crmwidget.analysis.discover import discovered  # it loads pandas, which no other way to a map needs

    elements = discovered(log, coverage=coverage, kind=kind, terminals=terminals, name=name)
    m = CrmMap(elements=elements)
    drawn = {str(about["label"]): node for node, about in elements.nodes.items()}
    m.attach(log, mapping={activity: drawn[activity] for activity in log.counts if activity in drawn})
    return m


def from_networkx(graph: nx.Graph[Any], *, name: str | None = None) -> CrmMap:
    """A new map with the nodes and edges of any networkx graph; the graph itself is not touched.

    Ids become slugs (the old ones are kept as `source_id`), edge keys become strings that are unique in the map
    (the old ones are kept as `source_key`), `pos` or `x` and `y` become pinned positions.

    Examples
    --------
    >>> import networkx as nx
    >>> m = from_networkx(nx.DiGraph([(1, 2)]))
    >>> list(m.graph.nodes(data="source_id"))
    [('1', 1), ('2', 2)]
    """
    return CrmMap(elements=from_graph(graph, name=name))


def from_table(frame: object, *, name: str | None = None) -> CrmMap:
    """A new map from a table of one row per stage: Stage, Description, Actions (separated by commas).

    The stages become a chain in the order of the rows. `m.to_table()` gives the same table back.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"Stage": ["Lead", "Won"], "Description": ["new", None], "Actions": ["call, mail", ""]})
    >>> m = from_table(table)
    >>> m.graph.nodes["lead"]["actions"]
    ('call', 'mail')
    """
    return CrmMap(elements=_named(table.from_frame(frame), name))


def from_text(text: str, *, name: str | None = None) -> CrmMap:
    """A new map from typed text: `Lead -> Qualified -> Won`, or a list with one stage per line.

    Examples
    --------
    >>> from_text("Lead -> Won").graph.has_edge("lead", "won")
    True
    """
    return CrmMap(elements=_named(typed_text.from_text(text), name))


def open(path: str | os.PathLike[str], *, format: str | None = None) -> CrmMap:
    """The map in a file: its own, or BPMN, GraphML, Mermaid, CSV or Excel.

    `docs/formats.md` says what each format keeps. A map of another format than its own has no file yet: `m.save(…)`
    gives it one.

    Edits that a map saved by itself, and that are not in the file yet because its kernel ended suddenly, are put in
    again from the journal beside it; a warning says how many.

    Parameters
    ----------
    path
        The file. Its suffix says the format; where that is none of them, its content does.
    format
        The name of the format, whatever the suffix: `"map"`, `"bpmn"`, `"graphml"`, `"mermaid"`, `"csv"`, `"excel"`.

    Raises
    ------
    FileFormatError
        If the file is cut off, not what it should be, too large, written by a newer crmwidget, or of a format that is
        not known (with the nearest).
    MissingExtraError
        For Excel without the extra `excel`.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = from_text("Lead -> Won", name="Sales").save(f"{mkdtemp()}/sales.crm.json")
    >>> open(path)
    <CrmMap 'Sales': 2 nodes, 1 flow>
    """
    chosen = by_name.for_reading(Path(path), format)
    if chosen.name != by_name.OWN:
        return CrmMap(elements=by_name.read(Path(path), chosen))
    elements, recovered = read_with_journal(Path(path))
    m = CrmMap(elements=elements)
    m.opened_from(Path(path), recovered=recovered)
    if recovered:
        edits = "1 batch of edits" if recovered == 1 else f"{recovered:,} batches of edits"
        warnings.warn(
            f"{edits} of {Path(path).name!r} came back from its journal: the kernel had ended before they were in the "
            "file. m.save() or m.autosave() writes them.",
            UserWarning,
            stacklevel=2,
        )
    return m


def _named(elements: Elements, name: str | None) -> Elements:
    if name is not None:
        elements.attributes["name"] = name
        elements.id = ""
    elements.attributes.setdefault("name", "Map")
    return elements
