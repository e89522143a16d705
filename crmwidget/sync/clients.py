"""What a session knows of its views: what each has been answered, what goes on, and how its new elements are called."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from crmwidget.sync.under_way import UnderWay

__all__ = ["Client", "Clients"]

MAX_CLIENTS = 64
MAX_REMEMBERED_IDS = 10_000
MAX_REMEMBERED_REFUSALS = 100


@dataclass(slots=True)
class Client:
    """One view.

    Attributes
    ----------
    name
        The id that it has given itself.
    last_id
        The last of its operations that was taken; None if there was none.
    running
        Those of them that still go on.
    refused
        The latest refusals, with their reasons.
    ids
        The real ids of what it has added, by the temporary ones.
    """

    name: str
    last_id: int | None = None
    running: dict[int, UnderWay] = field(default_factory=dict)
    refused: OrderedDict[int, str] = field(default_factory=OrderedDict)
    ids: OrderedDict[str, str] = field(default_factory=OrderedDict)

    @property
    def settled_id(self) -> int:
        """The last operation up to which all are answered."""
        return min(self.running, default=(self.last_id or 0) + 1) - 1

    def remember(self, ids: Mapping[str, str]) -> None:
        self.ids.update(ids)
        while len(self.ids) > MAX_REMEMBERED_IDS:
            self.ids.popitem(last=False)

    def remember_refusal(self, operation: int, reason: str) -> None:
        self.refused[operation] = reason
        while len(self.refused) > MAX_REMEMBERED_REFUSALS:
            self.refused.popitem(last=False)


class Clients:
    """The views that have said hello; the one not heard of for longest is forgotten first."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, Client] = OrderedDict()

    def get(self, name: str) -> Client | None:
        """The view of this name, heard of now."""
        client = self._clients.get(name)
        if client is not None:
            self._clients.move_to_end(name)
        return client

    def greet(self, name: str) -> Client:
        """The view of this name, which may be new."""
        client = self.get(name)
        if client is None:
            client = self._clients[name] = Client(name)
            while len(self._clients) > MAX_CLIENTS:
                self._clients.popitem(last=False)
        return client

    def abandon_all(self) -> None:
        """Stop whatever goes on for any of them."""
        for client in self._clients.values():
            for under_way in client.running.values():
                under_way.abandon()
            client.running.clear()
