"""A map with a session, as the kernel has it, and what hands on views send to it."""

from __future__ import annotations

import json
import random
from typing import Any

from commands import NoCommands
from view_client import Path, View

from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel
from crmwidget.sync.session import Session


class Kernel:
    """A map with a session whose messages go to every view's inbox, as over one comm."""

    def __init__(self) -> None:
        self.model = MapModel(Elements(attributes={"name": "Test"}))
        self.model.graph.add_edges_from([("lead", "deal"), ("deal", "won")])
        self.model.flush()
        self.model.history.done.clear()
        self.sent: list[dict[str, Any]] = []
        self.views: list[View] = []
        self.commands = NoCommands()
        self.session = Session(self.model, self.commands, self.send)

    def send(self, message: dict[str, Any]) -> None:
        wire = json.loads(json.dumps(message, allow_nan=False))
        self.sent.append(wire)
        for view in self.views:
            view.inbox.append(wire)

    def view(self, name: str) -> View:
        view = View(json.loads(json.dumps(self.session.document())), name)
        self.views.append(view)
        return view

    def let_out(self, view: View) -> None:
        self.session.receive(json.loads(json.dumps(view.outbox.popleft())))

    def settle(self) -> None:
        self.model.flush()
        while any(view.outbox or view.inbox for view in self.views):
            for view in self.views:
                while view.outbox:
                    self.let_out(view)
                while view.inbox:
                    view.receive()

    def truth(self) -> dict[Path, Any]:
        return View(json.loads(json.dumps(self.session.document())), "truth").base

    def replies(self, client: str = "c1") -> list[dict[str, Any]]:
        return [m for m in self.sent if m.get("client") == client or (m.get("ack") or [""])[0] == client]


def edit(view: str = "c1", id: int = 1, base: int = 0, **change: Any) -> dict[str, Any]:
    return {"op": "edit", "client": view, "id": id, "base": base, "label": "test", "changes": [change]}


def greeted() -> Kernel:
    kernel = Kernel()
    kernel.session.receive({"op": "hello", "client": "c1"})
    return kernel


NODES = ["lead", "deal", "won", "a", "b"]


def gesture(r: random.Random, view: View) -> None:
    """One random gesture on what this view shows now."""
    shown = view.effective()
    nodes = [p[1] for p in shown if p[0] == "node"] or ["nobody"]
    flows = [p[1] for p in shown if p[0] == "flow"]
    n, kind = r.choice(nodes), r.randrange(9)
    if kind == 0:
        view.edit(
            "move", [{"at": ["position", "lifecycle", n], "set": {"x": r.randrange(99), "y": 1.0, "pinned": True}}]
        )
    elif kind == 1:
        view.edit("rename", [{"at": ["node", n], "set": {"label": f"L{r.randrange(99)}"}}])
    elif kind == 2:
        temporary = f"~{view.client}-{r.randrange(10**9)}"
        view.edit(
            "add",
            [
                {"at": ["node", temporary], "add": {"kind": "stage", "label": r.choice(["New", "Deal"])}},
                {"at": ["position", "lifecycle", temporary], "set": {"x": 0.0, "y": 0.0}},
                {"at": ["flow", temporary + "f"], "add": {"source": n, "target": temporary, "kind": "flow"}},
            ],
        )
    elif kind == 3:
        view.edit("remove", [{"at": ["node", n], "remove": True}])
    elif kind == 4 and flows:
        view.edit("reconnect", [{"at": ["flow", r.choice(flows)], "set": {"target": r.choice(nodes)}}])
    elif kind == 5 and flows:
        view.edit("unlink", [{"at": ["flow", r.choice(flows)], "remove": True}])
    elif kind == 6:
        view.edit("owner", [{"at": ["node", n], "set": {"owner": "Ann"}, "unset": ["team"]}])
    elif kind == 7:
        view.edit("bad", [{"at": ["node", n], "set": {"emotion": 9}}])
    else:
        view.operate(r.choice(["undo", "redo"]))
