"""Votes on nodes: who may vote how often, and whether a map holds to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crmwidget.errors import EditError, RuleError, shorten
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.values import admit

__all__ = ["EACH", "check_limit", "check_voter", "ranking", "voted_for", "without_names"]

EACH = "votes_each"  # the map's attribute that says how many nodes one person may vote for


def check_voter(name: object) -> str:
    """`name` if it can be that of who votes, else an `EditError`."""
    if not isinstance(name, str) or not name.strip():
        raise EditError(f"who votes is a name, such as by='Ada'; given {shorten(name)}")
    return str(admit("label", name, on="map"))  # one line, as long as a label


def voted_for(elements: Elements, voter: str) -> list[str]:
    """The nodes that somebody has voted for."""
    return [node for node, voters in elements.votes.items() if voter in voters]


def check_limit(elements: Elements, voters: Collection[str] | None) -> None:
    """Raise a `RuleError` if one of `voters`, or with None anybody, has more votes than each may have."""
    most: Any = elements.attributes.get(EACH)
    if most is None:
        return
    if voters is None:
        voters = {voter: None for given in elements.votes.values() for voter in given}
    for voter in voters:
        nodes = voted_for(elements, voter)
        if len(nodes) > most:
            raise RuleError(
                f"each has {most:,} vote{'s' * (most != 1)}, and {shorten(voter)} would have {len(nodes):,} "
                f"({', '.join(map(repr, nodes[:5]))}{' …' * (len(nodes) > 5)}): take one back first"
            )


def ranking(elements: Elements) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes that have votes, the most first, then in the order of adding; each with who voted for it, by name.

    Examples
    --------
    >>> nodes = {"lead": {"label": "Lead"}, "deal": {"label": "Deal"}}
    >>> ranking(Elements(nodes=nodes, votes={"lead": {"Bo": {}}, "deal": {"Bo": {}, "Ada": {}}}))
    [('deal', ('Ada', 'Bo')), ('lead', ('Bo',))]
    """
    found = [(node, tuple(sorted(elements.votes[node]))) for node in elements.nodes if node in elements.votes]
    return sorted(found, key=lambda each: -len(each[1]))


def without_names(elements: Elements) -> dict[str, dict[str, Attributes]]:
    """The votes with numbers in place of names, counted anew at each node: who voted cannot be told any more."""
    return {node: {str(n): {} for n, _ in enumerate(voters, start=1)} for node, voters in elements.votes.items()}
