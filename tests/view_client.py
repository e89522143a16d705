"""A view in Python, for tests: the same protocol as js/src/model/store.ts, written apart from it."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any

Path = tuple[str, ...]


class View:
    """A view's document: the base that the kernel told, with this view's unanswered edits laid over it.

    Messages wait in `inbox` and `outbox` until the test lets them through, in order, as late as it likes.
    """

    def __init__(self, document: dict[str, Any], client: str) -> None:
        self.client = client
        self.inbox: deque[dict[str, Any]] = deque()
        self.outbox: deque[dict[str, Any]] = deque()
        self.pending: dict[int, dict[str, Any]] = {}
        self.waiting: dict[int, dict[str, Any]] = {}  # operations other than edits that have no answer yet
        self.progress: dict[int, Any] = {}
        self.refusals: list[str] = []
        self.gaps = 0
        self._next = 0
        self._resyncing = False
        self._load(document)
        self.outbox.append({"op": "hello", "client": client})

    def _load(self, document: dict[str, Any]) -> None:
        document = copy.deepcopy(document)
        self.seq = document["seq"]
        self.base: dict[Path, Any] = {("map",): document["map"], ("status",): document["status"]}
        self.base[("about",)] = document["about"]
        for shelf, kind in (
            ("nodes", "node"),
            ("flows", "flow"),
            ("comments", "comment"),
            ("cards", "card"),
            ("overlays", "overlay"),
        ):
            self.base.update({(kind, name): value for name, value in document[shelf].items()})
        for shelf, kind in (("positions", "position"), ("votes", "vote")):
            for first, inner in document[shelf].items():
                self.base.update({(kind, first, name): value for name, value in inner.items()})

    def edit(self, label: str, changes: list[dict[str, Any]]) -> None:
        self._next += 1
        message = {"op": "edit", "client": self.client, "id": self._next, "base": self.seq, "label": label}
        self.pending[self._next] = {**message, "changes": changes}
        self.outbox.append(copy.deepcopy(self.pending[self._next]))

    def operate(self, op: str, **arguments: Any) -> None:
        if op == "cancel":
            self.outbox.append({"op": op, "client": self.client, **arguments})
            return
        self._next += 1
        self.waiting[self._next] = {"op": op, "client": self.client, "id": self._next, **arguments}
        self.outbox.append(self.waiting[self._next])

    def resend(self) -> None:
        """Send again what has no answer, in order: after a lost connection, and upon a snapshot."""
        unanswered = {**self.pending, **self.waiting}
        self.outbox.extend(copy.deepcopy(unanswered[number]) for number in sorted(unanswered))

    def _resync(self) -> None:
        if not self._resyncing:
            self._resyncing = True
            self.outbox.append({"op": "resync", "client": self.client})

    def _settle(self, number: int) -> bool:
        self.progress.pop(number, None)
        return self.pending.pop(number, None) is not None or self.waiting.pop(number, None) is not None

    def receive(self) -> None:
        message = self.inbox.popleft()
        op = message["op"]
        if op == "patch":
            if message["seq"] <= self.seq:
                return
            if message["seq"] > self.seq + 1:
                self.gaps += 1
                self._resync()
                return
            self.seq = message["seq"]
            for change in message["changes"]:
                apply_wire(self.base, change)
            ack = message.get("ack")
            if ack and ack[0] == self.client:
                self._settle(ack[1])
                self._rename(message.get("ids") or {})
        elif op == "progress" and message["client"] == self.client:
            if message["id"] in self.waiting:
                self.progress[message["id"]] = message["fraction"]
        elif op == "ack" and message["client"] == self.client:
            if message["seq"] > self.seq:  # its patch was lost: the snapshot settles it
                self._resync()
            if not self._resyncing:
                self._settle(message["id"])
            self._rename(message.get("ids") or {})
        elif op == "refusal" and message["client"] == self.client:
            if self._settle(message["id"]):
                self.refusals.append(message["reason"])
        elif op == "snapshot" and message["client"] == self.client:
            self._load(message["document"])
            self._resyncing = False
            for number in [n for n in (*self.pending, *self.waiting) if n <= message["last_id"]]:
                self._settle(number)
            self.resend()

    def _rename(self, ids: dict[str, str]) -> None:
        for edit in self.pending.values():
            edit["changes"] = [_renamed(change, ids) for change in edit["changes"]]

    def effective(self) -> dict[Path, Any]:
        """The document with the unanswered edits laid over it."""
        result = dict(self.base)
        for edit in self.pending.values():
            for change in edit["changes"]:
                apply_wire(result, change, own=True)
        return result


def _renamed(change: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    renamed = {**change, "at": [ids.get(part, part) for part in change["at"]]}
    for part in ("add", "set"):
        if change.get(part):
            renamed[part] = {k: ids.get(v, v) if isinstance(v, str) else v for k, v in change[part].items()}
    return renamed


def apply_wire(elements: dict[Path, Any], change: dict[str, Any], *, own: bool = False) -> None:
    """One wire change; a removed node takes what hangs on it along."""
    path = tuple(change["at"])
    if path[0] == "overlay" and len(path) > 2:
        part = elements[path[:2]] = copy.deepcopy(elements[path[:2]])
        for name in path[2:]:
            part = part[name]
        part.update(change.get("set") or {})
        for name in change.get("unset") or ():
            del part[name]
        return
    if change.get("remove"):
        elements.pop(path, None)
        if path[0] == "node":
            for other, value in list(elements.items()):
                hangs = (
                    (other[0] == "flow" and path[1] in (value["source"], value["target"]))
                    or (other[0] == "position" and other[2] == path[1])
                    or (other[0] == "comment" and value["on"] == path[1])
                    or (other[0] == "vote" and other[1] == path[1])
                )
                if hangs:
                    del elements[other]
    elif change.get("add") is not None:
        elements[path] = change["add"]
    elif path in elements or (path[0] == "position" and own):
        merged = {**elements.get(path, {}), **(change.get("set") or {})}
        for name in change.get("unset") or ():
            merged.pop(name, None)
        elements[path] = merged
