"""Random edits as a canvas makes them: messages of a view to the session of a real map."""

from __future__ import annotations

import random
from typing import Any

from view_client import View

import crmwidget as crm
from crmwidget.sync.session import Session
from crmwidget.view_commands import ViewCommands


class Hand:
    """A view of a map and its line, on which each edit is answered before the next."""

    def __init__(self, m: crm.CrmMap, seed: int, *, undoes: bool = True) -> None:
        self.m, self.r, self._undoes = m, random.Random(seed), undoes
        m.ensure_placed()
        self._sent: list[dict[str, Any]] = []
        self.session = Session(m, ViewCommands(m), self._sent.append)
        self.view = View(self.session.document(), "c1")
        self._n_temporary = 0
        self.settle()

    def settle(self) -> list[dict[str, Any]]:
        """Everything on its way arrives; returns what came to the view."""
        came = []
        while self.view.outbox:
            self.session.receive(self.view.outbox.popleft())
        while self._sent:
            self.view.inbox.append(self._sent.pop(0))
            came.append(self.view.inbox[-1])
            self.view.receive()
        return came

    def ids(self, sort: str) -> list[str]:
        return [path[-1] for path in self.view.base if path[0] == sort] or ["?"]

    def edit(self) -> None:
        """One gesture, whichever; some are refused, as they would be."""
        r = self.r
        nodes, flows, comments = self.ids("node"), self.ids("flow"), self.ids("comment")
        node, other = r.choice(nodes), r.choice(nodes)
        by = r.choice(["Ada", "Bo", "~1", "Cleo's"])
        self._n_temporary += 1
        new = f"~{self._n_temporary}"
        place = ["position", str(self.m.lens)]
        comment = ["comment", r.choice(comments)]
        gestures: list[list[dict[str, Any]]] = [
            [
                {"at": ["node", new], "add": {"kind": r.choice(["stage", "system", "decision"]), "label": f"Är {new}"}},
                {"at": [*place, new], "add": {"x": r.uniform(-900, 900), "y": 8, "pinned": True}},
                {"at": ["flow", f"{new}f"], "add": {"kind": "flow", "source": node, "target": new}},
            ],
            [
                {"at": ["node", new], "add": {"kind": "group", "label": "Team"}},
                *({"at": ["node", member], "set": {"parent": new}} for member in {node, other}),
            ],
            [{"at": [*place, n], "set": {"x": r.uniform(-99, 99), "y": 5.5, "pinned": True}} for n in {node, other}],
            [{"at": [*place, node], "set": {"width": 600, "height": 400}}],
            [{"at": [*place, node], "unset": ["width", "height"]}],
            [{"at": ["node", node], "set": {"label": f'"{r.random()}"', "owner": "Ann", "tags": ["a", "b"]}}],
            [{"at": ["node", node], "unset": ["owner", "tags", "parent"]}],
            [{"at": ["node", node], "set": {"locked": r.random() < 0.2}}],
            [{"at": ["node", node], "set": {"kind": r.choice(["stage", "touchpoint", "group"])}}],
            [{"at": ["flow", new], "add": {"kind": "flow", "source": node, "target": other, "label": "62 %"}}],
            [{"at": ["flow", r.choice(flows)], "set": {"target": other}}],
            [{"at": ["flow", r.choice(flows)], "set": {"volume": r.randint(0, 99), "label": "so"}}],
            [{"at": ["comment", new], "add": {"on": node, "text": "Why?\nSo", "author": "Ann", "at": "2026-01-31"}}],
            [{"at": ["comment", new], "add": {"on": node, "text": "As", "reply_to": r.choice(comments)}}],
            [{"at": comment, "set": {"text": f"{r.random()}"}}],
            [{"at": comment, "set": {"resolved": True}}],
            [{"at": comment, "unset": ["resolved"]}],
            [{"at": comment, "remove": True}],
            [{"at": ["vote", node, by], "add": {}}],
            [{"at": ["vote", node, by], "add": {}}, {"at": ["vote", other, by], "add": {}}],
            [{"at": ["vote", node, by], "remove": True}],
            [{"at": ["map"], "set": {"name": f"Map {r.random()}"}}],
            [{"at": ["flow", r.choice(flows)], "remove": True}],
            [{"at": ["node", node], "remove": True}],
        ]  # fmt: skip
        if r.random() < 0.85:
            self.view.edit("gesture", r.choice(gestures))
        elif self._undoes and r.random() < 0.5:
            self.view.operate(r.choice(["undo", "undo", "redo"]))
        elif r.random() < 0.6:
            self.view.operate("build", text=f"{r.choice('ABC')} -> {r.choice('DEF')} {r.randint(0, 9)}")
        else:
            self.view.operate("arrange", lanes=r.choice(["team", ""]))
        self.settle()
