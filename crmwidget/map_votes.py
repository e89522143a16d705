"""Votes on a map by name: dots on nodes, one of each person on each, and what has the most of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Proposal
from crmwidget.graph.votes import EACH, check_voter, ranking
from crmwidget.map_comments import MapComments

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MapVotes"]


class MapVotes(MapComments):
    """The part of a `CrmMap` that is voted on."""

    def vote(self, node: str, *, by: str | None = None) -> None:
        """Vote for a node: one dot, as on a wall in a workshop. Who has voted for it already has done so.

        Parameters
        ----------
        node
            The node that gets the vote.
        by
            Who votes; `m.author` if not given.

        Raises
        ------
        EditError
            For a missing node (with the nearest), or where nobody is named.
        RuleError
            If this would be more than `m.votes_each`.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add_text("Lead -> Deal -> Won")
        ('lead', 'deal', 'won')
        >>> for name in ("Ada", "Bo"):
        ...     m.vote("deal", by=name)
        >>> m.vote("lead", by="Ada")
        >>> m.votes()
             id label  votes         by
        0  deal  Deal      2  (Ada, Bo)
        1  lead  Lead      1     (Ada,)
        >>> m.take_back_vote("lead", by="Ada")
        >>> m.clear_votes()
        >>> len(m.votes())
        0
        """
        voter = self._voter(by)
        self.propose([Proposal(("vote", node, voter), add={})], label=f"vote for {node}"[:80])

    def take_back_vote(self, node: str, *, by: str | None = None) -> None:
        """Take a vote back.

        Raises
        ------
        EditError
            If this person has not voted for this node.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.vote("lead", by="Ada")
        >>> m.take_back_vote("lead", by="Ada")
        >>> len(m.votes())
        0
        """
        voter = self._voter(by)
        self.flush()
        if node not in self.elements.nodes:
            raise EditError(f"there is no node {shorten(node)}; {nearest(node, self.elements.nodes, noun='nodes')}")
        voters = self.elements.votes.get(node, {})
        if voter not in voters:
            raise EditError(f"{shorten(voter)} has not voted for {node!r}; {nearest(voter, voters, noun='votes')}")
        self.propose([Proposal(("vote", node, voter), remove=True)], label=f"take back vote for {node}"[:80])

    def clear_votes(self) -> None:
        """Take all votes off the map, as one step: for the next round.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.vote("lead", by="Ada")
        >>> m.clear_votes()
        >>> m.undo(), len(m.votes())
        ('clear votes', 1)
        """
        self.flush()
        votes = [Proposal(("vote", node, by), remove=True) for node, each in self.elements.votes.items() for by in each]
        if votes:
            self.propose(votes, label="clear votes")

    def votes(self) -> pd.DataFrame:
        """The votes as a table of one row per node that has any, the most first, then in the order of adding.

        Returns
        -------
        pandas.DataFrame
            `id` and `label` of the node; `votes`, how many (int64); `by`, the names of who voted, sorted, as a tuple.
            Without votes it has no rows.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.vote("won", by="Ada")
        >>> m.votes()
            id label  votes      by
        0  won   Won      1  (Ada,)
        """
        import pandas as pd  # a table is asked for seldom, and a map is to be there at once

        self.flush()
        found = ranking(self.elements)
        return pd.DataFrame(
            {
                "id": pd.Series([node for node, _ in found], dtype="str"),
                "label": pd.Series([str(self.elements.nodes[node]["label"]) for node, _ in found], dtype="str"),
                "votes": pd.Series([len(by) for _, by in found], dtype="int64"),
                "by": pd.Series([by for _, by in found], dtype="object"),
            }
        )

    @property
    def votes_each(self) -> int | None:
        """For how many nodes one person may vote; None, as at first, for any number. It is an attribute of the map.

        Setting it to less than somebody has used already is a `RuleError`: `m.clear_votes()` comes first.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add_text("Lead -> Deal")
        ('lead', 'deal')
        >>> m.votes_each = 1
        >>> m.vote("lead", by="Ada")
        >>> m.vote("deal", by="Ada")
        Traceback (most recent call last):
        crmwidget.errors.RuleError: each has 1 vote, and 'Ada' would have 2 ('lead', 'deal'): take one back first
        """
        return self.graph.graph.get(EACH)

    @votes_each.setter
    def votes_each(self, most: int | None) -> None:
        change = Proposal(("map",), unset=(EACH,)) if most is None else Proposal(("map",), set={EACH: most})
        self.propose([change], label="votes each")

    def _voter(self, by: str | None) -> str:
        if by is None and not self.author:
            raise EditError("say who votes: by='Ada', or once for all m.author = 'Ada'")
        return check_voter(self.author if by is None else by)
