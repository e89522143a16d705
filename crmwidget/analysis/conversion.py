"""How many move on: conversion and drop-off per stage and flow, from where each opportunity is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from crmwidget.analysis.conversion_groups import Groups
from crmwidget.analysis.conversion_view import conversion_result
from crmwidget.analysis.passage import walked
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.stage_table import stage_table
from crmwidget.errors import AnalysisError

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["conversion"]

FLOW_COLUMNS = [
    "flow",
    "source",
    "target",
    "label",
    "n_taken",
    "n_source_entered",
    "taken_rate",
    "n_undetermined",
    "n_parallel",
    "is_returning",
]


READS = ("kind", "label", "outcome", "source", "target")


@question(title="Conversion and drop-off", group="flow", needs=("nodes", "stages"), reads=READS)
def conversion(m: MapModel, *, table: str | None = None, stage: str | None = None, amount: str | None = None) -> Result:
    """How many opportunities entered each stage, moved on, were lost, are still open; and what they are worth.

    Parameters
    ----------
    m
        The map. Cases walk along its flows of kind "flow". A node with `outcome` "won" or "lost" decides a case; a node
        without a way out whose name says so ("Closed won") does so too.
    table
        The name of an attached table with one row per opportunity and its stage now; None for the only one.
    stage
        The column that names the stage (a node's id or label); the one it was attached with, or the text column that
        names nodes best.
    amount
        A numeric column; else one called amount, value, close_value or revenue, if there is one.

    Returns
    -------
    Result
        `.table` has one row per node that cases walk through, in the order of the map:

        - `node`, `label`, `outcome` ("won", "lost" or missing);
        - `n_entered`: opportunities at a place to which every way leads through this node; so they were surely here;
        - `n_current`: now here; `n_open`: now here, neither won nor lost;
        - `n_forward`: have moved on, and were not lost directly from here;
        - `n_lost_here`: lost directly from here, that is over a flow from here to a lost end;
        - `n_unplaced`: moved on, but it cannot be told whether forward or lost, as several nodes lead to that end;
          always n_entered = n_current + n_forward + n_lost_here + n_unplaced;
        - `n_won`, `n_lost`: of those that entered, by now, here or further on;
        - `n_undetermined`: at a place that some ways lead to through this node: perhaps they were here too;
        - `forward_rate` = n_forward / n_entered and `lost_rate` = n_lost_here / n_entered, undefined at nodes without a
          way out and where n_unplaced is not 0; `won_of_entered` = n_won / n_entered;
          `win_rate_of_closed` = n_won / (n_won + n_lost);
        - `won_amount`, `open_amount`, `lost_amount`: sums over those counted in n_won, n_open, n_lost, in the unit of
          the column; rows without an amount are left out.

        Counts are `Int64`, rates (fractions) and amounts `float64`. What is undefined is missing, never 0: a rate over
        nobody, a sum over no amount, won and lost on a map without such an end.

        `.flows` has one row per flow: `flow`, `source`, `target`, `label`, `n_taken` (surely went this way),
        `n_source_entered`, `taken_rate` = n_taken / n_source_entered (undefined where some perhaps went),
        `n_undetermined` (perhaps went this way), `n_parallel` (flows of the same two ends, which share these numbers),
        `is_returning` (leads back; where a case is now does not tell how often, so `n_taken` is missing).

    Raises
    ------
    AnalysisError
        No table says a stage, or several do; there is no such table or column; no value names a node.

    Notes
    -----
    A current stage says little about history, so only what is certain is counted: an opportunity entered each node
    that *dominates* the one where it is (`networkx.immediate_dominators`). Loops do no harm. In what leaves the
    kernel, groups of 1 to 4 are held back, and with them what they could be worked out from; `.table` is exact.

    Examples
    --------
    >>> import pandas as pd
    >>> from crmwidget.graph.elements import Elements
    >>> from crmwidget.graph.model import MapModel
    >>> m = MapModel(Elements(
    ...     nodes={name.lower(): {"kind": "stage", "label": name} for name in ("Lead", "Offer", "Won", "Lost")},
    ...     flows={
    ...         "f1": {"source": "lead", "target": "offer", "kind": "flow"},
    ...         "f2": {"source": "offer", "target": "won", "kind": "flow"},
    ...         "f3": {"source": "offer", "target": "lost", "kind": "flow"},
    ...     },
    ... ))
    >>> deals = pd.DataFrame({"stage": ["Lead"] * 20 + ["Offer"] * 10 + ["Won"] * 40 + ["Lost"] * 30})
    >>> table = m.tables.attach(deals, stage="stage", node_ids=m.graph)
    >>> result = conversion(m)
    >>> result.table.set_index("node")[["n_entered", "n_forward", "n_lost_here", "n_open", "won_of_entered"]]
           n_entered  n_forward  n_lost_here  n_open  won_of_entered
    node
    lead         100         80            0      20             0.4
    offer         80         40           30      10             0.5
    won           40          0            0       0             1.0
    lost          30          0            0       0             0.0
    """
    way = walked(m.graph)
    if not len(way):
        raise AnalysisError("The map has no stage that cases could walk through: add one first.")
    source = stage_table(m, dict(way.nodes(data="label")), table=table, stage=stage, amount=amount)
    groups = Groups.of(way, source)
    return conversion_result(
        groups, source, _node_table(groups, has_amounts=source.amount is not None), _flow_table(m, groups)
    )


def _node_table(groups: Groups, *, has_amounts: bool) -> pd.DataFrame:
    has_won = "won" in groups.outcomes.values()
    has_lost = "lost" in groups.outcomes.values()
    rows: list[dict[str, Any]] = []
    for node, attributes in groups.way.nodes(data=True):
        cells = groups.cells(node)
        counts: dict[str, Any] = {name: groups.count(mask) for name, mask in cells.items()}
        n_entered, n_won, n_lost = counts["n_entered"], counts["n_won"], counts["n_lost"]
        goes_on = bool(set(groups.way.successors(node)) - {node}) and not counts["n_unplaced"]
        if not has_won:
            counts["n_won"] = None
        if not has_lost:
            counts["n_lost"] = counts["n_lost_here"] = None
        rows.append(
            {
                "node": node,
                "label": str(attributes.get("label") or node),
                "outcome": groups.outcomes.get(node),
                **counts,
                "forward_rate": _rate(counts["n_forward"], n_entered) if goes_on else None,
                "lost_rate": _rate(counts["n_lost_here"], n_entered) if goes_on and has_lost else None,
                "won_of_entered": _rate(n_won, n_entered) if has_won else None,
                "win_rate_of_closed": _rate(n_won, n_won + n_lost) if has_won and has_lost else None,
                "won_amount": groups.amount(cells["n_won"]) if has_amounts else None,
                "open_amount": groups.amount(cells["n_open"]) if has_amounts else None,
                "lost_amount": groups.amount(cells["n_lost"]) if has_amounts else None,
            }
        )
    return _typed(pd.DataFrame(rows))


def _flow_table(m: MapModel, groups: Groups) -> pd.DataFrame:
    passed, parallel = groups.passed, groups.n_parallel
    rows: list[dict[str, Any]] = []
    for source, target, key in groups.way.edges(keys=True):
        pair = (source, target)
        is_returning = pair in passed.returning
        taken, entered = passed.taken[pair], passed.entered[source]
        n_taken, n_entered = groups.count(taken), groups.count(entered)
        is_certain = not is_returning and not groups.count(passed.perhaps_taken[pair] & entered)
        rows.append(
            {
                "flow": str(key),
                "source": source,
                "target": target,
                "label": str(m.graph.edges[source, target, key].get("label") or ""),
                "n_taken": None if is_returning else n_taken,
                "n_source_entered": n_entered,
                "taken_rate": _rate(n_taken, n_entered) if is_certain else None,
                "n_undetermined": None if is_returning else groups.count(passed.perhaps_taken[pair]),
                "n_parallel": parallel[pair],
                "is_returning": is_returning,
            }
        )
    return _typed(pd.DataFrame(rows, columns=FLOW_COLUMNS))


def _rate(part: int | None, whole: int) -> float | None:
    return part / whole if whole and part is not None else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    kinds: dict[str, str] = {}
    for column in table.columns:
        if column.startswith("n_"):
            kinds[column] = "Int64"
        elif column == "is_returning":
            kinds[column] = "bool"
        elif column.endswith(("_rate", "_amount")) or column in {"won_of_entered", "win_rate_of_closed"}:
            kinds[column] = "float64"
        else:
            kinds[column] = "str" if column != "outcome" else "object"
    return table.astype(kinds)
