"""Where the flows of a log are on the map: the nodes at their ends, and the key of the one that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["placed"]


def placed(m: MapModel, table: pd.DataFrame, node_of: Mapping[str, str]) -> pd.DataFrame:
    """A table of `source` and `target` activities with `source_node`, `target_node` and `flow` behind them.

    They are missing where an activity means no node, and where no flow is drawn; of several the first is meant.
    """
    nodes = {role: [node_of.get(activity) for activity in table[role]] for role in ("source", "target")}
    keys = [
        next(iter(m.graph[a][b]), None) if a is not None and b is not None and m.graph.has_edge(a, b) else None
        for a, b in zip(nodes["source"], nodes["target"], strict=True)
    ]
    found = table.copy()
    for place, (name, values) in enumerate(
        (("source_node", nodes["source"]), ("target_node", nodes["target"]), ("flow", keys)), start=2
    ):
        found.insert(place, name, pd.Series(values, dtype="object", index=table.index))
    return found
