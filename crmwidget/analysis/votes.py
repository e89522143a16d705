"""What has the most votes: the order in which a workshop goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.votes_chart import votes_chart
from crmwidget.data.numerals import number_text
from crmwidget.errors import AnalysisError
from crmwidget.graph.votes import EACH, ranking
from crmwidget.shown import Finding, Legend, Overlay, OverlayTable, Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["votes"]

TITLE = "Most votes first"
MOST_FINDINGS = 20


def _lacks(m: MapModel) -> str:
    if m.elements.votes:
        return ""
    return "Nobody has voted yet: select a card and press V, or m.vote('lead', by='Ada')."


@question(title=TITLE, group="workshop", needs=_lacks, at_once=True, live=True, reads=("votes", "label", EACH))
def votes(m: MapModel) -> Result:
    """The nodes that have votes, the most first. Asked from the canvas, the answer follows each vote.

    Names of who voted are no part of it; `m.votes()` has them.

    Parameters
    ----------
    m
        The map.

    Returns
    -------
    Result
        `.table` has one row per node with votes, the most first, then in the order of adding: `node`, `label`; `votes`
        of `all_votes` (int64), and `vote_rate`, their share (float64). `.chart()` has a bar for each.

    Raises
    ------
    AnalysisError
        Nobody has voted.

    Examples
    --------
    >>> from crmwidget import CrmMap
    >>> m = CrmMap("Sales")
    >>> m.add_text("Lead -> Deal -> Won")
    ('lead', 'deal', 'won')
    >>> for node, name in (("deal", "Ada"), ("deal", "Bo"), ("lead", "Ada")):
    ...     m.vote(node, by=name)
    >>> votes(m).table[["label", "votes", "all_votes"]]
      label  votes  all_votes
    0  Deal      2          3
    1  Lead      1          3
    """
    lacking = _lacks(m)
    if lacking:
        raise AnalysisError(f"{TITLE}: {lacking}")
    found = [(node, str(m.elements.nodes[node]["label"]), len(voters)) for node, voters in ranking(m.elements)]
    n_all = sum(n for _, _, n in found)
    table = pd.DataFrame(found, columns=["node", "label", "votes"]).astype({"votes": "int64"})
    table["all_votes"] = n_all
    table["vote_rate"] = table["votes"] / n_all
    findings = [
        Finding(
            "info", f"{label}: {_counted(n, 'vote')}.", f"{number_text(n / n_all, unit='%')} of all.", "", [node], []
        )
        for node, label, n in found[:MOST_FINDINGS]
    ]
    result = Result("votes", TITLE, table, findings, _overlay(m, found, n_all, findings), grain="node")
    result.drawing = lambda: votes_chart([(label, n) for _, label, n in found], result.painted.subtitle)
    return result


def _overlay(m: MapModel, found: list[tuple[str, str, int]], n_all: int, findings: list[Finding]) -> Overlay:
    n_voters = len({voter for voters in m.elements.votes.values() for voter in voters})
    each = m.elements.attributes.get(EACH)
    most = found[0][2]
    subtitle = (
        f"{_counted(n_all, 'vote')} of {_counted(n_voters, 'person', 'people')} on {_counted(len(found), 'card')}"
    )
    if each is not None:
        subtitle += f"; each has {number_text(each, style='full')}"
    return Overlay(
        TITLE,
        subtitle,
        Legend("Votes", "", [number_text(0), number_text(most, style="full")]),
        {node: Paint(heat=n / most, text=_counted(n, "vote")) for node, _, n in found},
        {},
        findings,
        OverlayTable(["Card", "Votes"], [[label, number_text(n, style="full")] for _, label, n in found]),
    )


def _counted(n: int, one: str, several: str = "") -> str:
    return f"{number_text(n, style='full')} {one if n == 1 else several or one + 's'}"
