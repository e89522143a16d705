"""Comments on a map by name: who writes them, what they answer, whether a thread is settled."""

from __future__ import annotations

from datetime import UTC, datetime

from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Proposal
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import check_id
from crmwidget.graph.model import MapModel
from crmwidget.graph.values import admit
from crmwidget.notebook import user_name

__all__ = ["MapComments"]


class MapComments(MapModel):
    """The half of a `CrmMap` that is said about it."""

    def __init__(self, elements: Elements) -> None:
        super().__init__(elements)
        self._author = user_name()

    @property
    def author(self) -> str:
        """Who writes comments here, in Python and in the views; at first the name of the user, where there is one.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.author = "Ann"
        >>> comment = m.comment("lead", "Why so few?")
        >>> m.comments[comment].author
        'Ann'
        """
        return self._author

    @author.setter
    def author(self, name: str) -> None:
        self._author = _checked_author(name)
        self._tell_shown(("about",), None)

    def comment(
        self,
        node: str,
        text: str,
        *,
        author: str | None = None,
        reply_to: str | None = None,
        at: str | None = None,
        id: str | None = None,
    ) -> str:
        """Comment on a node and return the comment's id.

        Parameters
        ----------
        node
            The node that it is on.
        text
            What it says.
        author
            Who says it; `m.author` if not given.
        reply_to
            The comment of the same node that it answers; one that answers an answer belongs to the same thread. When
            the first comment of a thread goes, its replies go too.
        at
            When it was said: an ISO time in UTC, empty where that is not known; now if not given.
        id
            Its id; `c1`, `c2` … if not given.

        Raises
        ------
        EditError
            For a missing node, an empty text, a missing comment, or one on another node.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> first = m.comment(m.add_stage("Lead"), "Why so few?", author="Ann")
        >>> m.comment("lead", "The campaign ended.", author="Bea", reply_to=first)
        'c2'
        >>> m.resolve(first)
        >>> [(comment.author, comment.resolved) for comment in m.comments.values()]
        [('Ann', True), ('Bea', False)]
        """
        if at is None:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        add = {"on": node, "text": text, "author": self.author if author is None else _checked_author(author), "at": at}
        if reply_to is not None:
            add["reply_to"] = reply_to
        wanted = "~comment" if id is None else check_id(id, what="comment id")
        ids = self.propose([Proposal(("comment", wanted), add=add)], label=f"comment on {node}"[:80])
        return ids.get(wanted, wanted)

    def resolve(self, comment: str) -> None:
        """Mark the thread of a comment as settled.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.resolve(m.comment("lead", "Why so few?"))
        >>> m.comments["c1"].resolved
        True
        """
        self.propose([Proposal(self._thread(comment), set={"resolved": True})], label="resolve comment")

    def reopen(self, comment: str) -> None:
        """Mark the thread of a comment as open again.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> comment = m.comment("lead", "Why so few?")
        >>> m.resolve(comment)
        >>> m.reopen(comment)
        >>> m.comments[comment].resolved
        False
        """
        self.propose([Proposal(self._thread(comment), unset=("resolved",))], label="reopen comment")

    def change_comment(self, comment: str, text: str) -> None:
        """Let a comment say something else; who wrote it, and when, stays.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> comment = m.comment("lead", "Why so few?")
        >>> m.change_comment(comment, "Why so few in March?")
        >>> m.comments[comment].text
        'Why so few in March?'
        """
        self.propose([Proposal(self._comment(comment), set={"text": text})], label="change comment")

    def remove_comment(self, comment: str) -> None:
        """Remove a comment; the first one of a thread takes its replies along.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> first = m.comment("lead", "Why so few?")
        >>> reply = m.comment("lead", "The campaign ended.", reply_to=first)
        >>> m.remove_comment(first)
        >>> len(m.comments)
        0
        """
        self.propose([Proposal(self._comment(comment), remove=True)], label="remove comment")

    def _thread(self, comment: object) -> tuple[str, str]:
        """The path of the first comment of a thread."""
        path = self._comment(comment)
        return ("comment", self.comments[path[1]].reply_to or path[1])

    def _comment(self, comment: object) -> tuple[str, str]:
        comments = self.comments
        if not isinstance(comment, str) or comment not in comments:
            raise EditError(f"there is no comment {shorten(comment)}; {nearest(comment, comments, noun='comments')}")
        return ("comment", comment)


def _checked_author(name: object) -> str:
    if not isinstance(name, str):
        raise EditError(f"an author is a text, empty for nobody; given {shorten(name)}")
    return str(admit("label", name, on="map"))  # one line, as long as a label
